/* SPDX-License-Identifier: MIT */
/*
 * What many texts came to, kept in few batches, without the texts: else a reader that is ahead of what is wanted would
 * soon have filled all the batches that there are, and have to wait, and one that is wanted would wake another thread
 * for every few long rows. All texts are read to one place then, which stays in the processor's cache.
 */
#ifndef KITHP_EXPORTS_GATHER_H
#define KITHP_EXPORTS_GATHER_H

#include "exports/reader.h"

struct kithp_gather {
    struct kithp_batch read; /* what was read last, */
    bool holds;              /* and did not fit: it is given next, as it is */
};

/* Whether what is read next is wanted at once. */
typedef bool (*kithp_gather_wanted_fn)(void *context);

/*
 * Fills a batch with what some texts came to, or, as long as it is not wanted, with as much as a batch should have:
 * some MiB, less where so many readers gather at a time. What there is no memory to copy is given by itself, as what is
 * too large to be copied is.
 */
void kithp_gather_fill(struct kithp_gather *gather, struct kithp_reader *reader, struct kithp_batch *batch,
                       unsigned readers, kithp_gather_wanted_fn wanted, void *context);

void kithp_gather_free(struct kithp_gather *gather, const kith_allocator *allocator);

#endif
