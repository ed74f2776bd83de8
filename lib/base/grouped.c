/* SPDX-License-Identifier: MIT */
#include "base/grouped.h"

#include "base/alloc.h"

/* Counts two places behind, so that after summing up, each group's begin stands one place behind where it belongs. */
static void count_items(struct kithp_groups *groups, uint32_t items, kithp_group_fn group_of, const void *context)
{
    for (uint32_t item = 0; item < items; item++) {
        uint32_t group = group_of(context, item);
        if (group != KITHP_NOT_GROUPED)
            groups->begins[(size_t)group + 2]++;
    }
    for (size_t i = 2; i < (size_t)groups->count + 2; i++) {
        if (groups->begins[i] > groups->largest)
            groups->largest = groups->begins[i];
        groups->begins[i] += groups->begins[i - 1];
    }
}

bool kithp_groups_make(struct kithp_groups *groups, const kith_allocator *allocator, uint32_t items, uint32_t count,
                       kithp_group_fn group_of, const void *context)
{
    *groups = (struct kithp_groups){.allocator = allocator, .count = count};
    groups->begins = kithp_alloc_cleared(allocator, (size_t)count + 2, sizeof *groups->begins);
    groups->order = kithp_alloc_array(allocator, items, sizeof *groups->order);
    if (!groups->begins || !groups->order)
        return false;
    count_items(groups, items, group_of, context);
    /* Filling moves each begin on to its group's end, which is where the next group's begin belongs. */
    for (uint32_t item = 0; item < items; item++) {
        uint32_t group = group_of(context, item);
        if (group != KITHP_NOT_GROUPED)
            groups->order[groups->begins[(size_t)group + 1]++] = item;
    }
    return true;
}

void kithp_groups_free(struct kithp_groups *groups)
{
    kithp_alloc_free(groups->allocator, groups->order);
    kithp_alloc_free(groups->allocator, groups->begins);
}
