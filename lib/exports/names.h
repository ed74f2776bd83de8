/* SPDX-License-Identifier: MIT */
/* The names in rows of an export, found among the members, who are added where they are not known. */
#ifndef KITHP_EXPORTS_NAMES_H
#define KITHP_EXPORTS_NAMES_H

#include "exports/reader.h"

/* Asks for what finding the names of a block's rows will read. */
void kithp_names_look_ahead(const struct kithp_members *members, const struct kithp_row_event *rows, size_t count);

/* The event of a row. False where there is no memory. */
bool kithp_names_find(struct kithp_members *members, const struct kithp_row_event *row, struct kithp_event *event);

/*
 * The events of a batch's blocks, in order, as far as there is memory. Of the block behind those, some names may have
 * been added to the members.
 */
void kithp_names_find_all(struct kithp_members *members, const kith_allocator *allocator, struct kithp_batch *batch);

#endif
