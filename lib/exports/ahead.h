/* SPDX-License-Identifier: MIT */
/* Text that is made in portions, and ahead of who takes it where there is a thread for that. */
#ifndef KITHP_EXPORTS_AHEAD_H
#define KITHP_EXPORTS_AHEAD_H

#include "exports/gzip.h"
#include "exports/relay.h"
#include "exports/stretch.h"

/* Why there is no more text. */
struct kithp_fault {
    kith_status status; /* KITH_OK at the end */
    int64_t error;      /* a negated errno, where the input cannot be read */
    const char *detail; /* what is damaged, in words */
};

/* Where in a portion a member ends, and what its trailer told of it. */
struct kithp_member_end {
    size_t at;
    struct kithp_gzip_sum told;
};

enum { KITHP_AHEAD_ENDS = 32 }; /* of members that a portion can have */

struct kithp_portion {
    unsigned char *text; /* room for it */
    size_t length;
    const struct kithp_stretch *stretch; /* whose text it is, to be inflated by who takes it; or NULL */
    struct kithp_member_end ends[KITHP_AHEAD_ENDS];
    size_t ends_count;
    bool last; /* behind it there is: */
    struct kithp_fault fault;
    uint64_t done; /* bytes of the input that were read for it and what is before it */
};

/* Makes a portion, of whose fields only text is set. Not called again once one was the last. */
typedef void (*kithp_ahead_fill_fn)(void *context, struct kithp_portion *portion, size_t capacity);

enum {
    KITHP_AHEAD_PORTION = 1 << 18, /* bytes: as many that starting and ending costs an inflater little */
    KITHP_AHEAD_LARGE = 1 << 20,   /* where there is a thread, as waking the other costs as well */
    KITHP_AHEAD_PORTIONS = 12      /* then */
};

struct kithp_ahead {
    const kith_allocator *allocator;
    kithp_ahead_fill_fn fill;
    void *context;
    unsigned char *text; /* of all portions; of one where there is no thread */
    struct kithp_portion portions[KITHP_AHEAD_PORTIONS];
    uint64_t front; /* the portion that is taken */
    bool has_front;
    bool threaded;
    struct kithp_relay relay;
    pthread_t thread;
};

/* False where there is no memory. */
bool kithp_ahead_init(struct kithp_ahead *ahead, const kith_allocator *allocator, kithp_ahead_fill_fn fill,
                      void *context);
void kithp_ahead_free(struct kithp_ahead *ahead);

/*
 * Lets a thread make portions, before any was taken, if memory and a thread can be had. Once it is ended, nothing more
 * is to be taken; ending waits for the portion that is being made.
 */
void kithp_ahead_begin(struct kithp_ahead *ahead);
void kithp_ahead_end(struct kithp_ahead *ahead);

/* The portion that has its turn, until it is dropped, which the last is not to be. */
const struct kithp_portion *kithp_ahead_front(struct kithp_ahead *ahead);
void kithp_ahead_drop(struct kithp_ahead *ahead);

/* How many were made and not dropped. To be asked by who makes them. */
uint64_t kithp_ahead_made(struct kithp_ahead *ahead);

#endif
