/* SPDX-License-Identifier: MIT */
#include "review/finish.h"

#include <string.h>

#include "base/alloc.h"
#include "base/prefetch.h"
#include "review/standing.h"

enum { SCORES = 10000, AHEAD = 16, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };
#define NOT_NAMED UINT32_MAX

/* A row of a week, by the place of its member. */
struct placed {
    uint32_t place;
    uint32_t row;
};

/* All the memory that finishing takes, so that it is there before anything is changed. */
struct finish {
    uint32_t *places; /* by member index: its place among the review's members, or NOT_NAMED */
    /* For sorting, as long as the most rows of a week in a list: */
    struct placed *placed;
    struct placed *spare;
    struct kithp_review_row *copied;
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
    kithp_alloc_free(allocator, finish->placed);
    kithp_alloc_free(allocator, finish->spare);
    kithp_alloc_free(allocator, finish->copied);
    kithp_alloc_free(allocator, finish->counts);
    free_members(allocator, &finish->members);
    kithp_alloc_free(allocator, finish->standings);
}

static void mark_rows(const struct kithp_review_rows *list, uint32_t *places)
{
    for (size_t i = 0; i < list->count; i++)
        places[list->rows[i].member] = 0;
}

/* Marks whom the review names, and returns how many standings it will have. */
static size_t mark_members(const kith_review *review, const struct kithp_sweep *sweep, uint32_t count, uint32_t *places)
{
    memset(places, 0xFF, count * sizeof *places);
    mark_rows(&review->changes, places);
    mark_rows(&review->flags, places);
    mark_rows(&review->history, places);
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

/* How many rows, from one on, are of the same week. */
static size_t rows_of_week(const struct kithp_review_rows *list, size_t begin)
{
    size_t end = begin;
    while (end < list->count && list->rows[end].week == list->rows[begin].week)
        end++;
    return end - begin;
}

static size_t most_in_a_week(const kith_review *review)
{
    const struct kithp_review_rows *lists[] = {&review->changes, &review->flags, &review->history};
    size_t most = 0;
    for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (size_t begin = 0, count; begin < lists[i]->count; begin += count) {
            count = rows_of_week(lists[i], begin);
            most = count > most ? count : most;
        }
    }
    return most;
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
    size_t rows = most_in_a_week(review);
    finish->placed = kithp_alloc_array(allocator, rows, sizeof *finish->placed);
    finish->spare = kithp_alloc_array(allocator, rows, sizeof *finish->spare);
    finish->copied = kithp_alloc_array(allocator, rows, sizeof *finish->copied);
    finish->counts = kithp_alloc_array(allocator, SCORES + 1, sizeof *finish->counts);
    finish->standings = kithp_alloc_array(allocator, finish->standing_count, sizeof *finish->standings);
    return finish->placed && finish->spare && finish->copied && finish->counts && finish->standings;
}

/* Turns how often each key occurs, kept one place further on, into where its rows begin. */
static void sum_up(size_t *counts, size_t keys)
{
    for (size_t i = 1; i <= keys; i++)
        counts[i] += counts[i - 1];
}

/* Sorts by one digit of the place; equals keep their order. */
static void sort_by_digit(const struct placed *from, struct placed *to, size_t count, unsigned shift)
{
    size_t counts[DIGITS + 1] = {0};
    for (size_t i = 0; i < count; i++)
        counts[(from[i].place >> shift & (DIGITS - 1)) + 1]++;
    sum_up(counts, DIGITS);
    for (size_t i = 0; i < count; i++)
        to[counts[from[i].place >> shift & (DIGITS - 1)]++] = from[i];
}

/* Rows of one week, which the sweep has put in the order in which members became known, by the places of members. */
static void sort_week(const struct finish *finish, struct kithp_review_row *rows, size_t count)
{
    struct placed *from = finish->placed, *to = finish->spare;
    for (size_t i = 0; i < count; i++) {
        finish->copied[i] = rows[i];
        finish->copied[i].member = finish->places[rows[i].member];
        from[i] = (struct placed){finish->copied[i].member, (uint32_t)i};
    }
    for (unsigned shift = 0; shift < 32 && finish->members.count >> shift > 0; shift += DIGIT_BITS) {
        sort_by_digit(from, to, count, shift);
        struct placed *sorted = to;
        to = from;
        from = sorted;
    }
    for (size_t i = 0; i < count; i++)
        rows[i] = finish->copied[from[i].row];
}

static void sort_rows(const struct finish *finish, const struct kithp_review_rows *list)
{
    for (size_t begin = 0, count; begin < list->count; begin += count) {
        count = rows_of_week(list, begin);
        sort_week(finish, list->rows + begin, count);
    }
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
    sort_rows(&finish, &review->changes);
    sort_rows(&finish, &review->flags);
    sort_rows(&finish, &review->history);
    if (finish.standing_count > 0)
        fill_standings(sweep, order, &finish);

    review->members = finish.members;
    review->standings = finish.standings;
    review->standing_count = finish.standing_count;
    finish.members = (struct kithp_review_members){0};
    finish.standings = NULL;
    free_finish(allocator, &finish);
    return true;
}
