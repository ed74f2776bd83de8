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
    review->threads = 1;
    review->tier_count = figures->tier_count;
    memcpy(review->tiers, figures->tiers, sizeof review->tiers);
    return review;
}

void kith_review_free(kith_review *review)
{
    if (!review)
        return;
    kith_allocator allocator = review->allocator;
    for (unsigned i = 0; i < KITHP_LISTS; i++)
        kithp_alloc_free(&allocator, review->lists[i].bytes);
    kithp_alloc_free(&allocator, review->weeks);
    kithp_alloc_free(&allocator, review->members.ids);
    kithp_alloc_free(&allocator, review->members.offsets);
    kithp_alloc_free(&allocator, review->members.names);
    kithp_alloc_free(&allocator, review->standings);
    kithp_alloc_free(&allocator, review);
}

bool kithp_review_reserve(kith_review *review, size_t rows, size_t segments)
{
    bool reserved = kithp_alloc_grow(&review->allocator, (void **)&review->weeks, &review->week_capacity,
                                     review->week_count + 1, sizeof *review->weeks);
    for (enum kithp_list_kind i = 0; i < KITHP_LISTS && reserved; i++)
        if (kithp_review_lists(review, i))
            reserved = kithp_list_reserve(&review->lists[i], i, &review->allocator, rows, segments);
    return reserved;
}

/* Writes the rows of each week anew, less those of a member: that takes no more bytes than they have. */
static void drop_rows(kith_review *review, enum kithp_list_kind kind, uint32_t member)
{
    struct kithp_list *list = &review->lists[kind], kept = {.bytes = list->bytes};
    size_t begin = 0;
    for (size_t week = 0; week < review->week_count; week++) {
        struct kithp_list_reader reader = kithp_list_read(list, begin, review->weeks[week].ends[kind]);
        begin = review->weeks[week].ends[kind];
        struct kithp_segment segment = kithp_segment_at(kithp_list_room(&kept, kind, 0, 0));
        for (struct kithp_review_row row; kithp_list_next(&reader, kind, &row);)
            if (row.member != member)
                kithp_segment_add(&segment, kind, &row);
        kithp_list_close(&kept, &segment);
        review->weeks[week].ends[kind] = kept.used;
    }
    /* What was moved still stands behind the last, and what threads wrote apart behind that. */
    memset(list->bytes + kept.used, 0, list->capacity - kept.used);
    list->used = kept.used;
    list->count = kept.count;
}

void kithp_review_drop_member(kith_review *review, uint32_t member)
{
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
        if (review->lists[kind].count > 0)
            drop_rows(review, kind, member);
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
