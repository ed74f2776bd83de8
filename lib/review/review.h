/* SPDX-License-Identifier: MIT */
/* What the weeks closed by one call brought: the rows of all tables but rejects, by member and week. */
#ifndef KITHP_REVIEW_REVIEW_H
#define KITHP_REVIEW_REVIEW_H

#include <stdbool.h>

#include "review/standing.h"

/* A row of changes, flags or history; each uses what it needs. */
struct kithp_review_row {
    uint32_t week;   /* index in the review's weeks */
    uint32_t member; /* index in the engine; in a finished review, place in its members */
    uint16_t score;
    uint16_t dimensions[KITH_DIMENSIONS];
    uint8_t tier;
    uint8_t stage;
    uint8_t flags; /* of flags: those raised this week */
    uint8_t from;
    uint8_t to;
    uint8_t reason;
};

struct kithp_review_rows {
    struct kithp_review_row *rows;
    size_t count;
    size_t capacity;
};

struct kithp_review_week {
    int32_t first_day;
    uint32_t members;
    uint32_t active_members;
    uint64_t score_sum;
    uint32_t stages[KITH_STAGES];
    uint32_t tiers[KITHP_TIERS_MOST];
};

/* Members that the rows name, in the order of tables. Names lie one behind the other, member i from offsets[i]. */
struct kithp_review_members {
    bool named;
    size_t count;
    uint64_t *ids;
    size_t *offsets;
    char *names;
};

struct kith_review {
    kith_allocator allocator;
    uint32_t tables; /* KITH_STANDINGS | … */
    uint32_t tier_count;
    struct kithp_tier tiers[KITHP_TIERS_MOST];
    struct kithp_review_rows changes;
    struct kithp_review_rows flags;
    struct kithp_review_rows history;
    struct kithp_review_week *weeks;
    size_t week_count;
    size_t week_capacity;
    /* These two are made last, by kithp_finish_review(). */
    struct kithp_review_members members;
    struct kithp_standing *standings;
    size_t standing_count;
};

kith_review *kithp_review_new(const kith_allocator *allocator, const struct kithp_figures *figures, uint32_t tables);

/* Room for one more week, and for so many rows in each list that is asked for. False where there is no memory. */
bool kithp_review_reserve(kith_review *review, size_t rows);

/* Takes out the rows of a member, by its index: the review must not be finished. */
void kithp_review_drop_member(kith_review *review, uint32_t member);

kith_text kithp_review_member_name(const kith_review *review, uint32_t member);

#endif
