/* SPDX-License-Identifier: MIT */
/*
 * When open weeks are sealed, so that an import of any size takes memory by its members and not by its events. An
 * application that reviews week by week has two or three weeks open, and sees nothing of this.
 */
#ifndef KITHP_TALLY_SEALING_H
#define KITHP_TALLY_SEALING_H

#include <stdbool.h>

#include <kith/kith.h>

struct kithp_sealer;
struct kithp_spill;
struct kithp_tally;
struct kithp_week;

struct kithp_sealing {
    uint64_t limit;              /* bytes that open weeks may take in memory, or 0 */
    uint64_t usual;              /* bytes that more weeks than `most` may take where there is no limit */
    uint64_t light;              /* a week that takes less is not worth being sealed, unless for one of these two */
    uint32_t most;               /* weeks that stay as they are, if they are not light */
    uint64_t idle;               /* a week is left alone while it is touched at least once in so many events */
    uint64_t every;              /* events between two looks at all this */
    uint64_t events;             /* taken so far */
    uint64_t looked;             /* events when it was looked at last */
    bool asked;                  /* somebody wants to know of open weeks: for that, none is sealed but for the limit */
    struct kithp_spill *spill;   /* NULL until it is needed */
    bool threads;                /* weeks may be sealed by a thread of their own */
    struct kithp_sealer *sealer; /* which is at work, or NULL */
};

void kithp_sealing_init(struct kithp_sealing *sealing);

/*
 * Seals what is to be sealed; to be asked between events. A lack of memory is none of its failures: then nothing is
 * sealed. KITH_INPUT_OUTPUT: there is a limit, and no room for temporary files; nothing that can be seen was changed.
 */
kith_status kithp_tally_settle(struct kithp_tally *tally, kith_error *error);

/*
 * From the first on, memory of weeks that are sealed is kept for others and, with threads, weeks that are left alone
 * may be sealed by a thread of their own while events are added; with the second, which is to be called before anything
 * else is done to the tally, that has come to an end.
 */
void kithp_tally_begin_sealing(struct kithp_tally *tally, bool threads);
void kithp_tally_end_sealing(struct kithp_tally *tally);

/* Sees to it that a week can be changed: waits, where it is just being sealed. */
void kithp_tally_touch(struct kithp_tally *tally, const struct kithp_week *week);

/*
 * Sees to it that a week's rows are those of all its events: those of one week, for as long as no more events come to
 * it, to be gone through as tally/rows.h does and, where they are to stay when it is closed, in its cells; or those of
 * all weeks up to one for good. KITH_NO_MEMORY, KITH_INPUT_OUTPUT: nothing that can be seen was changed.
 */
kith_status kithp_tally_read(struct kithp_tally *tally, int64_t number, bool stay, kith_error *error);
kith_status kithp_tally_restore(struct kithp_tally *tally, int64_t last, kith_error *error);

/*
 * Sees to it that the rows of the week closed last are in its cells, although they were not to stay: to be asked before
 * that week is looked at or changed. False where there is no memory.
 */
bool kithp_tally_keep_reviewed(struct kithp_tally *tally);

#endif
