/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

#include "exports/deflate.h"

static unsigned bits_at(const unsigned char *bytes, uint64_t bit, unsigned count)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < count; i++)
        bits |= ((unsigned)bytes[(bit + i) / 8] >> ((bit + i) % 8) & 1U) << i;
    return bits;
}

/* As RFC 1951, 3.2.7 has it, a bit at a time: a block that is not the last, with codes whose own code is whole. */
static bool looks_like_block(const unsigned char *bytes, uint64_t bit)
{
    if (bits_at(bytes, bit, 1) != 0 || bits_at(bytes, bit + 1, 2) != 2)
        return false;
    if (bits_at(bytes, bit + 3, 5) + 257 > 286 || bits_at(bytes, bit + 8, 5) + 1 > 30)
        return false;
    double sum = 0;
    for (unsigned i = 0; i < bits_at(bytes, bit + 13, 4) + 4; i++) {
        unsigned length = bits_at(bytes, bit + 17 + 3 * i, 3);
        sum += length > 0 ? 1.0 / (1 << length) : 0;
    }
    return sum == 1;
}

static void blocks_are_looked_for_bit_by_bit(void **state)
{
    (void)state;
    enum { LENGTH = 40000 };
    static unsigned char bytes[LENGTH + KITHP_DEFLATE_LOOK];
    uint64_t luck = 3;
    for (size_t i = 0; i < LENGTH; i++)
        bytes[i] = (unsigned char)chance(&luck);
    unsigned found = 0;
    for (uint64_t bit = 0, end = 8 * LENGTH; bit < end; bit++) {
        uint64_t expected = bit;
        while (expected < end && !looks_like_block(bytes, expected))
            expected++;
        assert_int_equal(kithp_deflate_find(bytes, bit, end), expected);
        found += expected < end;
        /* From anywhere before it, and not behind its end. */
        if (expected > bit)
            assert_int_equal(kithp_deflate_find(bytes, bit + chance_below(&luck, (uint32_t)(expected - bit)), end),
                             expected);
        if (expected < end) {
            assert_int_equal(kithp_deflate_find(bytes, bit, expected), expected);
            assert_int_equal(kithp_deflate_find(bytes, bit, expected + 1), expected);
        }
        bit = expected;
    }
    assert_in_range(found, 20, 8 * LENGTH / 500);
}

static void bits_are_taken_from_the_lowest_on(void **state)
{
    (void)state;
    static const unsigned char bytes[KITHP_DEFLATE_LOOK] = {0xB4, 0x21, 0xFF, 0, 0, 0, 0, 0x80, 0x01};
    for (unsigned bit = 0; bit < 8; bit++) {
        uint64_t bits = kithp_deflate_bits(bytes, bit);
        for (unsigned i = 0; i < KITHP_DEFLATE_BITS; i++)
            assert_int_equal(kithp_deflate_take(&bits, 1), bits_at(bytes, bit + i, 1));
    }
    uint64_t bits = kithp_deflate_bits(bytes, 0);
    assert_int_equal(kithp_deflate_take(&bits, 0), 0);
    assert_int_equal(kithp_deflate_take(&bits, 12), 0x1B4);
    assert_int_equal(kithp_deflate_take(&bits, 8), 0xF2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_looked_for_bit_by_bit),
        cmocka_unit_test(bits_are_taken_from_the_lowest_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
