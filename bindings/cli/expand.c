/* SPDX-License-Identifier: MIT */
#include "expand.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"
#include "message.h"

/* A folder that cannot be looked at ends the search: an export that is left out for it would be missed by nobody. */
static int judge_fault(const char *path, int fault)
{
    if (fault == ENOENT || fault == ENOTDIR)
        return 0;
    return cli_fail(1, "%s: cannot be read: %s", path, strerror(fault));
}

static int add_path(struct cli_paths *paths, const char *path, const struct cli_folder_search *search)
{
    struct stat status;
    bool is_there = stat(path, &status) == 0;
    if (is_there && S_ISDIR(status.st_mode))
        return cli_folder_list(paths, path, search);
    /* It may be a folder, which nothing that opens files can read. */
    if (!is_there && errno == EIO)
        return cli_fail(CLI_IO, "%s: cannot be read: %s", path, strerror(errno));
    return cli_paths_add(paths, path) ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}

static int fail_pattern(const char *pattern, int outcome)
{
    if (outcome == GLOB_NOSPACE)
        return cli_fail(CLI_IO, "not enough memory");
    if (outcome == GLOB_NOMATCH)
        return cli_fail(CLI_IO, "%s: there is no file of this name, nor one that fits it as a pattern", pattern);
    return CLI_IO; /* it has been said which folder could not be read */
}

static int add_matches(struct cli_paths *paths, const char *pattern, const struct cli_folder_search *search)
{
    glob_t found = {0};
    int outcome = glob(pattern, 0, judge_fault, &found);
    int status = outcome == 0 ? CLI_DONE : fail_pattern(pattern, outcome);
    for (size_t i = 0; i < found.gl_pathc && !status; i++)
        if (!cli_folder_is_results(found.gl_pathv[i], search))
            status = add_path(paths, found.gl_pathv[i], search);
    globfree(&found);
    return status;
}

static bool is_missing(const char *path)
{
    struct stat status;
    return lstat(path, &status) != 0 && errno == ENOENT;
}

static int add(struct cli_paths *paths, const char *argument, const struct cli_folder_search *search)
{
    if (strcmp(argument, "-") != 0 && strpbrk(argument, "*?[") && is_missing(argument))
        return add_matches(paths, argument, search);
    return add_path(paths, argument, search);
}

int cli_expand(struct cli_paths *paths, const struct cli_arguments *arguments, const kith_source *source)
{
    struct stat results;
    bool has_results = stat(arguments->out, &results) == 0 && S_ISDIR(results.st_mode);
    struct cli_folder_search search = {source, has_results ? &results : NULL};
    int status = CLI_DONE;
    for (int i = 0; i < arguments->export_count && !status; i++)
        status = add(paths, arguments->exports[i], &search);
    return status;
}
