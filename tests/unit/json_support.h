/* SPDX-License-Identifier: MIT */
/* Trees of paths; a second reader of JSON, slow and plain, to compare with; and texts made up by chance. */
#ifndef KITH_TESTS_JSON_SUPPORT_H
#define KITH_TESTS_JSON_SUPPORT_H

#include "support.h"

#include "exports/json.h"

/* Of paths that are right, with memory that is begun anew. */
struct kithp_json_tree tree_of(struct memory *memory, const char *const *paths, size_t count);

/* ---- the slow reader ---- */

/* A value as the slow reader found it. */
struct plain_value {
    enum kithp_json_type type;
    size_t begin; /* in the text, its quotes included */
    size_t end;
    bool escaped;
    unsigned lones; /* escapes of half a surrogate pair alone */
    char *bytes;    /* what a string means */
    size_t length;
    struct plain_value *names; /* of an object's members */
    struct plain_value *parts; /* values of members, or elements */
    size_t count;
};

struct plain_fault {
    size_t offset;
    char words[96]; /* empty where there is none */
};

/* Reads the value that begins at *at, behind blanks, and sets *at behind it. NULL where there is a fault. */
struct plain_value *plain_read_first(kith_text text, size_t *at, uint32_t depth, struct plain_fault *fault);

/* The same for all of a text. */
struct plain_value *plain_read(kith_text text, uint32_t depth, struct plain_fault *fault);
void plain_free(struct plain_value *value);

/* What a path without quotes leads to; NULL where it is missing. */
const struct plain_value *plain_find(const struct plain_value *value, const char *path);

/* Fails unless they are the same value of this text; plain is NULL for a missing one. */
void assert_json_value(const struct kithp_json_value *value, const struct plain_value *plain, kith_text text);

/* ---- by chance ---- */

struct made {
    char bytes[4096];
    size_t length;
};

/* Adds a value that is right, with names "a", "b", "cc" and the like, nested up to `depth` deep. */
void made_value(struct made *made, uint64_t *luck, uint32_t depth);
void made_byte(struct made *made, char byte);
void made_string(struct made *made, const char *string);
void made_blanks(struct made *made, uint64_t *luck);

/* Changes a byte, adds one or takes one out. */
void made_mutate(struct made *made, uint64_t *luck);

#endif
