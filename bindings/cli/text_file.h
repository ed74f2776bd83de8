/* SPDX-License-Identifier: MIT */
/* A file of text that is read as a whole: a policy, a source description. */
#ifndef KITH_CLI_TEXT_FILE_H
#define KITH_CLI_TEXT_FILE_H

#include <stddef.h>

/*
 * What a file holds, up to 1 MiB, with a NUL behind it, to be freed in any case; NULL before. `what` is what a message
 * calls a file that is too long: "a policy". Says what is wrong and returns an exit status.
 */
int cli_text_file_read(char **data, size_t *length, const char *path, const char *what);

#endif
