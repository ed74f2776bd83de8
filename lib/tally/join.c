/* SPDX-License-Identifier: MIT */
/*
 * Rows are added up run by run. What counts by `each`, and supporters, then are too many where more than one run knows
 * a pair; by how many is known when the pairs of all runs are gone through in order. So many supporters are taken back,
 * and what counted too much is over `each`.
 *
 * A sum that has reached its stop tells no more by how much it has gone past it, which would be taken back first. So
 * where stops are within reach, which takes quantities of billions, the excess is kept aside.
 */
#include "tally/join.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "base/sort.h"
#include "tally/sorted_pairs.h"
#include "tally/week_row.h"

/* Stands for supporters among the slots. */
enum { SUPPORTERS = KITHP_SLOTS_MOST };

/* By how much a sum has gone past its stop. */
struct excess {
    uint32_t member;
    uint32_t slot;
    uint64_t amount; /* or BEYOND */
};

/*
 * It had stopped in one of the runs: the whole has stopped, too, as it is no smaller than any part. More than can ever
 * be taken back.
 */
#define BEYOND UINT64_MAX

struct joining {
    const struct kithp_join *join;
    struct kithp_run *const *runs;
    size_t run_count;
    struct kithp_week *week;
    kith_error *error;
    bool near_stops; /* a sum may reach its stop */
    struct excess *excess;
    size_t excess_count;
    size_t excess_capacity;
    struct kithp_row row; /* the one at hand */
    struct kithp_row_room room;
};

static struct kithp_cell *head_of(const struct kithp_week *week, uint32_t member)
{
    return kithp_row_cell(week, *kithp_week_entry(week, member) - 1);
}

/* ---- sums past their stops ---- */

static bool is_near_stops(struct kithp_run *const *runs, size_t count)
{
    uint64_t quantity = 0, supporters = 0;
    for (size_t i = 0; i < count; i++) {
        quantity += runs[i]->largest_quantity;
        supporters += runs[i]->largest_supporters;
    }
    return quantity >= UINT32_MAX || supporters >= KITHP_SUPPORTERS_MOST;
}

static bool note_excess(struct joining *joining, uint32_t slot, uint64_t before, uint64_t more, uint64_t stop)
{
    if (before + more < stop)
        return true;
    if (!kithp_alloc_grow(joining->join->allocator, (void **)&joining->excess, &joining->excess_capacity,
                          joining->excess_count + 1, sizeof *joining->excess))
        return false;
    joining->excess[joining->excess_count++] =
        (struct excess){joining->row.member, slot, more == stop ? BEYOND : before + more - stop};
    return true;
}

/* Notes by how much the sums of a row will go past their stops. False where there is no memory. */
static bool note_row(struct joining *joining)
{
    const struct kithp_row *row = &joining->row;
    const struct kithp_cell *head = kithp_week_row(joining->week, row->member);
    if (!note_excess(joining, SUPPORTERS, head ? head->supporters : 0, row->supporters, KITHP_SUPPORTERS_MOST))
        return false;
    for (uint32_t i = 0; i < row->count; i++) {
        const uint32_t *sum = kithp_week_quantity(joining->week, row->member, row->slots[i]);
        if (!note_excess(joining, row->slots[i], sum ? *sum : 0, row->quantities[i], UINT32_MAX))
            return false;
    }
    return true;
}

static bool is_before(const void *context, const void *a, const void *b)
{
    (void)context;
    const struct excess *left = a, *right = b;
    return left->member != right->member ? left->member < right->member : left->slot < right->slot;
}

/* Sorts what was noted, one for each sum. False where there is no memory. */
static bool sort_excess(struct joining *joining)
{
    if (joining->excess_count == 0)
        return true;
    const kith_allocator *allocator = joining->join->allocator;
    struct excess *spare = kithp_alloc_array(allocator, joining->excess_count, sizeof *spare);
    if (!spare)
        return false;
    struct excess *sorted = kithp_sort(joining->excess, spare, joining->excess_count, sizeof *spare, is_before, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < joining->excess_count; i++) {
        if (kept == 0 || is_before(NULL, &sorted[kept - 1], &sorted[i]))
            sorted[kept++] = sorted[i];
        else if (sorted[kept - 1].amount < BEYOND)
            sorted[kept - 1].amount = sorted[i].amount < BEYOND ? sorted[kept - 1].amount + sorted[i].amount : BEYOND;
    }
    kithp_alloc_free(allocator, sorted == spare ? joining->excess : spare);
    joining->excess = sorted;
    joining->excess_count = kept;
    return true;
}

/* Takes an amount from what is past the stop. Returns what is left of it, to be taken from the sum. */
static uint64_t take_excess(struct joining *joining, uint32_t member, uint32_t slot, uint64_t amount)
{
    const struct excess sought = {member, slot, 0};
    size_t low = 0, high = joining->excess_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(NULL, &joining->excess[middle], &sought))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == joining->excess_count || is_before(NULL, &sought, &joining->excess[low]))
        return amount;
    struct excess *found = &joining->excess[low];
    uint64_t taken = amount < found->amount ? amount : found->amount;
    found->amount -= taken;
    return amount - taken;
}

/* ---- rows ---- */

static kith_status add_rows(struct joining *joining, const struct kithp_run *run)
{
    struct kithp_run_reader reader;
    struct kithp_row *row = &joining->row;
    bool added = true;
    kithp_run_read_rows(&reader, run, joining->join->allocator, joining->error);
    while (added && kithp_run_next_row(&reader, &joining->room, row))
        added = (!joining->near_stops || note_row(joining)) && kithp_week_restore_row(joining->week, row);
    kithp_run_reader_end(&reader);
    return added ? reader.status : kithp_fail_memory(joining->error);
}

static kith_status add_all_rows(struct joining *joining)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < joining->run_count && status == KITH_OK; i++)
        status = add_rows(joining, joining->runs[i]);
    if (status == KITH_OK && !sort_excess(joining))
        status = kithp_fail_memory(joining->error);
    return status;
}

/* ---- what is counted twice ---- */

/*
 * What counted too much is over `each`. A row may lack the sum: a member that was forgotten takes its own along, and
 * leaves what others have of it. False where there is no memory.
 */
static bool take_counted(struct joining *joining, uint32_t member, int16_t slot, uint64_t amount)
{
    if (amount == 0)
        return true;
    uint32_t *sum = kithp_week_quantity(joining->week, member, slot);
    if (!sum)
        return true;
    uint64_t past = amount;
    amount = take_excess(joining, member, (uint32_t)slot, amount);
    past -= amount;
    if (amount > *sum)
        amount = *sum;
    *sum -= (uint32_t)amount;
    uint64_t over = past + amount;
    return kithp_week_make_quantity(joining->week, member, joining->join->slots->slots[slot].twin,
                                    over < UINT32_MAX ? (uint32_t)over : UINT32_MAX);
}

static void take_supporters(struct joining *joining, uint32_t member, uint64_t amount)
{
    if (!kithp_week_row(joining->week, member))
        return;
    struct kithp_cell *row = head_of(joining->week, member);
    amount = take_excess(joining, member, SUPPORTERS, amount);
    row->supporters = (uint16_t)(row->supporters - (amount < row->supporters ? amount : row->supporters));
}

/* ---- pairs, in order through all runs ---- */

/* A heap of readers, that of the least pair first. */
struct heap {
    struct kithp_run_reader *readers;
    struct kithp_run_reader **order;
    size_t count;
};

static bool reader_is_before(const struct heap *heap, size_t a, size_t b)
{
    return kithp_pair_is_before(&heap->order[a]->pair, &heap->order[b]->pair);
}

static void sift_down(const struct heap *heap, size_t at)
{
    for (;;) {
        size_t least = at, child = 2 * at + 1;
        if (child < heap->count && reader_is_before(heap, child, least))
            least = child;
        if (child + 1 < heap->count && reader_is_before(heap, child + 1, least))
            least = child + 1;
        if (least == at)
            return;
        struct kithp_run_reader *moved = heap->order[at];
        heap->order[at] = heap->order[least];
        heap->order[least] = moved;
        at = least;
    }
}

/* Moves the first reader on. False where reading fails. */
static bool move_on(struct heap *heap)
{
    struct kithp_run_reader *reader = heap->order[0];
    if (!kithp_run_next_pair(reader)) {
        if (reader->status != KITH_OK)
            return false;
        heap->order[0] = heap->order[--heap->count];
    }
    sift_down(heap, 0);
    return true;
}

/* What is known of an actor and a target while their pairs go by, kind by kind, each from all runs that have it. */
struct between {
    struct kithp_pair pair;   /* the kind at hand, with the sum of its quantities */
    uint64_t given;           /* what the runs count of that kind, each for itself */
    uint64_t received;        /* the same of the target's side */
    uint64_t supporting_runs; /* those that count the actor among the target's supporters */
};

/* Which runs have been counted among them: a run may have pairs of several kinds that make a supporter. */
struct supports {
    uint64_t *seen;  /* of each run: the number of the two members for whom it was counted last */
    uint64_t number; /* of the two at hand */
};

static bool finish_kind(struct joining *joining, struct between *between)
{
    struct kithp_pair *pair = &between->pair;
    const struct kithp_slots *slots = joining->join->slots;
    const struct kithp_kind_slots *kind = &slots->kinds[pair->kind];
    if (kind->gives_over != KITHP_SLOT_NONE &&
        !take_counted(joining, pair->actor, kind->gives,
                      between->given - kithp_slots_limited(pair->quantity, slots->slots[kind->gives].credit->each)))
        return false;
    if (kind->receives_over != KITHP_SLOT_NONE &&
        !take_counted(joining, pair->target, kind->receives,
                      between->received -
                          kithp_slots_limited(pair->quantity, slots->slots[kind->receives].credit->each)))
        return false;
    between->given = between->received = 0;
    return !joining->join->pairs || kithp_week_restore_pair(joining->week, pair);
}

static void finish_two(struct joining *joining, struct between *between)
{
    if (between->supporting_runs > 1)
        take_supporters(joining, between->pair.target, between->supporting_runs - 1);
    between->supporting_runs = 0;
}

static void add_pair(const struct joining *joining, struct between *between, const struct kithp_pair *pair)
{
    const struct kithp_slots *slots = joining->join->slots;
    const struct kithp_kind_slots *kind = &slots->kinds[pair->kind];
    if (kind->gives_over != KITHP_SLOT_NONE)
        between->given += kithp_slots_limited(pair->quantity, slots->slots[kind->gives].credit->each);
    if (kind->receives_over != KITHP_SLOT_NONE)
        between->received += kithp_slots_limited(pair->quantity, slots->slots[kind->receives].credit->each);
    uint32_t sum = kithp_number_add_stop(between->pair.quantity, pair->quantity);
    between->pair = *pair;
    between->pair.quantity = sum;
}

static void add_support(const struct joining *joining, struct between *between, struct supports *supports,
                        const struct heap *heap)
{
    size_t run = (size_t)(heap->order[0] - heap->readers);
    if (!joining->join->slots->kinds[between->pair.kind].supports || supports->seen[run] == supports->number)
        return;
    supports->seen[run] = supports->number;
    between->supporting_runs++;
}

static kith_status go_through(struct joining *joining, struct heap *heap, struct supports *supports)
{
    struct between between = {.pair = {.actor = KITHP_NOBODY}};
    while (heap->count > 0) {
        const struct kithp_pair next = heap->order[0]->pair;
        bool same_two = next.actor == between.pair.actor && next.target == between.pair.target;
        if (!same_two || next.kind != between.pair.kind) {
            if (between.pair.actor != KITHP_NOBODY && !finish_kind(joining, &between))
                return kithp_fail_memory(joining->error);
            if (!same_two) {
                finish_two(joining, &between);
                supports->number++;
            }
            between.pair.quantity = 0;
        }
        add_pair(joining, &between, &next);
        add_support(joining, &between, supports, heap);
        if (!move_on(heap))
            return heap->order[0]->status;
    }
    if (between.pair.actor == KITHP_NOBODY)
        return KITH_OK;
    finish_two(joining, &between);
    return finish_kind(joining, &between) ? KITH_OK : kithp_fail_memory(joining->error);
}

static kith_status begin_heap(struct joining *joining, struct heap *heap)
{
    for (size_t i = 0; i < joining->run_count; i++)
        kithp_run_read_pairs(&heap->readers[i], joining->runs[i], joining->join->allocator, joining->error);
    for (size_t i = 0; i < joining->run_count; i++) {
        struct kithp_run_reader *reader = &heap->readers[i];
        if (kithp_run_next_pair(reader))
            heap->order[heap->count++] = reader;
        else if (reader->status != KITH_OK)
            return reader->status;
    }
    for (size_t i = heap->count / 2; i > 0; i--)
        sift_down(heap, i - 1);
    return KITH_OK;
}

static kith_status join_pairs(struct joining *joining)
{
    const kith_allocator *allocator = joining->join->allocator;
    size_t count = joining->run_count;
    struct heap heap = {
        .readers = kithp_alloc_cleared(allocator, count, sizeof *heap.readers),
        .order = kithp_alloc_array(allocator, count, sizeof(struct kithp_run_reader *)),
    };
    struct supports supports = {.seen = kithp_alloc_cleared(allocator, count, sizeof *supports.seen)};
    kith_status status = KITH_OK;
    if (!heap.readers || !heap.order || !supports.seen)
        status = kithp_fail_memory(joining->error);
    if (status == KITH_OK) {
        status = begin_heap(joining, &heap);
        if (status == KITH_OK)
            status = go_through(joining, &heap, &supports);
        for (size_t i = 0; i < count; i++)
            kithp_run_reader_end(&heap.readers[i]);
    }
    kithp_alloc_free(allocator, supports.seen);
    kithp_alloc_free(allocator, heap.order);
    kithp_alloc_free(allocator, heap.readers);
    return status;
}

kith_status kithp_join_runs(const struct kithp_join *join, struct kithp_run *const *runs, size_t count,
                            struct kithp_week *week, kith_error *error)
{
    struct joining joining = {
        .join = join,
        .runs = runs,
        .run_count = count,
        .week = week,
        .error = error,
        .near_stops = count > 1 && is_near_stops(runs, count),
    };
    kith_status status = add_all_rows(&joining);
    if (status == KITH_OK && (count > 1 || join->pairs))
        status = join_pairs(&joining);
    kithp_alloc_free(join->allocator, joining.excess);
    week->used = true;
    return status;
}
