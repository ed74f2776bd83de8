/* SPDX-License-Identifier: MIT */
/* Another policy that takes the place of a snapshot's: what it may be, what then holds, and what is refused. */
#include "snapshot_support.h"

#include "engine/engine.h"

static kith_status exchange(kith_engine *engine, const char *text, kith_engine **exchanged, kith_error *error)
{
    struct gathered bytes = bytes_of(engine);
    kith_policy *policy = policy_of(text);
    kith_engine_options options = all_tables(KITH_NAMED);
    *exchanged = NULL;
    kith_status status = try_load(&bytes, policy, &options, exchanged, error);
    kith_policy_free(policy);
    gathered_free(&bytes);
    return status;
}

static kith_engine *must_exchange(kith_engine *engine, const char *text)
{
    kith_engine *exchanged = NULL;
    kith_error error = NO_ERROR;
    assert_status(exchange(engine, text, &exchanged, &error), KITH_OK, &error);
    return exchanged;
}

static void assert_refused(kith_engine *engine, const char *text, const char *field, const char *value,
                           const char *words)
{
    kith_engine *exchanged = NULL;
    kith_error error = NO_ERROR;
    assert_status(exchange(engine, text, &exchanged, &error), KITH_OTHER_POLICY, &error);
    assert_null(exchanged);
    assert_string_equal(error.field, field);
    assert_string_equal(error.value, value);
    if (!strstr(error.message, words))
        fail_msg("'%s' does not say '%s'", error.message, words);
}

static kith_engine *engine_of(const char *text, uint32_t members)
{
    kith_policy *policy = policy_of(text);
    kith_engine_options options = all_tables(members);
    kith_engine *engine = NULL;
    assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
    kith_policy_free(policy);
    return engine;
}

/* An act of a kind by its name, by people who are numbers. */
static void act(kith_engine *engine, int64_t time, uint64_t member, const char *kind, uint64_t target,
                uint32_t quantity)
{
    kith_policy *policy = NULL;
    assert_int_equal(kith_engine_get_policy(engine, NULL, &policy, NULL), KITH_OK);
    kith_event event = {.size = sizeof event, .time = time, .kind = kind_of(policy, kind), .quantity = quantity};
    event.member = member;
    event.target = target;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
    kith_policy_free(policy);
}

/* ---- events that were counted under one policy, reviewed under another ---- */

/*
 * Policies made by chance: the second has the kinds of the first in another order, with other figures; credits and
 * limits may have gone, but none has come. So a week counted under the first and reviewed under the second must come
 * to the same as one that knew the second alone.
 */
enum { KINDS = 6, POLICY_ROOM = 4096, ACTS = 400, PEOPLE = 8, WEEKS = 3 };

struct credit {
    bool given;
    bool each;
};

struct kinds {
    struct credit credits[KINDS][2];
};

static const char *const dimension_names[] = {"content", "interaction", "community"};

/* At most `room` of which are used; returns how many. Points of what is received stay positive, as supporters go by it.
 */
static size_t write_credit(char *text, size_t room, const char *role, const struct credit *credit, uint64_t *seed)
{
    bool negative = role[0] == 'g' && chance_below(seed, 4) == 0;
    size_t length = (size_t)snprintf(text, room, "%s = %s %s%u.%u", role, dimension_names[chance_below(seed, 3)],
                                     negative ? "-" : "", 1 + chance_below(seed, 5), chance_below(seed, 10));
    if (chance_below(seed, 2))
        length += (size_t)snprintf(text + length, room - length, " cap %u", 1 + chance_below(seed, 30));
    if (credit->each)
        length += (size_t)snprintf(text + length, room - length, " each %u", 1 + chance_below(seed, 12));
    return length + (size_t)snprintf(text + length, room - length, "\n");
}

static void write_policy(char *text, const struct kinds *kinds, bool supporters, uint64_t *seed)
{
    size_t at =
        (size_t)snprintf(text, POLICY_ROOM,
                         "[tier low]\n[tier middle]\npromote_at = %u\n[tier high]\npromote_at = %u\n%s"
                         "[half_points]\ncontent = %u\n[memory]\nhalf_life_weeks = %u\n",
                         1 + chance_below(seed, 8), 10 + chance_below(seed, 20),
                         supporters ? "min_supporters = 1\n" : "", 1 + chance_below(seed, 30), chance_below(seed, 6));
    unsigned first = chance_below(seed, KINDS);
    for (unsigned i = 0; i < KINDS; i++) {
        unsigned kind = (first + i) % KINDS;
        at += (size_t)snprintf(text + at, POLICY_ROOM - at, "[kind k%u]\n", kind);
        for (unsigned role = 0; role < 2; role++)
            if (kinds->credits[kind][role].given)
                at += write_credit(text + at, POLICY_ROOM - at, role ? "receives" : "gives",
                                   &kinds->credits[kind][role], seed);
    }
    assert_true(at < POLICY_ROOM);
}

static void add_by_kind_name(kith_engine *engine, const struct act *given)
{
    char kind[8];
    snprintf(kind, sizeof kind, "k%u", given->kind);
    act(engine, given->time, given->member, kind, given->target, given->quantity);
}

static void check_exchange(uint64_t seed)
{
    struct kinds kinds, fewer;
    for (unsigned i = 0; i < KINDS; i++) {
        for (unsigned role = 0; role < 2; role++) {
            struct credit *credit = &kinds.credits[i][role];
            credit->given = chance_below(&seed, 4) > 0;
            credit->each = credit->given && chance_below(&seed, 2);
            struct credit *left = &fewer.credits[i][role];
            left->given = credit->given && chance_below(&seed, 6) > 0;
            left->each = left->given && credit->each && chance_below(&seed, 4) > 0;
        }
        /* Who is a supporter must be so under both. */
        fewer.credits[i][1].given = kinds.credits[i][1].given;
        fewer.credits[i][1].each = fewer.credits[i][1].each && fewer.credits[i][1].given;
    }
    char first[POLICY_ROOM], second[POLICY_ROOM];
    bool supporters = chance_below(&seed, 2);
    write_policy(first, &kinds, supporters, &seed);
    write_policy(second, &fewer, supporters && chance_below(&seed, 3) > 0, &seed);
    struct act acts[ACTS];
    make_acts(acts, ACTS, PEOPLE, WEEKS, seed);
    kith_engine *engine = engine_of(first, KITH_NUMBERED), *expected_engine = engine_of(second, KITH_NUMBERED);
    for (unsigned i = 0; i < ACTS; i++) {
        acts[i].kind %= KINDS;
        add_by_kind_name(expected_engine, &acts[i]);
        if (i < ACTS * 3 / 4)
            add_by_kind_name(engine, &acts[i]);
    }
    kith_engine *exchanged = must_exchange(engine, second);
    kith_engine_free(engine);
    for (unsigned i = ACTS * 3 / 4; i < ACTS; i++)
        add_by_kind_name(exchanged, &acts[i]);
    kith_review *review = review_until(exchanged, MONDAY + 5 * WEEK);
    kith_review *expected_review = review_until(expected_engine, MONDAY + 5 * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER), expected = tables_of(expected_review, KITH_CSV_HEADER);
    assert_same_tables(&tables, &expected, "exchanged");
    tables_free(&tables);
    tables_free(&expected);
    kith_review_free(review);
    kith_review_free(expected_review);
    kith_engine_free(exchanged);
    kith_engine_free(expected_engine);
}

static void exchanged_open_weeks_come_to_what_the_new_policy_makes_of_their_events(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= tries(60); seed++)
        check_exchange(seed);
}

/* ---- what members hold ---- */

static void exchanged_tiers_are_found_by_name(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, false, NULL);
    kith_engine *exchanged = must_exchange(engine, "[tier lowest]\n[tier low]\npromote_at = 1\n"
                                                   "[tier middle]\npromote_at = 3\n[tier upper]\npromote_at = 4\n"
                                                   "[tier high]\npromote_at = 20\nmin_supporters = 1\n"
                                                   "[kind post]\ngives = content 1\n[kind like]\n[kind reply]\n"
                                                   "[kind help]\n[kind spam]\n[kind new]\ngives = content 9 each 1\n");
    static const uint8_t places[] = {1, 2, 4};
    uint32_t count = engine->sweep.carried.states.count;
    unsigned seen[3] = {0};
    for (uint32_t i = 0; i < count; i++) {
        const struct kithp_carried *was = kithp_carried_of(&engine->sweep.carried, i);
        const struct kithp_carried *is = kithp_carried_of(&exchanged->sweep.carried, i);
        if (was->joined == KITH_NO_TIME) {
            assert_int_equal(is->tier, 0);
            continue;
        }
        seen[was->tier]++;
        assert_int_equal(is->tier, places[was->tier]);
        assert_int_equal(is->before.tier, places[was->before.tier]);
        assert_int_equal(is->pinned, was->pinned ? places[was->pinned - 1] + 1 : 0);
        assert_int_equal(is->score, was->score);
        assert_int_equal(is->remembered[0], was->remembered[0]);
    }
    assert_true(seen[0] > 0 && seen[1] > 0 && seen[2] > 0);
    /* The last review cannot be explained by figures that it did not go by. */
    assert_true(engine->explains);
    assert_false(exchanged->explains);
    assert_null(exchanged->tally.reviewed);
    kith_engine_free(exchanged);
    kith_engine_free(engine);
}

static void exchanged_baselines_keep_the_latest_weeks(void **state)
{
    (void)state;
    kith_engine *engine = engine_of("[churn]\ndrop_baseline_weeks = 4\n[tier a]\n[tier b]\npromote_at = 50\n"
                                    "[kind reply]\ngives = interaction 1\n",
                                    KITH_NUMBERED);
    for (unsigned week = 0; week < 7; week++)
        act(engine, MONDAY + week * WEEK, 1, "reply", 0, week + 1);
    kith_review_free(review_until(engine, MONDAY + 7 * WEEK));
    static const struct {
        const char *policy;
        uint32_t weeks[5];
        unsigned count;
    } cases[] = {
        {"[churn]\ndrop_baseline_weeks = 2\n[tier a]\n[tier b]\npromote_at = 5\n", {6, 7}, 2},
        {"[churn]\ndrop_baseline_weeks = 4\n[tier a]\n[tier b]\npromote_at = 5\n", {4, 5, 6, 7}, 4},
        {"[churn]\ndrop_baseline_weeks = 9\n[tier a]\n[tier b]\npromote_at = 5\n", {4, 5, 6, 7}, 4},
    };
    for (unsigned i = 0; i < 3; i++) {
        kith_engine *exchanged = must_exchange(engine, cases[i].policy);
        const struct kithp_carried *now = kithp_carried_of(&exchanged->sweep.carried, 0);
        assert_int_equal(now->baseline_weeks, cases[i].count);
        uint32_t ring = exchanged->figures.drop_baseline_weeks;
        for (unsigned week = 0; week < cases[i].count; week++)
            assert_int_equal(kithp_carried_baseline(&exchanged->sweep.carried,
                                                    0)[(now->baseline_next + ring - cases[i].count + week) % ring],
                             cases[i].weeks[week]);
        kith_engine_free(exchanged);
    }
    kith_engine_free(engine);
}

static void exchanged_for_the_same_figures_explains_all_the_same(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, true, NULL);
    char *text = malloc(strlen(small_policy) + 64);
    assert_non_null(text);
    sprintf(text, "; the same, with a comment\n%s", small_policy);
    kith_engine *exchanged = must_exchange(engine, text);
    free(text);
    assert_true(exchanged->explains);
    assert_non_null(exchanged->tally.reviewed);
    struct gathered bytes = bytes_of(exchanged), expected = bytes_of(engine);
    assert_same_bytes(&bytes, &expected, "the same figures");
    gathered_free(&bytes);
    gathered_free(&expected);
    kith_engine_free(exchanged);
    kith_engine_free(engine);
}

static void exchanged_stopped_review_has_its_tiers_by_name(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, true, NULL);
    kith_engine *exchanged =
        must_exchange(engine, "[tier low]\n[tier between]\npromote_at = 1\n"
                              "[tier middle]\npromote_at = 3\n[tier high]\npromote_at = 20\n"
                              "[kind post]\n[kind like]\n[kind reply]\n[kind help]\n[kind spam]\n");
    kith_review *review = review_until(exchanged, MONDAY + 12 * WEEK);
    char *weeks = csv_of(review, KITH_WEEKS, KITH_CSV_HEADER);
    assert_non_null(strstr(weeks, "tier_low,tier_between,tier_middle,tier_high\n"));
    const uint32_t *was = engine->pending->weeks[0].tiers;
    kith_table *table = NULL;
    assert_int_equal(kith_review_get_table(review, KITH_WEEKS, &table, NULL), KITH_OK);
    kith_week_row row = {.size = sizeof row};
    assert_int_equal(kith_table_get_row(table, 0, &row, NULL), KITH_OK);
    assert_int_equal(row.tiers[0], was[0]);
    assert_int_equal(row.tiers[1], 0);
    assert_int_equal(row.tiers[2], was[1]);
    assert_int_equal(row.tiers[3], was[2]);
    kith_table_free(table);
    free(weeks);
    kith_review_free(review);
    kith_engine_free(exchanged);
    kith_engine_free(engine);
}

/* ---- what is refused ---- */

static const char all_kinds[] = "[kind post]\n[kind like]\n[kind reply]\n[kind help]\n[kind spam]\n";

static const char *with_kinds(const char *tiers)
{
    static char text[2048];
    snprintf(text, sizeof text, "%s%s", tiers, all_kinds);
    return text;
}

static void exchange_for_a_policy_without_a_tier_that_is_held_is_refused(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, false, NULL);
    for (uint32_t i = 0; i < engine->sweep.carried.states.count; i++) {
        struct kithp_carried *now = kithp_carried_of(&engine->sweep.carried, i);
        if (now->joined == KITH_NO_TIME)
            continue;
        now->tier = now->before.tier = i < 3;
        now->pinned = 0;
    }
    assert_refused(engine, with_kinds("[tier low]\n[tier high]\npromote_at = 2\n"), "tier", "middle", "3 members hold");
    kith_engine *exchanged = must_exchange(engine, with_kinds("[tier low]\n[tier middle]\npromote_at = 2\n"));
    kith_engine_free(exchanged);
    /* Held before, or pinned. */
    kithp_carried_of(&engine->sweep.carried, 5)->before.tier = 2;
    assert_refused(engine, with_kinds("[tier low]\n[tier middle]\npromote_at = 2\n"), "tier", "high", "1 member holds");
    kithp_carried_of(&engine->sweep.carried, 5)->before.tier = 0;
    kithp_carried_of(&engine->sweep.carried, 6)->pinned = 3;
    assert_refused(engine, with_kinds("[tier low]\n[tier middle]\npromote_at = 2\n"), "tier", "high", "1 member holds");
    kith_engine_free(engine);
}

static void exchange_for_a_policy_without_a_tier_of_a_stopped_review_is_refused(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, true, NULL);
    for (uint32_t i = 0; i < engine->sweep.carried.states.count; i++) {
        struct kithp_carried *now = kithp_carried_of(&engine->sweep.carried, i);
        now->tier = now->before.tier = now->pinned = 0;
    }
    assert_refused(engine, with_kinds("[tier low]\n[tier other]\npromote_at = 2\n"), "tier", "middle",
                   "a review that is not finished");
    kith_engine_free(engine);
}

static const char tiers[] = "[tier a]\n[tier b]\npromote_at = 5\n";
static const char tiers_with_supporters[] = "[tier a]\n[tier b]\npromote_at = 5\nmin_supporters = 1\n";

static kith_engine *engine_with_open_week(const char *kinds)
{
    char text[1024];
    snprintf(text, sizeof text, "%s%s", tiers, kinds);
    kith_engine *engine = engine_of(text, KITH_NUMBERED);
    act(engine, MONDAY, 1, "like", 2, 3);
    return engine;
}

static void check_kind(const char *from, const char *to_tiers, const char *to, const char *words)
{
    char text[1024];
    snprintf(text, sizeof text, "%s%s", to_tiers, to);
    kith_engine *engine = engine_with_open_week(from);
    if (words)
        assert_refused(engine, text, "kind", "like", words);
    else
        kith_engine_free(must_exchange(engine, text));
    /* Where no week is open, anything goes. */
    kith_review_free(review_until(engine, MONDAY + WEEK));
    kith_engine_free(must_exchange(engine, text));
    kith_engine_free(engine);
}

static void exchange_that_would_count_what_was_not_counted_is_refused(void **state)
{
    (void)state;
    check_kind("[kind like]\ngives = content 1\n", tiers, "[kind other]\n", "does not have it");
    check_kind("[kind like]\n", tiers, "[kind other]\n", NULL);
    check_kind("[kind like]\n", tiers, "[kind like]\ngives = content 1\n", "credits the member who acts");
    check_kind("[kind like]\ngives = content 1\n", tiers, "[kind like]\ngives = content 1\nreceives = content 1\n",
               "credits the target");
    check_kind("[kind like]\ngives = content 1\n", tiers, "[kind like]\ngives = content 1 each 2\n",
               "what it gives is limited");
    check_kind("[kind like]\nreceives = content 1\n", tiers, "[kind like]\nreceives = content 1 each 2\n",
               "what is received is limited");
    check_kind("[kind like]\nreceives = content 1\n", tiers_with_supporters, "[kind like]\nreceives = content 1\n",
               "is a supporter");
    check_kind("[kind like]\ngives = content 1 each 2\nreceives = content 2 each 3\n", tiers,
               "[kind new]\ngives = content 4 each 1\nreceives = content 1\n[kind like]\nreceives = interaction -7\n",
               NULL);
}

static void exchange_of_the_calendar_is_refused_once_an_event_is_known(void **state)
{
    (void)state;
    static const char clock[] = "[calendar]\nutc_offset = +02:00\n[tier a]\n[tier b]\npromote_at = 5\n[kind like]\n";
    static const char week[] = "[calendar]\nweek_start = sunday\n[tier a]\n[tier b]\npromote_at = 5\n[kind like]\n";
    kith_engine *engine = engine_with_open_week("[kind like]\n");
    assert_refused(engine, clock, "calendar", "", "utc_offset");
    assert_refused(engine, week, "calendar", "", "week_start");
    kith_review_free(review_until(engine, MONDAY + 3 * WEEK));
    assert_refused(engine, clock, "calendar", "", "utc_offset");
    kith_engine_free(engine);

    /* Nobody is known, but weeks are closed: none is open that was closed, as far as the other clock can say. */
    engine = engine_of("[tier a]\n[tier b]\npromote_at = 5\n[kind like]\n", KITH_NUMBERED);
    kith_review_free(review_until(engine, MONDAY));
    kith_engine_info info = {.size = sizeof info};
    kith_engine *exchanged = must_exchange(engine, clock);
    assert_int_equal(kith_engine_get_info(exchanged, &info, NULL), KITH_OK);
    assert_true(info.reviewed_until == MONDAY - 7200);
    kith_engine_free(exchanged);
    exchanged = must_exchange(engine, week);
    assert_int_equal(kith_engine_get_info(exchanged, &info, NULL), KITH_OK);
    assert_true(info.reviewed_until == MONDAY - DAY);
    kith_engine_free(exchanged);
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchanged_open_weeks_come_to_what_the_new_policy_makes_of_their_events),
        cmocka_unit_test(exchanged_tiers_are_found_by_name),
        cmocka_unit_test(exchanged_baselines_keep_the_latest_weeks),
        cmocka_unit_test(exchanged_for_the_same_figures_explains_all_the_same),
        cmocka_unit_test(exchanged_stopped_review_has_its_tiers_by_name),
        cmocka_unit_test(exchange_for_a_policy_without_a_tier_that_is_held_is_refused),
        cmocka_unit_test(exchange_for_a_policy_without_a_tier_of_a_stopped_review_is_refused),
        cmocka_unit_test(exchange_that_would_count_what_was_not_counted_is_refused),
        cmocka_unit_test(exchange_of_the_calendar_is_refused_once_an_event_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
