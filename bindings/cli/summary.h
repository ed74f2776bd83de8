/* SPDX-License-Identifier: MIT */
/* summary.json: what a run read and wrote, for programs. docs/formats.md describes it. */
#ifndef KITH_CLI_SUMMARY_H
#define KITH_CLI_SUMMARY_H

#include "run.h"

/* Writes it to the temporary folder. Says what is wrong and returns an exit status. */
int cli_summary_write(struct cli_run *run);

#endif
