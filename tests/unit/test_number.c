/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <inttypes.h>

#include "base/number.h"

static void number_parse_reads_digits_up_to_the_most(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t most;
        bool accepted;
        uint64_t expected;
    } cases[] = {
        {"0", 0, true, 0},
        {"0", 5, true, 0},
        {"5", 5, true, 5},
        {"6", 5, false, 0},
        {"1", 0, false, 0},
        {"10", 9, false, 0},
        {"19", 19, true, 19},
        {"20", 19, false, 0},
        {"007", 7, true, 7},
        {"00000000000000000000000000000000000000000000005", 5, true, 5},
        {"253370764799", 253370764799, true, 253370764799},
        {"253370764800", 253370764799, false, 0},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999", UINT64_MAX, false, 0},
        {"184467440737095516150", UINT64_MAX, false, 0},
        {"", 9, false, 0},
        {"-1", 9, false, 0},
        {"+1", 9, false, 0},
        {" 1", 9, false, 0},
        {"1 ", 9, false, 0},
        {"1.0", 9, false, 0},
        {"0x1", 9, false, 0},
        {"1e0", 9, false, 0},
        {"\xD9\xA1", 9, false, 0}, /* a digit, but not an ASCII one */
        {"1,000", 9999, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 4711;
        kith_text text = text_exact(kith_text_of(cases[i].text));
        bool accepted = kithp_number_parse(text, cases[i].most, &value);
        if (accepted != cases[i].accepted || value != (accepted ? cases[i].expected : 4711))
            fail_msg("'%s' of at most %" PRIu64 ": %d, %" PRIu64, cases[i].text, cases[i].most, accepted, value);
        text_free(text);
    }
}

static void number_parse_stops_exactly_at_every_limit(void **state)
{
    (void)state;
    for (uint64_t most = 0; most < 130; most++) {
        for (uint64_t number = 0; number < 140; number++) {
            char text[8];
            snprintf(text, sizeof text, "%" PRIu64, number);
            uint64_t value;
            assert_int_equal(kithp_number_parse(kith_text_of(text), most, &value), number <= most);
        }
    }
}

static void number_parse_decimal_reads_a_scaled_amount(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
        uint64_t most;
        bool accepted;
        int64_t expected;
    } cases[] = {
        {"-2.5", 3, 1000000, true, -2500},
        {"2.5", 3, 1000000, true, 2500},
        {"2", 3, 1000000, true, 2000},
        {"0.001", 3, 1000000, true, 1},
        {"-0.001", 3, 1000000, true, -1},
        {"0.010", 3, 1000000, true, 10},
        {"00.40", 3, 1000000, true, 400},
        {"1.255", 2, 1000000, false, 0},
        {"1.250", 2, 1000000, false, 0},
        {"7", 0, 365, true, 7},
        {"-7", 0, 365, true, -7},
        {"7.5", 0, 365, false, 0},
        {"7.", 0, 365, false, 0},
        {"7.", 2, 36500, false, 0},
        {".5", 2, 36500, false, 0},
        {".", 2, 36500, false, 0},
        {"-", 2, 36500, false, 0},
        {"-.5", 2, 36500, false, 0},
        {"--5", 2, 36500, false, 0},
        {"+5", 2, 36500, false, 0},
        {"5-", 2, 36500, false, 0},
        {"1.-5", 2, 36500, false, 0},
        {"1.2.3", 3, 1000000, false, 0},
        {"1,5", 2, 36500, false, 0},
        {"1e1", 2, 36500, false, 0},
        {" 1", 2, 36500, false, 0},
        {"1 ", 2, 36500, false, 0},
        {"1. 5", 2, 36500, false, 0},
        {"", 2, 36500, false, 0},
        {"nan", 2, 36500, false, 0},
        {"520", 2, 52000, true, 52000},
        {"520.00", 2, 52000, true, 52000},
        {"520.01", 2, 52000, false, 0},
        {"521", 2, 52000, false, 0},
        {"519.99", 2, 52000, true, 51999},
        {"0.4", 3, 399, false, 0},
        {"1000000", 3, 1000000000, true, 1000000000},
        {"-1000000", 3, 1000000000, true, -1000000000},
        {"1000000.001", 3, 1000000000, false, 0},
        {"-1000000.001", 3, 1000000000, false, 0},
        {"18446744073709551616", 3, 1000000000, false, 0},
        {"0.99999999999999999999", 3, 1000, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned decimals = cases[i].decimals;
        int64_t value = 4711;
        kith_text text = text_exact(kith_text_of(cases[i].text));
        bool accepted = kithp_number_parse_decimal(text, decimals, cases[i].most, &value);
        if (accepted != cases[i].accepted || value != (accepted ? cases[i].expected : 4711))
            fail_msg("'%s', %u decimals: %d, %" PRId64, cases[i].text, decimals, accepted, value);
        text_free(text);
    }
}

static void number_parse_fixed_takes_digits_alone(void **state)
{
    (void)state;
    uint32_t value = 0;
    assert_true(kithp_number_parse_fixed("2026x", 4, &value));
    assert_int_equal(value, 2026);
    assert_true(kithp_number_parse_fixed("00", 2, &value));
    assert_int_equal(value, 0);
    value = 4711;
    assert_false(kithp_number_parse_fixed("20x6", 4, &value));
    assert_false(kithp_number_parse_fixed("-1", 2, &value));
    assert_false(kithp_number_parse_fixed(" 1", 2, &value));
    assert_int_equal(value, 4711);
}

static void assert_written(const char *out, size_t length, const char *expected)
{
    assert_text_equal((kith_text){out, length}, expected);
}

static void number_format_writes_digits(void **state)
{
    (void)state;
    char out[KITHP_NUMBER_ROOM];
    assert_written(out, kithp_number_format(out, 0), "0");
    assert_written(out, kithp_number_format(out, 10), "10");
    assert_written(out, kithp_number_format(out, UINT64_MAX), "18446744073709551615");
    assert_written(out, kithp_number_format_signed(out, 0), "0");
    assert_written(out, kithp_number_format_signed(out, -1), "-1");
    assert_written(out, kithp_number_format_signed(out, INT64_MAX), "9223372036854775807");
    assert_written(out, kithp_number_format_signed(out, INT64_MIN), "-9223372036854775808");
    assert_written(out, kithp_number_format_padded(out, 7, 2), "07");
    assert_written(out, kithp_number_format_padded(out, 0, 4), "0000");
    assert_written(out, kithp_number_format_padded(out, 12345, 4), "12345");
    assert_written(out, kithp_number_format_hundredths(out, 3142), "31.42");
    assert_written(out, kithp_number_format_hundredths(out, 0), "0.00");
    assert_written(out, kithp_number_format_hundredths(out, 7), "0.07");
    assert_written(out, kithp_number_format_hundredths(out, 9999), "99.99");
    assert_written(out, kithp_number_format_hundredths(out, UINT64_MAX), "184467440737095516.15");
    assert_written(out, kithp_number_format_decimal(out, -2500, 3), "-2.5");
    assert_written(out, kithp_number_format_decimal(out, 1, 3), "0.001");
    assert_written(out, kithp_number_format_decimal(out, -1, 3), "-0.001");
    assert_written(out, kithp_number_format_decimal(out, 1000, 3), "1");
    assert_written(out, kithp_number_format_decimal(out, 0, 3), "0");
    assert_written(out, kithp_number_format_decimal(out, 100, 0), "100");
    assert_written(out, kithp_number_format_decimal(out, 1010, 2), "10.1");
    assert_written(out, kithp_number_format_decimal(out, INT64_MIN, 3), "-9223372036854775.808");
}

static void number_written_and_read_is_the_same(void **state)
{
    (void)state;
    uint64_t luck = 2;
    for (int round = 0; round < 50000; round++) {
        /* Of every size: as many numbers of few digits as of many. */
        uint64_t number = chance(&luck) >> chance_below(&luck, 64);
        char out[KITHP_NUMBER_ROOM], expected[KITHP_NUMBER_ROOM];
        snprintf(expected, sizeof expected, "%" PRIu64, number);
        size_t length = kithp_number_format(out, number);
        assert_written(out, length, expected);
        uint64_t read;
        assert_true(kithp_number_parse((kith_text){out, length}, UINT64_MAX, &read));
        assert_true(read == number);

        int64_t scaled = (int64_t)(number >> 2);
        scaled = chance_below(&luck, 2) ? -scaled : scaled;
        unsigned decimals = chance_below(&luck, 4);
        length = kithp_number_format_decimal(out, scaled, decimals);
        int64_t scaled_read;
        assert_true(kithp_number_parse_decimal((kith_text){out, length}, decimals, INT64_MAX, &scaled_read));
        assert_true(scaled_read == scaled);
    }
}

static void number_floor_div_rounds_down_on_both_sides_of_zero(void **state)
{
    (void)state;
    for (int64_t divisor = 1; divisor < 12; divisor++) {
        int64_t expected = -5;
        /* Counted up by hand from -5 * divisor. */
        for (int64_t number = -5 * divisor, step = 0; number <= 5 * divisor; number++) {
            assert_int_equal(kithp_number_floor_div(number, divisor), expected);
            if (++step == divisor) {
                step = 0;
                expected++;
            }
        }
    }
    assert_int_equal(kithp_number_floor_div(INT64_MIN, 86400), INT64_C(-106751991167301));
}

static void number_clamp_holds_within_both_ends(void **state)
{
    (void)state;
    assert_int_equal(kithp_number_clamp(-1, 0, 5), 0);
    assert_int_equal(kithp_number_clamp(0, 0, 5), 0);
    assert_int_equal(kithp_number_clamp(3, 0, 5), 3);
    assert_int_equal(kithp_number_clamp(5, 0, 5), 5);
    assert_int_equal(kithp_number_clamp(6, 0, 5), 5);
    assert_int_equal(kithp_number_clamp(INT64_MIN, -7, 7), -7);
}

static void number_add_stop_stops_at_the_largest(void **state)
{
    (void)state;
    assert_int_equal(kithp_number_add_stop(1, 2), 3);
    assert_int_equal(kithp_number_add_stop(UINT32_MAX, 0), UINT32_MAX);
    assert_int_equal(kithp_number_add_stop(UINT32_MAX - 1, 1), UINT32_MAX);
    assert_int_equal(kithp_number_add_stop(UINT32_MAX, 1), UINT32_MAX);
    assert_int_equal(kithp_number_add_stop(UINT32_MAX, UINT32_MAX), UINT32_MAX);
    assert_int_equal(kithp_number_add_stop(UINT32_C(1) << 31, UINT32_C(1) << 31), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_parse_reads_digits_up_to_the_most),
        cmocka_unit_test(number_parse_stops_exactly_at_every_limit),
        cmocka_unit_test(number_parse_decimal_reads_a_scaled_amount),
        cmocka_unit_test(number_parse_fixed_takes_digits_alone),
        cmocka_unit_test(number_format_writes_digits),
        cmocka_unit_test(number_written_and_read_is_the_same),
        cmocka_unit_test(number_floor_div_rounds_down_on_both_sides_of_zero),
        cmocka_unit_test(number_clamp_holds_within_both_ends),
        cmocka_unit_test(number_add_stop_stops_at_the_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
