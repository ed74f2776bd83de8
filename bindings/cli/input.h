/* SPDX-License-Identifier: MIT */
/* The exports as files: what is known of each before it is read, and what came of it. */
#ifndef KITH_CLI_INPUT_H
#define KITH_CLI_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How much of an export a state knows already. */
enum cli_novelty { CLI_NEW, CLI_GROWN, CLI_READ_BEFORE };

struct cli_input {
    const char *path; /* as given; "-" for standard input */
    bool sized;       /* a regular file, size holds how many bytes */
    uint64_t size;
    dev_t device; /* with inode: which file it is, whatever its path */
    ino_t inode;
    uint64_t rows;
    uint64_t events;
    uint64_t rejected;
    uint64_t skipped; /* rows whose id was there already */
    uint64_t ignored; /* rows left out on purpose, as the source description says */
    /* Of `kith update` alone: */
    enum cli_novelty novelty;
    uint64_t late; /* rows in weeks reviewed before, none of the rejected */
};

/* Looks at a file without opening it. Fills input, or says what is wrong and returns an exit status other than 0. */
int cli_input_look(struct cli_input *input, const char *path);

#endif
