/* SPDX-License-Identifier: MIT */
#include "review/stage.h"

uint8_t kithp_stage_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
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
