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
static struct situation situation_of(uint32_t pattern, uint32_t age)
{
    return (struct situation){
        .pattern = pattern,
        .age = age,
        .weeks_silent = kithp_bytes_lowest_bit(pattern),
        .active_weeks = kithp_bytes_count(pattern),
    };
}

static void add_outcomes(struct kithp_outcomes *sum, uint64_t y, uint64_t n)
{
    sum->y += y;
    sum->n += n;
}

void kithp_risk_add_week(struct kithp_risk_counts *sum, const struct kithp_risk_week *week)
{
    for (uint32_t pattern = 1; pattern < KITHP_RISK_PATTERNS; pattern++) {
        for (uint32_t age = 0; age < KITHP_RISK_WEEKS; age++) {
            uint32_t y = week->by_pattern[pattern][age].y, n = week->by_pattern[pattern][age].n;
            if (n == 0)
                continue;
            struct situation then = situation_of(pattern, age);
            add_outcomes(&sum->all, y, n);
            add_outcomes(&sum->by_silence[then.weeks_silent][then.active_weeks], y, n);
            add_outcomes(&sum->by_pattern[pattern][age], y, n);
        }
    }
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

void kithp_risks_init(struct kithp_risks *risks, const struct kithp_risk_counts *counts)
{
    risks->counts = counts;
    risks->too_few = counts->all.n < OUTCOMES_LEAST;
    memset(risks->known, 0, sizeof risks->known);
}

int16_t kithp_risks_work_out(struct kithp_risks *risks, uint32_t pattern, uint32_t age)
{
    struct situation now = situation_of(pattern, age);
    int16_t risk = risk_in(&now, risks->counts);
    risks->known[pattern][age] = (uint16_t)(risk + 1);
    return risk;
}

int16_t kithp_risk_of(const struct kithp_carried *state, const struct kithp_risk_counts *counts)
{
    struct kithp_risks risks;
    kithp_risks_init(&risks, counts);
    return kithp_risks_of(&risks, state);
}

/* Of a member whose risk has been set: that review is among the weeks known by now. */
static struct situation situation_reviewed(const struct kithp_carried *state)
{
    return situation_of(state->acted & PATTERN_MASK, kithp_risk_age(state->weeks_known - 1U));
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
