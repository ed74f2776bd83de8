/* SPDX-License-Identifier: MIT */
/* What an engine holds: members, open weeks, and what reviews carry on. */
#ifndef KITHP_ENGINE_ENGINE_H
#define KITHP_ENGINE_ENGINE_H

#include "review/review.h"
#include "review/sweep.h"
#include "tally/ids.h"
#include "tally/order.h"
#include "tally/sequences.h"
#include "tally/tally.h"
#include "tally/totals.h"

struct kith_engine {
    kith_allocator allocator;
    kith_engine_options options; /* with defaults filled in */
    struct kithp_figures figures;
    uint64_t policy_digest;
    struct kithp_members members;
    struct kithp_order order;
    struct kithp_tally tally;
    struct kithp_ids ids;
    struct kithp_sequences sequences;
    struct kithp_sweep sweep;
    kith_review *pending; /* a review that failed or was cancelled: what it has brought so far; else NULL */
    bool closed;          /* weeks up to closed_week have been closed */
    int64_t closed_week;
    bool explains; /* the last review went by the figures that the engine has now */
    struct kithp_totals totals;
    int64_t first_event;
    int64_t last_event;
    char *position; /* of the snapshot that the engine came from */
    size_t position_length;
};

/* Reads the options, all but `members`; fills in defaults, and takes the allocator out of them. */
kith_status kithp_engine_read_options(const kith_engine_options *given, kith_engine_options *options,
                                      kith_allocator *allocator, kith_error *error);

/* An engine without members, by options that have been read. NULL where there is no memory. */
kith_engine *kithp_engine_make(const struct kithp_figures *figures, const kith_engine_options *options,
                               const kith_allocator *allocator);

/* Events before the first are late, events after the second are future, as of now. */
int64_t kithp_engine_earliest(const kith_engine *engine);
int64_t kithp_engine_latest(const kith_engine *engine);

/* Adds up to KITHP_TALLY_BLOCK checked events, all or none. False where there is no memory. */
bool kithp_engine_take(kith_engine *engine, const struct kithp_event *events, size_t count);

/* Says that there is no memory for events, and forgets the members that became known for their sake. */
kith_status kithp_engine_give_up(kith_engine *engine, uint32_t members_before, kith_error *error);

/* Tells the caller how far a call has come. True if it is to stop. */
bool kithp_engine_progress(const kith_engine *engine, uint64_t done, uint64_t total);

/* Index of a named member's id, if it is one of this engine's. */
bool kithp_engine_index_of(const kith_engine *engine, uint64_t id, uint32_t *index);

#endif
