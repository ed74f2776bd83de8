/* SPDX-License-Identifier: MIT */
/* A source description that was guessed, with what was guessed in its comments. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/writer.h"
#include "inspect/naming.h"
#include "inspect/paths.h"
#include "inspect/view.h"
#include "sources/time_pattern.h"

enum { BUFFER = 4096, LINE = 512, COMMENT_COLUMN = 36 };

static void print(struct kithp_writer *writer, const char *format, ...) KITHP_FORMAT(2, 3);

static void print(struct kithp_writer *writer, const char *format, ...)
{
    char line[LINE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length > 0)
        kithp_writer_bytes(writer, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

static void text(struct kithp_writer *writer, kith_text bytes)
{
    kithp_writer_bytes(writer, bytes.data, bytes.length);
}

/* As far as each character takes one: bytes that go on with one are not counted. */
static uint64_t columns_of(kith_text bytes)
{
    uint64_t columns = 0;
    for (uint64_t i = 0; i < bytes.length; i++)
        columns += ((unsigned char)bytes.data[i] & 0xC0) != 0x80;
    return columns;
}

/* Spaces up to where comments begin, one at least. */
static void pad(struct kithp_writer *writer, uint64_t used)
{
    do
        kithp_writer_string(writer, " ");
    while (++used < COMMENT_COLUMN);
}

/* ---- [source] ---- */

static const char *delimiter_word(uint32_t delimiter)
{
    switch (delimiter) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case '|':
        return "pipe";
    default:
        return "space";
    }
}

static void write_source(const struct kithp_view *view, struct kithp_writer *writer)
{
    static const char *const formats[] = {
        [KITH_FORMAT_CSV] = "csv", [KITH_FORMAT_NDJSON] = "ndjson", [KITH_FORMAT_JSON] = "json"};
    const kith_inspection_info *info = &view->info;
    print(writer, "[source]\nformat = %s\n", formats[info->format]);
    if (info->format == KITH_FORMAT_JSON) {
        kithp_writer_string(writer, "rows = ");
        text(writer, info->rows_path);
        kithp_writer_string(writer, "\n");
    }
    if (info->format == KITH_FORMAT_CSV)
        print(writer, "delimiter = %s\n", delimiter_word(info->delimiter));
    if (view->times.length == 0)
        return;
    kithp_writer_string(writer, "times = ");
    text(writer, view->times);
    kithp_writer_string(writer, "\n");
    if (info->other_times.length > 0) {
        kithp_writer_string(writer, "; these read the times as well, and tell other days:\n; times = ");
        text(writer, info->other_times);
        kithp_writer_string(writer, "\n");
    }
    if (memchr(view->times.data, '%', view->times.length) && !kithp_time_pattern_carries_zone(view->times))
        kithp_writer_string(writer, "; zone = +00:00 ; their clock, no summer time; else the policy's utc_offset\n");
}

/* ---- [event] ---- */

static void write_comment(struct kithp_writer *writer, kith_text words)
{
    kithp_writer_string(writer, "; ");
    text(writer, words);
    kithp_writer_string(writer, "\n");
}

static void write_others(const struct kithp_view_field *field, const char *name, struct kithp_writer *writer)
{
    for (int i = 0; i < KITHP_GUESS_OTHERS_MOST && field->others[i].length > 0; i++) {
        print(writer, "; %s = ", name);
        text(writer, field->others[i]);
        pad(writer, strlen(name) + 5 + columns_of(field->others[i]));
        kithp_writer_string(writer, "; might be it as well\n");
    }
}

static void write_field(const struct kithp_view *view, uint32_t which, const char *name, struct kithp_writer *writer)
{
    const struct kithp_view_field *field = &view->guessed[which];
    if (field->path.length == 0)
        return;
    print(writer, "%s = ", name);
    text(writer, field->path);
    pad(writer, strlen(name) + 3 + columns_of(field->path));
    write_comment(writer, field->why);
    write_others(field, name, writer);
}

static void write_event(const struct kithp_view *view, struct kithp_writer *writer)
{
    kithp_writer_string(writer, "\n[event]\n");
    if (view->guessed[KITH_FIELD_TIME].path.length == 0)
        kithp_writer_string(writer, "; time =  no field looks like it: name the one that tells when it happened\n");
    write_field(view, KITH_FIELD_TIME, "time", writer);
    if (view->guessed[KITH_FIELD_MEMBER].path.length == 0)
        kithp_writer_string(writer, "; member =  no field looks like it: name the one that tells who did it\n");
    write_field(view, KITH_FIELD_MEMBER, "member", writer);
    if (view->info.one_kind.length > 0) {
        kithp_writer_string(writer, "; no field looks like the kind: all rows are taken for the same\nkind = '");
        text(writer, view->info.one_kind);
        kithp_writer_string(writer, "'\n");
    }
    write_field(view, KITH_FIELD_KIND, "kind", writer);
    write_field(view, KITH_FIELD_TARGET, "target", writer);
    write_field(view, KITH_FIELD_QUANTITY, "quantity", writer);
    write_field(view, KITH_FIELD_ID, "id", writer);
}

/* ---- [kinds] ---- */

/* Whether something in a name would mean something else in a key. */
static bool needs_quotes(kith_text name)
{
    for (uint64_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        bool is_end = i == 0 || i + 1 == name.length;
        if ((unsigned char)byte < 0x20 || byte == 0x7F || memchr("=;\"'", byte, 4) ||
            (is_end && kithp_text_is_blank(byte)) || (i == 0 && (byte == '[' || byte == '#')))
            return true;
    }
    return false;
}

/* The key that a kind of this name is like; * and ? stand as they are. */
static size_t pattern_of(kith_text name, char *out)
{
    if (needs_quotes(name))
        return kithp_inspect_write_quoted(out, name);
    memcpy(out, name.data, (size_t)name.length);
    return (size_t)name.length;
}

static bool stands_for_itself(const kith_inspected_kind *kind)
{
    return kithp_text_equal(kind->name, kind->kind);
}

static void write_kind(const kith_inspected_kind *kind, struct kithp_writer *writer)
{
    char pattern[KITHP_INSPECT_QUOTED_MOST * KITHP_DISTINCT_BYTES + 2];
    bool is_known = kind->kind.length > 0;
    if (!kithp_text_is_utf8(kind->name))
        return;
    size_t length = pattern_of(kind->name, pattern);
    kithp_writer_string(writer, is_known ? "" : "; ");
    kithp_writer_bytes(writer, pattern, length);
    kithp_writer_string(writer, is_known ? " = " : " =");
    text(writer, kind->kind);
    pad(writer, columns_of((kith_text){pattern, length}) + (is_known ? 3 : 4) + kind->kind.length);
    print(writer, "; %" PRIu64 " %s\n", kind->count, kind->count == 1 ? "row" : "rows");
}

static void write_kinds_if(const struct kithp_view *view, bool known, struct kithp_writer *writer)
{
    for (uint32_t i = 0; i < view->info.kinds; i++)
        if ((view->kinds[i].kind.length > 0) == known)
            write_kind(&view->kinds[i], writer);
}

static bool has_unknown_kind(const struct kithp_view *view)
{
    for (uint32_t i = 0; i < view->info.kinds; i++)
        if (view->kinds[i].kind.length == 0)
            return true;
    return false;
}

static void write_kinds(const struct kithp_view *view, struct kithp_writer *writer)
{
    bool all_own = true;
    for (uint32_t i = 0; i < view->info.kinds; i++)
        all_own = all_own && stands_for_itself(&view->kinds[i]);
    /* Those of the policy need no line. */
    if (all_own)
        return;
    kithp_writer_string(writer,
                        "\n; kinds of the export = kinds of the default policy that they seem to be like\n[kinds]\n");
    write_kinds_if(view, true, writer);
    if (!has_unknown_kind(view))
        return;
    kithp_writer_string(writer, "\n; None is like these: name a kind behind each, or give your policy a section\n"
                                "; [kind NAME]; or leave them out on purpose, as below.\n");
    write_kinds_if(view, false, writer);
}

/* ---- the whole ---- */

static void write_ignore(const struct kithp_view *view, struct kithp_writer *writer)
{
    const bool has_unknown = has_unknown_kind(view);
    if (view->bot.length == 0 && !has_unknown)
        return;
    kithp_writer_string(writer, "\n; without the marks before these lines, such rows are left out on purpose\n"
                                "; [ignore]\n");
    if (view->bot.length > 0) {
        kithp_writer_string(writer, "; ");
        text(writer, view->bot);
        kithp_writer_string(writer, " = true ; those of bots, it seems\n");
    }
    if (has_unknown)
        kithp_writer_string(writer, "; kind = ping heartbeat* ; kinds, by names and patterns\n");
}

bool kithp_view_describe(const struct kithp_view *view, kith_write_fn write, void *context)
{
    char buffer[BUFFER];
    struct kithp_writer writer = {write, context, buffer, sizeof buffer, 0, false};
    print(&writer,
          "; How these exports are read, as kith %s guessed from %" PRIu64 " %s.\n"
          "; Look it through: docs/sources.md says what else can stand here.\n\n",
          kith_version(), view->info.rows, view->info.rows == 1 ? "row" : "rows");
    write_source(view, &writer);
    write_event(view, &writer);
    write_kinds(view, &writer);
    write_ignore(view, &writer);
    return kithp_writer_finish(&writer);
}
