/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/grouped.h"

enum { MOST = 2000 };

static uint32_t group_of_item[MOST];

static uint32_t group_of(const void *context, uint32_t item)
{
    assert_ptr_equal(context, group_of_item);
    return group_of_item[item];
}

/* Each item stands in its group, in the order of their numbers; those of no group nowhere. */
static void check(uint32_t items, uint32_t count)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_groups groups;
    assert_true(kithp_groups_make(&groups, &memory.allocator, items, count, group_of, group_of_item));
    assert_int_equal(groups.begins[0], 0);
    uint32_t at = 0, largest = 0;
    for (uint32_t group = 0; group < count; group++) {
        assert_int_equal(groups.begins[group], at);
        uint32_t begin = at;
        for (uint32_t item = 0; item < items; item++)
            if (group_of_item[item] == group)
                assert_int_equal(groups.order[at++], item);
        largest = at - begin > largest ? at - begin : largest;
    }
    assert_int_equal(groups.begins[count], at);
    assert_int_equal(groups.largest, largest);
    kithp_groups_free(&groups);
    assert_int_equal(memory.live, 0);
}

static void grouped_items_stand_by_group_then_number(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (unsigned round = 0; round < 60; round++) {
        uint32_t items = round < 3 ? round : chance_below(&seed, MOST), count = 1 + chance_below(&seed, 50);
        for (uint32_t i = 0; i < items; i++)
            group_of_item[i] = chance_below(&seed, 5) ? chance_below(&seed, count) : KITHP_NOT_GROUPED;
        check(items, count);
    }
    for (uint32_t i = 0; i < MOST; i++)
        group_of_item[i] = KITHP_NOT_GROUPED;
    check(MOST, 7);
    check(0, 0);
}

static void grouped_without_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    for (uint64_t more = 0; more < 2; more++) {
        struct memory memory;
        memory_init(&memory);
        memory_fail_after(&memory, more);
        struct kithp_groups groups;
        assert_false(kithp_groups_make(&groups, &memory.allocator, 10, 5, group_of, group_of_item));
        kithp_groups_free(&groups);
        assert_int_equal(memory.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grouped_items_stand_by_group_then_number),
        cmocka_unit_test(grouped_without_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
