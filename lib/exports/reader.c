/* SPDX-License-Identifier: MIT */
#include "exports/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "exports/form.h"
#include "exports/passing.h"

/* A batch's text: fits into the second-level cache. Of long rows it holds so few that several are gathered. */
enum { BATCH_TEXT = 1 << 18 };

const kith_text kithp_reader_no_field = {NULL, 0};

/* ---- faults ---- */

static kith_status fail_place(const struct kithp_reader *reader, kith_error *error, kith_status status, kith_text field,
                              const char *words)
{
    struct kithp_place place = {.file = reader->reading.name, .line = reader->line, .field = field};
    return kithp_fail(error, status, &place, "%s", words);
}

void kithp_reader_fail(const struct kithp_reader *reader, struct kithp_batch *batch, kith_status status,
                       kith_text field, const char *words)
{
    batch->error = (kith_error){.size = sizeof batch->error};
    batch->status = fail_place(reader, &batch->error, status, field, words);
}

void kithp_reader_fail_memory(const struct kithp_reader *reader, struct kithp_batch *batch)
{
    kithp_reader_fail(reader, batch, KITH_NO_MEMORY, kithp_reader_no_field, "not enough memory");
}

void kithp_reader_fail_stream(const struct kithp_reader *reader, struct kithp_batch *batch)
{
    if (!reader->too_much_text) {
        kithp_reader_fail(reader, batch, reader->stream.status, kithp_reader_no_field, reader->stream.words);
        return;
    }
    char words[64];
    snprintf(words, sizeof words, "expected a text of at most %" PRIu64 " bytes", reader->reading.text_most);
    kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, kithp_reader_no_field, words);
}

/* ---- opening ---- */

kith_status kithp_reader_open(struct kithp_reader *reader, const kith_allocator *allocator,
                              const struct kithp_reading *reading, const struct kithp_input *input, kith_error *error)
{
    *reader = (struct kithp_reader){.allocator = allocator, .reading = *reading, .line = 1, .end = reading->begin};
    reader->way = kithp_scan_best();
    if (reader->reading.row_most == 0)
        reader->reading.row_most = KITHP_ROW_MOST;
    reader->text_read = input->done;
    kith_status status = KITH_OK;
    if (reading->source)
        status = kithp_events_init(&reader->events, allocator, reading->rules, reading->source, error);
    if (status != KITH_OK) {
        reader->stream.input = *input;
        return status;
    }
    status = kithp_stream_open(&reader->stream, allocator, input);
    if (status != KITH_OK)
        return fail_place(reader, error, status, kithp_reader_no_field, reader->stream.words);
    return KITH_OK;
}

void kithp_reader_close(struct kithp_reader *reader)
{
    if (reader->form)
        reader->form->free(reader);
    reader->form = NULL;
    kithp_events_free(&reader->events);
    kithp_stream_close(&reader->stream);
    kithp_alloc_free(reader->allocator, reader->rest);
    reader->rest = NULL;
}

/* ---- text ---- */

static bool grow_text(const struct kithp_reader *reader, struct kithp_batch *batch, size_t needed)
{
    return kithp_alloc_grow(reader->allocator, (void **)&batch->text, &batch->text_capacity,
                            needed + KITHP_READER_BEHIND, 1);
}

/* How many of the bytes that were read count: past the limit none do, and the text ends with a fault. */
static size_t count_text(struct kithp_reader *reader, size_t got)
{
    uint64_t most = reader->reading.text_most, left = most - reader->text_read;
    reader->text_read += got;
    if (most == 0 || got <= left)
        return got;
    /*
     * Another thread may be at work on the stream, which is not asked again. Of a piece that begins beyond the limit
     * all count, and nobody takes them: one before it has failed.
     */
    reader->stream_ended = reader->too_much_text = true;
    return (size_t)left;
}

/* Reads on until the batch has its text, or the export ends, be it by a fault: that shows when its rows are read. */
static void read_text(struct kithp_reader *reader, struct kithp_batch *batch, size_t wanted)
{
    size_t room = batch->text_capacity - KITHP_READER_BEHIND;
    while (!reader->stream_ended && batch->text_length < wanted) {
        int64_t got = kithp_stream_read(&reader->stream, batch->text + batch->text_length, room - batch->text_length);
        reader->stream_ended = got <= 0;
        batch->text_length += got > 0 ? count_text(reader, (size_t)got) : 0;
    }
    memset(batch->text + batch->text_length, 0, KITHP_READER_BEHIND);
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

bool kithp_reader_double(struct kithp_reader *reader, struct kithp_batch *batch)
{
    size_t wanted = 2 * batch->text_length > BATCH_TEXT ? 2 * batch->text_length : BATCH_TEXT;
    if (reader->stream_ended) {
        kithp_reader_fail_stream(reader, batch);
        return false;
    }
    if (!grow_text(reader, batch, wanted)) {
        kithp_reader_fail_memory(reader, batch);
        return false;
    }
    read_text(reader, batch, wanted);
    return true;
}

static void keep_rest(struct kithp_reader *reader, struct kithp_batch *batch, kith_text rest)
{
    if (!kithp_alloc_grow(reader->allocator, (void **)&reader->rest, &reader->rest_capacity, rest.length, 1)) {
        kithp_reader_fail_memory(reader, batch);
        return;
    }
    if (rest.length > 0)
        memcpy(reader->rest, rest.data, rest.length);
    reader->rest_length = rest.length;
}

bool kithp_reader_more(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    if (reader->stream_ended) {
        kithp_reader_fail_stream(reader, batch);
        return false;
    }
    /* More text could move what events point to, and would keep what nobody needs any more. */
    if (at > 0) {
        keep_rest(reader, batch, kithp_reader_text(batch, at));
        return false;
    }
    return kithp_reader_double(reader, batch);
}

bool kithp_reader_is_full(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    /* Some MiB: few batches of usual rows have as many, but a row of two bytes can be refused, or give eight events. */
    enum { EVENTS_MOST = 1 << 16, REJECTS_MOST = 1 << 14 };
    if (batch->status != KITH_OK || (batch->event_count < EVENTS_MOST && batch->reject_count < REJECTS_MOST))
        return false;
    /* Nothing is left for the next one, while this one has yet to say whether the text may end here. */
    if (at == batch->text_length)
        return false;
    keep_rest(reader, batch, kithp_reader_text(batch, at));
    return true;
}

/* ---- batches ---- */

/* What is at the start of an export: '{', '[' or another byte; 0 where all that was read does not tell. */
static char first_mark(kith_text text)
{
    size_t at = 0;
    while (at < text.length && kithp_json_is_blank(text.data[at]))
        at++;
    return at < text.length ? text.data[at] : 0;
}

/* Bytes of a byte order mark. */
static size_t mark_length(kith_text text)
{
    return text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static const struct kithp_form *form_of(const struct kithp_reading *reading, kith_text text)
{
    const kith_source *source = reading->source;
    uint32_t format = source ? source->format : reading->columns->delimiter ? KITH_FORMAT_CSV : KITH_FORMAT_ANY;
    if (format == KITH_FORMAT_ANY) {
        char first = first_mark(text);
        format = first == '{' ? KITH_FORMAT_NDJSON : first == '[' ? KITH_FORMAT_JSON : KITH_FORMAT_CSV;
    }
    if (format == KITH_FORMAT_NDJSON)
        return &kithp_form_lines;
    if (format == KITH_FORMAT_JSON)
        return &kithp_form_documents;
    return source ? &kithp_form_described : &kithp_form_csv;
}

/* Where the text of an export begins, or of a piece. Returns where its first row does. */
static size_t begin_export(struct kithp_reader *reader, struct kithp_batch *batch)
{
    struct kithp_piece *piece = &reader->reading.piece;
    size_t at = piece->begin > 0 ? 0 : mark_length(kithp_reader_text(batch, 0));
    reader->offset = kithp_piece_text(piece) + at;
    /* A byte order mark is of the first line, wherever pieces end. */
    if (piece->end > 0 && piece->end <= at)
        piece->end = at + 1;
    reader->form = piece->end > 0 ? &kithp_form_lines : form_of(&reader->reading, kithp_reader_text(batch, at));
    return reader->form->begin(reader, batch, at);
}

bool kithp_reader_has_pieces(const struct kithp_reader *reader)
{
    const struct kithp_stream *stream = &reader->stream;
    if (stream->is_gzip || stream->input.total == 0 || !stream->input.owned || reader->reading.begin.offset > 0)
        return false;
    kith_text text = {(const char *)stream->supply.bytes, stream->supply.length};
    size_t mark = mark_length(text);
    return form_of(&reader->reading, (kith_text){text.data + mark, text.length - mark}) == &kithp_form_lines;
}

void kithp_reader_fill(struct kithp_reader *reader, struct kithp_batch *batch)
{
    kithp_batch_begin(batch, reader->allocator, reader->reading.members);
    size_t at = 0;
    if (!begin_text(reader, batch))
        kithp_reader_fail_memory(reader, batch);
    else if (!reader->form)
        at = begin_export(reader, batch);
    batch->has_ids = reader->has_ids;
    if (batch->status == KITH_OK && reader->passing)
        at = kithp_passing_go_on(reader, batch, at);
    if (batch->status == KITH_OK && !reader->passing)
        reader->form->read(reader, batch, at);
    batch->end = reader->end;
    batch->lines = reader->line - 1;
    batch->bytes_done = reader->stream.done;
    batch->bytes_total = reader->stream.input.total;
    batch->last = batch->status != KITH_OK || reader->over ||
                  (kithp_reader_is_at_end(reader) && reader->rest_length == 0 && !reader->passing);
}
