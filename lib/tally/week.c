/* SPDX-License-Identifier: MIT */
#include "tally/week.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/number.h"
#include "tally/sealed.h"

enum { PAGE_BITS = 8, PAGE_ROWS = 1 << PAGE_BITS, ROWS_AHEAD = 64 };

/* Chunks begin at a line. */
_Static_assert(sizeof(struct kithp_cell) == KITHP_LINE, "a cell is one cache line");
_Static_assert(KITHP_CELL_SLOTS == 8, "the slots of a cell are looked at as one word");

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
           week->pages_made * PAGE_ROWS * sizeof **week->pages;
}

/* Room for the numbers of a page's rows. NULL where there is no memory. */
static uint32_t *new_page(struct kithp_week *week)
{
    struct kithp_blocks *blocks = week->cells.blocks ? week->cells.blocks : &week->cells.own;
    return kithp_blocks_take(blocks, PAGE_ROWS * sizeof(uint32_t));
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

void kithp_week_prefetch_row(const struct kithp_week *week, uint32_t member)
{
    const uint32_t *entry = kithp_week_entry(week, member);
    if (entry && *entry != 0)
        kithp_prefetch(kithp_chunks_at(&week->cells, *entry - 1));
}

uint32_t kithp_week_members(const struct kithp_week *week)
{
    size_t most = UINT32_MAX >> PAGE_BITS;
    return (uint32_t)(week->page_count < most ? week->page_count : most) << PAGE_BITS;
}

/*
 * Whether there are rows among some entries, and asks for them: they lie in the order in which members came to the
 * week, so that the misses of many overlap.
 */
static bool prefetch_rows(const struct kithp_week *week, const uint32_t *entries)
{
    bool found = false;
    for (uint32_t i = 0; i < ROWS_AHEAD; i++) {
        if (entries[i] == 0)
            continue;
        kithp_prefetch(kithp_chunks_at(&week->cells, entries[i] - 1));
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
    week->pages[page] = new_page(week);
    week->pages_made += week->pages[page] != NULL;
    if (week->pages[page])
        memset(week->pages[page], 0, PAGE_ROWS * sizeof **week->pages);
    return week->pages[page] != NULL;
}

bool kithp_week_reserve_entry(struct kithp_week *week, uint32_t member)
{
    return kithp_week_entry(week, member) || add_page(week, member);
}

/* The place of a row's number, made where there is none. NULL where there is no memory. */
static uint32_t *reach_entry(struct kithp_week *week, uint32_t member)
{
    uint32_t *entry = kithp_week_entry(week, member);
    return entry || !add_page(week, member) ? entry : kithp_week_entry(week, member);
}

static struct kithp_cell *cell_at(const struct kithp_week *week, uint32_t cell)
{
    /* As kithp_chunks_at() does it, which does not know the size. */
    struct kithp_cell *chunk = (struct kithp_cell *)(void *)week->cells.directory[cell >> KITHP_CHUNK_BITS];
    return &chunk[cell & (KITHP_CHUNK_ITEMS - 1)];
}

/* The number of a row's first cell, which is made where there is none; there must be room for it. */
static uint32_t make_row(struct kithp_week *week, uint32_t *entry)
{
    if (*entry == 0) {
        uint32_t cell = kithp_chunks_add(&week->cells);
        cell_at(week, cell)->first = KITHP_ROW_UNTOUCHED;
        *entry = cell + 1;
    }
    return *entry - 1;
}

/* The quantity of a slot in a cell, or NULL. */
static uint32_t *find_slot(struct kithp_cell *cell, int16_t slot)
{
    unsigned at = kithp_bytes_find(cell->slots, (uint8_t)slot);
    return at < cell->used ? &cell->quantities[at] : NULL;
}

/* The quantity of a slot in a row, 0 and new where the row had none; there must be room for the cell it may need. */
static uint32_t *quantity_of(struct kithp_week *week, struct kithp_cell *cell, int16_t slot)
{
    for (;; cell = cell_at(week, cell->next - 1)) {
        uint32_t *quantity = find_slot(cell, slot);
        if (quantity)
            return quantity;
        if (cell->next == 0)
            break;
    }
    if (cell->used == KITHP_CELL_SLOTS) {
        uint32_t added = kithp_chunks_add(&week->cells);
        cell->next = added + 1;
        cell = cell_at(week, added);
    }
    cell->slots[cell->used] = (uint8_t)slot;
    return &cell->quantities[cell->used++];
}

static void add_quantity(struct kithp_week *week, struct kithp_cell *row, int16_t slot, uint32_t quantity)
{
    uint32_t *sum = quantity_of(week, row, slot);
    *sum = kithp_number_add_stop(*sum, quantity);
}

void kithp_week_add_quantity(struct kithp_week *week, uint32_t row, int16_t slot, uint32_t quantity)
{
    add_quantity(week, cell_at(week, row), slot, quantity);
}

/* ---- pairs ---- */

static uint64_t key_of_pair(const struct kithp_event *event)
{
    return kithp_pair_key(event->member, event->target);
}

/*
 * The pair of the event's members by its kind, or NULL; then *supported says whether the actor has credited the target
 * this week, by any kind whose receives has positive points.
 */
static struct kithp_map_entry *find_pair(const struct kithp_week *week, const struct kithp_slots *slots, uint64_t hash,
                                         const struct kithp_event *event, bool *supported)
{
    *supported = false;
    struct kithp_map_walk walk = kithp_map_begin(&week->pairs, hash, key_of_pair(event));
    for (struct kithp_map_entry *entry; (entry = kithp_map_next(&walk));) {
        if (entry->mark == event->kind)
            return entry;
        *supported |= slots->kinds[entry->mark].supports;
    }
    return NULL;
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

static bool has_pair(const struct kithp_slots *slots, const struct kithp_event *event)
{
    return slots->kinds[event->kind].pairs && is_between_two(event);
}

static bool reach(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *event,
                  struct kithp_place_of_event *place)
{
    *place = (struct kithp_place_of_event){NULL, NULL, 0};
    if (event->member != KITHP_NOBODY) {
        place->member = reach_entry(week, event->member);
        if (!place->member)
            return false;
        kithp_prefetch(place->member);
    }
    if (event->target != KITHP_NOBODY) {
        place->target = reach_entry(week, event->target);
        if (!place->target)
            return false;
        kithp_prefetch(place->target);
    }
    if (has_pair(slots, event)) {
        place->pair = kithp_map_hash(&week->pairs, key_of_pair(event));
        kithp_map_prefetch(&week->pairs, place->pair);
    }
    return true;
}

bool kithp_week_reach(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *events,
                      size_t count, struct kithp_place_of_event *places)
{
    for (size_t i = 0; i < count; i++)
        if (!reach(week, slots, &events[i], &places[i]))
            return false;
    return true;
}

/* Each of the two rows may need its first cell and, as an event fills two slots at most of each, one more. */
static bool place_row(struct kithp_week *week, const uint32_t *entry)
{
    if (!entry)
        return true;
    week->reserved_cells += 2;
    if (*entry == 0)
        return true;
    kithp_prefetch(cell_at(week, *entry - 1));
    return !week->shared || kithp_week_own_row(week, *entry - 1);
}

static bool place_pair(struct kithp_week *week, uint64_t pair)
{
    return kithp_map_reserve(&week->pairs, pair, ++week->reserved_pairs) &&
           (!week->shared || kithp_map_own(&week->pairs, pair));
}

bool kithp_week_place(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *events,
                      size_t count, const struct kithp_place_of_event *places)
{
    for (size_t i = 0; i < count; i++)
        if (!place_row(week, places[i].member) || !place_row(week, places[i].target) ||
            (has_pair(slots, &events[i]) && !place_pair(week, places[i].pair)))
            return false;
    return kithp_chunks_reserve(&week->cells, week->reserved_cells);
}

static void apply_own(const struct kithp_week *week, const struct kithp_event *event, struct kithp_cell *row,
                      uint32_t second, bool leave)
{
    uint32_t day = second / KITHP_SECONDS_A_DAY;
    row->days |= (uint8_t)(1U << day);
    if (row->last < second + 1)
        row->last = second + 1;
    if (!leave)
        return;
    /* The first day may be -1, a leave at least one day long: the end is never below 0. */
    uint32_t leave_end = (uint32_t)(week->first_day + day + event->quantity + 1);
    if (row->leave_end < leave_end)
        row->leave_end = leave_end;
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

/* What an event changes: its two rows, or NULL, which do not move while it is applied. */
struct rows {
    struct kithp_cell *member;
    struct kithp_cell *target;
};

/* Adds what a pair's rise from one quantity to another adds to what counts of it. */
static void add_counted(struct kithp_week *week, struct kithp_cell *row, int16_t slot, uint32_t each, uint32_t from,
                        uint32_t to)
{
    uint32_t more = limited(to, each) - limited(from, each);
    add_quantity(week, row, slot, more);
}

static void apply_pair(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *event,
                       uint64_t hash, const struct rows *rows)
{
    const struct kithp_kind_slots *kind = &slots->kinds[event->kind];
    bool supported;
    struct kithp_map_entry *pair = find_pair(week, slots, hash, event, &supported);
    uint32_t from = pair ? pair->value : 0;
    uint32_t to = kithp_number_add_stop(from, event->quantity);
    if (pair) {
        pair->value = to;
    } else {
        kithp_map_add(&week->pairs, hash, (struct kithp_map_entry){key_of_pair(event), to, event->kind});
        if (kind->supports && !supported)
            add_supporters(rows->target, 1);
    }
    if (kind->gives_counted != KITHP_SLOT_NONE)
        add_counted(week, rows->member, kind->gives_counted, slots->slots[kind->gives].credit->each, from, to);
    if (kind->receives_counted != KITHP_SLOT_NONE)
        add_counted(week, rows->target, kind->receives_counted, slots->slots[kind->receives].credit->each, from, to);
}

/* What is given without a target, or received from nobody, knows no limit with another member. */
static void apply_alone(struct kithp_week *week, struct kithp_cell *row, int16_t counted, uint32_t quantity)
{
    if (counted != KITHP_SLOT_NONE)
        add_quantity(week, row, counted, quantity);
}

static void apply_credits(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *event,
                          uint64_t pair, const struct rows *rows)
{
    const struct kithp_kind_slots *kind = &slots->kinds[event->kind];
    if (rows->member && kind->gives != KITHP_SLOT_NONE)
        add_quantity(week, rows->member, kind->gives, event->quantity);
    if (rows->target && kind->receives != KITHP_SLOT_NONE)
        add_quantity(week, rows->target, kind->receives, event->quantity);
    if (has_pair(slots, event))
        apply_pair(week, slots, event, pair, rows);
    else if (!rows->target)
        apply_alone(week, rows->member, kind->gives_counted, event->quantity);
    else if (!rows->member) {
        apply_alone(week, rows->target, kind->receives_counted, event->quantity);
        if (kind->supports)
            add_supporters(rows->target, event->quantity);
    }
}

static void apply(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *event,
                  const struct kithp_place_of_event *place)
{
    uint32_t second = (uint32_t)(event->time - week->begin);
    if (second < week->first)
        week->first = second;
    struct rows rows = {NULL, NULL};
    if (place->member) {
        rows.member = cell_at(week, make_row(week, place->member));
        touch(rows.member, second);
        apply_own(week, event, rows.member, second, slots->kinds[event->kind].leave);
    }
    if (place->target) {
        rows.target = cell_at(week, make_row(week, place->target));
        touch(rows.target, second);
    }
    /* What is aimed at oneself is activity, but credits nobody. */
    if (event->member != event->target)
        apply_credits(week, slots, event, place->pair, &rows);
}

void kithp_week_apply(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *events,
                      size_t count, const struct kithp_place_of_event *places)
{
    week->used = true;
    for (size_t i = 0; i < count; i++)
        apply(week, slots, &events[i], &places[i]);
}

/* ---- putting back ---- */

bool kithp_week_restore_row(struct kithp_week *week, uint32_t member, const struct kithp_cell *row,
                            const uint8_t *slots, const uint32_t *quantities, size_t count)
{
    uint32_t *entry = reach_entry(week, member);
    if (!entry || !kithp_chunks_reserve(&week->cells, 1 + (count + KITHP_CELL_SLOTS - 1) / KITHP_CELL_SLOTS))
        return false;
    struct kithp_cell *head = cell_at(week, make_row(week, entry));
    touch(head, row->first);
    if (head->last < row->last)
        head->last = row->last;
    if (head->leave_end < row->leave_end)
        head->leave_end = row->leave_end;
    head->days |= row->days;
    add_supporters(head, row->supporters);
    for (size_t i = 0; i < count; i++)
        add_quantity(week, head, slots[i], quantities[i]);
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
        uint32_t *quantity = find_slot(cell, slot);
        if (quantity)
            return quantity;
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
