/* SPDX-License-Identifier: MIT */
#include "exports/columns.h"

#include <string.h>

#include "base/hash.h"
#include "base/index.h"
#include "base/text.h"

/* The field before this one that is to come from the same column, or this one where there is none. */
static int same_header(const struct kithp_columns *columns, int field)
{
    for (int other = 0; other < field; other++)
        if (columns->headers[other] && strcmp(columns->headers[other], columns->headers[field]) == 0)
            return other;
    return field;
}

bool kithp_columns_init(struct kithp_columns *columns, const kith_export *input, enum kithp_field clash[2])
{
    static const char *const names[KITHP_FIELDS] = {"time", "member", "kind", "target", "quantity", "id"};
    const char *const given[KITHP_FIELDS] = {input->time,   input->member,   input->kind,
                                             input->target, input->quantity, input->event_id};
    memset(columns, 0, sizeof *columns);
    columns->delimiter = (char)input->delimiter;
    for (int i = 0; i < KITHP_FIELDS; i++) {
        columns->asked[i] = given[i] != NULL;
        columns->headers[i] = given[i] ? given[i] : names[i];
        columns->places[i] = KITHP_NO_COLUMN;
        int other = same_header(columns, i);
        if (other == i)
            continue;
        /* "id" is what many exports call a member's: that is no fault where nobody asked for ids of events. */
        if (i == KITHP_ID && !columns->asked[i]) {
            columns->headers[i] = NULL;
            continue;
        }
        clash[0] = (enum kithp_field)other;
        clash[1] = (enum kithp_field)i;
        return false;
    }
    return true;
}

char kithp_columns_delimiter(kith_text line)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = candidates[0];
    size_t most = 0;
    for (size_t c = 0; c < sizeof candidates; c++) {
        size_t count = 0;
        for (uint64_t i = 0; i < line.length; i++)
            count += line.data[i] == candidates[c];
        if (count > most) {
            most = count;
            best = candidates[c];
        }
    }
    return best;
}

static bool is_required(const struct kithp_columns *columns, int field)
{
    return field == KITHP_TIME || field == KITHP_MEMBER || field == KITHP_KIND || columns->asked[field];
}

/* A header may be long, so that comparing all names with all would take too long. */
enum kithp_header_fault kithp_columns_check(const kith_allocator *allocator, const kith_text *names, size_t count,
                                            kith_text *twice)
{
    struct kithp_index seen;
    kithp_index_init(&seen, allocator);
    struct kithp_hash_key key = kithp_hash_random_key();
    enum kithp_header_fault fault = KITHP_HEADER_FINE;
    for (size_t i = 0; i < count && fault == KITHP_HEADER_FINE; i++) {
        uint32_t tag = kithp_index_tag(kithp_hash_bytes(key, names[i].data, names[i].length));
        struct kithp_index_walk walk = kithp_index_begin(&seen, tag);
        for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
            if (kithp_text_equal(names[item], names[i])) {
                *twice = names[i];
                fault = KITHP_HEADER_TWICE;
            }
        }
        if (!kithp_index_add(&seen, tag, (uint32_t)i))
            fault = KITHP_HEADER_NO_MEMORY;
    }
    kithp_index_free(&seen);
    return fault;
}

enum kithp_header_fault kithp_columns_find(struct kithp_columns *columns, const kith_allocator *allocator,
                                           const kith_text *names, size_t count, kith_text *column)
{
    columns->count = count;
    enum kithp_header_fault fault = kithp_columns_check(allocator, names, count, column);
    for (int field = 0; field < KITHP_FIELDS && fault == KITHP_HEADER_FINE; field++) {
        if (!columns->headers[field])
            continue;
        kith_text wanted = kith_text_of(columns->headers[field]);
        for (size_t i = 0; i < count; i++)
            if (kithp_text_equal(names[i], wanted))
                columns->places[field] = i;
        if (columns->places[field] == KITHP_NO_COLUMN && is_required(columns, field)) {
            *column = wanted;
            fault = KITHP_HEADER_MISSING;
        }
    }
    return fault;
}
