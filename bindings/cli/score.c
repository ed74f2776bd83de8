/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "help.h"
#include "interrupt.h"
#include "message.h"
#include "report.h"
#include "run.h"
#include "stream.h"
#include "summary.h"

static int load_policy(struct cli_run *run)
{
    const char *path = run->arguments->policy;
    kith_policy_options options = {.size = sizeof options, .fault = cli_say_fault};
    kith_error error = {.size = sizeof error};
    kith_status status =
        path ? kith_policy_load(path, &options, &run->policy, &error) : kith_policy_new(NULL, &run->policy, &error);
    if (status == KITH_BAD_POLICY)
        return CLI_POLICY; /* each fault has been said */
    run->policy_info.size = sizeof run->policy_info;
    if (status == KITH_OK)
        status = kith_policy_get_info(run->policy, &run->policy_info, &error);
    return status == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

static bool read_day(const struct cli_run *run, const char *day, int64_t *moment)
{
    kith_text text = kith_text_of(day);
    return kith_policy_parse_time(run->policy, text, moment, NULL) == KITH_OK;
}

static int read_days(struct cli_run *run)
{
    const struct cli_arguments *arguments = run->arguments;
    if (arguments->until && !read_day(run, arguments->until, &run->review_until))
        return cli_arguments_fail_day("--until", arguments->until);
    /* Unlike a day to review up to, it must be one on which something can be told. */
    bool has_as_of = arguments->as_of && read_day(run, arguments->as_of, &run->as_of) && run->as_of >= 0;
    if (arguments->as_of && !has_as_of)
        return cli_arguments_fail_day("--as-of", arguments->as_of);
    if (arguments->as_of && run->as_of < run->review_until)
        return cli_arguments_fail_as_of(arguments->as_of, arguments->until);
    return CLI_DONE;
}

/* Whether an export is the file of an earlier one: its events would count twice. */
static bool is_given_twice(const struct cli_input *inputs, int index)
{
    const struct cli_input *input = &inputs[index];
    for (int i = 0; i < index && input->sized; i++)
        if (inputs[i].device == input->device && inputs[i].inode == input->inode)
            return true;
    return false;
}

/* Looks at all exports before any is read: a path that is wrong should not show after an hour. */
static int look_at_inputs(struct cli_run *run)
{
    int count = run->arguments->export_count;
    run->inputs = calloc((size_t)count, sizeof *run->inputs);
    if (!run->inputs)
        return cli_fail(CLI_IO, "not enough memory");
    for (int i = 0; i < count; i++) {
        int status = cli_input_look(&run->inputs[i], run->arguments->exports[i]);
        if (status)
            return status;
        if (is_given_twice(run->inputs, i))
            return cli_arguments_fail_twice(run->arguments->exports[i]);
    }
    return CLI_DONE;
}

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

/* Why an export was not read to its end. */
static int fail_export(const struct cli_run *run, const kith_error *error)
{
    if (cli_interrupted() || run->rejects.failed)
        return CLI_IO;
    if (run->rejects.past_limit)
        return cli_rejects_fail(&run->rejects);
    return cli_fail_with(error);
}

static int read_export(struct cli_run *run, struct cli_input *input)
{
    const struct cli_arguments *arguments = run->arguments;
    kith_export options = {
        .size = sizeof options,
        .delimiter = arguments->delimiter,
        .path = input->path,
        .time = arguments->columns[CLI_TIME],
        .member = arguments->columns[CLI_MEMBER],
        .kind = arguments->columns[CLI_KIND],
        .target = arguments->columns[CLI_TARGET],
        .quantity = arguments->columns[CLI_QUANTITY],
        .reject = cli_rejects_take,
        .reject_context = &run->rejects,
    };
    kith_added added = {.size = sizeof added};
    kith_error error = {.size = sizeof error};
    cli_progress_enter_file(&run->progress, input);
    kith_status status = kith_engine_add_export(run->engine, &options, &added, &error);
    cli_progress_clear(&run->progress);
    if (status != KITH_OK)
        return fail_export(run, &error);
    input->rows = added.read;
    input->events = added.taken;
    input->rejected = added.rejected;
    run->progress.before += input->size;
    return CLI_DONE;
}

static int read_exports(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    for (int i = 0; i < run->arguments->export_count; i++) {
        int status = read_export(run, &run->inputs[i]);
        if (status)
            return status;
    }
    run->engine_info.size = sizeof run->engine_info;
    if (kith_engine_get_info(run->engine, &run->engine_info, &error) != KITH_OK)
        return cli_fail_with(&error);
    return cli_rejects_finish(&run->rejects);
}

/* Without --until, the week that holds the last event is the last. */
static int find_end(struct cli_run *run)
{
    kith_week week = {.size = sizeof week};
    kith_error error = {.size = sizeof error};
    if (run->arguments->until || run->engine_info.last_event == KITH_NO_TIME)
        return CLI_DONE;
    if (kith_policy_get_week(run->policy, run->engine_info.last_event, &week, &error) != KITH_OK)
        return cli_fail_with(&error);
    run->review_until = week.end;
    return CLI_DONE;
}

static int review(struct cli_run *run)
{
    kith_review *review = NULL;
    kith_error error = {.size = sizeof error};
    int failed = find_end(run);
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
    int (*const steps[])(struct cli_run *) = {load_policy, read_days, look_at_inputs, make_engine};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int status = steps[i](run);
        if (status)
            return status;
    }
    int count = run->arguments->export_count;
    int status = cli_output_begin(&run->output, run->arguments->out, run->inputs, count);
    cli_progress_begin(&run->progress, run->arguments->quiet, run->inputs, count);
    if (!status)
        status = read_exports(run);
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
    int status = cli_arguments_read(&arguments, argc, argv);
    if (status)
        return status;
    if (arguments.help)
        return cli_help_score();
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
