/* SPDX-License-Identifier: MIT */
#include "prose/glyph.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char replacement[] = "\xEF\xBF\xBD";

/* Of a well-formed character of this length. */
static uint32_t code_of(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint32_t code = length == 1 ? at[0] : at[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (at[i] & 0x3Fu);
    return code;
}

/* C0, DEL and C1, the line and paragraph separators, and what turns the direction of writing round. */
static bool must_be_escaped(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/* Columns that terminals give a character; close enough for a table, whatever the locale. */
static size_t columns_of(uint32_t code)
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

static void show(struct kithp_glyph *glyph, const char *bytes, size_t length, size_t columns)
{
    memcpy(glyph->bytes, bytes, length);
    glyph->length = length;
    glyph->columns = columns;
}

static void escape(struct kithp_glyph *glyph, uint32_t code)
{
    int length = snprintf(glyph->bytes, sizeof glyph->bytes, code < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)code);
    glyph->length = (size_t)length;
    glyph->columns = (size_t)length;
}

void kithp_glyph_take(kith_text *text, struct kithp_glyph *glyph)
{
    size_t length = kithp_text_character(*text);
    uint32_t code = code_of(text->data, length ? length : 1);
    if (length == 0)
        show(glyph, replacement, sizeof replacement - 1, 1);
    else if (must_be_escaped(code))
        escape(glyph, code);
    else
        show(glyph, text->data, length, columns_of(code));
    length += length == 0;
    *text = (kith_text){text->data + length, text->length - length};
}

uint64_t kithp_glyph_columns(kith_text text)
{
    uint64_t columns = 0;
    while (text.length > 0) {
        struct kithp_glyph glyph;
        kithp_glyph_take(&text, &glyph);
        columns += glyph.columns;
    }
    return columns;
}
