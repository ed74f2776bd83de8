/* SPDX-License-Identifier: MIT */
/* Tables by column and by row, on the worked example of docs/model.md: Ana writes one article and is not seen again. */
#include "engine_support.h"

static kith_engine *engine_of_ana(uint32_t members)
{
    kith_engine_options options = all_tables(members);
    kith_engine *engine = engine_with(&options);
    if (members == KITH_NAMED)
        add_named(engine, MONDAY + 3600, "ana", "article", "", 1);
    else {
        kith_policy *policy = policy_of(NULL);
        kith_event event = {.size = sizeof event,
                            .kind = kind_of(policy, "article"),
                            .time = MONDAY + 3600,
                            .member = UINT64_MAX,
                            .quantity = 1};
        assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
        kith_policy_free(policy);
    }
    return engine;
}

/* Five weeks; table is freed by the caller. */
static kith_table *table_of_ana(uint32_t members, uint32_t which)
{
    kith_engine *engine = engine_of_ana(members);
    kith_review *review = review_until(engine, MONDAY + 5 * WEEK);
    kith_table *table = NULL;
    assert_int_equal(kith_review_get_table(review, which, &table, NULL), KITH_OK);
    /* A table outlives what it came from. */
    kith_review_free(review);
    kith_engine_free(engine);
    return table;
}

static kith_column column_of(const kith_table *table, uint32_t index)
{
    kith_column column = {.size = sizeof column};
    kith_error error = NO_ERROR;
    assert_status(kith_table_get_column(table, index, &column, &error), KITH_OK, &error);
    assert_int_equal(column.size, sizeof column);
    assert_int_equal(column.count, kith_table_rows(table));
    return column;
}

struct expected_column {
    const char *name;
    uint32_t type;
};

static void assert_columns(uint32_t members, uint32_t which, const struct expected_column *expected, uint32_t count)
{
    kith_table *table = table_of_ana(members, which);
    assert_int_equal(kith_table_columns(table), count);
    for (uint32_t i = 0; i < count; i++) {
        kith_column column = column_of(table, i);
        assert_string_equal(column.name, expected[i].name);
        assert_int_equal(column.type, expected[i].type);
        assert_int_equal(!!column.offsets, column.type == KITH_COLUMN_TEXT);
        bool labelled = column.type == KITH_COLUMN_LABEL || column.type == KITH_COLUMN_FLAGS;
        assert_int_equal(!!column.labels, labelled);
        assert_int_equal(column.label_count > 0, labelled);
    }
    kith_table_free(table);
}

static void table_columns_of_standings(void **state)
{
    (void)state;
    struct expected_column columns[] = {
        {"member", KITH_COLUMN_TEXT},       {"score", KITH_COLUMN_SCORE},       {"content", KITH_COLUMN_SCORE},
        {"interaction", KITH_COLUMN_SCORE}, {"community", KITH_COLUMN_SCORE},   {"tier", KITH_COLUMN_LABEL},
        {"stage", KITH_COLUMN_LABEL},       {"flags", KITH_COLUMN_FLAGS},       {"risk", KITH_COLUMN_SCORE},
        {"active_days", KITH_COLUMN_COUNT}, {"silent_days", KITH_COLUMN_COUNT}, {"joined", KITH_COLUMN_TIME},
        {"last_seen", KITH_COLUMN_TIME},
    };
    assert_columns(KITH_NAMED, KITH_STANDINGS, columns, 13);
    columns[0].type = KITH_COLUMN_ID;
    assert_columns(KITH_NUMBERED, KITH_STANDINGS, columns, 13);
}

static void table_columns_of_changes(void **state)
{
    (void)state;
    struct expected_column columns[] = {
        {"week", KITH_COLUMN_DAY}, {"member", KITH_COLUMN_TEXT},  {"from", KITH_COLUMN_LABEL},
        {"to", KITH_COLUMN_LABEL}, {"reason", KITH_COLUMN_LABEL}, {"score", KITH_COLUMN_SCORE},
    };
    assert_columns(KITH_NAMED, KITH_CHANGES, columns, 6);
    columns[1].type = KITH_COLUMN_ID;
    assert_columns(KITH_NUMBERED, KITH_CHANGES, columns, 6);
}

static void table_columns_of_flags(void **state)
{
    (void)state;
    const struct expected_column columns[] = {
        {"week", KITH_COLUMN_DAY}, {"member", KITH_COLUMN_TEXT}, {"flag", KITH_COLUMN_LABEL}};
    assert_columns(KITH_NAMED, KITH_FLAGS, columns, 3);
}

static void table_columns_of_weeks(void **state)
{
    (void)state;
    const struct expected_column columns[] = {
        {"week", KITH_COLUMN_DAY},          {"members", KITH_COLUMN_COUNT},      {"active_members", KITH_COLUMN_COUNT},
        {"mean_score", KITH_COLUMN_SCORE},  {"new", KITH_COLUMN_COUNT},          {"returned", KITH_COLUMN_COUNT},
        {"core", KITH_COLUMN_COUNT},        {"active", KITH_COLUMN_COUNT},       {"away", KITH_COLUMN_COUNT},
        {"silent", KITH_COLUMN_COUNT},      {"dormant", KITH_COLUMN_COUNT},      {"tier_newcomer", KITH_COLUMN_COUNT},
        {"tier_active", KITH_COLUMN_COUNT}, {"tier_veteran", KITH_COLUMN_COUNT}, {"tier_mentor", KITH_COLUMN_COUNT},
    };
    assert_columns(KITH_NAMED, KITH_WEEKS, columns, 15);
}

static void table_columns_of_history(void **state)
{
    (void)state;
    const struct expected_column columns[] = {
        {"week", KITH_COLUMN_DAY},      {"member", KITH_COLUMN_TEXT},       {"score", KITH_COLUMN_SCORE},
        {"content", KITH_COLUMN_SCORE}, {"interaction", KITH_COLUMN_SCORE}, {"community", KITH_COLUMN_SCORE},
        {"tier", KITH_COLUMN_LABEL},    {"stage", KITH_COLUMN_LABEL},       {"flags", KITH_COLUMN_FLAGS},
    };
    assert_columns(KITH_NAMED, KITH_HISTORY, columns, 9);
}

/* ---- values, as the worked example has them ---- */

static const int32_t scores[] = {571, 491, 421, 360, 307};
static const int32_t contents[] = {1428, 1229, 1054, 901, 769};
static const uint32_t flags_of_weeks[] = {0, KITH_FLAG_SILENT | KITH_FLAG_STALLED, KITH_FLAG_SILENT | KITH_FLAG_STALLED,
                                          KITH_FLAG_SILENT | KITH_FLAG_STALLED, KITH_FLAG_SILENT | KITH_FLAG_DORMANT};
static const uint32_t stages[] = {KITH_STAGE_NEW, KITH_STAGE_SILENT, KITH_STAGE_SILENT, KITH_STAGE_SILENT,
                                  KITH_STAGE_DORMANT};

static void table_history_rows_are_those_of_the_example(void **state)
{
    (void)state;
    kith_table *table = table_of_ana(KITH_NAMED, KITH_HISTORY);
    assert_int_equal(kith_table_rows(table), 5);
    for (uint32_t i = 0; i < 5; i++) {
        kith_history_row row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(table, i, &row, NULL), KITH_OK);
        assert_int_equal(row.size, sizeof row);
        assert_int_equal(row.week, MONDAY_DAY + 7 * (int32_t)i);
        assert_text_equal(row.member, "ana");
        assert_int_equal(row.id, 0);
        assert_int_equal(row.score, scores[i]);
        assert_int_equal(row.dimensions[KITH_CONTENT], contents[i]);
        assert_int_equal(row.dimensions[KITH_INTERACTION], 0);
        assert_int_equal(row.dimensions[KITH_COMMUNITY], 0);
        assert_int_equal(row.tier, i < 4 ? 1 : 0);
        assert_int_equal(row.stage, stages[i]);
        assert_int_equal(row.flags, flags_of_weeks[i]);
        assert_int_equal(row.reserved, 0);
    }
    kith_table_free(table);
}

static void table_history_columns_are_those_of_the_example(void **state)
{
    (void)state;
    kith_table *table = table_of_ana(KITH_NAMED, KITH_HISTORY);
    kith_column week = column_of(table, 0), member = column_of(table, 1), score = column_of(table, 2);
    kith_column tier = column_of(table, 6), stage = column_of(table, 7), flags = column_of(table, 8);
    assert_int_equal(member.offsets[0], 0);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(((const int32_t *)week.values)[i], MONDAY_DAY + 7 * (int32_t)i);
        assert_int_equal(member.offsets[i + 1], 3 * (i + 1));
        assert_memory_equal((const char *)member.values + member.offsets[i], "ana", 3);
        assert_int_equal(((const int32_t *)score.values)[i], scores[i]);
        assert_int_equal(((const uint8_t *)tier.values)[i], i < 4 ? 1 : 0);
        assert_int_equal(((const uint8_t *)stage.values)[i], stages[i]);
        assert_int_equal(((const uint8_t *)flags.values)[i], flags_of_weeks[i]);
    }
    assert_int_equal(tier.label_count, 4);
    assert_string_equal(tier.labels[3], "mentor");
    assert_int_equal(stage.label_count, KITH_STAGES);
    assert_string_equal(stage.labels[KITH_STAGE_AWAY], "away");
    assert_int_equal(flags.label_count, 6);
    assert_string_equal(flags.labels[5], "at_risk");
    kith_table_free(table);
}

static void table_standing_rows_are_those_of_the_example(void **state)
{
    (void)state;
    for (uint32_t members = KITH_NAMED; members <= KITH_NUMBERED; members++) {
        kith_table *table = table_of_ana(members, KITH_STANDINGS);
        assert_int_equal(kith_table_rows(table), 1);
        kith_standing_row row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(table, 0, &row, NULL), KITH_OK);
        assert_int_equal(row.score, 307);
        assert_int_equal(row.dimensions[KITH_CONTENT], 769);
        assert_int_equal(row.risk, -1);
        assert_int_equal(row.tier, 0);
        assert_int_equal(row.stage, KITH_STAGE_DORMANT);
        assert_int_equal(row.flags, KITH_FLAG_SILENT | KITH_FLAG_DORMANT);
        assert_int_equal(row.active_days, 0);
        assert_int_equal(row.silent_days, 34);
        assert_int_equal(row.joined, MONDAY + 3600);
        assert_int_equal(row.last_seen, MONDAY + 3600);
        if (members == KITH_NAMED)
            assert_text_equal(row.member, "ana");
        else
            assert_int_equal(row.member.length, 0);
        assert_true(row.id == (members == KITH_NAMED ? 0 : UINT64_MAX));
        kith_table_free(table);
    }
}

static void table_change_rows_are_those_of_the_example(void **state)
{
    (void)state;
    kith_table *table = table_of_ana(KITH_NUMBERED, KITH_CHANGES);
    assert_int_equal(kith_table_rows(table), 2);
    kith_change_row row = {.size = sizeof row};
    assert_int_equal(kith_table_get_row(table, 0, &row, NULL), KITH_OK);
    assert_int_equal(row.week, MONDAY_DAY);
    assert_int_equal(row.from, 0);
    assert_int_equal(row.to, 1);
    assert_int_equal(row.reason, KITH_CHANGE_PROMOTED);
    assert_int_equal(row.score, 571);
    assert_true(row.id == UINT64_MAX);
    assert_int_equal(kith_table_get_row(table, 1, &row, NULL), KITH_OK);
    assert_int_equal(row.week, MONDAY_DAY + 28);
    assert_int_equal(row.from, 1);
    assert_int_equal(row.to, 0);
    assert_int_equal(row.reason, KITH_CHANGE_DORMANT);
    assert_int_equal(row.score, 307);
    kith_table_free(table);
}

static void table_flag_rows_are_those_of_the_example(void **state)
{
    (void)state;
    kith_table *table = table_of_ana(KITH_NAMED, KITH_FLAGS);
    const struct {
        int32_t week;
        uint32_t flag;
    } expected[] = {
        {MONDAY_DAY + 7, KITH_FLAG_SILENT}, {MONDAY_DAY + 7, KITH_FLAG_STALLED}, {MONDAY_DAY + 28, KITH_FLAG_DORMANT}};
    assert_int_equal(kith_table_rows(table), 3);
    for (uint32_t i = 0; i < 3; i++) {
        kith_flag_row row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(table, i, &row, NULL), KITH_OK);
        assert_int_equal(row.week, expected[i].week);
        assert_int_equal(row.flag, expected[i].flag);
        assert_text_equal(row.member, "ana");
    }
    kith_table_free(table);
}

static void table_week_rows_are_those_of_the_example(void **state)
{
    (void)state;
    kith_table *table = table_of_ana(KITH_NAMED, KITH_WEEKS);
    assert_int_equal(kith_table_rows(table), 5);
    for (uint32_t i = 0; i < 5; i++) {
        kith_week_row row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(table, i, &row, NULL), KITH_OK);
        assert_int_equal(row.week, MONDAY_DAY + 7 * (int32_t)i);
        assert_int_equal(row.members, 1);
        assert_int_equal(row.active_members, i == 0);
        assert_int_equal(row.mean_score, scores[i]);
        for (uint32_t stage = 0; stage < KITH_STAGES; stage++)
            assert_int_equal(row.stages[stage], stage == stages[i]);
        for (uint32_t tier = 0; tier < 16; tier++)
            assert_int_equal(row.tiers[tier], tier == (i < 4 ? 1 : 0));
    }
    kith_table_free(table);
}

/* floor((571 + 1000) / 2) */
static void table_mean_score_is_rounded_down(void **state)
{
    (void)state;
    kith_engine *engine = engine_of_ana(KITH_NAMED);
    add_named(engine, MONDAY, "ben", "article", "", 2);
    kith_review *review = review_until(engine, MONDAY + WEEK);
    kith_table *table = NULL;
    assert_int_equal(kith_review_get_table(review, KITH_WEEKS, &table, NULL), KITH_OK);
    kith_week_row row = {.size = sizeof row};
    assert_int_equal(kith_table_get_row(table, 0, &row, NULL), KITH_OK);
    assert_int_equal(row.mean_score, 785);
    kith_table_free(table);
    kith_review_free(review);
    kith_engine_free(engine);
}

/* ---- arguments ---- */

static const struct {
    uint32_t which;
    uint32_t size;
} row_sizes[] = {{KITH_STANDINGS, sizeof(kith_standing_row)}, {KITH_CHANGES, sizeof(kith_change_row)},
                 {KITH_FLAGS, sizeof(kith_flag_row)},         {KITH_WEEKS, sizeof(kith_week_row)},
                 {KITH_HISTORY, sizeof(kith_history_row)},    {KITH_REJECTS, sizeof(kith_reject)}};

static kith_table *any_table(uint32_t which)
{
    if (which != KITH_REJECTS)
        return table_of_ana(KITH_NAMED, which);
    kith_table *table = NULL;
    assert_int_equal(kith_rejects_new(NULL, &table, NULL), KITH_OK);
    kith_reject reject = {.size = sizeof reject, .reason = KITH_REASON_TIME};
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    return table;
}

static void table_bad_row_arguments_leave_the_row_as_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof row_sizes / sizeof *row_sizes; i++) {
        kith_table *table = any_table(row_sizes[i].which);
        uint64_t rows = kith_table_rows(table);
        const uint64_t bad_rows[] = {rows, rows + 1, UINT64_MAX};
        uint64_t out[64], before[64];
        memset(out, 0x5A, sizeof out);
        memcpy(out, &row_sizes[i].size, sizeof row_sizes[i].size);
        memcpy(before, out, sizeof out);
        kith_error error = NO_ERROR;
        for (unsigned j = 0; j < 3; j++) {
            assert_int_equal(kith_table_get_row(table, bad_rows[j], out, &error), KITH_BAD_ARGUMENT);
            assert_string_equal(error.field, "row");
            assert_memory_equal(out, before, sizeof out);
        }
        assert_int_equal(kith_table_get_row(NULL, 0, out, &error), KITH_BAD_ARGUMENT);
        assert_memory_equal(out, before, sizeof out);
        assert_int_equal(kith_table_get_row(table, 0, NULL, &error), KITH_BAD_ARGUMENT);
        assert_string_equal(error.field, "out");
        /* A struct of no size yet, or too small a one. */
        const uint32_t bad_sizes[] = {0, 4, row_sizes[i].size - 1};
        for (unsigned j = 0; j < 3; j++) {
            memcpy(out, &bad_sizes[j], sizeof bad_sizes[j]);
            memcpy(before, out, sizeof out);
            assert_int_equal(kith_table_get_row(table, 0, out, &error), KITH_BAD_ARGUMENT);
            assert_memory_equal(out, before, sizeof out);
        }
        kith_table_free(table);
    }
}

/* Next year's struct is larger: what this library does not know of it is left alone. */
static void table_larger_row_is_filled_as_far_as_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof row_sizes / sizeof *row_sizes; i++) {
        kith_table *table = any_table(row_sizes[i].which);
        uint64_t same[64] = {0};
        unsigned char larger[512];
        memset(larger, 0x5A, sizeof larger);
        uint32_t size = row_sizes[i].size + 16;
        memcpy(larger, &size, sizeof size);
        memcpy(same, &row_sizes[i].size, sizeof row_sizes[i].size);
        assert_int_equal(kith_table_get_row(table, 0, larger, NULL), KITH_OK);
        assert_int_equal(kith_table_get_row(table, 0, same, NULL), KITH_OK);
        assert_memory_equal(larger, &size, sizeof size);
        assert_memory_equal(larger + 4, (unsigned char *)same + 4, row_sizes[i].size - 4);
        for (uint32_t j = row_sizes[i].size; j < sizeof larger; j++)
            assert_int_equal(larger[j], 0x5A);
        kith_table_free(table);
    }
}

static void table_bad_column_arguments_leave_the_column_as_it_was(void **state)
{
    (void)state;
    kith_table *table = any_table(KITH_FLAGS);
    kith_column column, before;
    memset(&column, 0x5A, sizeof column);
    column.size = sizeof column;
    before = column;
    kith_error error = NO_ERROR;
    assert_int_equal(kith_table_get_column(table, 3, &column, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "index");
    assert_int_equal(kith_table_get_column(table, UINT32_MAX, &column, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_table_get_column(NULL, 0, &column, &error), KITH_BAD_ARGUMENT);
    assert_memory_equal(&column, &before, sizeof column);
    assert_int_equal(kith_table_get_column(table, 0, NULL, &error), KITH_BAD_ARGUMENT);
    column.size = before.size = sizeof column - 1;
    assert_int_equal(kith_table_get_column(table, 0, &column, &error), KITH_BAD_ARGUMENT);
    assert_memory_equal(&column, &before, sizeof column);
    kith_table_free(table);
}

static void table_of_null_has_neither_rows_nor_columns(void **state)
{
    (void)state;
    assert_int_equal(kith_table_rows(NULL), 0);
    assert_int_equal(kith_table_columns(NULL), 0);
    kith_table_free(NULL);
}

/* ---- many rows, by several threads ---- */

enum { CROWD = 17000 }; /* so that each table, but that of weeks, has more rows than one thread fills by itself */

static kith_review *review_of_crowd(uint32_t members, uint32_t threads)
{
    kith_engine_options options = all_tables(members);
    options.threads = threads;
    kith_engine *engine = engine_with(&options);
    static const char *const kinds[] = {"article", "post", "like", "login"};
    uint64_t luck = 7;
    for (uint32_t i = 0; i < CROWD; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%u", (unsigned)(chance(&luck) % 1000000));
        int64_t time = MONDAY + (int64_t)(chance(&luck) % (2 * WEEK));
        if (members == KITH_NAMED) {
            add_named(engine, time, name, kinds[i % 4], "", 1 + i % 300);
            continue;
        }
        kith_event event = {
            .size = sizeof event, .kind = i % 4, .time = time, .member = chance(&luck), .quantity = 1 + i % 300};
        assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    }
    kith_review *review = review_until(engine, MONDAY + 6 * WEEK);
    kith_engine_free(engine);
    return review;
}

static size_t value_size(uint32_t type)
{
    switch (type) {
    case KITH_COLUMN_ID:
    case KITH_COLUMN_COUNT:
    case KITH_COLUMN_TIME:
        return 8;
    case KITH_COLUMN_SCORE:
    case KITH_COLUMN_DAY:
        return 4;
    default:
        return 1;
    }
}

static void assert_same_column(const kith_column *a, const kith_column *b)
{
    assert_int_equal(a->count, b->count);
    if (!a->offsets) {
        assert_memory_equal(a->values, b->values, a->count * value_size(a->type));
        return;
    }
    assert_memory_equal(a->offsets, b->offsets, (a->count + 1) * sizeof *a->offsets);
    assert_memory_equal(a->values, b->values, (size_t)a->offsets[a->count]);
}

static void table_is_the_same_by_any_number_of_threads(void **state)
{
    (void)state;
    static const uint32_t threads[] = {2, 3, 64}, members[] = {KITH_NAMED, KITH_NUMBERED};
    static const uint32_t tables[] = {KITH_STANDINGS, KITH_CHANGES, KITH_FLAGS, KITH_WEEKS, KITH_HISTORY};
    for (unsigned i = 0; i < 6; i++) {
        kith_review *alone = review_of_crowd(members[i % 2], 1);
        kith_review *together = review_of_crowd(members[i % 2], threads[i / 2]);
        for (unsigned t = 0; t < sizeof tables / sizeof *tables; t++) {
            kith_table *a = NULL, *b = NULL;
            assert_int_equal(kith_review_get_table(alone, tables[t], &a, NULL), KITH_OK);
            assert_int_equal(kith_review_get_table(together, tables[t], &b, NULL), KITH_OK);
            assert_true(tables[t] == KITH_WEEKS || kith_table_rows(a) > 1 << 14);
            for (uint32_t column = 0; column < kith_table_columns(a); column++) {
                kith_column left = column_of(a, column), right = column_of(b, column);
                assert_same_column(&left, &right);
            }
            kith_table_free(a);
            kith_table_free(b);
        }
        kith_review_free(alone);
        kith_review_free(together);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_columns_of_standings),
        cmocka_unit_test(table_columns_of_changes),
        cmocka_unit_test(table_columns_of_flags),
        cmocka_unit_test(table_columns_of_weeks),
        cmocka_unit_test(table_columns_of_history),
        cmocka_unit_test(table_history_rows_are_those_of_the_example),
        cmocka_unit_test(table_history_columns_are_those_of_the_example),
        cmocka_unit_test(table_standing_rows_are_those_of_the_example),
        cmocka_unit_test(table_change_rows_are_those_of_the_example),
        cmocka_unit_test(table_flag_rows_are_those_of_the_example),
        cmocka_unit_test(table_week_rows_are_those_of_the_example),
        cmocka_unit_test(table_mean_score_is_rounded_down),
        cmocka_unit_test(table_bad_row_arguments_leave_the_row_as_it_was),
        cmocka_unit_test(table_larger_row_is_filled_as_far_as_known),
        cmocka_unit_test(table_bad_column_arguments_leave_the_column_as_it_was),
        cmocka_unit_test(table_of_null_has_neither_rows_nor_columns),
        cmocka_unit_test(table_is_the_same_by_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
