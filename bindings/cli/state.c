/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "interrupt.h"
#include "message.h"
#include "reading.h"
#include "run.h"

int cli_state_open(struct cli_state *state, const char *path)
{
    *state = (struct cli_state){.path = path, .lock.fd = -1};
    return cli_lock_take(&state->lock, path);
}

/* Whether there is a state to be loaded. */
static int look(struct cli_state *state)
{
    struct stat status;
    if (stat(state->path, &status) != 0) {
        state->begun = errno == ENOENT;
        if (!state->begun)
            return cli_fail(CLI_IO, "%s: cannot be read: %s", state->path, strerror(errno));
        return CLI_DONE;
    }
    if (!S_ISREG(status.st_mode))
        return cli_fail(CLI_IO, "%s: is not a file", state->path);
    return CLI_DONE;
}

static const char damaged[] = "the snapshot is damaged: ";

/* What the library found, less the path, which may hold any word. */
static const char *words_of(const kith_error *error)
{
    size_t length = strlen(error->file);
    bool has_path = strncmp(error->message, error->file, length) == 0 && error->message[length] == ':';
    const char *words = error->message + (has_path ? length + 1 : 0);
    return words + strspn(words, " ");
}

/* The same in the words of a state. */
static void describe(const kith_error *error, char *out, size_t capacity)
{
    const char *words = words_of(error);
    const char *found = strstr(words, damaged);
    if (found && error->field[0])
        snprintf(out, capacity, "part %s at byte %" PRIu64 ": %s", error->field, error->column,
                 found + strlen(damaged));
    else
        snprintf(out, capacity, "%s", found ? found + strlen(damaged) : words);
}

int cli_state_fail_load(const struct cli_run *run, const kith_error *error)
{
    char found[sizeof error->message];
    const char *path = run->arguments->state;
    bool is_update = run->state != NULL;
    describe(error, found, sizeof found);
    if (error->status == KITH_NEWER_SNAPSHOT)
        return cli_fail(CLI_IO, "%s: this state was written by a later version of kith: use that one (%s)", path,
                        found);
    if (error->status == KITH_BAD_ARGUMENT && strcmp(error->field, "options.members") == 0)
        return cli_fail(CLI_IO, "%s: this state is of an application that knows its members by numbers, not by names",
                        path);
    if (error->status != KITH_BAD_SNAPSHOT)
        return cli_fail_with(error);
    if (error->field[0] || strstr(words_of(error), damaged))
        return cli_fail(CLI_IO, "%s: this state is damaged: put a copy of it back, or %s (%s)", path,
                        is_update ? CLI_BEGIN_ANEW : "explain by exports instead", found);
    return cli_fail(CLI_IO, "%s: is not a state of 'kith update': %s (%s)", path,
                    is_update ? "--state takes one, or a file that is not there yet, to begin one"
                              : "without --state, exports come behind the member",
                    found);
}

static int load_engine(const struct cli_state *state, struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = cli_reading_engine_options(run);
    kith_load load = {.size = sizeof load, .path = state->path, .policy = run->policy, .options = &options};
    kith_status status = kith_engine_load(&load, &run->engine, &error);
    cli_progress_clear(&run->progress);
    if (status == KITH_OK)
        return CLI_DONE;
    return cli_interrupted() ? CLI_IO : cli_state_fail_load(run, &error);
}

static int read_record(struct cli_state *state, const kith_engine *engine)
{
    kith_text position = {NULL, 0};
    kith_error error = {.size = sizeof error};
    if (kith_engine_get_position(engine, &position, &error) != KITH_OK)
        return cli_fail_with(&error);
    return cli_record_read(&state->record, position, state->path);
}

/* The policy that the engine came with. */
static int take_policy(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    run->policy_info.size = sizeof run->policy_info;
    kith_status status = kith_engine_get_policy(run->engine, NULL, &run->policy, &error);
    if (status == KITH_OK)
        status = kith_policy_get_info(run->policy, &run->policy_info, &error);
    return status == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

static int load(struct cli_state *state, struct cli_run *run)
{
    int status = run->arguments->policy ? cli_reading_load_policy(run) : CLI_DONE;
    if (!status)
        status = load_engine(state, run);
    if (!status)
        status = read_record(state, run->engine);
    if (!status && !run->policy)
        status = take_policy(run);
    return status;
}

static int begin(struct cli_state *state, struct cli_run *run)
{
    int status = cli_reading_load_policy(run);
    if (!status)
        status = cli_reading_make_engine(run);
    return status ? status : cli_record_read(&state->record, kith_text_of(NULL), state->path);
}

/* By the name of its file, as it may be given by another path from one run to the next. */
static void use_source(struct cli_state *state, const struct cli_run *run)
{
    const struct cli_description *description = &run->description;
    if (!description->name)
        return;
    const char *slash = strrchr(description->name, '/');
    state->source_changed =
        cli_record_use_source(&state->record, slash ? slash + 1 : description->name, &description->digest);
}

int cli_state_load(struct cli_state *state, struct cli_run *run)
{
    int status = look(state);
    if (!status)
        status = state->begun ? begin(state, run) : load(state, run);
    if (!status)
        status = cli_reading_get_info(run);
    if (status)
        return status;
    state->closed_before = run->engine_info.reviewed_until;
    state->open_before = run->engine_info.first_open;
    use_source(state, run);
    state->policy_changed = state->record.has_policy && state->record.policy != run->policy_info.digest;
    return CLI_DONE;
}

int cli_state_check_place(const struct cli_state *state, const struct cli_run *run)
{
    struct stat beside, folder;
    const char *slash = strrchr(state->path, '/');
    size_t length = slash ? (size_t)(slash - state->path) + 1 : 0;
    char *parent = strndup(state->path, length);
    if (!parent)
        return cli_fail(CLI_IO, "not enough memory");
    bool same_folder = stat(length ? parent : ".", &beside) == 0 && fstat(run->output.folder, &folder) == 0 &&
                       beside.st_dev == folder.st_dev && beside.st_ino == folder.st_ino;
    free(parent);
    for (int file = 0; same_folder && file < CLI_FILES; file++)
        if (strcmp(state->path + length, cli_file_name((enum cli_file)file)) == 0)
            return cli_fail(CLI_IO, "%s: is to be the state, and would be a file of the result, too", state->path);
    return CLI_DONE;
}

/* A kith_write_fn: counts. */
static int count_bytes(void *context, const void *bytes, size_t length)
{
    uint64_t *count = context;
    (void)bytes;
    *count += length;
    return cli_interrupted();
}

int cli_state_freeze(struct cli_state *state, struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    state->record.policy = run->policy_info.digest;
    if (!cli_record_tidy(&state->record, run->engine_info.reviewed_until))
        return cli_fail(CLI_IO, "%s: %zu exports hold events of weeks that are still open, more than a state can know",
                        state->path, state->record.count);
    char *position = cli_record_write(&state->record);
    if (!position)
        return cli_fail(CLI_IO, "not enough memory");
    kith_status status = kith_engine_freeze(run->engine, kith_text_of(position), &state->snapshot, &error);
    free(position);
    if (status == KITH_OK)
        status = kith_snapshot_write(state->snapshot, count_bytes, &state->bytes, &error);
    if (status == KITH_OK)
        return CLI_DONE;
    return cli_interrupted() ? CLI_IO : cli_fail_with(&error);
}

/* Which file the state is now; all 0 where there is none. */
static struct stat file_of(const struct cli_state *state)
{
    struct stat status = {0};
    if (stat(state->path, &status) != 0)
        status = (struct stat){0};
    return status;
}

int cli_state_save(struct cli_state *state)
{
    kith_error error = {.size = sizeof error};
    struct stat before = file_of(state);
    if (kith_snapshot_save(state->snapshot, state->path, &error) == KITH_OK)
        return CLI_DONE;
    cli_fail_with(&error);
    struct stat after = file_of(state);
    /* Where the disk was not sure of a state that has taken its place, the tables go with the new one. */
    state->unsure = after.st_nlink > 0 && (after.st_dev != before.st_dev || after.st_ino != before.st_ino);
    return state->unsure ? CLI_DONE : CLI_IO;
}

void cli_state_end(struct cli_state *state)
{
    kith_snapshot_free(state->snapshot);
    cli_record_free(&state->record);
    cli_lock_end(&state->lock);
}
