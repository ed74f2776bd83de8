/* SPDX-License-Identifier: MIT */
#include "review/risk.h"

#include <string.h>

#include "base/bytes.h"

enum { OUTCOMES_LEAST = 100, PRIOR_WEIGHT = 20, WHOLE = 10000, PATTERN_MASK = KITHP_RISK_PATTERNS - 1 };

struct situation {
    uint32_t pattern;      /* bit i is set where it had an own event i weeks before */
    uint32_t age;          /* weeks since its first, 0 … 7 */
    uint32_t weeks_silent; /* z */
    uint32_t active_weeks; /* c */
};

/* The pattern must not be 0. */
static struct situation situation_of(uint32_t pattern, uint32_t weeks_known)
{
    struct situation at = {.pattern = pattern};
    at.age = weeks_known < KITHP_RISK_WEEKS - 1 ? weeks_known : KITHP_RISK_WEEKS - 1;
    at.weeks_silent = kithp_bytes_lowest_bit(pattern);
    at.active_weeks = kithp_bytes_count(pattern);
    return at;
}

static void add(struct kithp_outcomes *outcomes, uint64_t y)
{
    outcomes->y += y;
    outcomes->n++;
}

void kithp_risk_count(const struct kithp_carried *state, struct kithp_risk_counts *counts)
{
    /* Bits of the eight weeks since, and of u, eight weeks ago, when the outcome began to be awaited. */
    const uint32_t leave_since = (UINT32_C(1) << (KITHP_RISK_WEEKS + 1)) - 1;
    uint32_t pattern = state->acted >> KITHP_RISK_WEEKS & PATTERN_MASK;
    if (state->left_out || state->weeks_known < KITHP_RISK_WEEKS || pattern == 0 || state->on_leave & leave_since)
        return;
    struct situation then = situation_of(pattern, state->weeks_known - (uint32_t)KITHP_RISK_WEEKS);
    uint64_t gone = (state->acted & PATTERN_MASK) == 0;
    add(&counts->all, gone);
    add(&counts->by_silence[then.weeks_silent][then.active_weeks], gone);
    add(&counts->by_pattern[then.pattern][then.age], gone);
}

static void add_outcomes(struct kithp_outcomes *sum, const struct kithp_outcomes *more)
{
    sum->y += more->y;
    sum->n += more->n;
}

void kithp_risk_add_counts(struct kithp_risk_counts *sum, const struct kithp_risk_counts *more)
{
    add_outcomes(&sum->all, &more->all);
    for (unsigned z = 0; z < KITHP_RISK_WEEKS; z++)
        for (unsigned c = 0; c <= KITHP_RISK_WEEKS; c++)
            add_outcomes(&sum->by_silence[z][c], &more->by_silence[z][c]);
    for (unsigned pattern = 0; pattern < KITHP_RISK_PATTERNS; pattern++)
        for (unsigned age = 0; age < KITHP_RISK_WEEKS; age++)
            add_outcomes(&sum->by_pattern[pattern][age], &more->by_pattern[pattern][age]);
}

/* The share that did not come back, drawn towards that of a wider group where few are known. */
static uint64_t share(const struct kithp_outcomes *outcomes, uint64_t wider)
{
    return (WHOLE * outcomes->y + PRIOR_WEIGHT * wider) / (outcomes->n + PRIOR_WEIGHT);
}

static int16_t risk_in(const struct situation *now, const struct kithp_risk_counts *counts)
{
    uint64_t all = WHOLE * (counts->all.y + 1) / (counts->all.n + 2);
    uint64_t by_silence = share(&counts->by_silence[now->weeks_silent][now->active_weeks], all);
    return (int16_t)share(&counts->by_pattern[now->pattern][now->age], by_silence);
}

static bool has_risk(const struct kithp_carried *state, const struct kithp_risk_counts *counts)
{
    return !state->left_out && counts->all.n >= OUTCOMES_LEAST && (state->acted & PATTERN_MASK) != 0 &&
           !(state->on_leave & 1);
}

int16_t kithp_risk_of(const struct kithp_carried *state, const struct kithp_risk_counts *counts)
{
    if (!has_risk(state, counts))
        return KITHP_NO_RISK;
    struct situation now = situation_of(state->acted & PATTERN_MASK, state->weeks_known);
    return risk_in(&now, counts);
}

void kithp_risks_init(struct kithp_risks *risks, const struct kithp_risk_counts *counts)
{
    risks->counts = counts;
    memset(risks->known, 0, sizeof risks->known);
}

int16_t kithp_risks_of(struct kithp_risks *risks, const struct kithp_carried *state)
{
    if (!has_risk(state, risks->counts))
        return KITHP_NO_RISK;
    struct situation now = situation_of(state->acted & PATTERN_MASK, state->weeks_known);
    uint16_t *known = &risks->known[now.pattern][now.age];
    if (*known == 0)
        *known = (uint16_t)(risk_in(&now, risks->counts) + 1);
    return (int16_t)(*known - 1);
}

/* Of a member whose risk has been set: that review is among the weeks known by now. */
static struct situation situation_reviewed(const struct kithp_carried *state)
{
    return situation_of(state->acted & PATTERN_MASK, state->weeks_known - 1U);
}

struct kithp_outcomes kithp_risk_alike(const struct kithp_carried *state, const struct kithp_risk_counts *counts)
{
    if (state->risk == KITHP_NO_RISK)
        return (struct kithp_outcomes){0, 0};
    struct situation now = situation_reviewed(state);
    return counts->by_pattern[now.pattern][now.age];
}

struct kithp_outcomes kithp_risk_similar(const struct kithp_carried *state, const struct kithp_risk_counts *counts)
{
    if (state->risk == KITHP_NO_RISK)
        return (struct kithp_outcomes){0, 0};
    struct situation now = situation_reviewed(state);
    return counts->by_silence[now.weeks_silent][now.active_weeks];
}
