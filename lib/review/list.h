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

/* Adds a row of a member behind that of the last. Tiers are below 16, and stages too. */
static inline void kithp_segment_add(struct kithp_segment *segment, enum kithp_list_kind kind,
                                     const struct kithp_review_row *row)
{
    unsigned char *out = kithp_pack_put(segment->end, row->member - segment->member);
    segment->member = row->member;
    segment->count++;
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
    segment->end = out;
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

/* The next row. False at the end. */
bool kithp_list_next(struct kithp_list_reader *reader, enum kithp_list_kind kind, struct kithp_review_row *row);

#endif
