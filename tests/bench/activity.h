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

/* How many events there are before a week begins; of week `weeks`, how many in all. */
uint64_t bench_events_before(const struct bench_activity *activity, uint32_t week);

/*
 * Fills the events of one week, in order of time; the first week begins on Monday 2025-01-06. Each week has a chance of
 * its own, so that they can be made in any order.
 */
void bench_make_week(const struct bench_activity *activity, const kith_policy *policy, uint32_t week,
                     struct bench_event *events);

/* Fills all of them. */
void bench_make_events(const struct bench_activity *activity, const kith_policy *policy, struct bench_event *events);

/* Writes one event as a line of CSV, at most BENCH_ROW_MOST bytes. Returns where it ends. */
enum { BENCH_ROW_MOST = 160 };
extern const char bench_csv_header[];
char *bench_write_row(char *at, const struct bench_event *event, const char *kind);

#endif
