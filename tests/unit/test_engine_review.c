/* SPDX-License-Identifier: MIT */
/* Reviews as an application makes them: which weeks they span, and what outlives what. */
#include <kith/kith.h>

#include "engine_support.h"

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info;
}

static kith_review_info span_of(const kith_review *review)
{
    kith_review_info info = {.size = sizeof info};
    kith_error error = NO_ERROR;
    assert_status(kith_review_get_info(review, &info, &error), KITH_OK, &error);
    assert_int_equal(info.size, sizeof info);
    assert_int_equal(info.reserved, 0);
    return info;
}

/* Reviews, and says which weeks that spanned, counted from the first Monday. */
static void assert_span(kith_engine *engine, int64_t until, uint32_t weeks, int32_t first)
{
    kith_review *review = review_until(engine, until);
    kith_review_info info = span_of(review);
    assert_int_equal(info.weeks, weeks);
    assert_int_equal(info.first_week, weeks ? MONDAY_DAY + 7 * first : 0);
    assert_int_equal(info.last_week, weeks ? MONDAY_DAY + 7 * (first + (int32_t)weeks - 1) : 0);
    kith_review_free(review);
}

static kith_engine *new_engine(void)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    return engine_with(&options);
}

static void review_spans_the_weeks_that_are_over(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    add_named(engine, MONDAY + WEEK, "ana", "login", "", 1);
    assert_span(engine, MONDAY + 2 * WEEK - 1, 0, 0);
    assert_span(engine, MONDAY + 2 * WEEK, 1, 1);
    assert_span(engine, MONDAY + 2 * WEEK, 0, 0);
    assert_span(engine, MONDAY + 5 * WEEK + 3 * DAY, 3, 2);
    kith_engine_free(engine);
}

static void review_of_nothing_spans_no_week(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_review *review = review_until(engine, MONDAY);
    kith_review_info info = span_of(review);
    assert_int_equal(info.weeks, 0);
    assert_int_equal(info.first_week, 0);
    assert_int_equal(info.last_week, 0);
    assert_int_equal(info.tables, 31);
    static const char *const headers[TABLES] = {
        "member,score,content,interaction,community,tier,stage,flags,risk,active_days,silent_days,joined,last_seen\n",
        "week,member,from,to,reason,score\n",
        "week,member,flag\n",
        ("week,members,active_members,mean_score,new,returned,core,active,away,silent,dormant,"
         "tier_newcomer,tier_active,tier_veteran,tier_mentor\n"),
        "week,member,score,content,interaction,community,tier,stage,flags\n",
    };
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    for (unsigned i = 0; i < TABLES; i++)
        assert_string_equal(tables.csv[i], headers[i]);
    tables_free(&tables);
    kith_review_free(review);
    assert_int_equal(info_of(engine).reviewed_until, MONDAY);
    kith_engine_free(engine);
}

/* An empty review brings no change, but standings are as the last review left them. */
static void review_twice_shows_the_same_standings(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    add_named(engine, MONDAY, "ana", "article", "", 1);
    kith_review *first = review_until(engine, MONDAY + WEEK);
    kith_review *second = review_until(engine, MONDAY + WEEK);
    struct tables once = tables_of(first, KITH_CSV_NO_HEADER), twice = tables_of(second, KITH_CSV_NO_HEADER);
    assert_string_equal(once.csv[0],
                        "ana,5.71,14.28,0.00,0.00,active,new,,,1,6,2026-03-02T00:00:00Z,2026-03-02T00:00:00Z\n");
    assert_string_equal(twice.csv[0], once.csv[0]);
    for (unsigned i = 1; i < TABLES; i++)
        assert_string_equal(twice.csv[i], "");
    tables_free(&once);
    tables_free(&twice);
    kith_review_free(first);
    kith_review_free(second);
    kith_engine_free(engine);
}

static void review_of_an_earlier_moment_opens_nothing_again(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    add_named(engine, MONDAY, "ana", "login", "", 1);
    assert_span(engine, MONDAY + 3 * WEEK, 3, 0);
    assert_span(engine, MONDAY, 0, 0);
    assert_span(engine, INT64_MIN, 0, 0);
    assert_int_equal(info_of(engine).reviewed_until, MONDAY + 3 * WEEK);
    assert_span(engine, MONDAY + 4 * WEEK, 1, 3);
    kith_engine_free(engine);
}

static void review_standings_leave_out_open_weeks(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    add_named(engine, MONDAY, "ana", "login", "", 1);
    add_named(engine, MONDAY + WEEK, "ben", "article", "", 3);
    add_named(engine, MONDAY + WEEK + 5, "ana", "article", "", 3);
    kith_review *review = review_until(engine, MONDAY + WEEK);
    char *csv = csv_of(review, KITH_STANDINGS, KITH_CSV_NO_HEADER);
    assert_string_equal(csv, "ana,0.00,0.00,0.00,0.00,newcomer,new,,,1,6,2026-03-02T00:00:00Z,2026-03-02T00:00:00Z\n");
    free(csv);
    kith_review_free(review);
    kith_engine_free(engine);
}

/* The first week shown is the first in which anybody is known, however early a review begins. */
static void review_begins_with_the_first_known_member(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_review_free(review_until(engine, MONDAY - 50 * WEEK));
    kith_review_free(review_until(engine, MONDAY - 10 * WEEK));
    add_named(engine, MONDAY + 5 * WEEK, "ana", "login", "", 1);
    assert_span(engine, MONDAY + 2 * WEEK, 0, 0);
    assert_span(engine, MONDAY + 7 * WEEK, 2, 5);
    kith_engine_free(engine);
}

static void review_of_too_many_weeks_changes_nothing(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.max_weeks = 4;
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 1);
    kith_engine_info before = info_of(engine), after;
    kith_review *const untouched = (kith_review *)&options;
    kith_review *review = untouched;
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_review(engine, MONDAY + 5 * WEEK, &review, &error), KITH_TOO_MANY_WEEKS);
    assert_int_equal(error.status, KITH_TOO_MANY_WEEKS);
    assert_true(error.message[0] != '\0');
    assert_ptr_equal(review, untouched);
    assert_int_equal(kith_engine_review(engine, INT64_MAX, &review, NULL), KITH_TOO_MANY_WEEKS);
    after = info_of(engine);
    assert_memory_equal(&after, &before, sizeof after);
    assert_span(engine, MONDAY + 4 * WEEK, 4, 0);
    assert_int_equal(kith_engine_review(engine, MONDAY + 9 * WEEK, &review, NULL), KITH_TOO_MANY_WEEKS);
    assert_span(engine, MONDAY + 8 * WEEK, 4, 4);
    kith_engine_free(engine);
}

/* Weeks closed before anybody was known are none of those that are counted. */
static void review_limit_is_of_weeks_with_members(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.max_weeks = 2;
    kith_engine *engine = engine_with(&options);
    kith_review_free(review_until(engine, MONDAY - 50 * WEEK));
    add_named(engine, MONDAY, "ana", "article", "", 1);
    assert_span(engine, MONDAY + 2 * WEEK, 2, 0);
    kith_engine_free(engine);
}

static void review_may_span_5200_weeks_by_default(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.tables = KITH_WEEKS;
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 1);
    kith_review *review = NULL;
    assert_int_equal(kith_engine_review(engine, MONDAY + 5201 * WEEK, &review, NULL), KITH_TOO_MANY_WEEKS);
    assert_span(engine, MONDAY + 5200 * WEEK, 5200, 0);
    kith_engine_free(engine);
}

/* Without a member, no span is too long; and the whole of time is over then. */
static void review_of_all_time_closes_the_last_week(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_review_free(review_until(engine, INT64_MAX));
    kith_policy *policy = policy_of(NULL);
    kith_event event = {.size = sizeof event,
                        .time = INT64_C(253370764799),
                        .quantity = 1,
                        .member_name = TEXT("ana"),
                        .kind = kind_of(policy, "login")};
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_REFUSED);
    assert_int_equal(error.reason, KITH_REASON_LATE);
    kith_policy_free(policy);
    kith_engine_free(engine);
    engine = new_engine();
    kith_review_free(review_until(engine, INT64_MIN));
    add_named(engine, 0, "ana", "login", "", 1);
    kith_engine_free(engine);
}

static void review_of_the_last_week_of_time_works(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    add_named(engine, INT64_C(253370764799), "ana", "login", "", 1);
    kith_review *review = review_until(engine, INT64_MAX);
    char *csv = csv_of(review, KITH_STANDINGS, KITH_CSV_NO_HEADER);
    /* 31 December 9998 is a Thursday: three days to the end of its week. */
    assert_string_equal(csv, "ana,0.00,0.00,0.00,0.00,newcomer,new,,,1,3,9998-12-31T23:59:59Z,9998-12-31T23:59:59Z\n");
    free(csv);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void review_goes_by_the_communitys_clock(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("[calendar]\nutc_offset = +05:30\nweek_start = wednesday\n");
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = NULL;
    assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
    /* Wednesday, 4 March 2026, begins there at 18:30 UTC the day before. */
    const int64_t begin = MONDAY + 2 * DAY - 19800;
    const int64_t times[] = {begin - 1, begin, begin + WEEK - 1, begin + WEEK};
    for (unsigned i = 0; i < 4; i++) {
        kith_event event = {
            .size = sizeof event, .time = times[i], .quantity = 1, .member = i + 1, .kind = kind_of(policy, "login")};
        assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    }
    kith_review *review = review_until(engine, begin + WEEK - 1);
    kith_review_info info = span_of(review);
    assert_int_equal(info.weeks, 1);
    assert_int_equal(info.first_week, MONDAY_DAY + 2 - 7);
    kith_review_free(review);
    review = review_until(engine, begin + WEEK);
    info = span_of(review);
    assert_int_equal(info.weeks, 1);
    assert_int_equal(info.first_week, MONDAY_DAY + 2);
    char *csv = csv_of(review, KITH_WEEKS, KITH_CSV_NO_HEADER);
    assert_string_equal(csv, "2026-03-04,3,2,0.00,2,0,0,0,0,1,0,3,0,0,0\n");
    free(csv);
    kith_review_free(review);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* ---- what outlives what ---- */

static void review_and_tables_outlive_the_engine(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    for (uint32_t members = KITH_NAMED; members <= KITH_NUMBERED; members++) {
        kith_engine_options options = all_tables(members);
        options.allocator = &memory.allocator;
        kith_engine *engine = engine_with(&options);
        int64_t time = MONDAY;
        kith_policy *policy = policy_of(NULL);
        uint32_t article = kind_of(policy, "article");
        uint64_t id = 1;
        if (members == KITH_NAMED) {
            kith_text name = TEXT("1");
            assert_int_equal(kith_engine_get_ids(engine, &name, 1, &id, NULL), KITH_OK);
        }
        kith_events events = {.size = sizeof events, .count = 1, .time = &time, .member = &id, .kind = &article};
        assert_int_equal(kith_engine_add(engine, &events, NULL, NULL), KITH_OK);
        kith_review *review = review_until(engine, MONDAY + 5 * WEEK);
        struct tables expected = tables_of(review, KITH_CSV_HEADER);
        kith_policy_free(policy);
        kith_engine_free(engine);
        kith_table *tables[TABLES];
        for (unsigned i = 0; i < TABLES; i++)
            assert_int_equal(kith_review_get_table(review, table_bits[i], &tables[i], NULL), KITH_OK);
        kith_review_free(review);
        for (unsigned i = 0; i < TABLES; i++) {
            char *csv = csv_of_table(tables[i], KITH_CSV_HEADER);
            assert_string_equal(csv, expected.csv[i]);
            free(csv);
            kith_table_free(tables[i]);
        }
        tables_free(&expected);
        assert_int_equal(memory.live, 0);
    }
}

static void review_is_not_changed_by_later_ones(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    add_named(engine, MONDAY, "ben", "article", "", 1);
    kith_review *first = review_until(engine, MONDAY + WEEK);
    struct tables before = tables_of(first, KITH_CSV_HEADER);
    add_named(engine, MONDAY + WEEK, "ana", "like", "ben", 9);
    add_named(engine, MONDAY + 2 * WEEK, "ben", "article", "", 9);
    kith_review *second = review_until(engine, MONDAY + 9 * WEEK);
    struct tables after = tables_of(first, KITH_CSV_HEADER);
    assert_same_tables(&after, &before, "first review");
    tables_free(&before);
    tables_free(&after);
    kith_review_free(second);
    kith_review_free(first);
    kith_engine_free(engine);
}

/* ---- tables of a review ---- */

static void review_has_the_tables_that_were_asked_for(void **state)
{
    (void)state;
    for (uint32_t asked = 1; asked < 32; asked++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        options.tables = asked;
        kith_engine *engine = engine_with(&options);
        add_named(engine, MONDAY, "ana", "article", "", 1);
        kith_review *review = review_until(engine, MONDAY + 5 * WEEK);
        assert_int_equal(span_of(review).tables, asked);
        const uint64_t rows[TABLES] = {1, 2, 3, 5, 5};
        for (unsigned i = 0; i < TABLES; i++) {
            kith_table *table = NULL;
            kith_error error = NO_ERROR;
            kith_status status = kith_review_get_table(review, table_bits[i], &table, &error);
            assert_status(status, asked & table_bits[i] ? KITH_OK : KITH_BAD_ARGUMENT, &error);
            assert_int_equal(kith_table_rows(table), asked & table_bits[i] ? rows[i] : 0);
            kith_table_free(table);
        }
        kith_review_free(review);
        kith_engine_free(engine);
    }
}

static void review_bad_arguments_leave_results_as_they_were(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    add_named(engine, MONDAY, "ana", "article", "", 1);
    kith_review *const no_review = (kith_review *)&engine;
    kith_review *review = no_review;
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_review(NULL, MONDAY, &review, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    assert_ptr_equal(review, no_review);
    assert_int_equal(kith_engine_review(engine, MONDAY + WEEK, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "review");
    assert_true(info_of(engine).reviewed_until == KITH_NO_TIME);

    review = review_until(engine, MONDAY + WEEK);
    kith_table *const no_table = (kith_table *)&engine;
    kith_table *table = no_table;
    const uint32_t bad[] = {0, KITH_STANDINGS | KITH_CHANGES, KITH_REJECTS, 64, UINT32_MAX};
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(kith_review_get_table(review, bad[i], &table, &error), KITH_BAD_ARGUMENT);
        assert_string_equal(error.field, "which");
    }
    assert_int_equal(kith_review_get_table(NULL, KITH_STANDINGS, &table, &error), KITH_BAD_ARGUMENT);
    assert_ptr_equal(table, no_table);
    assert_int_equal(kith_review_get_table(review, KITH_STANDINGS, NULL, &error), KITH_BAD_ARGUMENT);

    kith_review_info info, before;
    memset(&info, 0x5A, sizeof info);
    info.size = sizeof info;
    before = info;
    assert_int_equal(kith_review_get_info(NULL, &info, &error), KITH_BAD_ARGUMENT);
    assert_memory_equal(&info, &before, sizeof info);
    assert_int_equal(kith_review_get_info(review, NULL, &error), KITH_BAD_ARGUMENT);
    info.size = before.size = sizeof info - 1;
    assert_int_equal(kith_review_get_info(review, &info, &error), KITH_BAD_ARGUMENT);
    assert_memory_equal(&info, &before, sizeof info);
    kith_review_free(review);
    kith_engine_free(engine);
}

/* ---- cancelling ---- */

struct canceller {
    uint64_t calls;
    uint64_t cancel_at; /* the call that cancels, from 1; 0 for none */
    uint64_t done;
    uint64_t total;
};

static int count_or_cancel(void *context, uint64_t done, uint64_t total)
{
    struct canceller *canceller = context;
    canceller->done = done;
    canceller->total = total;
    return ++canceller->calls == canceller->cancel_at ? 1 : 0;
}

enum { MEMBERS = 60, WEEKS = 12 };

static kith_engine *engine_of_many(struct canceller *canceller)
{
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.progress = count_or_cancel;
    options.progress_context = canceller;
    kith_engine *engine = engine_with(&options);
    uint64_t seed = 5;
    for (unsigned i = 0; i < 2000; i++) {
        kith_event event = {.size = sizeof event, .quantity = 1};
        event.time = MONDAY + chance_below(&seed, WEEKS * 604800);
        event.kind = chance_below(&seed, 26);
        event.member = 1 + chance_below(&seed, MEMBERS);
        event.target = chance_below(&seed, MEMBERS + 1);
        assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    }
    return engine;
}

static void review_cancelled_goes_on_to_the_same_result(void **state)
{
    (void)state;
    struct canceller canceller = {0};
    kith_engine *engine = engine_of_many(&canceller);
    canceller = (struct canceller){0};
    kith_review *review = review_until(engine, MONDAY + WEEKS * WEEK);
    assert_int_equal(canceller.calls, WEEKS);
    assert_int_equal(canceller.total, WEEKS);
    struct tables expected = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    kith_engine_free(engine);

    for (uint64_t cancel_at = 1; cancel_at <= WEEKS; cancel_at++) {
        engine = engine_of_many(&canceller);
        canceller = (struct canceller){.cancel_at = cancel_at};
        kith_review *const untouched = (kith_review *)&canceller;
        review = untouched;
        kith_error error = NO_ERROR;
        assert_int_equal(kith_engine_review(engine, MONDAY + WEEKS * WEEK, &review, &error), KITH_CANCELLED);
        assert_int_equal(error.status, KITH_CANCELLED);
        assert_ptr_equal(review, untouched);
        assert_int_equal(canceller.done, cancel_at - 1);
        /* The weeks done are closed. */
        kith_engine_info info = info_of(engine);
        if (cancel_at == 1)
            assert_true(info.reviewed_until == KITH_NO_TIME);
        else
            assert_int_equal(info.reviewed_until, MONDAY + (int64_t)(cancel_at - 1) * WEEK);
        assert_int_equal(info.open_weeks, WEEKS - (cancel_at - 1));
        /* Cancelled again at once, and then let through to another moment before the last. */
        canceller = (struct canceller){.cancel_at = 1};
        assert_int_equal(kith_engine_review(engine, MONDAY + WEEKS * WEEK, &review, &error), KITH_CANCELLED);
        assert_ptr_equal(review, untouched);
        canceller = (struct canceller){0};
        review = review_until(engine, MONDAY + WEEKS * WEEK);
        assert_int_equal(span_of(review).weeks, WEEKS);
        struct tables tables = tables_of(review, KITH_CSV_HEADER);
        assert_same_tables(&tables, &expected, "cancelled");
        tables_free(&tables);
        kith_review_free(review);
        kith_engine_free(engine);
    }
    tables_free(&expected);
}

/* Cancelled, and then asked for less than it had done: the weeks closed are in that review. */
static void review_cancelled_keeps_its_weeks_for_the_next(void **state)
{
    (void)state;
    struct canceller canceller = {0};
    kith_engine *engine = engine_of_many(&canceller);
    canceller = (struct canceller){.cancel_at = 6};
    kith_review *review = NULL;
    assert_int_equal(kith_engine_review(engine, MONDAY + WEEKS * WEEK, &review, NULL), KITH_CANCELLED);
    canceller = (struct canceller){0};
    assert_span(engine, MONDAY + 2 * WEEK, 5, 0);
    assert_span(engine, MONDAY + WEEKS * WEEK, WEEKS - 5, 5);
    kith_engine_free(engine);
}

static void review_cancelled_and_forgotten_leaks_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct canceller canceller = {.cancel_at = 3};
    kith_engine_options options = all_tables(KITH_NAMED);
    options.progress = count_or_cancel;
    options.progress_context = &canceller;
    options.allocator = &memory.allocator;
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 1);
    kith_review *review = NULL;
    assert_int_equal(kith_engine_review(engine, MONDAY + 9 * WEEK, &review, NULL), KITH_CANCELLED);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

/* Rows of one table alone, of which a week has more than any other could have: the same as among all. */
static void review_of_one_table_has_the_rows_that_it_has_among_all(void **state)
{
    (void)state;
    enum { KNOWN = 4000 };
    static const uint32_t tables[KITHP_LISTS] = {KITH_CHANGES, KITH_FLAGS, KITH_HISTORY};
    struct listed expected[KITHP_LISTS] = {{NULL, 0}};
    for (unsigned asked = 0; asked <= KITHP_LISTS; asked++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        if (asked > 0)
            options.tables = tables[asked - 1];
        kith_engine *engine = engine_with(&options);
        /* Each rises, falls silent, and falls. */
        for (unsigned i = 0; i < KNOWN; i++) {
            char name[16];
            snprintf(name, sizeof name, "m%u", i * 7919 % KNOWN);
            add_named(engine, MONDAY + i, name, "article", "", 3);
        }
        kith_review *review = review_until(engine, MONDAY + 9 * WEEK);
        for (unsigned list = 0; list < KITHP_LISTS; list++) {
            struct listed rows = listed_of(review, list);
            /* Of more members than one digit of their places can tell apart, each week is in their order. */
            for (size_t i = 1; i < rows.count; i++)
                assert_true(rows.rows[i].week > rows.rows[i - 1].week ||
                            rows.rows[i].is.member > rows.rows[i - 1].is.member);
            if (asked == 0) {
                assert_true(rows.count >= KNOWN);
                expected[list] = rows;
                continue;
            }
            if (tables[list] == options.tables) {
                assert_int_equal(rows.count, expected[list].count);
                for (size_t i = 0; i < rows.count; i++) {
                    assert_int_equal(rows.rows[i].week, expected[list].rows[i].week);
                    assert_int_equal(rows.rows[i].is.member, expected[list].rows[i].is.member);
                    assert_int_equal(rows.rows[i].is.to, expected[list].rows[i].is.to);
                    assert_int_equal(rows.rows[i].is.flags, expected[list].rows[i].is.flags);
                }
            } else {
                assert_int_equal(rows.count, 0);
            }
            listed_free(&rows);
        }
        kith_review_free(review);
        kith_engine_free(engine);
    }
    for (unsigned list = 0; list < KITHP_LISTS; list++)
        listed_free(&expected[list]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(review_spans_the_weeks_that_are_over),
        cmocka_unit_test(review_of_nothing_spans_no_week),
        cmocka_unit_test(review_twice_shows_the_same_standings),
        cmocka_unit_test(review_of_an_earlier_moment_opens_nothing_again),
        cmocka_unit_test(review_standings_leave_out_open_weeks),
        cmocka_unit_test(review_begins_with_the_first_known_member),
        cmocka_unit_test(review_of_too_many_weeks_changes_nothing),
        cmocka_unit_test(review_limit_is_of_weeks_with_members),
        cmocka_unit_test(review_may_span_5200_weeks_by_default),
        cmocka_unit_test(review_of_all_time_closes_the_last_week),
        cmocka_unit_test(review_of_the_last_week_of_time_works),
        cmocka_unit_test(review_goes_by_the_communitys_clock),
        cmocka_unit_test(review_and_tables_outlive_the_engine),
        cmocka_unit_test(review_is_not_changed_by_later_ones),
        cmocka_unit_test(review_has_the_tables_that_were_asked_for),
        cmocka_unit_test(review_bad_arguments_leave_results_as_they_were),
        cmocka_unit_test(review_cancelled_goes_on_to_the_same_result),
        cmocka_unit_test(review_cancelled_keeps_its_weeks_for_the_next),
        cmocka_unit_test(review_cancelled_and_forgotten_leaks_nothing),
        cmocka_unit_test(review_of_one_table_has_the_rows_that_it_has_among_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
