/* SPDX-License-Identifier: MIT */
/* Reading JSON in plain C, eight bytes at once. */
#include "exports/json_escape.h"
#include "exports/json_utf8.h"
#include "exports/json_ways.h"

#define WALK kithp_json_walk_plain
#define FOLLOW kithp_json_follow_plain
#define WAY
enum { WIDTH = 8 };

/* A word whose bytes have their eighth bit set, or nothing, to a bit each, in the order of the bytes. */
static inline uint64_t gather(uint64_t bits)
{
    return ((bits & kithp_words_repeat(0x80)) >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* The eighth bit of each byte that is not the same; of the others, nothing. */
static inline uint64_t differs(uint64_t word, char byte)
{
    const uint64_t low = kithp_words_repeat(0x7F);
    uint64_t bits = word ^ kithp_words_repeat((unsigned char)byte);
    return ((bits & low) + low) | bits;
}

/* That of each byte that is no control character. */
static inline uint64_t no_controls(uint64_t word)
{
    return ((word & kithp_words_repeat(0x7F)) + kithp_words_repeat(0x80 - 0x20)) | word;
}

static inline uint64_t find_stops(const char *at)
{
    uint64_t word = kithp_words_load(at);
    return gather(~(differs(word, '"') & differs(word, '\\') & no_controls(word)) | word);
}

static inline bool is_link(const char *at, const struct kithp_json_link *link)
{
    const char *text = link->text;
    size_t left = link->length;
    for (; left > 8; at += 8, text += 8, left -= 8)
        if (kithp_words_load(at) != kithp_words_load(text))
            return false;
    return kithp_words_load_few(at, left) == kithp_words_load_few(text, left);
}

static inline struct kithp_json_marks find_marks(const char *at)
{
    uint64_t word = kithp_words_load(at);
    return (struct kithp_json_marks){gather(~differs(word, '"')), gather(~differs(word, '\\')),
                                     gather(~no_controls(word)), gather(word)};
}

static inline uint64_t find_odd_letters(const char *at, uint64_t letters)
{
    return kithp_json_odd_letters(at, letters);
}

static inline bool is_utf8(const char *at, const char *end)
{
    return kithp_json_utf8(at, end);
}

#include "exports/json_follow.h"
#include "exports/json_walk.h"
