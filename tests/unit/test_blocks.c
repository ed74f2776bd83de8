/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/alloc.h"
#include "base/blocks.h"

enum { BLOCKS = 300, SIZE = 70001 };

/* Writes all of a block, so that one that overlaps another is found out. */
static void fill(unsigned char *block, unsigned number)
{
    memset(block, (int)(number % 251), SIZE);
}

static bool is_filled(const unsigned char *block, unsigned number)
{
    for (unsigned i = 0; i < SIZE; i++)
        if (block[i] != number % 251)
            return false;
    return true;
}

/* Twenty megabytes: alone at first, where the memory is malloc's then out of slabs. */
static void check_blocks(const kith_allocator *allocator)
{
    static unsigned char *all[BLOCKS];
    struct kithp_blocks blocks;
    kithp_blocks_init(&blocks, allocator);
    for (unsigned i = 0; i < BLOCKS; i++) {
        all[i] = kithp_blocks_take(&blocks, SIZE);
        assert_non_null(all[i]);
        assert_int_equal((uintptr_t)all[i] % KITHP_LINE, 0);
        assert_false(kithp_blocks_is_shared(all[i]));
        fill(all[i], i);
    }
    /* Every other one goes at once, and some have a second holder. */
    for (unsigned i = 0; i < BLOCKS; i += 2)
        kithp_blocks_let_go(allocator, all[i]);
    for (unsigned i = 1; i < BLOCKS; i += 4) {
        kithp_blocks_hold(all[i]);
        assert_true(kithp_blocks_is_shared(all[i]));
        kithp_blocks_let_go(allocator, all[i]);
        assert_false(kithp_blocks_is_shared(all[i]));
    }
    kithp_blocks_end(&blocks);
    for (unsigned i = 1; i < BLOCKS; i += 2) {
        assert_true(is_filled(all[i], i));
        kithp_blocks_let_go(allocator, all[i]);
    }
}

static void blocks_begin_at_lines_and_stay_until_let_go(void **state)
{
    (void)state;
    kith_allocator allocator;
    assert_true(kithp_alloc_init(&allocator, NULL));
    check_blocks(&allocator);
}

static void blocks_of_an_application_are_taken_one_by_one(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    check_blocks(&memory.allocator);
    assert_int_equal(memory.calls, BLOCKS);
    assert_int_equal(memory.live, 0);
}

static void blocks_too_large_are_no_memory(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_blocks blocks;
    kithp_blocks_init(&blocks, &memory.allocator);
    assert_null(kithp_blocks_take(&blocks, SIZE_MAX));
    assert_null(kithp_blocks_take(&blocks, SIZE_MAX - 100));
    memory_fail_after(&memory, 0);
    assert_null(kithp_blocks_take(&blocks, 1));
    kithp_blocks_end(&blocks);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_begin_at_lines_and_stay_until_let_go),
        cmocka_unit_test(blocks_of_an_application_are_taken_one_by_one),
        cmocka_unit_test(blocks_too_large_are_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
