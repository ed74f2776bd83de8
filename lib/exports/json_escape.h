/* SPDX-License-Identifier: MIT */
/* Escapes in the strings of JSON. */
#ifndef KITHP_EXPORTS_JSON_ESCAPE_H
#define KITHP_EXPORTS_JSON_ESCAPE_H

#include "base/bytes.h"
#include "exports/json_tree.h"

/* What the letter behind a backslash means; 0 where that takes more than one letter, or is nothing. */
extern const char kithp_json_escapes[256];

/* Of each byte, its value as a hexadecimal digit; of those that are none, a number of more than 16 bits. */
extern const uint32_t kithp_json_digits[256];

static inline bool kithp_json_is_escape(char letter)
{
    return kithp_json_escapes[(unsigned char)letter] != 0;
}

/* Of the bytes that have a bit set, those that are no such letter. */
static inline uint64_t kithp_json_odd_letters(const char *at, uint64_t letters)
{
    uint64_t odd = 0;
    for (; letters; letters &= letters - 1) {
        unsigned letter = kithp_bytes_lowest_bit(letters);
        odd |= (uint64_t)!kithp_json_is_escape(at[letter]) << letter;
    }
    return odd;
}

/* The number that four hexadecimal digits make; more than 0xFFFF where they are not all such. */
static inline uint32_t kithp_json_hex(const char *at)
{
    return kithp_json_digits[(unsigned char)at[0]] << 12 | kithp_json_digits[(unsigned char)at[1]] << 8 |
           kithp_json_digits[(unsigned char)at[2]] << 4 | kithp_json_digits[(unsigned char)at[3]];
}

/* The child that is meant by a name with escapes, as it stands in a text that has been checked; or 0. */
uint32_t kithp_json_find_escaped(const struct kithp_json_node *nodes, const struct kithp_json_node *parent,
                                 kith_text name);

/* The child that is meant by a name of either sort, or NULL. */
static inline const struct kithp_json_node *
kithp_json_find(const struct kithp_json_node *nodes, const struct kithp_json_node *parent, kith_text name, bool escaped)
{
    uint32_t child = escaped ? kithp_json_find_escaped(nodes, parent, name)
                             : kithp_json_tree_find(nodes, parent, name.data, name.length);
    return child ? &nodes[child] : NULL;
}

#endif
