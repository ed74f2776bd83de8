/* SPDX-License-Identifier: MIT */
#include "tally/sorted_pairs.h"

#include "base/alloc.h"
#include "base/keyed.h"
#include "base/sort.h"

bool kithp_pair_is_before(const struct kithp_pair *a, const struct kithp_pair *b)
{
    if (a->actor != b->actor)
        return a->actor < b->actor;
    return a->target != b->target ? a->target < b->target : a->kind < b->kind;
}

static bool is_before(const void *context, const void *a, const void *b)
{
    (void)context;
    return kithp_pair_is_before(a, b);
}

enum { FEW = 16 };

/*
 * Most actors have few pairs. The place of each is the number of those before it, which is counted without a jump:
 * which of two comes first is anybody's guess.
 */
static const struct kithp_pair *sort_few(const struct kithp_pair *pairs, struct kithp_pair *sorted, size_t count)
{
    uint64_t keys[FEW];
    size_t places[FEW];
    for (size_t i = 0; i < count; i++) {
        keys[i] = (uint64_t)pairs[i].target << 32 | pairs[i].kind;
        places[i] = 0;
        for (size_t j = 0; j < i; j++) {
            size_t is_first = keys[i] < keys[j];
            places[j] += is_first;
            places[i] += 1 - is_first;
        }
    }
    for (size_t i = 0; i < count; i++)
        sorted[places[i]] = pairs[i];
    return sorted;
}

/* Pairs of one actor. */
static const struct kithp_pair *sort_pairs(struct kithp_pair *pairs, struct kithp_pair *spare, size_t count)
{
    return count > FEW ? kithp_sort(pairs, spare, count, sizeof *pairs, is_before, NULL)
                       : sort_few(pairs, spare, count);
}

/* The places of all pairs, by their actors; room is for one more than there are. */
static size_t list_places(const struct kithp_map *pairs, struct kithp_keyed *places)
{
    size_t count = 0;
    for (uint32_t segment = 0; segment < kithp_map_places(pairs); segment += KITHP_MAP_PLACES) {
        const struct kithp_map_entry *entries = kithp_map_place(pairs, segment);
        for (uint32_t i = 0; entries && i <= pairs->mask; i++) {
            /* Whether a place is free is anybody's guess: what is none is overwritten. */
            places[count] = (struct kithp_keyed){(uint32_t)(entries[i].key >> 32), segment + i};
            count += entries[i].value != 0;
        }
    }
    return count;
}

/* Those of one actor. */
static size_t count_same(const struct kithp_keyed *places, size_t count)
{
    size_t same = 1;
    while (same < count && places[same].key == places[0].key)
        same++;
    return same;
}

static size_t find_largest(const struct kithp_keyed *places, size_t count)
{
    size_t largest = 0, same = 0;
    for (size_t i = 0; i < count; i++) {
        same = same * (i > 0 && places[i].key == places[i - 1].key) + 1;
        largest = same > largest ? same : largest;
    }
    return largest;
}

static void hand_out(const struct kithp_map *pairs, const struct kithp_keyed *places, size_t count,
                     struct kithp_pair *items, struct kithp_pair *spare, kithp_sorted_pairs_fn take, void *context)
{
    enum { AHEAD = 32 }; /* pairs of an actor lie anywhere */
    for (size_t begin = 0, same; begin < count; begin += same) {
        same = count_same(places + begin, count - begin);
        for (size_t i = 0; i < same; i++) {
            if (count - begin - i > AHEAD)
                kithp_map_prefetch_place(pairs, places[begin + i + AHEAD].item);
            items[i] = kithp_pair_of(kithp_map_place(pairs, places[begin + i].item));
        }
        take(context, sort_pairs(items, spare, same), same);
    }
}

static bool sort_and_hand_out(const kith_allocator *allocator, const struct kithp_map *pairs, uint32_t members,
                              struct kithp_keyed *room, kithp_sorted_pairs_fn take, void *context)
{
    size_t count = list_places(pairs, room);
    const struct kithp_keyed *places = kithp_keyed_sort(room, room + pairs->count + 1, count, members);
    size_t largest = find_largest(places, count);
    struct kithp_pair *items = kithp_alloc_array(allocator, 2 * largest, sizeof *items);
    if (!items)
        return false;
    hand_out(pairs, places, count, items, items + largest, take, context);
    kithp_alloc_free(allocator, items);
    return true;
}

bool kithp_sorted_pairs(const kith_allocator *allocator, const struct kithp_week *week, uint32_t members,
                        kithp_sorted_pairs_fn take, void *context)
{
    const struct kithp_map *pairs = &week->pairs;
    if (pairs->count == 0)
        return true;
    struct kithp_keyed *room = kithp_alloc_array(allocator, 2 * ((size_t)pairs->count + 1), sizeof *room);
    bool sorted = room && sort_and_hand_out(allocator, pairs, members, room, take, context);
    kithp_alloc_free(allocator, room);
    return sorted;
}
