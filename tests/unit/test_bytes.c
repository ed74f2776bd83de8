/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/bytes.h"

/* Bit by bit, as slowly as it can be done. */
static unsigned slow_count(uint64_t bits)
{
    unsigned count = 0;
    for (unsigned i = 0; i < 64; i++)
        count += bits >> i & 1;
    return count;
}

static void bytes_bits_are_counted_and_found(void **state)
{
    (void)state;
    uint64_t luck = 8;
    for (unsigned i = 0; i < 64; i++) {
        assert_int_equal(kithp_bytes_lowest_bit(UINT64_C(1) << i), i);
        assert_int_equal(kithp_bytes_lowest_bit(UINT64_MAX << i), i);
    }
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t bits = (uint32_t)chance(&luck) >> chance_below(&luck, 32);
        assert_int_equal(kithp_bytes_count(bits), slow_count(bits));
    }
    assert_int_equal(kithp_bytes_count(0), 0);
    assert_int_equal(kithp_bytes_count(UINT32_MAX), 32);
}

static void bytes_first_of_eight_is_found(void **state)
{
    (void)state;
    uint64_t luck = 6;
    for (unsigned i = 0; i < 300000; i++) {
        /* Few different values, among them those at which carries could mislead. */
        static const uint8_t values[] = {0, 1, 2, 0x7F, 0x80, 0x81, 0xFE, 0xFF};
        uint8_t bytes[8], sought = values[chance_below(&luck, 8)];
        unsigned expected = 8;
        for (unsigned j = 0; j < 8; j++)
            bytes[j] = values[chance_below(&luck, 8)];
        for (unsigned j = 8; j > 0; j--)
            expected = bytes[j - 1] == sought ? j - 1 : expected;
        assert_int_equal(kithp_bytes_find(bytes, sought), expected);
        for (unsigned count = 0; count < 8; count++)
            assert_int_equal(kithp_bytes_find_below(bytes, sought, count), expected < count ? expected : count);
    }
}

/* Read from memory that ends with them, so that a look behind would show. */
static void bytes_of_short_texts_become_numbers(void **state)
{
    (void)state;
    uint64_t luck = 4;
    for (unsigned i = 0; i < 5000; i++) {
        char bytes[7];
        uint64_t expected = 0;
        unsigned length = chance_below(&luck, 8);
        for (unsigned j = 0; j < length; j++) {
            bytes[j] = (char)chance_below(&luck, 256);
            expected += (uint64_t)(unsigned char)bytes[j] << (8 * j);
        }
        kith_text exact = text_exact((kith_text){bytes, length});
        assert_true(kithp_bytes_short(exact.data, exact.length) == expected);
        text_free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_bits_are_counted_and_found),
        cmocka_unit_test(bytes_first_of_eight_is_found),
        cmocka_unit_test(bytes_of_short_texts_become_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
