/* SPDX-License-Identifier: MIT */
/* A stream of batches from outside: taken over, asked for its columns and its batches, released. */
#ifndef KITHP_ARROW_STREAM_H
#define KITHP_ARROW_STREAM_H

#include "arrow/column.h"
#include "exports/columns.h"

/* Why a stream cannot be read on. */
struct kithp_arrow_fault {
    kith_status status; /* KITH_OK, KITH_INPUT_OUTPUT or KITH_BAD_EXPORT */
    const char *field;  /* the column at fault, or NULL */
    uint64_t row;       /* in the stream, from 1; 0 where it is none */
    char words[160];
};

struct kithp_arrow_stream {
    struct ArrowArrayStream source;
    const char *headers[KITHP_FIELDS]; /* names of the columns; NULL where there is none for the field */
    bool asked[KITHP_FIELDS];          /* the caller named it: then it must be there */
    bool there[KITHP_FIELDS];
    int64_t children[KITHP_FIELDS];                  /* which of the struct's children it is */
    struct kithp_arrow_column columns[KITHP_FIELDS]; /* as the schema has them, bound to no array */
    int64_t child_count;
    uint64_t rows; /* that it has given so far */
    struct kithp_arrow_fault fault;
};

/* An array of the stream, all of whose offsets and indexes have been checked; or one that has been released. */
struct kithp_arrow_batch {
    struct ArrowArray array;
    struct kithp_arrow_column columns[KITHP_FIELDS];
    uint64_t before; /* rows of the stream before its first */
};

/*
 * Takes over the stream: that of the caller is not its any more. Names of columns must outlive it. Where two fields
 * have the same, that is a fault.
 */
void kithp_arrow_stream_begin(struct kithp_arrow_stream *stream, const kith_arrow *input);

/* Releases what is left of it. */
void kithp_arrow_stream_end(struct kithp_arrow_stream *stream);

/* Gives back what was taken over, as it is now: for whoever was asked for its schema alone. */
void kithp_arrow_stream_give_back(struct kithp_arrow_stream *stream, struct ArrowArrayStream *source);

/* Finds the columns, and what they hold. False: see fault. */
bool kithp_arrow_stream_find(struct kithp_arrow_stream *stream);

/* Receives the next batch, to be released. False at the end, or for a fault: then there is nothing to be released. */
bool kithp_arrow_stream_next(struct kithp_arrow_stream *stream, struct kithp_arrow_batch *batch);

void kithp_arrow_batch_release(struct kithp_arrow_batch *batch);

#endif
