/* SPDX-License-Identifier: MIT */
/* What a command that reads exports was asked to do. */
#ifndef KITH_CLI_ARGUMENTS_H
#define KITH_CLI_ARGUMENTS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "options.h"

/* Options that such a command may have; each has its own list of those that it takes. */
enum cli_option {
    CLI_OPTION_POLICY = CLI_OPTION_FIRST,
    CLI_OPTION_OUT,
    CLI_OPTION_UNTIL,
    CLI_OPTION_AS_OF,
    CLI_OPTION_COLUMN,
    CLI_OPTION_DELIMITER,
    CLI_OPTION_THREADS,
    CLI_OPTION_MEMORY,
    CLI_OPTION_MAX_REJECTS,
    CLI_OPTION_MAX_ROW,
    CLI_OPTION_MAX_BYTES,
    CLI_OPTION_MAX_MEMBERS,
    CLI_OPTION_HISTORY,
    CLI_OPTION_JSON,
    CLI_OPTION_STATE,
    CLI_OPTION_OVERLAPPING,
    CLI_OPTION_FORCE,
    CLI_OPTION_SHARES,
    CLI_OPTION_SOURCE,
    CLI_OPTION_SPREADSHEET,
    CLI_OPTION_WRITE,
    CLI_OPTION_QUIET
};

/* Fields of an event whose header may be named. */
enum cli_field { CLI_TIME, CLI_MEMBER, CLI_KIND, CLI_TARGET, CLI_QUANTITY, CLI_ID, CLI_FIELDS };

/* The name of a field, which is the header of its column where no other is named. */
const char *cli_field_name(enum cli_field field);

struct cli_arguments {
    const char *command;             /* "kith score" */
    const char *policy;              /* a file, or NULL for the default one */
    const char *source;              /* a source that comes with kith, a file that describes one, or NULL */
    const char *state;               /* a file that `kith update` keeps, or NULL */
    const char *out;                 /* the result folder; of `kith calibrate` a file */
    const char *write;               /* of `kith inspect`: the file that the description goes to, or NULL */
    const char *shares;              /* of the tiers, or NULL */
    const char *until;               /* of the form YYYY-MM-DD, or NULL */
    const char *as_of;               /* of the form YYYY-MM-DD, or NULL; then until is set, too */
    const char *columns[CLI_FIELDS]; /* headers, or NULL for the field's own name */
    uint32_t delimiter;              /* a byte, or 0 to find it */
    uint32_t threads;
    uint64_t memory;      /* bytes that open weeks may take, or 0 */
    uint64_t max_row;     /* bytes of a row, or 0 for the usual limit */
    uint64_t max_bytes;   /* bytes of an export's text, or 0 */
    uint64_t max_members; /* or 0 */
    uint64_t max_rejects; /* where limited */
    bool limited;
    bool has_out; /* --out was given */
    bool overlapping;
    bool force;
    bool history;
    bool spreadsheet;
    bool json;
    bool quiet;
    bool help;      /* asked for help: nothing else counts */
    char **exports; /* all that is no option */
    int export_count;
};

/*
 * Reads what follows "kith"; argv[0] is the name of the command. options are those that it takes, in codes of enum
 * cli_option. Says what is wrong and returns CLI_USAGE, or returns CLI_DONE.
 */
int cli_arguments_read(struct cli_arguments *arguments, const char *command, const struct option *options, int argc,
                       char **argv);

/* Whether there is an export, and each can be one. Says what is wrong and returns CLI_USAGE, or returns CLI_DONE. */
int cli_arguments_check_exports(const struct cli_arguments *arguments);

/* What only shows later. All say what is wrong and return CLI_USAGE. */
int cli_arguments_fail_day(const struct cli_arguments *arguments, const char *option, const char *day);
int cli_arguments_fail_as_of(const struct cli_arguments *arguments);
int cli_arguments_fail_twice(const struct cli_arguments *arguments, const char *path, const char *again);

#endif
