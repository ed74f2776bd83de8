/* SPDX-License-Identifier: MIT */
/* Many small things by a number, sorted digit by digit, in memory that the caller gives. */
#ifndef KITHP_BASE_KEYED_H
#define KITHP_BASE_KEYED_H

#include <stddef.h>
#include <stdint.h>

/* A thing that is kept elsewhere, and the number that it is sorted by. */
struct kithp_keyed {
    uint32_t key;
    uint32_t item;
};

/*
 * Sorts `count` of them, whose keys are `most` at most, with room for as many in spare; equals keep their order.
 * Returns whichever of the two then holds them; what the other holds is of no use.
 */
struct kithp_keyed *kithp_keyed_sort(struct kithp_keyed *items, struct kithp_keyed *spare, size_t count, uint32_t most);

#endif
