/* SPDX-License-Identifier: MIT */
/* From the values of a row to its events, as a description says: to each, or to the reason why it is refused. */
#ifndef KITHP_EXPORTS_EVENTS_H
#define KITHP_EXPORTS_EVENTS_H

#include "exports/batch.h"
#include "exports/fields.h"
#include "exports/likely.h"
#include "exports/paths.h"

/*
 * What one row may add to the rows read, be it taken, refused or left out. Each takes memory until the row is dealt
 * with, the more so where it is refused: a list of a row of 16 MiB might have eight million elements.
 */
enum { KITHP_EVENTS_MOST = 1 << 18 };

struct kithp_events {
    const kith_source *source;
    const struct kithp_row_rules *rules;
    struct kithp_calendar calendar; /* by which times without a zone are read */
    struct kithp_times times;
    struct kithp_source_kinds kinds;
    struct kithp_paths paths;   /* for JSON */
    struct kithp_fields fields; /* the row's are to be set by who reads it, and the document's */
    struct kithp_likely likely;
    bool too_many; /* the row that was read gives more events than KITHP_EVENTS_MOST */
};

/*
 * Finds what the description asks of the policy. KITH_BAD_SOURCE, where it has no such kind; KITH_NO_MEMORY. All that
 * is pointed to must outlive it. In any case, it is to be freed; one that is all zero may be.
 */
kith_status kithp_events_init(struct kithp_events *events, const kith_allocator *allocator,
                              const struct kithp_row_rules *rules, const kith_source *source, kith_error *error);

/* Before the first row, once it is known whether its values are those of CSV. */
void kithp_events_begin(struct kithp_events *events, bool csv);

void kithp_events_free(struct kithp_events *events);

/* Whether rows may have ids. */
static inline bool kithp_events_have_ids(const struct kithp_events *events)
{
    return events->source->events[0].values[KITHP_ID].part_count > 0;
}

/*
 * Writes what a row comes to into a batch, behind what is there: its events, rejects with their faults and columns, and
 * how many events are left out; and the row's id. Of the rest of the row, nothing is set. Where there are too many, the
 * row is to be refused, and nothing that was written counts. False where there is no memory.
 */
bool kithp_events_read(struct kithp_events *events, struct kithp_batch *batch, struct kithp_batch_row *row);

#endif
