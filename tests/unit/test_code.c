/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "exports/code.h"

/* What numbers begin at, and bits behind them, as RFC 1951, 3.2.5 lists them. */
static const struct number {
    unsigned symbol, more, value;
} lengths[] =
    {
        {257, 0, 3},   {258, 0, 4},   {259, 0, 5},   {260, 0, 6},   {261, 0, 7},   {262, 0, 8},
        {263, 0, 9},   {264, 0, 10},  {265, 1, 11},  {266, 1, 13},  {267, 1, 15},  {268, 1, 17},
        {269, 2, 19},  {270, 2, 23},  {271, 2, 27},  {272, 2, 31},  {273, 3, 35},  {274, 3, 43},
        {275, 3, 51},  {276, 3, 59},  {277, 4, 67},  {278, 4, 83},  {279, 4, 99},  {280, 4, 115},
        {281, 5, 131}, {282, 5, 163}, {283, 5, 195}, {284, 5, 227}, {285, 0, 258},
},
  distances[] = {
      {0, 0, 1},      {1, 0, 2},      {2, 0, 3},      {3, 0, 4},       {4, 1, 5},       {5, 1, 7},
      {6, 2, 9},      {7, 2, 13},     {8, 3, 17},     {9, 3, 25},      {10, 4, 33},     {11, 4, 49},
      {12, 5, 65},    {13, 5, 97},    {14, 6, 129},   {15, 6, 193},    {16, 7, 257},    {17, 7, 385},
      {18, 8, 513},   {19, 8, 769},   {20, 9, 1025},  {21, 9, 1537},   {22, 10, 2049},  {23, 10, 3073},
      {24, 11, 4097}, {25, 11, 6145}, {26, 12, 8193}, {27, 12, 12289}, {28, 13, 16385}, {29, 13, 24577},
};

/* The fixed codes, as 3.2.6 lists them, the first bit highest. */
static unsigned fixed_code(unsigned symbol, unsigned *length)
{
    *length = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
    if (symbol < 144)
        return 0x30 + symbol;
    if (symbol < 256)
        return 0x190 + symbol - 144;
    return symbol < 280 ? symbol - 256 : 0xC0 + symbol - 280;
}

static uint64_t reversed(unsigned code, unsigned length)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < length; i++)
        bits |= (uint64_t)(code >> i & 1) << (length - 1 - i);
    return bits;
}

static void assert_number(kithp_code_entry entry, const struct number *number)
{
    assert_int_equal(kithp_code_sort(entry), KITHP_CODE_NUMBER);
    assert_int_equal(kithp_code_more(entry), number->more);
    assert_int_equal(kithp_code_value(entry), number->value);
}

static void fixed_codes_are_those_of_the_specification(void **state)
{
    (void)state;
    struct kithp_codes *codes = malloc(sizeof *codes);
    assert_non_null(codes);
    memset(codes, 0xEE, sizeof *codes);
    kithp_codes_set_fixed(codes);
    for (unsigned symbol = 0; symbol < KITHP_CODE_SYMBOLS; symbol++) {
        unsigned length, code = fixed_code(symbol, &length);
        uint64_t bits = reversed(code, length) | UINT64_C(0x15A5A) << length;
        kithp_code_entry entry = kithp_code_find(&codes->literals, bits, KITHP_CODES_LITERALS);
        assert_int_equal(entry, kithp_code_find_any(&codes->literals, bits));
        assert_int_equal(kithp_code_length(entry), length);
        if (symbol < 256) {
            assert_int_equal(kithp_code_sort(entry), KITHP_CODE_BYTE);
            assert_int_equal(kithp_code_value(entry), symbol);
        } else if (symbol == 256) {
            assert_int_equal(kithp_code_sort(entry), KITHP_CODE_END);
        } else if (symbol < 286) {
            assert_int_equal(lengths[symbol - 257].symbol, symbol);
            assert_number(entry, &lengths[symbol - 257]);
        } else {
            assert_int_equal(kithp_code_sort(entry), KITHP_CODE_NONE);
        }
    }
    for (unsigned symbol = 0; symbol < 32; symbol++) {
        kithp_code_entry entry = kithp_code_find(&codes->distances, reversed(symbol, 5), KITHP_CODES_DISTANCES);
        assert_int_equal(kithp_code_length(entry), 5);
        if (symbol < 30)
            assert_number(entry, &distances[symbol]);
        else
            assert_int_equal(kithp_code_sort(entry), KITHP_CODE_NONE);
    }
    free(codes);
}

/* ---- codes that a block tells ---- */

struct bits {
    unsigned char bytes[600];
    uint64_t count;
};

static void put(struct bits *bits, uint64_t number, unsigned count)
{
    for (unsigned i = 0; i < count; i++, bits->count++)
        bits->bytes[bits->count / 8] |= (unsigned char)((number >> i & 1) << (bits->count % 8));
}

/* Lengths of 0 to 15, all by codes of four bits, none of them by repeating. */
static void put_codes(struct bits *bits, const unsigned *literals, unsigned literal_count, const unsigned *others,
                      unsigned other_count)
{
    static const unsigned order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    *bits = (struct bits){.count = 0};
    put(bits, literal_count - 257, 5);
    put(bits, other_count - 1, 5);
    put(bits, 19 - 4, 4);
    for (size_t i = 0; i < 19; i++)
        put(bits, order[i] < 16 ? 4 : 0, 3);
    for (unsigned i = 0; i < literal_count; i++)
        put(bits, reversed(literals[i], 4), 4);
    for (unsigned i = 0; i < other_count; i++)
        put(bits, reversed(others[i], 4), 4);
}

static bool read_codes(struct kithp_codes *codes, const struct bits *bits)
{
    uint64_t bit = 0;
    bool fine = kithp_codes_read(codes, bits->bytes, &bit, bits->count);
    if (fine)
        assert_int_equal(bit, bits->count);
    return fine;
}

/* Codes of one to fifteen bits, the longest twice: a string of ones, as long as its rank, and a zero. */
static void codes_of_all_lengths_are_found(void **state)
{
    (void)state;
    enum { LITERALS = 286 };
    unsigned literals[LITERALS] = {0}, others[2] = {1, 1};
    for (unsigned i = 0; i < 15; i++)
        literals[i + 60] = i + 1;
    literals[256] = 15;
    struct bits bits;
    struct kithp_codes *codes = malloc(sizeof *codes);
    assert_non_null(codes);
    put_codes(&bits, literals, LITERALS, others, 2);
    assert_true(read_codes(codes, &bits));
    for (unsigned i = 0; i < 15; i++) {
        uint64_t code = (UINT64_C(1) << i) - 1;
        kithp_code_entry entry = kithp_code_find(&codes->literals, code, KITHP_CODES_LITERALS);
        assert_int_equal(kithp_code_length(entry), i + 1);
        assert_int_equal(kithp_code_value(entry), i + 60);
    }
    kithp_code_entry entry = kithp_code_find(&codes->literals, 0x7FFF, KITHP_CODES_LITERALS);
    assert_int_equal(kithp_code_sort(entry), KITHP_CODE_END);
    assert_int_equal(kithp_code_length(entry), 15);
    free(codes);
}

/* What zlib refuses is refused. */
static void codes_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned byte_length, end_length, others[3];
        unsigned other_count;
        bool fine;
    } cases[] = {
        {1, 1, {0, 0, 0}, 1, true},  /* no distance */
        {1, 1, {1, 0, 0}, 3, true},  /* one of one bit */
        {1, 1, {0, 2, 0}, 3, false}, /* of two */
        {1, 1, {2, 2, 0}, 3, false}, /* two of two, which leave as much over as one of one */
        {1, 1, {1, 1, 0}, 3, true},  {1, 1, {1, 2, 0}, 3, false},
        {1, 1, {1, 2, 2}, 3, true},  {1, 1, {1, 1, 1}, 3, false}, /* too many */
        {1, 2, {1, 1, 0}, 2, false},                              /* bits that mean nothing */
        {1, 0, {1, 1, 0}, 2, false},                              /* no end */
        {0, 1, {1, 1, 0}, 2, false},                              /* nothing else: what zlib takes, for no text */
    };
    struct kithp_codes *codes = malloc(sizeof *codes);
    assert_non_null(codes);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned literals[257] = {0};
        literals['a'] = cases[i].byte_length;
        literals[256] = cases[i].end_length;
        struct bits bits;
        put_codes(&bits, literals, 257, cases[i].others, cases[i].other_count);
        assert_int_equal(read_codes(codes, &bits), cases[i].fine);
        /* Cut anywhere before its end, it is none. */
        if (cases[i].fine) {
            uint64_t bit = 0;
            assert_false(kithp_codes_read(codes, bits.bytes, &bit, bits.count - 1));
        }
    }
    free(codes);
}

/* There are 286 literals and lengths, and 30 distances; and whatever the codes, one of them is the end. */
static void codes_of_more_symbols_than_there_are_are_refused(void **state)
{
    (void)state;
    enum { LITERALS_MOST = 286, DISTANCES_MOST = 30, END = 256 };
    struct kithp_codes *codes = malloc(sizeof *codes);
    assert_non_null(codes);
    for (unsigned literal_count = 280; literal_count <= 288; literal_count++)
        for (unsigned other_count = 27; other_count <= 32; other_count++) {
            unsigned literals[288] = {['a'] = 1, [END] = 1}, others[32] = {1, 1};
            struct bits bits;
            put_codes(&bits, literals, literal_count, others, other_count);
            bool fine = literal_count <= LITERALS_MOST && other_count <= DISTANCES_MOST;
            assert_int_equal(read_codes(codes, &bits), fine);
            literals['b'] = 1;
            literals[END] = 0;
            put_codes(&bits, literals, literal_count, others, other_count);
            assert_false(read_codes(codes, &bits));
        }
    free(codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_codes_are_those_of_the_specification),
        cmocka_unit_test(codes_of_all_lengths_are_found),
        cmocka_unit_test(codes_that_are_none_are_refused),
        cmocka_unit_test(codes_of_more_symbols_than_there_are_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
