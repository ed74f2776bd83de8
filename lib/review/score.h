/* SPDX-License-Identifier: MIT */
/*
 * Points of a week, memory and score (docs/model.md). The rules of a review stand in headers: the sweep takes each of
 * them for every member in every week, and the calls would cost as much as what they do.
 */
#ifndef KITHP_REVIEW_SCORE_H
#define KITHP_REVIEW_SCORE_H

#include "base/number.h"
#include "review/carried.h"
#include "tally/row.h"

/* Points of a slot stay within ± this, and those remembered within 0 and this; in thousandths. */
#define KITHP_POINTS_MOST (INT64_C(1) << 40)

/* What a dimension's score never reaches, in hundredths; what weights sum to; what carries all over. */
enum { KITHP_SCORE_WHOLE = 10000, KITHP_WEIGHT_WHOLE = 1000, KITHP_CARRY_WHOLE = 65536 };

/* What a week's tally is worth: P_d in thousandths of a point, and the member's own interactions. */
struct kithp_earned {
    int64_t points[KITH_DIMENSIONS];
    uint32_t interactions;
};

/* What so many units, `cap` taken into account, are worth at so many points each. */
static inline int64_t kithp_score_points(int32_t points, uint32_t counted)
{
    return kithp_number_clamp((int64_t)points * counted, -KITHP_POINTS_MOST, KITHP_POINTS_MOST);
}

/* row may be NULL: then nothing was earned. */
static inline struct kithp_earned kithp_score_earned(const struct kithp_slots *slots, const struct kithp_row *row)
{
    struct kithp_earned earned = {{0}, 0};
    if (!row)
        return earned;
    for (uint32_t i = 0; i < row->count; i++) {
        const struct kithp_slot *slot = &slots->slots[row->slots[i]];
        uint32_t quantity = row->quantities[i];
        earned.points[slot->dimension] += kithp_score_points(slot->points, quantity < slot->cap ? quantity : slot->cap);
        /* Without a jump: which slots a row has cannot be foreseen. */
        earned.interactions = kithp_number_add_stop(earned.interactions, quantity & -(uint32_t)slot->is_interaction);
    }
    return earned;
}

/* What a week carries over of remembered points. */
static inline int64_t kithp_score_carry_over(int64_t remembered, uint32_t carry)
{
    return (int64_t)((uint64_t)remembered * carry / KITHP_CARRY_WHOLE);
}

/* Remembered points of one dimension after a week: R_d(w) from R_d(w - 1) and P_d(w). */
static inline int64_t kithp_score_remember(int64_t remembered, uint32_t carry, int64_t points)
{
    return kithp_number_clamp(kithp_score_carry_over(remembered, carry) + points, 0, KITHP_POINTS_MOST);
}

/*
 * Score of one dimension: S_d, 0 … 9999. Division of 64-bit integers takes several times as long as that of doubles,
 * and would be most of a quiet member's review. The quotient has 14 bits, so that a double comes out right or one off,
 * however it rounds: multiplying, in integers again, tells which.
 */
static inline uint16_t kithp_score_dimension(int64_t remembered, int64_t half_points)
{
    /* Snapshots are scored before they are checked. */
    remembered = kithp_number_clamp(remembered, 0, KITHP_POINTS_MOST);
    int64_t divisor = remembered + half_points, dividend = remembered * KITHP_SCORE_WHOLE;
    int64_t score = (int64_t)((double)dividend / (double)divisor), rest = dividend - score * divisor;
    return (uint16_t)(score + (rest >= divisor) - (rest < 0));
}

/* The score that those of the dimensions come to, 0 … 9999. */
static inline uint16_t kithp_score_total(const struct kithp_figures *figures,
                                         const uint16_t dimensions[KITH_DIMENSIONS])
{
    uint32_t weighted = 0;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        weighted += (uint32_t)figures->weights[d] * dimensions[d];
    return (uint16_t)(weighted / KITHP_WEIGHT_WHOLE);
}

/* Remembers what was earned, and scores the member. carry is kithp_carry_of() the policy's half-life. */
static inline void kithp_score_review(const struct kithp_figures *figures, uint32_t carry,
                                      const struct kithp_earned *earned, struct kithp_carried *state)
{
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        state->remembered[d] = kithp_score_remember(state->remembered[d], carry, earned->points[d]);
        state->dimensions[d] = kithp_score_dimension(state->remembered[d], figures->half_points[d]);
    }
    state->score = kithp_score_total(figures, state->dimensions);
}

#endif
