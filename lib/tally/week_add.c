/* SPDX-License-Identifier: MIT */
/* Events into a week. */
#include "base/prefetch.h"
#include "tally/week.h"
#include "tally/week_row.h"

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
        place->member = kithp_week_reach_entry(week, event->member);
        if (!place->member)
            return false;
        kithp_prefetch(place->member);
    }
    if (event->target != KITHP_NOBODY) {
        place->target = kithp_week_reach_entry(week, event->target);
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
    kithp_prefetch(kithp_row_cell(week, *entry - 1));
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

/* What an event changes: its two rows, or NULL, which do not move while it is applied. */
struct rows {
    struct kithp_cell *member;
    struct kithp_cell *target;
};

/* Adds what a pair's rise from one quantity to another adds to what counts of it. */
static void add_counted(struct kithp_week *week, struct kithp_cell *row, int16_t slot, uint32_t each, uint32_t from,
                        uint32_t to)
{
    uint32_t more = kithp_slots_limited(to, each) - kithp_slots_limited(from, each);
    kithp_row_add(week, row, slot, more);
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
            kithp_row_add_supporters(rows->target, 1);
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
        kithp_row_add(week, row, counted, quantity);
}

static void apply_credits(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_event *event,
                          uint64_t pair, const struct rows *rows)
{
    const struct kithp_kind_slots *kind = &slots->kinds[event->kind];
    if (rows->member && kind->gives != KITHP_SLOT_NONE)
        kithp_row_add(week, rows->member, kind->gives, event->quantity);
    if (rows->target && kind->receives != KITHP_SLOT_NONE)
        kithp_row_add(week, rows->target, kind->receives, event->quantity);
    if (has_pair(slots, event))
        apply_pair(week, slots, event, pair, rows);
    else if (!rows->target)
        apply_alone(week, rows->member, kind->gives_counted, event->quantity);
    else if (!rows->member) {
        apply_alone(week, rows->target, kind->receives_counted, event->quantity);
        if (kind->supports)
            kithp_row_add_supporters(rows->target, event->quantity);
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
        rows.member = kithp_row_cell(week, kithp_row_make(week, place->member));
        kithp_row_touch(rows.member, second);
        apply_own(week, event, rows.member, second, slots->kinds[event->kind].leave);
    }
    if (place->target) {
        rows.target = kithp_row_cell(week, kithp_row_make(week, place->target));
        kithp_row_touch(rows.target, second);
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
