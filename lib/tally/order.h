/* SPDX-License-Identifier: MIT */
/* Members in the order of tables: names by their bytes, ids by value. Kept from review to review, as few are new. */
#ifndef KITHP_TALLY_ORDER_H
#define KITHP_TALLY_ORDER_H

#include "tally/members.h"

struct kithp_order {
    const kith_allocator *allocator;
    uint32_t *sorted; /* indexes of the first `count` members */
    size_t count;
    size_t capacity;
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_order_init(struct kithp_order *order, const kith_allocator *allocator);
void kithp_order_free(struct kithp_order *order);

/* Takes in the members that have come since. False where there is no memory: the order is as it was. */
bool kithp_order_update(struct kithp_order *order, const struct kithp_members *members);

#endif
