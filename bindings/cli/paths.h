/* SPDX-License-Identifier: MIT */
/* A list of paths. */
#ifndef KITH_CLI_PATHS_H
#define KITH_CLI_PATHS_H

#include <stdbool.h>
#include <stddef.h>

struct cli_paths {
    char **items;
    size_t count;
    size_t capacity;
};

/* Adds a copy. False where there is not enough memory. */
bool cli_paths_add(struct cli_paths *paths, const char *path);

/* Adds a copy of what lies below a folder; the path itself where the folder is "". */
bool cli_paths_add_below(struct cli_paths *paths, const char *folder, const char *path);

/* Takes the last one off the list. It is the caller's to free. */
char *cli_paths_take_last(struct cli_paths *paths);

/* Sorts those from an index on, byte by byte. */
void cli_paths_sort(struct cli_paths *paths, size_t from);

void cli_paths_free(struct cli_paths *paths);

#endif
