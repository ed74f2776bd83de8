/* SPDX-License-Identifier: MIT */
/*
 * Weeks that are sealed, at whatever moment and however often, are told from weeks that are not by nothing but the
 * memory that they take: two engines are told the same, one of them seals, and both must say the same all along.
 */
#include <pthread.h>

#include "sealed_support.h"

enum { PEOPLE = 12, WEEKS = 6, ACTS = 500 };

/* Quantities that take sums to their stops and past them. */
static const char large_policy[] =
    "[tier low]\n"
    "[tier high]\npromote_at = 10\nkeep_at = 5\nmin_supporters = 2\n"
    "[kind like]\ngives = interaction 1 each 1000000000\nreceives = content 1 each 999999999\n"
    "[kind vote]\ngives = content 0.1 cap 5 each 700000000\nreceives = community 0.5\n"
    "[kind reply]\ngives = interaction 1 each 3\nreceives = content -1 each 4\n"
    "[kind post]\ngives = content 1\n"
    "[kind help]\nreceives = community 1 each 2\n"
    "[kind login]\n"
    "[kind away]\nleave = yes\n";

/* Eleven kinds of both sides, each with a limit: rows of up to 44 slots. */
static const char wide_policy[] = "[tier low]\n[tier high]\npromote_at = 10\nkeep_at = 5\n"
                                  "[kind a]\ngives = content 1 each 2\nreceives = content 1 each 1\n"
                                  "[kind b]\ngives = content 1 each 3\nreceives = content 1 each 2\n"
                                  "[kind c]\ngives = interaction 1 each 2\nreceives = content 1 each 5\n"
                                  "[kind d]\ngives = interaction 1 each 9\nreceives = interaction 1 each 1\n"
                                  "[kind e]\ngives = community 1 each 2\nreceives = content 1 each 2\n"
                                  "[kind f]\ngives = content 1 each 1\nreceives = interaction 1 each 3\n"
                                  "[kind g]\ngives = content 1 each 2\nreceives = content 1 each 1\n"
                                  "[kind h]\ngives = content 1 each 20\nreceives = content 1 each 10\n"
                                  "[kind i]\ngives = content 1 each 2\nreceives = content 1 each 1\n"
                                  "[kind j]\ngives = content 1 each 2\nreceives = content 1 each 1\n"
                                  "[kind k]\ngives = content 1 each 2\nreceives = content 1 each 1\n";

struct history {
    const char *policy;
    uint32_t kinds;
    bool large; /* quantities */
};

static const struct history histories[] = {{small_policy, 7, false}, {large_policy, 7, true}, {wide_policy, 11, false}};

/* Two engines that are told the same. */
struct twins {
    kith_engine *plain;
    kith_engine *sealed;
    enum sealing sealing;
    uint64_t luck;
    int64_t reviewed; /* all before it is */
};

static struct act any_act(const struct history *history, struct twins *twins)
{
    uint64_t *luck = &twins->luck;
    static const uint32_t quantities[] = {1, 1, 3, 20000, 30000, 400000000, 999999999, 1000000000};
    uint32_t left = (uint32_t)((MONDAY + WEEKS * WEEK - twins->reviewed) / WEEK);
    struct act act = {
        .time = twins->reviewed + chance_below(luck, left) * WEEK + chance_below(luck, 604800),
        .kind = chance_below(luck, history->kinds),
        .quantity = history->large ? quantities[chance_below(luck, 8)] : 1 + chance_below(luck, 3),
        .member = chance_below(luck, PEOPLE),
        .target = chance_below(luck, PEOPLE),
    };
    /* 0 is nobody. Few act on few, so that most pairs are known to several runs. */
    if (chance_below(luck, 3) > 0)
        act.target = 1 + act.member % 3;
    if (act.member == 0 && act.target == 0)
        act.member = 1;
    return act;
}

static void assert_same_engines(struct twins *twins, const char *when)
{
    struct gathered plain = bytes_of(twins->plain), sealed = bytes_of(twins->sealed);
    assert_same_bytes(&sealed, &plain, when);
    gathered_free(&plain);
    gathered_free(&sealed);
}

/* ---- what is asked ---- */

static void ask_standing(struct twins *twins)
{
    uint64_t member = 1 + chance_below(&twins->luck, PEOPLE);
    int64_t as_of = twins->reviewed + chance_below(&twins->luck, (uint32_t)(MONDAY + WEEKS * WEEK - twins->reviewed));
    kith_standing_row plain = {.size = sizeof plain}, sealed = {.size = sizeof sealed};
    kith_status status = kith_engine_get_standing(twins->plain, member, as_of, &plain, NULL);
    assert_int_equal(kith_engine_get_standing(twins->sealed, member, as_of, &sealed, NULL), status);
    assert_int_equal(sealed.score, plain.score);
    assert_int_equal(sealed.active_days, plain.active_days);
    assert_int_equal(sealed.flags, plain.flags);
    assert_int_equal(sealed.last_seen, plain.last_seen);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(sealed.dimensions[d], plain.dimensions[d]);
    kith_explanation told = {.size = sizeof told}, expected = {.size = sizeof expected};
    assert_int_equal(kith_engine_explain(twins->plain, member, as_of, &expected, NULL), status);
    assert_int_equal(kith_engine_explain(twins->sealed, member, as_of, &told, NULL), status);
    assert_int_equal(told.score, expected.score);
    assert_int_equal(told.supporters, expected.supporters);
}

static void ask_watch(struct twins *twins)
{
    kith_table *plain = NULL, *sealed = NULL;
    kith_error error = NO_ERROR;
    int64_t as_of = MONDAY + WEEKS * WEEK - 1;
    assert_status(kith_engine_get_watch(twins->plain, as_of, &plain, &error), KITH_OK, &error);
    assert_status(kith_engine_get_watch(twins->sealed, as_of, &sealed, &error), KITH_OK, &error);
    char *expected = csv_of_table(plain, 1), *told = csv_of_table(sealed, 1);
    assert_same_text(told, expected, "watch");
    free(told);
    free(expected);
    kith_table_free(plain);
    kith_table_free(sealed);
}

static void ask_info(const struct twins *twins)
{
    kith_engine_info plain = {.size = sizeof plain}, sealed = {.size = sizeof sealed};
    assert_int_equal(kith_engine_get_info(twins->plain, &plain, NULL), KITH_OK);
    assert_int_equal(kith_engine_get_info(twins->sealed, &sealed, NULL), KITH_OK);
    assert_int_equal(sealed.open_weeks, plain.open_weeks);
    assert_int_equal(sealed.first_open, plain.first_open);
    assert_int_equal(sealed.taken, plain.taken);
}

/* ---- what is done ---- */

static void forget(struct twins *twins)
{
    uint64_t member = 1 + chance_below(&twins->luck, PEOPLE);
    kith_status status = kith_engine_forget(twins->plain, member, NULL);
    assert_int_equal(kith_engine_forget(twins->sealed, member, NULL), status);
}

static void merge(struct twins *twins)
{
    uint64_t from = 1 + chance_below(&twins->luck, PEOPLE), into = 1 + chance_below(&twins->luck, PEOPLE);
    kith_status status = kith_engine_merge(twins->plain, from, into, NULL);
    assert_int_equal(kith_engine_merge(twins->sealed, from, into, NULL), status);
}

static void review(struct twins *twins)
{
    twins->reviewed += WEEK;
    kith_review *plain = review_until(twins->plain, twins->reviewed);
    kith_review *sealed = review_until(twins->sealed, twins->reviewed);
    struct tables expected = tables_of(plain, 1), told = tables_of(sealed, 1);
    assert_same_tables(&told, &expected, "reviewed");
    tables_free(&expected);
    tables_free(&told);
    kith_review_free(plain);
    kith_review_free(sealed);
}

static void reload(struct twins *twins)
{
    kith_engine_options options = all_tables(KITH_NUMBERED);
    struct gathered bytes = bytes_of(twins->sealed);
    kith_engine_free(twins->sealed);
    twins->sealed = load(&bytes, &options);
    set_sealing(twins->sealed, NO_SEALING);
    gathered_free(&bytes);
}

static void do_something(struct twins *twins, const struct history *history)
{
    uint32_t what = chance_below(&twins->luck, 200);
    if (what >= 16) {
        struct act act = any_act(history, twins);
        add_act(twins->plain, &act, false);
        if (chance_below(&twins->luck, 4) == 0)
            set_sealing(twins->sealed, twins->sealing);
        add_act(twins->sealed, &act, false);
        set_sealing(twins->sealed, NO_SEALING);
    } else if (what >= 13) {
        ask_standing(twins);
    } else if (what == 12) {
        ask_watch(twins);
    } else if (what == 11) {
        forget(twins);
    } else if (what >= 9) {
        merge(twins);
    } else if (what == 8) {
        reload(twins);
    } else if (what == 7) {
        assert_same_engines(twins, "on the way");
    } else if (what == 6 && twins->reviewed < MONDAY + (WEEKS - 1) * WEEK) {
        review(twins);
    } else {
        ask_info(twins);
    }
}

static void live_through(const struct history *history, enum sealing sealing, uint64_t luck, bool quiet)
{
    struct twins twins = {numbered_engine(history->policy, NULL, 1), numbered_engine(history->policy, NULL, 1), sealing,
                          luck, MONDAY};
    for (unsigned i = 0; i < ACTS; i++) {
        if (quiet) {
            struct act act = any_act(history, &twins);
            add_act(twins.plain, &act, false);
            add_act(twins.sealed, &act, false);
            if (chance_below(&twins.luck, 20) == 0)
                seal(twins.sealed, sealing);
        } else {
            do_something(&twins, history);
        }
    }
    if (quiet)
        assert_true(runs_of(twins.sealed) > WEEKS);
    assert_same_engines(&twins, "at last");
    while (twins.reviewed < MONDAY + WEEKS * WEEK)
        review(&twins);
    kith_engine_free(twins.plain);
    kith_engine_free(twins.sealed);
}

/* Each history in memory and in a file; nobody asks or changes anything, so that runs pile up. */
static void sealed_events_only_are_the_same(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof histories / sizeof *histories; i++)
        for (uint64_t luck = 1; luck <= tries(12); luck++)
            live_through(&histories[i], luck % 3 ? IN_MEMORY : IN_A_FILE, luck * 77, true);
}

static void sealed_anything_is_the_same(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof histories / sizeof *histories; i++)
        for (uint64_t luck = 1; luck <= tries(24); luck++)
            live_through(&histories[i], luck % 2 ? IN_MEMORY : IN_A_FILE, luck * 1001, false);
}

/* ---- sums at their stops ---- */

struct stop {
    uint32_t kind; /* 0 like, 1 vote: see large_policy */
    uint32_t member;
    uint32_t target;
    uint32_t quantity;
    uint32_t times; /* with as many different targets, from target on */
};

/* Adds the same to both, seals the one, and adds it once more. */
static void check_stops(const struct stop *stops, size_t count)
{
    struct twins twins = {numbered_engine(large_policy, NULL, 1), numbered_engine(large_policy, NULL, 1), IN_MEMORY, 1,
                          MONDAY};
    for (unsigned round = 0; round < 3; round++) {
        for (size_t i = 0; i < count; i++) {
            for (uint32_t time = 0; time < stops[i].times; time++) {
                const struct act act = {MONDAY + (int64_t)i, stops[i].kind, stops[i].quantity, stops[i].member,
                                        stops[i].target + time};
                add_act(twins.plain, &act, false);
                add_act(twins.sealed, &act, false);
            }
        }
        seal(twins.sealed, IN_MEMORY);
        assert_same_engines(&twins, "at a stop");
    }
    kith_engine_free(twins.plain);
    kith_engine_free(twins.sealed);
}

static void sealed_sums_stop_as_others_do(void **state)
{
    (void)state;
    /* Four billions that are the same in each run: what counts is below the stop, and runs together are past it. */
    const struct stop below[] = {{0, 1, 2, 1000000000, 4}};
    check_stops(below, 1);
    /* Five are past it in each. */
    const struct stop past[] = {{0, 1, 2, 1000000000, 5}};
    check_stops(past, 1);
    /* Together they come past it, by less than what they have twice, and by more. */
    const struct stop together[] = {{0, 1, 2, 1000000000, 2}, {1, 1, 2, 600000000, 4}, {0, 3, 9, 999999999, 4}};
    check_stops(together, 3);
    /* Supporters, of whom some are the same, and acts of nobody: below 65535 until there is one run more. */
    const struct stop few[] = {{0, 1, 2, 1, 1}, {0, 3, 2, 1, 1}, {0, 0, 2, 21844, 1}};
    check_stops(few, 3);
    const struct stop many[] = {{0, 1, 2, 1, 1}, {0, 3, 2, 1, 1}, {0, 0, 2, 32767, 1}};
    check_stops(many, 3);
    const struct stop all[] = {{0, 1, 2, 1, 1}, {0, 3, 2, 1, 1}, {0, 0, 2, 70000, 1}};
    check_stops(all, 3);
}

/* ---- the plan ---- */

static void add_at(kith_engine *engine, int64_t time, uint32_t member, uint32_t target)
{
    const struct act act = {.time = time, .kind = 1, .quantity = 1, .member = member, .target = target};
    add_act(engine, &act, false);
}

static const struct kithp_sealed *sealed_of(const kith_engine *engine, int64_t week)
{
    const struct kithp_week *found = kithp_tally_find(&engine->tally, MONDAY_WEEK + week);
    assert_non_null(found);
    return found->sealed;
}

static void sealed_week_left_behind_is_sealed(void **state)
{
    (void)state;
    kith_engine *engine = numbered_engine(small_policy, NULL, 1);
    struct kithp_sealing *sealing = &engine->tally.sealing;
    *sealing = (struct kithp_sealing){.most = 4, .idle = 40, .every = 1, .light = 1, .usual = UINT64_MAX};
    for (int64_t week = 0; week < 8; week++)
        for (uint32_t i = 1; i <= 30; i++)
            add_at(engine, MONDAY + week * WEEK + i, i, i % 5 + 1);
    /* The three before were touched more than 40 events ago, and there were more than four. */
    for (int64_t week = 0; week < 8; week++)
        assert_int_equal(sealed_of(engine, week) != NULL, week < 4);
    /* A late event fills the week anew; what is sealed of it stays as it is. */
    add_at(engine, MONDAY + 5, 99, 0);
    assert_int_equal(sealed_of(engine, 0)->count, 1);
    assert_true(kithp_tally_find(&engine->tally, MONDAY_WEEK)->pages_made > 0);
    assert_false(sealed_of(engine, 0)->copied);
    kith_engine_free(engine);
}

static void sealed_light_and_asked_weeks_are_left_alone(void **state)
{
    (void)state;
    kith_engine *engine = numbered_engine(small_policy, NULL, 1);
    struct kithp_sealing *sealing = &engine->tally.sealing;
    *sealing = (struct kithp_sealing){.most = 2, .every = 1, .light = 1 << 20, .usual = UINT64_MAX};
    for (int64_t week = 0; week < 8; week++)
        add_at(engine, MONDAY + week * WEEK, 1, 2);
    assert_int_equal(runs_of(engine), 0);
    /* Who is asked for standings keeps its weeks, until they have been reviewed. */
    kith_standing_row row = {.size = sizeof row};
    assert_int_equal(kith_engine_get_standing(engine, 1, MONDAY + 7 * WEEK, &row, NULL), KITH_OK);
    sealing->light = 0;
    add_at(engine, MONDAY, 1, 2);
    assert_int_equal(runs_of(engine), 0);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    add_at(engine, MONDAY + WEEK, 1, 2);
    assert_true(runs_of(engine) > 0);
    kith_engine_free(engine);
}

/* Events in no order leave no week alone; thousands of weeks with little in each are no better. */
static void sealed_many_weeks_take_what_is_usual(void **state)
{
    (void)state;
    enum { USUAL = 1 << 20 };
    for (uint32_t weeks = 8; weeks <= 2000; weeks += 1992) {
        kith_engine *engine = numbered_engine(small_policy, NULL, 1);
        kithp_sealing_init(&engine->tally.sealing);
        engine->tally.sealing.usual = USUAL;
        uint64_t luck = 3, bytes = 0;
        for (unsigned i = 0; i < 40000; i++)
            add_at(engine, MONDAY + chance_below(&luck, weeks) * WEEK + i, 1 + chance_below(&luck, 2000),
                   1 + chance_below(&luck, 2000));
        for (size_t i = 0; i < engine->tally.week_count; i++)
            bytes += kithp_week_bytes(engine->tally.weeks[i]);
        assert_true(bytes <= USUAL + 1024 * 2048);
        assert_true(runs_of(engine) > 0);
        assert_null(engine->tally.sealing.spill);
        kith_engine_free(engine);
    }
}

/* What is past the limit is in the file, the largest part first; a week that is over is read back and given up. */
static void sealed_limit_is_kept(void **state)
{
    (void)state;
    enum { LIMIT = 1 << 20 };
    kith_engine *engine = numbered_engine(small_policy, NULL, 1);
    kithp_sealing_init(&engine->tally.sealing);
    engine->tally.sealing.limit = LIMIT;
    uint64_t luck = 3;
    for (unsigned i = 0; i < 60000; i++)
        add_at(engine, MONDAY + chance_below(&luck, 5) * WEEK + i, 1 + chance_below(&luck, 3000),
               1 + chance_below(&luck, 3000));
    uint64_t bytes = 0, in_memory = 0, in_all = 0;
    for (size_t i = 0; i < engine->tally.week_count; i++) {
        const struct kithp_week *week = engine->tally.weeks[i];
        bytes += kithp_week_bytes(week);
        in_memory += week->sealed ? week->sealed->memory : 0;
        for (size_t run = 0; week->sealed && run < week->sealed->count; run++)
            in_all += week->sealed->runs[run]->bytes;
    }
    /* Between two looks, 1024 events may come: each with two cells and a pair at most. */
    assert_true(bytes + in_memory <= LIMIT + 1024 * 256);
    assert_true(in_memory < in_all);
    assert_true(in_all > 100000);
    kith_engine_free(engine);
}

/* A hundred runs that say the same become one, so that events cost no memory but by what they change. */
static void sealed_runs_are_gathered(void **state)
{
    (void)state;
    kith_engine *engine = numbered_engine(small_policy, NULL, 1);
    for (unsigned round = 0; round < 300; round++) {
        for (uint32_t i = 1; i <= 20; i++)
            add_at(engine, MONDAY + i, i, i % 5 + 1);
        seal(engine, IN_MEMORY);
        assert_true(sealed_of(engine, 0)->count <= 32);
    }
    uint64_t bytes = sealed_of(engine, 0)->memory, sum = 0;
    for (size_t i = 0; i < sealed_of(engine, 0)->count; i++)
        sum += sealed_of(engine, 0)->runs[i]->bytes;
    assert_int_equal(bytes, sum);
    assert_true(bytes < 32 * 20 * 32);
    kith_engine_free(engine);
}

/* ---- snapshots that hold runs ---- */

static kith_engine *filled(const struct act *acts, size_t count, enum sealing sealing, const kith_allocator *allocator,
                           uint32_t threads)
{
    kith_engine *engine = numbered_engine(small_policy, allocator, threads);
    for (size_t i = 0; i < count; i++) {
        add_act(engine, &acts[i], false);
        if (sealing != NO_SEALING && i % 50 == 49)
            seal(engine, sealing);
    }
    return engine;
}

/* Acts of which the first are frozen, and how that looks where nothing was sealed. */
enum { FROZEN_ACTS = 200, ALL_ACTS = 300 };

static struct gathered make_frozen(struct act acts[ALL_ACTS])
{
    make_acts(acts, ALL_ACTS, PEOPLE, WEEKS, 5);
    kith_engine *plain = filled(acts, FROZEN_ACTS, NO_SEALING, NULL, 1);
    struct gathered bytes = bytes_of(plain);
    kith_engine_free(plain);
    return bytes;
}

static void sealed_snapshot_outlives_the_engine(void **state)
{
    (void)state;
    struct act acts[ALL_ACTS];
    struct gathered expected = make_frozen(acts);
    for (enum sealing sealing = IN_MEMORY; sealing <= IN_A_FILE; sealing++) {
        kith_engine *engine = filled(acts, FROZEN_ACTS, sealing, NULL, 1);
        assert_true(runs_of(engine) > 0);
        kith_snapshot *snapshot = freeze(engine, "");
        /* The engine goes on, seals what it has, also to a file what was in memory, and reviews. */
        for (size_t i = FROZEN_ACTS; i < ALL_ACTS; i++)
            add_act(engine, &acts[i], false);
        seal(engine, IN_A_FILE);
        kith_review_free(review_until(engine, MONDAY + 3 * WEEK));
        struct gathered meanwhile = bytes_of_snapshot(snapshot);
        assert_same_bytes(&meanwhile, &expected, "while the engine lives");
        gathered_free(&meanwhile);
        kith_engine_free(engine);
        struct gathered after = bytes_of_snapshot(snapshot);
        assert_same_bytes(&after, &expected, "when the engine is gone");
        gathered_free(&after);
        kith_snapshot_free(snapshot);
    }
    gathered_free(&expected);
}

static void *write_snapshot(void *snapshot)
{
    struct gathered *bytes = calloc(1, sizeof *bytes);
    if (bytes && kith_snapshot_write(snapshot, gather, bytes, NULL) != KITH_OK)
        bytes->length = 0;
    kith_snapshot_free(snapshot);
    return bytes;
}

static void sealed_snapshot_is_written_beside_the_engine(void **state)
{
    (void)state;
    struct act acts[ALL_ACTS];
    struct gathered expected = make_frozen(acts);
    for (enum sealing sealing = IN_MEMORY; sealing <= IN_A_FILE; sealing++) {
        kith_engine *engine = filled(acts, FROZEN_ACTS, sealing, NULL, 1);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, write_snapshot, freeze(engine, "")), 0);
        for (size_t i = FROZEN_ACTS; i < ALL_ACTS; i++) {
            add_act(engine, &acts[i], false);
            if (i % 10 == 0)
                seal(engine, IN_A_FILE);
        }
        kith_review_free(review_until(engine, MONDAY + WEEKS * WEEK));
        kith_engine_free(engine);
        void *written = NULL;
        assert_int_equal(pthread_join(thread, &written), 0);
        assert_non_null(written);
        assert_same_bytes(written, &expected, "by another thread");
        gathered_free(written);
        free(written);
    }
    gathered_free(&expected);
}

/* A load seals as it reads, where there are many open weeks or a limit. */
static void sealed_weeks_are_loaded(void **state)
{
    (void)state;
    struct act acts[300];
    make_acts(acts, 300, PEOPLE, WEEKS, 6);
    kith_engine *engine = filled(acts, 300, IN_MEMORY, NULL, 1);
    struct gathered bytes = bytes_of(engine);
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.memory = 1 << 20;
    kith_engine *loaded = load(&bytes, &options);
    struct gathered again = bytes_of(loaded);
    assert_same_bytes(&again, &bytes, "loaded");
    kith_engine_free(loaded);
    kith_engine_free(engine);
    gathered_free(&again);
    gathered_free(&bytes);
}

static void sealed_threads_make_no_difference(void **state)
{
    (void)state;
    struct act acts[300];
    make_acts(acts, 300, PEOPLE, WEEKS, 7);
    kith_engine *one = filled(acts, 300, NO_SEALING, NULL, 1), *four = filled(acts, 300, IN_A_FILE, NULL, 4);
    kith_review *expected = review_until(one, MONDAY + WEEKS * WEEK), *told = review_until(four, MONDAY + WEEKS * WEEK);
    struct tables plain = tables_of(expected, 1), sealed = tables_of(told, 1);
    assert_same_tables(&sealed, &plain, "four threads");
    tables_free(&plain);
    tables_free(&sealed);
    kith_review_free(expected);
    kith_review_free(told);
    kith_engine_free(one);
    kith_engine_free(four);
}

/* ---- by a thread of its own ---- */

enum { MANY_ACTS = 40000, MANY_PEOPLE = 3000, BETWEEN_LOOKS = 256, LEFT_ALONE = 500 };

/* Acts that go from week to week, and back now and then to one that is being sealed or has been. */
static struct plain_event *make_many(uint64_t *luck)
{
    struct plain_event *acts = calloc(MANY_ACTS, sizeof *acts);
    assert_non_null(acts);
    for (uint32_t i = 0; i < MANY_ACTS; i++) {
        int64_t week = (int64_t)i * WEEKS / MANY_ACTS;
        if (week > 0 && chance_below(luck, 150) == 0)
            week = chance_below(luck, (uint32_t)week);
        acts[i] = (struct plain_event){
            .time = MONDAY + week * WEEK + chance_below(luck, 7 * 86400),
            .member = 1 + chance_below(luck, MANY_PEOPLE),
            .target = chance_below(luck, 2) ? 1 + chance_below(luck, MANY_PEOPLE) : 0,
            .kind = chance_below(luck, 7),
            .quantity = 1 + chance_below(luck, 3),
        };
    }
    return acts;
}

static kith_status add_many(kith_engine *engine, const struct plain_event *acts, kith_error *error)
{
    kith_events events = events_of(acts, MANY_ACTS);
    struct kithp_sealing *sealing = &engine->tally.sealing;
    sealing->light = 0;
    sealing->most = engine->options.threads > 1 ? 1 : UINT32_MAX;
    sealing->idle = LEFT_ALONE;
    sealing->every = BETWEEN_LOOKS;
    kith_status status = kith_engine_add(engine, &events, NULL, error);
    assert_null(sealing->sealer);
    assert_false(sealing->threads);
    return status;
}

static void sealed_beside_is_the_same(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(10); luck++) {
        uint64_t seed = luck;
        struct plain_event *acts = make_many(&seed);
        kith_engine *plain = numbered_engine(small_policy, NULL, 1), *sealed = numbered_engine(small_policy, NULL, 2);
        kith_error error = NO_ERROR;
        assert_status(add_many(plain, acts, &error), KITH_OK, &error);
        assert_status(add_many(sealed, acts, &error), KITH_OK, &error);
        assert_int_equal(runs_of(plain), 0);
        assert_true(runs_of(sealed) > 0);
        struct gathered expected = bytes_of(plain), bytes = bytes_of(sealed);
        assert_same_bytes(&bytes, &expected, "beside");
        gathered_free(&expected);
        gathered_free(&bytes);
        kith_engine_free(plain);
        kith_engine_free(sealed);
        free(acts);
    }
}

/* Weeks that events come back to again and again do not grow with the number of events. */
static void sealed_beside_runs_are_gathered(void **state)
{
    (void)state;
    enum { VISITS = 200 };
    struct plain_event *acts = calloc(MANY_ACTS, sizeof *acts);
    assert_non_null(acts);
    uint64_t luck = 3;
    for (uint32_t i = 0; i < MANY_ACTS; i++)
        acts[i] = (struct plain_event){
            .time = MONDAY + (int64_t)(i * VISITS / MANY_ACTS) % 2 * WEEK,
            .member = 1 + chance_below(&luck, 100),
            .kind = 1,
            .quantity = 1,
        };
    kith_engine *engine = numbered_engine(small_policy, NULL, 2);
    kith_error error = NO_ERROR;
    struct kithp_sealing *sealing = &engine->tally.sealing;
    kith_events events = events_of(acts, MANY_ACTS);
    sealing->light = 0;
    sealing->most = 0;
    sealing->idle = 100;
    sealing->every = 1;
    assert_status(kith_engine_add(engine, &events, NULL, &error), KITH_OK, &error);
    /* Of two weeks: each is gathered when 16 runs have come. */
    assert_true(runs_of(engine) > 0);
    assert_true(runs_of(engine) <= 2 * 17);
    kith_engine_free(engine);
    free(acts);
}

/* What is not sealed for want of memory stays as it is; events for which there is none leave no trace. */
static void sealed_beside_lacks_memory(void **state)
{
    (void)state;
    uint64_t luck = 5;
    struct plain_event *acts = make_many(&luck);
    unsigned failures = 0;
    for (uint64_t i = 0; i < tries(60); i++) {
        struct memory memory;
        memory_init(&memory);
        kith_engine *engine = numbered_engine(small_policy, &memory.allocator, 2);
        memory_fail_after(&memory, chance_below(&luck, 400));
        memory.fail_on = i % 2;
        kith_error error = NO_ERROR;
        kith_status status = add_many(engine, acts, &error);
        memory_fail_never(&memory);
        if (status != KITH_OK)
            assert_status(status, KITH_NO_MEMORY, &error);
        failures += status != KITH_OK;
        struct gathered bytes = bytes_of(engine);
        gathered_free(&bytes);
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
    }
    assert_true(failures > 0);
    free(acts);
}

static int cancel_when_none_are_left(void *left, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return (*(int *)left)-- == 0;
}

/* The week that it ends with was not meant to be the last, whose rows are kept for explanations. */
static void sealed_review_is_cancelled(void **state)
{
    (void)state;
    struct act acts[300];
    make_acts(acts, 300, PEOPLE, WEEKS, 9);
    for (int weeks = 0; weeks < WEEKS; weeks++) {
        kith_engine *engines[] = {filled(acts, 300, NO_SEALING, NULL, 1), filled(acts, 300, IN_MEMORY, NULL, 1),
                                  filled(acts, 300, IN_A_FILE, NULL, 1)};
        struct gathered expected = {0};
        for (unsigned i = 0; i < 3; i++) {
            int left = weeks;
            engines[i]->options.progress = cancel_when_none_are_left;
            engines[i]->options.progress_context = &left;
            kith_review *review = NULL;
            kith_error error = NO_ERROR;
            assert_status(kith_engine_review(engines[i], MONDAY + WEEKS * WEEK, &review, &error), KITH_CANCELLED,
                          &error);
            engines[i]->options.progress = NULL;
            struct gathered bytes = bytes_of(engines[i]);
            if (i == 0)
                expected = bytes;
            else
                assert_same_bytes(&bytes, &expected, "cancelled");
            if (i > 0)
                gathered_free(&bytes);
            kith_engine_free(engines[i]);
        }
        gathered_free(&expected);
    }
}

static void sealed_weeks_are_dropped(void **state)
{
    (void)state;
    struct act acts[200];
    make_acts(acts, 200, PEOPLE, WEEKS, 8);
    struct memory memory;
    memory_init(&memory);
    kith_engine *engine = filled(acts, 200, IN_A_FILE, &memory.allocator, 1);
    kith_error error = NO_ERROR;
    assert_status(kith_engine_drop_open(engine, &error), KITH_OK, &error);
    assert_int_equal(runs_of(engine), 0);
    /* And the review of an engine that has nothing to review is empty. */
    kith_review_free(review_until(engine, MONDAY + WEEK));
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

/* ---- memory that fails ---- */

/* What is done to an engine whose weeks are sealed. */
typedef kith_status (*deed)(kith_engine *engine, kith_error *error);

static kith_status do_review(kith_engine *engine, kith_error *error)
{
    kith_review *made = NULL;
    kith_status status = kith_engine_review(engine, MONDAY + 2 * WEEK, &made, error);
    kith_review_free(made);
    return status;
}

static kith_status do_forget(kith_engine *engine, kith_error *error)
{
    return kith_engine_forget(engine, 3, error);
}

static kith_status do_merge(kith_engine *engine, kith_error *error)
{
    return kith_engine_merge(engine, 2, 1, error);
}

static kith_status do_standing(kith_engine *engine, kith_error *error)
{
    kith_standing_row row = {.size = sizeof row};
    return kith_engine_get_standing(engine, 1, MONDAY + WEEKS * WEEK - 1, &row, error);
}

static kith_status do_watch(kith_engine *engine, kith_error *error)
{
    kith_table *table = NULL;
    kith_status status = kith_engine_get_watch(engine, MONDAY + WEEKS * WEEK - 1, &table, error);
    kith_table_free(table);
    return status;
}

static kith_status do_seal(kith_engine *engine, kith_error *error)
{
    return settle(engine, IN_MEMORY, error);
}

static kith_status do_spill(kith_engine *engine, kith_error *error)
{
    return settle(engine, IN_A_FILE, error);
}

static kith_status do_event(kith_engine *engine, kith_error *error)
{
    kith_event event = {
        .size = sizeof event, .time = MONDAY + WEEK, .kind = 1, .quantity = 1, .member = 4, .target = 5};
    set_sealing(engine, IN_MEMORY);
    kith_status status = kith_engine_add_event(engine, &event, error);
    set_sealing(engine, NO_SEALING);
    return status;
}

static kith_status do_freeze(kith_engine *engine, kith_error *error)
{
    kith_snapshot *snapshot = NULL;
    kith_status status = kith_engine_freeze(engine, TEXT(""), &snapshot, error);
    struct gathered bytes = {0};
    if (status == KITH_OK)
        status = kith_snapshot_write(snapshot, gather, &bytes, error);
    gathered_free(&bytes);
    kith_snapshot_free(snapshot);
    return status;
}

static kith_status do_explain(kith_engine *engine, kith_error *error)
{
    kith_explanation explanation = {.size = sizeof explanation};
    return kith_engine_explain(engine, 1, KITH_LAST_REVIEW, &explanation, error);
}

static int cancel_without_memory(void *memory, uint64_t done, uint64_t total)
{
    (void)total;
    if (done < 2)
        return 0;
    memory_fail_after(memory, 0);
    ((struct memory *)memory)->fail_on = true;
    return 1;
}

/* The week that it ended with can be looked at as soon as there is memory again, and not before. */
static void sealed_review_is_cancelled_without_memory(void **state)
{
    (void)state;
    struct act acts[300];
    make_acts(acts, 300, PEOPLE, WEEKS, 9);
    struct memory memory;
    memory_init(&memory);
    kith_engine *plain = filled(acts, 300, NO_SEALING, NULL, 1);
    kith_engine *wanting = filled(acts, 300, IN_MEMORY, &memory.allocator, 1);
    kith_engine *engines[] = {plain, wanting};
    int left = 2;
    plain->options.progress = cancel_when_none_are_left;
    plain->options.progress_context = &left;
    wanting->options.progress = cancel_without_memory;
    wanting->options.progress_context = &memory;
    for (unsigned i = 0; i < 2; i++) {
        kith_review *review = NULL;
        kith_error error = NO_ERROR;
        assert_status(kith_engine_review(engines[i], MONDAY + WEEKS * WEEK, &review, &error), KITH_CANCELLED, &error);
        engines[i]->options.progress = NULL;
    }
    const deed look[] = {do_explain, do_merge, do_forget, do_freeze};
    for (unsigned i = 0; i < sizeof look / sizeof *look; i++) {
        kith_error error = NO_ERROR;
        assert_status(look[i](wanting, &error), KITH_NO_MEMORY, &error);
    }
    memory_fail_never(&memory);
    struct gathered expected = bytes_of(plain), bytes = bytes_of(wanting);
    assert_same_bytes(&bytes, &expected, "when there is memory again");
    kith_error error = NO_ERROR;
    assert_status(do_explain(wanting, &error), KITH_OK, &error);
    gathered_free(&expected);
    gathered_free(&bytes);
    kith_engine_free(plain);
    kith_engine_free(wanting);
    assert_int_equal(memory.live, 0);
}

static const struct {
    const char *name;
    deed deed;
    bool half;  /* weeks may have been reviewed before it failed */
    bool hides; /* a lack of memory is none of its failures */
} deeds[] = {
    {"review", do_review, true, false},      {"forget", do_forget, false, false}, {"merge", do_merge, false, false},
    {"standing", do_standing, false, false}, {"watch", do_watch, false, false},   {"seal", do_seal, false, true},
    {"spill", do_spill, false, true},        {"event", do_event, false, false},   {"freeze", do_freeze, false, false},
};

static void fail_each_allocation(unsigned which, enum sealing sealing)
{
    struct act acts[120];
    make_acts(acts, 120, PEOPLE, WEEKS, 9);
    kith_engine *plain = filled(acts, 120, NO_SEALING, NULL, 1);
    struct gathered before = bytes_of(plain);
    kith_error error = NO_ERROR;
    assert_status(deeds[which].deed(plain, &error), KITH_OK, &error);
    struct gathered after = bytes_of(plain);
    struct memory memory;
    memory_init(&memory);
    unsigned failures = 0;
    for (uint64_t more = 0;; more++) {
        kith_engine *engine = filled(acts, 120, sealing, &memory.allocator, 1);
        assert_true(runs_of(engine) > 0);
        memory_fail_after(&memory, more);
        error = NO_ERROR;
        kith_status status = deeds[which].deed(engine, &error);
        bool reached = memory.calls >= memory.fail_at;
        memory_fail_never(&memory);
        failures += status != KITH_OK;
        if (status != KITH_OK)
            assert_status(status, KITH_NO_MEMORY, &error);
        if (status != KITH_OK && !deeds[which].half) {
            struct gathered now = bytes_of(engine);
            assert_same_bytes(&now, &before, deeds[which].name);
            gathered_free(&now);
        }
        if (status != KITH_OK)
            assert_status(deeds[which].deed(engine, &error), KITH_OK, &error);
        struct gathered now = bytes_of(engine);
        assert_same_bytes(&now, &after, deeds[which].name);
        gathered_free(&now);
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
        if (!reached)
            break;
    }
    if (!deeds[which].hides)
        assert_true(failures > 3);
    gathered_free(&before);
    gathered_free(&after);
    kith_engine_free(plain);
}

static void sealed_memory_fails(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        fail_each_allocation(i, IN_MEMORY);
        fail_each_allocation(i, IN_A_FILE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_events_only_are_the_same),
        cmocka_unit_test(sealed_anything_is_the_same),
        cmocka_unit_test(sealed_sums_stop_as_others_do),
        cmocka_unit_test(sealed_week_left_behind_is_sealed),
        cmocka_unit_test(sealed_light_and_asked_weeks_are_left_alone),
        cmocka_unit_test(sealed_many_weeks_take_what_is_usual),
        cmocka_unit_test(sealed_limit_is_kept),
        cmocka_unit_test(sealed_runs_are_gathered),
        cmocka_unit_test(sealed_snapshot_outlives_the_engine),
        cmocka_unit_test(sealed_snapshot_is_written_beside_the_engine),
        cmocka_unit_test(sealed_weeks_are_loaded),
        cmocka_unit_test(sealed_threads_make_no_difference),
        cmocka_unit_test(sealed_beside_is_the_same),
        cmocka_unit_test(sealed_beside_runs_are_gathered),
        cmocka_unit_test(sealed_beside_lacks_memory),
        cmocka_unit_test(sealed_review_is_cancelled),
        cmocka_unit_test(sealed_review_is_cancelled_without_memory),
        cmocka_unit_test(sealed_weeks_are_dropped),
        cmocka_unit_test(sealed_memory_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
