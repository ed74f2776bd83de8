/* SPDX-License-Identifier: MIT */
#include "base/quoted.h"

#include <string.h>

#include "base/text.h"

struct reader {
    kith_text text;
    size_t at;
    char *out;
    size_t length;
    const char *words;
};

static bool refuse(struct reader *reader)
{
    reader->words =
        reader->at < reader->text.length ? "expected what JSON allows in a string" : "expected a closing quote";
    return false;
}

static bool read_hex(struct reader *reader, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        char digit = reader->at < reader->text.length ? reader->text.data[reader->at] : '\0';
        if (digit >= '0' && digit <= '9')
            *unit = *unit << 4 | (uint32_t)(digit - '0');
        else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
            *unit = *unit << 4 | (uint32_t)((digit | 0x20) - 'a' + 10);
        else
            return refuse(reader);
    }
    return true;
}

static void put_character(struct reader *reader, uint32_t character)
{
    unsigned continued = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    static const uint8_t marks[] = {0, 0xC0, 0xE0, 0xF0};
    reader->out[reader->length++] = (char)(marks[continued] | character >> (6 * continued));
    while (continued-- > 0)
        reader->out[reader->length++] = (char)(0x80 | (character >> (6 * continued) & 0x3F));
}

/* Behind \u. What follows the first half of a pair must be the other half. */
static bool read_unicode(struct reader *reader)
{
    uint32_t unit, low;
    if (!read_hex(reader, &unit))
        return false;
    bool is_high = unit >= 0xD800 && unit < 0xDC00;
    bool is_lone = unit >= 0xDC00 && unit < 0xE000;
    if (is_high) {
        is_lone = reader->text.length - reader->at < 2 || memcmp(reader->text.data + reader->at, "\\u", 2) != 0;
        if (!is_lone) {
            reader->at += 2;
            if (!read_hex(reader, &low))
                return false;
            is_lone = low < 0xDC00 || low >= 0xE000;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    if (is_lone) {
        reader->at = 0;
        reader->words = "expected no half of a surrogate pair";
        return false;
    }
    put_character(reader, unit);
    return true;
}

static bool read_escape(struct reader *reader)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    reader->at++;
    char letter = reader->at < reader->text.length ? reader->text.data[reader->at] : '\0';
    if (letter == 'u') {
        reader->at++;
        return read_unicode(reader);
    }
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (!found)
        return refuse(reader);
    reader->out[reader->length++] = meant[found - letters];
    reader->at++;
    return true;
}

static bool read_character(struct reader *reader)
{
    kith_text rest = {reader->text.data + reader->at, reader->text.length - reader->at};
    size_t length = kithp_text_character(rest);
    if (length == 0 || (unsigned char)rest.data[0] < 0x20)
        return refuse(reader);
    if (rest.data[0] == '\\')
        return read_escape(reader);
    memcpy(reader->out + reader->length, rest.data, length);
    reader->length += length;
    reader->at += length;
    return true;
}

bool kithp_quoted_read(kith_text text, char *out, struct kithp_quoted *quoted)
{
    struct reader reader = {.text = text, .at = 1, .out = out};
    bool fine = true;
    while (fine && (reader.at >= text.length || text.data[reader.at] != '"'))
        fine = read_character(&reader);
    *quoted = (struct kithp_quoted){reader.at + fine, reader.length, reader.words};
    return fine;
}
