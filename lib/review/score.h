/* SPDX-License-Identifier: MIT */
/* Points of a week, memory and score (docs/model.md). */
#ifndef KITHP_REVIEW_SCORE_H
#define KITHP_REVIEW_SCORE_H

#include "review/carried.h"
#include "tally/row.h"

/* Points of a slot stay within ± this, and those remembered within 0 and this; in thousandths. */
#define KITHP_POINTS_MOST (INT64_C(1) << 40)

/* What a dimension's score never reaches, in hundredths, and what weights sum to. */
enum { KITHP_SCORE_WHOLE = 10000, KITHP_WEIGHT_WHOLE = 1000 };

/* What a week's tally is worth: P_d in thousandths of a point, and the member's own interactions. */
struct kithp_earned {
    int64_t points[KITH_DIMENSIONS];
    uint32_t interactions;
};

/* row may be NULL: then nothing was earned. */
struct kithp_earned kithp_score_earned(const struct kithp_slots *slots, const struct kithp_row *row);

/* What is left of a quantity by the credit's `cap`, and the points that so many units are worth. */
uint32_t kithp_score_counted(const kith_credit *credit, uint32_t quantity);
int64_t kithp_score_points(const kith_credit *credit, uint32_t counted);

/* What a week carries over of remembered points. */
int64_t kithp_score_carry_over(int64_t remembered, uint32_t carry);

/* Remembered points of one dimension after a week: R_d(w) from R_d(w - 1) and P_d(w). */
int64_t kithp_score_remember(int64_t remembered, uint32_t carry, int64_t points);

/* Score of one dimension: S_d, 0 … 9999. */
uint16_t kithp_score_dimension(int64_t remembered, int64_t half_points);

/* The score that those of the dimensions come to, 0 … 9999. */
uint16_t kithp_score_total(const struct kithp_figures *figures, const uint16_t dimensions[KITH_DIMENSIONS]);

/* Remembers what was earned, and scores the member. carry is kithp_carry_of() the policy's half-life. */
void kithp_score_review(const struct kithp_figures *figures, uint32_t carry, const struct kithp_earned *earned,
                        struct kithp_carried *state);

#endif
