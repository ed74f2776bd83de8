/* SPDX-License-Identifier: MIT */
/* The exports in a folder. */
#ifndef KITH_CLI_FOLDER_H
#define KITH_CLI_FOLDER_H

#include <stdbool.h>
#include <sys/stat.h>

#include <kith/kith.h>

#include "paths.h"

/* What is looked for, and where not. */
struct cli_folder_search {
    const kith_source *source;  /* that says which files are exports, or NULL */
    const struct stat *results; /* a folder that is passed over, as tables are no exports; or NULL */
};

/* Whether a path is the folder that is passed over. */
bool cli_folder_is_results(const char *path, const struct cli_folder_search *search);

/*
 * Adds the exports in a folder and those below it, in the order of their paths there, byte by byte. Symbolic links to
 * files are followed; those to folders are not, so that no loop and no export comes twice. Hidden files and folders,
 * and what is no file, are passed over. Says what is wrong, a folder without any export too, and returns an exit
 * status.
 */
int cli_folder_list(struct cli_paths *paths, const char *folder, const struct cli_folder_search *search);

#endif
