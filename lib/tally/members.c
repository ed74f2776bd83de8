/* SPDX-License-Identifier: MIT */
#include "tally/members.h"

#include <string.h>

#include "base/alloc.h"

void kithp_members_init(struct kithp_members *members, const kith_allocator *allocator, bool named)
{
    members->named = named;
    members->most = KITHP_MEMBERS_MOST;
    members->links = NULL;
    members->link_count = members->link_capacity = 0;
    members->key = kithp_hash_random_key();
    kithp_dense_init(&members->small, allocator);
    kithp_map_init(&members->others, allocator, members->key);
    kithp_chunks_init(&members->records, allocator, sizeof(uint64_t));
    kithp_arena_init(&members->names, allocator);
}

void kithp_members_free(struct kithp_members *members)
{
    kithp_dense_free(&members->small);
    kithp_map_free(&members->others);
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

enum { SHORT_NAME = 7 };

/* Keys of longer names have it; those of short ones, with their length in the upper byte, do not. */
#define HASHED (UINT64_C(1) << 63)

uint64_t kithp_members_key_of_name(const struct kithp_members *members, kith_text name)
{
    if (name.length > SHORT_NAME)
        return kithp_hash_bytes(members->key, name.data, name.length) | HASHED;
    return kithp_bytes_short(name.data, name.length) | name.length << 56;
}

static bool is_called(const struct kithp_members *members, uint32_t index, kith_text name)
{
    const unsigned char *record = name_record(members, index);
    return record[0] == name.length && memcmp(record + 1, name.data, name.length) == 0;
}

static bool look_up_name(const struct kithp_members *members, uint64_t key, kith_text name, uint32_t *index)
{
    struct kithp_map_entry *entry;
    uint64_t hash = kithp_map_hash(&members->others, key);
    if (key & HASHED) {
        struct kithp_map_walk walk = kithp_map_begin(&members->others, hash, key);
        while ((entry = kithp_map_next(&walk)) && !is_called(members, entry->value - 1, name))
            continue;
    } else {
        entry = kithp_map_find(&members->others, hash, key);
    }
    if (entry)
        *index = kithp_members_resolve(members, entry->value - 1);
    return entry;
}

bool kithp_members_look_up_name(const struct kithp_members *members, kith_text name, uint32_t *index)
{
    return look_up_name(members, kithp_members_key_of_name(members, name), name, index);
}

bool kithp_members_look_up_id(const struct kithp_members *members, uint64_t id, uint32_t *index)
{
    uint32_t value = kithp_dense_get(&members->small, id);
    if (value == 0) {
        const struct kithp_map_entry *entry =
            kithp_map_find(&members->others, kithp_members_hash_of_id(members, id), id);
        value = entry ? entry->value : 0;
    }
    if (value > 0)
        *index = kithp_members_resolve(members, value - 1);
    return value > 0;
}

bool kithp_members_find_name(struct kithp_members *members, kith_text name, uint32_t *index)
{
    return kithp_members_find_keyed(members, kithp_members_key_of_name(members, name), name, index);
}

bool kithp_members_find_keyed(struct kithp_members *members, uint64_t key, kith_text name, uint32_t *index)
{
    if (look_up_name(members, key, name, index))
        return true;
    uint64_t hash = kithp_map_hash(&members->others, key);
    if (kithp_members_are_full(members) || !kithp_chunks_reserve(&members->records, 1) ||
        !kithp_map_reserve(&members->others, hash, 1))
        return false;
    unsigned char *record = kithp_arena_take(&members->names, 1 + name.length);
    if (!record)
        return false;
    record[0] = (unsigned char)name.length;
    memcpy(record + 1, name.data, name.length);
    *index = kithp_chunks_add(&members->records);
    memcpy(kithp_chunks_at(&members->records, *index), &record, sizeof record);
    kithp_map_add(&members->others, hash, (struct kithp_map_entry){.key = key, .value = *index + 1});
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
    if (kithp_members_are_full(members) || !kithp_chunks_reserve(&members->records, 1) ||
        !(small ? kithp_dense_reserve(&members->small, id) : kithp_map_reserve(&members->others, hash, 1)))
        return false;
    *index = kithp_chunks_add(&members->records);
    memcpy(kithp_chunks_at(&members->records, *index), &id, sizeof id);
    if (small)
        kithp_dense_set(&members->small, id, *index + 1);
    else
        kithp_map_add(&members->others, hash, (struct kithp_map_entry){.key = id, .value = *index + 1});
    return true;
}

/* An id that came when it was large for how many members there were may be small by now. */
static void keep_as_small(struct kithp_members *members, uint64_t hash, const struct kithp_map_entry *entry)
{
    if (!is_small(members, entry->key) || !kithp_dense_reserve(&members->small, entry->key))
        return;
    kithp_dense_set(&members->small, entry->key, entry->value);
    kithp_map_remove(&members->others, hash, entry);
}

bool kithp_members_find_hashed(struct kithp_members *members, uint64_t hash, uint64_t id, uint32_t *index)
{
    uint32_t value = kithp_dense_get(&members->small, id);
    if (value == 0) {
        const struct kithp_map_entry *entry = kithp_map_find(&members->others, hash, id);
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
    uint32_t small = kithp_members_look_up_small(members, id);
    if (small == KITHP_NOBODY)
        return kithp_members_find_hashed(members, kithp_members_hash_of_id(members, id), id, index);
    *index = small;
    return true;
}

/* A member who may have a name of this key, to be asked for ahead, or KITHP_NOBODY. */
static uint32_t likely_member(const struct kithp_members *members, uint64_t key)
{
    const struct kithp_map_entry *entry = kithp_map_find(&members->others, kithp_map_hash(&members->others, key), key);
    return entry ? entry->value - 1 : KITHP_NOBODY;
}

/* What of longer names must be compared; each pass reads what the one before has asked for. */
static void prefetch_names(const struct kithp_members *members, const uint64_t *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t index = keys[i] & HASHED ? likely_member(members, keys[i]) : KITHP_NOBODY;
        if (index != KITHP_NOBODY)
            kithp_prefetch(kithp_chunks_at(&members->records, index));
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t index = keys[i] & HASHED ? likely_member(members, keys[i]) : KITHP_NOBODY;
        if (index != KITHP_NOBODY)
            kithp_prefetch(name_record(members, index));
    }
}

void kithp_members_prefetch(const struct kithp_members *members, const uint64_t *keys, size_t count)
{
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++) {
        kithp_map_prefetch(&members->others, kithp_map_hash(&members->others, keys[i]));
        all |= keys[i];
    }
    if (all & HASHED)
        prefetch_names(members, keys, count);
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

static void take_out(struct kithp_members *members, uint32_t index)
{
    uint64_t key = members->named ? kithp_members_key_of_name(members, kithp_members_name(members, index))
                                  : kithp_members_id(members, index);
    if (!members->named && kithp_dense_get(&members->small, key) > 0) {
        kithp_dense_set(&members->small, key, 0);
        return;
    }
    uint64_t hash = kithp_map_hash(&members->others, key);
    struct kithp_map_walk walk = kithp_map_begin(&members->others, hash, key);
    struct kithp_map_entry *entry = kithp_map_next(&walk);
    while (entry->value != index + 1)
        entry = kithp_map_next(&walk);
    kithp_map_remove(&members->others, hash, entry);
}

void kithp_members_truncate(struct kithp_members *members, uint32_t count)
{
    for (uint32_t item = kithp_members_count(members); item > count; item--) {
        take_out(members, item - 1);
        scrub(members, item - 1);
    }
    if (count < members->records.count)
        members->records.count = count;
}

static void erase(struct kithp_members *members, uint32_t index)
{
    take_out(members, index);
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
