/* SPDX-License-Identifier: MIT */
/*
 * Gzip: a damaged file, deflated text with a header and a trailer that fit, or a text that is packed in an odd way.
 * Where zlib takes it for sound, what is read is what its text comes to without gzip.
 */
#include <zlib.h>

#include "reading.h"

/* Text that is more than this is not looked at: it takes long, and it is no other. */
enum { TEXT_MOST = 1 << 20 };

/* Inflates one member, whatever its checksum, from `at` on; bytes used, or 0 where it is damaged or too long. */
static size_t inflate_with(int bits, kith_text packed, struct fuzz_made *text)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.length};
    MUST(inflateInit2(&stream, bits) == Z_OK);
    int outcome = Z_OK;
    while (outcome == Z_OK && text->length <= TEXT_MOST) {
        unsigned char out[4096];
        stream.next_out = out;
        stream.avail_out = sizeof out;
        outcome = inflate(&stream, Z_NO_FLUSH);
        fuzz_write(text, out, sizeof out - stream.avail_out);
        if (outcome == Z_BUF_ERROR)
            break;
    }
    size_t used = packed.length - stream.avail_in;
    inflateEnd(&stream);
    return outcome == Z_STREAM_END && text->length <= TEXT_MOST ? used : 0;
}

enum { RAW = -15, GZIP = 15 + 16 };

static bool begins_as_gzip(kith_text text)
{
    return text.length >= 2 && memcmp(text.data, "\x1F\x8B", 2) == 0;
}

/* All members of a file, with nothing but zeros between and behind them. False where it is none, or too long. */
static bool inflate_file(kith_text packed, struct fuzz_made *text)
{
    if (!begins_as_gzip(packed))
        return false;
    while (packed.length > 0) {
        size_t used = packed.data[0] == 0 ? 1 : inflate_with(GZIP, packed, text);
        if (used == 0)
            return false;
        packed.data += used;
        packed.length -= used;
    }
    return true;
}

static void put_word(struct fuzz_made *made, uint32_t word)
{
    const unsigned char bytes[] = {(unsigned char)word, (unsigned char)(word >> 8), (unsigned char)(word >> 16),
                                   (unsigned char)(word >> 24)};
    fuzz_write(made, bytes, 4);
}

/* What is deflated, with a header before it and the trailer that zlib says. */
static void wrap(kith_text deflated, struct fuzz_made *packed)
{
    struct fuzz_made text = {0};
    size_t used = inflate_with(RAW, deflated, &text);
    fuzz_write(packed, "\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10);
    fuzz_write(packed, deflated.data, used ? used : deflated.length);
    if (used > 0) {
        put_word(packed, (uint32_t)crc32(0, (const Bytef *)fuzz_text_of(&text).data, (uInt)text.length));
        put_word(packed, (uint32_t)text.length);
    }
    fuzz_made_free(&text);
}

/* One member, as the bits of `how` say, with a flush now and then. */
static void pack_member(kith_text text, uint32_t how, struct fuzz_made *packed)
{
    static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED};
    static const int flushes[] = {Z_NO_FLUSH, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_BLOCK};
    Bytef extra[] = "extra", name[] = "name", comment[] = "comment";
    gz_header header = {.hcrc = how & 1};
    if (how & 2)
        header.name = name;
    if (how & 4)
        header.comment = comment;
    if (how & 8) {
        header.extra = extra;
        header.extra_len = sizeof extra;
    }
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text.data};
    int bits = 9 + (int)(how >> 4 & 7) % 7;
    MUST(deflateInit2(&stream, (int)(how >> 7) % 10, Z_DEFLATED, bits + 16, 1 + (int)(how >> 11) % 9,
                      strategies[(how >> 15) % 5]) == Z_OK);
    MUST(deflateSetHeader(&stream, &header) == Z_OK);
    size_t left = text.length, piece = 1 + (how >> 20) % 61;
    for (int outcome = Z_OK; outcome != Z_STREAM_END;) {
        unsigned char out[4096];
        if (stream.avail_in == 0 && left > 0) {
            stream.avail_in = (uInt)(left < piece ? left : piece);
            left -= stream.avail_in;
        }
        do {
            stream.next_out = out;
            stream.avail_out = sizeof out;
            outcome = deflate(&stream, left > 0 ? flushes[(how >> 18) % 5] : Z_FINISH);
            fuzz_write(packed, out, sizeof out - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
}

/* In members, of which some hold nothing, with zeros behind. */
static void pack(struct fuzz_input *input, struct fuzz_made *packed)
{
    uint32_t members = 1 + fuzz_below(input, 4), zeros = fuzz_below(input, 4);
    uint32_t how = (uint32_t)fuzz_word(input, 4);
    size_t part = input->left / members;
    for (uint32_t i = 0; i < members; i++)
        pack_member(i + 1 < members ? fuzz_text(input, part) : fuzz_rest(input), how + i, packed);
    fuzz_write(packed, "\0\0\0", zeros);
}

static void compare_with_text(const struct fuzz_outcome *packed, const struct fuzz_made *text)
{
    const struct fuzz_export plain = {.policy = fuzz_small(), .text = fuzz_text_of(text)};
    struct fuzz_outcome outcome = fuzz_read_plainly(&plain);
    fuzz_same_outcome(packed, &outcome);
    fuzz_outcome_free(&outcome);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct fuzz_made packed = {0}, text = {0};
    uint32_t how = fuzz_byte(&input), sort = fuzz_below(&input, 3);
    if (sort == 0) {
        kith_text rest = fuzz_rest(&input);
        fuzz_write(&packed, rest.data, rest.length);
    } else if (sort == 1) {
        wrap(fuzz_rest(&input), &packed);
    } else {
        pack(&input, &packed);
    }
    char *copy = fuzz_copy(fuzz_text_of(&packed));
    struct fuzz_export export = {.policy = fuzz_small(), .text = {copy, packed.length}};
    bool is_packed = begins_as_gzip(export.text), sound = inflate_file(export.text, &text);
    export.is_damaged = !sound;
    export.is_document = fuzz_first(is_packed ? fuzz_text_of(&text) : export.text) == '[';
    MUST(sound || sort != 2 || text.length > TEXT_MOST);
    if (sound || text.length <= TEXT_MOST) {
        struct fuzz_outcome outcome = fuzz_read_plainly(&export);
        /* A text that begins as gzip does is not read as one in one. */
        if (sound && !begins_as_gzip(fuzz_text_of(&text)))
            compare_with_text(&outcome, &text);
        fuzz_read_otherwise(&export, &outcome, how);
        fuzz_outcome_free(&outcome);
    }
    free(copy);
    fuzz_made_free(&packed);
    fuzz_made_free(&text);
    return 0;
}
