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
    bool explains;        /* the last review went by the figures that the engine has now */
    uint64_t piece_bytes; /* of an export, that one thread reads beside others */
    struct kithp_totals totals;
    int64_t first_event;
    int64_t last_event;
    char *position; /* of the snapshot that the engine came from */
    size_t position_length;
};

/* From here on, no more members become known than the options allow; those of a snapshot have. */
void kithp_engine_limit_members(kith_engine *engine);

/* Reads the options, all but `members`; fills in defaults, and takes the allocator out of them. */
kith_status kithp_engine_read_options(const kith_engine_options *given, kith_engine_options *options,
                                      kith_allocator *allocator, kith_error *error);

/* An engine without members, by options that have been read. NULL where there is no memory. */
kith_engine *kithp_engine_make(const struct kithp_figures *figures, const kith_engine_options *options,
                               const kith_allocator *allocator);

/* Events before the first are late, events after the second are future, as of now. */
int64_t kithp_engine_earliest(const kith_engine *engine);
int64_t kithp_engine_latest(const kith_engine *engine);

/* Plans up to KITHP_TALLY_BLOCK checked events, which must outlive the plan. Another thread may be taking others. */
static inline void kithp_engine_plan(const kith_engine *engine, struct kithp_plan *plan,
                                     const struct kithp_event *events, size_t count)
{
    kithp_plan_make(plan, &engine->tally.slots, &engine->figures.calendar, events, count);
}

/* Adds the events of a plan, all or none. False where there is no memory. */
bool kithp_engine_take(kith_engine *engine, const struct kithp_plan *plan);

/* Adds one checked event, or does nothing: false where there is no memory. */
bool kithp_engine_take_one(kith_engine *engine, const struct kithp_event *event);

/* Takes the id of an event that is about to be taken, unless it is known. An empty one is none, and always taken. */
static inline enum kithp_id_outcome kithp_engine_take_id(kith_engine *engine, kith_text id, int64_t time)
{
    if (id.length == 0)
        return KITHP_ID_TAKEN;
    return kithp_ids_take(&engine->ids, id, kithp_calendar_week(&engine->figures.calendar, time));
}

/* Counts an event that was refused. */
void kithp_engine_count_reject(kith_engine *engine, uint32_t reason);

/* What was known before events are looked at: the first of the members and of the ids. */
struct kithp_engine_mark {
    uint32_t members;
    uint32_t ids;
};

static inline struct kithp_engine_mark kithp_engine_mark(const kith_engine *engine)
{
    return (struct kithp_engine_mark){kithp_members_count(&engine->members), kithp_ids_count(&engine->ids)};
}

/* Says that there is no memory for a member, or that there may be no more. */
kith_status kithp_engine_fail_member(const kith_engine *engine, kith_error *error);

/* The same where another thread has found out which of the two it is, and may be at the members still. */
kith_status kithp_engine_fail_found(const kith_engine *engine, bool full, kith_error *error);

/* Says that there is no memory for events, and forgets what became known for their sake. */
kith_status kithp_engine_give_up(kith_engine *engine, struct kithp_engine_mark before, kith_error *error);

/* Index of a member's id, whichever way the engine knows its members. */
bool kithp_engine_find_member(const kith_engine *engine, uint64_t id, uint32_t *index);

/* Whether a moment may be asked about: it lies in a week that is open, and not too many before it are. */
kith_status kithp_engine_check_as_of(const kith_engine *engine, int64_t as_of, kith_error *error);

/*
 * Sees to it that rows of open weeks, up to that of a moment, are those of all their events; what was sealed of them
 * comes back, so that nobody can tell. KITH_NO_MEMORY, KITH_INPUT_OUTPUT: not all of it has.
 */
kith_status kithp_engine_restore(const kith_engine *engine, int64_t as_of, kith_error *error);

/*
 * Sees to it that the week reviewed last can be looked at: a review that ended early leaves it as it was sealed.
 * KITH_NO_MEMORY: it is as it was.
 */
kith_status kithp_engine_keep_reviewed(const kith_engine *engine, kith_error *error);

/* What the last review left of a member, or NULL where it has had none. */
const struct kithp_carried *kithp_engine_reviewed(const kith_engine *engine, uint32_t member);

/* Tells the caller how far a call has come. True if it is to stop. */
bool kithp_engine_progress(const kith_engine *engine, uint64_t done, uint64_t total);

/* Index of a named member's id, if it is one of this engine's. */
bool kithp_engine_index_of(const kith_engine *engine, uint64_t id, uint32_t *index);

/* Says that a member is known, but not up to a moment, or KITH_LAST_REVIEW. */
kith_status kithp_engine_fail_not_there(int64_t as_of, kith_error *error);

#endif
