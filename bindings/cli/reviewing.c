/* SPDX-License-Identifier: MIT */
#include "reviewing.h"

#include "interrupt.h"
#include "message.h"
#include "stream.h"
#include "summary.h"

static int fail(const kith_error *error)
{
    return cli_interrupted() ? CLI_IO : cli_fail_with(error);
}

int cli_reviewing_review(struct cli_run *run)
{
    kith_review *review = NULL;
    kith_error error = {.size = sizeof error};
    cli_progress_enter(&run->progress, CLI_REVIEWING);
    kith_status status = kith_engine_review(run->engine, run->review_until, &review, &error);
    cli_progress_clear(&run->progress);
    run->review_info.size = sizeof run->review_info;
    if (status == KITH_OK)
        status = kith_review_get_info(review, &run->review_info, &error);
    for (int i = 0; i < CLI_REVIEW_TABLES && status == KITH_OK; i++) {
        if (run->review_info.tables & (1u << i)) /* KITH_STANDINGS is bit 0, and so on */
            status = kith_review_get_table(review, 1u << i, &run->tables[i], &error);
    }
    kith_review_free(review);
    return status == KITH_OK ? CLI_DONE : fail(&error);
}

int cli_reviewing_watch(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    kith_status status = kith_engine_get_watch(run->engine, run->as_of, &run->tables[CLI_WATCH], &error);
    return status == KITH_OK ? CLI_DONE : fail(&error);
}

int cli_reviewing_write_tables(struct cli_run *run)
{
    cli_progress_enter(&run->progress, CLI_WRITING);
    for (int i = 0; i < CLI_TABLES; i++) {
        if (!run->tables[i])
            continue;
        int status = cli_stream_write_table(&run->output, (enum cli_file)i, run->tables[i]);
        if (status)
            return status;
        run->rows[i] = kith_table_rows(run->tables[i]);
    }
    run->rows[CLI_REJECTS] = run->rejects.total;
    run->seconds = cli_progress_clock() - run->started_clock;
    return cli_summary_write(run);
}
