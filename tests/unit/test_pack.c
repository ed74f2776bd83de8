/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/calendar.h"
#include "base/pack.h"

static struct kithp_packer new_packer(struct memory *memory)
{
    memory_init(memory);
    struct kithp_packer packer;
    kithp_packer_init(&packer, &memory->allocator);
    return packer;
}

static struct kithp_unpacker unpacker_of(const struct kithp_packer *packer)
{
    return kithp_unpacker_of(packer->bytes, packer->used);
}

/* Bytes as LEB128 gives them (DWARF 5, section 7.6, and worked out by hand). */
static void pack_numbers_are_leb128(void **state)
{
    (void)state;
    static const struct {
        uint64_t number;
        unsigned char length;
        unsigned char bytes[KITHP_NUMBER_MOST];
    } cases[] = {
        {0, 1, {0x00}},
        {2, 1, {0x02}},
        {127, 1, {0x7F}},
        {128, 2, {0x80, 0x01}},
        {129, 2, {0x81, 0x01}},
        {12857, 2, {0xB9, 0x64}},
        {624485, 3, {0xE5, 0x8E, 0x26}},
        {UINT32_MAX, 5, {0xFF, 0xFF, 0xFF, 0xFF, 0x0F}},
        {UINT64_MAX, 10, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct memory memory;
        struct kithp_packer packer = new_packer(&memory);
        kithp_pack_number(&packer, cases[i].number);
        assert_int_equal(packer.used, cases[i].length);
        assert_memory_equal(packer.bytes, cases[i].bytes, packer.used);
        struct kithp_unpacker unpacker = unpacker_of(&packer);
        assert_true(kithp_unpack_number(&unpacker, UINT64_MAX, "") == cases[i].number);
        assert_true(kithp_unpack_end(&unpacker));
        kithp_packer_free(&packer);
        assert_int_equal(memory.live, 0);
    }
}

static void pack_signed_numbers_are_folded(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        uint64_t folded;
    } cases[] = {
        {0, 0}, {-1, 1}, {1, 2}, {-2, 3}, {63, 126}, {-64, 127}, {INT64_MAX, UINT64_MAX - 1}, {INT64_MIN, UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct memory memory;
        struct kithp_packer packer = new_packer(&memory);
        kithp_pack_signed(&packer, cases[i].number);
        struct kithp_unpacker unpacker = unpacker_of(&packer);
        assert_true(kithp_unpack_number(&unpacker, UINT64_MAX, "") == cases[i].folded);
        unpacker = unpacker_of(&packer);
        assert_true(kithp_unpack_signed(&unpacker) == cases[i].number);
        kithp_packer_free(&packer);
    }
}

static void pack_any_row_of_numbers_comes_back(void **state)
{
    (void)state;
    enum { NUMBERS = 20000 };
    uint64_t seed = 4;
    struct memory memory;
    struct kithp_packer packer = new_packer(&memory);
    for (unsigned i = 0; i < NUMBERS; i++) {
        uint64_t number = chance(&seed);
        kithp_pack_number(&packer, number >> chance_below(&seed, 64));
    }
    struct kithp_unpacker unpacker = unpacker_of(&packer);
    seed = 4;
    for (unsigned i = 0; i < NUMBERS; i++) {
        uint64_t number = chance(&seed);
        assert_true(kithp_unpack_number(&unpacker, UINT64_MAX, "") == number >> chance_below(&seed, 64));
    }
    assert_true(kithp_unpack_end(&unpacker));
    kithp_packer_free(&packer);
}

static void pack_times_have_one_that_is_none(void **state)
{
    (void)state;
    static const int64_t times[] = {KITH_NO_TIME, 0, 1, 1772409600, KITHP_TIME_MOST};
    for (unsigned i = 0; i < sizeof times / sizeof *times; i++) {
        struct memory memory;
        struct kithp_packer packer = new_packer(&memory);
        kithp_pack_time(&packer, times[i]);
        struct kithp_unpacker unpacker = unpacker_of(&packer);
        assert_true(kithp_unpack_time(&unpacker) == times[i]);
        assert_true(kithp_unpack_end(&unpacker));
        kithp_packer_free(&packer);
    }
    struct memory memory;
    struct kithp_packer packer = new_packer(&memory);
    kithp_pack_number(&packer, (uint64_t)KITHP_TIME_MOST + 2);
    struct kithp_unpacker unpacker = unpacker_of(&packer);
    assert_true(kithp_unpack_time(&unpacker) == KITH_NO_TIME);
    assert_false(kithp_unpack_end(&unpacker));
    kithp_packer_free(&packer);
}

static void unpack_refuses_what_is_no_number(void **state)
{
    (void)state;
    static const struct {
        size_t length;
        unsigned char bytes[12];
    } cases[] = {
        {0, {0}},
        {1, {0x80}},
        {2, {0xFF, 0xFF}},
        {2, {0x80, 0x00}},                                                  /* 0 in two bytes */
        {3, {0x81, 0x80, 0x00}},                                            /* 1 in three */
        {10, {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02}}, /* 2^64 */
        {11, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00}},
        {12, {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_text exact = text_exact((kith_text){(const char *)cases[i].bytes, cases[i].length});
        struct kithp_unpacker unpacker = kithp_unpacker_of((const unsigned char *)exact.data, exact.length);
        assert_int_equal(kithp_unpack_number(&unpacker, UINT64_MAX, "a limit"), 0);
        assert_non_null(unpacker.fault);
        assert_string_not_equal(unpacker.fault, "a limit");
        text_free(exact);
    }
}

static void unpack_notes_the_first_fault_alone(void **state)
{
    (void)state;
    const unsigned char bytes[] = {5, 200, 1, 7};
    struct kithp_unpacker unpacker = kithp_unpacker_of(bytes, sizeof bytes);
    assert_int_equal(kithp_unpack_number(&unpacker, 5, "five"), 5);
    assert_int_equal(kithp_unpack_number(&unpacker, 199, "less"), 0);
    assert_string_equal(unpacker.fault, "less");
    assert_int_equal(kithp_unpack_number(&unpacker, 100, "other"), 0);
    assert_null(kithp_unpack_bytes(&unpacker, 1));
    assert_false(kithp_unpack_flag(&unpacker));
    assert_false(kithp_unpack_end(&unpacker));
    assert_string_equal(unpacker.fault, "less");
}

static void unpack_wants_all_bytes_read_and_no_more(void **state)
{
    (void)state;
    const unsigned char bytes[] = {1, 2, 3};
    struct kithp_unpacker unpacker = kithp_unpacker_of(bytes, sizeof bytes);
    assert_ptr_equal(kithp_unpack_bytes(&unpacker, 2), bytes);
    struct kithp_unpacker early = unpacker;
    assert_false(kithp_unpack_end(&early));
    assert_null(kithp_unpack_bytes(&unpacker, 2));
    assert_non_null(unpacker.fault);
}

/* Fields of every width, odd places in a packed row of bytes among them. */
struct fields {
    uint8_t byte;
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    uint8_t last;
};

static const struct kithp_pack_field columns[] = {
    KITHP_PACK_FIELD(fields, eight), KITHP_PACK_FIELD(fields, byte), KITHP_PACK_FIELD(fields, four),
    KITHP_PACK_FIELD(fields, two),   KITHP_PACK_FIELD(fields, last),
};

static void pack_columns_come_field_by_field(void **state)
{
    (void)state;
    const struct fields items[2] = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
    const unsigned char expected[] = {4, 9, 1, 6, 3, 8, 2, 7, 5, 10};
    struct memory memory;
    struct kithp_packer packer = new_packer(&memory);
    kithp_pack_columns(&packer, columns, 5, items, sizeof *items, 2);
    assert_int_equal(packer.used, sizeof expected);
    assert_memory_equal(packer.bytes, expected, sizeof expected);
    kithp_packer_free(&packer);
}

static void pack_columns_of_any_values_come_back(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static struct fields items[COUNT], back[COUNT];
    uint64_t seed = 11;
    for (unsigned i = 0; i < COUNT; i++) {
        items[i].byte = (uint8_t)chance(&seed);
        items[i].two = (uint16_t)(chance(&seed) >> chance_below(&seed, 64));
        items[i].four = (uint32_t)(chance(&seed) >> chance_below(&seed, 64));
        items[i].eight = chance(&seed) >> chance_below(&seed, 64);
        items[i].last = UINT8_MAX;
    }
    struct memory memory;
    struct kithp_packer packer = new_packer(&memory);
    kithp_pack_columns(&packer, columns, 5, items, sizeof *items, COUNT);
    struct kithp_unpacker unpacker = unpacker_of(&packer);
    kithp_unpack_columns(&unpacker, columns, 5, back, sizeof *back, COUNT);
    assert_true(kithp_unpack_end(&unpacker));
    for (unsigned i = 0; i < COUNT; i++) {
        assert_int_equal(back[i].byte, items[i].byte);
        assert_int_equal(back[i].two, items[i].two);
        assert_int_equal(back[i].four, items[i].four);
        assert_true(back[i].eight == items[i].eight);
        assert_int_equal(back[i].last, UINT8_MAX);
    }
    kithp_packer_free(&packer);
}

static void unpack_columns_refuse_what_a_field_cannot_hold(void **state)
{
    (void)state;
    static const uint64_t most[] = {UINT64_MAX, UINT8_MAX, UINT32_MAX, UINT16_MAX, UINT8_MAX};
    for (unsigned field = 1; field < 5; field++) {
        struct memory memory;
        struct kithp_packer packer = new_packer(&memory);
        for (unsigned i = 0; i < 5; i++)
            kithp_pack_number(&packer, i == field ? most[i] + 1 : most[i]);
        struct kithp_unpacker unpacker = unpacker_of(&packer);
        struct fields item;
        kithp_unpack_columns(&unpacker, columns, 5, &item, sizeof item, 1);
        assert_non_null(unpacker.fault);
        kithp_packer_free(&packer);
    }
}

static void pack_without_memory_drops_the_rest(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_packer packer = new_packer(&memory);
    memory_fail_after(&memory, 0);
    kithp_pack_number(&packer, 1);
    memory_fail_never(&memory);
    assert_true(packer.failed);
    kithp_pack_number(&packer, 2);
    kithp_pack_bytes(&packer, "abc", 3);
    assert_int_equal(packer.used, 0);
    kithp_packer_free(&packer);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pack_numbers_are_leb128),
        cmocka_unit_test(pack_signed_numbers_are_folded),
        cmocka_unit_test(pack_any_row_of_numbers_comes_back),
        cmocka_unit_test(pack_times_have_one_that_is_none),
        cmocka_unit_test(unpack_refuses_what_is_no_number),
        cmocka_unit_test(unpack_notes_the_first_fault_alone),
        cmocka_unit_test(unpack_wants_all_bytes_read_and_no_more),
        cmocka_unit_test(pack_columns_come_field_by_field),
        cmocka_unit_test(pack_columns_of_any_values_come_back),
        cmocka_unit_test(unpack_columns_refuse_what_a_field_cannot_hold),
        cmocka_unit_test(pack_without_memory_drops_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
