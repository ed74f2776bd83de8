/* SPDX-License-Identifier: MIT */
#include "review/score.h"

#include "base/number.h"

enum { CARRY_ONE = 65536 };

uint32_t kithp_score_counted(const kith_credit *credit, uint32_t quantity)
{
    return credit->cap > 0 && credit->cap < quantity ? credit->cap : quantity;
}

int64_t kithp_score_points(const kith_credit *credit, uint32_t counted)
{
    return kithp_number_clamp((int64_t)credit->points * counted, -KITHP_POINTS_MOST, KITHP_POINTS_MOST);
}

static int64_t points_of(const kith_credit *credit, uint32_t quantity)
{
    return kithp_score_points(credit, kithp_score_counted(credit, quantity));
}

struct kithp_earned kithp_score_earned(const struct kithp_slots *slots, const struct kithp_row *row)
{
    struct kithp_earned earned = {{0}, 0};
    for (uint32_t i = 0; row && i < row->count; i++) {
        const struct kithp_slot *slot = &slots->slots[row->slots[i]];
        if (slot->has_points)
            earned.points[slot->credit->dimension] += points_of(slot->credit, row->quantities[i]);
        if (slot->is_interaction)
            earned.interactions = kithp_number_add_stop(earned.interactions, row->quantities[i]);
    }
    return earned;
}

int64_t kithp_score_carry_over(int64_t remembered, uint32_t carry)
{
    return remembered * carry / CARRY_ONE;
}

int64_t kithp_score_remember(int64_t remembered, uint32_t carry, int64_t points)
{
    return kithp_number_clamp(kithp_score_carry_over(remembered, carry) + points, 0, KITHP_POINTS_MOST);
}

/*
 * Division of 64-bit integers takes several times as long as that of doubles, and would be most of a quiet member's
 * review. The quotient has 14 bits, so that a double comes out right or one off, however it rounds: multiplying, in
 * integers again, tells which.
 */
uint16_t kithp_score_dimension(int64_t remembered, int64_t half_points)
{
    /* Snapshots are scored before they are checked. */
    if (remembered <= 0)
        return 0;
    if (remembered > KITHP_POINTS_MOST)
        remembered = KITHP_POINTS_MOST;
    int64_t divisor = remembered + half_points, dividend = remembered * KITHP_SCORE_WHOLE;
    int64_t score = (int64_t)((double)dividend / (double)divisor);
    score -= score * divisor > dividend;
    score += (score + 1) * divisor <= dividend;
    return (uint16_t)score;
}

uint16_t kithp_score_total(const struct kithp_figures *figures, const uint16_t dimensions[KITH_DIMENSIONS])
{
    int32_t weighted = 0;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        weighted += figures->weights[d] * dimensions[d];
    return (uint16_t)(weighted / KITHP_WEIGHT_WHOLE);
}

void kithp_score_review(const struct kithp_figures *figures, uint32_t carry, const struct kithp_earned *earned,
                        struct kithp_carried *state)
{
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        state->remembered[d] = kithp_score_remember(state->remembered[d], carry, earned->points[d]);
        state->dimensions[d] = kithp_score_dimension(state->remembered[d], figures->half_points[d]);
    }
    state->score = kithp_score_total(figures, state->dimensions);
}
