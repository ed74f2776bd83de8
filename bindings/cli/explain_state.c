/* SPDX-License-Identifier: MIT */
/* The engine of an explanation, from the state that `kith update` keeps. */
#include "explain.h"
#include "interrupt.h"
#include "message.h"
#include "state.h"

int cli_explain_load(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {
        .size = sizeof options,
        .tables = KITH_STANDINGS,
        .threads = run->arguments->threads,
        .memory = run->arguments->memory,
        .progress = cli_progress_step,
        .progress_context = &run->progress,
    };
    kith_load input = {
        .size = sizeof input,
        .path = run->arguments->state,
        .policy = run->policy,
        .options = &options,
    };
    kith_status status = kith_engine_load(&input, &run->engine, &error);
    cli_progress_clear(&run->progress);
    if (status == KITH_OK)
        return CLI_DONE;
    return cli_interrupted() ? CLI_IO : cli_state_fail_load(run, &error);
}
