/* SPDX-License-Identifier: MIT */
#include "review/finish.h"

#include "engine_support.h"

enum { ALL_TABLES = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY };

/* Everything that a review is finished from. */
struct fixture {
    struct memory memory;
    struct kithp_figures figures;
    struct kithp_members members;
    struct kithp_order order;
    struct kithp_tally tally;
    struct kithp_sweep sweep;
    kith_review *review;
};

static void open_all(struct fixture *fixture, bool named, uint32_t tables)
{
    memory_init(&fixture->memory);
    const kith_allocator *allocator = &fixture->memory.allocator;
    fixture->figures = kithp_policy_defaults;
    kithp_members_init(&fixture->members, allocator, named);
    kithp_order_init(&fixture->order, allocator);
    kithp_tally_init(&fixture->tally, allocator, &fixture->figures);
    assert_true(kithp_sweep_init(&fixture->sweep, allocator, &fixture->figures, NULL, 1));
    fixture->review = kithp_review_new(allocator, &fixture->figures, tables);
    assert_non_null(fixture->review);
}

static void free_all(struct fixture *fixture)
{
    kithp_sweep_free(&fixture->sweep);
    kithp_tally_free(&fixture->tally);
    kithp_order_free(&fixture->order);
    kithp_members_free(&fixture->members);
    kith_review_free(fixture->review);
    assert_int_equal(fixture->memory.live, 0);
}

static uint32_t member_named(struct fixture *fixture, const char *name)
{
    uint32_t index;
    assert_true(kithp_members_find_name(&fixture->members, kith_text_of(name), &index));
    return index;
}

static void add(struct fixture *fixture, int64_t time, uint32_t member, const char *kind, uint32_t quantity)
{
    uint32_t number = 0;
    while (strcmp(fixture->figures.kinds[number].name, kind) != 0)
        number++;
    struct kithp_event event = {time, member, KITHP_NOBODY, quantity, number};
    assert_true(kithp_tally_add_one(&fixture->tally, &event));
}

static void sweep_weeks(struct fixture *fixture, uint32_t weeks)
{
    for (uint32_t week = 0; week < weeks; week++)
        assert_true(kithp_sweep_week(&fixture->sweep, &fixture->tally, MONDAY_WEEK + week,
                                     kithp_members_count(&fixture->members), fixture->review));
    kithp_sweep_finish(&fixture->sweep, fixture->review);
}

static void finish(struct fixture *fixture)
{
    assert_true(kithp_finish_review(fixture->review, &fixture->sweep, &fixture->members, &fixture->order));
}

static void assert_name(const struct fixture *fixture, uint32_t place, const char *name)
{
    assert_text_equal(kithp_review_member_name(fixture->review, place), name);
}

static void finish_standings_go_by_score_then_member(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_all(&fixture, true, ALL_TABLES);
    const char *const names[] = {"dora", "carl", "bert", "anna", "never"};
    const uint32_t articles[] = {0, 2, 0, 1};
    for (unsigned i = 0; i < 5; i++)
        (void)member_named(&fixture, names[i]);
    for (uint32_t i = 0; i < 4; i++) {
        add(&fixture, MONDAY, i, "login", 1);
        if (articles[i])
            add(&fixture, MONDAY, i, "article", articles[i]);
    }
    sweep_weeks(&fixture, 1);
    finish(&fixture);
    assert_int_equal(fixture.review->standing_count, 4);
    const char *const expected[] = {"carl", "anna", "bert", "dora"};
    /* One article: floor(0.4 x floor(10000 x 20 / 140)); two: floor(0.4 x floor(10000 x 40 / 160)). */
    const uint16_t scores[] = {1000, 571, 0, 0};
    for (unsigned i = 0; i < 4; i++) {
        assert_name(&fixture, fixture.review->standings[i].member, expected[i]);
        assert_int_equal(fixture.review->standings[i].score, scores[i]);
    }
    /* The review's members are those that it names. */
    assert_int_equal(fixture.review->members.count, 4);
    assert_name(&fixture, 0, "anna");
    assert_name(&fixture, 3, "dora");
    free_all(&fixture);
}

static void finish_rows_go_by_week_then_member(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_all(&fixture, true, ALL_TABLES);
    const char *const names[] = {"zoe", "mia", "ana"};
    for (uint32_t i = 0; i < 3; i++)
        add(&fixture, MONDAY, member_named(&fixture, names[i]), "article", 3);
    sweep_weeks(&fixture, 3);
    finish(&fixture);
    const size_t counts[KITHP_LISTS] = {3, 3, 9};
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++) {
        struct listed list = listed_of(fixture.review, kind);
        assert_int_equal(list.count, counts[kind]);
        for (size_t i = 0; i < list.count; i++) {
            assert_int_equal(list.rows[i].is.member, i % 3);
            /* All rise in week 0; all are silent and stalled from week 1 on. */
            assert_int_equal(list.rows[i].week, kind == KITHP_LIST_FLAGS ? 1 : i / 3);
        }
        listed_free(&list);
    }
    assert_name(&fixture, 0, "ana");
    assert_name(&fixture, 2, "zoe");
    free_all(&fixture);
}

static void finish_without_standings_names_those_with_rows_alone(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_all(&fixture, true, KITH_CHANGES | KITH_WEEKS);
    add(&fixture, MONDAY, member_named(&fixture, "quiet"), "login", 1);
    add(&fixture, MONDAY, member_named(&fixture, "loud"), "article", 3);
    sweep_weeks(&fixture, 1);
    finish(&fixture);
    assert_int_equal(fixture.review->standing_count, 0);
    assert_int_equal(fixture.review->members.count, 1);
    assert_name(&fixture, 0, "loud");
    assert_int_equal(fixture.review->lists[KITHP_LIST_HISTORY].count, 0);
    assert_int_equal(fixture.review->weeks[0].members, 2);
    free_all(&fixture);
}

static void finish_ids_go_by_value(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_all(&fixture, false, ALL_TABLES);
    const uint64_t ids[] = {UINT64_MAX, 10, 9, UINT64_C(1) << 63, 0};
    const uint64_t expected[] = {0, 9, 10, UINT64_C(1) << 63, UINT64_MAX};
    for (unsigned i = 0; i < 5; i++) {
        uint32_t index;
        assert_true(kithp_members_find_id(&fixture.members, ids[i], &index));
        add(&fixture, MONDAY, index, "login", 1);
    }
    sweep_weeks(&fixture, 1);
    finish(&fixture);
    assert_int_equal(fixture.review->standing_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(fixture.review->standings[i].member, i);
        assert_true(fixture.review->members.ids[i] == expected[i]);
        assert_int_equal(kithp_review_member_name(fixture.review, i).length, 0);
    }
    free_all(&fixture);
}

static void finish_of_nothing_is_empty(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_all(&fixture, true, ALL_TABLES);
    finish(&fixture);
    assert_int_equal(fixture.review->standing_count, 0);
    assert_int_equal(fixture.review->members.count, 0);
    assert_int_equal(fixture.review->week_count, 0);
    free_all(&fixture);
}

/* Scores of the whole range, against a slow sort. */
static void finish_500_standings_are_sorted(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    static struct fixture fixture;
    open_all(&fixture, false, ALL_TABLES);
    uint64_t seed = 21;
    for (unsigned i = 0; i < COUNT; i++) {
        uint32_t index;
        assert_true(kithp_members_find_id(&fixture.members, chance(&seed), &index));
        add(&fixture, MONDAY, index, "login", 1);
    }
    sweep_weeks(&fixture, 1);
    /* The extremes, many equals, and the rest anywhere. */
    for (uint32_t i = 0; i < COUNT; i++)
        kithp_carried_of(&fixture.sweep.carried, i)->score = (uint16_t)(i % 10 == 0   ? 0
                                                                        : i % 10 == 1 ? 9999
                                                                                      : chance_below(&seed, 10000));
    finish(&fixture);
    assert_int_equal(fixture.review->standing_count, COUNT);
    for (unsigned i = 1; i < COUNT; i++) {
        const struct kithp_standing *before = &fixture.review->standings[i - 1];
        const struct kithp_standing *after = &fixture.review->standings[i];
        assert_true(before->score > after->score || (before->score == after->score && before->member < after->member));
    }
    assert_int_equal(fixture.review->standings[0].score, 9999);
    assert_int_equal(fixture.review->standings[COUNT - 1].score, 0);
    free_all(&fixture);
}

/* Of a member that came after the last review there is no state: it has no standing. */
static void finish_members_that_came_later_have_no_standing(void **state)
{
    (void)state;
    enum { COUNT = KITHP_CHUNK_ITEMS };
    static struct fixture fixture;
    open_all(&fixture, false, ALL_TABLES);
    uint32_t index;
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(kithp_members_find_id(&fixture.members, 10 + i, &index));
        add(&fixture, MONDAY, index, "login", 1);
    }
    sweep_weeks(&fixture, 1);
    assert_true(kithp_members_find_id(&fixture.members, UINT64_MAX, &index));
    assert_true(kithp_members_find_id(&fixture.members, 9, &index));
    finish(&fixture);
    assert_int_equal(fixture.review->standing_count, COUNT);
    assert_int_equal(fixture.review->members.count, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(fixture.review->standings[i].member, i);
        assert_true(fixture.review->members.ids[i] == 10 + i);
    }
    free_all(&fixture);
}

static void finish_failed_allocation_leaves_the_review_as_it_was(void **state)
{
    (void)state;
    for (int named = 0; named < 2; named++) {
        static struct fixture fixture;
        open_all(&fixture, named, ALL_TABLES);
        for (uint32_t i = 0; i < 20; i++) {
            char name[8];
            sprintf(name, "m%u", 99 - i);
            uint32_t index;
            assert_true(named ? kithp_members_find_name(&fixture.members, kith_text_of(name), &index)
                              : kithp_members_find_id(&fixture.members, 99 - i, &index));
            add(&fixture, MONDAY, index, "article", 3);
        }
        sweep_weeks(&fixture, 4);
        unsigned failures = 0;
        for (uint64_t n = 0;; n++) {
            memory_fail_after(&fixture.memory, n);
            bool done = kithp_finish_review(fixture.review, &fixture.sweep, &fixture.members, &fixture.order);
            memory_fail_never(&fixture.memory);
            if (done)
                break;
            failures++;
            assert_null(fixture.review->standings);
            assert_int_equal(fixture.review->standing_count, 0);
            assert_int_equal(fixture.review->members.count, 0);
            /* Rows still name members by their index in the engine. */
            struct listed history = listed_of(fixture.review, KITHP_LIST_HISTORY);
            for (uint32_t i = 0; i < 20; i++)
                assert_int_equal(history.rows[i].is.member, i);
            listed_free(&history);
        }
        assert_true(failures >= 4);
        assert_int_equal(fixture.review->standing_count, 20);
        struct listed history = listed_of(fixture.review, KITHP_LIST_HISTORY);
        for (uint32_t i = 0; i < 80; i++) {
            assert_int_equal(history.rows[i].is.member, i % 20);
            assert_int_equal(history.rows[i].week, i / 20);
        }
        listed_free(&history);
        free_all(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finish_standings_go_by_score_then_member),
        cmocka_unit_test(finish_rows_go_by_week_then_member),
        cmocka_unit_test(finish_without_standings_names_those_with_rows_alone),
        cmocka_unit_test(finish_ids_go_by_value),
        cmocka_unit_test(finish_of_nothing_is_empty),
        cmocka_unit_test(finish_500_standings_are_sorted),
        cmocka_unit_test(finish_members_that_came_later_have_no_standing),
        cmocka_unit_test(finish_failed_allocation_leaves_the_review_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
