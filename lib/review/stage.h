/* SPDX-License-Identifier: MIT */
/* Where in its life a member is (docs/model.md, Stage). */
#ifndef KITHP_REVIEW_STAGE_H
#define KITHP_REVIEW_STAGE_H

#include "review/activity.h"

/* The member's stage, a KITH_STAGE_…; its flags must have been set. */
uint8_t kithp_stage_review(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                           const struct kithp_carried *state);

#endif
