/* SPDX-License-Identifier: MIT */
/* The parts of the report that only `kith update` has. */
#ifndef KITH_CLI_REPORT_UPDATE_H
#define KITH_CLI_REPORT_UPDATE_H

#include "run.h"
#include "terminal.h"

/* What this run took, and what there is by now. */
void cli_report_update_events(const struct cli_run *run);

/* That no week was over, and what it means for the tables. */
void cli_report_update_no_week(const struct cli_run *run);

/* Late rows, another policy, and the state. */
void cli_report_update_notes(const struct cli_run *run, const struct cli_paint *paint);

#endif
