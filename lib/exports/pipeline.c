/* SPDX-License-Identifier: MIT */
#include "exports/pipeline.h"

#include <string.h>

#include "base/alloc.h"
#include "exports/names.h"

/* What becomes of a batch, one after the other. The caller takes it last, be there a thread that finds names or not. */
enum { READING, FINDING };

static unsigned taking_stage(const struct kithp_pipeline *pipeline)
{
    return pipeline->has_finder ? FINDING + 1 : FINDING;
}

static struct kithp_batch *batch_at(struct kithp_pipeline_lane *lane, unsigned stage)
{
    return &lane->batches[kithp_relay_room(&lane->relay, stage)];
}

static bool is_stopped(void *given)
{
    struct kithp_pipeline *pipeline = given;
    pthread_mutex_lock(&pipeline->mutex);
    bool stopped = pipeline->stopped;
    pthread_mutex_unlock(&pipeline->mutex);
    return stopped;
}

/* ---- reading ---- */

/* The next export that nobody has begun becomes the lane's. False where there is none. */
static bool begin_one(struct kithp_pipeline_lane *lane, uint64_t *number)
{
    struct kithp_pipeline *pipeline = lane->pipeline;
    pthread_mutex_lock(&pipeline->mutex);
    bool begins = !pipeline->stopped && pipeline->begun < pipeline->exports->count;
    if (begins) {
        *number = pipeline->begun++;
        if (pipeline->lane_of)
            pipeline->lane_of[*number] = (uint16_t)(lane - pipeline->lanes);
        pthread_cond_broadcast(&pipeline->begun_one);
    }
    pthread_mutex_unlock(&pipeline->mutex);
    return begins;
}

static struct kithp_reader *open_reader(struct kithp_pipeline *pipeline, uint64_t number, struct kithp_batch *batch,
                                        kithp_pipeline_waiting_fn waiting, void *context)
{
    const struct kithp_pipeline_exports *exports = pipeline->exports;
    kith_error error = {.size = sizeof error};
    struct kithp_reader *reader = exports->open(exports->context, number, &error);
    if (!reader) {
        kithp_batch_fail(batch, &error);
        return NULL;
    }
    reader->stream.input.waiting = waiting;
    reader->stream.input.waiting_context = context;
    return reader;
}

/* Whether a lane's export has its turn, or all was stopped. */
static bool is_wanted(void *given)
{
    struct kithp_pipeline_lane *lane = given;
    struct kithp_pipeline *pipeline = lane->pipeline;
    pthread_mutex_lock(&pipeline->mutex);
    bool wanted = pipeline->turn >= lane->reading || pipeline->stopped;
    pthread_mutex_unlock(&pipeline->mutex);
    return wanted;
}

static void fill_batch(struct kithp_pipeline_lane *lane, struct kithp_reader *reader, struct kithp_batch *batch)
{
    unsigned lanes = lane->pipeline->lane_count;
    if (lanes == 1)
        kithp_reader_fill(reader, batch);
    else
        kithp_gather_fill(&lane->gather, reader, batch, lanes, is_wanted, lane);
    batch->large = kithp_batch_is_large(batch);
}

/*
 * False where the lane is to go no further: behind a fault, or where all was stopped. Behind a large batch, none is
 * read until it was taken: there may be a hundred MiB of what one row gives.
 */
static bool fill_batches(struct kithp_pipeline_lane *lane, struct kithp_reader *reader)
{
    for (bool last = false; !last;) {
        if (!kithp_relay_wait(&lane->relay, READING))
            return false;
        struct kithp_batch *batch = batch_at(lane, READING);
        fill_batch(lane, reader, batch);
        last = batch->last;
        bool fine = batch->status == KITH_OK, large = batch->large;
        kithp_relay_hand_on(&lane->relay, READING);
        if (!fine)
            return false;
        if (large && !kithp_relay_wait_for_all(&lane->relay))
            return false;
    }
    return true;
}

static bool read_export(struct kithp_pipeline_lane *lane, uint64_t number)
{
    struct kithp_pipeline *pipeline = lane->pipeline;
    if (!kithp_relay_wait(&lane->relay, READING))
        return false;
    struct kithp_reader *reader = open_reader(pipeline, number, batch_at(lane, READING), is_stopped, pipeline);
    if (!reader) {
        kithp_relay_hand_on(&lane->relay, READING);
        return false;
    }
    if (pipeline->lane_count == 1)
        kithp_stream_begin_ahead(&reader->stream);
    lane->reading = number;
    bool goes_on = fill_batches(lane, reader);
    kithp_stream_end_ahead(&reader->stream);
    pipeline->exports->close(pipeline->exports->context, reader);
    return goes_on;
}

static void *read_exports(void *given)
{
    struct kithp_pipeline_lane *lane = given;
    uint64_t number;
    while (begin_one(lane, &number) && read_export(lane, number)) {
    }
    return NULL;
}

/* ---- finding names ---- */

/* The lane of an export that was begun. */
static struct kithp_pipeline_lane *lane_of(struct kithp_pipeline *pipeline, uint64_t number)
{
    return &pipeline->lanes[pipeline->lane_of ? pipeline->lane_of[number] : 0];
}

/* The lane that reads an export, once one has begun it; NULL where all was stopped. It is the export's turn then. */
static struct kithp_pipeline_lane *wait_for_lane(struct kithp_pipeline *pipeline, uint64_t number)
{
    pthread_mutex_lock(&pipeline->mutex);
    pipeline->turn = pipeline->turn > number ? pipeline->turn : number;
    while (!pipeline->stopped && pipeline->begun <= number)
        pthread_cond_wait(&pipeline->begun_one, &pipeline->mutex);
    struct kithp_pipeline_lane *lane = pipeline->stopped ? NULL : lane_of(pipeline, number);
    pthread_mutex_unlock(&pipeline->mutex);
    return lane;
}

/*
 * Of an event whose id is known already, nobody is added: names are found by who knows that, which is the caller. As
 * members are not for two, they are the caller's from there on.
 */
static void find_names_of(struct kithp_pipeline *pipeline, struct kithp_batch *batch, bool *finds)
{
    *finds = *finds && !batch->has_ids;
    batch->finds = *finds;
    batch->found_blocks = 0;
    if (batch->finds)
        kithp_names_find_all(pipeline->members, pipeline->allocator, batch);
}

static void *find_names(void *given)
{
    struct kithp_pipeline *pipeline = given;
    bool finds = true;
    for (uint64_t number = 0; number < pipeline->exports->count; number++) {
        struct kithp_pipeline_lane *lane = wait_for_lane(pipeline, number);
        bool last = !lane;
        while (!last && kithp_relay_wait(&lane->relay, FINDING)) {
            struct kithp_batch *batch = batch_at(lane, FINDING);
            find_names_of(pipeline, batch, &finds);
            last = batch->last;
            kithp_relay_hand_on(&lane->relay, FINDING);
        }
        if (!last || !lane)
            return NULL;
    }
    return NULL;
}

/* ---- starting ---- */

/* True if at least one lane reads. */
static bool start_lanes(struct kithp_pipeline *pipeline, unsigned wanted)
{
    unsigned stages = taking_stage(pipeline) + 1;
    for (unsigned i = 0; i < wanted; i++) {
        pipeline->lanes[i].pipeline = pipeline;
        kithp_relay_init(&pipeline->lanes[i].relay, KITHP_PIPELINE_BATCHES, stages);
    }
    /* Lanes look at how many there are: none is to begin before that is known. */
    pthread_mutex_lock(&pipeline->mutex);
    unsigned made = 0;
    while (made < wanted &&
           pthread_create(&pipeline->lanes[made].thread, NULL, read_exports, &pipeline->lanes[made]) == 0)
        made++;
    pipeline->lane_count = made;
    pthread_mutex_unlock(&pipeline->mutex);
    for (unsigned i = made; i < wanted; i++)
        kithp_relay_free(&pipeline->lanes[i].relay);
    return made > 0;
}

static void stop_threads(struct kithp_pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->mutex);
    pipeline->stopped = true;
    pthread_cond_broadcast(&pipeline->begun_one);
    pthread_mutex_unlock(&pipeline->mutex);
    for (unsigned i = 0; i < pipeline->lane_count; i++)
        kithp_relay_stop(&pipeline->lanes[i].relay);
    for (unsigned i = 0; i < pipeline->lane_count; i++)
        pthread_join(pipeline->lanes[i].thread, NULL);
    if (pipeline->has_finder)
        pthread_join(pipeline->finding_thread, NULL);
    for (unsigned i = 0; i < pipeline->lane_count; i++)
        kithp_relay_free(&pipeline->lanes[i].relay);
}

/* Room for lanes. False where there is no memory. */
static bool make_lanes(struct kithp_pipeline *pipeline, unsigned lanes)
{
    const kith_allocator *allocator = pipeline->allocator;
    pipeline->lanes = &pipeline->alone;
    if (lanes == 1)
        return true;
    pipeline->lane_of = kithp_alloc_array(allocator, pipeline->exports->count, sizeof *pipeline->lane_of);
    pipeline->lanes = kithp_alloc_cleared(allocator, lanes, sizeof *pipeline->lanes);
    return pipeline->lane_of && pipeline->lanes;
}

static void free_lanes(struct kithp_pipeline *pipeline)
{
    for (unsigned i = 0; i < pipeline->lane_count; i++) {
        for (int k = 0; k < KITHP_PIPELINE_BATCHES; k++)
            kithp_batch_free(pipeline->allocator, &pipeline->lanes[i].batches[k]);
        kithp_gather_free(&pipeline->lanes[i].gather, pipeline->allocator);
    }
    if (pipeline->lanes != &pipeline->alone)
        kithp_alloc_free(pipeline->allocator, pipeline->lanes);
    kithp_alloc_free(pipeline->allocator, pipeline->lane_of);
}

static void start_threads(struct kithp_pipeline *pipeline, unsigned lanes)
{
    uint64_t count = pipeline->exports->count;
    lanes = lanes < KITHP_PIPELINE_LANES_MOST ? lanes : KITHP_PIPELINE_LANES_MOST;
    lanes = lanes < count ? lanes : (unsigned)count;
    if (!make_lanes(pipeline, lanes))
        return;
    pipeline->has_finder = pthread_create(&pipeline->finding_thread, NULL, find_names, pipeline) == 0;
    if (!start_lanes(pipeline, lanes)) {
        stop_threads(pipeline);
        pipeline->has_finder = false;
    }
}

void kithp_pipeline_start(struct kithp_pipeline *pipeline, const kith_allocator *allocator,
                          const struct kithp_pipeline_exports *exports, unsigned lanes, struct kithp_members *members,
                          kithp_pipeline_waiting_fn waiting, void *waiting_context)
{
    *pipeline = (struct kithp_pipeline){
        .allocator = allocator,
        .exports = exports,
        .members = members,
        .waiting = waiting,
        .waiting_context = waiting_context,
    };
    pthread_mutex_init(&pipeline->mutex, NULL);
    pthread_cond_init(&pipeline->begun_one, NULL);
    if (lanes > 0)
        start_threads(pipeline, lanes);
}

/* ---- taking ---- */

/* Where no other thread reads. */
static struct kithp_batch *read_next(struct kithp_pipeline *pipeline)
{
    struct kithp_batch *batch = &pipeline->batch;
    if (!pipeline->reader)
        pipeline->reader = open_reader(pipeline, pipeline->taking, batch, pipeline->waiting, pipeline->waiting_context);
    if (pipeline->reader)
        kithp_reader_fill(pipeline->reader, batch);
    return batch;
}

struct kithp_batch *kithp_pipeline_next(struct kithp_pipeline *pipeline, uint64_t *number)
{
    *number = pipeline->taking;
    if (pipeline->lane_count == 0)
        return pipeline->given = read_next(pipeline);
    /* Lanes that are ahead begin the next export before they are held up: this is not for long. */
    struct kithp_pipeline_lane *lane = wait_for_lane(pipeline, pipeline->taking);
    while (!kithp_relay_wait_a_little(&lane->relay, taking_stage(pipeline)))
        if (pipeline->waiting(pipeline->waiting_context))
            return NULL;
    return pipeline->given = batch_at(lane, taking_stage(pipeline));
}

static void close_reader(struct kithp_pipeline *pipeline)
{
    if (pipeline->reader)
        pipeline->exports->close(pipeline->exports->context, pipeline->reader);
    pipeline->reader = NULL;
}

void kithp_pipeline_give_back(struct kithp_pipeline *pipeline)
{
    bool last = pipeline->given->last;
    uint64_t number = pipeline->taking;
    pipeline->taking += last;
    if (pipeline->lane_count > 0) {
        /* There are many batches, to keep as much for the next. */
        if (pipeline->given->large)
            kithp_batch_free(pipeline->allocator, pipeline->given);
        kithp_relay_hand_on(&lane_of(pipeline, number)->relay, taking_stage(pipeline));
    } else if (last) {
        close_reader(pipeline);
    }
}

void kithp_pipeline_stop(struct kithp_pipeline *pipeline)
{
    if (pipeline->lane_count > 0)
        stop_threads(pipeline);
    close_reader(pipeline);
    pthread_cond_destroy(&pipeline->begun_one);
    pthread_mutex_destroy(&pipeline->mutex);
    free_lanes(pipeline);
    kithp_batch_free(pipeline->allocator, &pipeline->batch);
}
