/* SPDX-License-Identifier: MIT */
/* Two accounts of one person: what both carry becomes what one carries (docs/model.md, Two accounts of one person). */
#ifndef KITHP_REVIEW_MERGE_H
#define KITHP_REVIEW_MERGE_H

#include "review/sweep.h"

/* The last review of both. */
struct kithp_merge_review {
    const struct kithp_slots *slots;
    const struct kithp_week *week; /* its tally, the rows of both being merged already; NULL where there is none */
    bool explains;                 /* it went by the figures that the sweep has now, and its tally is still there */
};

/*
 * Adds what `from` carries to `into`, and brings `from` back to the first state. Where `from` has a state, so must
 * `into`.
 */
void kithp_merge_states(struct kithp_sweep *sweep, const struct kithp_merge_review *review, uint32_t from,
                        uint32_t into);

#endif
