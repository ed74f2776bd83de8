/* SPDX-License-Identifier: MIT */
#include "sources_command.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <kith/kith.h>

#include "description.h"
#include "help.h"
#include "message.h"
#include "options.h"
#include "text.h"

static const char command[] = "kith sources";

enum { OPTION_POLICY = CLI_OPTION_FIRST, OPTION_CHECK };

/* What was asked for. */
struct wish {
    const char *check; /* a file, or NULL */
    const char *name;  /* of a source, or NULL */
    bool is_policy;
};

static int longest_name(void)
{
    int longest = 0;
    kith_ready_source ready = {.size = sizeof ready};
    for (uint32_t i = 0; kith_source_get_ready(i, &ready, NULL) == KITH_OK; i++)
        longest = (int)strlen(ready.name) > longest ? (int)strlen(ready.name) : longest;
    return longest;
}

static int print_list(void)
{
    int columns = longest_name();
    kith_ready_source ready = {.size = sizeof ready};
    for (uint32_t i = 0; kith_source_get_ready(i, &ready, NULL) == KITH_OK; i++)
        printf("%-*s  %s\n", columns, ready.name, ready.title);
    return cli_close_stdout(CLI_DONE);
}

static int print_text(const char *name, bool is_policy)
{
    kith_ready_source ready;
    int status = cli_description_find_ready(&ready, name, command);
    if (status)
        return status;
    fputs(is_policy ? ready.policy : ready.description, stdout);
    return cli_close_stdout(CLI_DONE);
}

static int check(const char *path)
{
    uint64_t faults = 0;
    struct cli_description description = {.name = NULL};
    int status = cli_description_load_file(&description, path, &faults);
    cli_description_free(&description);
    if (faults > 0)
        return cli_fail(status, "%s: %" PRIu64 " %s", path, faults, faults == 1 ? "fault" : "faults");
    if (status)
        return status;
    cli_text_print(stdout, kith_text_of(path));
    puts(": a valid source description");
    return cli_close_stdout(CLI_DONE);
}

static int grant(const struct wish *wish)
{
    if (wish->check && (wish->name || wish->is_policy))
        return cli_fail_usage(command, "--check judges a file, and takes nothing else beside it");
    if (wish->check)
        return check(wish->check);
    if (wish->name)
        return print_text(wish->name, wish->is_policy);
    return wish->is_policy ? cli_fail_usage(command, "--policy needs the name of a source behind it") : print_list();
}

int cli_sources(int argc, char **argv)
{
    static const struct option options[] = {
        {"check", required_argument, NULL, OPTION_CHECK},
        {"policy", no_argument, NULL, OPTION_POLICY},
        {"help", no_argument, NULL, CLI_OPTION_HELP},
        {NULL, 0, NULL, 0},
    };
    struct wish wish = {.check = NULL};
    int code;
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (code == CLI_OPTION_HELP)
            return cli_help_sources();
        if (code != OPTION_POLICY && code != OPTION_CHECK)
            return cli_options_fail(command, code, argv);
        if (code == OPTION_CHECK)
            wish.check = optarg;
        else
            wish.is_policy = true;
    }
    if (argc - optind > 1)
        return cli_fail_usage(command, "'%s' is one argument too many", argv[optind + 1]);
    wish.name = optind < argc ? argv[optind] : NULL;
    return grant(&wish);
}
