/* SPDX-License-Identifier: MIT */
/* The rows that were refused: counted, and written to rejects.csv as they come. */
#ifndef KITH_CLI_REJECTS_H
#define KITH_CLI_REJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include <kith/kith.h>

#include "kinds.h"
#include "stream.h"

/* The first row that was refused, cut to what a message holds. */
struct cli_first_reject {
    uint32_t reason;
    uint64_t line;
    char file[256];
    char column[96];
    char value[160];
    uint64_t at; /* of JSON that has a fault: the byte, and what was expected there */
    char words[96];
};

struct cli_rejects {
    struct cli_output *output; /* NULL where rows are counted and not kept */
    struct cli_stream stream;
    kith_table *table; /* those not written yet; NULL where there are none */
    uint64_t held;     /* bytes of them */
    bool begun;        /* rejects.csv is open */
    bool limited;      /* more than `limit` rows stop the run */
    bool past_limit;   /* they did */
    bool failed;       /* a row could not be kept; what went wrong has been said */
    uint64_t limit;
    uint64_t total;
    uint64_t by_reason[KITH_REASONS];
    struct cli_kinds unknown_kinds;
    struct cli_first_reject first;
};

/* A kith_reject_fn whose context is the rejects. */
int cli_rejects_take(void *context, const kith_reject *reject);

/* Says that there were too many, and which came first. Returns CLI_IO. */
int cli_rejects_fail(const struct cli_rejects *rejects);

/* Writes what is left and finishes rejects.csv, if there is one. Says what is wrong and returns an exit status. */
int cli_rejects_finish(struct cli_rejects *rejects);

/* Says in one line that there were some, for a run that does not report them. folder has their list, or is NULL. */
void cli_rejects_warn(const struct cli_rejects *rejects, const char *folder);

/* What a reason means, in words. */
const char *cli_reason_words(uint32_t reason);

void cli_rejects_free(struct cli_rejects *rejects);

#endif
