/* SPDX-License-Identifier: MIT */
/*
 * The rows that a review has brought, packed: of a large import there are several for each member, and in the form in
 * which they are worked with they would take more memory than the members themselves. Changes, flags and history each
 * have a list, which holds week after week; where a week ends is noted with the week.
 *
 * A week is one segment or several, one from each thread: the number of its rows in four bytes, then the rows. Each is
 * its member, as how far it lies behind the one before, and what its list keeps of it.
 */
#ifndef KITHP_REVIEW_LIST_H
#define KITHP_REVIEW_LIST_H

#include <string.h>

#include "base/pack.h"

enum kithp_list_kind { KITHP_LIST_CHANGES, KITHP_LIST_FLAGS, KITHP_LIST_HISTORY, KITHP_LISTS };

/* A row of any of them: what its list does not keep is 0. */
struct kithp_review_row {
    uint32_t member;                      /* index in the engine; in a finished review, place in its members */
    uint16_t score;                       /* of changes and history, as all but flags */
    uint16_t dimensions[KITH_DIMENSIONS]; /* of history, as the next two */
    uint8_t tier;
    uint8_t stage;
    uint8_t flags; /* of history; of flags: those raised this week */
    uint8_t from;  /* of changes, as the next two */
    uint8_t to;
    uint8_t reason;
};

struct kithp_list {
    unsigned char *bytes;
    size_t used;
    size_t capacity;
    size_t count; /* rows */
};

enum { KITHP_SEGMENT_HEAD = 4 };

/* The fewest bytes that a segment takes for each of its rows, and the most. */
static inline size_t kithp_list_row_least(enum kithp_list_kind kind)
{
    return kind == KITHP_LIST_CHANGES ? 5 : kind == KITHP_LIST_FLAGS ? 2 : 11;
}

static inline size_t kithp_list_row_most(enum kithp_list_kind kind)
{
    return kithp_list_row_least(kind) + 4;
}

/* ---- writing ---- */

struct kithp_segment {
    unsigned char *begin; /* where there is room for all its rows */
    unsigned char *end;
    uint32_t member; /* of the last row */
    uint32_t count;
};

static inline struct kithp_segment kithp_segment_at(unsigned char *begin)
{
    return (struct kithp_segment){.begin = begin, .end = begin ? begin + KITHP_SEGMENT_HEAD : NULL};
}

static inline unsigned char *kithp_list_put_score(unsigned char *out, uint16_t score)
{
    out[0] = (unsigned char)score;
    out[1] = (unsigned char)(score >> 8);
    return out + 2;
}

/*
 * Adds a row of a member behind that of the last, if it is wanted; there must be room in any case. Tiers are below 16,
 * and stages too.
 */
static inline void kithp_segment_add_if(struct kithp_segment *segment, enum kithp_list_kind kind,
                                        const struct kithp_review_row *row, bool wanted)
{
    /* Without a jump, as which rows are cannot be foreseen: what is not wanted lies behind the segment's end. */
    unsigned char *out = kithp_pack_put(segment->end, row->member - segment->member);
    segment->member += (row->member - segment->member) & -(uint32_t)wanted;
    segment->count += wanted;
    if (kind != KITHP_LIST_FLAGS)
        out = kithp_list_put_score(out, row->score);
    if (kind == KITHP_LIST_CHANGES) {
        *out++ = (unsigned char)(row->from << 4 | row->to);
        *out++ = row->reason;
    } else {
        *out++ = row->flags;
    }
    if (kind == KITHP_LIST_HISTORY) {
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
            out = kithp_list_put_score(out, row->dimensions[d]);
        *out++ = (unsigned char)(row->tier << 4 | row->stage);
    }
    segment->end += (size_t)(out - segment->end) & -(size_t)wanted;
}

static inline void kithp_segment_add(struct kithp_segment *segment, enum kithp_list_kind kind,
                                     const struct kithp_review_row *row)
{
    kithp_segment_add_if(segment, kind, row, true);
}

/* Puts a segment behind all that the list has, in which it lies already; one without rows is none. */
void kithp_list_close(struct kithp_list *list, const struct kithp_segment *segment);

/* Room for so many more rows, in up to so many segments. False where there is no memory. */
bool kithp_list_reserve(struct kithp_list *list, enum kithp_list_kind kind, const kith_allocator *allocator,
                        size_t rows, size_t segments);

/* Where a segment can be written that lies behind room for so many others and their rows. NULL where no room was asked.
 */
static inline unsigned char *kithp_list_room(const struct kithp_list *list, enum kithp_list_kind kind, size_t rows,
                                             size_t segments)
{
    if (!list->bytes)
        return NULL;
    return list->bytes + list->used + rows * kithp_list_row_most(kind) + segments * KITHP_SEGMENT_HEAD;
}

/* ---- reading ---- */

/* Goes through some bytes of a list. */
struct kithp_list_reader {
    const unsigned char *at;
    const unsigned char *end;
    uint32_t left; /* rows of the segment */
    uint32_t member;
};

static inline struct kithp_list_reader kithp_list_read(const struct kithp_list *list, size_t begin, size_t end)
{
    if (!list->bytes)
        return (struct kithp_list_reader){NULL, NULL, 0, 0};
    return (struct kithp_list_reader){list->bytes + begin, list->bytes + end, 0, 0};
}

static inline uint16_t kithp_list_get_score(const unsigned char **at)
{
    const unsigned char *in = *at;
    *at += 2;
    return (uint16_t)(in[0] | in[1] << 8);
}

/* The next row. False at the end. */
static inline bool kithp_list_next(struct kithp_list_reader *reader, enum kithp_list_kind kind,
                                   struct kithp_review_row *row)
{
    if (reader->left == 0) {
        if (reader->at == reader->end)
            return false;
        memcpy(&reader->left, reader->at, KITHP_SEGMENT_HEAD);
        reader->at += KITHP_SEGMENT_HEAD;
        reader->member = 0;
    }
    reader->left--;
    const unsigned char *at = reader->at;
    *row = (struct kithp_review_row){.member = reader->member + (uint32_t)kithp_unpack_put(&at)};
    reader->member = row->member;
    if (kind != KITHP_LIST_FLAGS)
        row->score = kithp_list_get_score(&at);
    if (kind == KITHP_LIST_CHANGES) {
        row->from = *at >> 4;
        row->to = *at++ & 15;
        row->reason = *at++;
    } else {
        row->flags = *at++;
    }
    if (kind == KITHP_LIST_HISTORY) {
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
            row->dimensions[d] = kithp_list_get_score(&at);
        row->tier = *at >> 4;
        row->stage = *at++ & 15;
    }
    reader->at = at;
    return true;
}

#endif
