/* SPDX-License-Identifier: MIT */
#include "review/member.h"

#include "review/flags.h"
#include "review/stage.h"

struct kithp_member_review kithp_member_review(const struct kithp_member_week *of, const struct kithp_cell *row,
                                               struct kithp_carried *state, uint32_t *baseline)
{
    struct kithp_member_review review;
    kithp_activity_review(&of->figures->calendar, of->week, row, of->number, of->last_day, state, &review.now);
    review.earned = kithp_score_earned(of->slots, of->week, row);
    review.now.interactions = review.earned.interactions;
    kithp_score_review(of->figures, of->carry, &review.earned, state);
    review.change = kithp_tier_review(of->figures, &review.now, state);
    state->flags_before = state->flags;
    state->flags = kithp_flags_review(of->figures, &review.now, state, baseline);
    kithp_flags_extend_baseline(of->figures, &review.now, state, baseline);
    state->stage = kithp_stage_review(of->figures, &review.now, state);
    return review;
}

void kithp_member_finish(const struct kithp_figures *figures, const struct kithp_risk_counts *counts,
                         struct kithp_carried *state)
{
    state->risk = kithp_risk_of(state, counts);
    if (state->risk != KITHP_NO_RISK && state->risk >= (int32_t)(100 * figures->risk_percent))
        state->flags |= KITH_FLAG_AT_RISK;
    if (state->weeks_known < UINT8_MAX)
        state->weeks_known++;
}
