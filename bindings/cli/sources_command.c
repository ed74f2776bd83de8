/* SPDX-License-Identifier: MIT */
#include "sources_command.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <kith/kith.h>

#include "description.h"
#include "help.h"
#include "message.h"
#include "options.h"

static const char command[] = "kith sources";

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

int cli_sources(int argc, char **argv)
{
    static const struct option options[] = {
        {"policy", no_argument, NULL, CLI_OPTION_FIRST},
        {"help", no_argument, NULL, CLI_OPTION_HELP},
        {NULL, 0, NULL, 0},
    };
    bool is_policy = false;
    int code;
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (code == CLI_OPTION_HELP)
            return cli_help_sources();
        if (code != CLI_OPTION_FIRST)
            return cli_options_fail(command, code, argv);
        is_policy = true;
    }
    if (argc - optind > 1)
        return cli_fail_usage(command, "'%s' is one argument too many", argv[optind + 1]);
    if (optind < argc)
        return print_text(argv[optind], is_policy);
    return is_policy ? cli_fail_usage(command, "--policy needs the name of a source behind it") : print_list();
}
