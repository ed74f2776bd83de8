/* SPDX-License-Identifier: MIT */
/*
 * An export that is a file, while it is read for the state: hashed on the way, so that a file that grows meanwhile is
 * known as far as it was read, and no further.
 */
#ifndef KITH_CLI_EXPORT_FILE_H
#define KITH_CLI_EXPORT_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include <zlib.h>

#include <kith/kith.h>

#include "digest.h"
#include "progress.h"
#include "record.h"

struct cli_export_file {
    const char *path;
    int fd;
    gzFile inflater; /* while the inflated text is looked at, or NULL */
    XXH3_state_t *hash;
    uint64_t bytes;       /* handed on so far */
    uint64_t known_bytes; /* of the record's export that it begins with, or 0 */
    struct cli_digest known;
    bool differs;        /* it does not begin with that one any more */
    bool packed;         /* gzip: line ends of the text cannot be seen */
    uint64_t line_begin; /* unless packed: where the last line begins; all of it, where that has no line end */
    int fault;           /* errno of what failed, or 0 */
};

/* Opens a file. Says what is wrong and returns an exit status; to be closed in any case. */
int cli_export_file_open(struct cli_export_file *file, const char *path);
void cli_export_file_close(struct cli_export_file *file);

/*
 * Looks for the longest export of the record that the file begins with, which may be all of the file. Fills known and
 * is_whole, or sets known to NULL. Says what is wrong and returns an exit status.
 */
int cli_export_file_find(struct cli_export_file *file, const struct cli_record *record, struct cli_progress *progress,
                         const struct cli_known **known, bool *is_whole);

/*
 * The same for a gzip file by its text, as a log has been packed that was read before it was. Where that text is found,
 * known is filled with how far it was read, and with size and digest of the packed file.
 */
int cli_export_file_find_packed(struct cli_export_file *file, const struct cli_record *record,
                                struct cli_progress *progress, struct cli_known *known, bool *is_found, bool *is_whole);

/* From here on the file is read from its beginning, and watched for whether that is still `known`, unless NULL. */
void cli_export_file_begin(struct cli_export_file *file, const struct cli_known *known);

/* A kith_read_fn whose context is the file. */
int64_t cli_export_file_read(void *context, void *buffer, size_t capacity);

/* Says that the file cannot be read, by its fault. Returns CLI_IO. */
int cli_export_file_fail(const struct cli_export_file *file);

#endif
