/* SPDX-License-Identifier: MIT */
/*
 * The text of an input that is gzip. It is inflated in one place and taken in another, which may be threads of their
 * own; of a large file that is plain, a third thread looks into what lies ahead (scout.h).
 */
#ifndef KITHP_EXPORTS_PACKED_H
#define KITHP_EXPORTS_PACKED_H

#include "exports/ahead.h"
#include "exports/scout.h"
#include "exports/supply.h"

struct kithp_packed {
    const kith_allocator *allocator;
    struct kithp_ahead ahead;

    /* inflating; where that is done by a thread, nobody else touches these */
    struct kithp_supply *supply;
    struct kithp_gzip gzip;
    struct kithp_window window;            /* the last of the member's text; kept where there is a scout */
    unsigned fills;                        /* of the supply, since there was text */
    uint64_t done;                         /* bytes of the input that were read for it */
    const struct kithp_stretch *come_upon; /* that comes behind the text that was inflated, or NULL */

    /* taking */
    size_t taken;                   /* bytes of the portion */
    size_t ends_taken;              /* of members that end in it */
    struct kithp_gzip_sum sum;      /* of the member's text so far */
    struct kithp_inflater inflater; /* of stretches */

    struct kithp_scout scout;
    bool has_scout;
};

/* The supply, which has what the input begins with, must stay where it is. False where there is no memory. */
bool kithp_packed_init(struct kithp_packed *packed, const kith_allocator *allocator, struct kithp_supply *supply,
                       enum kithp_inflate_way way);
void kithp_packed_free(struct kithp_packed *packed);

/*
 * Lets threads inflate, before any text was taken, as far as memory and threads can be had. Once they are ended,
 * nothing more is to be taken; ending waits for a read of the input that is under way.
 */
void kithp_packed_begin_ahead(struct kithp_packed *packed);
void kithp_packed_end_ahead(struct kithp_packed *packed);

/*
 * Returns bytes given, or 0 with the fault in full where there is no more text; then it is not to be called again.
 * *done is how many bytes of the input were read for what has been given.
 */
size_t kithp_packed_take(struct kithp_packed *packed, void *buffer, size_t capacity, uint64_t *done,
                         struct kithp_fault *fault);

#endif
