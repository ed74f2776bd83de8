/* SPDX-License-Identifier: MIT */
/* Deflated data (RFC 1951) as bits, and where amid them a block may begin. */
#ifndef KITHP_EXPORTS_DEFLATE_H
#define KITHP_EXPORTS_DEFLATE_H

#include <stdint.h>

enum {
    KITHP_DEFLATE_BITS = 57, /* at least so many are had at once */
    KITHP_DEFLATE_LOOK = 16  /* bytes behind the one that a bit is in, which must be there */
};

/* What comes from a bit on, the first one lowest. Bits are counted from the lowest of the first byte on. */
static inline uint64_t kithp_deflate_bits(const unsigned char *bytes, uint64_t bit)
{
    const unsigned char *at = bytes + bit / 8;
    uint64_t low = at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
    uint64_t high = at[4] | (uint64_t)at[5] << 8 | (uint64_t)at[6] << 16 | (uint64_t)at[7] << 24;
    return (low | high << 32) >> (bit % 8);
}

/* Takes the lowest bits as a number. */
static inline unsigned kithp_deflate_take(uint64_t *bits, unsigned count)
{
    unsigned number = (unsigned)(*bits & ((UINT64_C(1) << count) - 1));
    *bits >>= count;
    return number;
}

/* Of a block's header: bits (3.2.3 and 3.2.7), and the most that numbers may be. */
enum {
    KITHP_DEFLATE_LAST_AND_SORT = 3,
    KITHP_DEFLATE_LITERALS = 5,
    KITHP_DEFLATE_DISTANCES = 5,
    KITHP_DEFLATE_LENGTHS = 4,
    KITHP_DEFLATE_LENGTH = 3,
    KITHP_DEFLATE_LITERALS_MOST = 29, /* 286 of them */
    KITHP_DEFLATE_DISTANCES_MOST = 29 /* 30 of them */
};

/*
 * The first bit from one on, before `end`, at which there is what looks like a block with codes of its own that is not
 * the last one, as nearly all are; or `end`. Of what is no block, one bit in two thousand looks like one.
 */
uint64_t kithp_deflate_find(const unsigned char *bytes, uint64_t bit, uint64_t end);

#endif
