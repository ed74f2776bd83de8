/* SPDX-License-Identifier: MIT */
#include "review/list.h"

#include "engine_support.h"

enum { WEEKS = 12, ROWS_MOST = 4000 };

/* Rows as the test has them, with their weeks. */
struct expected {
    uint32_t weeks[ROWS_MOST];
    struct kithp_review_row rows[ROWS_MOST];
    size_t count;
};

static struct expected expected;

static uint16_t any_score(uint64_t *seed)
{
    return (uint16_t)chance_below(seed, 10000);
}

/* What the list keeps is by chance, the rest 0. */
static struct kithp_review_row any_row(uint64_t *seed, enum kithp_list_kind kind, uint32_t member)
{
    struct kithp_review_row row = {.member = member};
    if (kind == KITHP_LIST_FLAGS) {
        row.flags = (uint8_t)chance_below(seed, 64);
        return row;
    }
    row.score = any_score(seed);
    if (kind == KITHP_LIST_CHANGES) {
        row.from = (uint8_t)chance_below(seed, 16);
        row.to = (uint8_t)chance_below(seed, 16);
        row.reason = (uint8_t)chance_below(seed, 5);
        return row;
    }
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        row.dimensions[d] = any_score(seed);
    row.tier = (uint8_t)chance_below(seed, 16);
    row.stage = (uint8_t)chance_below(seed, KITH_STAGES);
    row.flags = (uint8_t)chance_below(seed, 64);
    return row;
}

/* Weeks of up to three segments, which begin at the members of threads, some of them empty. */
static void fill(kith_review *review, enum kithp_list_kind kind, uint64_t *seed)
{
    struct kithp_list *list = &review->lists[kind];
    expected.count = 0;
    for (uint32_t week = 0; week < WEEKS; week++) {
        assert_true(kithp_review_reserve(review, 300, 3));
        uint32_t member = 0;
        struct kithp_segment segments[3];
        for (unsigned i = 0; i < 3; i++) {
            segments[i] = kithp_segment_at(kithp_list_room(list, kind, 100 * i, i));
            for (uint32_t left = chance_below(seed, 4) ? chance_below(seed, 101) : 0; left > 0; left--) {
                /* Near and far: numbers of one byte and of five. */
                member += 1 + (chance_below(seed, 20) ? chance_below(seed, 5) : chance_below(seed, 10000000));
                struct kithp_review_row row = any_row(seed, kind, member);
                kithp_segment_add(&segments[i], kind, &row);
                expected.weeks[expected.count] = week;
                expected.rows[expected.count++] = row;
            }
        }
        for (unsigned i = 0; i < 3; i++)
            kithp_list_close(list, &segments[i]);
        review->weeks[review->week_count] = (struct kithp_review_week){0};
        review->weeks[review->week_count++].ends[kind] = list->used;
    }
}

static void assert_expected(const kith_review *review, enum kithp_list_kind kind)
{
    struct listed listed = listed_of(review, kind);
    assert_int_equal(listed.count, expected.count);
    for (size_t i = 0; i < listed.count; i++) {
        assert_int_equal(listed.rows[i].week, expected.weeks[i]);
        const struct kithp_review_row *is = &listed.rows[i].is, *row = &expected.rows[i];
        assert_int_equal(is->member, row->member);
        assert_int_equal(is->score, row->score);
        assert_memory_equal(is->dimensions, row->dimensions, sizeof row->dimensions);
        assert_int_equal(is->tier, row->tier);
        assert_int_equal(is->stage, row->stage);
        assert_int_equal(is->flags, row->flags);
        assert_int_equal(is->from, row->from);
        assert_int_equal(is->to, row->to);
        assert_int_equal(is->reason, row->reason);
    }
    listed_free(&listed);
}

static void drop_expected(uint32_t member)
{
    size_t kept = 0;
    for (size_t i = 0; i < expected.count; i++) {
        if (expected.rows[i].member == member)
            continue;
        expected.weeks[kept] = expected.weeks[i];
        expected.rows[kept++] = expected.rows[i];
    }
    expected.count = kept;
}

static kith_review *new_review(const kith_allocator *allocator)
{
    return kithp_review_new(allocator, &kithp_policy_defaults, KITH_CHANGES | KITH_FLAGS | KITH_HISTORY);
}

static void list_gives_back_what_it_was_given(void **state)
{
    (void)state;
    uint64_t seed = 2026;
    struct memory memory;
    memory_init(&memory);
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++) {
        kith_review *review = new_review(&memory.allocator);
        fill(review, kind, &seed);
        assert_true(expected.count > 100);
        assert_expected(review, kind);
        kith_review_free(review);
    }
    assert_int_equal(memory.live, 0);
}

static void list_loses_a_member_and_nobody_else(void **state)
{
    (void)state;
    uint64_t seed = 2027;
    struct memory memory;
    memory_init(&memory);
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++) {
        kith_review *review = new_review(&memory.allocator);
        fill(review, kind, &seed);
        size_t used = review->lists[kind].used;
        while (expected.count > 0) {
            uint32_t member = expected.rows[chance_below(&seed, (uint32_t)expected.count)].member;
            drop_expected(member);
            kithp_review_drop_member(review, member);
            assert_expected(review, kind);
        }
        assert_int_equal(review->lists[kind].used, 0);
        for (size_t i = 0; i < used; i++)
            assert_int_equal(review->lists[kind].bytes[i], 0);
        kith_review_free(review);
    }
    assert_int_equal(memory.live, 0);
}

/* Members so far apart that a row takes as many bytes as it ever does: those of two threads do not meet. */
static void list_has_room_for_the_longest_rows(void **state)
{
    (void)state;
    uint64_t seed = 2028;
    struct memory memory;
    memory_init(&memory);
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++) {
        kith_review *review = new_review(&memory.allocator);
        struct kithp_list *list = &review->lists[kind];
        assert_true(kithp_review_reserve(review, 2, 2));
        struct kithp_segment segments[2];
        const uint32_t members[] = {UINT32_C(1) << 28, UINT32_MAX};
        for (unsigned i = 0; i < 2; i++) {
            struct kithp_review_row row = any_row(&seed, kind, members[i]);
            /* The last byte of each is none that the head of the next begins with. */
            row.reason = kind == KITHP_LIST_CHANGES ? 4 : 0;
            row.flags = kind == KITHP_LIST_CHANGES ? 0 : 63;
            row.tier = kind == KITHP_LIST_HISTORY ? 15 : 0;
            segments[i] = kithp_segment_at(kithp_list_room(list, kind, i, i));
            kithp_segment_add(&segments[i], kind, &row);
            expected.weeks[i] = 0;
            expected.rows[i] = row;
        }
        expected.count = 2;
        for (unsigned i = 0; i < 2; i++)
            kithp_list_close(list, &segments[i]);
        review->weeks[0] = (struct kithp_review_week){0};
        review->weeks[0].ends[kind] = list->used;
        review->week_count = 1;
        assert_expected(review, kind);
        kith_review_free(review);
    }
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_gives_back_what_it_was_given),
        cmocka_unit_test(list_loses_a_member_and_nobody_else),
        cmocka_unit_test(list_has_room_for_the_longest_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
