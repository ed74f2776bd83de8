/* SPDX-License-Identifier: MIT */
#include "base/calendar.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"

/* 1970-01-01 was a Thursday: three days after a Monday. */
enum { EPOCH_WEEKDAY = 3 };

int64_t kithp_calendar_week(const struct kithp_calendar *calendar, int64_t time)
{
    int64_t day = kithp_calendar_day(calendar, time);
    return kithp_number_floor_div(day + EPOCH_WEEKDAY - (int64_t)calendar->week_start, KITHP_DAYS_A_WEEK);
}

uint32_t kithp_calendar_weekday(int64_t day)
{
    int64_t shifted = day + EPOCH_WEEKDAY;
    return (uint32_t)(shifted - kithp_number_floor_div(shifted, KITHP_DAYS_A_WEEK) * KITHP_DAYS_A_WEEK);
}

int64_t kithp_calendar_first_day(const struct kithp_calendar *calendar, int64_t week)
{
    return week * KITHP_DAYS_A_WEEK - EPOCH_WEEKDAY + (int64_t)calendar->week_start;
}

int64_t kithp_calendar_begin(const struct kithp_calendar *calendar, int64_t week)
{
    return kithp_calendar_first_day(calendar, week) * KITHP_SECONDS_A_DAY - calendar->utc_offset;
}

/*
 * The Gregorian calendar repeats every 400 years of 146 097 days. Counting years from 1 March puts the leap day at the
 * end of a year, so that the days before a month are (153 * month + 2) / 5 with March = 0. After H. Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms".
 */
enum { YEARS_AN_ERA = 400, DAYS_AN_ERA = 146097, DAYS_TO_EPOCH = 719468 };

static int64_t day_of_date(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = kithp_number_floor_div(year, YEARS_AN_ERA);
    int64_t year_of_era = year - era * YEARS_AN_ERA;
    int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_AN_ERA + day_of_era - DAYS_TO_EPOCH;
}

static void date_of_day(int64_t day, int64_t *year, int64_t *month, int64_t *day_of_month)
{
    day += DAYS_TO_EPOCH;
    int64_t era = kithp_number_floor_div(day, DAYS_AN_ERA);
    int64_t day_of_era = day - era * DAYS_AN_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_AN_ERA - 1)) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    *year = year_of_era + era * YEARS_AN_ERA + (*month <= 2);
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool kithp_calendar_find_day(uint32_t year, uint32_t month, uint32_t day_of_month, int64_t *day)
{
    if (month < 1 || month > 12 || day_of_month < 1 || day_of_month > days_of_month(year, month))
        return false;
    *day = day_of_date(year, month, day_of_month);
    return true;
}

/* What is left of a text that is being read from the left. */
struct cursor {
    const char *at;
    size_t left;
};

static bool take_byte(struct cursor *cursor, char byte)
{
    if (cursor->left == 0 || *cursor->at != byte)
        return false;
    cursor->at++;
    cursor->left--;
    return true;
}

static bool take_word(struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    if (cursor->left < length || memcmp(cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    cursor->left -= length;
    return true;
}

static bool take_digits(struct cursor *cursor, size_t count, uint32_t most, uint32_t *value)
{
    if (cursor->left < count || !kithp_number_parse_fixed(cursor->at, count, value) || *value > most)
        return false;
    cursor->at += count;
    cursor->left -= count;
    return true;
}

/* YYYY-MM-DD */
static bool take_date(struct cursor *cursor, int64_t *day)
{
    uint32_t year, month, day_of_month;
    if (!take_digits(cursor, 4, 9999, &year) || !take_byte(cursor, '-'))
        return false;
    if (!take_digits(cursor, 2, 12, &month) || !take_byte(cursor, '-') || !take_digits(cursor, 2, 31, &day_of_month))
        return false;
    return kithp_calendar_find_day(year, month, day_of_month, day);
}

/* HH:MM, or HH:MM:SS with or without a fraction, which is cut off */
static bool take_clock(struct cursor *cursor, int64_t *seconds)
{
    uint32_t hour, minute, second = 0;
    if (!take_digits(cursor, 2, 23, &hour) || !take_byte(cursor, ':') || !take_digits(cursor, 2, 59, &minute))
        return false;
    if (take_byte(cursor, ':')) {
        if (!take_digits(cursor, 2, 59, &second))
            return false;
        if (take_byte(cursor, '.')) {
            uint32_t digit;
            if (!take_digits(cursor, 1, 9, &digit))
                return false;
            while (take_digits(cursor, 1, 9, &digit)) {
            }
        }
    }
    *seconds = hour * INT64_C(3600) + minute * INT64_C(60) + second;
    return true;
}

/* After one space or none: Z, UTC, +HH:MM, +HHMM or nothing, and then the end. Nothing leaves offset as it is. */
static bool take_zone(struct cursor *cursor, int64_t *offset)
{
    take_byte(cursor, ' ');
    if (cursor->left == 0)
        return true;
    if (take_word(cursor, "Z") || take_word(cursor, "UTC")) {
        *offset = 0;
        return cursor->left == 0;
    }
    bool west = take_byte(cursor, '-');
    if (!west && !take_byte(cursor, '+'))
        return false;
    uint32_t hours, minutes;
    if (!take_digits(cursor, 2, 23, &hours))
        return false;
    take_byte(cursor, ':');
    if (!take_digits(cursor, 2, 59, &minutes) || cursor->left > 0)
        return false;
    *offset = hours * INT64_C(3600) + minutes * INT64_C(60);
    if (west)
        *offset = -*offset;
    return true;
}

static bool parse_iso(const struct kithp_calendar *calendar, kith_text text, int64_t *time)
{
    struct cursor cursor = {text.data, text.length};
    int64_t day, seconds = 0, offset = calendar->utc_offset;
    if (!take_date(&cursor, &day))
        return false;
    if (cursor.left > 0) {
        if (!take_byte(&cursor, 'T') && !take_byte(&cursor, ' '))
            return false;
        if (!take_clock(&cursor, &seconds) || !take_zone(&cursor, &offset))
            return false;
    }
    *time = day * KITHP_SECONDS_A_DAY + seconds - offset;
    return true;
}

bool kithp_calendar_parse_any(const struct kithp_calendar *calendar, kith_text text, int64_t *time)
{
    uint64_t seconds;
    if (text.length > KITHP_TIME_TEXT_MOST)
        return false;
    if (!kithp_number_parse(text, (uint64_t)KITHP_TIME_MOST, &seconds))
        return parse_iso(calendar, text, time);
    *time = (int64_t)seconds;
    return true;
}

bool kithp_calendar_parse(const struct kithp_calendar *calendar, kith_text text, int64_t *time)
{
    int64_t parsed;
    if (!kithp_calendar_parse_any(calendar, text, &parsed) || parsed < 0 || parsed > KITHP_TIME_MOST)
        return false;
    *time = parsed;
    return true;
}

size_t kithp_calendar_format_day(char *out, int64_t day)
{
    int64_t year, month, day_of_month;
    date_of_day(day, &year, &month, &day_of_month);
    size_t length = kithp_number_format_padded(out, (uint64_t)year, 4);
    out[length++] = '-';
    length += kithp_number_format_padded(out + length, (uint64_t)month, 2);
    out[length++] = '-';
    return length + kithp_number_format_padded(out + length, (uint64_t)day_of_month, 2);
}

size_t kithp_calendar_format_time(char *out, int64_t time)
{
    int64_t day = kithp_number_floor_div(time, KITHP_SECONDS_A_DAY);
    uint64_t second = (uint64_t)(time - day * KITHP_SECONDS_A_DAY);
    size_t length = kithp_calendar_format_day(out, day);
    out[length++] = 'T';
    length += kithp_number_format_padded(out + length, second / 3600, 2);
    out[length++] = ':';
    length += kithp_number_format_padded(out + length, second / 60 % 60, 2);
    out[length++] = ':';
    length += kithp_number_format_padded(out + length, second % 60, 2);
    out[length++] = 'Z';
    return length;
}
