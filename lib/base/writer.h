/* SPDX-License-Identifier: MIT */
/* Text on its way out: gathered in a buffer, handed to a callback when that is full. */
#ifndef KITHP_BASE_WRITER_H
#define KITHP_BASE_WRITER_H

#include <stdbool.h>

#include <kith/kith.h>

struct kithp_writer {
    kith_write_fn write;
    void *context;
    char *buffer; /* at least 64 bytes */
    size_t capacity;
    size_t used;
    bool failed; /* the callback asked to stop; all that follows is dropped */
};

/* A number, a date: anything of up to this length can be written in place behind a call of kithp_writer_room(). */
enum { KITHP_WRITER_ROOM = 48 };

void kithp_writer_bytes(struct kithp_writer *writer, const char *bytes, size_t length);

/* A NUL-terminated string. */
void kithp_writer_string(struct kithp_writer *writer, const char *string);

/* Where to write up to KITHP_WRITER_ROOM bytes; add to `used` what was written. */
char *kithp_writer_room(struct kithp_writer *writer);

/* Hands on what is left. False if any call of the callback failed. */
bool kithp_writer_finish(struct kithp_writer *writer);

#endif
