/* SPDX-License-Identifier: MIT */
/* Which format an export has, by its first bytes; and what reading all formats shares. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "exports/mistaken.h"
#include "inspect/rows.h"

bool kithp_inspect_fail(struct kithp_inspect_rows *rows, kith_status status, const char *words, ...)
{
    va_list arguments;
    va_start(arguments, words);
    vsnprintf(rows->words, sizeof rows->words, words, arguments);
    va_end(arguments);
    rows->status = status;
    return false;
}

bool kithp_inspect_fail_memory(struct kithp_inspect_rows *rows)
{
    return kithp_inspect_fail(rows, KITH_NO_MEMORY, "not enough memory");
}

bool kithp_inspect_more(struct kithp_inspect_rows *rows, bool *more)
{
    enum kithp_sample_outcome outcome = kithp_sample_more(rows->sample);
    *more = outcome == KITHP_SAMPLE_MORE;
    if (outcome != KITHP_SAMPLE_FAILED)
        return true;
    return kithp_inspect_fail(rows, rows->sample->status, "%s", rows->sample->words);
}

/* ---- NDJSON or a document ---- */

enum { LINES_TRIED = 10 };

static uint64_t skip_blanks(kith_text text, uint64_t at)
{
    while (at < text.length && kithp_json_is_blank(text.data[at]))
        at++;
    return at;
}

static kith_text line_at(kith_text text, uint64_t at)
{
    const char *begin = text.data + at;
    const char *end = at < text.length ? memchr(begin, '\n', text.length - at) : NULL;
    return (kith_text){begin, end ? (uint64_t)(end - begin) : text.length - at};
}

static bool is_whole(kith_text line)
{
    struct kithp_json_value value;
    size_t length = kithp_json_read_any(line, KITHP_JSON_DEPTH_MOST, &value);
    return length > 0 && value.type == KITHP_JSON_OBJECT && skip_blanks(line, length) == line.length;
}

/* Whether a line is right as far as it goes: that of a document which goes on behind it. */
static bool begins_document(kith_text line)
{
    struct kithp_json_check check;
    kithp_json_check_init(&check, KITHP_JSON_DEPTH_MOST, 0);
    for (uint64_t i = 0; i < line.length; i++) {
        enum kithp_json_step step = kithp_json_check_byte(&check, line.data[i]);
        if (step == KITHP_JSON_ENDED_BEFORE)
            step = kithp_json_check_byte(&check, line.data[i]);
        if (step == KITHP_JSON_FAULT)
            return false;
    }
    return check.depth > 0;
}

/* A single object is a document where most of it is an array of at least two that could be rows. */
static bool is_single_document(struct kithp_inspect_rows *rows, kith_text object)
{
    struct kithp_inspect_found found;
    if (rows->single != KITH_FORMAT_ANY)
        return rows->single == KITH_FORMAT_JSON;
    kithp_inspect_find_rows(object, rows->found_path, sizeof rows->found_path, &found);
    return found.objects >= 2 && 2 * found.bytes >= object.length;
}

static bool has_whole_line(kith_text text, uint64_t at)
{
    for (int i = 0; i < LINES_TRIED && at < text.length; i++) {
        kith_text line = line_at(text, at);
        if (is_whole(line))
            return true;
        at = skip_blanks(text, at + line.length);
    }
    return false;
}

static uint32_t format_of_objects(struct kithp_inspect_rows *rows, kith_text text, uint64_t at)
{
    kith_text line = line_at(text, at);
    uint64_t behind = skip_blanks(text, at + line.length);
    if (is_whole(line) && behind == text.length)
        return is_single_document(rows, line) ? KITH_FORMAT_JSON : KITH_FORMAT_NDJSON;
    if (is_whole(line))
        return KITH_FORMAT_NDJSON;
    return !begins_document(line) && has_whole_line(text, behind) ? KITH_FORMAT_NDJSON : KITH_FORMAT_JSON;
}

/* ---- the whole ---- */

/* Gets text until there are two lines of it, or as much as one may have. */
static bool get_lines(struct kithp_inspect_rows *rows)
{
    for (bool more = true; more;) {
        kith_text text = kithp_sample_text(rows->sample);
        uint64_t at = skip_blanks(text, 0);
        kith_text line = line_at(text, at);
        if (text.length > KITHP_INSPECT_ROW_MOST || skip_blanks(text, at + line.length) < text.length)
            return true;
        if (!kithp_inspect_more(rows, &more))
            return false;
    }
    return true;
}

uint32_t kithp_inspect_format(struct kithp_inspect_rows *rows)
{
    if (!get_lines(rows))
        return KITH_FORMAT_ANY;
    kith_text text = kithp_sample_text(rows->sample);
    const char *words = kithp_mistaken_for(text);
    if (words) {
        kithp_inspect_fail(rows, KITH_BAD_EXPORT, "%s", words);
        return KITH_FORMAT_ANY;
    }
    if (text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        kithp_sample_take(rows->sample, 3);
    text = kithp_sample_text(rows->sample);
    uint64_t at = skip_blanks(text, 0);
    if (at == text.length) {
        kithp_inspect_fail(rows, KITH_BAD_EXPORT, "is empty");
        return KITH_FORMAT_ANY;
    }
    if (text.data[at] == '[')
        return KITH_FORMAT_JSON;
    return text.data[at] == '{' ? format_of_objects(rows, text, at) : KITH_FORMAT_CSV;
}
