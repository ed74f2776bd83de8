/* SPDX-License-Identifier: MIT */
#include "tally/tally.h"

#include <string.h>

#include "base/alloc.h"
#include "tally/sealed.h"

void kithp_tally_init(struct kithp_tally *tally, const kith_allocator *allocator, const struct kithp_figures *figures)
{
    memset(tally, 0, sizeof *tally);
    tally->allocator = allocator;
    tally->calendar = &figures->calendar;
    tally->key = kithp_hash_random_key();
    kithp_blocks_init(&tally->blocks, allocator);
    kithp_slots_init(&tally->slots, figures);
    kithp_sealing_init(&tally->sealing);
}

void kithp_tally_free(struct kithp_tally *tally)
{
    for (size_t i = 0; i < tally->week_count; i++)
        kithp_week_free(tally->weeks[i]);
    kithp_week_free(tally->reviewed);
    tally->reviewed = NULL;
    kithp_alloc_free(tally->allocator, tally->weeks);
    kithp_blocks_end(&tally->blocks);
    tally->weeks = NULL;
    tally->week_count = tally->week_capacity = 0;
    tally->last = NULL;
    kithp_spill_drop(tally->sealing.spill, tally->allocator);
    tally->sealing.spill = NULL;
}

/* How many of the open weeks lie before one. */
static size_t weeks_before(const struct kithp_tally *tally, int64_t number)
{
    size_t low = 0, high = tally->week_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tally->weeks[middle]->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct kithp_week *kithp_tally_first(const struct kithp_tally *tally)
{
    return tally->week_count > 0 ? tally->weeks[0] : NULL;
}

struct kithp_week *kithp_tally_find(const struct kithp_tally *tally, int64_t number)
{
    size_t at = weeks_before(tally, number);
    return at < tally->week_count && tally->weeks[at]->number == number ? tally->weeks[at] : NULL;
}

struct kithp_week *kithp_tally_open(struct kithp_tally *tally, int64_t number)
{
    if (!kithp_alloc_grow(tally->allocator, (void **)&tally->weeks, &tally->week_capacity, tally->week_count + 1,
                          sizeof *tally->weeks))
        return NULL;
    struct kithp_week *week = kithp_week_new(tally->allocator, tally->calendar, tally->key, number);
    if (!week)
        return NULL;
    kithp_week_take_from(week, &tally->blocks);
    week->touched = tally->sealing.events;
    size_t at = weeks_before(tally, number);
    memmove(tally->weeks + at + 1, tally->weeks + at, (tally->week_count - at) * sizeof *tally->weeks);
    tally->weeks[at] = week;
    tally->week_count++;
    return week;
}

/* A week that events fall in, opened where it is not; NULL where there is no memory. */
static struct kithp_week *week_for(struct kithp_tally *tally, int64_t number)
{
    if (tally->last && tally->last->number == number)
        return tally->last;
    struct kithp_week *week = kithp_tally_find(tally, number);
    if (!week)
        week = kithp_tally_open(tally, number);
    if (!week)
        return NULL;
    kithp_tally_touch(tally, week);
    kithp_sealed_leave(week);
    tally->last = week;
    return week;
}

static void drop_reserves(struct kithp_tally *tally)
{
    for (size_t i = 0; i < tally->week_count; i++)
        kithp_week_settle(tally->weeks[i]);
}

/* Closes the weeks that were opened for events which then were not applied. */
static void drop_unused(struct kithp_tally *tally)
{
    size_t kept = 0;
    for (size_t i = 0; i < tally->week_count; i++) {
        if (tally->weeks[i]->used)
            tally->weeks[kept++] = tally->weeks[i];
        else
            kithp_week_free(tally->weeks[i]);
    }
    tally->week_count = kept;
    tally->last = NULL;
}

_Static_assert((int)KITHP_TALLY_BLOCK <= (int)KITHP_MAP_RESERVE_MOST, "the pairs of a block can be reserved for");

/* Where the rows and pairs of a plan stand. */
struct reached {
    struct kithp_week *weeks[KITHP_TALLY_BLOCK]; /* by steps */
    uint32_t *entries[2 * KITHP_TALLY_BLOCK];
    uint64_t pairs[KITHP_TALLY_BLOCK];
    bool expected; /* room was made in a new week beyond what the events may need */
};

static struct kithp_reach reach_of(struct reached *reached, const struct kithp_plan *plan, size_t number)
{
    const struct kithp_steps *steps = &plan->steps[number];
    size_t touch = (size_t)(steps->touches - plan->touches), deed = (size_t)(steps->deeds - plan->deeds);
    return (struct kithp_reach){reached->entries + touch, reached->pairs + deed};
}

/*
 * A new week will have about as many pairs as the one before it that was new. Not as the one that came last: where that
 * is a large one over and over, each of many small ones would be taken for large. Whether any are expected.
 */
static bool expect_pairs(struct kithp_tally *tally, struct kithp_week *week)
{
    const struct kithp_week *before = kithp_tally_find(tally, tally->opened);
    if (before && tally->sealing.limit == 0)
        kithp_map_expect(&week->pairs, before->pairs.count);
    tally->opened = week->number;
    return kithp_map_places(&week->pairs) > 0;
}

/* Takes all the memory that the events may need. False where there is none: nothing that can be seen was changed. */
static bool place(struct kithp_tally *tally, const struct kithp_plan *plan, struct reached *reached)
{
    for (size_t i = 0; i < plan->count; i++) {
        reached->weeks[i] = week_for(tally, plan->steps[i].week);
        if (!reached->weeks[i])
            return false;
        if (!reached->weeks[i]->used)
            reached->expected |= expect_pairs(tally, reached->weeks[i]);
    }
    for (size_t i = 0; i < plan->count; i++) {
        struct kithp_reach reach = reach_of(reached, plan, i);
        if (!kithp_week_reach(reached->weeks[i], &plan->steps[i], &reach))
            return false;
    }
    for (size_t i = 0; i < plan->count; i++) {
        struct kithp_reach reach = reach_of(reached, plan, i);
        if (!kithp_week_place(reached->weeks[i], &plan->steps[i], &reach))
            return false;
    }
    return true;
}

/* Undoes what looking for memory in vain has left. */
static bool give_up(struct kithp_tally *tally)
{
    drop_reserves(tally);
    drop_unused(tally);
    return false;
}

bool kithp_tally_add_one(struct kithp_tally *tally, const struct kithp_event *event)
{
    struct kithp_week *week = tally->last;
    if (!week || event->time < week->begin || event->time >= week->begin + KITHP_SECONDS_A_WEEK)
        week = week_for(tally, kithp_calendar_week(tally->calendar, event->time));
    if (!week)
        return give_up(tally);
    struct kithp_touch touches[2];
    struct kithp_deed deed;
    struct kithp_steps steps;
    (void)kithp_plan_week(&tally->slots, week->begin, event, 1, touches, &deed, &steps);
    uint32_t *entries[2];
    uint64_t pair;
    const struct kithp_reach reach = {entries, &pair};
    if (!kithp_week_reach(week, &steps, &reach) || !kithp_week_place(week, &steps, &reach))
        return give_up(tally);
    kithp_week_apply(week, &tally->slots, &steps, &reach);
    week->touched = ++tally->sealing.events;
    kithp_week_settle(week);
    return true;
}

bool kithp_tally_add(struct kithp_tally *tally, const struct kithp_plan *plan)
{
    struct reached reached;
    reached.expected = false;
    if (!place(tally, plan, &reached)) {
        give_up(tally);
        /* What was expected may have taken the memory that is needed: nothing is when the same week is new again. */
        if (!reached.expected || !place(tally, plan, &reached))
            return give_up(tally);
    }
    tally->sealing.events += plan->events;
    for (size_t i = 0; i < plan->count; i++) {
        struct kithp_reach reach = reach_of(&reached, plan, i);
        kithp_week_apply(reached.weeks[i], &tally->slots, &plan->steps[i], &reach);
        reached.weeks[i]->touched = tally->sealing.events;
    }
    for (size_t i = 0; i < plan->count; i++)
        kithp_week_settle(reached.weeks[i]);
    return true;
}

static void keep_reviewed(struct kithp_tally *tally, int64_t number)
{
    if (tally->reviewed && tally->reviewed->number < number) {
        kithp_week_free(tally->reviewed);
        tally->reviewed = NULL;
    }
    struct kithp_week *week = kithp_tally_find(tally, number);
    if (!week)
        return;
    kithp_week_close(week);
    tally->reviewed = week;
}

void kithp_tally_close(struct kithp_tally *tally, int64_t number)
{
    keep_reviewed(tally, number);
    size_t closed = weeks_before(tally, number + 1);
    tally->sealing.asked = false;
    if (closed == 0)
        return;
    for (size_t i = 0; i < closed; i++)
        if (tally->weeks[i] != tally->reviewed)
            kithp_week_free(tally->weeks[i]);
    tally->week_count -= closed;
    memmove(tally->weeks, tally->weeks + closed, tally->week_count * sizeof *tally->weeks);
    tally->last = NULL;
}

void kithp_tally_drop(struct kithp_tally *tally)
{
    for (size_t i = 0; i < tally->week_count; i++)
        kithp_week_free(tally->weeks[i]);
    tally->week_count = 0;
    tally->last = NULL;
    tally->sealing.asked = false;
}

const struct kithp_week *kithp_tally_rows(const struct kithp_tally *tally, int64_t number)
{
    if (tally->reviewed && tally->reviewed->number == number)
        return tally->reviewed;
    return kithp_tally_find(tally, number);
}
