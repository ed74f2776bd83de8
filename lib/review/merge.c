/* SPDX-License-Identifier: MIT */
#include "review/merge.h"

#include <string.h>

#include "base/number.h"
#include "review/flags.h"
#include "review/score.h"
#include "review/stage.h"

/* An account that is merged, or the person that comes of it. */
struct account {
    struct kithp_carried state;
    uint32_t baseline[KITHP_BASELINE_MOST];
};

/* ---- what is a sum, a set, a minimum or a maximum ---- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void merge_remembered(const int64_t *from, int64_t *into)
{
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        into[d] = earlier(into[d] + from[d], KITHP_POINTS_MOST);
}

/* Whether both have acted on one day alone, and on the same. */
static bool share_their_day(const struct kithp_calendar *calendar, const struct kithp_carried *a,
                            const struct kithp_carried *b)
{
    return a->own_days == 1 && b->own_days == 1 &&
           kithp_calendar_day(calendar, a->last_seen) == kithp_calendar_day(calendar, b->last_seen);
}

static void merge_activity(const struct kithp_calendar *calendar, const struct kithp_carried *from,
                           struct kithp_carried *into)
{
    uint32_t own_days = share_their_day(calendar, from, into) ? 1U : (uint32_t)from->own_days + into->own_days;
    into->own_days = (uint8_t)(own_days < KITHP_OWN_DAYS_MOST ? own_days : KITHP_OWN_DAYS_MOST);
    into->joined = earlier(from->joined, into->joined);
    into->last_seen = later(from->last_seen, into->last_seen);
    into->leave_end = larger(from->leave_end, into->leave_end);
    into->active_days_mask |= from->active_days_mask;
    into->acted |= from->acted;
    into->on_leave |= from->on_leave;
    into->weeks_known = (uint8_t)larger(from->weeks_known, into->weeks_known);
    for (unsigned i = 0; i < KITHP_RECENT_WEEKS; i++)
        into->supporters[i] = (uint16_t)larger(from->supporters[i], into->supporters[i]);
}

/* The place of the week that went in so many before the next. */
static uint32_t place_in_ring(const struct kithp_carried *state, uint32_t weeks, uint32_t before)
{
    return (state->baseline_next + weeks - 1 - before) % weeks;
}

/* The latest week with the latest, the one before with the one before; in the ring that goes back further. */
static void merge_baselines(uint32_t weeks, const struct account *from, struct account *into)
{
    struct account more = from->state.baseline_weeks > into->state.baseline_weeks ? *from : *into;
    const struct account *less = from->state.baseline_weeks > into->state.baseline_weeks ? into : from;
    for (uint32_t i = 0; i < less->state.baseline_weeks; i++) {
        uint32_t *sum = &more.baseline[place_in_ring(&more.state, weeks, i)];
        *sum = kithp_number_add_stop(*sum, less->baseline[place_in_ring(&less->state, weeks, i)]);
    }
    memcpy(into->baseline, more.baseline, sizeof into->baseline);
    into->state.baseline_weeks = more.state.baseline_weeks;
    into->state.baseline_next = more.state.baseline_next;
}

/* ---- what was before the last review ---- */

static bool stands_higher(const struct kithp_carried *a, const struct kithp_carried *b)
{
    return a->tier != b->tier ? a->tier > b->tier : a->weeks_below < b->weeks_below;
}

/* The tier of whoever stands higher, and how it came to it. */
static void merge_tier(const struct kithp_carried *from, struct kithp_carried *into)
{
    if (!stands_higher(from, into))
        return;
    into->tier = from->tier;
    into->weeks_below = from->weeks_below;
    into->before.tier = from->before.tier;
    into->before.weeks_below = from->before.weeks_below;
    into->before.reason_plus_one = from->before.reason_plus_one;
    into->before.pinned = from->before.pinned;
}

static void merge_before(const struct kithp_before *from, struct kithp_before *into)
{
    merge_remembered(from->remembered, into->remembered);
    into->baseline_weeks = (uint8_t)larger(from->baseline_weeks, into->baseline_weeks);
    uint64_t baseline = from->baseline + into->baseline, most = (uint64_t)into->baseline_weeks * UINT32_MAX;
    into->baseline = baseline < most ? baseline : most;
}

/* A person has a flag that both accounts have; one that was not there yet has no say. */
static uint8_t flags_before_of(const struct kithp_carried *from, const struct kithp_carried *into)
{
    uint8_t of_from = from->weeks_known > 1 ? from->flags_before : UINT8_MAX;
    uint8_t of_into = into->weeks_known > 1 ? into->flags_before : UINT8_MAX;
    uint8_t both = of_from & of_into;
    return both == UINT8_MAX ? 0 : both;
}

/* ---- the last review once more, of the two as one ---- */

static struct kithp_circumstances circumstances_of(const struct kithp_sweep *sweep, const struct kithp_carried *state,
                                                   uint32_t interactions)
{
    const struct kithp_calendar *calendar = &sweep->figures->calendar;
    struct kithp_circumstances now = {
        .first_day = kithp_calendar_first_day(calendar, sweep->last_week),
        .active_days = kithp_activity_active_days(state),
        .interactions = interactions,
        .acted = state->acted & 1,
        .on_leave = state->on_leave & 1,
        .was_dormant = state->flags_before & KITH_FLAG_DORMANT,
    };
    now.last_day = now.first_day + KITHP_DAYS_A_WEEK - 1;
    now.silent_days = kithp_activity_silent_days(calendar, state, now.last_day);
    return now;
}

/*
 * Points: from what was remembered before and from the joint tally, so that the review can still be explained. Where
 * the tally is gone, what both remember is all there is.
 */
static struct kithp_earned review_points(const struct kithp_sweep *sweep, const struct kithp_merge_review *review,
                                         uint32_t member, struct kithp_carried *state)
{
    struct kithp_earned earned = {{0}, 0};
    if (!review->explains) {
        kithp_score_review(sweep->figures, KITHP_CARRY_WHOLE, &earned, state);
        return earned;
    }
    struct kithp_row_room room;
    struct kithp_row row;
    earned = kithp_score_earned(review->slots, kithp_week_get_row(review->week, member, &room, &row));
    memcpy(state->remembered, state->before.remembered, sizeof state->remembered);
    kithp_score_review(sweep->figures, sweep->carry, &earned, state);
    return earned;
}

static void review_again(const struct kithp_sweep *sweep, const struct kithp_merge_review *review, uint32_t member,
                         uint8_t drop_of_both, struct kithp_carried *state)
{
    struct kithp_earned earned = review_points(sweep, review, member, state);
    struct kithp_circumstances now = circumstances_of(sweep, state, earned.interactions);
    /* As it was when that review began. */
    state->weeks_known--;
    state->before.left_out = state->left_out;
    uint32_t baseline_weeks = review->explains ? state->before.baseline_weeks : 0;
    state->flags = kithp_flags_review(sweep->figures, &now, state, baseline_weeks, state->before.baseline);
    if (!review->explains && !now.on_leave)
        state->flags |= drop_of_both;
    state->stage = kithp_stage_review(sweep->figures, &now, state);
    kithp_member_finish(sweep->figures, kithp_risk_of(state, &sweep->risk), state);
}

/* ---- both ---- */

static void merge_settings(const struct kithp_carried_states *all, const struct kithp_carried *from, uint32_t member,
                           struct kithp_carried *into)
{
    if (into->pinned == 0)
        into->pinned = from->pinned;
    if (into->counts == KITH_BY_POLICY)
        into->counts = from->counts;
    into->left_out = kithp_carried_leaves_out(all, member, into->counts);
}

/* Two who have both been reviewed. */
static void merge_reviewed(const struct kithp_sweep *sweep, const struct kithp_merge_review *review, uint32_t member,
                           const struct account *from, struct account *into)
{
    struct kithp_carried *state = &into->state;
    uint8_t drop_of_both = from->state.flags & state->flags & KITH_FLAG_DROP;
    state->flags_before = flags_before_of(&from->state, state);
    merge_baselines(sweep->figures->drop_baseline_weeks, from, into);
    merge_tier(&from->state, state);
    merge_before(&from->state.before, &state->before);
    merge_remembered(from->state.remembered, state->remembered);
    merge_activity(&sweep->figures->calendar, &from->state, state);
    review_again(sweep, review, member, drop_of_both, state);
}

static struct account account_of(const struct kithp_sweep *sweep, uint32_t member)
{
    struct account account = {.state = *kithp_carried_of(&sweep->carried, member)};
    memcpy(account.baseline, kithp_carried_baseline(&sweep->carried, member), sweep->carried.baselines.item_size);
    return account;
}

void kithp_merge_states(struct kithp_sweep *sweep, const struct kithp_merge_review *review, uint32_t from,
                        uint32_t into)
{
    if (from >= sweep->carried.states.count)
        return;
    struct account ends = account_of(sweep, from), person = account_of(sweep, into);
    bool ends_known = ends.state.joined != KITH_NO_TIME, known = person.state.joined != KITH_NO_TIME;
    struct kithp_carried settings = person.state;
    if (ends_known && !known) {
        person = ends;
        person.state.pinned = settings.pinned;
        person.state.counts = settings.counts;
    }
    if (ends_known && sweep->reached <= into)
        sweep->reached = into + 1;
    merge_settings(&sweep->carried, &ends.state, into, &person.state);
    if (ends_known && known)
        merge_reviewed(sweep, review, into, &ends, &person);
    *kithp_carried_of(&sweep->carried, into) = person.state;
    memcpy(kithp_carried_baseline(&sweep->carried, into), person.baseline, sweep->carried.baselines.item_size);
    kithp_carried_reset(&sweep->carried, from);
}
