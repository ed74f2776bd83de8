/* SPDX-License-Identifier: MIT */
/* The second half of a calibration: which score opens a tier, and which keeps it. */
#ifndef KITH_CLI_THRESHOLDS_H
#define KITH_CLI_THRESHOLDS_H

#include "calibration.h"

/*
 * Sets the thresholds of all tiers that do not stay as they are, from the highest down, and measures what they give.
 * Begins with what was measured last. Says what is wrong and returns an exit status.
 */
int cli_thresholds_find(struct cli_calibration *calibration);

#endif
