/* SPDX-License-Identifier: MIT */
#include "exports/csv.h"

#include <string.h>

/* Where reading a field came to its end. */
enum stop { STOP_DELIMITER, STOP_LINE, STOP_FAULT, STOP_MORE };

struct scanner {
    const char *begin;
    const char *at;
    const char *end;
    bool at_end;
    char delimiter;
};

/* Finds the closing quote; NULL if there is none, with stop saying what that means. */
static const char *closing_quote(const struct scanner *scanner, bool *escaped, enum stop *stop)
{
    size_t length = (size_t)(scanner->end - scanner->begin);
    const char *limit = length > KITHP_CSV_QUOTE_MOST ? scanner->begin + KITHP_CSV_QUOTE_MOST + 1 : scanner->end;
    bool sees_all = scanner->at_end || length > KITHP_CSV_QUOTE_MOST;
    const char *at = scanner->at + 1;
    *escaped = false;
    while (at < limit) {
        const char *quote = memchr(at, '"', (size_t)(limit - at));
        if (!quote)
            break;
        if (quote + 1 == scanner->end && !scanner->at_end) {
            *stop = STOP_MORE;
            return NULL;
        }
        if (quote + 1 == scanner->end || quote[1] != '"')
            return quote;
        *escaped = true;
        at = quote + 2;
    }
    *stop = sees_all ? STOP_FAULT : STOP_MORE;
    return NULL;
}

/* What stands at the scanner, behind a closing quote. */
static enum stop stop_behind_quote(struct scanner *scanner)
{
    if (scanner->at == scanner->end)
        return scanner->at_end ? STOP_LINE : STOP_MORE;
    if (*scanner->at == scanner->delimiter)
        return STOP_DELIMITER;
    if (*scanner->at == '\n')
        return STOP_LINE;
    if (*scanner->at != '\r')
        return STOP_FAULT;
    if (scanner->at + 1 == scanner->end)
        return scanner->at_end ? STOP_LINE : STOP_MORE;
    return scanner->at[1] == '\n' ? STOP_LINE : STOP_FAULT;
}

static enum stop read_quoted(struct scanner *scanner, struct kithp_csv_field *field)
{
    enum stop stop;
    const char *close = closing_quote(scanner, &field->escaped, &stop);
    if (!close)
        return stop;
    field->text = (kith_text){scanner->at + 1, (uint64_t)(close - scanner->at - 1)};
    scanner->at = close + 1;
    return stop_behind_quote(scanner);
}

static enum stop read_unquoted(struct scanner *scanner, struct kithp_csv_field *field)
{
    const char *begin = scanner->at, *at = begin, *end = scanner->end;
    char delimiter = scanner->delimiter;
    while (at < end && *at != delimiter && *at != '\n' && *at != '"')
        at++;
    scanner->at = at;
    if (at == end && !scanner->at_end)
        return STOP_MORE;
    if (at < end && *at == '"')
        return STOP_FAULT;
    bool ends_line = at == end || *at == '\n';
    /* The CR before a line's end, or the file's, belongs to it. */
    if (ends_line && at > begin && at[-1] == '\r')
        scanner->at = --at;
    field->text = (kith_text){begin, (uint64_t)(at - begin)};
    field->escaped = false;
    return ends_line ? STOP_LINE : STOP_DELIMITER;
}

/* Sets the row's text to end at `end`, and takes the line end behind it. */
static void end_row(const struct scanner *scanner, const char *end, struct kithp_csv_row *row)
{
    row->text = (kith_text){scanner->begin, (uint64_t)(end - scanner->begin)};
    if (end < scanner->end && *end == '\r')
        end++;
    row->ended = end < scanner->end;
    end += row->ended;
    row->consumed = (size_t)(end - scanner->begin);
    row->lines = 0;
    for (const char *at = scanner->begin; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        row->lines++;
}

/* A quote fault costs the line on which the row began, and no other. */
static enum kithp_csv_outcome refuse_line(const struct scanner *scanner, struct kithp_csv_row *row)
{
    const char *end = memchr(scanner->begin, '\n', (size_t)(scanner->end - scanner->begin));
    if (!end && !scanner->at_end)
        return KITHP_CSV_MORE;
    if (!end)
        end = scanner->end;
    if (end > scanner->begin && end[-1] == '\r')
        end--;
    end_row(scanner, end, row);
    return KITHP_CSV_QUOTE;
}

enum kithp_csv_outcome kithp_csv_read(kith_text text, bool at_end, char delimiter, struct kithp_csv_field *fields,
                                      size_t room, struct kithp_csv_row *row)
{
    if (text.length == 0)
        return at_end ? KITHP_CSV_END : KITHP_CSV_MORE;
    struct scanner scanner = {text.data, text.data, text.data + text.length, at_end, delimiter};
    row->field_count = 0;
    for (;;) {
        struct kithp_csv_field field;
        bool is_quoted = scanner.at < scanner.end && *scanner.at == '"';
        enum stop stop = is_quoted ? read_quoted(&scanner, &field) : read_unquoted(&scanner, &field);
        if (stop == STOP_MORE)
            return KITHP_CSV_MORE;
        if (stop == STOP_FAULT)
            return refuse_line(&scanner, row);
        if (row->field_count < room)
            fields[row->field_count] = field;
        row->field_count++;
        if (stop == STOP_LINE)
            break;
        scanner.at++;
    }
    end_row(&scanner, scanner.at, row);
    return row->text.length > 0 ? KITHP_CSV_ROW : KITHP_CSV_EMPTY;
}

size_t kithp_csv_unescape(const struct kithp_csv_field *field, char *out)
{
    size_t length = 0;
    for (uint64_t i = 0; i < field->text.length; i++) {
        out[length++] = field->text.data[i];
        if (field->escaped && field->text.data[i] == '"')
            i++;
    }
    return length;
}
