/* SPDX-License-Identifier: MIT */
/*
 * Ids of the events taken in weeks that are open, so that none counts twice. Of each, 96 bits of a keyed hash are kept:
 * among a billion ids, the odds that any two are taken for one another are less than one in ten billion, and a stranger
 * who does not know the key cannot better them.
 */
#ifndef KITHP_TALLY_IDS_H
#define KITHP_TALLY_IDS_H

#include "base/chunks.h"
#include "base/hash.h"
#include "base/index.h"

struct kithp_id {
    uint64_t low;
    uint32_t high;
    int32_t week; /* of the event */
};

struct kithp_ids {
    struct kithp_hash_key keys[2];
    struct kithp_hash_key index_key; /* in no snapshot: whoever writes one could choose ids that collide by its keys */
    struct kithp_index index;
    struct kithp_chunks ids; /* of struct kithp_id; some may be of weeks closed since */
    uint32_t live;           /* how many are of weeks still open */
    int64_t closed;          /* the last week that was closed */
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_ids_init(struct kithp_ids *ids, const kith_allocator *allocator);
void kithp_ids_free(struct kithp_ids *ids);

/* What an id is looked for by. */
static inline uint32_t kithp_ids_tag(const struct kithp_ids *ids, const struct kithp_id *id)
{
    return kithp_index_tag(
        kithp_sip_end(kithp_sip_word(kithp_sip_word(kithp_sip_of(ids->index_key), id->low), id->high)));
}

enum kithp_id_outcome { KITHP_ID_TAKEN, KITHP_ID_KNOWN, KITHP_ID_NO_MEMORY };

/* Takes an id of a week that is open, unless it is known. */
enum kithp_id_outcome kithp_ids_take(struct kithp_ids *ids, kith_text id, int64_t week);

/* Takes one as it was kept before, as from a snapshot. */
enum kithp_id_outcome kithp_ids_restore(struct kithp_ids *ids, const struct kithp_id *id);

/* How many are kept; and forgets those taken since there were as many, with no week closed between. */
static inline uint32_t kithp_ids_count(const struct kithp_ids *ids)
{
    return ids->ids.count;
}
void kithp_ids_truncate(struct kithp_ids *ids, uint32_t count);

/* Forgets the ids of weeks up to one. */
void kithp_ids_close(struct kithp_ids *ids, int64_t week);

/* Forgets all of them, as the open weeks are dropped. */
void kithp_ids_drop(struct kithp_ids *ids);

#endif
