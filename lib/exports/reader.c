/* SPDX-License-Identifier: MIT */
#include "exports/reader.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

/* A batch's text: fits into the second-level cache, and is large enough that handing it over costs nothing. */
enum { BATCH_TEXT = 1 << 18 };

static kith_status fail_place(const struct kithp_reader *reader, kith_error *error, kith_status status, kith_text field,
                              const char *words)
{
    struct kithp_place place = {.file = reader->name, .line = reader->line, .field = field};
    return kithp_fail(error, status, &place, "%s", words);
}

static const kith_text no_field = {NULL, 0};

kith_status kithp_reader_open(struct kithp_reader *reader, const kith_allocator *allocator,
                              const struct kithp_row_rules *rules, const struct kithp_members *members,
                              const struct kithp_columns *columns, const char *name, struct kithp_row_end begin,
                              const struct kithp_input *input, kith_error *error)
{
    *reader = (struct kithp_reader){.allocator = allocator,
                                    .rules = rules,
                                    .members = members,
                                    .name = name,
                                    .columns = *columns,
                                    .line = 1,
                                    .begin = begin,
                                    .end = begin};
    bool has_memory = kithp_quick_init(&reader->quick, allocator, rules, &reader->columns);
    kith_status status = kithp_stream_open(&reader->stream, allocator, input);
    if (status != KITH_OK)
        return fail_place(reader, error, status, no_field, reader->stream.words);
    if (!has_memory)
        return fail_place(reader, error, KITH_NO_MEMORY, no_field, "not enough memory");
    return KITH_OK;
}

void kithp_reader_close(struct kithp_reader *reader)
{
    kithp_stream_close(&reader->stream);
    kithp_quick_free(&reader->quick);
    kithp_alloc_free(reader->allocator, reader->rest);
    kithp_alloc_free(reader->allocator, reader->fields);
    kithp_alloc_free(reader->allocator, reader->header);
    kithp_alloc_free(reader->allocator, reader->header_text);
}

void kithp_batch_free(const kith_allocator *allocator, struct kithp_batch *batch)
{
    kithp_alloc_free(allocator, batch->text);
    kithp_alloc_free(allocator, batch->events);
    kithp_alloc_free(allocator, batch->ids);
    kithp_alloc_free(allocator, batch->found);
    kithp_alloc_free(allocator, batch->blocks);
    kithp_alloc_free(allocator, batch->rejects);
}

static void fail_batch(const struct kithp_reader *reader, struct kithp_batch *batch, kith_status status,
                       kith_text field, const char *words)
{
    batch->error = (kith_error){.size = sizeof batch->error};
    batch->status = fail_place(reader, &batch->error, status, field, words);
}

static void fail_memory(const struct kithp_reader *reader, struct kithp_batch *batch)
{
    fail_batch(reader, batch, KITH_NO_MEMORY, no_field, "not enough memory");
}

static void fail_stream(const struct kithp_reader *reader, struct kithp_batch *batch)
{
    fail_batch(reader, batch, reader->stream.status, no_field, reader->stream.words);
}

/* ---- text ---- */

static bool grow_text(const struct kithp_reader *reader, struct kithp_batch *batch, size_t needed)
{
    return kithp_alloc_grow(reader->allocator, (void **)&batch->text, &batch->text_capacity,
                            needed + KITHP_QUICK_BEHIND, 1);
}

/* Reads on until the batch has its text, or the export ends, be it by a fault: that shows when its rows are read. */
static void read_text(struct kithp_reader *reader, struct kithp_batch *batch, size_t wanted)
{
    size_t room = batch->text_capacity - KITHP_QUICK_BEHIND;
    while (!reader->stream_ended && batch->text_length < wanted) {
        int64_t got = kithp_stream_read(&reader->stream, batch->text + batch->text_length, room - batch->text_length);
        reader->stream_ended = got <= 0;
        batch->text_length += got > 0 ? (size_t)got : 0;
    }
    memset(batch->text + batch->text_length, 0, KITHP_QUICK_BEHIND);
}

static bool begin_text(struct kithp_reader *reader, struct kithp_batch *batch)
{
    size_t wanted = reader->rest_length < BATCH_TEXT ? BATCH_TEXT : reader->rest_length;
    if (!grow_text(reader, batch, wanted))
        return false;
    if (reader->rest_length > 0)
        memcpy(batch->text, reader->rest, reader->rest_length);
    batch->text_length = reader->rest_length;
    reader->rest_length = 0;
    read_text(reader, batch, wanted);
    return true;
}

/* Doubles the text, as a row does not end in it. */
static bool more_text(struct kithp_reader *reader, struct kithp_batch *batch)
{
    size_t wanted = 2 * batch->text_length > BATCH_TEXT ? 2 * batch->text_length : BATCH_TEXT;
    if (!grow_text(reader, batch, wanted))
        return false;
    read_text(reader, batch, wanted);
    return true;
}

static bool keep_rest(struct kithp_reader *reader, kith_text rest)
{
    if (!kithp_alloc_grow(reader->allocator, (void **)&reader->rest, &reader->rest_capacity, rest.length, 1))
        return false;
    if (rest.length > 0)
        memcpy(reader->rest, rest.data, rest.length);
    reader->rest_length = rest.length;
    return true;
}

/* ---- where it stands ---- */

static kith_text text_from(const struct kithp_batch *batch, size_t at)
{
    return (kith_text){batch->text + at, batch->text_length - at};
}

static bool is_at_end(const struct kithp_reader *reader)
{
    return reader->stream_ended && reader->stream.status == KITH_OK;
}

/* Goes on behind a row, or an empty line. */
static void go_on(struct kithp_reader *reader, const struct kithp_csv_row *row)
{
    reader->offset += row->consumed;
    reader->line += row->lines;
}

/* Goes on behind a row that is to count as read. The row behind one that the text ends with is on a line to come. */
static void end_row(struct kithp_reader *reader, const struct kithp_csv_row *row)
{
    go_on(reader, row);
    bool is_ended = row->consumed > row->text.length && row->text.data[row->consumed - 1] == '\n';
    reader->end = (struct kithp_row_end){reader->offset, reader->line + !is_ended};
}

/* ---- what was read before ---- */

/* From the header's end on, text is passed over. Returns how much of the header's row that leaves behind. */
static size_t begin_passing(struct kithp_reader *reader, struct kithp_batch *batch, const struct kithp_csv_row *header)
{
    /* Its line end may have come since: it had none where the text ended with it. */
    reader->offset += header->text.length;
    reader->line = reader->begin.line;
    reader->passing = true;
    if (reader->begin.offset < reader->offset)
        fail_batch(reader, batch, KITH_BAD_EXPORT, no_field,
                   "no row ends where the one read last did: is it another export?");
    return header->text.length;
}

/* How many bytes at `at` are a line end. */
static size_t line_end_at(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    while (batch->status == KITH_OK && batch->text_length - at < 2 && !reader->stream_ended)
        if (!more_text(reader, batch))
            fail_memory(reader, batch);
    kith_text text = text_from(batch, at);
    if (text.length < 2 && reader->stream_ended && !is_at_end(reader))
        fail_stream(reader, batch);
    size_t marks = text.length > 0 && text.data[0] == '\r';
    if (marks < text.length && text.data[marks] == '\n')
        return marks + 1;
    return marks == text.length ? marks : 0;
}

/* At the end of the row that was read last: its line end may be still to come. Returns where the row behind begins. */
static size_t end_passing(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    size_t line_end = reader->before == '\n' ? 0 : line_end_at(reader, batch, at);
    if (batch->status != KITH_OK)
        return at;
    bool is_text_end = is_at_end(reader) && at == batch->text_length;
    if (reader->before != '\n' && line_end == 0 && !is_text_end) {
        fail_batch(reader, batch, KITH_BAD_EXPORT, no_field,
                   "goes on with a row that was not complete when it was read last");
        return at;
    }
    reader->passing = false;
    reader->offset = reader->end.offset = reader->begin.offset + line_end;
    return at + line_end;
}

/* Passes over the batch's text, as far as it was read before. Returns where the first row begins. */
static size_t pass_over(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    uint64_t wanted = reader->begin.offset - reader->offset;
    size_t there = batch->text_length - at;
    size_t step = wanted < there ? (size_t)wanted : there;
    if (step > 0)
        reader->before = batch->text[at + step - 1];
    reader->offset += step;
    if (step == wanted)
        return end_passing(reader, batch, at + step);
    if (is_at_end(reader))
        fail_batch(reader, batch, KITH_BAD_EXPORT, no_field, "is shorter than when it was read last");
    else if (reader->stream_ended)
        fail_stream(reader, batch);
    return at + step;
}

/* ---- header ---- */

/* Puts the names of the columns in a place of their own. False where there is no memory. */
static bool keep_names(struct kithp_reader *reader, const struct kithp_csv_row *row)
{
    reader->header_text = kithp_alloc_array(reader->allocator, row->text.length, 1);
    reader->header = kithp_alloc_array(reader->allocator, row->field_count, sizeof *reader->header);
    if (!reader->header_text || !reader->header)
        return false;
    char *at = reader->header_text;
    for (size_t i = 0; i < row->field_count; i++) {
        size_t length = kithp_csv_unescape(&reader->fields[i], at);
        reader->header[i] = (kith_text){at, length};
        at += length;
    }
    return true;
}

static void take_header(struct kithp_reader *reader, struct kithp_batch *batch, const struct kithp_csv_row *row)
{
    if (!keep_names(reader, row)) {
        fail_memory(reader, batch);
        return;
    }
    kith_text column = no_field;
    switch (kithp_columns_find(&reader->columns, reader->allocator, reader->header, row->field_count, &column)) {
    case KITHP_HEADER_FINE:
        reader->has_header = true;
        batch->header = reader->header;
        batch->header_count = row->field_count;
        break;
    case KITHP_HEADER_TWICE:
        fail_batch(reader, batch, KITH_BAD_EXPORT, column, "the header has two columns of this name");
        break;
    case KITHP_HEADER_MISSING:
        fail_batch(reader, batch, KITH_BAD_EXPORT, column, "the header has no such column");
        break;
    case KITHP_HEADER_NO_MEMORY:
        fail_memory(reader, batch);
        break;
    }
}

static kith_text first_line(kith_text text)
{
    const char *end = memchr(text.data, '\n', text.length);
    return end ? (kith_text){text.data, (uint64_t)(end - text.data)} : text;
}

static size_t skip_mark(const struct kithp_batch *batch)
{
    return batch->text_length >= 3 && memcmp(batch->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* Reads the row at `at` for its outcome and number of fields, with as much text as that takes. */
static enum kithp_csv_outcome look_at_row(struct kithp_reader *reader, struct kithp_batch *batch, size_t at,
                                          char delimiter, struct kithp_csv_row *row)
{
    for (;;) {
        enum kithp_csv_outcome outcome =
            kithp_csv_read(text_from(batch, at), is_at_end(reader), delimiter, NULL, 0, row);
        if (outcome != KITHP_CSV_MORE)
            return outcome;
        if (reader->stream_ended)
            fail_stream(reader, batch);
        else if (!more_text(reader, batch))
            fail_memory(reader, batch);
        if (batch->status != KITH_OK)
            return outcome;
    }
}

/* Reads the header, behind a byte order mark and empty lines. Returns where the first row begins. */
static size_t read_header(struct kithp_reader *reader, struct kithp_batch *batch)
{
    size_t at = skip_mark(batch);
    reader->offset = at;
    struct kithp_csv_row row;
    enum kithp_csv_outcome outcome;
    while ((outcome = look_at_row(reader, batch, at, ',', &row)) == KITHP_CSV_EMPTY) {
        at += row.consumed;
        go_on(reader, &row);
    }
    if (outcome == KITHP_CSV_END)
        fail_batch(reader, batch, KITH_BAD_EXPORT, no_field, "there is no header");
    if (batch->status != KITH_OK)
        return at;

    char *delimiter = &reader->columns.delimiter;
    if (!*delimiter)
        *delimiter = kithp_columns_delimiter(first_line(text_from(batch, at)));
    outcome = look_at_row(reader, batch, at, *delimiter, &row);
    if (outcome == KITHP_CSV_QUOTE)
        fail_batch(reader, batch, KITH_BAD_EXPORT, no_field, "the header has a stray quote, or one that is not closed");
    if (batch->status != KITH_OK)
        return at;
    if (!kithp_alloc_grow(reader->allocator, (void **)&reader->fields, &reader->field_capacity, row.field_count,
                          sizeof *reader->fields)) {
        fail_memory(reader, batch);
        return at;
    }
    kithp_csv_read(text_from(batch, at), is_at_end(reader), *delimiter, reader->fields, reader->field_capacity, &row);
    take_header(reader, batch, &row);
    if (batch->status != KITH_OK)
        return at;
    if (reader->begin.offset > 0)
        return at + begin_passing(reader, batch, &row);
    end_row(reader, &row);
    return at + row.consumed;
}

/* ---- rows ---- */

static bool has_ids(const struct kithp_reader *reader)
{
    return reader->columns.places[KITHP_ID] != KITHP_NO_COLUMN;
}

static bool reserve_events(const struct kithp_reader *reader, struct kithp_batch *batch, size_t more)
{
    const kith_allocator *allocator = reader->allocator;
    size_t needed = batch->event_count + more;
    return kithp_alloc_grow(allocator, (void **)&batch->events, &batch->event_capacity, needed,
                            sizeof *batch->events) &&
           (!has_ids(reader) ||
            kithp_alloc_grow(allocator, (void **)&batch->ids, &batch->id_capacity, needed, sizeof *batch->ids)) &&
           kithp_alloc_grow(allocator, (void **)&batch->blocks, &batch->block_capacity, batch->block_count + 1,
                            sizeof *batch->blocks);
}

static bool reserve_reject(const struct kithp_reader *reader, struct kithp_batch *batch)
{
    return kithp_alloc_grow(reader->allocator, (void **)&batch->rejects, &batch->reject_capacity,
                            batch->reject_count + 1, sizeof *batch->rejects);
}

static size_t block_begin(const struct kithp_batch *batch, size_t block)
{
    return block > 0 ? batch->blocks[block - 1].end : 0;
}

/* How many events the last block may still take: it is full, or ends before a row that was refused. */
static size_t block_room(const struct kithp_batch *batch)
{
    if (batch->block_count == 0)
        return 0;
    bool is_over =
        batch->reject_count > 0 && batch->rejects[batch->reject_count - 1].events_before == batch->event_count;
    size_t taken = batch->event_count - block_begin(batch, batch->block_count - 1);
    return is_over ? 0 : KITHP_TALLY_BLOCK - taken;
}

static uint64_t key_of(const struct kithp_reader *reader, kith_text name)
{
    return name.length > 0 ? kithp_members_key_of_name(reader->members, name) : 0;
}

/* Counts events that have been written behind the others, within one block. reader->end is that of the last. */
static void count_events(const struct kithp_reader *reader, struct kithp_batch *batch, size_t count)
{
    struct kithp_row_event *events = &batch->events[batch->event_count];
    for (size_t i = 0; i < count && reader->members; i++) {
        events[i].member_key = key_of(reader, kithp_row_member(&events[i]));
        events[i].target_key = key_of(reader, kithp_row_target(&events[i]));
    }
    if (block_room(batch) == 0)
        batch->block_count++;
    batch->event_count += count;
    batch->blocks[batch->block_count - 1] = (struct kithp_block){batch->event_count, reader->end, 0};
}

static void take_row(struct kithp_reader *reader, struct kithp_batch *batch, enum kithp_csv_outcome outcome,
                     const struct kithp_csv_row *row)
{
    if (!reserve_events(reader, batch, 1) || !reserve_reject(reader, batch)) {
        fail_memory(reader, batch);
        return;
    }
    struct kithp_reject *reject = &batch->rejects[batch->reject_count];
    struct kithp_row_fault *fault = &reject->fault;
    kith_text id;
    fault->field = KITHP_FIELDS;
    fault->value_length = 0;
    if (outcome == KITHP_CSV_QUOTE)
        fault->reason = KITH_REASON_QUOTE;
    else if (row->field_count != reader->columns.count)
        fault->reason = KITH_REASON_FIELDS;
    else
        kithp_row_read(reader->rules, &reader->columns, reader->fields, &batch->events[batch->event_count], &id, fault);
    uint64_t line = reader->line;
    end_row(reader, row);
    if (fault->reason == KITH_REASON_NONE) {
        if (has_ids(reader))
            batch->ids[batch->event_count] = id;
        count_events(reader, batch, 1);
        return;
    }
    reject->line = line;
    reject->row = row->text;
    reject->events_before = batch->event_count;
    reject->end = reader->end;
    batch->reject_count++;
}

/* Takes as many rows as can be read quickly. Returns where the next one begins. */
static size_t take_quick_rows(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    size_t most;
    while ((most = kithp_quick_look(&reader->quick, text_from(batch, 0), at)) > 0) {
        size_t room = block_room(batch) > 0 ? block_room(batch) : KITHP_TALLY_BLOCK;
        if (most > room)
            most = room;
        if (!reserve_events(reader, batch, most)) {
            fail_memory(reader, batch);
            return at;
        }
        struct kithp_row_end end = {reader->offset, reader->line};
        kith_text *ids = has_ids(reader) ? &batch->ids[batch->event_count] : NULL;
        size_t rows =
            kithp_quick_read(&reader->quick, batch->text, most, &end, &batch->events[batch->event_count], ids);
        if (rows == 0)
            return at;
        at += (size_t)(end.offset - reader->offset);
        reader->offset = end.offset;
        reader->line = end.line;
        reader->end = end;
        count_events(reader, batch, rows);
        if (rows < most)
            return at;
    }
    return at;
}

static bool is_empty(const struct kithp_batch *batch)
{
    return batch->event_count == 0 && batch->reject_count == 0;
}

/* Reads all rows that end in the batch's text, and keeps what is behind them for the next batch. */
static void read_rows(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    kithp_quick_begin(&reader->quick);
    while (batch->status == KITH_OK) {
        struct kithp_csv_row row;
        at = take_quick_rows(reader, batch, at);
        if (batch->status != KITH_OK)
            return;
        enum kithp_csv_outcome outcome =
            kithp_csv_read(text_from(batch, at), is_at_end(reader), reader->columns.delimiter, reader->fields,
                           reader->field_capacity, &row);
        if (outcome == KITHP_CSV_END)
            return;
        if (outcome != KITHP_CSV_MORE) {
            if (outcome == KITHP_CSV_EMPTY)
                go_on(reader, &row);
            else
                take_row(reader, batch, outcome, &row);
            at += row.consumed;
        } else if (reader->stream_ended) {
            fail_stream(reader, batch);
        } else if (!is_empty(batch)) {
            /* More text could move what the batch's events point to. */
            if (!keep_rest(reader, text_from(batch, at)))
                fail_memory(reader, batch);
            return;
        } else if (!more_text(reader, batch)) {
            fail_memory(reader, batch);
        }
    }
}

void kithp_reader_fill(struct kithp_reader *reader, struct kithp_batch *batch)
{
    batch->event_count = batch->block_count = batch->reject_count = 0;
    batch->status = KITH_OK;
    batch->header = NULL;
    size_t at = 0;
    if (!begin_text(reader, batch))
        fail_memory(reader, batch);
    else if (!reader->has_header)
        at = read_header(reader, batch);
    if (batch->status == KITH_OK && reader->passing)
        at = pass_over(reader, batch, at);
    if (batch->status == KITH_OK && !reader->passing)
        read_rows(reader, batch, at);
    batch->has_ids = has_ids(reader);
    batch->end = reader->end;
    batch->bytes_done = reader->stream.done;
    batch->bytes_total = reader->stream.input.total;
    batch->last = batch->status != KITH_OK || (is_at_end(reader) && reader->rest_length == 0 && !reader->passing);
}
