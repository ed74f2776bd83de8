/* SPDX-License-Identifier: MIT */
#include "tally/week.h"

#include <string.h>

#include "base/alloc.h"
#include "base/prefetch.h"
#include "tally/sealed.h"
#include "tally/week_row.h"

/* Chunks begin at a line. */
_Static_assert(sizeof(struct kithp_cell) == KITHP_LINE, "a cell is one cache line");

static struct kithp_week *make_empty(const kith_allocator *allocator, struct kithp_hash_key key, int64_t number)
{
    struct kithp_week *week = kithp_alloc_cleared(allocator, 1, sizeof *week);
    if (!week)
        return NULL;
    week->number = number;
    week->first = UINT32_MAX;
    kithp_chunks_init(&week->cells, allocator, sizeof(struct kithp_cell));
    kithp_map_init(&week->pairs, allocator, key);
    return week;
}

struct kithp_week *kithp_week_new(const kith_allocator *allocator, const struct kithp_calendar *calendar,
                                  struct kithp_hash_key key, int64_t number)
{
    struct kithp_week *week = make_empty(allocator, key, number);
    if (!week)
        return NULL;
    week->begin = kithp_calendar_begin(calendar, number);
    week->first_day = kithp_calendar_first_day(calendar, number);
    return week;
}

struct kithp_week *kithp_week_like(const kith_allocator *allocator, const struct kithp_week *like)
{
    struct kithp_week *week = make_empty(allocator, like->pairs.key, like->number);
    if (!week)
        return NULL;
    week->begin = like->begin;
    week->first_day = like->first_day;
    week->first = like->first;
    week->used = like->used;
    return week;
}

void kithp_week_take_from(struct kithp_week *week, struct kithp_blocks *blocks)
{
    kithp_chunks_take_from(&week->cells, blocks);
    kithp_map_take_from(&week->pairs, blocks);
}

void kithp_week_free(struct kithp_week *week)
{
    if (!week)
        return;
    const kith_allocator *allocator = week->cells.allocator;
    kithp_week_clear(week);
    kithp_sealed_free(week->sealed, allocator);
    kithp_alloc_free(allocator, week);
}

void kithp_week_close(struct kithp_week *week)
{
    kithp_map_free(&week->pairs);
    if (week->sealed && !week->sealed->copied)
        return;
    kithp_sealed_free(week->sealed, week->cells.allocator);
    week->sealed = NULL;
}

void kithp_week_clear(struct kithp_week *week)
{
    const kith_allocator *allocator = week->cells.allocator;
    for (size_t i = 0; i < week->page_count; i++)
        if (week->pages[i])
            kithp_blocks_let_go(allocator, week->pages[i]);
    kithp_alloc_free(allocator, week->pages);
    week->pages = NULL;
    week->page_count = week->pages_made = 0;
    kithp_chunks_free(&week->cells);
    kithp_map_free(&week->pairs);
    week->shared = false;
}

void kithp_week_replace(struct kithp_week *week, struct kithp_week *by)
{
    kithp_week_clear(week);
    week->cells = by->cells;
    week->pairs = by->pairs;
    week->pages = by->pages;
    week->page_count = by->page_count;
    week->pages_made = by->pages_made;
    const kith_allocator *allocator = by->cells.allocator;
    kithp_sealed_free(by->sealed, allocator);
    kithp_alloc_free(allocator, by);
}

size_t kithp_week_bytes(const struct kithp_week *week)
{
    return kithp_chunks_bytes(&week->cells) + kithp_map_bytes(&week->pairs) + week->page_count * sizeof *week->pages +
           week->pages_made * KITHP_PAGE_ROWS * sizeof **week->pages;
}

/* Room for the numbers of a page's rows. NULL where there is no memory. */
static uint32_t *new_page(struct kithp_week *week)
{
    struct kithp_blocks *blocks = week->cells.blocks ? week->cells.blocks : &week->cells.own;
    return kithp_blocks_take(blocks, KITHP_PAGE_ROWS * sizeof(uint32_t));
}

/* ---- sharing ---- */

static bool copy_pages(struct kithp_week *copy, const struct kithp_week *week)
{
    const kith_allocator *allocator = copy->cells.allocator;
    copy->pages = kithp_alloc_cleared(allocator, week->page_count, sizeof *copy->pages);
    if (!copy->pages)
        return false;
    copy->page_count = week->page_count;
    for (size_t i = 0; i < week->page_count; i++) {
        if (!week->pages[i])
            continue;
        copy->pages[i] = new_page(copy);
        if (!copy->pages[i])
            return false;
        copy->pages_made++;
        memcpy(copy->pages[i], week->pages[i], KITHP_PAGE_ROWS * sizeof **copy->pages);
    }
    return true;
}

struct kithp_week *kithp_week_share(const kith_allocator *allocator, struct kithp_week *week)
{
    struct kithp_week *copy = kithp_week_like(allocator, week);
    if (!copy)
        return NULL;
    kithp_sealed_leave(week);
    if (!copy_pages(copy, week) || !kithp_chunks_share(&copy->cells, &week->cells) ||
        !kithp_map_share(&copy->pairs, &week->pairs) || !kithp_sealed_share(copy, week)) {
        kithp_week_free(copy);
        return NULL;
    }
    week->shared = true;
    return copy;
}

bool kithp_week_own_row(struct kithp_week *week, uint32_t row)
{
    for (uint32_t cell = row;;) {
        if (!kithp_chunks_own(&week->cells, cell))
            return false;
        uint32_t next = ((const struct kithp_cell *)kithp_chunks_at(&week->cells, cell))->next;
        if (next == 0)
            return true;
        cell = next - 1;
    }
}

bool kithp_week_own_all(struct kithp_week *week)
{
    return kithp_chunks_own_all(&week->cells) && kithp_map_own_all(&week->pairs);
}

/* ---- rows ---- */

uint32_t *kithp_week_entry(const struct kithp_week *week, uint32_t member)
{
    return kithp_row_entry(week, member);
}

const struct kithp_cell *kithp_week_row(const struct kithp_week *week, uint32_t member)
{
    const uint32_t *entry = kithp_week_entry(week, member);
    if (!entry || *entry == 0)
        return NULL;
    const struct kithp_cell *row = kithp_chunks_at(&week->cells, *entry - 1);
    return row->first == KITHP_ROW_UNTOUCHED ? NULL : row;
}

void kithp_week_gather_slots(const struct kithp_week *week, const struct kithp_cell *cell, struct kithp_row_room *room,
                             struct kithp_row *row)
{
    row->slots = room->slots;
    row->quantities = room->quantities;
    for (row->count = 0; cell; cell = kithp_week_next_cell(week, cell)) {
        /* All of the cell, as that takes no call: what it does not use is overwritten, or lies behind the row's end. */
        memcpy(room->slots + row->count, cell->slots, sizeof cell->slots);
        memcpy(room->quantities + row->count, cell->quantities, sizeof cell->quantities);
        row->count += cell->used;
    }
}

const struct kithp_row *kithp_week_get_row(const struct kithp_week *week, uint32_t member, struct kithp_row_room *room,
                                           struct kithp_row *row)
{
    const struct kithp_cell *cell = week ? kithp_week_row(week, member) : NULL;
    if (!cell)
        return NULL;
    *row = kithp_week_row_in(week, member, cell, room);
    return row;
}

uint32_t kithp_week_members(const struct kithp_week *week)
{
    size_t most = UINT32_MAX >> KITHP_PAGE_BITS, pages = week->page_count < most ? week->page_count : most;
    /* There may be room for many more pages than have come. */
    while (pages > 0 && !week->pages[pages - 1])
        pages--;
    return (uint32_t)pages << KITHP_PAGE_BITS;
}

uint32_t kithp_week_gather(const struct kithp_week *week, uint32_t *member, uint32_t members[KITHP_PAGE_ROWS],
                           const struct kithp_cell *cells[KITHP_PAGE_ROWS])
{
    for (size_t page = *member >> KITHP_PAGE_BITS; page < week->page_count; page++) {
        const uint32_t *entries = week->pages[page], first = (uint32_t)page << KITHP_PAGE_BITS;
        uint32_t count = 0;
        /* Who has a row is anybody's guess: without a jump, whoever has none is overwritten. */
        for (uint32_t i = *member > first ? *member - first : 0; entries && i < KITHP_PAGE_ROWS; i++) {
            members[count] = first + i;
            count += entries[i] != 0;
        }
        for (uint32_t i = 0; i < count; i++) {
            cells[i] = kithp_row_cell(week, entries[members[i] - first] - 1);
            kithp_prefetch(cells[i]);
        }
        *member = first + KITHP_PAGE_ROWS;
        if (count > 0)
            return count;
    }
    return 0;
}

uint32_t kithp_week_next_member(const struct kithp_week *week, uint32_t member)
{
    for (uint32_t end = kithp_week_members(week); member < end; member++) {
        if (!week->pages[member >> KITHP_PAGE_BITS])
            member |= KITHP_PAGE_ROWS - 1;
        else if (kithp_week_row(week, member))
            return member;
    }
    return KITHP_NOBODY;
}

static bool add_page(struct kithp_week *week, uint32_t member)
{
    const kith_allocator *allocator = week->cells.allocator;
    size_t page = member >> KITHP_PAGE_BITS;
    if (page >= week->page_count) {
        size_t count = week->page_count;
        if (!kithp_alloc_grow(allocator, (void **)&week->pages, &count, page + 1, sizeof *week->pages))
            return false;
        memset(week->pages + week->page_count, 0, (count - week->page_count) * sizeof *week->pages);
        week->page_count = count;
    }
    if (week->pages[page])
        return true;
    week->pages[page] = new_page(week);
    week->pages_made += week->pages[page] != NULL;
    if (week->pages[page])
        memset(week->pages[page], 0, KITHP_PAGE_ROWS * sizeof **week->pages);
    return week->pages[page] != NULL;
}

uint32_t *kithp_week_reach_entry(struct kithp_week *week, uint32_t member)
{
    uint32_t *entry = kithp_week_entry(week, member);
    return entry || !add_page(week, member) ? entry : kithp_week_entry(week, member);
}

void kithp_week_add_quantity(struct kithp_week *week, uint32_t row, int16_t slot, uint32_t quantity)
{
    kithp_row_add(week, kithp_row_cell(week, row), slot, quantity);
}

bool kithp_week_make_quantity(struct kithp_week *week, uint32_t member, int16_t slot, uint32_t quantity)
{
    if (!kithp_chunks_reserve(&week->cells, 1))
        return false;
    kithp_week_add_quantity(week, *kithp_week_entry(week, member) - 1, slot, quantity);
    return true;
}

/* ---- putting back ---- */

bool kithp_week_restore_row(struct kithp_week *week, const struct kithp_row *row)
{
    uint32_t *entry = kithp_week_reach_entry(week, row->member);
    if (!entry ||
        !kithp_chunks_reserve(&week->cells, 1 + ((size_t)row->count + KITHP_CELL_SLOTS - 1) / KITHP_CELL_SLOTS))
        return false;
    struct kithp_cell *head = kithp_row_cell(week, kithp_row_make(week, entry));
    kithp_row_touch(head, row->first);
    if (head->last < row->last)
        head->last = row->last;
    if (head->leave_end < row->leave_end)
        head->leave_end = row->leave_end;
    head->days |= row->days;
    kithp_row_add_supporters(head, row->supporters);
    for (uint32_t i = 0; i < row->count; i++)
        kithp_row_add(week, head, row->slots[i], row->quantities[i]);
    week->used = true;
    return true;
}

bool kithp_week_restore_pair(struct kithp_week *week, const struct kithp_pair *pair)
{
    uint64_t key = kithp_pair_key(pair->actor, pair->target), hash = kithp_map_hash(&week->pairs, key);
    if (!kithp_map_reserve(&week->pairs, hash, 1))
        return false;
    kithp_map_add(&week->pairs, hash, (struct kithp_map_entry){key, pair->quantity, pair->kind});
    return true;
}

uint32_t *kithp_week_quantity(const struct kithp_week *week, uint32_t member, int16_t slot)
{
    const uint32_t *entry = kithp_week_entry(week, member);
    for (uint32_t next = entry ? *entry : 0; next != 0;) {
        struct kithp_cell *cell = kithp_chunks_at(&week->cells, next - 1);
        uint32_t *quantity = kithp_row_find_slot(cell, slot);
        if (quantity)
            return quantity;
        next = cell->next;
    }
    return NULL;
}

/* What counts of a credit in a member's row rises or falls, and what is over it falls or rises. */
static bool recount(struct kithp_week *week, uint32_t member, const struct kithp_slot *of, int16_t slot,
                    uint32_t quantity, uint32_t was)
{
    uint32_t *counted = kithp_week_quantity(week, member, slot), *over = kithp_week_quantity(week, member, of->twin);
    if (!counted || *counted == UINT32_MAX)
        return true;
    uint32_t all = kithp_number_add_stop(*counted, over ? *over : 0), each = of->credit->each;
    int64_t now = (int64_t)*counted - kithp_slots_limited(quantity, was) + kithp_slots_limited(quantity, each);
    *counted = (uint32_t)kithp_number_clamp(now, 0, UINT32_MAX);
    uint32_t rest = all > *counted ? all - *counted : 0;
    if (over)
        *over = rest;
    else if (rest > 0)
        return kithp_week_make_quantity(week, member, of->twin, rest);
    return true;
}

bool kithp_week_recount(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_pair *pair,
                        const struct kithp_kind *was)
{
    const struct kithp_kind_slots *kind = &slots->kinds[pair->kind];
    if (kind->gives_over != KITHP_SLOT_NONE &&
        !recount(week, pair->actor, &slots->slots[kind->gives], kind->gives, pair->quantity, was->gives.each))
        return false;
    return kind->receives_over == KITHP_SLOT_NONE || recount(week, pair->target, &slots->slots[kind->receives],
                                                             kind->receives, pair->quantity, was->receives.each);
}
