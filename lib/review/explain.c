/* SPDX-License-Identifier: MIT */
#include "review/explain.h"

#include <string.h>

enum { PATTERN_MASK = KITHP_RISK_PATTERNS - 1, AGE_MOST = KITHP_RISK_WEEKS - 1 };

/* ---- what was done, and what it counted for ---- */

/* The week's quantities of one member, by slot. */
struct quantities {
    uint32_t of[KITHP_SLOTS_MOST];
};

static void gather(const struct kithp_row *row, struct quantities *quantities)
{
    memset(quantities, 0, sizeof *quantities);
    for (uint32_t i = 0; row && i < row->count; i++)
        quantities->of[row->slots[i]] = row->quantities[i];
}

/* slot and over are the credit's, or KITHP_SLOT_NONE. */
static void explain_slot(const struct kithp_slots *slots, const struct quantities *quantities, int16_t slot,
                         int16_t over, uint32_t role, kith_explanation *out)
{
    if (slot == KITHP_SLOT_NONE)
        return;
    uint32_t beyond = over == KITHP_SLOT_NONE ? 0 : quantities->of[over];
    uint32_t quantity = kithp_number_add_stop(quantities->of[slot], beyond);
    if (quantity == 0)
        return;
    const kith_credit *credit = slots->slots[slot].credit;
    kith_explained_slot *explained = &out->slots[out->slot_count++];
    *explained = (kith_explained_slot){
        .kind = slots->slots[slot].kind,
        .role = role,
        .dimension = credit->dimension,
        .unit = credit->points,
        .quantity = quantity,
        .each = quantities->of[slot],
    };
    uint32_t cap = slots->slots[slot].cap;
    explained->counted = explained->each < cap ? explained->each : cap;
    explained->points = kithp_score_points((int32_t)credit->points, explained->counted);
}

static void explain_slots(const struct kithp_member_week *of, const struct kithp_row *row, kith_explanation *out)
{
    struct quantities quantities;
    gather(row, &quantities);
    for (uint32_t i = 0; i < of->figures->kind_count; i++) {
        const struct kithp_kind_slots *kind = &of->slots->kinds[i];
        explain_slot(of->slots, &quantities, kind->gives, kind->gives_over, KITH_GIVES, out);
        explain_slot(of->slots, &quantities, kind->receives, kind->receives_over, KITH_RECEIVES, out);
    }
}

/* ---- the score ---- */

static void explain_dimensions(const struct kithp_member_week *of, const struct kithp_earned *earned,
                               const struct kithp_carried *state, kith_explanation *out)
{
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        int64_t before = state->before.remembered[d];
        out->dimensions[d] = (kith_explained_dimension){
            .before = before,
            .carried_over = kithp_score_carry_over(before, of->carry),
            .earned = earned->points[d],
            .remembered = state->remembered[d],
            .half_points = of->figures->half_points[d],
            .weight = of->figures->weights[d],
            .score = state->dimensions[d],
        };
    }
    out->score = state->score;
}

/* a / b rounded up, of a >= 0 and b > 0 */
static int64_t divide_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

int64_t kithp_explain_missing(const kith_explained_dimension *dimensions, unsigned dimension, int32_t wanted)
{
    int64_t sum = 0;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        sum += (int64_t)dimensions[d].weight * dimensions[d].score;
    const int64_t wanted_sum = (int64_t)wanted * KITHP_WEIGHT_WHOLE;
    if (sum >= wanted_sum)
        return 0;

    const kith_explained_dimension *of = &dimensions[dimension];
    if (of->weight == 0)
        return KITH_OUT_OF_REACH;
    int64_t score = divide_up(wanted_sum - (sum - (int64_t)of->weight * of->score), of->weight);
    if (score >= KITHP_SCORE_WHOLE)
        return KITH_OUT_OF_REACH;
    /* floor(10000 R / (R + half_points)) >= score, solved for R */
    int64_t remembered = divide_up(score * of->half_points, KITHP_SCORE_WHOLE - score);
    if (remembered > KITHP_POINTS_MOST)
        return KITH_OUT_OF_REACH;
    if (of->remembered > 0)
        return remembered - of->remembered;
    /* Where penalties outweigh all else, what is below zero must be made up for first. */
    int64_t below = of->carried_over + of->earned;
    return remembered - (below < 0 ? below : 0);
}

/* ---- the tier ---- */

/* Its own, or the one that the review took from it: that it might have kept. */
static uint32_t higher_tier(const kith_explanation *explanation)
{
    return explanation->tier > explanation->tier_before ? explanation->tier : explanation->tier_before;
}

static void explain_next_tier(const struct kithp_figures *figures, kith_explanation *out)
{
    out->next_tier = KITH_NO_TIER;
    if (out->pinned || higher_tier(out) + 1 >= figures->tier_count)
        return;
    out->next_tier = higher_tier(out) + 1;
    const struct kithp_tier *next = &figures->tiers[out->next_tier];
    out->promote_at = next->promote_at;
    out->min_active_days = next->min_active_days;
    out->min_supporters = next->min_supporters;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        out->dimensions[d].to_rise = kithp_explain_missing(out->dimensions, d, next->promote_at);
}

static void explain_keep_tier(const struct kithp_figures *figures, kith_explanation *out)
{
    out->keep_tier = KITH_NO_TIER;
    if (out->pinned || higher_tier(out) == 0)
        return;
    out->keep_tier = higher_tier(out);
    out->keep_at = figures->tiers[out->keep_tier].keep_at;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        out->dimensions[d].to_keep = kithp_explain_missing(out->dimensions, d, out->keep_at);
}

static void explain_tier(const struct kithp_figures *figures, const struct kithp_carried *state, kith_explanation *out)
{
    const struct kithp_before *before = &state->before;
    out->tier = state->tier;
    out->tier_before = before->tier;
    out->changed = before->reason_plus_one > 0;
    out->reason = before->reason_plus_one > 0 ? before->reason_plus_one - 1U : 0;
    out->pinned = before->pinned;
    out->weeks_below = state->weeks_below;
    out->weeks_below_before = before->weeks_below;
    out->grace_weeks = figures->grace_weeks;
    for (unsigned i = 0; i < KITHP_RECENT_WEEKS; i++)
        if (state->supporters[i] > out->supporters)
            out->supporters = state->supporters[i];
    explain_next_tier(figures, out);
    explain_keep_tier(figures, out);
}

/* ---- stage, flags and risk ---- */

static void explain_presence(const struct kithp_member_week *of, const struct kithp_carried *state,
                             kith_explanation *out)
{
    out->acted = state->acted & 1U;
    out->active_days = kithp_activity_active_days(state);
    out->core_days = of->figures->core_days;
    out->own_days = state->own_days;
    out->silent_days = kithp_activity_silent_days(&of->figures->calendar, state, of->last_day);
    out->joined = state->joined;
    out->last_seen = state->last_seen;
    out->silent_limit = of->figures->silent_days;
    out->dormant_limit = of->figures->dormant_days;
    out->on_leave = state->on_leave & 1U;
    out->leave_end = state->leave_end > 0 ? (int32_t)(state->leave_end - 1) : 0;
    out->stage = state->stage;
    out->flags = state->flags;
    out->flags_before = state->flags_before;
}

static void explain_drop(const struct kithp_figures *figures, const struct kithp_before *before, uint32_t interactions,
                         kith_explanation *out)
{
    out->interactions = interactions;
    out->baseline = before->baseline;
    out->baseline_weeks = before->baseline_weeks;
    out->baseline_needed = figures->drop_baseline_weeks;
    out->drop_percent = figures->drop_percent;
    out->drop_min_per_week = figures->drop_min_per_week;
}

static void explain_risk(const struct kithp_figures *figures, const struct kithp_risk_counts *counts,
                         const struct kithp_carried *state, kith_explanation *out)
{
    uint32_t weeks_since_first = state->weeks_known - 1U;
    out->risk = state->risk;
    out->risk_percent = figures->risk_percent;
    out->pattern = state->acted & PATTERN_MASK;
    out->age = weeks_since_first < AGE_MOST ? weeks_since_first : AGE_MOST;
    out->left_out = state->before.left_out;
    if (state->risk == KITHP_NO_RISK)
        return;
    struct kithp_outcomes alike = kithp_risk_alike(state, counts);
    struct kithp_outcomes similar = kithp_risk_similar(state, counts);
    out->alike = alike.n;
    out->lost = alike.y;
    out->similar = similar.n;
    out->similar_lost = similar.y;
    out->all = counts->all.n;
    out->all_lost = counts->all.y;
}

void kithp_explain(const struct kithp_member_week *of, const struct kithp_row *row,
                   const struct kithp_risk_counts *counts, const struct kithp_carried *state,
                   kith_explanation *explanation)
{
    struct kithp_earned earned = kithp_score_earned(of->slots, row);
    memset(explanation, 0, sizeof *explanation);
    explanation->week = (int32_t)kithp_calendar_first_day(&of->figures->calendar, of->number);
    explanation->as_of_day = (int32_t)of->last_day;
    explain_slots(of, row, explanation);
    explain_dimensions(of, &earned, state, explanation);
    explain_presence(of, state, explanation);
    explain_tier(of->figures, state, explanation);
    explain_drop(of->figures, &state->before, earned.interactions, explanation);
    explain_risk(of->figures, counts, state, explanation);
}
