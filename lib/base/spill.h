/* SPDX-License-Identifier: MIT */
/*
 * A temporary file without a name, for what is not to be kept in memory: bytes are put behind those that are there, and
 * read back from wherever they lie. It is held by all that have bytes in it, and by whom it was made for; the last that
 * lets go closes it, which frees its room on the disk. Reading may be done by several threads at once.
 */
#ifndef KITHP_BASE_SPILL_H
#define KITHP_BASE_SPILL_H

#include <kith/kith.h>

struct kithp_spill;

/* An empty one, held by the caller; there is no file until the first bytes are put. NULL where there is no memory. */
struct kithp_spill *kithp_spill_new(const kith_allocator *allocator);

/* Lets go of it; NULL is let go of, too. The allocator frees what the one that it was made with gave. */
void kithp_spill_drop(struct kithp_spill *spill, const kith_allocator *allocator);

/* Holds it once more. */
void kithp_spill_hold(struct kithp_spill *spill);

/*
 * Where the next bytes will go. Where nobody but the caller holds the file, all that was put is given up first: so not
 * to be asked between two puts of what has no holder yet.
 */
uint64_t kithp_spill_begin(struct kithp_spill *spill);

/*
 * Puts bytes behind those there are; and goes back to an earlier end, where one of several puts has failed. Only the
 * thread of whom it was made for may do so.
 *
 * KITH_INPUT_OUTPUT: the file cannot be made in the folder for temporary files, or is full; what was put before is
 * there.
 */
kith_status kithp_spill_put(struct kithp_spill *spill, const void *bytes, size_t length, kith_error *error);
void kithp_spill_go_back(struct kithp_spill *spill, uint64_t end);

/* Reads what was put. KITH_INPUT_OUTPUT: it cannot be read. */
kith_status kithp_spill_get(const struct kithp_spill *spill, uint64_t offset, void *bytes, size_t length,
                            kith_error *error);

/* Says that what was read is not what was put. */
kith_status kithp_spill_fail_changed(const struct kithp_spill *spill, kith_error *error);

#endif
