/* SPDX-License-Identifier: MIT */
#include "update.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "help.h"
#include "interrupt.h"
#include "message.h"
#include "number.h"
#include "reading.h"
#include "report.h"
#include "reviewing.h"
#include "run.h"
#include "state.h"
#include "update_exports.h"

static const char command[] = "kith update";

enum { DAY_SECONDS = 86400 };

static const struct option known_options[] = {
    {"state", required_argument, NULL, CLI_OPTION_STATE},
    {"policy", required_argument, NULL, CLI_OPTION_POLICY},
    {"out", required_argument, NULL, CLI_OPTION_OUT},
    {"until", required_argument, NULL, CLI_OPTION_UNTIL},
    {"as-of", required_argument, NULL, CLI_OPTION_AS_OF},
    {"overlapping", no_argument, NULL, CLI_OPTION_OVERLAPPING},
    {"force", no_argument, NULL, CLI_OPTION_FORCE},
    {"source", required_argument, NULL, CLI_OPTION_SOURCE},
    {"column", required_argument, NULL, CLI_OPTION_COLUMN},
    {"delimiter", required_argument, NULL, CLI_OPTION_DELIMITER},
    {"threads", required_argument, NULL, CLI_OPTION_THREADS},
    {"memory", required_argument, NULL, CLI_OPTION_MEMORY},
    {"max-rejects", required_argument, NULL, CLI_OPTION_MAX_REJECTS},
    {"max-row", required_argument, NULL, CLI_OPTION_MAX_ROW},
    {"max-bytes", required_argument, NULL, CLI_OPTION_MAX_BYTES},
    {"max-members", required_argument, NULL, CLI_OPTION_MAX_MEMBERS},
    {"spreadsheet", no_argument, NULL, CLI_OPTION_SPREADSHEET},
    {"quiet", no_argument, NULL, CLI_OPTION_QUIET},
    {"help", no_argument, NULL, CLI_OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* ---- days ---- */

/* A week that is closed in a state stays closed, so one that is not over must not be, for a slip of the pen. */
static int check_until(const struct cli_run *run)
{
    const struct cli_arguments *arguments = run->arguments;
    const char *option = arguments->until == arguments->as_of ? "--as-of" : "--until";
    if (run->review_until <= run->started + DAY_SECONDS)
        return CLI_DONE;
    return cli_fail_usage(command, "%s %s lies in the future, and weeks that are reviewed stay so", option,
                          arguments->until);
}

static int read_days(struct cli_run *run)
{
    char day[CLI_NUMBER_SIZE];
    const struct cli_arguments *arguments = run->arguments;
    int status = cli_reading_read_days(run);
    if (!status && arguments->until)
        status = check_until(run);
    if (!status && arguments->as_of && run->as_of < run->engine_info.reviewed_until)
        return cli_fail_usage(command,
                              "--as-of %s lies in a week that was reviewed by an earlier run: from %s on, any "
                              "day can be watched",
                              arguments->as_of, cli_report_day(run, run->engine_info.reviewed_until, day));
    return status;
}

/* ---- which weeks ---- */

/*
 * Without --until: the weeks before the one that holds the last event. That event may be of tomorrow, by a clock that
 * is fast; the week of today is not over for that.
 */
static int find_end(struct cli_run *run)
{
    kith_week week = {.size = sizeof week};
    kith_error error = {.size = sizeof error};
    int64_t last = run->engine_info.last_event;
    if (last == KITH_NO_TIME) {
        run->review_until = 0; /* no week is closed before there is anything in it */
        return CLI_DONE;
    }
    if (run->arguments->until)
        return CLI_DONE;
    if (kith_policy_get_week(run->policy, last < run->started ? last : run->started, &week, &error) != KITH_OK)
        return cli_fail_with(&error);
    run->review_until = week.begin;
    return CLI_DONE;
}

static int review(struct cli_run *run)
{
    int status = find_end(run);
    if (!status)
        status = cli_reviewing_review(run);
    return status ? status : cli_reading_get_info(run);
}

/* Without --as-of: the day of the last event, or the first that is not reviewed. */
static int watch(struct cli_run *run)
{
    const kith_engine_info *info = &run->engine_info;
    if (!run->arguments->as_of) {
        int64_t offset = run->policy_info.utc_offset;
        int64_t last = info->last_event == KITH_NO_TIME ? run->started : info->last_event;
        int64_t local = last + offset;
        int64_t day = last - (local % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS;
        run->as_of = day < info->reviewed_until ? info->reviewed_until : day;
        run->as_of = run->as_of < 0 ? 0 : run->as_of;
    }
    return cli_reviewing_watch(run);
}

/* ---- the whole ---- */

static int save(void *context)
{
    return cli_state_save(context);
}

/* All that comes before anything is changed. */
static int prepare(struct cli_run *run, struct cli_state *state)
{
    int status = cli_reading_load_source(run);
    if (!status)
        status = cli_state_load(state, run);
    if (!status)
        status = read_days(run);
    if (!status)
        status = cli_reading_look_at_inputs(run);
    if (status)
        return status;
    int count = run->input_count;
    status = cli_output_begin(&run->output, run->arguments, run->inputs, count);
    if (!status)
        status = cli_state_check_place(state, run);
    cli_progress_begin(&run->progress, run->arguments->quiet, run->inputs, count);
    return status;
}

static int update(struct cli_run *run, struct cli_state *state)
{
    int status = prepare(run, state);
    if (!status)
        status = cli_update_exports(run, state);
    if (!status)
        status = review(run);
    if (!status)
        status = watch(run);
    if (!status)
        status = cli_state_freeze(state, run);
    if (!status)
        status = cli_reviewing_write_tables(run);
    cli_progress_clear(&run->progress);
    if (!status && cli_interrupted())
        status = CLI_IO;
    return status ? status : cli_output_commit(&run->output, save, state);
}

static int read_arguments(struct cli_arguments *arguments, int argc, char **argv)
{
    int status = cli_arguments_read(arguments, command, known_options, argc, argv);
    if (status || arguments->help)
        return status;
    if (!arguments->state)
        return cli_fail_usage(command, "no state is given: --state FILE");
    return cli_arguments_check_exports(arguments);
}

/* With the state locked. */
static int run_update(const struct cli_arguments *arguments, struct cli_state *state)
{
    struct cli_run run = {
        .arguments = arguments, .state = state, .started = time(NULL), .started_clock = cli_progress_clock()};
    run.rejects =
        (struct cli_rejects){.output = &run.output, .limited = arguments->limited, .limit = arguments->max_rejects};
    cli_progress_begin(&run.progress, arguments->quiet, NULL, 0);
    int status = update(&run, state);
    cli_output_end(&run.output);
    if (!status) {
        cli_interrupt_end(); /* nothing is left that a signal could leave half done */
        status = run.rejects.total ? CLI_REFUSED : CLI_DONE;
        status = state->unsure ? CLI_IO : status;
        status = cli_report(&run, status);
    }
    cli_run_end(&run);
    return status;
}

int cli_update(int argc, char **argv)
{
    struct cli_arguments arguments;
    struct cli_state state;
    int status = read_arguments(&arguments, argc, argv);
    if (status)
        return status;
    if (arguments.help)
        return cli_help_update();
    if (!cli_interrupt_catch())
        return cli_fail(CLI_IO, "%s", strerror(errno));
    status = cli_state_open(&state, arguments.state);
    if (!status)
        status = run_update(&arguments, &state);
    cli_state_end(&state);
    cli_interrupt_end();
    return status;
}
