/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

#include "base/bytes.h"

bool kithp_text_equal(kith_text a, kith_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

int kithp_text_compare(kith_text a, kith_text b)
{
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    if (order != 0)
        return order;
    return (a.length > b.length) - (a.length < b.length);
}

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/*
 * Length of the well-formed sequence at the start of bytes, or 0 where there is none. After the Unicode Standard,
 * table 3-7: the first byte bounds the second, all others are 80..BF.
 */
static size_t sequence_length(const unsigned char *bytes, size_t available)
{
    unsigned char first = bytes[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || available < length)
        return 0;
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (!is_continuation(bytes[i]))
            return 0;
    return length;
}

size_t kithp_text_character(kith_text text)
{
    return text.length ? sequence_length((const unsigned char *)text.data, text.length) : 0;
}

/* As most texts are, which is seen faster than that they are UTF-8. */
static bool is_ascii(kith_text text)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t all = 0, word;
    size_t at = 0;
    for (; text.length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.data + at, sizeof word);
        all |= word;
    }
    if (at < text.length)
        all |= kithp_bytes_short(text.data + at, (size_t)text.length - at);
    return !(all & high);
}

bool kithp_text_is_utf8(kith_text text)
{
    if (is_ascii(text))
        return true;
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t at = 0;
    while (at < text.length) {
        size_t length = sequence_length(bytes + at, text.length - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

void kithp_text_make_utf8(char *text, size_t length)
{
    for (size_t at = 0, step; at < length; at += step) {
        step = sequence_length((const unsigned char *)text + at, length - at);
        if (step > 0)
            continue;
        text[at] = '?';
        step = 1;
    }
}

bool kithp_text_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

kith_text kithp_text_trim(kith_text text)
{
    while (text.length && kithp_text_is_blank(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && kithp_text_is_blank(text.data[text.length - 1]))
        text.length--;
    return text;
}

/* C0, DEL, and C1 (C2 80..9F) move cursors and change colours on terminals. */
static bool is_control(const unsigned char *bytes, size_t length)
{
    if (length == 1)
        return bytes[0] < 0x20 || bytes[0] == 0x7F;
    return length == 2 && bytes[0] == 0xC2 && bytes[1] < 0xA0;
}

void kithp_text_copy_clean(char *out, size_t capacity, kith_text text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t written = 0;
    for (size_t at = 0; at < text.length;) {
        size_t length = sequence_length(bytes + at, text.length - at);
        bool clean = length > 0 && !is_control(bytes + at, length);
        size_t step = length > 0 ? length : 1;
        size_t width = clean ? length : 1;
        if (written + width >= capacity)
            break;
        if (clean)
            memcpy(out + written, bytes + at, width);
        else
            out[written] = '?';
        written += width;
        at += step;
    }
    out[written] = '\0';
}

void kithp_text_trim_partial(char *text)
{
    size_t length = strlen(text);
    size_t start = length;
    while (start > 0 && is_continuation((unsigned char)text[start - 1]))
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0x80)
        start--;
    if (start < length && sequence_length((const unsigned char *)text + start, length - start) != length - start)
        text[start] = '\0';
}
