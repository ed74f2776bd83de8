/* SPDX-License-Identifier: MIT */
/* The command `kith policy`. */
#ifndef KITH_CLI_POLICY_COMMAND_H
#define KITH_CLI_POLICY_COMMAND_H

/* argv[0] is "policy". Returns the exit status. */
int cli_policy(int argc, char **argv);

#endif
