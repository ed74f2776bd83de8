/* SPDX-License-Identifier: MIT */
/*
 * Explanations add up: whatever a table says of a member follows from the figures given, by docs/model.md as it is
 * written down once more here.
 */
#include <dirent.h>
#include <math.h>

#include "community_support.h"
#include "engine/engine.h"

#define MOST (INT64_C(1) << 40)

/* ---- the model, once more ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return (int64_t)floorl((long double)a / (long double)b);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t carry_of(const struct kithp_figures *figures)
{
    if (figures->half_life_weeks == 0)
        return 0;
    return (int64_t)floor(65536 * pow(2, -1 / (figures->half_life_weeks / 100.0)) + 0.5);
}

static int64_t day_of(const struct kithp_figures *figures, int64_t time)
{
    return floor_div(time + figures->calendar.utc_offset, DAY);
}

static uint32_t lowest_of(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void check_slots(const struct kithp_figures *figures, const kith_explanation *e)
{
    int64_t earned[KITH_DIMENSIONS] = {0};
    assert_true(e->slot_count <= KITH_SLOTS_MOST);
    for (uint64_t i = 0; i < e->slot_count; i++) {
        const kith_explained_slot *slot = &e->slots[i];
        assert_true(slot->kind < figures->kind_count && slot->role <= KITH_RECEIVES);
        assert_true(i == 0 || slot[-1].kind * 2 + slot[-1].role < slot->kind * 2 + slot->role);
        const struct kithp_kind *kind = &figures->kinds[slot->kind];
        const kith_credit *credit = slot->role == KITH_GIVES ? &kind->gives : &kind->receives;
        assert_int_equal(credit->given, 1);
        assert_int_equal(slot->dimension, credit->dimension);
        assert_int_equal(slot->unit, credit->points);
        assert_true(slot->quantity > 0 && slot->each > 0 && slot->each <= slot->quantity);
        assert_true(credit->each > 0 || slot->each == slot->quantity);
        assert_int_equal(slot->counted, credit->cap > 0 ? lowest_of(slot->each, credit->cap) : slot->each);
        assert_int_equal(slot->points, clamp((int64_t)slot->unit * slot->counted, -MOST, MOST));
        assert_int_equal(slot->reserved, 0);
        earned[slot->dimension] += slot->points;
    }
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(e->dimensions[d].earned, earned[d]);
    for (uint64_t i = e->slot_count; i < KITH_SLOTS_MOST; i++)
        assert_int_equal(e->slots[i].quantity, 0);
}

/* The score that remembered points give; more is what one dimension would have beside its own. */
static int32_t score_with(const kith_explanation *e, unsigned dimension, int64_t more)
{
    int64_t sum = 0;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        const kith_explained_dimension *of = &e->dimensions[d];
        int64_t remembered = clamp(of->carried_over + of->earned + (d == dimension ? more : 0), 0, MOST);
        sum += of->weight * (10000 * remembered / (remembered + of->half_points));
    }
    return (int32_t)(sum / 1000);
}

/* By trying: the least that is enough. */
static int64_t missing_for(const kith_explanation *e, unsigned dimension, int32_t wanted)
{
    int64_t low = 0, high = INT64_C(1) << 50;
    if (score_with(e, dimension, high) < wanted)
        return KITH_OUT_OF_REACH;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (score_with(e, dimension, middle) >= wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void check_score(const struct kithp_figures *figures, const kith_explanation *e)
{
    int64_t sum = 0;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        const kith_explained_dimension *of = &e->dimensions[d];
        assert_int_equal(of->weight, figures->weights[d]);
        assert_int_equal(of->half_points, figures->half_points[d]);
        assert_int_equal(of->carried_over, floor_div(of->before * carry_of(figures), 65536));
        assert_int_equal(of->remembered, clamp(of->carried_over + of->earned, 0, MOST));
        assert_int_equal(of->score, 10000 * of->remembered / (of->remembered + of->half_points));
        sum += of->weight * of->score;
    }
    assert_int_equal(e->score, sum / 1000);
}

static void check_thresholds(const struct kithp_figures *figures, const kith_explanation *e)
{
    uint32_t keep = e->tier > e->tier_before ? e->tier : e->tier_before;
    bool rises = keep + 1 < figures->tier_count, keeps = keep > 0;
    assert_int_equal(e->next_tier, rises ? keep + 1 : KITH_NO_TIER);
    assert_int_equal(e->promote_at, rises ? figures->tiers[keep + 1].promote_at : 0);
    assert_int_equal(e->min_active_days, rises ? figures->tiers[keep + 1].min_active_days : 0);
    assert_int_equal(e->min_supporters, rises ? figures->tiers[keep + 1].min_supporters : 0);
    assert_int_equal(e->keep_tier, keeps ? keep : KITH_NO_TIER);
    assert_int_equal(e->keep_at, keeps ? figures->tiers[keep].keep_at : 0);
    assert_int_equal(e->grace_weeks, figures->grace_weeks);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        assert_int_equal(e->dimensions[d].to_rise, rises ? missing_for(e, d, e->promote_at) : 0);
        assert_int_equal(e->dimensions[d].to_keep, keeps ? missing_for(e, d, e->keep_at) : 0);
    }
}

/* The five rules, in their order. */
static void check_tier(const struct kithp_figures *figures, const kith_explanation *e)
{
    uint32_t tier = e->tier_before, below = 0, reason = 0;
    uint32_t open = 0;
    for (uint32_t i = 1; i < figures->tier_count && e->acted; i++)
        if (e->score >= figures->tiers[i].promote_at && e->active_days >= figures->tiers[i].min_active_days &&
            e->supporters >= figures->tiers[i].min_supporters)
            open = i;
    if (open > tier) {
        reason = open == tier + 1 ? KITH_CHANGE_PROMOTED : KITH_CHANGE_SKIPPED;
        tier = open;
    } else if (e->on_leave) {
        below = e->weeks_below_before;
    } else if (tier > 0 && e->silent_days >= figures->dormant_days) {
        reason = KITH_CHANGE_DORMANT;
        tier--;
    } else if (tier > 0 && e->score < figures->tiers[tier].keep_at) {
        below = e->weeks_below_before + 1;
        if (below >= figures->grace_weeks) {
            reason = KITH_CHANGE_DEMOTED;
            below = 0;
            tier--;
        }
    }
    assert_int_equal(e->tier, tier);
    assert_int_equal(e->changed, tier != e->tier_before);
    assert_int_equal(e->reason, reason);
    assert_int_equal(e->weeks_below, below);
}

static void check_silence(const struct kithp_figures *figures, const kith_explanation *e)
{
    int64_t last = day_of(figures, e->last_seen == KITH_NO_TIME ? e->joined : e->last_seen);
    if (e->leave_end > 0 && e->leave_end - 1 > last)
        last = e->leave_end - 1;
    assert_int_equal(e->silent_days, e->as_of_day > last ? e->as_of_day - last : 0);
    assert_int_equal(e->on_leave, e->leave_end > 0 && e->leave_end > e->week);
    assert_true(e->provisional ? e->as_of_day >= e->week && e->as_of_day <= e->week + 6 : e->as_of_day == e->week + 6);
    assert_int_equal(e->silent_limit, figures->silent_days);
    assert_int_equal(e->dormant_limit, figures->dormant_days);
}

static uint32_t flags_of(const struct kithp_figures *figures, const kith_explanation *e)
{
    uint32_t flags = 0;
    if (e->acted && e->flags_before & KITH_FLAG_DORMANT)
        flags |= KITH_FLAG_RETURNED;
    if (e->risk >= (int32_t)(100 * e->risk_percent))
        flags |= KITH_FLAG_AT_RISK;
    if (e->on_leave)
        return flags;
    if (e->silent_days >= e->silent_limit)
        flags |= KITH_FLAG_SILENT;
    if (e->silent_days >= e->dormant_limit)
        flags |= KITH_FLAG_DORMANT;
    if (e->baseline_weeks == e->baseline_needed && e->baseline > 0 &&
        e->baseline >= (uint64_t)e->baseline_needed * e->drop_min_per_week &&
        e->interactions * e->baseline_needed * 100 <= e->baseline * (100 - e->drop_percent) && !e->provisional)
        flags |= KITH_FLAG_DROP;
    if (flags & KITH_FLAG_SILENT && e->own_days <= 1 && e->as_of_day - day_of(figures, e->joined) < e->dormant_limit)
        flags |= KITH_FLAG_STALLED;
    return flags;
}

static uint32_t stage_of(const kith_explanation *e)
{
    if (e->age == 0)
        return KITH_STAGE_NEW;
    if (e->flags & KITH_FLAG_RETURNED)
        return KITH_STAGE_RETURNED;
    if (e->active_days >= e->core_days)
        return KITH_STAGE_CORE;
    if (e->acted)
        return KITH_STAGE_ACTIVE;
    if (e->on_leave)
        return KITH_STAGE_AWAY;
    return e->flags & KITH_FLAG_DORMANT ? KITH_STAGE_DORMANT : KITH_STAGE_SILENT;
}

static void check_risk(const kith_explanation *e)
{
    assert_int_equal(e->pattern & 1, e->acted);
    if (e->all < 100 || e->pattern == 0 || e->on_leave || e->left_out) {
        assert_int_equal(e->risk, -1);
        assert_int_equal(e->all + e->all_lost + e->similar + e->similar_lost + e->alike + e->lost, 0);
        return;
    }
    assert_true(e->all >= e->similar && e->similar >= e->alike && e->alike >= e->lost);
    uint64_t g = 10000 * (e->all_lost + 1) / (e->all + 2);
    uint64_t q = (10000 * e->similar_lost + 20 * g) / (e->similar + 20);
    assert_int_equal(e->risk, (10000 * e->lost + 20 * q) / (e->alike + 20));
}

static void check(const struct kithp_figures *figures, const kith_explanation *e)
{
    check_slots(figures, e);
    check_score(figures, e);
    check_thresholds(figures, e);
    check_tier(figures, e);
    check_silence(figures, e);
    check_risk(e);
    assert_int_equal(e->risk_percent, figures->risk_percent);
    assert_int_equal(e->core_days, figures->core_days);
    assert_int_equal(e->baseline_needed, figures->drop_baseline_weeks);
    assert_int_equal(e->drop_percent, figures->drop_percent);
    assert_int_equal(e->drop_min_per_week, figures->drop_min_per_week);
    assert_int_equal(e->flags, flags_of(figures, e));
    assert_int_equal(e->stage, stage_of(e));
    assert_int_equal(e->pinned, 0);
}

static void check_against(const kith_explanation *e, const kith_standing_row *row)
{
    assert_int_equal(e->score, row->score);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(e->dimensions[d].score, row->dimensions[d]);
    assert_int_equal(e->risk, row->risk);
    assert_int_equal(e->tier, row->tier);
    assert_int_equal(e->stage, row->stage);
    assert_int_equal(e->flags, row->flags);
    assert_int_equal(e->active_days, row->active_days);
    assert_int_equal(e->silent_days, row->silent_days);
    assert_int_equal(e->joined, row->joined);
    assert_int_equal(e->last_seen, row->last_seen);
    assert_int_equal(e->id, row->id);
    assert_int_equal(e->member.length, row->member.length);
    assert_memory_equal(e->member.data, row->member.data, e->member.length);
}

/* What one review leaves is what the next one begins with. */
static void check_follows(const kith_explanation *e, const kith_explanation *before)
{
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(e->dimensions[d].before, before->dimensions[d].remembered);
    assert_int_equal(e->tier_before, before->tier);
    assert_int_equal(e->weeks_below_before, before->weeks_below);
    assert_int_equal(e->flags_before, before->flags);
    assert_int_equal(e->pattern >> 1, before->pattern & 0x7F);
    assert_int_equal(e->age, before->age < 7 ? before->age + 1 : 7);
    assert_true(e->own_days >= before->own_days);
}

/* ---- communities ---- */

/* An engine under a policy, whose weeks are reviewed one by one. */
struct community {
    kith_policy *policy;
    kith_engine *engine;
    kith_explanation *last; /* by id of the member; those of the review before; size is 0 where there was none */
    uint64_t capacity;
    uint64_t reviewed;
    uint64_t changed;
    uint64_t flagged;
    uint64_t with_risk;
};

static kith_explanation explain(kith_engine *engine, uint64_t id, int64_t as_of)
{
    kith_explanation explanation;
    kith_error error = NO_ERROR;
    memset(&explanation, 0xA5, sizeof explanation);
    explanation.size = sizeof explanation;
    assert_status(kith_engine_explain(engine, id, as_of, &explanation, &error), KITH_OK, &error);
    assert_int_equal(explanation.size, sizeof explanation);
    assert_int_equal(explanation.provisional, as_of != KITH_LAST_REVIEW);
    return explanation;
}

static void community_init(struct community *community, const char *policy)
{
    *community = (struct community){.policy = policy_of(policy)};
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = 2;
    assert_int_equal(kith_engine_new(community->policy, &options, &community->engine, NULL), KITH_OK);
}

static void community_free(struct community *community)
{
    kith_engine_free(community->engine);
    kith_policy_free(community->policy);
    free(community->last);
}

static kith_explanation *last_of(struct community *community, uint64_t id)
{
    if (id >= community->capacity) {
        uint64_t capacity = 2 * id + 16;
        community->last = realloc(community->last, capacity * sizeof *community->last);
        assert_non_null(community->last);
        memset(community->last + community->capacity, 0, (capacity - community->capacity) * sizeof *community->last);
        community->capacity = capacity;
    }
    return &community->last[id];
}

static void check_member(struct community *community, const kith_standing_row *row, int64_t week_begin)
{
    uint64_t id = 0;
    assert_int_equal(kith_engine_find_id(community->engine, row->member, &id, NULL), KITH_OK);
    kith_explanation now = explain(community->engine, id, KITH_LAST_REVIEW);
    assert_int_equal(now.week, day_of(&community->policy->figures, week_begin));
    check(&community->policy->figures, &now);
    check_against(&now, row);
    kith_explanation *before = last_of(community, id);
    if (before->size > 0) {
        check_follows(&now, before);
    } else {
        assert_int_equal(now.tier_before + now.weeks_below_before + now.flags_before + now.age, 0);
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
            assert_int_equal(now.dimensions[d].before, 0);
    }
    *before = now;
    community->reviewed++;
    community->changed += now.changed;
    community->flagged += now.flags != 0;
    community->with_risk += now.risk >= 0;
}

static void check_changes(struct community *community, const kith_review *review)
{
    kith_table *changes = NULL;
    assert_int_equal(kith_review_get_table(review, KITH_CHANGES, &changes, NULL), KITH_OK);
    for (uint64_t i = 0; i < kith_table_rows(changes); i++) {
        kith_change_row row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(changes, i, &row, NULL), KITH_OK);
        uint64_t id = 0;
        assert_int_equal(kith_engine_find_id(community->engine, row.member, &id, NULL), KITH_OK);
        kith_explanation now = explain(community->engine, id, KITH_LAST_REVIEW);
        assert_int_equal(now.changed, 1);
        assert_int_equal(now.tier_before, row.from);
        assert_int_equal(now.tier, row.to);
        assert_int_equal(now.reason, row.reason);
        assert_int_equal(now.week, row.week);
    }
    kith_table_free(changes);
}

/* Everybody at a moment in a week that is open, those included whom no reviewed week names. */
static void check_moment(struct community *community, int64_t as_of)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(community->engine, &info, NULL), KITH_OK);
    for (uint64_t id = 1; id <= info.members; id++) {
        kith_standing_row row = {.size = sizeof row};
        kith_explanation now = {.size = sizeof now};
        kith_status status = kith_engine_get_standing(community->engine, id, as_of, &row, NULL);
        assert_int_equal(kith_engine_explain(community->engine, id, as_of, &now, NULL), status);
        if (status != KITH_OK)
            continue;
        now = explain(community->engine, id, as_of);
        check(&community->policy->figures, &now);
        check_against(&now, &row);
        assert_int_equal(now.as_of_day, day_of(&community->policy->figures, as_of));
        assert_int_equal(now.leave_end, row.leave_end);
        assert_int_equal(now.on_leave, row.on_leave);
        assert_int_equal(now.left_out, row.left_out);
    }
}

/* Reviews one week, with moments in it and behind it before, and compares every member with the tables. */
static void check_week(struct community *community, int64_t begin, uint64_t *seed)
{
    check_moment(community, begin + chance_below(seed, (uint32_t)WEEK));
    if (chance_below(seed, 4) == 0)
        check_moment(community, begin + WEEK * (1 + chance_below(seed, 3)) + chance_below(seed, (uint32_t)WEEK));
    kith_review *review = review_until(community->engine, begin + WEEK);
    kith_table *standings = NULL;
    assert_int_equal(kith_review_get_table(review, KITH_STANDINGS, &standings, NULL), KITH_OK);
    for (uint64_t i = 0; i < kith_table_rows(standings); i++) {
        kith_standing_row row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(standings, i, &row, NULL), KITH_OK);
        check_member(community, &row, begin);
    }
    check_changes(community, review);
    kith_table_free(standings);
    kith_review_free(review);
}

/* ---- the examples of the model ---- */

static char *policy_of_vector(const char *vector)
{
    char path[512], whole[1024];
    snprintf(path, sizeof path, "vectors/%s/policy.ini", vector);
    snprintf(whole, sizeof whole, "%s/%s", TESTS_DIR, path);
    FILE *file = fopen(whole, "rb");
    if (!file)
        return NULL;
    fclose(file);
    return file_of_tests(path).bytes;
}

static void check_vector(const char *vector)
{
    char path[1024];
    char *policy = policy_of_vector(vector);
    struct community community;
    community_init(&community, policy);
    snprintf(path, sizeof path, "%s/vectors/%s/events.csv", TESTS_DIR, vector);
    kith_export input = {.size = sizeof input, .path = path};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_export(community.engine, &input, NULL, &error), KITH_OK, &error);

    kith_engine_info info = {.size = sizeof info};
    kith_week week = {.size = sizeof week};
    assert_int_equal(kith_engine_get_info(community.engine, &info, NULL), KITH_OK);
    assert_int_equal(kith_policy_get_week(community.policy, info.first_event, &week, NULL), KITH_OK);
    uint64_t seed = 1;
    for (int64_t begin = week.begin < 0 ? 0 : week.begin; begin <= info.last_event + 2 * WEEK; begin += WEEK) {
        assert_int_equal(kith_policy_get_week(community.policy, begin, &week, NULL), KITH_OK);
        check_week(&community, week.begin, &seed);
    }
    assert_true(community.reviewed > 0);
    community_free(&community);
    free(policy);
}

static void explain_adds_up_in_every_vector(void **state)
{
    (void)state;
    DIR *folder = opendir(TESTS_DIR "/vectors");
    assert_non_null(folder);
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        check_vector(entry->d_name);
        count++;
    }
    closedir(folder);
    assert_true(count >= 11);
}

/* ---- communities made up ---- */

enum { WEEKS = 24, EVENTS_A_WEEK = 70 };

/* What was done in one week: quantities by kind, actor and target, where 0 is nobody and 1 the first member. */
struct done {
    uint64_t quantity[KINDS][PEOPLE + 1][PEOPLE + 1];
};

static void act(struct community *community, struct done *done, int64_t begin, uint64_t *seed)
{
    struct drawn drawn;
    kith_error error = NO_ERROR;
    draw_event(&drawn, begin, seed);
    assert_status(kith_engine_add_event(community->engine, &drawn.event, &error), KITH_OK, &error);
    if (drawn.event.kind != KINDS)
        done->quantity[drawn.event.kind][drawn.actor][drawn.target] += drawn.event.quantity;
}

static uint32_t stop(uint64_t quantity)
{
    return quantity < UINT32_MAX ? (uint32_t)quantity : UINT32_MAX;
}

/* What counts of a slot, from all that was done: N + the sum of min(Q(m), each). */
static void check_quantity(const struct done *done, uint32_t member, const kith_explained_slot *slot, uint32_t each)
{
    uint64_t quantity = 0, counted = 0;
    for (uint32_t other = 0; other <= PEOPLE; other++) {
        uint64_t with = slot->role == KITH_GIVES ? done->quantity[slot->kind][member][other]
                                                 : done->quantity[slot->kind][other][member];
        if (other == member)
            continue;
        quantity += stop(with);
        counted += other > 0 && each > 0 ? lowest_of(stop(with), each) : stop(with);
    }
    assert_int_equal(slot->quantity, stop(quantity));
    assert_int_equal(slot->each, stop(counted));
}

/* The slots that must be filled are, with what was done. */
static void check_done(struct community *community, const struct done *done)
{
    const struct kithp_figures *figures = &community->policy->figures;
    for (uint32_t member = 1; member <= PEOPLE; member++) {
        char name[NAME_ROOM];
        uint64_t id = 0;
        snprintf(name, sizeof name, "m%u", member);
        if (kith_engine_find_id(community->engine, kith_text_of(name), &id, NULL) != KITH_OK)
            continue;
        kith_explanation now = explain(community->engine, id, KITH_LAST_REVIEW);
        uint64_t filled = 0;
        for (uint32_t kind = 0; kind < KINDS; kind++) {
            uint64_t given = 0, received = 0;
            for (uint32_t other = 0; other <= PEOPLE; other++) {
                given += other == member ? 0 : done->quantity[kind][member][other];
                received += other == member ? 0 : done->quantity[kind][other][member];
            }
            filled += given > 0 && figures->kinds[kind].gives.given;
            filled += received > 0 && figures->kinds[kind].receives.given;
        }
        assert_int_equal(now.slot_count, filled);
        for (uint64_t i = 0; i < now.slot_count; i++) {
            const kith_explained_slot *slot = &now.slots[i];
            const struct kithp_kind *kind = &figures->kinds[slot->kind];
            check_quantity(done, member, slot, (slot->role == KITH_GIVES ? kind->gives : kind->receives).each);
        }
    }
}

static void explain_adds_up_under_any_policy(void **state)
{
    (void)state;
    uint64_t changed = 0, flagged = 0, with_risk = 0;
    for (uint64_t policy = 1; policy <= 40; policy++) {
        char text[4096];
        uint64_t seed = policy;
        draw_policy(text, sizeof text, &seed);
        struct community community;
        community_init(&community, text);
        kith_week week = {.size = sizeof week};
        assert_int_equal(kith_policy_get_week(community.policy, MONDAY, &week, NULL), KITH_OK);
        for (unsigned i = 0; i < WEEKS; i++) {
            static struct done done;
            memset(&done, 0, sizeof done);
            for (unsigned n = chance_below(&seed, 6) ? chance_below(&seed, EVENTS_A_WEEK) : 0; n > 0; n--)
                act(&community, &done, week.begin + i * WEEK, &seed);
            check_week(&community, week.begin + i * WEEK, &seed);
            check_done(&community, &done);
        }
        changed += community.changed;
        flagged += community.flagged;
        with_risk += community.with_risk;
        community_free(&community);
    }
    assert_true(changed > 1000);
    assert_true(flagged > 1000);
    assert_true(with_risk > 1000);
}

/* ---- by hand ---- */

static kith_explanation explain_named(kith_engine *engine, const char *name, int64_t as_of)
{
    uint64_t id = 0;
    assert_int_equal(kith_engine_find_id(engine, kith_text_of(name), &id, NULL), KITH_OK);
    return explain(engine, id, as_of);
}

/* The worked example of docs/model.md: one article, in a week of its own. */
static void explain_tells_what_one_article_lacks(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 1);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    kith_explanation now = explain_named(engine, "ana", KITH_LAST_REVIEW);
    assert_int_equal(now.score, 571);
    assert_int_equal(now.slot_count, 1);
    assert_int_equal(now.slots[0].points, 20000);
    assert_int_equal(now.reason, KITH_CHANGE_PROMOTED);
    assert_int_equal(now.next_tier, 2);
    assert_int_equal(now.promote_at, 1500);
    assert_int_equal(now.min_supporters, 3);
    /* Content alone: 1500000 / 400 = 3750, and 3750 x 120000 / 6250 = 72000, of which 20000 are there. */
    assert_int_equal(now.dimensions[KITH_CONTENT].to_rise, 52000);
    /* Interaction alone: (1500000 - 400 x 1428) / 300 = 3096, and 3096 x 60000 / 6904 = 26906.1 */
    assert_int_equal(now.dimensions[KITH_INTERACTION].to_rise, 26907);
    assert_int_equal(now.keep_tier, 1);
    assert_int_equal(now.keep_at, 400);
    assert_int_equal(now.dimensions[KITH_CONTENT].to_keep, 0);

    /* 3.60 is below 4 three weeks later, for the first time: 400000 / 400 = 1000, 1000 x 120000 / 9000 = 13333.3 */
    kith_review_free(review_until(engine, MONDAY + 4 * WEEK));
    now = explain_named(engine, "ana", KITH_LAST_REVIEW);
    assert_int_equal(now.score, 360);
    assert_int_equal(now.dimensions[KITH_CONTENT].to_keep, 13334 - 11891);
    assert_int_equal(now.weeks_below, 1);
    assert_int_equal(now.slot_count, 0);

    /* A week on, silence costs the tier: what is told of is still the one that was lost. */
    now = explain_named(engine, "ana", MONDAY + 5 * WEEK - 1);
    assert_int_equal(now.tier, 0);
    assert_int_equal(now.tier_before, 1);
    assert_int_equal(now.reason, KITH_CHANGE_DORMANT);
    assert_int_equal(now.keep_tier, 1);
    assert_int_equal(now.next_tier, 2);
    assert_int_equal(now.dimensions[KITH_CONTENT].to_keep, 13334 - 9999);
    kith_engine_free(engine);
}

static void explain_tells_by_id(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    kith_policy *policy = policy_of(NULL);
    kith_event event = {.size = sizeof event, .time = MONDAY, .member = 77, .target = 78, .quantity = 3};
    event.kind = kind_of(policy, "like");
    assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    kith_explanation now = explain(engine, 78, MONDAY);
    assert_int_equal(now.id, 78);
    assert_int_equal(now.member.length, 0);
    assert_int_equal(now.acted, 0);
    assert_int_equal(now.last_seen, KITH_NO_TIME);
    assert_int_equal(now.slot_count, 1);
    assert_int_equal(now.slots[0].role, KITH_RECEIVES);
    assert_int_equal(now.slots[0].quantity, 3);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

static void explain_refuses_what_cannot_be_told(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.max_weeks = 10;
    kith_engine *engine = engine_with(&options);
    kith_explanation untouched, now;
    memset(&untouched, 0x5A, sizeof untouched);
    untouched.size = sizeof untouched;
    add_named(engine, MONDAY, "ana", "login", "", 1);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    add_named(engine, MONDAY + 2 * WEEK, "ben", "login", "", 1);
    uint64_t stranger = 0;
    kith_text name = TEXT("cem");
    assert_int_equal(kith_engine_get_ids(engine, &name, 1, &stranger, NULL), KITH_OK);
    const struct {
        uint64_t member;
        int64_t as_of;
        uint32_t size;
        kith_status expected;
    } cases[] = {
        {0, KITH_LAST_REVIEW, sizeof now, KITH_UNKNOWN_MEMBER},
        {99, MONDAY + WEEK, sizeof now, KITH_UNKNOWN_MEMBER},
        {stranger, MONDAY + WEEK, sizeof now, KITH_UNKNOWN_MEMBER},
        {2, KITH_LAST_REVIEW, sizeof now, KITH_UNKNOWN_MEMBER}, /* none of its weeks has been reviewed */
        {2, MONDAY + WEEK, sizeof now, KITH_UNKNOWN_MEMBER},    /* its first lies behind */
        {1, MONDAY + WEEK - 1, sizeof now, KITH_BAD_ARGUMENT},
        {1, -1, sizeof now, KITH_BAD_ARGUMENT},
        {1, INT64_C(253370764800), sizeof now, KITH_BAD_ARGUMENT},
        {1, MONDAY + 11 * WEEK, sizeof now, KITH_TOO_MANY_WEEKS},
        {1, MONDAY + WEEK, 8, KITH_BAD_ARGUMENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error error = NO_ERROR;
        now = untouched;
        now.size = cases[i].size;
        assert_status(kith_engine_explain(engine, cases[i].member, cases[i].as_of, &now, &error), cases[i].expected,
                      &error);
        now.size = untouched.size;
        assert_memory_equal(&now, &untouched, sizeof now);
    }
    assert_int_equal(kith_engine_explain(NULL, 1, KITH_LAST_REVIEW, &now, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_explain(engine, 1, KITH_LAST_REVIEW, NULL, NULL), KITH_BAD_ARGUMENT);
    assert_memory_equal(&now, &untouched, sizeof now);

    /* Another policy has taken the place of the one that the last review went by; weeks to come go by the new one. */
    engine->explains = false;
    assert_int_equal(kith_engine_explain(engine, 1, KITH_LAST_REVIEW, &now, NULL), KITH_OTHER_POLICY);
    assert_memory_equal(&now, &untouched, sizeof now);
    explain(engine, 1, MONDAY + WEEK);
    kith_review_free(review_until(engine, MONDAY + 2 * WEEK));
    explain(engine, 1, KITH_LAST_REVIEW);
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explain_adds_up_in_every_vector),      cmocka_unit_test(explain_adds_up_under_any_policy),
        cmocka_unit_test(explain_tells_what_one_article_lacks), cmocka_unit_test(explain_tells_by_id),
        cmocka_unit_test(explain_refuses_what_cannot_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
