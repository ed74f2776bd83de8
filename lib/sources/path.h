/* SPDX-License-Identifier: MIT */
/* Paths as descriptions write them: of values in JSON, with lists, or the headers of CSV's columns. */
#ifndef KITHP_SOURCES_PATH_H
#define KITHP_SOURCES_PATH_H

#include "sources/reader.h"

/*
 * A path less its brackets: those of the lists, each in an element of the one before, and what is left behind them.
 * Names are in quotes where they must be, and nowhere else, so that paths are the same if their texts are.
 */
struct kithp_source_segments {
    kith_text lists[KITHP_SOURCE_LISTS_MOST];
    uint32_t list_count;
    kith_text rest; /* empty where the path ends with brackets */
};

/* False where there is a fault, which is reported, or no memory. */
bool kithp_source_read_segments(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                                struct kithp_source_segments *segments);

/* No event: that of what belongs to the row as a whole. */
enum { KITHP_SOURCE_NO_EVENT = KITHP_SOURCE_EVENTS_MOST };

/*
 * Reads a path that a value of an event is found by, and adds it to those of its scope, if it is not there yet. False
 * where there is a fault, which is reported, or no memory.
 */
bool kithp_source_add_path(struct kithp_source_reader *reader, uint32_t event, kith_text field,
                           const struct kithp_ini_part *written, struct kithp_source_part *part);

#endif
