/* SPDX-License-Identifier: MIT */
#include "inspect/fields.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "inspect/type.h"

bool kithp_inspect_fields_init(struct kithp_inspect_fields *fields, const kith_allocator *allocator)
{
    *fields = (struct kithp_inspect_fields){.allocator = allocator, .key = kithp_hash_random_key()};
    kithp_arena_init(&fields->names, allocator);
    kithp_index_init(&fields->index, allocator);
    void *items = NULL;
    if (!kithp_alloc_grow(allocator, &items, &fields->capacity, KITHP_INSPECT_FIRST, sizeof *fields->items))
        return false;
    fields->items = items;
    fields->count = KITHP_INSPECT_FIRST;
    memset(fields->items, 0, KITHP_INSPECT_FIRST * sizeof *fields->items);
    fields->items[KITHP_INSPECT_DOCUMENT].is_document = true;
    return true;
}

void kithp_inspect_fields_free(struct kithp_inspect_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        kithp_distinct_free(&fields->items[i].distinct, fields->allocator);
        kithp_moments_free(&fields->items[i].moments, fields->allocator);
    }
    kithp_alloc_free(fields->allocator, fields->items);
    kithp_index_free(&fields->index);
    kithp_arena_free(&fields->names);
    fields->items = NULL;
    fields->count = fields->capacity = 0;
}

/* ---- fields by name ---- */

static uint32_t tag_of(const struct kithp_inspect_fields *fields, uint32_t parent, kith_text name)
{
    struct kithp_hash_key key = fields->key;
    key.k1 ^= parent;
    return kithp_index_tag(kithp_hash_bytes(key, name.data, name.length));
}

static uint32_t find(const struct kithp_inspect_fields *fields, uint32_t tag, uint32_t parent, kith_text name,
                     bool is_element)
{
    struct kithp_index_walk walk = kithp_index_begin(&fields->index, tag);
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        const struct kithp_inspect_field *field = &fields->items[item];
        if (field->parent == parent && field->is_element == is_element && kithp_text_equal(field->name, name))
            return item;
    }
    return 0;
}

static bool is_past_limits(const struct kithp_inspect_fields *fields, uint32_t parent, kith_text name, bool is_element)
{
    const struct kithp_inspect_field *above = &fields->items[parent];
    return fields->count - KITHP_INSPECT_FIRST >= KITHP_INSPECT_FIELDS_MOST || name.length > KITHP_INSPECT_NAME_BYTES ||
           above->names + !is_element > KITHP_INSPECT_NAMES_MOST ||
           above->lists + is_element > KITHP_INSPECT_LISTS_MOST;
}

static bool copy_name(struct kithp_inspect_fields *fields, kith_text name, kith_text *copy)
{
    *copy = (kith_text){NULL, 0};
    if (name.length == 0)
        return true;
    unsigned char *bytes = kithp_arena_take(&fields->names, name.length);
    if (!bytes)
        return false;
    memcpy(bytes, name.data, name.length);
    *copy = (kith_text){(const char *)bytes, name.length};
    return true;
}

/* Behind those that its parent has. */
static void link_child(struct kithp_inspect_fields *fields, uint32_t parent, uint32_t number)
{
    struct kithp_inspect_field *above = &fields->items[parent];
    if (above->child)
        fields->items[above->last_child].sibling = number;
    else
        above->child = number;
    above->last_child = number;
}

static bool add(struct kithp_inspect_fields *fields, uint32_t tag, uint32_t parent, kith_text name, bool is_element,
                uint32_t *number)
{
    *number = 0;
    if (is_past_limits(fields, parent, name, is_element)) {
        fields->passed_over = true;
        return true;
    }
    void *items = fields->items;
    bool grown =
        kithp_alloc_grow(fields->allocator, &items, &fields->capacity, fields->count + 1, sizeof *fields->items);
    fields->items = items;
    kith_text copy;
    if (!grown || !copy_name(fields, name, &copy) || !kithp_index_add(&fields->index, tag, (uint32_t)fields->count))
        return false;
    *number = (uint32_t)fields->count++;
    const struct kithp_inspect_field *above = &fields->items[parent];
    fields->items[*number] = (struct kithp_inspect_field){
        .parent = parent,
        .name = copy,
        .is_element = is_element,
        .is_document = above->is_document,
        .names = above->names + !is_element,
        .lists = above->lists + is_element,
    };
    link_child(fields, parent, *number);
    return true;
}

bool kithp_inspect_fields_name(struct kithp_inspect_fields *fields, uint32_t parent, kith_text name, uint32_t *field)
{
    uint32_t tag = tag_of(fields, parent, name);
    *field = find(fields, tag, parent, name, false);
    return *field || add(fields, tag, parent, name, false, field);
}

bool kithp_inspect_fields_element(struct kithp_inspect_fields *fields, uint32_t list, uint32_t *field)
{
    const kith_text name = {NULL, 0};
    uint32_t tag = tag_of(fields, list, name);
    *field = find(fields, tag, list, name, true);
    return *field || add(fields, tag, list, name, true, field);
}

uint32_t kithp_inspect_fields_find(const struct kithp_inspect_fields *fields, uint32_t parent, kith_text name)
{
    return find(fields, tag_of(fields, parent, name), parent, name, false);
}

uint32_t kithp_inspect_fields_find_element(const struct kithp_inspect_fields *fields, uint32_t list)
{
    const kith_text name = {NULL, 0};
    return find(fields, tag_of(fields, list, name), list, name, true);
}

/* ---- values ---- */

static bool is_example(const struct kithp_inspect_field *field, kith_text value)
{
    for (uint32_t i = 0; i < field->example_count; i++)
        if (kithp_text_equal((kith_text){field->examples[i].bytes, field->examples[i].length}, value))
            return true;
    return false;
}

static void note_example(struct kithp_inspect_field *field, kith_text value)
{
    if (field->example_count == KITH_EXAMPLES_MOST)
        return;
    /* Cut at a whole character, as far as it is UTF-8. */
    if (value.length > KITHP_INSPECT_EXAMPLE_BYTES) {
        value.length = KITHP_INSPECT_EXAMPLE_BYTES;
        while (value.length > KITHP_INSPECT_EXAMPLE_BYTES - 4 && (value.data[value.length] & 0xC0) == 0x80)
            value.length--;
    }
    if (is_example(field, value))
        return;
    struct kithp_inspect_example *example = &field->examples[field->example_count++];
    example->length = (uint8_t)value.length;
    memcpy(example->bytes, value.data, value.length);
}

static void note_number(struct kithp_inspect_field *field, kith_text value)
{
    int64_t number;
    if (!kithp_type_read_whole(value, &number))
        return;
    bool first = field->types[KITH_TYPE_WHOLE] == 0;
    if (first || number < field->lowest)
        field->lowest = number;
    if (first || number > field->highest)
        field->highest = number;
}

bool kithp_inspect_fields_value(struct kithp_inspect_fields *fields, uint32_t number, kith_text value)
{
    struct kithp_inspect_field *field = &fields->items[number];
    uint32_t type = kithp_type_of(value);
    if (type == KITH_TYPE_EMPTY) {
        field->types[type]++;
        return true;
    }
    if (!kithp_distinct_add(&field->distinct, fields->allocator, value) ||
        !kithp_moments_add(&field->moments, fields->allocator, value, type))
        return false;
    if (type == KITH_TYPE_WHOLE)
        note_number(field, value);
    note_example(field, value);
    field->types[type]++;
    field->there++;
    if (value.length > field->longest)
        field->longest = value.length;
    return true;
}

void kithp_inspect_fields_list(struct kithp_inspect_fields *fields, uint32_t number, uint64_t elements)
{
    struct kithp_inspect_field *field = &fields->items[number];
    field->types[KITH_TYPE_LIST]++;
    field->there += elements > 0;
    field->elements += elements;
}

void kithp_inspect_fields_object(struct kithp_inspect_fields *fields, uint32_t number)
{
    struct kithp_inspect_field *field = &fields->items[number];
    field->types[KITH_TYPE_OBJECT]++;
    field->there++;
}

/* ---- what is known of a field ---- */

uint64_t kithp_inspect_fields_of(const struct kithp_inspect_fields *fields, uint32_t number)
{
    const struct kithp_inspect_field *field = &fields->items[number];
    while (!field->is_element && field->parent)
        field = &fields->items[field->parent];
    if (field->is_element)
        return fields->items[field->parent].elements;
    return field->is_document ? field->elements : fields->rows;
}

uint32_t kithp_inspect_fields_type(const struct kithp_inspect_field *field)
{
    uint32_t best = KITH_TYPE_EMPTY;
    uint64_t most = 0;
    for (uint32_t type = KITH_TYPE_BOOLEAN; type < KITH_TYPES; type++) {
        if (field->types[type] <= most)
            continue;
        most = field->types[type];
        best = type;
    }
    /* Times are written as texts or numbers. Of numbers, whether they are times hangs on names, too. */
    struct kithp_moments_span span;
    enum kithp_moments_notation notation = kithp_moments_best(&field->moments, &span);
    bool is_text = notation == KITHP_MOMENTS_ISO || notation == KITHP_MOMENTS_PATTERN;
    return is_text && best != KITH_TYPE_WHOLE && 2 * span.count > field->there ? KITH_TYPE_TIME : best;
}
