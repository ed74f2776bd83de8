/* SPDX-License-Identifier: MIT */
/* Events into a week. */
#include "base/prefetch.h"
#include "tally/week.h"
#include "tally/week_row.h"

/* ---- pairs ---- */

static bool has_pair(const struct kithp_deed *deed)
{
    return (deed->what & KITHP_DEED_PAIR) == KITHP_DEED_PAIR;
}

/* Of a deed that has a pair, by its touches. */
static uint64_t key_of_pair(const struct kithp_touch *touches)
{
    return kithp_pair_key(touches[0].member, touches[1].member);
}

/*
 * The pair of two members by a kind, or NULL; then *supported says whether the actor has credited the target this week,
 * by any kind whose receives has positive points.
 */
static struct kithp_map_entry *find_pair(const struct kithp_week *week, const struct kithp_slots *slots, uint64_t hash,
                                         uint64_t key, uint32_t kind, bool *supported)
{
    *supported = false;
    struct kithp_map_walk walk = kithp_map_begin(&week->pairs, hash, key);
    for (struct kithp_map_entry *entry; (entry = kithp_map_next(&walk));) {
        if (entry->mark == kind)
            return entry;
        *supported |= slots->kinds[entry->mark].supports;
    }
    return NULL;
}

/* ---- events ---- */

bool kithp_week_reach(struct kithp_week *week, const struct kithp_steps *steps, const struct kithp_reach *reach)
{
    for (uint32_t i = 0; i < steps->touch_count; i++) {
        uint32_t member = steps->touches[i].member, *entry = kithp_row_entry(week, member);
        if (!entry)
            entry = kithp_week_reach_entry(week, member);
        if (!entry)
            return false;
        reach->entries[i] = entry;
    }
    for (uint32_t i = 0; i < steps->deed_count; i++) {
        const struct kithp_deed *deed = &steps->deeds[i];
        if (!has_pair(deed))
            continue;
        reach->pairs[i] = kithp_map_hash(&week->pairs, key_of_pair(&steps->touches[deed->touch]));
        kithp_map_prefetch(&week->pairs, reach->pairs[i]);
    }
    return true;
}

static bool own_rows(struct kithp_week *week, const struct kithp_steps *steps, const struct kithp_reach *reach)
{
    for (uint32_t i = 0; i < steps->touch_count; i++)
        if (*reach->entries[i] > 0 && !kithp_week_own_row(week, *reach->entries[i] - 1))
            return false;
    return true;
}

static bool place_pair(struct kithp_week *week, uint64_t pair)
{
    return kithp_map_reserve(&week->pairs, pair, ++week->reserved_pairs) &&
           (!week->shared || kithp_map_own(&week->pairs, pair));
}

bool kithp_week_place(struct kithp_week *week, const struct kithp_steps *steps, const struct kithp_reach *reach)
{
    /* Each row may need its first cell and, as an event fills two slots at most of each, one more. */
    week->reserved_cells += 2 * steps->touch_count;
    if (!kithp_chunks_reserve(&week->cells, week->reserved_cells) || (week->shared && !own_rows(week, steps, reach)))
        return false;
    for (uint32_t i = 0; i < steps->deed_count; i++)
        if (has_pair(&steps->deeds[i]) && !place_pair(week, reach->pairs[i]))
            return false;
    return true;
}

static void apply_touch(struct kithp_week *week, const struct kithp_touch *touch, uint32_t *entry)
{
    /* All without a jump where it hangs on the event; nobody can tell whether it is the member's or the target's. */
    uint32_t last = (touch->second + 1) & -(uint32_t)(touch->days != 0);
    struct kithp_cell *row = kithp_row_cell(week, kithp_row_make(week, entry));
    kithp_row_touch(row, touch->second);
    row->days |= touch->days;
    row->last = row->last < last ? last : row->last;
    if (touch->slot != KITHP_SLOT_NONE)
        kithp_row_add(week, row, touch->slot, touch->quantity);
}

static void apply_leave(const struct kithp_week *week, const struct kithp_touch *touch, struct kithp_cell *row)
{
    uint32_t day = touch->second / KITHP_SECONDS_A_DAY;
    /* The first day may be -1, a leave at least one day long: the end is never below 0. */
    uint32_t leave_end = (uint32_t)(week->first_day + day + touch->quantity + 1);
    if (row->leave_end < leave_end)
        row->leave_end = leave_end;
}

/* Adds an event's quantity, by which a pair rises from one quantity to another: as far as that counts, and the rest. */
static void add_limited(struct kithp_week *week, const struct kithp_slots *slots, struct kithp_cell *row, int16_t slot,
                        uint32_t quantity, uint32_t from, uint32_t to)
{
    const struct kithp_slot *of = &slots->slots[slot];
    uint32_t each = of->credit->each;
    uint32_t counted = kithp_slots_limited(to, each) - kithp_slots_limited(from, each);
    if (counted > 0)
        kithp_row_add(week, row, slot, counted);
    if (counted < quantity)
        kithp_row_add(week, row, of->twin, quantity - counted);
}

/* Of two rows, one behind the other as their touches are. */
static void apply_pair(struct kithp_week *week, const struct kithp_slots *slots, uint32_t kind_number,
                       const struct kithp_touch *touches, uint64_t hash, struct kithp_cell *const rows[2])
{
    const struct kithp_kind_slots *kind = &slots->kinds[kind_number];
    bool supported;
    const uint64_t key = key_of_pair(touches);
    struct kithp_map_entry *pair = find_pair(week, slots, hash, key, kind_number, &supported);
    uint32_t quantity = touches->quantity, from = pair ? pair->value : 0;
    uint32_t to = kithp_number_add_stop(from, quantity);
    if (pair) {
        pair->value = to;
    } else {
        kithp_map_add(&week->pairs, hash, (struct kithp_map_entry){key, to, kind_number});
        if (kind->supports && !supported)
            kithp_row_add_supporters(rows[1], 1);
    }
    if (kind->gives_over != KITHP_SLOT_NONE)
        add_limited(week, slots, rows[0], kind->gives, quantity, from, to);
    if (kind->receives_over != KITHP_SLOT_NONE)
        add_limited(week, slots, rows[1], kind->receives, quantity, from, to);
}

/* What is given without a target, or received from nobody, knows no limit with another member. */
static void apply_alone(struct kithp_week *week, const struct kithp_kind_slots *kind, unsigned what, uint32_t quantity,
                        struct kithp_cell *row)
{
    if (what & KITHP_DEED_GIVES) {
        if (kind->gives_over != KITHP_SLOT_NONE)
            kithp_row_add(week, row, kind->gives, quantity);
        return;
    }
    if (kind->receives_over != KITHP_SLOT_NONE)
        kithp_row_add(week, row, kind->receives, quantity);
    if (kind->supports)
        kithp_row_add_supporters(row, quantity);
}

static void apply_deed(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_steps *steps,
                       const struct kithp_deed *deed, const struct kithp_reach *reach, uint64_t pair)
{
    const struct kithp_touch *touches = &steps->touches[deed->touch];
    /* The rows have been made by now. */
    uint32_t *const *entries = &reach->entries[deed->touch];
    struct kithp_cell *rows[2] = {kithp_row_cell(week, *entries[0] - 1), NULL};
    if (deed->what & KITHP_DEED_LEAVE)
        apply_leave(week, touches, rows[0]);
    if (has_pair(deed)) {
        rows[1] = kithp_row_cell(week, *entries[1] - 1);
        apply_pair(week, slots, deed->kind, touches, pair, rows);
    } else if (deed->what & KITHP_DEED_PAIR) {
        apply_alone(week, &slots->kinds[deed->kind], deed->what, touches->quantity, rows[0]);
    }
}

/* A row that is about to be touched; a new one is about where the next is made. */
static inline void ask_for_row(const struct kithp_week *week, const uint32_t *entry)
{
    uint32_t number = *entry, none = number == 0;
    kithp_prefetch(kithp_row_cell(week, number - 1 + ((week->cells.count + 1) & -none)));
}

/* While one row is changed, those of touches to come are on their way, and the numbers of those behind them. */
static void apply_touches(struct kithp_week *week, const struct kithp_steps *steps, const struct kithp_reach *reach)
{
    enum { ROWS_AHEAD = 16, ENTRIES_AHEAD = 2 * ROWS_AHEAD };
    const uint32_t count = steps->touch_count;
    uint32_t first = week->first;
    for (uint32_t i = 0; i < count && i < ENTRIES_AHEAD; i++)
        kithp_prefetch(reach->entries[i]);
    for (uint32_t i = 0; i < count && i < ROWS_AHEAD; i++)
        ask_for_row(week, reach->entries[i]);
    for (uint32_t i = 0; i < count; i++) {
        const struct kithp_touch *touch = &steps->touches[i];
        if (i + ENTRIES_AHEAD < count)
            kithp_prefetch(reach->entries[i + ENTRIES_AHEAD]);
        if (i + ROWS_AHEAD < count)
            ask_for_row(week, reach->entries[i + ROWS_AHEAD]);
        apply_touch(week, touch, reach->entries[i]);
        first = touch->second < first ? touch->second : first;
    }
    week->first = first;
}

void kithp_week_apply(struct kithp_week *week, const struct kithp_slots *slots, const struct kithp_steps *steps,
                      const struct kithp_reach *reach)
{
    week->used = true;
    apply_touches(week, steps, reach);
    for (uint32_t i = 0; i < steps->deed_count; i++)
        apply_deed(week, slots, steps, &steps->deeds[i], reach, reach->pairs[i]);
}
