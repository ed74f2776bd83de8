/* SPDX-License-Identifier: MIT */
/*
 * Slots: what a week counts of a member (docs/model.md, Tally). Each credit of a kind, given or received, has a slot
 * for its quantity. Where the credit is limited by `each`, a second slot, derived from it, has what is left of the
 * quantity when every other member is limited; points go by the second then, interactions still by the first.
 */
#ifndef KITHP_TALLY_SLOTS_H
#define KITHP_TALLY_SLOTS_H

#include "policy/policy.h"

enum { KITHP_SLOTS_MOST = 4 * KITHP_KINDS_MOST, KITHP_SLOT_NONE = -1 };

/* The notice of leave that every policy has, KITH_KIND_LEAVE to the application: a kind behind those of the policy. */
enum { KITHP_KIND_LEAVE = KITHP_KINDS_MOST };

struct kithp_slot {
    const kith_credit *credit;
    int32_t points; /* the credit's, where points go by this slot, or 0 */
    uint32_t cap;   /* the credit's, or UINT32_MAX where it has none */
    uint8_t kind;
    uint8_t dimension;
    bool is_interaction; /* its quantity is an interaction of the member's own */
};

/* What an event of a kind does to the rows of the two members. */
struct kithp_kind_slots {
    int16_t gives;         /* slot or KITHP_SLOT_NONE */
    int16_t gives_counted; /* the second slot, where gives has `each` */
    int16_t receives;
    int16_t receives_counted;
    bool supports; /* who does it is a supporter of the target */
    bool pairs;    /* the quantity of each pair of members must be known */
    bool leave;
};

struct kithp_slots {
    uint32_t count;
    struct kithp_slot slots[KITHP_SLOTS_MOST];
    struct kithp_kind_slots kinds[KITHP_KINDS_MOST + 1];
};

/* figures must outlive slots. */
void kithp_slots_init(struct kithp_slots *slots, const struct kithp_figures *figures);

/* What counts of a quantity with one other member by a credit's `each`; all of it where there is no such limit. */
static inline uint32_t kithp_slots_limited(uint32_t quantity, uint32_t each)
{
    return each > 0 && each < quantity ? each : quantity;
}

#endif
