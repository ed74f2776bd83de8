/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "message.h"

static const char name[] = "what was read";

static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

static int fail_file(const char *done, int fault)
{
    if (cli_interrupted())
        return CLI_IO;
    return cli_fail(CLI_IO, "%s: a temporary file cannot be %s: %s", temporary_folder(), done, strerror(fault));
}

/* It has a name for no longer than it takes to open it. */
static int open_file(struct cli_history *history)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/.kith-XXXXXX", temporary_folder());
    if (length < 0 || (size_t)length >= sizeof path)
        return fail_file("written", ENAMETOOLONG);
    history->file = mkstemp(path);
    if (history->file < 0)
        return fail_file("written", errno);
    unlink(path);
    return CLI_DONE;
}

/* A kith_write_fn. */
static int write_file(void *context, const void *bytes, size_t length)
{
    struct cli_history *history = context;
    const char *at = bytes;
    while (length > 0 && !cli_interrupted()) {
        ssize_t written = write(history->file, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            history->fault = errno;
            return 1;
        }
        at += written;
        length -= (size_t)written;
    }
    return length > 0;
}

/* A kith_read_fn. */
static int64_t read_file(void *context, void *buffer, size_t capacity)
{
    struct cli_history *history = context;
    ssize_t got;
    do
        got = read(history->file, buffer, capacity);
    while (got < 0 && errno == EINTR && !cli_interrupted());
    if (got < 0)
        history->fault = errno;
    return got;
}

static int write_snapshot(struct cli_history *history, kith_engine *engine)
{
    kith_snapshot *snapshot = NULL;
    kith_error error = {.size = sizeof error};
    kith_status status = kith_engine_freeze(engine, (kith_text){NULL, 0}, &snapshot, &error);
    if (status == KITH_OK)
        status = kith_snapshot_write(snapshot, write_file, history, &error);
    kith_snapshot_free(snapshot);
    if (status == KITH_OK)
        return CLI_DONE;
    if (cli_interrupted())
        return CLI_IO;
    return history->fault ? fail_file("written", history->fault) : cli_fail_with(&error);
}

/* From the week of the first event to the moment up to which weeks are reviewed. */
static int find_weeks(struct cli_history *history, const struct cli_run *run)
{
    kith_week week = {.size = sizeof week};
    kith_error error = {.size = sizeof error};
    if (history->info.first_event == KITH_NO_TIME)
        return CLI_DONE;
    if (kith_policy_get_week(run->policy, history->info.first_event, &week, &error) != KITH_OK)
        return cli_fail_with(&error);
    history->begin = week.begin;
    if (run->review_until > week.begin)
        history->weeks = (uint32_t)((run->review_until - week.begin) / CLI_WEEK_SECONDS);
    return CLI_DONE;
}

int64_t cli_history_end(const struct cli_history *history, uint32_t week)
{
    return history->begin + ((int64_t)week + 1) * CLI_WEEK_SECONDS;
}

int cli_history_keep(struct cli_history *history, struct cli_run *run)
{
    *history = (struct cli_history){.file = -1, .info = run->engine_info, .progress = &run->progress};
    history->threads = run->arguments->threads;
    history->memory = run->arguments->memory;
    int status = find_weeks(history, run);
    if (!status)
        status = open_file(history);
    if (!status)
        status = write_snapshot(history, run->engine);
    kith_engine_free(run->engine);
    run->engine = NULL;
    return status;
}

int cli_history_load(struct cli_history *history, const kith_policy *policy, const kith_engine_options *options,
                     kith_engine **engine)
{
    kith_error error = {.size = sizeof error};
    kith_load load = {
        .size = sizeof load,
        .read = read_file,
        .read_context = history,
        .name = name,
        .policy = policy,
        .options = options,
    };
    if (lseek(history->file, 0, SEEK_SET) != 0)
        return fail_file("read", errno);
    if (kith_engine_load(&load, engine, &error) == KITH_OK)
        return CLI_DONE;
    if (history->fault)
        return fail_file("read", history->fault);
    return cli_interrupted() ? CLI_IO : cli_fail_with(&error);
}

void cli_history_free(struct cli_history *history)
{
    if (history->file >= 0)
        close(history->file);
    history->file = -1;
}
