/* SPDX-License-Identifier: MIT */
/* The command `kith explain`. */
#ifndef KITH_CLI_EXPLAIN_H
#define KITH_CLI_EXPLAIN_H

#include <stdbool.h>

#include "run.h"

/* argv[0] is "explain". Returns the exit status; a signal that came ends the process instead. */
int cli_explain(int argc, char **argv);

/* What is known of one member: by its last review, and by what comes next. At least one of the two is there. */
struct cli_explained {
    const struct cli_run *run;
    bool has_last;
    bool has_next;
    kith_explanation last;
    kith_explanation next; /* of a week that is open */
};

/*
 * Makes the run's engine from the file that --state names, under the run's policy where it has one. Says what is wrong
 * and returns an exit status.
 */
int cli_explain_load(struct cli_run *run);

/* Both print to standard output. They say what is wrong and return an exit status other than CLI_DONE. */
int cli_explain_print_text(const struct cli_explained *explained);
int cli_explain_print_json(const struct cli_explained *explained);

#endif
