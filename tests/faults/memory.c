/* SPDX-License-Identifier: MIT */
#include "scene.h"

/* In front of each block, which so stays aligned for anything. */
struct front {
    _Alignas(16) uint64_t size;
    uint64_t mark;
};

static const uint64_t mark = UINT64_C(0x6B6974682D6D656D);

/* With the lock held. */
static bool is_to_fail(struct memory *memory)
{
    memory->calls++;
    bool fails =
        memory->fail_at > 0 && (memory->lasting ? memory->calls >= memory->fail_at : memory->calls == memory->fail_at);
    memory->failed += fails;
    return fails;
}

static struct front *front_of(void *block)
{
    struct front *front = (struct front *)block - 1;
    MUST(front->mark == mark);
    return front;
}

/* Of large blocks the ends alone, as they are given and taken by the million. */
static void *fill(void *block, int byte, size_t size)
{
    enum { END = 1024 };
    if (size <= 2 * END)
        return memset(block, byte, size);
    memset((char *)block + size - END, byte, END);
    return memset(block, byte, END);
}

static void *give(struct memory *memory, size_t size)
{
    struct front *front = malloc(sizeof *front + size);
    MUST(front != NULL);
    *front = (struct front){.size = size, .mark = mark};
    memory->blocks++;
    memory->bytes += size;
    return fill(front + 1, 0xA5, size);
}

static void take(struct memory *memory, void *block)
{
    struct front *front = front_of(block);
    MUST(memory->blocks > 0);
    memory->blocks--;
    memory->bytes -= front->size;
    size_t size = front->size;
    front->mark = 0;
    fill(block, 0x5A, size);
    free(front);
}

static void *counting_malloc(void *context, size_t size)
{
    struct memory *memory = context;
    MUST(size > 0); /* as the header says */
    pthread_mutex_lock(&memory->lock);
    void *block = is_to_fail(memory) ? NULL : give(memory, size);
    pthread_mutex_unlock(&memory->lock);
    return block;
}

static void *counting_realloc(void *context, void *block, size_t size)
{
    struct memory *memory = context;
    MUST(size > 0 && block != NULL);
    pthread_mutex_lock(&memory->lock);
    void *moved = is_to_fail(memory) ? NULL : give(memory, size);
    if (moved) {
        size_t kept = front_of(block)->size;
        memcpy(moved, block, kept < size ? kept : size);
        take(memory, block);
    }
    pthread_mutex_unlock(&memory->lock);
    return moved;
}

static void counting_free(void *context, void *block)
{
    struct memory *memory = context;
    MUST(block != NULL);
    pthread_mutex_lock(&memory->lock);
    take(memory, block);
    pthread_mutex_unlock(&memory->lock);
}

void memory_init(struct memory *memory)
{
    *memory = (struct memory){.allocator = {counting_malloc, counting_realloc, counting_free, memory}};
    pthread_mutex_init(&memory->lock, NULL);
}

void memory_arm(struct memory *memory, uint64_t n, bool lasting)
{
    memory->calls = memory->failed = 0;
    memory->fail_at = n;
    memory->lasting = lasting;
}

void memory_disarm(struct memory *memory)
{
    memory->fail_at = 0;
}
