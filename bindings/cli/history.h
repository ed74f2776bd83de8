/* SPDX-License-Identifier: MIT */
/*
 * A community's history, read once and kept in a temporary file without a name, so that it can be reviewed again and
 * again, each time by another policy.
 */
#ifndef KITH_CLI_HISTORY_H
#define KITH_CLI_HISTORY_H

#include "run.h"

enum { CLI_WEEK_SECONDS = 7 * 86400 };

struct cli_history {
    int file;       /* -1 while there is none */
    int fault;      /* errno of a write or a read that failed, or 0 */
    int64_t begin;  /* the moment at which its first week begins; weeks are numbered from there, and that is 0 */
    uint32_t weeks; /* that are over at its end, so that they are reviewed */
    kith_engine_info info;
    uint32_t threads;
    uint64_t memory; /* as kith_engine_options has it */
    struct cli_progress *progress;
};

/* The moment at which a week ends. */
int64_t cli_history_end(const struct cli_history *history, uint32_t week);

/* Keeps what the run's engine holds, and frees the engine. Says what is wrong and returns an exit status. */
int cli_history_keep(struct cli_history *history, struct cli_run *run);

/*
 * An engine that holds the history, none of it reviewed, under a policy. The tables and the progress of the options are
 * the caller's. Says what is wrong and returns an exit status.
 */
int cli_history_load(struct cli_history *history, const kith_policy *policy, const kith_engine_options *options,
                     kith_engine **engine);

/* Takes one in which nothing is kept. */
void cli_history_free(struct cli_history *history);

#endif
