/* SPDX-License-Identifier: MIT */
/* What the commands share that read exports: the policy, days, and the exports themselves. */
#ifndef KITH_CLI_READING_H
#define KITH_CLI_READING_H

#include "run.h"

/* All of these say what is wrong and return an exit status other than CLI_DONE. */

/* The policy that the arguments name, or the default one. */
int cli_reading_load_policy(struct cli_run *run);

/* The moments at which the days of --until and --as-of begin on the community's clock. */
int cli_reading_read_days(struct cli_run *run);

/* Looks at all exports before any is read: a path that is wrong should not show after an hour. */
int cli_reading_look_at_inputs(struct cli_run *run);

/* Adds all exports to the engine. The progress must have begun. */
int cli_reading_read_exports(struct cli_run *run);

/* Up to when to review: without --until, the week that holds the last event is the last. */
int cli_reading_find_end(struct cli_run *run);

#endif
