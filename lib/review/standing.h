/* SPDX-License-Identifier: MIT */
/* Where a member stands: as of its last review, or as a review would find it now. */
#ifndef KITHP_REVIEW_STANDING_H
#define KITHP_REVIEW_STANDING_H

#include "review/carried.h"

struct kithp_standing {
    uint32_t member; /* index in the engine; in a finished review, place in its members */
    uint16_t score;
    uint16_t dimensions[KITH_DIMENSIONS];
    int16_t risk;
    uint8_t tier;
    uint8_t stage;
    uint8_t flags;
    uint8_t active_days;
    int64_t silent_days;
    int64_t joined;
    int64_t last_seen;
};

/* last_day: the one as of which silence is counted. */
struct kithp_standing kithp_standing_of(const struct kithp_calendar *calendar, const struct kithp_carried *state,
                                        int64_t last_day, uint32_t member);

#endif
