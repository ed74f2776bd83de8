/* SPDX-License-Identifier: MIT */
/* What a form of exports does with the text that its reader has, and what the reader does for it. */
#ifndef KITHP_EXPORTS_FORM_H
#define KITHP_EXPORTS_FORM_H

#include "exports/reader.h"

struct kithp_form {
    /*
     * Called once, where the text begins behind a byte order mark; returns where the first row does, or rows are to be
     * passed over from. What is at fault stands in the batch then. After that the form keeps something that is freed.
     */
    size_t (*begin)(struct kithp_reader *reader, struct kithp_batch *batch, size_t at);

    /* Reads all rows that end in the batch's text, and keeps what is behind them for the next batch. */
    void (*read)(struct kithp_reader *reader, struct kithp_batch *batch, size_t at);

    void (*free)(struct kithp_reader *reader);
};

extern const struct kithp_form kithp_form_csv;       /* by the caller's names of columns */
extern const struct kithp_form kithp_form_described; /* CSV by a description */
extern const struct kithp_form kithp_form_lines;     /* JSON, a text a line */
extern const struct kithp_form kithp_form_documents; /* JSON with rows in it */

/* ---- the batch's text ---- */

static inline kith_text kithp_reader_text(const struct kithp_batch *batch, size_t at)
{
    return (kith_text){batch->text + at, batch->text_length - at};
}

/* Whether nothing comes behind the batch's text. */
static inline bool kithp_reader_is_at_end(const struct kithp_reader *reader)
{
    return reader->stream_ended && !reader->too_much_text && reader->stream.status == KITH_OK;
}

/* Doubles the text, which may move, as something does not end in it. False where that cannot be, as the batch says. */
bool kithp_reader_double(struct kithp_reader *reader, struct kithp_batch *batch);

/*
 * A row begins at `at` and does not end in the text. True where there is more text now, with the row where it was;
 * else the batch is over: it is read from the next one, or cannot be, as the batch says.
 */
bool kithp_reader_more(struct kithp_reader *reader, struct kithp_batch *batch, size_t at);

/*
 * Whether the batch, of which rows end at `at`, has as much as a batch should have, however short its rows are: then it
 * is over, and what is behind them is read from the next one.
 */
bool kithp_reader_is_full(struct kithp_reader *reader, struct kithp_batch *batch, size_t at);

/* ---- where it stands ---- */

/* Behind a row that counts as read. The row behind one that the text ends with is on a line to come. */
static inline struct kithp_row_end kithp_reader_end(const struct kithp_reader *reader, bool has_line_end)
{
    return (struct kithp_row_end){reader->offset, reader->line + !has_line_end};
}

/* ---- faults that end the reading ---- */

extern const kith_text kithp_reader_no_field;

void kithp_reader_fail(const struct kithp_reader *reader, struct kithp_batch *batch, kith_status status,
                       kith_text field, const char *words);
void kithp_reader_fail_memory(const struct kithp_reader *reader, struct kithp_batch *batch);
void kithp_reader_fail_stream(const struct kithp_reader *reader, struct kithp_batch *batch);

#endif
