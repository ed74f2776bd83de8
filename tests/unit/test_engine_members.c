/* SPDX-License-Identifier: MIT */
/* What an application decides about members: their tier, whether they count, their leave. */
#include "engine/engine.h"
#include "engine_support.h"
#include "review/provisional.h"

static uint64_t id_of(const kith_engine *engine, const char *name)
{
    uint64_t id = 0;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_find_id(engine, kith_text_of(name), &id, &error), KITH_OK, &error);
    return id;
}

static void set(kith_engine *engine, uint64_t member, uint32_t pinned, uint32_t counts)
{
    bool pins = pinned != KITH_NO_TIER;
    kith_member_settings settings = {
        .size = sizeof settings, .pinned = pins, .tier = pins ? pinned : 0, .counts = counts};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_set_member(engine, member, &settings, &error), KITH_OK, &error);
}

static kith_member_settings settings_of(const kith_engine *engine, uint64_t member)
{
    kith_member_settings settings = {.size = sizeof settings, .pinned = 77, .tier = 78, .counts = 79};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_get_member(engine, member, &settings, &error), KITH_OK, &error);
    return settings;
}

/* The tier that is pinned, or KITH_NO_TIER. */
static uint32_t pinned_of(const kith_engine *engine, uint64_t member)
{
    kith_member_settings settings = settings_of(engine, member);
    assert_true(settings.pinned || settings.tier == 0);
    return settings.pinned ? settings.tier : KITH_NO_TIER;
}

static uint64_t members_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info.members;
}

static kith_engine *new_engine(const char *policy_text, const kith_engine_options *options)
{
    kith_policy *policy = policy_of(policy_text);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_new(policy, options, &engine, &error), KITH_OK, &error);
    kith_policy_free(policy);
    return engine;
}

static void add_numbered(kith_engine *engine, int64_t time, uint64_t member, uint32_t kind, uint64_t target)
{
    kith_event event = {.size = sizeof event, .time = time, .member = member, .kind = kind, .target = target};
    event.quantity = 1;
    event.nobody = UINT64_MAX;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
}

/* The tables that reviews until a moment bring. */
static struct tables review_tables(kith_engine *engine, int64_t until)
{
    kith_review *review = review_until(engine, until);
    struct tables tables = tables_of(review, KITH_CSV_NO_HEADER);
    kith_review_free(review);
    return tables;
}

static void assert_review_says(kith_engine *engine, int64_t until, unsigned table, const char *expected)
{
    struct tables tables = review_tables(engine, until);
    assert_same_text(tables.csv[table], expected, table_names[table]);
    tables_free(&tables);
}

enum { STANDINGS, CHANGES, FLAGS, WEEKS_TABLE, HISTORY };

/* ---- settings ---- */

static void members_settings_come_back(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    uint64_t ids[2];
    const kith_text names[] = {TEXT("ana"), TEXT("ben")};
    assert_int_equal(kith_engine_get_ids(engine, names, 2, ids, NULL), KITH_OK);
    assert_int_equal(pinned_of(engine, ids[1]), KITH_NO_TIER);
    assert_int_equal(settings_of(engine, ids[1]).counts, KITH_BY_POLICY);
    set(engine, ids[1], 3, KITH_LEFT_OUT);
    set(engine, ids[0], 0, KITH_COUNTED);
    assert_int_equal(pinned_of(engine, ids[1]), 3);
    assert_int_equal(settings_of(engine, ids[1]).counts, KITH_LEFT_OUT);
    assert_int_equal(pinned_of(engine, ids[0]), 0);
    assert_int_equal(settings_of(engine, ids[0]).counts, KITH_COUNTED);
    /* They outlive reviews, and are replaced as a whole. */
    add_named(engine, MONDAY, "ben", "login", "", 1);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    assert_int_equal(pinned_of(engine, ids[1]), 3);
    set(engine, ids[1], KITH_NO_TIER, KITH_BY_POLICY);
    assert_int_equal(pinned_of(engine, ids[1]), KITH_NO_TIER);
    assert_int_equal(settings_of(engine, ids[1]).counts, KITH_BY_POLICY);
    kith_engine_free(engine);
}

static void members_settings_that_cannot_be_are_refused(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "login", "", 1);
    set(engine, 1, 2, KITH_COUNTED);
    const struct {
        kith_member_settings settings;
        uint64_t member;
        kith_status status;
        const char *field;
    } cases[] = {
        {{sizeof(kith_member_settings), 2, 0, 0}, 1, KITH_BAD_ARGUMENT, "settings.pinned"},
        {{sizeof(kith_member_settings), 1, 4, 0}, 1, KITH_BAD_ARGUMENT, "settings.tier"},
        {{sizeof(kith_member_settings), 1, UINT32_MAX, 0}, 1, KITH_BAD_ARGUMENT, "settings.tier"},
        {{sizeof(kith_member_settings), 0, 1, 0}, 1, KITH_BAD_ARGUMENT, "settings.tier"},
        {{sizeof(kith_member_settings), 0, 0, 3}, 1, KITH_BAD_ARGUMENT, "settings.counts"},
        {{0, 0, 0, 0}, 1, KITH_BAD_ARGUMENT, "settings"},
        {{sizeof(kith_member_settings), 0, 0, 0}, 0, KITH_UNKNOWN_MEMBER, "member"},
        {{sizeof(kith_member_settings), 0, 0, 0}, 2, KITH_UNKNOWN_MEMBER, "member"},
        {{sizeof(kith_member_settings), 0, 0, 0}, UINT64_MAX, KITH_UNKNOWN_MEMBER, "member"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error error = NO_ERROR;
        assert_status(kith_engine_set_member(engine, cases[i].member, &cases[i].settings, &error), cases[i].status,
                      &error);
        assert_int_equal(strncmp(error.field, cases[i].field, strlen(cases[i].field)), 0);
        assert_int_equal(pinned_of(engine, 1), 2);
        assert_int_equal(settings_of(engine, 1).counts, KITH_COUNTED);
    }
    kith_member_settings untouched = {.size = sizeof untouched, .pinned = 5};
    assert_int_equal(kith_engine_set_member(NULL, 1, &untouched, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_set_member(engine, 1, NULL, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_member(NULL, 1, &untouched, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_member(engine, 1, NULL, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_member(engine, 2, &untouched, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(untouched.pinned, 5);
    kith_engine_free(engine);
}

/* A number may be pinned before anything is heard of it; it is in no table for that. */
static void members_numbered_can_be_set_before_they_are_known(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    kith_member_settings none = {.size = sizeof none};
    assert_int_equal(kith_engine_get_member(engine, 0, &none, NULL), KITH_UNKNOWN_MEMBER);
    set(engine, 0, 2, KITH_BY_POLICY);
    set(engine, UINT64_MAX - 1, 1, KITH_LEFT_OUT);
    assert_int_equal(members_of(engine), 2);
    assert_int_equal(pinned_of(engine, 0), 2);
    add_numbered(engine, MONDAY, 7, 0, UINT64_MAX);
    assert_review_says(engine, MONDAY + WEEK, CHANGES, "2026-03-02,7,newcomer,active,promoted,5.71\n");
    add_numbered(engine, MONDAY + WEEK, 0, 0, UINT64_MAX);
    assert_review_says(engine, MONDAY + 2 * WEEK, CHANGES, "2026-03-09,0,newcomer,veteran,pinned,5.71\n");
    kith_engine_free(engine);
}

static void members_setting_without_memory_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t sort = KITH_NAMED; sort <= KITH_NUMBERED; sort++) {
        struct memory memory;
        memory_init(&memory);
        kith_engine_options options = all_tables(sort);
        options.allocator = &memory.allocator;
        kith_engine *engine = engine_with(&options);
        if (sort == KITH_NAMED)
            add_named(engine, MONDAY, "ana", "login", "", 1);
        kith_member_settings settings = {.size = sizeof settings, .pinned = 1, .tier = 1};
        unsigned failures = 0;
        for (uint64_t n = 0;; n++) {
            memory_fail_after(&memory, n);
            kith_error error = NO_ERROR;
            kith_status status = kith_engine_set_member(engine, 1, &settings, &error);
            memory_fail_never(&memory);
            if (status == KITH_OK)
                break;
            assert_status(status, KITH_NO_MEMORY, &error);
            assert_int_equal(members_of(engine), sort == KITH_NAMED);
            if (sort == KITH_NAMED)
                assert_int_equal(pinned_of(engine, 1), KITH_NO_TIER);
            failures++;
        }
        assert_true(failures >= 3);
        assert_int_equal(pinned_of(engine, 1), 1);
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
    }
}

/* ---- pinned ---- */

static void members_pinned_take_the_tier_and_go_on_from_it(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "login", "", 1);
    set(engine, id_of(engine, "ana"), 3, KITH_BY_POLICY);
    kith_standing_row row = {.size = sizeof row};
    /* What a review would say if the week closed now says it, too. */
    assert_int_equal(kith_engine_get_standing(engine, 1, MONDAY + DAY, &row, NULL), KITH_OK);
    assert_int_equal(row.tier, 3);
    assert_review_says(engine, MONDAY + 10 * WEEK, CHANGES, "2026-03-02,ana,newcomer,mentor,pinned,0.00\n");
    set(engine, 1, 1, KITH_BY_POLICY);
    assert_review_says(engine, MONDAY + 11 * WEEK, CHANGES, "2026-05-11,ana,mentor,active,pinned,0.00\n");
    set(engine, 1, KITH_NO_TIER, KITH_BY_POLICY);
    assert_review_says(engine, MONDAY + 12 * WEEK, CHANGES, "2026-05-18,ana,active,newcomer,dormant,0.00\n");
    kith_engine_free(engine);
}

/* ---- left out ---- */

/* Left out by its name, by what was set, or not: in each case weeks and watch say who counts. */
static void members_left_out_are_in_no_week_and_on_no_watch(void **state)
{
    (void)state;
    const struct {
        const char *policy;
        uint32_t counts;
        bool left_out;
    } cases[] = {
        {"[members]\nleft_out = *-bot\n", KITH_BY_POLICY, true},
        {"[members]\nleft_out = *-bot\n", KITH_COUNTED, false},
        {"[members]\nleft_out = *-bots\n", KITH_BY_POLICY, false},
        {"[members]\nleft_out = *-bots\n", KITH_LEFT_OUT, true},
        {NULL, KITH_LEFT_OUT, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        kith_engine *engine = new_engine(cases[i].policy, &options);
        add_named(engine, MONDAY, "ana", "login", "", 1);
        add_named(engine, MONDAY, "ci-bot", "article", "", 1);
        add_named(engine, MONDAY, "ci-bot", "like", "ana", 1);
        if (cases[i].counts != KITH_BY_POLICY)
            set(engine, id_of(engine, "ci-bot"), KITH_NO_TIER, cases[i].counts);
        kith_table *watch = NULL;
        assert_int_equal(kith_engine_get_watch(engine, MONDAY + 10 * DAY, &watch, NULL), KITH_OK);
        assert_int_equal(kith_table_rows(watch), cases[i].left_out ? 1 : 2);
        kith_table_free(watch);
        struct tables tables = review_tables(engine, MONDAY + WEEK);
        assert_same_text(tables.csv[WEEKS_TABLE],
                         cases[i].left_out ? "2026-03-02,1,1,0.32,1,0,0,0,0,0,0,1,0,0,0\n"
                                           : "2026-03-02,2,2,3.26,2,0,0,0,0,0,0,1,1,0,0\n",
                         "weeks");
        /* All else is as for anybody: its own rows, and what its acts are worth to others. */
        assert_non_null(strstr(tables.csv[CHANGES], "ci-bot,newcomer,active,promoted,6.20"));
        assert_non_null(strstr(tables.csv[STANDINGS], "ci-bot,6.20"));
        assert_non_null(strstr(tables.csv[STANDINGS], "ana,0.32"));
        tables_free(&tables);
        kith_engine_free(engine);
    }
}

/* Before its first review, too: what it would be goes by the name. */
static void members_left_out_are_so_before_any_review(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = new_engine("[members]\nleft_out = *-bot\n", &options);
    add_named(engine, MONDAY, "ana", "login", "", 1);
    add_named(engine, MONDAY, "ci-bot", "login", "", 1);
    for (unsigned reviewed = 0; reviewed < 2; reviewed++) {
        for (uint32_t member = 0; member < 2; member++) {
            struct kithp_carried provisional;
            assert_true(
                kithp_provisional_review(&engine->sweep, &engine->tally, member, MONDAY + WEEK + DAY, &provisional));
            assert_int_equal(provisional.left_out, member == 1);
        }
        kith_review_free(review_until(engine, MONDAY + WEEK));
    }
    kith_engine_free(engine);
}

/* Patterns are of names; ids have none. */
static void members_numbered_fit_no_pattern(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = new_engine("[members]\nleft_out = * 7\n", &options);
    add_numbered(engine, MONDAY, 7, 0, UINT64_MAX);
    assert_review_says(engine, MONDAY + WEEK, WEEKS_TABLE, "2026-03-02,1,1,5.71,1,0,0,0,0,0,0,0,1,0,0\n");
    kith_engine_free(engine);
}

/* ---- leave ---- */

static void add_leave(kith_engine *engine, uint32_t kind, bool at_once)
{
    int64_t times[] = {MONDAY + DAY, MONDAY + 3 * WEEK};
    uint64_t member[] = {1, 1}, target[] = {0, 2};
    uint32_t kinds[] = {kind, kind}, days[] = {20, 3};
    if (at_once) {
        kith_events events = {.size = sizeof events, .count = 2, .time = times, .member = member, .kind = kinds};
        events.target = target;
        events.quantity = days;
        kith_added added = {.size = sizeof added};
        assert_int_equal(kith_engine_add(engine, &events, &added, NULL), KITH_OK);
        assert_int_equal(added.taken, 2);
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        kith_event event = {.size = sizeof event, .time = times[i], .member = member[i], .kind = kinds[i]};
        event.target = target[i];
        event.quantity = days[i];
        kith_error error = NO_ERROR;
        assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
    }
}

/* A notice of KITH_KIND_LEAVE is one of a kind with `leave = yes`, under a policy without such a kind, too. */
static void members_leave_is_as_that_of_a_kind_of_the_policy(void **state)
{
    (void)state;
    static const char with[] = "[kind act]\ngives = content 5\n[kind off]\nleave = yes\n";
    static const char without[] = "[kind act]\ngives = content 5\n";
    kith_engine_options options = all_tables(KITH_NUMBERED);
    for (unsigned i = 0; i < 4; i++) {
        kith_engine *own = new_engine(with, &options), *any = new_engine(i & 2 ? with : without, &options);
        add_numbered(own, MONDAY, 1, 0, UINT64_MAX);
        add_numbered(any, MONDAY, 1, 0, UINT64_MAX);
        add_leave(own, 1, i & 1);
        add_leave(any, KITH_KIND_LEAVE, i & 1);
        struct tables expected = review_tables(own, MONDAY + 9 * WEEK), actual = review_tables(any, MONDAY + 9 * WEEK);
        assert_same_tables(&actual, &expected, "leave");
        assert_non_null(strstr(expected.csv[HISTORY], "away"));
        tables_free(&expected);
        tables_free(&actual);
        kith_engine_free(own);
        kith_engine_free(any);
    }
}

/* Its number is not that of a kind of the largest policy, and what a notice needs is asked of it as of any event. */
static void members_leave_is_checked_like_any_event(void **state)
{
    (void)state;
    char policy[KITHP_KINDS_MOST * 16] = "";
    for (unsigned i = 0; i < KITHP_KINDS_MOST; i++)
        sprintf(policy + strlen(policy), "[kind k%u]\n", i);
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = new_engine(policy, &options);
    kith_event event = {.size = sizeof event, .time = MONDAY, .quantity = 1, .member_name = TEXT("ana")};
    const struct {
        uint32_t kind;
        uint32_t quantity;
        kith_status status;
        uint32_t reason;
    } cases[] = {
        {KITHP_KINDS_MOST - 1, 1, KITH_OK, 0},
        {KITHP_KINDS_MOST, 1, KITH_REFUSED, KITH_REASON_KIND},
        {KITH_KIND_LEAVE - 1, 1, KITH_REFUSED, KITH_REASON_KIND},
        {KITH_KIND_LEAVE, 0, KITH_REFUSED, KITH_REASON_QUANTITY},
        {KITH_KIND_LEAVE, 1000000001, KITH_REFUSED, KITH_REASON_QUANTITY},
        {KITH_KIND_LEAVE, 1000000000, KITH_OK, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error error = NO_ERROR;
        event.kind = cases[i].kind;
        event.quantity = cases[i].quantity;
        assert_status(kith_engine_add_event(engine, &event, &error), cases[i].status, &error);
        assert_int_equal(error.reason, cases[i].reason);
    }
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_settings_come_back),
        cmocka_unit_test(members_settings_that_cannot_be_are_refused),
        cmocka_unit_test(members_numbered_can_be_set_before_they_are_known),
        cmocka_unit_test(members_setting_without_memory_changes_nothing),
        cmocka_unit_test(members_pinned_take_the_tier_and_go_on_from_it),
        cmocka_unit_test(members_left_out_are_in_no_week_and_on_no_watch),
        cmocka_unit_test(members_left_out_are_so_before_any_review),
        cmocka_unit_test(members_numbered_fit_no_pattern),
        cmocka_unit_test(members_leave_is_as_that_of_a_kind_of_the_policy),
        cmocka_unit_test(members_leave_is_checked_like_any_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
