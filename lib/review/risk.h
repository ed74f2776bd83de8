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

/* The same of one week, by (pattern, age), from which the rest follows. */
struct kithp_risk_week {
    struct {
        uint32_t y;
        uint32_t n;
    } by_pattern[KITHP_RISK_PATTERNS][KITHP_RISK_WEEKS];
};

static inline uint32_t kithp_risk_age(uint32_t weeks_known)
{
    return weeks_known < KITHP_RISK_WEEKS - 1 ? weeks_known : KITHP_RISK_WEEKS - 1;
}

/* Counts a member's outcome, if the week under review settles one. Its carried state must be that of this week. */
static inline void kithp_risk_count(const struct kithp_carried *state, struct kithp_risk_week *counts)
{
    /* Bits of the eight weeks since, and of u, eight weeks ago, when the outcome began to be awaited. */
    const uint32_t leave_since = (UINT32_C(1) << (KITHP_RISK_WEEKS + 1)) - 1;
    uint32_t pattern = (uint32_t)state->acted >> KITHP_RISK_WEEKS;
    if (pattern == 0 || state->weeks_known < KITHP_RISK_WEEKS || state->left_out || state->on_leave & leave_since)
        return;
    uint32_t age = kithp_risk_age(state->weeks_known - (uint32_t)KITHP_RISK_WEEKS);
    counts->by_pattern[pattern][age].y += (state->acted & (KITHP_RISK_PATTERNS - 1)) == 0;
    counts->by_pattern[pattern][age].n++;
}

void kithp_risk_add_week(struct kithp_risk_counts *sum, const struct kithp_risk_week *week);

/* The member's risk in hundredths of a percent, or KITHP_NO_RISK. */
int16_t kithp_risk_of(const struct kithp_carried *state, const struct kithp_risk_counts *counts);

/* The same of many members by the same counts: what has been worked out for a situation is kept. */
struct kithp_risks {
    const struct kithp_risk_counts *counts;
    bool too_few;                                          /* outcomes, for anybody to have a risk */
    uint16_t known[KITHP_RISK_PATTERNS][KITHP_RISK_WEEKS]; /* risk plus one; 0 where it has not been asked for */
};

void kithp_risks_init(struct kithp_risks *risks, const struct kithp_risk_counts *counts);

/* Works out that of a situation: pattern, which must not be 0, and age. */
int16_t kithp_risks_work_out(struct kithp_risks *risks, uint32_t pattern, uint32_t age);

static inline int16_t kithp_risks_of(struct kithp_risks *risks, const struct kithp_carried *state)
{
    uint32_t pattern = state->acted & (KITHP_RISK_PATTERNS - 1);
    if (pattern == 0 || risks->too_few || state->left_out || state->on_leave & 1)
        return KITHP_NO_RISK;
    uint32_t age = kithp_risk_age(state->weeks_known);
    uint16_t known = risks->known[pattern][age];
    return known > 0 ? (int16_t)(known - 1) : kithp_risks_work_out(risks, pattern, age);
}

/*
 * Of the members that were in the same situation before, how many there were, and how many did not come back: what the
 * risk of a member rests on first of all. The member's review must be finished; zeros where it has no risk.
 */
struct kithp_outcomes kithp_risk_alike(const struct kithp_carried *state, const struct kithp_risk_counts *counts);

/* The same of those that had been silent for as many weeks and active in as many: what a rare situation leans on. */
struct kithp_outcomes kithp_risk_similar(const struct kithp_carried *state, const struct kithp_risk_counts *counts);

#endif
