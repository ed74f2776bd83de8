/* SPDX-License-Identifier: MIT */
/* The first half of a calibration: where 50 of 100 stands in each dimension. */
#ifndef KITH_CLI_HALF_POINTS_H
#define KITH_CLI_HALF_POINTS_H

#include "calibration.h"

/*
 * Of the members that have any points of a dimension, so many in a hundred have fewer than its half_points; where fewer
 * than so many in a hundred have any, it is left as it is.
 */
enum { CLI_HALF_PERCENT = 90, CLI_HALF_LEAST_PERCENT = 5 };

/*
 * Sets the half_points, unless a tier is to stay as it is, and measures what they give. Says what is wrong and returns
 * an exit status.
 */
int cli_half_points_find(struct cli_calibration *calibration);

#endif
