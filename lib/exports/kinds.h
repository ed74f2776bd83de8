/* SPDX-License-Identifier: MIT */
/* Kinds of a policy by name, found with one look: a hash under which no two of them collide. */
#ifndef KITHP_EXPORTS_KINDS_H
#define KITHP_EXPORTS_KINDS_H

#include "exports/words.h"
#include "policy/policy.h"

enum { KITHP_KINDS_PLACES = 512 };

/* A name as numbers: names are equal if these are, up to 16 bytes; longer ones must be compared. */
struct kithp_kind_name {
    uint64_t head; /* its first eight bytes, or all of them */
    uint64_t tail; /* its last eight bytes, or 0 where head has all */
    uint64_t length;
};

struct kithp_kinds {
    const struct kithp_figures *figures;
    uint64_t factor;
    uint8_t places[KITHP_KINDS_PLACES];                 /* the kind, or KITHP_KINDS_MOST where there is none */
    struct kithp_kind_name names[KITHP_KINDS_MOST + 1]; /* the last one is nobody's */
};

/* Looks for a hash that tells all names apart. figures must outlive kinds. */
void kithp_kinds_init(struct kithp_kinds *kinds, const struct kithp_figures *figures);

/*
 * Eight bytes from the name on are read, whatever its length. Without a jump on the length, as the kinds of an export
 * come in any order.
 */
static inline struct kithp_kind_name kithp_kinds_name(const char *name, size_t length)
{
    size_t behind = length > 8 ? length - 8 : 0;
    uint64_t tail = kithp_words_load(name + behind) & (0 - (uint64_t)(behind != 0));
    return (struct kithp_kind_name){kithp_words_load_few(name, length < 8 ? length : 8), tail, length};
}

static inline size_t kithp_kinds_place(uint64_t factor, struct kithp_kind_name name)
{
    return (size_t)(((name.head ^ (name.tail << 3 | name.tail >> 61)) + name.length) * factor >> 55);
}

/*
 * The kind of a name, of which KITHP_WORDS_BEHIND more bytes can be read. False where there is none; a kind may not be
 * found if it has a name of more than 16 bytes that differs from another's in the middle alone.
 */
static inline bool kithp_kinds_find(const struct kithp_kinds *kinds, const char *name, size_t length, uint8_t *kind)
{
    if (length == 0)
        return false;
    struct kithp_kind_name wanted = kithp_kinds_name(name, length);
    *kind = kinds->places[kithp_kinds_place(kinds->factor, wanted)];
    const struct kithp_kind_name *found = &kinds->names[*kind];
    if (((found->head ^ wanted.head) | (found->tail ^ wanted.tail) | (found->length ^ wanted.length)) != 0)
        return false;
    return length <= 16 || memcmp(kinds->figures->kinds[*kind].name, name, length) == 0;
}

#endif
