/* SPDX-License-Identifier: MIT */
#include "tally/week.h"

#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "tally/sealed.h"

enum { PAGE_BITS = 8, PAGE_ROWS = 1 << PAGE_BITS, ROWS_AHEAD = 64 };

_Static_assert(sizeof(struct kithp_cell) <= 64, "a cell is one cache line");

static struct kithp_week *make_empty(const kith_allocator *allocator, int64_t number)
{
    struct kithp_week *week = kithp_alloc_cleared(allocator, 1, sizeof *week);
    if (!week)
        return NULL;
    week->number = number;
    week->first = UINT32_MAX;
    kithp_chunks_init(&week->cells, allocator, sizeof(struct kithp_cell));
    kithp_chunks_init(&week->pairs, allocator, sizeof(struct kithp_pair));
    kithp_index_init(&week->pair_index, allocator);
    return week;
}

struct kithp_week *kithp_week_new(const kith_allocator *allocator, const struct kithp_calendar *calendar,
                                  int64_t number)
{
    struct kithp_week *week = make_empty(allocator, number);
    if (!week)
        return NULL;
    week->begin = kithp_calendar_begin(calendar, number);
    week->first_day = kithp_calendar_first_day(calendar, number);
    return week;
}

struct kithp_week *kithp_week_like(const kith_allocator *allocator, const struct kithp_week *like)
{
    struct kithp_week *week = make_empty(allocator, like->number);
    if (!week)
        return NULL;
    week->begin = like->begin;
    week->first_day = like->first_day;
    week->first = like->first;
    week->used = like->used;
    return week;
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
    kithp_chunks_free(&week->pairs);
    kithp_index_free(&week->pair_index);
    kithp_sealed_free(week->sealed, week->cells.allocator);
    week->sealed = NULL;
}

void kithp_week_clear(struct kithp_week *week)
{
    const kith_allocator *allocator = week->cells.allocator;
    for (size_t i = 0; i < week->page_count; i++)
        kithp_alloc_free(allocator, week->pages[i]);
    kithp_alloc_free(allocator, week->pages);
    week->pages = NULL;
    week->page_count = week->pages_made = 0;
    kithp_chunks_free(&week->cells);
    kithp_chunks_free(&week->pairs);
    kithp_index_free(&week->pair_index);
    week->shared = false;
}

void kithp_week_replace(struct kithp_week *week, struct kithp_week *by)
{
    kithp_week_clear(week);
    week->cells = by->cells;
    week->pairs = by->pairs;
    week->pair_index = by->pair_index;
    week->pages = by->pages;
    week->page_count = by->page_count;
    week->pages_made = by->pages_made;
    const kith_allocator *allocator = by->cells.allocator;
    kithp_sealed_free(by->sealed, allocator);
    kithp_alloc_free(allocator, by);
}

size_t kithp_week_bytes(const struct kithp_week *week)
{
    /* An entry of the index has eight bytes, and there are about two places for each. */
    return kithp_chunks_bytes(&week->cells) + kithp_chunks_bytes(&week->pairs) +
           week->pairs.count * 2 * sizeof(struct kithp_index_entry) + week->page_count * sizeof *week->pages +
           week->pages_made * PAGE_ROWS * sizeof **week->pages;
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
        copy->pages[i] = kithp_alloc_array(allocator, PAGE_ROWS, sizeof **copy->pages);
        if (!copy->pages[i])
            return false;
        copy->pages_made++;
        memcpy(copy->pages[i], week->pages[i], PAGE_ROWS * sizeof **copy->pages);
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
        !kithp_chunks_share(&copy->pairs, &week->pairs) || !kithp_sealed_share(copy, week)) {
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

bool kithp_week_own_pair(struct kithp_week *week, uint32_t pair)
{
    return kithp_chunks_own(&week->pairs, pair);
}

bool kithp_week_own_all(struct kithp_week *week)
{
    return kithp_chunks_own_all(&week->cells) && kithp_chunks_own_all(&week->pairs);
}

/* ---- rows ---- */

uint32_t *kithp_week_entry(const struct kithp_week *week, uint32_t member)
{
    size_t page = member >> PAGE_BITS;
    if (page >= week->page_count || !week->pages[page])
        return NULL;
    return &week->pages[page][member & (PAGE_ROWS - 1)];
}

const struct kithp_cell *kithp_week_row(const struct kithp_week *week, uint32_t member)
{
    const uint32_t *entry = kithp_week_entry(week, member);
    if (!entry || *entry == 0)
        return NULL;
    const struct kithp_cell *row = kithp_chunks_at(&week->cells, *entry - 1);
    return row->first == KITHP_ROW_UNTOUCHED ? NULL : row;
}

uint32_t kithp_week_members(const struct kithp_week *week)
{
    size_t most = UINT32_MAX >> PAGE_BITS;
    return (uint32_t)(week->page_count < most ? week->page_count : most) << PAGE_BITS;
}

/*
 * Whether there are rows among some entries, and asks for them: they lie in the order in which members came to the
 * week, so that the misses of many overlap. A cell may be on two lines.
 */
static bool prefetch_rows(const struct kithp_week *week, const uint32_t *entries)
{
    bool found = false;
    for (uint32_t i = 0; i < ROWS_AHEAD; i++) {
        if (entries[i] == 0)
            continue;
        const struct kithp_cell *row = kithp_chunks_at(&week->cells, entries[i] - 1);
        kithp_prefetch(row);
        kithp_prefetch(&row->used);
        found = true;
    }
    return found;
}

uint32_t kithp_week_next_member(const struct kithp_week *week, uint32_t member)
{
    for (size_t page = member >> PAGE_BITS; page < week->page_count; page++) {
        for (uint32_t i = member & (PAGE_ROWS - 1); week->pages[page] && i < PAGE_ROWS; i++) {
            uint32_t found = (uint32_t)(page << PAGE_BITS) + i;
            if (i % ROWS_AHEAD == 0 && !prefetch_rows(week, week->pages[page] + i))
                i += ROWS_AHEAD - 1;
            else if (kithp_week_row(week, found))
                return found;
        }
        member = 0;
    }
    return KITHP_NOBODY;
}

static bool add_page(struct kithp_week *week, uint32_t member)
{
    const kith_allocator *allocator = week->cells.allocator;
    size_t page = member >> PAGE_BITS;
    if (page >= week->page_count) {
        size_t count = week->page_count;
        if (!kithp_alloc_grow(allocator, (void **)&week->pages, &count, page + 1, sizeof *week->pages))
            return false;
        memset(week->pages + week->page_count, 0, (count - week->page_count) * sizeof *week->pages);
        week->page_count = count;
    }
    if (week->pages[page])
        return true;
    week->pages[page] = kithp_alloc_cleared(allocator, PAGE_ROWS, sizeof **week->pages);
    week->pages_made += week->pages[page] != NULL;
    return week->pages[page] != NULL;
}

bool kithp_week_reserve_entry(struct kithp_week *week, uint32_t member)
{
    return kithp_week_entry(week, member) || add_page(week, member);
}

/* The number of a member's first cell, which is made where there is none. */
static bool place_row(struct kithp_week *week, uint32_t member, uint32_t *row)
{
    if (!kithp_week_reserve_entry(week, member))
        return false;
    uint32_t *entry = kithp_week_entry(week, member);
    if (*entry == 0) {
        uint32_t cell = kithp_chunks_add(&week->cells);
        ((struct kithp_cell *)kithp_chunks_at(&week->cells, cell))->first = KITHP_ROW_UNTOUCHED;
        *entry = cell + 1;
    }
    *row = *entry - 1;
    return true;
}

static struct kithp_cell *cell_at(struct kithp_week *week, uint32_t cell)
{
    return kithp_chunks_at(&week->cells, cell);
}

/* The quantity of a slot in a row, 0 and new where the row had none. place has reserved the cell that it may need. */
static uint32_t *quantity_of(struct kithp_week *week, uint32_t row, int16_t slot)
{
    struct kithp_cell *cell = cell_at(week, row);
    for (;;) {
        for (unsigned i = 0; i < cell->used; i++)
            if (cell->slots[i] == slot)
                return &cell->quantities[i];
        if (cell->next == 0)
            break;
        cell = cell_at(week, cell->next - 1);
    }
    if (cell->used == KITHP_CELL_SLOTS) {
        uint32_t added = kithp_chunks_add(&week->cells);
        cell->next = added + 1;
        cell = cell_at(week, added);
    }
    cell->slots[cell->used] = (uint8_t)slot;
    return &cell->quantities[cell->used++];
}

void kithp_week_add_quantity(struct kithp_week *week, uint32_t row, int16_t slot, uint32_t quantity)
{
    uint32_t *sum = quantity_of(week, row, slot);
    *sum = kithp_number_add_stop(*sum, quantity);
}

/* ---- pairs ---- */

uint32_t kithp_week_pair_tag(struct kithp_hash_key key, uint32_t actor, uint32_t target)
{
    return kithp_index_tag(kithp_hash_number(key, (uint64_t)actor << 32 | target));
}

static uint32_t pair_tag(struct kithp_hash_key key, const struct kithp_event *event)
{
    return kithp_week_pair_tag(key, event->member, event->target);
}

static struct kithp_pair *pair_at(const struct kithp_week *week, uint32_t pair)
{
    return kithp_chunks_at(&week->pairs, pair);
}

static bool is_between(const struct kithp_pair *pair, const struct kithp_event *event)
{
    return pair->actor == event->member && pair->target == event->target;
}

static bool place_pair(struct kithp_week *week, struct kithp_hash_key key, const struct kithp_event *event,
                       uint32_t *pair)
{
    uint32_t tag = pair_tag(key, event);
    struct kithp_index_walk walk = kithp_index_begin(&week->pair_index, tag);
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        const struct kithp_pair *known = pair_at(week, item);
        if (known->kind == event->kind && is_between(known, event)) {
            *pair = item;
            return true;
        }
    }
    if (!kithp_chunks_reserve(&week->pairs, 1) || !kithp_index_add(&week->pair_index, tag, week->pairs.count))
        return false;
    *pair = kithp_chunks_add(&week->pairs);
    *pair_at(week, *pair) = (struct kithp_pair){event->member, event->target, 0, event->kind};
    return true;
}

/* Whether the actor has credited the target this week, by any kind whose receives has positive points. */
static bool is_supporter(const struct kithp_week *week, const struct kithp_slots *slots, struct kithp_hash_key key,
                         const struct kithp_event *event)
{
    struct kithp_index_walk walk = kithp_index_begin(&week->pair_index, pair_tag(key, event));
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        const struct kithp_pair *known = pair_at(week, item);
        if (known->quantity > 0 && is_between(known, event) && slots->kinds[known->kind].supports)
            return true;
    }
    return false;
}

static void add_supporters(struct kithp_cell *row, uint32_t more)
{
    uint32_t room = KITHP_SUPPORTERS_MOST - row->supporters;
    row->supporters = (uint16_t)(row->supporters + (more < room ? more : room));
}

/* ---- events ---- */

/* Whether the event credits anybody for what two different members do with each other. */
static bool is_between_two(const struct kithp_event *event)
{
    return event->member != KITHP_NOBODY && event->target != KITHP_NOBODY && event->member != event->target;
}

static void prefetch_row(const struct kithp_week *week, uint32_t member)
{
    const uint32_t *entry = member == KITHP_NOBODY ? NULL : kithp_week_entry(week, member);
    if (entry && *entry != 0)
        kithp_prefetch(kithp_chunks_at(&week->cells, *entry - 1));
}

static bool has_pair(const struct kithp_slots *slots, const struct kithp_event *event)
{
    return slots->kinds[event->kind].pairs && is_between_two(event);
}

void kithp_week_prefetch(const struct kithp_week *week, const struct kithp_slots *slots, struct kithp_hash_key key,
                         const struct kithp_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t *row = events[i].member == KITHP_NOBODY ? NULL : kithp_week_entry(week, events[i].member);
        kithp_prefetch(row);
        row = events[i].target == KITHP_NOBODY ? NULL : kithp_week_entry(week, events[i].target);
        kithp_prefetch(row);
        if (has_pair(slots, &events[i]))
            kithp_index_prefetch(&week->pair_index, pair_tag(key, &events[i]));
    }
    for (size_t i = 0; i < count; i++) {
        prefetch_row(week, events[i].member);
        prefetch_row(week, events[i].target);
        if (!has_pair(slots, &events[i]))
            continue;
        struct kithp_index_walk walk = kithp_index_begin(&week->pair_index, pair_tag(key, &events[i]));
        uint32_t item = kithp_index_next(&walk);
        if (item != KITHP_INDEX_NONE)
            kithp_prefetch(pair_at(week, item));
    }
}

/* What the event will change is made the week's own. */
static bool own_places(const struct kithp_place_of_event *place)
{
    struct kithp_week *week = place->week;
    return (place->member_row == KITHP_INDEX_NONE || kithp_week_own_row(week, place->member_row)) &&
           (place->target_row == KITHP_INDEX_NONE || kithp_week_own_row(week, place->target_row)) &&
           (place->pair == KITHP_INDEX_NONE || kithp_week_own_pair(week, place->pair));
}

bool kithp_week_place(struct kithp_week *week, const struct kithp_slots *slots, struct kithp_hash_key key,
                      const struct kithp_event *event, struct kithp_place_of_event *place)
{
    /* Each of the two rows may need its first cell and, as an event fills two slots at most, one more. */
    enum { CELLS_AN_EVENT = 4, MORE_CELLS = 2 };
    *place = (struct kithp_place_of_event){week, KITHP_INDEX_NONE, KITHP_INDEX_NONE, KITHP_INDEX_NONE};
    if (!kithp_chunks_reserve(&week->cells, (size_t)week->reserved + CELLS_AN_EVENT))
        return false;
    if (event->member != KITHP_NOBODY && !place_row(week, event->member, &place->member_row))
        return false;
    if (event->target != KITHP_NOBODY && !place_row(week, event->target, &place->target_row))
        return false;
    if (slots->kinds[event->kind].pairs && is_between_two(event) && !place_pair(week, key, event, &place->pair))
        return false;
    if (week->shared && !own_places(place))
        return false;
    week->reserved += MORE_CELLS;
    return true;
}

static void apply_own(struct kithp_week *week, const struct kithp_event *event, uint32_t row, uint32_t second,
                      bool leave)
{
    struct kithp_cell *cell = cell_at(week, row);
    uint32_t day = second / KITHP_SECONDS_A_DAY;
    cell->days |= (uint8_t)(1U << day);
    if (cell->last < second + 1)
        cell->last = second + 1;
    /* The first day may be -1, a leave at least one day long: the end is never below 0. */
    uint32_t leave_end = (uint32_t)(week->first_day + day + event->quantity + 1);
    if (leave && cell->leave_end < leave_end)
        cell->leave_end = leave_end;
}

static void touch(struct kithp_cell *cell, uint32_t second)
{
    if (second < cell->first)
        cell->first = second;
}

static uint32_t limited(uint32_t quantity, uint32_t each)
{
    return quantity < each ? quantity : each;
}

/* Adds what a pair's rise from one quantity to another adds to what counts of it. */
static void add_counted(struct kithp_week *week, uint32_t row, int16_t slot, uint32_t each, uint32_t from, uint32_t to)
{
    if (slot != KITHP_SLOT_NONE)
        kithp_week_add_quantity(week, row, slot, limited(to, each) - limited(from, each));
}

static void apply_pair(const struct kithp_slots *slots, const struct kithp_event *event,
                       const struct kithp_place_of_event *place, struct kithp_hash_key key)
{
    struct kithp_week *week = place->week;
    const struct kithp_kind_slots *kind = &slots->kinds[event->kind];
    struct kithp_pair *pair = pair_at(week, place->pair);
    uint32_t from = pair->quantity;
    uint32_t to = kithp_number_add_stop(from, event->quantity);
    if (kind->supports && from == 0 && !is_supporter(week, slots, key, event))
        add_supporters(cell_at(week, place->target_row), 1);
    pair->quantity = to;
    if (kind->gives_counted != KITHP_SLOT_NONE)
        add_counted(week, place->member_row, kind->gives_counted, slots->slots[kind->gives].credit->each, from, to);
    if (kind->receives_counted != KITHP_SLOT_NONE)
        add_counted(week, place->target_row, kind->receives_counted, slots->slots[kind->receives].credit->each, from,
                    to);
}

/* What is given without a target, or received from nobody, knows no limit with another member. */
static void apply_alone(struct kithp_week *week, uint32_t row, int16_t counted, uint32_t quantity)
{
    if (counted != KITHP_SLOT_NONE)
        kithp_week_add_quantity(week, row, counted, quantity);
}

static void apply_credits(const struct kithp_slots *slots, const struct kithp_event *event,
                          const struct kithp_place_of_event *place, struct kithp_hash_key key)
{
    struct kithp_week *week = place->week;
    const struct kithp_kind_slots *kind = &slots->kinds[event->kind];
    bool acted = event->member != KITHP_NOBODY, aimed = event->target != KITHP_NOBODY;
    if (acted && kind->gives != KITHP_SLOT_NONE)
        kithp_week_add_quantity(week, place->member_row, kind->gives, event->quantity);
    if (aimed && kind->receives != KITHP_SLOT_NONE)
        kithp_week_add_quantity(week, place->target_row, kind->receives, event->quantity);
    if (place->pair != KITHP_INDEX_NONE)
        apply_pair(slots, event, place, key);
    else if (acted && !aimed)
        apply_alone(week, place->member_row, kind->gives_counted, event->quantity);
    else if (aimed && !acted) {
        apply_alone(week, place->target_row, kind->receives_counted, event->quantity);
        if (kind->supports)
            add_supporters(cell_at(week, place->target_row), event->quantity);
    }
}

void kithp_week_apply(const struct kithp_slots *slots, const struct kithp_event *event,
                      const struct kithp_place_of_event *place, struct kithp_hash_key key)
{
    struct kithp_week *week = place->week;
    week->used = true;
    uint32_t second = (uint32_t)(event->time - week->begin);
    if (second < week->first)
        week->first = second;
    if (event->member != KITHP_NOBODY) {
        touch(cell_at(week, place->member_row), second);
        apply_own(week, event, place->member_row, second, slots->kinds[event->kind].leave);
    }
    if (event->target != KITHP_NOBODY)
        touch(cell_at(week, place->target_row), second);
    /* What is aimed at oneself is activity, but credits nobody. */
    if (event->member != event->target)
        apply_credits(slots, event, place, key);
}

/* ---- putting back ---- */

bool kithp_week_restore_row(struct kithp_week *week, uint32_t member, const struct kithp_cell *row,
                            const uint8_t *slots, const uint32_t *quantities, size_t count)
{
    uint32_t cell;
    if (!kithp_chunks_reserve(&week->cells, 1 + (count + KITHP_CELL_SLOTS - 1) / KITHP_CELL_SLOTS) ||
        !place_row(week, member, &cell))
        return false;
    struct kithp_cell *head = cell_at(week, cell);
    touch(head, row->first);
    if (head->last < row->last)
        head->last = row->last;
    if (head->leave_end < row->leave_end)
        head->leave_end = row->leave_end;
    head->days |= row->days;
    add_supporters(head, row->supporters);
    for (size_t i = 0; i < count; i++)
        kithp_week_add_quantity(week, cell, slots[i], quantities[i]);
    week->used = true;
    return true;
}

bool kithp_week_restore_pair(struct kithp_week *week, struct kithp_hash_key key, const struct kithp_pair *pair)
{
    const struct kithp_event event = {.member = pair->actor, .target = pair->target, .kind = pair->kind};
    uint32_t at;
    if (!place_pair(week, key, &event, &at))
        return false;
    pair_at(week, at)->quantity = pair->quantity;
    return true;
}

uint32_t *kithp_week_quantity(const struct kithp_week *week, uint32_t member, int16_t slot)
{
    const uint32_t *entry = kithp_week_entry(week, member);
    for (uint32_t next = entry ? *entry : 0; next != 0;) {
        struct kithp_cell *cell = kithp_chunks_at(&week->cells, next - 1);
        for (unsigned i = 0; i < cell->used; i++)
            if (cell->slots[i] == slot)
                return &cell->quantities[i];
        next = cell->next;
    }
    return NULL;
}

static void recount(uint32_t *counted, uint32_t quantity, uint32_t was, uint32_t each)
{
    if (!counted || *counted == UINT32_MAX)
        return;
    int64_t now = (int64_t)*counted - limited(quantity, was) + limited(quantity, each);
    *counted = (uint32_t)kithp_number_clamp(now, 0, UINT32_MAX);
}

void kithp_week_recount(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_pair *pair,
                        const struct kithp_kind *was)
{
    const struct kithp_kind_slots *kind = &slots->kinds[pair->kind];
    if (kind->gives_counted != KITHP_SLOT_NONE)
        recount(kithp_week_quantity(week, pair->actor, kind->gives_counted), pair->quantity, was->gives.each,
                slots->slots[kind->gives].credit->each);
    if (kind->receives_counted != KITHP_SLOT_NONE)
        recount(kithp_week_quantity(week, pair->target, kind->receives_counted), pair->quantity, was->receives.each,
                slots->slots[kind->receives].credit->each);
}
