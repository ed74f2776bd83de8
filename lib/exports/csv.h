/* SPDX-License-Identifier: MIT */
/* Rows and fields of CSV text (docs/formats.md, Exports). */
#ifndef KITHP_EXPORTS_CSV_H
#define KITHP_EXPORTS_CSV_H

#include <stdbool.h>

#include <kith/kith.h>

/* How far behind a row's first byte the last closing quote of a field may lie. */
enum { KITHP_CSV_QUOTE_MOST = 1 << 20 };

struct kithp_csv_field {
    kith_text text; /* less the quotes around it */
    bool escaped;   /* a quote within is written twice */
};

struct kithp_csv_row {
    kith_text text;     /* as it stood, less its line end */
    size_t consumed;    /* with its line end */
    uint64_t lines;     /* line ends in what was consumed */
    size_t field_count; /* may be more than there was room for */
    bool ended;         /* by a line end, not by the end of the text */
};

enum kithp_csv_outcome {
    KITHP_CSV_ROW,
    KITHP_CSV_EMPTY, /* an empty line, to be skipped */
    KITHP_CSV_QUOTE, /* a quote fault: row is the line on which the row began, without fields */
    KITHP_CSV_MORE,  /* the text ends before it can be told */
    KITHP_CSV_END,   /* there is no more text */
    KITHP_CSV_LONG   /* more bytes than rows may have, which is said by who knows how many that are */
};

/*
 * Reads the row at the start of text. at_end tells that nothing comes behind the text: then the outcome is never
 * KITHP_CSV_MORE. Up to `room` fields are filled in.
 */
enum kithp_csv_outcome kithp_csv_read(kith_text text, bool at_end, char delimiter, struct kithp_csv_field *fields,
                                      size_t room, struct kithp_csv_row *row);

/*
 * A field's value with each doubled quote as one; out needs field->text.length bytes and may be where it
 * lies. Returns how many it has.
 */
size_t kithp_csv_unescape(const struct kithp_csv_field *field, char *out);

#endif
