/* SPDX-License-Identifier: MIT */
/* Items of an array in groups, in little more memory than a number for each: what is to be sorted, sorted in part. */
#ifndef KITHP_BASE_GROUPED_H
#define KITHP_BASE_GROUPED_H

#include <stdbool.h>

#include <kith/kith.h>

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

/* False where there is no memory. kithp_groups_free() is to be called whatever comes of it. */
bool kithp_groups_make(struct kithp_groups *groups, const kith_allocator *allocator, uint32_t items, uint32_t count,
                       kithp_group_fn group_of, const void *context);
void kithp_groups_free(struct kithp_groups *groups);

#endif
