/* SPDX-License-Identifier: MIT */
/* What a run says to the person who started it, on standard output. */
#ifndef KITH_CLI_REPORT_H
#define KITH_CLI_REPORT_H

#include "run.h"

/* Prints the report of a finished run. Returns status, or CLI_IO where it could not be written. */
int cli_report(const struct cli_run *run, int status);

/* What its parts share: "1 row", "2 rows"; and a day on the community's clock, in out of CLI_NUMBER_SIZE bytes. */
void cli_report_count(uint64_t count, const char *one, const char *many);
const char *cli_report_day(const struct cli_run *run, int64_t time, char *out);

#endif
