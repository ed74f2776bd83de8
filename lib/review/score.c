/* SPDX-License-Identifier: MIT */
#include "review/score.h"

#include "base/number.h"

#define POINTS_MOST (INT64_C(1) << 40)
enum { CARRY_ONE = 65536, WHOLE_SCORE = 10000, WHOLE_WEIGHT = 1000 };

/* clamp(points x counted, -2^40, 2^40), where counted = min(cap, quantity) */
static int64_t points_of(const kith_credit *credit, uint32_t quantity)
{
    uint32_t counted = credit->cap > 0 && credit->cap < quantity ? credit->cap : quantity;
    return kithp_number_clamp((int64_t)credit->points * counted, -POINTS_MOST, POINTS_MOST);
}

struct kithp_earned kithp_score_earned(const struct kithp_slots *slots, const struct kithp_week *week,
                                       const struct kithp_cell *row)
{
    struct kithp_earned earned = {{0}, 0};
    for (const struct kithp_cell *cell = row; cell; cell = kithp_week_next_cell(week, cell)) {
        for (unsigned i = 0; i < cell->used; i++) {
            const struct kithp_slot *slot = &slots->slots[cell->slots[i]];
            if (slot->has_points)
                earned.points[slot->credit->dimension] += points_of(slot->credit, cell->quantities[i]);
            if (slot->is_interaction)
                earned.interactions = kithp_number_add_stop(earned.interactions, cell->quantities[i]);
        }
    }
    return earned;
}

int64_t kithp_score_remember(int64_t remembered, uint32_t carry, int64_t points)
{
    return kithp_number_clamp(remembered * carry / CARRY_ONE + points, 0, POINTS_MOST);
}

uint16_t kithp_score_dimension(int64_t remembered, int64_t half_points)
{
    return (uint16_t)(WHOLE_SCORE * remembered / (remembered + half_points));
}

uint16_t kithp_score_total(const struct kithp_figures *figures, const uint16_t dimensions[KITH_DIMENSIONS])
{
    int32_t weighted = 0;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        weighted += figures->weights[d] * dimensions[d];
    return (uint16_t)(weighted / WHOLE_WEIGHT);
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
