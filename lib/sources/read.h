/* SPDX-License-Identifier: MIT */
/* From the text of a source description to what is to be done with rows; every fault is reported. */
#ifndef KITHP_SOURCES_READ_H
#define KITHP_SOURCES_READ_H

#include "sources/reader.h"

/*
 * Fills a source that has its allocator, name and arena, and else nothing; the text must lie in the arena. Where
 * faults->count is not 0 after it, it is of no use. False where there is no memory.
 */
bool kithp_source_read_text(kith_text text, kith_source *source, struct kithp_source_faults *faults);

#endif
