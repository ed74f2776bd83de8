/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "calibrate.h"
#include "explain.h"
#include "help.h"
#include "message.h"
#include "policy_command.h"
#include "score.h"
#include "sources_command.h"
#include "update.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the name */
};

static const struct command commands[] = {
    {"score", cli_score},   {"update", cli_update},       {"explain", cli_explain},
    {"policy", cli_policy}, {"calibrate", cli_calibrate}, {"sources", cli_sources},
};

int main(int argc, char **argv)
{
    /* A reader that has seen enough, such as head(1), ends the process quietly, whatever the parent made of SIGPIPE. */
    signal(SIGPIPE, SIG_DFL);
    setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
    if (argc < 2)
        return cli_fail_usage("kith", "no command is given");
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return cli_help();
    if (strcmp(name, "--version") == 0)
        return cli_help_version();
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return cli_fail_usage("kith", "there is no command '%s'", name);
}
