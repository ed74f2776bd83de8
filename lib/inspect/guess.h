/* SPDX-License-Identifier: MIT */
/* Which fields of an export are those of events: by their names and by what their values are like. */
#ifndef KITHP_INSPECT_GUESS_H
#define KITHP_INSPECT_GUESS_H

#include "inspect/fields.h"

enum { KITHP_GUESS_WHY_ROOM = 128, KITHP_GUESS_OTHERS_MOST = 3, KITHP_GUESS_ENOUGH = 30 };

/* The field of an event that was found: 0 where none was. */
struct kithp_guess_one {
    uint32_t field;
    int points;
    char why[KITHP_GUESS_WHY_ROOM];
    uint32_t others[KITHP_GUESS_OTHERS_MOST]; /* that might be it as well, the best first; 0 for none */
};

struct kithp_guess {
    struct kithp_guess_one fields[KITH_FIELDS]; /* by KITH_FIELD_… */
    const char *one_kind;                       /* where no field tells kinds; else NULL */
    uint32_t bot;                               /* a boolean that tells bots, or 0 */
};

void kithp_guess_make(struct kithp_guess *guess, const struct kithp_inspect_fields *fields);

/* Whether all that an event must have was found. */
static inline bool kithp_guess_is_complete(const struct kithp_guess *guess)
{
    return guess->fields[KITH_FIELD_TIME].field && guess->fields[KITH_FIELD_MEMBER].field;
}

#endif
