/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <zlib.h>

#include "base/alloc.h"
#include "exports/inflate.h"

enum { WINDOW = -15 /* the largest, without header and trailer */ };

static void *allocate(void *allocator, unsigned count, unsigned size)
{
    return kithp_alloc_array(allocator, count, size);
}

static void release(void *allocator, void *memory)
{
    kithp_alloc_free(allocator, memory);
}

bool kithp_inflate_zlib_init(struct kithp_inflater *inflater)
{
    z_stream *stream = kithp_alloc_cleared(inflater->allocator, 1, sizeof *stream);
    if (!stream)
        return false;
    stream->zalloc = allocate;
    stream->zfree = release;
    stream->opaque = (void *)(uintptr_t)inflater->allocator;
    if (inflateInit2(stream, WINDOW) != Z_OK) {
        kithp_alloc_free(inflater->allocator, stream);
        return false;
    }
    inflater->state = stream;
    return true;
}

void kithp_inflate_zlib_free(struct kithp_inflater *inflater)
{
    inflateEnd(inflater->state);
}

void kithp_inflate_zlib_reset(struct kithp_inflater *inflater)
{
    z_stream *stream = inflater->state;
    inflateReset(stream);
    stream->data_type = 0;
}

/* What inflate() tells of where it is (zlib.h), beside how many bits it has read ahead. */
enum { UNREAD = 63, IN_LAST = 64, BETWEEN = 128 };

bool kithp_inflate_zlib_begin_block(struct kithp_inflater *inflater, const unsigned char *window, unsigned bits,
                                    unsigned count)
{
    z_stream *stream = inflater->state;
    inflateReset(stream);
    stream->data_type = (int)count | BETWEEN;
    return inflateSetDictionary(stream, window, KITHP_INFLATE_WINDOW) == Z_OK &&
           inflatePrime(stream, (int)count, (int)bits) == Z_OK;
}

bool kithp_inflate_zlib_is_between(const struct kithp_inflater *inflater, unsigned *unread)
{
    const z_stream *stream = inflater->state;
    *unread = (unsigned)(stream->data_type & UNREAD);
    return (stream->data_type & (BETWEEN | IN_LAST)) == BETWEEN;
}

static uInt at_most(size_t length)
{
    return (uInt)(length < UINT_MAX ? length : UINT_MAX);
}

enum kithp_inflated kithp_inflate_zlib_run(struct kithp_inflater *inflater)
{
    z_stream *stream = inflater->state;
    uInt given = at_most(inflater->in_length), room = at_most(inflater->out_room);
    stream->next_in = (unsigned char *)(uintptr_t)inflater->in;
    stream->avail_in = given;
    stream->next_out = inflater->out;
    stream->avail_out = room;
    /* Without anything to read, it would forget that it is between blocks. */
    int outcome = Z_OK;
    unsigned unread;
    while (outcome == Z_OK && stream->avail_out > 0 &&
           (stream->avail_in > 0 || !kithp_inflate_zlib_is_between(inflater, &unread)))
        outcome = inflate(stream, Z_BLOCK);
    inflater->in = stream->next_in;
    inflater->in_length -= given - stream->avail_in;
    inflater->out = stream->next_out;
    inflater->out_room -= room - stream->avail_out;
    switch (outcome) {
    case Z_STREAM_END:
        return KITHP_INFLATED_ALL;
    case Z_OK:
    case Z_BUF_ERROR: /* there was nothing to read, or no room */
        return KITHP_INFLATED_SOME;
    case Z_MEM_ERROR:
        return KITHP_INFLATED_NO_MEMORY;
    default:
        return KITHP_INFLATED_DAMAGED;
    }
}

uint32_t kithp_inflate_zlib_checksum(uint32_t before, const void *bytes, size_t length)
{
    return (uint32_t)crc32_z(before, bytes, length);
}
