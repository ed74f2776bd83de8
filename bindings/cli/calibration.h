/* SPDX-License-Identifier: MIT */
/* The search for figures that give the wished shares. docs/calibrate.md says what is done, and why. */
#ifndef KITH_CLI_CALIBRATION_H
#define KITH_CLI_CALIBRATION_H

#include "figures.h"
#include "shares.h"
#include "trial.h"

/* How near a tier came to the share that was wished of it. */
enum cli_fit {
    CLI_FIT_KEPT,       /* nothing was wished: it is the lowest, or stays as it is */
    CLI_FIT_REACHED,    /* within a twentieth of the wished share */
    CLI_FIT_NEAREST,    /* no threshold of those that are tried comes nearer */
    CLI_FIT_SUPPORTERS, /* whatever the threshold, too few members have as many supporters as it takes to rise */
    CLI_FIT_DAYS,       /* likewise active days */
    CLI_FIT_BOTH,       /* likewise, of supporters and active days together */
    CLI_FIT_TOO_FEW     /* the lowest threshold lets too few in */
};

struct cli_calibration {
    /* To be set: */
    struct cli_history *history;
    const struct cli_shares *shares;
    const kith_policy *policy; /* that it starts from */
    struct cli_window window;  /* the reviews whose shares count */

    /* What comes of it: */
    struct cli_figures before;
    struct cli_figures figures;
    enum cli_fit fits[CLI_MOST_TIERS];
    bool few_points[KITH_DIMENSIONS]; /* too few members have any in a dimension to say what is usual */
    /* Of a tier that too few can have, the threshold that it takes where the tier below leaves room; else 0. */
    int32_t yields[CLI_MOST_TIERS];
    struct cli_measure *measure_before;
    struct cli_measure *measure; /* by the figures tried last: in the end, those that were found */
    bool has_tried;
    struct cli_figures tried; /* where any have been */
};

/* All of these say what is wrong and return an exit status. Free what comes of them in any case. */

/* Measures what the policy gives that the calibration starts from. */
int cli_calibration_begin(struct cli_calibration *calibration);

/* Finds the figures. The measure must know of a member. */
int cli_calibration_find(struct cli_calibration *calibration);

/* Measures what the calibration's figures give, in its window or in another. */
int cli_calibration_try(struct cli_calibration *calibration);
int cli_calibration_try_in(const struct cli_calibration *calibration, struct cli_window window,
                           struct cli_measure *measure);

void cli_calibration_free(struct cli_calibration *calibration);

#endif
