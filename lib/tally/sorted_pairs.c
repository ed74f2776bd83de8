/* SPDX-License-Identifier: MIT */
#include "tally/sorted_pairs.h"

#include "base/alloc.h"
#include "base/grouped.h"
#include "base/sort.h"

static uint32_t actor_of(const void *week, uint32_t place)
{
    const struct kithp_week *of = week;
    const struct kithp_map_entry *entry = kithp_map_place(&of->pairs, place);
    /* Whether a place is free is anybody's guess, whether it is there is not. */
    return entry && entry->value != 0 ? (uint32_t)(entry->key >> 32) : KITHP_NOT_GROUPED;
}

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
    for (size_t i = 0; i < count; i++)
        keys[i] = (uint64_t)pairs[i].target << 32 | pairs[i].kind;
    for (size_t i = 0; i < count; i++) {
        size_t place = 0;
        for (size_t j = 0; j < count; j++)
            place += keys[j] < keys[i];
        sorted[place] = pairs[i];
    }
    return sorted;
}

/* Pairs of one actor. */
static const struct kithp_pair *sort_pairs(struct kithp_pair *pairs, struct kithp_pair *spare, size_t count)
{
    return count > FEW ? kithp_sort(pairs, spare, count, sizeof *pairs, is_before, NULL)
                       : sort_few(pairs, spare, count);
}

static void hand_out(const struct kithp_week *week, const struct kithp_groups *groups, struct kithp_pair *room,
                     kithp_sorted_pairs_fn take, void *context)
{
    enum { AHEAD = 32 }; /* pairs of an actor lie anywhere */
    struct kithp_pair *items = room, *spare = items + groups->largest;
    const uint32_t end = groups->begins[groups->count];
    for (uint32_t group = 0; group < groups->count; group++) {
        uint32_t begin = groups->begins[group], count = groups->begins[group + 1] - begin;
        if (count == 0)
            continue;
        for (uint32_t i = 0; i < count; i++) {
            if (end - begin - i > AHEAD)
                kithp_map_prefetch_place(&week->pairs, groups->order[begin + i + AHEAD]);
            (void)kithp_week_pair(week, groups->order[begin + i], &items[i]);
        }
        take(context, sort_pairs(items, spare, count), count);
    }
}

bool kithp_sorted_pairs(const kith_allocator *allocator, const struct kithp_week *week, uint32_t members,
                        kithp_sorted_pairs_fn take, void *context)
{
    if (week->pairs.count == 0)
        return true;
    struct kithp_groups groups;
    struct kithp_pair *room = NULL;
    if (kithp_groups_make(&groups, allocator, kithp_map_places(&week->pairs), members, actor_of, week))
        room = kithp_alloc_array(allocator, 2 * (size_t)groups.largest, sizeof *room);
    if (room)
        hand_out(week, &groups, room, take, context);
    kithp_alloc_free(allocator, room);
    kithp_groups_free(&groups);
    return room != NULL;
}
