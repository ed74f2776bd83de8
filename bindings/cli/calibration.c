/* SPDX-License-Identifier: MIT */
#include "calibration.h"

#include <stdlib.h>
#include <string.h>

#include "half_points.h"
#include "message.h"
#include "thresholds.h"

static int make_policy(const struct cli_calibration *calibration, kith_policy **policy)
{
    struct cli_policy_text text = {NULL, 0};
    kith_error error = {.size = sizeof error};
    int status = cli_policy_text_write(&text, calibration->policy);
    if (!status)
        status = cli_figures_put(&calibration->figures, &calibration->before, calibration->policy, &text);
    if (!status && kith_policy_parse((kith_text){text.data, text.length}, NULL, NULL, policy, &error) != KITH_OK)
        status = cli_fail_with(&error);
    cli_policy_text_free(&text);
    return status;
}

int cli_calibration_try_in(const struct cli_calibration *calibration, struct cli_window window,
                           struct cli_measure *measure)
{
    kith_policy *policy = NULL;
    int status = make_policy(calibration, &policy);
    if (!status)
        status = cli_trial(calibration->history, policy, window, measure);
    kith_policy_free(policy);
    return status;
}

int cli_calibration_try(struct cli_calibration *calibration)
{
    if (calibration->has_tried && cli_figures_equal(&calibration->figures, &calibration->tried))
        return CLI_DONE;
    calibration->tried = calibration->figures;
    calibration->has_tried = true;
    return cli_calibration_try_in(calibration, calibration->window, calibration->measure);
}

int cli_calibration_begin(struct cli_calibration *calibration)
{
    int status = cli_figures_read(&calibration->before, calibration->policy);
    if (status)
        return status;
    calibration->figures = calibration->before;
    calibration->measure_before = malloc(sizeof *calibration->measure_before);
    calibration->measure = malloc(sizeof *calibration->measure);
    if (!calibration->measure_before || !calibration->measure)
        return cli_fail(CLI_IO, "not enough memory");
    status = cli_calibration_try(calibration);
    if (!status)
        memcpy(calibration->measure_before, calibration->measure, sizeof *calibration->measure);
    return status;
}

int cli_calibration_find(struct cli_calibration *calibration)
{
    int status = cli_half_points_find(calibration);
    return status ? status : cli_thresholds_find(calibration);
}

void cli_calibration_free(struct cli_calibration *calibration)
{
    free(calibration->measure_before);
    free(calibration->measure);
    calibration->measure_before = NULL;
    calibration->measure = NULL;
}
