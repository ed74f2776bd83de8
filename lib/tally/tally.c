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
    struct kithp_week *week = kithp_week_new(tally->allocator, tally->calendar, number);
    if (!week)
        return NULL;
    week->touched = tally->sealing.events;
    size_t at = weeks_before(tally, number);
    memmove(tally->weeks + at + 1, tally->weeks + at, (tally->week_count - at) * sizeof *tally->weeks);
    tally->weeks[at] = week;
    tally->week_count++;
    return week;
}

/* The week that holds a moment, opened where it is not; NULL where there is no memory. */
static struct kithp_week *week_of(struct kithp_tally *tally, int64_t time)
{
    const int64_t seconds = INT64_C(7) * KITHP_SECONDS_A_DAY;
    if (tally->last && time >= tally->last->begin && time < tally->last->begin + seconds)
        return tally->last;
    int64_t number = kithp_calendar_week(tally->calendar, time);
    struct kithp_week *week = kithp_tally_find(tally, number);
    if (!week)
        week = kithp_tally_open(tally, number);
    if (!week)
        return NULL;
    kithp_sealed_leave(week);
    tally->last = week;
    return week;
}

static void drop_reserves(struct kithp_tally *tally)
{
    for (size_t i = 0; i < tally->week_count; i++)
        tally->weeks[i]->reserved = 0;
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

/* Where a block lies in one week, as most do. */
static void prefetch(const struct kithp_tally *tally, const struct kithp_event *events, size_t count)
{
    if (count < 2 || !tally->last)
        return;
    kithp_week_prefetch(tally->last, &tally->slots, tally->key, events, count);
}

bool kithp_tally_add(struct kithp_tally *tally, const struct kithp_event *events, size_t count)
{
    struct kithp_place_of_event places[KITHP_TALLY_BLOCK];
    prefetch(tally, events, count);
    for (size_t i = 0; i < count; i++) {
        struct kithp_week *week = week_of(tally, events[i].time);
        if (!week || !kithp_week_place(week, &tally->slots, tally->key, &events[i], &places[i])) {
            drop_reserves(tally);
            drop_unused(tally);
            return false;
        }
    }
    for (size_t i = 0; i < count; i++)
        kithp_week_apply(&tally->slots, &events[i], &places[i], tally->key);
    tally->sealing.events += count;
    for (size_t i = 0; i < count; i++) {
        places[i].week->reserved = 0;
        places[i].week->touched = tally->sealing.events;
    }
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
