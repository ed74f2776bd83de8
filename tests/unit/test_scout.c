/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

#include <time.h>
#include <unistd.h>

#include "exports/scout.h"

enum { LENGTH = 16000000, BLOCKS_MOST = 5000, HEADER = 10 };

/* The scout steps back for nobody, as it is waited for. */
int __wrap_nice(int more);

int __wrap_nice(int more)
{
    (void)more;
    return 0;
}

/* ---- a large file of gzip ---- */

struct large {
    struct memory memory;
    struct kithp_input input;
    char path[200];
    struct gathered packed;
    struct block blocks[BLOCKS_MOST];
    size_t count;
};

static void open_file(struct large *large)
{
    make_file(large->path, sizeof large->path, large->packed.bytes, large->packed.length);
    memory_init(&large->memory);
    assert_int_equal(kithp_input_open(&large->input, large->path), 0);
}

static struct large *make_large(void)
{
    struct large *large = calloc(1, sizeof *large);
    char *text = malloc(LENGTH);
    assert_true(large && text);
    uint64_t luck = 4;
    for (size_t i = 0; i < LENGTH; i++)
        text[i] = "etaoinshrdlu,\n"[chance_below(&luck, 14)];
    gather_gzip(&large->packed, text, LENGTH, 6, Z_HUFFMAN_ONLY, NULL);
    free(text);
    large->count = find_deflated_blocks(&large->packed, HEADER, large->blocks, BLOCKS_MOST);
    open_file(large);
    return large;
}

static void free_large(struct large *large)
{
    kithp_input_close(&large->input);
    assert_int_equal(large->memory.live, 0);
    unlink(large->path);
    gathered_free(&large->packed);
    free(large);
}

/* Of all blocks, the one that begins in the byte before one. */
static const struct block *block_by(const struct large *large, uint64_t byte)
{
    for (size_t i = 0; i <= large->count; i++)
        if (kithp_stretch_byte_behind(large->blocks[i].bit) == byte)
            return &large->blocks[i];
    return NULL;
}

static void wait_a_little(void)
{
    const struct timespec little = {.tv_nsec = 1000000};
    nanosleep(&little, NULL);
}

/* Inflating waits at a byte until a stretch ahead of it is ready. */
static uint64_t wait_at(struct kithp_scout *scout, uint64_t at)
{
    for (int i = 0; i < 60000; i++) {
        uint64_t stop = kithp_scout_come_to(scout, at, true);
        if (stop < UINT64_MAX)
            return stop;
        wait_a_little();
    }
    fail_msg("no stretch was found within a minute");
    return 0;
}

/* It gives up by itself. */
static void wait_for_end(struct kithp_scout *scout)
{
    bool ended = false;
    for (int i = 0; i < 60000 && !ended; i++) {
        wait_a_little();
        pthread_mutex_lock(&scout->mutex);
        ended = scout->ended;
        pthread_mutex_unlock(&scout->mutex);
    }
    assert_true(ended);
}

/* ---- tests ---- */

static void scouts_find_stretches_ahead_of_inflating(void **state)
{
    (void)state;
    struct large *large = make_large();
    struct kithp_scout scout;
    assert_true(kithp_scout_begin(&scout, &large->memory.allocator, &large->input));
    uint64_t at = 1000;
    for (int i = 0; i < 3; i++) {
        uint64_t stop = wait_at(&scout, at);
        assert_true(stop >= at);
        const struct block *begin = block_by(large, stop);
        assert_non_null(begin);
        struct kithp_stretch *stretch = kithp_scout_take(&scout, stop, begin->bit);
        assert_non_null(stretch);
        assert_int_equal(8 * stretch->at + stretch->begin, begin->bit);
        at = stretch->at + kithp_stretch_byte_behind(stretch->end);
        const struct block *end = block_by(large, at);
        assert_non_null(end);
        assert_int_equal(8 * stretch->at + stretch->end, end->bit);
        assert_int_equal(stretch->text_length, end->text - begin->text);
        assert_true(end->bit - begin->bit > 8 * KITHP_STRETCH_STEP / 2);
        kithp_scout_give_back(&scout, stretch);
    }
    kithp_scout_end(&scout);
    free_large(large);
}

static void stretches_that_are_not_come_to_are_given_up(void **state)
{
    (void)state;
    struct large *large = make_large();
    struct kithp_scout scout;
    assert_true(kithp_scout_begin(&scout, &large->memory.allocator, &large->input));
    uint64_t first = wait_at(&scout, 0);
    assert_int_equal(kithp_scout_come_to(&scout, 0, false), UINT64_MAX);
    /* Before it, there is none to be taken, and none is lost. */
    assert_null(kithp_scout_take(&scout, first - 1, 8 * (first - 1)));
    assert_int_equal(wait_at(&scout, first - 1), first);
    /* No block is between the last bit before it and it. */
    assert_null(kithp_scout_take(&scout, first, block_by(large, first)->bit - 1));
    uint64_t second = wait_at(&scout, first);
    assert_true(second > first);
    assert_null(kithp_scout_take(&scout, second, UINT64_MAX));
    uint64_t third = wait_at(&scout, second);
    assert_true(third > second);
    assert_true(wait_at(&scout, third + 1) > third);
    kithp_scout_end(&scout);
    free_large(large);
}

static void scouts_can_be_ended_at_any_time(void **state)
{
    (void)state;
    struct large *large = make_large();
    for (int i = 0; i < 20; i++) {
        struct kithp_scout scout;
        assert_true(kithp_scout_begin(&scout, &large->memory.allocator, &large->input));
        for (int k = 0; k < i % 10; k++)
            wait_a_little();
        if (i > 15)
            wait_at(&scout, 0);
        kithp_scout_end(&scout);
        assert_int_equal(large->memory.live, 0);
    }
    free_large(large);
}

static void scouts_without_memory_are_not_begun(void **state)
{
    (void)state;
    struct large *large = make_large();
    struct kithp_scout scout;
    uint64_t more = 0;
    for (bool begun = false; !begun; more++) {
        memory_fail_after(&large->memory, more);
        begun = kithp_scout_begin(&scout, &large->memory.allocator, &large->input);
        if (begun)
            kithp_scout_end(&scout);
        assert_int_equal(large->memory.live, 0);
    }
    assert_true(more > 1);
    memory_fail_never(&large->memory);
    free_large(large);
}

static int64_t give_nothing(void *context, void *buffer, size_t capacity)
{
    (void)context;
    (void)buffer;
    (void)capacity;
    return 0;
}

static void assert_not_begun(struct large *large, const struct kithp_input *input)
{
    struct kithp_scout scout;
    assert_false(kithp_scout_begin(&scout, &large->memory.allocator, input));
    assert_int_equal(large->memory.live, 0);
}

static void scouts_go_ahead_in_large_files_alone(void **state)
{
    (void)state;
    struct large *large = make_large();
    struct kithp_input callback, pipe_end = {.total = 0, .may_wait = true};
    kithp_input_open_callback(&callback, give_nothing, NULL);
    assert_not_begun(large, &callback);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pipe_end.file = ends[0];
    assert_not_begun(large, &pipe_end);
    close(ends[0]);
    close(ends[1]);
    /* One that others may read as well, as standard input. */
    struct kithp_input shared = large->input;
    shared.owned = false;
    assert_not_begun(large, &shared);
    assert_int_equal(truncate(large->path, 1000000), 0);
    kithp_input_close(&large->input);
    assert_int_equal(kithp_input_open(&large->input, large->path), 0);
    assert_not_begun(large, &large->input);
    free_large(large);
}

/* Of a file in which there are no blocks, and of one that has become shorter, nothing is told. */
static void scouts_find_nothing_where_there_is_nothing(void **state)
{
    (void)state;
    for (int shorter = 0; shorter < 2; shorter++) {
        struct large *large = make_large();
        uint64_t luck = 6;
        for (size_t i = 0; i < large->packed.length; i++)
            large->packed.bytes[i] = (char)chance(&luck);
        kithp_input_close(&large->input);
        unlink(large->path);
        open_file(large);
        if (shorter)
            assert_int_equal(truncate(large->path, 5000), 0);
        struct kithp_scout scout;
        assert_true(kithp_scout_begin(&scout, &large->memory.allocator, &large->input));
        wait_for_end(&scout);
        assert_int_equal(kithp_scout_come_to(&scout, 0, true), UINT64_MAX);
        assert_in_range(scout.looked, 1, scout.input.total / 2);
        kithp_scout_end(&scout);
        free_large(large);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scouts_find_stretches_ahead_of_inflating),
        cmocka_unit_test(stretches_that_are_not_come_to_are_given_up),
        cmocka_unit_test(scouts_can_be_ended_at_any_time),
        cmocka_unit_test(scouts_without_memory_are_not_begun),
        cmocka_unit_test(scouts_go_ahead_in_large_files_alone),
        cmocka_unit_test(scouts_find_nothing_where_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
