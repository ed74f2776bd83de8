/* SPDX-License-Identifier: MIT */
#include "review/activity.h"

#include <string.h>

#include "base/bytes.h"

enum { RECENT_DAYS = KITHP_RECENT_WEEKS * KITHP_DAYS_A_WEEK, COUNTED_OWN_DAYS = 2 };

uint32_t kithp_activity_active_days(const struct kithp_carried *state)
{
    return kithp_bytes_count(state->active_days_mask);
}

int64_t kithp_activity_silent_days(const struct kithp_calendar *calendar, const struct kithp_carried *state,
                                   int64_t day)
{
    int64_t seen = state->last_seen == KITH_NO_TIME ? state->joined : state->last_seen;
    int64_t last = kithp_calendar_day(calendar, seen);
    /* leave_end is the day plus one, and silence runs from the day before a leave ends. */
    if (state->leave_end > 0 && (int64_t)state->leave_end - 2 > last)
        last = (int64_t)state->leave_end - 2;
    return day > last ? day - last : 0;
}

static void begin_week(struct kithp_carried *state)
{
    state->active_days_mask = state->active_days_mask << KITHP_DAYS_A_WEEK & ((UINT32_C(1) << RECENT_DAYS) - 1);
    state->acted = (uint16_t)(state->acted << 1);
    state->on_leave = (uint16_t)(state->on_leave << 1);
    memmove(state->supporters + 1, state->supporters, sizeof state->supporters - sizeof *state->supporters);
    state->supporters[0] = 0;
}

static void take_row(struct kithp_carried *state, const struct kithp_week *week, const struct kithp_row *row)
{
    if (state->joined == KITH_NO_TIME)
        state->joined = week->begin + row->first;
    state->supporters[0] = row->supporters;
    if (row->leave_end > state->leave_end)
        state->leave_end = row->leave_end;
    if (row->last == 0)
        return;
    state->last_seen = week->begin + row->last - 1;
    state->active_days_mask |= row->days;
    state->acted |= 1;
    uint32_t own_days = state->own_days + kithp_bytes_count(row->days);
    state->own_days = (uint8_t)(own_days < COUNTED_OWN_DAYS ? own_days : COUNTED_OWN_DAYS);
}

static uint32_t most_supporters(const struct kithp_carried *state)
{
    uint32_t most = 0;
    for (unsigned i = 0; i < KITHP_RECENT_WEEKS; i++)
        if (state->supporters[i] > most)
            most = state->supporters[i];
    return most;
}

void kithp_activity_review(const struct kithp_calendar *calendar, const struct kithp_week *week,
                           const struct kithp_row *row, int64_t number, int64_t last_day, struct kithp_carried *state,
                           struct kithp_circumstances *now)
{
    now->was_dormant = state->flags & KITH_FLAG_DORMANT;
    begin_week(state);
    if (row)
        take_row(state, week, row);
    now->first_day = kithp_calendar_first_day(calendar, number);
    now->last_day = last_day;
    now->on_leave = state->leave_end > 0 && (int64_t)state->leave_end - 1 > now->first_day;
    if (now->on_leave)
        state->on_leave |= 1;
    now->acted = state->acted & 1;
    now->active_days = kithp_activity_active_days(state);
    now->supporters = most_supporters(state);
    now->silent_days = kithp_activity_silent_days(calendar, state, now->last_day);
}
