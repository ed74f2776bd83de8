/* SPDX-License-Identifier: MIT */
/* JSON, a text a line. */
#include <string.h>

#include "exports/form.h"
#include "exports/passing.h"

static size_t begin(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    kithp_form_json_begin(reader, batch);
    reader->json.is_within = reader->reading.piece.begin > 0;
    if (batch->status == KITH_OK && reader->reading.begin.offset > 0)
        kithp_passing_begin(reader, batch);
    return at;
}

static void free_form(struct kithp_reader *reader)
{
    (void)reader;
}

/* A line of the text. */
struct line {
    kith_text text;  /* without its end */
    size_t consumed; /* with it */
    bool ended;
};

/* False where the text ends before it does. */
static bool find_line(const struct kithp_reader *reader, kith_text text, struct line *line)
{
    const char *feed = memchr(text.data, '\n', text.length);
    line->ended = feed != NULL;
    if (!feed && !kithp_reader_is_at_end(reader))
        return false;
    line->text = text;
    if (feed)
        line->text.length = (uint64_t)(feed - text.data);
    line->consumed = (size_t)line->text.length + line->ended;
    if (line->text.length > 0 && line->text.data[line->text.length - 1] == '\r')
        line->text.length--;
    return true;
}

/* Goes on behind a line, and returns where rows that end there do. */
static struct kithp_row_end pass(struct kithp_reader *reader, const struct line *line)
{
    reader->offset += line->consumed;
    reader->line += line->ended;
    return kithp_reader_end(reader, line->ended);
}

static bool is_blank(kith_text text)
{
    for (uint64_t i = 0; i < text.length; i++)
        if (!kithp_json_is_blank(text.data[i]))
            return false;
    return true;
}

static void take_line(struct kithp_reader *reader, struct kithp_batch *batch, const struct line *line)
{
    struct kithp_events *events = &reader->events;
    const struct kithp_json_tree *row = &events->paths.row;
    struct kithp_json_fault fault;
    uint64_t number = reader->line;
    struct kithp_row_end end = pass(reader, line);
    if (reader->json.long_row.is_open) {
        kithp_form_json_end_long(reader, batch, end);
    } else if (line->text.length > reader->reading.row_most) {
        kithp_long_row_begin(&reader->json.long_row, number, line->text);
        kithp_form_json_end_long(reader, batch, end);
    } else if (kithp_json_read_unknown(row, line->text, KITHP_JSON_DEPTH_MOST, events->fields.row, &fault)) {
        kithp_form_json_take(reader, batch, number, line->text, end);
    } else if (!is_blank(line->text)) {
        kithp_form_json_refuse(reader, batch, number, line->text, &fault, end);
    } else if (line->ended) {
        reader->end = end;
    }
}

/* The line whose value ends behind `length` bytes. False where another byte than a blank comes, or the text's end. */
static bool end_line(kith_text text, size_t length, struct line *line)
{
    while (length < text.length && text.data[length] != '\n' && kithp_json_is_blank(text.data[length]))
        length++;
    if (length == text.length || text.data[length] != '\n')
        return false;
    *line = (struct line){{text.data, length - (text.data[length - 1] == '\r')}, length + 1, true};
    return true;
}

/*
 * Takes a line much like one that was read before, whose end need not be looked for first. False where it is none, and
 * nothing is taken.
 */
static bool take_known_line(struct kithp_reader *reader, struct kithp_batch *batch, kith_text text, struct line *line)
{
    struct kithp_events *events = &reader->events;
    if (reader->json.long_row.is_open)
        return false;
    size_t length = kithp_json_read_known(&events->paths.row, text, KITHP_JSON_DEPTH_MOST, events->fields.row);
    if (length == 0 || !end_line(text, length, line) || line->text.length > reader->reading.row_most)
        return false;
    uint64_t number = reader->line;
    kithp_form_json_take(reader, batch, number, line->text, pass(reader, line));
    return true;
}

/* Takes the line that a text begins with. False where the text ends before it does. */
static bool take_next_line(struct kithp_reader *reader, struct kithp_batch *batch, kith_text text, struct line *line)
{
    if (take_known_line(reader, batch, text, line))
        return true;
    if (!find_line(reader, text, line))
        return false;
    take_line(reader, batch, line);
    return true;
}

/* Of a line that is too long, nothing but its beginning is kept. True where there is more text then. */
static bool is_too_long(struct kithp_reader *reader, const struct kithp_batch *batch, size_t at)
{
    return reader->json.long_row.is_open || batch->text_length - at > reader->reading.row_most + 1;
}

static void pass_over(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    if (!reader->json.long_row.is_open)
        kithp_long_row_begin(&reader->json.long_row, reader->line, kithp_reader_text(batch, at));
    reader->offset += batch->text_length - at;
    if (reader->stream_ended)
        kithp_reader_fail_stream(reader, batch);
}

/* Passes over the end of a line that is another piece's. */
static size_t leave_line(struct kithp_reader *reader, const struct kithp_batch *batch, size_t at)
{
    kith_text text = kithp_reader_text(batch, at);
    const char *feed = memchr(text.data, '\n', text.length);
    size_t step = feed ? (size_t)(feed - text.data) + 1 : (size_t)text.length;
    reader->offset += step;
    reader->json.is_within = feed == NULL;
    if (feed)
        reader->end = kithp_reader_end(reader, true);
    return at + step;
}

/* Whether the next line is another piece's. */
static bool is_over(struct kithp_reader *reader)
{
    uint64_t end = reader->reading.piece.end;
    reader->over = end > 0 && reader->offset >= end && !reader->json.long_row.is_open;
    return reader->over;
}

static void read_lines(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    struct line line;
    if (reader->json.is_within)
        at = leave_line(reader, batch, at);
    while (batch->status == KITH_OK && (at < batch->text_length || reader->json.long_row.is_open)) {
        if (is_over(reader))
            return;
        if (take_next_line(reader, batch, kithp_reader_text(batch, at), &line)) {
            at += line.consumed;
            if (kithp_reader_is_full(reader, batch, at))
                return;
        } else if (is_too_long(reader, batch, at)) {
            pass_over(reader, batch, at);
            return;
        } else if (!kithp_reader_more(reader, batch, at)) {
            return;
        }
    }
    if (batch->status == KITH_OK && !is_over(reader) && reader->stream_ended && !kithp_reader_is_at_end(reader))
        kithp_reader_fail_stream(reader, batch);
}

const struct kithp_form kithp_form_lines = {begin, read_lines, free_form};
