/* SPDX-License-Identifier: MIT */
#include "tally/rows.h"

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

uint32_t kithp_rows_members(const struct kithp_week *week)
{
    if (!week)
        return 0;
    return is_in_cells(week) ? kithp_week_members(week) : week->sealed->runs[0]->members;
}

void kithp_rows_begin_in_cells(struct kithp_rows *rows, const struct kithp_week *week, uint32_t member)
{
    rows->week = week;
    rows->packed = false;
    rows->next = member;
    rows->found = rows->taken = 0;
}

void kithp_rows_begin(struct kithp_rows *rows, const struct kithp_week *week, uint32_t member)
{
    kithp_rows_begin_in_cells(rows, week, member);
    rows->packed = week && !is_in_cells(week);
    if (rows->packed)
        kithp_run_read_rows_from(&rows->reader, week->sealed->runs[0], member);
}

bool kithp_rows_next_in_cells(struct kithp_rows *rows)
{
    for (;;) {
        if (rows->taken == rows->found) {
            rows->found = kithp_week_gather(rows->week, &rows->next, rows->members, rows->cells);
            rows->taken = 0;
            if (rows->found == 0)
                return false;
        }
        uint32_t at = rows->taken++;
        if (rows->cells[at]->first == KITHP_ROW_UNTOUCHED)
            continue;
        rows->row = kithp_week_row_in(rows->week, rows->members[at], rows->cells[at], &rows->room);
        return true;
    }
}
