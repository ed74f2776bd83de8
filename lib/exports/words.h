/* SPDX-License-Identifier: MIT */
/* Eight bytes of text at once. */
#ifndef KITHP_EXPORTS_WORDS_H
#define KITHP_EXPORTS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How many bytes behind a field are read with it, and not looked at. */
enum { KITHP_WORDS_BEHIND = 8 };

/* Eight bytes as a number, the first one lowest. */
static inline uint64_t kithp_words_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The first 0 to 8 bytes likewise, with zeros above them. Eight bytes are read. */
static inline uint64_t kithp_words_load_few(const char *at, size_t length)
{
    static const uint64_t bits[9] = {
        0,
        UINT64_MAX >> 56,
        UINT64_MAX >> 48,
        UINT64_MAX >> 40,
        UINT64_MAX >> 32,
        UINT64_MAX >> 24,
        UINT64_MAX >> 16,
        UINT64_MAX >> 8,
        UINT64_MAX,
    };
    return kithp_words_load(at) & bits[length];
}

/* The number with this in every byte. */
static inline uint64_t kithp_words_repeat(unsigned char byte)
{
    return UINT64_C(0x0101010101010101) * byte;
}

/* Eight bytes of digits, less '0' each: whether they are such. */
static inline bool kithp_words_are_digits(uint64_t digits)
{
    return (((digits + kithp_words_repeat(6)) | digits) & kithp_words_repeat(0xF0)) == 0;
}

/* The number that they are: pairs first, then all four of them in one sum. */
static inline uint64_t kithp_words_number(uint64_t digits)
{
    const uint64_t ends = UINT64_C(0x000000FF000000FF);
    uint64_t pairs = digits * 10 + (digits >> 8);
    return ((pairs & ends) * UINT64_C(0x000F424000000064) + (pairs >> 16 & ends) * UINT64_C(0x0000271000000001)) >> 32;
}

#endif
