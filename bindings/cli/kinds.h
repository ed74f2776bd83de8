/* SPDX-License-Identifier: MIT */
/* Kinds of the exports that the policy does not know, counted by name. */
#ifndef KITH_CLI_KINDS_H
#define KITH_CLI_KINDS_H

#include <stdint.h>

#include <kith/kith.h>

struct cli_kind {
    char *name; /* UTF-8, cut where it is too long */
    uint64_t count;
};

struct cli_kinds {
    struct cli_kind *items; /* by name, bytewise */
    int count;
    uint64_t others; /* rows with further names: an export full of nonsense does not fill the memory */
};

/* Counts one row. Returns 0, or 1 where there was not enough memory. */
int cli_kinds_add(struct cli_kinds *kinds, kith_text name);

/* Fills with the most frequent ones, most frequent first; returns how many, up to room. */
int cli_kinds_most_frequent(const struct cli_kinds *kinds, const struct cli_kind **most, int room);

void cli_kinds_free(struct cli_kinds *kinds);

#endif
