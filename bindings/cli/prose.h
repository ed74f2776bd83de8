/* SPDX-License-Identifier: MIT */
/* Text for a person to read: written in long lines, and broken into those of a page when all of it is there. */
#ifndef KITH_CLI_PROSE_H
#define KITH_CLI_PROSE_H

#include <stdio.h>

enum { CLI_PAGE_COLUMNS = 80 };

struct cli_prose {
    FILE *stream; /* to write to, between begin and print */
    char *text;
    size_t length;
};

/* Says what is wrong and returns an exit status other than CLI_DONE. */
int cli_prose_begin(struct cli_prose *prose);

/*
 * Prints what was written to a stream, and frees it. A line that begins with a space, as those of tables do, or
 * with an escape is printed as it stands; one that begins with "- " goes on under its first word. Says what is wrong
 * and returns an exit status other than CLI_DONE.
 */
int cli_prose_print(struct cli_prose *prose, FILE *out);

#endif
