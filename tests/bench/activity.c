/* SPDX-License-Identifier: MIT */
#include "activity.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WEEK = 7 * 86400, DAY = 86400 };
#define FIRST_MONDAY INT64_C(1736121600)

/* Kinds of the default policy, with how many of a thousand events are of each. */
static const struct {
    const char *name;
    uint32_t share;
    bool aimed;
} kinds[] = {
    {"login", 250, false},    {"view", 200, false}, {"like", 200, true},  {"comment", 100, true}, {"post", 80, false},
    {"reply", 80, true},      {"share", 30, true},  {"help", 20, true},   {"vote", 20, true},     {"article", 5, false},
    {"event_join", 5, false}, {"invite", 5, true},  {"answer", 5, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* splitmix64: G. Steele et al., "Fast splittable pseudorandom number generators", 2014. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state)
{
    return (double)(next(state) >> 11) / 9007199254740992.0;
}

/*
 * A member that acts in a week: of those who have joined by then, evenly over the weeks, few act much and most little
 * (the cube of an even number), and who is busy shifts slowly, so that members come and go.
 */
static uint64_t pick(const struct bench_activity *activity, uint32_t week, uint64_t *state)
{
    uint64_t joined = activity->members / 4 + activity->members * 3 / 4 * (week + 1) / activity->weeks;
    double even = uniform(state);
    uint64_t rank = (uint64_t)(even * even * even * (double)joined);
    uint64_t shift = joined * week / (activity->weeks * 2);
    return (rank + shift) % joined + 1;
}

static uint32_t pick_kind(uint64_t *state)
{
    uint32_t at = (uint32_t)(next(state) % 1000);
    uint32_t kind = 0;
    while (kind + 1 < KINDS && at >= kinds[kind].share) {
        at -= kinds[kind].share;
        kind++;
    }
    return kind;
}

static int by_time(const void *a, const void *b)
{
    const struct bench_event *left = a, *right = b;
    return (left->time > right->time) - (left->time < right->time);
}

uint64_t bench_events_before(const struct bench_activity *activity, uint32_t week)
{
    return activity->events * week / activity->weeks;
}

/* A second of the week: evenings see twice as much as nights, weekends half as much as other days. */
static int64_t pick_second(uint64_t *state)
{
    uint64_t second = next(state) % DAY;
    if (second < DAY / 3 && next(state) % 2)
        second += 2 * (DAY / 3);
    uint64_t day = next(state) % 7;
    if (day >= 5 && next(state) % 2)
        day -= 5;
    return (int64_t)(day * DAY + second);
}

void bench_make_week(const struct bench_activity *activity, const kith_policy *policy, uint32_t week,
                     struct bench_event *events)
{
    uint32_t indexes[KINDS];
    for (uint32_t i = 0; i < KINDS; i++) {
        kith_text name = {kinds[i].name, strlen(kinds[i].name)};
        if (kith_policy_find_kind(policy, name, &indexes[i], NULL) != KITH_OK)
            abort();
    }
    uint64_t state = 42 + (uint64_t)week * UINT64_C(0x632be59bd9b4e019);
    uint64_t count = bench_events_before(activity, week + 1) - bench_events_before(activity, week);
    for (uint64_t i = 0; i < count; i++) {
        uint32_t kind = pick_kind(&state);
        events[i] = (struct bench_event){
            .time = FIRST_MONDAY + (int64_t)week * WEEK + pick_second(&state),
            .member = pick(activity, week, &state),
            .target = kinds[kind].aimed ? pick(activity, week, &state) : 0,
            .kind = indexes[kind],
            .quantity = 1,
        };
    }
    qsort(events, count, sizeof *events, by_time);
}

void bench_make_events(const struct bench_activity *activity, const kith_policy *policy, struct bench_event *events)
{
    for (uint32_t week = 0; week < activity->weeks; week++)
        bench_make_week(activity, policy, week, events + bench_events_before(activity, week));
}

const char bench_csv_header[] = "time,member,kind,target,quantity\n";

char *bench_write_row(char *at, const struct bench_event *event, const char *kind)
{
    struct tm date;
    time_t time = (time_t)event->time;
    gmtime_r(&time, &date);
    at += strftime(at, BENCH_ROW_MOST, "%Y-%m-%dT%H:%M:%SZ", &date);
    at += sprintf(at, ",u%" PRIu64 ",%s,", event->member, kind);
    if (event->target)
        at += sprintf(at, "u%" PRIu64, event->target);
    at += sprintf(at, ",\n");
    return at;
}
