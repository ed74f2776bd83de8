/* SPDX-License-Identifier: MIT */
/* What a run says to the person who started it, on standard output. */
#ifndef KITH_CLI_REPORT_H
#define KITH_CLI_REPORT_H

#include "run.h"

/* Prints the report of a finished run. Returns status, or CLI_IO where it could not be written. */
int cli_report(const struct cli_run *run, int status);

#endif
