/* SPDX-License-Identifier: MIT */
/*
 * Batches of one or several exports, one export behind the other. They are read in lanes: a lane is a thread that reads
 * one export after the other, always the next one that no lane has begun. Another thread finds the names in the batches
 * of all lanes, in the order of the exports, and the caller takes them in that order and tallies them. What is gzip is
 * inflated by threads of its own where there is one lane alone.
 *
 * A lane whose export has not its turn yet gathers what it reads (gather.h).
 */
#ifndef KITHP_EXPORTS_PIPELINE_H
#define KITHP_EXPORTS_PIPELINE_H

#include "exports/gather.h"
#include "exports/relay.h"

/* Asked now and then while there is nothing to do but wait for an export; true to give up. */
typedef bool (*kithp_pipeline_waiting_fn)(void *context);

/* What is to be read. Several exports are to be opened by threads of the pipeline, and so must not have to be waited
 * for.
 */
struct kithp_pipeline_exports {
    uint64_t count; /* 1 and more */
    /* A reader of an export, to be closed by close(); or NULL, with error in full. */
    struct kithp_reader *(*open)(void *context, uint64_t number, kith_error *error);
    void (*close)(void *context, struct kithp_reader *reader);
    void *context;
};

enum {
    KITHP_PIPELINE_BATCHES = 5, /* of a lane: one for each of the three, and one between each two */
    KITHP_PIPELINE_LANES_MOST = 64
};

struct kithp_pipeline_lane {
    struct kithp_pipeline *pipeline;
    struct kithp_batch batches[KITHP_PIPELINE_BATCHES];
    uint64_t reading; /* the export that it is at */
    struct kithp_gather gather;
    struct kithp_relay relay;
    pthread_t thread;
};

struct kithp_pipeline {
    const kith_allocator *allocator;
    const struct kithp_pipeline_exports *exports;
    struct kithp_members *members; /* among whom names are found */
    kithp_pipeline_waiting_fn waiting;
    void *waiting_context;

    struct kithp_pipeline_lane alone; /* where one lane is all that is wanted */
    struct kithp_pipeline_lane *lanes;
    unsigned lane_count;         /* 0 where no other thread reads: */
    struct kithp_reader *reader; /* then the one that is read, or NULL before it is opened */
    struct kithp_batch batch;    /* and what was read */
    pthread_t finding_thread;
    bool has_finder;           /* there is that thread */
    uint64_t taking;           /* the export whose batches are taken */
    struct kithp_batch *given; /* to the caller, or NULL */

    pthread_mutex_t mutex;
    pthread_cond_t begun_one; /* another export was begun, or all was stopped */
    uint64_t begun;           /* exports that lanes have begun; guarded, as what follows */
    uint64_t turn;            /* the export whose batches are wanted */
    uint16_t *lane_of;        /* by export; NULL where there is one lane */
    bool stopped;
};

/*
 * Begins to read with so many lanes. Without any, or where no threads can be had, batches are read when they are asked
 * for. From the first batch on that comes with its names found, members are not to be touched until the pipeline is
 * stopped, or a batch comes whose names were not looked for; there may then be more of them than the batches taken have
 * brought.
 */
void kithp_pipeline_start(struct kithp_pipeline *pipeline, const kith_allocator *allocator,
                          const struct kithp_pipeline_exports *exports, unsigned lanes, struct kithp_members *members,
                          kithp_pipeline_waiting_fn waiting, void *waiting_context);

/*
 * The next batch, to be given back before the one after it is asked for, or NULL where waiting gave up. The last of an
 * export is marked as such; *number is that of its export. Not to be called after the last of the last export, or one
 * with a fault.
 */
struct kithp_batch *kithp_pipeline_next(struct kithp_pipeline *pipeline, uint64_t *number);
void kithp_pipeline_give_back(struct kithp_pipeline *pipeline);

/* Ends reading, before the last batch too, and frees the batches. */
void kithp_pipeline_stop(struct kithp_pipeline *pipeline);

#endif
