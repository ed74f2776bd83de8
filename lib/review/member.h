/* SPDX-License-Identifier: MIT */
/*
 * The review of one member in one week: a function of the policy, of what the member carries, and of the week's tally.
 * What it needs of others, the risk, is not in it.
 */
#ifndef KITHP_REVIEW_MEMBER_H
#define KITHP_REVIEW_MEMBER_H

#include "review/activity.h"
#include "review/risk.h"
#include "review/score.h"
#include "review/tier.h"

/* What is the same for all members of a week. */
struct kithp_member_week {
    const struct kithp_figures *figures;
    const struct kithp_slots *slots;
    const struct kithp_week *week; /* its tally, or NULL where no event fell in it */
    uint32_t carry;
    int64_t number;
    int64_t last_day; /* of the week, or the one as of which a week that is not over is looked at */
};

/* How a member's review came about. */
struct kithp_member_review {
    struct kithp_circumstances now;
    struct kithp_earned earned;
    struct kithp_tier_change change;
};

/*
 * Moves state and baseline on by the week. row is what the week's tally has of the member, or NULL; the member must be
 * known, by the row or from before.
 */
struct kithp_member_review kithp_member_review(const struct kithp_member_week *of, const struct kithp_row *row,
                                               struct kithp_carried *state, uint32_t *baseline);

/* The last of it, when the risk counts are known: sets risk and at_risk, and counts the review. */
void kithp_member_finish(const struct kithp_figures *figures, const struct kithp_risk_counts *counts,
                         struct kithp_carried *state);

/* The same where the risk itself is known. */
void kithp_member_finish_with(const struct kithp_figures *figures, int16_t risk, struct kithp_carried *state);

#endif
