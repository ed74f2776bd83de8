/* SPDX-License-Identifier: MIT */
#include "tally/sealer.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/alloc.h"
#include "tally/sealed.h"

struct kithp_sealer {
    const kith_allocator *allocator;
    struct kithp_week *week;
    struct kithp_run *run; /* NULL where there is no memory */
    atomic_bool done;
    pthread_t thread;
};

static void *make_run(void *given)
{
    struct kithp_sealer *sealer = given;
    sealer->run = kithp_run_of(sealer->allocator, sealer->week);
    atomic_store_explicit(&sealer->done, true, memory_order_release);
    return NULL;
}

struct kithp_sealer *kithp_sealer_begin(const kith_allocator *allocator, struct kithp_week *week)
{
    struct kithp_sealer *sealer = kithp_alloc_cleared(allocator, 1, sizeof *sealer);
    if (!sealer)
        return NULL;
    sealer->allocator = allocator;
    sealer->week = week;
    atomic_init(&sealer->done, false);
    if (pthread_create(&sealer->thread, NULL, make_run, sealer) == 0)
        return sealer;
    kithp_alloc_free(allocator, sealer);
    return NULL;
}

struct kithp_week *kithp_sealer_week(const struct kithp_sealer *sealer)
{
    return sealer->week;
}

bool kithp_sealer_is_at_work(struct kithp_sealer *sealer)
{
    return !atomic_load_explicit(&sealer->done, memory_order_acquire);
}

bool kithp_sealer_end(struct kithp_sealer *sealer)
{
    pthread_join(sealer->thread, NULL);
    bool sealed = sealer->run && kithp_sealed_put(sealer->week, sealer->run);
    kithp_alloc_free(sealer->allocator, sealer);
    return sealed;
}
