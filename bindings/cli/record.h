/* SPDX-License-Identifier: MIT */
/*
 * The exports that `kith update` has read: each known by the digest of its bytes, as far as it was read. They are kept
 * in the state, as the position of its snapshot. docs/formats.md has their form.
 */
#ifndef KITH_CLI_RECORD_H
#define KITH_CLI_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <kith/kith.h>

#include "digest.h"

/* What is left to do about a state that is damaged, of which there is no copy. */
#define CLI_BEGIN_ANEW "remove it and give all exports, to begin anew"

/* How many descriptions are remembered, and the room for the name of one. */
enum { CLI_KNOWN_SOURCES = 16, CLI_SOURCE_NAME = 64 };

/* An export of which a row was taken, as far as it was read. */
struct cli_known {
    uint64_t size; /* bytes of the file that were read */
    struct cli_digest digest;
    uint64_t end_offset; /* of its text: where rows that come behind begin */
    uint64_t end_line;
    uint64_t last_event; /* none of its events is later; Unix seconds */
};

/* A source description that exports were read by. */
struct cli_known_source {
    char name[CLI_SOURCE_NAME]; /* NUL-terminated UTF-8, cut where it is longer */
    struct cli_digest digest;   /* of its text when it was used last */
};

struct cli_record {
    struct cli_known *items; /* the one met last is last */
    size_t count;
    size_t capacity;
    bool has_policy; /* false for a record that was just begun */
    uint64_t policy; /* digest of the policy of the last run */
    /* Latest event of the last run whose exports overlapped what came before; KITH_NO_TIME where none such counts. */
    int64_t overlapped;
    struct cli_known_source sources[CLI_KNOWN_SOURCES]; /* the one used last is last */
    size_t source_count;
};

/* Reads a record; an empty text is an empty record. state is the file for messages. Returns an exit status. */
int cli_record_read(struct cli_record *record, kith_text text, const char *state);

/* Writes it as text, to be freed. NULL where there is not enough memory. */
char *cli_record_write(const struct cli_record *record);

/* Adds an export, or moves it to the end where it is there. False where there is not enough memory. */
bool cli_record_add(struct cli_record *record, const struct cli_known *known);

/* Its exports, those of fewer bytes first, to be freed. NULL where there is not enough memory. */
const struct cli_known **cli_record_by_size(const struct cli_record *record);

/*
 * Forgets exports that do not matter any more: all of their weeks have been reviewed, so that rows of them would be
 * late if they came again. The thousand met last are kept for all that. False where too many are left for a state to
 * hold.
 */
bool cli_record_tidy(struct cli_record *record, int64_t reviewed_until);

/*
 * Remembers a description that is used now. Returns whether one of its name was used before that said something else.
 */
bool cli_record_use_source(struct cli_record *record, const char *name, const struct cli_digest *digest);

/* Forgets all exports. */
void cli_record_clear(struct cli_record *record);

void cli_record_free(struct cli_record *record);

#endif
