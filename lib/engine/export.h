/* SPDX-License-Identifier: MIT */
/* A call that adds exports: what it is at, and what has become of them. */
#ifndef KITHP_ENGINE_EXPORT_H
#define KITHP_ENGINE_EXPORT_H

#include "engine/engine.h"
#include "exports/reader.h"

/* An export of a call, and what became of it. */
struct kithp_export_part {
    kith_export input;
    const char *name;
    struct kithp_columns columns;
    kith_added added;
};

/* One call of kith_engine_add_exports(). */
struct kithp_export_run {
    kith_engine *engine;
    struct kithp_row_rules rules;
    struct kithp_export_part *parts;
    uint64_t count;
    const struct kithp_reader *whole; /* where an export is read in pieces, its own, which is not read from; */
    uint64_t pieces;                  /* how many there are, else 0; */
    uint64_t lines;                   /* and the lines of those that were taken */
    uint64_t number;                  /* of the part that is taken, which has: */
    const kith_export *input;
    const char *name;
    const struct kithp_columns *columns;
    kith_added *added;
    kith_error *error;
    struct kithp_engine_mark known; /* by what was taken */
    bool row_is_known;              /* the last row of the blocks taken was, by its id */
    uint64_t bytes_before;          /* of the parts before */
    uint64_t bytes_done;            /* of this one */
    uint64_t bytes_total;
    uint64_t bytes_of_all; /* or 0 where that is not known */
};

/* Whether the caller asks to stop, who is told how far it has come. */
bool kithp_export_is_cancelled(const struct kithp_export_run *run);

/*
 * Takes a batch of the part that is taken: its events, rejects and rows that are left out, in the order of the export,
 * so that what is dealt with is always its beginning. Returns why it, or the reading, is not to go on.
 */
kith_status kithp_export_take_batch(struct kithp_export_run *run, const struct kithp_batch *batch);

#endif
