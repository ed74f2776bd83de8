/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/keyed.h"

enum { MOST = 3000 };

/* Each in its place, and none before another of the same key that came first. */
static void assert_sorted(uint64_t *luck, size_t count, uint32_t end)
{
    static struct kithp_keyed items[MOST], spare[MOST];
    static bool seen[MOST];
    uint64_t sum = 0, sorted_sum = 0;
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct kithp_keyed){end > 0 ? (uint32_t)(chance(luck) % end) : 0, (uint32_t)i};
        /* The ends of the range, and some that are the same. */
        if (end > 0 && i % 7 == 0)
            items[i].key = i % 2 ? end - 1 : 0;
        sum += items[i].key;
        seen[i] = false;
    }
    const struct kithp_keyed *sorted = kithp_keyed_sort(items, spare, count, end);
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
    static const uint32_t ends[] = {0, 1, 2, 100, 2047, 2048, 2049, 1 << 22, (1 << 22) + 1, UINT32_MAX};
    static const size_t counts[] = {0, 1, 2, 50, MOST};
    uint64_t luck = 5;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
            assert_sorted(&luck, counts[j], ends[i]);
}

static int compare_longs(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

/* Keys that agree but in some bits, as numbers of a community or beginnings of names do. */
static void assert_sorted_long(uint64_t *luck, size_t count, uint64_t common, uint64_t differ)
{
    static struct kithp_keyed_long items[MOST], spare[MOST];
    static uint64_t keys[MOST], by_item[MOST];
    for (size_t i = 0; i < count; i++) {
        by_item[i] = keys[i] = (common & ~differ) | (chance(luck) & differ);
        items[i] = (struct kithp_keyed_long){keys[i], (uint32_t)i};
    }
    qsort(keys, count, sizeof *keys, compare_longs);
    const struct kithp_keyed_long *sorted = kithp_keyed_sort_long(items, spare, count);
    assert_true(sorted == items || sorted == spare);
    for (size_t i = 0; i < count; i++) {
        assert_true(sorted[i].key == keys[i] && by_item[sorted[i].item] == keys[i]);
        if (i > 0 && keys[i - 1] == keys[i])
            assert_true(sorted[i - 1].item < sorted[i].item);
    }
}

static void long_keys_are_sorted_and_equals_keep_their_order(void **state)
{
    (void)state;
    static const uint64_t differ[] = {
        0,          1,          7,          UINT64_C(1) << 63,       UINT64_C(3) << 62,
        UINT32_MAX, 0x0FF0F000, UINT64_MAX, UINT64_C(0xFF) << 7 * 8, UINT64_C(0x7FF) << 22};
    static const size_t counts[] = {0, 1, 2, 50, MOST};
    uint64_t luck = 6;
    for (size_t i = 0; i < sizeof differ / sizeof *differ; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
            assert_sorted_long(&luck, counts[j], chance(&luck), differ[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keyed_are_sorted_and_equals_keep_their_order),
        cmocka_unit_test(long_keys_are_sorted_and_equals_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
