/* SPDX-License-Identifier: MIT */
/* What becomes of a history under a policy: reviewed from its first week on, and measured at some of its reviews. */
#ifndef KITH_CLI_TRIAL_H
#define KITH_CLI_TRIAL_H

#include "findings.h"
#include "history.h"

/* Scores are hundredths, 0 to 9999. Those of the dimensions are measured, and behind them that of the member. */
enum { CLI_SCORES = 10000, CLI_MEASURED = KITH_DIMENSIONS + 1, CLI_WHOLE_SCORE = KITH_DIMENSIONS };

/* Shares are millionths. */
enum { CLI_WHOLE_SHARE = 1000000 };

/* Reviews, each by the week that it closes. */
struct cli_window {
    uint32_t first;
    uint32_t count;
};

/* Of those who had acted in the four weeks before each review of the window, and are not left out. */
struct cli_measure {
    uint32_t tiers;
    uint32_t reviews;                          /* of the window that had such a member */
    uint64_t members;                          /* of all reviews: each member is counted at each of them */
    uint32_t shares[CLI_MOST_TIERS];           /* of the tiers, the mean of those of the reviews */
    uint64_t scores[CLI_MEASURED][CLI_SCORES]; /* how many of `members` had a score */
    uint64_t changes;                          /* of tier in the window, of all members that are not left out */
};

/*
 * Reviews a history under a policy up to the end of the window, and measures. Says what is wrong and returns an exit
 * status.
 */
int cli_trial(struct cli_history *history, const kith_policy *policy, struct cli_window window,
              struct cli_measure *measure);

/* The share that stands on a tier or above it. */
uint32_t cli_measure_share_from(const struct cli_measure *measure, uint32_t tier);

#endif
