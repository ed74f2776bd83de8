/* SPDX-License-Identifier: MIT */
/* What is kept while an export of JSON is read, and what its two forms have in common. */
#ifndef KITHP_EXPORTS_FORM_JSON_H
#define KITHP_EXPORTS_FORM_JSON_H

#include "exports/events.h"
#include "exports/implied.h"
#include "exports/json_rows.h"
#include "exports/long_row.h"

struct kithp_reader;
struct kithp_batch;

struct kithp_form_json {
    struct kithp_implied implied; /* the description, where none is given */
    struct kithp_long_row long_row;
    bool is_within;              /* a line that began before the piece, or the byte before it */
    struct kithp_json_rows rows; /* of documents */
    bool has_rows;
};

/* Makes ready what finds paths. What is at fault stands in the batch. */
void kithp_form_json_begin(struct kithp_reader *reader, struct kithp_batch *batch);

/* Says in the batch that a path of the caller or the description is none; NULL where it is not known which. */
void kithp_form_json_fail_path(struct kithp_reader *reader, struct kithp_batch *batch,
                               const struct kithp_source_path *path, const char *words);

/* Takes a row that ends where the reader is now, and of which the values are those of its events. */
void kithp_form_json_take(struct kithp_reader *reader, struct kithp_batch *batch, uint64_t line, kith_text text,
                          struct kithp_row_end end);

/* Refuses a row that is no JSON: what was expected, and where. */
void kithp_form_json_refuse(struct kithp_reader *reader, struct kithp_batch *batch, uint64_t line, kith_text text,
                            const struct kithp_json_fault *fault, struct kithp_row_end end);

/* The end of a row that is too long was found: it is refused. */
void kithp_form_json_end_long(struct kithp_reader *reader, struct kithp_batch *batch, struct kithp_row_end end);

#endif
