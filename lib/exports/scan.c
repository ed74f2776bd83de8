/* SPDX-License-Identifier: MIT */
#include "exports/scan.h"

#include "exports/words.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_VECTORS 1
#include <immintrin.h>
#else
#define HAS_VECTORS 0
#endif

enum { BLOCK = 64 };

/* What is gathered on the way. */
struct seen {
    size_t count;
    size_t lines;
    uint64_t quotes; /* any bit */
    uint64_t high;
};

static struct kithp_scan scan_of(const struct seen *seen)
{
    return (struct kithp_scan){seen->count, seen->lines, seen->quotes != 0, seen->high == 0};
}

/* ---- plain C ---- */

/* Of 64 bytes, a bit each. */
struct marks {
    uint64_t delimiters;
    uint64_t lines;
    uint64_t quotes;
    uint64_t high;
};

/* The eighth bit of each byte that both words have in common, moved to the top byte, in the order of the bytes. */
static inline uint64_t same_bytes(uint64_t a, uint64_t b)
{
    uint64_t differs = a ^ b, low = kithp_words_repeat(0x7F);
    uint64_t same = ~(((differs & low) + low) | differs | low);
    return (same >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline struct marks mark_plain(const char *bytes, char delimiter)
{
    struct marks marks = {0, 0, 0, 0};
    for (unsigned i = 0; i < BLOCK / 8; i++) {
        uint64_t word = kithp_words_load(bytes + (size_t)8 * i);
        marks.delimiters |= same_bytes(word, kithp_words_repeat((unsigned char)delimiter)) << (8 * i);
        marks.lines |= same_bytes(word, kithp_words_repeat('\n')) << (8 * i);
        marks.quotes |= same_bytes(word, kithp_words_repeat('"')) << (8 * i);
        marks.high |= word & kithp_words_repeat(0x80);
    }
    return marks;
}

static inline unsigned lowest_bit(uint64_t bits)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned count = 0;
    while (!(bits >> count & 1))
        count++;
    return count;
#endif
}

/* Notes the places of a block's marks, of which those past the text's end do not count. */
static inline void note(struct marks marks, uint32_t at, uint32_t left, uint32_t *places, struct seen *seen)
{
    uint64_t within = left < BLOCK ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
    uint64_t found = (marks.delimiters | marks.lines | marks.quotes) & within;
    for (; found; found &= found - 1)
        places[seen->count++] = at + lowest_bit(found);
    for (uint64_t lines = marks.lines & within; lines; lines &= lines - 1)
        seen->lines++;
    seen->quotes |= marks.quotes & within;
    seen->high |= marks.high;
}

static struct kithp_scan scan_plain(const char *text, uint32_t length, char delimiter, uint32_t *places)
{
    struct seen seen = {0, 0, 0, 0};
    for (uint32_t at = 0; at < length; at += BLOCK)
        note(mark_plain(text + at, delimiter), at, length - at, places, &seen);
    return scan_of(&seen);
}

#if HAS_VECTORS

/* ---- SSE2 ---- */

static inline uint64_t same_bytes_sse2(__m128i part, char byte)
{
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part, _mm_set1_epi8(byte)));
}

static inline struct marks mark_sse2(const char *bytes, char delimiter)
{
    struct marks marks = {0, 0, 0, 0};
    for (unsigned i = 0; i < BLOCK / 16; i++) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(bytes + (size_t)16 * i));
        marks.delimiters |= same_bytes_sse2(part, delimiter) << (16 * i);
        marks.lines |= same_bytes_sse2(part, '\n') << (16 * i);
        marks.quotes |= same_bytes_sse2(part, '"') << (16 * i);
        marks.high |= (uint32_t)_mm_movemask_epi8(part);
    }
    return marks;
}

static struct kithp_scan scan_sse2(const char *text, uint32_t length, char delimiter, uint32_t *places)
{
    struct seen seen = {0, 0, 0, 0};
    for (uint32_t at = 0; at < length; at += BLOCK)
        note(mark_sse2(text + at, delimiter), at, length - at, places, &seen);
    return scan_of(&seen);
}

/* ---- AVX2, with BMI, which all have that have it ---- */

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline uint64_t same_bytes_avx2(__m256i first, __m256i second, char byte)
{
    __m256i wanted = _mm256_set1_epi8(byte);
    uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, wanted));
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(second, wanted)) << 32 | low;
}

/* How many bits are noted without asking whether there are as many: a branch that goes either way costs more. */
enum { NOTED_AT_ONCE = 10 };

AVX2 static inline size_t note_avx2(uint64_t found, uint32_t at, uint32_t *places)
{
    size_t count = (size_t)_mm_popcnt_u64(found);
    for (int i = 0; i < NOTED_AT_ONCE; i++) {
        places[i] = at + (uint32_t)_tzcnt_u64(found);
        found = _blsr_u64(found);
    }
    for (uint32_t *place = places + NOTED_AT_ONCE; found; found = _blsr_u64(found))
        *place++ = at + (uint32_t)_tzcnt_u64(found);
    return count;
}

AVX2 static struct kithp_scan scan_avx2(const char *text, uint32_t length, char delimiter, uint32_t *places)
{
    struct seen seen = {0, 0, 0, 0};
    __m256i all = _mm256_setzero_si256();
    for (uint32_t at = 0; at < length; at += BLOCK) {
        __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)(text + at));
        __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(text + at + BLOCK / 2));
        uint64_t within = length - at < BLOCK ? (UINT64_C(1) << (length - at)) - 1 : UINT64_MAX;
        uint64_t lines = same_bytes_avx2(first, second, '\n') & within;
        uint64_t quotes = same_bytes_avx2(first, second, '"') & within;
        uint64_t delimiters = same_bytes_avx2(first, second, delimiter) & within;
        seen.count += note_avx2(lines | quotes | delimiters, at, places + seen.count);
        seen.lines += (size_t)_mm_popcnt_u64(lines);
        seen.quotes |= quotes;
        all = _mm256_or_si256(all, _mm256_or_si256(first, second));
    }
    seen.high = (uint32_t)_mm256_movemask_epi8(all);
    return scan_of(&seen);
}

#endif

/* ---- which one ---- */

bool kithp_scan_can(enum kithp_scan_way way)
{
#if HAS_VECTORS
    if (way == KITHP_SCAN_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
    if (way == KITHP_SCAN_SSE2)
        return true;
#endif
    return way == KITHP_SCAN_PLAIN;
}

enum kithp_scan_way kithp_scan_best(void)
{
    if (kithp_scan_can(KITHP_SCAN_AVX2))
        return KITHP_SCAN_AVX2;
    return kithp_scan_can(KITHP_SCAN_SSE2) ? KITHP_SCAN_SSE2 : KITHP_SCAN_PLAIN;
}

struct kithp_scan kithp_scan(enum kithp_scan_way way, const char *text, uint32_t length, char delimiter,
                             uint32_t *places)
{
#if HAS_VECTORS
    if (way == KITHP_SCAN_AVX2)
        return scan_avx2(text, length, delimiter, places);
    if (way == KITHP_SCAN_SSE2)
        return scan_sse2(text, length, delimiter, places);
#endif
    (void)way;
    return scan_plain(text, length, delimiter, places);
}
