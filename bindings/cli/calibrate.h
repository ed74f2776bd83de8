/* SPDX-License-Identifier: MIT */
/* `kith calibrate`: figures of the policy that give the wished shares. */
#ifndef KITH_CLI_CALIBRATE_H
#define KITH_CLI_CALIBRATE_H

/* Returns the exit status. */
int cli_calibrate(int argc, char **argv);

#endif
