/* SPDX-License-Identifier: MIT */
/*
 * What names of fields and kinds may mean. The tables are in naming.c: to know one more name, add a line there.
 *
 * A name is looked at by its words: created_at, createdAt and "Created at" are all the words created, at.
 */
#ifndef KITHP_INSPECT_NAMING_H
#define KITHP_INSPECT_NAMING_H

#include <stdbool.h>

#include <kith/kith.h>

enum { KITHP_NAMING_WORDS_MOST = 8, KITHP_NAMING_WORD_BYTES = 24 };

/* The words of a name, in small letters; those past the limits are left out. */
struct kithp_naming {
    uint32_t count;
    char words[KITHP_NAMING_WORDS_MOST][KITHP_NAMING_WORD_BYTES];
};

void kithp_naming_of(struct kithp_naming *words, kith_text name);

/* A name, and what it stands in: the words of the object that holds it, and of those around that; none in the row. */
struct kithp_naming_place {
    struct kithp_naming name;
    struct kithp_naming above;
    struct kithp_naming further;
};

/* How much a name looks like that of a field, KITH_FIELD_TIME …, in points: 0 for not at all, below for another thing.
 */
int kithp_naming_judge(const struct kithp_naming_place *place, uint32_t field);

/* Whether it tells that a member is a bot, where its values are booleans. */
bool kithp_naming_is_bot(const struct kithp_naming *name);

/* The kind of the default policy that a kind's name is like; NULL where there is none. */
const char *kithp_naming_kind(kith_text name);

#endif
