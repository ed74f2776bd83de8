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

struct kithp_add_block;
struct kithp_add_call;

/*
 * Reads and checks up to a block of a call's events from `begin` on, and plans the good ones; their members are known
 * from then on. False where there is no memory: what became known is to be forgotten.
 */
typedef bool (*kithp_add_read_fn)(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block);

/* One call that adds `count` events. */
struct kithp_add_call {
    kith_engine *engine;
    uint64_t count;
    kithp_add_read_fn read;
    void *read_context;
    bool plain;                /* they have neither numbers nor ids, so that nothing but their members becomes known */
    const kith_events *events; /* where kithp_add_read_block() reads them; strides are set */
    uint64_t done;             /* in calls before, for progress; */
    uint64_t total;            /* and of how many, or 0 */
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

/* Empties a block for events from `begin` on, and returns how many it is to take at most. */
static inline size_t kithp_add_begin_block(const struct kithp_add_call *call, uint64_t begin,
                                           struct kithp_add_block *block)
{
    block->good = block->looked_at = 0;
    block->behind = 0;
    block->before = kithp_engine_mark(call->engine);
    return call->count - begin < KITHP_ADD_BLOCK ? (size_t)(call->count - begin) : KITHP_ADD_BLOCK;
}

/* Reads so many of call->events from `begin` on into a block that has been emptied; else as a kithp_add_read_fn. */
bool kithp_add_read_some(struct kithp_add_call *call, uint64_t begin, size_t count, struct kithp_add_block *block);

/* A kithp_add_read_fn: of call->events. */
bool kithp_add_read_block(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block);

/* Counts what became of the events of a block, the good ones having been taken. */
void kithp_add_count_block(struct kithp_add_call *call, const struct kithp_add_block *block);

/* Adds all of a call's events, in blocks, by as many threads as are worth it; sealing has begun. */
kith_status kithp_add_all(struct kithp_add_call *call);

/*
 * Adds plain events by two threads: the caller's reads and finds, another applies, a little behind. All is as if one
 * had done both. False where no thread or no memory for it can be had: nothing was done.
 */
bool kithp_add_by_two(struct kithp_add_call *call, kith_status *status);

#endif
