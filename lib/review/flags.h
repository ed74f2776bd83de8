/* SPDX-License-Identifier: MIT */
/* Who is slipping away (docs/model.md, Flags): all flags but at_risk, which needs every member's review first. */
#ifndef KITHP_REVIEW_FLAGS_H
#define KITHP_REVIEW_FLAGS_H

#include "review/activity.h"

/* B: the interactions of the latest baseline_weeks reviews without leave. */
static inline uint64_t kithp_flags_baseline(const struct kithp_carried *state, const uint32_t *baseline)
{
    /* Until the ring is full, the weeks lie at its beginning. */
    uint64_t sum = 0;
    for (uint32_t i = 0; i < state->baseline_weeks; i++)
        sum += baseline[i];
    return sum;
}

/* before: B, the interactions of so many weeks. */
static inline bool kithp_flags_has_dropped(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                           uint32_t baseline_weeks, uint64_t before)
{
    /* One question, as all of it seldom holds. */
    uint64_t weeks = figures->drop_baseline_weeks;
    return (baseline_weeks >= weeks) & (before > 0) & (before >= weeks * figures->drop_min_per_week) &
           (now->interactions * weeks * 100 <= before * (100 - figures->drop_percent));
}

static inline bool kithp_flags_has_stalled(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                           const struct kithp_carried *state)
{
    return (now->silent_days >= figures->silent_days) & (state->own_days <= 1) &&
           now->last_day - kithp_calendar_day(&figures->calendar, state->joined) < figures->dormant_days;
}

/* Flags of a member as KITH_FLAG_… bits. before: B, its interactions over so many weeks without leave behind it. */
static inline uint8_t kithp_flags_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                         const struct kithp_carried *state, uint32_t baseline_weeks, uint64_t before)
{
    unsigned flags = 0;
    if (now->acted && now->was_dormant)
        flags |= KITH_FLAG_RETURNED;
    if (now->on_leave)
        return (uint8_t)flags;
    /* Without a jump: who is silent cannot be foreseen. */
    unsigned silent = now->silent_days >= figures->silent_days, dormant = now->silent_days >= figures->dormant_days;
    flags |= silent * KITH_FLAG_SILENT | (silent & dormant) * KITH_FLAG_DORMANT;
    if (kithp_flags_has_stalled(figures, now, state))
        flags |= KITH_FLAG_STALLED;
    if (kithp_flags_has_dropped(figures, now, baseline_weeks, before))
        flags |= KITH_FLAG_DROP;
    return (uint8_t)flags;
}

/* Takes this week's interactions into the baseline of the weeks to come; a week on leave is no part of it. */
static inline void kithp_flags_extend_baseline(const struct kithp_figures *figures,
                                               const struct kithp_circumstances *now, struct kithp_carried *state,
                                               uint32_t *baseline)
{
    if (now->on_leave)
        return;
    baseline[state->baseline_next] = now->interactions;
    uint32_t next = state->baseline_next + 1U;
    state->baseline_next = (uint8_t)(next < figures->drop_baseline_weeks ? next : 0);
    if (state->baseline_weeks < figures->drop_baseline_weeks)
        state->baseline_weeks++;
}

#endif
