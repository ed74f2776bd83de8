/* SPDX-License-Identifier: MIT */
#include "reading.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "expand.h"
#include "header.h"
#include "interrupt.h"
#include "message.h"

int cli_reading_load_source(struct cli_run *run)
{
    return cli_description_load(&run->description, run->arguments->source, run->arguments->command);
}

static kith_status make_policy(struct cli_run *run, kith_error *error)
{
    const char *path = run->arguments->policy;
    const struct cli_description *description = &run->description;
    kith_policy_options options = {.size = sizeof options, .fault = cli_say_fault};
    run->policy_is_ready = !path && description->is_ready;
    if (path)
        return kith_policy_load(path, &options, &run->policy, error);
    if (run->policy_is_ready)
        return kith_policy_parse(kith_text_of(description->ready.policy), description->name, &options, &run->policy,
                                 error);
    return kith_policy_new(NULL, &run->policy, error);
}

int cli_reading_load_policy(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    kith_status status = make_policy(run, &error);
    if (status == KITH_BAD_POLICY)
        return CLI_POLICY; /* each fault has been said */
    run->policy_info.size = sizeof run->policy_info;
    if (status == KITH_OK)
        status = kith_policy_get_info(run->policy, &run->policy_info, &error);
    return status == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

kith_engine_options cli_reading_engine_options(struct cli_run *run)
{
    uint32_t tables = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS;
    kith_engine_options options = {
        .size = sizeof options,
        .members = KITH_NAMED,
        .tables = run->arguments->history ? tables | KITH_HISTORY : tables,
        .threads = run->arguments->threads,
        .memory = run->arguments->memory,
        .max_members = run->arguments->max_members,
        .progress = cli_progress_step,
        .progress_context = &run->progress,
    };
    return options;
}

int cli_reading_make_engine(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = cli_reading_engine_options(run);
    return kith_engine_new(run->policy, &options, &run->engine, &error) == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

static bool read_day(const struct cli_run *run, const char *day, int64_t *moment)
{
    kith_text text = kith_text_of(day);
    return kith_policy_parse_time(run->policy, text, moment, NULL) == KITH_OK;
}

/* The one that the user gave: --as-of implies --until. */
static const char *until_option(const struct cli_arguments *arguments)
{
    return arguments->until == arguments->as_of ? "--as-of" : "--until";
}

int cli_reading_read_days(struct cli_run *run)
{
    const struct cli_arguments *arguments = run->arguments;
    if (arguments->until && !read_day(run, arguments->until, &run->review_until))
        return cli_arguments_fail_day(arguments, until_option(arguments), arguments->until);
    /* Unlike a day to review up to, it must be one on which something can be told. */
    bool has_as_of = arguments->as_of && read_day(run, arguments->as_of, &run->as_of) && run->as_of >= 0;
    if (arguments->as_of && !has_as_of)
        return cli_arguments_fail_day(arguments, "--as-of", arguments->as_of);
    if (arguments->as_of && run->as_of < run->review_until)
        return cli_arguments_fail_as_of(arguments);
    return CLI_DONE;
}

/* By the file; those of one file in the order in which they are given. */
static int compare_files(const void *a, const void *b)
{
    const struct cli_input *first = *(const struct cli_input *const *)a;
    const struct cli_input *second = *(const struct cli_input *const *)b;
    if (first->device != second->device)
        return first->device < second->device ? -1 : 1;
    if (first->inode != second->inode)
        return first->inode < second->inode ? -1 : 1;
    return (first > second) - (first < second);
}

/* Whether two exports are one file, whatever their paths: its events would count twice. */
static int check_given_once(const struct cli_run *run, struct cli_input **sorted, size_t count)
{
    qsort(sorted, count, sizeof *sorted, compare_files);
    for (size_t i = 1; i < count; i++)
        if (sorted[i - 1]->device == sorted[i]->device && sorted[i - 1]->inode == sorted[i]->inode)
            return cli_arguments_fail_twice(run->arguments, sorted[i - 1]->path, sorted[i]->path);
    return CLI_DONE;
}

static const char *name_of(const struct cli_input *input)
{
    const char *slash = strrchr(input->path, '/');
    return slash ? slash + 1 : input->path;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(name_of(*(const struct cli_input *const *)a), name_of(*(const struct cli_input *const *)b));
}

/* Finds files of the same name in different folders: rejects tell their whole paths. */
static void find_ambiguous(struct cli_input **sorted, size_t count)
{
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < count; i++)
        if (compare_names(&sorted[i - 1], &sorted[i]) == 0)
            sorted[i - 1]->ambiguous = sorted[i]->ambiguous = true;
}

static int compare_inputs(struct cli_run *run)
{
    size_t count = 0;
    struct cli_input **sorted = calloc((size_t)run->input_count, sizeof *sorted);
    if (!sorted)
        return cli_fail(CLI_IO, "not enough memory");
    for (int i = 0; i < run->input_count; i++)
        if (run->inputs[i].sized)
            sorted[count++] = &run->inputs[i];
    int status = check_given_once(run, sorted, count);
    find_ambiguous(sorted, count);
    free(sorted);
    return status;
}

int cli_reading_look_at_inputs(struct cli_run *run)
{
    int status = cli_expand(&run->paths, run->arguments, run->description.source);
    if (status)
        return status;
    if (run->paths.count > INT_MAX)
        return cli_fail(CLI_IO, "%zu exports are too many", run->paths.count);
    int count = (int)run->paths.count;
    run->inputs = calloc((size_t)count, sizeof *run->inputs);
    if (!run->inputs)
        return cli_fail(CLI_IO, "not enough memory");
    run->input_count = count;
    for (int i = 0; i < count && !status; i++) {
        status = cli_input_look(&run->inputs[i], run->paths.items[i]);
        run->inputs[i].run = run;
    }
    return status ? status : compare_inputs(run);
}

/* A kith_reject_fn whose context is the export's input. */
static int take_reject(void *context, const kith_reject *reject)
{
    const struct cli_input *input = context;
    kith_reject told = *reject;
    if (input->ambiguous)
        told.file = kith_text_of(input->path);
    return cli_rejects_take(&input->run->rejects, &told);
}

kith_export cli_reading_export(struct cli_run *run, struct cli_input *input)
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
        .event_id = arguments->columns[CLI_ID],
        .reject = take_reject,
        .reject_context = input,
        .source = run->description.source,
        .max_row = arguments->max_row,
        .max_bytes = arguments->max_bytes,
    };
    /* Which columns a description has no use for is its author's choice. */
    if (!options.source) {
        options.header = cli_header_take;
        options.header_context = input;
    }
    return options;
}

/* Counts what became of an export that was read to its end. */
static void note_added(struct cli_input *input, const kith_added *added)
{
    input->rows = added->read;
    input->events = added->taken;
    input->rejected = added->rejected;
    input->skipped = added->skipped;
    input->ignored = added->ignored;
    input->run->taken += added->taken;
    cli_header_note(input);
}

kith_status cli_reading_add_export(struct cli_run *run, struct cli_input *input, const kith_export *options,
                                   kith_added *added, kith_error *error)
{
    *added = (kith_added){.size = sizeof *added};
    cli_progress_enter_files(&run->progress, input, 1);
    kith_status status = kith_engine_add_export(run->engine, options, added, error);
    cli_progress_clear(&run->progress);
    if (status != KITH_OK)
        return status;
    run->progress.before += input->size;
    note_added(input, added);
    return KITH_OK;
}

/* All of them at once; all are plain files. */
static kith_status add_together(struct cli_run *run, kith_export *options, kith_added *added, kith_error *error)
{
    for (int i = 0; i < run->input_count; i++) {
        options[i] = cli_reading_export(run, &run->inputs[i]);
        added[i] = (kith_added){.size = sizeof *added};
    }
    cli_progress_enter_files(&run->progress, run->inputs, run->input_count);
    kith_status status = kith_engine_add_exports(run->engine, options, (uint64_t)run->input_count, added, NULL, error);
    cli_progress_clear(&run->progress);
    for (int i = 0; i < run->input_count && status == KITH_OK; i++)
        note_added(&run->inputs[i], &added[i]);
    return status;
}

static kith_status add_one_by_one(struct cli_run *run, kith_error *error)
{
    kith_status status = KITH_OK;
    for (int i = 0; i < run->input_count && status == KITH_OK; i++) {
        kith_added added;
        kith_export options = cli_reading_export(run, &run->inputs[i]);
        status = cli_reading_add_export(run, &run->inputs[i], &options, &added, error);
    }
    return status;
}

static bool are_files(const struct cli_run *run)
{
    for (int i = 0; i < run->input_count; i++)
        if (!run->inputs[i].sized)
            return false;
    return true;
}

int cli_reading_fail_export(const struct cli_run *run, const kith_error *error)
{
    if (cli_interrupted() || run->rejects.failed)
        return CLI_IO;
    if (run->rejects.past_limit)
        return cli_rejects_fail(&run->rejects);
    int status = cli_fail_with(error);
    /* A column that is not there: who brings an export of another sort is told where to begin. */
    if (error->status == KITH_BAD_EXPORT && strstr(error->message, "no such column") && !run->description.name)
        cli_fail(status, "'kith inspect' tells what the fields of an export are, and writes a description of them for "
                         "--source; --column names a single one that is called otherwise");
    /* A ready description goes with its own policy; with another, somebody has to see to the kinds. */
    if (error->status == KITH_BAD_SOURCE && run->description.is_ready && !run->policy_is_ready)
        cli_fail(status, "the policy that comes with %s has its kinds: see 'kith sources --policy %s'",
                 run->description.name, run->description.name);
    return status;
}

int cli_reading_get_info(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    run->engine_info.size = sizeof run->engine_info;
    return kith_engine_get_info(run->engine, &run->engine_info, &error) == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

int cli_reading_read_exports(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    size_t count = (size_t)run->input_count;
    kith_export *options = count > 1 && are_files(run) ? calloc(count, sizeof *options) : NULL;
    kith_added *added = options ? calloc(count, sizeof *added) : NULL;
    kith_status read = added ? add_together(run, options, added, &error) : add_one_by_one(run, &error);
    free(options);
    free(added);
    if (read != KITH_OK)
        return cli_reading_fail_export(run, &error);
    int status = cli_reading_get_info(run);
    return status ? status : cli_rejects_finish(&run->rejects);
}

int cli_reading_find_end(struct cli_run *run)
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
