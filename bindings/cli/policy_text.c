/* SPDX-License-Identifier: MIT */
#include "policy_text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "text_file.h"

/* A line, its parts as offsets in the text. */
struct line {
    size_t begin;
    size_t end;  /* less its line end */
    size_t next; /* where the one behind it begins */
    enum { LINE_OTHER, LINE_HEADING, LINE_ITEM } what;
    kith_text section; /* of a heading */
    kith_text name;
    kith_text key; /* of an item */
    kith_text value;
};

/* ---- reading lines ---- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static kith_text trimmed(const char *begin, const char *end)
{
    while (begin < end && is_blank(*begin))
        begin++;
    while (end > begin && is_blank(end[-1]))
        end--;
    return (kith_text){begin, (uint64_t)(end - begin)};
}

/* Less the comment behind it, which begins with a blank and a semicolon. */
static kith_text without_comment(kith_text text)
{
    for (uint64_t i = 1; i < text.length; i++)
        if (text.data[i] == ';' && is_blank(text.data[i - 1]))
            return trimmed(text.data, text.data + i);
    return text;
}

static void split_heading(struct line *line, kith_text text)
{
    kith_text inside = trimmed(text.data + 1, text.data + text.length - 1);
    uint64_t length = 0;
    while (length < inside.length && !is_blank(inside.data[length]))
        length++;
    line->what = LINE_HEADING;
    line->section = (kith_text){inside.data, length};
    line->name = trimmed(inside.data + length, inside.data + inside.length);
}

static void split_item(struct line *line, kith_text text)
{
    const char *equals = memchr(text.data, '=', (size_t)text.length);
    if (!equals)
        return;
    line->what = LINE_ITEM;
    line->key = trimmed(text.data, equals);
    line->value = trimmed(equals + 1, text.data + text.length);
}

/* A byte order mark, if there is one. */
static size_t mark_length(const struct cli_policy_text *text)
{
    return text->length >= 3 && memcmp(text->data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* The line that begins at an offset. False at the end of the text. */
static bool read_line(const struct cli_policy_text *text, size_t begin, struct line *line)
{
    if (begin >= text->length)
        return false;
    const char *end = memchr(text->data + begin, '\n', text->length - begin);
    *line = (struct line){.begin = begin, .what = LINE_OTHER};
    line->end = end ? (size_t)(end - text->data) : text->length;
    line->next = end ? line->end + 1 : text->length;
    if (line->end > begin && text->data[line->end - 1] == '\r')
        line->end--;
    kith_text whole = trimmed(text->data + begin, text->data + line->end);
    if (whole.length == 0 || whole.data[0] == ';' || whole.data[0] == '#')
        return true;
    whole = without_comment(whole);
    if (whole.data[0] == '[')
        split_heading(line, whole);
    else
        split_item(line, whole);
    return true;
}

static bool is_text(kith_text text, const char *other)
{
    return text.length == strlen(other) && (text.length == 0 || memcmp(text.data, other, (size_t)text.length) == 0);
}

static bool is_section(const struct line *line, const char *section, const char *name)
{
    return is_text(line->section, section) && is_text(line->name, name);
}

/* Where a key stands, or should. */
struct place {
    bool has_section;
    bool has_key;
    struct line line; /* that of the key, or the last of its section that says something */
};

static struct place find(const struct cli_policy_text *text, const struct cli_policy_key *key)
{
    struct line line;
    struct place place = {.has_section = false};
    bool inside = false;
    for (size_t at = mark_length(text); read_line(text, at, &line); at = line.next) {
        if (line.what == LINE_HEADING)
            inside = is_section(&line, key->section, key->name);
        if (!inside || line.what == LINE_OTHER)
            continue;
        place.has_section = true;
        place.line = line;
        place.has_key = line.what == LINE_ITEM && is_text(line.key, key->key);
        if (place.has_key)
            return place;
    }
    return place;
}

kith_text cli_policy_text_get(const struct cli_policy_text *text, const struct cli_policy_key *key)
{
    struct place place = find(text, key);
    return place.has_key ? place.line.value : (kith_text){"", 0};
}

bool cli_policy_text_has(const struct cli_policy_text *text, const char *section, const char *name)
{
    struct line line;
    for (size_t at = mark_length(text); read_line(text, at, &line); at = line.next)
        if (line.what == LINE_HEADING && is_text(line.section, section) && (!name || is_text(line.name, name)))
            return true;
    return false;
}

/* ---- changing them ---- */

/* Puts bytes in the place of others. */
static bool splice(struct cli_policy_text *text, size_t at, size_t old_length, const char *bytes, size_t length)
{
    size_t rest = text->length - at - old_length;
    char *data = text->data;
    if (length > old_length || !data)
        data = realloc(data, text->length + length - old_length + 1);
    if (!data)
        return false;
    memmove(data + at + length, data + at + old_length, rest);
    memcpy(data + at, bytes, length);
    text->data = data;
    text->length = text->length + length - old_length;
    data[text->length] = '\0';
    return true;
}

/* Blanks between a value and the comment behind it, so many of them that the comment stays in its column. */
static bool align_comment(struct cli_policy_text *text, size_t at, size_t old_length, size_t new_length)
{
    size_t blanks = 0;
    while (text->data[at + blanks] == ' ')
        blanks++;
    if (blanks == 0 || text->data[at + blanks] != ';')
        return true;
    size_t wanted = blanks + old_length > new_length + 1 ? blanks + old_length - new_length : 1;
    if (wanted <= blanks)
        return splice(text, at, blanks - wanted, "", 0);
    while (blanks++ < wanted)
        if (!splice(text, at, 0, " ", 1))
            return false;
    return true;
}

static bool replace_value(struct cli_policy_text *text, kith_text value, const char *with)
{
    size_t at = (size_t)(value.data - text->data);
    size_t length = strlen(with);
    return splice(text, at, (size_t)value.length, with, length) &&
           align_comment(text, at + length, (size_t)value.length, length);
}

static const char *line_end(const struct cli_policy_text *text)
{
    const char *end = text->data ? memchr(text->data, '\n', text->length) : NULL;
    return end && end > text->data && end[-1] == '\r' ? "\r\n" : "\n";
}

/* Puts whole lines at an offset, which is the beginning of a line or the end of the text. */
static bool insert_lines(struct cli_policy_text *text, size_t at, const char *lines)
{
    const char *end = line_end(text);
    if (at > mark_length(text) && text->data[at - 1] != '\n') {
        if (!splice(text, at, 0, end, strlen(end)))
            return false;
        at += strlen(end);
    }
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        if (!splice(text, at, 0, lines, length) || !splice(text, at + length, 0, end, strlen(end)))
            return false;
        at += length + strlen(end);
        lines += length + (lines[length] == '\n');
    }
    return true;
}

static bool insert_item(struct cli_policy_text *text, size_t at, const char *key, const char *value)
{
    size_t room = strlen(key) + strlen(value) + sizeof " = \n";
    char *lines = malloc(room);
    if (!lines)
        return false;
    snprintf(lines, room, "%s = %s\n", key, value);
    bool done = insert_lines(text, at, lines);
    free(lines);
    return done;
}

bool cli_policy_text_add(struct cli_policy_text *text, const char *section, const char *name)
{
    size_t room = strlen(section) + strlen(name) + sizeof "\n[ ]\n";
    char *lines = malloc(room);
    if (!lines)
        return false;
    snprintf(lines, room, "%s[%s%s%s]\n", text->length > mark_length(text) ? "\n" : "", section, *name ? " " : "",
             name);
    bool done = insert_lines(text, text->length, lines);
    free(lines);
    return done;
}

bool cli_policy_text_set(struct cli_policy_text *text, const struct cli_policy_key *key, const char *value)
{
    struct place place = find(text, key);
    if (place.has_key)
        return replace_value(text, place.line.value, value);
    if (!place.has_section && !cli_policy_text_add(text, key->section, key->name))
        return false;
    return insert_item(text, place.has_section ? place.line.next : text->length, key->key, value);
}

static bool begins_with(const struct cli_policy_text *text, size_t at, const char *mark)
{
    size_t length = strlen(mark);
    return text->length - at >= length && memcmp(text->data + at, mark, length) == 0;
}

bool cli_policy_text_head(struct cli_policy_text *text, const char *mark, const char *lines)
{
    struct line line;
    size_t begin = mark_length(text);
    size_t end = begin;
    if (begins_with(text, begin, mark)) {
        while (read_line(text, end, &line) && line.end > line.begin && text->data[line.begin] == ';')
            end = line.next;
        if (read_line(text, end, &line) && line.end == line.begin)
            end = line.next;
    }
    bool cut = end == begin || splice(text, begin, end - begin, "", 0);
    return cut && insert_lines(text, begin, "\n") && insert_lines(text, begin, lines);
}

/* ---- where it comes from ---- */

static int fail_memory(void)
{
    return cli_fail(CLI_IO, "not enough memory");
}

int cli_policy_text_read(struct cli_policy_text *text, const char *path)
{
    return cli_text_file_read(&text->data, &text->length, path, "a policy");
}

int cli_policy_text_copy(struct cli_policy_text *text, const char *string)
{
    text->length = strlen(string);
    text->data = strdup(string);
    return text->data ? CLI_DONE : fail_memory();
}

/* A kith_write_fn. */
static int append(void *context, const void *bytes, size_t length)
{
    struct cli_policy_text *text = context;
    return !splice(text, text->length, 0, bytes, length);
}

int cli_policy_text_write(struct cli_policy_text *text, const kith_policy *policy)
{
    kith_error error = {.size = sizeof error};
    kith_status status = kith_policy_write(policy, append, text, &error);
    if (status == KITH_OK)
        return CLI_DONE;
    return status == KITH_INPUT_OUTPUT ? fail_memory() : cli_fail_with(&error);
}

void cli_policy_text_free(struct cli_policy_text *text)
{
    free(text->data);
    *text = (struct cli_policy_text){NULL, 0};
}
