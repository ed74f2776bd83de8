/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

/* At the most depth, places can still be numbered. */
enum { FIRST_PLACES = 16, MOST_DEPTH = 31 - KITHP_MAP_PLACE_BITS };

_Static_assert(sizeof(struct kithp_map_segment) == KITHP_LINE, "places begin at a line");
_Static_assert(KITHP_MAP_RESERVE_MOST < KITHP_MAP_PLACES / 4, "a segment that is not full has room for as many");

void kithp_map_init(struct kithp_map *map, const kith_allocator *allocator, struct kithp_hash_key key)
{
    *map = (struct kithp_map){.key = key};
    kithp_blocks_init(&map->blocks, allocator);
}

/* A segment of depth d stands in 2^(depth - d) neighbouring places of the directory. */
static size_t span_of(const struct kithp_map *map, const struct kithp_map_segment *segment)
{
    return (size_t)1 << (map->depth - segment->depth);
}

static struct kithp_blocks *source_of(struct kithp_map *map)
{
    return map->shared_blocks ? map->shared_blocks : &map->blocks;
}

static size_t size_of(uint32_t places)
{
    return sizeof(struct kithp_map_segment) + places * sizeof(struct kithp_map_entry);
}

void kithp_map_free(struct kithp_map *map)
{
    const kith_allocator *allocator = map->blocks.allocator;
    if (map->directory) {
        size_t size = (size_t)1 << map->depth;
        for (size_t i = 0; i < size;) {
            struct kithp_map_segment *segment = map->directory[i];
            i += span_of(map, segment);
            kithp_blocks_give_back(source_of(map), segment, size_of(map->mask + 1));
        }
        kithp_alloc_free(allocator, map->directory);
    }
    kithp_blocks_end(&map->blocks);
    map->directory = NULL;
    map->depth = map->mask = map->count = map->segments = 0;
}

size_t kithp_map_bytes(const struct kithp_map *map)
{
    size_t directory = map->directory ? sizeof(struct kithp_map_segment *) << map->depth : 0;
    return map->segments * size_of(map->mask + 1) + directory;
}

static struct kithp_map_segment *new_segment(struct kithp_map *map, uint32_t places, uint32_t depth)
{
    struct kithp_map_segment *segment = kithp_blocks_take(source_of(map), size_of(places));
    if (segment) {
        memset(segment, 0, size_of(places));
        segment->depth = depth;
    }
    return segment;
}

/* Takes back the segments that there was memory for. */
static void give_up_expecting(struct kithp_map *map)
{
    for (uint32_t i = 0; i < map->segments; i++)
        kithp_blocks_give_back(source_of(map), map->directory[i], size_of(KITHP_MAP_PLACES));
    kithp_alloc_free(map->blocks.allocator, map->directory);
    map->directory = NULL;
    map->depth = map->mask = map->segments = 0;
}

void kithp_map_expect(struct kithp_map *map, uint32_t count)
{
    /* Hashes spread evenly, but not quite: with five eighths in use on average, next to no segment is to be split. */
    const uint32_t comfortable = KITHP_MAP_PLACES / 8 * 5;
    uint32_t depth = 0;
    while (depth < MOST_DEPTH && count >> depth > comfortable)
        depth++;
    if (map->directory || depth == 0)
        return;
    size_t size = (size_t)1 << depth;
    map->directory = kithp_alloc_array(map->blocks.allocator, size, sizeof(void *));
    if (!map->directory)
        return;
    map->mask = KITHP_MAP_PLACES - 1;
    for (; map->segments < size; map->segments++) {
        map->directory[map->segments] = new_segment(map, KITHP_MAP_PLACES, depth);
        if (!map->directory[map->segments])
            break;
    }
    map->depth = depth;
    if (map->segments < size)
        give_up_expecting(map);
}

static void put(const struct kithp_map *map, struct kithp_map_segment *segment, uint64_t hash,
                const struct kithp_map_entry *entry)
{
    uint32_t place = kithp_map_home(map, hash);
    while (segment->places[place].value != 0)
        place = (place + 1) & map->mask;
    segment->places[place] = *entry;
    segment->count++;
}

/* Puts two segments in the places of the directory that one had: half of them each. */
static void replace(struct kithp_map *map, uint64_t hash, size_t span, struct kithp_map_segment *lower,
                    struct kithp_map_segment *upper)
{
    size_t at = (size_t)(hash >> 1 >> (63 - map->depth));
    at -= at % span;
    for (size_t i = 0; i < span; i++)
        map->directory[at + i] = i < span / 2 ? lower : upper;
}

/* The one segment there is becomes twice as large. */
static bool enlarge(struct kithp_map *map)
{
    uint32_t places = map->mask + 1;
    struct kithp_map_segment *segment = map->directory[0], *larger = new_segment(map, 2 * places, 0);
    if (!larger)
        return false;
    map->directory[0] = larger;
    map->mask = 2 * places - 1;
    for (uint32_t i = 0; i < places; i++)
        if (segment->places[i].value != 0)
            put(map, larger, kithp_map_hash(map, segment->places[i].key), &segment->places[i]);
    /* A key may be a name, which is not to stay behind in memory that is nobody's. */
    if (!kithp_blocks_is_shared(segment))
        memset(segment->places, 0, places * sizeof *segment->places);
    kithp_blocks_let_go(map->blocks.allocator, segment);
    return true;
}

static bool double_directory(struct kithp_map *map)
{
    if (map->depth == MOST_DEPTH)
        return false;
    size_t size = (size_t)1 << map->depth;
    struct kithp_map_segment **directory = kithp_alloc_array(map->blocks.allocator, size * 2, sizeof(void *));
    if (!directory)
        return false;
    for (size_t i = 0; i < size; i++)
        directory[2 * i] = directory[2 * i + 1] = map->directory[i];
    kithp_alloc_free(map->blocks.allocator, map->directory);
    map->directory = directory;
    map->depth++;
    return true;
}

/* ---- sharing ---- */

bool kithp_map_share(struct kithp_map *copy, const struct kithp_map *map)
{
    if (!map->directory)
        return true;
    size_t size = (size_t)1 << map->depth;
    copy->directory = kithp_alloc_array(copy->blocks.allocator, size, sizeof(void *));
    if (!copy->directory)
        return false;
    memcpy(copy->directory, map->directory, size * sizeof(void *));
    for (size_t i = 0; i < size; i += span_of(map, map->directory[i]))
        kithp_blocks_hold(map->directory[i]);
    copy->depth = map->depth;
    copy->mask = map->mask;
    copy->count = map->count;
    copy->segments = map->segments;
    return true;
}

/* Makes the segment at a place of the directory, the first that it stands in, the map's own. */
static bool own_segment(struct kithp_map *map, size_t at)
{
    struct kithp_map_segment *segment = map->directory[at];
    if (!kithp_blocks_is_shared(segment))
        return true;
    struct kithp_map_segment *own = kithp_blocks_take(source_of(map), size_of(map->mask + 1));
    if (!own)
        return false;
    memcpy(own, segment, size_of(map->mask + 1));
    for (size_t i = 0; i < span_of(map, own); i++)
        map->directory[at + i] = own;
    kithp_blocks_let_go(map->blocks.allocator, segment);
    return true;
}

bool kithp_map_own(struct kithp_map *map, uint64_t hash)
{
    if (!map->directory)
        return true;
    size_t at = (size_t)(hash >> 1 >> (63 - map->depth));
    return own_segment(map, at - at % span_of(map, map->directory[at]));
}

bool kithp_map_own_all(struct kithp_map *map)
{
    size_t size = map->directory ? (size_t)1 << map->depth : 0;
    for (size_t i = 0; i < size; i += span_of(map, map->directory[i]))
        if (!own_segment(map, i))
            return false;
    return true;
}

/* ---- growing ---- */

/*
 * Moves the entries with a bit of the hash to another segment and puts the others again, so that no walk ends at a gap.
 * Begun behind a free place, that needs no room aside: an entry that is taken out finds a place at most where it was,
 * as all that lies between its home and there has been put again before.
 */
static void part(const struct kithp_map *map, struct kithp_map_segment *segment, struct kithp_map_segment *upper)
{
    uint64_t bit = UINT64_C(1) << (63 - segment->depth);
    uint32_t begin = 0;
    while (segment->places[begin].value != 0)
        begin++;
    for (uint32_t i = 1; i <= map->mask; i++) {
        struct kithp_map_entry *place = &segment->places[(begin + i) & map->mask], entry = *place;
        if (entry.value == 0)
            continue;
        uint64_t hash = kithp_map_hash(map, entry.key);
        place->value = 0;
        segment->count--;
        put(map, hash & bit ? upper : segment, hash, &entry);
    }
}

/* What a free place once held is no use to anybody, and may be somebody's. */
static void clear_free(const struct kithp_map *map, struct kithp_map_segment *segment)
{
    for (uint32_t i = 0; i <= map->mask; i++)
        if (segment->places[i].value == 0)
            segment->places[i] = (struct kithp_map_entry){0, 0, 0};
}

static bool split(struct kithp_map *map, uint64_t hash)
{
    if (!kithp_map_own(map, hash))
        return false;
    struct kithp_map_segment *segment = kithp_map_segment_of(map, hash);
    if (segment->depth == map->depth && !double_directory(map))
        return false;
    struct kithp_map_segment *upper = new_segment(map, KITHP_MAP_PLACES, segment->depth + 1);
    if (!upper)
        return false;
    part(map, segment, upper);
    clear_free(map, segment);
    replace(map, hash, span_of(map, segment), segment, upper);
    segment->depth++;
    map->segments++;
    return true;
}

static bool make_first(struct kithp_map *map)
{
    map->directory = kithp_alloc_array(map->blocks.allocator, 1, sizeof(void *));
    if (!map->directory)
        return false;
    map->directory[0] = new_segment(map, FIRST_PLACES, 0);
    if (map->directory[0]) {
        map->mask = FIRST_PLACES - 1;
        map->segments = 1;
        return true;
    }
    kithp_alloc_free(map->blocks.allocator, map->directory);
    map->directory = NULL;
    return false;
}

bool kithp_map_make_room(struct kithp_map *map, uint64_t hash, uint32_t more)
{
    if (!map->directory && !make_first(map))
        return false;
    while (!kithp_map_has_room(map, hash, more))
        if (!(map->mask + 1 < KITHP_MAP_PLACES ? enlarge(map) : split(map, hash)))
            return false;
    return true;
}

void kithp_map_add(struct kithp_map *map, uint64_t hash, struct kithp_map_entry entry)
{
    put(map, kithp_map_segment_of(map, hash), hash, &entry);
    map->count++;
}

/* Whether an entry that belongs to `home` may lie at `place` though `gap` is free: only if home lies behind the gap. */
static bool may_stay(uint32_t home, uint32_t gap, uint32_t place, uint32_t mask)
{
    return ((place - home) & mask) < ((place - gap) & mask);
}

void kithp_map_remove(struct kithp_map *map, uint64_t hash, const struct kithp_map_entry *entry)
{
    struct kithp_map_segment *segment = kithp_map_segment_of(map, hash);
    uint32_t mask = map->mask, gap = (uint32_t)(entry - segment->places);
    /* What lies behind moves up, so that no walk ends too early. */
    for (uint32_t place = (gap + 1) & mask; segment->places[place].value != 0; place = (place + 1) & mask) {
        uint32_t home = kithp_map_home(map, kithp_map_hash(map, segment->places[place].key));
        if (may_stay(home, gap, place, mask))
            continue;
        segment->places[gap] = segment->places[place];
        gap = place;
    }
    segment->places[gap] = (struct kithp_map_entry){0, 0, 0};
    segment->count--;
    map->count--;
}
