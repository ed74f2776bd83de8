/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON texts (RFC 8259): the whole text is checked, and the values under some paths are found in it.
 *
 * A text is refused unless it is what the grammar says to the last byte, in UTF-8 throughout. Two things that the
 * grammar leaves open: an escape may be one half of a surrogate pair without the other, as programs write that cut
 * texts within a character; and where a name is there twice in an object, the last one counts.
 */
#ifndef KITHP_EXPORTS_JSON_H
#define KITHP_EXPORTS_JSON_H

#include "exports/json_check.h"
#include "exports/json_tree.h"

/* How many bytes behind a text must be there to be read; what they are makes no difference. */
enum { KITHP_JSON_BEHIND = 64 };

enum kithp_json_type {
    KITHP_JSON_MISSING,
    KITHP_JSON_NULL,
    KITHP_JSON_FALSE,
    KITHP_JSON_TRUE,
    KITHP_JSON_NUMBER,
    KITHP_JSON_STRING,
    KITHP_JSON_ARRAY,
    KITHP_JSON_OBJECT
};

struct kithp_json_value {
    kith_text text; /* as it stands: that of a string less its quotes; empty where the value is missing */
    enum kithp_json_type type;
    bool escaped; /* a string with escapes */
    bool lone;    /* one of which is half a surrogate pair, which no UTF-8 can say */
};

/*
 * Reads a text that nests at most `depth` deep, which is KITHP_JSON_DEPTH_MOST at most. There is a value for each path
 * of the tree; their texts lie in the text. False where it is refused: fault then says why and values hold anything.
 */
bool kithp_json_read(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                     struct kithp_json_value *values, struct kithp_json_fault *fault);

/* As kithp_json_read(), for a text whose shape is not known, as kithp_json_read_known() has said. */
bool kithp_json_read_unknown(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                             struct kithp_json_value *values, struct kithp_json_fault *fault);

/*
 * Reads a value with more text behind it. Returns how many bytes it takes, with the blanks before it; 0 where it
 * is refused, or the text ends too early. A number that the text ends with might go on.
 */
size_t kithp_json_read_first(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                             struct kithp_json_value *values);

/*
 * The same, if its shape is known from what the tree has read before; 0 where it is not, or the value is refused. But
 * for its strings, there is no byte in it that was in none of those texts: no line feed, if they were lines.
 */
size_t kithp_json_read_known(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                             struct kithp_json_value *values);

/* As kithp_json_read_first(), for the value itself, whichever it is. */
size_t kithp_json_read_any(kith_text text, uint32_t depth, struct kithp_json_value *value);

/* Finds what a tree's paths lead to in a value that was found, as if that were a text of its own. */
void kithp_json_read_value(const struct kithp_json_tree *tree, const struct kithp_json_value *value,
                           struct kithp_json_value *values);

/*
 * What a string means, in UTF-8. out needs value->text.length bytes, and may be where the string lies. Half a surrogate
 * pair becomes U+FFFD; an escaped NUL is one byte like any other. Returns how many bytes it has.
 */
size_t kithp_json_unescape(const struct kithp_json_value *value, char *out);

/* The elements of an array that was found, one after the other. */
struct kithp_json_elements {
    const char *at; /* the next one, or the array's end */
    const char *end;
    enum kithp_scan_way way;
};

/* Of a value that is no array there are none. */
void kithp_json_elements_begin(struct kithp_json_elements *elements, const struct kithp_json_value *array);

/* False when there are no more. */
bool kithp_json_elements_next(struct kithp_json_elements *elements, struct kithp_json_value *element);

/* The members of an object that was found, one after the other, those of the same name as well. */
struct kithp_json_members {
    const char *at; /* the next one, or the object's end */
    const char *end;
    enum kithp_scan_way way;
};

/* Of a value that is no object there are none. */
void kithp_json_members_begin(struct kithp_json_members *members, const struct kithp_json_value *object);

/* False when there are no more. The name is a string. */
bool kithp_json_members_next(struct kithp_json_members *members, struct kithp_json_value *name,
                             struct kithp_json_value *value);

#endif
