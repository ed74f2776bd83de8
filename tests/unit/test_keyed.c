/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/keyed.h"

enum { MOST = 3000 };

/* Each in its place, and none before another of the same key that came first. */
static void assert_sorted(uint64_t *luck, size_t count, uint32_t most)
{
    static struct kithp_keyed items[MOST], spare[MOST];
    static bool seen[MOST];
    uint64_t sum = 0, sorted_sum = 0;
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct kithp_keyed){(uint32_t)(chance(luck) % ((uint64_t)most + 1)), (uint32_t)i};
        /* The ends of the range, and some that are the same. */
        if (i % 7 == 0)
            items[i].key = i % 2 ? most : 0;
        sum += items[i].key;
        seen[i] = false;
    }
    const struct kithp_keyed *sorted = kithp_keyed_sort(items, spare, count, most);
    assert_true(sorted == items || sorted == spare);
    for (size_t i = 0; i < count; i++) {
        assert_false(seen[sorted[i].item]);
        seen[sorted[i].item] = true;
        sorted_sum += sorted[i].key;
        if (i == 0)
            continue;
        assert_true(sorted[i - 1].key <= sorted[i].key);
        if (sorted[i - 1].key == sorted[i].key)
            assert_true(sorted[i - 1].item < sorted[i].item);
    }
    assert_true(sum == sorted_sum);
}

static void keyed_are_sorted_and_equals_keep_their_order(void **state)
{
    (void)state;
    static const uint32_t mosts[] = {0, 1, 2, 100, 2047, 2048, 2049, 1 << 22, (1 << 22) + 1, UINT32_MAX};
    static const size_t counts[] = {0, 1, 2, 50, MOST};
    uint64_t luck = 5;
    for (size_t i = 0; i < sizeof mosts / sizeof *mosts; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
            assert_sorted(&luck, counts[j], mosts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keyed_are_sorted_and_equals_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
