/* SPDX-License-Identifier: MIT */
/*
 * The weekly review of all members, in two steps: the first for all that a member's own past decides, and for the
 * outcomes that the week settles; the second for the risk, which needs the outcomes of everybody, and for what is
 * reported. The second step of a week is taken together with the first of the next, as most of what either costs is
 * bringing members' states from memory.
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
    struct kithp_risk_week *outcomes; /* of the week under review: one a thread */
    bool begun;                       /* a week with a known member has been reviewed */
    uint32_t reached;                 /* no member from this one on is known, as of the week reviewed last */
    bool unfinished;                  /* the second step of the last such week is still to be taken */
    int64_t last_week;                /* the one reviewed last, if any was */
};

/* allocator, figures and members, which may be NULL, must outlive the sweep. False where there is no memory. */
bool kithp_sweep_init(struct kithp_sweep *sweep, const kith_allocator *allocator, const struct kithp_figures *figures,
                      const struct kithp_members *members, uint32_t threads);
void kithp_sweep_free(struct kithp_sweep *sweep);

/* What is the same for all members in the review of a whole week. */
struct kithp_member_week kithp_sweep_week_of(const struct kithp_sweep *sweep, const struct kithp_tally *tally,
                                             int64_t number);

/*
 * Takes the first step of a week, by its number, for the first `members` members, and the second of the week before
 * where that is to be taken. The week's rows must be such that tally/rows.h can go through them; it is left open. False
 * where there is no memory: nothing was done. kithp_sweep_finish() must follow before anybody looks at a state, a row
 * or a week of the review.
 */
bool kithp_sweep_week(struct kithp_sweep *sweep, const struct kithp_tally *tally, int64_t number, uint32_t members,
                      kith_review *review);
void kithp_sweep_finish(struct kithp_sweep *sweep, kith_review *review);

#endif
