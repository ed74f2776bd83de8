/* SPDX-License-Identifier: MIT */
/* What the commands share that review weeks: the review, and the tables that come of it. */
#ifndef KITH_CLI_REVIEWING_H
#define KITH_CLI_REVIEWING_H

#include "run.h"

/* All of these say what is wrong and return an exit status. */

/* Reviews the weeks that are over at run->review_until, and takes the tables of the review. */
int cli_reviewing_review(struct cli_run *run);

/* Takes the table of those to watch, as of run->as_of. */
int cli_reviewing_watch(struct cli_run *run);

/* Writes the tables that there are, and the summary. */
int cli_reviewing_write_tables(struct cli_run *run);

#endif
