/* SPDX-License-Identifier: MIT */
#include "review/sweep.h"

#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "policy/carry.h"
#include "review/member.h"

bool kithp_sweep_init(struct kithp_sweep *sweep, const kith_allocator *allocator, const struct kithp_figures *figures,
                      const struct kithp_members *members, uint32_t threads)
{
    memset(sweep, 0, sizeof *sweep);
    sweep->allocator = allocator;
    sweep->figures = figures;
    sweep->carry = kithp_carry_of(figures->half_life_weeks);
    sweep->threads = threads;
    kithp_carried_init(&sweep->carried, allocator, figures, members);
    if (threads > 1)
        sweep->risk_of_ranges = kithp_alloc_array(allocator, threads, sizeof *sweep->risk_of_ranges);
    return threads <= 1 || sweep->risk_of_ranges;
}

void kithp_sweep_free(struct kithp_sweep *sweep)
{
    kithp_carried_free(&sweep->carried);
    kithp_alloc_free(sweep->allocator, sweep->risk_of_ranges);
}

struct kithp_member_week kithp_sweep_week_of(const struct kithp_sweep *sweep, const struct kithp_tally *tally,
                                             int64_t number)
{
    return (struct kithp_member_week){
        .figures = sweep->figures,
        .slots = &tally->slots,
        .week = kithp_tally_find(tally, number),
        .carry = sweep->carry,
        .number = number,
        .last_day = kithp_calendar_first_day(&sweep->figures->calendar, number) + KITHP_DAYS_A_WEEK - 1,
    };
}

/* A week under review, as its threads see it. */
struct pass {
    struct kithp_sweep *sweep;
    struct kithp_member_week of;
    kith_review *review;
    struct kithp_risk_counts *counts[KITHP_PARALLEL_MOST];
    struct kithp_review_week summaries[KITHP_PARALLEL_MOST];
    bool knows[KITHP_PARALLEL_MOST]; /* a member is known, be it left out or not */
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

static struct kithp_review_row row_of(const struct pass *pass, uint32_t member, const struct kithp_carried *state)
{
    struct kithp_review_row row = {
        .week = (uint32_t)pass->review->week_count,
        .member = member,
        .score = state->score,
        .tier = state->tier,
        .stage = state->stage,
        .flags = state->flags,
    };
    memcpy(row.dimensions, state->dimensions, sizeof row.dimensions);
    return row;
}

/* ---- first sweep: what the member's own past decides ---- */

static void review_member(struct pass *pass, uint32_t range, uint32_t member)
{
    struct kithp_carried *state = kithp_carried_of(&pass->sweep->carried, member);
    uint32_t *baseline = kithp_carried_baseline(&pass->sweep->carried, member);
    const struct kithp_week *week = pass->of.week;
    const struct kithp_cell *row = week ? kithp_week_row(week, member) : NULL;
    if (!row && state->joined == KITH_NO_TIME)
        return;
    struct kithp_tier_change change = kithp_member_review(&pass->of, row, state, baseline).change;
    kithp_risk_count(state, pass->counts[range]);
    if (change.changed && pass->review->tables & KITH_CHANGES) {
        struct kithp_review_row *out = next_row(&pass->review->changes, pass->begins[range], &pass->changes[range]);
        *out = row_of(pass, member, state);
        out->from = change.from;
        out->to = change.to;
        out->reason = change.reason;
    }
}

static void first_sweep(void *context, uint32_t range, uint32_t begin, uint32_t end)
{
    /* States lie in the order of members, rows in that of events: those ahead are asked for in time. */
    enum { AHEAD = 24 };
    struct pass *pass = context;
    const struct kithp_week *week = pass->of.week;
    pass->begins[range] = begin;
    for (uint32_t member = begin; member < end; member++) {
        if (week && end - member > AHEAD)
            kithp_week_prefetch_row(week, member + AHEAD);
        review_member(pass, range, member);
    }
}

/* ---- second sweep: the risk, and what is to be reported ---- */

static void count_member(struct kithp_review_week *summary, const struct kithp_carried *state)
{
    summary->members++;
    summary->active_members += state->acted & 1;
    summary->score_sum += state->score;
    summary->stages[state->stage]++;
    summary->tiers[state->tier]++;
}

static void report_member(struct pass *pass, uint32_t range, uint32_t member, struct kithp_risks *risks)
{
    struct kithp_carried *state = kithp_carried_of(&pass->sweep->carried, member);
    if (state->joined == KITH_NO_TIME)
        return;
    kithp_member_finish_with(pass->sweep->figures, kithp_risks_of(risks, state), state);
    pass->knows[range] = true;
    if (!state->left_out)
        count_member(&pass->summaries[range], state);

    kith_review *review = pass->review;
    uint8_t raised = (uint8_t)(state->flags & ~state->flags_before);
    if (raised && review->tables & KITH_FLAGS) {
        struct kithp_review_row *out = next_row(&review->flags, pass->begins[range], &pass->flags[range]);
        *out = row_of(pass, member, state);
        out->flags = raised;
    }
    if (review->tables & KITH_HISTORY)
        *next_row(&review->history, pass->begins[range], &pass->history[range]) = row_of(pass, member, state);
}

static void second_sweep(void *context, uint32_t range, uint32_t begin, uint32_t end)
{
    struct pass *pass = context;
    struct kithp_risks risks;
    kithp_risks_init(&risks, &pass->sweep->risk);
    for (uint32_t member = begin; member < end; member++)
        report_member(pass, range, member, &risks);
}

/* ---- both ---- */

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

bool kithp_sweep_week(struct kithp_sweep *sweep, const struct kithp_tally *tally, int64_t number, uint32_t members,
                      kith_review *review)
{
    if (!kithp_carried_extend(&sweep->carried, members) || !kithp_carried_own_all(&sweep->carried) ||
        !kithp_review_reserve(review, members))
        return false;
    struct pass pass = {
        .sweep = sweep,
        .of = kithp_sweep_week_of(sweep, tally, number),
        .review = review,
    };
    uint32_t ranges = kithp_parallel_ranges(sweep->threads, members);
    for (uint32_t i = 0; i < ranges; i++)
        pass.counts[i] = ranges > 1 ? &sweep->risk_of_ranges[i] : &sweep->risk;
    if (ranges > 1)
        memset(sweep->risk_of_ranges, 0, ranges * sizeof *sweep->risk_of_ranges);

    kithp_parallel_run(sweep->threads, members, first_sweep, &pass);
    for (uint32_t i = 0; ranges > 1 && i < ranges; i++)
        kithp_risk_add_counts(&sweep->risk, &sweep->risk_of_ranges[i]);
    kithp_parallel_run(sweep->threads, members, second_sweep, &pass);

    close_gaps(&review->changes, pass.begins, pass.changes, ranges);
    close_gaps(&review->flags, pass.begins, pass.flags, ranges);
    close_gaps(&review->history, pass.begins, pass.history, ranges);
    struct kithp_review_week summary = {.first_day =
                                            (int32_t)kithp_calendar_first_day(&sweep->figures->calendar, number)};
    bool knows = false;
    for (uint32_t i = 0; i < ranges; i++) {
        add_summary(&summary, &pass.summaries[i]);
        knows = knows || pass.knows[i];
    }
    /* Nobody is known before the first event that counts, and no week is shown. */
    if (knows) {
        review->weeks[review->week_count++] = summary;
        sweep->begun = true;
    }
    sweep->last_week = number;
    return true;
}
