/* SPDX-License-Identifier: MIT */
/* Between reviews: standings as of the last review and as of a moment, and whom to write to. */
#include <stdio.h>

#include "engine_support.h"

enum { PEOPLE = 300, WEEKS = 16, EVENTS_A_WEEK = 500, NAME_ROOM = 16 };

static const char *const kinds[] = {"post", "comment", "like", "help", "login", "article", "leave", "removed"};

static kith_standing_row standing_of(kith_engine *engine, const char *name, int64_t as_of, kith_status expected)
{
    uint64_t id = 0;
    kith_error error = NO_ERROR;
    kith_standing_row row = {.size = sizeof row, .score = -7};
    assert_status(kith_engine_find_id(engine, kith_text_of(name), &id, &error), KITH_OK, &error);
    assert_status(kith_engine_get_standing(engine, id, as_of, &row, &error), expected, &error);
    if (expected != KITH_OK)
        assert_int_equal(row.score, -7);
    return row;
}

/* A week of a community whose members come and go. */
static void add_week(kith_engine *engine, unsigned week, uint64_t *seed)
{
    for (unsigned i = 0; i < EVENTS_A_WEEK; i++) {
        char member[NAME_ROOM], target[NAME_ROOM];
        uint32_t joined = PEOPLE / 4 + PEOPLE * 3 / 4 * week / WEEKS;
        snprintf(member, sizeof member, "m%03u", chance_below(seed, chance_below(seed, joined) + 1));
        snprintf(target, sizeof target, "m%03u", chance_below(seed, joined));
        const char *kind = kinds[chance_below(seed, 20) ? chance_below(seed, 6) : 6 + chance_below(seed, 2)];
        int64_t time = MONDAY + week * WEEK + (int64_t)chance_below(seed, (uint32_t)WEEK);
        add_named(engine, time, member, kind, chance_below(seed, 2) ? target : "", 1 + chance_below(seed, 12));
    }
}

/* The outcomes that a week settles are not known before its review, and a drop is not foretold; all else is. */
static void compare(const kith_standing_row *before, const kith_standing_row *after)
{
    const uint32_t foretold = KITH_FLAG_SILENT | KITH_FLAG_DORMANT | KITH_FLAG_STALLED | KITH_FLAG_RETURNED;
    assert_int_equal(before->score, after->score);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(before->dimensions[d], after->dimensions[d]);
    assert_int_equal(before->tier, after->tier);
    assert_int_equal(before->stage, after->stage);
    assert_int_equal(before->flags & foretold, after->flags & foretold);
    assert_int_equal(before->flags & KITH_FLAG_DROP, 0);
    assert_int_equal(before->active_days, after->active_days);
    assert_int_equal(before->silent_days, after->silent_days);
    assert_int_equal(before->joined, after->joined);
    assert_int_equal(before->last_seen, after->last_seen);
}

static void standing_in_a_weeks_last_second_is_what_its_review_says(void **state)
{
    (void)state;
    static kith_standing_row before[PEOPLE];
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    uint64_t seed = 5;
    unsigned compared = 0;
    for (unsigned week = 0; week < WEEKS; week++) {
        add_week(engine, week, &seed);
        int64_t end = MONDAY + (week + 1) * WEEK;
        kith_engine_info info = {.size = sizeof info};
        assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
        for (uint64_t id = 1; id <= info.members; id++) {
            before[id - 1].size = sizeof *before;
            assert_int_equal(kith_engine_get_standing(engine, id, end - 1, &before[id - 1], NULL), KITH_OK);
        }
        /* Not every week is closed by itself. */
        if (week % 3 == 1)
            continue;
        kith_review_free(review_until(engine, end));
        for (uint64_t id = 1; id <= info.members; id++) {
            kith_standing_row after = {.size = sizeof after};
            assert_int_equal(kith_engine_get_standing(engine, id, KITH_LAST_REVIEW, &after, NULL), KITH_OK);

            compare(&before[id - 1], &after);
            compared++;
        }
    }
    assert_true(compared > 1500);
    kith_engine_free(engine);
}

static void standing_of_the_last_review_is_its_row(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    uint64_t seed = 6;
    for (unsigned week = 0; week < WEEKS; week++)
        add_week(engine, week, &seed);
    kith_review *review = review_until(engine, MONDAY + WEEKS * WEEK);
    add_named(engine, MONDAY + WEEKS * WEEK, "m000", "article", "", 3);
    kith_table *standings = NULL;
    assert_int_equal(kith_review_get_table(review, KITH_STANDINGS, &standings, NULL), KITH_OK);
    assert_true(kith_table_rows(standings) > 100);
    for (uint64_t i = 0; i < kith_table_rows(standings); i++) {
        kith_standing_row expected = {.size = sizeof expected};
        assert_int_equal(kith_table_get_row(standings, i, &expected, NULL), KITH_OK);
        char *name = text_string(expected.member);
        kith_standing_row row = standing_of(engine, name, KITH_LAST_REVIEW, KITH_OK);
        assert_string_equal(name, row.member.data ? name : "");
        free(name);
        row.member = expected.member;
        /* What a table does not tell. */
        row.on_leave = row.pinned = row.left_out = 0;
        row.leave_end = 0;
        assert_memory_equal(&row, &expected, sizeof row);
    }
    kith_table_free(standings);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void standing_tells_of_a_leave(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    /* From Tuesday on, for ten days: back on the second Friday. */
    add_named(engine, MONDAY + DAY, "ana", "leave", "", 10);
    add_named(engine, MONDAY, "ben", "login", "", 1);
    for (unsigned week = 0; week < 3; week++) {
        int64_t moment = MONDAY + week * WEEK;
        kith_standing_row before = standing_of(engine, "ana", moment, KITH_OK);
        kith_review_free(review_until(engine, moment + WEEK));
        kith_standing_row after = standing_of(engine, "ana", KITH_LAST_REVIEW, KITH_OK);
        assert_int_equal(before.on_leave, week < 2);
        assert_int_equal(after.on_leave, week < 2);
        assert_int_equal(before.leave_end, MONDAY_DAY + 11);
        assert_int_equal(after.leave_end, MONDAY_DAY + 11);
    }
    kith_standing_row ben = standing_of(engine, "ben", KITH_LAST_REVIEW, KITH_OK);
    assert_int_equal(ben.on_leave, 0);
    assert_int_equal(ben.leave_end, 0);
    assert_int_equal(ben.pinned, 0);
    assert_int_equal(ben.left_out, 0);
    kith_engine_free(engine);
}

static void standing_asked_for_changes_nothing(void **state)
{
    (void)state;
    struct tables tables[2];
    for (unsigned asked = 0; asked < 2; asked++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        kith_engine *engine = engine_with(&options);
        uint64_t seed = 7;
        for (unsigned week = 0; week < WEEKS; week++) {
            add_week(engine, week, &seed);
            kith_table *watch = NULL;
            if (asked) {
                standing_of(engine, "m000", MONDAY + week * WEEK + DAY, KITH_OK);
                assert_int_equal(kith_engine_get_watch(engine, MONDAY + week * WEEK, &watch, NULL), KITH_OK);
            }
            kith_table_free(watch);
        }
        kith_review *review = review_until(engine, MONDAY + WEEKS * WEEK);
        tables[asked] = tables_of(review, KITH_CSV_HEADER);
        kith_review_free(review);
        kith_engine_free(engine);
    }
    assert_same_tables(&tables[1], &tables[0], "asked");
    tables_free(&tables[0]);
    tables_free(&tables[1]);
}

/* ---- whom to write to ---- */

static char *watch_of(kith_engine *engine, int64_t as_of)
{
    kith_table *watch = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_get_watch(engine, as_of, &watch, &error), KITH_OK, &error);
    char *csv = csv_of_table(watch, KITH_CSV_NO_HEADER);
    kith_table_free(watch);
    return csv;
}

static void assert_watch(kith_engine *engine, int64_t as_of, const char *expected)
{
    char *csv = watch_of(engine, as_of);
    assert_string_equal(csv, expected);
    free(csv);
}

static void watch_warns_on_the_seventh_day(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY + 2 * DAY + 3600, "ana", "post", "", 1);
    add_named(engine, MONDAY + 3 * DAY, "ana", "like", "ben", 1);
    /*
     * A week later ana keeps 8 408 of 10 000 content points (thousandths) and 840 of 1 000 interaction points: scores
     * of 6.54 and 1.38, 3.03 in all; ben keeps 840, which is 0.69 and 0.27.
     */
    /* ana's last act is Thursday's, and the 7th day after it Thursday; ben has none, and was named then. */
    assert_watch(engine, MONDAY + 10 * DAY - 1, "");
    assert_watch(engine, MONDAY + 10 * DAY,
                 "ana,newcomer,3.03,silent,7,2026-03-05T00:00:00Z,,0,0\nben,newcomer,0.27,silent stalled,7,,,0,0\n");
    kith_review_free(review_until(engine, MONDAY + WEEK));
    assert_watch(engine, MONDAY + 10 * DAY - 1, "");
    assert_watch(engine, MONDAY + 10 * DAY,
                 "ana,newcomer,3.03,silent,7,2026-03-05T00:00:00Z,,0,0\nben,newcomer,0.27,silent stalled,7,,,0,0\n");
    /* Whoever comes back is not written to. */
    add_named(engine, MONDAY + 10 * DAY - 60, "ana", "login", "", 1);
    assert_watch(engine, MONDAY + 10 * DAY, "ben,newcomer,0.27,silent stalled,7,,,0,0\n");
    kith_engine_free(engine);
}

static void watch_is_ordered_by_tier_then_score_then_member(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "low", "login", "", 1);
    add_named(engine, MONDAY, "also low", "login", "", 1);
    add_named(engine, MONDAY, "better", "post", "", 1);
    add_named(engine, MONDAY, "high", "article", "", 3);
    char *csv = watch_of(engine, MONDAY + 8 * DAY);
    const char *order[] = {"high,active,", "\nbetter,newcomer,", "\nalso low,newcomer,0.00,", "\nlow,newcomer,0.00,"};
    const char *at = csv;
    for (unsigned i = 0; i < 4; i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
    free(csv);
    kith_engine_free(engine);
}

/* Rows agree with the standings that they are made of, and name everybody whom a flag is up for. */
static void watch_agrees_with_the_standings(void **state)
{
    (void)state;
    const uint32_t watched = KITH_FLAG_SILENT | KITH_FLAG_DORMANT | KITH_FLAG_AT_RISK;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    uint64_t seed = 8;
    for (unsigned week = 0; week < WEEKS; week++)
        add_week(engine, week, &seed);
    kith_review_free(review_until(engine, MONDAY + (WEEKS - 1) * WEEK));
    int64_t as_of = MONDAY + (WEEKS - 1) * WEEK + 3 * DAY;
    kith_table *watch = NULL;
    assert_int_equal(kith_engine_get_watch(engine, as_of, &watch, NULL), KITH_OK);
    unsigned at_risk = 0;
    for (uint64_t i = 0; i < kith_table_rows(watch); i++) {
        kith_watch_row row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(watch, i, &row, NULL), KITH_OK);
        char *name = text_string(row.member);
        kith_standing_row standing = standing_of(engine, name, as_of, KITH_OK);
        free(name);
        assert_int_equal(row.tier, standing.tier);
        assert_int_equal(row.score, standing.score);
        assert_int_equal(row.flags, standing.flags);
        assert_int_equal(row.silent_days, standing.silent_days);
        assert_int_equal(row.last_seen, standing.last_seen);
        assert_int_equal(row.risk, standing.risk);
        assert_true(row.lost <= row.alike);
        at_risk += standing.risk >= 0;
    }
    assert_true(at_risk > 5);
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    uint64_t up = 0;
    for (uint64_t id = 1; id <= info.members; id++) {
        kith_standing_row standing = {.size = sizeof standing};
        assert_int_equal(kith_engine_get_standing(engine, id, as_of, &standing, NULL), KITH_OK);
        up += (standing.flags & watched) != 0;
    }
    assert_int_equal(kith_table_rows(watch), up);
    kith_table_free(watch);
    kith_engine_free(engine);
}

/* ---- what cannot be told ---- */

static void standing_of_strangers_is_unknown(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_error error = NO_ERROR;
    uint64_t id = 4711;
    assert_status(kith_engine_find_id(engine, kith_text_of("ana"), &id, &error), KITH_UNKNOWN_MEMBER, &error);
    assert_int_equal(id, 4711);
    kith_standing_row row = {.size = sizeof row};
    assert_status(kith_engine_get_standing(engine, 1, MONDAY, &row, &error), KITH_UNKNOWN_MEMBER, &error);
    add_named(engine, MONDAY + WEEK, "ana", "post", "", 1);
    standing_of(engine, "ana", KITH_LAST_REVIEW, KITH_UNKNOWN_MEMBER);
    standing_of(engine, "ana", MONDAY + WEEK - 1, KITH_UNKNOWN_MEMBER);
    standing_of(engine, "ana", MONDAY + WEEK, KITH_OK);
    kith_engine_free(engine);
}

static void standing_as_of_a_reviewed_week_is_refused(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.max_weeks = 10;
    kith_engine *engine = engine_with(&options);
    kith_event event = {.size = sizeof event, .time = MONDAY, .member = 7, .quantity = 1};
    assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    const struct {
        int64_t as_of;
        kith_status status;
    } cases[] = {
        {MONDAY + WEEK - 1, KITH_BAD_ARGUMENT},
        {MONDAY + WEEK, KITH_OK},
        {-1, KITH_BAD_ARGUMENT},
        {MONDAY + 11 * WEEK - 1, KITH_OK},
        {MONDAY + 11 * WEEK, KITH_TOO_MANY_WEEKS},
        {253370764800, KITH_BAD_ARGUMENT},
        {KITH_LAST_REVIEW, KITH_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error error = NO_ERROR;
        kith_standing_row row = {.size = sizeof row};
        assert_status(kith_engine_get_standing(engine, 7, cases[i].as_of, &row, &error), cases[i].status, &error);
        if (cases[i].status == KITH_OK)
            assert_int_equal(row.id, 7);
        kith_table *watch = NULL;
        kith_status status = kith_engine_get_watch(engine, cases[i].as_of, &watch, &error);
        if (cases[i].as_of != KITH_LAST_REVIEW)
            assert_status(status, cases[i].status, &error);
        kith_table_free(watch);
    }
    kith_engine_free(engine);
}

static void standing_arguments_are_checked(void **state)
{
    (void)state;
    kith_engine_options named = all_tables(KITH_NAMED), numbered = all_tables(KITH_NUMBERED);
    kith_engine *names = engine_with(&named), *numbers = engine_with(&numbered);
    add_named(names, MONDAY, "ana", "post", "", 1);
    kith_error error = NO_ERROR;
    kith_standing_row row = {.size = sizeof row}, unset = {.size = 0};
    kith_table *table = NULL;
    uint64_t id = 0;
    assert_int_equal(kith_engine_find_id(NULL, TEXT("ana"), &id, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    assert_int_equal(kith_engine_find_id(numbers, TEXT("ana"), &id, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    assert_int_equal(kith_engine_find_id(names, TEXT("ana"), NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "id");
    assert_int_equal(id, 0);
    assert_int_equal(kith_engine_find_id(names, TEXT("ana"), &id, &error), KITH_OK);
    assert_int_equal(kith_engine_get_standing(NULL, id, MONDAY, &row, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    assert_int_equal(kith_engine_get_standing(names, id, MONDAY, NULL, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_standing(names, id, MONDAY, &unset, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_watch(NULL, MONDAY, &table, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    assert_int_equal(kith_engine_get_watch(names, MONDAY, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "table");
    assert_null(table);
    assert_int_equal(kith_engine_get_standing(names, id, MONDAY, &row, &error), KITH_OK);
    kith_engine_free(names);
    kith_engine_free(numbers);
}

static void watch_without_memory_makes_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.allocator = &memory.allocator;
    kith_engine *engine = engine_with(&options);
    uint64_t seed = 9;
    add_week(engine, 0, &seed);
    int64_t as_of = MONDAY + 3 * WEEK;
    char *expected = watch_of(engine, as_of);
    add_named(engine, MONDAY, "zoe", "login", "", 1);
    kith_status status = KITH_NO_MEMORY;
    unsigned failures = 0;
    for (uint64_t n = 0; status != KITH_OK; n++) {
        kith_table *watch = NULL;
        memory_fail_after(&memory, n);
        status = kith_engine_get_watch(engine, as_of, &watch, NULL);
        memory_fail_never(&memory);
        assert_true((status == KITH_OK) == (watch != NULL));
        failures += status == KITH_NO_MEMORY;
        kith_table_free(watch);
    }
    assert_true(failures > 10);
    char *csv = watch_of(engine, as_of);
    assert_true(strlen(csv) > strlen(expected));
    free(csv);
    free(expected);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standing_in_a_weeks_last_second_is_what_its_review_says),
        cmocka_unit_test(standing_of_the_last_review_is_its_row),
        cmocka_unit_test(standing_tells_of_a_leave),
        cmocka_unit_test(standing_asked_for_changes_nothing),
        cmocka_unit_test(watch_warns_on_the_seventh_day),
        cmocka_unit_test(watch_is_ordered_by_tier_then_score_then_member),
        cmocka_unit_test(watch_agrees_with_the_standings),
        cmocka_unit_test(standing_of_strangers_is_unknown),
        cmocka_unit_test(standing_as_of_a_reviewed_week_is_refused),
        cmocka_unit_test(standing_arguments_are_checked),
        cmocka_unit_test(watch_without_memory_makes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
