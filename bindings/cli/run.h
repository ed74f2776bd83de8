/* SPDX-License-Identifier: MIT */
/* One run of a command that reads exports: all that its steps hand on to one another. */
#ifndef KITH_CLI_RUN_H
#define KITH_CLI_RUN_H

#include <kith/kith.h>

#include "arguments.h"
#include "description.h"
#include "input.h"
#include "output.h"
#include "paths.h"
#include "progress.h"
#include "rejects.h"

/* Tables that a review gives are numbered by CLI_STANDINGS to CLI_HISTORY; one more is asked of the engine. */
enum { CLI_REVIEW_TABLES = CLI_HISTORY + 1, CLI_TABLES = CLI_WATCH + 1 };

enum { CLI_NOTE_SIZE = 1024 };

struct cli_state;

struct cli_run {
    const struct cli_arguments *arguments;
    struct cli_description description; /* how exports are read */
    struct cli_paths paths;             /* of the exports */
    struct cli_input *inputs;           /* one for each of them */
    int input_count;
    struct cli_progress progress;
    struct cli_output output;
    struct cli_rejects rejects;

    const struct cli_state *state; /* of `kith update`; else NULL */

    kith_policy *policy;
    bool policy_is_ready; /* it comes with the description */
    kith_policy_info policy_info;
    kith_engine *engine;
    kith_engine_info engine_info; /* after the last export */
    uint64_t taken;               /* events of all exports */
    char noted[CLI_NOTE_SIZE];    /* what was said last of the header of an export */
    kith_review_info review_info;
    kith_table *tables[CLI_TABLES]; /* NULL where it was not asked for */
    uint64_t rows[CLI_FILES];       /* of the tables written */
    int64_t review_until;           /* the moment up to which weeks are reviewed */
    int64_t as_of;                  /* the moment that the watch is for, where it is asked for */

    int64_t started;      /* Unix seconds */
    double started_clock; /* of cli_progress_clock() */
    double seconds;       /* how long it took */
};

/* Events taken a second. */
double cli_run_rate(const struct cli_run *run);

/*
 * How many seconds before the end of the last week reviewed the last event lies, where that is more than a day: that
 * week may not have been over when the export was made. 0 where it is less, or weeks are reviewed up to a day given.
 */
int64_t cli_run_missing(const struct cli_run *run, int64_t last_event);

/* Rows of all exports whose id was there already. */
uint64_t cli_run_skipped(const struct cli_run *run);

/* Rows of all exports that were left out on purpose, as the source description says. */
uint64_t cli_run_ignored(const struct cli_run *run);

/* Frees all that the run holds and removes what is temporary. */
void cli_run_end(struct cli_run *run);

#endif
