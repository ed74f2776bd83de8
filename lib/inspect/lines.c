/* SPDX-License-Identifier: MIT */
/* Rows of NDJSON, and what a JSON value holds. */
#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "inspect/rows.h"

/* ---- values ---- */

static bool resolve(struct kithp_inspect_rows *rows, const struct kithp_json_value *string, kith_text *text)
{
    *text = string->text;
    if (!string->escaped)
        return true;
    void *scratch = rows->scratch;
    bool grown =
        kithp_alloc_grow(rows->fields->allocator, &scratch, &rows->scratch_room, (size_t)string->text.length, 1);
    rows->scratch = scratch;
    if (!grown)
        return kithp_inspect_fail_memory(rows);
    *text = (kith_text){rows->scratch, kithp_json_unescape(string, rows->scratch)};
    return true;
}

/* The object's members, or an array's elements by their numbers, as the fields of a row. */
static bool look_at_members(struct kithp_inspect_rows *rows, uint32_t parent, const struct kithp_json_value *object)
{
    struct kithp_json_members members;
    struct kithp_json_value name, value;
    kithp_json_members_begin(&members, object);
    while (kithp_json_members_next(&members, &name, &value)) {
        kith_text text;
        uint32_t field;
        if (!resolve(rows, &name, &text))
            return false;
        if (!kithp_inspect_fields_name(rows->fields, parent, text, &field))
            return kithp_inspect_fail_memory(rows);
        if (field && !kithp_inspect_json_value(rows, field, &value))
            return false;
    }
    return true;
}

static bool look_at_places(struct kithp_inspect_rows *rows, const struct kithp_json_value *array)
{
    struct kithp_json_elements elements;
    struct kithp_json_value value;
    kithp_json_elements_begin(&elements, array);
    for (uint64_t number = 0; kithp_json_elements_next(&elements, &value); number++) {
        char name[KITHP_NUMBER_ROOM];
        uint32_t field;
        kith_text text = {name, kithp_number_format(name, number)};
        if (!kithp_inspect_fields_name(rows->fields, KITHP_INSPECT_ROW, text, &field))
            return kithp_inspect_fail_memory(rows);
        if (field && !kithp_inspect_json_value(rows, field, &value))
            return false;
    }
    return true;
}

static bool look_at_list(struct kithp_inspect_rows *rows, uint32_t list, const struct kithp_json_value *array)
{
    struct kithp_json_elements elements;
    struct kithp_json_value value;
    uint64_t count = 0;
    uint32_t field = 0;
    kithp_json_elements_begin(&elements, array);
    for (; kithp_json_elements_next(&elements, &value); count++) {
        if (count == 0 && !kithp_inspect_fields_element(rows->fields, list, &field))
            return kithp_inspect_fail_memory(rows);
        if (field && !kithp_inspect_json_value(rows, field, &value))
            return false;
    }
    kithp_inspect_fields_list(rows->fields, list, count);
    return true;
}

bool kithp_inspect_json_value(struct kithp_inspect_rows *rows, uint32_t field, const struct kithp_json_value *value)
{
    kith_text text = {NULL, 0};
    if (value->type == KITHP_JSON_OBJECT) {
        kithp_inspect_fields_object(rows->fields, field);
        return look_at_members(rows, field, value);
    }
    if (value->type == KITHP_JSON_ARRAY)
        return look_at_list(rows, field, value);
    if (value->type == KITHP_JSON_STRING && !resolve(rows, value, &text))
        return false;
    if (value->type != KITHP_JSON_STRING && value->type != KITHP_JSON_NULL)
        text = value->text;
    return kithp_inspect_fields_value(rows->fields, field, text) || kithp_inspect_fail_memory(rows);
}

bool kithp_inspect_json_row(struct kithp_inspect_rows *rows, const struct kithp_json_value *value)
{
    rows->rows++;
    return value->type == KITHP_JSON_ARRAY ? look_at_places(rows, value)
                                           : look_at_members(rows, KITHP_INSPECT_ROW, value);
}

/* ---- lines ---- */

static bool is_blank(kith_text text)
{
    for (uint64_t i = 0; i < text.length; i++)
        if (!kithp_json_is_blank(text.data[i]))
            return false;
    return true;
}

static bool look_at_line(struct kithp_inspect_rows *rows, kith_text line)
{
    struct kithp_json_value value;
    if (is_blank(line))
        return true;
    size_t length = kithp_json_read_any(line, KITHP_JSON_DEPTH_MOST, &value);
    if (length > 0 && is_blank((kith_text){line.data + length, line.length - length}))
        return kithp_inspect_json_row(rows, &value);
    rows->refused++;
    return true;
}

/* Gets text until a line end is there; *line is empty where there is none, and so is what is left. */
static bool read_line(struct kithp_inspect_rows *rows, kith_text *line, bool *found)
{
    struct kithp_sample *sample = rows->sample;
    size_t looked_at = 0;
    for (bool more = true;;) {
        kith_text text = kithp_sample_text(sample);
        const char *end = text.length > looked_at ? memchr(text.data + looked_at, '\n', text.length - looked_at) : NULL;
        *found = true;
        *line = (kith_text){text.data, end ? (uint64_t)(end - text.data) : text.length};
        if (end || text.length > KITHP_INSPECT_ROW_MOST)
            return true;
        *found = !more && sample->at_end && text.length > 0;
        if (!more)
            return true;
        looked_at = (size_t)text.length;
        if (!kithp_inspect_more(rows, &more))
            return false;
    }
}

static void take_line(struct kithp_inspect_rows *rows, kith_text line)
{
    kith_text text = kithp_sample_text(rows->sample);
    kithp_sample_take(rows->sample, (size_t)line.length + (line.length < text.length));
}

/* Reads all lines of a piece of the text; of one from the middle of the file less the first, which is not whole. */
static bool read_piece(struct kithp_inspect_rows *rows, bool from_the_middle)
{
    for (bool whole = !from_the_middle;; whole = true) {
        kith_text line;
        bool found;
        if (!read_line(rows, &line, &found))
            return false;
        if (!found)
            return true;
        if (whole && !look_at_line(rows, line))
            return false;
        take_line(rows, line);
    }
}

bool kithp_inspect_lines(struct kithp_inspect_rows *rows)
{
    bool done = read_piece(rows, false);
    while (done && kithp_sample_next(rows->sample))
        done = read_piece(rows, true);
    return done;
}
