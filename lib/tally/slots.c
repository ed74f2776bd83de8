/* SPDX-License-Identifier: MIT */
#include "tally/slots.h"

#include <string.h>

static int16_t add_slot(struct kithp_slots *slots, const kith_credit *credit, uint32_t kind)
{
    slots->slots[slots->count] = (struct kithp_slot){
        .credit = credit,
        .cap = credit->cap > 0 ? credit->cap : UINT32_MAX,
        .twin = KITHP_SLOT_NONE,
        .kind = (uint8_t)kind,
        .dimension = (uint8_t)credit->dimension,
    };
    return (int16_t)slots->count++;
}

static void add_credit(struct kithp_slots *slots, const kith_credit *credit, uint32_t kind, int16_t *slot,
                       int16_t *over, int16_t *whole)
{
    *slot = *over = *whole = KITHP_SLOT_NONE;
    if (!credit->given)
        return;
    *slot = add_slot(slots, credit, kind);
    slots->slots[*slot].points = (int32_t)credit->points;
    if (credit->each == 0) {
        *whole = *slot;
        return;
    }
    *over = add_slot(slots, credit, kind);
    slots->slots[*over].is_over = true;
    slots->slots[*over].twin = *slot;
    slots->slots[*slot].twin = *over;
}

static void count_as_interactions(struct kithp_slots *slots, const struct kithp_kind_slots *kind)
{
    slots->slots[kind->gives].is_interaction = true;
    if (kind->gives_over != KITHP_SLOT_NONE)
        slots->slots[kind->gives_over].is_interaction = true;
}

static bool asks_for_supporters(const struct kithp_figures *figures)
{
    for (uint32_t i = 0; i < figures->tier_count; i++)
        if (figures->tiers[i].min_supporters > 0)
            return true;
    return false;
}

void kithp_slots_init(struct kithp_slots *slots, const struct kithp_figures *figures)
{
    memset(slots, 0, sizeof *slots);
    /* Supporters are known pair by pair, which costs; a policy that never asks for them need not pay. */
    bool supporters = asks_for_supporters(figures);
    for (uint32_t i = 0; i < figures->kind_count; i++) {
        const struct kithp_kind *kind = &figures->kinds[i];
        struct kithp_kind_slots *of_kind = &slots->kinds[i];
        add_credit(slots, &kind->gives, i, &of_kind->gives, &of_kind->gives_over, &of_kind->gives_whole);
        add_credit(slots, &kind->receives, i, &of_kind->receives, &of_kind->receives_over, &of_kind->receives_whole);
        if (kind->gives.given && kind->gives.dimension == KITH_INTERACTION)
            count_as_interactions(slots, of_kind);
        of_kind->supports = supporters && kind->receives.given && kind->receives.points > 0;
        of_kind->pairs = of_kind->supports || kind->gives.each > 0 || kind->receives.each > 0;
        of_kind->leave = kind->leave;
    }
    slots->kinds[KITHP_KIND_LEAVE] = (struct kithp_kind_slots){
        .gives = KITHP_SLOT_NONE,
        .gives_over = KITHP_SLOT_NONE,
        .gives_whole = KITHP_SLOT_NONE,
        .receives = KITHP_SLOT_NONE,
        .receives_over = KITHP_SLOT_NONE,
        .receives_whole = KITHP_SLOT_NONE,
        .leave = true,
    };
}
