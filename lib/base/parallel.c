/* SPDX-License-Identifier: MIT */
#include "base/parallel.h"

#include <pthread.h>
#include <stdbool.h>

#include "base/chunks.h"

struct range {
    kithp_parallel_fn work;
    void *context;
    uint32_t number;
    uint32_t begin;
    uint32_t end;
    pthread_t thread;
    bool started;
};

static uint32_t chunks_of(uint32_t count)
{
    return (uint32_t)(((uint64_t)count + KITHP_CHUNK_ITEMS - 1) / KITHP_CHUNK_ITEMS);
}

uint32_t kithp_parallel_ranges(uint32_t threads, uint32_t count)
{
    uint32_t chunks = chunks_of(count);
    uint32_t ranges = threads < chunks ? threads : chunks;
    if (ranges > KITHP_PARALLEL_MOST)
        ranges = KITHP_PARALLEL_MOST;
    return ranges > 0 ? ranges : 1;
}

static void *run_range(void *given)
{
    struct range *range = given;
    range->work(range->context, range->number, range->begin, range->end);
    return NULL;
}

/* Ranges end at chunks, so that no two threads write to one. */
static uint32_t bound(uint32_t range, uint32_t ranges, uint32_t count)
{
    uint64_t at = (uint64_t)chunks_of(count) * range / ranges * KITHP_CHUNK_ITEMS;
    return at < count ? (uint32_t)at : count;
}

void kithp_parallel_run(uint32_t threads, uint32_t count, kithp_parallel_fn work, void *context)
{
    struct range ranges[KITHP_PARALLEL_MOST];
    uint32_t number = kithp_parallel_ranges(threads, count);
    for (uint32_t i = 0; i < number; i++) {
        ranges[i] = (struct range){.work = work, .context = context, .number = i};
        ranges[i].begin = bound(i, number, count);
        ranges[i].end = bound(i + 1, number, count);
    }
    /* The caller's thread does the first range, rather than wait idly. */
    for (uint32_t i = 1; i < number; i++)
        ranges[i].started = pthread_create(&ranges[i].thread, NULL, run_range, &ranges[i]) == 0;
    run_range(&ranges[0]);
    for (uint32_t i = 1; i < number; i++) {
        if (ranges[i].started)
            pthread_join(ranges[i].thread, NULL);
        else
            run_range(&ranges[i]);
    }
}
