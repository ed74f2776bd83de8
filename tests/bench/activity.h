/* SPDX-License-Identifier: MIT */
/* Made-up activity of a community, always the same for the same numbers: heavy-tailed, with members who come and go. */
#ifndef BENCH_ACTIVITY_H
#define BENCH_ACTIVITY_H

#include <kith/kith.h>

struct bench_event {
    int64_t time;
    uint64_t member;
    uint64_t target; /* 0 for nobody */
    uint32_t kind;   /* index in the default policy */
    uint32_t quantity;
};

struct bench_activity {
    uint64_t events;
    uint64_t members;
    uint32_t weeks;
};

/* Fills `activity->events` events, in order of time, from Monday 2025-01-06 on. */
void bench_make_events(const struct bench_activity *activity, const kith_policy *policy, struct bench_event *events);

#endif
