/* SPDX-License-Identifier: MIT */
/*
 * A second implementation of docs/model.md, as simple as can be: all events are kept, and every figure is worked out
 * from them anew in each week. Nothing is forgotten or merged in it.
 */
#ifndef KITH_TESTS_FUZZ_SLOW_MODEL_H
#define KITH_TESTS_FUZZ_SLOW_MODEL_H

#include "engines.h"

enum { SLOW_PEOPLE = 17, SLOW_EVENTS = 240, SLOW_WEEKS = 48 };

/* Members are numbers from 1 on; 0 is nobody. */
struct slow_event {
    int64_t time;
    uint32_t kind; /* KITH_KIND_LEAVE among them */
    uint32_t member, target;
    uint32_t quantity;
};

/* Where a member stands after a week. */
struct slow_standing {
    bool is_known;
    int64_t remembered[KITH_DIMENSIONS];
    int32_t dimensions[KITH_DIMENSIONS];
    int32_t score;
    int32_t risk;
    uint32_t tier;
    uint32_t weeks_below;
    uint32_t flags;
    uint32_t stage;
    uint32_t active_days;
    uint32_t supporters;
    uint64_t interactions;
    bool on_leave;
    bool acted;
    int64_t silent_days;
    int64_t joined;
    int64_t last_seen;
};

struct slow_outcomes {
    uint64_t y, n;
};

struct slow_model {
    const kith_policy *policy;
    const struct slow_figures *figures;
    kith_kind kinds[64];
    uint32_t kind_count; /* 0 until the first review */
    uint32_t tier_count;
    struct slow_event events[SLOW_EVENTS];
    uint32_t event_count;
    uint32_t in_week[SLOW_EVENTS]; /* which of them are of the week under review */
    uint32_t in_week_count;
    int64_t first_week; /* of any member that is known; of standings[0] */
    uint32_t weeks;     /* reviewed */
    struct slow_standing standings[SLOW_WEEKS][SLOW_PEOPLE];
    bool left_out[SLOW_PEOPLE];   /* by name, or as the application says */
    uint32_t pinned[SLOW_PEOPLE]; /* tier plus one, 0 for none */
    struct slow_outcomes all, by_silence[8][9], by_pattern[256][8];
};

/* Figures that a policy does not tell through its handle: those of the two policies that targets use. */
struct slow_figures {
    int64_t half_points[KITH_DIMENSIONS];
    int64_t carry;
    uint32_t grace_weeks, silent_days, dormant_days, drop_percent, drop_weeks, drop_least, core_days, risk_percent;
};

extern const struct slow_figures slow_default_figures, slow_small_figures;

/* Reviews the next week, by its number. */
void slow_review(struct slow_model *model, int64_t week);

int64_t slow_week(int64_t time);

#endif
