/* SPDX-License-Identifier: MIT */
#include "inspect/moments.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/number.h"
#include "inspect/type.h"
#include "sources/times.h"

/*
 * What spreadsheets, forums and logs write beside ISO 8601; %b reads names of months in full, too. Of two that read the
 * same texts, the one that is meant more often stands first; a line more is all that another one takes, up to 64.
 */
static const char *const patterns[] = {
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %I:%M %p",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d.%m.%Y, %H:%M:%S",
    "%d.%m.%Y, %H:%M",
    "%d/%m/%Y, %H:%M:%S",
    "%m/%d/%Y, %H:%M:%S",
    "%m/%d/%Y, %I:%M:%S %p",
    "%d-%m-%Y %H:%M:%S",
    "%m-%d-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%m-%d-%Y %H:%M",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d",
    "%Y%m%dT%H%M%S%z",
    "%Y%m%dT%H%M%S",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%a %b %d %H:%M:%S %z %Y",
    "%a %b %d %H:%M:%S %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %Z",
    "%Y-%m-%d %H:%M:%S,%f",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p",
    "%d/%b/%Y:%H:%M:%S %z",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %b %Y",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y",
    "%d-%b-%y %I:%M %p",
    "%b %d, %Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
    "%b %d, %Y",
    "%d/%m/%y %H:%M",
    "%m/%d/%y %H:%M",
    "%d/%m/%y, %H:%M",
    "%m/%d/%y, %I:%M %p",
    "%d.%m.%y, %H:%M",
    "%d.%m.%y %H:%M",
};

enum { PATTERNS = sizeof patterns / sizeof *patterns, TEXT_LEAST = 6, TEXT_MOST = 40 };

/* Texts that all patterns are tried on; and those behind which none is, if none has read any. */
enum { TRIED_BY_ALL = 64, TRIED_IN_VAIN_MOST = 100 };
_Static_assert(PATTERNS <= 64, "a bit for each pattern");

/* Where plain numbers are taken for moments: the years 1990 to 2099. */
static const int64_t year_1990 = INT64_C(631152000), year_2100 = INT64_C(4102444800);
static const int64_t units[] = {1, 1000, 1000000, 1000000000};

static const struct kithp_calendar utc = {0, 0};

static void count(struct kithp_moments_span *span, int64_t time)
{
    if (span->count == 0 || time < span->first)
        span->first = time;
    if (span->count == 0 || time > span->last)
        span->last = time;
    span->sum += (uint64_t)time;
    span->count++;
}

static bool add_number(struct kithp_moments *moments, kith_text value)
{
    int64_t number;
    if (!kithp_type_read_whole(value, &number))
        return false;
    for (int i = 0; i < 4; i++) {
        int64_t time = kithp_number_floor_div(number, units[i]);
        if (time < year_1990 || time >= year_2100)
            continue;
        count(&moments->spans[KITHP_MOMENTS_SECONDS + i], time);
        return true;
    }
    return false;
}

/* ---- patterns ---- */

static bool read_by(size_t pattern, kith_text value, int64_t *time)
{
    const struct kithp_source_times times = {
        .unit = KITHP_SOURCE_PATTERN, .pattern = kith_text_of(patterns[pattern]), .has_zone = true};
    return kithp_source_times_read(&times, &utc, value, time);
}

/* A look that costs little and lets through whatever a pattern might read. */
static bool may_be_a_time(kith_text value)
{
    if (value.length < TEXT_LEAST || value.length > TEXT_MOST)
        return false;
    unsigned digits = 0;
    for (uint64_t i = 0; i < value.length; i++)
        digits += kithp_number_is_digit(value.data[i]);
    return digits >= 3;
}

/* Those of `tried` that read the value, each of which counts it. */
static uint64_t try_patterns(struct kithp_moments *moments, uint64_t tried, kith_text value)
{
    uint64_t fit = 0;
    for (; tried; tried &= tried - 1) {
        unsigned pattern = kithp_bytes_lowest_bit(tried);
        int64_t time;
        if (!read_by(pattern, value, &time))
            continue;
        fit |= UINT64_C(1) << pattern;
        count(&moments->by_pattern[pattern], time);
    }
    return fit;
}

static bool add_text(struct kithp_moments *moments, const kith_allocator *allocator, kith_text value)
{
    /* What has been a hundred other things is no time, and trying all patterns takes its time. */
    if (moments->patterned == 0 && moments->tried >= TRIED_IN_VAIN_MOST)
        return true;
    moments->tried++;
    if (!may_be_a_time(value))
        return true;
    if (!moments->by_pattern)
        moments->by_pattern = kithp_alloc_cleared(allocator, PATTERNS, sizeof *moments->by_pattern);
    if (!moments->by_pattern)
        return false;
    const uint64_t all = PATTERNS == 64 ? UINT64_MAX : (UINT64_C(1) << (PATTERNS % 64)) - 1;
    /* Later, those that have read some are likely to read the next, and trying all takes its time. */
    uint64_t first = moments->tried <= TRIED_BY_ALL ? all : moments->live;
    uint64_t fit = try_patterns(moments, first, value);
    if (fit == 0)
        fit = try_patterns(moments, all & ~first, value);
    moments->live |= fit;
    moments->patterned += fit != 0;
    return true;
}

/* The pattern that reads the most of the values; of several, the first. There must be one. */
static unsigned best_pattern(const struct kithp_moments *moments)
{
    unsigned best = kithp_bytes_lowest_bit(moments->live);
    for (uint64_t live = moments->live & (moments->live - 1); live; live &= live - 1) {
        unsigned pattern = kithp_bytes_lowest_bit(live);
        if (moments->by_pattern[pattern].count > moments->by_pattern[best].count)
            best = pattern;
    }
    return best;
}

/* ---- the whole ---- */

bool kithp_moments_add(struct kithp_moments *moments, const kith_allocator *allocator, kith_text value, uint32_t type)
{
    if (type == KITH_TYPE_EMPTY || type == KITH_TYPE_BOOLEAN)
        return true;
    if (type == KITH_TYPE_WHOLE || type == KITH_TYPE_NUMBER)
        return add_number(moments, value) || add_text(moments, allocator, value);
    int64_t time;
    /* Digits with a zero in front, which are text, would be Unix seconds. */
    bool has_mark = value.length > 4 && !kithp_number_is_digit(value.data[4]);
    if (has_mark && kithp_calendar_parse(&utc, value, &time)) {
        count(&moments->spans[KITHP_MOMENTS_ISO], time);
        return true;
    }
    return add_text(moments, allocator, value);
}

void kithp_moments_free(struct kithp_moments *moments, const kith_allocator *allocator)
{
    kithp_alloc_free(allocator, moments->by_pattern);
    moments->by_pattern = NULL;
}

enum kithp_moments_notation kithp_moments_best(const struct kithp_moments *moments, struct kithp_moments_span *span)
{
    int best = KITHP_MOMENTS_ISO;
    for (int i = best + 1; i < KITHP_MOMENTS_PATTERN; i++)
        if (moments->spans[i].count > moments->spans[best].count)
            best = i;
    *span = moments->spans[best];
    if (moments->live == 0)
        return (enum kithp_moments_notation)best;
    const struct kithp_moments_span *patterned = &moments->by_pattern[best_pattern(moments)];
    if (patterned->count <= span->count)
        return (enum kithp_moments_notation)best;
    *span = *patterned;
    return KITHP_MOMENTS_PATTERN;
}

const char *kithp_moments_pattern(const struct kithp_moments *moments)
{
    struct kithp_moments_span span;
    bool is_best = kithp_moments_best(moments, &span) == KITHP_MOMENTS_PATTERN;
    return is_best ? patterns[best_pattern(moments)] : NULL;
}

const char *kithp_moments_rival(const struct kithp_moments *moments)
{
    struct kithp_moments_span span;
    if (kithp_moments_best(moments, &span) != KITHP_MOMENTS_PATTERN)
        return NULL;
    for (uint64_t live = moments->live; live; live &= live - 1) {
        unsigned pattern = kithp_bytes_lowest_bit(live);
        const struct kithp_moments_span *other = &moments->by_pattern[pattern];
        if (other->count == span.count && other->sum != span.sum)
            return patterns[pattern];
    }
    return NULL;
}

const char *kithp_moments_known(size_t index)
{
    return index < PATTERNS ? patterns[index] : NULL;
}
