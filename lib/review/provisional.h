/* SPDX-License-Identifier: MIT */
/* What a member's review would be if the week of a moment closed then. */
#ifndef KITHP_REVIEW_PROVISIONAL_H
#define KITHP_REVIEW_PROVISIONAL_H

#include "review/sweep.h"

/*
 * Reviews a copy of what the member carries through every week that is open, up to the one of `as_of`. Events of that
 * week count whether they lie before or behind the moment; silence is that of its day; the risk goes by the counts of
 * the last review; a drop is not foretold, as the week's interactions are not yet all there. False where no event up to
 * that week names the member.
 */
bool kithp_provisional_review(const struct kithp_sweep *sweep, const struct kithp_tally *tally, uint32_t member,
                              int64_t as_of, struct kithp_carried *state);

#endif
