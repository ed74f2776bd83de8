/* SPDX-License-Identifier: MIT */
/* Text that is read ahead of who wants it, in a thread of its own. */
#ifndef KITHP_EXPORTS_AHEAD_H
#define KITHP_EXPORTS_AHEAD_H

#include "exports/relay.h"

#include <kith/kith.h>

/* Returns bytes given, 0 at the end, or -1; then it is not called again. *done is what is told with them. */
typedef int64_t (*kithp_ahead_read_fn)(void *context, void *buffer, size_t capacity, uint64_t *done);

enum {
    KITHP_AHEAD_ROOMS = 4,
    KITHP_AHEAD_ROOM = 1 << 17, /* bytes: as many that starting and ending costs an inflater little */
};

struct kithp_ahead {
    const kith_allocator *allocator;
    kithp_ahead_read_fn read;
    void *context;
    struct kithp_relay relay;
    pthread_t thread;
    char *text; /* of all rooms */
    struct kithp_ahead_outcome {
        int64_t got;
        uint64_t done;
    } outcomes[KITHP_AHEAD_ROOMS];
    size_t at; /* in the room that is being taken */
};

/* Begins to read. False where there is no memory or no thread for it: nothing was read. */
bool kithp_ahead_start(struct kithp_ahead *ahead, const kith_allocator *allocator, kithp_ahead_read_fn read,
                       void *context);

/*
 * As the function that is called ahead, whose bytes are all given before its end or fault is told; not to be called
 * after that. What the function has left in its context by then may be read.
 */
int64_t kithp_ahead_take(struct kithp_ahead *ahead, void *buffer, size_t capacity, uint64_t *done);

/* Waits for a read that is under way, and gives everything back. */
void kithp_ahead_stop(struct kithp_ahead *ahead);

#endif
