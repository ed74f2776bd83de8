/* SPDX-License-Identifier: MIT */
/*
 * How many different values a field has, and which: exactly as long as they are few, then about how many.
 *
 * Of hashes that look random, the smallest tell how many there are in all (Z. Bar-Yossef et al., "Counting distinct
 * elements in a data stream", 2002). They are made under a key that is the same everywhere, so that the same export
 * gives the same figures; who chooses values that collide makes these figures wrong and nothing else.
 */
#ifndef KITHP_INSPECT_DISTINCT_H
#define KITHP_INSPECT_DISTINCT_H

#include <stdbool.h>

#include <kith/kith.h>

/* How many values are known one by one, and how many bytes are kept of each. */
enum { KITHP_DISTINCT_MOST = 256, KITHP_DISTINCT_BYTES = 96 };

struct kithp_distinct_value {
    uint64_t hash;
    uint64_t count;
    uint32_t begin;  /* of its text in the bytes */
    uint32_t length; /* of what is kept of it */
};

struct kithp_distinct {
    struct kithp_distinct_value *values; /* by hash; the smallest ones where there are too many */
    size_t count;
    size_t capacity;
    bool many; /* more than are known one by one: they have no texts any more */
    char *bytes;
    size_t used;
    size_t room;
};

/* Counts a value. False where there is no memory: then nothing was counted. */
bool kithp_distinct_add(struct kithp_distinct *distinct, const kith_allocator *allocator, kith_text value);

void kithp_distinct_free(struct kithp_distinct *distinct, const kith_allocator *allocator);

/* How many different values there were; about, where there are many. No more than `most`, the rows that had one. */
uint64_t kithp_distinct_count(const struct kithp_distinct *distinct, uint64_t most);

/* How many of a hundred values of one are values of the other, too; about, where there are many. 0 where it has none.
 */
uint32_t kithp_distinct_shared(const struct kithp_distinct *one, const struct kithp_distinct *other);

static inline kith_text kithp_distinct_text(const struct kithp_distinct *distinct, size_t index)
{
    return (kith_text){distinct->bytes + distinct->values[index].begin, distinct->values[index].length};
}

#endif
