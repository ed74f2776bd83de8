/* SPDX-License-Identifier: MIT */
/* Arrow schemas: made, compared, and handed on more than once. */
#ifndef KITH_PYTHON_SCHEMA_H
#define KITH_PYTHON_SCHEMA_H

#include <stdbool.h>

#include <kith/arrow.h>

/* A schema that several hold. */
struct ext_shared_schema;

/* Takes a schema over. NULL where there is no memory: then it has been released. */
struct ext_shared_schema *ext_schema_share(struct ArrowSchema *schema);

/* Gives out a schema that is one more holder, until it is released. */
void ext_schema_lend(struct ext_shared_schema *shared, struct ArrowSchema *out);

const struct ArrowSchema *ext_schema_look(const struct ext_shared_schema *shared);

/* Ends one holder; NULL does nothing. */
void ext_schema_drop(struct ext_shared_schema *shared);

/*
 * In which column two schemas differ: its place, or -1 where they have columns of the same names and formats. Where one
 * has none at that place, it has fewer columns, or breaks the interface's rules.
 */
int64_t ext_schema_differs(const struct ArrowSchema *a, const struct ArrowSchema *b);

/* A column, or NULL where there is none. */
const struct ArrowSchema *ext_schema_column(const struct ArrowSchema *schema, int64_t column);

/*
 * A schema of so many children that are to be filled; `dictionary` for one more behind them. name and format are
 * copied. False where there is no memory: there is nothing to be released.
 */
bool ext_schema_begin(struct ArrowSchema *schema, const char *format, const char *name, int64_t children,
                      bool dictionary);

/* A stream of one array; both are taken over. False: an exception is set. The interpreter's lock must be held. */
bool ext_stream_of_array(struct ArrowSchema *schema, struct ArrowArray *array, struct ArrowArrayStream *stream);

#endif
