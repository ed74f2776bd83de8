/* SPDX-License-Identifier: MIT */
#include "base/ini.h"

#include <string.h>

#include "base/text.h"

struct reader {
    const struct kithp_ini_handler *handler;
    kith_text line; /* the one being read, less its end */
    uint64_t number;
    bool in_section;
};

static struct kithp_ini_part part_of(const struct reader *reader, kith_text text)
{
    uint64_t column = text.data ? (uint64_t)(text.data - reader->line.data) + 1 : 1;
    return (struct kithp_ini_part){text, reader->number, column};
}

static void fault(const struct reader *reader, kith_text text, const char *words)
{
    struct kithp_ini_part part = part_of(reader, text);
    reader->handler->fault(reader->handler->context, &part, words);
}

static kith_text text_between(const char *begin, const char *end)
{
    return (kith_text){begin, (uint64_t)(end - begin)};
}

static bool is_comment_mark(char byte)
{
    return byte == ';' || byte == '#';
}

/* Less the comment behind it, which begins with a blank and a semicolon. */
static kith_text without_comment(kith_text text)
{
    for (uint64_t i = 1; i < text.length; i++)
        if (text.data[i] == ';' && kithp_text_is_blank(text.data[i - 1]))
            return kithp_text_trim((kith_text){text.data, i});
    return text;
}

static bool has_control(kith_text text)
{
    for (uint64_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
            return true;
    }
    return false;
}

static void read_section(struct reader *reader, kith_text text)
{
    if (text.data[text.length - 1] != ']') {
        fault(reader, text, "expected ']' at the end of the line");
        return;
    }
    kith_text inside = kithp_text_trim((kith_text){text.data + 1, text.length - 2});
    if (inside.length == 0) {
        fault(reader, text, "expected the name of a section between '[' and ']'");
        return;
    }
    const char *end = inside.data + inside.length;
    const char *at = inside.data;
    while (at < end && !kithp_text_is_blank(*at))
        at++;
    struct kithp_ini_part section = part_of(reader, text_between(inside.data, at));
    struct kithp_ini_part name = part_of(reader, kithp_text_trim(text_between(at, end)));
    reader->handler->section(reader->handler->context, &section, &name);
}

static void read_item(struct reader *reader, kith_text text)
{
    const char *equals = memchr(text.data, '=', text.length);
    if (!equals) {
        fault(reader, text, "expected 'key = value' or '[section]'");
        return;
    }
    kith_text key = kithp_text_trim(text_between(text.data, equals));
    kith_text value = kithp_text_trim(text_between(equals + 1, text.data + text.length));
    if (key.length == 0)
        fault(reader, text, "expected a key before '='");
    else if (value.length == 0)
        fault(reader, key, "expected a value behind '='");
    else if (!reader->in_section)
        fault(reader, key, "stands before the first '[section]'");
    else {
        struct kithp_ini_part key_part = part_of(reader, key);
        struct kithp_ini_part value_part = part_of(reader, value);
        reader->handler->item(reader->handler->context, &key_part, &value_part);
    }
}

static void read_line(struct reader *reader)
{
    kith_text text = kithp_text_trim(reader->line);
    if (text.length == 0 || (is_comment_mark(text.data[0]) && kithp_text_is_utf8(text)))
        return;
    /* What stands below a heading that is wrong stands under it all the same, and is not blamed for it as well. */
    bool is_heading = text.data[0] == '[';
    reader->in_section = reader->in_section || is_heading;
    if (!kithp_text_is_utf8(text) || has_control(text)) {
        fault(reader, text, "expected UTF-8 text without control characters");
        return;
    }
    text = without_comment(text);
    if (is_heading)
        read_section(reader, text);
    else
        read_item(reader, text);
}

void kithp_ini_read(kith_text text, const struct kithp_ini_handler *handler)
{
    if (text.length == 0)
        return;
    struct reader reader = {.handler = handler};
    const char *at = text.data;
    const char *end = at + text.length;
    if (text.length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *next = line_end ? line_end + 1 : end;
        if (!line_end)
            line_end = end;
        if (line_end > at && line_end[-1] == '\r')
            line_end--;
        reader.line = text_between(at, line_end);
        reader.number++;
        read_line(&reader);
        at = next;
    }
}
