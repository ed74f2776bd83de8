/* SPDX-License-Identifier: MIT */
#include "base/keyed.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static void sort_by_digit(const struct kithp_keyed *from, struct kithp_keyed *to, size_t count, unsigned shift)
{
    /* Where the next item of a digit belongs, one place further on until that is summed up. */
    size_t begins[DIGITS + 1] = {0};
    for (size_t i = 0; i < count; i++)
        begins[(from[i].key >> shift & (DIGITS - 1)) + 1]++;
    for (size_t i = 1; i <= DIGITS; i++)
        begins[i] += begins[i - 1];
    for (size_t i = 0; i < count; i++)
        to[begins[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

struct kithp_keyed *kithp_keyed_sort(struct kithp_keyed *items, struct kithp_keyed *spare, size_t count, uint32_t most)
{
    for (unsigned shift = 0; shift < 32 && most >> shift > 0; shift += DIGIT_BITS) {
        sort_by_digit(items, spare, count, shift);
        struct kithp_keyed *sorted = spare;
        spare = items;
        items = sorted;
    }
    return items;
}
