/* SPDX-License-Identifier: MIT */
/* Sorting that keeps the order of equals, in memory that the caller gives. qsort(3) does neither. */
#ifndef KITHP_BASE_SORT_H
#define KITHP_BASE_SORT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a must come before b. */
typedef bool (*kithp_sort_before_fn)(const void *context, const void *a, const void *b);

/*
 * Sorts count items of item_size bytes, with room for as many in spare. Returns whichever of the two then holds them;
 * what the other holds is of no use.
 */
void *kithp_sort(void *items, void *spare, size_t count, size_t item_size, kithp_sort_before_fn before,
                 const void *context);

#endif
