/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "exports/times.h"

static const struct kithp_calendar east = {.utc_offset = 8 * 3600};

/* Reads a text that more bytes stand behind, and compares with the calendar. Returns whether it is a time. */
static bool check(struct kithp_times *times, const char *text, size_t length)
{
    char room[80];
    assert_true(length + KITHP_WORDS_BEHIND <= sizeof room);
    memset(room, '7', sizeof room);
    memcpy(room, text, length);
    int64_t expected = 0, time = 0;
    bool is_time = kithp_calendar_parse(times->calendar, (kith_text){text, length}, &expected) &&
                   expected >= times->earliest && expected <= times->latest;
    bool read = kithp_times_read(times, room, length, &time);
    if (read != is_time || (read && time != expected))
        fail_msg("%.*s", (int)length, text);
    return read;
}

static bool check_string(struct kithp_times *times, const char *text)
{
    return check(times, text, strlen(text));
}

static void times_of_every_notation_are_those_of_the_calendar(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1768060800",
        "0000000000",
        "9999999999",
        "999999999",
        "17680608000",
        "17680608o0",
        "1768060800.5",
        "2026-01-17",
        "2026-01-03 23:59:59",
        "2026-01-03T23:59",
        "2026-01-10T16:00:00.999Z",
        "2026-01-10 16:00:00 UTC",
        "2026-01-18T07:15-0500",
        "2026-02-30",
        "2026-02-03Z",
        "2026-02-03T24:00:00Z",
        "2026-02-03T23:59:60Z",
        "2026-02-03t10:00:00z",
        "2026-02-03 10:00:00 +99:00",
        "-1",
        "",
        "yesterday",
        "2026-02-03T10:00:00+08:00",
        "2026-02-03T10:00:00.+08:00",
        "2026-02-03T10:00:00.1+08:00",
        "2026-02-03T10:00:00.123456789 +0800",
        "2026-02-03T10:00:00 ",
        "2026-02-03T10:00:00",
        "2026-02-03T10:60:00",
        "2026-02-03T29:00:00",
        "2026-02-03T1/:00:00",
        "2026-02-03T10:0::00",
        "2026-02-03T10:00:00Zulu is no zone",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "1970-01-01T07:59:59",
        "1970-01-01T08:00:00",
        "9998-12-31T23:59:59Z",
        "9999-01-01T00:00:00Z",
        "9998-12-31T23:59:59-00:01",
        "9999-01-01T07:59:59",
        "9999-01-01T08:00:00",
    };
    enum { TEXTS = sizeof texts / sizeof *texts };
    /* Each behind each, as what was read before decides how. */
    for (size_t a = 0; a < TEXTS; a++)
        for (size_t b = 0; b < TEXTS; b++) {
            struct kithp_times times;
            kithp_times_init(&times, &east, INT64_MIN, INT64_MAX);
            check_string(&times, texts[a]);
            check_string(&times, texts[b]);
            check_string(&times, texts[b]);
        }
}

static void times_of_a_day_are_right_to_the_second(void **state)
{
    (void)state;
    static const char *const forms[] = {"2024-02-29T%02u:%02u:%02uZ", "2024-02-29 %02u:%02u:%02u",
                                        "2024-02-29T%02u:%02u:%02u.5+05:30", "1970-01-01T%02u:%02u:%02u"};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        struct kithp_times times;
        kithp_times_init(&times, &east, 0, INT64_MAX);
        unsigned read = 0;
        for (unsigned hour = 0; hour < 25; hour++)
            for (unsigned minute = 0; minute < 61; minute += hour % 7 ? 1 : 3)
                for (unsigned second = 0; second < 61; second++) {
                    char text[64];
                    snprintf(text, sizeof text, forms[f], hour, minute, second);
                    read += check_string(&times, text);
                }
        assert_true(read > 16 * 60 * 30);
    }
}

static void times_with_any_byte_changed_are_those_of_the_calendar(void **state)
{
    (void)state;
    static const char *const texts[] = {"2026-01-10T16:30:29Z", "2026-01-10 16:30:29", "2026-01-10T16:30:29.123+08:00",
                                        "1768060800", "2026-01-10T16:30:29.5Z"};
    unsigned read = 0;
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        size_t length = strlen(texts[t]);
        for (size_t at = 0; at < length; at++)
            for (int byte = 0; byte < 256; byte++) {
                struct kithp_times times;
                kithp_times_init(&times, &east, 0, INT64_MAX);
                assert_true(check_string(&times, texts[t]));
                char text[64];
                memcpy(text, texts[t], length);
                text[at] = (char)byte;
                read += check(&times, text, length);
                check(&times, text, at);
                assert_true(check_string(&times, texts[t]));
            }
    }
    assert_true(read > 300);
}

static void times_of_chance_in_any_order_are_those_of_the_calendar(void **state)
{
    (void)state;
    static const char *const zones[] = {"Z", "", " UTC", "+08:00", "-0330", ".5", ".123Z", ".000000 +00:00"};
    struct kithp_times times;
    kithp_times_init(&times, &east, 1600000000, 1800000000);
    uint64_t luck = 4;
    unsigned read = 0;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        kithp_calendar_format_time(text, 1500000000 + (int64_t)(chance(&luck) % 400000000));
        strcpy(text + 19, zones[chance_below(&luck, 8)]);
        read += check_string(&times, text);
    }
    assert_in_range(read, 80000, 120000);
}

static void times_out_of_bounds_are_not_read(void **state)
{
    (void)state;
    struct kithp_times times;
    kithp_times_init(&times, &east, 1768060800, 1768060810);
    assert_false(check_string(&times, "1768060799"));
    assert_true(check_string(&times, "1768060800"));
    assert_false(check_string(&times, "2026-01-10T15:59:59Z"));
    assert_true(check_string(&times, "2026-01-10T16:00:00Z"));
    assert_false(check_string(&times, "2026-01-10T15:59:59Z"));
    assert_true(check_string(&times, "2026-01-10T16:00:10Z"));
    assert_false(check_string(&times, "2026-01-10T16:00:11Z"));
    assert_false(check_string(&times, "1768060811"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_every_notation_are_those_of_the_calendar),
        cmocka_unit_test(times_of_a_day_are_right_to_the_second),
        cmocka_unit_test(times_with_any_byte_changed_are_those_of_the_calendar),
        cmocka_unit_test(times_of_chance_in_any_order_are_those_of_the_calendar),
        cmocka_unit_test(times_out_of_bounds_are_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
