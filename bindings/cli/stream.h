/* SPDX-License-Identifier: MIT */
/* A file of the result while it is written. */
#ifndef KITH_CLI_STREAM_H
#define KITH_CLI_STREAM_H

#include <stddef.h>

#include <kith/kith.h>

#include "output.h"

struct cli_stream {
    struct cli_output *output;
    enum cli_file file;
    int fd;    /* -1 while it is not open */
    int fault; /* errno of the write that failed, or 0 */
};

/* Makes the file in the temporary folder. Says what is wrong and returns an exit status other than 0. */
int cli_stream_open(struct cli_stream *stream, struct cli_output *output, enum cli_file file);

/* A kith_write_fn whose context is the stream. Asks the library to stop once a signal has come. */
int cli_stream_write(void *context, const void *bytes, size_t length);

/* Says why cli_stream_write() failed, unless it was for a signal. Returns CLI_IO. */
int cli_stream_fail(const struct cli_stream *stream);

/* Makes sure that all of it is on the disk, and closes it. Says what is wrong and returns an exit status. */
int cli_stream_finish(struct cli_stream *stream);

/* Closes one that is not wanted any more; takes one that is not open. */
void cli_stream_drop(struct cli_stream *stream);

/* Writes a whole table to a file of the result. Says what is wrong and returns an exit status. */
int cli_stream_write_table(struct cli_output *output, enum cli_file file, const kith_table *table);

#endif
