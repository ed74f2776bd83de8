/* SPDX-License-Identifier: MIT */
#include "support.h"

static bool is_to_fail(struct memory *memory)
{
    memory->calls++;
    if (memory->fail_at == 0)
        return false;
    return memory->fail_on ? memory->calls >= memory->fail_at : memory->calls == memory->fail_at;
}

static void *counting_malloc(void *context, size_t size)
{
    struct memory *memory = context;
    pthread_mutex_lock(&memory->lock);
    /* Of nothing, malloc may give nothing: no lack of memory, but it looks like one. */
    bool fails = is_to_fail(memory) || size == 0;
    memory->live += !fails;
    pthread_mutex_unlock(&memory->lock);
    if (fails)
        return NULL;
    void *block = malloc(size);
    assert_non_null(block);
    memset(block, 0xA5, size);
    return block;
}

static void *counting_realloc(void *context, void *block, size_t size)
{
    struct memory *memory = context;
    pthread_mutex_lock(&memory->lock);
    bool fails = is_to_fail(memory);
    memory->live += !fails && block == NULL;
    pthread_mutex_unlock(&memory->lock);
    if (fails)
        return NULL;
    void *moved = realloc(block, size);
    assert_non_null(moved);
    return moved;
}

static void counting_free(void *context, void *block)
{
    struct memory *memory = context;
    pthread_mutex_lock(&memory->lock);
    memory->live -= block != NULL;
    pthread_mutex_unlock(&memory->lock);
    free(block);
}

void memory_init(struct memory *memory)
{
    *memory = (struct memory){.allocator = {counting_malloc, counting_realloc, counting_free, memory},
                              .lock = PTHREAD_MUTEX_INITIALIZER};
}

void memory_fail_after(struct memory *memory, uint64_t more)
{
    memory->fail_at = memory->calls + more + 1;
}

void memory_fail_never(struct memory *memory)
{
    memory->fail_at = 0;
}

char *text_string(kith_text text)
{
    char *string = malloc(text.length + 1);
    assert_non_null(string);
    if (text.length)
        memcpy(string, text.data, text.length);
    string[text.length] = '\0';
    return string;
}

kith_text text_exact(kith_text text)
{
    char *copy = malloc(text.length ? text.length : 1);
    assert_non_null(copy);
    if (text.length)
        memcpy(copy, text.data, text.length);
    return (kith_text){copy, text.length};
}

void text_free(kith_text text)
{
    free((char *)text.data);
}

void assert_text_equal(kith_text actual, const char *expected)
{
    char *string = text_string(actual);
    assert_string_equal(string, expected);
    assert_int_equal(actual.length, strlen(expected));
    free(string);
}

int gather(void *context, const void *bytes, size_t length)
{
    struct gathered *gathered = context;
    gathered->calls++;
    if (gathered->calls == gathered->fail_at)
        return 1;
    if (gathered->length + length + 1 > gathered->capacity) {
        gathered->capacity = 2 * (gathered->length + length + 1);
        gathered->bytes = realloc(gathered->bytes, gathered->capacity);
        assert_non_null(gathered->bytes);
    }
    memcpy(gathered->bytes + gathered->length, bytes, length);
    gathered->length += length;
    gathered->bytes[gathered->length] = '\0';
    return 0;
}

void gathered_free(struct gathered *gathered)
{
    free(gathered->bytes);
    *gathered = (struct gathered){0};
}

struct gathered file_of_tests(const char *path)
{
    char whole[1024];
    snprintf(whole, sizeof whole, "%s/%s", TESTS_DIR, path);
    FILE *file = fopen(whole, "rb");
    if (!file)
        fail_msg("%s cannot be opened", whole);
    struct gathered gathered = {0};
    char piece[4096];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        gather(&gathered, piece, got);
    fclose(file);
    return gathered;
}

/* SplitMix64: short, and good enough to spread over every case. */
uint64_t chance(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t chance_below(uint64_t *state, uint32_t most)
{
    return (uint32_t)(chance(state) % most);
}

uint64_t tries(uint64_t usual)
{
    return getenv("KITH_SHORT") ? (usual + 9) / 10 : usual;
}
