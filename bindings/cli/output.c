/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/kith.h>

#include "again.h"
#include "interrupt.h"
#include "message.h"

static const char old_name[] = "old";

const char *cli_file_name(enum cli_file file)
{
    static const char *const names[CLI_FILES] = {"standings.csv", "changes.csv", "flags.csv",   "weeks.csv",
                                                 "history.csv",   "watch.csv",   "rejects.csv", "summary.json"};
    return names[file];
}

static int fail(const struct cli_output *output, const char *name, const char *words)
{
    if (!name)
        return cli_fail(CLI_IO, "%s: %s", output->path, words);
    return cli_fail(CLI_IO, "%s/%s: %s", output->path, name, words);
}

/* As fail(), with what errno says. */
static int fail_errno(const struct cli_output *output, const char *name)
{
    char words[256];
    snprintf(words, sizeof words, "cannot be written: %s", strerror(errno));
    return fail(output, name, words);
}

/* Whether what stands in a file's place may be replaced. */
static int check_place(const struct cli_output *output, const char *name, const struct cli_input *inputs, int count)
{
    struct stat status;
    if (fstatat(output->folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? CLI_DONE : fail_errno(output, name);
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
        return fail(output, name, "stands in the way, and is not a file");
    if (fstatat(output->folder, name, &status, 0) != 0) /* a link that leads nowhere is no file to be read */
        return errno == ENOENT || errno == ELOOP ? CLI_DONE : fail_errno(output, name);
    for (int i = 0; i < count; i++)
        if (status.st_dev == inputs[i].device && status.st_ino == inputs[i].inode)
            return fail(output, name, "is one of the files to be read, and would be replaced");
    return CLI_DONE;
}

static int check_places(const struct cli_output *output, const struct cli_input *inputs, int count)
{
    for (int file = 0; file < CLI_FILES; file++) {
        int status = check_place(output, cli_file_name((enum cli_file)file), inputs, count);
        if (status)
            return status;
    }
    return CLI_DONE;
}

static int open_folder(int at, const char *path)
{
    return cli_again_open(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
}

static int make_temporary(struct cli_output *output)
{
    static const char pattern[] = "/.kith-XXXXXX";
    size_t room = strlen(output->path) + sizeof pattern;
    char *work = malloc(room);
    if (!work)
        return fail(output, NULL, "not enough memory");
    snprintf(work, room, "%s%s", output->path, pattern);
    if (!mkdtemp(work)) {
        int status = fail_errno(output, NULL);
        free(work);
        return status;
    }
    output->work = work;
    output->temporary = open_folder(AT_FDCWD, work);
    return output->temporary < 0 ? fail_errno(output, NULL) : CLI_DONE;
}

int cli_output_begin(struct cli_output *output, const struct cli_arguments *arguments, const struct cli_input *inputs,
                     int count)
{
    const char *path = arguments->out;
    *output = (struct cli_output){.path = path, .folder = -1, .temporary = -1, .old = -1};
    output->csv = arguments->spreadsheet ? KITH_CSV_SPREADSHEET : KITH_CSV_HEADER;
    output->made = mkdir(path, 0777) == 0;
    if (!output->made && errno != EEXIST)
        return fail_errno(output, NULL);
    output->folder = open_folder(AT_FDCWD, path);
    if (output->folder < 0)
        return fail_errno(output, NULL);
    int status = check_places(output, inputs, count);
    return status ? status : make_temporary(output);
}

/* Makes sure that what was moved stays moved, should the power fail. */
static int sync_folder(const struct cli_output *output, int folder)
{
    /* EINVAL: a file system that knows no such thing. */
    if (cli_again_sync(folder) || errno == EINVAL)
        return CLI_DONE;
    return fail_errno(output, NULL);
}

/* Moves what stands there aside, the summary first: without it, nobody takes the tables beside it for whole. */
static int move_old(struct cli_output *output)
{
    for (int file = CLI_FILES - 1; file >= 0; file--) {
        const char *name = cli_file_name((enum cli_file)file);
        if (renameat(output->folder, name, output->old, name) == 0)
            output->aside[file] = true;
        else if (errno != ENOENT)
            return fail_errno(output, name);
        /* It must be gone for good before any table changes. */
        if (file == CLI_SUMMARY && sync_folder(output, output->folder) != CLI_DONE)
            return CLI_IO;
    }
    return CLI_DONE;
}

/* Moves the new files in, the summary last. */
static int move_new(struct cli_output *output)
{
    for (int file = 0; file < CLI_FILES; file++) {
        const char *name = cli_file_name((enum cli_file)file);
        if (file == CLI_SUMMARY && sync_folder(output, output->folder) != CLI_DONE)
            return CLI_IO;
        if (!output->written[file])
            continue;
        if (renameat(output->temporary, name, output->folder, name) != 0)
            return fail_errno(output, name);
        output->placed[file] = true;
    }
    return sync_folder(output, output->folder);
}

/* Undoes move_new() and move_old(), the summary first and last as they do. */
static void move_back(struct cli_output *output)
{
    for (int file = CLI_FILES - 1; file >= 0; file--) {
        const char *name = cli_file_name((enum cli_file)file);
        if (output->placed[file] && unlinkat(output->folder, name, 0) == 0)
            output->placed[file] = false;
    }
    for (int file = 0; file < CLI_FILES; file++) {
        const char *name = cli_file_name((enum cli_file)file);
        if (!output->aside[file])
            continue;
        if (renameat(output->old, name, output->folder, name) == 0)
            output->aside[file] = false;
        else
            output->stranded = true;
    }
    if (output->stranded)
        cli_fail(CLI_IO, "what stood in %s before could not be moved back; it lies in %s/%s", output->path,
                 output->work, old_name);
}

int cli_output_commit(struct cli_output *output, int (*last)(void *context), void *context)
{
    if (mkdirat(output->temporary, old_name, 0700) != 0)
        return fail_errno(output, NULL);
    output->old = open_folder(output->temporary, old_name);
    if (output->old < 0)
        return fail_errno(output, NULL);
    if (sync_folder(output, output->temporary) != CLI_DONE)
        return CLI_IO;

    cli_interrupt_hold();
    /* Two runs into one folder do not mix. Where a file system knows no locks, this is lost and nothing else. */
    (void)cli_again_lock(output->folder, LOCK_EX);
    int status = check_places(output, NULL, 0);
    if (!status)
        status = move_old(output);
    if (!status)
        status = move_new(output);
    if (!status && last)
        status = last(context);
    if (status)
        move_back(output);
    flock(output->folder, LOCK_UN);
    cli_interrupt_release();
    if (!status)
        output->made = false; /* it is wanted now */
    return status;
}

static void empty_folder(int folder)
{
    for (int file = 0; file < CLI_FILES; file++)
        unlinkat(folder, cli_file_name((enum cli_file)file), 0);
    close(folder);
}

void cli_output_end(struct cli_output *output)
{
    if (!output->path)
        return;
    if (output->old >= 0 && !output->stranded)
        empty_folder(output->old);
    if (output->temporary >= 0 && !output->stranded) {
        unlinkat(output->temporary, old_name, AT_REMOVEDIR);
        empty_folder(output->temporary);
    }
    if (output->work && !output->stranded)
        rmdir(output->work);
    if (output->folder >= 0)
        close(output->folder);
    if (output->made)
        rmdir(output->path);
    free(output->work);
    *output = (struct cli_output){.folder = -1, .temporary = -1, .old = -1};
}
