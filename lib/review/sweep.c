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
    sweep->outcomes = kithp_alloc_array(allocator, threads > 0 ? threads : 1, sizeof *sweep->outcomes);
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

/* A sweep over all members, as its threads see it. */
struct pass {
    struct kithp_sweep *sweep;
    struct kithp_member_week of; /* the week under review, if one is */
    bool reviews;
    bool finishes;
    kith_review *review;
    struct kithp_review_week summaries[KITHP_PARALLEL_MOST]; /* of the week that is finished */
    bool knows[KITHP_PARALLEL_MOST];                         /* somebody is known in the week under review */
    /* Each range writes behind the rows of earlier weeks, in a place of its own; the gaps are closed afterwards. */
    size_t begins[KITHP_PARALLEL_MOST];
    size_t changes[KITHP_PARALLEL_MOST];
    size_t flags[KITHP_PARALLEL_MOST];
    size_t history[KITHP_PARALLEL_MOST];
};

static struct kithp_review_row *next_row(struct kithp_review_rows *list, size_t begin, size_t *count)
{
    return &list->rows[list->count + begin + (*count)++];
}

static struct kithp_review_row row_of(size_t week, uint32_t member, const struct kithp_carried *state)
{
    struct kithp_review_row row = {
        .week = (uint32_t)week,
        .member = member,
        .score = state->score,
        .tier = state->tier,
        .stage = state->stage,
        .flags = state->flags,
    };
    memcpy(row.dimensions, state->dimensions, sizeof row.dimensions);
    return row;
}

/* ---- first step: what the member's own past decides ---- */

static void review_member(struct pass *pass, uint32_t range, uint32_t member, const struct kithp_row *row,
                          struct kithp_carried *state, uint32_t *baseline)
{
    struct kithp_tier_change change = kithp_member_review(&pass->of, row, state, baseline);
    kithp_risk_count(state, &pass->sweep->outcomes[range]);
    if (!change.changed || !(pass->review->tables & KITH_CHANGES))
        return;
    struct kithp_review_row *out = next_row(&pass->review->changes, pass->begins[range], &pass->changes[range]);
    *out = row_of(pass->review->week_count, member, state);
    out->from = change.from;
    out->to = change.to;
    out->reason = change.reason;
}

/* ---- second step: the risk, and what is to be reported ---- */

static void count_member(struct kithp_review_week *summary, const struct kithp_carried *state)
{
    summary->members++;
    summary->active_members += state->acted & 1;
    summary->score_sum += state->score;
    summary->stages[state->stage]++;
    summary->tiers[state->tier]++;
}

static void finish_member(struct pass *pass, uint32_t range, uint32_t member, struct kithp_risks *risks,
                          struct kithp_carried *state)
{
    kithp_member_finish(pass->sweep->figures, kithp_risks_of(risks, state), state);
    if (!state->left_out)
        count_member(&pass->summaries[range], state);

    kith_review *review = pass->review;
    size_t week = review->week_count - 1;
    uint8_t raised = (uint8_t)(state->flags & ~state->flags_before);
    if (raised && review->tables & KITH_FLAGS) {
        struct kithp_review_row *out = next_row(&review->flags, pass->begins[range], &pass->flags[range]);
        *out = row_of(week, member, state);
        out->flags = raised;
    }
    if (review->tables & KITH_HISTORY)
        *next_row(&review->history, pass->begins[range], &pass->history[range]) = row_of(week, member, state);
}

/* ---- both ---- */

/* What a range goes by from member to member. */
struct walk {
    struct kithp_risks risks;
    struct kithp_rows rows;
    bool has_row;
};

/* Members whose states lie one behind the other. */
static void sweep_chunk(struct pass *pass, uint32_t range, struct walk *walk, uint32_t begin, uint32_t end)
{
    struct kithp_carried *states = kithp_carried_of(&pass->sweep->carried, begin);
    uint32_t *baseline = kithp_carried_baseline(&pass->sweep->carried, begin);
    const uint32_t weeks = pass->sweep->figures->drop_baseline_weeks;
    for (uint32_t member = begin; member < end; member++, states++, baseline += weeks) {
        const struct kithp_row *row = walk->has_row && walk->rows.row.member == member ? &walk->rows.row : NULL;
        bool known = states->joined != KITH_NO_TIME;
        if (known && pass->finishes)
            finish_member(pass, range, member, &walk->risks, states);
        if ((known || row) && pass->reviews) {
            review_member(pass, range, member, row, states, baseline);
            pass->knows[range] = true;
        }
        if (row)
            walk->has_row = kithp_rows_next(&walk->rows);
    }
}

static void sweep_range(void *context, uint32_t range, uint32_t begin, uint32_t end)
{
    struct pass *pass = context;
    struct walk walk;
    pass->begins[range] = begin;
    kithp_risks_init(&walk.risks, &pass->sweep->risk);
    kithp_rows_begin(&walk.rows, pass->of.week, begin);
    walk.has_row = kithp_rows_next(&walk.rows);
    for (uint32_t next; begin < end; begin = next) {
        next = (begin / KITHP_CHUNK_ITEMS + 1) * KITHP_CHUNK_ITEMS;
        next = next < end ? next : end;
        sweep_chunk(pass, range, &walk, begin, next);
    }
}

static void close_gaps(struct kithp_review_rows *list, const size_t *begins, const size_t *counts, uint32_t ranges)
{
    size_t count = 0;
    for (uint32_t i = 0; i < ranges; i++) {
        if (counts[i] > 0)
            memmove(list->rows + list->count + count, list->rows + list->count + begins[i],
                    counts[i] * sizeof *list->rows);
        count += counts[i];
    }
    list->count += count;
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
    close_gaps(&review->changes, pass->begins, pass->changes, ranges);
    close_gaps(&review->flags, pass->begins, pass->flags, ranges);
    close_gaps(&review->history, pass->begins, pass->history, ranges);
    for (uint32_t i = 0; i < ranges; i++) {
        if (pass->finishes)
            add_summary(&review->weeks[review->week_count - 1], &pass->summaries[i]);
        if (pass->reviews)
            kithp_risk_add_week(&sweep->risk, &sweep->outcomes[i]);
        pass->knows[0] |= pass->knows[i];
    }
    sweep->unfinished = false;
}

bool kithp_sweep_week(struct kithp_sweep *sweep, const struct kithp_tally *tally, int64_t number, uint32_t members,
                      kith_review *review)
{
    /* For both steps of this week, and where there is one to be finished for the second of that. */
    if (!kithp_carried_extend(&sweep->carried, members) || !kithp_carried_own_all(&sweep->carried) ||
        !kithp_review_reserve(review, (size_t)members * (sweep->unfinished ? 2 : 1)))
        return false;
    struct pass pass = {
        .sweep = sweep,
        .of = kithp_sweep_week_of(sweep, tally, number),
        .reviews = true,
        .finishes = sweep->unfinished,
        .review = review,
    };
    run(&pass, members);
    /* Nobody is known before the first event that counts, and no week is shown. */
    if (pass.knows[0]) {
        int64_t first_day = kithp_calendar_first_day(&sweep->figures->calendar, number);
        review->weeks[review->week_count++] = (struct kithp_review_week){.first_day = (int32_t)first_day};
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
    run(&pass, sweep->carried.states.count);
}
