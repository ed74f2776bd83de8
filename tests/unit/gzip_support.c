/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

#include <unistd.h>

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

void invent_lines(char *text, size_t length, uint64_t luck)
{
    char line[200];
    for (size_t at = 0; at < length;) {
        int made =
            snprintf(line, sizeof line, "{\"id\":%u,\"actor\":{\"login\":\"m%u\"},\"type\":\"%s\",\"seen\":%u}\n",
                     (unsigned)chance(&luck), (unsigned)chance_below(&luck, 500),
                     chance_below(&luck, 3) ? "PushEvent" : "IssueCommentEvent", (unsigned)chance_below(&luck, 90));
        size_t step = (size_t)made < length - at ? (size_t)made : length - at;
        memcpy(text + at, line, step);
        at += step;
    }
}

static unsigned bits_at(const struct gathered *packed, uint64_t bit, unsigned count)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < count; i++)
        bits |= ((unsigned)(unsigned char)packed->bytes[(bit + i) / 8] >> ((bit + i) % 8) & 1U) << i;
    return bits;
}

/* Inflates to the end of a block. Returns how much text that has given. */
static uint64_t inflate_block(z_stream *inflater)
{
    enum { BETWEEN = 128 };
    static unsigned char out[1 << 16];
    uint64_t text = 0;
    do {
        inflater->next_out = out;
        inflater->avail_out = sizeof out;
        assert_int_equal(inflate(inflater, Z_BLOCK), Z_OK);
        text += sizeof out - inflater->avail_out;
    } while (!(inflater->data_type & BETWEEN));
    return text;
}

size_t find_deflated_blocks(const struct gathered *packed, size_t begin, struct block *blocks, size_t most)
{
    enum { IS_LAST = 1, SORT = 7, OWN = 4, UNREAD = 63 };
    z_stream inflater = {.zalloc = NULL};
    assert_int_equal(inflateInit2(&inflater, -15), Z_OK);
    inflater.next_in = (unsigned char *)packed->bytes + begin;
    inflater.avail_in = (uInt)(packed->length - begin);
    struct block block = {.bit = 8 * begin};
    size_t count = 0;
    for (; !(bits_at(packed, block.bit, 1) & IS_LAST); count++) {
        assert_true(count + 1 < most);
        block.is_own = (bits_at(packed, block.bit, 3) & SORT) == OWN;
        blocks[count] = block;
        block.text += inflate_block(&inflater);
        block.bit = 8 * (begin + (uint64_t)inflater.total_in) - (unsigned)(inflater.data_type & UNREAD);
    }
    block.is_own = false;
    blocks[count] = block;
    inflateEnd(&inflater);
    return count;
}

void make_file(char *path, size_t room, const void *bytes, size_t length)
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, room, "%s/kith-test-XXXXXX", folder ? folder : "/tmp");
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fdopen(file, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}
