/* SPDX-License-Identifier: MIT */
/* Members that are forgotten or merged: what is left of them, and where their names lead. */
#include "engine/engine.h"
#include "engine_support.h"

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

static void assert_sound(const kith_engine *engine)
{
    uint32_t members = kithp_members_count(&engine->members), *leads_to = calloc(members + 1, sizeof *leads_to);
    assert_non_null(leads_to);
    for (uint32_t i = 0; i < members; i++)
        leads_to[i] = kithp_members_resolve(&engine->members, i);
    assert_sound_weeks(&engine->tally, leads_to, members);
    free(leads_to);
}

static void forget(kith_engine *engine, uint64_t member)
{
    kith_error error = NO_ERROR;
    assert_status(kith_engine_forget(engine, member, &error), KITH_OK, &error);
    assert_sound(engine);
}

static void merge(kith_engine *engine, uint64_t from, uint64_t into)
{
    kith_error error = NO_ERROR;
    assert_status(kith_engine_merge(engine, from, into, &error), KITH_OK, &error);
    assert_sound(engine);
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

/* ---- forgotten ---- */

static void accounts_forgotten_leave_what_others_earned(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options), *other = engine_with(&options);
    for (unsigned i = 0; i < 2; i++) {
        kith_engine *both = i ? other : engine;
        add_named(both, MONDAY, "ana", "like", "ben", 30);
        add_named(both, MONDAY, "ben", "comment", "ana", 2);
        add_named(both, MONDAY + WEEK, "ana", "favorite", "cat", 3);
    }
    uint64_t ana = id_of(engine, "ana");
    forget(engine, ana);
    assert_int_equal(members_of(engine), 2);
    struct tables tables = review_tables(engine, MONDAY + 3 * WEEK), whole = review_tables(other, MONDAY + 3 * WEEK);
    for (unsigned i = 0; i < TABLES; i++)
        assert_null(strstr(tables.csv[i], "ana"));
    /* Each line that is left of the history stands in that of the engine that forgot nobody. */
    unsigned lines = 0;
    for (char *line = strtok(tables.csv[HISTORY], "\n"); line; line = strtok(NULL, "\n"), lines++)
        assert_non_null(strstr(whole.csv[HISTORY], line));
    assert_int_equal(lines, 5);
    tables_free(&tables);
    tables_free(&whole);
    kith_engine_free(engine);
    kith_engine_free(other);
}

static void assert_stands_for_nobody(kith_engine *engine, uint64_t id)
{
    kith_standing_row row = {.size = sizeof row};
    kith_member_settings settings = {.size = sizeof settings};
    assert_int_equal(kith_engine_get_standing(engine, id, KITH_LAST_REVIEW, &row, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(kith_engine_get_member(engine, id, &settings, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(kith_engine_forget(engine, id, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(kith_engine_merge(engine, id, 2, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(kith_engine_merge(engine, 2, id, NULL), KITH_UNKNOWN_MEMBER);
    kith_event event = {.size = sizeof event, .time = MONDAY + 2 * WEEK, .member = id, .quantity = 1};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_REFUSED, &error);
    assert_int_equal(error.reason, KITH_REASON_MEMBER);
}

static void accounts_forgotten_come_again_as_newcomers(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 3);
    add_named(engine, MONDAY, "ben", "login", "", 1);
    set(engine, id_of(engine, "ana"), 2, KITH_LEFT_OUT);
    kith_review_free(review_until(engine, MONDAY + 2 * WEEK));
    uint64_t before = id_of(engine, "ana"), after = 0;
    forget(engine, before);
    assert_int_equal(kith_engine_find_id(engine, TEXT("ana"), &after, NULL), KITH_UNKNOWN_MEMBER);
    assert_stands_for_nobody(engine, before);
    add_named(engine, MONDAY + 2 * WEEK, "ana", "login", "", 1);
    after = id_of(engine, "ana");
    assert_int_not_equal(before, after);
    assert_int_equal(pinned_of(engine, after), KITH_NO_TIER);
    assert_stands_for_nobody(engine, before);
    struct tables tables = review_tables(engine, MONDAY + 3 * WEEK);
    assert_non_null(strstr(tables.csv[HISTORY], "2026-03-16,ana,0.00,0.00,0.00,0.00,newcomer,new,"));
    assert_non_null(strstr(tables.csv[WEEKS_TABLE], "2026-03-16,2,1,"));
    tables_free(&tables);
    kith_engine_free(engine);
}

static void accounts_numbered_are_forgotten_likewise(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    add_numbered(engine, MONDAY, 0, 0, 5);
    add_numbered(engine, MONDAY, 5, 0, 0);
    forget(engine, 0);
    assert_int_equal(kith_engine_forget(engine, 0, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(kith_engine_forget(engine, 6, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(members_of(engine), 1);
    struct tables tables = review_tables(engine, MONDAY + WEEK);
    assert_int_equal(strncmp(tables.csv[STANDINGS], "5,", 2), 0);
    assert_null(strstr(tables.csv[STANDINGS], "\n0,"));
    tables_free(&tables);
    add_numbered(engine, MONDAY + WEEK, 0, 0, 5);
    assert_int_equal(members_of(engine), 2);
    kith_engine_free(engine);
}

/* One after the other, in any order, until nobody is left: the weeks go on, and say nothing. */
static void accounts_forgotten_to_the_last_leave_weeks_without_rows(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    uint64_t luck = 8, left[100];
    for (uint64_t i = 0; i < 100; i++)
        left[i] = i;
    for (unsigned i = 0; i < 3000; i++)
        add_numbered(engine, MONDAY + chance_below(&luck, 2 * (uint32_t)WEEK), chance_below(&luck, 100),
                     chance_below(&luck, 26), chance_below(&luck, 100));
    kith_review_free(review_until(engine, MONDAY + WEEK));
    for (uint32_t count = 100; count > 0; count--) {
        uint32_t at = chance_below(&luck, count);
        forget(engine, left[at]);
        left[at] = left[count - 1];
    }
    assert_int_equal(members_of(engine), 0);
    assert_int_equal(kithp_tally_first(&engine->tally)->pairs.count, 0);
    struct tables tables = review_tables(engine, MONDAY + 3 * WEEK);
    for (unsigned i = 0; i < TABLES; i++)
        assert_string_equal(tables.csv[i], "");
    tables_free(&tables);
    kith_engine_free(engine);
}

/* A pair that was forgotten counts anew; those of others go on where they were. */
static void accounts_forgotten_leave_the_pairs_of_others(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= tries(30); seed++) {
        kith_engine_options options = all_tables(KITH_NUMBERED);
        kith_engine *engine = engine_with(&options), *other = engine_with(&options);
        uint64_t luck = seed;
        for (unsigned i = 0; i < 800; i++) {
            uint64_t member = chance_below(&luck, 20), target = chance_below(&luck, 20);
            int64_t time = MONDAY + chance_below(&luck, (uint32_t)WEEK);
            uint32_t kind = chance_below(&luck, 26);
            /* The other engine never hears of member 3 or of what others do with it, nor of those who come after. */
            if (i == 400)
                forget(engine, 3);
            if (member != 3 && target != 3) {
                add_numbered(engine, time, member, kind, target);
                add_numbered(other, time, member, kind, target);
            } else if (i < 400) {
                /* Kinds without credit leave no trace on others but that they are known. */
                uint64_t known = member == 3 ? target : member;
                add_numbered(engine, time, member == 3 ? 3 : known, 25, member == 3 ? known : 3);
                if (known != 3)
                    add_numbered(other, time, member == 3 ? UINT64_MAX : known, 25, member == 3 ? known : UINT64_MAX);
            }
        }
        struct tables actual = review_tables(engine, MONDAY + WEEK), expected = review_tables(other, MONDAY + WEEK);
        assert_same_tables(&actual, &expected, "others");
        tables_free(&actual);
        tables_free(&expected);
        kith_engine_free(engine);
        kith_engine_free(other);
    }
}

/* Those who come after somebody has ended stand where they should among those who came before. */
static void accounts_that_end_leave_the_order_of_tables(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    uint64_t luck = 11;
    char name[16];
    for (unsigned week = 0; week < 6; week++) {
        for (unsigned i = 0; i < 60; i++) {
            snprintf(name, sizeof name, "m%04u", chance_below(&luck, 10000));
            add_named(engine, MONDAY + week * WEEK, name, "login", "", 1);
        }
        struct tables tables = review_tables(engine, MONDAY + (week + 1) * WEEK);
        char before[16] = "";
        unsigned lines = 0;
        for (const char *line = tables.csv[HISTORY]; *line; line = strchr(line, '\n') + 1, lines++) {
            memcpy(name, line + 11, 5);
            name[5] = '\0';
            assert_true(strcmp(before, name) < 0);
            memcpy(before, name, sizeof name);
        }
        assert_int_equal(lines, members_of(engine));
        tables_free(&tables);
        /* Every third is forgotten, or merged with its neighbour; ids are numbers from 1. */
        for (uint64_t id = 1 + week; id + 1 <= kithp_members_count(&engine->members); id += 3) {
            kith_status status = kith_engine_forget(engine, id, NULL);
            if (status == KITH_OK)
                status = kith_engine_merge(engine, id + 1, id + 2, NULL);
            assert_true(status == KITH_OK || status == KITH_UNKNOWN_MEMBER || status == KITH_BAD_ARGUMENT);
        }
    }
    kith_engine_free(engine);
}

static int stop_in_week_three(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return total == 5 && done == 3;
}

/* Rows that a cancelled review has not handed out yet: those of a member that ends are not handed out any more. */
static void accounts_that_end_leave_a_pending_review(void **state)
{
    (void)state;
    for (unsigned merged = 0; merged < 2; merged++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        options.progress = stop_in_week_three;
        kith_engine *engine = engine_with(&options);
        options.progress = NULL;
        kith_engine *whole = engine_with(&options);
        for (unsigned week = 0; week < 5; week++) {
            for (unsigned i = 0; i < 2; i++) {
                add_named(i ? whole : engine, MONDAY + week * WEEK, "ana", "article", "", 3);
                add_named(i ? whole : engine, MONDAY + week * WEEK, "ben", "article", "", 1);
            }
        }
        kith_review *review = NULL;
        kith_error error = NO_ERROR;
        assert_status(kith_engine_review(engine, MONDAY + 5 * WEEK, &review, &error), KITH_CANCELLED, &error);
        if (merged)
            merge(engine, id_of(engine, "ana"), id_of(engine, "ben"));
        else
            forget(engine, id_of(engine, "ana"));
        struct tables tables = review_tables(engine, MONDAY + 5 * WEEK),
                      before = review_tables(whole, MONDAY + 5 * WEEK);
        for (unsigned i = 0; i < TABLES; i++)
            assert_null(strstr(tables.csv[i], "ana"));
        /* Ben has a row a week; the first three of them, and all figures of those weeks, are as they were. */
        unsigned lines = 0;
        for (char *line = strtok(tables.csv[HISTORY], "\n"); line; line = strtok(NULL, "\n"), lines++)
            assert_int_equal(strstr(before.csv[HISTORY], line) != NULL, lines < 3 || !merged);
        assert_int_equal(lines, 5);
        assert_int_equal(strncmp(tables.csv[WEEKS_TABLE], before.csv[WEEKS_TABLE],
                                 (size_t)(strstr(before.csv[WEEKS_TABLE], "2026-03-23") - before.csv[WEEKS_TABLE])),
                         0);
        tables_free(&tables);
        tables_free(&before);
        kith_engine_free(engine);
        kith_engine_free(whole);
    }
}

/* ---- merged ---- */

static void accounts_merged_are_found_under_every_name(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "login", "", 1);
    add_named(engine, MONDAY, "anna", "article", "", 1);
    uint64_t ana = id_of(engine, "ana"), anna = id_of(engine, "anna"), ids[2] = {0};
    merge(engine, anna, ana);
    assert_int_equal(members_of(engine), 1);
    assert_int_equal(id_of(engine, "anna"), ana);
    const kith_text names[] = {TEXT("anna"), TEXT("ana")};
    assert_int_equal(kith_engine_get_ids(engine, names, 2, ids, NULL), KITH_OK);
    assert_true(ids[0] == ana && ids[1] == ana);
    /* The id from before leads there as well: in events, one or many, and in questions. */
    set(engine, anna, KITH_NO_TIER, KITH_LEFT_OUT);
    assert_int_equal(settings_of(engine, ana).counts, KITH_LEFT_OUT);
    set(engine, ana, KITH_NO_TIER, KITH_BY_POLICY);
    kith_event event = {.size = sizeof event, .time = MONDAY, .member = anna, .quantity = 1, .kind = 1};
    assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    int64_t time = MONDAY;
    uint32_t kind = 1;
    kith_events events = {.size = sizeof events, .count = 1, .time = &time, .member = &anna, .kind = &kind};
    assert_int_equal(kith_engine_add(engine, &events, NULL, NULL), KITH_OK);
    static const char csv[] = "time,member,kind,target\n2026-03-02,anna,post,\n2026-03-02,ana,like,anna\n";
    struct bytes_source source = {.bytes = csv, .length = sizeof csv - 1};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
    assert_int_equal(kith_engine_add_export(engine, &input, NULL, NULL), KITH_OK);
    /* 20 for the article and 30 for three posts; the like is one's own. */
    assert_review_says(engine, MONDAY + WEEK, HISTORY, "2026-03-02,ana,11.76,29.41,0.00,0.00,active,new,\n");
    kith_engine_free(engine);
}

static void accounts_merged_cannot_be_merged_with_themselves(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    for (uint64_t i = 0; i < 3; i++)
        add_numbered(engine, MONDAY, i, 0, UINT64_MAX);
    kith_error error = NO_ERROR;
    assert_status(kith_engine_merge(engine, 1, 1, &error), KITH_BAD_ARGUMENT, &error);
    assert_string_equal(error.field, "into");
    merge(engine, 1, 0);
    merge(engine, 0, 2);
    const uint64_t pairs[][2] = {{0, 1}, {1, 0}, {1, 2}, {2, 1}, {0, 2}};
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(kith_engine_merge(engine, pairs[i][0], pairs[i][1], NULL), KITH_BAD_ARGUMENT);
    assert_status(kith_engine_merge(engine, 9, 1, &error), KITH_UNKNOWN_MEMBER, &error);
    assert_string_equal(error.field, "from");
    assert_status(kith_engine_merge(engine, 1, 9, &error), KITH_UNKNOWN_MEMBER, &error);
    assert_string_equal(error.field, "into");
    assert_int_equal(kith_engine_merge(NULL, 0, 1, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_forget(NULL, 0, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(members_of(engine), 1);
    kith_engine_free(engine);
}

/* What was set for the account that goes on holds; where nothing was, what was set for the other. */
static void accounts_merged_keep_settings(void **state)
{
    (void)state;
    const struct {
        uint32_t from_pinned, into_pinned, pinned;
        uint32_t from_counts, into_counts, counts;
    } cases[] = {
        {KITH_NO_TIER, KITH_NO_TIER, KITH_NO_TIER, KITH_BY_POLICY, KITH_BY_POLICY, KITH_BY_POLICY},
        {2, KITH_NO_TIER, 2, KITH_LEFT_OUT, KITH_BY_POLICY, KITH_LEFT_OUT},
        {KITH_NO_TIER, 0, 0, KITH_BY_POLICY, KITH_COUNTED, KITH_COUNTED},
        {3, 1, 1, KITH_LEFT_OUT, KITH_COUNTED, KITH_COUNTED},
    };
    for (unsigned reviewed = 0; reviewed < 3; reviewed++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            kith_engine_options options = all_tables(KITH_NAMED);
            kith_engine *engine = new_engine("[members]\nleft_out = *-bot\n", &options);
            add_named(engine, MONDAY, "ana", "login", "", 1);
            if (reviewed == 1)
                kith_review_free(review_until(engine, MONDAY + WEEK));
            add_named(engine, MONDAY + WEEK, "ana-bot", "login", "", 1);
            if (reviewed == 2)
                kith_review_free(review_until(engine, MONDAY + 2 * WEEK));
            uint64_t from = id_of(engine, "ana"), into = id_of(engine, "ana-bot");
            if (cases[i].from_pinned != KITH_NO_TIER || cases[i].from_counts != KITH_BY_POLICY)
                set(engine, from, cases[i].from_pinned, cases[i].from_counts);
            if (cases[i].into_pinned != KITH_NO_TIER || cases[i].into_counts != KITH_BY_POLICY)
                set(engine, into, cases[i].into_pinned, cases[i].into_counts);
            merge(engine, from, into);
            kith_member_settings settings = settings_of(engine, from);
            assert_int_equal(pinned_of(engine, from), cases[i].pinned);
            assert_int_equal(settings.counts, cases[i].counts);
            /* By the policy, the name of the account that goes on decides. */
            struct tables tables = review_tables(engine, MONDAY + 3 * WEEK);
            char *last = strstr(tables.csv[WEEKS_TABLE], "2026-03-16,");
            assert_non_null(last);
            assert_int_equal(last[11], cases[i].counts == KITH_COUNTED ? '1' : '0');
            tables_free(&tables);
            kith_engine_free(engine);
        }
    }
}

static void accounts_merged_and_forgotten_are_so_under_every_name(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 1);
    add_named(engine, MONDAY, "ben", "like", "ana", 1);
    add_named(engine, MONDAY, "anna", "article", "", 1);
    uint64_t ana = id_of(engine, "ana"), anna = id_of(engine, "anna"), id = 0;
    merge(engine, ana, anna);
    forget(engine, ana);
    assert_int_equal(kith_engine_find_id(engine, TEXT("ana"), &id, NULL), KITH_UNKNOWN_MEMBER);
    assert_int_equal(kith_engine_find_id(engine, TEXT("anna"), &id, NULL), KITH_UNKNOWN_MEMBER);
    assert_stands_for_nobody(engine, ana);
    assert_stands_for_nobody(engine, anna);
    add_named(engine, MONDAY, "anna", "login", "", 1);
    add_named(engine, MONDAY, "ana", "login", "", 1);
    assert_int_not_equal(id_of(engine, "ana"), id_of(engine, "anna"));
    assert_int_equal(members_of(engine), 3);
    struct tables tables = review_tables(engine, MONDAY + WEEK);
    assert_non_null(strstr(tables.csv[STANDINGS], "ana,0.00"));
    assert_non_null(strstr(tables.csv[STANDINGS], "anna,0.00"));
    tables_free(&tables);
    kith_engine_free(engine);
}

/* ---- without memory ---- */

enum { CROWD = 700 };

/* Members 1 and 2000 act with most of a crowd, so that a merge has many pairs to rename, and pages to make. */
static kith_engine *crowd_of(struct memory *memory)
{
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.allocator = &memory->allocator;
    kith_engine *engine = engine_with(&options);
    uint64_t luck = 4;
    for (uint64_t i = 1; i <= CROWD; i++)
        add_numbered(engine, MONDAY, i, 25, UINT64_MAX);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    for (uint64_t i = 2; i <= CROWD; i++) {
        for (unsigned week = 1; week < 4; week++) {
            add_numbered(engine, MONDAY + week * WEEK, 1, 5 + chance_below(&luck, 4), i);
            if (week == 1 || chance_below(&luck, 2))
                add_numbered(engine, MONDAY + week * WEEK, 5 + i, 5 + chance_below(&luck, 4), 1);
        }
    }
    add_numbered(engine, MONDAY + 2 * WEEK, 2000, 5, 17);
    return engine;
}

/* What the weeks say then, those that come after finding their pairs, too. */
static char *history_of_crowd(kith_engine *engine)
{
    for (uint64_t i = 2; i <= CROWD; i += 3)
        add_numbered(engine, MONDAY + 2 * WEEK, i, 7, i % 2 ? 1 : 2000);
    struct tables tables = review_tables(engine, MONDAY + 4 * WEEK);
    char *history = text_string(kith_text_of(tables.csv[HISTORY]));
    tables_free(&tables);
    return history;
}

/* The first allocation fails, the second, and so on, each in an engine of its own: a failed merge changes nothing. */
static void accounts_merged_without_memory_are_as_they_were(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_engine *engine = crowd_of(&memory);
    char *apart = history_of_crowd(engine), *together = NULL;
    kith_engine_free(engine);
    unsigned failures = 0;
    for (kith_status status = KITH_NO_MEMORY; status != KITH_OK; failures++) {
        engine = crowd_of(&memory);
        memory_fail_after(&memory, failures);
        kith_error error = NO_ERROR;
        status = kith_engine_merge(engine, 1, 2000, &error);
        memory_fail_never(&memory);
        assert_status(status, status == KITH_OK ? KITH_OK : KITH_NO_MEMORY, &error);
        assert_int_equal(members_of(engine), status == KITH_OK ? CROWD + 5 : CROWD + 6);
        assert_sound(engine);
        char *history = history_of_crowd(engine);
        if (status == KITH_OK)
            together = history;
        else
            assert_same_text(history, apart, "after a failed merge");
        if (status != KITH_OK)
            free(history);
        kith_engine_free(engine);
    }
    /* The link, and in each of three weeks the index of pairs, which grows half way through. */
    assert_in_range(failures, 1 + 4, 100);
    assert_string_not_equal(apart, together);
    /* And tried again, it goes through. */
    for (unsigned i = 0; i < failures; i++) {
        engine = crowd_of(&memory);
        memory_fail_after(&memory, i);
        if (kith_engine_merge(engine, 1, 2000, NULL) != KITH_OK) {
            memory_fail_never(&memory);
            merge(engine, 1, 2000);
        }
        memory_fail_never(&memory);
        char *history = history_of_crowd(engine);
        assert_same_text(history, together, "after a failed merge and another");
        free(history);
        kith_engine_free(engine);
    }
    free(apart);
    free(together);
    assert_int_equal(memory.live, 0);
}

static void accounts_forgotten_without_memory_are_as_they_were(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_engine *engine = crowd_of(&memory);
    unsigned failures = 0;
    for (uint64_t id = 1; id <= 20; id++) {
        memory_fail_after(&memory, 0);
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_forget(engine, id, &error);
        memory_fail_never(&memory);
        if (status == KITH_OK)
            continue;
        assert_status(status, KITH_NO_MEMORY, &error);
        assert_int_equal(members_of(engine), CROWD + 6 - (id - 1));
        kith_standing_row row = {.size = sizeof row};
        assert_int_equal(kith_engine_get_standing(engine, id, KITH_LAST_REVIEW, &row, NULL), KITH_OK);
        forget(engine, id);
        failures++;
    }
    assert_in_range(failures, 3, 10);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_forgotten_leave_what_others_earned),
        cmocka_unit_test(accounts_forgotten_come_again_as_newcomers),
        cmocka_unit_test(accounts_numbered_are_forgotten_likewise),
        cmocka_unit_test(accounts_forgotten_to_the_last_leave_weeks_without_rows),
        cmocka_unit_test(accounts_forgotten_leave_the_pairs_of_others),
        cmocka_unit_test(accounts_that_end_leave_the_order_of_tables),
        cmocka_unit_test(accounts_that_end_leave_a_pending_review),
        cmocka_unit_test(accounts_merged_are_found_under_every_name),
        cmocka_unit_test(accounts_merged_cannot_be_merged_with_themselves),
        cmocka_unit_test(accounts_merged_keep_settings),
        cmocka_unit_test(accounts_merged_and_forgotten_are_so_under_every_name),
        cmocka_unit_test(accounts_merged_without_memory_are_as_they_were),
        cmocka_unit_test(accounts_forgotten_without_memory_are_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
