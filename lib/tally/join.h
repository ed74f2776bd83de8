/* SPDX-License-Identifier: MIT */
/* Several runs of a week put together, as if all their events had come to one week. */
#ifndef KITHP_TALLY_JOIN_H
#define KITHP_TALLY_JOIN_H

#include "tally/run.h"

struct kithp_join {
    const kith_allocator *allocator; /* for what is needed on the way */
    const struct kithp_slots *slots;
    bool pairs; /* they are wanted: not only rows are to be read, or more events are to come */
};

/*
 * Fills a week that is empty. Where it fails, with KITH_NO_MEMORY or KITH_INPUT_OUTPUT, what is in the week is of no
 * use.
 */
kith_status kithp_join_runs(const struct kithp_join *join, struct kithp_run *const *runs, size_t count,
                            struct kithp_week *week, kith_error *error);

#endif
