/* SPDX-License-Identifier: MIT */
/* A single file that a command writes: whole or not at all, and over another only where that is asked for. */
#ifndef KITH_CLI_NEW_FILE_H
#define KITH_CLI_NEW_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "input.h"

struct cli_new_file {
    const char *path;
    bool force; /* a file that stands there is replaced */
    bool never; /* and the command has no option for it */
};

/* Whether it can be written, before anything is done for it. Says what is wrong and returns an exit status. */
int cli_new_file_check(const struct cli_new_file *file, const struct cli_input *inputs, int count);

/* Writes it. After any fault all is as it was. Says what is wrong and returns an exit status. */
int cli_new_file_write(const struct cli_new_file *file, const char *text, size_t length);

#endif
