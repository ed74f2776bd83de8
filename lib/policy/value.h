/* SPDX-License-Identifier: MIT */
/* The values of a policy file that are not plain numbers. */
#ifndef KITHP_POLICY_VALUE_H
#define KITHP_POLICY_VALUE_H

#include "policy/policy.h"

/* Room for words that say what was expected. */
enum { KITHP_EXPECTED_ROOM = 160 };

/*
 * Each reads a whole value. False where it cannot, with what was expected put into words; the result is then as it was.
 * No least is further from zero than its most.
 */
bool kithp_value_number(kith_text value, unsigned decimals, int64_t least, int64_t most, int64_t *scaled,
                        char expected[KITHP_EXPECTED_ROOM]);

/* ±HH:MM, from -14:00 to +14:00, as seconds */
bool kithp_value_utc_offset(kith_text value, int32_t *seconds, char expected[KITHP_EXPECTED_ROOM]);

/* monday … sunday, as 0 … 6 */
bool kithp_value_week_start(kith_text value, uint32_t *weekday, char expected[KITHP_EXPECTED_ROOM]);

/* yes or no */
bool kithp_value_yes_no(kith_text value, bool *yes, char expected[KITHP_EXPECTED_ROOM]);

/*
 * Patterns of names, separated by blanks. Where one cannot be read, fault is set to it, and patterns are of no use.
 */
bool kithp_value_patterns(kith_text value, struct kithp_patterns *patterns, kith_text *fault,
                          char expected[KITHP_EXPECTED_ROOM]);

/* DIMENSION POINTS [cap N] [each N] */
bool kithp_value_credit(kith_text value, kith_credit *credit, char expected[KITHP_EXPECTED_ROOM]);

#endif
