/* SPDX-License-Identifier: MIT */
#include "tally/accounts.h"

#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "tally/sealed.h"
#include "tally/week_row.h"

bool kithp_accounts_own(struct kithp_tally *tally)
{
    for (size_t i = 0; i < tally->week_count; i++)
        if (!kithp_week_own_all(tally->weeks[i]))
            return false;
    return !tally->reviewed || kithp_week_own_all(tally->reviewed);
}

/* ---- rows ---- */

static struct kithp_cell *cell_behind(const struct kithp_week *week, const struct kithp_cell *cell)
{
    return cell->next ? kithp_row_cell(week, cell->next - 1) : NULL;
}

/* The first cell of a member's row, also of one that no event has touched; NULL where there is none. */
static struct kithp_cell *row_of(const struct kithp_week *week, uint32_t member)
{
    const uint32_t *entry = kithp_week_entry(week, member);
    return entry && *entry ? kithp_row_cell(week, *entry - 1) : NULL;
}

static void erase_row(struct kithp_week *week, uint32_t member)
{
    uint32_t *entry = kithp_week_entry(week, member);
    if (!entry)
        return;
    for (uint32_t number = *entry; number;) {
        struct kithp_cell *cell = kithp_row_cell(week, number - 1);
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
    for (struct kithp_cell *next = cell_behind(week, cell); next; next = cell_behind(week, next))
        if (next->used > 0)
            last = next;
    last->used--;
    cell->slots[slot] = last->slots[last->used];
    cell->quantities[slot] = last->quantities[last->used];
    /* What is not in use is clear, for the next slot to begin at 0. */
    last->slots[last->used] = 0;
    last->quantities[last->used] = 0;
}

/* A slot of a row. */
struct place {
    struct kithp_cell *cell; /* NULL where the row does not have it */
    unsigned at;
};

static struct place place_of(const struct kithp_week *week, uint32_t member, int16_t slot)
{
    for (struct kithp_cell *cell = row_of(week, member); cell; cell = cell_behind(week, cell))
        for (unsigned i = 0; i < cell->used; i++)
            if (cell->slots[i] == slot)
                return (struct place){cell, i};
    return (struct place){NULL, 0};
}

static uint32_t quantity_in(const struct place *place)
{
    return place->cell ? place->cell->quantities[place->at] : 0;
}

/* Changes a quantity, takes it out, or adds it, for which there must be room then. */
static void set_quantity(struct kithp_week *week, uint32_t member, int16_t slot, uint32_t quantity)
{
    struct place place = place_of(week, member, slot);
    if (!place.cell && quantity > 0)
        kithp_week_add_quantity(week, *kithp_week_entry(week, member) - 1, slot, quantity);
    else if (place.cell && quantity > 0)
        place.cell->quantities[place.at] = quantity;
    else if (place.cell)
        drop_slot(week, place.cell, place.at);
}

/* Less by so much, or nothing; but what has stopped at the most stays there. */
static uint32_t less(uint32_t sum, uint32_t amount)
{
    if (sum == UINT32_MAX)
        return sum;
    return sum - (amount < sum ? amount : sum);
}

/* What a member has of a credit: the quantity in all, and what counts of it. */
struct credited {
    uint32_t quantity;
    uint32_t counted;
};

static struct credited get_credited(const struct kithp_week *week, const struct kithp_slots *slots, uint32_t member,
                                    int16_t slot)
{
    struct place counted = place_of(week, member, slot), over = place_of(week, member, slots->slots[slot].twin);
    uint32_t sum = quantity_in(&counted);
    return (struct credited){kithp_number_add_stop(sum, quantity_in(&over)), sum};
}

static void set_credited(struct kithp_week *week, const struct kithp_slots *slots, uint32_t member, int16_t slot,
                         const struct credited *credited)
{
    uint32_t quantity = credited->quantity, counted = credited->counted;
    set_quantity(week, member, slot, counted);
    set_quantity(week, member, slots->slots[slot].twin, quantity > counted ? quantity - counted : 0);
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
    struct kithp_cell *row = kithp_row_cell(week, into);
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
    add_row(week, kithp_row_cell(week, *given - 1), *taken - 1);
    erase_row(week, from);
}

/* ---- pairs ---- */

/*
 * Stands beside the kind where a merge has made room for what a pair will be called: nobody's pair yet. Its members are
 * those of no other pair of its kind.
 */
#define TO_COME (UINT32_C(1) << 31)

static bool mentions(const struct kithp_pair *pair, uint32_t member)
{
    return pair->actor == member || pair->target == member;
}

static uint64_t hash_of(const struct kithp_week *week, uint64_t key)
{
    return kithp_map_hash(&week->pairs, key);
}

static void drop_pair(struct kithp_week *week, const struct kithp_map_entry *entry)
{
    kithp_map_remove(&week->pairs, hash_of(week, entry->key), entry);
}

static void forget_in_week(struct kithp_week *week, uint32_t member)
{
    struct kithp_pair pair;
    for (uint32_t i = 0; i < kithp_map_places(&week->pairs); i++)
        while (kithp_week_pair(week, i, &pair) && mentions(&pair, member))
            drop_pair(week, kithp_map_at(&week->pairs, i));
    erase_row(week, member);
}

void kithp_accounts_forget(struct kithp_tally *tally, uint32_t member)
{
    for (size_t i = 0; i < tally->week_count; i++) {
        if (tally->weeks[i]->sealed)
            kithp_sealed_commit(tally->weeks[i]);
        else
            forget_in_week(tally->weeks[i], member);
    }
    if (tally->reviewed)
        forget_in_week(tally->reviewed, member);
}

/* ---- a merge, in one week ---- */

/* What is the same throughout. */
struct merge {
    struct kithp_week *week;
    const struct kithp_slots *slots;
    uint32_t from;
    uint32_t into;
};

static struct merge merge_of(const struct kithp_tally *tally, struct kithp_week *week, uint32_t from, uint32_t into)
{
    return (struct merge){week, &tally->slots, from, into};
}

/* The other name for what `from` is called. */
static uint32_t renamed(const struct merge *merge, uint32_t member)
{
    return member == merge->from ? merge->into : member;
}

static uint64_t key_renamed(const struct merge *merge, const struct kithp_pair *pair)
{
    return kithp_pair_key(renamed(merge, pair->actor), renamed(merge, pair->target));
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

/* The pair that one of `from` becomes, or becomes one with: one of `into`, or the room made for it; or NULL. */
static struct kithp_map_entry *find_renamed(const struct merge *merge, const struct kithp_pair *pair)
{
    uint64_t key = key_renamed(merge, pair);
    struct kithp_map_walk walk = kithp_map_begin(&merge->week->pairs, hash_of(merge->week, key), key);
    for (struct kithp_map_entry *entry; (entry = kithp_map_next(&walk));)
        if ((entry->mark & ~TO_COME) == pair->kind)
            return entry;
    return NULL;
}

/* Gives up the room that was made for pairs to come. */
static void undo_rooms(const struct merge *merge)
{
    struct kithp_week *week = merge->week;
    for (uint32_t i = 0; i < kithp_map_places(&week->pairs); i++)
        for (const struct kithp_map_entry *entry; (entry = kithp_map_at(&week->pairs, i)) && entry->mark & TO_COME;)
            drop_pair(week, entry);
}

/* The pairs that are to be renamed, to be freed by the caller; NULL where there are none, or no memory. */
static struct kithp_pair *list_to_rename(const struct merge *merge, size_t *count, bool *failed)
{
    struct kithp_week *week = merge->week;
    struct kithp_pair pair, *list = NULL;
    size_t capacity = 0;
    *count = 0;
    *failed = false;
    for (uint32_t i = 0; i < kithp_map_places(&week->pairs); i++) {
        if (!kithp_week_pair(week, i, &pair) || !is_to_rename(merge, &pair))
            continue;
        *failed = !kithp_alloc_grow(week->cells.allocator, (void **)&list, &capacity, *count + 1, sizeof *list);
        if (*failed)
            break;
        list[(*count)++] = pair;
    }
    return list;
}

/* How many of some pairs will become one with another. */
static size_t count_joins(const struct merge *merge, const struct kithp_pair *list, size_t count)
{
    size_t joins = 0;
    for (size_t i = 0; i < count; i++)
        joins += find_renamed(merge, &list[i]) != NULL;
    return joins;
}

/*
 * As many cells as the row of `from` has hold its slots once more, should the other row have none of them. Each of so
 * many joins may put what is over `each` in the other member's row, and in that of `from`, where all twins there are
 * fit a few cells, which the row of `into` may need as well.
 */
static bool reserve_cells(const struct merge *merge, size_t joins)
{
    enum { TWINS_MOST = KITHP_SLOTS_MOST / 2 };
    size_t cells = 0, twins = joins < TWINS_MOST ? joins : TWINS_MOST;
    for (const struct kithp_cell *cell = row_of(merge->week, merge->from); cell;
         cell = kithp_week_next_cell(merge->week, cell))
        cells++;
    if (cells == 0)
        return true;
    cells += joins + 2 * ((twins + KITHP_CELL_SLOTS - 1) / KITHP_CELL_SLOTS);
    return kithp_week_reach_entry(merge->week, merge->into) && kithp_chunks_reserve(&merge->week->cells, cells);
}

/* Makes room for one pair under the name that it will have, unless a pair of that name is there. */
static bool make_room(const struct merge *merge, const struct kithp_pair *pair)
{
    struct kithp_map *pairs = &merge->week->pairs;
    if (find_renamed(merge, pair))
        return true;
    uint64_t key = key_renamed(merge, pair), hash = hash_of(merge->week, key);
    if (!kithp_map_reserve(pairs, hash, 1))
        return false;
    kithp_map_add(pairs, hash, (struct kithp_map_entry){key, 1, pair->kind | TO_COME});
    return true;
}

/*
 * Room for all that a merge may add: pairs under the names that they will have, and cells. What is looked at is listed
 * first, as pairs move where others are added. Where a pair becomes one with another, what is over `each` may have to
 * stand in the other member's row as well.
 */
static bool prepare_week(const struct merge *merge)
{
    size_t count;
    bool failed;
    struct kithp_pair *list = list_to_rename(merge, &count, &failed);
    failed = failed || !reserve_cells(merge, count_joins(merge, list, count));
    for (size_t i = 0; i < count && !failed; i++)
        failed = !make_room(merge, &list[i]);
    kithp_alloc_free(merge->week->cells.allocator, list);
    if (failed)
        undo_rooms(merge);
    return !failed;
}

/* One of the pairs, of any kind, by which one member supports another, always the same; NULL where there is none. */
static const struct kithp_map_entry *support_of(const struct merge *merge, uint64_t key)
{
    struct kithp_map_walk walk = kithp_map_begin(&merge->week->pairs, hash_of(merge->week, key), key);
    for (const struct kithp_map_entry *entry; (entry = kithp_map_next(&walk));)
        if (!(entry->mark & TO_COME) && merge->slots->kinds[entry->mark].supports)
            return entry;
    return NULL;
}

/* Nobody supports itself, and who supports or is supported by both accounts counts once. */
static void recount_supporters(const struct merge *merge)
{
    for (uint32_t i = 0; i < kithp_map_places(&merge->week->pairs); i++) {
        struct kithp_pair pair;
        if (!kithp_week_pair(merge->week, i, &pair) || !mentions(&pair, merge->from))
            continue;
        const struct kithp_map_entry *entry = kithp_map_at(&merge->week->pairs, i);
        if (support_of(merge, entry->key) != entry)
            continue;
        if (is_between_the_two(merge, &pair) || support_of(merge, key_renamed(merge, &pair)))
            take_supporter_back(merge->week, pair.target);
    }
}

/* Takes a quantity back of what a member has of a credit, of which what counts with one other member did. */
static void take_back(const struct merge *merge, uint32_t member, int16_t slot, uint32_t quantity)
{
    if (slot == KITHP_SLOT_NONE)
        return;
    struct credited has = get_credited(merge->week, merge->slots, member, slot);
    has.quantity = less(has.quantity, quantity);
    has.counted = less(has.counted, kithp_slots_limited(quantity, merge->slots->slots[slot].credit->each));
    set_credited(merge->week, merge->slots, member, slot, &has);
}

/* What the two accounts did with each other is self-directed now: it credits neither. */
static void take_pair_back(const struct merge *merge, const struct kithp_pair *pair)
{
    const struct kithp_kind_slots *kind = &merge->slots->kinds[pair->kind];
    take_back(merge, pair->actor, kind->gives, pair->quantity);
    take_back(merge, pair->target, kind->receives, pair->quantity);
}

/*
 * What counts by `each` of one side of two pairs that become one. The rows of the two accounts are still apart: what
 * the joint pair counts more than the one with `into` goes to the row of that one, so that in the row of `from` what
 * counts is only taken back, which is exact. What counts no more is over `each`.
 */
static void join_counted(const struct merge *merge, int16_t slot, uint32_t member, uint32_t quantity,
                         uint32_t with_into)
{
    uint32_t each = merge->slots->slots[slot].credit->each;
    uint32_t counted = kithp_slots_limited(quantity, each), with = kithp_slots_limited(with_into, each);
    uint32_t joint = kithp_slots_limited(kithp_number_add_stop(quantity, with_into), each), more = joint - with;
    struct credited has = get_credited(merge->week, merge->slots, member, slot);
    if (member != merge->from) {
        has.counted = less(has.counted, counted + with - joint);
    } else {
        has.counted = less(has.counted, counted);
        has.quantity = less(has.quantity, more);
        if (more > 0)
            kithp_week_add_quantity(merge->week, *kithp_week_entry(merge->week, merge->into) - 1, slot, more);
    }
    set_credited(merge->week, merge->slots, member, slot, &has);
}

/* Adds a pair of `from`, less what the two count together too much, to the same with `into`. */
static void join_pairs(const struct merge *merge, const struct kithp_pair *pair, struct kithp_map_entry *same)
{
    const struct kithp_kind_slots *kind = &merge->slots->kinds[pair->kind];
    if (kind->gives_over != KITHP_SLOT_NONE)
        join_counted(merge, kind->gives, pair->actor, pair->quantity, same->value);
    if (kind->receives_over != KITHP_SLOT_NONE)
        join_counted(merge, kind->receives, pair->target, pair->quantity, same->value);
    same->value = kithp_number_add_stop(same->value, pair->quantity);
}

static void rename_pair(const struct merge *merge, const struct kithp_pair *pair)
{
    struct kithp_map_entry *entry = find_renamed(merge, pair);
    if (entry->mark & TO_COME)
        *entry = (struct kithp_map_entry){entry->key, pair->quantity, pair->kind};
    else
        join_pairs(merge, pair, entry);
}

static void merge_in_week(const struct merge *merge)
{
    struct kithp_week *week = merge->week;
    struct kithp_pair pair;
    recount_supporters(merge);
    /* Before anything is added: a sum that reaches its stop cannot be taken back from any more. */
    for (uint32_t i = 0; i < kithp_map_places(&week->pairs); i++)
        if (kithp_week_pair(week, i, &pair) && is_between_the_two(merge, &pair))
            take_pair_back(merge, &pair);
    for (uint32_t i = 0; i < kithp_map_places(&week->pairs); i++) {
        while (kithp_week_pair(week, i, &pair) && mentions(&pair, merge->from)) {
            if (is_to_rename(merge, &pair))
                rename_pair(merge, &pair);
            drop_pair(week, kithp_map_at(&week->pairs, i));
        }
    }
    merge_rows(week, merge->from, merge->into);
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
                undo_rooms(&merge);
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
    forget_in_week(whole, change->from);
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
