/* SPDX-License-Identifier: MIT */
#include "sources/value.h"

#include <string.h>

#include "base/text.h"
#include "sources/path.h"

/* A value that is being read from the left. */
struct cursor {
    struct kithp_source_reader *reader;
    uint32_t event;
    enum kithp_field field;
    kith_text name; /* of the field */
    const struct kithp_ini_part *value;
    const char *at;
    const char *end;
    struct kithp_source_part parts[KITHP_SOURCE_PARTS_MOST];
    uint32_t count;
    bool is_always_there; /* the alternative, for a word is */
};

static bool refuse(struct cursor *cursor, const char *words)
{
    struct kithp_ini_part part = kithp_source_part_at(cursor->value, cursor->at, cursor->end);
    kithp_source_report(cursor->reader, &part, cursor->name, cursor->value->text, "%s", words);
    return false;
}

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->end && kithp_text_is_blank(*cursor->at))
        cursor->at++;
}

static bool is_at(const struct cursor *cursor, char byte)
{
    return cursor->at < cursor->end && *cursor->at == byte;
}

/* ---- words ---- */

static bool take_word(struct cursor *cursor, kith_text *word)
{
    const char *begin = cursor->at + 1;
    const char *quote = memchr(begin, '\'', (size_t)(cursor->end - begin));
    if (!quote)
        return refuse(cursor, "expected a closing single quote");
    if (quote == begin)
        return refuse(cursor, "expected a word between the quotes");
    if (cursor->field == KITHP_ID)
        return refuse(cursor, "expected a path: the same id in all rows would make them one");
    *word = (kith_text){begin, (uint64_t)(quote - begin)};
    cursor->at = quote + 1;
    return true;
}

/* ---- paths ---- */

static bool ends_path(char byte)
{
    return byte == '|' || byte == '/' || byte == '?' || byte == '\'';
}

/* In CSV a quote that does not stand first is the path's own fault, and hides nothing. */
static const char *end_of_path(const char *at, const char *end, bool is_csv)
{
    const char *begin = at;
    while (at < end && !ends_path(*at))
        at = *at == '"' && (!is_csv || at == begin) ? kithp_source_skip_quoted(at, end) : at + 1;
    return at;
}

static bool take_path(struct cursor *cursor, struct kithp_source_part *part)
{
    const char *end = end_of_path(cursor->at, cursor->end, cursor->reader->source->format == KITH_FORMAT_CSV);
    struct kithp_ini_part written = kithp_source_part_at(cursor->value, cursor->at, end);
    written.text = kithp_text_trim(written.text);
    if (written.text.length == 0)
        return refuse(cursor, "expected a path, or a word in single quotes");
    cursor->at = end;
    return kithp_source_add_path(cursor->reader, cursor->event, cursor->name, &written, part);
}

/* ---- parts ---- */

static bool take_part(struct cursor *cursor)
{
    if (cursor->count == KITHP_SOURCE_PARTS_MOST)
        return refuse(cursor, "expected at most 64 alternatives and parts");
    struct kithp_source_part *part = &cursor->parts[cursor->count++];
    if (is_at(cursor, '\'')) {
        part->sort = KITHP_SOURCE_WORD;
        cursor->is_always_there = true;
        return take_word(cursor, &part->word);
    }
    part->sort = KITHP_SOURCE_PATH;
    if (!take_path(cursor, part))
        return false;
    if (!is_at(cursor, '?'))
        return true;
    part->sort = KITHP_SOURCE_WORD_IF;
    cursor->at++;
    skip_blanks(cursor);
    return is_at(cursor, '\'') ? take_word(cursor, &part->word) : refuse(cursor, "expected a word in single quotes");
}

/* Takes what stands between two parts. */
static bool take_mark(struct cursor *cursor)
{
    if (is_at(cursor, '|')) {
        if (cursor->is_always_there)
            return refuse(cursor, "expected nothing behind a word, which is always there");
        cursor->parts[cursor->count - 1].last = true;
    } else if (!is_at(cursor, '/')) {
        return refuse(cursor, "expected | before another alternative");
    } else if (cursor->field != KITHP_KIND && cursor->field != KITHP_ID) {
        return refuse(cursor,
                      "only kinds and ids are joined: expected |, or double quotes around a name that holds a slash");
    }
    cursor->at++;
    skip_blanks(cursor);
    return true;
}

static bool take_parts(struct cursor *cursor)
{
    for (;;) {
        if (!take_part(cursor))
            return false;
        skip_blanks(cursor);
        if (cursor->at == cursor->end)
            return true;
        if (!take_mark(cursor))
            return false;
    }
}

static void keep_parts(struct cursor *cursor, struct kithp_source_value *value)
{
    struct kithp_source_part *parts = kithp_source_take(cursor->reader, cursor->count, sizeof *parts);
    if (!parts)
        return;
    memcpy(parts, cursor->parts, cursor->count * sizeof *parts);
    parts[cursor->count - 1].last = true;
    value->parts = parts;
    value->part_count = cursor->count;
}

void kithp_source_read_value(struct kithp_source_reader *reader, enum kithp_field field,
                             const struct kithp_ini_part *key, const struct kithp_ini_part *value)
{
    struct cursor cursor = {
        .reader = reader,
        .event = reader->event,
        .field = field,
        .name = key->text,
        .value = value,
        .at = value->text.data,
        .end = value->text.data + value->text.length,
    };
    struct kithp_source_value *read = &reader->source->events[reader->event].values[field];
    read->line = value->line;
    read->column = value->column;
    read->is_whole = field == KITHP_ID;
    read->text = kithp_source_keep(reader, value->text).data;
    if (take_parts(&cursor))
        keep_parts(&cursor, read);
}

bool kithp_source_read_path(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                            struct kithp_source_part *part)
{
    const char *begin = key->text.data, *end = begin + key->text.length;
    const char *at = end_of_path(begin, end, reader->source->format == KITH_FORMAT_CSV);
    *part = (struct kithp_source_part){.sort = KITHP_SOURCE_PATH, .last = true};
    if (at == end)
        return kithp_source_add_path(reader, KITHP_SOURCE_NO_EVENT, key->text, key, part) && reader->format_is_known;
    struct kithp_ini_part place = kithp_source_part_at(key, at, end);
    kithp_source_report(reader, &place, key->text, KITHP_SOURCE_NOTHING,
                        "expected a path alone; double quotes stand around a name that holds | / ? or '");
    return false;
}
