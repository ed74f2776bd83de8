/* SPDX-License-Identifier: MIT */
/* In which notation a field writes times, if it does: each value is tried in all that are known. */
#ifndef KITHP_INSPECT_MOMENTS_H
#define KITHP_INSPECT_MOMENTS_H

#include <stdbool.h>

#include <kith/kith.h>

enum kithp_moments_notation {
    KITHP_MOMENTS_ISO, /* what docs/formats.md calls times, less plain digits */
    KITHP_MOMENTS_SECONDS,
    KITHP_MOMENTS_MILLISECONDS,
    KITHP_MOMENTS_MICROSECONDS,
    KITHP_MOMENTS_NANOSECONDS,
    KITHP_MOMENTS_PATTERN,
    KITHP_MOMENTS_NOTATIONS
};

struct kithp_moments_span {
    uint64_t count;
    int64_t first; /* where count is not 0 */
    int64_t last;
    uint64_t sum; /* of all of them, modulo 2^64 */
};

struct kithp_moments {
    struct kithp_moments_span spans[KITHP_MOMENTS_PATTERN]; /* of the notations before it */
    uint64_t tried;     /* texts that are neither of those, and might be written by a pattern */
    uint64_t patterned; /* how many of them one reads, at least */
    uint64_t live;      /* patterns that have read any, a bit each */
    struct kithp_moments_span *by_pattern;
};

/* Looks at a value of a type that kithp_type_of() gave. False where there is no memory. */
bool kithp_moments_add(struct kithp_moments *moments, const kith_allocator *allocator, kith_text value, uint32_t type);
void kithp_moments_free(struct kithp_moments *moments, const kith_allocator *allocator);

/* The notation that fits best, and the span of the times in it. */
enum kithp_moments_notation kithp_moments_best(const struct kithp_moments *moments, struct kithp_moments_span *span);

/* The pattern of the best one, or NULL where that is another notation. */
const char *kithp_moments_pattern(const struct kithp_moments *moments);

/* Another pattern that fits as well, as where no day is past 12: NULL where there is none. */
const char *kithp_moments_rival(const struct kithp_moments *moments);

/* Every pattern that is tried, NULL behind the last. */
const char *kithp_moments_known(size_t index);

#endif
