/* SPDX-License-Identifier: MIT */
/* Whether bytes are UTF-8, as fast as that goes without vectors. */
#ifndef KITHP_EXPORTS_JSON_UTF8_H
#define KITHP_EXPORTS_JSON_UTF8_H

#include "base/bytes.h"
#include "exports/words.h"

/* How many of the bytes at the start of a word, the first lowest, are one character beyond ASCII; 0 where none is. */
static inline size_t kithp_json_utf8_character(uint64_t word)
{
    /* No overlong form: a bit of the first byte's must be set, or one of those next to them. No surrogate. */
    if ((word & 0xC0E0) == 0x80C0)
        return (word & 0x1E) != 0 ? 2 : 0;
    if ((word & 0xC0C0F0) == 0x8080E0)
        return (word & 0x200F) != 0 && (word & 0x200F) != 0x200D ? 3 : 0;
    if ((word & 0xC0C0C0F8) != 0x808080F0)
        return 0;
    bool least = (word & 0x3007) != 0, most = (word & 0x07) < 4 || (word & 0x3007) == 0x0004;
    return least && most ? 4 : 0;
}

/* Eight bytes behind them are read. */
static inline bool kithp_json_utf8(const char *at, const char *end)
{
    while (at < end) {
        uint64_t word = kithp_words_load(at), high = word & kithp_words_repeat(0x80);
        size_t length = 8;
        if ((high & 0x80) != 0) {
            length = kithp_json_utf8_character(word);
            if (length == 0 || length > (size_t)(end - at))
                return false;
        } else if (high != 0) {
            length = kithp_bytes_lowest_bit(high) / 8;
        }
        at = length < (size_t)(end - at) ? at + length : end;
    }
    return true;
}

#endif
