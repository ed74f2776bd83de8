/* SPDX-License-Identifier: MIT */
#include "policy/figures.h"

#include <string.h>

#define AT(member) offsetof(struct kithp_figures, member), sizeof(((struct kithp_figures *)0)->member)

const struct kithp_figure kithp_figures[] = {
    {"weights", "content", 3, 0, 1000, AT(weights[KITH_CONTENT]), NULL},
    {"weights", "interaction", 3, 0, 1000, AT(weights[KITH_INTERACTION]), NULL},
    {"weights", "community", 3, 0, 1000, AT(weights[KITH_COMMUNITY]), NULL},
    {"half_points", "content", 3, 1, 1000000000, AT(half_points[KITH_CONTENT]), NULL},
    {"half_points", "interaction", 3, 1, 1000000000, AT(half_points[KITH_INTERACTION]), NULL},
    {"half_points", "community", 3, 1, 1000000000, AT(half_points[KITH_COMMUNITY]), NULL},
    {"memory", "half_life_weeks", 2, 0, 52000, AT(half_life_weeks),
     "weeks in which points lose half their worth; 0 keeps nothing from week to week"},
    {"demotion", "grace_weeks", 0, 1, 52, AT(grace_weeks), "reviews in a row below keep_at that cost one tier"},
    {"churn", "silent_days", 0, 1, 365, AT(silent_days), "days without an act of the member's own: silent"},
    {"churn", "dormant_days", 0, 1, 3650, AT(dormant_days), "and dormant, one tier down a week"},
    {"churn", "drop_percent", 0, 1, 100, AT(drop_percent), "drop: interactions fell by this much or more ..."},
    {"churn", "drop_baseline_weeks", 0, 1, KITHP_BASELINE_MOST, AT(drop_baseline_weeks),
     "... against the mean of so many weeks before ..."},
    {"churn", "drop_min_per_week", 0, 0, 1000000, AT(drop_min_per_week), "... where that mean was at least this"},
    {"churn", "risk_percent", 0, 1, 100, AT(risk_percent), "at_risk: measured risk of not coming back, from here on"},
    {"churn", "core_days", 0, 1, 28, AT(core_days), "active days of the last four weeks that make a core member"},
};

const size_t kithp_figure_count = sizeof kithp_figures / sizeof *kithp_figures;

int64_t kithp_figure_get(const struct kithp_figure *figure, const struct kithp_figures *figures)
{
    const unsigned char *at = (const unsigned char *)figures + figure->offset;
    if (figure->width == sizeof(int64_t)) {
        int64_t wide;
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
    uint32_t narrow;
    memcpy(&narrow, at, sizeof narrow);
    return (int64_t)narrow; /* no 32-bit figure is negative */
}

void kithp_figure_set(const struct kithp_figure *figure, struct kithp_figures *figures, int64_t value)
{
    unsigned char *at = (unsigned char *)figures + figure->offset;
    if (figure->width == sizeof(int64_t)) {
        memcpy(at, &value, sizeof value);
        return;
    }
    uint32_t narrow = (uint32_t)value;
    memcpy(at, &narrow, sizeof narrow);
}
