/* SPDX-License-Identifier: MIT */
#include "sources/lookup.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/patterns.h"
#include "base/text.h"

bool kithp_source_patterns_fit(const struct kithp_source_patterns *patterns, kith_text text)
{
    for (uint32_t i = 0; i < patterns->count; i++)
        if (kithp_patterns_fit_one(patterns->patterns[i].pattern, text))
            return true;
    return false;
}

/* ---- texts that were looked up before ---- */

/* Two lines of memory at most; longer texts are rare enough to be looked for each time. */
enum { SLOTS = 512, TEXT_MOST = 60 };

struct kithp_source_kind_slot {
    uint8_t length;
    uint8_t event_plus_one; /* 0 where the slot is free */
    uint8_t outcome;
    uint8_t kind;
    char text[TEXT_MOST];
};

/* Any will do: whoever makes texts collide gains nothing but that they are looked for each time. */
static size_t slot_of(uint32_t event, kith_text text)
{
    uint64_t hash = (text.length << 8 | event) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t at = 0;
    for (; text.length - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, text.data + at, sizeof word);
        hash = ((hash ^ word) * UINT64_C(0xff51afd7ed558ccd));
        hash ^= hash >> 32;
    }
    hash = (hash ^ kithp_bytes_short(text.data + at, (size_t)(text.length - at))) * UINT64_C(0xff51afd7ed558ccd);
    return (size_t)(hash >> 32) % SLOTS;
}

/* ---- kinds of a policy ---- */

/* In the place of a kind: a line of [kinds] that leaves out what it names. */
enum { LEFT_OUT = KITHP_KINDS_MOST };

/* The policy's kind of a name; as many as there are where it has none. */
static uint32_t find_kind(const struct kithp_figures *figures, kith_text name)
{
    uint32_t kind = 0;
    while (kind < figures->kind_count && !kithp_text_equal(name, kith_text_of(figures->kinds[kind].name)))
        kind++;
    return kind;
}

static kith_status fail_kind(const kith_source *source, const struct kithp_source_pattern *pattern, kith_error *error)
{
    struct kithp_place place = {source->name, pattern->line, pattern->column, pattern->pattern, pattern->kind, 0};
    return kithp_fail(error, KITH_BAD_SOURCE, &place, "the policy has no such kind");
}

/* ---- lines of [kinds] ---- */

/* Of the lines without * and ?, by their patterns, the place of the first one that is not before a text. */
static uint32_t find_exact(const struct kithp_source_kinds *kinds, uint32_t event, uint32_t count, kith_text text)
{
    const struct kithp_source_pattern *patterns = kinds->source->events[event].kinds.patterns;
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kithp_text_compare(patterns[kinds->exact[event][middle]].pattern, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* There are 1024 at most: putting each in its place takes no longer than to look at. */
static void sort_exact(struct kithp_source_kinds *kinds, uint32_t event)
{
    const struct kithp_source_patterns *lines = &kinds->source->events[event].kinds;
    uint16_t *exact = kinds->exact[event];
    uint32_t *count = &kinds->exact_count[event];
    *count = 0;
    for (uint32_t i = 0; i < lines->count; i++) {
        if (!lines->patterns[i].exact)
            continue;
        uint32_t at = find_exact(kinds, event, *count, lines->patterns[i].pattern);
        memmove(exact + at + 1, exact + at, (*count - at) * sizeof *exact);
        exact[at] = (uint16_t)i;
        ++*count;
    }
}

/* The line that names a text; as many as there are where none does. */
static uint32_t find_line(const struct kithp_source_kinds *kinds, uint32_t event, kith_text text)
{
    const struct kithp_source_patterns *lines = &kinds->source->events[event].kinds;
    uint32_t exact = find_exact(kinds, event, kinds->exact_count[event], text);
    if (exact < kinds->exact_count[event]) {
        uint32_t line = kinds->exact[event][exact];
        if (kithp_text_equal(lines->patterns[line].pattern, text))
            return line;
    }
    uint32_t line = 0;
    while (line < lines->count &&
           (lines->patterns[line].exact || !kithp_patterns_fit_one(lines->patterns[line].pattern, text)))
        line++;
    return line;
}

/* ---- making ---- */

static kith_status resolve(struct kithp_source_kinds *kinds, uint32_t event, kith_error *error)
{
    const struct kithp_source_patterns *lines = &kinds->source->events[event].kinds;
    for (uint32_t i = 0; i < lines->count; i++) {
        kith_text name = lines->patterns[i].kind;
        uint32_t kind = name.length > 0 ? find_kind(kinds->figures, name) : LEFT_OUT;
        if (kind == kinds->figures->kind_count)
            return fail_kind(kinds->source, &lines->patterns[i], error);
        kinds->kinds[event][i] = (uint8_t)kind;
    }
    sort_exact(kinds, event);
    return KITH_OK;
}

static uint32_t lines_of(const kith_source *source)
{
    uint32_t lines = 0;
    for (uint32_t event = 0; event < source->event_count; event++)
        lines += source->events[event].kinds.count;
    return lines;
}

/* Slots, numbers and kinds in one piece. */
static bool reserve(struct kithp_source_kinds *kinds)
{
    uint32_t lines = lines_of(kinds->source);
    size_t slots = SLOTS * sizeof *kinds->slots;
    unsigned char *room = kithp_alloc_cleared(kinds->allocator, slots + lines * (sizeof(uint16_t) + 1), 1);
    if (!room)
        return false;
    kinds->slots = (struct kithp_source_kind_slot *)room;
    uint16_t *exact = (uint16_t *)(room + slots);
    uint8_t *kind = (uint8_t *)(exact + lines);
    for (uint32_t event = 0; event < kinds->source->event_count; event++) {
        kinds->exact[event] = exact;
        kinds->kinds[event] = kind;
        exact += kinds->source->events[event].kinds.count;
        kind += kinds->source->events[event].kinds.count;
    }
    return true;
}

kith_status kithp_source_kinds_init(struct kithp_source_kinds *kinds, const kith_source *source,
                                    const struct kithp_figures *figures, const kith_allocator *allocator,
                                    kith_error *error)
{
    *kinds = (struct kithp_source_kinds){.source = source, .figures = figures, .allocator = allocator};
    if (!reserve(kinds))
        return kithp_fail_memory(error);
    kith_status status = KITH_OK;
    for (uint32_t event = 0; event < source->event_count && status == KITH_OK; event++)
        status = resolve(kinds, event, error);
    if (status != KITH_OK)
        kithp_source_kinds_free(kinds);
    return status;
}

void kithp_source_kinds_free(struct kithp_source_kinds *kinds)
{
    kithp_alloc_free(kinds->allocator, kinds->slots);
    kinds->slots = NULL;
}

/* ---- finding ---- */

static enum kithp_source_kind_outcome find_anew(const struct kithp_source_kinds *kinds, uint32_t event, kith_text text,
                                                uint8_t *kind)
{
    bool is_first = event == 0;
    uint32_t line = find_line(kinds, event, text);
    if (line < kinds->source->events[event].kinds.count) {
        uint8_t named = kinds->kinds[event][line];
        if (named == LEFT_OUT)
            return is_first ? KITHP_SOURCE_KIND_IGNORED : KITHP_SOURCE_KIND_NOT_NAMED;
        *kind = named;
        return KITHP_SOURCE_KIND_FOUND;
    }
    if (!is_first && kinds->source->events[event].has_kinds)
        return KITHP_SOURCE_KIND_NOT_NAMED;
    if (is_first && kithp_source_patterns_fit(&kinds->source->ignored_kinds, text))
        return KITHP_SOURCE_KIND_IGNORED;
    uint32_t found = find_kind(kinds->figures, text);
    if (found == kinds->figures->kind_count)
        return KITHP_SOURCE_KIND_UNKNOWN;
    *kind = (uint8_t)found;
    return KITHP_SOURCE_KIND_FOUND;
}

enum kithp_source_kind_outcome kithp_source_kinds_find(struct kithp_source_kinds *kinds, uint32_t event, kith_text text,
                                                       uint8_t *kind)
{
    if (text.length == 0)
        return event == 0 ? KITHP_SOURCE_KIND_UNKNOWN : KITHP_SOURCE_KIND_NOT_NAMED;
    if (text.length > KITHP_SOURCE_TEXT_MOST)
        return event > 0 && kinds->source->events[event].has_kinds ? KITHP_SOURCE_KIND_NOT_NAMED
                                                                   : KITHP_SOURCE_KIND_UNKNOWN;
    if (text.length > TEXT_MOST)
        return find_anew(kinds, event, text, kind);
    struct kithp_source_kind_slot *slot = &kinds->slots[slot_of(event, text)];
    if (slot->event_plus_one != event + 1 || slot->length != text.length ||
        memcmp(slot->text, text.data, text.length) != 0) {
        slot->outcome = (uint8_t)find_anew(kinds, event, text, &slot->kind);
        slot->event_plus_one = (uint8_t)(event + 1);
        slot->length = (uint8_t)text.length;
        memcpy(slot->text, text.data, text.length);
    }
    if (slot->outcome == KITHP_SOURCE_KIND_FOUND)
        *kind = slot->kind;
    return (enum kithp_source_kind_outcome)slot->outcome;
}
