/* SPDX-License-Identifier: MIT */
#include "base/writer.h"

#include <string.h>

static void flush(struct kithp_writer *writer)
{
    if (writer->used > 0 && !writer->failed)
        writer->failed = writer->write(writer->context, writer->buffer, writer->used) != 0;
    writer->used = 0;
}

void kithp_writer_bytes(struct kithp_writer *writer, const char *bytes, size_t length)
{
    while (length > 0) {
        if (writer->used == writer->capacity)
            flush(writer);
        size_t room = writer->capacity - writer->used;
        size_t step = length < room ? length : room;
        memcpy(writer->buffer + writer->used, bytes, step);
        writer->used += step;
        bytes += step;
        length -= step;
    }
}

void kithp_writer_string(struct kithp_writer *writer, const char *string)
{
    kithp_writer_bytes(writer, string, strlen(string));
}

char *kithp_writer_room(struct kithp_writer *writer)
{
    if (writer->capacity - writer->used < KITHP_WRITER_ROOM)
        flush(writer);
    return writer->buffer + writer->used;
}

bool kithp_writer_finish(struct kithp_writer *writer)
{
    flush(writer);
    return !writer->failed;
}
