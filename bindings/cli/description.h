/* SPDX-License-Identifier: MIT */
/* The source description that a run reads its exports by: one that comes with kith, or a file. */
#ifndef KITH_CLI_DESCRIPTION_H
#define KITH_CLI_DESCRIPTION_H

#include <stdbool.h>

#include <kith/kith.h>

#include "digest.h"

struct cli_description {
    const char *name;        /* as given; NULL where there is none */
    bool is_ready;           /* it comes with kith */
    kith_ready_source ready; /* where it does */
    kith_source *source;
    struct cli_digest digest; /* of its text */
};

/*
 * Reads the description that --source names, all zero before. Says what is wrong, each fault of it too, and returns an
 * exit status; to be freed in any case.
 */
int cli_description_load(struct cli_description *description, const char *name, const char *command);

/* The same for a file, whatever its name; faults receives how many there are where that is the outcome. */
int cli_description_load_file(struct cli_description *description, const char *path, uint64_t *faults);

void cli_description_free(struct cli_description *description);

/* Finds one that comes with kith. Says that there is none, and which there are, and returns CLI_USAGE. */
int cli_description_find_ready(kith_ready_source *ready, const char *name, const char *command);

#endif
