/* SPDX-License-Identifier: MIT */
/* The command `kith update`. */
#ifndef KITH_CLI_UPDATE_H
#define KITH_CLI_UPDATE_H

/* argv[0] is "update". Returns the exit status; a signal that came ends the process instead. */
int cli_update(int argc, char **argv);

#endif
