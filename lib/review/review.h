/* SPDX-License-Identifier: MIT */
/* What the weeks closed by one call brought: the rows of all tables but rejects, by member and week. */
#ifndef KITHP_REVIEW_REVIEW_H
#define KITHP_REVIEW_REVIEW_H

#include <stdbool.h>

#include "review/list.h"
#include "review/standing.h"

/* Tables that a review can be asked for. */
enum { KITHP_TABLES_ALL = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY };

struct kithp_review_week {
    int32_t first_day;
    uint32_t members;
    uint32_t active_members;
    uint64_t score_sum;
    uint32_t stages[KITH_STAGES];
    uint32_t tiers[KITHP_TIERS_MOST];
    size_t ends[KITHP_LISTS]; /* of its rows, in the bytes of each list */
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
    struct kithp_list lists[KITHP_LISTS];
    struct kithp_review_week *weeks;
    size_t week_count;
    size_t week_capacity;
    /* These are made last, by kithp_finish_review(). */
    struct kithp_review_members members;
    struct kithp_standing *standings;
    size_t standing_count;
    uint32_t threads; /* by how many its tables are filled, 1 …: as many as swept for it */
};

kith_review *kithp_review_new(const kith_allocator *allocator, const struct kithp_figures *figures, uint32_t tables);

/* Whether rows of a list are asked for. */
static inline bool kithp_review_lists(const kith_review *review, enum kithp_list_kind kind)
{
    static const uint32_t tables[KITHP_LISTS] = {KITH_CHANGES, KITH_FLAGS, KITH_HISTORY};
    return review->tables & tables[kind];
}

/*
 * Room for one more week, and for so many rows in so many segments of each list that is asked for. False where there is
 * no memory.
 */
bool kithp_review_reserve(kith_review *review, size_t rows, size_t segments);

/* The rows that a list has of a week, by the week's index. */
static inline struct kithp_list_reader kithp_review_read(const kith_review *review, enum kithp_list_kind kind,
                                                         size_t week)
{
    size_t begin = week > 0 ? review->weeks[week - 1].ends[kind] : 0;
    return kithp_list_read(&review->lists[kind], begin, review->weeks[week].ends[kind]);
}

/* Takes out the rows of a member, by its index: the review must not be finished. */
void kithp_review_drop_member(kith_review *review, uint32_t member);

kith_text kithp_review_member_name(const kith_review *review, uint32_t member);

#endif
