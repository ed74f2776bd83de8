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

/* Sets the member's tier and its count of weeks below. */
struct kithp_tier_change kithp_tier_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                           struct kithp_carried *state);

#endif
