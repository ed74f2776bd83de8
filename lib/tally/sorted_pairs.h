/* SPDX-License-Identifier: MIT */
/* The pairs of a week by actor, target and kind. */
#ifndef KITHP_TALLY_SORTED_PAIRS_H
#define KITHP_TALLY_SORTED_PAIRS_H

#include "tally/week.h"

/* Is handed all pairs of an actor, in order. */
typedef void (*kithp_sorted_pairs_fn)(void *context, const struct kithp_pair *pairs, size_t count);

/*
 * Hands out the pairs that have a quantity, actor by actor; actors are below `members`. False where there is no memory,
 * before the first is handed out.
 */
bool kithp_sorted_pairs(const kith_allocator *allocator, const struct kithp_week *week, uint32_t members,
                        kithp_sorted_pairs_fn take, void *context);

/* Whether one pair comes before another. */
bool kithp_pair_is_before(const struct kithp_pair *a, const struct kithp_pair *b);

#endif
