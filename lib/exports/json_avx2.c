/* SPDX-License-Identifier: MIT */
/* Reading JSON with AVX2 and BMI, which all processors have that have AVX2. */
#include "exports/json_ways.h"

#if KITHP_JSON_HAS_VECTORS

#include <immintrin.h>

#define WALK kithp_json_walk_avx2
#define FOLLOW kithp_json_follow_avx2
#define WAY __attribute__((target("avx2,bmi,popcnt")))
enum { WIDTH = 32 };

WAY static inline __m256i load(const char *at)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

WAY static inline __m256i quotes_in(__m256i part)
{
    return _mm256_cmpeq_epi8(part, load(kithp_json_bytes.quotes));
}

WAY static inline __m256i backslashes_in(__m256i part)
{
    return _mm256_cmpeq_epi8(part, load(kithp_json_bytes.backslashes));
}

WAY static inline uint64_t bits_of(__m256i part)
{
    return (uint32_t)_mm256_movemask_epi8(part);
}

/* As signed numbers, control characters and bytes above 0x7F are those below a space. */
WAY static inline uint64_t find_stops(const char *at)
{
    __m256i part = load(at);
    __m256i others = _mm256_cmpgt_epi8(load(kithp_json_bytes.spaces), part);
    return bits_of(_mm256_or_si256(_mm256_or_si256(quotes_in(part), backslashes_in(part)), others));
}

_Static_assert((int)KITHP_JSON_LINK_TEXT == (int)WIDTH, "a link's text is looked at as a whole");

WAY static inline bool is_link(const char *at, const struct kithp_json_link *link)
{
    uint64_t same = bits_of(_mm256_cmpeq_epi8(load(at), load(link->text)));
    return (link->bits & ~same) == 0;
}

WAY static inline struct kithp_json_marks find_marks(const char *at)
{
    __m256i part = load(at);
    __m256i controls = _mm256_cmpeq_epi8(_mm256_min_epu8(part, load(kithp_json_bytes.controls)), part);
    return (struct kithp_json_marks){bits_of(quotes_in(part)), bits_of(backslashes_in(part)), bits_of(controls),
                                     bits_of(part)};
}

#define TABLE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

/*
 * Letters are looked up by both halves: a bit for each upper half that some have, and at each lower half the bits of
 * those with which it makes one.
 */
WAY static inline uint64_t find_odd_letters(const char *at, uint64_t letters)
{
    enum { UPPER_2 = 1, UPPER_5 = 2, UPPER_6 = 4, UPPER_7 = 8 };
    const __m256i uppers = TABLE(0, 0, UPPER_2, 0, 0, UPPER_5, UPPER_6, UPPER_7, 0, 0, 0, 0, 0, 0, 0, 0);
    /* 2: quote, b, r; 4: t; 6: f; C: backslash; E: n; F: slash */
    const __m256i lowers =
        TABLE(0, 0, UPPER_2 | UPPER_6 | UPPER_7, 0, UPPER_7, 0, UPPER_6, 0, 0, 0, 0, 0, UPPER_5, 0, UPPER_6, UPPER_2);
    const __m256i half = _mm256_set1_epi8(0x0F);
    __m256i part = load(at);
    __m256i upper = _mm256_shuffle_epi8(uppers, _mm256_and_si256(_mm256_srli_epi16(part, 4), half));
    __m256i lower = _mm256_shuffle_epi8(lowers, _mm256_and_si256(part, half));
    return letters & bits_of(_mm256_cmpeq_epi8(_mm256_and_si256(upper, lower), _mm256_setzero_si256()));
}

/*
 * What can be wrong with two bytes in a row, a bit each, found by three looks into tables of 16: by either half of the
 * first byte, and by the upper half of the second. It is wrong if all three say so. (J. Keiser, D. Lemire: Validating
 * UTF-8 in less than one instruction per byte.)
 */
enum {
    TOO_SHORT = 1 << 0, /* a first byte without the second */
    TOO_LONG = 1 << 1,  /* a second one behind ASCII */
    LONG_3 = 1 << 2,    /* three bytes where fewer would do */
    TOO_GREAT = 1 << 3, /* past U+10FFFF: F4 90 and more */
    SURROGATE = 1 << 4, /* ED A0 and more */
    LONG_2 = 1 << 5,    /* C0, C1 */
    LONG_4 = 1 << 6,    /* F0 80; with the upper half of the second byte alike, what begins with F5 to FF */
    TWO_MORE = 1 << 7,  /* two bytes that go on: right if they are the third or fourth */
    ANY = TOO_SHORT | TOO_LONG | TWO_MORE
};

#define BYTE(bits) ((char)(bits))

WAY static inline __m256i first_upper(__m256i upper)
{
    const char none = TOO_LONG, on = BYTE(TWO_MORE), more = TOO_SHORT;
    return _mm256_shuffle_epi8(TABLE(none, none, none, none, none, none, none, none, on, on, on, on, TOO_SHORT | LONG_2,
                                     more, TOO_SHORT | LONG_3 | SURROGATE, TOO_SHORT | TOO_GREAT | LONG_4),
                               upper);
}

WAY static inline __m256i first_lower(__m256i lower)
{
    const char any = BYTE(ANY), past = BYTE(ANY | TOO_GREAT | LONG_4);
    return _mm256_shuffle_epi8(TABLE(BYTE(ANY | LONG_3 | LONG_2 | LONG_4), BYTE(ANY | LONG_2), any, any,
                                     BYTE(ANY | TOO_GREAT), past, past, past, past, past, past, past, past,
                                     BYTE(ANY | TOO_GREAT | LONG_4 | SURROGATE), past, past),
                               lower);
}

WAY static inline __m256i second_upper(__m256i upper)
{
    const char other = TOO_SHORT, on = BYTE(TOO_LONG | LONG_2 | TWO_MORE);
    return _mm256_shuffle_epi8(TABLE(other, other, other, other, other, other, other, other,
                                     (char)(on | LONG_3 | LONG_4), (char)(on | LONG_3 | TOO_GREAT),
                                     (char)(on | SURROGATE | TOO_GREAT), (char)(on | SURROGATE | TOO_GREAT), other,
                                     other, other, other),
                               upper);
}

/* The bytes `count` before those of `part`, which follow those of `before`. */
#define BYTES_BEFORE(part, before, count)                                                                              \
    _mm256_alignr_epi8(part, _mm256_permute2x128_si256(before, part, 0x21), 16 - (count))

/* Where it is not UTF-8, bits are set in the byte at which that shows. */
WAY static inline __m256i faults_in(__m256i part, __m256i before)
{
    const __m256i half = _mm256_set1_epi8(0x0F);
    __m256i first = BYTES_BEFORE(part, before, 1);
    __m256i pairs = _mm256_and_si256(_mm256_and_si256(first_upper(_mm256_and_si256(_mm256_srli_epi16(first, 4), half)),
                                                      first_lower(_mm256_and_si256(first, half))),
                                     second_upper(_mm256_and_si256(_mm256_srli_epi16(part, 4), half)));
    /* The third byte of three or four, and the fourth, and no other, must go on behind one that does. */
    __m256i third = _mm256_subs_epu8(BYTES_BEFORE(part, before, 2), _mm256_set1_epi8(BYTE(0xE0 - 0x80)));
    __m256i fourth = _mm256_subs_epu8(BYTES_BEFORE(part, before, 3), _mm256_set1_epi8(BYTE(0xF0 - 0x80)));
    __m256i right = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(BYTE(0x80)));
    return _mm256_xor_si256(pairs, right);
}

/* The byte at the end is looked at as well, and must be ASCII: before it, no character may be cut. */
WAY static bool is_utf8(const char *at, const char *end)
{
    __m256i before = _mm256_setzero_si256();
    for (; at <= end; at += WIDTH) {
        __m256i part = load(at);
        __m256i faults = faults_in(part, before);
        uint64_t bad = (uint32_t)~_mm256_movemask_epi8(_mm256_cmpeq_epi8(faults, _mm256_setzero_si256()));
        uint64_t within = end - at < WIDTH - 1 ? (UINT64_C(2) << (end - at)) - 1 : UINT64_MAX;
        if ((bad & within) != 0)
            return false;
        before = part;
    }
    return true;
}

#include "exports/json_follow.h"
#include "exports/json_walk.h"

#endif
