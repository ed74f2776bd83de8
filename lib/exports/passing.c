/* SPDX-License-Identifier: MIT */
#include "exports/passing.h"

#include "exports/form.h"

void kithp_passing_begin(struct kithp_reader *reader, struct kithp_batch *batch)
{
    reader->line = reader->reading.begin.line;
    reader->passing = true;
    if (reader->reading.begin.offset < reader->offset)
        kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, kithp_reader_no_field,
                          "no row ends where the one read last did: is it another export?");
}

/* How many bytes at `at` are a line end. */
static size_t line_end_at(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    while (batch->text_length - at < 2 && !reader->stream_ended)
        if (!kithp_reader_double(reader, batch))
            return 0;
    kith_text text = kithp_reader_text(batch, at);
    if (text.length < 2 && reader->stream_ended && !kithp_reader_is_at_end(reader))
        kithp_reader_fail_stream(reader, batch);
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
    bool is_text_end = kithp_reader_is_at_end(reader) && at == batch->text_length;
    if (reader->before != '\n' && line_end == 0 && !is_text_end) {
        kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, kithp_reader_no_field,
                          "goes on with a row that was not complete when it was read last");
        return at;
    }
    reader->passing = false;
    reader->offset = reader->end.offset = reader->reading.begin.offset + line_end;
    return at + line_end;
}

size_t kithp_passing_go_on(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    uint64_t wanted = reader->reading.begin.offset - reader->offset;
    size_t there = batch->text_length - at;
    size_t step = wanted < there ? (size_t)wanted : there;
    if (step > 0)
        reader->before = batch->text[at + step - 1];
    reader->offset += step;
    if (step == wanted)
        return end_passing(reader, batch, at + step);
    if (kithp_reader_is_at_end(reader))
        kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, kithp_reader_no_field,
                          "is shorter than when it was read last");
    else if (reader->stream_ended)
        kithp_reader_fail_stream(reader, batch);
    return at + step;
}
