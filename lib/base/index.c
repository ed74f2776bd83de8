/* SPDX-License-Identifier: MIT */
#include "base/index.h"

#include <string.h>

#include "base/alloc.h"

enum { FIRST_PLACES = 16, MOST_PLACES = 4096, MOST_DEPTH = 20 };

void kithp_index_init(struct kithp_index *index, const kith_allocator *allocator)
{
    *index = (struct kithp_index){.allocator = allocator};
}

/* A segment of depth d stands in 2^(depth - d) neighbouring places of the directory. */
static size_t span_of(const struct kithp_index *index, const struct kithp_index_segment *segment)
{
    return (size_t)1 << (index->depth - segment->depth);
}

void kithp_index_free(struct kithp_index *index)
{
    if (index->directory) {
        size_t size = (size_t)1 << index->depth;
        for (size_t i = 0; i < size;) {
            struct kithp_index_segment *segment = index->directory[i];
            i += span_of(index, segment);
            kithp_alloc_free(index->allocator, segment);
        }
        kithp_alloc_free(index->allocator, index->directory);
    }
    kithp_index_init(index, index->allocator);
}

static struct kithp_index_segment *new_segment(const struct kithp_index *index, uint32_t places, uint32_t depth)
{
    size_t size = sizeof(struct kithp_index_segment) + places * sizeof(struct kithp_index_entry);
    struct kithp_index_segment *segment = kithp_alloc_cleared(index->allocator, 1, size);
    if (segment) {
        segment->depth = depth;
        segment->mask = places - 1;
    }
    return segment;
}

static void put(struct kithp_index_segment *segment, struct kithp_index_entry entry)
{
    uint32_t place = entry.tag & segment->mask;
    while (segment->places[place].item_plus_one != 0)
        place = (place + 1) & segment->mask;
    segment->places[place] = entry;
    segment->count++;
}

static bool is_full(const struct kithp_index_segment *segment)
{
    /* Three quarters keep the walks of linear probing short. */
    return segment->count >= (segment->mask + 1) / 4 * 3;
}

/* Puts two segments in the places of the directory that one had: half of them each. */
static void replace(struct kithp_index *index, uint32_t tag, const struct kithp_index_segment *segment,
                    struct kithp_index_segment *lower, struct kithp_index_segment *upper)
{
    size_t span = span_of(index, segment);
    size_t at = (size_t)(tag >> 1 >> (31 - index->depth));
    at -= at % span;
    for (size_t i = 0; i < span; i++)
        index->directory[at + i] = i < span / 2 ? lower : upper;
}

static bool enlarge(struct kithp_index *index, uint32_t tag, struct kithp_index_segment *segment)
{
    struct kithp_index_segment *larger = new_segment(index, (segment->mask + 1) * 2, segment->depth);
    if (!larger)
        return false;
    for (uint32_t i = 0; i <= segment->mask; i++)
        if (segment->places[i].item_plus_one != 0)
            put(larger, segment->places[i]);
    replace(index, tag, segment, larger, larger);
    kithp_alloc_free(index->allocator, segment);
    return true;
}

static bool double_directory(struct kithp_index *index)
{
    size_t size = (size_t)1 << index->depth;
    struct kithp_index_segment **directory = kithp_alloc_array(index->allocator, size * 2, sizeof(void *));
    if (!directory)
        return false;
    for (size_t i = 0; i < size; i++)
        directory[2 * i] = directory[2 * i + 1] = index->directory[i];
    kithp_alloc_free(index->allocator, index->directory);
    index->directory = directory;
    index->depth++;
    return true;
}

static bool split(struct kithp_index *index, uint32_t tag, struct kithp_index_segment *segment)
{
    if (segment->depth == index->depth && !double_directory(index))
        return false;
    struct kithp_index_segment *lower = new_segment(index, MOST_PLACES, segment->depth + 1);
    struct kithp_index_segment *upper = new_segment(index, MOST_PLACES, segment->depth + 1);
    if (!lower || !upper) {
        kithp_alloc_free(index->allocator, lower);
        kithp_alloc_free(index->allocator, upper);
        return false;
    }
    uint32_t bit = UINT32_C(1) << (31 - segment->depth);
    for (uint32_t i = 0; i <= segment->mask; i++)
        if (segment->places[i].item_plus_one != 0)
            put(segment->places[i].tag & bit ? upper : lower, segment->places[i]);
    replace(index, tag, segment, lower, upper);
    kithp_alloc_free(index->allocator, segment);
    return true;
}

static bool make_room(struct kithp_index *index, uint32_t tag)
{
    if (!index->directory) {
        index->directory = kithp_alloc_array(index->allocator, 1, sizeof(void *));
        if (!index->directory)
            return false;
        index->directory[0] = new_segment(index, FIRST_PLACES, 0);
        if (!index->directory[0]) {
            kithp_alloc_free(index->allocator, index->directory);
            index->directory = NULL;
            return false;
        }
    }
    for (;;) {
        struct kithp_index_segment *segment = kithp_index_segment_of(index, tag);
        if (!is_full(segment))
            return true;
        /* Past the depth that tags can tell apart, a segment grows instead. */
        bool splits = segment->mask + 1 >= MOST_PLACES && segment->depth < MOST_DEPTH;
        if (!(splits ? split(index, tag, segment) : enlarge(index, tag, segment)))
            return false;
    }
}

bool kithp_index_add(struct kithp_index *index, uint32_t tag, uint32_t item)
{
    if (!make_room(index, tag))
        return false;
    put(kithp_index_segment_of(index, tag), (struct kithp_index_entry){tag, item + 1});
    return true;
}

/* Whether an entry that belongs to `home` may lie at `place` though `gap` is free: only if home lies behind the gap. */
static bool may_stay(uint32_t home, uint32_t gap, uint32_t place, uint32_t mask)
{
    return ((place - home) & mask) < ((place - gap) & mask);
}

void kithp_index_remove(struct kithp_index *index, uint32_t tag, uint32_t item)
{
    struct kithp_index_segment *segment = kithp_index_segment_of(index, tag);
    uint32_t mask = segment->mask, gap = tag & mask;
    while (segment->places[gap].item_plus_one != item + 1 || segment->places[gap].tag != tag)
        gap = (gap + 1) & mask;
    /* What lies behind moves up, so that no walk ends too early. */
    for (uint32_t place = (gap + 1) & mask; segment->places[place].item_plus_one != 0; place = (place + 1) & mask) {
        if (may_stay(segment->places[place].tag & mask, gap, place, mask))
            continue;
        segment->places[gap] = segment->places[place];
        gap = place;
    }
    segment->places[gap] = (struct kithp_index_entry){0, 0};
    segment->count--;
}

void kithp_index_renumber(struct kithp_index *index, uint32_t tag, uint32_t item, uint32_t number)
{
    struct kithp_index_segment *segment = kithp_index_segment_of(index, tag);
    uint32_t place = tag & segment->mask;
    while (segment->places[place].item_plus_one != item + 1 || segment->places[place].tag != tag)
        place = (place + 1) & segment->mask;
    segment->places[place].item_plus_one = number + 1;
}
