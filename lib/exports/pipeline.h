/* SPDX-License-Identifier: MIT */
/* Reading an export in a thread of its own, so that one batch is read while another is tallied. */
#ifndef KITHP_EXPORTS_PIPELINE_H
#define KITHP_EXPORTS_PIPELINE_H

#include <pthread.h>

#include "exports/reader.h"

/* Asked now and then while there is nothing to do but wait for the export; true to give up. */
typedef bool (*kithp_pipeline_waiting_fn)(void *context);

enum { KITHP_PIPELINE_BATCHES = 3 }; /* one being read, one being tallied, one between them */

struct kithp_pipeline {
    struct kithp_reader *reader;
    struct kithp_batch batches[KITHP_PIPELINE_BATCHES];
    kithp_pipeline_waiting_fn waiting;
    void *waiting_context;
    bool threaded;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint64_t filled; /* batches filled so far */
    uint64_t taken;  /* batches given back so far */
    bool stopped;    /* the reading thread is to end */
};

/* Begins to read. Without a second thread, or where none can be had, batches are read when they are asked for. */
void kithp_pipeline_start(struct kithp_pipeline *pipeline, struct kithp_reader *reader, bool threaded,
                          kithp_pipeline_waiting_fn waiting, void *waiting_context);

/*
 * The next batch, to be given back before the one after it is asked for, or NULL where waiting gave up. Not to be
 * called after the last.
 */
struct kithp_batch *kithp_pipeline_next(struct kithp_pipeline *pipeline);
void kithp_pipeline_give_back(struct kithp_pipeline *pipeline);

/* Ends reading, before the last batch too, and frees the batches. */
void kithp_pipeline_stop(struct kithp_pipeline *pipeline);

#endif
