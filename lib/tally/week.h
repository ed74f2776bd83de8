/* SPDX-License-Identifier: MIT */
/*
 * An open week: what each member did and received in it so far. All that it holds are sums, maxima and minima, so that
 * events may come in any order.
 */
#ifndef KITHP_TALLY_WEEK_H
#define KITHP_TALLY_WEEK_H

#include "base/chunks.h"
#include "base/hash.h"
#include "base/map.h"
#include "tally/plan.h"
#include "tally/row.h"

/* Rows are found by member, a page of them at a time. */
enum { KITHP_PAGE_BITS = 8, KITHP_PAGE_ROWS = 1 << KITHP_PAGE_BITS };

/* A row is one cell, of a cache line, and others behind it where its slots do not fit. */
struct kithp_cell {
    uint32_t first;     /* seconds into the week of the earliest event that names the member */
    uint32_t last;      /* seconds into the week of the latest own event, plus one; 0 where there is none */
    uint32_t leave_end; /* day on which the longest leave ends, plus one; 0 where there is none */
    uint32_t next;      /* the row's next cell, plus one; 0 at its end */
    uint32_t quantities[KITHP_CELL_SLOTS];
    uint8_t slots[KITHP_CELL_SLOTS];
    uint8_t used; /* slots in use */
    uint8_t days; /* bit i is set where there was an own event on day i of the week */
    uint16_t supporters;
    uint32_t unused;
};

enum { KITHP_SUPPORTERS_MOST = UINT16_MAX };

/* No event names the member yet: the row was made by a call that failed. */
#define KITHP_ROW_UNTOUCHED UINT32_MAX

/* Acts of one kind by one member on another. */
struct kithp_pair {
    uint32_t actor;
    uint32_t target;
    uint32_t quantity;
    uint32_t kind;
};

struct kithp_sealed;

struct kithp_week {
    int64_t number;
    int64_t begin; /* the second at which it begins */
    int64_t first_day;
    struct kithp_chunks cells;
    struct kithp_map pairs; /* quantities by actor and target, marked by kind */
    uint32_t **pages;       /* by member / 256: for each, the row's first cell plus one; NULL where all are 0 */
    size_t page_count;
    size_t pages_made;           /* those that are not NULL */
    struct kithp_sealed *sealed; /* what has been put aside of the week, or NULL; see sealed.h */
    uint64_t touched;            /* events that the tally had taken when it last took one of this week */
    bool used;                   /* an event has been applied: the week was not merely opened by a call that failed */
    uint32_t first;              /* seconds into the week of its earliest event */
    /* What events placed but not applied may need; to be set to 0 by kithp_week_settle(). */
    uint32_t reserved_cells;
    uint32_t reserved_pairs;
    bool shared; /* there was a copy of it: rows and pairs are to be made its own before they are changed */
};

/* Where what steps are about stands in the week: room for as many as there are. */
struct kithp_reach {
    uint32_t **entries; /* by touch: where the number of its row stands, as kithp_week_entry() gives it */
    uint64_t *pairs;    /* by deed: hash of the pair's key, if there is a pair */
};

/* key: one that nobody can guess. */
struct kithp_week *kithp_week_new(const kith_allocator *allocator, const struct kithp_calendar *calendar,
                                  struct kithp_hash_key key, int64_t number);

/* Takes memory from blocks that serve other weeks as well; they must outlive it. To be called while it is empty. */
void kithp_week_take_from(struct kithp_week *week, struct kithp_blocks *blocks);

void kithp_week_free(struct kithp_week *week);

/* A week like another, without rows and pairs. NULL where there is no memory. The allocator must outlive it. */
struct kithp_week *kithp_week_like(const kith_allocator *allocator, const struct kithp_week *like);

/*
 * A copy of what the week holds now, never to be changed: it shares cells and pairs until the week changes them. NULL
 * where there is no memory. The allocator must outlive it.
 */
struct kithp_week *kithp_week_share(const kith_allocator *allocator, struct kithp_week *week);

/*
 * Sees to it that all cells of a row, or everything, can be changed without a copy noticing; place does it for what
 * apply then changes. False where there is no memory.
 */
bool kithp_week_own_row(struct kithp_week *week, uint32_t row);
bool kithp_week_own_all(struct kithp_week *week);

/* Takes no more events: what only they need is freed, the rows stay; so do runs, where the rows are in them. */
void kithp_week_close(struct kithp_week *week);

/* Frees rows and pairs; the week stays as open as it was. What is sealed of it is not touched. */
void kithp_week_clear(struct kithp_week *week);

/* Gives a week the rows and pairs of another in place of its own, and frees what is left of the other. */
void kithp_week_replace(struct kithp_week *week, struct kithp_week *by);

/* About how much memory rows and pairs take. */
size_t kithp_week_bytes(const struct kithp_week *week);

/*
 * What is planned is done in three calls, so that it cannot fail half way: reach and place take what the events may
 * need, and may fail without a trace that anyone can see; apply then cannot. While it changes one row, it asks for
 * those of touches to come, so that their misses overlap. Several steps may be placed before one of them is applied:
 * those of at most KITHP_MAP_RESERVE_MOST events.
 */
bool kithp_week_reach(struct kithp_week *week, const struct kithp_steps *steps, const struct kithp_reach *reach);
bool kithp_week_place(struct kithp_week *week, const struct kithp_steps *steps, const struct kithp_reach *reach);
void kithp_week_apply(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_steps *steps,
                      const struct kithp_reach *reach);

/* All events placed have been applied, or will not be. */
static inline void kithp_week_settle(struct kithp_week *week)
{
    week->reserved_cells = week->reserved_pairs = 0;
}

/*
 * Puts back what was kept of a week, as from a snapshot: a row, with quantities none of which is 0, which is added to
 * the row that the member may have; a pair that is not there yet. False where there is no memory.
 */
bool kithp_week_restore_row(struct kithp_week *week, const struct kithp_row *row);
bool kithp_week_restore_pair(struct kithp_week *week, const struct kithp_pair *pair);

/*
 * Counts a pair that is there by the `each` of its kind now, where it was counted by that of `was` before. What has
 * stopped at the most stays there. False where there is no memory.
 */
bool kithp_week_recount(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_pair *pair,
                        const struct kithp_kind *was);

/* A member's row, or NULL where no event of the week names it. */
const struct kithp_cell *kithp_week_row(const struct kithp_week *week, uint32_t member);

/*
 * What that row says, put into row, for which room serves where it has several cells; NULL where no event of the week
 * names the member, or week is NULL.
 */
const struct kithp_row *kithp_week_get_row(const struct kithp_week *week, uint32_t member, struct kithp_row_room *room,
                                           struct kithp_row *row);

/* Puts the slots of a row that has several cells, from the first on, in one place. */
void kithp_week_gather_slots(const struct kithp_week *week, const struct kithp_cell *cell, struct kithp_row_room *room,
                             struct kithp_row *row);

/* What a row says whose first cell is at hand. */
static inline struct kithp_row kithp_week_row_in(const struct kithp_week *week, uint32_t member,
                                                 const struct kithp_cell *cell, struct kithp_row_room *room)
{
    struct kithp_row row = {
        .member = member,
        .first = cell->first,
        .last = cell->last,
        .leave_end = cell->leave_end,
        .supporters = cell->supporters,
        .days = cell->days,
        .count = cell->used,
        .slots = cell->slots,
        .quantities = cell->quantities,
    };
    if (cell->next != 0)
        kithp_week_gather_slots(week, cell, room, &row);
    return row;
}

/*
 * The rows of some members from *member on, in order, as their first cells, which are asked for but not read: some may
 * be of rows untouched. Returns how many, up to KITHP_PAGE_ROWS, or 0 at the end, and sets *member behind them.
 */
uint32_t kithp_week_gather(const struct kithp_week *week, uint32_t *member, uint32_t members[KITHP_PAGE_ROWS],
                           const struct kithp_cell *cells[KITHP_PAGE_ROWS]);

/* The first member from this one on that has a row, or KITHP_NOBODY; and a number above that of every such member. */
uint32_t kithp_week_next_member(const struct kithp_week *week, uint32_t member);
uint32_t kithp_week_members(const struct kithp_week *week);

/* A sum of a member's row, or NULL where it has none of the slot. */
uint32_t *kithp_week_quantity(const struct kithp_week *week, uint32_t member, int16_t slot);

/* Number of the first cell of a member's row, plus one; 0 where there is none. NULL where there is no place for it. */
uint32_t *kithp_week_entry(const struct kithp_week *week, uint32_t member);

/* The same, made where there is none. NULL where there is no memory. */
uint32_t *kithp_week_reach_entry(struct kithp_week *week, uint32_t member);

/* Adds to a slot of a row, by the number of its first cell. There must be room for the cell that it may need. */
void kithp_week_add_quantity(struct kithp_week *week, uint32_t row, int16_t slot, uint32_t quantity);

/* Adds to a slot of a member that has a row. False where there is no memory. */
bool kithp_week_make_quantity(struct kithp_week *week, uint32_t member, int16_t slot, uint32_t quantity);

/* What the pairs of two members have as their key. */
static inline uint64_t kithp_pair_key(uint32_t actor, uint32_t target)
{
    return (uint64_t)actor << 32 | target;
}

static inline struct kithp_pair kithp_pair_of(const struct kithp_map_entry *entry)
{
    return (struct kithp_pair){(uint32_t)(entry->key >> 32), (uint32_t)entry->key, entry->value, entry->mark};
}

/* The pair in a place of the map, by kithp_map_places(). False where there is none. */
static inline bool kithp_week_pair(const struct kithp_week *week, uint32_t place, struct kithp_pair *pair)
{
    const struct kithp_map_entry *entry = kithp_map_at(&week->pairs, place);
    if (entry)
        *pair = kithp_pair_of(entry);
    return entry;
}

/* The row's cell behind this one, or NULL. */
static inline const struct kithp_cell *kithp_week_next_cell(const struct kithp_week *week,
                                                            const struct kithp_cell *cell)
{
    return cell->next ? kithp_chunks_at(&week->cells, cell->next - 1) : NULL;
}

#endif
