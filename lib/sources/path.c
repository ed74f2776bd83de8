/* SPDX-License-Identifier: MIT */
#include "sources/path.h"

#include <string.h>

#include "base/path.h"
#include "base/text.h"

static void refuse_at(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                      const char *at, const char *words)
{
    struct kithp_ini_part place = kithp_source_part_at(part, at, part->text.data + part->text.length);
    kithp_source_report(reader, &place, field, part->text, "%s", words);
}

/* ---- names ---- */

static bool needs_quotes(kith_text name)
{
    for (uint64_t i = 0; i < name.length; i++)
        if (!kithp_path_is_plain(name.data[i]))
            return true;
    return name.length == 0;
}

/* Never longer than what it was read from. */
static char *write_quoted(char *out, kith_text name)
{
    static const char meant[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt", digits[] = "0123456789abcdef";
    *out++ = '"';
    for (uint64_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        const char *found = byte ? strchr(meant, byte) : NULL;
        if (found) {
            *out++ = '\\';
            *out++ = letters[found - meant];
        } else if ((unsigned char)byte < 0x20) {
            memcpy(out, "\\u00", 4);
            out[4] = digits[byte >> 4];
            out[5] = digits[byte & 0xF];
            out += 6;
        } else {
            *out++ = byte;
        }
    }
    *out++ = '"';
    return out;
}

static char *write_name(char *out, kith_text name)
{
    if (needs_quotes(name))
        return write_quoted(out, name);
    memcpy(out, name.data, name.length);
    return out + name.length;
}

/* ---- segments ---- */

struct cutter {
    struct kithp_path path;
    char *scratch; /* for a name */
    char *begin;   /* of the segment that is being written */
    char *out;
    int names; /* of that */
};

static bool is_at_list(const struct kithp_path *path)
{
    return path->end - path->at >= 2 && path->at[0] == '[' && path->at[1] == ']';
}

/* Puts an end to the segment at its brackets. */
static bool end_list(struct cutter *cutter, struct kithp_source_segments *segments)
{
    if (segments->list_count == KITHP_SOURCE_LISTS_MOST) {
        cutter->path.words = "expected at most 4 lists within one another";
        return false;
    }
    segments->lists[segments->list_count++] = (kith_text){cutter->begin, (uint64_t)(cutter->out - cutter->begin)};
    cutter->begin = cutter->out;
    cutter->names = 0;
    cutter->path.at += 2;
    return true;
}

/* Reads a name, and the brackets behind it if there are some. False at the end, and where there is a fault. */
static bool cut_name(struct cutter *cutter, struct kithp_source_segments *segments)
{
    struct kithp_path *path = &cutter->path;
    if (cutter->names++ == KITHP_PATH_NAMES_MOST) {
        path->words = "expected no more names";
        return false;
    }
    kith_text name = {cutter->scratch, kithp_path_read_name(path, cutter->scratch)};
    if (path->words)
        return false;
    if (cutter->out > cutter->begin)
        *cutter->out++ = '.';
    cutter->out = write_name(cutter->out, name);
    if (is_at_list(path) && !end_list(cutter, segments))
        return false;
    if (path->at < path->end && *path->at == '[') {
        path->words = "expected [] for each element of a list, or a dot and the number of one";
        return false;
    }
    return kithp_path_next(path);
}

bool kithp_source_read_segments(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                                struct kithp_source_segments *segments)
{
    size_t length = part->text.length;
    char *room = kithp_source_take(reader, 2, length);
    *segments = (struct kithp_source_segments){.list_count = 0};
    if (!room)
        return false;
    struct cutter cutter = {
        .path = {part->text.data, part->text.data + length, NULL},
        .scratch = room,
        .begin = room + length,
        .out = room + length,
    };
    while (cut_name(&cutter, segments)) {
    }
    if (cutter.path.words) {
        refuse_at(reader, field, part, cutter.path.at, cutter.path.words);
        return false;
    }
    segments->rest = (kith_text){cutter.begin, (uint64_t)(cutter.out - cutter.begin)};
    return true;
}

/* ---- paths of a scope ---- */

/* The number of a path among others; as many as there are where it is none of them. */
static uint32_t find_path(const struct kithp_source_paths *paths, kith_text path)
{
    uint32_t number = 0;
    while (number < paths->count && !kithp_text_equal(paths->paths[number].path, path))
        number++;
    return number;
}

static bool add_to(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *written,
                   kith_text path, uint32_t most, struct kithp_source_paths *paths, uint32_t *number)
{
    *number = find_path(paths, path);
    if (*number < paths->count)
        return true;
    if (*number >= most) {
        kithp_source_report(reader, written, field, written->text,
                            "expected at most %d different paths of a row, its lists among them, as many of an element "
                            "of a list, and as many of the document",
                            KITHP_SOURCE_PATHS_MOST);
        return false;
    }
    if (!paths->paths)
        paths->paths = kithp_source_take(reader, KITHP_SOURCE_PATHS_MOST, sizeof *paths->paths);
    if (!paths->paths)
        return false;
    paths->paths[paths->count++] =
        (struct kithp_source_path){kithp_source_keep(reader, written->text), path, written->line, written->column};
    return reader->has_memory;
}

/* The lists of events have their paths in the row as well. */
static uint32_t lists_in_row(const struct kithp_source_reader *reader)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < reader->event_count; i++)
        count += reader->lists[i] != NULL;
    return count;
}

static bool add_to_row(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *written,
                       kith_text path, struct kithp_source_part *part)
{
    part->scope = KITHP_SOURCE_ROW;
    return add_to(reader, field, written, path, KITHP_SOURCE_PATHS_MOST - lists_in_row(reader), &reader->source->row,
                  &part->path);
}

/* ---- lists ---- */

static struct kithp_source_list *new_lists(struct kithp_source_reader *reader, uint32_t event, kith_text field,
                                           const struct kithp_ini_part *written)
{
    if (reader->source->row.count + lists_in_row(reader) >= KITHP_SOURCE_PATHS_MOST) {
        kithp_source_report(reader, written, field, written->text,
                            "expected at most %d different paths of a row, its lists among them",
                            KITHP_SOURCE_PATHS_MOST);
        return NULL;
    }
    struct kithp_source_list *lists = kithp_source_take(reader, KITHP_SOURCE_LISTS_MOST, sizeof *lists);
    reader->lists[event] = lists;
    reader->source->events[event].lists = lists;
    reader->list_lines[event] = written->line;
    return lists;
}

static bool add_to_lists(struct kithp_source_reader *reader, uint32_t event, kith_text field,
                         const struct kithp_ini_part *written, const struct kithp_source_segments *segments,
                         struct kithp_source_part *part)
{
    struct kithp_source_list *lists = reader->lists[event];
    if (!lists)
        lists = new_lists(reader, event, field, written);
    if (!lists)
        return false;
    uint32_t *count = &reader->source->events[event].list_count;
    for (uint32_t i = 0; i < segments->list_count; i++) {
        if (i == *count)
            lists[(*count)++].path = segments->lists[i];
        if (kithp_text_equal(lists[i].path, segments->lists[i]))
            continue;
        kithp_source_report(reader, written, field, written->text,
                            "expected the lists that the event has on line %llu: it goes along these alone",
                            (unsigned long long)reader->list_lines[event]);
        return false;
    }
    part->scope = KITHP_SOURCE_ELEMENT;
    part->list = segments->list_count - 1;
    kith_text rest = segments->rest.length > 0 ? segments->rest : KITHP_TEXT(".");
    return add_to(reader, field, written, rest, KITHP_SOURCE_PATHS_MOST, &lists[part->list].paths, &part->path);
}

/* ---- paths of the document ---- */

static bool begins_with_names(kith_text path, kith_text names)
{
    return path.length >= names.length && memcmp(path.data, names.data, names.length) == 0 &&
           (path.length == names.length || path.data[names.length] == '.');
}

/* What stands behind "document.", where rows have a document around them; else an empty text. */
static kith_text in_document(const struct kithp_source_reader *reader, kith_text written)
{
    kith_text word = KITHP_TEXT("document");
    bool is_document = reader->source->format == KITH_FORMAT_JSON && begins_with_names(written, word);
    if (!is_document)
        return KITHP_SOURCE_NOTHING;
    return (kith_text){written.data + word.length, written.length - word.length};
}

static bool add_to_document(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *written,
                            const char *begin, struct kithp_source_part *part)
{
    struct kithp_ini_part path = kithp_source_part_at(written, begin, written->text.data + written->text.length);
    kith_text rows = reader->source->rows, array = {rows.data, rows.length - 2};
    struct kithp_source_segments segments;
    const char *words = NULL;
    if (array.length == 0)
        words =
            "expected rows in [source], as a document that is an array has no members; or quotes around a row's member "
            "of this name";
    else if (!kithp_source_read_segments(reader, field, &path, &segments))
        return false;
    else if (segments.list_count > 0)
        words = "expected no list of the document; each row is an element of its rows";
    else if (begins_with_names(array, segments.rest) || begins_with_names(segments.rest, array))
        words = "expected what neither holds the rows nor lies in them; a row's own paths begin in it";
    if (words) {
        kithp_source_report(reader, written, field, written->text, "%s", words);
        return false;
    }
    part->scope = KITHP_SOURCE_DOCUMENT;
    return add_to(reader, field, written, segments.rest, KITHP_SOURCE_PATHS_MOST, &reader->source->document,
                  &part->path);
}

/* ---- paths of either form ---- */

static bool add_column(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *written,
                       struct kithp_source_part *part)
{
    const char *quote = memchr(written->text.data, '"', written->text.length);
    if (quote && quote != written->text.data) {
        refuse_at(reader, field, written, quote, "expected quotes around the whole name");
        return false;
    }
    kith_text header;
    return kithp_source_unquote(reader, field, written, &header) && add_to_row(reader, field, written, header, part);
}

/* Without a format, a path must mean the same in CSV and in JSON. */
static bool is_for_both(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *written)
{
    for (uint64_t i = 0; i < written->text.length; i++) {
        const char *at = written->text.data + i;
        if (*at != '"' && *at != '[' && *at != ']')
            continue;
        refuse_at(reader, field, written, at,
                  *at == '"' ? "expected a format in [source]: CSV and JSON do not mean the same by quotes"
                             : "expected a format in [source]: JSON alone has lists");
        return false;
    }
    return true;
}

bool kithp_source_add_path(struct kithp_source_reader *reader, uint32_t event, kith_text field,
                           const struct kithp_ini_part *written, struct kithp_source_part *part)
{
    if (!reader->format_is_known)
        return true; /* it cannot be judged; nothing will come of the description anyway */
    uint32_t format = reader->source->format;
    if (format == KITH_FORMAT_CSV)
        return add_column(reader, field, written, part);
    if (format == KITH_FORMAT_ANY && !is_for_both(reader, field, written))
        return false;
    kith_text behind = in_document(reader, written->text);
    if (behind.length > 0)
        return add_to_document(reader, field, written, behind.data + 1, part);
    if (behind.data) {
        kithp_source_report(reader, written, field, written->text,
                            "expected a dot and a path in the document, or quotes around a row's member of this name");
        return false;
    }
    struct kithp_source_segments segments;
    if (!kithp_source_read_segments(reader, field, written, &segments))
        return false;
    if (segments.list_count == 0)
        return add_to_row(reader, field, written, segments.rest, part);
    if (event != KITHP_SOURCE_NO_EVENT)
        return add_to_lists(reader, event, field, written, &segments, part);
    kithp_source_report(reader, written, field, written->text, "expected a path of the row, without a list");
    return false;
}
