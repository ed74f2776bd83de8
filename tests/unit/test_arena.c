/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/arena.h"

static void arena_without_bytes_takes_no_memory(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_arena arena;
    kithp_arena_init(&arena, &memory.allocator);
    kithp_arena_free(&arena);
    assert_int_equal(memory.calls, 0);
}

enum { PIECES = 5000 };

/* Each piece is filled with its own byte; were two of them to overlap, one would have the other's. */
static void arena_pieces_do_not_move_or_overlap(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_arena arena;
    kithp_arena_init(&arena, &memory.allocator);
    unsigned char **pieces = malloc(PIECES * sizeof *pieces);
    size_t *sizes = malloc(PIECES * sizeof *sizes);
    assert_true(pieces && sizes);
    uint64_t luck = 7;
    for (size_t i = 0; i < PIECES; i++) {
        /* Now and then one that is larger than any block. */
        sizes[i] = i % 1000 == 999 ? 100000 : chance_below(&luck, 300);
        pieces[i] = kithp_arena_take(&arena, sizes[i]);
        assert_non_null(pieces[i]);
        memset(pieces[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(pieces[i][j], i % 251);
    /* Blocks are large: far fewer than there are pieces. */
    assert_true(memory.calls < 100);
    free(pieces);
    free(sizes);
    kithp_arena_free(&arena);
    assert_int_equal(memory.live, 0);
}

static void arena_small_begins_small(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_arena arena;
    kithp_arena_init(&arena, &memory.allocator);
    for (int i = 0; i < 10; i++)
        assert_non_null(kithp_arena_take(&arena, 10));
    assert_int_equal(memory.live, 1);
    kithp_arena_free(&arena);
    assert_int_equal(memory.live, 0);
}

static void arena_freed_can_be_used_again(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_arena arena;
    kithp_arena_init(&arena, &memory.allocator);
    assert_non_null(kithp_arena_take(&arena, 200));
    kithp_arena_free(&arena);
    unsigned char *again = kithp_arena_take(&arena, 200);
    assert_non_null(again);
    memset(again, 1, 200);
    kithp_arena_free(&arena);
    kithp_arena_free(&arena);
    assert_int_equal(memory.live, 0);
}

static void arena_without_memory_gives_null_and_keeps_the_rest(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_arena arena;
    kithp_arena_init(&arena, &memory.allocator);
    memory_fail_after(&memory, 0);
    assert_null(kithp_arena_take(&arena, 8));
    unsigned char *first = kithp_arena_take(&arena, 8);
    assert_non_null(first);
    memcpy(first, "12345678", 8);
    memory_fail_after(&memory, 0);
    assert_null(kithp_arena_take(&arena, 1000));
    /* There is still room in the block that there was. */
    unsigned char *second = kithp_arena_take(&arena, 8);
    assert_non_null(second);
    memcpy(second, "abcdefgh", 8);
    assert_memory_equal(first, "12345678", 8);
    assert_int_equal(memory.live, 1);
    kithp_arena_free(&arena);
    assert_int_equal(memory.live, 0);
}

static void arena_more_than_the_largest_size_gives_null(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_arena arena;
    kithp_arena_init(&arena, &memory.allocator);
    assert_null(kithp_arena_take(&arena, SIZE_MAX));
    assert_null(kithp_arena_take(&arena, SIZE_MAX - 8));
    assert_int_equal(memory.calls, 0);
    kithp_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_without_bytes_takes_no_memory),
        cmocka_unit_test(arena_pieces_do_not_move_or_overlap),
        cmocka_unit_test(arena_small_begins_small),
        cmocka_unit_test(arena_freed_can_be_used_again),
        cmocka_unit_test(arena_without_memory_gives_null_and_keeps_the_rest),
        cmocka_unit_test(arena_more_than_the_largest_size_gives_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
