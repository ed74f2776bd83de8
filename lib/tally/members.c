/* SPDX-License-Identifier: MIT */
#include "tally/members.h"

#include <string.h>

#include "base/alloc.h"

void kithp_members_init(struct kithp_members *members, const kith_allocator *allocator, bool named)
{
    members->named = named;
    members->links = NULL;
    members->link_count = members->link_capacity = 0;
    members->key = kithp_hash_random_key();
    kithp_index_init(&members->index, allocator);
    kithp_dense_init(&members->small, allocator);
    kithp_map_init(&members->ids, allocator, members->key);
    kithp_chunks_init(&members->records, allocator, sizeof(uint64_t));
    kithp_arena_init(&members->names, allocator);
}

void kithp_members_free(struct kithp_members *members)
{
    kithp_index_free(&members->index);
    kithp_dense_free(&members->small);
    kithp_map_free(&members->ids);
    kithp_chunks_free(&members->records);
    kithp_arena_free(&members->names);
    kithp_alloc_free(members->records.allocator, members->links);
    members->links = NULL;
    members->link_count = members->link_capacity = 0;
}

/* ---- links ---- */

static size_t links_before(const struct kithp_members *members, uint32_t index)
{
    size_t low = 0, high = members->link_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (members->links[middle].member < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t kithp_members_resolve_link(const struct kithp_members *members, uint32_t index)
{
    size_t at = links_before(members, index);
    bool leads_on = at < members->link_count && members->links[at].member == index;
    return leads_on ? members->links[at].into : index;
}

bool kithp_members_reserve_link(struct kithp_members *members)
{
    /* Forgetting erases records; which ones may be shared with a snapshot. */
    return kithp_chunks_own_all(&members->records) &&
           kithp_alloc_grow(members->records.allocator, (void **)&members->links, &members->link_capacity,
                            members->link_count + 1, sizeof *members->links);
}

static void add_link(struct kithp_members *members, uint32_t index, uint32_t into)
{
    size_t at = links_before(members, index);
    memmove(members->links + at + 1, members->links + at, (members->link_count - at) * sizeof *members->links);
    members->links[at] = (struct kithp_link){index, into};
    members->link_count++;
}

/* ---- records ---- */

static const unsigned char *name_record(const struct kithp_members *members, uint32_t index)
{
    const unsigned char *record;
    memcpy(&record, kithp_chunks_at(&members->records, index), sizeof record);
    return record;
}

kith_text kithp_members_name(const struct kithp_members *members, uint32_t index)
{
    if (!members->named)
        return (kith_text){NULL, 0};
    const unsigned char *record = name_record(members, index);
    if (!record)
        return (kith_text){NULL, 0};
    return (kith_text){(const char *)record + 1, record[0]};
}

uint64_t kithp_members_id(const struct kithp_members *members, uint32_t index)
{
    uint64_t id = 0;
    if (!members->named)
        memcpy(&id, kithp_chunks_at(&members->records, index), sizeof id);
    return id;
}

/* Overwrites what a member is called. The arena keeps bytes until all are freed; what they said must not stay. */
static void scrub(struct kithp_members *members, uint32_t index)
{
    if (members->named) {
        unsigned char *name = (unsigned char *)(uintptr_t)name_record(members, index);
        memset(name, 0, 1U + name[0]);
    }
    memset(kithp_chunks_at(&members->records, index), 0, sizeof(uint64_t));
}

uint32_t kithp_members_tag_of_name(const struct kithp_members *members, kith_text name)
{
    return kithp_index_tag(kithp_hash_bytes(members->key, name.data, name.length));
}

static bool look_up_name(const struct kithp_members *members, uint32_t tag, kith_text name, uint32_t *index)
{
    struct kithp_index_walk walk = kithp_index_begin(&members->index, tag);
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        const unsigned char *record = name_record(members, item);
        if (record[0] == name.length && memcmp(record + 1, name.data, name.length) == 0) {
            *index = kithp_members_resolve(members, item);
            return true;
        }
    }
    return false;
}

bool kithp_members_look_up_name(const struct kithp_members *members, kith_text name, uint32_t *index)
{
    return look_up_name(members, kithp_members_tag_of_name(members, name), name, index);
}

bool kithp_members_look_up_id(const struct kithp_members *members, uint64_t id, uint32_t *index)
{
    uint32_t value = kithp_dense_get(&members->small, id);
    if (value == 0) {
        const struct kithp_map_entry *entry = kithp_map_find(&members->ids, kithp_members_hash_of_id(members, id), id);
        value = entry ? entry->value : 0;
    }
    if (value > 0)
        *index = kithp_members_resolve(members, value - 1);
    return value > 0;
}

bool kithp_members_find_name(struct kithp_members *members, kith_text name, uint32_t *index)
{
    return kithp_members_find_tagged(members, kithp_members_tag_of_name(members, name), name, index);
}

bool kithp_members_find_tagged(struct kithp_members *members, uint32_t tag, kith_text name, uint32_t *index)
{
    if (look_up_name(members, tag, name, index))
        return true;
    if (!kithp_chunks_reserve(&members->records, 1))
        return false;
    unsigned char *record = kithp_arena_take(&members->names, 1 + name.length);
    if (!record)
        return false;
    record[0] = (unsigned char)name.length;
    memcpy(record + 1, name.data, name.length);
    if (!kithp_index_add(&members->index, tag, members->records.count)) {
        memset(record, 0, 1 + name.length);
        return false;
    }
    *index = kithp_chunks_add(&members->records);
    memcpy(kithp_chunks_at(&members->records, *index), &record, sizeof record);
    return true;
}

/* Whether an id is better kept by itself: then all such ids take no more memory than the map would. */
static bool is_small(const struct kithp_members *members, uint64_t id)
{
    enum { IDS_A_MEMBER = 8 };
    return id < KITHP_DENSE_PAGE + IDS_A_MEMBER * (uint64_t)kithp_members_count(members);
}

static bool add_id(struct kithp_members *members, uint64_t hash, uint64_t id, uint32_t *index)
{
    bool small = is_small(members, id);
    if (!kithp_chunks_reserve(&members->records, 1) ||
        !(small ? kithp_dense_reserve(&members->small, id) : kithp_map_reserve(&members->ids, hash, 1)))
        return false;
    *index = kithp_chunks_add(&members->records);
    memcpy(kithp_chunks_at(&members->records, *index), &id, sizeof id);
    if (small)
        kithp_dense_set(&members->small, id, *index + 1);
    else
        kithp_map_add(&members->ids, hash, (struct kithp_map_entry){.key = id, .value = *index + 1});
    return true;
}

/* An id that came when it was large for how many members there were may be small by now. */
static void keep_as_small(struct kithp_members *members, uint64_t hash, const struct kithp_map_entry *entry)
{
    if (!is_small(members, entry->key) || !kithp_dense_reserve(&members->small, entry->key))
        return;
    kithp_dense_set(&members->small, entry->key, entry->value);
    kithp_map_remove(&members->ids, hash, entry);
}

bool kithp_members_find_hashed(struct kithp_members *members, uint64_t hash, uint64_t id, uint32_t *index)
{
    uint32_t value = kithp_dense_get(&members->small, id);
    if (value == 0) {
        const struct kithp_map_entry *entry = kithp_map_find(&members->ids, hash, id);
        if (!entry)
            return add_id(members, hash, id, index);
        value = entry->value;
        keep_as_small(members, hash, entry);
    }
    *index = kithp_members_resolve(members, value - 1);
    return true;
}

bool kithp_members_find_id(struct kithp_members *members, uint64_t id, uint32_t *index)
{
    return kithp_members_find_hashed(members, kithp_members_hash_of_id(members, id), id, index);
}

/* Each pass reads what the one before has asked for. */
void kithp_members_prefetch(const struct kithp_members *members, const uint32_t *tags, size_t count)
{
    if (!members->index.directory)
        return;
    for (size_t i = 0; i < count; i++)
        kithp_index_prefetch(&members->index, tags[i]);
    for (size_t i = 0; i < count; i++) {
        struct kithp_index_walk walk = kithp_index_begin(&members->index, tags[i]);
        uint32_t item = kithp_index_next(&walk);
        if (item != KITHP_INDEX_NONE)
            kithp_prefetch(kithp_chunks_at(&members->records, item));
    }
    for (size_t i = 0; i < count; i++) {
        struct kithp_index_walk walk = kithp_index_begin(&members->index, tags[i]);
        uint32_t item = kithp_index_next(&walk);
        if (item != KITHP_INDEX_NONE)
            kithp_prefetch(name_record(members, item));
    }
}

static enum kithp_restored restored(const struct kithp_members *members, bool found, uint32_t before)
{
    if (!found)
        return KITHP_RESTORE_NO_MEMORY;
    return kithp_members_count(members) > before ? KITHP_RESTORED : KITHP_RESTORE_DOUBLE;
}

enum kithp_restored kithp_members_restore_name(struct kithp_members *members, kith_text name)
{
    uint32_t before = kithp_members_count(members), index;
    bool found = kithp_members_find_name(members, name, &index);
    return restored(members, found, before);
}

enum kithp_restored kithp_members_restore_id(struct kithp_members *members, uint64_t id)
{
    uint32_t before = kithp_members_count(members), index;
    bool found = kithp_members_find_id(members, id, &index);
    return restored(members, found, before);
}

bool kithp_members_restore_erased(struct kithp_members *members)
{
    if (!kithp_chunks_reserve(&members->records, 1))
        return false;
    kithp_chunks_add(&members->records);
    return true;
}

static void take_out_of_index(struct kithp_members *members, uint32_t index)
{
    if (members->named) {
        kithp_index_remove(&members->index, kithp_members_tag_of_name(members, kithp_members_name(members, index)),
                           index);
        return;
    }
    uint64_t id = kithp_members_id(members, index), hash = kithp_members_hash_of_id(members, id);
    if (kithp_dense_get(&members->small, id) > 0)
        kithp_dense_set(&members->small, id, 0);
    else
        kithp_map_remove(&members->ids, hash, kithp_map_find(&members->ids, hash, id));
}

void kithp_members_truncate(struct kithp_members *members, uint32_t count)
{
    for (uint32_t item = kithp_members_count(members); item > count; item--) {
        take_out_of_index(members, item - 1);
        scrub(members, item - 1);
    }
    if (count < members->records.count)
        members->records.count = count;
}

static void erase(struct kithp_members *members, uint32_t index)
{
    take_out_of_index(members, index);
    scrub(members, index);
}

void kithp_members_forget(struct kithp_members *members, uint32_t index)
{
    erase(members, index);
    for (size_t i = 0; i < members->link_count; i++) {
        struct kithp_link *link = &members->links[i];
        if (link->into != index)
            continue;
        erase(members, link->member);
        link->into = KITHP_NOBODY;
    }
    add_link(members, index, KITHP_NOBODY);
}

void kithp_members_merge(struct kithp_members *members, uint32_t from, uint32_t into)
{
    for (size_t i = 0; i < members->link_count; i++)
        if (members->links[i].into == from)
            members->links[i].into = into;
    add_link(members, from, into);
}
