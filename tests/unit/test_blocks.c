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

/* As many as are to be kept come again, one of the same size each time; the others are let go, as is all in the end. */
static void check_spares(const kith_allocator *allocator, bool slabs)
{
    enum { LARGER = SIZE + 4096, KEPT = 3 * SIZE + LARGER };
    struct kithp_blocks blocks;
    kithp_blocks_init(&blocks, allocator);
    unsigned char *filler[40], *all[5], *larger;
    for (unsigned i = 0; i < 40; i++)
        filler[i] = kithp_blocks_take(&blocks, SIZE);
    for (unsigned i = 0; i < 5; i++)
        all[i] = kithp_blocks_take(&blocks, SIZE);
    larger = kithp_blocks_take(&blocks, LARGER);
    /* One that has another holder is not for anybody else. */
    kithp_blocks_hold(all[4]);
    kithp_blocks_keep(&blocks, KEPT);
    kithp_blocks_give_back(&blocks, all[4], SIZE);
    assert_false(kithp_blocks_is_shared(all[4]));
    assert_int_equal(blocks.spare_bytes, 0);
    kithp_blocks_give_back(&blocks, larger, LARGER);
    for (unsigned i = 0; i < 4; i++)
        kithp_blocks_give_back(&blocks, all[i], SIZE);
    assert_int_equal(blocks.spare_bytes, slabs ? KEPT : 0);
    for (unsigned i = 3; slabs && i > 0; i--)
        assert_ptr_equal(kithp_blocks_take(&blocks, SIZE), all[i - 1]);
    assert_int_equal(blocks.spare_bytes, slabs ? LARGER : 0);
    for (unsigned i = 0; slabs && i < 3; i++) {
        fill(all[i], i);
        kithp_blocks_give_back(&blocks, all[i], SIZE);
    }
    kithp_blocks_keep(&blocks, slabs ? LARGER : 0);
    assert_true(blocks.spare_bytes <= LARGER);
    for (unsigned i = 0; i < 40; i++)
        kithp_blocks_give_back(&blocks, filler[i], SIZE);
    kithp_blocks_let_go(allocator, all[4]);
    kithp_blocks_end(&blocks);
}

static void blocks_that_come_back_are_taken_again(void **state)
{
    (void)state;
    kith_allocator allocator;
    assert_true(kithp_alloc_init(&allocator, NULL));
    check_spares(&allocator, true);
}

/* They do not come from slabs: its malloc knows best what to do with them. */
static void blocks_of_an_application_are_not_kept(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    check_spares(&memory.allocator, false);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_begin_at_lines_and_stay_until_let_go),
        cmocka_unit_test(blocks_of_an_application_are_taken_one_by_one),
        cmocka_unit_test(blocks_too_large_are_no_memory),
        cmocka_unit_test(blocks_that_come_back_are_taken_again),
        cmocka_unit_test(blocks_of_an_application_are_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
