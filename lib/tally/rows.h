/* SPDX-License-Identifier: MIT */
/* The rows of a week one after the other, by member: from its cells, or from the run that it has been sealed in. */
#ifndef KITHP_TALLY_ROWS_H
#define KITHP_TALLY_ROWS_H

#include "tally/run.h"

struct kithp_rows {
    struct kithp_row row; /* the one at hand */
    struct kithp_row_room room;
    const struct kithp_week *week;
    bool packed; /* they lie in a run */
    struct kithp_run_reader reader;
    /* Cells lie in the order in which members came to the week, so many are asked for at a time. */
    uint32_t next; /* the member from which to look on */
    uint32_t found;
    uint32_t taken;
    uint32_t members[KITHP_PAGE_ROWS];
    const struct kithp_cell *cells[KITHP_PAGE_ROWS];
};

/*
 * Whether a week's rows can be gone through as they lie: all of them are in its cells, or all in one run in memory.
 * Otherwise kithp_sealed_read() makes it so.
 */
bool kithp_rows_can_be_read(const struct kithp_week *week);

/* A number above that of every member whose row kithp_rows_next() brings, and not much above. */
uint32_t kithp_rows_members(const struct kithp_week *week);

/* Before the first row of this member or one behind it. The week, NULL for one without rows, must not change. */
void kithp_rows_begin(struct kithp_rows *rows, const struct kithp_week *week, uint32_t member);

/* The same of what is in cells alone, whatever runs the week has beside them. */
void kithp_rows_begin_in_cells(struct kithp_rows *rows, const struct kithp_week *week, uint32_t member);

/* The same where rows are in cells. */
bool kithp_rows_next_in_cells(struct kithp_rows *rows);

/* Brings the next row to hand. False where there is none. */
static inline bool kithp_rows_next(struct kithp_rows *rows)
{
    if (rows->packed)
        return kithp_run_next_row(&rows->reader, &rows->room, &rows->row);
    return rows->week && kithp_rows_next_in_cells(rows);
}

#endif
