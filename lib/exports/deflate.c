/* SPDX-License-Identifier: MIT */
#include "exports/deflate.h"

#include <stdbool.h>

enum { BITS_AT_ONCE = 48 };

/* The code by which lengths of codes are told: no string of bits is left over, and none means two things. */
static bool is_whole(uint64_t bits, unsigned lengths)
{
    const unsigned whole = 1U << 7;
    unsigned sum = 0;
    for (unsigned i = 0; i < lengths; i++) {
        unsigned length = kithp_deflate_take(&bits, KITHP_DEFLATE_LENGTH);
        sum += length > 0 ? whole >> length : 0;
    }
    return sum == whole;
}

/* Behind the bits that tell the block's sort. */
static bool has_codes(const unsigned char *bytes, uint64_t bit)
{
    enum { COUNTS = KITHP_DEFLATE_LITERALS + KITHP_DEFLATE_DISTANCES + KITHP_DEFLATE_LENGTHS, LENGTHS_LEAST = 4 };
    uint64_t bits = kithp_deflate_bits(bytes, bit);
    if (kithp_deflate_take(&bits, KITHP_DEFLATE_LITERALS) > KITHP_DEFLATE_LITERALS_MOST ||
        kithp_deflate_take(&bits, KITHP_DEFLATE_DISTANCES) > KITHP_DEFLATE_DISTANCES_MOST)
        return false;
    unsigned lengths = kithp_deflate_take(&bits, KITHP_DEFLATE_LENGTHS) + LENGTHS_LEAST;
    return is_whole(kithp_deflate_bits(bytes, bit + COUNTS), lengths);
}

/* Which of the lowest BITS_AT_ONCE are followed by two others so that they tell a block of the sort: 0, 0 and 1. */
static uint64_t sorts_among(uint64_t bits)
{
    return ~bits & ~(bits >> 1) & (bits >> 2) & ((UINT64_C(1) << BITS_AT_ONCE) - 1);
}

uint64_t kithp_deflate_find(const unsigned char *bytes, uint64_t bit, uint64_t end)
{
    for (; bit < end; bit += BITS_AT_ONCE)
        for (uint64_t sorts = sorts_among(kithp_deflate_bits(bytes, bit)); sorts > 0; sorts &= sorts - 1) {
            uint64_t found = bit + (unsigned)__builtin_ctzll(sorts);
            if (found < end && has_codes(bytes, found + KITHP_DEFLATE_LAST_AND_SORT))
                return found;
        }
    return end;
}
