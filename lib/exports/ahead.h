/* SPDX-License-Identifier: MIT */
/*
 * Text that is read in portions of one size, whatever the sizes of who takes it; and ahead of that, where there is a
 * thread for it.
 */
#ifndef KITHP_EXPORTS_AHEAD_H
#define KITHP_EXPORTS_AHEAD_H

#include "exports/relay.h"

#include <kith/kith.h>

/* Returns bytes given, 0 at the end, or -1; then it is not called again. *done is what is told with them. */
typedef int64_t (*kithp_ahead_read_fn)(void *context, void *buffer, size_t capacity, uint64_t *done);

enum {
    KITHP_AHEAD_PORTION = 1 << 18, /* bytes: as many that starting and ending costs an inflater little */
    KITHP_AHEAD_OF_A_ROOM = 4,     /* portions that are handed over together, as waking a thread costs as well */
    KITHP_AHEAD_ROOMS = 4,
    KITHP_AHEAD_PORTIONS = KITHP_AHEAD_ROOMS * KITHP_AHEAD_OF_A_ROOM
};

struct kithp_ahead {
    const kith_allocator *allocator;
    kithp_ahead_read_fn read;
    void *context;
    char *text; /* of all portions; of the first alone where there is no thread */
    struct kithp_ahead_outcome {
        int64_t got;
        uint64_t done;
    } outcomes[KITHP_AHEAD_PORTIONS];
    uint64_t portion; /* that is being taken */
    size_t at;        /* in it */
    bool threaded;
    struct kithp_relay relay;
    pthread_t thread;
};

/* False where there is no memory. */
bool kithp_ahead_init(struct kithp_ahead *ahead, const kith_allocator *allocator, kithp_ahead_read_fn read,
                      void *context);
void kithp_ahead_free(struct kithp_ahead *ahead);

/*
 * Lets a thread read, before anything was taken, if memory and a thread can be had. Once it is ended, nothing more is
 * to be taken; ending waits for a read that is under way.
 */
void kithp_ahead_begin(struct kithp_ahead *ahead);
void kithp_ahead_end(struct kithp_ahead *ahead);

/*
 * As the function that is called, whose bytes are all given before its end or fault is told; not to be called after
 * that. What the function has left in its context by then may be read.
 */
int64_t kithp_ahead_take(struct kithp_ahead *ahead, void *buffer, size_t capacity, uint64_t *done);

#endif
