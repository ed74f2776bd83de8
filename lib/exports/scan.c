/* SPDX-License-Identifier: MIT */
#include "exports/scan.h"

#include "exports/bytes.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_VECTORS 1
#include <immintrin.h>
#else
#define HAS_VECTORS 0
#endif

enum { BLOCK = 64 };

/* Of 64 bytes: which ones are looked for, a bit each; and what tells whether any is not ASCII. */
struct marks {
    uint64_t found;
    uint64_t high;
};

/* The bits of a block of which less than all belongs to the text. */
static inline uint64_t cut(uint64_t found, uint32_t left)
{
    return left < BLOCK ? found & ((UINT64_C(1) << left) - 1) : found;
}

/* ---- plain C ---- */

/* The eighth bit of each byte that both words have in common. */
static inline uint64_t same_bytes(uint64_t a, uint64_t b)
{
    uint64_t differs = a ^ b, low = kithp_bytes_repeat(0x7F);
    return ~(((differs & low) + low) | differs | low);
}

static inline uint64_t mark_word(uint64_t word, char delimiter)
{
    uint64_t found = same_bytes(word, kithp_bytes_repeat((unsigned char)delimiter)) |
                     same_bytes(word, kithp_bytes_repeat('\n')) | same_bytes(word, kithp_bytes_repeat('"'));
    /* Moves the eighth bit of each byte to the top byte, in their order. */
    return (found >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline struct marks mark_plain(const char *bytes, char delimiter)
{
    struct marks marks = {0, 0};
    for (unsigned i = 0; i < BLOCK / 8; i++) {
        uint64_t word = kithp_bytes_load(bytes + (size_t)8 * i);
        marks.found |= mark_word(word, delimiter) << (8 * i);
        marks.high |= word & kithp_bytes_repeat(0x80);
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

/* Places of a block's bits; returns how many. */
static inline size_t note(uint64_t found, uint32_t at, uint32_t *places)
{
    size_t count = 0;
    for (; found; found &= found - 1)
        places[count++] = at + lowest_bit(found);
    return count;
}

static struct kithp_scan scan_plain(const char *text, uint32_t length, char delimiter, uint32_t *places)
{
    size_t count = 0;
    uint64_t high = 0;
    for (uint32_t at = 0; at < length; at += BLOCK) {
        struct marks marks = mark_plain(text + at, delimiter);
        count += note(cut(marks.found, length - at), at, places + count);
        high |= marks.high;
    }
    return (struct kithp_scan){count, high == 0};
}

#if HAS_VECTORS

/* ---- SSE2 ---- */

static inline struct marks mark_sse2(const char *bytes, __m128i delimiter)
{
    const __m128i line = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
    struct marks marks = {0, 0};
    for (unsigned i = 0; i < BLOCK / 16; i++) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(bytes + (size_t)16 * i));
        __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, delimiter), _mm_cmpeq_epi8(part, line)),
                                     _mm_cmpeq_epi8(part, quote));
        marks.found |= (uint64_t)(uint32_t)_mm_movemask_epi8(found) << (16 * i);
        marks.high |= (uint32_t)_mm_movemask_epi8(part);
    }
    return marks;
}

static struct kithp_scan scan_sse2(const char *text, uint32_t length, char delimiter, uint32_t *places)
{
    const __m128i wanted = _mm_set1_epi8(delimiter);
    size_t count = 0;
    uint64_t high = 0;
    for (uint32_t at = 0; at < length; at += BLOCK) {
        struct marks marks = mark_sse2(text + at, wanted);
        count += note(cut(marks.found, length - at), at, places + count);
        high |= marks.high;
    }
    return (struct kithp_scan){count, high == 0};
}

/* ---- AVX2, which all have who have BMI ---- */

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline __m256i find_avx2(__m256i part, __m256i delimiter)
{
    const __m256i line = _mm256_set1_epi8('\n'), quote = _mm256_set1_epi8('"');
    return _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(part, delimiter), _mm256_cmpeq_epi8(part, line)),
                           _mm256_cmpeq_epi8(part, quote));
}

/* How many bits are noted without asking whether there are as many: a branch that goes either way costs more. */
enum { NOTED_AT_ONCE = 12 };

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
    const __m256i wanted = _mm256_set1_epi8(delimiter);
    size_t count = 0;
    __m256i all = _mm256_setzero_si256();
    for (uint32_t at = 0; at < length; at += BLOCK) {
        __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)(text + at));
        __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(text + at + BLOCK / 2));
        uint64_t found = (uint32_t)_mm256_movemask_epi8(find_avx2(first, wanted));
        found |= (uint64_t)(uint32_t)_mm256_movemask_epi8(find_avx2(second, wanted)) << 32;
        count += note_avx2(cut(found, length - at), at, places + count);
        all = _mm256_or_si256(all, _mm256_or_si256(first, second));
    }
    return (struct kithp_scan){count, _mm256_movemask_epi8(all) == 0};
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
