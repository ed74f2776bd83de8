/* SPDX-License-Identifier: MIT */
/* Rows of an Arrow stream, read into blocks of events that are to be added. */
#ifndef KITHP_ENGINE_ARROW_ROWS_H
#define KITHP_ENGINE_ARROW_ROWS_H

#include "arrow/stream.h"
#include "engine/add_block.h"
#include "exports/kinds.h"

/* What is known of the entries of a column's dictionary that is small, so that each is looked up once a batch. */
struct kithp_arrow_known {
    bool used;
    uint32_t *entries; /* behind those of the dictionary, one for null */
    size_t capacity;
};

/* The values of a block's rows, column by column. */
struct kithp_arrow_block {
    int64_t times[KITHP_ADD_BLOCK]; /* -1 for none that can be used */
    uint32_t kinds[KITHP_ADD_BLOCK];
    uint32_t quantities[KITHP_ADD_BLOCK];
    uint64_t members[KITHP_ADD_BLOCK]; /* ids, where members are numbered */
    uint64_t targets[KITHP_ADD_BLOCK];
    uint8_t reasons[KITHP_ADD_BLOCK]; /* why a row cannot be used, as far as its columns tell */
};

/* Batches that are added by one call: a few rows each would not be worth a second thread. */
struct kithp_arrow_group {
    size_t count;
    uint64_t rows; /* of all of them, each of which has some */
    struct kithp_arrow_batch batches[64];
};

struct kithp_arrow_rows {
    kith_engine *engine;
    const struct kithp_arrow_stream *stream;
    const struct kithp_arrow_group *group;
    uint64_t begin;                        /* of the call's rows, in the group */
    const struct kithp_arrow_batch *batch; /* the one that is read, or NULL before the first */
    uint64_t batch_begin;                  /* in the group */
    struct kithp_kinds names;
    struct kithp_arrow_known kinds;
    struct kithp_arrow_known members;
    struct kithp_arrow_known targets;
    struct kithp_arrow_block values;
    kith_events view; /* of the values */
};

/* The stream's columns must have been found. All outlive the rows. */
void kithp_arrow_rows_init(struct kithp_arrow_rows *rows, kith_engine *engine, const struct kithp_arrow_stream *stream,
                           const struct kithp_arrow_group *group);
void kithp_arrow_rows_free(struct kithp_arrow_rows *rows);

/* To be called when the group holds other batches. */
static inline void kithp_arrow_rows_rewind(struct kithp_arrow_rows *rows)
{
    rows->batch = NULL;
    rows->batch_begin = 0;
}

/* Sets up a call to add rows of the group from `begin` on, which is where the call before ended. */
void kithp_arrow_rows_set(struct kithp_arrow_rows *rows, uint64_t begin, struct kithp_add_call *call);

#endif
