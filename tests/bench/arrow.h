/* SPDX-License-Identifier: MIT */
/* Events as an Arrow stream, as a data frame holds them: columns made once, and lent to any number of streams. */
#ifndef BENCH_ARROW_H
#define BENCH_ARROW_H

#include <stdbool.h>

#include <kith/arrow.h>

#include "activity.h"

struct bench_arrow {
    uint64_t count;
    bool named;
    int64_t *times;
    uint64_t *people[2]; /* members and targets by number, or where their names begin, which is one more */
    char *names[2];
    unsigned char *targeted; /* a bit each */
    int32_t *kinds;          /* indexes of the kinds' names */
    uint32_t *quantities;
    int32_t kind_count;
    int32_t kind_offsets[65];
    char kind_names[64 * 64];
};

/* Columns of events, whose kinds are those of the policy; of members named u1, u2 … or numbered. */
void bench_arrow_make(struct bench_arrow *arrow, const struct bench_event *events, uint64_t count,
                      const kith_policy *policy, bool named);
void bench_arrow_free(struct bench_arrow *arrow);

/* A stream in batches of as many rows as data sets are read in. The columns must outlive it. */
struct ArrowArrayStream bench_arrow_stream(const struct bench_arrow *arrow);

#endif
