/* SPDX-License-Identifier: MIT */
/* The state that `kith update` goes on from: an engine's snapshot in a file, with the record of exports as position. */
#ifndef KITH_CLI_STATE_H
#define KITH_CLI_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include <kith/kith.h>

#include "lock.h"
#include "record.h"

struct cli_run;

struct cli_state {
    const char *path;
    bool begun;            /* there was none */
    bool policy_changed;   /* since the last run */
    bool source_changed;   /* the description, since it was used last */
    bool repeated;         /* a run whose exports overlap was given those of the last run */
    int64_t closed_before; /* kith_engine_info::reviewed_until before this run */
    int64_t open_before;   /* likewise first_open */
    bool unsure;           /* it was saved, but may be what it was after a crash */
    uint64_t bytes;        /* of the snapshot to be saved */
    struct cli_lock lock;
    struct cli_record record;
    kith_snapshot *snapshot;
};

/* All of these say what is wrong and return an exit status. */

/* Locks the state. */
int cli_state_open(struct cli_state *state, const char *path);

/*
 * Says why the state that the arguments name could not be loaded, and what to do: to users it is a state, whatever the
 * library calls it.
 */
int cli_state_fail_load(const struct cli_run *run, const kith_error *error);

/* Fills the run with the engine of the state, or with a new one, and with the policy that it goes by. */
int cli_state_load(struct cli_state *state, struct cli_run *run);

/* Whether the state lies where a file of the result is to lie. The output must have begun. */
int cli_state_check_place(const struct cli_state *state, const struct cli_run *run);

/* Keeps what the engine holds now, to be saved. */
int cli_state_freeze(struct cli_state *state, struct cli_run *run);

/* Puts it in the place of what the state was: of either the one or the other, all is there. */
int cli_state_save(struct cli_state *state);

void cli_state_end(struct cli_state *state);

#endif
