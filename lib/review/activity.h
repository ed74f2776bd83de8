/* SPDX-License-Identifier: MIT */
/* The first of a review: what the week's tally says of when a member acted, and for how long it has not. */
#ifndef KITHP_REVIEW_ACTIVITY_H
#define KITHP_REVIEW_ACTIVITY_H

#include "review/carried.h"
#include "tally/week.h"

/* What the rules of a review go by. All of it is of the week under review, and gone with it. */
struct kithp_circumstances {
    int64_t first_day; /* of the week */
    int64_t last_day;  /* of the week, or the one as of which a week that is not over is looked at */
    int64_t silent_days;
    uint32_t active_days; /* of the last four weeks */
    uint32_t supporters;  /* most in one of the last four weeks */
    uint32_t interactions;
    bool acted;
    bool on_leave;
    bool was_dormant; /* had the flag at the review before */
};

/*
 * Moves a member's carried state on by one week: week marks, days, supporters, leave. row is what the week's tally has
 * of it, or NULL.
 */
void kithp_activity_review(const struct kithp_calendar *calendar, const struct kithp_week *week,
                           const struct kithp_row *row, int64_t number, int64_t last_day, struct kithp_carried *state,
                           struct kithp_circumstances *now);

/* How many of the last 28 days, this week's last one included, saw an own event. */
uint32_t kithp_activity_active_days(const struct kithp_carried *state);

/* Days of silence on a day (docs/model.md, Weekly review). */
int64_t kithp_activity_silent_days(const struct kithp_calendar *calendar, const struct kithp_carried *state,
                                   int64_t day);

#endif
