/* SPDX-License-Identifier: MIT */
/*
 * Items of an array in groups, in little more memory than a number for each: what is to be sorted, sorted in part. What
 * goes through all items stands here, so that nothing is called for each.
 */
#ifndef KITHP_BASE_GROUPED_H
#define KITHP_BASE_GROUPED_H

#include <stdbool.h>

#include "base/alloc.h"

/* The group of an item, below how many there are; or this, for one that is left out. */
#define KITHP_NOT_GROUPED UINT32_MAX
typedef uint32_t (*kithp_group_fn)(const void *context, uint32_t item);

struct kithp_groups {
    const kith_allocator *allocator;
    uint32_t *order;  /* items, group by group */
    uint32_t *begins; /* of each group, its place in order; one more for the end */
    uint32_t count;   /* of groups */
    uint32_t largest; /* items in the largest */
};

/* What is left out is a group of its own behind the others: to jump over it would cost more. */
static inline size_t kithp_groups_place(const struct kithp_groups *groups, uint32_t group)
{
    return group < groups->count ? group : groups->count;
}

/* Counts two places behind, so that after summing up, each group's begin stands one place behind where it belongs. */
static inline void kithp_groups_count(struct kithp_groups *groups, uint32_t items, kithp_group_fn group_of,
                                      const void *context)
{
    for (uint32_t item = 0; item < items; item++)
        groups->begins[kithp_groups_place(groups, group_of(context, item)) + 2]++;
    for (size_t i = 2; i < (size_t)groups->count + 2; i++) {
        if (groups->begins[i] > groups->largest)
            groups->largest = groups->begins[i];
        groups->begins[i] += groups->begins[i - 1];
    }
}

/* False where there is no memory. kithp_groups_free() is to be called whatever comes of it. */
static inline bool kithp_groups_make(struct kithp_groups *groups, const kith_allocator *allocator, uint32_t items,
                                     uint32_t count, kithp_group_fn group_of, const void *context)
{
    *groups = (struct kithp_groups){.allocator = allocator, .count = count};
    groups->begins = kithp_alloc_cleared(allocator, (size_t)count + 3, sizeof *groups->begins);
    groups->order = kithp_alloc_array(allocator, items, sizeof *groups->order);
    if (!groups->begins || !groups->order)
        return false;
    kithp_groups_count(groups, items, group_of, context);
    /* Filling moves each begin on to its group's end, which is where the next group's begin belongs. */
    for (uint32_t item = 0; item < items; item++)
        groups->order[groups->begins[kithp_groups_place(groups, group_of(context, item)) + 1]++] = item;
    /* Behind the last group is what was left out. */
    return true;
}

static inline void kithp_groups_free(struct kithp_groups *groups)
{
    kithp_alloc_free(groups->allocator, groups->order);
    kithp_alloc_free(groups->allocator, groups->begins);
}

#endif
