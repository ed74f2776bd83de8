/* SPDX-License-Identifier: MIT */
/* Times by patterns (docs/sources.md, Times). */
#ifndef KITHP_SOURCES_TIME_PATTERN_H
#define KITHP_SOURCES_TIME_PATTERN_H

#include <string.h>

#include "base/number.h"
#include "sources/times.h"

/* What is left of a text that is being read from the left. */
struct kithp_time_cursor {
    const char *at;
    const char *end;
};

static inline bool kithp_time_is_at_digit(const struct kithp_time_cursor *cursor)
{
    return cursor->at < cursor->end && kithp_number_is_digit(*cursor->at);
}

static inline bool kithp_time_take_word(struct kithp_time_cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

/*
 * Reads a whole text by a pattern that has been checked by kithp_source_times_check(); zone is that of times which
 * carry none. False where it is no such time; one that is may lie before 1970.
 */
bool kithp_time_pattern_read(kith_text pattern, int32_t zone, kith_text text, int64_t *time);

/* Whether a pattern tells the zone, or the moment. */
bool kithp_time_pattern_carries_zone(kith_text pattern);

#endif
