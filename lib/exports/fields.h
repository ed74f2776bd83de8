/* SPDX-License-Identifier: MIT */
/* What the fields of an event are read from: the values of a row, by the numbers of a description's paths. */
#ifndef KITHP_EXPORTS_FIELDS_H
#define KITHP_EXPORTS_FIELDS_H

#include "base/arena.h"
#include "exports/json.h"
#include "sources/source.h"

/* Stands for no event. */
enum { KITHP_FIELDS_NOWHERE = KITHP_SOURCE_EVENTS_MOST };

/*
 * Values are those that JSON has. A field of CSV is a string, missing where its column is; an escaped one has doubled
 * quotes for escapes.
 */
struct kithp_fields {
    const kith_allocator *allocator;
    bool csv;
    struct kithp_arena *kept;                /* where a text is written that does not stand there as it is meant */
    const struct kithp_json_value *document; /* around the row; their text is gone with the next row */
    uint32_t document_kept;                  /* of its paths, those whose text has been put where it lasts: here */
    kith_text kept_texts[KITHP_JSON_PATHS_MOST];
    uint32_t listed; /* the event whose lists are gone along, or KITHP_FIELDS_NOWHERE */
    struct kithp_json_value row[KITHP_JSON_PATHS_MOST];
    struct kithp_json_value elements[KITHP_SOURCE_LISTS_MOST][KITHP_JSON_PATHS_MOST]; /* where its lists are */
    char *joined; /* of parts, until the next one is */
    size_t joined_capacity;
};

void kithp_fields_init(struct kithp_fields *fields, const kith_allocator *allocator);
void kithp_fields_free(struct kithp_fields *fields);

/* From here on, texts that last lie elsewhere, or the document is another one. */
static inline void kithp_fields_forget_document(struct kithp_fields *fields)
{
    fields->document_kept = 0;
}

/* What a field was found to be. */
struct kithp_field_text {
    kith_text text; /* as it is meant, which lives as long as the row's text, or `kept`; empty where it is not there */
    bool odd;       /* an array or object, as it stands, which is of no use */
    bool padded;    /* KITHP_WORDS_BEHIND bytes behind it can be read */
};

/* Whether a value is there: not null, nor an empty text. */
static inline bool kithp_fields_is_there(const struct kithp_json_value *value)
{
    return value->type > KITHP_JSON_NULL && (value->type != KITHP_JSON_STRING || value->text.length > 0);
}

/* What is more than a path of the row whose text stands there as it is meant. */
bool kithp_fields_find_any(struct kithp_fields *fields, uint32_t event, const struct kithp_source_value *value,
                           bool lasts, struct kithp_field_text *found);

/*
 * Finds a field of an event, by number. What does not last is gone with the next row or the next field. False where
 * there is no memory.
 */
static inline bool kithp_fields_find(struct kithp_fields *fields, uint32_t event,
                                     const struct kithp_source_value *value, bool lasts, struct kithp_field_text *found)
{
    const struct kithp_source_part *part = value->parts;
    if (value->part_count != 1 || part->sort != KITHP_SOURCE_PATH || part->scope != KITHP_SOURCE_ROW ||
        fields->row[part->path].escaped)
        return kithp_fields_find_any(fields, event, value, lasts, found);
    const struct kithp_json_value *given = &fields->row[part->path];
    found->text = given->text;
    if (!kithp_fields_is_there(given))
        found->text.length = 0;
    found->odd = given->type >= KITHP_JSON_ARRAY;
    found->padded = true;
    return true;
}

/* The same of a part of the row or the document, which is a path. */
bool kithp_fields_find_part(struct kithp_fields *fields, const struct kithp_source_part *part,
                            struct kithp_field_text *found);

#endif
