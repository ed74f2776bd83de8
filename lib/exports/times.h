/* SPDX-License-Identifier: MIT */
/*
 * Times of an export, most of which are written like the one before them: in the same notation, and often on the same
 * day. base/calendar.h reads all others.
 */
#ifndef KITHP_EXPORTS_TIMES_H
#define KITHP_EXPORTS_TIMES_H

#include "base/calendar.h"
#include "exports/words.h"

/* Bytes of a time of day, YYYY-MM-DDTHH:MM:SS, up to its fraction or zone; and those before its clock. */
enum { KITHP_TIMES_WHOLE = 19, KITHP_TIMES_CLOCK = 11, KITHP_TIMES_NONE = INT32_MAX };

/* A time of day that was read before, on a day that lies within the bounds. */
struct kithp_times {
    const struct kithp_calendar *calendar;
    int64_t earliest; /* what lies before is not read, nor what lies behind the latest */
    int64_t latest;
    uint64_t month; /* its first eight bytes, YYYY-MM- */
    uint64_t day;   /* the next three, DDT */
    uint64_t zone;  /* what stands behind the seconds and their fraction; at most eight bytes, the first one lowest */
    uint64_t zone_bits; /* those of it that count */
    size_t zone_length; /* KITHP_TIMES_NONE where there is no such time */
    int64_t midnight;   /* the moment at which its clock shows 00:00:00 on that day */
};

/* calendar must outlive it. */
void kithp_times_init(struct kithp_times *times, const struct kithp_calendar *calendar, int64_t earliest,
                      int64_t latest);

/* Reads a time of any notation that lies within the bounds, and remembers it. */
bool kithp_times_read_anew(struct kithp_times *times, const char *text, size_t length, int64_t *time);

/* Where the zone begins: behind the fraction, if there is one. */
static inline size_t kithp_times_find_zone(const char *text, size_t length)
{
    size_t at = KITHP_TIMES_WHOLE;
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
    uint64_t digits = kithp_words_load(text) ^ UINT64_C(0x30303A30303A3030);
    uint64_t pairs = digits * 10 + (digits >> 8);
    uint64_t hours = pairs & 0xFF;
    *seconds = (int64_t)(hours * 3600 + (pairs >> 24 & 0xFF) * 60 + (pairs >> 48 & 0xFF));
    return (((digits + UINT64_C(0x060A00060A00060D)) | digits) & UINT64_C(0xF0F0FFF0F0FFF0F0)) == 0 && hours < 24;
}

/* Ten digits. */
static inline bool kithp_times_read_unix(const char *text, int64_t *time)
{
    uint64_t digits = kithp_words_load(text) ^ kithp_words_repeat('0');
    unsigned tens = (unsigned char)text[8] - (unsigned)'0', ones = (unsigned char)text[9] - (unsigned)'0';
    *time = (int64_t)(kithp_words_number(digits) * 100 + tens * 10 + ones);
    return kithp_words_are_digits(digits) && tens < 10 && ones < 10;
}

/* Whether a time of day is on the same day as the one before, with the same zone at a place. */
static inline bool kithp_times_are_alike(const struct kithp_times *times, const char *text, size_t zone)
{
    uint64_t differs = kithp_words_load(text) ^ times->month;
    differs |= (kithp_words_load(text + 8) & 0xFFFFFF) ^ times->day;
    differs |= (kithp_words_load(text + zone) & times->zone_bits) ^ times->zone;
    return differs == 0;
}

/* Reads a time that is alike but for its clock; false where it is not, or has a fraction. */
static inline bool kithp_times_read_alike(const struct kithp_times *times, const char *text, size_t length,
                                          int64_t *time)
{
    int64_t seconds;
    if (length != KITHP_TIMES_WHOLE + times->zone_length || !kithp_times_are_alike(times, text, KITHP_TIMES_WHOLE) ||
        !kithp_times_read_clock(text + KITHP_TIMES_CLOCK, &seconds))
        return false;
    *time = times->midnight + seconds;
    return true;
}

/*
 * As kithp_calendar_parse(), for a text of which KITHP_WORDS_BEHIND more bytes can be read; but false, too, where the
 * time is not within the bounds.
 */
static inline bool kithp_times_read(struct kithp_times *times, const char *text, size_t length, int64_t *time)
{
    if (kithp_times_read_alike(times, text, length, time))
        return true;
    if (length != 10 || !kithp_times_read_unix(text, time))
        return kithp_times_read_anew(times, text, length, time);
    return *time >= times->earliest && *time <= times->latest;
}

#endif
