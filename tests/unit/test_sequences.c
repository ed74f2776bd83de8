/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "tally/sequences.h"

static void sequences_empty_have_no_source(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_sequences sequences;
    kithp_sequences_init(&sequences, &memory.allocator);
    assert_null(kithp_sequences_find(&sequences, TEXT("queue")));
    assert_int_equal(memory.calls, 0);
    kithp_sequences_free(&sequences);
    assert_int_equal(memory.live, 0);
}

static void sequences_sources_have_1_to_255_bytes_of_utf8(void **state)
{
    (void)state;
    char longest[256];
    memset(longest, 'x', sizeof longest);
    assert_true(kithp_sequences_is_source(TEXT("q")));
    assert_true(kithp_sequences_is_source(TEXT("nul\0in it")));
    assert_true(kithp_sequences_is_source(TEXT("\xC3\xA4")));
    assert_true(kithp_sequences_is_source((kith_text){longest, 255}));
    assert_false(kithp_sequences_is_source((kith_text){longest, 256}));
    assert_false(kithp_sequences_is_source(TEXT("")));
    assert_false(kithp_sequences_is_source((kith_text){NULL, 0}));
    assert_false(kithp_sequences_is_source((kith_text){NULL, 3}));
    assert_false(kithp_sequences_is_source(TEXT("\xC3")));
}

/* Sources that differ in one byte, or in length alone, in an order of their own. */
static void sequences_of_a_thousand_sources_are_told_apart(void **state)
{
    (void)state;
    enum { SOURCES = 1000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_sequences sequences;
    kithp_sequences_init(&sequences, &memory.allocator);
    char names[SOURCES][4];
    for (unsigned i = 0; i < SOURCES; i++) {
        unsigned other = i * 7 % SOURCES;
        memcpy(names[i], (char[]){(char)('a' + other / 100), 0, (char)(other % 100), 'x'}, 4);
        kith_text name = {names[i], 3 + i % 2};
        assert_null(kithp_sequences_find(&sequences, name));
        struct kithp_sequence *added = kithp_sequences_add(&sequences, name, i + 1);
        assert_non_null(added);
        assert_ptr_equal(kithp_sequences_find(&sequences, name), added);
    }
    assert_int_equal(sequences.count, SOURCES);
    for (unsigned i = 0; i < SOURCES; i++) {
        struct kithp_sequence *found = kithp_sequences_find(&sequences, (kith_text){names[i], 3 + i % 2});
        assert_non_null(found);
        assert_int_equal(kithp_sequence_last(found), i + 1);
        assert_int_equal(found->length, 3 + i % 2);
        assert_memory_equal(found->name, names[i], found->length);
        assert_null(kithp_sequences_find(&sequences, (kith_text){names[i], 4 - i % 2}));
    }
    for (size_t i = 1; i < SOURCES; i++) {
        const struct kithp_sequence *a = sequences.all[i - 1], *b = sequences.all[i];
        int order = memcmp(a->name, b->name, a->length < b->length ? a->length : b->length);
        assert_true(order < 0 || (order == 0 && a->length < b->length));
    }
    kithp_sequences_free(&sequences);
    assert_int_equal(memory.live, 0);
}

static void sequences_made_are_no_others_until_put(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_sequences sequences;
    kithp_sequences_init(&sequences, &memory.allocator);
    assert_non_null(kithp_sequences_add(&sequences, TEXT("a"), 5));
    struct kithp_sequence *made = kithp_sequences_make(&sequences, TEXT("b"));
    assert_non_null(made);
    assert_int_equal(kithp_sequence_last(made), 0);
    assert_int_equal(kithp_sequence_place_of(made, 1), KITHP_SEQUENCE_NEW);
    assert_null(kithp_sequences_find(&sequences, TEXT("b")));
    kithp_sequences_unmake(&sequences, made);
    assert_int_equal(sequences.count, 1);
    made = kithp_sequences_make(&sequences, TEXT("A"));
    kithp_sequence_take(made, 9);
    uint64_t calls = memory.calls;
    kithp_sequences_put(&sequences, made);
    assert_int_equal(memory.calls, calls);
    assert_ptr_equal(kithp_sequences_find(&sequences, TEXT("A")), made);
    assert_int_equal(kithp_sequence_last(kithp_sequences_find(&sequences, TEXT("a"))), 5);
    kithp_sequences_free(&sequences);
    assert_int_equal(memory.live, 0);
}

static void sequences_without_memory_are_as_they_were(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_sequences sequences;
    kithp_sequences_init(&sequences, &memory.allocator);
    unsigned failures = 0;
    for (unsigned i = 0; i < 50; i++) {
        char name = (char)('A' + i);
        for (uint64_t more = 0;; more++) {
            memory_fail_after(&memory, more);
            bool added = kithp_sequences_add(&sequences, (kith_text){&name, 1}, 1) != NULL;
            memory_fail_never(&memory);
            if (added)
                break;
            failures++;
            assert_int_equal(sequences.count, i);
            assert_null(kithp_sequences_find(&sequences, (kith_text){&name, 1}));
        }
        assert_int_equal(sequences.count, i + 1);
    }
    assert_true(failures > 50);
    kithp_sequences_free(&sequences);
    assert_int_equal(memory.live, 0);
}

/* Against a list of all numbers that were dealt with. */
static void sequence_knows_its_latest_64_numbers(void **state)
{
    (void)state;
    enum { NUMBERS = 300 };
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t odd = seed;
        struct kithp_sequence sequence = {.recent_count = 0};
        uint64_t numbers[NUMBERS], last = 0;
        uint32_t gap = 1 + chance_below(&odd, 6);
        for (unsigned count = 0; count < NUMBERS; count++) {
            for (uint64_t number = last < 600 ? 1 : last - 600; number <= last + 5; number++) {
                unsigned at = 0;
                while (at < count && numbers[at] != number)
                    at++;
                unsigned oldest = count > 64 ? count - 64 : 0;
                enum kithp_sequence_place place = kithp_sequence_place_of(&sequence, number);
                if (number > last)
                    assert_int_equal(place, KITHP_SEQUENCE_NEW);
                else if (at < count || (count >= 64 && number < numbers[oldest]))
                    assert_int_equal(place, KITHP_SEQUENCE_TAKEN);
                else
                    assert_int_equal(place, KITHP_SEQUENCE_BEHIND);
            }
            numbers[count] = last += 1 + chance_below(&odd, gap);
            kithp_sequence_take(&sequence, last);
            assert_int_equal(kithp_sequence_last(&sequence), last);
        }
    }
}

static void sequence_takes_the_largest_number(void **state)
{
    (void)state;
    struct kithp_sequence sequence = {.recent_count = 0};
    kithp_sequence_take(&sequence, 1);
    assert_int_equal(kithp_sequence_place_of(&sequence, UINT64_MAX), KITHP_SEQUENCE_NEW);
    kithp_sequence_take(&sequence, UINT64_MAX);
    assert_int_equal(kithp_sequence_place_of(&sequence, UINT64_MAX), KITHP_SEQUENCE_TAKEN);
    assert_int_equal(kithp_sequence_place_of(&sequence, UINT64_MAX - 1), KITHP_SEQUENCE_BEHIND);
    assert_int_equal(kithp_sequence_place_of(&sequence, 1), KITHP_SEQUENCE_TAKEN);
}

/* As long as all that came is known, a number below the first of them came too late, and is no replay. */
static void sequence_may_begin_at_any_number(void **state)
{
    (void)state;
    struct kithp_sequence sequence = {.recent_count = 0};
    for (uint64_t number = 1000; number < 1063; number++) {
        kithp_sequence_take(&sequence, number);
        assert_int_equal(kithp_sequence_place_of(&sequence, 999), KITHP_SEQUENCE_BEHIND);
    }
    kithp_sequence_take(&sequence, 1063);
    assert_int_equal(kithp_sequence_place_of(&sequence, 999), KITHP_SEQUENCE_TAKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_empty_have_no_source),
        cmocka_unit_test(sequences_sources_have_1_to_255_bytes_of_utf8),
        cmocka_unit_test(sequences_of_a_thousand_sources_are_told_apart),
        cmocka_unit_test(sequences_made_are_no_others_until_put),
        cmocka_unit_test(sequences_without_memory_are_as_they_were),
        cmocka_unit_test(sequence_knows_its_latest_64_numbers),
        cmocka_unit_test(sequence_takes_the_largest_number),
        cmocka_unit_test(sequence_may_begin_at_any_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
