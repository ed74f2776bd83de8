/* SPDX-License-Identifier: MIT */
/* Eight bytes at once, in plain C. */
#ifndef KITHP_BASE_BYTES_H
#define KITHP_BASE_BYTES_H

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

/* How many bits are needed to write a number that is not 0. */
static inline unsigned kithp_bytes_width(uint64_t number)
{
#if defined(__GNUC__)
    return 64 - (unsigned)__builtin_clzll(number);
#else
    unsigned width = 0;
    for (; number; number >>= 1)
        width++;
    return width;
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

/* The first of eight bytes that is equal to one, or 8. */
static inline unsigned kithp_bytes_find(const uint8_t bytes[8], uint8_t byte)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word = 0;
    /* One load, where the machine is little-endian. */
    for (unsigned i = 0; i < 8; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    uint64_t differ = word ^ ones * byte;
    /* The lowest bit that this sets is that of the first byte that is 0; above it, others may be set as well. */
    uint64_t zeros = (differ - ones) & ~differ & (ones << 7);
    return zeros ? kithp_bytes_lowest_bit(zeros) / 8 : 8;
}

#endif
