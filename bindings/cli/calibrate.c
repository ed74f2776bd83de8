/* SPDX-License-Identifier: MIT */
#include "calibrate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calibrated.h"
#include "help.h"
#include "interrupt.h"
#include "message.h"
#include "new_file.h"
#include "number.h"
#include "reading.h"

/*
 * Shares are those of the latest half year, or of what there is. The first reviews of all never count: they look back
 * at four weeks that are not there, and points have yet to gather.
 */
enum { REVIEWS_MOST = 26, REVIEWS_LEAST = 4, REVIEWS_FIRST = 4, REVIEWS_CHECKED = 8 };

static const struct option known_options[] = {
    {"shares", required_argument, NULL, CLI_OPTION_SHARES},
    {"policy", required_argument, NULL, CLI_OPTION_POLICY},
    {"out", required_argument, NULL, CLI_OPTION_OUT},
    {"force", no_argument, NULL, CLI_OPTION_FORCE},
    {"until", required_argument, NULL, CLI_OPTION_UNTIL},
    {"source", required_argument, NULL, CLI_OPTION_SOURCE},
    {"column", required_argument, NULL, CLI_OPTION_COLUMN},
    {"delimiter", required_argument, NULL, CLI_OPTION_DELIMITER},
    {"threads", required_argument, NULL, CLI_OPTION_THREADS},
    {"memory", required_argument, NULL, CLI_OPTION_MEMORY},
    {"quiet", no_argument, NULL, CLI_OPTION_QUIET},
    {"help", no_argument, NULL, CLI_OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int read_policy(struct cli_run *run, struct cli_calibrated *calibrated)
{
    const char *path = run->arguments->policy;
    kith_policy_options options = {.size = sizeof options, .fault = cli_say_fault};
    kith_error error = {.size = sizeof error};
    if (!path) {
        int status = cli_reading_load_policy(run);
        if (status)
            return status;
        return run->policy_is_ready ? cli_policy_text_copy(&calibrated->text, run->description.ready.policy)
                                    : cli_policy_text_write(&calibrated->text, run->policy);
    }
    int status = cli_policy_text_read(&calibrated->text, path);
    if (status)
        return status;
    kith_text text = {calibrated->text.data, calibrated->text.length};
    kith_status parsed = kith_policy_parse(text, path, &options, &run->policy, &error);
    if (parsed == KITH_BAD_POLICY)
        return CLI_POLICY; /* each fault has been said */
    run->policy_info.size = sizeof run->policy_info;
    if (parsed == KITH_OK)
        parsed = kith_policy_get_info(run->policy, &run->policy_info, &error);
    return parsed == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

static struct cli_new_file out_file(const struct cli_run *run)
{
    return (struct cli_new_file){run->arguments->out, run->arguments->force};
}

/* Reads all that there is into a history. */
static int read_history(struct cli_run *run, struct cli_calibrated *calibrated)
{
    int (*const steps[])(struct cli_run *) = {cli_reading_read_days, cli_reading_look_at_inputs,
                                              cli_reading_make_engine};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int status = steps[i](run);
        if (status)
            return status;
    }
    struct cli_new_file file = out_file(run);
    int status = run->arguments->has_out ? cli_new_file_check(&file, run->inputs, run->input_count) : CLI_DONE;
    if (status)
        return status;
    cli_progress_begin(&run->progress, run->arguments->quiet, run->inputs, run->input_count);
    status = cli_reading_read_exports(run);
    if (!status)
        status = cli_reading_find_end(run);
    return status ? status : cli_history_keep(&calibrated->history, run);
}

static struct cli_calibration begin(struct cli_calibrated *calibrated, struct cli_window window)
{
    return (struct cli_calibration){
        .history = &calibrated->history,
        .shares = &calibrated->shares,
        .policy = calibrated->run->policy,
        .window = window,
    };
}

static int check_members(const struct cli_run *run, const struct cli_calibration *calibration)
{
    char number[CLI_NUMBER_SIZE];
    uint64_t members = calibration->measure->members;
    if (members >= (uint64_t)CLI_CALIBRATED_MEMBERS * calibration->window.count ||
        (run->arguments->force && members > 0))
        return CLI_DONE;
    return cli_fail(CLI_IO,
                    "%s members had acted in the four weeks before a review, on average; of fewer than %d, shares say "
                    "little%s",
                    cli_calibrated_mean(number, members, calibration->window.count), CLI_CALIBRATED_MEMBERS,
                    members > 0 ? " (--force goes on)" : "");
}

static int calibrate_all(struct cli_run *run, struct cli_calibrated *calibrated)
{
    uint32_t weeks = calibrated->history.weeks;
    if (weeks < REVIEWS_FIRST + REVIEWS_LEAST)
        return cli_fail(CLI_IO, "there are %u weeks to review, and it takes %d to say anything of shares",
                        (unsigned)weeks, REVIEWS_FIRST + REVIEWS_LEAST);
    uint32_t count = weeks - REVIEWS_FIRST < REVIEWS_MOST ? weeks - REVIEWS_FIRST : REVIEWS_MOST;
    calibrated->found = begin(calibrated, (struct cli_window){weeks - count, count});
    int status = cli_calibration_begin(&calibrated->found);
    if (!status)
        status = check_members(run, &calibrated->found);
    return status ? status : cli_calibration_find(&calibrated->found);
}

/* What would have come of it half a year ago, or in the middle of what there is. */
static int check(struct cli_calibrated *calibrated)
{
    uint32_t weeks = calibrated->history.weeks;
    uint32_t half = (weeks - REVIEWS_FIRST) / 2;
    uint32_t count = half < REVIEWS_MOST ? half : REVIEWS_MOST;
    if (count < REVIEWS_CHECKED)
        return CLI_DONE;
    calibrated->early = begin(calibrated, (struct cli_window){weeks - 2 * count, count});
    calibrated->later = (struct cli_window){weeks - count, count};
    int status = cli_calibration_begin(&calibrated->early);
    if (status || calibrated->early.measure->members < count)
        return status;
    status = cli_calibration_find(&calibrated->early);
    if (status)
        return status;
    calibrated->unseen = malloc(sizeof *calibrated->unseen);
    if (!calibrated->unseen)
        return cli_fail(CLI_IO, "not enough memory");
    calibrated->checked = true;
    return cli_calibration_try_in(&calibrated->early, calibrated->later, calibrated->unseen);
}

static int calibrate(struct cli_run *run, struct cli_calibrated *calibrated)
{
    int status = cli_reading_load_source(run);
    if (!status)
        status = read_policy(run, calibrated);
    if (!status)
        status = cli_shares_read(&calibrated->shares, run->arguments->shares, run->policy, run->arguments->command);
    if (!status)
        status = read_history(run, calibrated);
    if (!status)
        status = calibrate_all(run, calibrated);
    if (!status)
        status = check(calibrated);
    cli_progress_clear(&run->progress);
    if (!status && cli_interrupted())
        status = CLI_IO;
    return status ? status : cli_calibrated_make_text(calibrated);
}

static void free_calibrated(struct cli_calibrated *calibrated)
{
    cli_calibration_free(&calibrated->found);
    cli_calibration_free(&calibrated->early);
    free(calibrated->unseen);
    cli_history_free(&calibrated->history);
    cli_policy_text_free(&calibrated->text);
}

/* The policy goes to a file and the report to standard output, or the policy there and the report beside it. */
static int hand_out(const struct cli_run *run, const struct cli_calibrated *calibrated)
{
    const struct cli_arguments *arguments = run->arguments;
    const struct cli_policy_text *text = &calibrated->text;
    struct cli_new_file file = out_file(run);
    int status = arguments->has_out ? cli_new_file_write(&file, text->data, text->length) : CLI_DONE;
    cli_interrupt_end(); /* nothing is left that a signal could leave half done */
    if (!status && !arguments->has_out) {
        fwrite(text->data, 1, text->length, stdout);
        status = cli_close_stdout(CLI_DONE);
    }
    if (!status && !arguments->quiet)
        status = cli_report_calibrated(calibrated, arguments->has_out ? stdout : stderr);
    if (status)
        return status;
    cli_rejects_warn(&run->rejects, NULL);
    return cli_close_stdout(run->rejects.total ? CLI_REFUSED : CLI_DONE);
}

int cli_calibrate(int argc, char **argv)
{
    struct cli_arguments arguments;
    int status = cli_arguments_read(&arguments, "kith calibrate", known_options, argc, argv);
    if (status)
        return status;
    if (arguments.help)
        return cli_help_calibrate();
    status = cli_arguments_check_exports(&arguments);
    if (status)
        return status;
    if (!cli_interrupt_catch())
        return cli_fail(CLI_IO, "%s", strerror(errno));

    struct cli_run run = {.arguments = &arguments, .started = time(NULL), .started_clock = cli_progress_clock()};
    struct cli_calibrated calibrated = {.run = &run, .history = {.file = -1}};
    status = calibrate(&run, &calibrated);
    if (!status)
        status = hand_out(&run, &calibrated);
    free_calibrated(&calibrated);
    cli_run_end(&run);
    cli_interrupt_end();
    return status;
}
