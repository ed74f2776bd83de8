/* SPDX-License-Identifier: MIT */
/* Reading JSON with SSE2, which all processors with 64 bits of Intel's kind have. */
#include "exports/json_ways.h"

#if KITHP_JSON_HAS_VECTORS

#include <emmintrin.h>

#include "exports/json_escape.h"
#include "exports/json_utf8.h"

#define WALK kithp_json_walk_sse2
#define FOLLOW kithp_json_follow_sse2
#define WAY
enum { WIDTH = 32 };

static inline __m128i load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline __m128i quotes_in(__m128i part)
{
    return _mm_cmpeq_epi8(part, load(kithp_json_bytes.quotes));
}

static inline __m128i backslashes_in(__m128i part)
{
    return _mm_cmpeq_epi8(part, load(kithp_json_bytes.backslashes));
}

static inline __m128i controls_in(__m128i part)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(part, load(kithp_json_bytes.controls)), part);
}

static inline uint64_t bits_of(__m128i first, __m128i second)
{
    return (uint32_t)_mm_movemask_epi8(first) | (uint64_t)(uint32_t)_mm_movemask_epi8(second) << 16;
}

/* As signed numbers, control characters and bytes above 0x7F are those below a space. */
static inline __m128i stops_in(__m128i part)
{
    __m128i others = _mm_cmplt_epi8(part, load(kithp_json_bytes.spaces));
    return _mm_or_si128(_mm_or_si128(quotes_in(part), backslashes_in(part)), others);
}

static inline uint64_t find_stops(const char *at)
{
    return bits_of(stops_in(load(at)), stops_in(load(at + 16)));
}

_Static_assert((int)KITHP_JSON_LINK_TEXT == (int)WIDTH, "a link's text is looked at as a whole");

static inline bool is_link(const char *at, const struct kithp_json_link *link)
{
    uint64_t same =
        bits_of(_mm_cmpeq_epi8(load(at), load(link->text)), _mm_cmpeq_epi8(load(at + 16), load(link->text + 16)));
    return (link->bits & ~same) == 0;
}

static inline struct kithp_json_marks find_marks(const char *at)
{
    __m128i first = load(at), second = load(at + 16);
    return (struct kithp_json_marks){bits_of(quotes_in(first), quotes_in(second)),
                                     bits_of(backslashes_in(first), backslashes_in(second)),
                                     bits_of(controls_in(first), controls_in(second)), bits_of(first, second)};
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

#endif
