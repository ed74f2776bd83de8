/* SPDX-License-Identifier: MIT */
/* What members carry from week to week, a part for each 4096 of them; and the counts that the risk goes by. */
#include "policy/carry.h"
#include "review/score.h"
#include "snapshot/snapshot.h"

#define BASELINE_MOST ((uint64_t)UINT32_MAX * KITHP_BASELINE_MOST)
enum { SCORE_MOST = KITHP_SCORE_WHOLE - 1, ACTIVE_DAYS = 28, WEEKS_BELOW_MOST = 51 };

/* The fields that are written as they are. Others, which are not, follow them. */
static const struct kithp_pack_field columns[] = {
    KITHP_PACK_FIELD(kithp_carried, leave_end),
    KITHP_PACK_FIELD(kithp_carried, active_days_mask),
    KITHP_PACK_FIELD(kithp_carried, supporters[0]),
    KITHP_PACK_FIELD(kithp_carried, supporters[1]),
    KITHP_PACK_FIELD(kithp_carried, supporters[2]),
    KITHP_PACK_FIELD(kithp_carried, supporters[3]),
    KITHP_PACK_FIELD(kithp_carried, acted),
    KITHP_PACK_FIELD(kithp_carried, on_leave),
    KITHP_PACK_FIELD(kithp_carried, weeks_known),
    KITHP_PACK_FIELD(kithp_carried, own_days),
    KITHP_PACK_FIELD(kithp_carried, tier),
    KITHP_PACK_FIELD(kithp_carried, weeks_below),
    KITHP_PACK_FIELD(kithp_carried, flags),
    KITHP_PACK_FIELD(kithp_carried, flags_before),
    KITHP_PACK_FIELD(kithp_carried, stage),
    KITHP_PACK_FIELD(kithp_carried, pinned),
    KITHP_PACK_FIELD(kithp_carried, counts),
    KITHP_PACK_FIELD(kithp_carried, before.baseline),
    KITHP_PACK_FIELD(kithp_carried, before.baseline_weeks),
    KITHP_PACK_FIELD(kithp_carried, before.tier),
    KITHP_PACK_FIELD(kithp_carried, before.weeks_below),
    KITHP_PACK_FIELD(kithp_carried, before.reason_plus_one),
    KITHP_PACK_FIELD(kithp_carried, before.pinned),
    KITHP_PACK_FIELD(kithp_carried, before.left_out),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* The second before which all that was reviewed lies. */
static int64_t end_of_reviewed(const struct kithp_snapshot_head *head, const struct kithp_calendar *calendar)
{
    return head->closed ? kithp_calendar_begin(calendar, head->closed_week + 1) : 0;
}

/* What a remembered number of points was expected to come to, had nothing been earned. */
static int64_t carried_over(const struct kithp_carried *state, unsigned dimension, uint32_t carry)
{
    return kithp_score_remember(state->before.remembered[dimension], carry, 0);
}

/* ---- writing ---- */

/*
 * Points of the week before; then, as what they differ from what those before them come to by the policy: the points
 * now, the scores of the dimensions, and the score.
 */
static void write_points(struct kithp_packer *packer, const struct kithp_figures *figures,
                         const struct kithp_carried *states, uint32_t count)
{
    uint32_t carry = kithp_carry_of(figures->half_life_weeks);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        for (uint32_t i = 0; i < count; i++)
            kithp_pack_number(packer, (uint64_t)states[i].before.remembered[d]);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        for (uint32_t i = 0; i < count; i++)
            kithp_pack_signed(packer, states[i].remembered[d] - carried_over(&states[i], d, carry));
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        for (uint32_t i = 0; i < count; i++)
            kithp_pack_signed(packer, (int64_t)states[i].dimensions[d] -
                                          kithp_score_dimension(states[i].remembered[d], figures->half_points[d]));
    for (uint32_t i = 0; i < count; i++)
        kithp_pack_signed(packer, (int64_t)states[i].score - kithp_score_total(figures, states[i].dimensions));
}

/* What joined differs from the one before it, as a folded number plus one; 0 where it is not known. */
static void write_joined(struct kithp_packer *packer, const struct kithp_carried *states, uint32_t count)
{
    int64_t before = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t joined = states[i].joined;
        if (joined == KITH_NO_TIME) {
            kithp_pack_number(packer, 0);
            continue;
        }
        uint64_t folded = (uint64_t)(joined - before) << 1;
        kithp_pack_number(packer, (joined < before ? ~folded : folded) + 1);
        before = joined;
    }
}

static void write_times(struct kithp_packer *packer, const struct kithp_carried *states, uint32_t count, int64_t end)
{
    write_joined(packer, states, count);
    for (uint32_t i = 0; i < count; i++)
        kithp_pack_number(packer, states[i].last_seen == KITH_NO_TIME ? 0 : (uint64_t)(end - states[i].last_seen));
    for (uint32_t i = 0; i < count; i++)
        kithp_pack_number(packer, (uint64_t)(states[i].risk + 1));
}

/* How many weeks each baseline has; then the weeks themselves, the oldest first. */
static void write_baselines(struct kithp_packer *packer, const kith_snapshot *snapshot, uint32_t first, uint32_t count)
{
    uint32_t ring = snapshot->figures.drop_baseline_weeks;
    for (uint32_t i = first; i < first + count; i++)
        kithp_pack_number(packer, kithp_carried_of(&snapshot->carried, i)->baseline_weeks);
    for (uint32_t i = first; i < first + count; i++) {
        const struct kithp_carried *state = kithp_carried_of(&snapshot->carried, i);
        const uint32_t *weeks = kithp_carried_baseline(&snapshot->carried, i);
        for (uint32_t week = 0; week < state->baseline_weeks; week++)
            kithp_pack_number(packer, weeks[(state->baseline_next + ring - state->baseline_weeks + week) % ring]);
    }
}

void kithp_snapshot_write_states(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    uint32_t count = snapshot->head.states;
    int64_t end = end_of_reviewed(&snapshot->head, &snapshot->figures.calendar);
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, KITHP_PART_ITEMS);
        /* A part is a chunk, in which items lie side by side. */
        const struct kithp_carried *states = kithp_carried_of(&snapshot->carried, first);
        kithp_pack_columns(&out->packer, columns, COLUMNS, states, sizeof *states, step);
        write_points(&out->packer, &snapshot->figures, states, step);
        write_times(&out->packer, states, step, end);
        write_baselines(&out->packer, snapshot, first, step);
        kithp_parts_write(out, "STAT");
    }
}

/* ---- reading ---- */

/* What was written as its difference from a number: 0 … most. */
static int64_t read_difference(struct kithp_unpacker *unpacker, int64_t from, int64_t most, const char *expected)
{
    uint64_t number = (uint64_t)from + (uint64_t)kithp_unpack_signed(unpacker);
    if (number <= (uint64_t)most)
        return (int64_t)number;
    kithp_unpack_fault(unpacker, expected);
    return 0;
}

static void read_points(struct kithp_unpacker *unpacker, const struct kithp_figures *figures,
                        struct kithp_carried *states, uint32_t count)
{
    const char *const points = "expected remembered points from 0 to 2^40 thousandths";
    const char *const score = "expected a score up to 99.99";
    uint32_t carry = kithp_carry_of(figures->half_life_weeks);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        for (uint32_t i = 0; i < count; i++)
            states[i].before.remembered[d] = (int64_t)kithp_unpack_number(unpacker, KITHP_POINTS_MOST, points);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        for (uint32_t i = 0; i < count; i++)
            states[i].remembered[d] =
                read_difference(unpacker, carried_over(&states[i], d, carry), KITHP_POINTS_MOST, points);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        for (uint32_t i = 0; i < count; i++)
            states[i].dimensions[d] = (uint16_t)read_difference(
                unpacker, kithp_score_dimension(states[i].remembered[d], figures->half_points[d]), SCORE_MOST, score);
    for (uint32_t i = 0; i < count; i++)
        states[i].score =
            (uint16_t)read_difference(unpacker, kithp_score_total(figures, states[i].dimensions), SCORE_MOST, score);
}

static void read_joined(struct kithp_unpacker *unpacker, struct kithp_carried *states, uint32_t count)
{
    uint64_t before = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t number = kithp_unpack_number(unpacker, UINT64_MAX, "");
        states[i].joined = KITH_NO_TIME;
        if (number == 0)
            continue;
        uint64_t folded = number - 1;
        before += folded & 1 ? ~(folded >> 1) : folded >> 1;
        if (before > (uint64_t)KITHP_TIME_MOST)
            kithp_unpack_fault(unpacker, "expected a time at which a member joined");
        else
            states[i].joined = (int64_t)before;
    }
}

static void read_times(struct kithp_unpacker *unpacker, struct kithp_carried *states, uint32_t count, int64_t end)
{
    read_joined(unpacker, states, count);
    uint64_t most = end > 0 ? (uint64_t)end : 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t ago = kithp_unpack_number(unpacker, most, "expected a time in a week that was reviewed");
        states[i].last_seen = ago == 0 ? KITH_NO_TIME : end - (int64_t)ago;
    }
    for (uint32_t i = 0; i < count; i++)
        states[i].risk = (int16_t)((int)kithp_unpack_number(unpacker, 10000, "expected a risk below 100 percent") - 1);
}

static const char *check_before(const struct kithp_before *before, uint32_t tiers)
{
    if (before->baseline_weeks > KITHP_BASELINE_MOST || before->baseline > BASELINE_MOST)
        return "expected the interactions of up to 26 weeks";
    if (before->tier >= tiers || before->weeks_below > WEEKS_BELOW_MOST)
        return "expected the tier before to be one of the policy";
    if (before->reason_plus_one > KITH_CHANGE_PINNED + 1)
        return "expected a reason for a change of tier";
    if (before->pinned > 1 || before->left_out > 1)
        return "expected to be told whether a tier was pinned, and who counted";
    return NULL;
}

static const char *check_times(const struct kithp_carried *state, int64_t end)
{
    if (state->joined == KITH_NO_TIME)
        return state->last_seen == KITH_NO_TIME && state->weeks_known == 0 && state->tier == 0 &&
                       state->before.tier == 0
                   ? NULL
                   : "expected nothing of a member that was not reviewed";
    if (state->joined >= end || state->weeks_known == 0)
        return "expected to have been known in a week that was reviewed";
    if (state->last_seen != KITH_NO_TIME && state->last_seen < state->joined)
        return "expected a member to be seen after it joined";
    return NULL;
}

/* What is wrong with a state, or NULL. */
static const char *check_state(const struct kithp_carried *state, const struct kithp_figures *figures, int64_t end)
{
    const int64_t leave_most = KITHP_TIME_MOST / KITHP_SECONDS_A_DAY + 2 + KITHP_QUANTITY_MOST;
    if (state->leave_end > leave_most)
        return "expected the end of a leave";
    if (state->active_days_mask >> ACTIVE_DAYS)
        return "expected the days of four weeks";
    if (state->own_days > KITHP_OWN_DAYS_MOST || state->weeks_below > WEEKS_BELOW_MOST)
        return "expected fewer days or weeks";
    if (state->tier >= figures->tier_count || state->pinned > figures->tier_count)
        return "expected a tier of the policy";
    if (state->flags > KITHP_FLAGS_ALL || state->flags_before > KITHP_FLAGS_ALL || state->stage >= KITH_STAGES)
        return "expected flags and a stage";
    if (state->counts > KITH_COUNTED)
        return "expected to be told who counts";
    /* A risk is that of a situation, which only those have that acted of late. */
    if (state->risk != KITHP_NO_RISK && (state->acted & (KITHP_RISK_PATTERNS - 1)) == 0)
        return "expected no risk of a member that is gone";
    if (state->flags & KITH_FLAG_AT_RISK && state->risk == KITHP_NO_RISK)
        return "expected a risk of a member at risk";
    if (state->flags & KITH_FLAG_DROP && state->before.baseline_weeks == 0)
        return "expected weeks before a drop";
    const char *fault = check_times(state, end);
    return fault ? fault : check_before(&state->before, figures->tier_count);
}

/* Reads a baseline of the snapshot's policy into one of the engine's, which may be shorter: it keeps the latest weeks.
 */
static void read_baseline(struct kithp_unpacker *unpacker, struct kithp_carried *state, uint32_t *weeks, uint32_t ring)
{
    uint32_t stored = state->baseline_weeks, kept = stored < ring ? stored : ring;
    for (uint32_t i = 0; i < stored; i++) {
        uint32_t interactions = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX, "expected a smaller number");
        if (i >= stored - kept)
            weeks[i - (stored - kept)] = interactions;
    }
    state->baseline_weeks = (uint8_t)kept;
    state->baseline_next = (uint8_t)(kept % ring);
}

static void read_baselines(struct kithp_unpacker *unpacker, struct kithp_snapshot_target *target, uint32_t first,
                           uint32_t count)
{
    const struct kithp_carried_states *carried = &target->sweep->carried;
    const struct kithp_exchange *exchange = &target->exchange;
    for (uint32_t i = first; i < first + count; i++)
        kithp_carried_of(carried, i)->baseline_weeks = (uint8_t)kithp_unpack_number(
            unpacker, exchange->from.drop_baseline_weeks, "expected no more weeks than the policy's baseline has");
    for (uint32_t i = first; i < first + count; i++)
        read_baseline(unpacker, kithp_carried_of(carried, i), kithp_carried_baseline(carried, i),
                      exchange->to.drop_baseline_weeks);
}

/* Puts a state that has been checked under the engine's policy. */
static void exchange_state(struct kithp_exchange *exchange, struct kithp_carried *state)
{
    if (exchange->is_same)
        return;
    /* A member not reviewed yet stands in the lowest tier, whichever that is, and may be pinned to one. */
    uint8_t held = state->joined == KITH_NO_TIME && state->pinned > 0 ? (uint8_t)(state->pinned - 1) : state->tier;
    uint8_t before = state->joined == KITH_NO_TIME ? held : state->before.tier;
    if (state->joined != KITH_NO_TIME || state->pinned > 0)
        kithp_exchange_meet_tiers(exchange, held, before, state->pinned);
    state->tier = state->joined == KITH_NO_TIME ? 0 : kithp_exchange_tier(exchange, state->tier);
    state->before.tier = state->joined == KITH_NO_TIME ? 0 : kithp_exchange_tier(exchange, state->before.tier);
    if (state->pinned > 0)
        state->pinned = (uint8_t)(kithp_exchange_tier(exchange, (uint8_t)(state->pinned - 1)) + 1);
}

static bool read_part(struct kithp_parts_in *in, struct kithp_snapshot_target *target, uint32_t first, uint32_t count)
{
    if (!kithp_parts_next(in, "STAT"))
        return false;
    if (!kithp_carried_extend(&target->sweep->carried, first + count))
        return kithp_parts_no_memory(in);
    struct kithp_unpacker *unpacker = &in->unpacker;
    struct kithp_carried *states = kithp_carried_of(&target->sweep->carried, first);
    int64_t end = end_of_reviewed(&target->head, &target->exchange.from.calendar);
    kithp_unpack_columns(unpacker, columns, COLUMNS, states, sizeof *states, count);
    read_points(unpacker, &target->exchange.from, states, count);
    read_times(unpacker, states, count, end);
    read_baselines(unpacker, target, first, count);
    for (uint32_t i = 0; i < count && !unpacker->fault; i++) {
        unpacker->fault = check_state(&states[i], &target->exchange.from, end);
        if (!unpacker->fault && states[i].joined != KITH_NO_TIME &&
            kithp_members_resolve(target->members, first + i) != first + i)
            unpacker->fault = "expected nothing of a member that was merged or forgotten";
        if (unpacker->fault)
            break;
        exchange_state(&target->exchange, &states[i]);
        states[i].left_out = kithp_carried_leaves_out(&target->sweep->carried, first + i, states[i].counts);
    }
    return kithp_parts_done(in);
}

bool kithp_snapshot_read_states(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    uint32_t count = target->head.states;
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, KITHP_PART_ITEMS);
        if (!read_part(in, target, first, step))
            return false;
    }
    return true;
}
