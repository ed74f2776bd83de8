/* SPDX-License-Identifier: MIT */
/* The cells of a week's rows, for what changes rows. */
#ifndef KITHP_TALLY_WEEK_ROW_H
#define KITHP_TALLY_WEEK_ROW_H

#include "base/bytes.h"
#include "base/number.h"
#include "tally/week.h"

_Static_assert(KITHP_CELL_SLOTS == 8, "the slots of a cell are looked at as one word");

static inline struct kithp_cell *kithp_row_cell(const struct kithp_week *week, uint32_t cell)
{
    /* As kithp_chunks_at() does it, which does not know the size. */
    struct kithp_cell *chunk = (struct kithp_cell *)(void *)week->cells.directory[cell >> KITHP_CHUNK_BITS];
    return &chunk[cell & (KITHP_CHUNK_ITEMS - 1)];
}

/* As kithp_week_entry(). */
static inline uint32_t *kithp_row_entry(const struct kithp_week *week, uint32_t member)
{
    size_t page = member >> KITHP_PAGE_BITS;
    if (page >= week->page_count || !week->pages[page])
        return NULL;
    return &week->pages[page][member & (KITHP_PAGE_ROWS - 1)];
}

/* Counts one more cell, for which there must be room, and clears it; as kithp_chunks_add() does it. */
static inline uint32_t kithp_row_new_cell(struct kithp_week *week)
{
    uint32_t cell = week->cells.count++;
    *kithp_row_cell(week, cell) = (struct kithp_cell){.first = 0};
    return cell;
}

/*
 * The number of a row's first cell, which is made where there is none. There must be room for it in any case: whether
 * it is wanted is anybody's guess, so that the next cell is made ready without a jump.
 */
static inline uint32_t kithp_row_make(struct kithp_week *week, uint32_t *entry)
{
    uint32_t next = week->cells.count, none = *entry == 0;
    *kithp_row_cell(week, next) = (struct kithp_cell){.first = KITHP_ROW_UNTOUCHED};
    week->cells.count = next + none;
    *entry += (next + 1) & -none;
    return *entry - 1;
}

/* The quantity of a slot in a cell, or NULL. */
static inline uint32_t *kithp_row_find_slot(struct kithp_cell *cell, int16_t slot)
{
    unsigned at = kithp_bytes_find(cell->slots, (uint8_t)slot);
    return at < cell->used ? &cell->quantities[at] : NULL;
}

/* The quantity of a slot in a row, 0 and new where the row had none; there must be room for the cell it may need. */
static inline uint32_t *kithp_row_quantity(struct kithp_week *week, struct kithp_cell *cell, int16_t slot)
{
    for (;; cell = kithp_row_cell(week, cell->next - 1)) {
        uint32_t *quantity = kithp_row_find_slot(cell, slot);
        if (quantity)
            return quantity;
        if (cell->next == 0)
            break;
    }
    if (cell->used == KITHP_CELL_SLOTS) {
        uint32_t added = kithp_row_new_cell(week);
        cell->next = added + 1;
        cell = kithp_row_cell(week, added);
    }
    cell->slots[cell->used] = (uint8_t)slot;
    return &cell->quantities[cell->used++];
}

static inline void kithp_row_add(struct kithp_week *week, struct kithp_cell *row, int16_t slot, uint32_t quantity)
{
    uint32_t *sum;
    if (row->used < KITHP_CELL_SLOTS) {
        /* Whether a row that is not full has the slot cannot be foreseen: one that it has not is where it would be. */
        unsigned at = kithp_bytes_find_below(row->slots, (uint8_t)slot, row->used);
        row->slots[at] = (uint8_t)slot;
        row->used = (uint8_t)(row->used + (at == row->used));
        sum = &row->quantities[at];
    } else {
        sum = kithp_row_quantity(week, row, slot);
    }
    *sum = kithp_number_add_stop(*sum, quantity);
}

static inline void kithp_row_add_supporters(struct kithp_cell *row, uint32_t more)
{
    uint32_t room = KITHP_SUPPORTERS_MOST - row->supporters;
    row->supporters = (uint16_t)(row->supporters + (more < room ? more : room));
}

static inline void kithp_row_touch(struct kithp_cell *cell, uint32_t second)
{
    cell->first = second < cell->first ? second : cell->first;
}

#endif
