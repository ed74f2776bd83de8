/* SPDX-License-Identifier: MIT */
/*
 * A growing array whose items do not move: chunks of 4096, with a directory. Only the first chunk begins small and
 * moves while it grows to its full size, so that a small engine costs little and no call ever moves more than 4096
 * items. A chunk begins at a cache line.
 *
 * Two arrays may share chunks, each with a directory of its own: one of them is a copy that only looks at the items
 * there were when it was made. Items added behind those are nobody else's, even in a chunk that is shared; an item that
 * was there must be made the array's own before it is changed. Chunks are counted by all that hold them, so that the
 * two may be freed in any order and by different threads.
 */
#ifndef KITHP_BASE_CHUNKS_H
#define KITHP_BASE_CHUNKS_H

#include <stdbool.h>

#include <kith/kith.h>

#include "base/blocks.h"

enum { KITHP_CHUNK_BITS = 12, KITHP_CHUNK_ITEMS = 1 << KITHP_CHUNK_BITS };

struct kithp_chunks {
    const kith_allocator *allocator;
    struct kithp_blocks own;
    struct kithp_blocks *blocks; /* that chunks come from in place of its own, or NULL */
    size_t item_size;
    unsigned char **directory;
    size_t directory_capacity;
    size_t chunks;     /* in the directory */
    size_t first_room; /* items that the first chunk has room for */
    uint32_t count;
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_chunks_init(struct kithp_chunks *chunks, const kith_allocator *allocator, size_t item_size);
void kithp_chunks_free(struct kithp_chunks *chunks);

/* Takes chunks from blocks that serve others as well; they must outlive it. To be called before there is an item. */
static inline void kithp_chunks_take_from(struct kithp_chunks *chunks, struct kithp_blocks *blocks)
{
    chunks->blocks = blocks;
}

/*
 * Makes `copy`, which is empty and has an allocator of its own that frees what the other's gave, hold the items that
 * `from` has. False where there is no memory: both are as they were.
 */
bool kithp_chunks_share(struct kithp_chunks *copy, const struct kithp_chunks *from);

/*
 * Sees to it that an item, or all of them, can be changed without another array noticing. False where there is no
 * memory: the items are as they were.
 */
bool kithp_chunks_own(struct kithp_chunks *chunks, uint32_t item);
bool kithp_chunks_own_all(struct kithp_chunks *chunks);

/* Room for `more` items behind those there are; false where there is none, with the array as it was. */
bool kithp_chunks_reserve(struct kithp_chunks *chunks, size_t more);

/* Counts one more item, for which there must be room, clears it, and returns its number. */
uint32_t kithp_chunks_add(struct kithp_chunks *chunks);

/* Memory that its items have, in use or not. */
static inline size_t kithp_chunks_bytes(const struct kithp_chunks *chunks)
{
    return (chunks->chunks <= 1 ? chunks->first_room : chunks->chunks * KITHP_CHUNK_ITEMS) * chunks->item_size;
}

/* An item. Items of the first chunk may move when the array grows, and those of a shared one when it is made own. */
static inline void *kithp_chunks_at(const struct kithp_chunks *chunks, uint32_t item)
{
    unsigned char *chunk = chunks->directory[item >> KITHP_CHUNK_BITS];
    return chunk + (size_t)(item & (KITHP_CHUNK_ITEMS - 1)) * chunks->item_size;
}

#endif
