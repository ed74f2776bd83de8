/* SPDX-License-Identifier: MIT */
/* What `kith score` was asked to do. */
#ifndef KITH_CLI_ARGUMENTS_H
#define KITH_CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

/* Fields of an event whose header may be named. */
enum cli_field { CLI_TIME, CLI_MEMBER, CLI_KIND, CLI_TARGET, CLI_QUANTITY, CLI_FIELDS };

struct cli_arguments {
    const char *policy;              /* a file, or NULL for the default policy */
    const char *out;                 /* the result folder */
    const char *until;               /* of the form YYYY-MM-DD, or NULL */
    const char *as_of;               /* of the form YYYY-MM-DD, or NULL; then until is set, too */
    const char *columns[CLI_FIELDS]; /* headers, or NULL for the field's own name */
    uint32_t delimiter;              /* a byte, or 0 to find it */
    uint32_t threads;
    uint64_t max_rejects; /* where limited */
    bool limited;
    bool history;
    bool quiet;
    bool help;      /* asked for help: nothing else counts */
    char **exports; /* at least one */
    int export_count;
};

/* Reads what follows "kith"; argv[0] is "score". Says what is wrong and returns CLI_USAGE, or returns CLI_DONE. */
int cli_arguments_read(struct cli_arguments *arguments, int argc, char **argv);

/* What only shows later. All say what is wrong and return CLI_USAGE. */
int cli_arguments_fail_day(const char *option, const char *day);
int cli_arguments_fail_as_of(const char *as_of, const char *until);
int cli_arguments_fail_twice(const char *path);

#endif
