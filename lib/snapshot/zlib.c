/* SPDX-License-Identifier: MIT */
#include "snapshot/zlib.h"

#include "base/alloc.h"

static void *allocate(void *allocator, unsigned count, unsigned size)
{
    return kithp_alloc_array(allocator, count, size);
}

static void release(void *allocator, void *memory)
{
    kithp_alloc_free(allocator, memory);
}

void kithp_zlib_set_allocator(z_stream *stream, const kith_allocator *allocator)
{
    stream->zalloc = allocate;
    stream->zfree = release;
    stream->opaque = (void *)(uintptr_t)allocator;
}

uint32_t kithp_zlib_checksum(uint32_t before, const unsigned char *bytes, size_t length)
{
    return (uint32_t)crc32_z(before, bytes, length);
}
