/* SPDX-License-Identifier: MIT */
#include "exports/fields.h"

#include <string.h>

#include "base/alloc.h"
#include "exports/csv.h"

static const struct kithp_json_value missing = {.type = KITHP_JSON_MISSING};

void kithp_fields_init(struct kithp_fields *fields, const kith_allocator *allocator)
{
    *fields = (struct kithp_fields){.allocator = allocator, .listed = KITHP_FIELDS_NOWHERE};
}

void kithp_fields_free(struct kithp_fields *fields)
{
    kithp_alloc_free(fields->allocator, fields->joined);
    fields->joined = NULL;
}

/* ---- values ---- */

/* The value of a part of the row or of a list's element; NULL where it is the document's, or not there. */
static struct kithp_json_value *own_value(struct kithp_fields *fields, uint32_t event,
                                          const struct kithp_source_part *part)
{
    if (part->scope == KITHP_SOURCE_ROW)
        return &fields->row[part->path];
    if (part->scope == KITHP_SOURCE_DOCUMENT || fields->listed != event || event == KITHP_FIELDS_NOWHERE)
        return NULL;
    return &fields->elements[part->list][part->path];
}

static const struct kithp_json_value *value_of(struct kithp_fields *fields, uint32_t event,
                                               const struct kithp_source_part *part)
{
    const struct kithp_json_value *own = own_value(fields, event, part);
    if (own)
        return own;
    return part->scope == KITHP_SOURCE_DOCUMENT && fields->document ? &fields->document[part->path] : &missing;
}

static size_t unescape(const struct kithp_fields *fields, const struct kithp_json_value *value, char *out)
{
    struct kithp_csv_field field = {value->text, true};
    return fields->csv ? kithp_csv_unescape(&field, out) : kithp_json_unescape(value, out);
}

/* Writes a value where it lasts, as it is meant. */
static bool keep_value(const struct kithp_fields *fields, const struct kithp_json_value *value,
                       struct kithp_field_text *found)
{
    char *place = (char *)kithp_arena_take(fields->kept, value->text.length + KITHP_WORDS_BEHIND);
    if (!place)
        return false;
    size_t length = value->text.length;
    if (value->escaped)
        length = unescape(fields, value, place);
    else
        memcpy(place, value->text.data, length);
    memset(place + length, 0, value->text.length - length + KITHP_WORDS_BEHIND);
    found->text = (kith_text){place, length};
    return true;
}

/*
 * Text that does not stand there as it is meant is written once, however many events of a list, or rows of a document,
 * ask for it: a row of some MiB with a long text and a million elements would be written a million times.
 */
static bool find_own(struct kithp_fields *fields, struct kithp_json_value *value, struct kithp_field_text *found)
{
    if (!value->escaped)
        return true;
    if (!keep_value(fields, value, found))
        return false;
    value->text = found->text;
    value->escaped = value->lone = false;
    return true;
}

static bool find_of_document(struct kithp_fields *fields, uint32_t path, bool lasts, struct kithp_field_text *found)
{
    const struct kithp_json_value *value = &fields->document[path];
    if (!value->escaped && !lasts)
        return true;
    if ((fields->document_kept >> path & 1) == 0) {
        if (!keep_value(fields, value, found))
            return false;
        fields->kept_texts[path] = found->text;
        fields->document_kept |= UINT32_C(1) << path;
    }
    found->text = fields->kept_texts[path];
    return true;
}

/* Of a part whose value is there. */
static bool find_value(struct kithp_fields *fields, uint32_t event, const struct kithp_source_part *part, bool lasts,
                       struct kithp_field_text *found)
{
    const struct kithp_json_value *value = value_of(fields, event, part);
    found->odd = value->type >= KITHP_JSON_ARRAY;
    found->padded = true;
    found->text = value->text;
    struct kithp_json_value *own = own_value(fields, event, part);
    return own ? find_own(fields, own, found) : find_of_document(fields, part->path, lasts, found);
}

/* ---- parts that are joined ---- */

/* Of what is longer than `most`, only the beginning is told. */
static bool join(struct kithp_fields *fields, kith_text text, size_t most, size_t *length)
{
    bool behind = *length > 0;
    if (*length >= most)
        return true;
    if (text.length > most)
        text.length = most;
    if (!kithp_alloc_grow(fields->allocator, (void **)&fields->joined, &fields->joined_capacity,
                          *length + text.length + behind, 1))
        return false;
    if (behind)
        fields->joined[(*length)++] = '/';
    memcpy(fields->joined + *length, text.data, text.length);
    *length += text.length;
    return true;
}

/* The text of a part, empty where it is not there. */
static bool find_any(struct kithp_fields *fields, uint32_t event, const struct kithp_source_part *part, bool lasts,
                     struct kithp_field_text *found)
{
    *found = (struct kithp_field_text){.text = part->word};
    if (part->sort == KITHP_SOURCE_WORD)
        return true;
    const struct kithp_json_value *value = value_of(fields, event, part);
    if (!kithp_fields_is_there(value))
        found->text = (kith_text){NULL, 0};
    else if (part->sort == KITHP_SOURCE_PATH)
        return find_value(fields, event, part, lasts, found);
    return true;
}

/*
 * An alternative of several parts; one of which nothing can be made makes nothing of them all, and one that is not
 * there where the value is a whole. No kind is as long as what is kept of one; an id is the same only to its last byte.
 */
static bool find_joined(struct kithp_fields *fields, uint32_t event, const struct kithp_source_part *part,
                        bool is_whole, bool lasts, struct kithp_field_text *found)
{
    enum { KIND_KEPT = 1024 };
    const size_t most = is_whole ? SIZE_MAX : KIND_KEPT;
    size_t length = 0;
    for (bool last = false; !last; part++) {
        last = part->last;
        if (!find_any(fields, event, part, false, found))
            return false;
        if (is_whole && (found->odd || found->text.length == 0)) {
            *found = (struct kithp_field_text){.odd = false};
            return true;
        }
        if (found->odd)
            return true;
        if (found->text.length > 0 && !join(fields, found->text, most, &length))
            return false;
    }
    *found = (struct kithp_field_text){.text = {fields->joined, length}};
    const struct kithp_json_value value = {.text = found->text, .type = KITHP_JSON_STRING};
    return !lasts || keep_value(fields, &value, found);
}

/* ---- fields ---- */

bool kithp_fields_find_any(struct kithp_fields *fields, uint32_t event, const struct kithp_source_value *value,
                           bool lasts, struct kithp_field_text *found)
{
    *found = (struct kithp_field_text){.odd = false};
    for (uint32_t i = 0; i < value->part_count && found->text.length == 0; i++) {
        const struct kithp_source_part *part = &value->parts[i];
        bool fine = part->last ? find_any(fields, event, part, lasts, found)
                               : find_joined(fields, event, part, value->is_whole, lasts, found);
        if (!fine)
            return false;
        while (!value->parts[i].last)
            i++;
    }
    return true;
}

bool kithp_fields_find_part(struct kithp_fields *fields, const struct kithp_source_part *part,
                            struct kithp_field_text *found)
{
    return find_any(fields, KITHP_FIELDS_NOWHERE, part, false, found);
}
