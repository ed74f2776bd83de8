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
static struct kithp_keyed_long key_of(const struct kithp_members *members, uint32_t member)
{
    if (!members->named)
        return (struct kithp_keyed_long){kithp_members_id(members, member), member};
    kith_text name = kithp_members_name(members, member);
    uint64_t prefix = 0;
    for (unsigned i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < name.length ? (unsigned char)name.data[i] : 0);
    return (struct kithp_keyed_long){prefix, member};
}

static bool is_before(const struct kithp_members *members, struct kithp_keyed_long a, struct kithp_keyed_long b)
{
    if (a.key != b.key)
        return a.key < b.key;
    return members->named &&
           kithp_text_compare(kithp_members_name(members, a.item), kithp_members_name(members, b.item)) < 0;
}

static bool key_before(const void *members, const void *a, const void *b)
{
    return is_before(members, *(const struct kithp_keyed_long *)a, *(const struct kithp_keyed_long *)b);
}

/* Names of the same key, by what follows in them. */
static void sort_same(const struct kithp_members *members, struct kithp_keyed_long *keys,
                      struct kithp_keyed_long *spare, size_t count)
{
    const struct kithp_keyed_long *sorted = kithp_sort(keys, spare, count, sizeof *keys, key_before, members);
    if (sorted != keys)
        memcpy(keys, sorted, count * sizeof *keys);
}

/* Returns whichever of the two then holds them. */
static const struct kithp_keyed_long *sort_keys(const struct kithp_members *members, struct kithp_keyed_long *keys,
                                                struct kithp_keyed_long *spare, size_t count)
{
    struct kithp_keyed_long *sorted = kithp_keyed_sort_long(keys, spare, count);
    struct kithp_keyed_long *other = sorted == keys ? spare : keys;
    for (size_t begin = 0, end; members->named && begin < count; begin = end) {
        for (end = begin + 1; end < count && sorted[end].key == sorted[begin].key;)
            end++;
        if (end - begin > 1)
            sort_same(members, sorted + begin, other, end - begin);
    }
    return sorted;
}

/* Merges sorted new members into the order from behind, so that no second array is needed. */
static void merge_into(struct kithp_order *order, const struct kithp_members *members,
                       const struct kithp_keyed_long *keys, size_t count)
{
    size_t old = order->count, at = old + count;
    while (count > 0) {
        struct kithp_keyed_long added = keys[count - 1];
        if (old > 0 && is_before(members, added, key_of(members, order->sorted[old - 1])))
            order->sorted[--at] = order->sorted[--old];
        else {
            order->sorted[--at] = added.item;
            count--;
        }
    }
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
    struct kithp_keyed_long *keys = kithp_alloc_array(order->allocator, 2 * more, sizeof *keys);
    if (!keys)
        return false;
    size_t added = 0;
    for (uint32_t i = (uint32_t)order->seen; i < total; i++)
        if (kithp_members_resolve(members, i) == i)
            keys[added++] = key_of(members, i);
    merge_into(order, members, sort_keys(members, keys, keys + added, added), added);
    order->count += added;
    order->seen = total;
    kithp_alloc_free(order->allocator, keys);
    return true;
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
