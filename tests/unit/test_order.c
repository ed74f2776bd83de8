/* SPDX-License-Identifier: MIT */
#include "tally/order.h"

#include "support.h"

enum { MOST_LENGTH = 20 };

/* qsort has no context. */
static const struct kithp_members *sorted_members;

static int compare_names(const void *a, const void *b)
{
    kith_text left = kithp_members_name(sorted_members, *(const uint32_t *)a);
    kith_text right = kithp_members_name(sorted_members, *(const uint32_t *)b);
    size_t common = left.length < right.length ? left.length : right.length;
    int by_bytes = memcmp(left.data, right.data, common);
    if (by_bytes != 0)
        return by_bytes;
    return left.length < right.length ? -1 : left.length > right.length;
}

static int compare_ids(const void *a, const void *b)
{
    uint64_t left = kithp_members_id(sorted_members, *(const uint32_t *)a);
    uint64_t right = kithp_members_id(sorted_members, *(const uint32_t *)b);
    return left < right ? -1 : left > right;
}

static void assert_order(const struct kithp_order *order, const struct kithp_members *members)
{
    uint32_t count = kithp_members_count(members);
    uint32_t *expected = calloc(count + 1, sizeof *expected);
    assert_non_null(expected);
    for (uint32_t i = 0; i < count; i++)
        expected[i] = i;
    sorted_members = members;
    qsort(expected, count, sizeof *expected, members->named ? compare_names : compare_ids);
    assert_int_equal(order->count, count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(order->sorted[i], expected[i]);
    free(expected);
}

/* Few different bytes, NUL and the highest among them, make many names that share their beginning. */
static void add_random_member(struct kithp_members *members, uint64_t *seed)
{
    static const char bytes[] = {'a', 'b', '\0', '\xFF', '\x7F', ' '};
    uint32_t index;
    if (!members->named) {
        assert_true(kithp_members_find_id(members, chance(seed) >> chance_below(seed, 64), &index));
        return;
    }
    char name[MOST_LENGTH];
    size_t length = 1 + chance_below(seed, MOST_LENGTH);
    size_t shared = chance_below(seed, (uint32_t)length + 1);
    for (size_t i = 0; i < length; i++)
        name[i] = i < shared ? 'a' : bytes[chance_below(seed, sizeof bytes)];
    assert_true(kithp_members_find_name(members, (kith_text){name, length}, &index));
}

/* Batches of these sizes, each followed by an update. */
static void check_batches(bool named, const uint32_t *sizes, size_t count)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    struct kithp_order order;
    kithp_members_init(&members, &memory.allocator, named);
    kithp_order_init(&order, &memory.allocator);
    uint64_t seed = 7;
    for (size_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < sizes[i]; j++)
            add_random_member(&members, &seed);
        assert_true(kithp_order_update(&order, &members));
        assert_order(&order, &members);
    }
    kithp_order_free(&order);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static void order_of_nobody_is_empty(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    struct kithp_order order;
    kithp_members_init(&members, &memory.allocator, true);
    kithp_order_init(&order, &memory.allocator);
    assert_true(kithp_order_update(&order, &members));
    assert_int_equal(order.count, 0);
    kithp_order_free(&order);
    kithp_members_free(&members);
    assert_int_equal(memory.calls, 0);
}

static void order_of_names_is_by_their_bytes(void **state)
{
    (void)state;
    check_batches(true, (const uint32_t[]){20000}, 1);
}

static void order_of_ids_is_by_value(void **state)
{
    (void)state;
    check_batches(false, (const uint32_t[]){20000}, 1);
}

static void order_in_steps_is_that_of_the_whole(void **state)
{
    (void)state;
    const uint32_t sizes[] = {1, 1, 2, 3, 0, 100, 1, 7, 1000, 0, 1, 63, 64, 65};
    check_batches(true, sizes, sizeof sizes / sizeof *sizes);
    check_batches(false, sizes, sizeof sizes / sizeof *sizes);
}

static void order_examples_are_as_documented(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    struct kithp_order order;
    kithp_members_init(&members, &memory.allocator, true);
    kithp_order_init(&order, &memory.allocator);
    /* In this order: upper case before lower, a name before those that go on from it, UTF-8 last. */
    const kith_text names[] = {TEXT("ana"),      TEXT("\xC3\xA4rger"), TEXT("Zoe"),       TEXT("ana\0"),
                               TEXT("anabelle"), TEXT("anabelle2"),    TEXT("anabelle\0")};
    const uint32_t expected[] = {2, 0, 3, 4, 6, 5, 1};
    uint32_t index;
    for (size_t i = 0; i < 7; i++)
        assert_true(kithp_members_find_name(&members, names[i], &index));
    assert_true(kithp_order_update(&order, &members));
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(order.sorted[i], expected[i]);
    kithp_order_free(&order);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static void order_failed_allocation_leaves_it_as_it_was(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    struct kithp_order order;
    kithp_members_init(&members, &memory.allocator, true);
    kithp_order_init(&order, &memory.allocator);
    uint64_t seed = 11;
    for (unsigned i = 0; i < 300; i++)
        add_random_member(&members, &seed);
    assert_true(kithp_order_update(&order, &members));
    size_t before = order.count;
    uint32_t first[1000];
    memcpy(first, order.sorted, before * sizeof *first);
    for (unsigned i = 0; i < 3000; i++)
        add_random_member(&members, &seed);
    unsigned failures = 0;
    for (uint64_t n = 0;; n++) {
        memory_fail_after(&memory, n);
        bool updated = kithp_order_update(&order, &members);
        memory_fail_never(&memory);
        if (updated)
            break;
        failures++;
        assert_int_equal(order.count, before);
        assert_memory_equal(order.sorted, first, before * sizeof *first);
    }
    assert_true(failures >= 2);
    assert_order(&order, &members);
    kithp_order_free(&order);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static void order_members_taken_out_do_not_come_back(void **state)
{
    (void)state;
    enum { COUNT = 500, MORE = 300 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    struct kithp_order order;
    kithp_members_init(&members, &memory.allocator, true);
    kithp_order_init(&order, &memory.allocator);
    uint64_t seed = 13;
    uint32_t index;
    char name[16];
    for (uint32_t i = 0; i < COUNT + MORE; i++) {
        if (i == COUNT)
            assert_true(kithp_order_update(&order, &members));
        snprintf(name, sizeof name, "m%08x", (unsigned)chance(&seed));
        assert_true(kithp_members_find_name(&members, kith_text_of(name), &index));
        assert_int_equal(index, i);
    }
    /* Some that the order has seen and some that it has not; forgotten ones have no name to be sorted by. */
    size_t gone = 0;
    for (uint32_t i = 0; i < COUNT + MORE; i += 1 + chance_below(&seed, 4), gone++) {
        kithp_order_remove(&order, i);
        assert_true(kithp_members_reserve_link(&members));
        kithp_members_forget(&members, i);
    }
    assert_true(kithp_order_update(&order, &members));
    assert_int_equal(order.count, COUNT + MORE - gone);
    for (size_t i = 0; i < order.count; i++) {
        assert_int_equal(kithp_members_resolve(&members, order.sorted[i]), order.sorted[i]);
        if (i > 0) {
            kith_text before = kithp_members_name(&members, order.sorted[i - 1]);
            kith_text name_here = kithp_members_name(&members, order.sorted[i]);
            assert_true(memcmp(before.data, name_here.data, 9) < 0);
        }
    }
    size_t count = order.count;
    kithp_order_remove(&order, 0);
    assert_int_equal(order.count, count);
    kithp_order_free(&order);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_nobody_is_empty),
        cmocka_unit_test(order_of_names_is_by_their_bytes),
        cmocka_unit_test(order_of_ids_is_by_value),
        cmocka_unit_test(order_in_steps_is_that_of_the_whole),
        cmocka_unit_test(order_examples_are_as_documented),
        cmocka_unit_test(order_failed_allocation_leaves_it_as_it_was),
        cmocka_unit_test(order_members_taken_out_do_not_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
