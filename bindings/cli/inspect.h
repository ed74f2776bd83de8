/* SPDX-License-Identifier: MIT */
/* `kith inspect`: what exports look like that nobody has described yet. */
#ifndef KITH_CLI_INSPECT_H
#define KITH_CLI_INSPECT_H

/* Runs the command; argv[0] is its name. Returns the exit status. */
int cli_inspect(int argc, char **argv);

#endif
