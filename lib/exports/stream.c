/* SPDX-License-Identifier: MIT */
#include "exports/stream.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

enum { INPUT_SIZE = 1 << 17, GZIP_WINDOW = 15 + 16 /* the largest, with gzip's header and trailer */ };

static int64_t fail(struct kithp_stream *stream, kith_status status, const char *what, const char *detail)
{
    stream->status = status;
    snprintf(stream->words, sizeof stream->words, "%s%s%s", what, detail ? ": " : "", detail ? detail : "");
    return -1;
}

static int64_t fail_source(struct kithp_stream *stream, int64_t fault)
{
    if (fault == -ECANCELED)
        return fail(stream, KITH_CANCELLED, "cancelled", NULL);
    return fail(stream, KITH_INPUT_OUTPUT, "cannot be read", strerror((int)-fault));
}

static void *zlib_alloc(void *allocator, unsigned count, unsigned size)
{
    return kithp_alloc_array(allocator, count, size);
}

static void zlib_free(void *allocator, void *memory)
{
    kithp_alloc_free(allocator, memory);
}

/* Reads more of the source behind what is left. False where it cannot; at its end there is just nothing more. */
static bool fill(struct kithp_stream *stream)
{
    memmove(stream->input, stream->input + stream->at, stream->length - stream->at);
    stream->length -= stream->at;
    stream->at = 0;
    int64_t got = kithp_source_read(&stream->source, stream->input + stream->length, INPUT_SIZE - stream->length);
    if (got < 0) {
        fail_source(stream, got);
        return false;
    }
    stream->ended = got == 0;
    stream->length += (size_t)got;
    return true;
}

static kith_status begin_gzip(struct kithp_stream *stream)
{
    stream->inflater.zalloc = zlib_alloc;
    stream->inflater.zfree = zlib_free;
    stream->inflater.opaque = (void *)stream->allocator;
    if (inflateInit2(&stream->inflater, GZIP_WINDOW) != Z_OK) {
        fail(stream, KITH_NO_MEMORY, "not enough memory", NULL);
        return KITH_NO_MEMORY;
    }
    stream->gzip = true;
    stream->in_member = true;
    return KITH_OK;
}

kith_status kithp_stream_open(struct kithp_stream *stream, const kith_allocator *allocator,
                              const struct kithp_source *source)
{
    memset(stream, 0, sizeof *stream);
    stream->allocator = allocator;
    stream->source = *source;
    stream->input = kithp_alloc_array(allocator, INPUT_SIZE, 1);
    if (!stream->input) {
        fail(stream, KITH_NO_MEMORY, "not enough memory", NULL);
        return KITH_NO_MEMORY;
    }
    while (stream->length < 2 && !stream->ended)
        if (!fill(stream))
            return stream->status;
    bool is_gzip = stream->length >= 2 && stream->input[0] == 0x1F && stream->input[1] == 0x8B;
    return is_gzip ? begin_gzip(stream) : KITH_OK;
}

void kithp_stream_close(struct kithp_stream *stream)
{
    if (stream->gzip)
        inflateEnd(&stream->inflater);
    stream->gzip = false;
    kithp_alloc_free(stream->allocator, stream->input);
    stream->input = NULL;
    kithp_source_close(&stream->source);
}

static int64_t read_plain(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    if (stream->at == stream->length) {
        if (stream->ended)
            return 0;
        /* Nothing is left from finding out what it is: no need to copy. */
        int64_t got = kithp_source_read(&stream->source, buffer, capacity);
        return got < 0 ? fail_source(stream, got) : got;
    }
    size_t left = stream->length - stream->at;
    size_t step = left < capacity ? left : capacity;
    memcpy(buffer, stream->input + stream->at, step);
    stream->at += step;
    return (int64_t)step;
}

/* Between members: the next one's begin, after zeros with which tapes are filled up. False at the end of the source. */
static bool begin_member(struct kithp_stream *stream)
{
    while (stream->at < stream->length && stream->input[stream->at] == 0)
        stream->at++;
    if (stream->at == stream->length)
        return false;
    inflateReset(&stream->inflater);
    stream->in_member = true;
    return true;
}

/* Inflates what there is into the buffer. Returns bytes given, or -1. */
static int64_t inflate_some(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    z_stream *inflater = &stream->inflater;
    inflater->next_in = stream->input + stream->at;
    inflater->avail_in = (uInt)(stream->length - stream->at);
    inflater->next_out = buffer;
    inflater->avail_out = (uInt)(capacity < UINT_MAX ? capacity : UINT_MAX);
    uInt room = inflater->avail_out;
    int outcome = inflate(inflater, Z_NO_FLUSH);
    stream->at = stream->length - inflater->avail_in;
    if (outcome == Z_MEM_ERROR)
        return fail(stream, KITH_NO_MEMORY, "not enough memory", NULL);
    if (outcome == Z_DATA_ERROR || outcome == Z_NEED_DICT)
        return fail(stream, KITH_BAD_EXPORT, "the gzip data is damaged", inflater->msg);
    if (outcome == Z_STREAM_END)
        stream->in_member = false;
    return room - inflater->avail_out;
}

static int64_t read_gzip(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    for (;;) {
        if (stream->at == stream->length && !stream->ended && !fill(stream))
            return -1;
        if (!stream->in_member && !begin_member(stream)) {
            if (stream->ended)
                return 0;
            continue;
        }
        int64_t given = inflate_some(stream, buffer, capacity);
        if (given != 0)
            return given;
        if (stream->in_member && stream->ended && stream->at == stream->length)
            return fail(stream, KITH_BAD_EXPORT, "the gzip data is damaged", "it ends too early");
    }
}

int64_t kithp_stream_read(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    return stream->gzip ? read_gzip(stream, buffer, capacity) : read_plain(stream, buffer, capacity);
}
