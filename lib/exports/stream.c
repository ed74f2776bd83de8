/* SPDX-License-Identifier: MIT */
#include "exports/stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

enum { BYTES_ROOM = 1 << 17 };

static int64_t fail(struct kithp_stream *stream, kith_status status, const char *what, const char *detail)
{
    stream->status = status;
    snprintf(stream->words, sizeof stream->words, "%s%s%s", what, detail ? ": " : "", detail ? detail : "");
    return -1;
}

static int64_t fail_input(struct kithp_stream *stream, int64_t fault)
{
    if (fault == -ECANCELED)
        return fail(stream, KITH_CANCELLED, "cancelled", NULL);
    return fail(stream, KITH_INPUT_OUTPUT, "cannot be read", kithp_errno_words((int)-fault).text);
}

/*
 * Reads more of the input behind what is left, and behind the last bytes that were used, to which inflating may go
 * back. False where it cannot; at the input's end there is just nothing more.
 */
static bool fill(struct kithp_stream *stream)
{
    size_t kept = stream->at < KITHP_INFLATE_BACK ? stream->at : KITHP_INFLATE_BACK;
    size_t begin = stream->at - kept;
    memmove(stream->bytes, stream->bytes + begin, stream->length - begin);
    stream->length -= begin;
    stream->at = kept;
    int64_t got = kithp_input_read(&stream->input, stream->bytes + stream->length, BYTES_ROOM - stream->length);
    if (got < 0) {
        fail_input(stream, got);
        return false;
    }
    stream->ended = got == 0;
    stream->length += (size_t)got;
    return true;
}

static int64_t read_plain(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    if (stream->at == stream->length) {
        if (stream->ended)
            return 0;
        /* Nothing is left from finding out what it is: no need to copy. */
        int64_t got = kithp_input_read(&stream->input, buffer, capacity);
        return got < 0 ? fail_input(stream, got) : got;
    }
    size_t left = stream->length - stream->at;
    size_t step = left < capacity ? left : capacity;
    memcpy(buffer, stream->bytes + stream->at, step);
    stream->at += step;
    return (int64_t)step;
}

/* Inflates what there is into the buffer. Returns bytes given, or -1. */
static int64_t inflate_some(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    size_t given = 0;
    if (stream->outcome == KITHP_GZIP_FINE) {
        ptrdiff_t used;
        stream->outcome = kithp_gzip_run(&stream->gzip, stream->bytes + stream->at, stream->length - stream->at, buffer,
                                         capacity, &used, &given);
        stream->at = (size_t)((ptrdiff_t)stream->at + used);
    }
    if (given > 0 || stream->outcome == KITHP_GZIP_FINE)
        return (int64_t)given;
    if (stream->outcome == KITHP_GZIP_NO_MEMORY)
        return fail(stream, KITH_NO_MEMORY, "not enough memory", NULL);
    return fail(stream, KITH_BAD_EXPORT, "the gzip data is damaged", stream->gzip.fault);
}

/* Whether nobody wants to wait any longer for text, which gzip may be without for as long as it likes. */
static bool is_given_up(const struct kithp_stream *stream, unsigned fills)
{
    enum { FILLS_BETWEEN_QUESTIONS = 64 };
    const struct kithp_input *input = &stream->input;
    return fills % FILLS_BETWEEN_QUESTIONS == 0 && input->waiting && input->waiting(input->waiting_context);
}

static int64_t read_gzip(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    for (unsigned fills = 1;; fills++) {
        /* There may be text of what was read before, even where no more can be. */
        int64_t given = inflate_some(stream, buffer, capacity);
        if (given != 0)
            return given;
        if (stream->at < stream->length)
            continue;
        if (stream->ended && kithp_gzip_may_end(&stream->gzip))
            return 0;
        if (stream->ended)
            return fail(stream, KITH_BAD_EXPORT, "the gzip data is damaged", "it ends too early");
        if (is_given_up(stream, fills))
            return fail_input(stream, -ECANCELED);
        if (!fill(stream))
            return -1;
    }
}

/* Where another thread does it, that one alone touches the stream, but for `ahead` and `done`, until it has ended. */
static int64_t inflate_portion(void *given, void *portion, size_t capacity, uint64_t *done)
{
    struct kithp_stream *stream = given;
    int64_t got = read_gzip(stream, portion, capacity);
    *done = stream->input.done;
    return got;
}

static kith_status begin_gzip(struct kithp_stream *stream)
{
    stream->is_gzip = true;
    if (!kithp_gzip_init(&stream->gzip, stream->allocator, kithp_inflate_best()) ||
        !kithp_ahead_init(&stream->ahead, stream->allocator, inflate_portion, stream))
        fail(stream, KITH_NO_MEMORY, "not enough memory", NULL);
    return stream->status;
}

/* ---- the whole ---- */

kith_status kithp_stream_open(struct kithp_stream *stream, const kith_allocator *allocator,
                              const struct kithp_input *input)
{
    memset(stream, 0, sizeof *stream);
    stream->allocator = allocator;
    stream->input = *input;
    stream->bytes = kithp_alloc_array(allocator, BYTES_ROOM, 1);
    if (!stream->bytes) {
        fail(stream, KITH_NO_MEMORY, "not enough memory", NULL);
        return KITH_NO_MEMORY;
    }
    const bool begins = input->done == 0;
    while (stream->length < 2 && !stream->ended)
        if (!fill(stream))
            return stream->status;
    bool is_gzip = begins && stream->length >= 2 && stream->bytes[0] == 0x1F && stream->bytes[1] == 0x8B;
    return is_gzip ? begin_gzip(stream) : KITH_OK;
}

void kithp_stream_close(struct kithp_stream *stream)
{
    if (stream->is_gzip) {
        kithp_ahead_free(&stream->ahead);
        kithp_gzip_free(&stream->gzip);
    }
    stream->is_gzip = false;
    kithp_alloc_free(stream->allocator, stream->bytes);
    stream->bytes = NULL;
    kithp_input_close(&stream->input);
}

int64_t kithp_stream_read(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    if (stream->is_gzip)
        return kithp_ahead_take(&stream->ahead, buffer, capacity, &stream->done);
    int64_t got = read_plain(stream, buffer, capacity);
    stream->done = stream->input.done;
    return got;
}

void kithp_stream_begin_ahead(struct kithp_stream *stream)
{
    if (stream->is_gzip)
        kithp_ahead_begin(&stream->ahead);
}

void kithp_stream_end_ahead(struct kithp_stream *stream)
{
    if (stream->is_gzip)
        kithp_ahead_end(&stream->ahead);
}
