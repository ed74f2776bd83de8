/* SPDX-License-Identifier: MIT */
/* What one member did and received in a week, wherever it lies: in cells, in a run, in a snapshot. */
#ifndef KITHP_TALLY_ROW_H
#define KITHP_TALLY_ROW_H

#include "tally/slots.h"

struct kithp_row {
    uint32_t member;
    uint32_t first;     /* seconds into the week of the earliest event that names the member */
    uint32_t last;      /* seconds into the week of the latest own event, plus one; 0 where there is none */
    uint32_t leave_end; /* day on which the longest leave ends, plus one; 0 where there is none */
    uint16_t supporters;
    uint8_t days;   /* bit i is set where there was an own event on day i of the week */
    uint32_t count; /* of the slots, each of which stands there once */
    const uint8_t *slots;
    const uint32_t *quantities; /* of a row in cells, those of whole cells, with 0 for slots that are not in use */
};

/* The quantity of a slot, or of KITHP_SLOT_NONE; 0 where the row has none. */
static inline uint32_t kithp_row_find(const struct kithp_row *row, int16_t slot)
{
    for (uint32_t i = 0; slot != KITHP_SLOT_NONE && i < row->count; i++)
        if (row->slots[i] == slot)
            return row->quantities[i];
    return 0;
}

/*
 * A row's quantities are sparse: few of the slots of a policy are touched in a week. In an open week they lie in cells
 * of so many, one behind the other.
 */
enum { KITHP_CELL_SLOTS = 8 };

/* For slots that do not lie in one place, and what is behind those of a cell. */
struct kithp_row_room {
    uint8_t slots[KITHP_SLOTS_MOST + KITHP_CELL_SLOTS];
    uint32_t quantities[KITHP_SLOTS_MOST + KITHP_CELL_SLOTS];
};

#endif
