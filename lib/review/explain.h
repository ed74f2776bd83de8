/* SPDX-License-Identifier: MIT */
/* How a review came to what it says of a member, and what would have to be earned for a better tier. */
#ifndef KITHP_REVIEW_EXPLAIN_H
#define KITHP_REVIEW_EXPLAIN_H

#include "review/member.h"

/*
 * The points that must be earned more in one of the KITH_DIMENSIONS alone for a score of `wanted` hundredths, the other
 * two being as they are: 0 where the score is that high, KITH_OUT_OF_REACH where no points can bring it there.
 */
int64_t kithp_explain_missing(const kith_explained_dimension *dimensions, unsigned dimension, int32_t wanted);

/*
 * Explains the review of one member that has just been finished: of, row and counts are what it went by, state is what
 * it left. The member's name and id are left empty.
 */
void kithp_explain(const struct kithp_member_week *of, const struct kithp_row *row,
                   const struct kithp_risk_counts *counts, const struct kithp_carried *state,
                   kith_explanation *explanation);

#endif
