/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <string.h>

#include "interrupt.h"
#include "left_out.h"
#include "message.h"

struct trial {
    struct cli_history *history;
    struct cli_window window;
    struct cli_measure *measure;
    kith_engine *engine;
    uint64_t share_sums[CLI_MOST_TIERS];
    uint32_t reviewed; /* weeks, by the calls that are over */
    bool reviewing;    /* or else loading, which is told in another measure */
};

/* The tables of one review. */
struct tables {
    kith_table *standings;
    kith_table *changes;
    kith_table *weeks;
};

/* A kith_progress_fn whose context is the trial. */
static int step(void *context, uint64_t done, uint64_t total)
{
    const struct trial *trial = context;
    (void)total;
    return cli_progress_step(trial->history->progress, trial->reviewed + (trial->reviewing ? done : 0),
                             trial->window.first + trial->window.count);
}

static int fail(const kith_error *error)
{
    return cli_interrupted() ? CLI_IO : cli_fail_with(error);
}

static int load(struct trial *trial, const kith_policy *policy)
{
    kith_engine_options options = {
        .size = sizeof options,
        .members = KITH_NAMED,
        .tables = KITH_STANDINGS | KITH_CHANGES | KITH_WEEKS,
        .threads = trial->history->threads,
        .memory = trial->history->memory,
        .progress = step,
        .progress_context = trial,
    };
    return cli_history_load(trial->history, policy, &options, &trial->engine);
}

/* Reviews up to the end of a week. */
static int review(struct trial *trial, uint32_t week, kith_review **review)
{
    kith_error error = {.size = sizeof error};
    trial->reviewing = true;
    kith_status status = kith_engine_review(trial->engine, cli_history_end(trial->history, week), review, &error);
    trial->reviewed = week + 1;
    trial->reviewing = false;
    return status == KITH_OK ? CLI_DONE : fail(&error);
}

static void count_member(struct cli_measure *measure, const kith_standing_row *row, uint64_t *tiers)
{
    tiers[row->tier]++;
    for (int dimension = 0; dimension < KITH_DIMENSIONS; dimension++)
        measure->scores[dimension][row->dimensions[dimension]]++;
    measure->scores[CLI_WHOLE_SCORE][row->score]++;
}

static kith_status measure_standings(struct trial *trial, const struct tables *tables, bool left_out, kith_error *error)
{
    uint64_t tiers[CLI_MOST_TIERS] = {0};
    uint64_t members = 0;
    for (uint64_t i = 0; i < kith_table_rows(tables->standings); i++) {
        kith_standing_row row = {.size = sizeof row};
        kith_status status = kith_table_get_row(tables->standings, i, &row, error);
        if (status != KITH_OK)
            return status;
        if (row.active_days == 0 || (left_out && cli_left_out_is(trial->engine, row.member)))
            continue;
        count_member(trial->measure, &row, tiers);
        members++;
    }
    trial->measure->members += members;
    trial->measure->reviews += members > 0;
    for (uint32_t i = 0; i < trial->measure->tiers && members > 0; i++)
        trial->share_sums[i] += tiers[i] * CLI_WHOLE_SHARE / members;
    return KITH_OK;
}

static kith_status measure_changes(struct trial *trial, const struct tables *tables, bool left_out, kith_error *error)
{
    if (!left_out) {
        trial->measure->changes += kith_table_rows(tables->changes);
        return KITH_OK;
    }
    for (uint64_t i = 0; i < kith_table_rows(tables->changes); i++) {
        kith_change_row row = {.size = sizeof row};
        kith_status status = kith_table_get_row(tables->changes, i, &row, error);
        if (status != KITH_OK)
            return status;
        trial->measure->changes += !cli_left_out_is(trial->engine, row.member);
    }
    return KITH_OK;
}

static int measure_review(struct trial *trial, const kith_review *review)
{
    struct tables tables = {NULL, NULL, NULL};
    kith_error error = {.size = sizeof error};
    kith_status status = kith_review_get_table(review, KITH_STANDINGS, &tables.standings, &error);
    if (status == KITH_OK)
        status = kith_review_get_table(review, KITH_CHANGES, &tables.changes, &error);
    if (status == KITH_OK)
        status = kith_review_get_table(review, KITH_WEEKS, &tables.weeks, &error);
    bool left_out = status == KITH_OK && cli_left_out_any(tables.standings, tables.weeks);
    if (status == KITH_OK)
        status = measure_standings(trial, &tables, left_out, &error);
    if (status == KITH_OK)
        status = measure_changes(trial, &tables, left_out, &error);
    kith_table_free(tables.standings);
    kith_table_free(tables.changes);
    kith_table_free(tables.weeks);
    return status == KITH_OK ? CLI_DONE : fail(&error);
}

static int review_window(struct trial *trial)
{
    kith_review *before = NULL;
    int status = trial->window.first > 0 ? review(trial, trial->window.first - 1, &before) : CLI_DONE;
    kith_review_free(before);
    for (uint32_t i = 0; i < trial->window.count && !status; i++) {
        kith_review *one = NULL;
        status = review(trial, trial->window.first + i, &one);
        if (!status)
            status = measure_review(trial, one);
        kith_review_free(one);
    }
    return status;
}

int cli_trial(struct cli_history *history, const kith_policy *policy, struct cli_window window,
              struct cli_measure *measure)
{
    kith_policy_info info = {.size = sizeof info};
    kith_error error = {.size = sizeof error};
    if (kith_policy_get_info(policy, &info, &error) != KITH_OK)
        return cli_fail_with(&error);
    memset(measure, 0, sizeof *measure);
    measure->tiers = info.tiers;
    struct trial trial = {.history = history, .window = window, .measure = measure};
    cli_progress_enter(history->progress, CLI_TRYING);
    int status = load(&trial, policy);
    if (!status)
        status = review_window(&trial);
    kith_engine_free(trial.engine);
    for (uint32_t i = 0; i < measure->tiers && measure->reviews > 0; i++)
        measure->shares[i] = (uint32_t)(trial.share_sums[i] / measure->reviews);
    return status;
}

uint32_t cli_measure_share_from(const struct cli_measure *measure, uint32_t tier)
{
    uint32_t share = 0;
    for (; tier < measure->tiers; tier++)
        share += measure->shares[tier];
    return share;
}
