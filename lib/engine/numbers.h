/* SPDX-License-Identifier: MIT */
/* The numbers of one source while a call deals with its events: noted for good only with the events themselves. */
#ifndef KITHP_ENGINE_NUMBERS_H
#define KITHP_ENGINE_NUMBERS_H

#include "engine/engine.h"

struct kithp_numbers {
    struct kithp_sequences *sequences;
    struct kithp_sequence *kept; /* what the engine knows of the source; NULL where events have no numbers */
    bool made;                   /* for this call, as the engine knew nothing of it */
    struct kithp_sequence now;   /* what it is to know, once the events are taken */
};

/* Begins with what is known of a source. False where there is no memory: then there is nothing to end. */
bool kithp_numbers_begin(struct kithp_numbers *numbers, kith_engine *engine, kith_text source);

/* Begins where events have no numbers. */
static inline void kithp_numbers_begin_without(struct kithp_numbers *numbers)
{
    numbers->kept = NULL;
    numbers->made = false;
}

/* Where a number stands; a new one is dealt with from then on. 0 is none, and always new. */
enum kithp_sequence_place kithp_numbers_deal_with(struct kithp_numbers *numbers, uint64_t number);

/* Notes for good what has been dealt with so far. */
void kithp_numbers_keep(struct kithp_numbers *numbers);

/* Forgets what was not kept. */
void kithp_numbers_end(struct kithp_numbers *numbers);

/* Says that a number comes behind a greater one. */
kith_status kithp_numbers_fail(const struct kithp_numbers *numbers, uint64_t number, kith_error *error);

#endif
