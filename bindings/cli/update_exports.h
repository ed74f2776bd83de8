/* SPDX-License-Identifier: MIT */
/* The exports of `kith update`: which of them the state knows, what in them is new, and what is to be known of them. */
#ifndef KITH_CLI_UPDATE_EXPORTS_H
#define KITH_CLI_UPDATE_EXPORTS_H

#include "run.h"
#include "state.h"

/*
 * Adds what is new in the exports to the engine, or, where they overlap what came before, takes the weeks that are open
 * from them alone; and records them. Says what is wrong and returns an exit status: the engine is of no use then.
 */
int cli_update_exports(struct cli_run *run, struct cli_state *state);

#endif
