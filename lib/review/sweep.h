/* SPDX-License-Identifier: MIT */
/*
 * The weekly review of all members. It sweeps over them twice: the first time for all that a member's own past decides,
 * and for the outcomes that the week settles; the second time for the risk, which needs the outcomes of everybody.
 */
#ifndef KITHP_REVIEW_SWEEP_H
#define KITHP_REVIEW_SWEEP_H

#include "review/carried.h"
#include "review/member.h"
#include "review/review.h"
#include "review/risk.h"
#include "tally/tally.h"

/* All that reviews carry on, of all members. */
struct kithp_sweep {
    const kith_allocator *allocator;
    const struct kithp_figures *figures;
    uint32_t carry;
    uint32_t threads;
    struct kithp_carried_states carried;
    struct kithp_risk_counts risk;
    struct kithp_risk_counts *risk_of_ranges; /* one a thread, where there are several */
    bool begun;                               /* a week with a known member has been reviewed */
    int64_t last_week;                        /* the one reviewed last, if any was */
};

/* allocator, figures and members, which may be NULL, must outlive the sweep. False where there is no memory. */
bool kithp_sweep_init(struct kithp_sweep *sweep, const kith_allocator *allocator, const struct kithp_figures *figures,
                      const struct kithp_members *members, uint32_t threads);
void kithp_sweep_free(struct kithp_sweep *sweep);

/* What is the same for all members in the review of a whole week. */
struct kithp_member_week kithp_sweep_week_of(const struct kithp_sweep *sweep, const struct kithp_tally *tally,
                                             int64_t number);

/*
 * Reviews a week, by its number, for the first `members` members. False where there is no memory: nothing was done. The
 * tally's week is left open.
 */
bool kithp_sweep_week(struct kithp_sweep *sweep, const struct kithp_tally *tally, int64_t number, uint32_t members,
                      kith_review *review);

#endif
