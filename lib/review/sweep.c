/* SPDX-License-Identifier: MIT */
#include "review/sweep.h"

#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "policy/carry.h"
#include "review/member.h"
#include "tally/rows.h"

bool kithp_sweep_init(struct kithp_sweep *sweep, const kith_allocator *allocator, const struct kithp_figures *figures,
                      const struct kithp_members *members, uint32_t threads)
{
    memset(sweep, 0, sizeof *sweep);
    sweep->allocator = allocator;
    sweep->figures = figures;
    sweep->carry = kithp_carry_of(figures->half_life_weeks);
    sweep->threads = threads;
    kithp_carried_init(&sweep->carried, allocator, figures, members);
    uint32_t ranges = kithp_parallel_ranges(threads, UINT32_MAX);
    sweep->outcomes = kithp_alloc_array(allocator, ranges, sizeof *sweep->outcomes);
    return sweep->outcomes;
}

void kithp_sweep_free(struct kithp_sweep *sweep)
{
    kithp_carried_free(&sweep->carried);
    kithp_alloc_free(sweep->allocator, sweep->outcomes);
}

struct kithp_member_week kithp_sweep_week_of(const struct kithp_sweep *sweep, const struct kithp_tally *tally,
                                             int64_t number)
{
    int64_t first_day = kithp_calendar_first_day(&sweep->figures->calendar, number);
    return (struct kithp_member_week){
        .figures = sweep->figures,
        .slots = &tally->slots,
        .week = kithp_tally_find(tally, number),
        .carry = sweep->carry,
        .number = number,
        .begin = kithp_calendar_begin(&sweep->figures->calendar, number),
        .first_day = first_day,
        .last_day = first_day + KITHP_DAYS_A_WEEK - 1,
    };
}

/* What one thread's part of a sweep has brought. */
struct part {
    /* It writes behind the rows of earlier weeks, in a place of its own; the gaps are closed afterwards. */
    struct kithp_segment segments[KITHP_LISTS];
    struct kithp_review_week summary; /* of the week that is finished */
    bool knows;                       /* somebody is known in the week under review */
};

/* A sweep over all members, as its threads see it. */
struct pass {
    struct kithp_sweep *sweep;
    struct kithp_member_week of; /* the week under review, if one is */
    bool reviews;
    bool finishes;
    kith_review *review;
    struct part parts[KITHP_PARALLEL_MOST];
};

/* ---- first step: what the member's own past decides ---- */

static inline void review_member(const struct pass *pass, struct part *part, uint32_t member,
                                 const struct kithp_row *row, struct kithp_carried *state, uint32_t *baseline)
{
    struct kithp_tier_change change = kithp_member_review(&pass->of, row, state, baseline);
    part->knows = true;
    if (!change.changed || !(pass->review->tables & KITH_CHANGES))
        return;
    const struct kithp_review_row moved = {
        .member = member,
        .score = state->score,
        .from = change.from,
        .to = change.to,
        .reason = change.reason,
    };
    kithp_segment_add(&part->segments[KITHP_LIST_CHANGES], KITHP_LIST_CHANGES, &moved);
}

/* ---- second step: the risk, and what is to be reported ---- */

static inline void count_member(struct kithp_review_week *summary, const struct kithp_carried *state)
{
    summary->members++;
    summary->active_members += state->acted & 1;
    summary->score_sum += state->score;
    summary->stages[state->stage]++;
    summary->tiers[state->tier]++;
}

static void add_history(struct kithp_segment *segment, uint32_t member, const struct kithp_carried *state)
{
    struct kithp_review_row row = {
        .member = member,
        .score = state->score,
        .tier = state->tier,
        .stage = state->stage,
        .flags = state->flags,
    };
    memcpy(row.dimensions, state->dimensions, sizeof row.dimensions);
    kithp_segment_add(segment, KITHP_LIST_HISTORY, &row);
}

static inline void finish_member(const struct pass *pass, struct part *part, uint32_t member, int16_t risk,
                                 struct kithp_carried *state)
{
    kithp_member_finish(pass->sweep->figures, risk, state);
    if (!state->left_out)
        count_member(&part->summary, state);

    uint8_t raised = (uint8_t)(state->flags & ~state->flags_before);
    if (pass->review->tables & KITH_FLAGS) {
        const struct kithp_review_row row = {.member = member, .flags = raised};
        kithp_segment_add_if(&part->segments[KITHP_LIST_FLAGS], KITHP_LIST_FLAGS, &row, raised != 0);
    }
    if (pass->review->tables & KITH_HISTORY)
        add_history(&part->segments[KITHP_LIST_HISTORY], member, state);
}

/* ---- both ---- */

/* What a part goes by from member to member. */
struct walk {
    struct kithp_risk_week *outcomes;
    struct kithp_risks risks;
    struct kithp_rows rows;
    bool has_row;
};

/* Members whose states lie one behind the other. */
static void sweep_chunk(const struct pass *pass, struct part *part, struct walk *walk, uint32_t begin, uint32_t end)
{
    struct kithp_carried *state = kithp_carried_of(&pass->sweep->carried, begin);
    uint32_t *baseline = kithp_carried_baseline(&pass->sweep->carried, begin);
    const uint32_t weeks = pass->sweep->figures->drop_baseline_weeks;
    const bool reviews = pass->reviews, finishes = pass->finishes;
    for (uint32_t member = begin; member < end; member++, state++, baseline += weeks) {
        const struct kithp_row *row = walk->has_row && walk->rows.row.member == member ? &walk->rows.row : NULL;
        bool known = state->joined != KITH_NO_TIME;
        if (known && finishes)
            finish_member(pass, part, member, kithp_risks_of(&walk->risks, state), state);
        if ((known || row) && reviews) {
            review_member(pass, part, member, row, state, baseline);
            kithp_risk_count(state, walk->outcomes);
        }
        if (row)
            walk->has_row = kithp_rows_next(&walk->rows);
    }
}

static void sweep_range(void *context, uint32_t range, uint32_t begin, uint32_t end)
{
    struct pass *pass = context;
    /* Of its own, as what several threads write should not lie in one line of the cache. */
    struct part part = {.knows = false};
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
        part.segments[kind] = kithp_segment_at(kithp_list_room(&pass->review->lists[kind], kind, begin, range));
    struct walk walk = {.outcomes = &pass->sweep->outcomes[range]};
    kithp_risks_init(&walk.risks, &pass->sweep->risk);
    kithp_rows_begin(&walk.rows, pass->of.week, begin);
    walk.has_row = kithp_rows_next(&walk.rows);
    for (uint32_t next; begin < end; begin = next) {
        next = (begin / KITHP_CHUNK_ITEMS + 1) * KITHP_CHUNK_ITEMS;
        next = next < end ? next : end;
        sweep_chunk(pass, &part, &walk, begin, next);
    }
    pass->parts[range] = part;
}

static void add_summary(struct kithp_review_week *sum, const struct kithp_review_week *more)
{
    sum->members += more->members;
    sum->active_members += more->active_members;
    sum->score_sum += more->score_sum;
    for (unsigned i = 0; i < KITH_STAGES; i++)
        sum->stages[i] += more->stages[i];
    for (unsigned i = 0; i < KITHP_TIERS_MOST; i++)
        sum->tiers[i] += more->tiers[i];
}

/* Goes over the first `members` members, and puts together what the ranges have brought. */
static void run(struct pass *pass, uint32_t members)
{
    struct kithp_sweep *sweep = pass->sweep;
    kith_review *review = pass->review;
    uint32_t ranges = kithp_parallel_ranges(sweep->threads, members);
    if (pass->reviews)
        memset(sweep->outcomes, 0, ranges * sizeof *sweep->outcomes);
    kithp_parallel_run(sweep->threads, members, sweep_range, pass);
    for (uint32_t i = 0; i < ranges; i++) {
        const struct part *part = &pass->parts[i];
        for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
            kithp_list_close(&review->lists[kind], &part->segments[kind]);
        if (pass->finishes)
            add_summary(&review->weeks[review->week_count - 1], &part->summary);
        if (pass->reviews)
            kithp_risk_add_week(&sweep->risk, &sweep->outcomes[i]);
        pass->parts[0].knows |= part->knows;
    }
    if (pass->finishes) {
        size_t *ends = review->weeks[review->week_count - 1].ends;
        ends[KITHP_LIST_FLAGS] = review->lists[KITHP_LIST_FLAGS].used;
        ends[KITHP_LIST_HISTORY] = review->lists[KITHP_LIST_HISTORY].used;
    }
    sweep->unfinished = false;
}

bool kithp_sweep_week(struct kithp_sweep *sweep, const struct kithp_tally *tally, int64_t number, uint32_t members,
                      kith_review *review)
{
    /* For both steps of this week, and where there is one to be finished for the second of that. */
    size_t steps = sweep->unfinished ? 2 : 1;
    if (!kithp_carried_extend(&sweep->carried, members) || !kithp_carried_own_all(&sweep->carried) ||
        !kithp_review_reserve(review, members * steps, KITHP_PARALLEL_MOST * steps))
        return false;
    struct pass pass = {
        .sweep = sweep,
        .of = kithp_sweep_week_of(sweep, tally, number),
        .reviews = true,
        .finishes = sweep->unfinished,
        .review = review,
    };
    /* Members have their numbers in the order in which they came: those of weeks to come are not known yet. */
    uint32_t named = kithp_rows_members(pass.of.week);
    if (sweep->reached < named)
        sweep->reached = named < members ? named : members;
    run(&pass, sweep->reached);
    /* Nobody is known before the first event that counts, and no week is shown. */
    if (pass.parts[0].knows) {
        int64_t first_day = kithp_calendar_first_day(&sweep->figures->calendar, number);
        struct kithp_review_week *week = &review->weeks[review->week_count++];
        *week = (struct kithp_review_week){.first_day = (int32_t)first_day};
        for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
            week->ends[kind] = review->lists[kind].used;
        sweep->begun = sweep->unfinished = true;
    }
    sweep->last_week = number;
    return true;
}

void kithp_sweep_finish(struct kithp_sweep *sweep, kith_review *review)
{
    if (!sweep->unfinished)
        return;
    struct pass pass = {.sweep = sweep, .finishes = true, .review = review};
    run(&pass, sweep->reached);
}
