/* SPDX-License-Identifier: MIT */
/*
 * A small community, event by event, reviewed now and then: where each member stands in each week must be what the slow
 * model of slow_model.c says, to the last figure.
 */
#include "acts.h"
#include "slow_model.h"

/* All weeks from the first event on, until one that the input says. */
static void review_slowly(struct slow_model *model, int64_t until)
{
    int64_t first = INT64_MAX;
    for (uint32_t i = 0; i < model->event_count; i++)
        first = model->events[i].time < first ? model->events[i].time : first;
    if (first == INT64_MAX)
        return;
    for (int64_t week = model->weeks ? model->first_week + model->weeks : slow_week(first);
         (7 * (week + 1) - 3) * DAY <= until; week++)
        slow_review(model, week);
}

static const struct slow_standing *standing_of(const struct slow_model *model, int32_t first_day, uint64_t who)
{
    int64_t at = (first_day + 3) / 7 - model->first_week;
    MUST(at >= 0 && at < model->weeks && who > 0 && who < SLOW_PEOPLE);
    MUST(model->standings[at][who].is_known);
    return &model->standings[at][who];
}

static kith_table *table_of(const kith_review *review, uint32_t which)
{
    kith_table *table = NULL;
    MUST(kith_review_get_table(review, which, &table, NULL) == KITH_OK);
    return table;
}

static void compare_history(const kith_review *review, const struct slow_model *model, uint64_t expected)
{
    kith_table *table = table_of(review, KITH_HISTORY);
    MUST(kith_table_rows(table) == expected);
    for (uint64_t i = 0; i < kith_table_rows(table); i++) {
        kith_history_row row = {.size = sizeof row};
        MUST(kith_table_get_row(table, i, &row, NULL) == KITH_OK);
        const struct slow_standing *slow = standing_of(model, row.week, row.id);
        MUST(row.score == slow->score);
        MUST(memcmp(row.dimensions, slow->dimensions, sizeof row.dimensions) == 0);
        MUST(row.tier == slow->tier);
        MUST(row.flags == slow->flags);
        MUST(row.stage == slow->stage);
    }
    kith_table_free(table);
}

static void compare_standings(const kith_review *review, const struct slow_model *model)
{
    kith_table *table = table_of(review, KITH_STANDINGS);
    for (uint64_t i = 0; i < kith_table_rows(table); i++) {
        kith_standing_row row = {.size = sizeof row};
        MUST(kith_table_get_row(table, i, &row, NULL) == KITH_OK);
        MUST(row.id > 0 && row.id < SLOW_PEOPLE);
        const struct slow_standing *slow = &model->standings[model->weeks - 1][row.id];
        MUST(row.score == slow->score && row.tier == slow->tier && row.flags == slow->flags);
        MUST(row.risk == slow->risk);
        MUST(row.active_days == slow->active_days);
        MUST(row.silent_days == slow->silent_days);
        MUST(row.joined == slow->joined && row.last_seen == slow->last_seen);
    }
    kith_table_free(table);
}

static void compare_weeks(const kith_review *review, const struct slow_model *model, uint32_t from)
{
    kith_table *table = table_of(review, KITH_WEEKS);
    MUST(kith_table_rows(table) == model->weeks - from);
    for (uint32_t week = from; week < model->weeks; week++) {
        kith_week_row row = {.size = sizeof row};
        int64_t members = 0, active = 0, sum = 0;
        MUST(kith_table_get_row(table, week - from, &row, NULL) == KITH_OK);
        for (uint32_t who = 1; who < SLOW_PEOPLE; who++) {
            const struct slow_standing *slow = &model->standings[week][who];
            bool counts = slow->is_known && !model->left_out[who];
            members += counts;
            active += counts && slow->acted;
            sum += counts ? slow->score : 0;
        }
        MUST(row.members == members && row.active_members == active);
        MUST(row.mean_score == (members ? sum / members : 0));
    }
    kith_table_free(table);
}

static void review(kith_engine *engine, struct slow_model *model, int64_t until)
{
    kith_review *review = NULL;
    uint32_t from = model->weeks;
    uint64_t rows = 0;
    MUST(kith_engine_review(engine, until, &review, NULL) == KITH_OK);
    review_slowly(model, until);
    for (uint32_t week = from; week < model->weeks; week++)
        for (uint32_t who = 1; who < SLOW_PEOPLE; who++)
            rows += model->standings[week][who].is_known;
    compare_history(review, model, rows);
    if (model->weeks > 0)
        compare_standings(review, model);
    compare_weeks(review, model, from);
    kith_review_free(review);
}

static void add(kith_engine *engine, struct slow_model *model, struct fuzz_input *input, uint32_t kinds, int64_t until)
{
    kith_event event = fuzz_act(input, MONDAY, kinds, false);
    event.time = MONDAY + (event.time - MONDAY) % (SLOW_WEEKS / 2 * WEEK);
    kith_error error = NO_ERROR;
    kith_status status = kith_engine_add_event(engine, &event, &error);
    if (event.member == 0 && event.target == 0) {
        MUST(status == KITH_REFUSED && error.reason == KITH_REASON_MEMBER);
    } else if (event.time < until) {
        MUST(status == KITH_REFUSED && error.reason == KITH_REASON_LATE);
    } else {
        MUST(status == KITH_OK);
        model->events[model->event_count++] =
            (struct slow_event){event.time, event.kind, (uint32_t)event.member, (uint32_t)event.target, event.quantity};
    }
}

static void set_member(kith_engine *engine, struct slow_model *model, uint32_t bits)
{
    uint32_t who = 1 + bits % 15, tier = bits / 16 % 4;
    kith_member_settings settings = {.size = sizeof settings, .counts = bits / 64 % 2 ? KITH_LEFT_OUT : KITH_BY_POLICY};
    settings.pinned = tier > 0;
    settings.tier = tier > 0 ? tier - 1 : 0;
    MUST(kith_engine_set_member(engine, who, &settings, NULL) == KITH_OK);
    model->pinned[who] = tier;
    model->left_out[who] = settings.counts == KITH_LEFT_OUT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct slow_model model;
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input);
    model = (struct slow_model){.policy = how & 1 ? fuzz_small() : fuzz_default(),
                                .figures = how & 1 ? &slow_small_figures : &slow_default_figures};
    const kith_engine_options options = fuzz_options(KITH_NUMBERED, how & 2 ? 2 : 1);
    kith_engine *engine = fuzz_engine(model.policy, &options);
    const uint32_t kinds = fuzz_kinds_of(model.policy);
    int64_t until = INT64_MIN;
    while (input.left > 0 && model.event_count < SLOW_EVENTS) {
        uint32_t what = fuzz_byte(&input);
        if (what >= 248 && model.event_count > 0) {
            int64_t moment = MONDAY + fuzz_below(&input, SLOW_WEEKS - 2) * WEEK;
            review(engine, &model, moment);
            until = moment > until ? moment : until;
        } else if (what >= 240) {
            set_member(engine, &model, fuzz_byte(&input));
        } else {
            add(engine, &model, &input, kinds, until);
        }
    }
    review(engine, &model, until > MONDAY + (SLOW_WEEKS - 2) * WEEK ? until : MONDAY + (SLOW_WEEKS - 2) * WEEK);
    kith_engine_free(engine);
    return 0;
}
