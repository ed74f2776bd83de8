/* SPDX-License-Identifier: MIT */
/*
 * Arrow as a producer makes it: each buffer lies in memory of its own that is as long as it must be and no longer, so
 * that a sanitizer sees what reads past it; and structs are counted until they are released.
 */
#ifndef KITH_TESTS_ARROW_SUPPORT_H
#define KITH_TESTS_ARROW_SUPPORT_H

#include <kith/arrow.h>

#include "support.h"

/* How many structs are there that have not been released. */
extern unsigned arrow_live;

enum { ARROW_COLUMNS = 8 };

/* A column's values, plain; how they are laid out, the format says. */
struct plain_column {
    const char *name;
    const char *format;
    const char *index;      /* format of the indexes where it is to have a dictionary, else NULL */
    const int64_t *numbers; /* of numbers, floats and times */
    const double *floats;   /* of floats, in their place */
    const kith_text *texts; /* of text */
    const bool *null;       /* which of them are null; NULL for none */
};

/* What a stream gives: rows in batches. */
struct plain_rows {
    struct plain_column columns[ARROW_COLUMNS];
    size_t column_count;
    size_t rows;
    size_t batch;  /* rows of a batch, 0 for all in one */
    size_t offset; /* of every column: so many items of rubbish come first */
    size_t margin; /* rows that columns have before and behind those of the batch, which is a slice then */
    size_t unused; /* entries of every dictionary that no row is */
    bool counts_nulls;
    bool nulls_in_dictionaries; /* rows that are null are so by their entry, where there is a dictionary */
    bool has_empty;             /* a batch without rows, and without memory, comes before each other */
    /* May break what the stream is about to give; NULL for none. */
    void (*spoil_schema)(struct ArrowSchema *schema);
    void (*spoil_array)(struct ArrowArray *array);
    unsigned fail_at; /* the call of the stream that fails, from 1; 0 for none */
};

/* A stream of rows that outlive it. */
struct ArrowArrayStream stream_of(const struct plain_rows *rows);

/* The child of a name, while it is spoiled. */
struct ArrowSchema *child_schema(struct ArrowSchema *schema, const char *name);

/* What a consumer finds in a stream of one batch: a column's values as text, "" for null; freed by free(). */
char *shown_column(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t column);

#endif
