/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <getopt.h>

#include "message.h"

int cli_options_fail(const char *command, int code, char **argv)
{
    const char *word = argv[optind - 1];
    if (code == ':')
        return cli_fail_usage(command, "%s needs a value", word);
    /* A known option that is at fault all the same was given a value: "--quiet=yes". */
    if (optopt == CLI_OPTION_HELP || optopt >= CLI_OPTION_FIRST)
        return cli_fail_usage(command, "an option that takes no value was given one: '%s'", word);
    if (optopt > 0)
        return cli_fail_usage(command, "there is no option '-%c'", optopt);
    return cli_fail_usage(command, "there is no option '%s'", word);
}
