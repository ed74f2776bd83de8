/* SPDX-License-Identifier: MIT */
/* Reading JSON in plain C, eight bytes at once. */
#include "exports/json_utf8.h"

#define WALK kithp_json_walk_plain
#define WAY
enum { WIDTH = 8 };

/* A word whose bytes have their eighth bit set, or nothing, to a bit each, in the order of the bytes. */
static inline uint64_t gather(uint64_t bits)
{
    return ((bits & kithp_words_repeat(0x80)) >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* The eighth bit of each byte that is one of three: a quote, a backslash, a control character. */
static inline uint64_t marks_in(uint64_t word)
{
    const uint64_t low = kithp_words_repeat(0x7F);
    uint64_t quote = word ^ kithp_words_repeat('"'), backslash = word ^ kithp_words_repeat('\\');
    uint64_t no_quote = ((quote & low) + low) | quote;
    uint64_t no_backslash = ((backslash & low) + low) | backslash;
    uint64_t no_control = ((word & low) + kithp_words_repeat(0x80 - 0x20)) | word;
    return ~(no_quote & no_backslash & no_control);
}

static inline uint64_t find_stops(const char *at)
{
    uint64_t word = kithp_words_load(at);
    return gather(marks_in(word) | word);
}

static inline uint64_t find_marks(const char *at, bool *high)
{
    uint64_t word = kithp_words_load(at);
    *high |= (word & kithp_words_repeat(0x80)) != 0;
    return gather(marks_in(word));
}

static inline bool is_utf8(const char *at, const char *end)
{
    return kithp_json_utf8(at, end);
}

#include "exports/json_walk.h"
