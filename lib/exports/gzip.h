/* SPDX-License-Identifier: MIT */
/* A file of gzip (RFC 1952): members one behind the other, each a header, deflated text and a checksum. */
#ifndef KITHP_EXPORTS_GZIP_H
#define KITHP_EXPORTS_GZIP_H

#include "exports/inflate.h"

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

struct kithp_gzip {
    struct kithp_inflater inflater;
    enum kithp_gzip_part part;
    uint32_t done;   /* bytes of the part */
    uint32_t number; /* that they make up, the first byte lowest; of the last four where there are more */
    uint32_t extra_length;
    uint8_t flags; /* of the header */
    uint32_t header_checksum;
    uint32_t checksum; /* of the text */
    uint32_t length;   /* of the text, less whole multiples of 2^32 */
    const char *fault; /* what is damaged, in words */
};

/* Expects a member. False where there is no memory. */
bool kithp_gzip_init(struct kithp_gzip *gzip, const kith_allocator *allocator, enum kithp_inflate_way way);
void kithp_gzip_free(struct kithp_gzip *gzip);

enum kithp_gzip_outcome { KITHP_GZIP_FINE, KITHP_GZIP_DAMAGED, KITHP_GZIP_NO_MEMORY };

/*
 * Reads from in, and writes text to out, until one of them is used up. *used is how many bytes were read, which may be
 * less than none: -KITHP_INFLATE_BACK at least, so that as many before `in` must still be there. *given is how many
 * were written. Of a member that is damaged, text may have been given before.
 */
enum kithp_gzip_outcome kithp_gzip_run(struct kithp_gzip *gzip, const unsigned char *in, size_t length,
                                       unsigned char *out, size_t room, ptrdiff_t *used, size_t *given);

/* Whether it may end here. */
static inline bool kithp_gzip_may_end(const struct kithp_gzip *gzip)
{
    return gzip->part == KITHP_GZIP_BETWEEN;
}

#endif
