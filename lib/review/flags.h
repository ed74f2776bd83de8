/* SPDX-License-Identifier: MIT */
/* Who is slipping away (docs/model.md, Flags): all flags but at_risk, which needs every member's review first. */
#ifndef KITHP_REVIEW_FLAGS_H
#define KITHP_REVIEW_FLAGS_H

#include "review/activity.h"

/* Flags of a member as KITH_FLAG_… bits. baseline has the interactions of its latest drop_baseline_weeks. */
uint8_t kithp_flags_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                           const struct kithp_carried *state, const uint32_t *baseline);

/* The same where B, the interactions of so many weeks before, is known and the weeks themselves are not. */
uint8_t kithp_flags_of(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                       const struct kithp_carried *state, uint32_t baseline_weeks, uint64_t before);

/* B: the interactions of the latest baseline_weeks reviews without leave. */
uint64_t kithp_flags_baseline(const struct kithp_carried *state, const uint32_t *baseline);

/* Takes this week's interactions into the baseline of the weeks to come; a week on leave is no part of it. */
void kithp_flags_extend_baseline(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                 struct kithp_carried *state, uint32_t *baseline);

#endif
