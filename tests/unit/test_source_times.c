/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <time.h>

#include "sources/times.h"

static const struct kithp_calendar utc = {0, 0};

static struct kithp_source_times pattern_of(const char *pattern)
{
    size_t offset;
    const char *words = kithp_source_times_check(kith_text_of(pattern), &offset);
    if (words)
        fail_msg("%s: at %zu: %s", pattern, offset, words);
    return (struct kithp_source_times){.unit = KITHP_SOURCE_PATTERN, .pattern = kith_text_of(pattern)};
}

/* Of a text in memory of exactly its length; -1 where it is no time. */
static int64_t read_on(const struct kithp_source_times *times, const struct kithp_calendar *calendar, kith_text text)
{
    int64_t time = -1;
    kith_text exact = text_exact(text);
    if (!kithp_source_times_read(times, calendar, exact, &time))
        assert_int_equal(time, -1);
    text_free(exact);
    return time;
}

static int64_t read_text(const struct kithp_source_times *times, const char *text)
{
    return read_on(times, &utc, kith_text_of(text));
}

/* ---- units ---- */

static void source_times_of_units_are_rounded_down(void **state)
{
    (void)state;
    static const struct {
        enum kithp_source_unit unit;
        const char *text;
        int64_t time;
    } cases[] = {
        {KITHP_SOURCE_SECONDS, "0", 0},
        {KITHP_SOURCE_SECONDS, "0.999", 0},
        {KITHP_SOURCE_SECONDS, "1700000000", 1700000000},
        {KITHP_SOURCE_SECONDS, "1700000000.999999999999999999999999", 1700000000},
        {KITHP_SOURCE_SECONDS, "1.7e9", 1700000000},
        {KITHP_SOURCE_SECONDS, "1.7E+9", 1700000000},
        {KITHP_SOURCE_SECONDS, "17000000009e-1", 1700000000},
        {KITHP_SOURCE_SECONDS, "0.00017e13", 1700000000},
        {KITHP_SOURCE_SECONDS, "0001700000000", 1700000000},
        {KITHP_SOURCE_SECONDS, "253370764799", KITHP_TIME_MOST},
        {KITHP_SOURCE_SECONDS, "253370764799.9", KITHP_TIME_MOST},
        {KITHP_SOURCE_SECONDS, "253370764800", -1},
        {KITHP_SOURCE_SECONDS, "1e400", -1},
        {KITHP_SOURCE_SECONDS, "1e99999999999999999999999999", -1},
        {KITHP_SOURCE_SECONDS, "0e99999999999999999999999999", 0},
        {KITHP_SOURCE_SECONDS, "9e-99999999999999999999999999", 0},
        {KITHP_SOURCE_SECONDS, "0.0", 0},
        {KITHP_SOURCE_SECONDS, "-1", -1},
        {KITHP_SOURCE_SECONDS, "-0", -1},
        {KITHP_SOURCE_SECONDS, "+1", -1},
        {KITHP_SOURCE_SECONDS, "", -1},
        {KITHP_SOURCE_SECONDS, ".5", -1},
        {KITHP_SOURCE_SECONDS, "5.", -1},
        {KITHP_SOURCE_SECONDS, "1e", -1},
        {KITHP_SOURCE_SECONDS, "1e+", -1},
        {KITHP_SOURCE_SECONDS, "1e5.5", -1},
        {KITHP_SOURCE_SECONDS, "1 ", -1},
        {KITHP_SOURCE_SECONDS, " 1", -1},
        {KITHP_SOURCE_SECONDS, "1,5", -1},
        {KITHP_SOURCE_SECONDS, "0x10", -1},
        {KITHP_SOURCE_SECONDS, "nan", -1},
        {KITHP_SOURCE_MILLISECONDS, "1700000000999", 1700000000},
        {KITHP_SOURCE_MILLISECONDS, "1.700000000999e12", 1700000000},
        {KITHP_SOURCE_MILLISECONDS, "1700000000999.9", 1700000000},
        {KITHP_SOURCE_MILLISECONDS, "999", 0},
        {KITHP_SOURCE_MILLISECONDS, "1000", 1},
        {KITHP_SOURCE_MILLISECONDS, "253370764799999", KITHP_TIME_MOST},
        {KITHP_SOURCE_MILLISECONDS, "253370764800000", -1},
        {KITHP_SOURCE_MICROSECONDS, "1700000000999999", 1700000000},
        {KITHP_SOURCE_NANOSECONDS, "1700000000999999999", 1700000000},
        {KITHP_SOURCE_NANOSECONDS, "253370764799999999999", KITHP_TIME_MOST},
        {KITHP_SOURCE_NANOSECONDS, "253370764800000000000", -1},
        {KITHP_SOURCE_NANOSECONDS, "1e9", 1},
        {KITHP_SOURCE_NANOSECONDS, "9.99999999e8", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_source_times times = {.unit = cases[i].unit};
        int64_t time = read_text(&times, cases[i].text);
        if (time != cases[i].time)
            fail_msg("%s: %lld", cases[i].text, (long long)time);
    }
}

/* The same number with its point moved and an exponent that moves it back. */
static void source_times_of_units_do_not_hang_on_how_a_number_is_written(void **state)
{
    (void)state;
    static const int64_t of_a_second[] = {1, 1000, 1000000, 1000000000};
    uint64_t seed = 1;
    for (uint64_t i = 0; i < tries(20000); i++) {
        int unit = (int)chance_below(&seed, 4);
        uint64_t number = chance(&seed) >> chance_below(&seed, 64);
        uint64_t seconds = number / (uint64_t)of_a_second[unit];
        int64_t expected = seconds > (uint64_t)KITHP_TIME_MOST ? -1 : (int64_t)seconds;
        char digits[32], text[80];
        int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
        int point = 1 + (int)chance_below(&seed, (uint32_t)length);
        if (point < length)
            snprintf(text, sizeof text, "%.*s.%se%d", point, digits, digits + point, length - point);
        else
            snprintf(text, sizeof text, "%s000e-3", digits);
        struct kithp_source_times times = {.unit = (enum kithp_source_unit)(KITHP_SOURCE_SECONDS + unit)};
        if (read_text(&times, text) != expected)
            fail_msg("%s: %lld, expected %lld", text, (long long)read_text(&times, text), (long long)expected);
    }
}

/* ---- patterns ---- */

static void source_times_of_patterns_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *text;
        int64_t time;
    } cases[] = {
        {"%d.%m.%Y %H:%M", "20.03.2026 17:05", 1774026300},
        {"%d.%m.%Y %H:%M", "20.3.2026 7:5", 1773990300},
        {"%d.%m.%Y %H:%M", "20.03.2026  \t 17:05", 1774026300},
        {"%d.%m.%Y  %H:%M", "20.03.2026 17:05", 1774026300},
        {"%d.%m.%Y %H:%M", "20.03.202617:05", -1},
        {"%d.%m.%Y %H:%M", "20.03.2026 17:05 ", -1},
        {"%d.%m.%Y %H:%M", " 20.03.2026 17:05", -1},
        {"%d.%m.%Y %H:%M", "20.03.26 17:05", -1},
        {"%d.%m.%Y %H:%M", "20.03.2026 17:005", -1},
        {"%d.%m.%Y %H:%M", "020.03.2026 17:05", -1},
        {"%d.%m.%Y", "20.03.2026", 1773964800},
        {"%m/%d/%y", "2/29/24", 1709164800},
        {"%m/%d/%y", "2/29/23", -1},
        {"%m/%d/%y", "13/1/23", -1},
        {"%m/%d/%y", "0/1/23", -1},
        {"%m/%d/%y", "1/0/23", -1},
        {"%m/%d/%y", "1/1/68", 3092601600},
        {"%m/%d/%y", "1/1/69", -1},
        {"%m/%d/%y", "1/1/70", 0},
        {"%m/%d/%y", "12/31/99", 946598400},
        {"%Y%m%d%H%M%S", "20260320170500", 1774026300},
        {"%Y%m%d%H%M%S", "2026032017050", -1},
        {"%Y%m%d", "2026320", -1},
        {"%Y-%m%d", "2026-0320", 1773964800},
        {"%Y-%m%d", "2026-320", -1},
        {"%Y-%m%d", "2026-032", -1},
        {"%y%j", "24366", 1735603200},
        {"%y%j", "2436", -1},
        {"%d5%m %Y", "205 3 2026", -1},
        {"%d5%m %Y", "2053 2026", -1},
        {"%d5%m %Y", "20503 2026", 1773964800},
        {"%Y-%m-%dT%H:%M:%S.%fZ", "2026-03-20T17:05:00.9999999999999Z", 1774026300},
        {"%Y-%m-%dT%H:%M:%S.%fZ", "2026-03-20T17:05:00.Z", -1},
        {"%Y-%m-%d %H:%M:%S,%f", "2026-03-20 17:05:00,5", 1774026300},
        {"%Y-%m-%d %H:%M:%S", "2026-03-20 24:00:00", -1},
        {"%Y-%m-%d %H:%M:%S", "2026-03-20 23:60:00", -1},
        {"%Y-%m-%d %H:%M:%S", "2026-03-20 23:59:60", -1},
        {"%Y-%m-%d %H:%M:%S", "1969-12-31 23:59:59", -1},
        {"%Y-%m-%d %H:%M:%S", "9998-12-31 23:59:59", KITHP_TIME_MOST},
        {"%Y-%m-%d %H:%M:%S", "9999-01-01 00:00:00", -1},
        {"%d/%b/%Y:%H:%M:%S %z", "10/Oct/2000:13:55:36 -0700", 971211336},
        {"%a, %d %b %Y %H:%M:%S %Z", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"%a, %d %b %Y %H:%M:%S %Z", "Mon, 06 Nov 1994 08:49:37 GMT", -1},
        {"%A, %d-%b-%y %H:%M:%S %Z", "Sunday, 06-Nov-94 08:49:37 UTC", 784111777},
        {"%a %b %e %H:%M:%S %Y", "Sun Nov  6 08:49:37 1994", 784111777},
        {"%a %b%e %H:%M:%S %Y", "Sun Nov 6 08:49:37 1994", 784111777},
        {"%a %b%e %H:%M:%S %Y", "Sun Nov16 08:49:37 1994", -1},
        {"%b%e %Y", "Nov16 1994", 784944000},
        {"%b%e %Y", "Nov 16 1994", -1},
        {"%a %b %d %H:%M:%S %z %Y", "Wed Oct 10 20:19:24 +0000 2018", 1539202764},
        {"%B %d, %Y", "september 6, 2018", 1536192000},
        {"%b %d, %Y", "SEPTEMBER 6, 2018", 1536192000},
        {"%B %d, %Y", "Sep 6, 2018", 1536192000},
        {"%B %d, %Y", "Sept 6, 2018", -1},
        {"%B %d, %Y", "May 6, 2018", 1525564800},
        {"%m/%d/%Y %I:%M %p", "3/20/2026 5:05 PM", 1774026300},
        {"%m/%d/%Y %I:%M %p", "3/20/2026 5:05 am", 1773983100},
        {"%m/%d/%Y %I:%M %p", "3/20/2026 12:05 AM", 1773965100},
        {"%m/%d/%Y %I:%M %p", "3/20/2026 12:05 PM", 1774008300},
        {"%m/%d/%Y %I:%M %p", "3/20/2026 13:05 PM", -1},
        {"%m/%d/%Y %I:%M %p", "3/20/2026 0:05 AM", -1},
        {"%m/%d/%Y %I:%M\xE2\x80\xAF%p", "3/20/2026 5:05\xE2\x80\xAFPM", 1774026300},
        {"%Y-%j", "2024-366", 1735603200},
        {"%Y-%j", "2023-366", -1},
        {"%Y-%j", "2023-0", -1},
        {"%Y-%j", "2023-1", 1672531200},
        {"%s", "1774026300", 1774026300},
        {"%s.%f", "1774026300.25", 1774026300},
        {"%s", "253370764799", KITHP_TIME_MOST},
        {"%s", "253370764800", -1},
        {"%s", "1774026300000", -1},
        {"at %s!", "at 5!", 5},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05Z", 1774026300},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05+01:00", 1774022700},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05+0130", 1774020900},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05-08", 1774055100},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05", -1},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05+1", -1},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05+24:00", -1},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05+01:60", -1},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05+01:0", -1},
        {"%Y-%m-%d %H:%M%z", "2026-03-20 17:05+010", -1},
        {"%Y-%m-%d %H:%M %Z", "2026-03-20 17:05 CET", -1},
        {"100%% %Y-%m-%d", "100% 2026-03-20", 1773964800},
        {"100%% %Y-%m-%d", "100%% 2026-03-20", -1},
        {"%Y-%m-%d",
         "2026\xE2\x80\x91"
         "03-20",
         -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_source_times times = pattern_of(cases[i].pattern);
        int64_t time = read_text(&times, cases[i].text);
        if (time != cases[i].time)
            fail_msg("'%s' by '%s': %lld", cases[i].text, cases[i].pattern, (long long)time);
    }
}

/* What strftime() writes, in the locale "C", at a time that gmtime() has taken apart. */
static void source_times_of_patterns_are_those_that_strftime_wrote(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "%Y-%m-%d %H:%M:%S",        "%d.%m.%Y, %H:%M:%S",   "%Y%m%d%H%M%S",     "%a %b %e %H:%M:%S %Y",
        "%A, %d %B %Y %H:%M:%S",    "%m/%d/%Y %I:%M:%S %p", "%Y/%j %H.%M.%S",   "%s",
        "%a, %d %b %Y %H:%M:%S %Z", "%d/%b/%Y:%H:%M:%S %z", "%H:%M:%S %Y %e%b",
    };
    uint64_t seed = 7;
    for (uint64_t i = 0; i < tries(20000); i++) {
        time_t time = (time_t)(chance(&seed) % (uint64_t)(KITHP_TIME_MOST + 1)) >> chance_below(&seed, 20);
        struct tm parts;
        assert_non_null(gmtime_r(&time, &parts));
        const char *pattern = patterns[chance_below(&seed, sizeof patterns / sizeof *patterns)];
        char text[128];
        /* The C library takes %s on its own clock. */
        if (strcmp(pattern, "%s") == 0)
            snprintf(text, sizeof text, "%lld", (long long)time);
        else
            assert_true(strftime(text, sizeof text, pattern, &parts) > 0);
        struct kithp_source_times times = pattern_of(pattern);
        if (read_text(&times, text) != time)
            fail_msg("'%s' by '%s': %lld, expected %lld", text, pattern, (long long)read_text(&times, text),
                     (long long)time);
    }
}

static void source_times_without_zone_are_on_the_source_s_clock_or_the_community_s(void **state)
{
    (void)state;
    const struct kithp_calendar west = {-5 * 3600, 0};
    const kith_text bare = TEXT("2026-03-20 17:05"), day = TEXT("2026-03-20"), aware = TEXT("2026-03-20T17:05:00Z");
    struct kithp_source_times times = pattern_of("%Y-%m-%d %H:%M");
    assert_int_equal(read_on(&times, &west, bare), 1774026300 + 5 * 3600);
    times.has_zone = true;
    times.zone = 2 * 3600;
    assert_int_equal(read_on(&times, &west, bare), 1774026300 - 2 * 3600);
    times.zone = 0;
    assert_int_equal(read_on(&times, &west, bare), 1774026300);

    struct kithp_source_times any = {.unit = KITHP_SOURCE_ANY_TIME};
    assert_int_equal(read_on(&any, &west, bare), 1774026300 + 5 * 3600);
    assert_int_equal(read_on(&any, &west, day), 1773964800 + 5 * 3600);
    assert_int_equal(read_on(&any, &west, aware), 1774026300);
    any.has_zone = true;
    any.zone = 5400;
    assert_int_equal(read_on(&any, &west, bare), 1774026300 - 5400);
    assert_int_equal(read_on(&any, &west, aware), 1774026300);
    assert_int_equal(read_on(&any, &west, TEXT("1774026300")), 1774026300);
    assert_int_equal(read_on(&any, &west, TEXT("1774026300.5")), -1);
}

static void source_times_know_whether_they_carry_a_zone(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool carries;
    } cases[] = {{"%Y-%m-%d", false}, {"%Y-%m-%d%%z", false},  {"%Y-%m-%d %%%z", true},
                 {"%s", true},        {"%Y-%m-%d %%s", false}, {"%Y-%m-%d %H %Z", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_source_times times = pattern_of(cases[i].pattern);
        assert_int_equal(kithp_source_times_carry_zone(&times), cases[i].carries);
    }
    for (int unit = KITHP_SOURCE_SECONDS; unit <= KITHP_SOURCE_NANOSECONDS; unit++)
        assert_true(kithp_source_times_carry_zone(&(struct kithp_source_times){.unit = (enum kithp_source_unit)unit}));
    assert_false(kithp_source_times_carry_zone(&(struct kithp_source_times){.unit = KITHP_SOURCE_ANY_TIME}));
}

static void source_times_say_what_is_wrong_with_a_pattern(void **state)
{
    (void)state;
    static const char letters[] =
        "expected one of the letters Y y m b B d e j a A H I p M S f s z Z behind %, or another %";
    static const char once[] = "expected each part of a time once";
    static const char apart[] = "expected something between these digits and those that follow";
    static const char beside[] = "expected nothing but %f beside %s, which tells the moment";
    static const char year[] = "expected a year, %Y or %y, or Unix seconds, %s";
    static const char day[] = "expected a month and a day, such as %m and %d, or the day of the year, %j";
    static const struct {
        const char *pattern;
        size_t offset;
        const char *words;
    } cases[] = {
        {"", 0, year},
        {"%", 0, letters},
        {"%Y-%", 3, letters},
        {"%Y-%q", 3, letters},
        {"%Y-% m", 3, letters},
        {"%Y %y", 3, once},
        {"%m %b", 3, once},
        {"%d %e", 3, once},
        {"%z %Z", 3, once},
        {"%Y-%m-%d %H:%M:%S.%f%z%f", 22, once},
        {"%Y-%m-%d %H:%M:%S%f", 0, NULL},
        {"%f%S", 0, apart},
        {"%f5", 0, apart},
        {"%s%f", 0, apart},
        {"%s %Y", 0, beside},
        {"%s %z", 0, beside},
        {"%m %d", 0, year},
        {"%H:%M", 0, year},
        {"%Y", 0, day},
        {"%Y %m", 0, day},
        {"%Y %d", 0, day},
        {"%Y %j %d", 0, day},
        {"%Y %j %m", 0, day},
        {"%Y %j %p", 0, "expected %I and %p together"},
        {"%Y %j %I", 0, "expected %I and %p together"},
        {"%Y %j %H %p", 0, "expected %I and %p together"},
        {"%Y %j %H %I %p", 0, "expected one of %H and %I"},
        {"%Y %j %M", 0, "expected hours, as there are minutes"},
        {"%Y %j %H %S", 0, "expected minutes, as there are seconds"},
        {"%Y %j %H:%M.%f", 0, "expected seconds, as there is a fraction of them"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_text pattern = text_exact(kith_text_of(cases[i].pattern));
        size_t offset = 99;
        const char *words = kithp_source_times_check(pattern, &offset);
        if ((words == NULL) != (cases[i].words == NULL) || (words && strcmp(words, cases[i].words) != 0))
            fail_msg("'%s': %s", cases[i].pattern, words ? words : "no fault");
        assert_int_equal(offset, cases[i].offset);
        text_free(pattern);
    }
}

/* Whatever a pattern and a text are made of, no byte outside of them is looked at. */
static void source_times_of_any_bytes_stay_within_them(void **state)
{
    (void)state;
    static const char *const pieces[] = {"%Y", "%m", "%d", "%H", "%M", "%S", "%f", "%e", "%b", "%p", "%I", "%z",
                                         "%Z", "%j", "%a", "%y", "%%", " ",  "-",  ":",  "2",  "%s", ".",  "T"};
    uint64_t seed = 3, sound = 0;
    for (uint64_t i = 0; i < tries(200000); i++) {
        char pattern[64] = "", text[32];
        for (uint32_t count = chance_below(&seed, 9); count > 0; count--)
            strcat(pattern, pieces[chance_below(&seed, sizeof pieces / sizeof *pieces)]);
        size_t offset, length = chance_below(&seed, sizeof text);
        kith_text exact = text_exact(kith_text_of(pattern));
        struct kithp_source_times times = {.unit = KITHP_SOURCE_PATTERN, .pattern = exact};
        if (!kithp_source_times_check(exact, &offset)) {
            for (size_t at = 0; at < length; at++)
                text[at] = "0123 +-:.%ZTamjun\xC3"[chance_below(&seed, 18)];
            int64_t time = read_on(&times, &utc, (kith_text){text, length});
            assert_in_range(time + 1, 0, KITHP_TIME_MOST + 1);
            sound++;
        }
        text_free(exact);
    }
    assert_true(sound > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_times_of_units_are_rounded_down),
        cmocka_unit_test(source_times_of_units_do_not_hang_on_how_a_number_is_written),
        cmocka_unit_test(source_times_of_patterns_are_read),
        cmocka_unit_test(source_times_of_patterns_are_those_that_strftime_wrote),
        cmocka_unit_test(source_times_without_zone_are_on_the_source_s_clock_or_the_community_s),
        cmocka_unit_test(source_times_know_whether_they_carry_a_zone),
        cmocka_unit_test(source_times_say_what_is_wrong_with_a_pattern),
        cmocka_unit_test(source_times_of_any_bytes_stay_within_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
