/* SPDX-License-Identifier: MIT */
/* What a source description says of kinds and members (docs/sources.md), asked while rows are read. */
#ifndef KITHP_SOURCES_LOOKUP_H
#define KITHP_SOURCES_LOOKUP_H

#include "policy/policy.h"
#include "sources/source.h"

enum kithp_source_kind_outcome {
    KITHP_SOURCE_KIND_FOUND,
    KITHP_SOURCE_KIND_IGNORED,   /* the first event is left out on purpose; further ones of the row may be there */
    KITHP_SOURCE_KIND_NOT_NAMED, /* a further event that [kinds NAME] does not name: it is not there */
    KITHP_SOURCE_KIND_UNKNOWN    /* a reject */
};

struct kithp_source_kind_slot; /* a text that was looked up before */

/* A description's kinds, for a policy. It remembers texts, so it is not for two threads at once. */
struct kithp_source_kinds {
    const kith_source *source;
    const struct kithp_figures *figures;
    const kith_allocator *allocator;
    struct kithp_source_kind_slot *slots;
    uint8_t *kinds[KITHP_SOURCE_EVENTS_MOST];  /* of an event's lines in [kinds], each the policy's kind */
    uint16_t *exact[KITHP_SOURCE_EVENTS_MOST]; /* those of its lines without * and ?, by pattern */
    uint32_t exact_count[KITHP_SOURCE_EVENTS_MOST];
};

/*
 * Finds the policy's kinds that the description names. KITH_BAD_SOURCE, with file, line, column, field and value, where
 * it names one that the policy lacks; KITH_NO_MEMORY. Nothing is to be freed then. source, figures and allocator must
 * outlive it.
 */
kith_status kithp_source_kinds_init(struct kithp_source_kinds *kinds, const kith_source *source,
                                    const struct kithp_figures *figures, const kith_allocator *allocator,
                                    kith_error *error);
void kithp_source_kinds_free(struct kithp_source_kinds *kinds);

/*
 * What becomes of an event, by number, whose kind is a text: that of a first one is looked for in [kinds], exact names
 * before patterns, then in [ignore], then in the policy; that of a further one in its [kinds NAME] alone, if there is
 * such a section, and else in the policy. kind is set where it is found. An empty text stands for a kind that is
 * missing, and is UNKNOWN or, of a further event, NOT_NAMED. One of more than KITHP_SOURCE_TEXT_MOST bytes is none that
 * anybody names. The text is looked at by itself: no byte behind it is read.
 */
enum kithp_source_kind_outcome kithp_source_kinds_find(struct kithp_source_kinds *kinds, uint32_t event, kith_text text,
                                                       uint8_t *kind);

/*
 * Bytes of a kind, or of an account, that patterns and aliases are looked through for. A longer one is no kind and no
 * member anyway; and a row may give very many events, each with the same long text.
 */
enum { KITHP_SOURCE_TEXT_MOST = 255 };

/* Whether a text is like one of the patterns. */
bool kithp_source_patterns_fit(const struct kithp_source_patterns *patterns, kith_text text);

/* The account's member where [aliases] has it, else the account itself. The text returned lives as long as both do. */
kith_text kithp_source_find_alias(const kith_source *source, kith_text name);

static inline kith_text kithp_source_alias(const kith_source *source, kith_text name)
{
    return source->alias_count == 0 ? name : kithp_source_find_alias(source, name);
}

/* Whether [ignore] has a member, by the name that stands behind aliases; it has none of those that are too long. */
static inline bool kithp_source_ignores_member(const kith_source *source, kith_text name)
{
    return source->ignored_members.count > 0 && kithp_source_patterns_fit(&source->ignored_members, name);
}

#endif
