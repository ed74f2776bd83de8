/* SPDX-License-Identifier: MIT */
#include "text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

enum { FILE_MOST = 1 << 20 };

int cli_text_file_read(char **data, size_t *length, const char *path, const char *what)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return cli_fail(CLI_IO, "%s: cannot be read: %s", path, strerror(errno));
    *data = malloc(FILE_MOST + 2);
    *length = *data ? fread(*data, 1, FILE_MOST + 1, file) : 0;
    int fault = *data && ferror(file) ? errno : 0;
    fclose(file);
    if (!*data)
        return cli_fail(CLI_IO, "not enough memory");
    (*data)[*length] = '\0';
    if (fault)
        return cli_fail(CLI_IO, "%s: cannot be read: %s", path, strerror(fault));
    return *length <= FILE_MOST ? CLI_DONE : cli_fail(CLI_IO, "%s: %s is 1 MiB at most", path, what);
}
