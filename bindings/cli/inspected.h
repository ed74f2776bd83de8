/* SPDX-License-Identifier: MIT */
/* What `kith inspect` finds out: its parts, and what they hand on to one another. */
#ifndef KITH_CLI_INSPECTED_H
#define KITH_CLI_INSPECTED_H

#include <stdio.h>

#include "new_file.h"
#include "run.h"

/* How many exports of many are looked at, all over their list. */
enum { CLI_INSPECTED_FILES = 8 };

/* Rows that were refused for one reason and one column, and the first of them. */
struct cli_trouble {
    uint64_t count;
    struct cli_first_reject first;
};

enum { CLI_TROUBLES_MOST = 32 };

/* What became of the rows when the exports were read. */
struct cli_trial_reading {
    kith_added added;      /* of all of them */
    kith_engine_info info; /* of the engine then */
    struct cli_trouble troubles[CLI_TROUBLES_MOST];
    int trouble_count;
    struct cli_kinds unknown_kinds;
    kith_error error; /* where one of them could not be read to its end; else without a message */
};

/* What an export holds that can be read but once, as standard input: in a file that has no name. */
struct cli_spool {
    const char *path;
    FILE *file;
};

struct cli_inspected {
    struct cli_run *run;
    struct cli_new_file file; /* to be written; no path where none is */
    const char *paths[CLI_INSPECTED_FILES];
    int path_count;
    int file_count;                               /* of how many files they are some */
    struct cli_spool spools[CLI_INSPECTED_FILES]; /* of those that can be read but once */
    int spool_count;
    kith_inspection *inspection;
    kith_inspection_info info;
    char *text; /* of the description that was guessed */
    size_t text_length;
    bool is_plain;           /* kith reads the exports as they are, without a description */
    bool has_ready;          /* a ready description fits: */
    kith_ready_source ready; /* this one */
    bool has_reading;
    struct cli_trial_reading reading; /* by the description that was given or fits, else by the one that was guessed */
};

/* Keeps what an export holds that can be read but once. Says what is wrong and returns an exit status. */
int cli_inspected_spool(struct cli_inspected *inspected, const char *path);
void cli_inspected_free_spools(struct cli_inspected *inspected);

/* Where reading what was kept stands. */
struct cli_spooled {
    int file;
    int64_t offset;
};

/* How an export is opened; `spooled` must be there until it has been read. */
kith_export cli_inspected_export(const struct cli_inspected *inspected, const char *path, struct cli_spooled *spooled);

/* Whether a file is one that a source takes; one that was named by itself always is, and all are where it is NULL. */
bool cli_inspected_is_of(const struct cli_inspected *inspected, const kith_source *source, const char *path);

/*
 * Reads the exports that are looked at by a description, or as they are, under a policy; of each as much as `most`
 * bytes, if that is not 0. Says what is wrong and returns an exit status; a fault of an export is part of what is
 * found.
 */
int cli_inspected_read(struct cli_inspected *inspected, const kith_source *source, const kith_policy *policy,
                       uint64_t most, struct cli_trial_reading *reading);
void cli_trial_reading_free(struct cli_trial_reading *reading);

/* A policy that has the kinds of the description that was guessed; to be freed. */
int cli_inspected_make_policy(const struct cli_inspected *inspected, kith_policy **policy);

/* Prints what was found, for a person or for a program. Say what is wrong and return an exit status. */
int cli_inspected_print_text(const struct cli_inspected *inspected);
int cli_inspected_print_json(const struct cli_inspected *inspected);

#endif
