/* SPDX-License-Identifier: MIT */
#include "activity.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

void bench_make_events(const struct bench_activity *activity, const kith_policy *policy, struct bench_event *events)
{
    uint32_t indexes[KINDS];
    for (uint32_t i = 0; i < KINDS; i++) {
        kith_text name = {kinds[i].name, strlen(kinds[i].name)};
        if (kith_policy_find_kind(policy, name, &indexes[i], NULL) != KITH_OK)
            abort();
    }
    uint64_t state = 42;
    for (uint32_t week = 0; week < activity->weeks; week++) {
        uint64_t begin = activity->events * week / activity->weeks;
        uint64_t end = activity->events * (week + 1) / activity->weeks;
        for (uint64_t i = begin; i < end; i++) {
            uint32_t kind = pick_kind(&state);
            /* Evenings see twice as much as nights. */
            uint64_t second = next(&state) % DAY;
            if (second < DAY / 3 && next(&state) % 2)
                second += 2 * (DAY / 3);
            events[i] = (struct bench_event){
                .time = FIRST_MONDAY + (int64_t)week * WEEK + (int64_t)(next(&state) % 7) * DAY + (int64_t)second,
                .member = pick(activity, week, &state),
                .target = kinds[kind].aimed ? pick(activity, week, &state) : 0,
                .kind = indexes[kind],
                .quantity = 1,
            };
        }
        qsort(events + begin, end - begin, sizeof *events, by_time);
    }
}
