/* SPDX-License-Identifier: MIT */
/*
 * The result folder. What a run writes goes to a temporary folder inside it and is moved into its place when all of it
 * is complete; a run that fails leaves what stood there before.
 */
#ifndef KITH_CLI_OUTPUT_H
#define KITH_CLI_OUTPUT_H

#include <stdbool.h>

#include "arguments.h"
#include "input.h"

/* The files of a result, in the order in which they are moved into place: the summary last. */
enum cli_file {
    CLI_STANDINGS,
    CLI_CHANGES,
    CLI_FLAGS,
    CLI_WEEKS,
    CLI_HISTORY,
    CLI_WATCH,
    CLI_REJECTS,
    CLI_SUMMARY,
    CLI_FILES
};

/* "standings.csv" and so on. */
const char *cli_file_name(enum cli_file file);

struct cli_output {
    const char *path; /* the folder, as given */
    uint32_t csv;     /* how tables are written: KITH_CSV_… */
    char *work;       /* path of the temporary folder */
    int folder;       /* open folders; -1 where there is none */
    int temporary;
    int old;                 /* inside the temporary one: what stood there before, while files are moved */
    bool made;               /* this run made the folder */
    bool stranded;           /* what stood there before could not be moved back and is still in `old` */
    bool written[CLI_FILES]; /* lies complete in the temporary folder */
    bool aside[CLI_FILES];   /* stood there before and has been moved aside */
    bool placed[CLI_FILES];  /* has been moved into its place */
};

/*
 * Makes the folder that the arguments name if it is missing, and the temporary one. Refuses where one of the inputs
 * would be replaced, or where something other than a file stands in the place of one. Says what is wrong and returns an
 * exit status other than 0.
 */
int cli_output_begin(struct cli_output *output, const struct cli_arguments *arguments, const struct cli_input *inputs,
                     int count);

/*
 * Moves all that was written into place, old files out of it; then, where `last` is given, has it do what else must
 * succeed. On failure of either all is as before; says what is wrong.
 */
int cli_output_commit(struct cli_output *output, int (*last)(void *context), void *context);

/* Removes what is temporary, and the folder where this run made it to no end. Takes one that was never begun. */
void cli_output_end(struct cli_output *output);

#endif
