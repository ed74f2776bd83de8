/* SPDX-License-Identifier: MIT */
/*
 * A thread that goes ahead of the one that inflates a large file, and looks into stretches of it (stretch.h). One that
 * is looked into by the time that thread comes to it need not be inflated there: who takes the text does that, while
 * inflating goes on behind it. It has no say in what the text is; and it uses little but what others leave of the
 * processors.
 */
#ifndef KITHP_EXPORTS_SCOUT_H
#define KITHP_EXPORTS_SCOUT_H

#include <pthread.h>
#include <stdatomic.h>

#include "exports/input.h"
#include "exports/stretch.h"

enum { KITHP_SCOUT_STRETCHES = 4 };

enum kithp_scout_use {
    KITHP_SCOUT_FREE,
    KITHP_SCOUT_LOOKED_INTO, /* the thread is about it */
    KITHP_SCOUT_READY,
    KITHP_SCOUT_TAKEN,
};

struct kithp_scout {
    const kith_allocator *allocator;
    struct kithp_input input; /* the same file, read by itself */
    struct kithp_stretcher *stretcher;
    struct kithp_stretch *stretches;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;                           /* what may let it go on */
    enum kithp_scout_use uses[KITHP_SCOUT_STRETCHES]; /* guarded, as what follows; all figures are bytes of the input */
    uint64_t at;                                      /* where inflating has come to */
    uint64_t passed_over;                             /* that it had not to inflate */
    uint64_t looked;                                  /* up to where stretches were looked for */
    uint64_t lead;                                    /* that inflating goes on for while one is looked into */
    bool wanted;                                      /* stretches are */
    bool ended;                                       /* there is no more to look into; nobody asks but tests */
    atomic_bool stopped;                              /* the thread is to end; not guarded, as it is asked often */
};

/*
 * Begins to look into a file that is inflated from its beginning on, and can be read anywhere. False where it cannot
 * be, is too small, or there is no memory or thread.
 */
bool kithp_scout_begin(struct kithp_scout *scout, const kith_allocator *allocator, const struct kithp_input *input);
void kithp_scout_end(struct kithp_scout *scout);

/*
 * Inflating has come to a byte, and stretches are wanted or not. Returns the byte that it is to come to exactly, or
 * UINT64_MAX.
 */
uint64_t kithp_scout_come_to(struct kithp_scout *scout, uint64_t at, bool wanted);

/*
 * Inflating has come to that byte. Returns the stretch that begins at a bit of the input, from which on the caller goes
 * on behind it; or NULL, as for the bit UINT64_MAX, where what looked like one is none.
 */
struct kithp_stretch *kithp_scout_take(struct kithp_scout *scout, uint64_t at, uint64_t bit);

/* By whichever thread has inflated it. */
void kithp_scout_give_back(struct kithp_scout *scout, const struct kithp_stretch *stretch);

#endif
