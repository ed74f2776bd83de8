/* SPDX-License-Identifier: MIT */
/* The first of a review: what the week's tally says of when a member acted, and for how long it has not. */
#ifndef KITHP_REVIEW_ACTIVITY_H
#define KITHP_REVIEW_ACTIVITY_H

#include "base/bytes.h"
#include "review/carried.h"
#include "tally/week.h"

/* What is the same for all members of a week. */
struct kithp_member_week {
    const struct kithp_figures *figures;
    const struct kithp_slots *slots;
    const struct kithp_week *week; /* its tally, or NULL where no event fell in it */
    uint32_t carry;
    int64_t number;
    int64_t begin;     /* the second at which it begins */
    int64_t first_day; /* of the week */
    int64_t last_day;  /* of the week, or the one as of which a week that is not over is looked at */
};

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

/* How many of the last 28 days, this week's last one included, saw an own event. */
static inline uint32_t kithp_activity_active_days(const struct kithp_carried *state)
{
    return kithp_bytes_count(state->active_days_mask);
}

/* Days of silence on a day (docs/model.md, Weekly review). */
static inline int64_t kithp_activity_silent_days(const struct kithp_calendar *calendar,
                                                 const struct kithp_carried *state, int64_t day)
{
    int64_t seen = state->last_seen == KITH_NO_TIME ? state->joined : state->last_seen;
    int64_t last = kithp_calendar_day(calendar, seen);
    /* leave_end is the day plus one, and silence runs from the day before a leave ends. */
    if (state->leave_end > 0 && (int64_t)state->leave_end - 2 > last)
        last = (int64_t)state->leave_end - 2;
    return day > last ? day - last : 0;
}

/* Takes the supporters of a week in, and returns the most of those that are looked back over. */
static inline uint32_t kithp_activity_support(uint16_t supporters, uint16_t recent[KITHP_RECENT_WEEKS])
{
    uint32_t most = supporters;
    for (unsigned i = KITHP_RECENT_WEEKS - 1; i > 0; i--) {
        recent[i] = recent[i - 1];
        most = recent[i] > most ? recent[i] : most;
    }
    recent[0] = supporters;
    return most;
}

static inline void kithp_activity_take_row(const struct kithp_member_week *of, const struct kithp_row *row,
                                           struct kithp_carried *state)
{
    if (state->joined == KITH_NO_TIME)
        state->joined = of->begin + row->first;
    if (row->leave_end > state->leave_end)
        state->leave_end = row->leave_end;
    if (row->last == 0)
        return;
    state->last_seen = of->begin + row->last - 1;
    state->active_days_mask |= row->days;
    state->acted |= 1;
    if (state->own_days >= KITHP_OWN_DAYS_MOST)
        return;
    uint32_t own_days = state->own_days + kithp_bytes_count(row->days);
    state->own_days = (uint8_t)(own_days < KITHP_OWN_DAYS_MOST ? own_days : KITHP_OWN_DAYS_MOST);
}

/*
 * Moves a member's carried state on by one week: week marks, days, supporters, leave. row is what the week's tally has
 * of it, or NULL.
 */
static inline void kithp_activity_review(const struct kithp_member_week *of, const struct kithp_row *row,
                                         struct kithp_carried *state, struct kithp_circumstances *now)
{
    enum { RECENT_DAYS = KITHP_RECENT_WEEKS * KITHP_DAYS_A_WEEK };
    now->was_dormant = state->flags & KITH_FLAG_DORMANT;
    state->active_days_mask = state->active_days_mask << KITHP_DAYS_A_WEEK & ((UINT32_C(1) << RECENT_DAYS) - 1);
    state->acted = (uint16_t)(state->acted << 1);
    state->on_leave = (uint16_t)(state->on_leave << 1);
    if (row)
        kithp_activity_take_row(of, row, state);
    now->supporters = kithp_activity_support(row ? row->supporters : 0, state->supporters);
    now->first_day = of->first_day;
    now->last_day = of->last_day;
    now->on_leave = state->leave_end > 0 && (int64_t)state->leave_end - 1 > of->first_day;
    if (now->on_leave)
        state->on_leave |= 1;
    now->acted = state->acted & 1;
    now->active_days = kithp_activity_active_days(state);
    now->silent_days = kithp_activity_silent_days(&of->figures->calendar, state, of->last_day);
}

#endif
