/* SPDX-License-Identifier: MIT */
#include "review/tier.h"

static bool opens(const struct kithp_tier *tier, const struct kithp_circumstances *now, uint16_t score)
{
    return score >= tier->promote_at && now->active_days >= tier->min_active_days &&
           now->supporters >= tier->min_supporters;
}

static uint8_t highest_open(const struct kithp_figures *figures, const struct kithp_circumstances *now, uint16_t score)
{
    uint32_t tier = figures->tier_count - 1;
    while (tier > 0 && !opens(&figures->tiers[tier], now, score))
        tier--;
    return (uint8_t)tier;
}

static struct kithp_tier_change move_to(struct kithp_carried *state, uint8_t tier, uint8_t reason)
{
    struct kithp_tier_change change = {true, state->tier, tier, reason};
    state->tier = tier;
    state->weeks_below = 0;
    return change;
}

struct kithp_tier_change kithp_tier_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                           struct kithp_carried *state)
{
    static const struct kithp_tier_change unchanged;
    uint8_t tier = state->tier;

    if (state->pinned > 0) {
        uint8_t pinned = (uint8_t)(state->pinned - 1);
        if (pinned != tier)
            return move_to(state, pinned, KITH_CHANGE_PINNED);
        state->weeks_below = 0;
        return unchanged;
    }

    uint8_t open = now->acted ? highest_open(figures, now, state->score) : 0;
    if (open > tier)
        return move_to(state, open, open > tier + 1 ? KITH_CHANGE_SKIPPED : KITH_CHANGE_PROMOTED);

    if (now->on_leave)
        return unchanged;

    if (tier > 0 && now->silent_days >= figures->dormant_days)
        return move_to(state, (uint8_t)(tier - 1), KITH_CHANGE_DORMANT);

    if (tier > 0 && state->score < figures->tiers[tier].keep_at) {
        state->weeks_below++;
        if (state->weeks_below >= figures->grace_weeks)
            return move_to(state, (uint8_t)(tier - 1), KITH_CHANGE_DEMOTED);
        return unchanged;
    }

    state->weeks_below = 0;
    return unchanged;
}
