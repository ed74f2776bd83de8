/* SPDX-License-Identifier: MIT */
/* From columns to the struct of one row. */
#include "base/error.h"
#include "base/versioned.h"
#include "tables/table.h"

/* Takes a row's values from one column after the other. */
struct row_taker {
    const kith_table *table;
    size_t row;
    uint32_t next;
};

static int64_t take(struct row_taker *taker)
{
    return kithp_column_number(&taker->table->columns[taker->next++], taker->row);
}

static kith_text take_text(struct row_taker *taker)
{
    return kithp_column_text(&taker->table->columns[taker->next++], taker->row);
}

static void take_member(struct row_taker *taker, uint64_t *id, kith_text *name)
{
    if (taker->table->columns[taker->next].type == KITH_COLUMN_TEXT)
        *name = take_text(taker);
    else
        *id = (uint64_t)take(taker);
}

static void take_scores(struct row_taker *taker, int32_t *score, int32_t *dimensions)
{
    *score = (int32_t)take(taker);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        dimensions[d] = (int32_t)take(taker);
}

static void write_standing(struct row_taker *taker, void *out)
{
    kith_standing_row row = {0};
    take_member(taker, &row.id, &row.member);
    take_scores(taker, &row.score, row.dimensions);
    row.tier = (uint32_t)take(taker);
    row.stage = (uint32_t)take(taker);
    row.flags = (uint32_t)take(taker);
    row.risk = (int32_t)take(taker);
    row.active_days = (uint32_t)take(taker);
    row.silent_days = take(taker);
    row.joined = take(taker);
    row.last_seen = take(taker);
    kithp_versioned_write(out, &row, sizeof row);
}

static void write_change(struct row_taker *taker, void *out)
{
    kith_change_row row = {0};
    row.week = (int32_t)take(taker);
    take_member(taker, &row.id, &row.member);
    row.from = (uint32_t)take(taker);
    row.to = (uint32_t)take(taker);
    row.reason = (uint32_t)take(taker);
    row.score = (int32_t)take(taker);
    kithp_versioned_write(out, &row, sizeof row);
}

static void write_flag(struct row_taker *taker, void *out)
{
    kith_flag_row row = {0};
    row.week = (int32_t)take(taker);
    take_member(taker, &row.id, &row.member);
    row.flag = UINT32_C(1) << take(taker);
    kithp_versioned_write(out, &row, sizeof row);
}

static void write_week(struct row_taker *taker, void *out)
{
    kith_week_row row = {0};
    row.week = (int32_t)take(taker);
    row.members = take(taker);
    row.active_members = take(taker);
    row.mean_score = (int32_t)take(taker);
    for (unsigned i = 0; i < KITH_STAGES; i++)
        row.stages[i] = take(taker);
    for (size_t i = 0; i < taker->table->tier_count; i++)
        row.tiers[i] = take(taker);
    kithp_versioned_write(out, &row, sizeof row);
}

static void write_history(struct row_taker *taker, void *out)
{
    kith_history_row row = {0};
    row.week = (int32_t)take(taker);
    take_member(taker, &row.id, &row.member);
    take_scores(taker, &row.score, row.dimensions);
    row.tier = (uint32_t)take(taker);
    row.stage = (uint32_t)take(taker);
    row.flags = (uint32_t)take(taker);
    kithp_versioned_write(out, &row, sizeof row);
}

static void write_reject(struct row_taker *taker, void *out)
{
    kith_reject row = {0};
    row.file = take_text(taker);
    row.line = (uint64_t)take(taker);
    row.column = take_text(taker);
    row.reason = (uint32_t)take(taker);
    row.row = take_text(taker);
    kithp_versioned_write(out, &row, sizeof row);
}

static void write_watch(struct row_taker *taker, void *out)
{
    kith_watch_row row = {0};
    take_member(taker, &row.id, &row.member);
    row.tier = (uint32_t)take(taker);
    row.score = (int32_t)take(taker);
    row.flags = (uint32_t)take(taker);
    row.silent_days = take(taker);
    row.last_seen = take(taker);
    row.risk = (int32_t)take(taker);
    row.alike = take(taker);
    row.lost = take(taker);
    kithp_versioned_write(out, &row, sizeof row);
}

static const struct {
    uint32_t which;
    size_t size;
    void (*write)(struct row_taker *taker, void *out);
} row_types[] = {
    {KITH_STANDINGS, sizeof(kith_standing_row), write_standing},
    {KITH_CHANGES, sizeof(kith_change_row), write_change},
    {KITH_FLAGS, sizeof(kith_flag_row), write_flag},
    {KITH_WEEKS, sizeof(kith_week_row), write_week},
    {KITH_WATCH, sizeof(kith_watch_row), write_watch},
    {KITH_HISTORY, sizeof(kith_history_row), write_history},
    {KITH_REJECTS, sizeof(kith_reject), write_reject},
};

kith_status kith_table_get_row(const kith_table *table, uint64_t row, void *out, kith_error *error)
{
    if (!table)
        return kithp_fail_argument(error, "table", "must not be NULL");
    if (row >= kith_table_rows(table))
        return kithp_fail_argument(error, "row", "is past the last row");
    size_t type = 0;
    while (row_types[type].which != table->which)
        type++;
    kith_status status = kithp_versioned_check(out, row_types[type].size, "out", error);
    if (status != KITH_OK)
        return status;
    struct row_taker taker = {table, (size_t)row, 0};
    row_types[type].write(&taker, out);
    return KITH_OK;
}
