/* SPDX-License-Identifier: MIT */
/* Who rises or falls a tier, and why (docs/model.md, Tier). */
#ifndef KITHP_REVIEW_TIER_H
#define KITHP_REVIEW_TIER_H

#include "review/activity.h"

struct kithp_tier_change {
    bool changed;
    uint8_t from;
    uint8_t to;
    uint8_t reason; /* KITH_CHANGE_… */
};

static inline bool kithp_tier_opens(const struct kithp_tier *tier, const struct kithp_circumstances *now,
                                    uint16_t score)
{
    return score >= tier->promote_at && now->active_days >= tier->min_active_days &&
           now->supporters >= tier->min_supporters;
}

/* The highest tier above its own that is open to the member, or its own. */
static inline uint8_t kithp_tier_highest_open(const struct kithp_figures *figures,
                                              const struct kithp_circumstances *now, const struct kithp_carried *state)
{
    uint32_t tier = state->tier, next = tier + 1 < figures->tier_count ? tier + 1 : tier;
    /* Thresholds rise from tier to tier: most members do not reach the next. One question, as both seldom hold. */
    if (!(now->acted & (state->score >= figures->tiers[next].promote_at)))
        return (uint8_t)tier;
    for (uint32_t higher = figures->tier_count - 1; higher > tier; higher--)
        if (kithp_tier_opens(&figures->tiers[higher], now, state->score))
            return (uint8_t)higher;
    return (uint8_t)tier;
}

static inline struct kithp_tier_change kithp_tier_move_to(struct kithp_carried *state, uint8_t tier, uint8_t reason)
{
    struct kithp_tier_change change = {true, state->tier, tier, reason};
    state->tier = tier;
    state->weeks_below = 0;
    return change;
}

/* Sets the member's tier and its count of weeks below. */
static inline struct kithp_tier_change kithp_tier_review(const struct kithp_figures *figures,
                                                         const struct kithp_circumstances *now,
                                                         struct kithp_carried *state)
{
    const struct kithp_tier_change unchanged = {false, 0, 0, 0};
    uint8_t tier = state->tier;

    if (state->pinned > 0) {
        uint8_t pinned = (uint8_t)(state->pinned - 1);
        if (pinned != tier)
            return kithp_tier_move_to(state, pinned, KITH_CHANGE_PINNED);
        state->weeks_below = 0;
        return unchanged;
    }

    uint8_t open = kithp_tier_highest_open(figures, now, state);
    if (open > tier)
        return kithp_tier_move_to(state, open, open > tier + 1 ? KITH_CHANGE_SKIPPED : KITH_CHANGE_PROMOTED);

    if (now->on_leave)
        return unchanged;

    if ((tier > 0) & (now->silent_days >= figures->dormant_days))
        return kithp_tier_move_to(state, (uint8_t)(tier - 1), KITH_CHANGE_DORMANT);

    if ((tier > 0) & (state->score < figures->tiers[tier].keep_at)) {
        state->weeks_below++;
        if (state->weeks_below >= figures->grace_weeks)
            return kithp_tier_move_to(state, (uint8_t)(tier - 1), KITH_CHANGE_DEMOTED);
        return unchanged;
    }

    state->weeks_below = 0;
    return unchanged;
}

#endif
