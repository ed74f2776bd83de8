/* SPDX-License-Identifier: MIT */
/* Arrow schemas that are handed on more than once. */
#ifndef KITH_PYTHON_SCHEMA_H
#define KITH_PYTHON_SCHEMA_H

#include <stdbool.h>

#include <kith/arrow.h>

/* Formats, names, children and dictionaries of a schema, in memory of their own. False where there is none. */
bool ext_schema_copy(const struct ArrowSchema *schema, struct ArrowSchema *copy);

/* Whether two schemas have columns of the same names and formats. */
bool ext_schema_equal(const struct ArrowSchema *a, const struct ArrowSchema *b);

/*
 * A schema of so many children that are to be filled; `dictionary` for one more behind them. name and format are
 * copied. False where there is no memory: there is nothing to be released.
 */
bool ext_schema_begin(struct ArrowSchema *schema, const char *format, const char *name, int64_t children,
                      bool dictionary);

/* A stream of one array; both are taken over. False: an exception is set. The interpreter's lock must be held. */
bool ext_stream_of_array(struct ArrowSchema *schema, struct ArrowArray *array, struct ArrowArrayStream *stream);

#endif
