/* SPDX-License-Identifier: MIT */
/*
 * A week being sealed by a thread of its own, while events come to others: packing rows takes a quarter of what adding
 * takes where weeks come one after the other, and reads a week that nothing comes to any more.
 */
#ifndef KITHP_TALLY_SEALER_H
#define KITHP_TALLY_SEALER_H

#include <stdbool.h>

#include <kith/kith.h>

struct kithp_week;
struct kithp_sealer;

/* Begins with a week, which must not change until the end. NULL where there is no memory, or no thread. */
struct kithp_sealer *kithp_sealer_begin(const kith_allocator *allocator, struct kithp_week *week);

struct kithp_week *kithp_sealer_week(const struct kithp_sealer *sealer);

/* Whether the end would have to be waited for. */
bool kithp_sealer_is_at_work(struct kithp_sealer *sealer);

/* Waits until it is done, puts the week aside, and frees the sealer. False where there was no memory: nothing changed.
 */
bool kithp_sealer_end(struct kithp_sealer *sealer);

#endif
