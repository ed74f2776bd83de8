/* SPDX-License-Identifier: MIT */
/* The parts of the report that go tier by tier. */
#ifndef KITH_CLI_REPORT_TIERS_H
#define KITH_CLI_REPORT_TIERS_H

#include "findings.h"
#include "run.h"
#include "terminal.h"

/* What the tables of a run show of its last review. False, with error filled, where a table fails. */
bool cli_report_find(const struct cli_run *run, struct cli_findings *findings, kith_error *error);

/* The pyramid: how many members each tier holds, and who came and went last week. */
void cli_report_pyramid(const struct cli_run *run, const struct cli_findings *findings, const struct cli_paint *paint);

/* Who rose furthest last week. */
void cli_report_risers(const struct cli_run *run, const struct cli_findings *findings, const struct cli_paint *paint);

/* How many members of each tier need somebody to look after them. */
void cli_report_watch(const struct cli_run *run, const struct cli_findings *findings, const struct cli_paint *paint);

#endif
