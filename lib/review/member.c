/* SPDX-License-Identifier: MIT */
#include "review/member.h"

#include <string.h>

#include "review/flags.h"
#include "review/stage.h"

/* Keeps what the review is about to change, for whoever wants it explained. */
static void keep_before(struct kithp_carried *state, const uint32_t *baseline)
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

struct kithp_member_review kithp_member_review(const struct kithp_member_week *of, const struct kithp_row *row,
                                               struct kithp_carried *state, uint32_t *baseline)
{
    struct kithp_member_review review;
    keep_before(state, baseline);
    kithp_activity_review(&of->figures->calendar, of->week, row, of->number, of->last_day, state, &review.now);
    review.earned = kithp_score_earned(of->slots, row);
    review.now.interactions = review.earned.interactions;
    kithp_score_review(of->figures, of->carry, &review.earned, state);
    review.change = kithp_tier_review(of->figures, &review.now, state);
    state->before.reason_plus_one = review.change.changed ? (uint8_t)(review.change.reason + 1) : 0;
    state->flags_before = state->flags;
    state->flags = kithp_flags_review(of->figures, &review.now, state, baseline);
    kithp_flags_extend_baseline(of->figures, &review.now, state, baseline);
    state->stage = kithp_stage_review(of->figures, &review.now, state);
    return review;
}

void kithp_member_finish_with(const struct kithp_figures *figures, int16_t risk, struct kithp_carried *state)
{
    state->risk = risk;
    if (risk != KITHP_NO_RISK && risk >= (int32_t)(100 * figures->risk_percent))
        state->flags |= KITH_FLAG_AT_RISK;
    if (state->weeks_known < UINT8_MAX)
        state->weeks_known++;
}

void kithp_member_finish(const struct kithp_figures *figures, const struct kithp_risk_counts *counts,
                         struct kithp_carried *state)
{
    kithp_member_finish_with(figures, kithp_risk_of(state, counts), state);
}
