/* SPDX-License-Identifier: MIT */
#include "review/standing.h"

#include <string.h>

#include "review/activity.h"

struct kithp_standing kithp_standing_of(const struct kithp_calendar *calendar, const struct kithp_carried *state,
                                        int64_t last_day, uint32_t member)
{
    struct kithp_standing standing = {
        .member = member,
        .score = state->score,
        .risk = state->risk,
        .tier = state->tier,
        .stage = state->stage,
        .flags = state->flags,
        .active_days = (uint8_t)kithp_activity_active_days(state),
        .silent_days = kithp_activity_silent_days(calendar, state, last_day),
        .joined = state->joined,
        .last_seen = state->last_seen,
    };
    memcpy(standing.dimensions, state->dimensions, sizeof standing.dimensions);
    return standing;
}
