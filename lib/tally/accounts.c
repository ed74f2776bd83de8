/* SPDX-License-Identifier: MIT */
#include "tally/accounts.h"

#include <string.h>

#include "base/number.h"
#include "tally/sealed.h"

bool kithp_accounts_own(struct kithp_tally *tally)
{
    for (size_t i = 0; i < tally->week_count; i++)
        if (!kithp_week_own_all(tally->weeks[i]))
            return false;
    return !tally->reviewed || kithp_week_own_all(tally->reviewed);
}

/* ---- rows ---- */

static struct kithp_cell *cell_at(const struct kithp_week *week, uint32_t cell)
{
    return kithp_chunks_at(&week->cells, cell);
}

static struct kithp_cell *cell_behind(const struct kithp_week *week, const struct kithp_cell *cell)
{
    return cell->next ? cell_at(week, cell->next - 1) : NULL;
}

/* The first cell of a member's row, also of one that no event has touched; NULL where there is none. */
static struct kithp_cell *row_of(const struct kithp_week *week, uint32_t member)
{
    const uint32_t *entry = kithp_week_entry(week, member);
    return entry && *entry ? cell_at(week, *entry - 1) : NULL;
}

static void erase_row(struct kithp_week *week, uint32_t member)
{
    uint32_t *entry = kithp_week_entry(week, member);
    if (!entry)
        return;
    for (uint32_t number = *entry; number;) {
        struct kithp_cell *cell = cell_at(week, number - 1);
        number = cell->next;
        memset(cell, 0, sizeof *cell);
        cell->first = KITHP_ROW_UNTOUCHED;
    }
    *entry = 0;
}

/* Takes a slot out; the row's last fills the gap. */
static void drop_slot(const struct kithp_week *week, struct kithp_cell *cell, unsigned slot)
{
    struct kithp_cell *last = cell;
    for (struct kithp_cell *next = cell; next; next = cell_behind(week, next))
        if (next->used > 0)
            last = next;
    last->used--;
    cell->slots[slot] = last->slots[last->used];
    cell->quantities[slot] = last->quantities[last->used];
    /* What is not in use is clear, for the next slot to begin at 0. */
    last->slots[last->used] = 0;
    last->quantities[last->used] = 0;
}

static void take_back(const struct kithp_week *week, uint32_t member, int16_t slot, uint32_t quantity)
{
    for (struct kithp_cell *cell = row_of(week, member); cell; cell = cell_behind(week, cell)) {
        for (unsigned i = 0; i < cell->used; i++) {
            if (cell->slots[i] != slot)
                continue;
            uint32_t *sum = &cell->quantities[i];
            if (*sum == UINT32_MAX)
                return;
            *sum -= quantity < *sum ? quantity : *sum;
            if (*sum == 0)
                drop_slot(week, cell, i);
            return;
        }
    }
}

static void take_supporter_back(const struct kithp_week *week, uint32_t member)
{
    struct kithp_cell *row = row_of(week, member);
    if (row && row->supporters > 0 && row->supporters < KITHP_SUPPORTERS_MOST)
        row->supporters--;
}

static void add_supporters(struct kithp_cell *row, uint32_t more)
{
    uint32_t sum = row->supporters + more;
    row->supporters = (uint16_t)(sum < KITHP_SUPPORTERS_MOST ? sum : KITHP_SUPPORTERS_MOST);
}

static void add_row(struct kithp_week *week, const struct kithp_cell *from, uint32_t into)
{
    struct kithp_cell *row = cell_at(week, into);
    row->days |= from->days;
    if (from->first < row->first)
        row->first = from->first;
    if (from->last > row->last)
        row->last = from->last;
    if (from->leave_end > row->leave_end)
        row->leave_end = from->leave_end;
    add_supporters(row, from->supporters);
    for (const struct kithp_cell *cell = from; cell; cell = kithp_week_next_cell(week, cell))
        for (unsigned i = 0; i < cell->used; i++)
            kithp_week_add_quantity(week, into, cell->slots[i], cell->quantities[i]);
}

static void merge_rows(struct kithp_week *week, uint32_t from, uint32_t into)
{
    uint32_t *given = kithp_week_entry(week, from);
    if (!given || *given == 0)
        return;
    uint32_t *taken = kithp_week_entry(week, into);
    if (*taken == 0) {
        *taken = *given;
        *given = 0;
        return;
    }
    add_row(week, cell_at(week, *given - 1), *taken - 1);
    erase_row(week, from);
}

/* ---- pairs ---- */

static struct kithp_pair *pair_at(const struct kithp_week *week, uint32_t pair)
{
    return kithp_chunks_at(&week->pairs, pair);
}

static bool mentions(const struct kithp_pair *pair, uint32_t member)
{
    return pair->actor == member || pair->target == member;
}

/* Takes a pair out that is in the index under one tag; the last fills the gap. */
static void drop_pair(struct kithp_week *week, struct kithp_hash_key key, uint32_t gap)
{
    struct kithp_pair *pair = pair_at(week, gap);
    kithp_index_remove(&week->pair_index, kithp_week_pair_tag(key, pair->actor, pair->target), gap);
    uint32_t last = --week->pairs.count;
    struct kithp_pair *moved = pair_at(week, last);
    if (gap != last) {
        *pair = *moved;
        kithp_index_renumber(&week->pair_index, kithp_week_pair_tag(key, pair->actor, pair->target), last, gap);
    }
    memset(moved, 0, sizeof *moved);
}

static void forget_in_week(struct kithp_week *week, struct kithp_hash_key key, uint32_t member)
{
    /* From behind: what fills a gap has been looked at. */
    for (uint32_t i = week->pairs.count; i > 0; i--)
        if (mentions(pair_at(week, i - 1), member))
            drop_pair(week, key, i - 1);
    erase_row(week, member);
}

void kithp_accounts_forget(struct kithp_tally *tally, uint32_t member)
{
    for (size_t i = 0; i < tally->week_count; i++) {
        if (tally->weeks[i]->sealed)
            kithp_sealed_commit(tally->weeks[i]);
        else
            forget_in_week(tally->weeks[i], tally->key, member);
    }
    if (tally->reviewed)
        forget_in_week(tally->reviewed, tally->key, member);
}

/* ---- a merge, in one week ---- */

/* What is the same throughout. */
struct merge {
    struct kithp_week *week;
    const struct kithp_slots *slots;
    struct kithp_hash_key key;
    uint32_t from;
    uint32_t into;
};

static struct merge merge_of(const struct kithp_tally *tally, struct kithp_week *week, uint32_t from, uint32_t into)
{
    return (struct merge){week, &tally->slots, tally->key, from, into};
}

/* The other name for what `from` is called. */
static uint32_t renamed(const struct merge *merge, uint32_t member)
{
    return member == merge->from ? merge->into : member;
}

static uint32_t tag_renamed(const struct merge *merge, const struct kithp_pair *pair)
{
    return kithp_week_pair_tag(merge->key, renamed(merge, pair->actor), renamed(merge, pair->target));
}

/* Whether a pair mentions `from`, and somebody other than `into`. */
static bool is_to_rename(const struct merge *merge, const struct kithp_pair *pair)
{
    return mentions(pair, merge->from) && !mentions(pair, merge->into);
}

static bool is_between_the_two(const struct merge *merge, const struct kithp_pair *pair)
{
    return mentions(pair, merge->from) && mentions(pair, merge->into);
}

/* Takes the first `count` pairs that are to be renamed out of the index under the names that they will have. */
static void undo_names(const struct merge *merge, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct kithp_pair *pair = pair_at(merge->week, i);
        if (is_to_rename(merge, pair))
            kithp_index_remove(&merge->week->pair_index, tag_renamed(merge, pair), i);
    }
}

/*
 * Puts the pairs of `from` in the index under the names that they will have, beside those that they have: a walk of
 * either finds them, and looks at the pair itself before it takes it for what it seeks.
 */
static bool add_names(const struct merge *merge)
{
    for (uint32_t i = 0; i < merge->week->pairs.count; i++) {
        const struct kithp_pair *pair = pair_at(merge->week, i);
        if (is_to_rename(merge, pair) && !kithp_index_add(&merge->week->pair_index, tag_renamed(merge, pair), i)) {
            undo_names(merge, i);
            return false;
        }
    }
    return true;
}

/* As many cells as the row of `from` has hold its slots once more, should the other row have none of them. */
static bool reserve_cells(const struct merge *merge)
{
    size_t cells = 0;
    for (const struct kithp_cell *cell = row_of(merge->week, merge->from); cell;
         cell = kithp_week_next_cell(merge->week, cell))
        cells++;
    return cells == 0 ||
           (kithp_week_reserve_entry(merge->week, merge->into) && kithp_chunks_reserve(&merge->week->cells, cells));
}

static bool prepare_week(const struct merge *merge)
{
    return reserve_cells(merge) && add_names(merge);
}

/* The first of the pairs, of any kind, by which one member supports another; KITHP_INDEX_NONE where there is none. */
static uint32_t first_support(const struct merge *merge, uint32_t actor, uint32_t target)
{
    const struct kithp_week *week = merge->week;
    struct kithp_index_walk walk = kithp_index_begin(&week->pair_index, kithp_week_pair_tag(merge->key, actor, target));
    uint32_t first = KITHP_INDEX_NONE;
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        const struct kithp_pair *pair = pair_at(week, item);
        if (item < first && pair->quantity > 0 && pair->actor == actor && pair->target == target &&
            merge->slots->kinds[pair->kind].supports)
            first = item;
    }
    return first;
}

/* Nobody supports itself, and who supports or is supported by both accounts counts once. */
static void recount_supporters(const struct merge *merge)
{
    for (uint32_t i = 0; i < merge->week->pairs.count; i++) {
        const struct kithp_pair *pair = pair_at(merge->week, i);
        if (!mentions(pair, merge->from) || first_support(merge, pair->actor, pair->target) != i)
            continue;
        if (is_between_the_two(merge, pair) ||
            first_support(merge, renamed(merge, pair->actor), renamed(merge, pair->target)) != KITHP_INDEX_NONE)
            take_supporter_back(merge->week, pair->target);
    }
}

static uint32_t limited(uint32_t quantity, const kith_credit *credit)
{
    return credit->each > 0 && credit->each < quantity ? credit->each : quantity;
}

/* What the two accounts did with each other is self-directed now: it credits neither. */
static void take_pair_back(const struct merge *merge, const struct kithp_pair *pair)
{
    const struct kithp_kind_slots *kind = &merge->slots->kinds[pair->kind];
    const struct kithp_slot *slots = merge->slots->slots;
    if (kind->gives != KITHP_SLOT_NONE) {
        take_back(merge->week, pair->actor, kind->gives, pair->quantity);
        take_back(merge->week, pair->actor, kind->gives_counted, limited(pair->quantity, slots[kind->gives].credit));
    }
    if (kind->receives != KITHP_SLOT_NONE) {
        take_back(merge->week, pair->target, kind->receives, pair->quantity);
        take_back(merge->week, pair->target, kind->receives_counted,
                  limited(pair->quantity, slots[kind->receives].credit));
    }
}

/*
 * What counts by `each` of one side of two pairs that become one. The rows of the two accounts are still apart: what
 * the joint pair counts more than the one with `into` goes to the row of that one, so that in the row of `from` there
 * is only taking back, which is exact.
 */
static void join_counted(const struct merge *merge, int16_t slot, const kith_credit *credit, uint32_t member,
                         uint32_t quantity, uint32_t with_into)
{
    uint32_t joint = limited(kithp_number_add_stop(quantity, with_into), credit);
    if (member != merge->from) {
        take_back(merge->week, member, slot, limited(quantity, credit) + limited(with_into, credit) - joint);
        return;
    }
    take_back(merge->week, member, slot, limited(quantity, credit));
    uint32_t more = joint - limited(with_into, credit);
    if (more > 0)
        kithp_week_add_quantity(merge->week, *kithp_week_entry(merge->week, merge->into) - 1, slot, more);
}

/* Adds a pair of `from`, less what the two count together too much, to the same with `into`. */
static void join_pairs(const struct merge *merge, const struct kithp_pair *pair, struct kithp_pair *same)
{
    const struct kithp_kind_slots *kind = &merge->slots->kinds[pair->kind];
    const struct kithp_slot *slots = merge->slots->slots;
    bool both = pair->quantity > 0 && same->quantity > 0;
    if (both && kind->gives_counted != KITHP_SLOT_NONE)
        join_counted(merge, kind->gives_counted, slots[kind->gives].credit, pair->actor, pair->quantity,
                     same->quantity);
    if (both && kind->receives_counted != KITHP_SLOT_NONE)
        join_counted(merge, kind->receives_counted, slots[kind->receives].credit, pair->target, pair->quantity,
                     same->quantity);
    same->quantity = kithp_number_add_stop(same->quantity, pair->quantity);
}

/* The pair with `into` that a pair of `from` becomes one with, or NULL. */
static struct kithp_pair *find_same(const struct merge *merge, const struct kithp_pair *pair)
{
    uint32_t actor = renamed(merge, pair->actor), target = renamed(merge, pair->target);
    struct kithp_index_walk walk =
        kithp_index_begin(&merge->week->pair_index, kithp_week_pair_tag(merge->key, actor, target));
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        struct kithp_pair *known = pair_at(merge->week, item);
        if (known->actor == actor && known->target == target && known->kind == pair->kind)
            return known;
    }
    return NULL;
}

static void merge_pair(const struct merge *merge, uint32_t item)
{
    struct kithp_pair *pair = pair_at(merge->week, item);
    if (is_between_the_two(merge, pair)) {
        drop_pair(merge->week, merge->key, item);
        return;
    }
    struct kithp_pair *same = find_same(merge, pair);
    if (same)
        join_pairs(merge, pair, same);
    kithp_index_remove(&merge->week->pair_index, kithp_week_pair_tag(merge->key, pair->actor, pair->target), item);
    pair->actor = renamed(merge, pair->actor);
    pair->target = renamed(merge, pair->target);
    if (same)
        drop_pair(merge->week, merge->key, item);
}

static void merge_in_week(const struct merge *merge)
{
    recount_supporters(merge);
    /* Before anything is added: a sum that reaches its stop cannot be taken back from any more. */
    for (uint32_t i = 0; i < merge->week->pairs.count; i++)
        if (is_between_the_two(merge, pair_at(merge->week, i)))
            take_pair_back(merge, pair_at(merge->week, i));
    /* From behind: what fills a gap has been looked at. */
    for (uint32_t i = merge->week->pairs.count; i > 0; i--)
        if (mentions(pair_at(merge->week, i - 1), merge->from))
            merge_pair(merge, i - 1);
    merge_rows(merge->week, merge->from, merge->into);
}

/* ---- a merge, in all weeks ---- */

bool kithp_accounts_prepare(struct kithp_tally *tally, uint32_t from, uint32_t into)
{
    /* The week reviewed last has no pairs any more. */
    if (tally->reviewed) {
        struct merge merge = merge_of(tally, tally->reviewed, from, into);
        if (!prepare_week(&merge))
            return false;
    }
    for (size_t i = 0; i < tally->week_count; i++) {
        struct merge merge = merge_of(tally, tally->weeks[i], from, into);
        if (tally->weeks[i]->sealed || prepare_week(&merge))
            continue;
        while (i-- > 0) {
            merge = merge_of(tally, tally->weeks[i], from, into);
            if (!tally->weeks[i]->sealed)
                undo_names(&merge, merge.week->pairs.count);
        }
        return false;
    }
    return true;
}

void kithp_accounts_merge(struct kithp_tally *tally, uint32_t from, uint32_t into)
{
    for (size_t i = 0; i < tally->week_count; i++) {
        struct merge merge = merge_of(tally, tally->weeks[i], from, into);
        if (tally->weeks[i]->sealed)
            kithp_sealed_commit(tally->weeks[i]);
        else
            merge_in_week(&merge);
    }
    if (tally->reviewed) {
        struct merge merge = merge_of(tally, tally->reviewed, from, into);
        merge_in_week(&merge);
    }
}

/* ---- weeks that have been sealed ---- */

void kithp_accounts_revert_sealed(struct kithp_tally *tally)
{
    for (size_t i = 0; i < tally->week_count; i++)
        if (tally->weeks[i]->sealed)
            kithp_sealed_revert(tally->weeks[i]);
}

static kith_status prepare_sealed(struct kithp_tally *tally, kithp_sealed_change_fn change, void *context,
                                  kith_error *error)
{
    const struct kithp_join join = kithp_tally_join(tally);
    kith_status status = KITH_OK;
    for (size_t i = 0; i < tally->week_count && status == KITH_OK; i++)
        if (tally->weeks[i]->sealed)
            status = kithp_sealed_prepare(tally->weeks[i], &join, change, context, error);
    if (status != KITH_OK)
        kithp_accounts_revert_sealed(tally);
    return status;
}

/* What becomes of a week that has been put together. */
struct change {
    const struct kithp_tally *tally;
    uint32_t from;
    uint32_t into;
};

static bool forget_in_whole(void *context, struct kithp_week *whole)
{
    const struct change *change = context;
    forget_in_week(whole, change->tally->key, change->from);
    return true;
}

static bool merge_in_whole(void *context, struct kithp_week *whole)
{
    const struct change *change = context;
    struct merge merge = merge_of(change->tally, whole, change->from, change->into);
    if (!prepare_week(&merge))
        return false;
    merge_in_week(&merge);
    return true;
}

kith_status kithp_accounts_prepare_sealed_forget(struct kithp_tally *tally, uint32_t member, kith_error *error)
{
    struct change change = {tally, member, KITHP_NOBODY};
    return prepare_sealed(tally, forget_in_whole, &change, error);
}

kith_status kithp_accounts_prepare_sealed_merge(struct kithp_tally *tally, uint32_t from, uint32_t into,
                                                kith_error *error)
{
    struct change change = {tally, from, into};
    return prepare_sealed(tally, merge_in_whole, &change, error);
}
