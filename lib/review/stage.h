/* SPDX-License-Identifier: MIT */
/* Where in its life a member is (docs/model.md, Stage). */
#ifndef KITHP_REVIEW_STAGE_H
#define KITHP_REVIEW_STAGE_H

#include "review/activity.h"

/* The member's stage, a KITH_STAGE_…; its flags must have been set. */
static inline uint8_t kithp_stage_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                                         const struct kithp_carried *state)
{
    /* The last that holds, without a jump: which it is cannot be foreseen. */
    unsigned stage = KITH_STAGE_SILENT;
    stage = state->flags & KITH_FLAG_DORMANT ? KITH_STAGE_DORMANT : stage;
    stage = now->on_leave ? KITH_STAGE_AWAY : stage;
    stage = now->acted ? KITH_STAGE_ACTIVE : stage;
    stage = now->active_days >= figures->core_days ? KITH_STAGE_CORE : stage;
    stage = state->flags & KITH_FLAG_RETURNED ? KITH_STAGE_RETURNED : stage;
    stage = state->weeks_known == 0 ? KITH_STAGE_NEW : stage;
    return (uint8_t)stage;
}

#endif
