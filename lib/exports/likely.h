/* SPDX-License-Identifier: MIT */
/*
 * Rows that are surely one good event, by descriptions that ask for no more than a value of the row for each field. At
 * any other row this stops, and events.h decides what it is.
 */
#ifndef KITHP_EXPORTS_LIKELY_H
#define KITHP_EXPORTS_LIKELY_H

#include "exports/batch.h"
#include "exports/fields.h"
#include "exports/times.h"
#include "sources/lookup.h"

struct kithp_likely {
    bool is_for_us; /* the description asks for no more */
    const struct kithp_json_value
        *values[KITHP_FIELDS]; /* where a row's are set; those that are not read are missing */
    bool csv;                  /* names may be no UTF-8 */
};

/* fields must outlive it. */
void kithp_likely_init(struct kithp_likely *likely, const kith_source *source, const struct kithp_fields *fields);

/* Writes the event behind the batch's others, for which there is room, and sets its id. False where it is not for us.
 */
bool kithp_likely_read(const struct kithp_likely *likely, struct kithp_times *times, struct kithp_source_kinds *kinds,
                       struct kithp_batch *batch, kith_text *id);

#endif
