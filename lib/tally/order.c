/* SPDX-License-Identifier: MIT */
#include "tally/order.h"

#include <string.h>

#include "base/alloc.h"
#include "base/keyed.h"
#include "base/sort.h"
#include "base/text.h"

void kithp_order_init(struct kithp_order *order, const kith_allocator *allocator)
{
    *order = (struct kithp_order){.allocator = allocator};
}

void kithp_order_free(struct kithp_order *order)
{
    kithp_alloc_free(order->allocator, order->sorted);
    kithp_order_init(order, order->allocator);
}

/* By its number, or by the first eight bytes of its name: most names differ in them. */
static uint64_t key_of(const struct kithp_members *members, uint32_t member)
{
    if (!members->named)
        return kithp_members_id(members, member);
    kith_text name = kithp_members_name(members, member);
    uint64_t key = 0;
    for (unsigned i = 0; i < 8; i++)
        key = key << 8 | (i < name.length ? (unsigned char)name.data[i] : 0);
    return key;
}

static bool is_before(const struct kithp_members *members, uint32_t a, uint32_t b)
{
    uint64_t key_a = key_of(members, a), key_b = key_of(members, b);
    if (key_a != key_b)
        return key_a < key_b;
    return members->named && kithp_text_compare(kithp_members_name(members, a), kithp_members_name(members, b)) < 0;
}

/* New members, which are to be sorted. */
struct newcomers {
    const struct kithp_members *members;
    uint32_t first;
    uint64_t *keys; /* of the members from the first on */
    struct kithp_keyed *items;
    struct kithp_keyed *spare;
    size_t count;
};

/* By half of the key; those that have the same half keep their order. */
static void sort_by_half(struct newcomers *newcomers, unsigned shift)
{
    uint32_t most = 0;
    for (size_t i = 0; i < newcomers->count; i++) {
        struct kithp_keyed *item = &newcomers->items[i];
        item->key = (uint32_t)(newcomers->keys[item->item - newcomers->first] >> shift);
        most = item->key > most ? item->key : most;
    }
    struct kithp_keyed *sorted = kithp_keyed_sort(newcomers->items, newcomers->spare, newcomers->count, most);
    if (sorted == newcomers->items)
        return;
    newcomers->spare = newcomers->items;
    newcomers->items = sorted;
}

static bool name_before(const void *members, const void *a, const void *b)
{
    const struct kithp_keyed *left = a, *right = b;
    return kithp_text_compare(kithp_members_name(members, left->item), kithp_members_name(members, right->item)) < 0;
}

/* Names of the same key, by what follows in them. */
static void sort_same(const struct newcomers *newcomers, size_t begin, size_t count)
{
    struct kithp_keyed *items = newcomers->items + begin;
    const struct kithp_keyed *sorted =
        kithp_sort(items, newcomers->spare, count, sizeof *items, name_before, newcomers->members);
    if (sorted != items)
        memcpy(items, sorted, count * sizeof *items);
}

static void sort_newcomers(struct newcomers *newcomers)
{
    sort_by_half(newcomers, 0);
    sort_by_half(newcomers, 32);
    const uint64_t *keys = newcomers->keys;
    const struct kithp_keyed *items = newcomers->items;
    const uint32_t first = newcomers->first;
    for (size_t begin = 0, end; newcomers->members->named && begin < newcomers->count; begin = end) {
        for (end = begin + 1; end < newcomers->count; end++)
            if (keys[items[end].item - first] != keys[items[begin].item - first])
                break;
        if (end - begin > 1)
            sort_same(newcomers, begin, end - begin);
    }
}

/* Merges sorted new members into the order from behind, so that no second array is needed. */
static void merge_into(struct kithp_order *order, const struct newcomers *newcomers)
{
    size_t old = order->count, count = newcomers->count, at = old + count;
    while (count > 0) {
        uint32_t added = newcomers->items[count - 1].item;
        if (old > 0 && is_before(newcomers->members, added, order->sorted[old - 1]))
            order->sorted[--at] = order->sorted[--old];
        else {
            order->sorted[--at] = added;
            count--;
        }
    }
}

static void add_newcomers(struct kithp_order *order, struct newcomers *newcomers, size_t total)
{
    for (uint32_t i = newcomers->first; i < total; i++) {
        if (kithp_members_resolve(newcomers->members, i) != i)
            continue;
        newcomers->keys[i - newcomers->first] = key_of(newcomers->members, i);
        newcomers->items[newcomers->count++].item = i;
    }
    sort_newcomers(newcomers);
    merge_into(order, newcomers);
    order->count += newcomers->count;
    order->seen = total;
}

bool kithp_order_update(struct kithp_order *order, const struct kithp_members *members)
{
    size_t total = kithp_members_count(members);
    size_t more = total - order->seen;
    if (more == 0)
        return true;
    if (!kithp_alloc_grow(order->allocator, (void **)&order->sorted, &order->capacity, order->count + more,
                          sizeof *order->sorted))
        return false;
    uint64_t *keys = kithp_alloc_array(order->allocator, more, sizeof *keys);
    struct kithp_keyed *items = kithp_alloc_array(order->allocator, 2 * more, sizeof *items);
    bool has_room = keys && items;
    if (has_room) {
        struct newcomers newcomers = {members, (uint32_t)order->seen, keys, items, items + more, 0};
        add_newcomers(order, &newcomers, total);
    }
    kithp_alloc_free(order->allocator, items);
    kithp_alloc_free(order->allocator, keys);
    return has_room;
}

void kithp_order_remove(struct kithp_order *order, uint32_t member)
{
    for (size_t i = 0; i < order->count; i++) {
        if (order->sorted[i] != member)
            continue;
        order->count--;
        memmove(order->sorted + i, order->sorted + i + 1, (order->count - i) * sizeof *order->sorted);
        return;
    }
}
