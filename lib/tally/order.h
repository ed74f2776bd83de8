/* SPDX-License-Identifier: MIT */
/* Members in the order of tables: names by their bytes, ids by value. Kept from review to review, as few are new. */
#ifndef KITHP_TALLY_ORDER_H
#define KITHP_TALLY_ORDER_H

#include "tally/members.h"

struct kithp_order {
    const kith_allocator *allocator;
    uint32_t *sorted; /* indexes, less those merged or forgotten */
    size_t count;
    size_t capacity;
    size_t seen; /* members looked at so far: the first of them */
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_order_init(struct kithp_order *order, const kith_allocator *allocator);
void kithp_order_free(struct kithp_order *order);

/* Takes in the members that have come since. False where there is no memory: the order is as it was. */
bool kithp_order_update(struct kithp_order *order, const struct kithp_members *members);

/* Takes a member out that is to be merged or forgotten; to be called before it is. */
void kithp_order_remove(struct kithp_order *order, uint32_t member);

#endif
