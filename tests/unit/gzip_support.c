/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

void gather_gzip(struct gathered *gathered, const void *text, size_t length, int level, int strategy, gz_header *header)
{
    enum { HEADER_ROOM = 70000 };
    z_stream deflater = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&deflater, level, Z_DEFLATED, 15 + 16, 8, strategy), Z_OK);
    if (header)
        assert_int_equal(deflateSetHeader(&deflater, header), Z_OK);
    size_t room = deflateBound(&deflater, (uLong)length) + HEADER_ROOM;
    unsigned char *packed = malloc(room);
    assert_non_null(packed);
    deflater.next_in = (unsigned char *)(uintptr_t)text;
    deflater.avail_in = (uInt)length;
    deflater.next_out = packed;
    deflater.avail_out = (uInt)room;
    assert_int_equal(deflate(&deflater, Z_FINISH), Z_STREAM_END);
    gather(gathered, packed, room - deflater.avail_out);
    deflateEnd(&deflater);
    free(packed);
}
