/* SPDX-License-Identifier: MIT */
/* Risk: of those who were where this member is now, how many were lost (docs/model.md, Risk). */
#ifndef KITHP_REVIEW_RISK_H
#define KITHP_REVIEW_RISK_H

#include "review/carried.h"

enum { KITHP_RISK_WEEKS = 8, KITHP_RISK_PATTERNS = 1 << KITHP_RISK_WEEKS };

/* Of n members in a situation, y did not come back. */
struct kithp_outcomes {
    uint64_t y;
    uint64_t n;
};

/* Outcomes so far: all, by (weeks silent, active weeks), by (pattern, age). */
struct kithp_risk_counts {
    struct kithp_outcomes all;
    struct kithp_outcomes by_silence[KITHP_RISK_WEEKS][KITHP_RISK_WEEKS + 1];
    struct kithp_outcomes by_pattern[KITHP_RISK_PATTERNS][KITHP_RISK_WEEKS];
};

/* Counts a member's outcome, if the week under review settles one. Its carried state must be that of this week. */
void kithp_risk_count(const struct kithp_carried *state, struct kithp_risk_counts *counts);

void kithp_risk_add_counts(struct kithp_risk_counts *sum, const struct kithp_risk_counts *more);

/* The member's risk in hundredths of a percent, or KITHP_NO_RISK. */
int16_t kithp_risk_of(const struct kithp_carried *state, const struct kithp_risk_counts *counts);

/* The same of many members by the same counts: what has been worked out for a situation is kept. */
struct kithp_risks {
    const struct kithp_risk_counts *counts;
    uint16_t known[KITHP_RISK_PATTERNS][KITHP_RISK_WEEKS]; /* risk plus one; 0 where it has not been asked for */
};

void kithp_risks_init(struct kithp_risks *risks, const struct kithp_risk_counts *counts);
int16_t kithp_risks_of(struct kithp_risks *risks, const struct kithp_carried *state);

/*
 * Of the members that were in the same situation before, how many there were, and how many did not come back: what the
 * risk of a member rests on first of all. The member's review must be finished; zeros where it has no risk.
 */
struct kithp_outcomes kithp_risk_alike(const struct kithp_carried *state, const struct kithp_risk_counts *counts);

/* The same of those that had been silent for as many weeks and active in as many: what a rare situation leans on. */
struct kithp_outcomes kithp_risk_similar(const struct kithp_carried *state, const struct kithp_risk_counts *counts);

#endif
