/* SPDX-License-Identifier: MIT */
/*
 * Slots: what a week counts of a member (docs/model.md, Tally). Each credit of a kind, given or received, has a slot
 * for its quantity. Where the credit is limited by `each`, that slot has what is left when every other member is
 * limited, which points go by; a second slot has what is over the limit, and stands in few rows. The quantity in all,
 * which interactions go by, is the sum of the two.
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
    int16_t twin;   /* the other of the credit's two slots, or KITHP_SLOT_NONE */
    uint8_t kind;
    uint8_t dimension;
    bool is_over;        /* the second of the two */
    bool is_interaction; /* its quantity is an interaction of the member's own */
};

/* What an event of a kind does to the rows of the two members. */
struct kithp_kind_slots {
    int16_t gives;       /* slot or KITHP_SLOT_NONE */
    int16_t gives_over;  /* the second slot, where gives has `each` */
    int16_t gives_whole; /* gives, where it has no `each`, so that all of a quantity goes there, whoever it is with */
    int16_t receives;
    int16_t receives_over;
    int16_t receives_whole;
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
