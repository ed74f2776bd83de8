/* SPDX-License-Identifier: MIT */
/* The command `kith score`. */
#ifndef KITH_CLI_SCORE_H
#define KITH_CLI_SCORE_H

/* argv[0] is "score". Returns the exit status; a signal that came ends the process instead. */
int cli_score(int argc, char **argv);

#endif
