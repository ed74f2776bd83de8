/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <errno.h>
#include <time.h>

#include "help.h"
#include "interrupt.h"
#include "message.h"
#include "reading.h"
#include "report.h"
#include "reviewing.h"
#include "run.h"

static const struct option known_options[] = {
    {"policy", required_argument, NULL, CLI_OPTION_POLICY},
    {"out", required_argument, NULL, CLI_OPTION_OUT},
    {"until", required_argument, NULL, CLI_OPTION_UNTIL},
    {"as-of", required_argument, NULL, CLI_OPTION_AS_OF},
    {"source", required_argument, NULL, CLI_OPTION_SOURCE},
    {"column", required_argument, NULL, CLI_OPTION_COLUMN},
    {"delimiter", required_argument, NULL, CLI_OPTION_DELIMITER},
    {"threads", required_argument, NULL, CLI_OPTION_THREADS},
    {"memory", required_argument, NULL, CLI_OPTION_MEMORY},
    {"max-rejects", required_argument, NULL, CLI_OPTION_MAX_REJECTS},
    {"max-row", required_argument, NULL, CLI_OPTION_MAX_ROW},
    {"max-bytes", required_argument, NULL, CLI_OPTION_MAX_BYTES},
    {"max-members", required_argument, NULL, CLI_OPTION_MAX_MEMBERS},
    {"history", no_argument, NULL, CLI_OPTION_HISTORY},
    {"spreadsheet", no_argument, NULL, CLI_OPTION_SPREADSHEET},
    {"quiet", no_argument, NULL, CLI_OPTION_QUIET},
    {"help", no_argument, NULL, CLI_OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* All that can fail, up to the tables in their place. */
static int score(struct cli_run *run)
{
    int (*const steps[])(struct cli_run *) = {cli_reading_load_source, cli_reading_load_policy, cli_reading_read_days,
                                              cli_reading_look_at_inputs, cli_reading_make_engine};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int status = steps[i](run);
        if (status)
            return status;
    }
    int count = run->input_count;
    int status = cli_output_begin(&run->output, run->arguments, run->inputs, count);
    cli_progress_begin(&run->progress, run->arguments->quiet, run->inputs, count);
    if (!status)
        status = cli_reading_read_exports(run);
    if (!status)
        status = cli_reading_find_end(run);
    if (!status)
        status = cli_reviewing_review(run);
    if (!status && run->arguments->as_of)
        status = cli_reviewing_watch(run);
    if (!status)
        status = cli_reviewing_write_tables(run);
    cli_progress_clear(&run->progress);
    if (!status && cli_interrupted())
        status = CLI_IO;
    return status ? status : cli_output_commit(&run->output, NULL, NULL);
}

int cli_score(int argc, char **argv)
{
    struct cli_arguments arguments;
    int status = cli_arguments_read(&arguments, "kith score", known_options, argc, argv);
    if (status)
        return status;
    if (arguments.help)
        return cli_help_score();
    status = cli_arguments_check_exports(&arguments);
    if (status)
        return status;
    if (!cli_interrupt_catch())
        return cli_fail(CLI_IO, "%s", strerror(errno));

    struct cli_run run = {.arguments = &arguments, .started = time(NULL), .started_clock = cli_progress_clock()};
    run.rejects =
        (struct cli_rejects){.output = &run.output, .limited = arguments.limited, .limit = arguments.max_rejects};
    status = score(&run);
    cli_output_end(&run.output);
    if (!status) {
        cli_interrupt_end(); /* nothing is left that a signal could leave half done */
        status = run.rejects.total ? CLI_REFUSED : CLI_DONE;
        status = cli_report(&run, status);
    }
    cli_run_end(&run);
    cli_interrupt_end();
    return status;
}
