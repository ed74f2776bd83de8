/* SPDX-License-Identifier: MIT */
#include "new_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "again.h"
#include "interrupt.h"
#include "message.h"

static int fail(const struct cli_new_file *file, const char *words)
{
    return cli_fail(CLI_IO, "%s: %s", file->path, words);
}

static int fail_errno(const struct cli_new_file *file, int fault)
{
    return cli_fail(CLI_IO, "%s: cannot be written: %s", file->path, strerror(fault));
}

int cli_new_file_check(const struct cli_new_file *file, const struct cli_input *inputs, int count)
{
    struct stat status;
    if (stat(file->path, &status) != 0)
        return errno == ENOENT ? CLI_DONE : fail_errno(file, errno);
    if (!S_ISREG(status.st_mode))
        return fail(file, "stands in the way, and is not a file");
    for (int i = 0; i < count; i++)
        if (status.st_dev == inputs[i].device && status.st_ino == inputs[i].inode)
            return fail(file, "is one of the files to be read, and would be replaced");
    if (file->never)
        return fail(file, "is there already, and is not written over");
    return file->force ? CLI_DONE : fail(file, "is there already; --force writes over it");
}

/* What a file made here may be used for: as that which it replaces, or as any new one. */
static mode_t mode_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0)
        return status.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool write_all(int descriptor, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

/* Writes a file beside the one that is meant, and moves it there. Returns 0 or what went wrong. */
static int replace(const char *path, const char *text, size_t length)
{
    char beside[PATH_MAX];
    int needed = snprintf(beside, sizeof beside, "%s.kith-XXXXXX", path);
    if (needed < 0 || (size_t)needed >= sizeof beside)
        return ENAMETOOLONG;
    int descriptor = mkstemp(beside);
    if (descriptor < 0)
        return errno;
    bool done =
        write_all(descriptor, text, length) && fchmod(descriptor, mode_of(path)) == 0 && cli_again_sync(descriptor);
    int fault = done ? 0 : errno;
    if (!cli_again_close(descriptor) && !fault)
        fault = errno;
    if (!fault && rename(beside, path) != 0)
        fault = errno;
    if (fault)
        unlink(beside);
    return fault;
}

int cli_new_file_write(const struct cli_new_file *file, const char *text, size_t length)
{
    cli_interrupt_hold();
    /* Where it is a link, the file that it leads to is the one that is meant. */
    char *target = realpath(file->path, NULL);
    int status = cli_new_file_check(file, NULL, 0);
    int fault = status ? 0 : replace(target ? target : file->path, text, length);
    free(target);
    cli_interrupt_release();
    return fault ? fail_errno(file, fault) : status;
}
