/* SPDX-License-Identifier: MIT */
/*
 * How far the events of each source have been dealt with. Numbers rise within a source, but need not be dense; so that
 * a replay can be told from a number that comes too late, the latest ones are kept.
 */
#ifndef KITHP_TALLY_SEQUENCES_H
#define KITHP_TALLY_SEQUENCES_H

#include <stdbool.h>

#include <kith/kith.h>

enum { KITHP_SOURCE_NAME_MOST = 255, KITHP_SEQUENCE_RECENT = 64 };

struct kithp_sequence {
    uint64_t recent[KITHP_SEQUENCE_RECENT]; /* the latest numbers, rising; the last of them is the greatest */
    uint32_t recent_count;                  /* at least 1 where it is one of struct kithp_sequences */
    uint8_t length;                         /* of the name */
    char name[KITHP_SOURCE_NAME_MOST];
};

struct kithp_sequences {
    const kith_allocator *allocator;
    struct kithp_sequence **all; /* by name */
    size_t count;
    size_t capacity;
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_sequences_init(struct kithp_sequences *sequences, const kith_allocator *allocator);
void kithp_sequences_free(struct kithp_sequences *sequences);

/* Whether a text can name a source. */
bool kithp_sequences_is_source(kith_text text);

/* The sequence of a source of 1 to 255 bytes, or NULL where none of its numbers was dealt with. */
struct kithp_sequence *kithp_sequences_find(const struct kithp_sequences *sequences, kith_text source);

/* Makes one whose first number is dealt with. NULL where there is no memory. */
struct kithp_sequence *kithp_sequences_add(struct kithp_sequences *sequences, kith_text source, uint64_t number);

/*
 * The same in two steps. Make takes all the memory that is needed, or gives NULL; what it gives has no number yet and
 * is none of the others until put, which cannot fail, or unmade. At most one may be made but not put.
 */
struct kithp_sequence *kithp_sequences_make(struct kithp_sequences *sequences, kith_text source);
void kithp_sequences_put(struct kithp_sequences *sequences, struct kithp_sequence *made);
void kithp_sequences_unmake(const struct kithp_sequences *sequences, struct kithp_sequence *made);

enum kithp_sequence_place { KITHP_SEQUENCE_NEW, KITHP_SEQUENCE_TAKEN, KITHP_SEQUENCE_BEHIND };

/* Where a number stands: still to be dealt with, dealt with, or behind a greater one without having been. */
enum kithp_sequence_place kithp_sequence_place_of(const struct kithp_sequence *sequence, uint64_t number);

/* Notes that a number has been dealt with that is greater than all before. */
void kithp_sequence_take(struct kithp_sequence *sequence, uint64_t number);

/* The greatest number dealt with, or 0. */
static inline uint64_t kithp_sequence_last(const struct kithp_sequence *sequence)
{
    return sequence->recent_count > 0 ? sequence->recent[sequence->recent_count - 1] : 0;
}

#endif
