/* SPDX-License-Identifier: MIT */
/* Where in its life a member is (docs/model.md, Stage). */
#ifndef KITHP_REVIEW_STAGE_H
#define KITHP_REVIEW_STAGE_H

#include "review/activity.h"

/* The member's stage, a KITH_STAGE_…; its flags must have been set. */
static inline uint8_t kithp_stage_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                         const struct kithp_carried *state)
{
    if (state->weeks_known == 0)
        return KITH_STAGE_NEW;
    if (state->flags & KITH_FLAG_RETURNED)
        return KITH_STAGE_RETURNED;
    if (now->active_days >= figures->core_days)
        return KITH_STAGE_CORE;
    if (now->acted)
        return KITH_STAGE_ACTIVE;
    if (now->on_leave)
        return KITH_STAGE_AWAY;
    if (state->flags & KITH_FLAG_DORMANT)
        return KITH_STAGE_DORMANT;
    return KITH_STAGE_SILENT;
}

#endif
