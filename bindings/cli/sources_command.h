/* SPDX-License-Identifier: MIT */
/* The command `kith sources`. */
#ifndef KITH_CLI_SOURCES_COMMAND_H
#define KITH_CLI_SOURCES_COMMAND_H

/* argv[0] is "sources". Returns the exit status. */
int cli_sources(int argc, char **argv);

#endif
