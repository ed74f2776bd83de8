/* SPDX-License-Identifier: MIT */
/* What the commands share in reading their options. */
#ifndef KITH_CLI_OPTIONS_H
#define KITH_CLI_OPTIONS_H

/* The one option that has a short form everywhere. Codes of options without one begin past every byte. */
enum { CLI_OPTION_HELP = 'h', CLI_OPTION_FIRST = 256 };

/* Says what is wrong where getopt_long() has just given code, ':' or '?'. Returns CLI_USAGE. */
int cli_options_fail(const char *command, int code, char **argv);

#endif
