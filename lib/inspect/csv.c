/* SPDX-License-Identifier: MIT */
/* Rows of CSV. */
#include <string.h>

#include "base/alloc.h"
#include "base/calendar.h"
#include "base/text.h"
#include "exports/columns.h"
#include "exports/csv.h"
#include "inspect/rows.h"
#include "inspect/type.h"

enum {
    TRIED_BYTES = 1 << 16, /* by which the delimiter is found */
    TRIED_ROWS = 20,
    SURE_ROWS = 8, /* that must be right for a place in the file to be taken for a row's beginning */
    TRIED_LINES = 64
};

/* A CSV that is read: its columns, and room for the fields of a row. */
struct table {
    struct kithp_inspect_rows *rows;
    uint32_t *columns; /* the field of each; 0 where it is passed over */
    size_t count;
    struct kithp_csv_field *fields;
    size_t room;
    bool has_lines_in_quotes; /* a row of several lines has been met */
};

/* ---- delimiter ---- */

/* How many columns the first row has with a delimiter, and how many of a hundred rows behind it have as many. */
static size_t try_delimiter(kith_text text, bool at_end, char delimiter, unsigned *percent)
{
    size_t columns = 0;
    unsigned tried = 0, fit = 0;
    while (tried <= TRIED_ROWS) {
        struct kithp_csv_row row;
        enum kithp_csv_outcome outcome = kithp_csv_read(text, at_end, delimiter, NULL, 0, &row);
        if (outcome == KITHP_CSV_MORE || outcome == KITHP_CSV_END)
            break;
        text.data += row.consumed;
        text.length -= row.consumed;
        if (outcome == KITHP_CSV_EMPTY)
            continue;
        if (tried == 0)
            columns = outcome == KITHP_CSV_ROW ? row.field_count : 0;
        fit += outcome == KITHP_CSV_ROW && row.field_count == columns;
        tried++;
    }
    *percent = tried > 0 ? 100 * fit / tried : 0;
    return columns;
}

static kith_text first_line(kith_text text)
{
    const char *end = text.length > 0 ? memchr(text.data, '\n', text.length) : NULL;
    return end ? (kith_text){text.data, (uint64_t)(end - text.data)} : text;
}

/* The one by which rows have as many fields as the header, and more than one. */
static char find_delimiter(kith_text text, bool at_end)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = kithp_columns_delimiter(first_line(text));
    unsigned most;
    size_t columns = try_delimiter(text, at_end, best, &most);
    for (size_t i = 0; i < sizeof candidates; i++) {
        unsigned percent;
        size_t others = try_delimiter(text, at_end, candidates[i], &percent);
        if (others < 2 || percent <= (columns < 2 ? 0 : most))
            continue;
        best = candidates[i];
        columns = others;
        most = percent;
    }
    if (columns > 1)
        return best;
    size_t words = try_delimiter(text, at_end, ' ', &most);
    return words > 2 && most == 100 ? ' ' : best;
}

/* ---- header ---- */

/* What a name of a column hardly is. */
static bool looks_like_data(kith_text name)
{
    static const struct kithp_calendar utc = {0, 0};
    int64_t time;
    uint32_t type = kithp_type_of(name);
    return (type == KITH_TYPE_WHOLE && name.length > 3) || type == KITH_TYPE_NUMBER || type == KITH_TYPE_BOOLEAN ||
           (name.length > 4 && kithp_calendar_parse(&utc, name, &time));
}

static kith_text value_of(const struct kithp_csv_field *field)
{
    kith_text value = field->text;
    /* In the sample's own text. */
    if (field->escaped)
        value.length = kithp_csv_unescape(field, (char *)value.data);
    return value;
}

static bool add_column(struct table *table, size_t index)
{
    struct kithp_inspect_rows *rows = table->rows;
    kith_text name = value_of(&table->fields[index]);
    uint32_t field;
    if (!kithp_inspect_fields_name(rows->fields, KITHP_INSPECT_ROW, name, &field))
        return kithp_inspect_fail_memory(rows);
    rows->headless = rows->headless || looks_like_data(name);
    char shown[64];
    kithp_text_copy_clean(shown, sizeof shown, name);
    for (size_t i = 0; field && i < index; i++)
        if (table->columns[i] == field)
            return kithp_inspect_fail(rows, KITH_BAD_EXPORT, "the column '%s' stands twice in the header", shown);
    table->columns[index] = field;
    return true;
}

static bool make_columns(struct table *table, size_t count)
{
    const kith_allocator *allocator = table->rows->fields->allocator;
    if (count > KITHP_INSPECT_FIELDS_MOST)
        return kithp_inspect_fail(table->rows, KITH_BAD_EXPORT, "the header has more than %d columns",
                                  KITHP_INSPECT_FIELDS_MOST);
    table->columns = kithp_alloc_cleared(allocator, count, sizeof *table->columns);
    table->fields = kithp_alloc_cleared(allocator, count, sizeof *table->fields);
    table->count = table->room = count;
    return table->columns && table->fields ? true : kithp_inspect_fail_memory(table->rows);
}

/* Reads the row that the text begins with, getting more text as long as it must. MORE where its end is not there. */
static bool read_row(struct table *table, struct kithp_csv_row *row, enum kithp_csv_outcome *outcome)
{
    struct kithp_inspect_rows *rows = table->rows;
    struct kithp_sample *sample = rows->sample;
    for (bool more = true;;) {
        kith_text text = kithp_sample_text(sample);
        *outcome = kithp_csv_read(text, sample->at_end, rows->delimiter, table->fields, table->room, row);
        if (*outcome != KITHP_CSV_MORE || !more || text.length > KITHP_INSPECT_ROW_MOST)
            return true;
        if (!kithp_inspect_more(rows, &more))
            return false;
    }
}

static bool read_header(struct table *table)
{
    struct kithp_inspect_rows *rows = table->rows;
    struct kithp_csv_row row;
    enum kithp_csv_outcome outcome;
    do {
        if (!read_row(table, &row, &outcome))
            return false;
        if (outcome == KITHP_CSV_EMPTY)
            kithp_sample_take(rows->sample, row.consumed);
    } while (outcome == KITHP_CSV_EMPTY);
    if (outcome == KITHP_CSV_QUOTE)
        return kithp_inspect_fail(rows, KITH_BAD_EXPORT, "the header has a stray quote");
    if (outcome == KITHP_CSV_MORE)
        return kithp_inspect_fail(rows, KITH_BAD_EXPORT, "the header does not end within %d bytes",
                                  KITHP_INSPECT_ROW_MOST);
    if (outcome == KITHP_CSV_END)
        return kithp_inspect_fail(rows, KITH_BAD_EXPORT, "there is no header");
    if (!make_columns(table, row.field_count) || !read_row(table, &row, &outcome))
        return false;
    for (size_t i = 0; i < table->count; i++)
        if (!add_column(table, i))
            return false;
    kithp_sample_take(rows->sample, row.consumed);
    return true;
}

/* ---- rows ---- */

static bool look_at(struct table *table, const struct kithp_csv_row *row)
{
    struct kithp_inspect_rows *rows = table->rows;
    table->has_lines_in_quotes = table->has_lines_in_quotes || row->lines > 1;
    if (row->field_count != table->count) {
        rows->refused++;
        return true;
    }
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i] &&
            !kithp_inspect_fields_value(rows->fields, table->columns[i], value_of(&table->fields[i])))
            return kithp_inspect_fail_memory(rows);
    rows->rows++;
    return true;
}

/* A row that is too long: what is there of it is dropped, and what follows is read as a row. */
static void drop_long(struct kithp_inspect_rows *rows)
{
    rows->refused++;
    kithp_sample_take(rows->sample, (size_t)kithp_sample_text(rows->sample).length);
}

/* Reads all rows of a piece of the text. */
static bool read_piece(struct table *table)
{
    struct kithp_inspect_rows *rows = table->rows;
    for (;;) {
        struct kithp_csv_row row;
        enum kithp_csv_outcome outcome;
        if (!read_row(table, &row, &outcome))
            return false;
        if (outcome == KITHP_CSV_MORE && kithp_sample_text(rows->sample).length > KITHP_INSPECT_ROW_MOST) {
            drop_long(rows);
            continue;
        }
        if (outcome == KITHP_CSV_END || outcome == KITHP_CSV_MORE)
            return true;
        if (outcome == KITHP_CSV_ROW && !look_at(table, &row))
            return false;
        rows->refused += outcome == KITHP_CSV_QUOTE;
        kithp_sample_take(rows->sample, row.consumed);
    }
}

/* ---- stretches ---- */

/* Whether rows that are right begin at a place of the text: a line may begin within quotes. */
static bool begins_rows(const struct table *table, kith_text text)
{
    for (int i = 0; i < SURE_ROWS; i++) {
        struct kithp_csv_row row;
        enum kithp_csv_outcome outcome = kithp_csv_read(text, false, table->rows->delimiter, NULL, 0, &row);
        if (outcome == KITHP_CSV_MORE)
            return i > 0;
        if (outcome == KITHP_CSV_QUOTE || (outcome == KITHP_CSV_ROW && row.field_count != table->count))
            return false;
        text.data += row.consumed;
        text.length -= row.consumed;
    }
    return true;
}

/* Where in a piece from the middle of the file its first row begins; the piece's end where that is not found. */
static size_t find_row(const struct table *table, kith_text text)
{
    size_t first = text.length, at = 0;
    for (int line = 0; line < TRIED_LINES; line++) {
        const char *end = at < text.length ? memchr(text.data + at, '\n', text.length - at) : NULL;
        if (!end)
            break;
        at = (size_t)(end - text.data) + 1;
        first = line == 0 ? at : first;
        if (begins_rows(table, (kith_text){text.data + at, text.length - at}))
            return at;
    }
    /* Where no row has several lines, rows of other lengths are those of an export that has such. */
    return table->has_lines_in_quotes ? text.length : first;
}

static bool read_stretch(struct table *table)
{
    struct kithp_inspect_rows *rows = table->rows;
    for (bool more = true; more && kithp_sample_text(rows->sample).length < KITHP_INSPECT_ROW_MOST;)
        if (!kithp_inspect_more(rows, &more))
            return false;
    kithp_sample_take(rows->sample, find_row(table, kithp_sample_text(rows->sample)));
    return read_piece(table);
}

/* ---- the whole ---- */

static bool choose_delimiter(struct kithp_inspect_rows *rows)
{
    for (bool more = true; more && kithp_sample_text(rows->sample).length < TRIED_BYTES;)
        if (!kithp_inspect_more(rows, &more))
            return false;
    if (!rows->delimiter)
        rows->delimiter = find_delimiter(kithp_sample_text(rows->sample), rows->sample->at_end);
    return true;
}

bool kithp_inspect_csv(struct kithp_inspect_rows *rows)
{
    struct table table = {.rows = rows};
    const kith_allocator *allocator = rows->fields->allocator;
    bool done = choose_delimiter(rows) && read_header(&table) && read_piece(&table);
    while (done && kithp_sample_next(rows->sample))
        done = read_stretch(&table);
    kithp_alloc_free(allocator, table.columns);
    kithp_alloc_free(allocator, table.fields);
    return done;
}
