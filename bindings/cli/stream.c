/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "again.h"
#include "interrupt.h"
#include "message.h"

int cli_stream_open(struct cli_stream *stream, struct cli_output *output, enum cli_file file)
{
    int fd = cli_again_open(output->temporary, cli_file_name(file), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    *stream = (struct cli_stream){.output = output, .file = file, .fd = fd, .fault = fd < 0 ? errno : 0};
    return fd < 0 ? cli_stream_fail(stream) : CLI_DONE;
}

int cli_stream_write(void *context, const void *bytes, size_t length)
{
    struct cli_stream *stream = context;
    const char *next = bytes;
    while (length > 0) {
        if (cli_interrupted())
            return 1;
        ssize_t written = write(stream->fd, next, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            stream->fault = errno;
            return 1;
        }
        next += written;
        length -= (size_t)written;
    }
    return 0;
}

int cli_stream_fail(const struct cli_stream *stream)
{
    if (stream->fault == 0)
        return CLI_IO;
    return cli_fail(CLI_IO, "%s/%s: cannot be written: %s", stream->output->path, cli_file_name(stream->file),
                    strerror(stream->fault));
}

int cli_stream_finish(struct cli_stream *stream)
{
    int fd = stream->fd;
    stream->fd = -1;
    stream->fault = cli_again_sync(fd) ? 0 : errno;
    if (!cli_again_close(fd) && stream->fault == 0)
        stream->fault = errno;
    if (stream->fault)
        return cli_stream_fail(stream);
    stream->output->written[stream->file] = true;
    return CLI_DONE;
}

void cli_stream_drop(struct cli_stream *stream)
{
    if (stream->output && stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

int cli_stream_write_table(struct cli_output *output, enum cli_file file, const kith_table *table)
{
    struct cli_stream stream;
    kith_error error = {.size = sizeof error};
    int status = cli_stream_open(&stream, output, file);
    if (status)
        return status;
    kith_status done = kith_table_write_csv(table, output->csv, cli_stream_write, &stream, &error);
    if (done == KITH_OK)
        return cli_stream_finish(&stream);
    status = done == KITH_INPUT_OUTPUT ? cli_stream_fail(&stream) : cli_fail_with(&error);
    cli_stream_drop(&stream);
    return status;
}
