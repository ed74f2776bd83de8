/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <math.h>

#include "policy/carry.h"

enum { HALF_LIVES = 52001 }; /* 0 to 520.00 weeks */

static void carry_known_half_lives_have_their_carry(void **state)
{
    (void)state;
    static const struct {
        uint32_t half_life; /* hundredths of a week */
        uint32_t carry;
    } cases[] = {
        {0, 0},       {1, 0},       {5, 0},       {6, 1},        {7, 3},        {33, 8022},     {50, 16384},
        {100, 32768}, {125, 37641}, {400, 55109}, {1000, 61147}, {5200, 64668}, {52000, 65449},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(kithp_carry_of(cases[i].half_life), cases[i].carry);
}

static void carry_of_every_half_life_is_that_of_the_formula(void **state)
{
    (void)state;
    /*
     * No half-life has a product nearer than 1.3e-7 to where rounding turns, and even a double is nearer to the truth
     * than that: floating point, which the library does without, is good enough to check it.
     */
    for (uint32_t half_life = 1; half_life < HALF_LIVES; half_life++) {
        long double expected = floorl(65536.0L * exp2l(-100.0L / (long double)half_life) + 0.5L);
        if ((long double)kithp_carry_of(half_life) != expected)
            fail_msg("%u hundredths: %u in place of %.0Lf", half_life, kithp_carry_of(half_life), expected);
    }
}

static void carry_of_all_half_lives_has_the_sum_of_exact_arithmetic(void **state)
{
    (void)state;
    /*
     * Sum and FNV-1a (64 bits, of each carry as four bytes, lowest first) over all half-lives, by Python's decimal with
     * 100 digits: carry() in tests/reference/model_policy.py.
     */
    uint64_t sum = 0, hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t half_life = 0; half_life < HALF_LIVES; half_life++) {
        uint32_t carry = kithp_carry_of(half_life);
        sum += carry;
        for (int byte = 0; byte < 4; byte++)
            hash = (hash ^ (carry >> (8 * byte) & 0xFF)) * UINT64_C(0x100000001b3);
    }
    assert_int_equal(sum, 3375907557);
    assert_true(hash == UINT64_C(0x8227006d636ea02d));
}

static void carry_grows_with_the_half_life_and_stays_below_all(void **state)
{
    (void)state;
    for (uint32_t half_life = 1; half_life < HALF_LIVES; half_life++)
        assert_true(kithp_carry_of(half_life) >= kithp_carry_of(half_life - 1));
    assert_true(kithp_carry_of(HALF_LIVES - 1) < 65536);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carry_known_half_lives_have_their_carry),
        cmocka_unit_test(carry_of_every_half_life_is_that_of_the_formula),
        cmocka_unit_test(carry_of_all_half_lives_has_the_sum_of_exact_arithmetic),
        cmocka_unit_test(carry_grows_with_the_half_life_and_stays_below_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
