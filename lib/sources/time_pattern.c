/* SPDX-License-Identifier: MIT */
/* Not strptime(): it goes by the locale, knows no fractions, and lets texts pass that say nothing. */
#include "sources/time_pattern.h"

#include "base/text.h"

/* What a conversion tells. */
enum slot {
    NO_SLOT,
    YEAR,
    MONTH,
    DAY,
    DAY_OF_YEAR,
    WEEKDAY,
    HOUR,
    HOUR_OF_HALF,
    HALF,
    MINUTE,
    SECOND,
    FRACTION,
    UNIX_TIME,
    ZONE,
    SLOTS
};

struct time_read {
    int64_t values[SLOTS];
    bool behind_digits; /* what was read last is one */
};

/* ---- conversions ---- */

static bool is_blank_at(const struct kithp_time_cursor *cursor)
{
    return cursor->at < cursor->end && kithp_text_is_blank(*cursor->at);
}

/* `least` to `most` digits, as many as there are; as many as `most` in a run of digits, where less would be a guess. */
static bool take_number(struct kithp_time_cursor *cursor, int least, int most, bool whole, int64_t *value)
{
    int digits = 0;
    for (*value = 0; digits < most && kithp_time_is_at_digit(cursor); digits++)
        *value = *value * 10 + (*cursor->at++ - '0');
    return digits >= (whole ? most : least);
}

static bool take_two(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    return take_number(cursor, 1, 2, whole, value);
}

static bool take_padded(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    bool blank = is_blank_at(cursor);
    cursor->at += blank;
    return blank ? take_number(cursor, 1, 1, whole, value) : take_number(cursor, 1, 2, whole, value);
}

static bool take_three(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    return take_number(cursor, 1, 3, whole, value);
}

static bool take_year(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    (void)whole;
    return take_number(cursor, 4, 4, true, value);
}

/* As POSIX has it: from 1969 to 2068. */
static bool take_short_year(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    (void)whole;
    if (!take_number(cursor, 2, 2, true, value))
        return false;
    *value += *value < 69 ? 2000 : 1900;
    return true;
}

static bool take_unix_time(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    (void)whole;
    return take_number(cursor, 1, 12, false, value);
}

static bool take_fraction(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    (void)whole;
    *value = 0;
    const char *begin = cursor->at;
    while (kithp_time_is_at_digit(cursor))
        cursor->at++;
    return cursor->at > begin;
}

/* In letters of either size. */
static bool take_letters(struct kithp_time_cursor *cursor, const char *letters, size_t length)
{
    if ((size_t)(cursor->end - cursor->at) < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((cursor->at[i] | 0x20) != letters[i])
            return false;
    cursor->at += length;
    return true;
}

/* One of several names, whole or its first three letters. */
static bool take_name(struct kithp_time_cursor *cursor, const char *const *names, int count, int64_t *number)
{
    for (int i = 0; i < count; i++) {
        if (!take_letters(cursor, names[i], strlen(names[i])) && !take_letters(cursor, names[i], 3))
            continue;
        *number = i;
        return true;
    }
    return false;
}

static bool take_month(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    static const char *const names[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};
    (void)whole;
    bool taken = take_name(cursor, names, 12, value);
    *value += 1;
    return taken;
}

static bool take_weekday(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    static const char *const names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    (void)whole;
    return take_name(cursor, names, KITHP_DAYS_A_WEEK, value);
}

static bool take_half(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    (void)whole;
    *value = take_letters(cursor, "pm", 2);
    return *value || take_letters(cursor, "am", 2);
}

/* Z, +hh:mm, +hhmm or +hh */
static bool take_offset(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    (void)whole;
    *value = 0;
    if (kithp_time_take_word(cursor, "Z"))
        return true;
    bool west = kithp_time_take_word(cursor, "-");
    int64_t hours, minutes = 0;
    if ((!west && !kithp_time_take_word(cursor, "+")) || !take_number(cursor, 2, 2, true, &hours) || hours > 23)
        return false;
    bool colon = kithp_time_take_word(cursor, ":");
    if ((colon || kithp_time_is_at_digit(cursor)) && (!take_number(cursor, 2, 2, true, &minutes) || minutes > 59))
        return false;
    *value = hours * 3600 + minutes * 60;
    if (west)
        *value = -*value;
    return true;
}

/* Names of other zones mean different things to different people. */
static bool take_zone_name(struct kithp_time_cursor *cursor, bool whole, int64_t *value)
{
    (void)whole;
    *value = 0;
    return kithp_time_take_word(cursor, "UTC") || kithp_time_take_word(cursor, "GMT") ||
           kithp_time_take_word(cursor, "Z");
}

static const struct conversion {
    char letter;
    enum slot slot;
    bool digits; /* it is made of digits */
    bool greedy; /* of as many as there are */
    bool (*take)(struct kithp_time_cursor *cursor, bool whole, int64_t *value);
} conversions[] = {
    {'Y', YEAR, true, false, take_year},          {'y', YEAR, true, false, take_short_year},
    {'m', MONTH, true, false, take_two},          {'b', MONTH, false, false, take_month},
    {'B', MONTH, false, false, take_month},       {'d', DAY, true, false, take_two},
    {'e', DAY, true, false, take_padded},         {'j', DAY_OF_YEAR, true, false, take_three},
    {'a', WEEKDAY, false, false, take_weekday},   {'A', WEEKDAY, false, false, take_weekday},
    {'H', HOUR, true, false, take_two},           {'I', HOUR_OF_HALF, true, false, take_two},
    {'p', HALF, false, false, take_half},         {'M', MINUTE, true, false, take_two},
    {'S', SECOND, true, false, take_two},         {'f', FRACTION, true, true, take_fraction},
    {'s', UNIX_TIME, true, true, take_unix_time}, {'z', ZONE, false, false, take_offset},
    {'Z', ZONE, false, false, take_zone_name},
};

static const struct conversion *find_conversion(char letter)
{
    for (size_t i = 0; i < sizeof conversions / sizeof *conversions; i++)
        if (conversions[i].letter == letter)
            return &conversions[i];
    return NULL;
}

/* The conversion that the pattern goes on with, or NULL. */
static const struct conversion *conversion_at(const struct kithp_time_cursor *pattern)
{
    bool begins = pattern->end - pattern->at >= 2 && *pattern->at == '%';
    return begins ? find_conversion(pattern->at[1]) : NULL;
}

/* Whether what comes next in the text is a digit. */
static bool digits_follow(const struct kithp_time_cursor *pattern)
{
    const struct conversion *next = conversion_at(pattern);
    return next ? next->digits : kithp_time_is_at_digit(pattern);
}

static void skip_blanks(struct kithp_time_cursor *cursor)
{
    while (is_blank_at(cursor))
        cursor->at++;
}

/* ---- checking patterns ---- */

/* What a pattern as a whole lacks, or has too much of. */
static const char *check_slots(const bool *has)
{
    if (has[UNIX_TIME]) {
        for (int slot = NO_SLOT + 1; slot < SLOTS; slot++)
            if (has[slot] && slot != UNIX_TIME && slot != FRACTION)
                return "expected nothing but %f beside %s, which tells the moment";
        return NULL;
    }
    if (!has[YEAR])
        return "expected a year, %Y or %y, or Unix seconds, %s";
    if (has[DAY_OF_YEAR] ? has[MONTH] || has[DAY] : !has[MONTH] || !has[DAY])
        return "expected a month and a day, such as %m and %d, or the day of the year, %j";
    if (has[HOUR_OF_HALF] != has[HALF])
        return "expected %I and %p together";
    if (has[HOUR] && has[HOUR_OF_HALF])
        return "expected one of %H and %I";
    if (has[MINUTE] && !has[HOUR] && !has[HOUR_OF_HALF])
        return "expected hours, as there are minutes";
    if (has[SECOND] && !has[MINUTE])
        return "expected minutes, as there are seconds";
    if (has[FRACTION] && !has[SECOND])
        return "expected seconds, as there is a fraction of them";
    return NULL;
}

static const char *check_conversion(struct kithp_time_cursor *pattern, bool *has)
{
    const struct conversion *conversion = conversion_at(pattern);
    if (!conversion)
        return "expected one of the letters Y y m b B d e j a A H I p M S f s z Z behind %, or another %";
    if (has[conversion->slot])
        return "expected each part of a time once";
    has[conversion->slot] = true;
    struct kithp_time_cursor behind = {pattern->at + 2, pattern->end};
    if (conversion->greedy && digits_follow(&behind))
        return "expected something between these digits and those that follow";
    *pattern = behind;
    return NULL;
}

static bool is_percent_at(const struct kithp_time_cursor *pattern)
{
    return pattern->end - pattern->at >= 2 && memcmp(pattern->at, "%%", 2) == 0;
}

const char *kithp_source_times_check(kith_text pattern, size_t *offset)
{
    bool has[SLOTS] = {false};
    struct kithp_time_cursor cursor = {pattern.data, pattern.data + pattern.length};
    while (cursor.at < cursor.end) {
        if (is_percent_at(&cursor)) {
            cursor.at += 2;
        } else if (*cursor.at != '%') {
            cursor.at++;
        } else {
            const char *words = check_conversion(&cursor, has);
            *offset = (size_t)(cursor.at - pattern.data);
            if (words)
                return words;
        }
    }
    *offset = 0;
    return check_slots(has);
}

bool kithp_time_pattern_carries_zone(kith_text pattern)
{
    struct kithp_time_cursor cursor = {pattern.data, pattern.data + pattern.length};
    for (; cursor.at < cursor.end; cursor.at += is_percent_at(&cursor) ? 2 : 1) {
        const struct conversion *conversion = is_percent_at(&cursor) ? NULL : conversion_at(&cursor);
        if (conversion && (conversion->slot == ZONE || conversion->slot == UNIX_TIME))
            return true;
    }
    return false;
}

/* ---- reading by patterns ---- */

/* Takes what a pattern goes on with, which has been checked. */
static bool take_next(struct kithp_time_cursor *pattern, struct kithp_time_cursor *text, struct time_read *read)
{
    const struct conversion *conversion = is_percent_at(pattern) ? NULL : conversion_at(pattern);
    bool behind_digits = read->behind_digits;
    read->behind_digits = conversion ? conversion->digits : kithp_time_is_at_digit(pattern);
    if (conversion) {
        pattern->at += 2;
        bool whole = behind_digits || digits_follow(pattern);
        return conversion->take(text, whole, &read->values[conversion->slot]);
    }
    if (is_blank_at(pattern)) {
        bool blank = is_blank_at(text);
        skip_blanks(pattern);
        skip_blanks(text);
        return blank;
    }
    pattern->at += *pattern->at == '%';
    return text->at < text->end && *text->at++ == *pattern->at++;
}

static bool find_day(const struct time_read *read, int64_t *day)
{
    const int64_t *values = read->values;
    uint32_t year = (uint32_t)values[YEAR];
    if (values[DAY_OF_YEAR] < 0)
        return kithp_calendar_find_day(year, (uint32_t)values[MONTH], (uint32_t)values[DAY], day);
    int64_t first, last;
    if (!kithp_calendar_find_day(year, 1, 1, &first) || !kithp_calendar_find_day(year, 12, 31, &last))
        return false;
    *day = first + values[DAY_OF_YEAR] - 1;
    return *day >= first && *day <= last;
}

static bool find_seconds(const struct time_read *read, int64_t *seconds)
{
    const int64_t *values = read->values;
    int64_t hour = values[HOUR];
    if (values[HALF] >= 0) {
        if (values[HOUR_OF_HALF] < 1 || values[HOUR_OF_HALF] > 12)
            return false;
        hour = values[HOUR_OF_HALF] % 12 + 12 * values[HALF];
    }
    *seconds = hour * 3600 + values[MINUTE] * 60 + values[SECOND];
    return hour < 24 && values[MINUTE] < 60 && values[SECOND] < 60;
}

bool kithp_time_pattern_read(kith_text pattern, int32_t zone, kith_text text, int64_t *time)
{
    /* What a pattern leaves out of the clock is 0; of the others, less than anything that can be there. */
    struct time_read read = {
        .values = {[DAY_OF_YEAR] = -1, [WEEKDAY] = -1, [HALF] = -1, [UNIX_TIME] = -1, [ZONE] = zone}};
    struct kithp_time_cursor ahead = {pattern.data, pattern.data + pattern.length};
    struct kithp_time_cursor rest = {text.data, text.data + text.length};
    while (ahead.at < ahead.end)
        if (!take_next(&ahead, &rest, &read))
            return false;
    if (rest.at < rest.end)
        return false;
    *time = read.values[UNIX_TIME];
    if (*time >= 0)
        return true;
    int64_t day, seconds;
    if (!find_day(&read, &day) || !find_seconds(&read, &seconds))
        return false;
    *time = day * KITHP_SECONDS_A_DAY + seconds - read.values[ZONE];
    return read.values[WEEKDAY] < 0 || read.values[WEEKDAY] == kithp_calendar_weekday(day);
}
