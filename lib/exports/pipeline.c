/* SPDX-License-Identifier: MIT */
#include "exports/pipeline.h"

#include <string.h>
#include <time.h>

static struct kithp_batch *batch_of(struct kithp_pipeline *pipeline, uint64_t number)
{
    return &pipeline->batches[number % KITHP_PIPELINE_BATCHES];
}

/* Waits until there is a free batch. False where reading is to end. */
static bool wait_for_room(struct kithp_pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->mutex);
    while (!pipeline->stopped && pipeline->filled - pipeline->taken == KITHP_PIPELINE_BATCHES)
        pthread_cond_wait(&pipeline->changed, &pipeline->mutex);
    bool goes_on = !pipeline->stopped;
    pthread_mutex_unlock(&pipeline->mutex);
    return goes_on;
}

static void count_up(struct kithp_pipeline *pipeline, uint64_t *count)
{
    pthread_mutex_lock(&pipeline->mutex);
    (*count)++;
    pthread_cond_signal(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->mutex);
}

static void *read_all(void *given)
{
    struct kithp_pipeline *pipeline = given;
    bool last = false;
    /* `filled` is this thread's to change, and may be read here without the lock. */
    while (!last && wait_for_room(pipeline)) {
        struct kithp_batch *batch = batch_of(pipeline, pipeline->filled);
        kithp_reader_fill(pipeline->reader, batch);
        last = batch->last;
        count_up(pipeline, &pipeline->filled);
    }
    return NULL;
}

static bool is_stopped(void *given)
{
    struct kithp_pipeline *pipeline = given;
    pthread_mutex_lock(&pipeline->mutex);
    bool stopped = pipeline->stopped;
    pthread_mutex_unlock(&pipeline->mutex);
    return stopped;
}

static void destroy_locks(struct kithp_pipeline *pipeline)
{
    pthread_cond_destroy(&pipeline->changed);
    pthread_mutex_destroy(&pipeline->mutex);
}

static bool start_thread(struct kithp_pipeline *pipeline)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pipeline->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&pipeline->mutex, NULL);
    if (pthread_create(&pipeline->thread, NULL, read_all, pipeline) == 0)
        return true;
    destroy_locks(pipeline);
    return false;
}

void kithp_pipeline_start(struct kithp_pipeline *pipeline, struct kithp_reader *reader, bool threaded,
                          kithp_pipeline_waiting_fn waiting, void *waiting_context)
{
    memset(pipeline, 0, sizeof *pipeline);
    pipeline->reader = reader;
    pipeline->waiting = waiting;
    pipeline->waiting_context = waiting_context;
    struct kithp_source *source = &reader->stream.source;
    source->waiting = is_stopped;
    source->waiting_context = pipeline;
    pipeline->threaded = threaded && start_thread(pipeline);
    if (!pipeline->threaded) {
        source->waiting = waiting;
        source->waiting_context = waiting_context;
    }
}

/* Waits for a filled batch, a tenth of a second at most. */
static bool wait_for_batch(struct kithp_pipeline *pipeline)
{
    enum { NANOSECONDS = 1000000000, TENTH = NANOSECONDS / 10 };
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TENTH;
    if (until.tv_nsec >= NANOSECONDS) {
        until.tv_nsec -= NANOSECONDS;
        until.tv_sec++;
    }
    pthread_mutex_lock(&pipeline->mutex);
    int outcome = 0;
    while (pipeline->filled == pipeline->taken && outcome == 0)
        outcome = pthread_cond_timedwait(&pipeline->changed, &pipeline->mutex, &until);
    bool filled = pipeline->filled != pipeline->taken;
    pthread_mutex_unlock(&pipeline->mutex);
    return filled;
}

struct kithp_batch *kithp_pipeline_next(struct kithp_pipeline *pipeline)
{
    if (!pipeline->threaded) {
        kithp_reader_fill(pipeline->reader, &pipeline->batches[0]);
        return &pipeline->batches[0];
    }
    while (!wait_for_batch(pipeline))
        if (pipeline->waiting(pipeline->waiting_context))
            return NULL;
    /* `taken` is this thread's to change, and may be read here without the lock. */
    return batch_of(pipeline, pipeline->taken);
}

void kithp_pipeline_give_back(struct kithp_pipeline *pipeline)
{
    if (pipeline->threaded)
        count_up(pipeline, &pipeline->taken);
}

void kithp_pipeline_stop(struct kithp_pipeline *pipeline)
{
    if (pipeline->threaded) {
        pthread_mutex_lock(&pipeline->mutex);
        pipeline->stopped = true;
        pthread_cond_signal(&pipeline->changed);
        pthread_mutex_unlock(&pipeline->mutex);
        pthread_join(pipeline->thread, NULL);
        destroy_locks(pipeline);
    }
    for (int i = 0; i < KITHP_PIPELINE_BATCHES; i++)
        kithp_batch_free(pipeline->reader->allocator, &pipeline->batches[i]);
}
