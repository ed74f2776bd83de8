/* SPDX-License-Identifier: MIT */
/*
 * From hashes to numbers of items that are kept elsewhere. Extendible hashing: a directory of segments of up to 4096
 * places; a full segment is split in two, so that growing never moves more than 4096 entries in one call, whatever the
 * size (R. Fagin et al., "Extendible hashing", 1979). Within a segment, linear probing.
 *
 * An entry keeps 32 bits of the hash, its tag: the upper ones choose the segment, the lower ones the place.
 */
#ifndef KITHP_BASE_INDEX_H
#define KITHP_BASE_INDEX_H

#include <stdbool.h>

#include <kith/kith.h>

#define KITHP_INDEX_NONE UINT32_MAX

struct kithp_index_entry {
    uint32_t tag;
    uint32_t item_plus_one; /* 0 where the place is free */
};

struct kithp_index_segment {
    uint32_t depth; /* how many upper bits of the tag its entries share */
    uint32_t count;
    uint32_t mask; /* number of places less one */
    struct kithp_index_entry places[];
};

struct kithp_index {
    const kith_allocator *allocator;
    struct kithp_index_segment **directory; /* 2^depth of them, or NULL where the index is empty */
    uint32_t depth;
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_index_init(struct kithp_index *index, const kith_allocator *allocator);
void kithp_index_free(struct kithp_index *index);

/* Adds an item under a tag, others of the same tag notwithstanding. False where there is no memory: all as it was. */
bool kithp_index_add(struct kithp_index *index, uint32_t tag, uint32_t item);

/* Takes an item out that was added under this tag; under others that it may have it stays. */
void kithp_index_remove(struct kithp_index *index, uint32_t tag, uint32_t item);

/* Gives another number to an item that was added under this tag. */
void kithp_index_renumber(struct kithp_index *index, uint32_t tag, uint32_t item, uint32_t number);

/* A walk over the items that may have a tag. */
struct kithp_index_walk {
    const struct kithp_index_segment *segment;
    uint32_t tag;
    uint32_t place;
};

static inline uint32_t kithp_index_tag(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

static inline struct kithp_index_segment *kithp_index_segment_of(const struct kithp_index *index, uint32_t tag)
{
    /* Two shifts, as a shift by 32 is undefined. */
    return index->directory[tag >> 1 >> (31 - index->depth)];
}

static inline struct kithp_index_walk kithp_index_begin(const struct kithp_index *index, uint32_t tag)
{
    struct kithp_index_walk walk = {NULL, tag, 0};
    if (index->directory) {
        walk.segment = kithp_index_segment_of(index, tag);
        walk.place = tag & walk.segment->mask;
    }
    return walk;
}

/* The next item with the walk's tag, or KITHP_INDEX_NONE. */
static inline uint32_t kithp_index_next(struct kithp_index_walk *walk)
{
    if (!walk->segment)
        return KITHP_INDEX_NONE;
    for (;;) {
        struct kithp_index_entry entry = walk->segment->places[walk->place];
        if (entry.item_plus_one == 0)
            return KITHP_INDEX_NONE;
        walk->place = (walk->place + 1) & walk->segment->mask;
        if (entry.tag == walk->tag)
            return entry.item_plus_one - 1;
    }
}

#endif
