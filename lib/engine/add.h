/* SPDX-License-Identifier: MIT */
/* What adding one event and adding many have in common: what an event must be like to be of use. */
#ifndef KITHP_ENGINE_ADD_H
#define KITHP_ENGINE_ADD_H

#include "engine/engine.h"

/* Times before the first are late, times after the second are future: the same for all events of a call. */
struct kithp_add_bounds {
    int64_t earliest;
    int64_t latest;
};

static inline struct kithp_add_bounds kithp_add_bounds(const kith_engine *engine)
{
    return (struct kithp_add_bounds){kithp_engine_earliest(engine), kithp_engine_latest(engine)};
}

static inline bool kithp_add_is_time(int64_t time)
{
    return time >= 0 && time <= KITHP_TIME_MOST;
}

/* Whether an id is nobody's, or one that the engine gave out. An engine of numbered members takes any. */
bool kithp_add_knows(const kith_engine *engine, uint64_t id, uint64_t nobody);

/* The index of such an id, KITHP_NOBODY for nobody's. False where there is no memory. */
bool kithp_add_find(kith_engine *engine, uint64_t id, uint64_t nobody, uint32_t *index);

/*
 * Why an event cannot be used, as far as that does not hang on its members; in the order of reasons before and after.
 * The application's number of a notice of leave becomes ours.
 */
uint32_t kithp_add_check(const kith_engine *engine, const struct kithp_add_bounds *bounds, struct kithp_event *event);

#endif
