/* SPDX-License-Identifier: MIT */
/*
 * From 64-bit keys to numbers that lie beside them, so that finding one reads one line of memory. Several entries may
 * have the same key; their marks tell them apart.
 *
 * For what is looked up with every event; an entry takes twice what one of base/index.h does, which serves keys that
 * have a place of their own anyway. Extendible hashing under a random key, as there: segments of up to 4096 places, the
 * upper bits of the hash choose the segment, the lower ones the place. A full segment is split in two, so that no call
 * moves more entries than one segment has. A key that is removed stands nowhere any more.
 *
 * Two maps may share segments, one of them being a copy that only looks at what there was when it was made; the other
 * makes a segment its own before it changes it.
 */
#ifndef KITHP_BASE_MAP_H
#define KITHP_BASE_MAP_H

#include "base/blocks.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "base/prefetch.h"

enum { KITHP_MAP_PLACE_BITS = 12, KITHP_MAP_PLACES = 1 << KITHP_MAP_PLACE_BITS, KITHP_MAP_RESERVE_MOST = 512 };

struct kithp_map_entry {
    uint64_t key;
    uint32_t value; /* 0 where the place is free */
    uint32_t mark;
};

struct kithp_map_segment {
    uint32_t depth; /* how many upper bits of the hash its entries share */
    uint32_t count;
    uint32_t unused[14];
    struct kithp_map_entry places[]; /* four a line */
};

struct kithp_map {
    struct kithp_hash_key key;
    struct kithp_blocks blocks;
    struct kithp_blocks *shared_blocks;   /* that segments come from in place of its own, or NULL */
    struct kithp_map_segment **directory; /* 2^depth of them, or NULL where the map is empty */
    uint32_t depth;
    uint32_t mask;  /* number of places of a segment less one: only one that is alone is small */
    uint32_t count; /* of entries */
    uint32_t segments;
};

/* No memory is taken yet. The allocator must outlive it; the key should be one that nobody can guess. */
void kithp_map_init(struct kithp_map *map, const kith_allocator *allocator, struct kithp_hash_key key);
void kithp_map_free(struct kithp_map *map);

/* Memory that its segments have, in use or not. Asked for often, so nothing is gone through for it. */
size_t kithp_map_bytes(const struct kithp_map *map);

/*
 * Makes room for about so many entries in a map that has none, so that it need not grow into them step by step: all of
 * it at once, for those who have many entries at hand. Nothing is promised: where there is no memory, it grows as ever.
 */
void kithp_map_expect(struct kithp_map *map, uint32_t count);

/* Takes segments from blocks that serve others as well; they must outlive it. To be called before there is an entry. */
static inline void kithp_map_take_from(struct kithp_map *map, struct kithp_blocks *blocks)
{
    map->shared_blocks = blocks;
}

static inline uint64_t kithp_map_hash(const struct kithp_map *map, uint64_t key)
{
    return kithp_hash_number(map->key, key);
}

static inline struct kithp_map_segment *kithp_map_segment_of(const struct kithp_map *map, uint64_t hash)
{
    /* Two shifts, as a shift by 64 is undefined. */
    return map->directory[hash >> 1 >> (63 - map->depth)];
}

/* The place at which the search for a hash begins: that of a line, so that it mostly ends within one. */
static inline uint32_t kithp_map_home(const struct kithp_map *map, uint64_t hash)
{
    return (uint32_t)hash & map->mask & ~UINT32_C(3);
}

/* Asks for it. */
static inline void kithp_map_prefetch(const struct kithp_map *map, uint64_t hash)
{
    if (!map->directory)
        return;
    const struct kithp_map_segment *segment = kithp_map_segment_of(map, hash);
    kithp_prefetch(&segment->places[kithp_map_home(map, hash)]);
}

/* A walk over the entries of a key. They stay where they are until one is added or removed. */
struct kithp_map_walk {
    struct kithp_map_segment *segment;
    uint64_t key;
    uint32_t place;
    uint32_t mask;
};

static inline struct kithp_map_walk kithp_map_begin(const struct kithp_map *map, uint64_t hash, uint64_t key)
{
    return (struct kithp_map_walk){map->directory ? kithp_map_segment_of(map, hash) : NULL, key,
                                   kithp_map_home(map, hash), map->mask};
}

/* The next entry of the walk's key, or NULL. */
static inline struct kithp_map_entry *kithp_map_next(struct kithp_map_walk *walk)
{
    if (!walk->segment)
        return NULL;
    for (;;) {
        struct kithp_map_entry *entry = &walk->segment->places[walk->place++ & walk->mask];
        if (entry->value == 0)
            return NULL;
        if (entry->key == walk->key)
            return entry;
    }
}

/* The first entry of a key, or NULL. */
static inline struct kithp_map_entry *kithp_map_find(const struct kithp_map *map, uint64_t hash, uint64_t key)
{
    if (!map->directory)
        return NULL;
    /* Four at once: which of a line it is cannot be foreseen, and a wrong guess costs more than three comparisons. */
    struct kithp_map_entry *line = &kithp_map_segment_of(map, hash)->places[kithp_map_home(map, hash)];
    unsigned same = (unsigned)(line[0].key == key) | (unsigned)(line[1].key == key) << 1 |
                    (unsigned)(line[2].key == key) << 2 | (unsigned)(line[3].key == key) << 3;
    if (same != 0 && line[kithp_bytes_lowest_bit(same)].value != 0)
        return &line[kithp_bytes_lowest_bit(same)];
    struct kithp_map_walk walk = kithp_map_begin(map, hash, key);
    return kithp_map_next(&walk);
}

/*
 * All places, numbered from 0: below kithp_map_places(), some of them not there. An entry that is removed while they
 * are gone through in this order may put another in its place, which is to be looked at then.
 */
static inline uint32_t kithp_map_places(const struct kithp_map *map)
{
    return map->directory ? UINT32_C(1) << (map->depth + KITHP_MAP_PLACE_BITS) : 0;
}

/* A place, free or not; NULL where it is not there. */
static inline struct kithp_map_entry *kithp_map_place(const struct kithp_map *map, uint32_t place)
{
    uint32_t number = place >> KITHP_MAP_PLACE_BITS, inner = place & (KITHP_MAP_PLACES - 1);
    struct kithp_map_segment *segment = map->directory[number];
    /* A segment of less depth than the map's stands there several times; the first time counts. */
    if (inner > map->mask || number & ((UINT32_C(1) << (map->depth - segment->depth)) - 1))
        return NULL;
    return &segment->places[inner];
}

/* The entry of a place, or NULL where it is free or not there. */
static inline struct kithp_map_entry *kithp_map_at(const struct kithp_map *map, uint32_t place)
{
    struct kithp_map_entry *entry = kithp_map_place(map, place);
    return entry && entry->value != 0 ? entry : NULL;
}

/* Asks for the entry of a place that is there. */
static inline void kithp_map_prefetch_place(const struct kithp_map *map, uint32_t place)
{
    kithp_prefetch(&map->directory[place >> KITHP_MAP_PLACE_BITS]->places[place & (KITHP_MAP_PLACES - 1)]);
}

/*
 * Makes `copy`, which is initialised and empty, share all segments as they are now. False where there is no memory. The
 * copy's allocator must free what the other's gave.
 */
bool kithp_map_share(struct kithp_map *copy, const struct kithp_map *map);

/*
 * Sees to it that what lies under a hash, or everything, can be changed without a copy noticing. False where there is
 * no memory.
 */
bool kithp_map_own(struct kithp_map *map, uint64_t hash);
bool kithp_map_own_all(struct kithp_map *map);

/*
 * Room for `more` entries, up to KITHP_MAP_RESERVE_MOST, of one hash or of others for which the same was asked since.
 * False where there is none, with the map as it was.
 */
bool kithp_map_make_room(struct kithp_map *map, uint64_t hash, uint32_t more);

/* Three quarters keep walks short; what may come at once still finds a place behind that, and a walk its end. */
static inline bool kithp_map_has_room(const struct kithp_map *map, uint64_t hash, uint32_t more)
{
    uint32_t places = map->mask + 1, count = map->directory ? kithp_map_segment_of(map, hash)->count : places;
    return count < places / 4 * 3 && count + more < places;
}

static inline bool kithp_map_reserve(struct kithp_map *map, uint64_t hash, uint32_t more)
{
    return kithp_map_has_room(map, hash, more) || kithp_map_make_room(map, hash, more);
}

/* Adds an entry, for which there must be room in a segment of its own. */
void kithp_map_add(struct kithp_map *map, uint64_t hash, struct kithp_map_entry entry);

/* Takes an entry out, which must be there. */
void kithp_map_remove(struct kithp_map *map, uint64_t hash, const struct kithp_map_entry *entry);

#endif
