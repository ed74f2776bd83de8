/* SPDX-License-Identifier: MIT */
#include "prose/check.h"

#include "base/error.h"
#include "tables/labels.h"

/* A score's end, how far points go, and what a member's name may have. */
enum { SCORE_MOST = 9999, RISK_MOST = 10000, NAME_MOST = 255, PATTERN_MOST = 255, AGE_MOST = 7, DAYS_MOST = 28 };
#define POINTS_MOST (INT64_C(1) << 40)
/* Of counts, so that a hundred and more times as many is still a number. */
#define COUNT_MOST (INT64_MAX / 1000)

static kith_status fail_value(kith_error *error, const char *field)
{
    return kithp_fail_argument(error, field, "is none that an explanation can have");
}

static kith_status fail_policy(kith_error *error)
{
    return kithp_fail_argument(error, "policy", "is not the one that the explanation went by");
}

/* ---- values alone ---- */

struct range {
    const char *field;
    int64_t value; /* what does not fit is negative */
    int64_t least;
    int64_t most;
};

static kith_status check_ranges(const struct range *ranges, size_t count, kith_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (ranges[i].value < ranges[i].least || ranges[i].value > ranges[i].most)
            return fail_value(error, ranges[i].field);
    return KITH_OK;
}

static kith_status check_member(const kith_explanation *of, kith_error *error)
{
    const int64_t last_day = KITHP_TIME_MOST / KITHP_SECONDS_A_DAY + 1; /* wherever the clock is */
    const struct range ranges[] = {
        {"explanation.week", of->week, -KITHP_DAYS_A_WEEK, last_day},
        {"explanation.as_of_day", of->as_of_day, of->week, (int64_t)of->week + KITHP_DAYS_A_WEEK - 1},
        {"explanation.score", of->score, 0, SCORE_MOST},
        {"explanation.stage", of->stage, 0, KITH_STAGES - 1},
        {"explanation.flags", of->flags, 0, (1 << KITHP_FLAG_COUNT) - 1},
        {"explanation.reason", of->reason, 0, KITHP_CHANGE_COUNT - 1},
        {"explanation.active_days", of->active_days, 0, DAYS_MOST},
        {"explanation.silent_days", of->silent_days, 0, INT64_MAX},
        {"explanation.last_seen", of->last_seen == KITH_NO_TIME ? 0 : of->last_seen, 0, KITHP_TIME_MOST},
        {"explanation.leave_end", of->leave_end, 0, INT32_MAX},
        {"explanation.member", (int64_t)of->member.length, 0, of->member.data ? NAME_MOST : 0},
        {"explanation.slot_count", (int64_t)of->slot_count, 0, KITH_SLOTS_MOST},
    };
    return check_ranges(ranges, sizeof ranges / sizeof *ranges, error);
}

static kith_status check_counts(const kith_explanation *of, kith_error *error)
{
    const bool dropped = of->flags & KITH_FLAG_DROP, at_risk = of->flags & KITH_FLAG_AT_RISK;
    const struct range ranges[] = {
        {"explanation.baseline", (int64_t)of->baseline, 0, COUNT_MOST},
        {"explanation.baseline_weeks", of->baseline_weeks, dropped ? 1 : 0, KITHP_BASELINE_MOST},
        {"explanation.risk", of->risk, at_risk ? 0 : -1, RISK_MOST},
        {"explanation.pattern", of->pattern, of->risk < 0 ? 0 : 1, PATTERN_MOST},
        {"explanation.age", of->age, 0, AGE_MOST},
        {"explanation.all", (int64_t)of->all, 0, COUNT_MOST},
        {"explanation.all_lost", (int64_t)of->all_lost, 0, (int64_t)of->all},
        {"explanation.similar", (int64_t)of->similar, 0, (int64_t)of->all},
        {"explanation.similar_lost", (int64_t)of->similar_lost, 0, (int64_t)of->similar},
        {"explanation.alike", (int64_t)of->alike, 0, (int64_t)of->similar},
        {"explanation.lost", (int64_t)of->lost, 0, (int64_t)of->alike},
    };
    return check_ranges(ranges, sizeof ranges / sizeof *ranges, error);
}

static kith_status check_dimension(const kith_explained_dimension *of, kith_error *error)
{
    const int64_t earned_most = KITH_SLOTS_MOST * POINTS_MOST;
    const struct range ranges[] = {
        {"explanation.dimensions.carried_over", of->carried_over, 0, POINTS_MOST},
        {"explanation.dimensions.earned", of->earned, -earned_most, earned_most},
        {"explanation.dimensions.remembered", of->remembered, 0, POINTS_MOST},
        {"explanation.dimensions.to_rise", of->to_rise, 0, KITH_OUT_OF_REACH},
        {"explanation.dimensions.to_keep", of->to_keep, 0, KITH_OUT_OF_REACH},
        {"explanation.dimensions.score", of->score, 0, SCORE_MOST},
    };
    return check_ranges(ranges, sizeof ranges / sizeof *ranges, error);
}

/* ---- what is the policy's ---- */

/* The tiers that are told of follow from the two that the member has and had. */
static kith_status check_tiers(const kith_explanation *of, const struct kithp_figures *policy, kith_error *error)
{
    const uint32_t count = policy->tier_count;
    if (of->tier >= count)
        return fail_value(error, "explanation.tier");
    if (of->tier_before >= count)
        return fail_value(error, "explanation.tier_before");
    uint32_t higher = of->tier > of->tier_before ? of->tier : of->tier_before;
    if (of->next_tier != (of->pinned || higher + 1 == count ? KITH_NO_TIER : higher + 1))
        return fail_value(error, "explanation.next_tier");
    if (of->keep_tier != (of->pinned || higher == 0 ? KITH_NO_TIER : higher))
        return fail_value(error, "explanation.keep_tier");
    return KITH_OK;
}

static bool has_terms_of(const kith_explanation *of, const struct kithp_figures *policy)
{
    static const struct kithp_tier none;
    const struct kithp_tier *next = of->next_tier == KITH_NO_TIER ? &none : &policy->tiers[of->next_tier];
    const struct kithp_tier *keep = of->keep_tier == KITH_NO_TIER ? &none : &policy->tiers[of->keep_tier];
    return of->promote_at == next->promote_at && of->min_active_days == next->min_active_days &&
           of->min_supporters == next->min_supporters && of->keep_at == keep->keep_at;
}

static bool has_figures_of(const kith_explanation *of, const struct kithp_figures *policy)
{
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++)
        if (of->dimensions[d].weight != policy->weights[d] || of->dimensions[d].half_points != policy->half_points[d])
            return false;
    return of->grace_weeks == policy->grace_weeks && of->core_days == policy->core_days &&
           of->silent_limit == policy->silent_days && of->dormant_limit == policy->dormant_days &&
           of->drop_percent == policy->drop_percent && of->risk_percent == policy->risk_percent &&
           of->baseline_needed == policy->drop_baseline_weeks && of->drop_min_per_week == policy->drop_min_per_week;
}

/* Whether a slot counts by the limits that its credit has; of `each`, that it limits nothing where there is none. */
static bool is_limited_by(const kith_explained_slot *slot, const kith_credit *credit)
{
    uint32_t most = credit->cap > 0 && credit->cap < slot->each ? credit->cap : slot->each;
    return slot->counted == most && (credit->each > 0 || slot->each == slot->quantity);
}

static kith_status check_slot(const kith_explained_slot *slot, const struct kithp_figures *policy, kith_error *error)
{
    const struct range ranges[] = {
        {"explanation.slots.kind", slot->kind, 0, policy->kind_count - 1},
        {"explanation.slots.role", slot->role, 0, KITH_RECEIVES},
        {"explanation.slots.each", slot->each, 0, slot->quantity},
        {"explanation.slots.counted", slot->counted, 0, slot->each},
        {"explanation.slots.points", slot->points, -POINTS_MOST, POINTS_MOST},
    };
    kith_status status = check_ranges(ranges, sizeof ranges / sizeof *ranges, error);
    if (status != KITH_OK)
        return status;
    const struct kithp_kind *kind = &policy->kinds[slot->kind];
    const kith_credit *credit = slot->role == KITH_GIVES ? &kind->gives : &kind->receives;
    bool same = credit->given && slot->dimension == credit->dimension && slot->unit == credit->points;
    return same && is_limited_by(slot, credit) ? KITH_OK : fail_policy(error);
}

kith_status kithp_check_explanation(const kith_explanation *explanation, const struct kithp_figures *policy,
                                    kith_error *error)
{
    kith_status status = check_member(explanation, error);
    if (status == KITH_OK)
        status = check_counts(explanation, error);
    for (uint32_t d = 0; d < KITH_DIMENSIONS && status == KITH_OK; d++)
        status = check_dimension(&explanation->dimensions[d], error);
    if (status == KITH_OK)
        status = check_tiers(explanation, policy, error);
    if (status == KITH_OK && (!has_terms_of(explanation, policy) || !has_figures_of(explanation, policy)))
        status = fail_policy(error);
    for (uint64_t i = 0; i < explanation->slot_count && status == KITH_OK; i++)
        status = check_slot(&explanation->slots[i], policy, error);
    return status;
}
