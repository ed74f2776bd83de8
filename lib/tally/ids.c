/* SPDX-License-Identifier: MIT */
#include "tally/ids.h"

static struct kithp_id *id_at(const struct kithp_ids *ids, uint32_t item)
{
    return kithp_chunks_at(&ids->ids, item);
}

void kithp_ids_init(struct kithp_ids *ids, const kith_allocator *allocator)
{
    ids->keys[0] = kithp_hash_random_key();
    ids->keys[1] = kithp_hash_random_key();
    ids->index_key = kithp_hash_random_key();
    kithp_index_init(&ids->index, allocator);
    kithp_chunks_init(&ids->ids, allocator, sizeof(struct kithp_id));
    ids->live = 0;
    ids->closed = INT64_MIN;
}

void kithp_ids_free(struct kithp_ids *ids)
{
    kithp_index_free(&ids->index);
    kithp_chunks_free(&ids->ids);
    ids->live = 0;
}

enum kithp_id_outcome kithp_ids_restore(struct kithp_ids *ids, const struct kithp_id *id)
{
    uint32_t tag = kithp_ids_tag(ids, id);
    struct kithp_index_walk walk = kithp_index_begin(&ids->index, tag);
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        const struct kithp_id *known = id_at(ids, item);
        if (known->low == id->low && known->high == id->high && known->week > ids->closed)
            return KITHP_ID_KNOWN;
    }
    if (!kithp_chunks_reserve(&ids->ids, 1) || !kithp_index_add(&ids->index, tag, ids->ids.count))
        return KITHP_ID_NO_MEMORY;
    *id_at(ids, kithp_chunks_add(&ids->ids)) = *id;
    ids->live++;
    return KITHP_ID_TAKEN;
}

enum kithp_id_outcome kithp_ids_take(struct kithp_ids *ids, kith_text id, int64_t week)
{
    struct kithp_id taken = {
        .low = kithp_hash_bytes(ids->keys[0], id.data, id.length),
        .high = (uint32_t)kithp_hash_bytes(ids->keys[1], id.data, id.length),
        .week = (int32_t)week,
    };
    return kithp_ids_restore(ids, &taken);
}

/* Puts the last in the place of one, which is out of the index. */
static void fill_gap(struct kithp_ids *ids, uint32_t gap)
{
    uint32_t last = --ids->ids.count;
    if (gap == last)
        return;
    *id_at(ids, gap) = *id_at(ids, last);
    kithp_index_renumber(&ids->index, kithp_ids_tag(ids, id_at(ids, gap)), last, gap);
}

void kithp_ids_truncate(struct kithp_ids *ids, uint32_t count)
{
    while (ids->ids.count > count) {
        uint32_t last = ids->ids.count - 1;
        kithp_index_remove(&ids->index, kithp_ids_tag(ids, id_at(ids, last)), last);
        ids->ids.count--;
        ids->live--;
    }
}

static uint32_t count_live(const struct kithp_ids *ids)
{
    uint32_t live = 0;
    for (uint32_t item = 0; item < ids->ids.count; item++)
        live += id_at(ids, item)->week > ids->closed;
    return live;
}

static void remove_dead(struct kithp_ids *ids)
{
    /* They do no harm where they are, should there be no memory to part from a copy. */
    if (!kithp_chunks_own_all(&ids->ids))
        return;
    for (uint32_t item = ids->ids.count; item > 0; item--) {
        const struct kithp_id *id = id_at(ids, item - 1);
        if (id->week > ids->closed)
            continue;
        kithp_index_remove(&ids->index, kithp_ids_tag(ids, id), item - 1);
        fill_gap(ids, item - 1);
    }
}

void kithp_ids_close(struct kithp_ids *ids, int64_t week)
{
    if (week <= ids->closed)
        return;
    ids->closed = week;
    if (ids->ids.count == 0)
        return;
    ids->live = count_live(ids);
    if (ids->live == 0)
        kithp_ids_drop(ids);
    else if (ids->live < ids->ids.count / 2)
        /* Not week by week: a history of many open weeks would be gone through for each. */
        remove_dead(ids);
}

void kithp_ids_drop(struct kithp_ids *ids)
{
    kithp_index_free(&ids->index);
    kithp_chunks_free(&ids->ids);
    ids->live = 0;
}
