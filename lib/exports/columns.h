/* SPDX-License-Identifier: MIT */
/* Which column of an export holds what: found from its header. */
#ifndef KITHP_EXPORTS_COLUMNS_H
#define KITHP_EXPORTS_COLUMNS_H

#include "exports/csv.h"
#include "sources/field.h"

struct kithp_columns {
    char delimiter;
    size_t count;                      /* columns in the header */
    const char *headers[KITHP_FIELDS]; /* as the caller names them, or the field's own name; NULL for no such column */
    bool asked[KITHP_FIELDS];          /* the caller named it: then it must be there */
    size_t places[KITHP_FIELDS];       /* column of each field, or KITHP_NO_COLUMN */
};

#define KITHP_NO_COLUMN SIZE_MAX

/* Takes the caller's names of columns. False where two fields have the same, with both set to them. */
bool kithp_columns_init(struct kithp_columns *columns, const kith_export *input, enum kithp_field clash[2]);

/* The one of , ; tab | that a header line holds most often. */
char kithp_columns_delimiter(kith_text line);

/* What is wrong with a header. */
enum kithp_header_fault { KITHP_HEADER_FINE, KITHP_HEADER_TWICE, KITHP_HEADER_MISSING, KITHP_HEADER_NO_MEMORY };

/* Looks for a name that is there twice. */
enum kithp_header_fault kithp_columns_check(const kith_allocator *allocator, const kith_text *names, size_t count,
                                            kith_text *twice);

/*
 * Finds the columns among the names in the header. Where it cannot, column is the one that is there twice or missing;
 * its text belongs to the names or to columns.
 */
enum kithp_header_fault kithp_columns_find(struct kithp_columns *columns, const kith_allocator *allocator,
                                           const kith_text *names, size_t count, kith_text *column);

#endif
