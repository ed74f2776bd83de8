/* SPDX-License-Identifier: MIT */
/*
 * Tables of all sorts: of what reviews of a small community bring, with names that hold anything; and of rejects made
 * up by the input. Columns, rows, CSV and Arrow say the same.
 */
#include "acts.h"
#include "tables.h"

enum { REJECTS_MOST = 20 };

static kith_text name_of(const kith_column *column, uint64_t row)
{
    struct fuzz_made cell = fuzz_cell(column, row);
    fuzz_made_free(&cell);
    return (kith_text){(const char *)column->values + column->offsets[row],
                       (uint64_t)(column->offsets[row + 1] - column->offsets[row])};
}

/* The column of a name; its type is 0 where there is none. */
static kith_column named_column(const kith_table *table, const char *name)
{
    for (uint32_t i = 0; i < kith_table_columns(table); i++) {
        kith_column column = {.size = sizeof column};
        MUST(kith_table_get_column(table, i, &column, NULL) == KITH_OK);
        if (strcmp(column.name, name) == 0)
            return column;
    }
    return (kith_column){.size = sizeof(kith_column)};
}

/* Of a row that has a member, its name or id, which all such rows begin with. */
static void check_member(const kith_table *table, uint64_t row, kith_text member, uint64_t id)
{
    kith_column column = named_column(table, "member");
    MUST(column.type == KITH_COLUMN_TEXT || column.type == KITH_COLUMN_ID);
    if (column.type == KITH_COLUMN_TEXT)
        MUST(fuzz_same_text(name_of(&column, row), member) && id == 0);
    else
        MUST(((const uint64_t *)column.values)[row] == id && member.length == 0);
}

static int32_t score_at(const kith_table *table, const char *name, uint64_t row)
{
    kith_column column = named_column(table, name);
    MUST(column.type == KITH_COLUMN_SCORE);
    return ((const int32_t *)column.values)[row];
}

static void check_row(const kith_table *table, uint32_t which, uint64_t row)
{
    union {
        kith_standing_row standing;
        kith_change_row change;
        kith_flag_row flag;
        kith_week_row week;
        kith_history_row history;
        kith_watch_row watch;
    } out = {.standing = {.size = 0}};
    switch (which) {
    case KITH_STANDINGS:
        out.standing.size = sizeof out.standing;
        MUST(kith_table_get_row(table, row, &out, NULL) == KITH_OK);
        check_member(table, row, out.standing.member, out.standing.id);
        MUST(out.standing.score == score_at(table, "score", row));
        break;
    case KITH_CHANGES:
        out.change.size = sizeof out.change;
        MUST(kith_table_get_row(table, row, &out, NULL) == KITH_OK);
        check_member(table, row, out.change.member, out.change.id);
        MUST(out.change.from != out.change.to && out.change.reason <= KITH_CHANGE_PINNED);
        break;
    case KITH_FLAGS:
        out.flag.size = sizeof out.flag;
        MUST(kith_table_get_row(table, row, &out, NULL) == KITH_OK);
        check_member(table, row, out.flag.member, out.flag.id);
        MUST(out.flag.flag > 0 && (out.flag.flag & (out.flag.flag - 1)) == 0);
        break;
    case KITH_WEEKS: {
        int64_t stages = 0, tiers = 0;
        out.week.size = sizeof out.week;
        MUST(kith_table_get_row(table, row, &out, NULL) == KITH_OK);
        for (unsigned i = 0; i < KITH_STAGES; i++)
            stages += out.week.stages[i];
        for (unsigned i = 0; i < 16; i++)
            tiers += out.week.tiers[i];
        MUST(stages == out.week.members && tiers == out.week.members);
        break;
    }
    case KITH_HISTORY:
        out.history.size = sizeof out.history;
        MUST(kith_table_get_row(table, row, &out, NULL) == KITH_OK);
        check_member(table, row, out.history.member, out.history.id);
        MUST(out.history.score == score_at(table, "score", row));
        break;
    default:
        out.watch.size = sizeof out.watch;
        MUST(kith_table_get_row(table, row, &out, NULL) == KITH_OK);
        check_member(table, row, out.watch.member, out.watch.id);
        MUST(out.watch.flags & (KITH_FLAG_SILENT | KITH_FLAG_DORMANT | KITH_FLAG_AT_RISK));
    }
}

static void check_table(const kith_table *table, uint32_t which)
{
    for (uint64_t row = 0; row < kith_table_rows(table); row++)
        check_row(table, which, row);
    kith_week_row none = {.size = sizeof none};
    MUST(kith_table_get_row(table, kith_table_rows(table), &none, NULL) == KITH_BAD_ARGUMENT);
    fuzz_check_csv(table);
    fuzz_check_spreadsheet(table);
    fuzz_check_arrow(table, false);
}

static void check_review(kith_engine *engine, int64_t until)
{
    kith_review *review = NULL;
    kith_review_info info = {.size = sizeof info};
    MUST(kith_engine_review(engine, until, &review, NULL) == KITH_OK);
    MUST(kith_review_get_info(review, &info, NULL) == KITH_OK);
    MUST(info.tables == (KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY));
    MUST(info.weeks == 0 || info.last_week - info.first_week == 7 * ((int32_t)info.weeks - 1));
    for (uint32_t which = KITH_STANDINGS; which <= KITH_HISTORY; which *= 2) {
        kith_table *table = NULL;
        MUST(kith_review_get_table(review, which, &table, NULL) == KITH_OK);
        MUST(which != KITH_WEEKS || kith_table_rows(table) == info.weeks);
        check_table(table, which);
        kith_table_free(table);
    }
    kith_review_free(review);
}

static void check_rejects(struct fuzz_input *input)
{
    kith_table *table = NULL;
    kith_reject rejects[REJECTS_MOST];
    uint64_t count = 0;
    MUST(kith_rejects_new(NULL, &table, NULL) == KITH_OK);
    while (input->left > 0 && count < REJECTS_MOST) {
        kith_reject reject = {.size = sizeof reject, .reason = fuzz_below(input, KITH_REASONS + 1)};
        reject.line = fuzz_word(input, 1 + fuzz_below(input, 8)) & INT64_MAX;
        reject.file = fuzz_text(input, fuzz_below(input, 20));
        reject.column = fuzz_text(input, fuzz_below(input, 20));
        reject.row = fuzz_text(input, fuzz_byte(input));
        int refused = kith_rejects_add(table, &reject);
        MUST(refused == (reject.reason >= KITH_REASONS));
        if (!refused)
            rejects[count++] = reject;
    }
    MUST(kith_table_rows(table) == count);
    for (uint64_t i = 0; i < count; i++) {
        kith_reject row = {.size = sizeof row};
        MUST(kith_table_get_row(table, i, &row, NULL) == KITH_OK);
        MUST(row.reason == rejects[i].reason && row.line == rejects[i].line);
        MUST(fuzz_same_text(row.file, rejects[i].file) && fuzz_same_text(row.row, rejects[i].row));
        MUST(fuzz_same_text(row.column, rejects[i].column));
    }
    fuzz_check_csv(table);
    fuzz_check_spreadsheet(table);
    fuzz_check_arrow(table, true);
    kith_table_free(table);
}

/* One event more, by a member whose name the input has. */
static void add_stranger(kith_engine *engine, kith_text name)
{
    const kith_event event = {
        .size = sizeof event, .time = MONDAY, .quantity = 1, .member_name = name, .target_name = kith_text_of("ana")};
    kith_status status = kith_engine_add_event(engine, &event, NULL);
    MUST(status == (name.length <= 255 && fuzz_is_utf8(name) ? KITH_OK : KITH_REFUSED));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input);
    if (how & 1) {
        check_rejects(&input);
        return 0;
    }
    const bool named = how & 2;
    const kith_policy *policy = how & 4 ? fuzz_small() : fuzz_default();
    const kith_engine_options options = fuzz_options(named ? KITH_NAMED : KITH_NUMBERED, how & 8 ? 2 : 1);
    kith_engine *engine = fuzz_engine(policy, &options);
    if (named)
        add_stranger(engine, fuzz_text(&input, fuzz_byte(&input)));
    fuzz_add_acts(engine, &input, MONDAY, policy, named, 60);
    check_review(engine, MONDAY + (how >> 4) * WEEK);
    kith_table *watch = NULL;
    MUST(kith_engine_get_watch(engine, MONDAY + 38 * WEEK, &watch, NULL) == KITH_OK);
    check_table(watch, KITH_WATCH);
    kith_table_free(watch);
    check_review(engine, MONDAY + 16 * WEEK);
    kith_engine_free(engine);
    return 0;
}
