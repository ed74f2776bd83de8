/* SPDX-License-Identifier: MIT */
#include "inspect/paths.h"

#include <string.h>

#include "base/text.h"

/*
 * What has a meaning of its own in descriptions, or where one is read. The equals sign and the semicolon would end keys
 * and values also within quotes.
 */
static bool is_special(char byte, bool json)
{
    static const char everywhere[] = "|/?'\"=;#", in_json[] = ".[]";
    if ((unsigned char)byte < 0x20 || byte == 0x7F)
        return true;
    return memchr(everywhere, byte, sizeof everywhere - 1) || (json && memchr(in_json, byte, sizeof in_json - 1));
}

static bool is_plain(kith_text name, bool json)
{
    if (name.length == 0 || kithp_text_is_blank(name.data[0]) || kithp_text_is_blank(name.data[name.length - 1]))
        return false;
    for (uint64_t i = 0; i < name.length; i++)
        if (is_special(name.data[i], json))
            return false;
    return true;
}

static size_t write_byte(char *out, char byte)
{
    static const char digits[] = "0123456789abcdef";
    if (byte == '"' || byte == '\\') {
        out[0] = '\\';
        out[1] = byte;
        return 2;
    }
    unsigned char code = (unsigned char)byte;
    if (code >= 0x20 && code != 0x7F && byte != '=' && byte != ';') {
        out[0] = byte;
        return 1;
    }
    memcpy(out, "\\u00", 4);
    out[4] = digits[code >> 4];
    out[5] = digits[code & 15];
    return 6;
}

size_t kithp_inspect_write_quoted(char *out, kith_text name)
{
    size_t length = 0;
    out[length++] = '"';
    for (uint64_t i = 0; i < name.length; i++)
        length += write_byte(out + length, name.data[i]);
    out[length++] = '"';
    return length;
}

size_t kithp_inspect_write_name(char *out, kith_text name, bool json)
{
    if (!is_plain(name, json))
        return kithp_inspect_write_quoted(out, name);
    memcpy(out, name.data, name.length);
    return (size_t)name.length;
}

/* Fields from below a root to this one. Returns how many. */
static size_t way_to(const struct kithp_inspect_fields *fields, uint32_t field, uint32_t *way)
{
    size_t length = 0;
    for (uint32_t at = field; at >= KITHP_INSPECT_FIRST; at = fields->items[at].parent)
        way[length++] = at;
    for (size_t i = 0; i < length / 2; i++) {
        uint32_t other = way[i];
        way[i] = way[length - 1 - i];
        way[length - 1 - i] = other;
    }
    return length;
}

size_t kithp_inspect_write_path(char *out, const struct kithp_inspect_fields *fields, uint32_t field, bool json)
{
    uint32_t way[KITHP_INSPECT_NAMES_MOST + KITHP_INSPECT_LISTS_MOST];
    size_t steps = way_to(fields, field, way), length = 0;
    bool document = fields->items[field].is_document;
    if (document) {
        memcpy(out, "document", 8);
        length = 8;
    }
    for (size_t i = 0; i < steps; i++) {
        const struct kithp_inspect_field *step = &fields->items[way[i]];
        if (step->is_element) {
            memcpy(out + length, "[]", 2);
            length += 2;
            continue;
        }
        if (length > 0)
            out[length++] = '.';
        /* A name of the rows that would lead to the document around them. */
        if (json && length == 0 && kithp_text_equal(step->name, KITHP_TEXT("document")))
            length += kithp_inspect_write_quoted(out, step->name);
        else
            length += kithp_inspect_write_name(out + length, step->name, json);
    }
    out[length] = '\0';
    return length;
}

bool kithp_inspect_is_sayable(const struct kithp_inspect_fields *fields, uint32_t field)
{
    for (uint32_t at = field; at >= KITHP_INSPECT_FIRST; at = fields->items[at].parent) {
        const struct kithp_inspect_field *step = &fields->items[at];
        if (!step->is_element && (step->name.length == 0 || !kithp_text_is_utf8(step->name)))
            return false;
    }
    return true;
}
