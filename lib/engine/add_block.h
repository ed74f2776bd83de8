/* SPDX-License-Identifier: MIT */
/* One call that adds many events, block by block: reading and checking them, and finding their members. */
#ifndef KITHP_ENGINE_ADD_BLOCK_H
#define KITHP_ENGINE_ADD_BLOCK_H

#include "engine/add.h"
#include "engine/numbers.h"

/* A run of events that are added together: few enough for all that they touch to stay near the processor. */
enum { KITHP_ADD_BLOCK = 128 };
enum { KITHP_ADD_BLOCKS_BETWEEN_PROGRESS = 128 };

/* Those whom a block's good events name by a number that was not found at once: not a small one, or a new one. */
struct kithp_add_strangers {
    size_t count;
    uint64_t ids[2 * KITHP_ADD_BLOCK];
    uint64_t hashes[2 * KITHP_ADD_BLOCK];
    uint32_t *places[2 * KITHP_ADD_BLOCK]; /* where their indexes belong */
};

/* One call of kith_engine_add(). Strides of the events are set. */
struct kithp_add_call {
    kith_engine *engine;
    const kith_events *events;
    kith_added *added;
    kith_error *error;
    struct kithp_add_bounds bounds;
    struct kithp_numbers numbers;
    struct kithp_add_strangers strangers; /* of the block that is being read */
};

struct kithp_add_block {
    struct kithp_event events[KITHP_ADD_BLOCK];
    uint8_t reasons[KITHP_ADD_BLOCK];
    size_t looked_at;
    size_t good;
    struct kithp_plan plan;          /* of the good ones */
    uint64_t behind;                 /* the number that reading stopped at, as it comes too late; else 0 */
    struct kithp_engine_mark before; /* what was known before it was read */
};

/* Whether the events have neither numbers nor ids, so that nothing but their members becomes known by reading them. */
static inline bool kithp_add_is_plain(const kith_events *events)
{
    return !events->sequence && !events->event_id;
}

/*
 * Reads and checks up to a block of events from `begin` on, and plans the good ones; their members are known from then
 * on. False where there is no memory: what became known is to be forgotten.
 */
bool kithp_add_read_block(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block);

/* Counts what became of the events of a block, the good ones having been taken. */
void kithp_add_count_block(struct kithp_add_call *call, const struct kithp_add_block *block);

/*
 * Adds plain events by two threads: the caller's reads and finds, another applies, a little behind. All is as if one
 * had done both. False where no thread or no memory for it can be had: nothing was done.
 */
bool kithp_add_by_two(struct kithp_add_call *call, kith_status *status);

#endif
