/* SPDX-License-Identifier: MIT */
/* What --help and --version say. All of these return an exit status. */
#ifndef KITH_CLI_HELP_H
#define KITH_CLI_HELP_H

int cli_help(void);
int cli_help_score(void);
int cli_help_update(void);
int cli_help_explain(void);
int cli_help_policy(void);
int cli_help_calibrate(void);
int cli_help_sources(void);
int cli_help_version(void);

#endif
