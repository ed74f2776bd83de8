/* SPDX-License-Identifier: MIT */
#include "paths.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct cli_paths *paths)
{
    if (paths->count < paths->capacity)
        return true;
    size_t capacity = paths->capacity ? 2 * paths->capacity : 16;
    char **items = realloc(paths->items, capacity * sizeof *items);
    if (!items)
        return false;
    paths->items = items;
    paths->capacity = capacity;
    return true;
}

bool cli_paths_add_below(struct cli_paths *paths, const char *folder, const char *path)
{
    size_t before = strlen(folder), length = strlen(path);
    bool needs_slash = before > 0 && folder[before - 1] != '/';
    char *joined = make_room(paths) ? malloc(before + needs_slash + length + 1) : NULL;
    if (!joined)
        return false;
    memcpy(joined, folder, before);
    if (needs_slash)
        joined[before++] = '/';
    memcpy(joined + before, path, length + 1);
    paths->items[paths->count++] = joined;
    return true;
}

bool cli_paths_add(struct cli_paths *paths, const char *path)
{
    return cli_paths_add_below(paths, "", path);
}

char *cli_paths_take_last(struct cli_paths *paths)
{
    return paths->items[--paths->count];
}

static int compare(const void *a, const void *b)
{
    const char *const *first = a;
    const char *const *second = b;
    return strcmp(*first, *second);
}

void cli_paths_sort(struct cli_paths *paths, size_t from)
{
    if (paths->count > from)
        qsort(paths->items + from, paths->count - from, sizeof *paths->items, compare);
}

void cli_paths_free(struct cli_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->items[i]);
    free(paths->items);
    *paths = (struct cli_paths){NULL, 0, 0};
}
