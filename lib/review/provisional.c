/* SPDX-License-Identifier: MIT */
#include "review/provisional.h"

#include <string.h>

/* The first week that has not been reviewed; false where nobody acted in any. */
static bool first_open(const struct kithp_sweep *sweep, const struct kithp_tally *tally, int64_t *number)
{
    const struct kithp_week *week = kithp_tally_first(tally);
    if (sweep->begun)
        *number = sweep->last_week + 1;
    else if (week)
        *number = week->number;
    return sweep->begun || week;
}

static void copy_state(const struct kithp_sweep *sweep, uint32_t member, struct kithp_carried *state,
                       uint32_t baseline[KITHP_BASELINE_MOST])
{
    size_t weeks = sweep->figures->drop_baseline_weeks;
    *state = kithp_carried_begin(&sweep->carried, member);
    memset(baseline, 0, weeks * sizeof *baseline);
    if (member >= sweep->carried.states.count)
        return;
    *state = *kithp_carried_of(&sweep->carried, member);
    memcpy(baseline, kithp_carried_baseline(&sweep->carried, member), weeks * sizeof *baseline);
}

bool kithp_provisional_review(const struct kithp_sweep *sweep, const struct kithp_tally *tally, uint32_t member,
                              int64_t as_of, struct kithp_carried *state)
{
    const struct kithp_calendar *calendar = &sweep->figures->calendar;
    uint32_t baseline[KITHP_BASELINE_MOST];
    struct kithp_row_room room;
    struct kithp_row row;
    copy_state(sweep, member, state, baseline);
    int64_t number, last = kithp_calendar_week(calendar, as_of);
    if (!first_open(sweep, tally, &number))
        return false;
    for (; number <= last; number++) {
        struct kithp_member_week of = kithp_sweep_week_of(sweep, tally, number);
        if (number == last)
            of.last_day = kithp_calendar_day(calendar, as_of);
        const struct kithp_row *found = kithp_week_get_row(of.week, member, &room, &row);
        if (!found && state->joined == KITH_NO_TIME)
            continue;
        kithp_member_review(&of, found, state, baseline);
        if (number == last)
            state->flags &= (uint8_t)~KITH_FLAG_DROP;
        kithp_member_finish(sweep->figures, kithp_risk_of(state, &sweep->risk), state);
    }
    return state->joined != KITH_NO_TIME;
}
