/* SPDX-License-Identifier: MIT */
/*
 * Sorting that keeps the order of equals, in memory that the caller gives. qsort(3) does neither. All of it stands
 * here, so that size and order are known where it is compiled, and nothing is called for each item.
 */
#ifndef KITHP_BASE_SORT_H
#define KITHP_BASE_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Whether a must come before b. */
typedef bool (*kithp_sort_before_fn)(const void *context, const void *a, const void *b);

/* Merges two sorted runs that lie side by side, the first of `middle` bytes, `end` in all, into `to`. */
static inline void kithp_sort_merge(const unsigned char *from, size_t middle, size_t end, unsigned char *to,
                                    size_t item_size, kithp_sort_before_fn before, const void *context)
{
    const unsigned char *left = from, *left_end = from + middle;
    const unsigned char *right = left_end, *right_end = from + end;
    for (; left < left_end && right < right_end; to += item_size) {
        const unsigned char **next = before(context, right, left) ? &right : &left;
        memcpy(to, *next, item_size);
        *next += item_size;
    }
    size_t rest = (size_t)(left_end - left);
    memcpy(to, left, rest);
    memcpy(to + rest, right, (size_t)(right_end - right));
}

/*
 * Sorts count items of item_size bytes, with room for as many in spare. Returns whichever of the two then holds them;
 * what the other holds is of no use.
 */
static inline void *kithp_sort(void *items, void *spare, size_t count, size_t item_size, kithp_sort_before_fn before,
                               const void *context)
{
    unsigned char *from = items, *to = spare;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * run) {
            size_t left = count - begin, middle = left < run ? left : run, end = left < 2 * run ? left : 2 * run;
            kithp_sort_merge(from + begin * item_size, middle * item_size, end * item_size, to + begin * item_size,
                             item_size, before, context);
        }
        unsigned char *sorted = to;
        to = from;
        from = sorted;
    }
    return from;
}

#endif
