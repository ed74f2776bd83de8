/* SPDX-License-Identifier: MIT */
/* Days, weeks and times on a community's clock (docs/model.md, Calendar), without libc's time zones. */
#ifndef KITHP_BASE_CALENDAR_H
#define KITHP_BASE_CALENDAR_H

#include <stdbool.h>

#include <kith/kith.h>

#include "base/number.h"

enum { KITHP_SECONDS_A_DAY = 86400, KITHP_DAYS_A_WEEK = 7, KITHP_SECONDS_A_WEEK = 604800 };

/* The end of the year 9998, the latest time an event can have. */
#define KITHP_TIME_MOST INT64_C(253370764799)

/* Bytes of a time's text; fractions of seconds have as many digits as anybody likes to write. */
enum { KITHP_TIME_TEXT_MOST = 255 };

/* A community's clock. Days and weeks are counted from 1970-01-01 there; a day may be -1, and a week too. */
struct kithp_calendar {
    int32_t utc_offset;  /* seconds east of UTC */
    uint32_t week_start; /* Monday = 0 … Sunday = 6 */
};

static inline int64_t kithp_calendar_day(const struct kithp_calendar *calendar, int64_t time)
{
    int64_t shifted = time + calendar->utc_offset;
    /* Unsigned division by a constant takes half as long, and few moments lie before 1970. */
    return shifted >= 0 ? (int64_t)((uint64_t)shifted / KITHP_SECONDS_A_DAY)
                        : kithp_number_floor_div(shifted, KITHP_SECONDS_A_DAY);
}

int64_t kithp_calendar_week(const struct kithp_calendar *calendar, int64_t time);

/* The first day of a week, and the second (UTC) at which a week begins. */
int64_t kithp_calendar_first_day(const struct kithp_calendar *calendar, int64_t week);
int64_t kithp_calendar_begin(const struct kithp_calendar *calendar, int64_t week);

/* The day of a date, from year 0 to 9999. False where there is none, such as 30 February. */
bool kithp_calendar_find_day(uint32_t year, uint32_t month, uint32_t day_of_month, int64_t *day);

/* Monday = 0 … Sunday = 6. */
uint32_t kithp_calendar_weekday(int64_t day);

/*
 * Reads a time in the notations of exports, from year 0 to 9999: for a day on which something is to be done, which need
 * not be one that an event can fall on. False where it is not a time.
 */
bool kithp_calendar_parse_any(const struct kithp_calendar *calendar, kith_text text, int64_t *time);

/*
 * Reads a time as exports write it: Unix seconds, or ISO 8601, on the community's clock unless it carries an offset.
 * False where it is not a time, or one outside 0 … KITHP_TIME_MOST.
 */
bool kithp_calendar_parse(const struct kithp_calendar *calendar, kith_text text, int64_t *time);

enum { KITHP_DATE_ROOM = 24, KITHP_TIME_ROOM = 32 };

/* These write without end mark and return how many bytes: "2026-03-20", "2026-03-20T17:05:00Z". */
size_t kithp_calendar_format_day(char *out, int64_t day);
size_t kithp_calendar_format_time(char *out, int64_t time);

#endif
