/* SPDX-License-Identifier: MIT */
/* From a review's rows to tables: which columns each has, and where they come from (docs/formats.md, Tables). */
#include <stdio.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/parallel.h"
#include "review/review.h"
#include "tables/labels.h"
#include "tables/table.h"

/* ---- columns that several tables have ---- */

static void add_tier(kith_table *table, const char *name)
{
    kithp_table_add_labels(table, name, KITH_COLUMN_LABEL, table->tier_labels, table->tier_count);
}

static void add_stage(kith_table *table)
{
    kithp_table_add_labels(table, "stage", KITH_COLUMN_LABEL, kithp_stage_labels, KITH_STAGES);
}

static void add_flags(kith_table *table)
{
    kithp_table_add_labels(table, "flags", KITH_COLUMN_FLAGS, kithp_flag_labels, KITHP_FLAG_COUNT);
}

static void add_member(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "member", review->members.named ? KITH_COLUMN_TEXT : KITH_COLUMN_ID);
}

static void add_scores(kith_table *table)
{
    kithp_table_add_column(table, "score", KITH_COLUMN_SCORE);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        kithp_table_add_column(table, kithp_policy_dimensions[d], KITH_COLUMN_SCORE);
}

/* ---- rows ---- */

/*
 * Fills some of a table's columns, the others being passed over. They stand apart from the table while they are filled,
 * as what several threads write should not lie in one line of the cache.
 */
struct filling {
    const kith_review *review;
    struct kithp_column columns[KITHP_COLUMNS_MOST];
    uint32_t begin; /* the columns that are filled */
    uint32_t end;
    uint32_t next; /* that a value is for */
};

static void push(struct filling *filling, int64_t number)
{
    uint32_t column = filling->next++;
    if (column >= filling->begin && column < filling->end)
        kithp_column_push(&filling->columns[column], number);
}

static void push_member(struct filling *filling, uint32_t member)
{
    const kith_review *review = filling->review;
    if (!review->members.named) {
        push(filling, (int64_t)review->members.ids[member]);
        return;
    }
    uint32_t column = filling->next++;
    if (column >= filling->begin && column < filling->end)
        kithp_column_push_text(&filling->columns[column], kithp_review_member_name(review, member));
}

static void push_scores(struct filling *filling, uint16_t score, const uint16_t *dimensions)
{
    push(filling, score);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        push(filling, dimensions[d]);
}

/* All rows of a list, week after week. */
struct rows {
    const kith_review *review;
    enum kithp_list_kind kind;
    size_t week;
    struct kithp_list_reader reader;
    struct kithp_review_row row; /* the one at hand */
};

static struct rows rows_of(const kith_review *review, enum kithp_list_kind kind)
{
    struct rows rows = {.review = review, .kind = kind};
    if (review->week_count > 0)
        rows.reader = kithp_review_read(review, kind, 0);
    return rows;
}

static bool next_row(struct rows *rows)
{
    while (!kithp_list_next(&rows->reader, rows->kind, &rows->row)) {
        if (rows->week + 1 >= rows->review->week_count)
            return false;
        rows->reader = kithp_review_read(rows->review, rows->kind, ++rows->week);
    }
    return true;
}

/* Begins a row of a table with the day of its week and its member, which are its first columns. */
static void push_place(struct filling *filling, const struct rows *rows)
{
    filling->next = 0;
    push(filling, filling->review->weeks[rows->week].first_day);
    push_member(filling, rows->row.member);
}

/* How large a table becomes. */
struct room {
    size_t rows;
    size_t member_bytes; /* of members' names */
};

static size_t name_length(const kith_review *review, uint32_t member)
{
    return review->members.named ? kithp_review_member_name(review, member).length : 0;
}

/* One row for each of a list. */
static struct room room_of_list(const kith_review *review, enum kithp_list_kind kind)
{
    struct room room = {.rows = review->lists[kind].count};
    for (struct rows rows = rows_of(review, kind); review->members.named && next_row(&rows);)
        room.member_bytes += name_length(review, rows.row.member);
    return room;
}

/* ---- standings ---- */

static void add_standings_columns(kith_table *table, const kith_review *review)
{
    add_member(table, review);
    add_scores(table);
    add_tier(table, "tier");
    add_stage(table);
    add_flags(table);
    kithp_table_add_column(table, "risk", KITH_COLUMN_SCORE);
    kithp_table_add_column(table, "active_days", KITH_COLUMN_COUNT);
    kithp_table_add_column(table, "silent_days", KITH_COLUMN_COUNT);
    kithp_table_add_column(table, "joined", KITH_COLUMN_TIME);
    kithp_table_add_column(table, "last_seen", KITH_COLUMN_TIME);
}

/* Each member stands there once. */
static struct room room_of_standings(const kith_review *review)
{
    const struct kithp_review_members *members = &review->members;
    return (struct room){review->standing_count, members->named ? members->offsets[members->count] : 0};
}

static void fill_standings(struct filling *filling)
{
    const kith_review *review = filling->review;
    for (size_t i = 0; i < review->standing_count; i++) {
        const struct kithp_standing *standing = &review->standings[i];
        filling->next = 0;
        push_member(filling, standing->member);
        push_scores(filling, standing->score, standing->dimensions);
        push(filling, standing->tier);
        push(filling, standing->stage);
        push(filling, standing->flags);
        push(filling, standing->risk);
        push(filling, standing->active_days);
        push(filling, standing->silent_days);
        push(filling, standing->joined);
        push(filling, standing->last_seen);
    }
}

/* ---- changes ---- */

static void add_changes_columns(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "week", KITH_COLUMN_DAY);
    add_member(table, review);
    add_tier(table, "from");
    add_tier(table, "to");
    kithp_table_add_labels(table, "reason", KITH_COLUMN_LABEL, kithp_change_labels, KITHP_CHANGE_COUNT);
    kithp_table_add_column(table, "score", KITH_COLUMN_SCORE);
}

static struct room room_of_changes(const kith_review *review)
{
    return room_of_list(review, KITHP_LIST_CHANGES);
}

static void fill_changes(struct filling *filling)
{
    for (struct rows rows = rows_of(filling->review, KITHP_LIST_CHANGES); next_row(&rows);) {
        push_place(filling, &rows);
        push(filling, rows.row.from);
        push(filling, rows.row.to);
        push(filling, rows.row.reason);
        push(filling, rows.row.score);
    }
}

/* ---- flags: a row for each of those that were raised together ---- */

static void add_flags_columns(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "week", KITH_COLUMN_DAY);
    add_member(table, review);
    kithp_table_add_labels(table, "flag", KITH_COLUMN_LABEL, kithp_flag_labels, KITHP_FLAG_COUNT);
}

static struct room room_of_flags(const kith_review *review)
{
    struct room room = {0, 0};
    for (struct rows rows = rows_of(review, KITHP_LIST_FLAGS); next_row(&rows);) {
        size_t raised = kithp_bytes_count(rows.row.flags);
        room.rows += raised;
        room.member_bytes += raised * name_length(review, rows.row.member);
    }
    return room;
}

static void fill_flags(struct filling *filling)
{
    for (struct rows rows = rows_of(filling->review, KITHP_LIST_FLAGS); next_row(&rows);) {
        for (unsigned left = rows.row.flags; left > 0; left &= left - 1) {
            push_place(filling, &rows);
            push(filling, kithp_bytes_lowest_bit(left));
        }
    }
}

/* ---- weeks ---- */

static void add_weeks_columns(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "week", KITH_COLUMN_DAY);
    kithp_table_add_column(table, "members", KITH_COLUMN_COUNT);
    kithp_table_add_column(table, "active_members", KITH_COLUMN_COUNT);
    kithp_table_add_column(table, "mean_score", KITH_COLUMN_SCORE);
    for (unsigned i = 0; i < KITH_STAGES; i++)
        kithp_table_add_column(table, kithp_stage_labels[i], KITH_COLUMN_COUNT);
    for (uint32_t i = 0; i < review->tier_count; i++) {
        char name[KITHP_COLUMN_NAME_ROOM];
        snprintf(name, sizeof name, "tier_%s", review->tiers[i].name);
        kithp_table_add_column(table, name, KITH_COLUMN_COUNT);
    }
}

static struct room room_of_weeks(const kith_review *review)
{
    return (struct room){review->week_count, 0};
}

static void fill_weeks(struct filling *filling)
{
    const kith_review *review = filling->review;
    for (size_t i = 0; i < review->week_count; i++) {
        const struct kithp_review_week *week = &review->weeks[i];
        filling->next = 0;
        push(filling, week->first_day);
        push(filling, week->members);
        push(filling, week->active_members);
        push(filling, week->members > 0 ? (int64_t)(week->score_sum / week->members) : 0);
        for (unsigned s = 0; s < KITH_STAGES; s++)
            push(filling, week->stages[s]);
        for (uint32_t t = 0; t < review->tier_count; t++)
            push(filling, week->tiers[t]);
    }
}

/* ---- history ---- */

static void add_history_columns(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "week", KITH_COLUMN_DAY);
    add_member(table, review);
    add_scores(table);
    add_tier(table, "tier");
    add_stage(table);
    add_flags(table);
}

static struct room room_of_history(const kith_review *review)
{
    return room_of_list(review, KITHP_LIST_HISTORY);
}

static void fill_history(struct filling *filling)
{
    for (struct rows rows = rows_of(filling->review, KITHP_LIST_HISTORY); next_row(&rows);) {
        push_place(filling, &rows);
        push_scores(filling, rows.row.score, rows.row.dimensions);
        push(filling, rows.row.tier);
        push(filling, rows.row.stage);
        push(filling, rows.row.flags);
    }
}

/* ---- any of them ---- */

struct form {
    uint32_t which; /* KITH_STANDINGS … */
    void (*add_columns)(kith_table *table, const kith_review *review);
    struct room (*room)(const kith_review *review);
    void (*fill)(struct filling *filling);
};

static const struct form forms[] = {
    {KITH_STANDINGS, add_standings_columns, room_of_standings, fill_standings},
    {KITH_CHANGES, add_changes_columns, room_of_changes, fill_changes},
    {KITH_FLAGS, add_flags_columns, room_of_flags, fill_flags},
    {KITH_WEEKS, add_weeks_columns, room_of_weeks, fill_weeks},
    {KITH_HISTORY, add_history_columns, room_of_history, fill_history},
};

static const struct form *form_of(uint32_t which)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].which == which)
            return &forms[i];
    return NULL;
}

/* Threads fill a table column by column: each goes through all rows, and keeps to its columns. */
struct building {
    kith_table *table;
    const kith_review *review;
    const struct form *form;
    uint32_t pieces;
};

static void fill_piece(void *given, uint32_t piece)
{
    const struct building *building = given;
    kith_table *table = building->table;
    struct filling filling = {
        .review = building->review,
        .begin = table->column_count * piece / building->pieces,
        .end = table->column_count * (piece + 1) / building->pieces,
    };
    for (uint32_t i = filling.begin; i < filling.end; i++)
        filling.columns[i] = table->columns[i];
    building->form->fill(&filling);
    for (uint32_t i = filling.begin; i < filling.end; i++)
        table->columns[i] = filling.columns[i];
}

static bool build(kith_table *table, const kith_review *review, const struct form *form)
{
    enum { MUCH = 16384 }; /* rows for which threads are worth their beginning */
    form->add_columns(table, review);
    struct room room = form->room(review);
    for (uint32_t i = 0; i < table->column_count; i++)
        if (!kithp_column_reserve(&table->allocator, &table->columns[i], room.rows, room.member_bytes))
            return false;
    uint32_t threads = room.rows < MUCH ? 1 : review->threads;
    struct building building = {table, review, form, threads < table->column_count ? threads : table->column_count};
    kithp_parallel_pieces(threads, building.pieces, fill_piece, &building);
    return true;
}

kith_status kith_review_get_table(const kith_review *review, uint32_t which, kith_table **table, kith_error *error)
{
    if (!review)
        return kithp_fail_argument(error, "review", "must not be NULL");
    const struct form *form = form_of(which);
    if (!form)
        return kithp_fail_argument(
            error, "which", "expected one of KITH_STANDINGS, KITH_CHANGES, KITH_FLAGS, KITH_WEEKS, KITH_HISTORY");
    if (!(review->tables & which))
        return kithp_fail_argument(error, "which", "the engine's options did not ask for this table");
    if (!table)
        return kithp_fail_argument(error, "table", "must not be NULL");
    kith_table *made = kithp_table_new(&review->allocator, which);
    if (!made)
        return kithp_fail_memory(error);
    kithp_table_set_tiers(made, review->tiers, review->tier_count);
    if (!build(made, review, form)) {
        kith_table_free(made);
        return kithp_fail_memory(error);
    }
    *table = made;
    return KITH_OK;
}
