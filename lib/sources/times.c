/* SPDX-License-Identifier: MIT */
#include "sources/times.h"

#include "sources/time_pattern.h"

bool kithp_source_times_carry_zone(const struct kithp_source_times *times)
{
    if (times->unit == KITHP_SOURCE_PATTERN)
        return kithp_time_pattern_carries_zone(times->pattern);
    return times->unit != KITHP_SOURCE_ANY_TIME;
}

/* ---- units ---- */

/* A number less its point and exponent: digits, and how many of them stand before the point. */
struct number {
    kith_text whole;
    kith_text fraction;
    int64_t exponent;
};

static kith_text take_digits(struct kithp_time_cursor *cursor)
{
    const char *begin = cursor->at;
    while (kithp_time_is_at_digit(cursor))
        cursor->at++;
    return (kith_text){begin, (uint64_t)(cursor->at - begin)};
}

/* Exponents of any length; beyond some size all are the same. */
static bool take_exponent(struct kithp_time_cursor *cursor, int64_t *exponent)
{
    enum { EXPONENT_MOST = 1 << 30 };
    bool negative = kithp_time_take_word(cursor, "-");
    if (!negative)
        kithp_time_take_word(cursor, "+");
    kith_text digits = take_digits(cursor);
    for (uint64_t i = 0; i < digits.length; i++)
        if (*exponent < EXPONENT_MOST)
            *exponent = *exponent * 10 + (digits.data[i] - '0');
    if (negative)
        *exponent = -*exponent;
    return digits.length > 0;
}

static bool read_number(kith_text text, struct number *number)
{
    struct kithp_time_cursor cursor = {text.data, text.data + text.length};
    *number = (struct number){.whole = take_digits(&cursor), .fraction = {text.data, 0}};
    if (number->whole.length == 0)
        return false;
    if (kithp_time_take_word(&cursor, ".")) {
        number->fraction = take_digits(&cursor);
        if (number->fraction.length == 0)
            return false;
    }
    if ((kithp_time_take_word(&cursor, "e") || kithp_time_take_word(&cursor, "E")) &&
        !take_exponent(&cursor, &number->exponent))
        return false;
    return cursor.at == cursor.end;
}

/* A digit of a number, counted from its first one; 0 behind the last. */
static int64_t digit_of(const struct number *number, uint64_t place)
{
    if (place < number->whole.length)
        return number->whole.data[place] - '0';
    place -= number->whole.length;
    return place < number->fraction.length ? number->fraction.data[place] - '0' : 0;
}

/* Seconds are the digits before the point, once that has been moved by the exponent and the unit. */
static bool read_unit(enum kithp_source_unit unit, kith_text text, int64_t *time)
{
    static const int64_t decimals[] = {
        [KITHP_SOURCE_SECONDS] = 0,
        [KITHP_SOURCE_MILLISECONDS] = 3,
        [KITHP_SOURCE_MICROSECONDS] = 6,
        [KITHP_SOURCE_NANOSECONDS] = 9,
    };
    struct number number;
    if (!read_number(text, &number))
        return false;
    uint64_t digits = number.whole.length + number.fraction.length, first = 0;
    while (first < digits && digit_of(&number, first) == 0)
        first++;
    *time = 0;
    if (first == digits)
        return true;
    int64_t point = (int64_t)number.whole.length + number.exponent - decimals[unit];
    for (uint64_t place = first; (int64_t)place < point; place++) {
        *time = *time * 10 + digit_of(&number, place);
        if (*time > KITHP_TIME_MOST)
            return false;
    }
    return true;
}

/* ---- reading ---- */

bool kithp_source_times_read(const struct kithp_source_times *times, const struct kithp_calendar *calendar,
                             kith_text text, int64_t *time)
{
    int64_t read;
    struct kithp_calendar clock = *calendar;
    if (times->has_zone)
        clock.utc_offset = times->zone;
    if (text.length == 0 || text.length > KITHP_TIME_TEXT_MOST)
        return false;
    if (times->unit == KITHP_SOURCE_ANY_TIME)
        return kithp_calendar_parse(&clock, text, time);
    bool fine = times->unit == KITHP_SOURCE_PATTERN
                    ? kithp_time_pattern_read(times->pattern, clock.utc_offset, text, &read)
                    : read_unit(times->unit, text, &read);
    if (!fine || read < 0 || read > KITHP_TIME_MOST)
        return false;
    *time = read;
    return true;
}
