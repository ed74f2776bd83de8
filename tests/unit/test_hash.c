/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/hash.h"

/*
 * SipHash-1-3 under the key 00 01 … 0f of the texts of 0 to 63 bytes 00 01 02 …, by an implementation in Python written
 * from the paper. With two and four rounds, that gives the value published for SipHash-2-4 (726fdb47dd0e0e31); with key
 * 0, it gives what Python's hash() gives under PYTHONHASHSEED=0.
 */
static const uint64_t expected[64] = {
    UINT64_C(0xabac0158050fc4dc), UINT64_C(0xc9f49bf37d57ca93), UINT64_C(0x82cb9b024dc7d44d),
    UINT64_C(0x8bf80ab8e7ddf7fb), UINT64_C(0xcf75576088d38328), UINT64_C(0xdef9d52f49533b67),
    UINT64_C(0xc50d2b50c59f22a7), UINT64_C(0xd3927d989bb11140), UINT64_C(0x369095118d299a8e),
    UINT64_C(0x25a48eb36c063de4), UINT64_C(0x79de85ee92ff097f), UINT64_C(0x70c118c1f94dc352),
    UINT64_C(0x78a384b157b4d9a2), UINT64_C(0x306f760c1229ffa7), UINT64_C(0x605aa111c0f95d34),
    UINT64_C(0xd320d86d2a519956), UINT64_C(0xcc4fdd1a7d908b66), UINT64_C(0x9cf2689063dbd80c),
    UINT64_C(0x8ffc389cb473e63e), UINT64_C(0xf21f9de58d297d1c), UINT64_C(0xc0dc2f46a6cce040),
    UINT64_C(0xb992abfe2b45f844), UINT64_C(0x7ffe7b9ba320872e), UINT64_C(0x525a0e7fdae6c123),
    UINT64_C(0xf464aeb267349c8c), UINT64_C(0x45cd5928705b0979), UINT64_C(0x3a3e35e3ca9913a5),
    UINT64_C(0xa91dc74e4ade3b35), UINT64_C(0xfb0bed02ef6cd00d), UINT64_C(0x88d93cb44ab1e1f4),
    UINT64_C(0x540f11d643c5e663), UINT64_C(0x2370dd1f8c21d1bc), UINT64_C(0x81157b6c16a7b60d),
    UINT64_C(0x4d54b9e57a8ff9bf), UINT64_C(0x759f12781f2a753e), UINT64_C(0xcea1a3bebf186b91),
    UINT64_C(0x2cf508d3ada26206), UINT64_C(0xb6101c2da3c33057), UINT64_C(0xb3f47496ae3a36a1),
    UINT64_C(0x626b57547b108392), UINT64_C(0xc1d2363299e41531), UINT64_C(0x667cc1923f1ad944),
    UINT64_C(0x65704ffec8138825), UINT64_C(0x24f280d1c28949a6), UINT64_C(0xc2ca1cedfaf8876b),
    UINT64_C(0xc2164bfc9f042196), UINT64_C(0xa16e9c9368b1d623), UINT64_C(0x49fb169c8b5114fd),
    UINT64_C(0x9f3143f8df074c46), UINT64_C(0xc6fdaf2412cc86b3), UINT64_C(0x7eaf49d10a52098f),
    UINT64_C(0x1cf313559d292f9a), UINT64_C(0xc44a30dda2f41f12), UINT64_C(0x36fae98943a71ed0),
    UINT64_C(0x318fb34c73f0bce6), UINT64_C(0xa27abf3670a7e980), UINT64_C(0xb4bcc0db243c6d75),
    UINT64_C(0x23f8d852fdb71513), UINT64_C(0x8f035f4da67d8a08), UINT64_C(0xd89cd0e5b7e8f148),
    UINT64_C(0xf6f4e6bcf7a644ee), UINT64_C(0xaec59ad80f1837f2), UINT64_C(0xc3b2f6154b6694e0),
    UINT64_C(0x9d199062b7bbb3a8),
};

static void hash_bytes_has_the_values_of_siphash_1_3(void **state)
{
    (void)state;
    const struct kithp_hash_key key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    unsigned char *room = malloc(64);
    assert_non_null(room);
    for (size_t length = 0; length < 64; length++) {
        /* At the end of its memory, so that a look past the end shows. */
        unsigned char *bytes = room + 64 - length;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (unsigned char)i;
        assert_true(kithp_hash_bytes(key, bytes, length) == expected[length]);
    }
    free(room);
}

static void hash_bytes_under_key_0_has_the_values_of_python(void **state)
{
    (void)state;
    /* hash(b"kith") & (1 << 64) - 1 and so on, of CPython 3.11 under PYTHONHASHSEED=0; it uses SipHash-1-3. */
    const struct kithp_hash_key zero = {0, 0};
    char many[300];
    memset(many, 'y', sizeof many);
    assert_true(kithp_hash_bytes(zero, "a", 1) == UINT64_C(0x407448d2b89b1813));
    assert_true(kithp_hash_bytes(zero, "kith", 4) == UINT64_C(0xeeb6d1f8dc0b10f7));
    assert_true(kithp_hash_bytes(zero, "1234567", 7) == UINT64_C(0xa33d651594fdae81));
    assert_true(kithp_hash_bytes(zero, "12345678", 8) == UINT64_C(0x3489982430560a87));
    assert_true(kithp_hash_bytes(zero, "123456789", 9) == UINT64_C(0x0fbc0f0007965fcf));
    assert_true(kithp_hash_bytes(zero, "", 1) == UINT64_C(0x68a914128e01e473));
    /* Past 255 bytes the length that goes into the last word wraps. */
    assert_true(kithp_hash_bytes(zero, many, sizeof many) == UINT64_C(0x84017cade8528618));
}

static void hash_bytes_does_not_ask_for_alignment(void **state)
{
    (void)state;
    const struct kithp_hash_key key = {1, 2};
    char room[40];
    uint64_t first = kithp_hash_bytes(key, "the same twenty bytes", 21);
    for (size_t shift = 0; shift < 16; shift++) {
        memcpy(room + shift, "the same twenty bytes", 21);
        assert_true(kithp_hash_bytes(key, room + shift, 21) == first);
    }
}

static void hash_random_keys_differ(void **state)
{
    (void)state;
    struct kithp_hash_key a = kithp_hash_random_key(), b = kithp_hash_random_key();
    assert_false(a.k0 == b.k0 && a.k1 == b.k1);
    assert_false(a.k0 == 0 && a.k1 == 0);
}

static void hash_number_goes_by_both_halves_of_the_key(void **state)
{
    (void)state;
    uint64_t hash = kithp_hash_number((struct kithp_hash_key){7, 8}, 42);
    assert_true(hash == kithp_hash_number((struct kithp_hash_key){7, 8}, 42));
    assert_false(hash == kithp_hash_number((struct kithp_hash_key){6, 8}, 42));
    assert_false(hash == kithp_hash_number((struct kithp_hash_key){7, 9}, 42));
}

static int compare_words(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

static void hash_number_gives_each_number_its_own(void **state)
{
    (void)state;
    enum { COUNT = 1 << 16 };
    const struct kithp_hash_key key = {UINT64_C(0x123456789abcdef), 99};
    uint64_t *hashes = malloc(COUNT * sizeof *hashes);
    assert_non_null(hashes);
    for (uint64_t i = 0; i < COUNT; i++)
        hashes[i] = kithp_hash_number(key, i << (i % 2 * 40));
    qsort(hashes, COUNT, sizeof *hashes, compare_words);
    /* The odd ones, moved up, are none of the even ones; each step can be undone, so no two may meet. */
    for (size_t i = 1; i < COUNT; i++)
        assert_false(hashes[i] == hashes[i - 1]);
    free(hashes);
}

static void hash_number_changes_each_bit_with_even_odds(void **state)
{
    (void)state;
    enum { ROUNDS = 2000 };
    const struct kithp_hash_key key = {5, 6};
    for (unsigned in = 0; in < 64; in++) {
        unsigned changes[64] = {0};
        for (uint64_t round = 0; round < ROUNDS; round++) {
            uint64_t change = kithp_hash_number(key, round) ^ kithp_hash_number(key, round ^ UINT64_C(1) << in);
            for (unsigned out = 0; out < 64; out++)
                changes[out] += (unsigned)(change >> out & 1);
        }
        for (unsigned out = 0; out < 64; out++)
            if (changes[out] < ROUNDS * 2 / 5 || changes[out] > ROUNDS * 3 / 5)
                fail_msg("bit %u changes bit %u %u times of %d", in, out, changes[out], ROUNDS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_bytes_has_the_values_of_siphash_1_3),
        cmocka_unit_test(hash_bytes_under_key_0_has_the_values_of_python),
        cmocka_unit_test(hash_bytes_does_not_ask_for_alignment),
        cmocka_unit_test(hash_random_keys_differ),
        cmocka_unit_test(hash_number_goes_by_both_halves_of_the_key),
        cmocka_unit_test(hash_number_gives_each_number_its_own),
        cmocka_unit_test(hash_number_changes_each_bit_with_even_odds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
