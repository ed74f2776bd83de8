/* SPDX-License-Identifier: MIT */
/*
 * A snapshot, first as it stands, then with every checksum put right. Whatever loads can be used: looked at, changed,
 * reviewed, and saved and loaded again to the same bytes.
 */
#include <zlib.h>

#include "use.h"

enum { HEADER = 16, PART_HEADER = 20 };

static const char magic[8] = "\x89KITH\r\n\x1A";

static uint32_t word_at(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_word(char *at, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (char)(word >> (8 * i));
}

static uint32_t checksum(uint32_t from, const char *bytes, size_t length)
{
    return (uint32_t)crc32(from, (const Bytef *)bytes, (uInt)length);
}

/* By docs/snapshot.md: magic and checksums, and lengths that lead out of the file. */
static void repair(char *bytes, size_t size)
{
    if (size < HEADER)
        return;
    memcpy(bytes, magic, sizeof magic);
    put_word(bytes + 12, checksum(0, bytes, 12));
    uint32_t chain = word_at(bytes + 12);
    for (size_t at = HEADER; size - at >= PART_HEADER;) {
        char *part = bytes + at;
        size_t left = size - at - PART_HEADER, length = word_at(part + 8);
        if (length > left) {
            /* The last part that there is: with contents as they stand, if it was so. */
            if (word_at(part + 4) == length)
                put_word(part + 4, (uint32_t)left);
            put_word(part + 8, (uint32_t)left);
            length = left;
        }
        put_word(part + 12, checksum(0, part + PART_HEADER, length));
        chain = checksum(chain, part, 16);
        put_word(part + 16, chain);
        at += PART_HEADER + length;
    }
}

static void try_load(kith_text bytes, uint32_t members)
{
    kith_engine_options options = fuzz_options(members, 1);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    kith_status status = fuzz_load(bytes, NULL, &options, &engine, &error);
    switch (status) {
    case KITH_OK:
        fuzz_use(engine, members);
        return;
    case KITH_BAD_ARGUMENT:
        MUST(strcmp(error.field, "options.members") == 0);
        if (members == KITH_NAMED)
            try_load(bytes, KITH_NUMBERED);
        break;
    case KITH_NEWER_SNAPSHOT:
        MUST(word_at(bytes.data + 8) > 1);
        break;
    default:
        MUST(status == KITH_BAD_SNAPSHOT && error.message[0] != '\0');
    }
    MUST(!engine);
}

#ifdef KITH_LIBFUZZER

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

/* Mostly changes the contents of one part, and its lengths with them, so that those behind it stay parts. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size_t places[256], count = 0;
    char *bytes = (char *)data;
    for (size_t at = HEADER; size >= at + PART_HEADER && count < 256;) {
        size_t length = word_at(bytes + at + 8);
        if (length > size - at - PART_HEADER)
            break;
        places[count++] = at;
        at += PART_HEADER + length;
    }
    if (count == 0 || seed % 16 == 0 || size >= most)
        return LLVMFuzzerMutate(data, size, most);
    size_t at = places[seed / 16 % count], length = word_at(bytes + at + 8), begin = at + PART_HEADER;
    size_t behind = size - begin - length, room = most - begin - behind;
    char *rest = fuzz_copy((kith_text){bytes + begin + length, behind});
    size_t now = LLVMFuzzerMutate(data + begin, length, room < 4096 ? room : 4096);
    memcpy(bytes + begin + now, rest, behind);
    free(rest);
    put_word(bytes + at + 4, (uint32_t)now);
    put_word(bytes + at + 8, (uint32_t)now);
    return begin + now + behind;
}

#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = fuzz_copy((kith_text){(const char *)data, size});
    try_load((kith_text){copy, size}, KITH_NAMED);
    repair(copy, size);
    try_load((kith_text){copy, size}, KITH_NAMED);
    free(copy);
    return 0;
}
