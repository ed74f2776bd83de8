/* SPDX-License-Identifier: MIT */
/* Members that are merged or forgotten: what becomes of their rows and pairs in the weeks that have any. */
#ifndef KITHP_TALLY_ACCOUNTS_H
#define KITHP_TALLY_ACCOUNTS_H

#include "tally/tally.h"

/*
 * Sees to it that rows and pairs can be changed without a copy of them noticing; to be asked before the calls below.
 * False where there is no memory: nothing that can be seen was changed.
 */
bool kithp_accounts_own(struct kithp_tally *tally);

/*
 * Erases a member's rows, and the pairs that mention it. What others gave it and got from it stays with them; a week
 * stays open even where no row is left in it.
 */
void kithp_accounts_forget(struct kithp_tally *tally, uint32_t member);

/*
 * Takes all the memory that the merge of one member into another needs, which may fail without a trace that anyone can
 * see; the merge, which must be the very next call, then cannot.
 */
bool kithp_accounts_prepare(struct kithp_tally *tally, uint32_t from, uint32_t into);

/*
 * Adds rows and pairs of one member to those of another, as if the events of both had come under one name. What the two
 * credited each other is taken back as far as pairs tell it; a sum that has reached its stop stays there.
 */
void kithp_accounts_merge(struct kithp_tally *tally, uint32_t from, uint32_t into);

/*
 * Weeks that have been sealed are changed apart, beside what they hold: to be asked before the calls above, as it may
 * fail; forget or merge then finish it, unless one of the others failed, and it is to be reverted.
 *
 * KITH_NO_MEMORY, KITH_INPUT_OUTPUT: nothing that can be seen was changed, and nothing is to be reverted.
 */
kith_status kithp_accounts_prepare_sealed_forget(struct kithp_tally *tally, uint32_t member, kith_error *error);
kith_status kithp_accounts_prepare_sealed_merge(struct kithp_tally *tally, uint32_t from, uint32_t into,
                                                kith_error *error);
void kithp_accounts_revert_sealed(struct kithp_tally *tally);

#endif
