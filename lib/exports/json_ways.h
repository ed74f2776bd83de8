/* SPDX-License-Identifier: MIT */
/* The ways of reading JSON quickly (json_walk.h, json_follow.h), one a file. */
#ifndef KITHP_EXPORTS_JSON_WAYS_H
#define KITHP_EXPORTS_JSON_WAYS_H

#include "exports/json.h"
#include "exports/json_shape.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KITHP_JSON_HAS_VECTORS 1
#else
#define KITHP_JSON_HAS_VECTORS 0
#endif

/* Of what is seldom called, so that it is not copied into what is often. */
#if defined(__GNUC__)
#define KITHP_JSON_SELDOM __attribute__((noinline))
#else
#define KITHP_JSON_SELDOM
#endif

/* Bytes to compare with, to be read from memory: what compilers make of constants here takes longer. */
struct kithp_json_bytes {
    _Alignas(32) char quotes[32];
    char backslashes[32];
    char spaces[32];
    char controls[32]; /* the last of them */
};
extern const struct kithp_json_bytes kithp_json_bytes;

/* Which of the bytes of a block are what, a bit each, the first one lowest. */
struct kithp_json_marks {
    uint64_t quotes;
    uint64_t backslashes;
    uint64_t controls;
    uint64_t high; /* above 0x7F */
};

/*
 * Reads the value that a text begins with. Sets those of `values` whose paths are found, and *found to a bit for each
 * of them. Returns the value's end, or NULL where it is refused.
 */
typedef const char *kithp_json_walk_fn(const struct kithp_json_tree *tree, const char *text, const char *end,
                                       uint32_t depth, struct kithp_json_value *values, uint32_t *found);

/* The same for a text of a shape that is known; NULL as well where it is of another. */
typedef const char *kithp_json_follow_fn(struct kithp_json_shape *shape, const char *text, const char *end,
                                         struct kithp_json_value *values, uint32_t *found);

kithp_json_walk_fn kithp_json_walk_plain;
kithp_json_follow_fn kithp_json_follow_plain;
#if KITHP_JSON_HAS_VECTORS
kithp_json_walk_fn kithp_json_walk_sse2;
kithp_json_follow_fn kithp_json_follow_sse2;
kithp_json_walk_fn kithp_json_walk_avx2;
kithp_json_follow_fn kithp_json_follow_avx2;
#endif

#endif
