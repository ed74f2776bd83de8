/* SPDX-License-Identifier: MIT */
/*
 * From 64-bit keys to numbers that lie beside them, so that finding one reads one line of memory. Several entries may
 * have the same key; their marks tell them apart.
 *
 * Extendible hashing under a random key, as in base/index.h: segments of up to 4096 places, the upper bits of the hash
 * choose the segment, the lower ones the place. A full segment is split in two, so that no call moves more entries than
 * one segment has.
 */
#ifndef KITHP_BASE_MAP_H
#define KITHP_BASE_MAP_H

#include "base/blocks.h"
#include "base/hash.h"
#include "base/prefetch.h"

enum { KITHP_MAP_PLACES = 4096, KITHP_MAP_RESERVE_MOST = 512 };

struct kithp_map_entry {
    uint64_t key;
    uint32_t value; /* 0 where the place is free */
    uint32_t mark;
};

struct kithp_map_segment {
    uint32_t depth; /* how many upper bits of the hash its entries share */
    uint32_t count;
    uint32_t mask; /* number of places less one */
    uint32_t unused[13];
    struct kithp_map_entry places[]; /* four a line */
};

struct kithp_map {
    struct kithp_hash_key key;
    struct kithp_blocks blocks;
    struct kithp_map_segment **directory; /* 2^depth of them, or NULL where the map is empty */
    uint32_t depth;
};

/* No memory is taken yet. The allocator must outlive it; the key should be one that nobody can guess. */
void kithp_map_init(struct kithp_map *map, const kith_allocator *allocator, struct kithp_hash_key key);
void kithp_map_free(struct kithp_map *map);

static inline uint64_t kithp_map_hash(const struct kithp_map *map, uint64_t key)
{
    return kithp_hash_number(map->key, key);
}

static inline struct kithp_map_segment *kithp_map_segment_of(const struct kithp_map *map, uint64_t hash)
{
    /* Two shifts, as a shift by 64 is undefined. */
    return map->directory[hash >> 1 >> (63 - map->depth)];
}

/* Asks for the place at which the search for a hash begins. */
static inline void kithp_map_prefetch(const struct kithp_map *map, uint64_t hash)
{
    if (!map->directory)
        return;
    const struct kithp_map_segment *segment = kithp_map_segment_of(map, hash);
    kithp_prefetch(&segment->places[(uint32_t)hash & segment->mask]);
}

/* The first entry of a key, or NULL. It stays where it is until the map is changed. */
static inline struct kithp_map_entry *kithp_map_find(const struct kithp_map *map, uint64_t hash, uint64_t key)
{
    if (!map->directory)
        return NULL;
    struct kithp_map_segment *segment = kithp_map_segment_of(map, hash);
    for (uint32_t place = (uint32_t)hash;; place++) {
        struct kithp_map_entry *entry = &segment->places[place & segment->mask];
        if (entry->value == 0)
            return NULL;
        if (entry->key == key)
            return entry;
    }
}

/*
 * Room for `more` entries, up to KITHP_MAP_RESERVE_MOST, of one hash or of others for which the same was asked since.
 * False where there is none, with the map as it was.
 */
bool kithp_map_reserve(struct kithp_map *map, uint64_t hash, uint32_t more);

/* Adds an entry, for which there must be room. */
void kithp_map_add(struct kithp_map *map, uint64_t hash, struct kithp_map_entry entry);

/* Takes an entry out, which must be there. */
void kithp_map_remove(struct kithp_map *map, uint64_t hash, const struct kithp_map_entry *entry);

#endif
