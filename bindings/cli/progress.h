/* SPDX-License-Identifier: MIT */
/* The bar on standard error: how far a run has come. It is drawn for a terminal only. */
#ifndef KITH_CLI_PROGRESS_H
#define KITH_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "input.h"

enum cli_phase { CLI_READING, CLI_REVIEWING, CLI_TRYING, CLI_WRITING };

struct cli_progress {
    bool shown;  /* whether there is a bar at all */
    int columns; /* how many it takes on the terminal now; 0 where none stands there */
    enum cli_phase phase;
    const struct cli_input *inputs; /* while reading: the exports that are read together, */
    int input_count;
    int input;       /* which of them is being read, */
    uint64_t read;   /* and bytes of those before it */
    unsigned trials; /* while trying: how many have begun */
    uint64_t before; /* bytes of the exports already read */
    uint64_t total;  /* bytes of all exports, 0 where it is not known */
    double started;  /* when the phase began; seconds of a clock that only runs forward */
    double next;     /* when to draw again */
};

/* Seconds of a clock that only runs forward. */
double cli_progress_clock(void);

void cli_progress_begin(struct cli_progress *progress, bool quiet, const struct cli_input *inputs, int count);

/* The next thing is done now. */
void cli_progress_enter(struct cli_progress *progress, enum cli_phase phase);

/* The next exports are read now, in one call. */
void cli_progress_enter_files(struct cli_progress *progress, const struct cli_input *inputs, int count);

/* A kith_progress_fn whose context is the progress; asks the library to stop once a signal has come. */
int cli_progress_step(void *context, uint64_t done, uint64_t total);

/* Takes the bar off the terminal, so that something else can be said. */
void cli_progress_clear(struct cli_progress *progress);

#endif
