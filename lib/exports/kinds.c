/* SPDX-License-Identifier: MIT */
#include "exports/kinds.h"

#include <string.h>

/* Fills the places under a factor. True if no kind wanted the place of another. */
static bool place_all(struct kithp_kinds *kinds, uint64_t factor)
{
    bool apart = true;
    kinds->factor = factor;
    memset(kinds->places, KITHP_KINDS_NONE, sizeof kinds->places);
    for (uint32_t i = 0; i < kinds->figures->kind_count; i++) {
        size_t place = kithp_kinds_place(factor, kinds->names[i], kinds->lengths[i]);
        if (kinds->places[place] == KITHP_KINDS_NONE)
            kinds->places[place] = (uint8_t)i;
        else
            apart = false;
    }
    return apart;
}

void kithp_kinds_init(struct kithp_kinds *kinds, const struct kithp_figures *figures)
{
    /* Of 64 kinds, one factor in 50 tells all apart. Those of which no factor does are left to who looks for them. */
    enum { TRIES = 2000 };
    kinds->figures = figures;
    for (uint32_t i = 0; i < figures->kind_count; i++) {
        size_t length = strlen(figures->kinds[i].name);
        kinds->lengths[i] = (uint8_t)length;
        kinds->names[i] = kithp_kinds_name(figures->kinds[i].name, length);
    }
    uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < TRIES && !place_all(kinds, factor | 1); i++)
        factor = factor * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
}
