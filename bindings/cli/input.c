/* SPDX-License-Identifier: MIT */
#include "input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"

static bool is_standard_input(const struct cli_input *input)
{
    return strcmp(input->path, "-") == 0;
}

static int fail(const struct cli_input *input, int number)
{
    const char *name = is_standard_input(input) ? "standard input" : input->path;
    return cli_fail(CLI_IO, "%s: cannot be read: %s", name, strerror(number));
}

int cli_input_look(struct cli_input *input, const char *path)
{
    struct stat status;
    *input = (struct cli_input){.path = path};
    int failed = is_standard_input(input) ? fstat(STDIN_FILENO, &status) : stat(path, &status);
    if (failed)
        return fail(input, errno);
    if (S_ISDIR(status.st_mode))
        return fail(input, EISDIR);
    input->sized = S_ISREG(status.st_mode);
    input->size = input->sized ? (uint64_t)status.st_size : 0;
    input->device = status.st_dev;
    input->inode = status.st_ino;
    return CLI_DONE;
}
