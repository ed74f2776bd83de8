/* SPDX-License-Identifier: MIT */
/*
 * Times as text. The first byte says the clock, the second one the sort: as exports write them, against a reader that
 * looks at one byte at a time; or a pattern, and behind a line "---" a time, against strptime().
 */
#include <time.h>

#include "base/calendar.h"
#include "sources/times.h"

#include "engines.h"

/* ---- notations of exports (docs/formats.md, Times) ---- */

struct cursor {
    kith_text text;
    size_t at;
};

static int peek(const struct cursor *cursor)
{
    return cursor->at < cursor->text.length ? (unsigned char)cursor->text.data[cursor->at] : -1;
}

static bool take(struct cursor *cursor, char byte)
{
    bool is = peek(cursor) == (unsigned char)byte;
    cursor->at += is;
    return is;
}

/* So many digits, no fewer. */
static bool take_number(struct cursor *cursor, int digits, int most, int *number)
{
    *number = 0;
    for (int i = 0; i < digits; i++, cursor->at++) {
        if (peek(cursor) < '0' || peek(cursor) > '9')
            return false;
        *number = 10 * *number + peek(cursor) - '0';
    }
    return *number <= most;
}

static bool take_word(struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    if (cursor->text.length - cursor->at < length || memcmp(cursor->text.data + cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

/* At the end of a time: a zone or nothing. */
static bool take_zone(struct cursor *cursor, int64_t *zone)
{
    int hours, minutes;
    take(cursor, ' ');
    if (cursor->at == cursor->text.length)
        return true;
    *zone = 0;
    if (take(cursor, 'Z') || take_word(cursor, "UTC"))
        return true;
    bool negative = peek(cursor) == '-';
    if (!take(cursor, '+') && !take(cursor, '-'))
        return false;
    if (!take_number(cursor, 2, 23, &hours))
        return false;
    take(cursor, ':');
    if (!take_number(cursor, 2, 59, &minutes))
        return false;
    *zone = (negative ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

static bool is_date(const struct tm *date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = date->tm_year + 1900;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (date->tm_mon < 0 || date->tm_mon > 11)
        return false;
    return date->tm_mday >= 1 && date->tm_mday <= days[date->tm_mon] + (date->tm_mon == 1 && leap);
}

/* No time is longer (docs/limits.md). */
static const uint64_t longest = 255;

static bool read_iso(kith_text text, int64_t clock, int64_t *time)
{
    if (text.length > longest)
        return false;
    struct cursor cursor = {text, 0};
    struct tm tm = {0};
    int64_t zone = clock;
    if (!take_number(&cursor, 4, 9999, &tm.tm_year) || !take(&cursor, '-') ||
        !take_number(&cursor, 2, 12, &tm.tm_mon) || !take(&cursor, '-') || !take_number(&cursor, 2, 31, &tm.tm_mday))
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    if (!is_date(&tm))
        return false;
    if (cursor.at < text.length) {
        if (!take(&cursor, 'T') && !take(&cursor, ' '))
            return false;
        if (!take_number(&cursor, 2, 23, &tm.tm_hour) || !take(&cursor, ':') ||
            !take_number(&cursor, 2, 59, &tm.tm_min))
            return false;
        if (take(&cursor, ':')) {
            if (!take_number(&cursor, 2, 59, &tm.tm_sec))
                return false;
            if (take(&cursor, '.')) {
                size_t begin = cursor.at;
                while (peek(&cursor) >= '0' && peek(&cursor) <= '9')
                    cursor.at++;
                if (cursor.at == begin)
                    return false;
            }
        }
        if (!take_zone(&cursor, &zone) || cursor.at < text.length)
            return false;
    }
    *time = timegm(&tm) - zone;
    return true;
}

static bool read_unix(kith_text text, int64_t *time)
{
    if (text.length == 0 || text.length > longest)
        return false;
    int64_t sum = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        if (sum < INT64_C(1000000000000000))
            sum = 10 * sum + (text.data[i] - '0');
    }
    *time = sum;
    return true;
}

static const int64_t most = INT64_C(253370764799);

static void check_export_time(const kith_policy *policy, int64_t clock, kith_text text)
{
    int64_t time = -7, slow = 0;
    kith_status status = kith_policy_parse_time(policy, text, &time, NULL);
    if (read_iso(text, clock, &slow)) {
        MUST(status == KITH_OK && time == slow);
    } else if (read_unix(text, &slow) && slow <= most) {
        MUST(status == KITH_OK && time == slow);
    } else if (!read_unix(text, &slow)) {
        MUST(status == KITH_BAD_ARGUMENT && time == -7);
    }
    struct kithp_calendar calendar = {.utc_offset = (int32_t)clock};
    int64_t event_time = -7;
    bool is = kithp_calendar_parse(&calendar, text, &event_time);
    MUST(is == (status == KITH_OK && time >= 0 && time <= most));
    MUST(event_time == (is ? time : -7));
}

static void check_week(const kith_policy *policy, int64_t clock, uint32_t week_start, int64_t time)
{
    kith_week week = {.size = sizeof week};
    kith_status status = kith_policy_get_week(policy, time, &week, NULL);
    if (time < 0 || time > most) {
        MUST(status == KITH_BAD_ARGUMENT && week.end == 0);
        return;
    }
    MUST(status == KITH_OK && week.begin <= time && time < week.end && week.end - week.begin == WEEK);
    MUST(week.begin + clock == week.first_day * DAY);
    time_t begin = week.begin + clock;
    struct tm tm;
    MUST(gmtime_r(&begin, &tm) && (uint32_t)(tm.tm_wday + 6) % 7 == week_start);
}

/* ---- patterns of source descriptions ---- */

/* What strptime() means otherwise, or does not have. */
static bool is_like_strptime(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern != '%')
            continue;
        if (!strchr("YmdeHMSjbBaAIp%s", *++pattern) || *pattern == '\0')
            return false;
    }
    return true;
}

static void check_pattern(kith_text pattern, kith_text text, int64_t clock)
{
    size_t offset = 0;
    const char *fault = kithp_source_times_check(pattern, &offset);
    MUST(!fault || offset <= pattern.length);
    if (fault)
        return;
    const struct kithp_calendar calendar = {.utc_offset = (int32_t)clock};
    const struct kithp_source_times times = {.unit = KITHP_SOURCE_PATTERN, .pattern = pattern};
    int64_t time = -7;
    bool is = kithp_source_times_read(&times, &calendar, text, &time);
    MUST(is ? time >= 0 && time <= most : time == -7);
    if (!is || memchr(text.data, 0, text.length) || memchr(pattern.data, 0, pattern.length))
        return;
    char *spelled = fuzz_string(pattern), *string = fuzz_string(text);
    struct tm tm = {.tm_mday = 1, .tm_year = 70};
    if (is_like_strptime(spelled)) {
        /* The one that reads more must read what the strict one does, and the same. */
        const char *end = strptime(string, spelled, &tm);
        MUST(end && *end == '\0');
        bool by_day = strstr(spelled, "%j");
        if (by_day) {
            tm.tm_mon = 0;
            tm.tm_mday = 1 + tm.tm_yday;
        }
        bool moment = kithp_source_times_carry_zone(&times);
        MUST(timegm(&tm) - (moment ? 0 : clock) == time);
    }
    free(spelled);
    free(string);
}

static void check_unit(uint32_t unit, kith_text text)
{
    static const int64_t parts[] = {1, 1000, 1000000, 1000000000};
    const struct kithp_calendar calendar = {.utc_offset = 0};
    const struct kithp_source_times times = {.unit = (enum kithp_source_unit)(KITHP_SOURCE_SECONDS + unit)};
    int64_t time = -7, slow;
    bool is = kithp_source_times_read(&times, &calendar, text, &time);
    MUST(is ? time >= 0 && time <= most : time == -7);
    if (text.length <= 18 && read_unix(text, &slow)) {
        char *string = fuzz_string(text);
        slow = strtoll(string, NULL, 10) / parts[unit];
        free(string);
        MUST(is == (slow <= most) && (!is || time == slow));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static kith_policy *policies[7];
    static const int clocks[] = {0, 60, -300, 840, -840, 330, -1};
    struct fuzz_input input = {data, size};
    uint32_t which = fuzz_below(&input, 7), sort = fuzz_below(&input, 6);
    int64_t clock = clocks[which] * 60;
    if (!policies[which]) {
        static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                           "friday", "saturday", "sunday"};
        char text[100];
        int minutes = abs(clocks[which]);
        snprintf(text, sizeof text, "[calendar]\nutc_offset = %c%02d:%02d\nweek_start = %s\n", clock < 0 ? '-' : '+',
                 minutes / 60, minutes % 60, days[which]);
        MUST(kith_policy_parse(kith_text_of(text), NULL, NULL, &policies[which], NULL) == KITH_OK);
    }
    if (sort == 1) {
        check_week(policies[which], clock, which, (int64_t)fuzz_word(&input, 8));
        return 0;
    }
    kith_text head = sort == 0 ? fuzz_head(&input) : (kith_text){NULL, 0}, rest = fuzz_rest(&input);
    kith_text pattern = {fuzz_copy(head), head.length}, text = {fuzz_copy(rest), rest.length};
    if (sort == 0) {
        check_pattern(pattern, text, clock);
    } else {
        int64_t time = 0;
        check_export_time(policies[which], clock, text);
        if (kith_policy_parse_time(policies[which], text, &time, NULL) == KITH_OK)
            check_week(policies[which], clock, which, time);
        check_unit(sort - 2, text);
    }
    free((char *)(uintptr_t)pattern.data);
    free((char *)(uintptr_t)text.data);
    return 0;
}
