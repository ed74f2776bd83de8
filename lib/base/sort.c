/* SPDX-License-Identifier: MIT */
#include "base/sort.h"

#include <string.h>

struct sorter {
    size_t item_size;
    kithp_sort_before_fn before;
    const void *context;
};

/* Merges two sorted runs that lie side by side, the first of `middle` items, `end` in all, into `to`. */
static void merge_runs(const struct sorter *sorter, const unsigned char *from, size_t middle, size_t end,
                       unsigned char *to)
{
    size_t size = sorter->item_size;
    const unsigned char *left = from, *left_end = from + middle * size;
    const unsigned char *right = left_end, *right_end = from + end * size;
    for (; left < left_end && right < right_end; to += size) {
        const unsigned char **next = sorter->before(sorter->context, right, left) ? &right : &left;
        memcpy(to, *next, size);
        *next += size;
    }
    size_t rest = (size_t)(left_end - left);
    memcpy(to, left, rest);
    memcpy(to + rest, right, (size_t)(right_end - right));
}

void *kithp_sort(void *items, void *spare, size_t count, size_t item_size, kithp_sort_before_fn before,
                 const void *context)
{
    struct sorter sorter = {item_size, before, context};
    unsigned char *from = items, *to = spare;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * run) {
            size_t left = count - begin;
            merge_runs(&sorter, from + begin * item_size, left < run ? left : run, left < 2 * run ? left : 2 * run,
                       to + begin * item_size);
        }
        unsigned char *sorted = to;
        to = from;
        from = sorted;
    }
    return from;
}
