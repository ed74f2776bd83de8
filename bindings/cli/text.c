/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A character as it is shown: its bytes and how many columns it takes. */
struct glyph {
    char bytes[16];
    size_t length;
    int columns;
};

static const char replacement[] = "\xEF\xBF\xBD";

/*
 * Decodes the character at the start of bytes into code. Returns its length, or 0 where it is not well-formed (an
 * overlong form, a surrogate, past U+10FFFF, cut short).
 */
static size_t decode(const unsigned char *bytes, uint64_t available, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = bytes[0];
    *code = first;
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (available < length)
        return 0;
    *code = first & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (bytes[i] & 0x3Fu);
    }
    bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
    return *code >= least[length] && !surrogate && *code <= 0x10FFFF ? length : 0;
}

/* C0, DEL and C1, the line and paragraph separators, and what turns the direction of writing round. */
static bool must_be_escaped(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/* Columns that terminals give a character; close enough for a table, whatever the locale. */
static int columns_of(uint32_t code)
{
    static const uint32_t wide[][2] = {
        {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97C}, {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
    };
    static const uint32_t none[][2] = {{0x0300, 0x036F}, {0x200B, 0x200D}, {0xFE00, 0xFE0F}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (code >= none[i][0] && code <= none[i][1])
            return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (code >= wide[i][0] && code <= wide[i][1])
            return 2;
    return 1;
}

/* The character at the start of text, as it is shown. Returns how many bytes of text it stands for. */
static size_t next_glyph(kith_text text, struct glyph *glyph)
{
    uint32_t code;
    size_t length = decode((const unsigned char *)text.data, text.length, &code);
    if (length == 0) {
        memcpy(glyph->bytes, replacement, 3);
        glyph->length = 3;
        glyph->columns = 1;
        return 1;
    }
    if (must_be_escaped(code)) {
        const char *format = code < 0x100 ? "\\x%02x" : "\\u%04x";
        glyph->columns = snprintf(glyph->bytes, sizeof glyph->bytes, format, (unsigned)code);
        glyph->length = (size_t)glyph->columns;
        return length;
    }
    memcpy(glyph->bytes, text.data, length);
    glyph->length = length;
    glyph->columns = columns_of(code);
    return length;
}

static kith_text after(kith_text text, size_t bytes)
{
    return (kith_text){text.data + bytes, text.length - bytes};
}

void cli_text_print(FILE *stream, kith_text text)
{
    while (text.length > 0) {
        struct glyph glyph;
        text = after(text, next_glyph(text, &glyph));
        fwrite(glyph.bytes, 1, glyph.length, stream);
    }
}

int cli_text_columns(kith_text text)
{
    int columns = 0;
    while (text.length > 0) {
        struct glyph glyph;
        text = after(text, next_glyph(text, &glyph));
        columns += glyph.columns;
    }
    return columns;
}

int cli_text_print_cut(FILE *stream, kith_text text, int columns)
{
    int wanted = cli_text_columns(text);
    bool cut = wanted > columns;
    int room = cut ? columns - 1 : wanted; /* the ellipsis takes a column */
    int used = 0;
    while (text.length > 0) {
        struct glyph glyph;
        size_t bytes = next_glyph(text, &glyph);
        if (used + glyph.columns > room)
            break;
        fwrite(glyph.bytes, 1, glyph.length, stream);
        used += glyph.columns;
        text = after(text, bytes);
    }
    if (cut) {
        fputs("\u2026", stream);
        used++;
    }
    return used;
}

void cli_text_print_fitted(FILE *stream, kith_text text, int columns)
{
    int used = cli_text_print_cut(stream, text, columns);
    fprintf(stream, "%*s", columns - used, "");
}

char *cli_text_copy_utf8(char *out, size_t capacity, kith_text text)
{
    size_t written = 0;
    while (text.length > 0) {
        uint32_t code;
        size_t length = decode((const unsigned char *)text.data, text.length, &code);
        bool valid = length > 0 && code != 0;
        const char *bytes = valid ? text.data : replacement;
        size_t width = valid ? length : 3;
        if (written + width >= capacity)
            break;
        memcpy(out + written, bytes, width);
        written += width;
        text = after(text, length > 0 ? length : 1);
    }
    out[written] = '\0';
    return out;
}
