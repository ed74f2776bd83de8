/* SPDX-License-Identifier: MIT */
#include "inspect/distinct.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

static const struct kithp_hash_key same_everywhere = {0, 0};

/* The first value whose hash is not below. */
static size_t place_of(const struct kithp_distinct *distinct, uint64_t hash)
{
    size_t low = 0, high = distinct->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (distinct->values[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct kithp_distinct *distinct, size_t place, uint64_t hash)
{
    return place < distinct->count && distinct->values[place].hash == hash;
}

static void insert(struct kithp_distinct *distinct, size_t place, uint64_t hash)
{
    struct kithp_distinct_value *values = distinct->values;
    memmove(values + place + 1, values + place, (distinct->count - place) * sizeof *values);
    values[place] = (struct kithp_distinct_value){.hash = hash, .count = 1};
    distinct->count++;
}

static void forget_texts(struct kithp_distinct *distinct, const kith_allocator *allocator)
{
    kithp_alloc_free(allocator, distinct->bytes);
    distinct->bytes = NULL;
    distinct->used = distinct->room = 0;
    distinct->many = true;
}

/* One more than are known one by one: the smallest hashes stay. */
static void add_beyond(struct kithp_distinct *distinct, const kith_allocator *allocator, size_t place, uint64_t hash)
{
    if (!distinct->many)
        forget_texts(distinct, allocator);
    if (place == KITHP_DISTINCT_MOST)
        return;
    distinct->count--;
    insert(distinct, place, hash);
}

bool kithp_distinct_add(struct kithp_distinct *distinct, const kith_allocator *allocator, kith_text value)
{
    uint64_t hash = kithp_hash_bytes(same_everywhere, value.data, value.length);
    size_t place = place_of(distinct, hash);
    if (is_at(distinct, place, hash)) {
        distinct->values[place].count++;
        return true;
    }
    if (distinct->many || distinct->count == KITHP_DISTINCT_MOST) {
        add_beyond(distinct, allocator, place, hash);
        return true;
    }
    size_t length = value.length < KITHP_DISTINCT_BYTES ? value.length : KITHP_DISTINCT_BYTES;
    void *values = distinct->values, *bytes = distinct->bytes;
    bool grown =
        kithp_alloc_grow(allocator, &values, &distinct->capacity, distinct->count + 1, sizeof *distinct->values);
    distinct->values = values;
    grown = grown && kithp_alloc_grow(allocator, &bytes, &distinct->room, distinct->used + length + 1, 1);
    distinct->bytes = bytes;
    if (!grown)
        return false;
    insert(distinct, place, hash);
    distinct->values[place].begin = (uint32_t)distinct->used;
    distinct->values[place].length = (uint32_t)length;
    if (length > 0)
        memcpy(distinct->bytes + distinct->used, value.data, length);
    distinct->used += length;
    return true;
}

void kithp_distinct_free(struct kithp_distinct *distinct, const kith_allocator *allocator)
{
    kithp_alloc_free(allocator, distinct->values);
    kithp_alloc_free(allocator, distinct->bytes);
    *distinct = (struct kithp_distinct){.values = NULL};
}

/* To two digits that say something: more would look as if they were known. Down where up would be beyond the most. */
static uint64_t round_off(uint64_t number, uint64_t most)
{
    uint64_t unit = 1;
    while (number / unit >= 100)
        unit *= 10;
    uint64_t nearest = (number + unit / 2) / unit * unit;
    return nearest <= most ? nearest : number / unit * unit;
}

uint64_t kithp_distinct_count(const struct kithp_distinct *distinct, uint64_t most)
{
    if (!distinct->many)
        return distinct->count < most ? distinct->count : most;
    /* Where n hashes lie evenly below 2^64, the k-th lies at about k / n of that. */
    uint64_t last = distinct->values[distinct->count - 1].hash >> 24;
    uint64_t about = ((uint64_t)(KITHP_DISTINCT_MOST - 1) << 40) / (last > 0 ? last : 1);
    uint64_t rounded = round_off(about < most ? about : most, most);
    return rounded > KITHP_DISTINCT_MOST ? rounded : KITHP_DISTINCT_MOST + 1;
}

/* Below this, all hashes that a field has are known. */
static uint64_t known_below(const struct kithp_distinct *distinct)
{
    return distinct->many ? distinct->values[distinct->count - 1].hash : UINT64_MAX;
}

uint32_t kithp_distinct_shared(const struct kithp_distinct *one, const struct kithp_distinct *other)
{
    uint64_t most = known_below(one) < known_below(other) ? known_below(one) : known_below(other);
    uint32_t looked_at = 0, shared = 0;
    for (size_t i = 0; i < one->count && one->values[i].hash <= most; i++) {
        uint64_t hash = one->values[i].hash;
        looked_at++;
        shared += is_at(other, place_of(other, hash), hash);
    }
    return looked_at > 0 ? 100 * shared / looked_at : 0;
}
