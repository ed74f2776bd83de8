/* SPDX-License-Identifier: MIT */
/* From a review's rows to tables: which columns each has, and where they come from (docs/formats.md, Tables). */
#include <stdio.h>

#include "base/error.h"
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

static bool reserve(kith_table *table, size_t rows, size_t member_bytes)
{
    for (uint32_t i = 0; i < table->column_count; i++)
        if (!kithp_column_reserve(&table->allocator, &table->columns[i], rows, member_bytes))
            return false;
    return true;
}

/* Pushes values into one column after the other. */
struct row_pusher {
    kith_table *table;
    const kith_review *review;
    uint32_t next;
};

static void push(struct row_pusher *pusher, int64_t number)
{
    kithp_column_push(&pusher->table->columns[pusher->next++], number);
}

static void push_member(struct row_pusher *pusher, uint32_t member)
{
    const kith_review *review = pusher->review;
    if (!review->members.named) {
        push(pusher, (int64_t)review->members.ids[member]);
        return;
    }
    kithp_column_push_text(&pusher->table->columns[pusher->next++], kithp_review_member_name(review, member));
}

static void push_scores(struct row_pusher *pusher, uint16_t score, const uint16_t *dimensions)
{
    push(pusher, score);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        push(pusher, dimensions[d]);
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

static size_t bytes_of_rows(const kith_review *review, enum kithp_list_kind kind)
{
    size_t bytes = 0;
    for (struct rows rows = rows_of(review, kind); review->members.named && next_row(&rows);)
        bytes += kithp_review_member_name(review, rows.row.member).length;
    return bytes;
}

/* A row of a table, the day of its week and its member being the first columns. */
static struct row_pusher push_place(kith_table *table, const struct rows *rows)
{
    struct row_pusher row = {table, rows->review, 0};
    push(&row, rows->review->weeks[rows->week].first_day);
    push_member(&row, rows->row.member);
    return row;
}

/* ---- standings ---- */

static bool build_standings(kith_table *table, const kith_review *review)
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
    /* Each member stands there once. */
    size_t bytes = review->members.named ? review->members.offsets[review->members.count] : 0;
    if (!reserve(table, review->standing_count, bytes))
        return false;
    for (size_t i = 0; i < review->standing_count; i++) {
        const struct kithp_standing *standing = &review->standings[i];
        struct row_pusher row = {table, review, 0};
        push_member(&row, standing->member);
        push_scores(&row, standing->score, standing->dimensions);
        push(&row, standing->tier);
        push(&row, standing->stage);
        push(&row, standing->flags);
        push(&row, standing->risk);
        push(&row, standing->active_days);
        push(&row, standing->silent_days);
        push(&row, standing->joined);
        push(&row, standing->last_seen);
    }
    return true;
}

/* ---- changes ---- */

static bool build_changes(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "week", KITH_COLUMN_DAY);
    add_member(table, review);
    add_tier(table, "from");
    add_tier(table, "to");
    kithp_table_add_labels(table, "reason", KITH_COLUMN_LABEL, kithp_change_labels, KITHP_CHANGE_COUNT);
    kithp_table_add_column(table, "score", KITH_COLUMN_SCORE);
    size_t count = review->lists[KITHP_LIST_CHANGES].count;
    if (!reserve(table, count, bytes_of_rows(review, KITHP_LIST_CHANGES)))
        return false;
    for (struct rows rows = rows_of(review, KITHP_LIST_CHANGES); next_row(&rows);) {
        struct row_pusher row = push_place(table, &rows);
        push(&row, rows.row.from);
        push(&row, rows.row.to);
        push(&row, rows.row.reason);
        push(&row, rows.row.score);
    }
    return true;
}

/* ---- flags: a row for each of those that were raised together ---- */

static size_t count_flags(uint8_t flags)
{
    size_t count = 0;
    for (unsigned bit = 0; bit < KITHP_FLAG_COUNT; bit++)
        count += flags >> bit & 1;
    return count;
}

static bool build_flags(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "week", KITH_COLUMN_DAY);
    add_member(table, review);
    kithp_table_add_labels(table, "flag", KITH_COLUMN_LABEL, kithp_flag_labels, KITHP_FLAG_COUNT);
    size_t count = 0, bytes = 0;
    for (struct rows rows = rows_of(review, KITHP_LIST_FLAGS); next_row(&rows);) {
        size_t raised = count_flags(rows.row.flags);
        count += raised;
        if (review->members.named)
            bytes += raised * kithp_review_member_name(review, rows.row.member).length;
    }
    if (!reserve(table, count, bytes))
        return false;
    for (struct rows rows = rows_of(review, KITHP_LIST_FLAGS); next_row(&rows);) {
        for (unsigned bit = 0; bit < KITHP_FLAG_COUNT; bit++) {
            if (!(rows.row.flags >> bit & 1))
                continue;
            struct row_pusher row = push_place(table, &rows);
            push(&row, bit);
        }
    }
    return true;
}

/* ---- weeks ---- */

static bool build_weeks(kith_table *table, const kith_review *review)
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
    if (!reserve(table, review->week_count, 0))
        return false;
    for (size_t i = 0; i < review->week_count; i++) {
        const struct kithp_review_week *week = &review->weeks[i];
        struct row_pusher row = {table, review, 0};
        push(&row, week->first_day);
        push(&row, week->members);
        push(&row, week->active_members);
        push(&row, week->members > 0 ? (int64_t)(week->score_sum / week->members) : 0);
        for (unsigned s = 0; s < KITH_STAGES; s++)
            push(&row, week->stages[s]);
        for (uint32_t t = 0; t < review->tier_count; t++)
            push(&row, week->tiers[t]);
    }
    return true;
}

/* ---- history ---- */

static bool build_history(kith_table *table, const kith_review *review)
{
    kithp_table_add_column(table, "week", KITH_COLUMN_DAY);
    add_member(table, review);
    add_scores(table);
    add_tier(table, "tier");
    add_stage(table);
    add_flags(table);
    size_t count = review->lists[KITHP_LIST_HISTORY].count;
    if (!reserve(table, count, bytes_of_rows(review, KITHP_LIST_HISTORY)))
        return false;
    for (struct rows rows = rows_of(review, KITHP_LIST_HISTORY); next_row(&rows);) {
        struct row_pusher row = push_place(table, &rows);
        push_scores(&row, rows.row.score, rows.row.dimensions);
        push(&row, rows.row.tier);
        push(&row, rows.row.stage);
        push(&row, rows.row.flags);
    }
    return true;
}

static bool build(kith_table *table, const kith_review *review)
{
    switch (table->which) {
    case KITH_STANDINGS:
        return build_standings(table, review);
    case KITH_CHANGES:
        return build_changes(table, review);
    case KITH_FLAGS:
        return build_flags(table, review);
    case KITH_WEEKS:
        return build_weeks(table, review);
    default:
        return build_history(table, review);
    }
}

static bool is_one_table(uint32_t which)
{
    return which == KITH_STANDINGS || which == KITH_CHANGES || which == KITH_FLAGS || which == KITH_WEEKS ||
           which == KITH_HISTORY;
}

kith_status kith_review_get_table(const kith_review *review, uint32_t which, kith_table **table, kith_error *error)
{
    if (!review)
        return kithp_fail_argument(error, "review", "must not be NULL");
    if (!is_one_table(which))
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
    if (!build(made, review)) {
        kith_table_free(made);
        return kithp_fail_memory(error);
    }
    *table = made;
    return KITH_OK;
}
