/* SPDX-License-Identifier: MIT */
/* How much of a member's remembered points a week carries over (docs/model.md, Memory). */
#ifndef KITHP_POLICY_CARRY_H
#define KITHP_POLICY_CARRY_H

#include <stdint.h>

/* floor(65536 * 2^(-1 / half_life_weeks) + 0.5), the half-life being in hundredths of a week; 0 for a half-life of 0.
 */
uint32_t kithp_carry_of(uint32_t half_life_weeks);

#endif
