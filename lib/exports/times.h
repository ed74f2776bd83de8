/* SPDX-License-Identifier: MIT */
/*
 * Times of an export, most of which are written like the one before them: in the same notation, and often on the same
 * day. base/calendar.h reads all others.
 */
#ifndef KITHP_EXPORTS_TIMES_H
#define KITHP_EXPORTS_TIMES_H

#include "base/calendar.h"
#include "exports/bytes.h"

/* A time of day that was read before. */
struct kithp_times {
    uint64_t month;     /* its first eight bytes, YYYY-MM- */
    uint64_t day;       /* the next three, DDT */
    uint64_t zone;      /* what stands behind the seconds and their fraction; at most eight bytes, first one lowest */
    size_t zone_length; /* SIZE_MAX where there is no such time */
    int64_t midnight;   /* the moment at which its clock shows 00:00:00 on that day */
};

void kithp_times_init(struct kithp_times *times);

/* As kithp_calendar_parse(); remembers the time. */
bool kithp_times_read_anew(struct kithp_times *times, const struct kithp_calendar *calendar, const char *text,
                           size_t length, int64_t *time);

/* Where the zone begins behind HH:MM:SS: behind the fraction, if there is one. */
static inline size_t kithp_times_find_zone(const char *text, size_t length)
{
    size_t at = sizeof "YYYY-MM-DDTHH:MM:SS" - 1;
    if (at < length && text[at] == '.')
        do
            at++;
        while (at < length && text[at] >= '0' && text[at] <= '9');
    return at;
}

/* HH:MM:SS as seconds. False where it is not a time of day. */
static inline bool kithp_times_read_clock(const char *text, int64_t *seconds)
{
    /* What is left of "00:00:00" must be 0 for marks, and below 3, 6 or 10 for digits: then no sum reaches 16. */
    uint64_t digits = kithp_bytes_load(text) ^ UINT64_C(0x30303A30303A3030);
    if (((digits + UINT64_C(0x060A00060A00060D)) | digits) & UINT64_C(0xF0F0FFF0F0FFF0F0))
        return false;
    uint64_t pairs = digits * 10 + (digits >> 8);
    uint64_t hours = pairs & 0xFF;
    *seconds = (int64_t)(hours * 3600 + (pairs >> 24 & 0xFF) * 60 + (pairs >> 48 & 0xFF));
    return hours < 24;
}

/* Ten digits. */
static inline bool kithp_times_read_unix(const char *text, int64_t *time)
{
    uint64_t digits = kithp_bytes_load(text) ^ kithp_bytes_repeat('0');
    unsigned tens = (unsigned char)text[8] - '0', ones = (unsigned char)text[9] - '0';
    *time = (int64_t)(kithp_bytes_number(digits) * 100 + tens * 10 + ones);
    return kithp_bytes_are_digits(digits) && tens < 10 && ones < 10;
}

/* Of a time that is written like the one before, on the same day. */
static inline bool kithp_times_read_alike(const struct kithp_times *times, const char *text, size_t length,
                                          int64_t *time)
{
    const uint64_t three_bytes = 0xFFFFFF;
    if (kithp_bytes_load(text) != times->month || (kithp_bytes_load(text + 8) & three_bytes) != times->day)
        return false;
    size_t zone = kithp_times_find_zone(text, length);
    if (length - zone != times->zone_length ||
        (zone < length && kithp_bytes_load_few(text + zone, length - zone) != times->zone))
        return false;
    int64_t seconds;
    if (!kithp_times_read_clock(text + 11, &seconds))
        return false;
    *time = times->midnight + seconds;
    return *time >= 0 && *time <= KITHP_TIME_MOST;
}

/* As kithp_calendar_parse(), for a text of which KITHP_BYTES_BEHIND more bytes can be read. */
static inline bool kithp_times_read(struct kithp_times *times, const struct kithp_calendar *calendar, const char *text,
                                    size_t length, int64_t *time)
{
    if (length >= sizeof "YYYY-MM-DDTHH:MM:SS" - 1 && kithp_times_read_alike(times, text, length, time))
        return true;
    if (length == 10 && kithp_times_read_unix(text, time))
        return true;
    return kithp_times_read_anew(times, calendar, text, length, time);
}

#endif
