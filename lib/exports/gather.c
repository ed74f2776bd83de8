/* SPDX-License-Identifier: MIT */
#include "exports/gather.h"

/* What a batch should have, and by how many readers all can have as much. */
enum { EVENTS_MOST = 1 << 15, REJECTS_MOST = 1 << 13, BYTES_MOST = 1 << 22, READERS_USUAL = 8 };

/* Texts of which it is made though it is wanted: handing over a few long rows takes as long as reading them. */
enum { TEXTS_LEAST = 16 };

static bool fits(const struct kithp_batch *batch, const struct kithp_batch *next, unsigned readers)
{
    size_t share = readers > READERS_USUAL ? readers / READERS_USUAL : 1;
    return batch->event_count + next->event_count <= EVENTS_MOST / share &&
           batch->reject_count + next->reject_count <= REJECTS_MOST / share &&
           batch->kept.taken + kithp_batch_text_bytes(next) <= BYTES_MOST / share;
}

/* What was read takes the batch's place, and the next is read where the batch was. */
static void give_read(struct kithp_gather *gather, struct kithp_batch *batch)
{
    struct kithp_batch given = *batch;
    *batch = gather->read;
    gather->read = given;
    gather->holds = false;
}

static void gather_texts(struct kithp_gather *gather, struct kithp_reader *reader, struct kithp_batch *batch,
                         unsigned readers, kithp_gather_wanted_fn wanted, void *context)
{
    kithp_batch_begin(batch, reader->allocator, reader->reading.members);
    for (unsigned texts = 0;; texts++) {
        kithp_reader_fill(reader, &gather->read);
        if (!fits(batch, &gather->read, readers) || !kithp_batch_gather(batch, &gather->read)) {
            gather->holds = true;
            if (texts == 0)
                give_read(gather, batch);
            return;
        }
        if (batch->last || (texts + 1 >= TEXTS_LEAST && wanted(context)))
            return;
    }
}

void kithp_gather_fill(struct kithp_gather *gather, struct kithp_reader *reader, struct kithp_batch *batch,
                       unsigned readers, kithp_gather_wanted_fn wanted, void *context)
{
    if (gather->holds)
        give_read(gather, batch);
    else
        gather_texts(gather, reader, batch, readers, wanted, context);
}

void kithp_gather_free(struct kithp_gather *gather, const kith_allocator *allocator)
{
    kithp_batch_free(allocator, &gather->read);
}
