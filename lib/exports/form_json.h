/* SPDX-License-Identifier: MIT */
/* What is kept while an export of JSON is read, and what its two forms have in common. */
#ifndef KITHP_EXPORTS_FORM_JSON_H
#define KITHP_EXPORTS_FORM_JSON_H

#include "exports/events.h"
#include "exports/implied.h"
#include "exports/json_rows.h"

struct kithp_reader;
struct kithp_batch;

enum {
    KITHP_ROW_MOST = 1 << 24,      /* bytes of a line, or of a row in a document */
    KITHP_ROW_BEGINNING = 1 << 12, /* of one that is longer, what is told of it */
};

/* A row that is too long, until its end is found. */
struct kithp_long_row {
    bool is_open;
    uint64_t line;
    size_t length;
    char beginning[KITHP_ROW_BEGINNING];
};

struct kithp_form_json {
    struct kithp_implied implied; /* the description, where none is given */
    struct kithp_long_row long_row;
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

/* A row is too long: it is refused when its end is found. */
void kithp_form_json_begin_long(struct kithp_reader *reader, uint64_t line, kith_text text);
void kithp_form_json_end_long(struct kithp_reader *reader, struct kithp_batch *batch, struct kithp_row_end end);

#endif
