/* SPDX-License-Identifier: MIT */
/* Arrow schemas: made, compared, and handed on more than once. */
#ifndef KITH_PYTHON_SCHEMA_H
#define KITH_PYTHON_SCHEMA_H

#include <stdbool.h>

#include <kith/arrow.h>

/* Lends a schema to somebody who releases it before its owner does: releasing it does nothing. */
void ext_schema_lend(const struct ArrowSchema *schema, struct ArrowSchema *lent);

/* Whether two schemas have columns of the same names and formats. Those that break the interface's rules are not. */
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
