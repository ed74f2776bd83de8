/* SPDX-License-Identifier: MIT */
/*
 * An engine that was saved and loaded goes on as if nothing had been: whenever that was, what it then brings is the
 * same, byte for byte, as from one that was never saved.
 */
#include "snapshot_support.h"

#include "engine/engine.h"

enum { SMALL_ACTS = 260, SMALL_PEOPLE = 9, SMALL_WEEKS = 13 };

/* Adds acts in order and reviews each week when a later one begins; restarts where `restarts` says so. */
struct run {
    struct tables tables;
    bool has_tables;
};

static void review_weeks(kith_engine *engine, struct run *run, int64_t until)
{
    kith_review *review = review_until(engine, until);
    struct tables tables = tables_of(review, run->has_tables ? KITH_CSV_NO_HEADER : KITH_CSV_HEADER);
    if (run->has_tables) {
        tables_go_on(&run->tables, &tables);
        tables_free(&tables);
    } else {
        run->tables = tables;
        run->has_tables = true;
    }
    kith_review_free(review);
}

typedef bool (*restarts_fn)(void *context, size_t act);

/* What a community brings whose engine is restarted now and then; and its snapshot before the last review. */
static struct tables live(const struct act *acts, size_t count, uint32_t weeks, bool named, restarts_fn restarts,
                          void *context, struct gathered *bytes)
{
    kith_engine_options options = all_tables(named ? KITH_NAMED : KITH_NUMBERED);
    kith_engine *engine = small_engine(options.members, NULL);
    /* The one thing in a snapshot that is left to chance. */
    memset(engine->ids.keys, 1, sizeof engine->ids.keys);
    struct run run = {.has_tables = false};
    int64_t week_end = MONDAY + WEEK;
    for (size_t i = 0; i < count; i++) {
        /* Half a day late, so that a week is open beside the one under review. */
        for (; acts[i].time >= week_end + DAY / 2; week_end += WEEK) {
            review_weeks(engine, &run, week_end);
            if (restarts && restarts(context, i))
                engine = restart(engine, &options);
        }
        add_act(engine, &acts[i], named);
        if (restarts && restarts(context, i))
            engine = restart(engine, &options);
    }
    *bytes = bytes_of(engine);
    review_weeks(engine, &run, MONDAY + weeks * WEEK + 3 * WEEK);
    kith_engine_free(engine);
    return run.tables;
}

static bool always(void *context, size_t act)
{
    (void)context;
    (void)act;
    return true;
}

static void check_restarts(const struct act *acts, size_t count, uint32_t weeks, bool named, restarts_fn restarts,
                           void *context)
{
    struct gathered bytes, expected_bytes;
    struct tables expected = live(acts, count, weeks, named, NULL, NULL, &expected_bytes);
    struct tables tables = live(acts, count, weeks, named, restarts, context, &bytes);
    assert_same_tables(&tables, &expected, named ? "named" : "numbered");
    assert_same_bytes(&bytes, &expected_bytes, "a later snapshot");
    /* There is something to compare. */
    assert_non_null(strstr(expected.csv[1], "promoted"));
    assert_non_null(strstr(expected.csv[1], "dormant"));
    assert_non_null(strstr(expected.csv[2], "drop"));
    tables_free(&tables);
    tables_free(&expected);
    gathered_free(&bytes);
    gathered_free(&expected_bytes);
}

static void snapshot_restart_after_every_act_changes_nothing(void **state)
{
    (void)state;
    static struct act acts[SMALL_ACTS];
    for (unsigned named = 0; named < 2; named++) {
        make_acts(acts, SMALL_ACTS, SMALL_PEOPLE, SMALL_WEEKS, 7 + named);
        check_restarts(acts, SMALL_ACTS, SMALL_WEEKS, named, always, NULL);
    }
}

static bool seldom(void *context, size_t act)
{
    (void)act;
    return chance_below(context, 2000) == 0;
}

static void snapshot_restart_at_any_moment_changes_nothing(void **state)
{
    (void)state;
    enum { ACTS = 30000, PEOPLE = 6000, WEEKS = 14 };
    struct act *acts = malloc(ACTS * sizeof *acts);
    assert_non_null(acts);
    for (unsigned named = 0; named < 2; named++) {
        make_acts(acts, ACTS, PEOPLE, WEEKS, 30 + named);
        uint64_t seed = 5 + named;
        check_restarts(acts, ACTS, WEEKS, named, seldom, &seed);
    }
    free(acts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_restart_after_every_act_changes_nothing),
        cmocka_unit_test(snapshot_restart_at_any_moment_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
