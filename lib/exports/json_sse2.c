/* SPDX-License-Identifier: MIT */
/* Reading JSON with SSE2, which all processors with 64 bits of Intel's kind have. */
#include "exports/json_ways.h"

#if KITHP_JSON_HAS_VECTORS

#include <emmintrin.h>

#include "exports/json_utf8.h"

#define WALK kithp_json_walk_sse2
#define WAY
enum { WIDTH = 32 };

static inline __m128i load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline __m128i quotes_in(__m128i part)
{
    return _mm_or_si128(_mm_cmpeq_epi8(part, load(kithp_json_bytes.quotes)),
                        _mm_cmpeq_epi8(part, load(kithp_json_bytes.backslashes)));
}

/* As signed numbers, control characters and bytes above 0x7F are those below a space. */
static inline uint64_t stops_in(__m128i part)
{
    return (uint32_t)_mm_movemask_epi8(
        _mm_or_si128(quotes_in(part), _mm_cmplt_epi8(part, load(kithp_json_bytes.spaces))));
}

static inline uint64_t marks_in(__m128i part)
{
    __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(part, load(kithp_json_bytes.controls)), part);
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(quotes_in(part), controls));
}

static inline uint64_t find_stops(const char *at)
{
    return stops_in(load(at)) | stops_in(load(at + 16)) << 16;
}

static inline uint64_t find_marks(const char *at, bool *high)
{
    __m128i first = load(at), second = load(at + 16);
    *high |= _mm_movemask_epi8(_mm_or_si128(first, second)) != 0;
    return marks_in(first) | marks_in(second) << 16;
}

static inline bool is_utf8(const char *at, const char *end)
{
    return kithp_json_utf8(at, end);
}

#include "exports/json_walk.h"

#endif
