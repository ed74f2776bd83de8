/* SPDX-License-Identifier: MIT */
#include "inspect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "inspected.h"
#include "interrupt.h"
#include "message.h"
#include "names.h"
#include "reading.h"

/* How much of each export is read to see whether a ready description fits. */
enum { MEBIBYTE = 1 << 20, READY_BYTES = 16 * MEBIBYTE, LOOK_BYTES = 64 * MEBIBYTE };

static const struct option known_options[] = {
    {"source", required_argument, NULL, CLI_OPTION_SOURCE}, {"policy", required_argument, NULL, CLI_OPTION_POLICY},
    {"write", required_argument, NULL, CLI_OPTION_WRITE},   {"json", no_argument, NULL, CLI_OPTION_JSON},
    {"help", no_argument, NULL, CLI_OPTION_HELP},           {NULL, 0, NULL, 0},
};

/* ---- which exports ---- */

static int compare_sizes(const void *a, const void *b)
{
    const struct cli_input *one = *(const struct cli_input *const *)a, *other = *(const struct cli_input *const *)b;
    if (one->size != other->size)
        return one->size > other->size ? -1 : 1;
    return (one > other) - (one < other);
}

/*
 * Of those that a source takes, all where it is NULL, some from all over the list: the first ones of a folder may be
 * others than the most. The largest comes first, for what it is the others must be, too. Returns how many it takes.
 */
static int choose_paths(struct cli_inspected *inspected, const kith_source *source)
{
    const struct cli_run *run = inspected->run;
    const struct cli_input *chosen[CLI_INSPECTED_FILES];
    int all = 0, count = 0;
    for (int i = 0; i < run->input_count; i++)
        all += cli_inspected_is_of(inspected, source, run->inputs[i].path);
    int most = all < CLI_INSPECTED_FILES ? all : CLI_INSPECTED_FILES;
    for (int i = 0, number = 0; i < run->input_count && count < most; i++) {
        if (!cli_inspected_is_of(inspected, source, run->inputs[i].path))
            continue;
        if (number++ == (int)((int64_t)all * count / most))
            chosen[count++] = &run->inputs[i];
    }
    qsort(chosen, (size_t)count, sizeof *chosen, compare_sizes);
    for (int i = 0; i < count; i++)
        inspected->paths[i] = chosen[i]->path;
    inspected->path_count = count;
    return all;
}

static int find_exports(struct cli_inspected *inspected)
{
    struct cli_run *run = inspected->run;
    int status = cli_reading_load_source(run);
    if (!status)
        status = cli_reading_look_at_inputs(run);
    if (!status && inspected->file.path)
        status = cli_new_file_check(&inspected->file, run->inputs, run->input_count);
    /* What cannot be read twice is kept: it is looked at first, and then read. */
    for (int i = 0; i < run->input_count && !status; i++)
        if (!run->inputs[i].sized || strcmp(run->inputs[i].path, "-") == 0)
            status = cli_inspected_spool(inspected, run->inputs[i].path);
    return status;
}

/* ---- looking at them ---- */

static kith_status look_at(struct cli_inspected *inspected, const char *path, kith_error *error)
{
    struct cli_spooled spooled;
    kith_export export = cli_inspected_export(inspected, path, &spooled);
    struct cli_input input = {.path = path};
    export.source = inspected->run->description.source;
    cli_progress_enter_files(&inspected->run->progress, &input, 1);
    kith_status status = kith_inspection_add(inspected->inspection, &export, error);
    cli_progress_clear(&inspected->run->progress);
    return status;
}

/* One that is no export, among others that are, is passed over: folders hold all sorts of things. */
static int look_at_all(struct cli_inspected *inspected, bool quiet)
{
    int kept = 0;
    bool many = inspected->path_count > 1 || quiet;
    for (int i = 0; i < inspected->path_count; i++) {
        kith_error error = {.size = sizeof error};
        kith_status status = look_at(inspected, inspected->paths[i], &error);
        if (status == KITH_CANCELLED)
            return CLI_IO;
        if (status == KITH_OK)
            inspected->paths[kept++] = inspected->paths[i];
        else if (!many || (status != KITH_BAD_EXPORT && status != KITH_INPUT_OUTPUT))
            return cli_fail_with(&error);
        else if (!quiet)
            cli_fail_with(&error);
    }
    inspected->path_count = kept;
    return kept > 0 || quiet ? CLI_DONE : CLI_IO;
}

/* Looks at those that were chosen. None of them need be an export where it is only tried. */
static int look(struct cli_inspected *inspected, uint64_t bytes, bool trying)
{
    struct cli_run *run = inspected->run;
    kith_error error = {.size = sizeof error};
    kith_inspection_options options = {
        .size = sizeof options,
        .bytes = bytes,
        .progress = cli_progress_step,
        .progress_context = &run->progress,
    };
    kith_inspection_free(inspected->inspection);
    inspected->inspection = NULL;
    if (kith_inspection_new(&options, &inspected->inspection, &error) != KITH_OK)
        return cli_fail_with(&error);
    int status = look_at_all(inspected, trying);
    inspected->info.size = sizeof inspected->info;
    if (!status && kith_inspection_get_info(inspected->inspection, &inspected->info, &error) != KITH_OK)
        status = cli_fail_with(&error);
    return status;
}

static int write_to(void *context, const void *bytes, size_t length)
{
    return fwrite(bytes, 1, length, context) != length;
}

static int write_text(struct cli_inspected *inspected)
{
    kith_error error = {.size = sizeof error};
    FILE *stream = open_memstream(&inspected->text, &inspected->text_length);
    if (!stream)
        return cli_fail(CLI_IO, "not enough memory");
    kith_status status = kith_inspection_write_source(inspected->inspection, write_to, stream, &error);
    if (fclose(stream) != 0 || status != KITH_OK)
        return cli_fail(CLI_IO, "not enough memory");
    return CLI_DONE;
}

static uint64_t look_bytes(const struct cli_inspected *inspected)
{
    return (uint64_t)LOOK_BYTES / (uint64_t)(inspected->path_count > 0 ? inspected->path_count : 1);
}

/* ---- reading them ---- */

/* Whether so much came of the rows that the description is the right one. */
static bool goes_well(const struct cli_trial_reading *reading)
{
    const kith_added *added = &reading->added;
    bool many = 5 * added->taken >= added->read && added->taken > 0;
    return many && 3 * added->rejected <= added->read && reading->error.message[0] == '\0';
}

static int try_ready(struct cli_inspected *inspected, const kith_ready_source *ready, bool *fits)
{
    kith_source *source = NULL;
    kith_policy *policy = NULL;
    struct cli_trial_reading reading = {.trouble_count = 0};
    kith_error error = {.size = sizeof error};
    kith_status made = kith_source_parse(kith_text_of(ready->description), ready->name, NULL, &source, &error);
    if (made == KITH_OK)
        made = kith_policy_parse(kith_text_of(ready->policy), ready->name, NULL, &policy, &error);
    int status =
        made == KITH_OK ? cli_inspected_read(inspected, source, policy, READY_BYTES, &reading) : cli_fail_with(&error);
    *fits = !status && goes_well(&reading);
    cli_trial_reading_free(&reading);
    kith_policy_free(policy);
    kith_source_free(source);
    return status;
}

/* A ready description, of those with all that they need, that takes a good part of the rows; the best one first. */
static int find_ready(struct cli_inspected *inspected)
{
    for (uint32_t i = 0; i < inspected->info.fits && !inspected->has_ready; i++) {
        kith_inspected_fit fit = {.size = sizeof fit};
        kith_ready_source ready = {.size = sizeof ready};
        kith_error error = {.size = sizeof error};
        if (kith_inspection_get_fit(inspected->inspection, i, &fit, &error) != KITH_OK ||
            kith_source_get_ready(fit.ready, &ready, &error) != KITH_OK)
            return cli_fail_with(&error);
        if (!fit.fits)
            break;
        int status = try_ready(inspected, &ready, &inspected->has_ready);
        if (status)
            return status;
        inspected->ready = ready;
    }
    return CLI_DONE;
}

/* Looks at the files that one ready description takes of a folder, if these are others than all. */
static int find_ready_by_files(struct cli_inspected *inspected, const kith_ready_source *ready)
{
    kith_source *source = NULL;
    kith_error error = {.size = sizeof error};
    if (kith_source_parse(kith_text_of(ready->description), ready->name, NULL, &source, &error) != KITH_OK)
        return cli_fail_with(&error);
    int count = choose_paths(inspected, source);
    kith_source_free(source);
    if (count == 0 || count == inspected->run->input_count)
        return CLI_DONE;
    int status = look(inspected, look_bytes(inspected), true);
    if (!status)
        status = find_ready(inspected);
    if (strcmp(inspected->has_ready ? inspected->ready.name : "", ready->name) != 0)
        inspected->has_ready = false;
    inspected->file_count = count;
    return status;
}

/* Exports of some platforms are folders with files of many sorts, of which its description knows the right ones. */
static int look_by_ready(struct cli_inspected *inspected)
{
    kith_ready_source ready = {.size = sizeof ready};
    int status = CLI_DONE;
    for (uint32_t i = 0; !status && kith_source_get_ready(i, &ready, NULL) == KITH_OK; i++) {
        status = find_ready_by_files(inspected, &ready);
        if (inspected->has_ready)
            break;
    }
    return status;
}

/* By the description that was given, or without any, as `kith score` would. */
static int read_as_given(struct cli_inspected *inspected)
{
    struct cli_run *run = inspected->run;
    int status = cli_reading_load_policy(run);
    inspected->has_reading = !status;
    return status ? status
                  : cli_inspected_read(inspected, run->description.source, run->policy, 0, &inspected->reading);
}

static int read_by_ready(struct cli_inspected *inspected)
{
    int status = cli_description_load(&inspected->run->description, inspected->ready.name, "kith inspect");
    return status ? status : read_as_given(inspected);
}

/* By the description that was guessed, with a policy that has the kinds it gives. */
static int read_by_guess(struct cli_inspected *inspected)
{
    kith_source *source = NULL;
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    kith_text text = {inspected->text, inspected->text_length};
    if (kith_source_parse(text, "the description", NULL, &source, &error) != KITH_OK)
        return cli_fail_with(&error);
    int status = inspected->run->arguments->policy ? cli_reading_load_policy(inspected->run)
                                                   : cli_inspected_make_policy(inspected, &policy);
    if (!status)
        status =
            cli_inspected_read(inspected, source, policy ? policy : inspected->run->policy, 0, &inspected->reading);
    inspected->has_reading = !status;
    kith_policy_free(policy);
    kith_source_free(source);
    return status;
}

static bool is(kith_text text, const char *string)
{
    return text.length == strlen(string) && memcmp(text.data, string, text.length) == 0;
}

/* Which field of an event has this name, where there is no description. */
static uint32_t field_of(kith_text path)
{
    for (uint32_t field = KITH_FIELD_TIME; field < KITH_FIELDS; field++)
        if (is(path, cli_name_field(field)))
            return field;
    return KITH_FIELD_NONE;
}

/* Whether fields are called what kith itself calls them, none else is, and times need no description. */
static bool has_own_fields(const struct cli_inspected *inspected)
{
    for (uint32_t i = 0; i < inspected->info.fields; i++) {
        kith_inspected_field field = {.size = sizeof field};
        if (kith_inspection_get_field(inspected->inspection, i, &field, NULL) != KITH_OK)
            return false;
        if (field.field != field_of(field.path))
            return false;
        if (field.field == KITH_FIELD_TIME && !is(field.times, "ISO 8601"))
            return false;
    }
    return true;
}

static bool has_own_kinds(const struct cli_inspected *inspected)
{
    for (uint32_t i = 0; i < inspected->info.kinds; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        if (kith_inspection_get_kind(inspected->inspection, i, &kind, NULL) != KITH_OK || kind.kind.length == 0 ||
            kind.name.length != kind.kind.length || memcmp(kind.name.data, kind.kind.data, kind.kind.length) != 0)
            return false;
    }
    return inspected->info.kinds > 0;
}

/* Whether no description is needed: fields are kith's own, and kinds those of the default policy. */
static bool is_plain(const struct cli_inspected *inspected)
{
    const kith_inspection_info *info = &inspected->info;
    bool has_form = info->format == KITH_FORMAT_JSON ? is(info->rows_path, "[]") : info->delimiter != ' ';
    return has_form && info->complete && has_own_fields(inspected) && has_own_kinds(inspected);
}

/* As where other delimiters than those between the fields stand in the header more often, and are taken for them. */
static bool is_misread(const struct cli_inspected *inspected)
{
    return inspected->reading.error.status == KITH_BAD_EXPORT && inspected->reading.added.read == 0;
}

static int read_rows(struct cli_inspected *inspected)
{
    bool is_given = inspected->run->arguments->source;
    inspected->is_plain = !is_given && is_plain(inspected);
    if (is_given || inspected->is_plain) {
        int status = read_as_given(inspected);
        if (is_given || status || !is_misread(inspected))
            return status;
        inspected->is_plain = false;
        cli_trial_reading_free(&inspected->reading);
    }
    int status = inspected->has_ready ? CLI_DONE : find_ready(inspected);
    if (status || inspected->has_ready)
        return status ? status : read_by_ready(inspected);
    return inspected->info.complete ? read_by_guess(inspected) : CLI_DONE;
}

/* ---- the whole ---- */

static int look_at_exports(struct cli_inspected *inspected)
{
    const struct cli_run *run = inspected->run;
    cli_progress_begin(&inspected->run->progress, false, NULL, 0);
    if (!run->arguments->source && run->input_count > 1) {
        int status = look_by_ready(inspected);
        if (status || inspected->has_ready)
            return status;
    }
    inspected->file_count = choose_paths(inspected, NULL);
    return look(inspected, look_bytes(inspected), false);
}

static int inspect(struct cli_inspected *inspected)
{
    int status = find_exports(inspected);
    if (!status)
        status = look_at_exports(inspected);
    if (!status)
        status = write_text(inspected);
    if (!status)
        status = read_rows(inspected);
    if (!status && cli_interrupted())
        status = CLI_IO;
    if (!status && inspected->file.path)
        status = cli_new_file_write(&inspected->file, inspected->text, inspected->text_length);
    return status;
}

static int print(const struct cli_inspected *inspected)
{
    int status =
        inspected->run->arguments->json ? cli_inspected_print_json(inspected) : cli_inspected_print_text(inspected);
    if (status)
        return status;
    bool is_fine =
        inspected->has_reading && inspected->reading.added.rejected == 0 && inspected->reading.error.message[0] == '\0';
    return cli_close_stdout(is_fine ? CLI_DONE : CLI_REFUSED);
}

static int check(const struct cli_arguments *arguments)
{
    if (arguments->source && arguments->write)
        return cli_fail_usage(arguments->command,
                              "--write takes a description that is guessed, and --source gives one");
    return cli_arguments_check_exports(arguments);
}

int cli_inspect(int argc, char **argv)
{
    struct cli_arguments arguments;
    int status = cli_arguments_read(&arguments, "kith inspect", known_options, argc, argv);
    if (status)
        return status;
    if (arguments.help)
        return cli_help_inspect();
    status = check(&arguments);
    if (status)
        return status;
    if (!cli_interrupt_catch())
        return cli_fail(CLI_IO, "%s", strerror(errno));

    struct cli_run run = {.arguments = &arguments};
    struct cli_inspected inspected = {.run = &run, .file = {.path = arguments.write, .never = true}};
    status = inspect(&inspected);
    cli_interrupt_end(); /* nothing is left that a signal could leave half done */
    if (!status)
        status = print(&inspected);
    cli_trial_reading_free(&inspected.reading);
    kith_inspection_free(inspected.inspection);
    cli_inspected_free_spools(&inspected);
    free(inspected.text);
    cli_run_end(&run);
    return status;
}
