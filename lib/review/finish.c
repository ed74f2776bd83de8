/* SPDX-License-Identifier: MIT */
#include "review/finish.h"

#include <string.h>

#include "base/alloc.h"
#include "base/keyed.h"
#include "base/parallel.h"
#include "base/prefetch.h"
#include "review/standing.h"

enum { SCORES = 10000, AHEAD = 16 };
#define NOT_NAMED UINT32_MAX

/* Room to sort a list, as long as the most rows that it has in a week. */
struct sorting {
    struct kithp_keyed *placed; /* rows by the place of their member */
    struct kithp_keyed *spare;
    struct kithp_review_row *rows;
    struct kithp_list sorted;
};

/* All the memory that finishing takes, so that it is there before anything is changed. */
struct finish {
    uint32_t *places; /* by member index: its place among the review's members, or NOT_NAMED */
    struct sorting sortings[KITHP_LISTS];
    size_t *counts; /* standings by score */
    struct kithp_review_members members;
    struct kithp_standing *standings;
    size_t standing_count;
};

static void free_members(const kith_allocator *allocator, struct kithp_review_members *members)
{
    kithp_alloc_free(allocator, members->ids);
    kithp_alloc_free(allocator, members->offsets);
    kithp_alloc_free(allocator, members->names);
}

static void free_finish(const kith_allocator *allocator, struct finish *finish)
{
    kithp_alloc_free(allocator, finish->places);
    for (unsigned i = 0; i < KITHP_LISTS; i++) {
        kithp_alloc_free(allocator, finish->sortings[i].placed);
        kithp_alloc_free(allocator, finish->sortings[i].spare);
        kithp_alloc_free(allocator, finish->sortings[i].rows);
        kithp_alloc_free(allocator, finish->sortings[i].sorted.bytes);
    }
    kithp_alloc_free(allocator, finish->counts);
    free_members(allocator, &finish->members);
    kithp_alloc_free(allocator, finish->standings);
}

static void mark_rows(const kith_review *review, enum kithp_list_kind kind, uint32_t *places)
{
    struct kithp_list_reader reader = kithp_list_read(&review->lists[kind], 0, review->lists[kind].used);
    for (struct kithp_review_row row; kithp_list_next(&reader, kind, &row);)
        places[row.member] = 0;
}

/* Marks whom the review names, and returns how many standings it will have. */
static size_t mark_members(const kith_review *review, const struct kithp_sweep *sweep, uint32_t count, uint32_t *places)
{
    memset(places, 0xFF, count * sizeof *places);
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
        mark_rows(review, kind, places);
    if (!(review->tables & KITH_STANDINGS))
        return 0;
    size_t known = 0;
    for (uint32_t i = 0; i < sweep->carried.states.count; i++) {
        if (kithp_carried_of(&sweep->carried, i)->joined == KITH_NO_TIME)
            continue;
        places[i] = 0;
        known++;
    }
    return known;
}

static bool copy_members(const kith_allocator *allocator, const struct kithp_members *members,
                         const struct kithp_order *order, uint32_t *places, struct kithp_review_members *out)
{
    size_t count = 0, bytes = 0;
    for (size_t i = 0; i < order->count; i++) {
        uint32_t member = order->sorted[i];
        if (places[member] == NOT_NAMED)
            continue;
        places[member] = (uint32_t)count++;
        bytes += kithp_members_name(members, member).length;
    }
    *out = (struct kithp_review_members){.named = members->named, .count = count};
    if (members->named) {
        out->offsets = kithp_alloc_array(allocator, count + 1, sizeof *out->offsets);
        out->names = kithp_alloc_array(allocator, bytes, 1);
    } else {
        out->ids = kithp_alloc_array(allocator, count, sizeof *out->ids);
    }
    if (members->named ? !out->offsets || !out->names : !out->ids)
        return false;

    size_t at = 0;
    for (size_t i = 0; i < order->count; i++) {
        uint32_t member = order->sorted[i], place = places[member];
        if (place == NOT_NAMED)
            continue;
        if (!members->named) {
            out->ids[place] = kithp_members_id(members, member);
            continue;
        }
        kith_text name = kithp_members_name(members, member);
        out->offsets[place] = at;
        memcpy(out->names + at, name.data, name.length);
        at += name.length;
    }
    if (members->named)
        out->offsets[count] = at;
    return true;
}

/* No week has more rows than this in a list. */
static size_t most_in_a_week(const kith_review *review, enum kithp_list_kind kind)
{
    size_t most = 0;
    for (size_t week = 0; week < review->week_count; week++) {
        struct kithp_list_reader reader = kithp_review_read(review, kind, week);
        size_t rows = (size_t)(reader.end - reader.at) / kithp_list_row_least(kind);
        most = rows > most ? rows : most;
    }
    return most;
}

static bool take_sorting(const kith_review *review, enum kithp_list_kind kind, struct sorting *sorting)
{
    const kith_allocator *allocator = &review->allocator;
    if (review->lists[kind].count == 0)
        return true;
    size_t rows = most_in_a_week(review, kind);
    sorting->placed = kithp_alloc_array(allocator, rows, sizeof *sorting->placed);
    sorting->spare = kithp_alloc_array(allocator, rows, sizeof *sorting->spare);
    sorting->rows = kithp_alloc_array(allocator, rows, sizeof *sorting->rows);
    return sorting->placed && sorting->spare && sorting->rows &&
           kithp_list_reserve(&sorting->sorted, kind, allocator, review->lists[kind].count, review->week_count);
}

static bool take_memory(const kith_review *review, const struct kithp_sweep *sweep, const struct kithp_members *members,
                        const struct kithp_order *order, struct finish *finish)
{
    const kith_allocator *allocator = &review->allocator;
    uint32_t count = kithp_members_count(members);
    finish->places = kithp_alloc_array(allocator, count, sizeof *finish->places);
    if (!finish->places)
        return false;
    finish->standing_count = mark_members(review, sweep, count, finish->places);
    if (!copy_members(allocator, members, order, finish->places, &finish->members))
        return false;
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
        if (!take_sorting(review, kind, &finish->sortings[kind]))
            return false;
    finish->counts = kithp_alloc_array(allocator, SCORES + 1, sizeof *finish->counts);
    finish->standings = kithp_alloc_array(allocator, finish->standing_count, sizeof *finish->standings);
    return finish->counts && finish->standings;
}

/* Turns how often each key occurs, kept one place further on, into where its rows begin. */
static void sum_up(size_t *counts, size_t keys)
{
    for (size_t i = 1; i <= keys; i++)
        counts[i] += counts[i - 1];
}

/* Rows of one week, which the sweep has put in the order in which members became known, by the places of members. */
static void sort_week(const struct finish *finish, enum kithp_list_kind kind, struct kithp_list_reader *reader,
                      struct sorting *sorting)
{
    size_t count = 0;
    for (struct kithp_review_row row; kithp_list_next(reader, kind, &row); count++) {
        row.member = finish->places[row.member];
        sorting->rows[count] = row;
        sorting->placed[count] = (struct kithp_keyed){row.member, (uint32_t)count};
    }
    const struct kithp_keyed *placed =
        kithp_keyed_sort(sorting->placed, sorting->spare, count, (uint32_t)finish->members.count);
    struct kithp_segment segment = kithp_segment_at(kithp_list_room(&sorting->sorted, kind, 0, 0));
    for (size_t i = 0; i < count; i++)
        kithp_segment_add(&segment, kind, &sorting->rows[placed[i].item]);
    kithp_list_close(&sorting->sorted, &segment);
}

static void sort_rows(kith_review *review, struct finish *finish, enum kithp_list_kind kind)
{
    struct sorting *sorting = &finish->sortings[kind];
    size_t begin = 0;
    for (size_t week = 0; week < review->week_count; week++) {
        size_t end = review->weeks[week].ends[kind];
        struct kithp_list_reader reader = kithp_list_read(&review->lists[kind], begin, end);
        sort_week(finish, kind, &reader, sorting);
        review->weeks[week].ends[kind] = sorting->sorted.used;
        begin = end;
    }
    struct kithp_list unsorted = review->lists[kind];
    review->lists[kind] = sorting->sorted;
    sorting->sorted = unsorted;
}

/* Highest score first, then by member: members come in their order, and counting keeps it. */
static void fill_standings(const struct kithp_sweep *sweep, const struct kithp_order *order, struct finish *finish)
{
    size_t *counts = finish->counts;
    memset(counts, 0, (SCORES + 1) * sizeof *counts);
    for (uint32_t i = 0; i < sweep->carried.states.count; i++) {
        const struct kithp_carried *state = kithp_carried_of(&sweep->carried, i);
        if (state->joined != KITH_NO_TIME)
            counts[SCORES - state->score]++;
    }
    sum_up(counts, SCORES);
    int64_t last_day = kithp_calendar_first_day(&sweep->figures->calendar, sweep->last_week) + KITHP_DAYS_A_WEEK - 1;
    for (size_t i = 0; i < order->count; i++) {
        uint32_t member = order->sorted[i];
        /* States lie in the order of joining, not of names. */
        if (i + AHEAD < order->count && order->sorted[i + AHEAD] < sweep->carried.states.count)
            kithp_prefetch(kithp_carried_of(&sweep->carried, order->sorted[i + AHEAD]));
        if (member >= sweep->carried.states.count)
            continue;
        const struct kithp_carried *state = kithp_carried_of(&sweep->carried, member);
        if (state->joined != KITH_NO_TIME)
            finish->standings[counts[SCORES - 1 - state->score]++] =
                kithp_standing_of(&sweep->figures->calendar, state, last_day, finish->places[member]);
    }
}

/* The lists, and the standings: none of which has anything to do with another. */
struct finishing {
    kith_review *review;
    const struct kithp_sweep *sweep;
    const struct kithp_order *order;
    struct finish *finish;
};

/* Whether there is enough to do for a thread to be worth its beginning. */
static bool is_much(const kith_review *review, const struct finish *finish)
{
    enum { MUCH = 16384 };
    size_t rows = finish->standing_count;
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS; kind++)
        rows += review->lists[kind].count;
    return rows > MUCH;
}

enum { STANDINGS_PIECE = KITHP_LISTS, PIECES };

static void finish_piece(void *given, uint32_t piece)
{
    const struct finishing *finishing = given;
    if (piece < KITHP_LISTS && finishing->review->lists[piece].count > 0)
        sort_rows(finishing->review, finishing->finish, (enum kithp_list_kind)piece);
    if (piece == STANDINGS_PIECE && finishing->finish->standing_count > 0)
        fill_standings(finishing->sweep, finishing->order, finishing->finish);
}

bool kithp_finish_review(kith_review *review, const struct kithp_sweep *sweep, const struct kithp_members *members,
                         struct kithp_order *order)
{
    const kith_allocator *allocator = &review->allocator;
    struct finish finish;
    memset(&finish, 0, sizeof finish);
    if (!kithp_order_update(order, members) || !take_memory(review, sweep, members, order, &finish)) {
        free_finish(allocator, &finish);
        return false;
    }
    struct finishing finishing = {review, sweep, order, &finish};
    kithp_parallel_pieces(is_much(review, &finish) ? sweep->threads : 1, PIECES, finish_piece, &finishing);

    review->members = finish.members;
    review->standings = finish.standings;
    review->standing_count = finish.standing_count;
    review->threads = sweep->threads;
    finish.members = (struct kithp_review_members){0};
    finish.standings = NULL;
    free_finish(allocator, &finish);
    return true;
}
