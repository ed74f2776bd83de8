/* SPDX-License-Identifier: MIT */
/* Eight bytes at once, in plain C. */
#ifndef KITHP_BASE_BYTES_H
#define KITHP_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Number of the lowest bit that is set; there must be one. */
static inline unsigned kithp_bytes_lowest_bit(uint64_t bits)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned number = 0;
    for (unsigned step = 32; step > 0; step /= 2) {
        if (bits << (64 - step))
            continue;
        bits >>= step;
        number += step;
    }
    return number;
#endif
}

/* How many bits are set. Compilers make a call of their own function for it, where the processor need not count. */
static inline unsigned kithp_bytes_count(uint32_t bits)
{
    bits -= bits >> 1 & UINT32_C(0x55555555);
    bits = (bits & UINT32_C(0x33333333)) + (bits >> 2 & UINT32_C(0x33333333));
    bits = (bits + (bits >> 4)) & UINT32_C(0x0F0F0F0F);
    return bits * UINT32_C(0x01010101) >> 24;
}

/* Up to seven bytes as one number, the first the lowest; some are read twice, which is faster than a loop over them. */
static inline uint64_t kithp_bytes_short(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    if (length >= 4) {
        uint64_t first = at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
        const unsigned char *end = at + length;
        uint64_t last = end[-4] | (uint64_t)end[-3] << 8 | (uint64_t)end[-2] << 16 | (uint64_t)end[-1] << 24;
        return first | last << (8 * (length - 4));
    }
    if (length == 0)
        return 0;
    size_t middle = length / 2, last = length - 1;
    return at[0] | (uint64_t)at[middle] << (8 * middle) | (uint64_t)at[last] << (8 * last);
}

/* Bits of which the lowest is in the first of eight bytes that is equal to one; 0 where none is. */
static inline uint64_t kithp_bytes_equal(const uint8_t bytes[8], uint8_t byte)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word = 0;
    /* One load, where the machine is little-endian. */
    for (unsigned i = 0; i < 8; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    uint64_t differ = word ^ ones * byte;
    /* Above the lowest bit that this sets, others may be set as well. */
    return (differ - ones) & ~differ & (ones << 7);
}

/* The first of eight bytes that is equal to one, or 8. */
static inline unsigned kithp_bytes_find(const uint8_t bytes[8], uint8_t byte)
{
    uint64_t equal = kithp_bytes_equal(bytes, byte);
    return equal ? kithp_bytes_lowest_bit(equal) / 8 : 8;
}

/* The first of the first `count` bytes that is equal to one, or `count`, which is below 8; without a jump. */
static inline unsigned kithp_bytes_find_below(const uint8_t bytes[8], uint8_t byte, unsigned count)
{
    return kithp_bytes_lowest_bit(kithp_bytes_equal(bytes, byte) | UINT64_C(0x80) << (8 * count)) / 8;
}

#endif
