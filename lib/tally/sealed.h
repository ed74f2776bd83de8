/* SPDX-License-Identifier: MIT */
/*
 * What has been put aside of an open week, as runs. Events that still come fill the week's rows and pairs as if there
 * were nothing else; whoever wants to know what the week holds needs all of it together. So a week is in one of three
 * states:
 * - it has no runs: rows and pairs are all there is;
 * - it has runs, and rows and pairs of what has come since;
 * - it has runs, and rows that are a copy of all that they hold, to be read: pairs are in the runs alone.
 */
#ifndef KITHP_TALLY_SEALED_H
#define KITHP_TALLY_SEALED_H

#include "tally/join.h"

struct kithp_sealed {
    struct kithp_run **runs; /* at least one */
    size_t count;
    size_t capacity;
    uint64_t memory;           /* bytes of those that are not in a file */
    struct kithp_run *changed; /* what is to take the place of all, once that cannot fail any more; or NULL */
    bool copied;               /* the week's rows are a copy */
};

/* Frees it; NULL is freed, too. */
void kithp_sealed_free(struct kithp_sealed *sealed, const kith_allocator *allocator);

/* Gives a copy of a week the runs of the week. False where there is no memory. */
bool kithp_sealed_share(struct kithp_week *copy, const struct kithp_week *week);

/* Whether the week's cells hold rows: a copy of what its runs hold, or of what has come since. */
bool kithp_sealed_has_rows(const struct kithp_week *week);

/* Puts rows and pairs aside as one more run. False where there is no memory: nothing was changed. */
bool kithp_sealed_add(struct kithp_week *week);

/* The same by a run of them that has been made, which is taken, or dropped where there is no memory. */
bool kithp_sealed_put(struct kithp_week *week, struct kithp_run *run);

/* Gives up rows that are a copy, so that events can come. */
void kithp_sealed_leave(struct kithp_week *week);

/* Puts runs that are in memory into the file. KITH_NO_MEMORY, KITH_INPUT_OUTPUT: some may stay where they are. */
kith_status kithp_sealed_spill(struct kithp_week *week, struct kithp_spill *spill, kith_error *error);

/*
 * Makes the rows those of all that came to the week, to be read until the next event comes; or makes rows and pairs so,
 * and drops the runs. join->pairs is set by them. KITH_NO_MEMORY, KITH_INPUT_OUTPUT: nothing that can be seen was
 * changed.
 */
kith_status kithp_sealed_read(struct kithp_week *week, const struct kithp_join *how, kith_error *error);
kith_status kithp_sealed_restore(struct kithp_week *week, const struct kithp_join *how, kith_error *error);

/* A week of all that came to one that has runs, which stays as it is; freed by kithp_week_free(). */
kith_status kithp_sealed_whole(const struct kithp_week *week, const struct kithp_join *how, struct kithp_week **whole,
                               kith_error *error);

/* A change of all that a week holds. False where there is no memory. */
typedef bool (*kithp_sealed_change_fn)(void *context, struct kithp_week *whole);

/*
 * A change in two steps, as it may lack memory: prepare makes a run of what the week will hold, which then takes the
 * place of all that it has, or is forgotten. KITH_NO_MEMORY, KITH_INPUT_OUTPUT: there is none.
 */
kith_status kithp_sealed_prepare(struct kithp_week *week, const struct kithp_join *how, kithp_sealed_change_fn change,
                                 void *context, kith_error *error);
void kithp_sealed_commit(struct kithp_week *week);
void kithp_sealed_revert(struct kithp_week *week);

/* Whether so many small runs have come together that the week is worth being put in one. */
bool kithp_sealed_is_scattered(const struct kithp_week *week);

#endif
