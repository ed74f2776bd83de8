/* SPDX-License-Identifier: MIT */
/* The weeks that are open, and events into them. */
#ifndef KITHP_TALLY_TALLY_H
#define KITHP_TALLY_TALLY_H

#include "tally/join.h"
#include "tally/sealing.h"
#include "tally/week.h"

struct kithp_tally {
    const kith_allocator *allocator;
    const struct kithp_calendar *calendar;
    struct kithp_slots slots;
    struct kithp_hash_key key;
    struct kithp_blocks blocks; /* of the open weeks: one alone might leave much of a huge page unused */
    struct kithp_week **weeks;  /* in order of their numbers */
    size_t week_count;
    size_t week_capacity;
    struct kithp_week *reviewed; /* rows of the week closed last, to be explained; NULL where nothing happened in it */
    int64_t opened;              /* number of the week that many events were added to as the first ones last */
    struct kithp_week *last;     /* the one that the last event fell in, as the next often does; NULL for none */
    struct kithp_sealing sealing;
};

/* allocator and figures must outlive the tally. */
void kithp_tally_init(struct kithp_tally *tally, const kith_allocator *allocator, const struct kithp_figures *figures);
void kithp_tally_free(struct kithp_tally *tally);

/* Adds events of weeks that have not been closed, as planned. False where there is no memory: none was added. */
bool kithp_tally_add(struct kithp_tally *tally, const struct kithp_plan *plan);

/* The same with one event, in less time than a plan takes. */
bool kithp_tally_add_one(struct kithp_tally *tally, const struct kithp_event *event);

/* The first of the open weeks, or NULL. */
struct kithp_week *kithp_tally_first(const struct kithp_tally *tally);

/*
 * An open week, or NULL where no event fell in it. Its rows are not those of all its events where it has been sealed:
 * kithp_tally_read() and kithp_tally_restore() see to it that they are.
 */
struct kithp_week *kithp_tally_find(const struct kithp_tally *tally, int64_t number);

/* Opens a week, to be filled as from a snapshot, that is not open. NULL where there is no memory. */
struct kithp_week *kithp_tally_open(struct kithp_tally *tally, int64_t number);

/* Closes every open week up to one, of which the rows are kept as the ones reviewed. */
void kithp_tally_close(struct kithp_tally *tally, int64_t number);

/* Forgets all open weeks. */
void kithp_tally_drop(struct kithp_tally *tally);

/* How runs of the tally's weeks are put together. */
static inline struct kithp_join kithp_tally_join(const struct kithp_tally *tally)
{
    return (struct kithp_join){.allocator = tally->allocator, .slots = &tally->slots};
}

/* The rows of a week, open or reviewed last, or NULL where there are none. */
const struct kithp_week *kithp_tally_rows(const struct kithp_tally *tally, int64_t number);

#endif
