/* SPDX-License-Identifier: MIT */
#include "exports/times.h"

void kithp_times_init(struct kithp_times *times, const struct kithp_calendar *calendar, int64_t earliest,
                      int64_t latest)
{
    *times = (struct kithp_times){
        .calendar = calendar,
        .earliest = earliest > 0 ? earliest : 0,
        .latest = latest < KITHP_TIME_MOST ? latest : KITHP_TIME_MOST,
        .zone_length = KITHP_TIMES_NONE,
    };
}

/* Of a time of day with a fraction, whose length is that of no other. */
static bool read_with_fraction(const struct kithp_times *times, const char *text, size_t length, int64_t *time)
{
    if (length <= KITHP_TIMES_WHOLE || length > KITHP_TIME_TEXT_MOST || text[KITHP_TIMES_WHOLE] != '.' ||
        times->zone_length == KITHP_TIMES_NONE)
        return false;
    size_t zone = kithp_times_find_zone(text, length);
    int64_t seconds;
    if (zone < KITHP_TIMES_WHOLE + 2 || length - zone != times->zone_length ||
        !kithp_times_are_alike(times, text, zone) || !kithp_times_read_clock(text + KITHP_TIMES_CLOCK, &seconds))
        return false;
    *time = times->midnight + seconds;
    return true;
}

static void remember(struct kithp_times *times, const char *text, size_t length, int64_t midnight)
{
    size_t zone = kithp_times_find_zone(text, length), zone_length = length - zone;
    if (zone_length > 8 || midnight < times->earliest || midnight + KITHP_SECONDS_A_DAY > times->latest)
        return;
    times->month = kithp_words_load(text);
    times->day = kithp_words_load(text + 8) & 0xFFFFFF;
    times->zone_bits = zone_length > 0 ? UINT64_MAX >> (64 - 8 * zone_length) : 0;
    times->zone = kithp_words_load(text + zone) & times->zone_bits;
    times->zone_length = zone_length;
    times->midnight = midnight;
}

bool kithp_times_read_anew(struct kithp_times *times, const char *text, size_t length, int64_t *time)
{
    if (read_with_fraction(times, text, length, time))
        return true;
    if (!kithp_calendar_parse(times->calendar, (kith_text){text, length}, time) || *time < times->earliest ||
        *time > times->latest)
        return false;
    /* Where bytes 11 to 18 are not HH:MM:SS, there are no seconds. */
    int64_t seconds;
    if (length >= KITHP_TIMES_WHOLE && kithp_times_read_clock(text + KITHP_TIMES_CLOCK, &seconds))
        remember(times, text, length, *time - seconds);
    return true;
}
