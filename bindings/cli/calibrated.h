/* SPDX-License-Identifier: MIT */
/* What `kith calibrate` has found, for those who write and tell it. */
#ifndef KITH_CLI_CALIBRATED_H
#define KITH_CLI_CALIBRATED_H

#include <stdio.h>

#include "calibration.h"

/* Of fewer members on average, shares say little. */
enum { CLI_CALIBRATED_MEMBERS = 30 };

struct cli_calibrated {
    const struct cli_run *run;
    struct cli_shares shares;
    struct cli_policy_text text; /* of the policy that it starts from, and in the end that of the new one */
    struct cli_history history;
    struct cli_calibration found;
    bool checked;                 /* there was enough history for what follows */
    struct cli_calibration early; /* the same, by nothing but what came before `later` */
    struct cli_window later;      /* reviews that `early` had not seen */
    struct cli_measure *unseen;   /* what its figures give there */
};

/* The day on which the week that a review closes begins: days since 1970-01-01. */
int64_t cli_calibrated_day(const struct cli_calibrated *calibrated, uint32_t week);

/* The last day on which anything happened that the reviews have seen; *cut is whether there is more behind it. */
int64_t cli_calibrated_last_day(const struct cli_calibrated *calibrated, bool *cut);

/* "31.4" of a share in millionths, as percent; of one that is wished, "0.75" where that is what was asked for. */
const char *cli_calibrated_percent(char *out, uint32_t share);
const char *cli_calibrated_wished(char *out, uint32_t share);

/* "102.3": how many there were at a review on average. */
const char *cli_calibrated_mean(char *out, uint64_t sum, uint32_t reviews);

/* Puts the figures into the text of the policy, with comments. Says what is wrong and returns an exit status. */
int cli_calibrated_make_text(struct cli_calibrated *calibrated);

/* Says what was found, to a person. Says what is wrong and returns an exit status. */
int cli_report_calibrated(const struct cli_calibrated *calibrated, FILE *stream);

#endif
