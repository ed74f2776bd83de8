/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <stdlib.h>

double cli_run_rate(const struct cli_run *run)
{
    return run->seconds > 0 ? (double)run->taken / run->seconds : 0;
}

int64_t cli_run_missing(const struct cli_run *run, int64_t last_event)
{
    enum { DAY_SECONDS = 86400 };
    int64_t missing = run->review_until - last_event;
    return !run->arguments->until && missing > DAY_SECONDS ? missing : 0;
}

uint64_t cli_run_skipped(const struct cli_run *run)
{
    uint64_t skipped = 0;
    for (int i = 0; i < run->input_count; i++)
        skipped += run->inputs[i].skipped;
    return skipped;
}

uint64_t cli_run_ignored(const struct cli_run *run)
{
    uint64_t ignored = 0;
    for (int i = 0; i < run->input_count; i++)
        ignored += run->inputs[i].ignored;
    return ignored;
}

void cli_run_end(struct cli_run *run)
{
    cli_progress_clear(&run->progress);
    for (int i = 0; i < CLI_TABLES; i++)
        kith_table_free(run->tables[i]);
    cli_rejects_free(&run->rejects);
    cli_output_end(&run->output);
    kith_engine_free(run->engine);
    kith_policy_free(run->policy);
    cli_description_free(&run->description);
    for (int i = 0; i < run->input_count; i++)
        free(run->inputs[i].note);
    free(run->inputs);
    cli_paths_free(&run->paths);
}
