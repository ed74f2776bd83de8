/* SPDX-License-Identifier: MIT */
#include "exports/header.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "exports/form.h"
#include "exports/mistaken.h"
#include "exports/passing.h"

void kithp_header_free(const kith_allocator *allocator, struct kithp_header *header)
{
    kithp_alloc_free(allocator, header->names);
    kithp_alloc_free(allocator, header->text);
    kithp_alloc_free(allocator, header->fields);
    *header = (struct kithp_header){.delimiter = 0};
}

/* ---- rows ---- */

static void pass(struct kithp_reader *reader, const struct kithp_csv_row *row)
{
    reader->offset += row->consumed;
    reader->line += row->lines;
}

void kithp_header_end_row(struct kithp_reader *reader, const struct kithp_csv_row *row)
{
    pass(reader, row);
    reader->end = kithp_reader_end(reader, row->ended);
}

/* Text as it would be if it ended behind `most` bytes. */
struct cut_text {
    kith_text text;
    bool cut;
    bool at_end;
};

static struct cut_text text_up_to(const struct kithp_reader *reader, const struct kithp_batch *batch, size_t at,
                                  uint64_t most)
{
    kith_text text = kithp_reader_text(batch, at);
    if (text.length > most)
        return (struct cut_text){{text.data, most}, true, false};
    return (struct cut_text){text, false, kithp_reader_is_at_end(reader)};
}

/* ---- rows that are too long ---- */

/* Goes on to the line end behind such a row. */
static enum kithp_csv_outcome pass_over(struct kithp_reader *reader, struct kithp_batch *batch, size_t at,
                                        struct kithp_header *header, struct kithp_csv_row *row)
{
    kith_text text = kithp_reader_text(batch, at);
    const char *feed = text.length > 0 ? memchr(text.data, '\n', text.length) : NULL;
    row->ended = feed != NULL;
    row->consumed = feed ? (size_t)(feed - text.data) + 1 : (size_t)text.length;
    row->lines = header->long_lines + row->ended;
    if (!feed && !kithp_reader_is_at_end(reader)) {
        reader->offset += row->consumed;
        if (reader->stream_ended)
            kithp_reader_fail_stream(reader, batch);
        return KITHP_CSV_END;
    }
    if (kithp_long_row_end(&header->long_row, &batch->kept, &row->text))
        return header->long_outcome;
    kithp_reader_fail_memory(reader, batch);
    return KITHP_CSV_END;
}

/*
 * A row does not end in a text that is longer than rows may be. If it has a stray quote up to there, that is its fault,
 * and it ends with the line on which it began; else it ends with the first line behind.
 */
static enum kithp_csv_outcome begin_long(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at,
                                         kith_text text, struct kithp_header *header, struct kithp_csv_row *row)
{
    enum kithp_csv_outcome outcome = kithp_csv_read(text, true, header->delimiter, NULL, 0, row);
    if (outcome == KITHP_CSV_QUOTE && row->ended)
        return outcome;
    header->long_outcome = outcome == KITHP_CSV_QUOTE ? outcome : KITHP_CSV_LONG;
    header->long_lines = row->lines;
    kithp_long_row_begin(&header->long_row, reader->line, text);
    *at += (size_t)text.length;
    reader->offset += text.length;
    return pass_over(reader, batch, *at, header, row);
}

/* ---- the next row ---- */

enum kithp_csv_outcome kithp_header_next(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at,
                                         struct kithp_header *header, struct kithp_csv_row *row)
{
    enum { LINE_END = 2 };
    if (header->long_row.is_open)
        return pass_over(reader, batch, *at, header, row);
    uint64_t most = reader->reading.row_most;
    struct cut_text cut = text_up_to(reader, batch, *at, most + LINE_END);
    enum kithp_csv_outcome outcome =
        kithp_csv_read(cut.text, cut.at_end, header->delimiter, header->fields, header->field_capacity, row);
    if (outcome == KITHP_CSV_MORE && cut.cut)
        outcome = begin_long(reader, batch, at, cut.text, header, row);
    else if (outcome == KITHP_CSV_MORE)
        return kithp_reader_more(reader, batch, *at) ? KITHP_CSV_MORE : KITHP_CSV_END;
    if (outcome == KITHP_CSV_EMPTY) {
        pass(reader, row);
        *at += row->consumed;
        return KITHP_CSV_MORE;
    }
    if ((outcome != KITHP_CSV_ROW && outcome != KITHP_CSV_QUOTE) || row->text.length <= most)
        return outcome;
    row->text = kithp_long_row_cut(row->text);
    return outcome == KITHP_CSV_ROW ? KITHP_CSV_LONG : outcome;
}

/* ---- the header ---- */

/* Puts the names of the columns in a place of their own. False where there is no memory. */
static bool keep_names(const kith_allocator *allocator, struct kithp_header *header, const struct kithp_csv_row *row)
{
    header->text = kithp_alloc_array(allocator, row->text.length, 1);
    header->names = kithp_alloc_array(allocator, row->field_count, sizeof *header->names);
    if (!header->text || !header->names)
        return false;
    char *at = header->text;
    for (size_t i = 0; i < row->field_count; i++) {
        size_t length = kithp_csv_unescape(&header->fields[i], at);
        header->names[i] = (kith_text){at, length};
        at += length;
    }
    header->count = row->field_count;
    return true;
}

static kith_text first_line(kith_text text)
{
    const char *end = memchr(text.data, '\n', text.length);
    return end ? (kith_text){text.data, (uint64_t)(end - text.data)} : text;
}

/* ---- what is wrong with it ---- */

static const char *delimiters_of(char delimiter)
{
    return delimiter == ',' ? "commas" : delimiter == ';' ? "semicolons" : delimiter == '|' ? "pipes" : "tabs";
}

/* Where it is told what the text seems to be, that is the fault. */
static void fail(struct kithp_reader *reader, struct kithp_batch *batch, const struct kithp_header *header,
                 kith_text column, const char *words)
{
    char text[256];
    snprintf(text, sizeof text, "%s%s%s", words, header->mistaken ? ": the export " : "",
             header->mistaken ? header->mistaken : "");
    kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, column, text);
}

static void fail_quote(struct kithp_reader *reader, struct kithp_batch *batch, const struct kithp_header *header)
{
    char words[128] = "the header has a stray quote, or one that is not closed";
    if (header->delimiter_is_found && !header->mistaken)
        snprintf(words, sizeof words, "the header has a stray quote, or one that is not closed, if %s divide it",
                 delimiters_of(header->delimiter));
    fail(reader, batch, header, kithp_reader_no_field, words);
}

void kithp_header_fail(struct kithp_reader *reader, struct kithp_batch *batch, const struct kithp_header *header,
                       enum kithp_header_fault fault, kith_text column)
{
    if (fault == KITHP_HEADER_TWICE)
        fail(reader, batch, header, column,
             column.length > 0 ? "the header has two columns of this name"
                               : "the header has two columns without a name");
    else if (fault == KITHP_HEADER_MISSING)
        fail(reader, batch, header, column, "the header has no such column");
    else if (fault == KITHP_HEADER_NO_MEMORY)
        kithp_reader_fail_memory(reader, batch);
}

static void fail_length(struct kithp_reader *reader, struct kithp_batch *batch, kith_text text)
{
    const struct kithp_header header = {.mistaken = kithp_mistaken_csv(first_line(text))};
    char words[80];
    snprintf(words, sizeof words, "expected a header that ends within the first %d bytes", KITHP_HEADER_MOST);
    fail(reader, batch, &header, kithp_reader_no_field, words);
}

/* Reads the row at `at` for its outcome and number of fields, with as much text as that takes. */
static enum kithp_csv_outcome look_at_row(struct kithp_reader *reader, struct kithp_batch *batch, size_t at,
                                          char delimiter, struct kithp_csv_row *row)
{
    for (;;) {
        /* Empty lines count as well, as they stay in the text until the header is found. */
        uint64_t most = at < KITHP_HEADER_MOST ? KITHP_HEADER_MOST - at : 0;
        struct cut_text cut = text_up_to(reader, batch, at, most);
        enum kithp_csv_outcome outcome = kithp_csv_read(cut.text, cut.at_end, delimiter, NULL, 0, row);
        if (outcome == KITHP_CSV_MORE && cut.cut) {
            fail_length(reader, batch, cut.text);
            return outcome;
        }
        if (outcome != KITHP_CSV_MORE || !kithp_reader_double(reader, batch))
            return outcome;
    }
}

/* Passes over empty lines. */
static void find_header(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at)
{
    struct kithp_csv_row row;
    enum kithp_csv_outcome outcome;
    while ((outcome = look_at_row(reader, batch, *at, ',', &row)) == KITHP_CSV_EMPTY) {
        *at += row.consumed;
        pass(reader, &row);
    }
    if (outcome == KITHP_CSV_END)
        kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, kithp_reader_no_field, "there is no header");
}

struct kithp_csv_row kithp_header_read(struct kithp_reader *reader, struct kithp_batch *batch, size_t *at,
                                       struct kithp_header *header)
{
    struct kithp_csv_row row = {.consumed = 0};
    find_header(reader, batch, at);
    if (batch->status != KITH_OK)
        return row;
    kith_text line = first_line(kithp_reader_text(batch, *at));
    header->delimiter_is_found = !header->delimiter;
    if (header->delimiter_is_found)
        header->delimiter = kithp_columns_delimiter(line);
    header->mistaken = kithp_mistaken_csv(line);
    if (look_at_row(reader, batch, *at, header->delimiter, &row) == KITHP_CSV_QUOTE)
        fail_quote(reader, batch, header);
    if (batch->status != KITH_OK)
        return row;
    if (!kithp_alloc_grow(reader->allocator, (void **)&header->fields, &header->field_capacity, row.field_count,
                          sizeof *header->fields)) {
        kithp_reader_fail_memory(reader, batch);
        return row;
    }
    kithp_csv_read(kithp_reader_text(batch, *at), kithp_reader_is_at_end(reader), header->delimiter, header->fields,
                   header->field_capacity, &row);
    if (!keep_names(reader->allocator, header, &row))
        kithp_reader_fail_memory(reader, batch);
    return row;
}

/* Names for the batch, which may outlive the reader. False where there is no memory. */
static bool copy_names(const struct kithp_header *header, struct kithp_batch *batch)
{
    if (!kithp_alloc_grow(batch->allocator, (void **)&batch->header, &batch->header_capacity, header->count,
                          sizeof *batch->header))
        return false;
    for (size_t i = 0; i < header->count; i++) {
        kith_text name = header->names[i];
        char *copy = (char *)kithp_arena_take(&batch->kept, name.length > 0 ? name.length : 1);
        if (!copy)
            return false;
        batch->header[i] = (kith_text){memcpy(copy, name.data, name.length), name.length};
    }
    batch->header_count = header->count;
    return true;
}

size_t kithp_header_end(struct kithp_reader *reader, struct kithp_batch *batch, size_t at,
                        const struct kithp_header *header, const struct kithp_csv_row *row)
{
    if (!copy_names(header, batch)) {
        kithp_reader_fail_memory(reader, batch);
        return at;
    }
    if (reader->reading.begin.offset == 0) {
        kithp_header_end_row(reader, row);
        return at + row->consumed;
    }
    /* Its line end may have come since: it had none where the text ended with it. */
    reader->offset += row->text.length;
    kithp_passing_begin(reader, batch);
    return at + row->text.length;
}
