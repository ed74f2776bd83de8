/* SPDX-License-Identifier: MIT */
/* CSV as the reader has it: the names of its columns, and where rows end. */
#ifndef KITHP_EXPORTS_HEADER_H
#define KITHP_EXPORTS_HEADER_H

#include "exports/columns.h"

struct kithp_reader;
struct kithp_batch;

struct kithp_header {
    char delimiter;
    kith_text *names; /* which lie behind one another at text */
    size_t count;
    char *text;
    struct kithp_csv_field *fields; /* room for those of a row */
    size_t field_capacity;
};

/*
 * Reads the header from *at on, behind empty lines. Given all zero but for a delimiter that is known, it is to be freed
 * in any case. What is at fault stands in the batch. Returns its row, which begins at *at.
 */
struct kithp_csv_row kithp_header_read(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at,
                                       struct kithp_header *header);
void kithp_header_free(const kith_allocator *allocator, struct kithp_header *header);

/* Says in the batch what is wrong with a header. */
void kithp_header_fail(struct kithp_reader *reader, struct kithp_batch *batch, enum kithp_header_fault fault,
                       kith_text column);

/*
 * Gives the batch the names of a header that is fine, and goes on behind its row: to the first one, or to what is to be
 * passed over. Returns where that begins.
 */
size_t kithp_header_end(struct kithp_reader *reader, struct kithp_batch *batch, size_t at,
                        const struct kithp_header *header, const struct kithp_csv_row *row);

/*
 * Reads the row at *at: KITHP_CSV_ROW or KITHP_CSV_QUOTE. KITHP_CSV_MORE where there is more to look at now: an empty
 * line was passed over, or the text has grown, and may have moved. KITHP_CSV_END where the batch is over, for whatever
 * reason.
 */
enum kithp_csv_outcome kithp_header_next(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at,
                                         const struct kithp_header *header, struct kithp_csv_row *row);

/* Goes on behind a row that counts as read. */
void kithp_header_end_row(struct kithp_reader *reader, const struct kithp_csv_row *row);

#endif
