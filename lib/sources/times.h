/* SPDX-License-Identifier: MIT */
/* How a source writes times (docs/sources.md, Times). */
#ifndef KITHP_SOURCES_TIMES_H
#define KITHP_SOURCES_TIMES_H

#include <stdbool.h>

#include "base/calendar.h"

enum kithp_source_unit {
    KITHP_SOURCE_ANY_TIME, /* what kithp_calendar_parse() reads */
    KITHP_SOURCE_SECONDS,
    KITHP_SOURCE_MILLISECONDS,
    KITHP_SOURCE_MICROSECONDS,
    KITHP_SOURCE_NANOSECONDS,
    KITHP_SOURCE_PATTERN
};

struct kithp_source_times {
    enum kithp_source_unit unit;
    kith_text pattern;
    bool has_zone;
    int32_t zone; /* seconds east of UTC, of times that carry none; the calendar's where has_zone is false */
};

/*
 * What is wrong with a pattern, in words, and at which of its bytes; NULL where nothing is.
 */
const char *kithp_source_times_check(kith_text pattern, size_t *offset);

/* Whether all times tell the moment, so that they need no zone. */
bool kithp_source_times_carry_zone(const struct kithp_source_times *times);

/*
 * Reads a time: Unix seconds, rounded down. False where the text is none, or is outside of what an event can have. A
 * number of a unit may have a fraction and an exponent, as JSON writes it.
 */
bool kithp_source_times_read(const struct kithp_source_times *times, const struct kithp_calendar *calendar,
                             kith_text text, int64_t *time);

#endif
