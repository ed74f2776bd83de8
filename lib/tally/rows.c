/* SPDX-License-Identifier: MIT */
#include "tally/rows.h"

#include "base/prefetch.h"
#include "tally/sealed.h"

static bool is_in_cells(const struct kithp_week *week)
{
    return !week->sealed || week->sealed->copied;
}

bool kithp_rows_can_be_read(const struct kithp_week *week)
{
    if (is_in_cells(week))
        return true;
    const struct kithp_sealed *sealed = week->sealed;
    return sealed->count == 1 && !sealed->runs[0]->spill && kithp_week_next_member(week, 0) == KITHP_NOBODY;
}

void kithp_rows_begin_in_cells(struct kithp_rows *rows, const struct kithp_week *week, uint32_t member)
{
    rows->week = week;
    rows->packed = false;
    rows->next = member;
    rows->end = week ? kithp_week_members(week) : 0;
    rows->found = rows->taken = 0;
}

void kithp_rows_begin(struct kithp_rows *rows, const struct kithp_week *week, uint32_t member)
{
    kithp_rows_begin_in_cells(rows, week, member);
    rows->packed = week && !is_in_cells(week);
    if (rows->packed)
        kithp_run_read_rows_from(&rows->reader, week->sealed->runs[0], member);
}

/* Looks for rows to come, and asks for them, until enough are on their way. */
static void look_ahead(struct kithp_rows *rows)
{
    while (rows->found - rows->taken < KITHP_ROWS_AHEAD) {
        const struct kithp_cell *cell;
        uint32_t member = kithp_week_next_cell_of(rows->week, rows->next, &cell);
        if (member == KITHP_NOBODY) {
            rows->next = rows->end;
            return;
        }
        kithp_prefetch(cell);
        rows->members[rows->found % KITHP_ROWS_AHEAD] = member;
        rows->cells[rows->found % KITHP_ROWS_AHEAD] = cell;
        rows->found++;
        rows->next = member + 1;
    }
}

static bool next_in_cells(struct kithp_rows *rows)
{
    for (;;) {
        if (rows->found - rows->taken <= KITHP_ROWS_AHEAD / 2 && rows->next < rows->end)
            look_ahead(rows);
        if (rows->taken == rows->found)
            return false;
        uint32_t at = rows->taken++ % KITHP_ROWS_AHEAD;
        if (rows->cells[at]->first == KITHP_ROW_UNTOUCHED)
            continue;
        rows->row = kithp_week_row_in(rows->week, rows->members[at], rows->cells[at], &rows->room);
        return true;
    }
}

bool kithp_rows_next(struct kithp_rows *rows)
{
    if (rows->packed)
        return kithp_run_next_row(&rows->reader, &rows->room, &rows->row);
    return rows->week && next_in_cells(rows);
}
