/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/alloc.h"
#include "snapshot/parts.h"
#include "snapshot/zlib.h"

/* Level 1: the values of one field lie side by side, where higher levels gain little and cost much. */
enum { LEVEL = 1, MEMORY_LEVEL = 8 };

const unsigned char kithp_snapshot_magic[KITHP_SNAPSHOT_MAGIC] = {0x89, 'K', 'I', 'T', 'H', '\r', '\n', 0x1A};

static void fail(struct kithp_parts_out *out, kith_status status)
{
    if (out->status == KITH_OK)
        out->status = status;
}

static void put_word(unsigned char *at, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (unsigned char)(word >> (8 * i));
}

static void hand_on(struct kithp_parts_out *out, const unsigned char *bytes, size_t length)
{
    if (out->write(out->context, bytes, length) != 0)
        fail(out, KITH_INPUT_OUTPUT);
}

void kithp_parts_begin(struct kithp_parts_out *out, const kith_allocator *allocator, kith_write_fn write, void *context)
{
    memset(out, 0, sizeof *out);
    out->allocator = allocator;
    out->write = write;
    out->context = context;
    kithp_packer_init(&out->packer, allocator);
    kithp_zlib_set_allocator(&out->deflater, allocator);
    if (deflateInit2(&out->deflater, LEVEL, Z_DEFLATED, KITHP_ZLIB_RAW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        fail(out, KITH_NO_MEMORY);
        return;
    }
    out->deflating = true;
    unsigned char header[KITHP_SNAPSHOT_HEADER];
    memcpy(header, kithp_snapshot_magic, KITHP_SNAPSHOT_MAGIC);
    put_word(header + KITHP_SNAPSHOT_MAGIC, KITHP_SNAPSHOT_FORM);
    out->chain = kithp_zlib_checksum(0, header, KITHP_SNAPSHOT_MAGIC + 4);
    put_word(header + KITHP_SNAPSHOT_MAGIC + 4, out->chain);
    hand_on(out, header, sizeof header);
}

void kithp_parts_out_free(struct kithp_parts_out *out)
{
    if (out->deflating)
        deflateEnd(&out->deflater);
    out->deflating = false;
    kithp_packer_free(&out->packer);
    kithp_alloc_free(out->allocator, out->stored);
    out->stored = NULL;
}

/* Puts the contents behind the room for a header, deflated where that is shorter. Returns their length. */
static size_t store(struct kithp_parts_out *out)
{
    unsigned char *to = out->stored + KITHP_PART_HEADER;
    size_t length = out->packer.used;
    if (length == 0)
        return 0;
    z_stream *deflater = &out->deflater;
    deflateReset(deflater);
    deflater->next_in = out->packer.bytes;
    deflater->avail_in = (uInt)length;
    deflater->next_out = to;
    deflater->avail_out = (uInt)(length - 1);
    if (deflate(deflater, Z_FINISH) == Z_STREAM_END)
        return length - 1 - deflater->avail_out;
    memcpy(to, out->packer.bytes, length);
    return length;
}

void kithp_parts_write(struct kithp_parts_out *out, const char *name)
{
    if (out->packer.failed)
        fail(out, KITH_NO_MEMORY);
    if (out->status != KITH_OK)
        return;
    if (!kithp_alloc_grow(out->allocator, (void **)&out->stored, &out->stored_capacity,
                          KITHP_PART_HEADER + out->packer.used, 1)) {
        fail(out, KITH_NO_MEMORY);
        return;
    }
    size_t length = store(out);
    unsigned char *header = out->stored;
    memcpy(header, name, 4);
    put_word(header + 4, (uint32_t)out->packer.used);
    put_word(header + 8, (uint32_t)length);
    put_word(header + 12, kithp_zlib_checksum(0, header + KITHP_PART_HEADER, length));
    out->chain = kithp_zlib_checksum(out->chain, header, 16);
    put_word(header + 16, out->chain);
    hand_on(out, header, KITHP_PART_HEADER + length);
    out->packer.used = 0;
}
