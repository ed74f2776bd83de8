/* SPDX-License-Identifier: MIT */
/* What the commands share that read exports: the policy, the engine, days, and the exports themselves. */
#ifndef KITH_CLI_READING_H
#define KITH_CLI_READING_H

#include "run.h"

/* Those that return an int say what is wrong, and return an exit status other than CLI_DONE then. */

/* The source description that the arguments name, if there is one. */
int cli_reading_load_source(struct cli_run *run);

/* The policy that the arguments name, that which comes with the source, or the default one. */
int cli_reading_load_policy(struct cli_run *run);

/* How an engine works for a run, and a new one under the run's policy. */
kith_engine_options cli_reading_engine_options(struct cli_run *run);
int cli_reading_make_engine(struct cli_run *run);

/* The moments at which the days of --until and --as-of begin on the community's clock. */
int cli_reading_read_days(struct cli_run *run);

/* Looks at all exports before any is read: a path that is wrong should not show after an hour. */
int cli_reading_look_at_inputs(struct cli_run *run);

/* How an export is read. */
kith_export cli_reading_export(struct cli_run *run, const struct cli_input *input);

/* Adds the events of an export to the engine, and counts in the input what became of them. */
kith_status cli_reading_add_export(struct cli_run *run, struct cli_input *input, const kith_export *options,
                                   kith_added *added, kith_error *error);

/* Says why an export was not read to its end. */
int cli_reading_fail_export(const struct cli_run *run, const kith_error *error);

/* What the engine holds now. */
int cli_reading_get_info(struct cli_run *run);

/* Adds all exports to the engine. The progress must have begun. */
int cli_reading_read_exports(struct cli_run *run);

/* Up to when to review: without --until, the week that holds the last event is the last. */
int cli_reading_find_end(struct cli_run *run);

#endif
