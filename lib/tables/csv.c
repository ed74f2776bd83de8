/* SPDX-License-Identifier: MIT */
/* Tables as CSV: RFC 4180 with LF, a cell quoted only where it must be; on request, fit for a spreadsheet. */
#include <string.h>

#include "base/alloc.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "base/writer.h"
#include "tables/spreadsheet.h"
#include "tables/table.h"

enum { BUFFER_SIZE = 65536 };

static const uint32_t known_flags = KITH_CSV_NO_HEADER | KITH_CSV_SPREADSHEET;

/* A table on its way out. */
struct csv {
    struct kithp_writer writer;
    uint32_t flags; /* KITH_CSV_… */
};

static bool needs_quotes(kith_text text)
{
    for (uint64_t i = 0; i < text.length; i++)
        if (text.data[i] == ',' || text.data[i] == '"' || text.data[i] == '\n' || text.data[i] == '\r')
            return true;
    return false;
}

/* What stands in a cell that is quoted. */
static void write_doubled(struct kithp_writer *writer, kith_text text)
{
    const char *at = text.data, *end = text.data + text.length;
    for (const char *quote; (quote = memchr(at, '"', (size_t)(end - at))); at = quote + 1) {
        kithp_writer_bytes(writer, at, (size_t)(quote + 1 - at));
        kithp_writer_bytes(writer, "\"", 1);
    }
    kithp_writer_bytes(writer, at, (size_t)(end - at));
}

static void write_quoted(struct kithp_writer *writer, kith_text text)
{
    kithp_writer_bytes(writer, "\"", 1);
    write_doubled(writer, text);
    kithp_writer_bytes(writer, "\"", 1);
}

static void write_plain(struct kithp_writer *writer, kith_text text)
{
    if (needs_quotes(text))
        write_quoted(writer, text);
    else
        kithp_writer_bytes(writer, text.data, text.length);
}

/* With an apostrophe wherever a spreadsheet may begin a cell and find a formula. */
static void write_safe(struct kithp_writer *writer, kith_text text)
{
    if (!kithp_spreadsheet_is_formula(text, 0) && !kithp_spreadsheet_may_split(text)) {
        write_plain(writer, text);
        return;
    }
    kithp_writer_bytes(writer, "\"", 1);
    for (size_t at = 0, next; at < text.length; at = next) {
        next = kithp_spreadsheet_next(text, at);
        if (kithp_spreadsheet_is_formula(text, at))
            kithp_writer_bytes(writer, "'", 1);
        write_doubled(writer, (kith_text){text.data + at, next - at});
    }
    kithp_writer_bytes(writer, "\"", 1);
}

static void write_text(struct csv *csv, kith_text text)
{
    if (csv->flags & KITH_CSV_SPREADSHEET)
        write_safe(&csv->writer, text);
    else
        write_plain(&csv->writer, text);
}

static void write_flags(struct kithp_writer *writer, const struct kithp_column *column, int64_t flags)
{
    bool first = true;
    for (size_t bit = 0; bit < column->label_count; bit++) {
        if (!(flags >> bit & 1))
            continue;
        if (!first)
            kithp_writer_bytes(writer, " ", 1);
        kithp_writer_string(writer, column->labels[bit]);
        first = false;
    }
}

static void write_number(struct kithp_writer *writer, uint32_t type, int64_t number)
{
    char *room = kithp_writer_room(writer);
    switch (type) {
    case KITH_COLUMN_ID:
        writer->used += kithp_number_format(room, (uint64_t)number);
        return;
    case KITH_COLUMN_SCORE:
        if (number >= 0)
            writer->used += kithp_number_format_hundredths(room, (uint64_t)number);
        return;
    case KITH_COLUMN_TIME:
        if (number != KITH_NO_TIME)
            writer->used += kithp_calendar_format_time(room, number);
        return;
    case KITH_COLUMN_DAY:
        writer->used += kithp_calendar_format_day(room, number);
        return;
    default:
        writer->used += kithp_number_format_signed(room, number);
        return;
    }
}

static void write_cell(struct csv *csv, const struct kithp_column *column, size_t row)
{
    switch (column->type) {
    case KITH_COLUMN_TEXT:
        write_text(csv, kithp_column_text(column, row));
        return;
    case KITH_COLUMN_LABEL:
        write_text(csv, kith_text_of(column->labels[kithp_column_number(column, row)]));
        return;
    case KITH_COLUMN_FLAGS:
        write_flags(&csv->writer, column, kithp_column_number(column, row));
        return;
    default:
        write_number(&csv->writer, column->type, kithp_column_number(column, row));
        return;
    }
}

static void write_separator(struct csv *csv, const kith_table *table, uint32_t column)
{
    kithp_writer_bytes(&csv->writer, column + 1 < table->column_count ? "," : "\n", 1);
}

static void write_header(struct csv *csv, const kith_table *table)
{
    for (uint32_t i = 0; i < table->column_count; i++) {
        write_text(csv, kith_text_of(table->columns[i].name));
        write_separator(csv, table, i);
    }
}

kith_status kith_table_write_csv(const kith_table *table, uint32_t flags, kith_write_fn write, void *context,
                                 kith_error *error)
{
    if (!table)
        return kithp_fail_argument(error, "table", "must not be NULL");
    if (flags & ~known_flags)
        return kithp_fail_argument(error, "flags", "expected KITH_CSV_NO_HEADER, KITH_CSV_SPREADSHEET, both or none");
    if (!write)
        return kithp_fail_argument(error, "write", "must not be NULL");
    char *buffer = kithp_alloc_array(&table->allocator, BUFFER_SIZE, 1);
    if (!buffer)
        return kithp_fail_memory(error);
    struct csv csv = {{write, context, buffer, BUFFER_SIZE, 0, false}, flags};
    if (!(flags & KITH_CSV_NO_HEADER))
        write_header(&csv, table);
    for (size_t row = 0; row < kith_table_rows(table) && !csv.writer.failed; row++) {
        for (uint32_t i = 0; i < table->column_count; i++) {
            write_cell(&csv, &table->columns[i], row);
            write_separator(&csv, table, i);
        }
    }
    bool written = kithp_writer_finish(&csv.writer);
    kithp_alloc_free(&table->allocator, buffer);
    return written ? KITH_OK : kithp_fail(error, KITH_INPUT_OUTPUT, NULL, "the table could not be written");
}
