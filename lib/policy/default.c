/* SPDX-License-Identifier: MIT */
/* The figures that hold where a policy file says nothing else. `kith policy` prints them. */
#include "policy/policy.h"

const char *const kithp_policy_dimensions[KITH_DIMENSIONS] = {"content", "interaction", "community"};

const char *const kithp_policy_weekdays[KITHP_DAYS_A_WEEK] = {"monday", "tuesday",  "wednesday", "thursday",
                                                              "friday", "saturday", "sunday"};

const struct kithp_figures kithp_policy_defaults =
    {
        .calendar = {.utc_offset = 0, .week_start = 0},
        .weights = {400, 300, 300},
        .half_points = {120000, 60000, 40000},
        .half_life_weeks = 400,
        .grace_weeks = 2,
        .silent_days = 7,
        .dormant_days = 28,
        .drop_percent = 50,
        .drop_baseline_weeks = 4,
        .drop_min_per_week = 2,
        .risk_percent = 50,
        .core_days = 15,
        .tier_count = 4,
        .tiers =
            {
                {.name = "newcomer"},
                {.name = "active", .promote_at = 500, .keep_at = 400},
                {.name = "veteran", .promote_at = 1500, .keep_at = 1200, .min_supporters = 3},
                {.name = "mentor", .promote_at = 3000, .keep_at = 2400, .min_supporters = 8},
            },
        .kind_count = 26,
        /* gives, receives: {given, dimension, points in thousandths, cap, each} */
        .kinds =
            {
                /* content production */
                {.name = "article", .gives = {1, KITH_CONTENT, 20000, 3, 0}},
                {.name = "post", .gives = {1, KITH_CONTENT, 10000, 7, 0}},
                {.name = "media", .gives = {1, KITH_CONTENT, 8000, 7, 0}},
                {.name = "question", .gives = {1, KITH_CONTENT, 4000, 5, 0}},
                {.name = "answer", .gives = {1, KITH_CONTENT, 10000, 10, 0}},
                /* interaction quality */
                {.name = "comment",
                 .gives = {1, KITH_INTERACTION, 3000, 30, 15},
                 .receives = {1, KITH_CONTENT, 1000, 200, 20}},
                {.name = "reply",
                 .gives = {1, KITH_INTERACTION, 3000, 30, 15},
                 .receives = {1, KITH_INTERACTION, 1000, 100, 20}},
                {.name = "like",
                 .gives = {1, KITH_INTERACTION, 1000, 30, 10},
                 .receives = {1, KITH_CONTENT, 1000, 500, 10}},
                {.name = "favorite",
                 .gives = {1, KITH_INTERACTION, 1000, 30, 10},
                 .receives = {1, KITH_CONTENT, 2000, 500, 10}},
                {.name = "share",
                 .gives = {1, KITH_INTERACTION, 2000, 10, 0},
                 .receives = {1, KITH_CONTENT, 3000, 300, 10}},
                {.name = "vote", .gives = {1, KITH_INTERACTION, 1000, 7, 0}},
                /* community contribution */
                {.name = "invite", .gives = {1, KITH_COMMUNITY, 10000, 3, 0}},
                {.name = "welcome", .gives = {1, KITH_COMMUNITY, 5000, 7, 0}},
                {.name = "help", .gives = {1, KITH_COMMUNITY, 8000, 10, 3}},
                {.name = "accept",
                 .gives = {1, KITH_INTERACTION, 1000, 20, 0},
                 .receives = {1, KITH_COMMUNITY, 15000, 10, 3}},
                {.name = "event_join", .gives = {1, KITH_COMMUNITY, 5000, 3, 0}},
                {.name = "event_host", .gives = {1, KITH_COMMUNITY, 20000, 2, 0}},
                {.name = "report", .gives = {1, KITH_COMMUNITY, 3000, 10, 0}},
                {.name = "feedback", .gives = {1, KITH_COMMUNITY, 4000, 5, 0}},
                {.name = "checkin", .gives = {1, KITH_COMMUNITY, 1000, 7, 0}},
                /* penalties, aimed at the member who earned them */
                {.name = "removed", .receives = {1, KITH_CONTENT, -15000, 0, 0}},
                {.name = "warned", .receives = {1, KITH_COMMUNITY, -30000, 0, 0}},
                /* leave on notice, for QUANTITY days from the day of the event */
                {.name = "leave", .leave = true},
                /* presence */
                {.name = "join"},
                {.name = "login"},
                {.name = "view"},
            },
};
