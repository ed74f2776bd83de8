/* SPDX-License-Identifier: MIT */
#include "tally/sorted_pairs.h"

#include "base/alloc.h"
#include "base/grouped.h"
#include "base/sort.h"

static uint32_t actor_of(const void *week, uint32_t place)
{
    struct kithp_pair pair;
    return kithp_week_pair(week, place, &pair) ? pair.actor : KITHP_NOT_GROUPED;
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

static void hand_out(const struct kithp_week *week, const struct kithp_groups *groups, struct kithp_pair *room,
                     kithp_sorted_pairs_fn take, void *context)
{
    struct kithp_pair *items = room, *spare = items + groups->largest;
    for (uint32_t group = 0; group < groups->count; group++) {
        size_t count = groups->begins[group + 1] - groups->begins[group];
        if (count == 0)
            continue;
        for (size_t i = 0; i < count; i++)
            (void)kithp_week_pair(week, groups->order[groups->begins[group] + i], &items[i]);
        take(context, kithp_sort(items, spare, count, sizeof *items, is_before, NULL), count);
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
