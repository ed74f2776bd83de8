/* SPDX-License-Identifier: MIT */
#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/chunks.h"

/* Ranges take different times: with several for each thread, none is left with the longest while others have done. */
enum { RANGES_A_THREAD = 4 };

/* What threads share: each takes the next piece until there is none. */
struct pieces {
    kithp_parallel_piece_fn work;
    void *context;
    uint32_t count;
    atomic_uint next;
};

static uint32_t chunks_of(uint32_t count)
{
    return (uint32_t)(((uint64_t)count + KITHP_CHUNK_ITEMS - 1) / KITHP_CHUNK_ITEMS);
}

uint32_t kithp_parallel_ranges(uint32_t threads, uint32_t count)
{
    uint32_t most = threads < 2 ? 1 : threads < KITHP_PARALLEL_MOST ? threads * RANGES_A_THREAD : KITHP_PARALLEL_MOST;
    uint32_t chunks = chunks_of(count), ranges = most < chunks ? most : chunks;
    if (ranges > KITHP_PARALLEL_MOST)
        ranges = KITHP_PARALLEL_MOST;
    return ranges > 0 ? ranges : 1;
}

static void *take_pieces(void *given)
{
    struct pieces *pieces = given;
    for (uint32_t piece; (piece = atomic_fetch_add(&pieces->next, 1)) < pieces->count;)
        pieces->work(pieces->context, piece);
    return NULL;
}

void kithp_parallel_pieces(uint32_t threads, uint32_t count, kithp_parallel_piece_fn work, void *context)
{
    struct pieces pieces = {.work = work, .context = context, .count = count};
    pthread_t others[KITHP_PARALLEL_MOST];
    uint32_t started = 0, wanted = threads < count ? threads : count;
    atomic_init(&pieces.next, 0);
    /* The caller's thread is one of them, rather than wait idly. */
    while (started + 1 < wanted && started < KITHP_PARALLEL_MOST &&
           pthread_create(&others[started], NULL, take_pieces, &pieces) == 0)
        started++;
    take_pieces(&pieces);
    while (started > 0)
        pthread_join(others[--started], NULL);
}

/* Work that is cut into ranges. */
struct ranges {
    kithp_parallel_fn work;
    void *context;
    uint32_t number;
    uint32_t count; /* of the items */
};

/* Ranges end at chunks, so that no two threads write to one. */
static uint32_t bound(const struct ranges *ranges, uint32_t range)
{
    uint64_t at = (uint64_t)chunks_of(ranges->count) * range / ranges->number * KITHP_CHUNK_ITEMS;
    return at < ranges->count ? (uint32_t)at : ranges->count;
}

static void run_range(void *given, uint32_t range)
{
    const struct ranges *ranges = given;
    ranges->work(ranges->context, range, bound(ranges, range), bound(ranges, range + 1));
}

void kithp_parallel_run(uint32_t threads, uint32_t count, kithp_parallel_fn work, void *context)
{
    struct ranges ranges = {work, context, kithp_parallel_ranges(threads, count), count};
    kithp_parallel_pieces(threads, ranges.number, run_range, &ranges);
}
