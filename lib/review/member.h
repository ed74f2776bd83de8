/* SPDX-License-Identifier: MIT */
/*
 * The review of one member in one week: a function of the policy, of what the member carries, and of the week's tally.
 * What it needs of others, the risk, is not in it.
 */
#ifndef KITHP_REVIEW_MEMBER_H
#define KITHP_REVIEW_MEMBER_H

#include <string.h>

#include "review/flags.h"
#include "review/risk.h"
#include "review/score.h"
#include "review/stage.h"
#include "review/tier.h"

/* Keeps what the review is about to change, for whoever wants it explained. */
static inline void kithp_member_keep_before(struct kithp_carried *state, const uint32_t *baseline)
{
    struct kithp_before *before = &state->before;
    memcpy(before->remembered, state->remembered, sizeof before->remembered);
    before->baseline = kithp_flags_baseline(state, baseline);
    before->baseline_weeks = state->baseline_weeks;
    before->tier = state->tier;
    before->weeks_below = state->weeks_below;
    before->pinned = state->pinned > 0;
    before->left_out = state->left_out;
}

/*
 * Moves state and baseline on by the week. row is what the week's tally has of the member, or NULL; the member must be
 * known, by the row or from before.
 */
static inline struct kithp_tier_change kithp_member_review(const struct kithp_member_week *of,
                                                           const struct kithp_row *row, struct kithp_carried *state,
                                                           uint32_t *baseline)
{
    struct kithp_circumstances now;
    kithp_member_keep_before(state, baseline);
    kithp_activity_review(of, row, state, &now);
    struct kithp_earned earned = kithp_score_earned(of->slots, row);
    now.interactions = earned.interactions;
    kithp_score_review(of->figures, of->carry, &earned, state);
    struct kithp_tier_change change = kithp_tier_review(of->figures, &now, state);
    state->before.reason_plus_one = change.changed ? (uint8_t)(change.reason + 1) : 0;
    state->flags_before = state->flags;
    state->flags = kithp_flags_review(of->figures, &now, state, state->before.baseline_weeks, state->before.baseline);
    kithp_flags_extend_baseline(of->figures, &now, state, baseline);
    state->stage = kithp_stage_review(of->figures, &now, state);
    return change;
}

/* The last of it, when the risk is known: sets risk and at_risk, and counts the review. */
static inline void kithp_member_finish(const struct kithp_figures *figures, int16_t risk, struct kithp_carried *state)
{
    state->risk = risk;
    if (risk != KITHP_NO_RISK && risk >= (int32_t)(100 * figures->risk_percent))
        state->flags |= KITH_FLAG_AT_RISK;
    if (state->weeks_known < UINT8_MAX)
        state->weeks_known++;
}

#endif
