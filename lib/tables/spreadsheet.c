/* SPDX-License-Identifier: MIT */
#include "tables/spreadsheet.h"

#include "base/text.h"

/* Characters from the first to the last. */
struct range {
    uint32_t first;
    uint32_t last;
};

/*
 * Passed over before a formula: blanks, what does not show, and quotes and apostrophes. These last do not hide a
 * formula by themselves; but where one stood there unmarked, nobody could tell later which apostrophe was put in.
 */
static const struct range passed_over[] = {
    {0x00, 0x20},     {'"', '"'},       {'\'', '\''},     {0x7F, 0xA0},       {0xAD, 0xAD},     {0x34F, 0x34F},
    {0x61C, 0x61C},   {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5},   {0x180B, 0x180F}, {0x2000, 0x200F},
    {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000},   {0x3164, 0x3164}, {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF},
};

/* A formula begins with = + - @, or with a wide or small form of one, which East Asian versions take for the same. */
static const struct range begins[] = {
    {'=', '='},       {'+', '+'},       {'-', '-'},       {'@', '@'},       {0x2212, 0x2212}, {0xFE62, 0xFE63},
    {0xFE66, 0xFE66}, {0xFE6B, 0xFE6B}, {0xFF0B, 0xFF0B}, {0xFF0D, 0xFF0D}, {0xFF1D, 0xFF1D}, {0xFF20, 0xFF20},
};

static bool is_in(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

static bool is_line_end_or_tab(char byte)
{
    return byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_separator(char byte)
{
    return byte == ',' || byte == ';' || byte == '|' || is_line_end_or_tab(byte);
}

/* Of a well-formed character of this length. */
static uint32_t code_of(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint32_t code = length == 1 ? at[0] : at[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (at[i] & 0x3Fu);
    return code;
}

bool kithp_spreadsheet_may_split(kith_text text)
{
    for (uint64_t i = 0; i < text.length; i++)
        if (is_separator(text.data[i]))
            return true;
    return false;
}

size_t kithp_spreadsheet_next(kith_text text, size_t at)
{
    while (at < text.length && !is_separator(text.data[at]))
        at++;
    return at < text.length ? at + 1 : (size_t)text.length;
}

bool kithp_spreadsheet_is_formula(kith_text text, size_t at)
{
    bool is_whole = at == 0;
    while (at < text.length) {
        if (is_separator(text.data[at]))
            return is_whole && is_line_end_or_tab(text.data[at]);
        size_t length = kithp_text_character((kith_text){text.data + at, text.length - at});
        /* A byte of another encoding may be anything there. */
        if (length == 0)
            return true;
        uint32_t code = code_of(text.data + at, length);
        if (is_in(begins, sizeof begins / sizeof *begins, code))
            return true;
        if (!is_in(passed_over, sizeof passed_over / sizeof *passed_over, code))
            return false;
        at += length;
    }
    return false;
}
