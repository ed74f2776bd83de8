/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "tally/ids.h"

static enum kithp_id_outcome take(struct kithp_ids *ids, uint32_t number, int64_t week)
{
    char id[16];
    return kithp_ids_take(ids, (kith_text){id, (uint64_t)snprintf(id, sizeof id, "%u", number)}, week);
}

static void ids_of_any_bytes_are_told_apart(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids ids;
    kithp_ids_init(&ids, &memory.allocator);
    assert_int_equal(memory.calls, 0);
    char longer[5000];
    memset(longer, 'x', sizeof longer);
    const kith_text different[] = {
        TEXT("a"),    TEXT("A"),     TEXT("a\0"),    TEXT("a\0\0"),  TEXT("\0a"), TEXT("\0"),
        TEXT("\xFF"), TEXT("\"a\""), {longer, 4999}, {longer, 5000}, TEXT("a "),  TEXT("aa"),
    };
    enum { DIFFERENT = sizeof different / sizeof *different };
    for (unsigned i = 0; i < DIFFERENT; i++)
        assert_int_equal(kithp_ids_take(&ids, different[i], 2931), KITHP_ID_TAKEN);
    for (unsigned i = 0; i < DIFFERENT; i++) {
        /* Whatever the week: it is the same event, of which the time was put right perhaps. */
        assert_int_equal(kithp_ids_take(&ids, different[i], 2931), KITHP_ID_KNOWN);
        assert_int_equal(kithp_ids_take(&ids, different[i], 2932), KITHP_ID_KNOWN);
    }
    assert_int_equal(kithp_ids_count(&ids), DIFFERENT);
    assert_int_equal(ids.live, DIFFERENT);
    kithp_ids_free(&ids);
    assert_int_equal(memory.live, 0);
}

/* What is kept of an id is as good as the id: nobody who does not know the keys can make two alike. */
static void ids_are_kept_under_keys_of_their_own(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids a, b;
    kithp_ids_init(&a, &memory.allocator);
    kithp_ids_init(&b, &memory.allocator);
    assert_int_equal(take(&a, 1, 0), KITHP_ID_TAKEN);
    assert_int_equal(take(&b, 1, 0), KITHP_ID_TAKEN);
    const struct kithp_id *of_a = kithp_chunks_at(&a.ids, 0), *of_b = kithp_chunks_at(&b.ids, 0);
    assert_true(of_a->low != of_b->low && of_a->high != of_b->high);
    assert_true(of_a->high != (uint32_t)of_a->low && of_a->high != (uint32_t)(of_a->low >> 32));
    kithp_ids_free(&a);
    kithp_ids_free(&b);
}

static void ids_alike_in_all_but_one_part_are_told_apart(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids ids;
    kithp_ids_init(&ids, &memory.allocator);
    const struct kithp_id first = {.low = UINT64_C(0x123456789ABCDEF0), .high = 77, .week = -1};
    assert_int_equal(kithp_ids_restore(&ids, &first), KITHP_ID_TAKEN);
    struct kithp_id other = first;
    other.high ^= 1;
    assert_int_equal(kithp_ids_restore(&ids, &other), KITHP_ID_TAKEN);
    other = first;
    other.low ^= 1;
    assert_int_equal(kithp_ids_restore(&ids, &other), KITHP_ID_TAKEN);
    other = first;
    other.week = 3;
    assert_int_equal(kithp_ids_restore(&ids, &other), KITHP_ID_KNOWN);
    assert_int_equal(kithp_ids_count(&ids), 3);
    kithp_ids_free(&ids);
    assert_int_equal(memory.live, 0);
}

enum { NUMBERS = 20000, NEVER = INT16_MIN };

/*
 * Against an array of the week in which each number was taken: weeks are closed one by one, several at once, with gaps,
 * again, or never, while ids of open weeks come and come again.
 */
static void check_closing(uint64_t seed, uint32_t spread, uint32_t closes)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids ids;
    kithp_ids_init(&ids, &memory.allocator);
    static int16_t weeks[NUMBERS];
    for (unsigned i = 0; i < NUMBERS; i++)
        weeks[i] = NEVER;
    int closed = -40;
    kithp_ids_close(&ids, closed);
    for (unsigned step = 0; step < 60; step++) {
        for (unsigned i = 0; i < 1500; i++) {
            uint32_t number = chance_below(&seed, NUMBERS);
            int week = closed + 1 + (int)chance_below(&seed, spread);
            bool known = weeks[number] != NEVER && weeks[number] > closed;
            assert_int_equal(take(&ids, number, week), known ? KITHP_ID_KNOWN : KITHP_ID_TAKEN);
            if (!known)
                weeks[number] = (int16_t)week;
        }
        if (chance_below(&seed, closes) == 0) {
            int last = closed - 2 + (int)chance_below(&seed, spread + 3);
            kithp_ids_close(&ids, last);
            closed = last > closed ? last : closed;
        }
        uint32_t live = 0;
        for (unsigned i = 0; i < NUMBERS; i++)
            live += weeks[i] != NEVER && weeks[i] > closed;
        assert_int_equal(ids.live, live);
        /* What is kept in vain is never more than half. */
        assert_in_range(kithp_ids_count(&ids), live, 2 * live + 1);
        if (chance_below(&seed, 20) == 0) {
            kithp_ids_drop(&ids);
            for (unsigned i = 0; i < NUMBERS; i++)
                weeks[i] = NEVER;
            assert_int_equal(kithp_ids_count(&ids), 0);
        }
    }
    kithp_ids_free(&ids);
    assert_int_equal(memory.live, 0);
}

static void ids_of_closed_weeks_are_forgotten_in_any_pattern(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        check_closing(seed, 2, 1);
        check_closing(seed, 6, 2);
        check_closing(seed, 30, 5);
    }
}

/* A history, closed week by week, with each week's ids known to the end. */
static void ids_of_many_weeks_are_closed_one_by_one(void **state)
{
    (void)state;
    enum { WEEKS = 200, A_WEEK = 300 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids ids;
    kithp_ids_init(&ids, &memory.allocator);
    for (uint32_t i = 0; i < WEEKS * A_WEEK; i++)
        assert_int_equal(take(&ids, i, i % WEEKS), KITHP_ID_TAKEN);
    for (uint32_t week = 0; week < WEEKS; week++) {
        kithp_ids_close(&ids, week);
        assert_int_equal(ids.live, (WEEKS - 1 - week) * A_WEEK);
        assert_true(kithp_ids_count(&ids) <= 2 * ids.live + 1);
        for (uint32_t i = 0; i < WEEKS * A_WEEK; i += 97)
            if (i % WEEKS > week)
                assert_int_equal(take(&ids, i, i % WEEKS), KITHP_ID_KNOWN);
    }
    assert_int_equal(memory.live, 0);
    kithp_ids_free(&ids);
}

static void ids_taken_since_are_forgotten(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids ids;
    kithp_ids_init(&ids, &memory.allocator);
    uint64_t seed = 4;
    for (uint32_t i = 0; i < 5000; i++)
        take(&ids, i, i % 7);
    /* Some of them dead, yet kept. */
    kithp_ids_close(&ids, 1);
    for (unsigned round = 0; round < 200; round++) {
        uint32_t before = kithp_ids_count(&ids), live = ids.live, more = chance_below(&seed, 300);
        for (uint32_t i = 0; i < more; i++)
            assert_int_equal(take(&ids, 100000 + i, 5), KITHP_ID_TAKEN);
        kithp_ids_truncate(&ids, before);
        assert_int_equal(kithp_ids_count(&ids), before);
        assert_int_equal(ids.live, live);
    }
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(take(&ids, i, 6), i % 7 > 1 ? KITHP_ID_KNOWN : KITHP_ID_TAKEN);
    kithp_ids_free(&ids);
    assert_int_equal(memory.live, 0);
}

static void ids_without_memory_are_as_they_were(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids ids;
    kithp_ids_init(&ids, &memory.allocator);
    unsigned failures = 0;
    for (uint32_t i = 0; i < 9000; i++) {
        for (uint64_t more = 0;; more++) {
            memory_fail_after(&memory, more);
            enum kithp_id_outcome outcome = take(&ids, i, 1);
            memory_fail_never(&memory);
            if (outcome == KITHP_ID_TAKEN)
                break;
            assert_int_equal(outcome, KITHP_ID_NO_MEMORY);
            assert_int_equal(kithp_ids_count(&ids), i);
            assert_int_equal(ids.live, i);
            failures++;
        }
        assert_int_equal(take(&ids, i / 2, 1), KITHP_ID_KNOWN);
    }
    assert_true(failures > 10);
    kithp_ids_free(&ids);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_any_bytes_are_told_apart),
        cmocka_unit_test(ids_are_kept_under_keys_of_their_own),
        cmocka_unit_test(ids_alike_in_all_but_one_part_are_told_apart),
        cmocka_unit_test(ids_of_closed_weeks_are_forgotten_in_any_pattern),
        cmocka_unit_test(ids_of_many_weeks_are_closed_one_by_one),
        cmocka_unit_test(ids_taken_since_are_forgotten),
        cmocka_unit_test(ids_without_memory_are_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
