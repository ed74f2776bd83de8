/* SPDX-License-Identifier: MIT */
/*
 * An export's batches, read in one thread while another finds the names in those read before and the caller's tallies
 * the ones before them; what is gzip is inflated in a thread of its own,
 * where one can be had.
 */
#ifndef KITHP_EXPORTS_PIPELINE_H
#define KITHP_EXPORTS_PIPELINE_H

#include "exports/reader.h"
#include "exports/relay.h"

/* Asked now and then while there is nothing to do but wait for the export; true to give up. */
typedef bool (*kithp_pipeline_waiting_fn)(void *context);

enum { KITHP_PIPELINE_BATCHES = 5 }; /* one for each of the three, and one between each two */

struct kithp_pipeline {
    struct kithp_reader *reader;
    struct kithp_members *members; /* among whom names are found */
    struct kithp_batch batches[KITHP_PIPELINE_BATCHES];
    kithp_pipeline_waiting_fn waiting;
    void *waiting_context;
    struct kithp_relay relay;
    unsigned taking; /* the caller's stage; 0 where there is no other thread */
    pthread_t reading_thread;
    pthread_t finding_thread; /* where taking is 2: one may be had for reading, and none for this */
};

/*
 * Begins to read. Without other threads, or where none can be had, batches are read when they are asked for. From the
 * first batch on that comes with its names found, members are not to be touched until the pipeline is stopped; there
 * may then be more of them than the batches taken have brought.
 */
void kithp_pipeline_start(struct kithp_pipeline *pipeline, struct kithp_reader *reader, struct kithp_members *members,
                          bool threaded, kithp_pipeline_waiting_fn waiting, void *waiting_context);

/*
 * The next batch, to be given back before the one after it is asked for, or NULL where waiting gave up. Not to be
 * called after the last.
 */
struct kithp_batch *kithp_pipeline_next(struct kithp_pipeline *pipeline);
void kithp_pipeline_give_back(struct kithp_pipeline *pipeline);

/* Ends reading, before the last batch too, and frees the batches. */
void kithp_pipeline_stop(struct kithp_pipeline *pipeline);

#endif
