/* SPDX-License-Identifier: MIT */
#include "exports/json_escape.h"

#include "exports/json_ways.h"

#define TIMES_8(byte) byte, byte, byte, byte, byte, byte, byte, byte
#define TIMES_32(byte) TIMES_8(byte), TIMES_8(byte), TIMES_8(byte), TIMES_8(byte)

const struct kithp_json_bytes kithp_json_bytes = {
    {TIMES_32('"')},
    {TIMES_32('\\')},
    {TIMES_32(' ')},
    {TIMES_32(0x1F)},
};

const char kithp_json_escapes[256] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
};

#define NONE 0x10000
#define NONE_4 NONE, NONE, NONE, NONE
#define NONE_16 NONE_4, NONE_4, NONE_4, NONE_4
#define NONE_64 NONE_16, NONE_16, NONE_16, NONE_16

const uint32_t kithp_json_digits[256] = {
    NONE_16,
    NONE_16,
    NONE_16,
    /* 0x30 */ 0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    NONE,
    NONE,
    NONE_4,
    /* 0x40 */ NONE,
    10,
    11,
    12,
    13,
    14,
    15,
    NONE,
    NONE_4,
    NONE_4,
    /* 0x50 */ NONE_16,
    /* 0x60 */ NONE,
    10,
    11,
    12,
    13,
    14,
    15,
    NONE,
    NONE_4,
    NONE_4,
    /* 0x70 */ NONE_16,
    /* 0x80 */ NONE_64,
    NONE_64,
};

/* ---- characters ---- */

enum { REPLACEMENT = 0xFFFD, UTF8_MOST = 4 };

static bool is_between(uint32_t character, uint32_t least, uint32_t most)
{
    return character >= least && character <= most;
}

/* Reads the digits of an escape, and those of another where both are the halves of a pair. Returns what is behind. */
static const char *read_character(const char *at, const char *end, uint32_t *character)
{
    *character = kithp_json_hex(at);
    at += 4;
    if (!is_between(*character, 0xD800, 0xDFFF))
        return at;
    uint32_t second =
        *character < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u' ? kithp_json_hex(at + 2) : 0;
    if (!is_between(second, 0xDC00, 0xDFFF)) {
        *character = REPLACEMENT;
        return at;
    }
    *character = 0x10000 + ((*character - 0xD800) << 10 | (second - 0xDC00));
    return at + 6;
}

static size_t write_utf8(char *out, uint32_t character)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    out[0] = (char)((0xF00U >> length & 0xFF) | character);
    return length;
}

/* Of what is escaped at a backslash, the bytes meant. Returns what is behind. */
static const char *read_escape(const char *at, const char *end, char *out, size_t *length)
{
    char plain = kithp_json_escapes[(unsigned char)at[1]];
    if (plain) {
        *out = plain;
        *length = 1;
        return at + 2;
    }
    uint32_t character;
    at = read_character(at + 2, end, &character);
    *length = write_utf8(out, character);
    return at;
}

/* ---- strings ---- */

size_t kithp_json_unescape(const struct kithp_json_value *value, char *out)
{
    const char *at = value->text.data, *end = at + value->text.length;
    char *begin = out;
    while (at < end) {
        const char *backslash = value->escaped ? memchr(at, '\\', (size_t)(end - at)) : NULL;
        size_t plain = (size_t)((backslash ? backslash : end) - at), length = 0;
        memmove(out, at, plain);
        out += plain;
        at += plain;
        if (backslash)
            at = read_escape(at, end, out, &length);
        out += length;
    }
    return (size_t)(out - begin);
}

/* ---- names ---- */

static bool is_name(const struct kithp_json_node *node, kith_text escaped)
{
    const char *at = escaped.data, *end = at + escaped.length;
    size_t matched = 0;
    while (at < end) {
        char bytes[UTF8_MOST];
        size_t length = 1;
        if (*at == '\\')
            at = read_escape(at, end, bytes, &length);
        else
            bytes[0] = *at++;
        if (length > node->length - matched || memcmp(node->name + matched, bytes, length) != 0)
            return false;
        matched += length;
    }
    return matched == node->length;
}

uint32_t kithp_json_find_escaped(const struct kithp_json_node *nodes, const struct kithp_json_node *parent,
                                 kith_text name)
{
    uint32_t child = parent->child;
    while (child && !is_name(&nodes[child], name))
        child = nodes[child].sibling;
    return child;
}
