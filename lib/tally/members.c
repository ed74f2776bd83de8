/* SPDX-License-Identifier: MIT */
#include "tally/members.h"

#include <string.h>

void kithp_members_init(struct kithp_members *members, const kith_allocator *allocator, bool named)
{
    members->named = named;
    members->key = kithp_hash_random_key();
    kithp_index_init(&members->index, allocator);
    kithp_chunks_init(&members->records, allocator, sizeof(uint64_t));
    kithp_arena_init(&members->names, allocator);
}

void kithp_members_free(struct kithp_members *members)
{
    kithp_index_free(&members->index);
    kithp_chunks_free(&members->records);
    kithp_arena_free(&members->names);
}

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
    return (kith_text){(const char *)record + 1, record[0]};
}

uint64_t kithp_members_id(const struct kithp_members *members, uint32_t index)
{
    uint64_t id = 0;
    if (!members->named)
        memcpy(&id, kithp_chunks_at(&members->records, index), sizeof id);
    return id;
}

/* Adds a record under a tag; there must be room for it. */
static bool add(struct kithp_members *members, uint32_t tag, const void *record, size_t size, uint32_t *index)
{
    if (!kithp_index_add(&members->index, tag, members->records.count))
        return false;
    *index = kithp_chunks_add(&members->records);
    memcpy(kithp_chunks_at(&members->records, *index), record, size);
    return true;
}

static uint32_t tag_of_name(const struct kithp_members *members, kith_text name)
{
    return kithp_index_tag(kithp_hash_bytes(members->key, name.data, name.length));
}

static uint32_t tag_of_id(const struct kithp_members *members, uint64_t id)
{
    return kithp_index_tag(kithp_hash_number(members->key, id));
}

static bool look_up_name(const struct kithp_members *members, uint32_t tag, kith_text name, uint32_t *index)
{
    struct kithp_index_walk walk = kithp_index_begin(&members->index, tag);
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        const unsigned char *record = name_record(members, item);
        if (record[0] == name.length && memcmp(record + 1, name.data, name.length) == 0) {
            *index = item;
            return true;
        }
    }
    return false;
}

static bool look_up_id(const struct kithp_members *members, uint32_t tag, uint64_t id, uint32_t *index)
{
    struct kithp_index_walk walk = kithp_index_begin(&members->index, tag);
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        if (kithp_members_id(members, item) == id) {
            *index = item;
            return true;
        }
    }
    return false;
}

bool kithp_members_look_up_name(const struct kithp_members *members, kith_text name, uint32_t *index)
{
    return look_up_name(members, tag_of_name(members, name), name, index);
}

bool kithp_members_look_up_id(const struct kithp_members *members, uint64_t id, uint32_t *index)
{
    return look_up_id(members, tag_of_id(members, id), id, index);
}

bool kithp_members_find_name(struct kithp_members *members, kith_text name, uint32_t *index)
{
    uint32_t tag = tag_of_name(members, name);
    if (look_up_name(members, tag, name, index))
        return true;
    if (!kithp_chunks_reserve(&members->records, 1))
        return false;
    unsigned char *record = kithp_arena_take(&members->names, 1 + name.length);
    if (!record)
        return false;
    record[0] = (unsigned char)name.length;
    memcpy(record + 1, name.data, name.length);
    return add(members, tag, &record, sizeof record, index);
}

bool kithp_members_find_id(struct kithp_members *members, uint64_t id, uint32_t *index)
{
    uint32_t tag = tag_of_id(members, id);
    return look_up_id(members, tag, id, index) ||
           (kithp_chunks_reserve(&members->records, 1) && add(members, tag, &id, sizeof id, index));
}

void kithp_members_truncate(struct kithp_members *members, uint32_t count)
{
    for (uint32_t item = kithp_members_count(members); item > count; item--) {
        uint32_t last = item - 1;
        uint32_t tag = members->named ? tag_of_name(members, kithp_members_name(members, last))
                                      : tag_of_id(members, kithp_members_id(members, last));
        kithp_index_remove(&members->index, tag, last);
    }
    if (count < members->records.count)
        members->records.count = count;
}
