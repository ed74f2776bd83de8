/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "inspect/distinct.h"

static kith_text numbered(char *room, size_t size, const char *prefix, unsigned number)
{
    int length = snprintf(room, size, "%s%u", prefix, number);
    return (kith_text){room, (uint64_t)length};
}

static void add_numbered(struct kithp_distinct *distinct, struct memory *memory, const char *prefix, unsigned from,
                         unsigned to)
{
    char room[32];
    for (unsigned i = from; i < to; i++)
        assert_true(kithp_distinct_add(distinct, &memory->allocator, numbered(room, sizeof room, prefix, i)));
}

static uint64_t count_of(const struct kithp_distinct *distinct, const char *value)
{
    for (size_t i = 0; i < distinct->count; i++) {
        kith_text text = kithp_distinct_text(distinct, i);
        if (text.length == strlen(value) && memcmp(text.data, value, text.length) == 0)
            return distinct->values[i].count;
    }
    return 0;
}

static void distinct_values_are_counted_one_by_one(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_distinct distinct = {.values = NULL};
    memory_init(&memory);
    static const char *const values[] = {"post", "like", "post", "", "reply", "post", "like"};
    assert_int_equal(kithp_distinct_count(&distinct, UINT64_MAX), 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_true(kithp_distinct_add(&distinct, &memory.allocator, kith_text_of(values[i])));
    assert_int_equal(kithp_distinct_count(&distinct, UINT64_MAX), 4);
    assert_int_equal(count_of(&distinct, "post"), 3);
    assert_int_equal(count_of(&distinct, "like"), 2);
    assert_int_equal(count_of(&distinct, "reply"), 1);
    assert_int_equal(count_of(&distinct, ""), 1);
    kithp_distinct_free(&distinct, &memory.allocator);
    assert_int_equal(memory.live, 0);
}

static void distinct_long_values_are_told_apart_by_all_of_their_bytes(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_distinct distinct = {.values = NULL};
    memory_init(&memory);
    char value[1000];
    memset(value, 'x', sizeof value);
    assert_true(kithp_distinct_add(&distinct, &memory.allocator, (kith_text){value, sizeof value}));
    value[999] = 'y';
    assert_true(kithp_distinct_add(&distinct, &memory.allocator, (kith_text){value, sizeof value}));
    assert_int_equal(kithp_distinct_count(&distinct, UINT64_MAX), 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(kithp_distinct_text(&distinct, i).length, KITHP_DISTINCT_BYTES);
    kithp_distinct_free(&distinct, &memory.allocator);
}

/* How many digits a number has before the zeros at its end. */
static unsigned digits_of(uint64_t number)
{
    unsigned digits = 0;
    while (number > 0 && number % 10 == 0)
        number /= 10;
    for (; number > 0; number /= 10)
        digits++;
    return digits;
}

/* The limit is where exactness ends, on either side of it. */
static void distinct_count_is_exact_up_to_the_limit_and_close_beyond(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    static const unsigned counts[] = {255, 256, 257, 400, 1000, 20000, 300000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct kithp_distinct distinct = {.values = NULL};
        /* Twice, as values that come again change nothing. */
        add_numbered(&distinct, &memory, "member ", 0, counts[i]);
        add_numbered(&distinct, &memory, "member ", 0, counts[i]);
        uint64_t rows = 2 * (uint64_t)counts[i], found = kithp_distinct_count(&distinct, rows);
        assert_int_equal(distinct.many, counts[i] > KITHP_DISTINCT_MOST);
        if (!distinct.many)
            assert_int_equal(found, counts[i]);
        /* A relative deviation of 1/sqrt(256): four of them are never passed in practice. */
        assert_true(found >= counts[i] - counts[i] / 4 && found <= counts[i] + counts[i] / 4);
        assert_true(!distinct.many || found > KITHP_DISTINCT_MOST);
        /* Of a few rows, no more than there are, and still no digit that looks as if it were known. */
        uint64_t few = kithp_distinct_count(&distinct, counts[i]);
        assert_true(few <= counts[i] && few <= found && (counts[i] < 1000 || digits_of(few) <= 2));
        kithp_distinct_free(&distinct, &memory.allocator);
    }
    assert_int_equal(memory.live, 0);
}

static void distinct_values_of_two_fields_are_compared(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    static const struct {
        unsigned one[2], other[2];
        uint32_t least, most;
    } cases[] = {
        {{0, 0}, {0, 10}, 0, 0},           {{0, 10}, {0, 0}, 0, 0},          {{0, 10}, {0, 10}, 100, 100},
        {{0, 10}, {5, 15}, 50, 50},        {{0, 10}, {10, 20}, 0, 0},        {{0, 100}, {0, 10000}, 60, 100},
        {{0, 10000}, {0, 10000}, 99, 100}, {{0, 9000}, {9000, 20000}, 0, 0}, {{0, 8000}, {4000, 12000}, 35, 65},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_distinct one = {.values = NULL}, other = {.values = NULL};
        add_numbered(&one, &memory, "m", cases[i].one[0], cases[i].one[1]);
        add_numbered(&other, &memory, "m", cases[i].other[0], cases[i].other[1]);
        uint32_t shared = kithp_distinct_shared(&one, &other);
        assert_true(shared >= cases[i].least && shared <= cases[i].most);
        kithp_distinct_free(&one, &memory.allocator);
        kithp_distinct_free(&other, &memory.allocator);
    }
    assert_int_equal(memory.live, 0);
}

static void distinct_without_memory_counts_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    for (uint64_t fail = 0; fail < 12; fail++) {
        struct kithp_distinct distinct = {.values = NULL};
        char room[32];
        memory_fail_after(&memory, fail);
        for (unsigned i = 0; i < 40; i++) {
            uint64_t before = kithp_distinct_count(&distinct, UINT64_MAX);
            if (!kithp_distinct_add(&distinct, &memory.allocator, numbered(room, sizeof room, "m", i))) {
                assert_int_equal(kithp_distinct_count(&distinct, UINT64_MAX), before);
                assert_int_equal(count_of(&distinct, room), 0);
                memory_fail_never(&memory);
                assert_true(kithp_distinct_add(&distinct, &memory.allocator, kith_text_of(room)));
            }
            assert_int_equal(count_of(&distinct, room), 1);
        }
        assert_int_equal(kithp_distinct_count(&distinct, UINT64_MAX), 40);
        kithp_distinct_free(&distinct, &memory.allocator);
        memory_fail_never(&memory);
    }
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distinct_values_are_counted_one_by_one),
        cmocka_unit_test(distinct_long_values_are_told_apart_by_all_of_their_bytes),
        cmocka_unit_test(distinct_count_is_exact_up_to_the_limit_and_close_beyond),
        cmocka_unit_test(distinct_values_of_two_fields_are_compared),
        cmocka_unit_test(distinct_without_memory_counts_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
