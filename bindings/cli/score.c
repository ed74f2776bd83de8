/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <errno.h>
#include <time.h>

#include "help.h"
#include "interrupt.h"
#include "message.h"
#include "reading.h"
#include "report.h"
#include "run.h"
#include "stream.h"
#include "summary.h"

static const struct option known_options[] = {
    {"policy", required_argument, NULL, CLI_OPTION_POLICY},
    {"out", required_argument, NULL, CLI_OPTION_OUT},
    {"until", required_argument, NULL, CLI_OPTION_UNTIL},
    {"as-of", required_argument, NULL, CLI_OPTION_AS_OF},
    {"column", required_argument, NULL, CLI_OPTION_COLUMN},
    {"delimiter", required_argument, NULL, CLI_OPTION_DELIMITER},
    {"threads", required_argument, NULL, CLI_OPTION_THREADS},
    {"max-rejects", required_argument, NULL, CLI_OPTION_MAX_REJECTS},
    {"history", no_argument, NULL, CLI_OPTION_HISTORY},
    {"quiet", no_argument, NULL, CLI_OPTION_QUIET},
    {"help", no_argument, NULL, CLI_OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static int make_engine(struct cli_run *run)
{
    uint32_t tables = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS;
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {
        .size = sizeof options,
        .members = KITH_NAMED,
        .tables = run->arguments->history ? tables | KITH_HISTORY : tables,
        .threads = run->arguments->threads,
        .progress = cli_progress_step,
        .progress_context = &run->progress,
    };
    kith_status status = kith_engine_new(run->policy, &options, &run->engine, &error);
    return status == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

static int review(struct cli_run *run)
{
    kith_review *review = NULL;
    kith_error error = {.size = sizeof error};
    int failed = cli_reading_find_end(run);
    if (failed)
        return failed;
    cli_progress_enter(&run->progress, CLI_REVIEWING);
    kith_status status = kith_engine_review(run->engine, run->review_until, &review, &error);
    cli_progress_clear(&run->progress);
    run->review_info.size = sizeof run->review_info;
    if (status == KITH_OK)
        status = kith_review_get_info(review, &run->review_info, &error);
    for (int i = 0; i < CLI_REVIEW_TABLES && status == KITH_OK; i++) {
        if (run->review_info.tables & (1u << i)) /* KITH_STANDINGS is bit 0, and so on */
            status = kith_review_get_table(review, 1u << i, &run->tables[i], &error);
    }
    kith_review_free(review);
    if (status == KITH_OK && run->arguments->as_of)
        status = kith_engine_get_watch(run->engine, run->as_of, &run->tables[CLI_WATCH], &error);
    if (status == KITH_OK)
        return CLI_DONE;
    return cli_interrupted() ? CLI_IO : cli_fail_with(&error);
}

static int write_tables(struct cli_run *run)
{
    cli_progress_enter(&run->progress, CLI_WRITING);
    for (int i = 0; i < CLI_TABLES; i++) {
        if (!run->tables[i])
            continue;
        int status = cli_stream_write_table(&run->output, (enum cli_file)i, run->tables[i]);
        if (status)
            return status;
        run->rows[i] = kith_table_rows(run->tables[i]);
    }
    run->rows[CLI_REJECTS] = run->rejects.total;
    run->seconds = cli_progress_clock() - run->started_clock;
    return cli_summary_write(run);
}

/* All that can fail, up to the tables in their place. */
static int score(struct cli_run *run)
{
    int (*const steps[])(struct cli_run *) = {cli_reading_load_policy, cli_reading_read_days,
                                              cli_reading_look_at_inputs, make_engine};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int status = steps[i](run);
        if (status)
            return status;
    }
    int count = run->arguments->export_count;
    int status = cli_output_begin(&run->output, run->arguments->out, run->inputs, count);
    cli_progress_begin(&run->progress, run->arguments->quiet, run->inputs, count);
    if (!status)
        status = cli_reading_read_exports(run);
    if (!status)
        status = review(run);
    if (!status)
        status = write_tables(run);
    cli_progress_clear(&run->progress);
    if (!status && cli_interrupted())
        status = CLI_IO;
    return status ? status : cli_output_commit(&run->output);
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
        if (!arguments.quiet)
            status = cli_report(&run, status);
    }
    cli_run_end(&run);
    cli_interrupt_end();
    return status;
}
