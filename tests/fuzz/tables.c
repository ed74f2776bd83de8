/* SPDX-License-Identifier: MIT */
#include "tables.h"

#include <time.h>

static kith_column column_of(const kith_table *table, uint32_t index)
{
    kith_column column = {.size = sizeof column};
    MUST(kith_table_get_column(table, index, &column, NULL) == KITH_OK);
    MUST(column.count == kith_table_rows(table));
    return column;
}

/* ---- cells ---- */

static void add_format(struct fuzz_made *made, const char *format, long long a, long long b)
{
    char text[64];
    int length = snprintf(text, sizeof text, format, a, b);
    fuzz_write(made, text, (size_t)length);
}

static void add_time(struct fuzz_made *made, time_t time, const char *format)
{
    char text[64];
    struct tm tm;
    MUST(gmtime_r(&time, &tm));
    fuzz_write(made, text, strftime(text, sizeof text, format, &tm));
}

static void add_string(struct fuzz_made *made, const char *string)
{
    fuzz_write(made, string, strlen(string));
}

static void add_flags(struct fuzz_made *made, const kith_column *column, uint8_t flags)
{
    for (uint64_t i = 0; i < column->label_count; i++) {
        if (!(flags >> i & 1))
            continue;
        if (made->length > 0)
            add_string(made, " ");
        add_string(made, column->labels[i]);
    }
}

static kith_text text_at(const kith_column *column, uint64_t row)
{
    int64_t begin = column->offsets[row], end = column->offsets[row + 1];
    MUST(begin >= 0 && begin <= end);
    return (kith_text){(const char *)column->values + begin, (uint64_t)(end - begin)};
}

struct fuzz_made fuzz_cell(const kith_column *column, uint64_t row)
{
    struct fuzz_made made = {0};
    switch (column->type) {
    case KITH_COLUMN_TEXT:
        fuzz_write(&made, text_at(column, row).data, text_at(column, row).length);
        break;
    case KITH_COLUMN_ID:
        add_format(&made, "%llu", (long long)((const uint64_t *)column->values)[row], 0);
        break;
    case KITH_COLUMN_COUNT:
        add_format(&made, "%lld", ((const int64_t *)column->values)[row], 0);
        break;
    case KITH_COLUMN_SCORE: {
        int32_t score = ((const int32_t *)column->values)[row];
        if (score >= 0)
            add_format(&made, "%lld.%02lld", score / 100, score % 100);
        break;
    }
    case KITH_COLUMN_LABEL: {
        uint8_t label = ((const uint8_t *)column->values)[row];
        MUST(label < column->label_count);
        add_string(&made, column->labels[label]);
        break;
    }
    case KITH_COLUMN_FLAGS:
        add_flags(&made, column, ((const uint8_t *)column->values)[row]);
        break;
    case KITH_COLUMN_TIME: {
        int64_t time = ((const int64_t *)column->values)[row];
        if (time != KITH_NO_TIME)
            add_time(&made, time, "%Y-%m-%dT%H:%M:%SZ");
        break;
    }
    default:
        MUST(column->type == KITH_COLUMN_DAY);
        add_time(&made, ((const int32_t *)column->values)[row] * (time_t)DAY, "%Y-%m-%d");
    }
    return made;
}

/* ---- CSV ---- */

/* The next cell of RFC 4180, and the byte behind it: a comma or LF. */
static struct fuzz_made next_cell(kith_text csv, size_t *at, char *behind)
{
    struct fuzz_made cell = {0};
    bool quoted = *at < csv.length && csv.data[*at] == '"';
    for (*at += quoted;; ++*at) {
        MUST(*at < csv.length);
        char byte = csv.data[*at];
        if (quoted && byte == '"') {
            ++*at;
            MUST(*at < csv.length);
            if (csv.data[*at] != '"')
                break;
        } else if (!quoted && (byte == ',' || byte == '\n')) {
            break;
        } else {
            MUST(quoted || (byte != '"' && byte != '\r'));
        }
        fuzz_write(&cell, csv.data + *at, 1);
    }
    *behind = csv.data[(*at)++];
    MUST(*behind == ',' || *behind == '\n');
    return cell;
}

static struct fuzz_made csv_of(const kith_table *table, uint32_t flags)
{
    struct fuzz_made csv = {0};
    MUST(kith_table_write_csv(table, flags, fuzz_write, &csv, NULL) == KITH_OK);
    return csv;
}

typedef void (*check_cell)(const kith_column *column, kith_text actual, kith_text expected);

static void check_cells(const kith_table *table, uint32_t flags, check_cell check)
{
    struct fuzz_made csv = csv_of(table, flags);
    kith_text text = fuzz_text_of(&csv);
    uint32_t columns = kith_table_columns(table);
    size_t at = 0;
    char behind;
    for (uint32_t i = 0; i < columns && !(flags & KITH_CSV_NO_HEADER); i++) {
        struct fuzz_made cell = next_cell(text, &at, &behind);
        MUST(fuzz_same_text(fuzz_text_of(&cell), kith_text_of(column_of(table, i).name)));
        MUST(behind == (i + 1 < columns ? ',' : '\n'));
        fuzz_made_free(&cell);
    }
    for (uint64_t row = 0; row < kith_table_rows(table); row++) {
        for (uint32_t i = 0; i < columns; i++) {
            kith_column column = column_of(table, i);
            struct fuzz_made cell = next_cell(text, &at, &behind), expected = fuzz_cell(&column, row);
            MUST(behind == (i + 1 < columns ? ',' : '\n'));
            check(&column, fuzz_text_of(&cell), fuzz_text_of(&expected));
            fuzz_made_free(&cell);
            fuzz_made_free(&expected);
        }
    }
    MUST(at == text.length);
    fuzz_made_free(&csv);
}

static void check_same(const kith_column *column, kith_text actual, kith_text expected)
{
    (void)column;
    MUST(fuzz_same_text(actual, expected));
}

void fuzz_check_csv(const kith_table *table)
{
    check_cells(table, KITH_CSV_HEADER, check_same);
    check_cells(table, KITH_CSV_NO_HEADER, check_same);
}

/* ---- for a spreadsheet (docs/formats.md) ---- */

static bool is_separator(char byte)
{
    return byte == '\0' ? false : strchr(",;|\t\n\r", byte) != NULL;
}

static bool is_ascii(kith_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

/* Whether ASCII text would be a formula, apart from what is passed over: blanks, control characters, quotes. */
static bool is_formula(kith_text text, size_t at, bool begins)
{
    for (; at < text.length; at++) {
        char byte = text.data[at];
        if (begins && memchr("\t\n\r", byte, 3))
            return true;
        if (memchr("=+-@", byte, 4))
            return true;
        if (is_separator(byte) || !(byte <= ' ' || byte == '"' || byte == '\'' || byte == 0x7F))
            return false;
    }
    return false;
}

/* As it is said how to undo it. */
static struct fuzz_made undone(kith_text text)
{
    struct fuzz_made made = {0};
    bool fresh = true;
    for (size_t i = 0; i < text.length; i++) {
        if (fresh && text.data[i] == '\'' && is_formula(text, i + 1, i == 0)) {
            fresh = false;
            continue;
        }
        fresh = is_separator(text.data[i]);
        fuzz_write(&made, text.data + i, 1);
    }
    return made;
}

static void check_harmless(const kith_column *column, kith_text actual, kith_text expected)
{
    if (column->type != KITH_COLUMN_TEXT && column->type != KITH_COLUMN_LABEL) {
        MUST(fuzz_same_text(actual, expected));
        return;
    }
    /* Whatever else there is: nothing but what is passed over stands before a formula at its beginning. */
    MUST(actual.length == 0 || !memchr("=+-@\t\n\r", actual.data[0], 7));
    if (!is_ascii(expected))
        return;
    for (size_t i = 0; i < actual.length; i++)
        if ((i == 0 || is_separator(actual.data[i - 1])) && actual.data[i] != '\'')
            MUST(!is_formula(actual, i, i == 0));
    struct fuzz_made plain = undone(actual);
    MUST(fuzz_same_text(fuzz_text_of(&plain), expected));
    fuzz_made_free(&plain);
}

void fuzz_check_spreadsheet(const kith_table *table)
{
    check_cells(table, KITH_CSV_SPREADSHEET, check_harmless);
}

/* ---- Arrow ---- */

static bool is_null(const struct ArrowArray *array, uint64_t row)
{
    const uint8_t *validity = array->buffers[0];
    uint64_t bit = (uint64_t)array->offset + row;
    return validity && !(validity[bit / 8] >> bit % 8 & 1);
}

static kith_text arrow_text(const struct ArrowArray *array, const char *format, uint64_t row)
{
    int64_t begin, end;
    row += (uint64_t)array->offset;
    if (strcmp(format, "U") == 0) {
        begin = ((const int64_t *)array->buffers[1])[row];
        end = ((const int64_t *)array->buffers[1])[row + 1];
    } else {
        MUST(strcmp(format, "u") == 0);
        begin = ((const int32_t *)array->buffers[1])[row];
        end = ((const int32_t *)array->buffers[1])[row + 1];
    }
    return (kith_text){(const char *)array->buffers[2] + begin, (uint64_t)(end - begin)};
}

static void check_label(const kith_column *column, const struct ArrowSchema *schema, const struct ArrowArray *array,
                        uint64_t row)
{
    MUST(strcmp(schema->format, "C") == 0 && schema->dictionary && array->dictionary);
    uint8_t index = ((const uint8_t *)array->buffers[1])[(uint64_t)array->offset + row];
    MUST(index < array->dictionary->length);
    struct fuzz_made cell = fuzz_cell(column, row);
    MUST(fuzz_same_text(arrow_text(array->dictionary, schema->dictionary->format, index), fuzz_text_of(&cell)));
    fuzz_made_free(&cell);
}

static void check_number(const kith_column *column, const struct ArrowSchema *schema, const struct ArrowArray *array,
                         uint64_t row)
{
    uint64_t at = (uint64_t)array->offset + row;
    const void *values = array->buffers[1];
    switch (column->type) {
    case KITH_COLUMN_SCORE: {
        int32_t score = ((const int32_t *)column->values)[row];
        MUST(strcmp(schema->format, "g") == 0 && is_null(array, row) == (score < 0));
        MUST(score < 0 || ((const double *)values)[at] == score / 100.0);
        return;
    }
    case KITH_COLUMN_TIME: {
        int64_t time = ((const int64_t *)column->values)[row];
        MUST(strcmp(schema->format, "tss:UTC") == 0 && is_null(array, row) == (time == KITH_NO_TIME));
        MUST(time == KITH_NO_TIME || ((const int64_t *)values)[at] == time);
        return;
    }
    case KITH_COLUMN_DAY:
        MUST(strcmp(schema->format, "tdD") == 0);
        MUST(((const int32_t *)values)[at] == ((const int32_t *)column->values)[row]);
        return;
    default:
        MUST(strcmp(schema->format, column->type == KITH_COLUMN_ID ? "L" : "l") == 0);
        MUST(((const uint64_t *)values)[at] == ((const uint64_t *)column->values)[row]);
    }
}

static void check_value(const kith_column *column, const struct ArrowSchema *schema, const struct ArrowArray *array,
                        uint64_t row, bool any_bytes)
{
    if (column->type == KITH_COLUMN_LABEL || column->type == KITH_COLUMN_FLAGS) {
        check_label(column, schema, array, row);
    } else if (column->type == KITH_COLUMN_TEXT) {
        kith_text text = arrow_text(array, schema->format, row);
        MUST(fuzz_is_utf8(text));
        MUST(any_bytes ? text.length == text_at(column, row).length : fuzz_same_text(text, text_at(column, row)));
    } else {
        check_number(column, schema, array, row);
    }
}

void fuzz_check_arrow(const kith_table *table, bool any_bytes)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array;
    uint64_t rows = 0;
    MUST(kith_table_get_arrow(table, &stream, NULL) == KITH_OK);
    MUST(stream.get_schema(&stream, &schema) == 0);
    MUST(strcmp(schema.format, "+s") == 0 && schema.n_children == kith_table_columns(table));
    for (;;) {
        MUST(stream.get_next(&stream, &array) == 0);
        if (!array.release)
            break;
        MUST(array.n_children == schema.n_children && array.offset == 0);
        for (int64_t i = 0; i < array.n_children; i++) {
            kith_column column = column_of(table, (uint32_t)i);
            MUST(strcmp(schema.children[i]->name, column.name) == 0);
            MUST(array.children[i]->length == array.length);
            for (int64_t row = 0; row < array.length; row++)
                check_value(&column, schema.children[i], array.children[i], rows + (uint64_t)row, any_bytes);
        }
        rows += (uint64_t)array.length;
        array.release(&array);
    }
    MUST(rows == kith_table_rows(table));
    schema.release(&schema);
    stream.release(&stream);
}
