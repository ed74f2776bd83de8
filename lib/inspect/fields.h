/* SPDX-License-Identifier: MIT */
/*
 * Which fields the rows of exports have, and what their values are like. There are so many of them at most, whatever
 * the exports hold: further ones are passed over.
 */
#ifndef KITHP_INSPECT_FIELDS_H
#define KITHP_INSPECT_FIELDS_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/index.h"
#include "inspect/distinct.h"
#include "inspect/moments.h"

/* How many fields there may be, names in a path, lists within one another, and bytes in a name. */
enum {
    KITHP_INSPECT_FIELDS_MOST = 4096,
    KITHP_INSPECT_NAMES_MOST = 16,
    KITHP_INSPECT_LISTS_MOST = 4,
    KITHP_INSPECT_NAME_BYTES = 256
};

/* The fields that are always there, which hold the others. 0 stands for no field. */
enum { KITHP_INSPECT_ROW = 1, KITHP_INSPECT_DOCUMENT = 2, KITHP_INSPECT_FIRST = 3 };

enum { KITHP_INSPECT_EXAMPLE_BYTES = 64 };

struct kithp_inspect_example {
    uint8_t length;
    char bytes[KITHP_INSPECT_EXAMPLE_BYTES];
};

struct kithp_inspect_field {
    uint32_t parent;
    uint32_t child; /* the first one, in the order in which they came */
    uint32_t last_child;
    uint32_t sibling;
    kith_text name;    /* as it is meant */
    bool is_element;   /* of a list: it has no name */
    bool is_document;  /* below the document around the rows */
    uint32_t names;    /* in its path, itself among them */
    uint32_t lists;    /* that it is in */
    uint64_t there;    /* values that are not empty */
    uint64_t elements; /* of its lists in all */
    uint64_t types[KITH_TYPES];
    int64_t lowest; /* of its whole numbers */
    int64_t highest;
    uint64_t longest; /* bytes of a value */
    struct kithp_distinct distinct;
    struct kithp_moments moments;
    uint32_t example_count;
    struct kithp_inspect_example examples[KITH_EXAMPLES_MOST];
};

struct kithp_inspect_fields {
    const kith_allocator *allocator;
    struct kithp_arena names;
    struct kithp_inspect_field *items;
    size_t count;
    size_t capacity;
    struct kithp_hash_key key;
    struct kithp_index index;
    bool passed_over; /* there were more than there may be */
    uint64_t rows;
};

/* False where there is no memory; it is to be freed all the same. The allocator must outlive it. */
bool kithp_inspect_fields_init(struct kithp_inspect_fields *fields, const kith_allocator *allocator);
void kithp_inspect_fields_free(struct kithp_inspect_fields *fields);

/*
 * The field of this name below another, or of a list's elements, which is made if it is not there. Sets 0 where it is
 * passed over. False where there is no memory.
 */
bool kithp_inspect_fields_name(struct kithp_inspect_fields *fields, uint32_t parent, kith_text name, uint32_t *field);
bool kithp_inspect_fields_element(struct kithp_inspect_fields *fields, uint32_t list, uint32_t *field);

/* The same for one that is there; 0 where it is not. */
uint32_t kithp_inspect_fields_find(const struct kithp_inspect_fields *fields, uint32_t parent, kith_text name);
uint32_t kithp_inspect_fields_find_element(const struct kithp_inspect_fields *fields, uint32_t list);

/* Counts a value, which may be empty. False where there is no memory. */
bool kithp_inspect_fields_value(struct kithp_inspect_fields *fields, uint32_t field, kith_text value);

/* Counts a list of so many elements, or an object. */
void kithp_inspect_fields_list(struct kithp_inspect_fields *fields, uint32_t number, uint64_t elements);
void kithp_inspect_fields_object(struct kithp_inspect_fields *fields, uint32_t number);

/* Of how many rows, or elements of a list, a field is one. */
uint64_t kithp_inspect_fields_of(const struct kithp_inspect_fields *fields, uint32_t number);

/* KITH_TYPE_…: what most of a field's values are. */
uint32_t kithp_inspect_fields_type(const struct kithp_inspect_field *field);

#endif
