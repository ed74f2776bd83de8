/* SPDX-License-Identifier: MIT */
/* Every figure of the model (docs/policy.md), in the units that the rest of the library computes with. */
#ifndef KITHP_POLICY_POLICY_H
#define KITHP_POLICY_POLICY_H

#include <stdbool.h>

#include <kith/kith.h>

#include "base/calendar.h"
#include "base/patterns.h"

enum {
    KITHP_TIERS_LEAST = 2,
    KITHP_TIERS_MOST = 16,
    KITHP_KINDS_MOST = 64,
    KITHP_NAME_MOST = 64,    /* bytes of a tier's or a kind's name */
    KITHP_BASELINE_MOST = 26 /* drop_baseline_weeks */
};

struct kithp_tier {
    char name[KITHP_NAME_MOST + 1];
    int32_t promote_at; /* hundredths; 0 for the lowest */
    int32_t keep_at;    /* hundredths; 0 for the lowest */
    uint32_t min_active_days;
    uint32_t min_supporters;
};

struct kithp_kind {
    char name[KITHP_NAME_MOST + 1];
    bool leave;
    kith_credit gives;
    kith_credit receives;
};

/* Plain data: a policy is copied by assignment. */
struct kithp_figures {
    struct kithp_calendar calendar;
    int32_t weights[KITH_DIMENSIONS];     /* thousandths; they sum to 1000 */
    int64_t half_points[KITH_DIMENSIONS]; /* thousandths of a point */
    uint32_t half_life_weeks;             /* hundredths of a week */
    uint32_t grace_weeks;
    uint32_t silent_days;
    uint32_t dormant_days;
    uint32_t drop_percent;
    uint32_t drop_baseline_weeks;
    uint32_t drop_min_per_week;
    uint32_t core_days;
    uint32_t risk_percent;
    uint32_t tier_count;
    uint32_t kind_count;
    struct kithp_tier tiers[KITHP_TIERS_MOST]; /* lowest first */
    struct kithp_kind kinds[KITHP_KINDS_MOST];
    struct kithp_patterns left_out; /* members that count in no mean, no number of members and no risk */
};

struct kith_policy {
    kith_allocator allocator;
    struct kithp_figures figures;
};

/* The default policy's figures. */
extern const struct kithp_figures kithp_policy_defaults;

/* Names of dimensions and of the days of the week, as policies write them. */
extern const char *const kithp_policy_dimensions[KITH_DIMENSIONS];
extern const char *const kithp_policy_weekdays[KITHP_DAYS_A_WEEK];

#endif
