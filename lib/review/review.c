/* SPDX-License-Identifier: MIT */
#include "review/review.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/versioned.h"

kith_review *kithp_review_new(const kith_allocator *allocator, const struct kithp_figures *figures, uint32_t tables)
{
    kith_review *review = kithp_alloc_cleared(allocator, 1, sizeof *review);
    if (!review)
        return NULL;
    review->allocator = *allocator;
    review->tables = tables;
    review->tier_count = figures->tier_count;
    memcpy(review->tiers, figures->tiers, sizeof review->tiers);
    return review;
}

void kith_review_free(kith_review *review)
{
    if (!review)
        return;
    kith_allocator allocator = review->allocator;
    kithp_alloc_free(&allocator, review->changes.rows);
    kithp_alloc_free(&allocator, review->flags.rows);
    kithp_alloc_free(&allocator, review->history.rows);
    kithp_alloc_free(&allocator, review->weeks);
    kithp_alloc_free(&allocator, review->members.ids);
    kithp_alloc_free(&allocator, review->members.offsets);
    kithp_alloc_free(&allocator, review->members.names);
    kithp_alloc_free(&allocator, review->standings);
    kithp_alloc_free(&allocator, review);
}

static bool reserve_rows(kith_review *review, uint32_t table, struct kithp_review_rows *list, size_t more)
{
    return !(review->tables & table) || kithp_alloc_grow(&review->allocator, (void **)&list->rows, &list->capacity,
                                                         list->count + more, sizeof *list->rows);
}

bool kithp_review_reserve(kith_review *review, size_t rows)
{
    return kithp_alloc_grow(&review->allocator, (void **)&review->weeks, &review->week_capacity, review->week_count + 1,
                            sizeof *review->weeks) &&
           reserve_rows(review, KITH_CHANGES, &review->changes, rows) &&
           reserve_rows(review, KITH_FLAGS, &review->flags, rows) &&
           reserve_rows(review, KITH_HISTORY, &review->history, rows);
}

static void drop_rows(struct kithp_review_rows *list, uint32_t member)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].member != member)
            list->rows[kept++] = list->rows[i];
    /* What was moved still stands behind the last. */
    if (kept < list->count)
        memset(list->rows + kept, 0, (list->count - kept) * sizeof *list->rows);
    list->count = kept;
}

void kithp_review_drop_member(kith_review *review, uint32_t member)
{
    drop_rows(&review->changes, member);
    drop_rows(&review->flags, member);
    drop_rows(&review->history, member);
}

kith_text kithp_review_member_name(const kith_review *review, uint32_t member)
{
    const struct kithp_review_members *members = &review->members;
    if (!members->named)
        return (kith_text){NULL, 0};
    return (kith_text){members->names + members->offsets[member],
                       members->offsets[member + 1] - members->offsets[member]};
}

kith_status kith_review_get_info(const kith_review *review, kith_review_info *info, kith_error *error)
{
    if (!review)
        return kithp_fail_argument(error, "review", "must not be NULL");
    kith_status status = kithp_versioned_check(info, sizeof *info, "info", error);
    if (status != KITH_OK)
        return status;
    kith_review_info own = {.weeks = (uint32_t)review->week_count, .tables = review->tables};
    if (review->week_count > 0) {
        own.first_week = review->weeks[0].first_day;
        own.last_week = review->weeks[review->week_count - 1].first_day;
    }
    kithp_versioned_write(info, &own, sizeof own);
    return KITH_OK;
}
