/* SPDX-License-Identifier: MIT */
/* Closing weeks: which are over, and the review of each. */
#include "base/error.h"
#include "engine/engine.h"
#include "review/finish.h"

/* The last week that has ended by a moment. */
static int64_t last_ended(const kith_engine *engine, int64_t until)
{
    const int64_t latest = KITHP_TIME_MOST + KITHP_SECONDS_A_WEEK;
    const int64_t earliest = -(int64_t)KITHP_SECONDS_A_WEEK;
    int64_t moment = until < earliest ? earliest : until > latest ? latest : until;
    return kithp_calendar_week(&engine->figures.calendar, moment) - 1;
}

/* The first week that there is something to review in. False where there is none. */
static bool first_to_review(const kith_engine *engine, int64_t *first)
{
    if (engine->sweep.begun) {
        *first = engine->closed_week + 1;
        return true;
    }
    const struct kithp_week *open = kithp_tally_first(&engine->tally);
    if (open)
        *first = open->number;
    return open != NULL;
}

static void close_weeks(kith_engine *engine, int64_t last)
{
    kithp_tally_close(&engine->tally, last);
    kithp_ids_close(&engine->ids, last);
    if (!engine->closed || last > engine->closed_week)
        engine->closed_week = last;
    engine->closed = true;
}

static kith_status review_week(kith_engine *engine, int64_t week, bool is_last, kith_error *error)
{
    kith_status status = kithp_tally_read(&engine->tally, week, is_last, error);
    if (status != KITH_OK)
        return status;
    if (!kithp_sweep_week(&engine->sweep, &engine->tally, week, kithp_members_count(&engine->members), engine->pending))
        return kithp_fail_memory(error);
    engine->explains = true;
    close_weeks(engine, week);
    return KITH_OK;
}

static kith_status review_weeks(kith_engine *engine, int64_t first, int64_t last, kith_error *error)
{
    uint64_t total = (uint64_t)(last - first + 1);
    kith_status status = KITH_OK;
    for (int64_t week = first; week <= last && status == KITH_OK; week++) {
        if (kithp_engine_progress(engine, (uint64_t)(week - first), total))
            status = kithp_fail(error, KITH_CANCELLED, NULL, "cancelled");
        else
            status = review_week(engine, week, week == last, error);
    }
    kithp_sweep_finish(&engine->sweep, engine->pending);
    return status;
}

static kith_status check_span(const kith_engine *engine, int64_t first, int64_t last, kith_error *error)
{
    if (last < first || (uint64_t)(last - first) < engine->options.max_weeks)
        return KITH_OK;
    return kithp_fail(error, KITH_TOO_MANY_WEEKS, NULL,
                      "the review would span %lld weeks, more than the %u allowed: is the time of an event wrong?",
                      (long long)(last - first + 1), engine->options.max_weeks);
}

kith_status kith_engine_review(kith_engine *engine, int64_t until, kith_review **review, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!review)
        return kithp_fail_argument(error, "review", "must not be NULL");
    int64_t first, last = last_ended(engine, until);
    bool has_weeks = first_to_review(engine, &first) && first <= last;
    if (has_weeks) {
        kith_status status = check_span(engine, first, last, error);
        if (status != KITH_OK)
            return status;
    }
    if (!engine->pending)
        engine->pending = kithp_review_new(&engine->allocator, &engine->figures, engine->options.tables);
    if (!engine->pending)
        return kithp_fail_memory(error);
    if (has_weeks) {
        kith_status status = review_weeks(engine, first, last, error);
        if (status != KITH_OK)
            return status;
    }
    close_weeks(engine, last);
    if (!kithp_finish_review(engine->pending, &engine->sweep, &engine->members, &engine->order))
        return kithp_fail_memory(error);
    *review = engine->pending;
    engine->pending = NULL;
    return KITH_OK;
}
