/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <time.h>

#include "prose/amount.h"
#include "support.h"

/* Room that is guarded on both sides. */
struct guarded {
    char before[8];
    char text[KITHP_AMOUNT_ROOM];
    char after[8];
};

static void guard(struct guarded *guarded)
{
    memset(guarded, '#', sizeof *guarded);
}

static void assert_guarded(const struct guarded *guarded, const char *expected)
{
    assert_string_equal(guarded->text, expected);
    for (size_t i = 0; i < sizeof guarded->before; i++)
        assert_true(guarded->before[i] == '#' && guarded->after[i] == '#');
}

static void amount_counts_are_grouped(void **state)
{
    (void)state;
    static const struct {
        uint64_t number;
        const char *expected;
    } cases[] = {
        {0, "0"},
        {9, "9"},
        {999, "999"},
        {1000, "1,000"},
        {12345, "12,345"},
        {999999, "999,999"},
        {1000000, "1,000,000"},
        {UINT32_MAX, "4,294,967,295"},
        {UINT64_MAX, "18,446,744,073,709,551,615"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct guarded out;
        guard(&out);
        assert_ptr_equal(kithp_amount_count(out.text, cases[i].number), out.text);
        assert_guarded(&out, cases[i].expected);
    }
}

static void amount_points_have_the_decimals_that_they_need(void **state)
{
    (void)state;
    static const struct {
        int64_t points;
        const char *expected;
    } cases[] = {
        {0, "0"},
        {1, "0.001"},
        {-1, "-0.001"},
        {10, "0.01"},
        {100, "0.1"},
        {500, "0.5"},
        {1000, "1"},
        {-1000, "-1"},
        {10000, "10"},
        {12340, "12.34"},
        {1000000, "1,000"},
        {1000020, "1,000.02"},
        {-1234500, "-1,234.5"},
        {INT64_MAX, "9,223,372,036,854,775.807"},
        {INT64_MIN, "-9,223,372,036,854,775.808"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct guarded out;
        guard(&out);
        assert_ptr_equal(kithp_amount_points(out.text, cases[i].points), out.text);
        assert_guarded(&out, cases[i].expected);
    }
}

/* Grouping taken out again, and zeros put on, it is what printf writes. */
static void amount_points_are_those_given(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (uint64_t i = 0; i < tries(20000); i++) {
        int64_t points = (int64_t)(chance(&seed) >> 1 >> chance_below(&seed, 63));
        char text[KITHP_AMOUNT_ROOM], plain[40], expected[40];
        kithp_amount_points(text, points);
        size_t length = 0;
        for (const char *at = text; *at; at++)
            if (*at != ',')
                plain[length++] = *at;
        plain[length] = '\0';
        const char *point = strchr(plain, '.');
        if (point)
            assert_int_not_equal(plain[length - 1], '0');
        else
            plain[length++] = '.';
        while (length < 4 || plain[length - 4] != '.')
            plain[length++] = '0';
        plain[length] = '\0';
        snprintf(expected, sizeof expected, "%" PRId64 ".%03" PRId64, points / 1000, points % 1000);
        assert_string_equal(plain, expected);
    }
}

static void amount_scores_have_two_decimals(void **state)
{
    (void)state;
    for (int32_t score = 0; score <= 10000; score++) {
        struct guarded out;
        char expected[16];
        guard(&out);
        snprintf(expected, sizeof expected, "%.2f", score / 100.0);
        assert_ptr_equal(kithp_amount_score(out.text, score), out.text);
        assert_guarded(&out, expected);
    }
}

static void amount_parts_have_three_decimals_and_those_that_they_need(void **state)
{
    (void)state;
    static const struct {
        int64_t product;
        const char *expected;
    } cases[] = {
        {0, "0.000"},      {1, "0.00001"},      {10, "0.0001"},       {100, "0.001"},          {1000, "0.010"},
        {100000, "1.000"}, {1486800, "14.868"}, {1486810, "14.8681"}, {9999 * 1000, "99.990"}, {10000000, "100.000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct guarded out;
        guard(&out);
        assert_ptr_equal(kithp_amount_part(out.text, cases[i].product), out.text);
        assert_guarded(&out, cases[i].expected);
    }
}

static void amount_days_are_those_of_the_calendar(void **state)
{
    (void)state;
    for (int64_t day = -800; day < 2932897; day += 17) {
        struct guarded out;
        char expected[16];
        time_t moment = (time_t)(day * 86400);
        struct tm parts;
        assert_non_null(gmtime_r(&moment, &parts));
        assert_true(strftime(expected, sizeof expected, "%Y-%m-%d", &parts) > 0);
        guard(&out);
        assert_ptr_equal(kithp_amount_day(out.text, day), out.text);
        assert_guarded(&out, expected);
    }
    struct guarded out;
    guard(&out);
    kithp_amount_day(out.text, INT32_MAX);
    assert_guarded(&out, "5881580-07-11");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amount_counts_are_grouped),
        cmocka_unit_test(amount_points_have_the_decimals_that_they_need),
        cmocka_unit_test(amount_points_are_those_given),
        cmocka_unit_test(amount_scores_have_two_decimals),
        cmocka_unit_test(amount_parts_have_three_decimals_and_those_that_they_need),
        cmocka_unit_test(amount_days_are_those_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
