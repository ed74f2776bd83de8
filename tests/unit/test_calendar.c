/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <inttypes.h>
#include <regex.h>

#include "base/calendar.h"

static const struct kithp_calendar utc = {0, 0};

static void assert_day_is(int64_t day, const char *expected)
{
    char out[KITHP_DATE_ROOM];
    size_t length = kithp_calendar_format_day(out, day);
    assert_text_equal((kith_text){out, length}, expected);
}

static void assert_time_is(int64_t time, const char *expected)
{
    char out[KITHP_TIME_ROOM];
    size_t length = kithp_calendar_format_time(out, time);
    assert_text_equal((kith_text){out, length}, expected);
}

static void calendar_known_dates_have_their_days(void **state)
{
    (void)state;
    /* By Python's datetime.date. */
    static const struct {
        const char *date;
        int64_t day;
    } cases[] = {
        {"1970-01-01", 0},      {"1970-03-01", 59},      {"1972-02-29", 789},   {"2000-02-29", 11016},
        {"2000-03-01", 11017},  {"2026-03-02", 20514},   {"2100-02-28", 47540}, {"2100-03-01", 47541},
        {"2400-02-29", 157113}, {"9998-12-31", 2932531},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_day_is(cases[i].day, cases[i].date);
        int64_t time;
        assert_true(kithp_calendar_parse(&utc, kith_text_of(cases[i].date), &time));
        assert_int_equal(time, cases[i].day * 86400);
    }
    /* A community east or west of Greenwich has days before 1970 too. */
    assert_day_is(-1, "1969-12-31");
    assert_day_is(-10, "1969-12-22");
    assert_int_equal(kithp_calendar_weekday(-1), 2);
    assert_int_equal(kithp_calendar_weekday(-10), 0);
}

/* Steps a date on by one day, by the rules as they are taught in school. */
static void step_date(int *year, int *month, int *day)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = *year % 400 == 0 || (*year % 100 != 0 && *year % 4 == 0);
    int last = days[*month - 1] + (*month == 2 && leap);
    if (++*day <= last)
        return;
    *day = 1;
    if (++*month <= 12)
        return;
    *month = 1;
    ++*year;
}

static void calendar_every_day_of_four_centuries_is_right(void **state)
{
    (void)state;
    int year = 1970, month = 1, day_of_month = 1;
    int weekday = 3; /* 1970-01-01 was a Thursday, Monday being 0 */
    int64_t weeks[7];
    for (int start = 0; start < 7; start++)
        weeks[start] = weekday >= start ? 0 : -1;
    for (int64_t day = 0; year <= 2400; day++) {
        char date[64];
        snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day_of_month);
        assert_day_is(day, date);
        int64_t time;
        assert_true(kithp_calendar_parse(&utc, kith_text_of(date), &time));
        assert_int_equal(time, day * 86400);
        int64_t found;
        assert_true(kithp_calendar_find_day((uint32_t)year, (uint32_t)month, (uint32_t)day_of_month, &found));
        assert_int_equal(found, day);
        assert_int_equal(kithp_calendar_weekday(day), weekday);
        for (int start = 0; start < 7; start++) {
            struct kithp_calendar calendar = {0, (uint32_t)start};
            /* A week begins on its first weekday, and on no other. */
            if (day > 0 && weekday == start)
                weeks[start]++;
            assert_int_equal(kithp_calendar_week(&calendar, time), weeks[start]);
            assert_int_equal(kithp_calendar_week(&calendar, time + 86399), weeks[start]);
            if (weekday == start)
                assert_int_equal(kithp_calendar_first_day(&calendar, weeks[start]), day);
        }
        step_date(&year, &month, &day_of_month);
        weekday = (weekday + 1) % 7;
    }
}

static void calendar_leap_days_are_told_from_others(void **state)
{
    (void)state;
    for (int year = 1970; year <= 9998; year++) {
        char date[64];
        snprintf(date, sizeof date, "%04d-02-29", year);
        bool leap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
        int64_t time;
        assert_int_equal(kithp_calendar_parse(&utc, kith_text_of(date), &time), leap);
    }
}

static void calendar_last_days_of_months_are_told_from_the_day_after(void **state)
{
    (void)state;
    static const char *const lasts[] = {"01-31", "02-28", "03-31", "04-30", "05-31", "06-30",
                                        "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"};
    static const char *const past[] = {"01-32", "02-29", "03-32", "04-31", "05-32", "06-31", "07-32", "08-32",
                                       "09-31", "10-32", "11-31", "12-32", "13-01", "00-01", "06-00"};
    char date[16];
    int64_t time;
    for (size_t i = 0; i < sizeof lasts / sizeof *lasts; i++) {
        snprintf(date, sizeof date, "2026-%s", lasts[i]);
        assert_true(kithp_calendar_parse(&utc, kith_text_of(date), &time));
    }
    for (size_t i = 0; i < sizeof past / sizeof *past; i++) {
        snprintf(date, sizeof date, "2026-%s", past[i]);
        if (kithp_calendar_parse(&utc, kith_text_of(date), &time))
            fail_msg("%s was taken for a date", date);
        uint32_t month = (uint32_t)atoi(past[i]), day = (uint32_t)atoi(past[i] + 3);
        assert_false(kithp_calendar_find_day(2026, month, day, &time));
    }
}

static void calendar_weeks_follow_the_offset(void **state)
{
    (void)state;
    /* The example of docs/model.md. */
    assert_int_equal(kithp_calendar_day(&utc, 1772409600), 20514);
    assert_int_equal(kithp_calendar_week(&utc, 1772409600), 2931);
    assert_int_equal(kithp_calendar_first_day(&utc, 2931), 20514);
    assert_int_equal(kithp_calendar_begin(&utc, 2932), 1773014400);

    static const int32_t offsets[] = {-14 * 3600, -3600, -60, 0, 60, 8 * 3600, 14 * 3600};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        for (uint32_t start = 0; start < 7; start++) {
            struct kithp_calendar calendar = {offsets[i], start};
            for (int64_t week = 0; week < 3000; week += 371) {
                int64_t begin = kithp_calendar_begin(&calendar, week);
                int64_t end = kithp_calendar_begin(&calendar, week + 1);
                assert_int_equal(end - begin, 7 * 86400);
                assert_int_equal(kithp_calendar_week(&calendar, begin), week);
                assert_int_equal(kithp_calendar_week(&calendar, end - 1), week);
                assert_int_equal(kithp_calendar_week(&calendar, begin - 1), week - 1);
                assert_int_equal(kithp_calendar_day(&calendar, begin), kithp_calendar_first_day(&calendar, week));
                assert_int_equal(kithp_calendar_day(&calendar, begin - 1),
                                 kithp_calendar_first_day(&calendar, week) - 1);
            }
        }
    }
    struct kithp_calendar west = {-3600, 0};
    assert_int_equal(kithp_calendar_day(&west, 0), -1);
    assert_int_equal(kithp_calendar_day(&west, 3599), -1);
    assert_int_equal(kithp_calendar_day(&west, 3600), 0);
}

static void calendar_times_are_written_in_utc(void **state)
{
    (void)state;
    assert_time_is(0, "1970-01-01T00:00:00Z");
    assert_time_is(86399, "1970-01-01T23:59:59Z");
    assert_time_is(1774019100, "2026-03-20T15:05:00Z");
    assert_time_is(KITHP_TIME_MOST, "9998-12-31T23:59:59Z");
    assert_time_is(-1, "1969-12-31T23:59:59Z");
}

struct reading {
    const char *text;
    int64_t expected; /* -1 where it is no time */
};

static void assert_readings(const struct kithp_calendar *calendar, const struct reading *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t time = -1;
        kith_text text = text_exact(kith_text_of(cases[i].text));
        bool accepted = kithp_calendar_parse(calendar, text, &time);
        text_free(text);
        if (accepted != (cases[i].expected >= 0) || time != cases[i].expected)
            fail_msg("'%s': %d, %" PRId64 " in place of %" PRId64, cases[i].text, accepted, time, cases[i].expected);
    }
}

#define ASSERT_READINGS(calendar, cases) assert_readings(calendar, cases, sizeof(cases) / sizeof *(cases))

static void calendar_notations_of_the_model_are_accepted(void **state)
{
    (void)state;
    /* The table of docs/formats.md, on a clock of +08:00; by Python's datetime. */
    static const struct kithp_calendar east = {8 * 3600, 0};
    static const struct reading cases[] = {
        {"1768060800", 1768060800},
        {"0001768060800", 1768060800},
        {"2026-01-17", 1768579200},
        {"2026-01-03 23:59:59", 1767455999},
        {"2026-01-03T23:59", 1767455940},
        {"2026-01-03T23:59 ", 1767455940},
        {"2026-01-10T16:00:00.999Z", 1768060800},
        {"2026-01-10 16:00:00 UTC", 1768060800},
        {"2026-01-18T07:15-0500", 1768738500},
        {"2026-01-18T07:15-05:00", 1768738500},
        {"2026-01-18T07:15 -05:00", 1768738500},
        {"2026-01-18T07:15:00.123456789123456789 -0500", 1768738500},
        {"2026-03-20T17:05:00+02:00", 1774019100},
        {"2026-03-20T17:05:00UTC", 1774026300},
        {"2026-03-20T17:05Z", 1774026300},
        {"2026-03-20T17:05:59.9", 1773997559},
        {"2026-03-20T17:05:00+23:59", 1773939960},
        {"2026-03-20T17:05:00-23:59", 1774112640},
        {"2026-03-20T17:05:00+00:00", 1774026300},
        {"0", 0},
        {"00", 0},
        {"253370764799", KITHP_TIME_MOST},
    };
    ASSERT_READINGS(&east, cases);
}

static void calendar_what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {"", -1},
        {" ", -1},
        {"yesterday", -1},
        {"-1", -1},
        {"+1", -1},
        {"1768060800.5", -1},
        {" 1768060800", -1},
        {"1768060800 ", -1},
        {"0x10", -1},
        {"253370764800", -1},
        {"253402300800", -1},
        {"99999999999999999999999", -1},
        {"2026-02-30", -1},
        {"2026-02-03Z", -1},
        {"2026-02-03 ", -1},
        {"2026-02-03T", -1},
        {"2026-02-03UTC", -1},
        {"2026-02-03+01:00", -1},
        {" 2026-02-03", -1},
        {"2026-2-3", -1},
        {"26-02-03", -1},
        {"2026/02/03", -1},
        {"20260203T100000Z", -1},
        {"+2026-02-03", -1},
        {"12026-02-03", -1},
        {"2026-02-03T24:00:00Z", -1},
        {"2026-02-03T23:60:00Z", -1},
        {"2026-02-03T23:59:60Z", -1},
        {"2026-02-03T10", -1},
        {"2026-02-03T10Z", -1},
        {"2026-02-03T10:", -1},
        {"2026-02-03T1:00", -1},
        {"2026-02-03T10:00:", -1},
        {"2026-02-03T10:00:0", -1},
        {"2026-02-03T10:00.5", -1},
        {"2026-02-03T10:00:00.", -1},
        {"2026-02-03T10:00:00.Z", -1},
        {"2026-02-03T10:00:00,5", -1},
        {"2026-02-03  10:00", -1},
        {"2026-02-03\t10:00", -1},
        {"2026-02-03_10:00", -1},
        {"2026-02-03t10:00:00z", -1},
        {"2026-02-03t10:00:00Z", -1},
        {"2026-02-03T10:00:00z", -1},
        {"2026-02-03T10:00:00utc", -1},
        {"2026-02-03T10:00:00GMT", -1},
        {"2026-02-03T10:00:00U", -1},
        {"2026-02-03T10:00:00UT", -1},
        {"2026-02-03T10:00:00UTCZ", -1},
        {"2026-02-03T10:00:00ZZ", -1},
        {"2026-02-03T10:00:00  Z", -1},
        {"2026-02-03T10:00:00  ", -1},
        {"2026-02-03T10:00:00Z ", -1},
        {"2026-02-03T10:00:00 UTC ", -1},
        {"2026-02-03 10:00:00 +99:00", -1},
        {"2026-02-03T10:00:00+24:00", -1},
        {"2026-02-03T10:00:00+23:60", -1},
        {"2026-02-03T10:00:00+1:00", -1},
        {"2026-02-03T10:00:00+01", -1},
        {"2026-02-03T10:00:00+01:", -1},
        {"2026-02-03T10:00:00+01:0", -1},
        {"2026-02-03T10:00:00+010", -1},
        {"2026-02-03T10:00:00+01:000", -1},
        {"2026-02-03T10:00:00+-1:00", -1},
        {"2026-02-03T10:00:00\xE2\x88\x92"
         "01:00",
         -1},
        {"2026-02-03T10:00:00+01:00Z", -1},
        {"2026-02-03T10:00:00+01:00 ", -1},
    };
    ASSERT_READINGS(&utc, cases);
    assert_false(kithp_calendar_parse(&utc, (kith_text){NULL, 0}, &(int64_t){0}));
    assert_false(kithp_calendar_parse(&utc, TEXT("2026-02-03\0"), &(int64_t){0}));
}

static void calendar_zone_begun_as_utc_and_ended_as_offset_is_refused(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {"2026-02-03T10:00:00U+01:00", -1},   {"2026-02-03T10:00:00UT-0100", -1}, {"2026-02-03T10:00 U+01:00", -1},
        {"2026-02-03T10:00:00UTC+01:00", -1}, {"2026-02-03T10:00:00Z+01:00", -1},
    };
    ASSERT_READINGS(&utc, cases);
}

static void calendar_moments_past_either_end_are_refused(void **state)
{
    (void)state;
    static const struct reading in_utc[] = {
        {"1970-01-01", 0},
        {"1969-12-31", -1},
        {"0000-01-01", -1},
        {"1970-01-01T00:00:00+00:01", -1},
        {"1969-12-31T23:59:00-00:01", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"9998-12-31T23:59:59.999Z", KITHP_TIME_MOST},
        {"9999-01-01", -1},
        {"9999-01-01T00:00:59+00:01", KITHP_TIME_MOST},
        {"9998-12-31T23:59:59-00:01", -1},
        {"9999-12-31T23:59:59Z", -1},
    };
    ASSERT_READINGS(&utc, in_utc);
    static const struct kithp_calendar east = {8 * 3600, 0}, west = {-8 * 3600, 0};
    static const struct reading in_the_east[] = {
        {"1970-01-01", -1},          {"1970-01-01T08:00", 0},
        {"1970-01-01T07:59:59", -1}, {"9999-01-01T07:59:59", KITHP_TIME_MOST},
        {"9999-01-01T08:00:00", -1},
    };
    ASSERT_READINGS(&east, in_the_east);
    static const struct reading in_the_west[] = {
        {"1969-12-31T16:00", 0},
        {"1970-01-01", 8 * 3600},
        {"9998-12-31T15:59:59", KITHP_TIME_MOST},
        {"9998-12-31T16:00:00", -1},
    };
    ASSERT_READINGS(&west, in_the_west);
}

static void calendar_every_combination_of_parts_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } clocks[] = {{"00:00", 0},        {"23:59", 86340},      {"10:20:30", 37230},
                  {"23:59:59", 86399}, {"10:20:30.5", 37230}, {"10:20:30.000000001", 37230}};
    static const struct {
        const char *text;
        int64_t offset;
    } zones[] = {{"", 5 * 3600 + 1800}, {"Z", 0},          {"UTC", 0},        {"+00:00", 0},
                 {"-0000", 0},          {"+05:45", 20700}, {"-0930", -34200}, {"+2359", 86340}};
    static const struct kithp_calendar india = {5 * 3600 + 1800, 0};
    static const char *const betweens[] = {"T", " "};
    static const char *const spaces[] = {"", " "};
    for (size_t b = 0; b < 2; b++) {
        for (size_t c = 0; c < sizeof clocks / sizeof *clocks; c++) {
            for (size_t s = 0; s < 2; s++) {
                for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
                    char text[64];
                    snprintf(text, sizeof text, "2026-03-02%s%s%s%s", betweens[b], clocks[c].text, spaces[s],
                             zones[z].text);
                    const struct reading reading = {text, 1772409600 + clocks[c].seconds - zones[z].offset};
                    assert_readings(&india, &reading, 1);
                    /* Nothing may follow. A blank may where there is nothing else behind the clock. */
                    if (s == 1 || zones[z].text[0]) {
                        strcat(text, " ");
                        const struct reading longer = {text, -1};
                        assert_readings(&india, &longer, 1);
                    }
                }
            }
        }
    }
}

/* The model's notation as a regular expression, and then its ranges: another road than the library's. */
static bool is_time(const regex_t *form, const char *text)
{
    if (regexec(form, text, 0, NULL, 0) != 0)
        return false;
    if (strspn(text, "0123456789") == strlen(text))
        return strlen(text) < 18 && strtoll(text, NULL, 10) <= KITHP_TIME_MOST;
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    sscanf(text, "%4d-%2d-%2d%*c%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second);
    const char *zone = strlen(text) > 16 ? strpbrk(text + 16, "+-") : NULL;
    int zone_hour = 0, zone_minute = 0;
    if (zone)
        sscanf(zone, zone[3] == ':' ? "%*c%2d:%2d" : "%*c%2d%2d", &zone_hour, &zone_minute);
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
    return year > 1970 && year < 9998 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap) && hour < 24 && minute < 60 && second < 60 && zone_hour < 24 &&
           zone_minute < 60;
}

static void calendar_texts_with_faults_put_in_are_judged_by_the_form(void **state)
{
    (void)state;
    regex_t form;
    assert_int_equal(regcomp(&form,
                             "^([0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
                             " ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?)$",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    static const char *const seeds[] = {"2026-03-20",
                                        "2026-03-20T17:05",
                                        "2024-02-29 17:05:09",
                                        "2026-03-20T17:05:09.25Z",
                                        "2026-03-20T17:05:09 UTC",
                                        "2026-03-20 17:05+02:00",
                                        "2026-03-20T17:05:09.5 -0230",
                                        "1768060800"};
    static const char alphabet[] = "0123456789-:+. TZUC";
    uint64_t luck = 3;
    unsigned accepted = 0;
    for (int round = 0; round < 200000; round++) {
        char text[64];
        snprintf(text, sizeof text, "%s", seeds[chance_below(&luck, sizeof seeds / sizeof *seeds)]);
        for (uint32_t faults = 1 + chance_below(&luck, 2); faults > 0; faults--) {
            size_t length = strlen(text);
            size_t at = chance_below(&luck, (uint32_t)length + 1);
            char byte = alphabet[chance_below(&luck, sizeof alphabet - 1)];
            switch (chance_below(&luck, 3)) {
            case 0: /* put in */
                memmove(text + at + 1, text + at, length - at + 1);
                text[at] = byte;
                break;
            case 1: /* put in place of another */
                if (at < length)
                    text[at] = byte;
                break;
            default: /* take out */
                if (at < length)
                    memmove(text + at, text + at + 1, length - at);
                break;
            }
        }
        bool expected = is_time(&form, text);
        int64_t time;
        /* Near the ends of the range the offset decides; other tests look there. */
        int year = atoi(text);
        bool near_ends = strlen(text) > 4 && text[4] == '-' && (year <= 1970 || year >= 9998);
        if (!near_ends && kithp_calendar_parse(&utc, kith_text_of(text), &time) != expected)
            fail_msg("'%s': expected %d", text, expected);
        accepted += expected;
    }
    assert_true(accepted > 10000);
    regfree(&form);
}

static void calendar_time_that_is_refused_leaves_the_result(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "x", "2026-02-30", "2026-02-03T10:00:00+24:00", "9999-01-01", "1970-01-01T00:00:00+00:01", "253370764800"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t time = 4711;
        assert_false(kithp_calendar_parse(&utc, kith_text_of(texts[i]), &time));
        assert_int_equal(time, 4711);
    }
}

static void calendar_time_written_and_read_is_the_same(void **state)
{
    (void)state;
    uint64_t luck = 4;
    for (int round = 0; round < 50000; round++) {
        int64_t time = (int64_t)(chance(&luck) % (uint64_t)(KITHP_TIME_MOST + 1)), read;
        char out[KITHP_TIME_ROOM];
        size_t length = kithp_calendar_format_time(out, time);
        assert_int_equal(length, 20);
        assert_true(kithp_calendar_parse(&utc, (kith_text){out, length}, &read));
        assert_int_equal(read, time);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_known_dates_have_their_days),
        cmocka_unit_test(calendar_every_day_of_four_centuries_is_right),
        cmocka_unit_test(calendar_leap_days_are_told_from_others),
        cmocka_unit_test(calendar_last_days_of_months_are_told_from_the_day_after),
        cmocka_unit_test(calendar_weeks_follow_the_offset),
        cmocka_unit_test(calendar_times_are_written_in_utc),
        cmocka_unit_test(calendar_notations_of_the_model_are_accepted),
        cmocka_unit_test(calendar_what_is_no_time_is_refused),
        cmocka_unit_test(calendar_zone_begun_as_utc_and_ended_as_offset_is_refused),
        cmocka_unit_test(calendar_moments_past_either_end_are_refused),
        cmocka_unit_test(calendar_every_combination_of_parts_is_read),
        cmocka_unit_test(calendar_texts_with_faults_put_in_are_judged_by_the_form),
        cmocka_unit_test(calendar_time_that_is_refused_leaves_the_result),
        cmocka_unit_test(calendar_time_written_and_read_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
