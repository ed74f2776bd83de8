/* SPDX-License-Identifier: MIT */
#include "update_exports.h"

#include <string.h>

#include "export_file.h"
#include "message.h"
#include "number.h"
#include "reading.h"

/* One export while it is read. */
struct reading {
    struct cli_run *run;
    struct cli_state *state;
    struct cli_input *input;
    struct cli_export_file file;
    struct cli_known known;       /* what it begins with, where it has grown */
    uint64_t refused_line;        /* where the row refused last begins, or 0 */
    uint64_t refused_line_length; /* of that row, in bytes */
};

/* Standard input and pipes give their bytes once, and cannot be known again. */
static bool can_be_known(const struct cli_input *input)
{
    return input->sized && strcmp(input->path, "-") != 0;
}

/* A kith_reject_fn: what is late is told apart, since a state that goes on is meant to meet rows again. */
static int take_reject(void *context, const kith_reject *reject)
{
    struct reading *reading = context;
    reading->refused_line = reject->line;
    reading->refused_line_length = reject->row.length;
    if (reject->reason != KITH_REASON_LATE)
        return cli_rejects_take(&reading->run->rejects, reject);
    reading->input->late++;
    return 0;
}

/* ---- what is to be known of it ---- */

static int refuse_new(const struct reading *reading)
{
    return cli_fail(CLI_IO,
                    "%s: is new, and may repeat what was read with --overlapping in weeks that are still open; if it "
                    "does, give --overlapping again, and else --force",
                    reading->input->path);
}

/* Whether the weeks still open were taken from exports that overlap, so that a new one might count twice. */
static bool is_new_unsafe(const struct reading *reading)
{
    const struct cli_record *record = &reading->state->record;
    const struct cli_arguments *arguments = reading->run->arguments;
    return record->overlapped != KITH_NO_TIME && !arguments->overlapping && !arguments->force;
}

/*
 * A last line without its end may have been read while it was written. Where it was refused it has not counted, so
 * that it is read again when there is more of it; where it was taken, the library looks at how it goes on.
 */
static bool is_last_line_open(const struct reading *reading, const kith_added *added)
{
    const struct cli_export_file *file = &reading->file;
    uint64_t length = file->bytes - file->line_begin;
    return !file->packed && length > 0 && reading->refused_line > 0 && reading->refused_line_length == length &&
           reading->refused_line + 1 == added->end_line && added->end_offset == file->bytes;
}

static int record_export(struct reading *reading, const kith_added *added)
{
    const struct cli_export_file *file = &reading->file;
    struct cli_run *run = reading->run;
    int status = cli_reading_get_info(run);
    /* Where nothing was taken, nothing counts twice if it is read again: with another policy, say. */
    if (status || (added->taken == 0 && reading->input->novelty == CLI_NEW))
        return status;
    if (reading->input->novelty == CLI_NEW && is_new_unsafe(reading))
        return refuse_new(reading);
    struct cli_known known = {
        .size = file->bytes,
        .digest = cli_digest_of(file->hash),
        .end_offset = added->end_offset,
        .end_line = added->end_line,
        .last_event = (uint64_t)run->engine_info.last_event,
    };
    if (is_last_line_open(reading, added)) {
        known.end_offset = file->line_begin;
        known.end_line = reading->refused_line;
    }
    reading->input->size = file->bytes;
    return cli_record_add(&reading->state->record, &known) ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}

/* ---- reading one ---- */

static int fail_file(const struct reading *reading, kith_status outcome, const kith_error *error)
{
    const char *path = reading->input->path;
    if (reading->file.differs)
        return cli_fail(CLI_IO, "%s: was changed while it was read", path);
    if (reading->file.fault)
        return cli_export_file_fail(&reading->file);
    int status = cli_reading_fail_export(reading->run, error);
    bool is_unreadable = outcome == KITH_BAD_EXPORT || outcome == KITH_UNSUPPORTED;
    if (is_unreadable && reading->input->novelty == CLI_GROWN)
        cli_fail(status,
                 "%s: its beginning was read before; a run with --overlapping reads it anew, if the exports "
                 "given then hold all of the weeks that are still open%s",
                 path, outcome == KITH_UNSUPPORTED ? ". Lines of JSON (NDJSON) are read on without that" : "");
    return status;
}

static int read_file(struct reading *reading)
{
    struct cli_run *run = reading->run;
    bool has_grown = reading->input->novelty == CLI_GROWN;
    kith_export options = cli_reading_export(run, reading->input);
    kith_added added;
    kith_error error = {.size = sizeof error};
    options.name = options.path;
    options.path = NULL;
    options.read = cli_export_file_read;
    options.read_context = &reading->file;
    options.reject = take_reject;
    options.reject_context = reading;
    options.begin_offset = has_grown ? reading->known.end_offset : 0;
    options.begin_line = has_grown ? reading->known.end_line : 0;
    cli_export_file_begin(&reading->file, has_grown ? &reading->known : NULL);
    kith_status outcome = cli_reading_add_export(run, reading->input, &options, &added, &error);
    return outcome == KITH_OK ? record_export(reading, &added) : fail_file(reading, outcome, &error);
}

static int skip_file(struct reading *reading)
{
    reading->input->novelty = CLI_READ_BEFORE;
    reading->run->progress.before += reading->input->size;
    return cli_record_add(&reading->state->record, &reading->known) ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}

static int find_and_read_file(struct reading *reading)
{
    const struct cli_record *record = &reading->state->record;
    struct cli_progress *progress = &reading->run->progress;
    const struct cli_known *known;
    bool is_whole;
    int status = cli_export_file_find(&reading->file, record, progress, &known, &is_whole);
    bool is_found = known != NULL;
    if (is_found)
        reading->known = *known;
    else if (!status)
        status = cli_export_file_find_packed(&reading->file, record, progress, &reading->known, &is_found, &is_whole);
    if (status)
        return status;
    if (!is_found)
        return read_file(reading);
    if (is_whole)
        return skip_file(reading);
    reading->input->novelty = CLI_GROWN;
    return read_file(reading);
}

static int read_known(struct reading *reading)
{
    cli_progress_enter_files(&reading->run->progress, reading->input, 1);
    int status = cli_export_file_open(&reading->file, reading->input->path);
    if (!status)
        status = find_and_read_file(reading);
    cli_export_file_close(&reading->file);
    return status;
}

static int read_pipe(struct reading *reading)
{
    kith_export options = cli_reading_export(reading->run, reading->input);
    kith_added added;
    kith_error error = {.size = sizeof error};
    options.reject = take_reject;
    options.reject_context = reading;
    kith_status outcome = cli_reading_add_export(reading->run, reading->input, &options, &added, &error);
    if (outcome != KITH_OK)
        return fail_file(reading, outcome, &error);
    return added.taken > 0 && is_new_unsafe(reading) ? refuse_new(reading) : CLI_DONE;
}

static int read_export(struct cli_run *run, struct cli_state *state, struct cli_input *input)
{
    struct reading reading = {.run = run, .state = state, .input = input};
    int status = can_be_known(input) ? read_known(&reading) : read_pipe(&reading);
    input->rejected -= status ? 0 : input->late;
    return status;
}

static int read_exports(struct cli_run *run, struct cli_state *state)
{
    int status = CLI_DONE;
    for (int i = 0; i < run->input_count && !status; i++)
        status = read_export(run, state, &run->inputs[i]);
    return status;
}

/* ---- exports that overlap ---- */

/* Whether the exports are those that the last run was given, one by one: then there is nothing to be taken anew. */
static int find_repeat(struct cli_run *run, const struct cli_state *state, bool *is_repeat)
{
    size_t count = (size_t)run->input_count;
    *is_repeat = false;
    if (state->record.overlapped == KITH_NO_TIME || count != state->record.count)
        return CLI_DONE;
    for (size_t i = 0; i < count; i++) {
        struct cli_input *input = &run->inputs[i];
        if (!can_be_known(input) || input->size != state->record.items[i].size)
            return CLI_DONE;
    }
    for (size_t i = 0; i < count; i++) {
        struct cli_export_file file;
        const struct cli_known *known = NULL;
        bool is_whole = false;
        int status = cli_export_file_open(&file, run->inputs[i].path);
        if (!status)
            status = cli_export_file_find(&file, &state->record, &run->progress, &known, &is_whole);
        cli_export_file_close(&file);
        if (status || !is_whole || known != &state->record.items[i])
            return status;
    }
    *is_repeat = true;
    return CLI_DONE;
}

static uint64_t count_late(const struct cli_run *run)
{
    uint64_t late = 0;
    for (int i = 0; i < run->input_count; i++)
        late += run->inputs[i].late;
    return late;
}

/* Whether the exports reach back over all that was there: if not, what they leave out would be lost. */
static int check_reach(const struct cli_run *run, const struct cli_state *state, bool overlapped_before)
{
    char before[CLI_NUMBER_SIZE];
    int64_t begin = run->engine_info.first_open;
    if (state->open_before == KITH_NO_TIME || (begin != KITH_NO_TIME && begin <= state->open_before))
        return CLI_DONE;
    /* Late rows show as well that they do, though not after a run whose exports held only what was new. */
    if (run->arguments->force || (overlapped_before && count_late(run) > 0))
        return CLI_DONE;
    return cli_fail(
        CLI_IO,
        "the exports do not reach back to %s, where events begin in the weeks that are still open: these would "
        "be lost; if they are to be, --force",
        cli_number_time(before, state->open_before));
}

static int take_anew(struct cli_run *run, struct cli_state *state)
{
    kith_error error = {.size = sizeof error};
    bool overlapped_before = state->record.overlapped != KITH_NO_TIME;
    if (kith_engine_drop_open(run->engine, &error) != KITH_OK)
        return cli_fail_with(&error);
    cli_record_clear(&state->record);
    int status = read_exports(run, state);
    if (!status)
        status = cli_reading_get_info(run);
    if (status)
        return status;
    state->record.overlapped = run->engine_info.last_event;
    return check_reach(run, state, overlapped_before);
}

static int take_overlapping(struct cli_run *run, struct cli_state *state)
{
    int status = find_repeat(run, state, &state->repeated);
    if (status || !state->repeated)
        return status ? status : take_anew(run, state);
    for (int i = 0; i < run->input_count; i++)
        run->inputs[i].novelty = CLI_READ_BEFORE;
    return CLI_DONE;
}

/* ---- exports that hold only what is new ---- */

static int take_new(struct cli_run *run, struct cli_state *state)
{
    int status = read_exports(run, state);
    if (!status && run->arguments->force)
        state->record.overlapped = KITH_NO_TIME;
    return status ? status : cli_reading_get_info(run);
}

int cli_update_exports(struct cli_run *run, struct cli_state *state)
{
    /* What came of the weeks that overlapped can be repeated no more: its rows would be late. */
    if (state->record.overlapped < run->engine_info.reviewed_until)
        state->record.overlapped = KITH_NO_TIME;
    int status = run->arguments->overlapping ? take_overlapping(run, state) : take_new(run, state);
    return status ? status : cli_rejects_finish(&run->rejects);
}
