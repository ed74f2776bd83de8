/* SPDX-License-Identifier: MIT */
#include "exports/pipeline.h"

#include <string.h>

#include "exports/names.h"

/* What becomes of a batch, one after the other. The caller takes it last, be there a thread that finds names or not. */
enum { READING, FINDING };

static struct kithp_batch *batch_at(struct kithp_pipeline *pipeline, unsigned stage)
{
    return &pipeline->batches[kithp_relay_room(&pipeline->relay, stage)];
}

static void *read_batches(void *given)
{
    struct kithp_pipeline *pipeline = given;
    bool last = false;
    kithp_stream_begin_ahead(&pipeline->reader->stream);
    while (!last && kithp_relay_wait(&pipeline->relay, READING)) {
        struct kithp_batch *batch = batch_at(pipeline, READING);
        kithp_reader_fill(pipeline->reader, batch);
        last = batch->last;
        kithp_relay_hand_on(&pipeline->relay, READING);
    }
    kithp_stream_end_ahead(&pipeline->reader->stream);
    return NULL;
}

static void *find_names(void *given)
{
    struct kithp_pipeline *pipeline = given;
    bool last = false, full = false;
    while (!last && kithp_relay_wait(&pipeline->relay, FINDING)) {
        struct kithp_batch *batch = batch_at(pipeline, FINDING);
        /* Of an event whose id is known already, nobody is added: names are found by who knows that. */
        batch->finds = !batch->has_ids;
        batch->found_blocks = 0;
        if (batch->finds && !full)
            kithp_names_find_all(pipeline->members, pipeline->reader->allocator, batch);
        full = batch->finds && batch->found_blocks < batch->block_count;
        last = batch->last;
        kithp_relay_hand_on(&pipeline->relay, FINDING);
    }
    return NULL;
}

static bool is_stopped(void *given)
{
    struct kithp_pipeline *pipeline = given;
    return kithp_relay_is_stopped(&pipeline->relay);
}

static void end_finding(struct kithp_pipeline *pipeline)
{
    if (pipeline->taking > FINDING)
        pthread_join(pipeline->finding_thread, NULL);
    kithp_relay_free(&pipeline->relay);
}

/* Returns the caller's stage, or 0 where no other thread reads. */
static unsigned start_threads(struct kithp_pipeline *pipeline)
{
    pipeline->taking = FINDING + 1;
    kithp_relay_init(&pipeline->relay, KITHP_PIPELINE_BATCHES, pipeline->taking + 1);
    if (pthread_create(&pipeline->finding_thread, NULL, find_names, pipeline) != 0) {
        kithp_relay_free(&pipeline->relay);
        pipeline->taking = FINDING;
        kithp_relay_init(&pipeline->relay, KITHP_PIPELINE_BATCHES, pipeline->taking + 1);
    }
    if (pthread_create(&pipeline->reading_thread, NULL, read_batches, pipeline) == 0)
        return pipeline->taking;
    kithp_relay_stop(&pipeline->relay);
    end_finding(pipeline);
    return 0;
}

void kithp_pipeline_start(struct kithp_pipeline *pipeline, struct kithp_reader *reader, struct kithp_members *members,
                          bool threaded, kithp_pipeline_waiting_fn waiting, void *waiting_context)
{
    memset(pipeline, 0, sizeof *pipeline);
    pipeline->reader = reader;
    pipeline->members = members;
    pipeline->waiting = waiting;
    pipeline->waiting_context = waiting_context;
    struct kithp_input *input = &reader->stream.input;
    input->waiting = is_stopped;
    input->waiting_context = pipeline;
    pipeline->taking = threaded ? start_threads(pipeline) : 0;
    if (pipeline->taking == 0) {
        input->waiting = waiting;
        input->waiting_context = waiting_context;
    }
}

struct kithp_batch *kithp_pipeline_next(struct kithp_pipeline *pipeline)
{
    if (pipeline->taking == 0) {
        kithp_reader_fill(pipeline->reader, &pipeline->batches[0]);
        return &pipeline->batches[0];
    }
    while (!kithp_relay_wait_a_little(&pipeline->relay, pipeline->taking))
        if (pipeline->waiting(pipeline->waiting_context))
            return NULL;
    return batch_at(pipeline, pipeline->taking);
}

void kithp_pipeline_give_back(struct kithp_pipeline *pipeline)
{
    if (pipeline->taking > 0)
        kithp_relay_hand_on(&pipeline->relay, pipeline->taking);
}

void kithp_pipeline_stop(struct kithp_pipeline *pipeline)
{
    if (pipeline->taking > 0) {
        kithp_relay_stop(&pipeline->relay);
        pthread_join(pipeline->reading_thread, NULL);
        end_finding(pipeline);
    }
    for (int i = 0; i < KITHP_PIPELINE_BATCHES; i++)
        kithp_batch_free(pipeline->reader->allocator, &pipeline->batches[i]);
}
