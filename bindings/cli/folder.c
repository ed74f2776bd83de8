/* SPDX-License-Identifier: MIT */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "message.h"

/* A folder while it is gone through. One folder is open at a time, however deep they lie. */
struct walk {
    const struct cli_folder_search *search;
    struct cli_paths *found;   /* below the folder, like the next */
    struct cli_paths *pending; /* folders that have not been looked at */
    const char *below;         /* the one that is looked at */
    DIR *open;
};

enum sort { SORT_FILE, SORT_FOLDER, SORT_OTHER, SORT_UNKNOWN };

static int fail_memory(void)
{
    return cli_fail(CLI_IO, "not enough memory");
}

static int fail_errno(const char *path)
{
    return cli_fail(CLI_IO, "%s: cannot be read: %s", path, strerror(errno));
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return b && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool cli_folder_is_results(const char *path, const struct cli_folder_search *search)
{
    struct stat status;
    return stat(path, &status) == 0 && is_same(&status, search->results);
}

/*
 * A link that leads nowhere counts as a file: should it be an export, its absence is told when it is opened. So does
 * what cannot be looked at; but a folder may be behind that, and be missed by nobody, so that errno is set.
 */
static enum sort look(const struct walk *walk, const struct dirent *entry)
{
    struct stat status;
    int descriptor = dirfd(walk->open);
    if (entry->d_type == DT_REG)
        return SORT_FILE;
    if (fstatat(descriptor, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? SORT_FILE : SORT_UNKNOWN;
    if (S_ISDIR(status.st_mode))
        return is_same(&status, walk->search->results) ? SORT_OTHER : SORT_FOLDER;
    if (S_ISLNK(status.st_mode) && fstatat(descriptor, entry->d_name, &status, 0) != 0)
        return SORT_FILE;
    return S_ISREG(status.st_mode) ? SORT_FILE : SORT_OTHER;
}

static int take_file(const struct walk *walk, const char *name)
{
    if (!cli_paths_add_below(walk->found, walk->below, name))
        return fail_memory();
    kith_text path = kith_text_of(walk->found->items[walk->found->count - 1]);
    if (!kith_source_takes_file(walk->search->source, path))
        free(cli_paths_take_last(walk->found));
    return CLI_DONE;
}

static int fail_entry(const char *path, const char *name)
{
    return cli_fail(CLI_IO, "%s/%s: cannot be read: %s", path, name, strerror(errno));
}

static int take_entry(const struct walk *walk, const char *path, const struct dirent *entry)
{
    if (entry->d_name[0] == '.')
        return CLI_DONE;
    switch (look(walk, entry)) {
    case SORT_FILE:
        return take_file(walk, entry->d_name);
    case SORT_FOLDER:
        return cli_paths_add_below(walk->pending, walk->below, entry->d_name) ? CLI_DONE : fail_memory();
    case SORT_UNKNOWN:
        return fail_entry(path, entry->d_name);
    default:
        return CLI_DONE;
    }
}

static int take_entries(struct walk *walk, const char *path)
{
    walk->open = opendir(path);
    if (!walk->open)
        return fail_errno(path);
    int status = CLI_DONE;
    const struct dirent *entry = NULL;
    do {
        errno = 0;
        entry = readdir(walk->open);
        if (entry)
            status = take_entry(walk, path, entry);
        else if (errno)
            status = fail_errno(path);
        if (cli_interrupted())
            status = CLI_IO;
    } while (entry && !status);
    closedir(walk->open);
    return status;
}

/* Looks at one folder; those within it are left for later. */
static int visit(struct walk *walk, const char *folder)
{
    struct cli_paths path = {NULL, 0, 0};
    bool has_path = *walk->below ? cli_paths_add_below(&path, folder, walk->below) : cli_paths_add(&path, folder);
    int status = has_path ? take_entries(walk, path.items[0]) : fail_memory();
    cli_paths_free(&path);
    return status;
}

static int fail_empty(const char *folder, const struct cli_folder_search *search)
{
    if (search->source)
        return cli_fail(
            CLI_IO,
            "%s: there is no export in this folder: no file in it or below has a name that the source "
            "description asks for, by its 'files' or, where it has none, by an end such as .csv or .json.gz",
            folder);
    return cli_fail(CLI_IO,
                    "%s: there is no export in this folder: no file in it or below has a name that ends in "
                    ".csv, .tsv, .json, .ndjson or .jsonl, or in one of these and .gz",
                    folder);
}

static int walk_all(struct walk *walk, const char *folder)
{
    if (!cli_paths_add(walk->pending, ""))
        return fail_memory();
    int status = CLI_DONE;
    while (!status && walk->pending->count > 0) {
        char *below = cli_paths_take_last(walk->pending);
        walk->below = below;
        status = visit(walk, folder);
        free(below);
    }
    return status;
}

int cli_folder_list(struct cli_paths *paths, const char *folder, const struct cli_folder_search *search)
{
    struct cli_paths found = {NULL, 0, 0}, pending = {NULL, 0, 0};
    struct walk walk = {.search = search, .found = &found, .pending = &pending};
    int status = walk_all(&walk, folder);
    if (!status && found.count == 0)
        status = fail_empty(folder, search);
    cli_paths_sort(&found, 0);
    for (size_t i = 0; i < found.count && !status; i++)
        status = cli_paths_add_below(paths, folder, found.items[i]) ? CLI_DONE : fail_memory();
    cli_paths_free(&found);
    cli_paths_free(&pending);
    return status;
}
