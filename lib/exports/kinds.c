/* SPDX-License-Identifier: MIT */
#include "exports/kinds.h"

/* Fills the places under a factor. True if no kind wanted the place of another. */
static bool place_all(struct kithp_kinds *kinds, uint64_t factor)
{
    bool apart = true;
    kinds->factor = factor;
    memset(kinds->places, KITHP_KINDS_MOST, sizeof kinds->places);
    for (uint32_t i = 0; i < kinds->figures->kind_count; i++) {
        uint8_t *place = &kinds->places[kithp_kinds_place(factor, kinds->names[i])];
        if (*place == KITHP_KINDS_MOST)
            *place = (uint8_t)i;
        else
            apart = false;
    }
    return apart;
}

void kithp_kinds_init(struct kithp_kinds *kinds, const struct kithp_figures *figures)
{
    /* Of 64 kinds, one factor in 50 tells all apart. Those that none does are left to who asks. */
    enum { TRIES = 2000 };
    kinds->figures = figures;
    kinds->names[KITHP_KINDS_MOST] = (struct kithp_kind_name){0, 0, 0};
    for (uint32_t i = 0; i < figures->kind_count; i++)
        kinds->names[i] = kithp_kinds_name(figures->kinds[i].name, strlen(figures->kinds[i].name));
    uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < TRIES && !place_all(kinds, factor | 1); i++)
        factor = factor * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
}
