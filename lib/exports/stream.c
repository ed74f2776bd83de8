/* SPDX-License-Identifier: MIT */
#include "exports/stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static int64_t fail(struct kithp_stream *stream, kith_status status, const char *what, const char *detail)
{
    stream->status = status;
    snprintf(stream->words, sizeof stream->words, "%s%s%s", what, detail ? ": " : "", detail ? detail : "");
    return -1;
}

static int64_t fail_memory(struct kithp_stream *stream)
{
    return fail(stream, KITH_NO_MEMORY, "not enough memory", NULL);
}

static int64_t fail_input(struct kithp_stream *stream, int64_t fault)
{
    if (fault == -ECANCELED)
        return fail(stream, KITH_CANCELLED, "cancelled", NULL);
    return fail(stream, KITH_INPUT_OUTPUT, "cannot be read", kithp_errno_words((int)-fault).text);
}

static int64_t read_plain(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    struct kithp_supply *supply = &stream->supply;
    size_t left = kithp_supply_left(supply);
    if (left == 0 && supply->ended)
        return 0;
    if (left == 0) {
        /* Nothing is left from finding out what it is: no need to copy. */
        int64_t got = kithp_input_read(&stream->input, buffer, capacity);
        return got < 0 ? fail_input(stream, got) : got;
    }
    size_t step = left < capacity ? left : capacity;
    memcpy(buffer, supply->bytes + supply->at, step);
    supply->at += step;
    return (int64_t)step;
}

static int64_t read_packed(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    struct kithp_fault fault;
    size_t given = kithp_packed_take(&stream->packed, buffer, capacity, &stream->done, &fault);
    switch (fault.status) {
    case KITH_OK:
        return (int64_t)given;
    case KITH_NO_MEMORY:
        return fail_memory(stream);
    case KITH_BAD_EXPORT:
        return fail(stream, KITH_BAD_EXPORT, "the gzip data is damaged", fault.detail);
    default:
        return fail_input(stream, fault.error);
    }
}

/* ---- the whole ---- */

kith_status kithp_stream_open(struct kithp_stream *stream, const kith_allocator *allocator,
                              const struct kithp_input *input)
{
    memset(stream, 0, sizeof *stream);
    stream->allocator = allocator;
    stream->input = *input;
    if (!kithp_supply_init(&stream->supply, allocator, &stream->input)) {
        fail_memory(stream);
        return KITH_NO_MEMORY;
    }
    const bool begins = input->done == 0;
    struct kithp_supply *supply = &stream->supply;
    while (supply->length < 2 && !supply->ended) {
        int64_t fault = kithp_supply_fill(supply);
        if (fault != 0)
            fail_input(stream, fault);
        if (fault != 0)
            return stream->status;
    }
    stream->is_gzip = begins && supply->length >= 2 && supply->bytes[0] == 0x1F && supply->bytes[1] == 0x8B;
    if (stream->is_gzip && !kithp_packed_init(&stream->packed, allocator, supply, kithp_inflate_best()))
        fail_memory(stream);
    return stream->status;
}

void kithp_stream_close(struct kithp_stream *stream)
{
    if (stream->is_gzip)
        kithp_packed_free(&stream->packed);
    stream->is_gzip = false;
    kithp_supply_free(&stream->supply, stream->allocator);
    kithp_input_close(&stream->input);
}

int64_t kithp_stream_read(struct kithp_stream *stream, void *buffer, size_t capacity)
{
    if (stream->is_gzip)
        return read_packed(stream, buffer, capacity);
    int64_t got = read_plain(stream, buffer, capacity);
    stream->done = stream->input.done;
    return got;
}

void kithp_stream_begin_ahead(struct kithp_stream *stream)
{
    if (stream->is_gzip)
        kithp_packed_begin_ahead(&stream->packed);
}

void kithp_stream_end_ahead(struct kithp_stream *stream)
{
    if (stream->is_gzip)
        kithp_packed_end_ahead(&stream->packed);
}
