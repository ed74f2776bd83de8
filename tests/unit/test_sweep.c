/* SPDX-License-Identifier: MIT */
#include "review/sweep.h"

#include "engine_support.h"
#include "review/provisional.h"

enum { ALL_TABLES = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY };

struct fixture {
    struct memory memory;
    struct kithp_figures figures;
    struct kithp_tally tally;
};

static void open_tally(struct fixture *fixture)
{
    memory_init(&fixture->memory);
    fixture->figures = kithp_policy_defaults;
    kithp_tally_init(&fixture->tally, &fixture->memory.allocator, &fixture->figures);
}

static void close_tally(struct fixture *fixture)
{
    kithp_tally_free(&fixture->tally);
    assert_int_equal(fixture->memory.live, 0);
}

static uint32_t kind_named(const struct fixture *fixture, const char *name)
{
    for (uint32_t i = 0; i < fixture->figures.kind_count; i++)
        if (strcmp(fixture->figures.kinds[i].name, name) == 0)
            return i;
    fail_msg("no kind %s", name);
    return 0;
}

static void add(struct fixture *fixture, int64_t time, uint32_t member, const char *kind, uint32_t target,
                uint32_t quantity)
{
    struct kithp_event event = {time, member, target, quantity, kind_named(fixture, kind)};
    assert_true(kithp_tally_add_one(&fixture->tally, &event));
}

/* What some weeks brought with so many threads. */
struct run {
    struct kithp_sweep sweep;
    kith_review *review;
};

static struct run run_weeks(const struct fixture *fixture, const kith_allocator *allocator, uint32_t threads,
                            uint32_t members, uint32_t weeks)
{
    struct run run;
    assert_true(kithp_sweep_init(&run.sweep, allocator, &fixture->figures, NULL, threads));
    run.review = kithp_review_new(allocator, &fixture->figures, ALL_TABLES);
    assert_non_null(run.review);
    for (uint32_t week = 0; week < weeks; week++)
        assert_true(kithp_sweep_week(&run.sweep, &fixture->tally, MONDAY_WEEK + week, members, run.review));
    kithp_sweep_finish(&run.sweep, run.review);
    return run;
}

static void free_run(struct run *run)
{
    kith_review_free(run->review);
    kithp_sweep_free(&run->sweep);
}

static void assert_same_rows(const kith_review *a, const kith_review *b, enum kithp_list_kind kind)
{
    struct listed one = listed_of(a, kind), other = listed_of(b, kind);
    assert_int_equal(one.count, other.count);
    for (size_t i = 0; i < one.count; i++) {
        const struct kithp_review_row *x = &one.rows[i].is, *y = &other.rows[i].is;
        bool same = one.rows[i].week == other.rows[i].week && x->member == y->member && x->score == y->score &&
                    x->tier == y->tier && x->stage == y->stage && x->flags == y->flags && x->from == y->from &&
                    x->to == y->to && x->reason == y->reason &&
                    memcmp(x->dimensions, y->dimensions, sizeof x->dimensions) == 0;
        if (!same)
            fail_msg("row %zu differs: week %u, member %u", i, one.rows[i].week, x->member);
    }
    listed_free(&one);
    listed_free(&other);
}

static void assert_same_weeks(const kith_review *a, const kith_review *b)
{
    assert_int_equal(a->week_count, b->week_count);
    for (size_t i = 0; i < a->week_count; i++) {
        const struct kithp_review_week *x = &a->weeks[i], *y = &b->weeks[i];
        assert_int_equal(x->first_day, y->first_day);
        assert_int_equal(x->members, y->members);
        assert_int_equal(x->active_members, y->active_members);
        assert_int_equal(x->score_sum, y->score_sum);
        assert_memory_equal(x->stages, y->stages, sizeof x->stages);
        assert_memory_equal(x->tiers, y->tiers, sizeof x->tiers);
    }
}

static void assert_same_run(const struct run *a, const struct run *b)
{
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
        assert_same_rows(a->review, b->review, kind);
    assert_same_weeks(a->review, b->review);
    assert_memory_equal(&a->sweep.risk, &b->sweep.risk, sizeof a->sweep.risk);
    assert_int_equal(a->sweep.carried.states.count, b->sweep.carried.states.count);
    for (uint32_t i = 0; i < a->sweep.carried.states.count; i++) {
        const struct kithp_carried *x = kithp_carried_of(&a->sweep.carried, i);
        const struct kithp_carried *y = kithp_carried_of(&b->sweep.carried, i);
        assert_memory_equal(x->remembered, y->remembered, sizeof x->remembered);
        assert_int_equal(x->risk, y->risk);
        assert_int_equal(x->joined, y->joined);
    }
}

/* Members come and go: enough of them are lost, and found again, for a risk within a dozen weeks. */
static void add_random_events(struct fixture *fixture, uint32_t members, uint32_t weeks)
{
    static const char *const kinds[] = {"post", "like", "comment", "article", "removed", "leave", "login", "accept"};
    uint64_t seed = 99;
    uint32_t numbers[8];
    for (unsigned i = 0; i < 8; i++)
        numbers[i] = kind_named(fixture, kinds[i]);
    for (uint32_t week = 0; week < weeks; week++) {
        for (uint32_t member = 0; member < members; member++) {
            if (chance_below(&seed, 8) < 5 || (member % 5 == 0 && week > 2))
                continue;
            struct kithp_event event = {
                .time = MONDAY + week * WEEK + chance_below(&seed, 7 * 86400),
                .member = member,
                .target = chance_below(&seed, 2) ? chance_below(&seed, members) : KITHP_NOBODY,
                .quantity = 1 + chance_below(&seed, 9),
                .kind = numbers[chance_below(&seed, 8)],
            };
            assert_true(kithp_tally_add_one(&fixture->tally, &event));
        }
    }
}

static void sweep_any_number_of_threads_gives_the_same(void **state)
{
    (void)state;
    enum { MEMBERS = KITHP_CHUNK_ITEMS * 7 + 123, WEEKS = 12 };
    static struct fixture fixture;
    open_tally(&fixture);
    add_random_events(&fixture, MEMBERS, WEEKS);
    struct run one = run_weeks(&fixture, &fixture.memory.allocator, 1, MEMBERS, WEEKS);
    /* The comparison is worth something: there are rows of all sorts, and risks. */
    assert_true(one.review->lists[KITHP_LIST_CHANGES].count > 1000);
    assert_true(one.review->lists[KITHP_LIST_FLAGS].count > 1000);
    assert_true(one.sweep.risk.all.n > 1000 && one.sweep.risk.all.y > 100);
    assert_true(kithp_carried_of(&one.sweep.carried, 1)->risk != KITHP_NO_RISK ||
                kithp_carried_of(&one.sweep.carried, 2)->risk != KITHP_NO_RISK);
    const uint32_t threads[] = {2, 7, 64};
    for (unsigned i = 0; i < 3; i++) {
        struct run run = run_weeks(&fixture, &fixture.memory.allocator, threads[i], MEMBERS, WEEKS);
        assert_same_run(&run, &one);
        free_run(&run);
    }
    free_run(&one);
    close_tally(&fixture);
}

static void sweep_summary_is_the_sum_of_its_members(void **state)
{
    (void)state;
    enum { MEMBERS = 500, WEEKS = 10 };
    static struct fixture fixture;
    open_tally(&fixture);
    add_random_events(&fixture, MEMBERS, WEEKS);
    struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, MEMBERS, WEEKS);
    struct listed history = listed_of(run.review, KITHP_LIST_HISTORY);
    size_t at = 0;
    for (uint32_t week = 0; week < WEEKS; week++) {
        const struct kithp_review_week *summary = &run.review->weeks[week];
        struct kithp_review_week sum = {.first_day = MONDAY_DAY + (int32_t)week * 7};
        for (; at < history.count && history.rows[at].week == week; at++) {
            const struct kithp_review_row *row = &history.rows[at].is;
            sum.members++;
            sum.score_sum += row->score;
            sum.stages[row->stage]++;
            sum.tiers[row->tier]++;
        }
        assert_int_equal(summary->first_day, sum.first_day);
        assert_int_equal(summary->members, sum.members);
        assert_int_equal(summary->score_sum, sum.score_sum);
        assert_memory_equal(summary->stages, sum.stages, sizeof sum.stages);
        assert_memory_equal(summary->tiers, sum.tiers, sizeof sum.tiers);
    }
    assert_int_equal(at, run.review->lists[KITHP_LIST_HISTORY].count);
    listed_free(&history);
    free_run(&run);
    close_tally(&fixture);
}

/* Scores are higher than they can be, so that fewer members will do. */
static void sweep_sum_of_scores_may_have_more_than_32_bits(void **state)
{
    (void)state;
    enum { MEMBERS = 70000 };
    static struct fixture fixture;
    open_tally(&fixture);
    add(&fixture, MONDAY, MEMBERS - 1, "login", KITHP_NOBODY, 1);
    struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, MEMBERS, 0);
    assert_true(kithp_sweep_week(&run.sweep, &fixture.tally, MONDAY_WEEK, MEMBERS, run.review));
    for (uint32_t i = 0; i < MEMBERS; i++) {
        struct kithp_carried *carried = kithp_carried_of(&run.sweep.carried, i);
        carried->joined = MONDAY;
        carried->score = UINT16_MAX;
    }
    kithp_sweep_finish(&run.sweep, run.review);
    assert_int_equal(run.review->weeks[0].members, MEMBERS);
    assert_true(run.review->weeks[0].score_sum == (uint64_t)MEMBERS * UINT16_MAX);
    free_run(&run);
    close_tally(&fixture);
}

static void sweep_week_before_anybody_is_known_is_not_shown(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_tally(&fixture);
    add(&fixture, MONDAY + WEEK, 1, "login", KITHP_NOBODY, 1);
    struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, 3, 1);
    assert_int_equal(run.review->week_count, 0);
    assert_false(run.sweep.begun);
    assert_int_equal(run.sweep.last_week, MONDAY_WEEK);
    assert_true(kithp_sweep_week(&run.sweep, &fixture.tally, MONDAY_WEEK + 1, 3, run.review));
    kithp_sweep_finish(&run.sweep, run.review);
    assert_int_equal(run.review->week_count, 1);
    assert_true(run.sweep.begun);
    assert_int_equal(run.review->weeks[0].members, 1);
    assert_int_equal(run.review->weeks[0].active_members, 1);
    /* Member 0 and 2 have an index, but no event names them. */
    struct listed history = listed_of(run.review, KITHP_LIST_HISTORY);
    assert_int_equal(history.count, 1);
    assert_int_equal(history.rows[0].is.member, 1);
    listed_free(&history);
    /* The next week, in which nothing happens, is shown all the same. */
    assert_true(kithp_sweep_week(&run.sweep, &fixture.tally, MONDAY_WEEK + 2, 3, run.review));
    kithp_sweep_finish(&run.sweep, run.review);
    assert_int_equal(run.review->week_count, 2);
    assert_int_equal(run.review->weeks[1].active_members, 0);
    assert_int_equal(run.review->weeks[1].stages[KITH_STAGE_SILENT], 1);
    free_run(&run);
    close_tally(&fixture);
}

/* Only a member of the last thread's is known. */
static void sweep_week_is_shown_whoever_of_all_threads_is_known(void **state)
{
    (void)state;
    enum { MEMBERS = 3 * KITHP_CHUNK_ITEMS };
    static struct fixture fixture;
    open_tally(&fixture);
    add(&fixture, MONDAY, MEMBERS - 1, "login", KITHP_NOBODY, 1);
    for (uint32_t threads = 1; threads <= 3; threads++) {
        struct run run = run_weeks(&fixture, &fixture.memory.allocator, threads, MEMBERS, 1);
        assert_int_equal(run.review->week_count, 1);
        assert_int_equal(run.review->weeks[0].members, 1);
        assert_true(run.sweep.begun);
        free_run(&run);
    }
    close_tally(&fixture);
}

/* One of more weeks than are counted, in the highest of as many tiers as there can be, and one held in the lowest. */
static void sweep_goes_up_to_the_last_of_all_that_is_counted(void **state)
{
    (void)state;
    enum { TOP = KITHP_TIERS_MOST - 1 };
    static struct fixture fixture;
    open_tally(&fixture);
    fixture.figures.tier_count = KITHP_TIERS_MOST;
    for (int32_t i = 0; i < KITHP_TIERS_MOST; i++)
        fixture.figures.tiers[i] = (struct kithp_tier){.promote_at = i * 10, .keep_at = i * 9};
    for (uint32_t week = 0; week < 2; week++)
        for (uint32_t i = 0; i < 2; i++)
            add(&fixture, MONDAY + week * WEEK, i, "article", KITHP_NOBODY, 3);
    struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, 2, 1);
    struct kithp_carried *top = kithp_carried_of(&run.sweep.carried, 0);
    struct kithp_carried *held = kithp_carried_of(&run.sweep.carried, 1);
    assert_int_equal(top->tier, TOP);
    assert_int_equal(top->before.pinned, 0);
    top->weeks_known = UINT8_MAX;
    held->pinned = 1; /* to the lowest */
    assert_true(kithp_sweep_week(&run.sweep, &fixture.tally, MONDAY_WEEK + 1, 2, run.review));
    kithp_sweep_finish(&run.sweep, run.review);
    assert_int_equal(top->weeks_known, UINT8_MAX);
    assert_int_equal(top->tier, TOP);
    assert_int_equal(top->before.tier, TOP);
    assert_int_equal(top->before.pinned, 0);
    assert_int_equal(held->weeks_known, 2);
    assert_int_equal(held->tier, 0);
    assert_int_equal(held->before.pinned, 1);
    free_run(&run);
    close_tally(&fixture);
}

/* Silent from the second review on: the flag is raised once, and again after it was down. */
static void sweep_flag_is_raised_when_it_was_not_up_before(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_tally(&fixture);
    const int64_t seen[] = {0, 4};
    for (unsigned i = 0; i < 2; i++) {
        add(&fixture, MONDAY + seen[i] * WEEK, 0, "login", KITHP_NOBODY, 1);
        add(&fixture, MONDAY + seen[i] * WEEK + DAY, 0, "login", KITHP_NOBODY, 1);
    }
    struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, 1, 8);
    /* Last days on Tuesday: 5, 12, 19, 26 days silent, then again 5, 12, 19, 26. */
    struct listed flags = listed_of(run.review, KITHP_LIST_FLAGS);
    assert_int_equal(flags.count, 2);
    assert_int_equal(flags.rows[0].week, 1);
    assert_int_equal(flags.rows[0].is.flags, KITH_FLAG_SILENT);
    assert_int_equal(flags.rows[1].week, 5);
    assert_int_equal(flags.rows[1].is.flags, KITH_FLAG_SILENT);
    listed_free(&flags);
    free_run(&run);
    close_tally(&fixture);
}

/* A week is shown as soon as anybody is known; those left out are in none of its figures. */
static void sweep_members_left_out_are_in_no_figure_of_the_week(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_tally(&fixture);
    fixture.figures.left_out = (struct kithp_patterns){.count = 1, .texts = {"*-bot"}};
    struct kithp_members members;
    kithp_members_init(&members, &fixture.memory.allocator, true);
    uint32_t bot, ana;
    assert_true(kithp_members_find_name(&members, TEXT("ci-bot"), &bot));
    assert_true(kithp_members_find_name(&members, TEXT("ana"), &ana));
    add(&fixture, MONDAY, bot, "post", KITHP_NOBODY, 5);
    add(&fixture, MONDAY + WEEK, ana, "post", KITHP_NOBODY, 1);
    add(&fixture, MONDAY + WEEK, bot, "like", ana, 1);
    struct run run;
    assert_true(kithp_sweep_init(&run.sweep, &fixture.memory.allocator, &fixture.figures, &members, 1));
    run.review = kithp_review_new(&fixture.memory.allocator, &fixture.figures, ALL_TABLES);
    for (uint32_t week = 0; week < 2; week++)
        assert_true(kithp_sweep_week(&run.sweep, &fixture.tally, MONDAY_WEEK + week, 2, run.review));
    kithp_sweep_finish(&run.sweep, run.review);
    const struct kithp_review_week *weeks = run.review->weeks;
    assert_int_equal(run.review->week_count, 2);
    assert_int_equal(weeks[0].members + weeks[0].active_members + weeks[0].tiers[0] + weeks[0].tiers[1], 0);
    assert_int_equal(weeks[0].score_sum, 0);
    assert_int_equal(weeks[1].members, 1);
    assert_int_equal(weeks[1].active_members, 1);
    assert_int_equal(weeks[1].stages[KITH_STAGE_NEW], 1);
    assert_int_equal(weeks[1].score_sum, kithp_carried_of(&run.sweep.carried, ana)->score);
    /* It is reviewed all the same, and what it does credits others. */
    assert_int_equal(run.review->lists[KITHP_LIST_HISTORY].count, 3);
    assert_true(kithp_carried_of(&run.sweep.carried, bot)->score > 0);
    assert_int_equal(kithp_carried_of(&run.sweep.carried, ana)->supporters[0], 1);
    free_run(&run);
    kithp_members_free(&members);
    close_tally(&fixture);
}

/*
 * A hundred members act in week 0; at the review of week 8 all are outcomes of u = 0: 60 of them were never seen again.
 * The other forty came once more in week 8, where their pattern is 1 at age 7.
 */
static void sweep_risk_counts_all_members_before_any_risk(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_tally(&fixture);
    for (uint32_t i = 0; i < 100; i++)
        add(&fixture, MONDAY, i, "login", KITHP_NOBODY, 1);
    for (uint32_t i = 0; i < 40; i++)
        add(&fixture, MONDAY + 8 * WEEK, i, "login", KITHP_NOBODY, 1);
    for (uint32_t threads = 1; threads <= 2; threads++) {
        struct run run = run_weeks(&fixture, &fixture.memory.allocator, threads, 100, 8);
        for (uint32_t i = 0; i < 100; i++)
            assert_int_equal(kithp_carried_of(&run.sweep.carried, i)->risk, KITHP_NO_RISK);
        assert_true(kithp_sweep_week(&run.sweep, &fixture.tally, MONDAY_WEEK + 8, 100, run.review));
        kithp_sweep_finish(&run.sweep, run.review);
        assert_int_equal(run.sweep.risk.all.n, 100);
        assert_int_equal(run.sweep.risk.all.y, 60);
        /* g = floor(610000 / 102) = 5980; (z, c) = (0, 1) is that of all: floor((600000 + 119600) / 120) = 5996;
         * (1, age 7) was never seen: floor(20 x 5996 / 20). Over 50 percent: at_risk, the first member included. */
        for (uint32_t i = 0; i < 40; i++) {
            assert_int_equal(kithp_carried_of(&run.sweep.carried, i)->risk, 5996);
            assert_true(kithp_carried_of(&run.sweep.carried, i)->flags & KITH_FLAG_AT_RISK);
        }
        /* Those not seen for eight weeks are gone. */
        for (uint32_t i = 40; i < 100; i++)
            assert_int_equal(kithp_carried_of(&run.sweep.carried, i)->risk, KITHP_NO_RISK);
        free_run(&run);
    }
    close_tally(&fixture);
}

static void sweep_at_risk_begins_at_the_policys_percent(void **state)
{
    (void)state;
    const struct {
        uint32_t percent;
        bool at_risk;
    } cases[] = {{59, true}, {60, false}};
    for (unsigned i = 0; i < 2; i++) {
        static struct fixture fixture;
        open_tally(&fixture);
        fixture.figures.risk_percent = cases[i].percent;
        for (uint32_t j = 0; j < 100; j++)
            add(&fixture, MONDAY, j, "login", KITHP_NOBODY, 1);
        for (uint32_t j = 0; j < 40; j++)
            add(&fixture, MONDAY + 8 * WEEK, j, "login", KITHP_NOBODY, 1);
        struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, 100, 9);
        assert_int_equal(kithp_carried_of(&run.sweep.carried, 0)->risk, 5996);
        assert_int_equal(!!(kithp_carried_of(&run.sweep.carried, 0)->flags & KITH_FLAG_AT_RISK), cases[i].at_risk);
        free_run(&run);
        close_tally(&fixture);
    }
}

static void sweep_failed_allocation_does_nothing(void **state)
{
    (void)state;
    enum { MEMBERS = 9000, WEEKS = 10 };
    static struct fixture fixture;
    open_tally(&fixture);
    add_random_events(&fixture, MEMBERS, WEEKS);
    struct run whole = run_weeks(&fixture, &fixture.memory.allocator, 1, MEMBERS, WEEKS);

    struct memory memory;
    memory_init(&memory);
    struct run run;
    memory_fail_after(&memory, 0);
    assert_false(kithp_sweep_init(&run.sweep, &memory.allocator, &fixture.figures, NULL, 2));
    kithp_sweep_free(&run.sweep);
    memory_fail_never(&memory);
    assert_int_equal(memory.live, 0);
    run = run_weeks(&fixture, &memory.allocator, 1, MEMBERS, 0);
    unsigned failures = 0;
    for (uint32_t week = 0; week < WEEKS; week++) {
        for (uint64_t n = 0;; n++) {
            memory_fail_after(&memory, n);
            bool done = kithp_sweep_week(&run.sweep, &fixture.tally, MONDAY_WEEK + week, MEMBERS, run.review);
            memory_fail_never(&memory);
            if (done)
                break;
            failures++;
            assert_int_equal(run.review->week_count, week);
            if (week > 0)
                assert_int_equal(run.sweep.last_week, MONDAY_WEEK + week - 1);
        }
    }
    assert_true(failures > 8);
    kithp_sweep_finish(&run.sweep, run.review);
    assert_same_run(&run, &whole);
    free_run(&run);
    assert_int_equal(memory.live, 0);
    free_run(&whole);
    close_tally(&fixture);
}

/* ---- a week that is not over ---- */

static void provisional_review_of_nobody_is_none(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_tally(&fixture);
    struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, 0, 0);
    struct kithp_carried now;
    assert_false(kithp_provisional_review(&run.sweep, &fixture.tally, 0, MONDAY, &now));
    add(&fixture, MONDAY, 0, "login", KITHP_NOBODY, 1);
    assert_true(kithp_provisional_review(&run.sweep, &fixture.tally, 0, MONDAY, &now));
    assert_true(now.joined == MONDAY);
    assert_false(kithp_provisional_review(&run.sweep, &fixture.tally, 1, MONDAY, &now));
    free_run(&run);
    close_tally(&fixture);
}

/* The weeks before it are those that were reviewed, and those that are over and were not. */
static void provisional_review_goes_by_all_weeks_before(void **state)
{
    (void)state;
    enum { WEEKS = 8 };
    static struct fixture fixture;
    open_tally(&fixture);
    assert_int_equal(fixture.figures.drop_baseline_weeks, 4);
    static const uint32_t likes[WEEKS] = {1000, 2, 30, 400, 5, 60, 700, 8};
    for (uint32_t week = 0; week < WEEKS; week++)
        add(&fixture, MONDAY + week * WEEK, 0, "like", KITHP_NOBODY, likes[week]);
    for (uint32_t reviewed = 0; reviewed < WEEKS; reviewed++) {
        struct run run = run_weeks(&fixture, &fixture.memory.allocator, 1, 1, reviewed);
        for (uint32_t week = reviewed; week < WEEKS; week++) {
            struct kithp_carried now;
            assert_true(kithp_provisional_review(&run.sweep, &fixture.tally, 0, MONDAY + week * WEEK + DAY, &now));
            uint32_t sum = 0;
            for (uint32_t before = 1; before <= 4 && before <= week; before++)
                sum += likes[week - before];
            assert_int_equal(now.before.baseline, sum);
            assert_int_equal(now.before.baseline_weeks, week < 4 ? week : 4);
        }
        free_run(&run);
    }
    close_tally(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweep_any_number_of_threads_gives_the_same),
        cmocka_unit_test(sweep_summary_is_the_sum_of_its_members),
        cmocka_unit_test(sweep_sum_of_scores_may_have_more_than_32_bits),
        cmocka_unit_test(sweep_week_before_anybody_is_known_is_not_shown),
        cmocka_unit_test(sweep_week_is_shown_whoever_of_all_threads_is_known),
        cmocka_unit_test(sweep_goes_up_to_the_last_of_all_that_is_counted),
        cmocka_unit_test(sweep_flag_is_raised_when_it_was_not_up_before),
        cmocka_unit_test(sweep_members_left_out_are_in_no_figure_of_the_week),
        cmocka_unit_test(sweep_risk_counts_all_members_before_any_risk),
        cmocka_unit_test(sweep_at_risk_begins_at_the_policys_percent),
        cmocka_unit_test(sweep_failed_allocation_does_nothing),
        cmocka_unit_test(provisional_review_of_nobody_is_none),
        cmocka_unit_test(provisional_review_goes_by_all_weeks_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
