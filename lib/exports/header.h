/* SPDX-License-Identifier: MIT */
/* CSV as the reader has it: the names of its columns, and where rows end. */
#ifndef KITHP_EXPORTS_HEADER_H
#define KITHP_EXPORTS_HEADER_H

#include "exports/columns.h"
#include "exports/long_row.h"

struct kithp_reader;
struct kithp_batch;

/* Bytes of an export up to the end of its header. So the number of columns, and what they take, is bounded too. */
enum { KITHP_HEADER_MOST = 1 << 20 };

struct kithp_header {
    char delimiter;
    bool delimiter_is_found; /* and not given */
    const char *mistaken;    /* what the text seems to be if it cannot be read, or NULL */
    kith_text *names;        /* which lie behind one another at text */
    size_t count;
    char *text;
    struct kithp_csv_field *fields; /* room for those of a row */
    size_t field_capacity;
    struct kithp_long_row long_row;
    enum kithp_csv_outcome long_outcome; /* what it will be told as */
    uint64_t long_lines;                 /* line ends in what was passed over of it */
};

/*
 * Reads the header from *at on, behind empty lines. Given all zero but for a delimiter that is known, it is to be freed
 * in any case. What is at fault stands in the batch. Returns its row, which begins at *at.
 */
struct kithp_csv_row kithp_header_read(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at,
                                       struct kithp_header *header);
void kithp_header_free(const kith_allocator *allocator, struct kithp_header *header);

/* Says in the batch what is wrong with a header that was read. */
void kithp_header_fail(struct kithp_reader *reader, struct kithp_batch *batch, const struct kithp_header *header,
                       enum kithp_header_fault fault, kith_text column);

/*
 * Gives the batch the names of a header that is fine, and goes on behind its row: to the first one, or to what is to be
 * passed over. Returns where that begins.
 */
size_t kithp_header_end(struct kithp_reader *reader, struct kithp_batch *batch, size_t at,
                        const struct kithp_header *header, const struct kithp_csv_row *row);

/*
 * Reads the row at *at: KITHP_CSV_ROW, KITHP_CSV_QUOTE or KITHP_CSV_LONG. KITHP_CSV_MORE where there is more to look at
 * now: an empty line was passed over, or the text has grown, and may have moved. KITHP_CSV_END where the batch is over,
 * for whatever reason; a row that is too long may be half passed over then, and nothing else can be read before this
 * has told of it. Of such a row, the beginning alone is the row's text.
 */
enum kithp_csv_outcome kithp_header_next(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at,
                                         struct kithp_header *header, struct kithp_csv_row *row);

/* Goes on behind a row that counts as read. */
void kithp_header_end_row(struct kithp_reader *reader, const struct kithp_csv_row *row);

#endif
