/* SPDX-License-Identifier: MIT */
#include "exports/times.h"

void kithp_times_init(struct kithp_times *times)
{
    *times = (struct kithp_times){.zone_length = SIZE_MAX};
}

bool kithp_times_read_anew(struct kithp_times *times, const struct kithp_calendar *calendar, const char *text,
                           size_t length, int64_t *time)
{
    if (!kithp_calendar_parse(calendar, (kith_text){text, length}, time))
        return false;
    /* Bytes 11 to 18 are HH:MM:SS, or what is behind HH:MM is not seconds. */
    int64_t seconds;
    if (length < sizeof "YYYY-MM-DDTHH:MM:SS" - 1 || !kithp_times_read_clock(text + 11, &seconds))
        return true;
    size_t zone = kithp_times_find_zone(text, length);
    if (length - zone > 8)
        return true;
    *times = (struct kithp_times){
        .month = kithp_bytes_load(text),
        .day = kithp_bytes_load(text + 8) & 0xFFFFFF,
        .zone = zone < length ? kithp_bytes_load_few(text + zone, length - zone) : 0,
        .zone_length = length - zone,
        .midnight = *time - seconds,
    };
    return true;
}
