/* SPDX-License-Identifier: MIT */
/* A file of gzip (RFC 1952): members one behind the other, each a header, deflated text and a checksum. */
#ifndef KITHP_EXPORTS_GZIP_H
#define KITHP_EXPORTS_GZIP_H

#include "exports/inflate.h"

/* What is wrong with text that cannot be inflated, in words. */
#define KITHP_GZIP_INVALID "invalid deflated data"

/* What is read next. */
enum kithp_gzip_part {
    KITHP_GZIP_BETWEEN, /* members */
    KITHP_GZIP_FIXED,   /* of a header: what all have */
    KITHP_GZIP_EXTRA_LENGTH,
    KITHP_GZIP_EXTRA,
    KITHP_GZIP_NAME,
    KITHP_GZIP_COMMENT,
    KITHP_GZIP_HEADER_CHECKSUM,
    KITHP_GZIP_TEXT,
    KITHP_GZIP_TRAILER,
};

/* What a trailer tells of a member's text, and what is found out about it. */
struct kithp_gzip_sum {
    uint32_t checksum;
    uint32_t length; /* less whole multiples of 2^32 */
};

struct kithp_gzip {
    struct kithp_inflater inflater;
    enum kithp_gzip_part part;
    uint32_t done;   /* bytes of the part */
    uint32_t number; /* that they make up, the first byte lowest; of the last four where there are more */
    uint32_t extra_length;
    uint8_t flags; /* of the header */
    uint32_t header_checksum;
    struct kithp_gzip_sum told; /* by the trailer */
    const char *fault;          /* what is damaged, in words */
};

/* Expects a member. False where there is no memory. */
bool kithp_gzip_init(struct kithp_gzip *gzip, const kith_allocator *allocator, enum kithp_inflate_way way);
void kithp_gzip_free(struct kithp_gzip *gzip);

enum kithp_gzip_outcome { KITHP_GZIP_FINE, KITHP_GZIP_ENDED, KITHP_GZIP_DAMAGED, KITHP_GZIP_NO_MEMORY };

/*
 * Reads from in, and writes text to out, until one of them is used up, or a member has ended: what its trailer told is
 * then for the caller to compare, as summing up text is work for another thread. *used is how many bytes were read,
 * which may be less than none: -KITHP_INFLATE_BACK at least, so that as many before `in` must still be there. *given is
 * how many were written. Of a member that is damaged, text may have been given before.
 */
enum kithp_gzip_outcome kithp_gzip_run(struct kithp_gzip *gzip, const unsigned char *in, size_t length,
                                       unsigned char *out, size_t room, ptrdiff_t *used, size_t *given);

/* Adds what comes behind the text that was summed up so far, which is {0} of nothing. */
void kithp_gzip_add(struct kithp_gzip_sum *sum, enum kithp_inflate_way way, const void *text, size_t length);

/* What is damaged, in words, where a member's text is not as told, or NULL. */
const char *kithp_gzip_compare(const struct kithp_gzip_sum *sum, const struct kithp_gzip_sum *told);

/* Whether it may end here. */
static inline bool kithp_gzip_may_end(const struct kithp_gzip *gzip)
{
    return gzip->part == KITHP_GZIP_BETWEEN;
}

#endif
