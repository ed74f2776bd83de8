/* SPDX-License-Identifier: MIT */
/* Members: from names or ids to dense indexes, in the order in which they were first seen. */
#ifndef KITHP_TALLY_MEMBERS_H
#define KITHP_TALLY_MEMBERS_H

#include "base/arena.h"
#include "base/chunks.h"
#include "base/dense.h"
#include "base/hash.h"
#include "base/map.h"
#include "tally/event.h"

enum { KITHP_MEMBER_NAME_MOST = 255 };

/* Where an index leads that is a member's no more. */
struct kithp_link {
    uint32_t member;
    uint32_t into; /* the member that it was merged into, or KITHP_NOBODY where it was forgotten */
};

struct kithp_members {
    bool named;
    uint32_t most; /* how many there may be; those of a snapshot may be more */
    struct kithp_hash_key key;
    struct kithp_dense small;    /* ids to index plus one, of those that are small for how many members there are */
    struct kithp_map others;     /* the same of all other ids, an id standing in one of the two; or of names' keys */
    struct kithp_chunks records; /* const unsigned char * to length and bytes of a name, or uint64_t id */
    struct kithp_arena names;
    struct kithp_link *links; /* by member; few, as people are seldom forgotten or merged */
    size_t link_count;
    size_t link_capacity;
};

/* Indexes have 32 bits; one more than the greatest is stored, and one stands for nobody. */
#define KITHP_MEMBERS_MOST (UINT32_MAX - 1)

void kithp_members_init(struct kithp_members *members, const kith_allocator *allocator, bool named);
void kithp_members_free(struct kithp_members *members);

static inline uint32_t kithp_members_count(const struct kithp_members *members)
{
    return members->records.count;
}

/* Whether none can be added, though there were memory for it. */
static inline bool kithp_members_are_full(const struct kithp_members *members)
{
    return members->records.count >= members->most;
}

/* How many of them lead to themselves: less those merged or forgotten. */
static inline uint32_t kithp_members_living(const struct kithp_members *members)
{
    return members->records.count - (uint32_t)members->link_count;
}

/*
 * Where an index leads: to itself, to the member it was merged into, or to KITHP_NOBODY where it was forgotten. All
 * that finds or looks up gives indexes that lead to themselves.
 */
uint32_t kithp_members_resolve_link(const struct kithp_members *members, uint32_t index);

static inline uint32_t kithp_members_resolve(const struct kithp_members *members, uint32_t index)
{
    return members->link_count == 0 ? index : kithp_members_resolve_link(members, index);
}

/*
 * The index of a member, who is added if not known. name has 1 to 255 bytes. False where there is no memory, or they
 * are full, with members as they were.
 */
bool kithp_members_find_name(struct kithp_members *members, kith_text name, uint32_t *index);
bool kithp_members_find_id(struct kithp_members *members, uint64_t id, uint32_t *index);

/* The same without adding: false where the member is not known. */
bool kithp_members_look_up_name(const struct kithp_members *members, kith_text name, uint32_t *index);
bool kithp_members_look_up_id(const struct kithp_members *members, uint64_t id, uint32_t *index);

/*
 * What a name is looked up by. A short one, which most are, is its own key, so that nothing else must be read to know
 * that it is the one; of a longer one it is a keyed hash, which others may share.
 */
uint64_t kithp_members_key_of_name(const struct kithp_members *members, kith_text name);

/* Brings what finding names will read into the cache, so that the misses of many overlap instead of adding up. */
void kithp_members_prefetch(const struct kithp_members *members, const uint64_t *keys, size_t count);

/* As kithp_members_find_name(), for a name whose key is known. */
bool kithp_members_find_keyed(struct kithp_members *members, uint64_t key, kith_text name, uint32_t *index);

/*
 * The member of an id that many applications would give, numbering theirs from 0 or 1; KITHP_NOBODY where it has to be
 * looked for as below.
 */
static inline uint32_t kithp_members_look_up_small(const struct kithp_members *members, uint64_t id)
{
    return kithp_members_resolve(members, kithp_dense_get(&members->small, id) - 1);
}

static inline void kithp_members_prefetch_small(const struct kithp_members *members, uint64_t id)
{
    kithp_dense_prefetch(&members->small, id);
}

/* Any id: asks for what finding it will read, and finds it, by its hash. */
static inline uint64_t kithp_members_hash_of_id(const struct kithp_members *members, uint64_t id)
{
    return kithp_map_hash(&members->others, id);
}

static inline void kithp_members_prefetch_id(const struct kithp_members *members, uint64_t hash)
{
    kithp_map_prefetch(&members->others, hash);
}

bool kithp_members_find_hashed(struct kithp_members *members, uint64_t hash, uint64_t id, uint32_t *index);

/* Forgets the members that came after the first `count`, which were neither merged nor forgotten. */
void kithp_members_truncate(struct kithp_members *members, uint32_t count);

/* Room for what the next call of one of the two below needs. False where there is no memory. */
bool kithp_members_reserve_link(struct kithp_members *members);

/* Erases a member and all that were merged into it: what they are called stands nowhere any more. */
void kithp_members_forget(struct kithp_members *members, uint32_t index);

/* From here on, what is called as `from` is found as `into`. */
void kithp_members_merge(struct kithp_members *members, uint32_t from, uint32_t into);

/*
 * Puts back the next member, as from a snapshot: known by its name or id, or erased (false where there is no memory).
 */
enum kithp_restored { KITHP_RESTORED, KITHP_RESTORE_DOUBLE, KITHP_RESTORE_NO_MEMORY };
enum kithp_restored kithp_members_restore_name(struct kithp_members *members, kith_text name);
enum kithp_restored kithp_members_restore_id(struct kithp_members *members, uint64_t id);
bool kithp_members_restore_erased(struct kithp_members *members);

/* Name or id of a member; empty or 0 where members have the other. */
kith_text kithp_members_name(const struct kithp_members *members, uint32_t index);
uint64_t kithp_members_id(const struct kithp_members *members, uint32_t index);

#endif
