/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/text.h"

static void text_of_string_has_its_length(void **state)
{
    (void)state;
    assert_int_equal(kith_text_of("kith").length, 4);
    assert_int_equal(kith_text_of("").length, 0);
    assert_int_equal(kith_text_of(NULL).length, 0);
    kith_text literal = KITHP_TEXT("a\0b");
    assert_int_equal(literal.length, 3);
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void text_compare_goes_by_bytes(void **state)
{
    (void)state;
    /* In ascending order; bytes are unsigned, and a text comes before those that go on from it. */
    const kith_text texts[] = {
        {NULL, 0}, TEXT("\0"), TEXT("\0\0"), TEXT("A"),        TEXT("AA"),   TEXT("Ab"),
        TEXT("B"), TEXT("a"),  TEXT("\x7F"), TEXT("\xC3\xA9"), TEXT("\xFF"),
    };
    int count = (int)(sizeof texts / sizeof *texts);
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            assert_int_equal(sign(kithp_text_compare(texts[i], texts[j])), sign(i - j));
            assert_int_equal(kithp_text_equal(texts[i], texts[j]), i == j);
        }
    }
    assert_true(kithp_text_equal(TEXT(""), texts[0]));
}

/*
 * Well-formed UTF-8 by another road than the library's: the number is put together first, and then must be one that
 * needs so many bytes, is no surrogate and no more than 10FFFF.
 */
static bool is_well_formed(const unsigned char *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned char first = bytes[at];
        size_t size = first < 0x80 ? 1 : (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
        if ((first >= 0x80 && first < 0xC0) || first >= 0xF8 || size > length - at)
            return false;
        uint32_t number = size == 1 ? first : first & (0x7Fu >> size);
        for (size_t i = 1; i < size; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80)
                return false;
            number = number << 6 | (bytes[at + i] & 0x3Fu);
        }
        size_t needed = number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x10000 ? 3 : 4;
        if (size != needed || (number >= 0xD800 && number <= 0xDFFF) || number > 0x10FFFF)
            return false;
        at += size;
    }
    return true;
}

static void text_utf8_of_one_or_two_bytes_is_told_from_others(void **state)
{
    (void)state;
    assert_true(kithp_text_is_utf8((kith_text){NULL, 0}));
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            const unsigned char bytes[2] = {(unsigned char)first, (unsigned char)second};
            for (size_t length = 1; length <= 2; length++) {
                bool said = kithp_text_is_utf8((kith_text){(const char *)bytes, length});
                assert_int_equal(said, is_well_formed(bytes, length));
            }
        }
    }
}

static void text_utf8_at_every_edge_of_table_3_7_is_told_from_others(void **state)
{
    (void)state;
    /* The ends of every range in table 3-7 of the Unicode Standard, and their neighbours. */
    static const unsigned char edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                          0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    enum { EDGES = sizeof edges };
    unsigned accepted = 0;
    for (unsigned i = 0; i < EDGES * EDGES * EDGES * EDGES; i++) {
        const unsigned char bytes[4] = {edges[i % EDGES], edges[i / EDGES % EDGES], edges[i / EDGES / EDGES % EDGES],
                                        edges[i / EDGES / EDGES / EDGES]};
        for (size_t length = 3; length <= 4; length++) {
            bool said = kithp_text_is_utf8((kith_text){(const char *)bytes, length});
            if (said != is_well_formed(bytes, length))
                fail_msg("%02x %02x %02x %02x, %zu bytes: said %d", bytes[0], bytes[1], bytes[2], bytes[3], length,
                         said);
            accepted += said;
        }
    }
    assert_true(accepted > 0);
}

static void text_utf8_faults_by_name_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        kith_text text;
        bool expected;
    } cases[] = {
        {"U+007F", TEXT_IN_TABLE("\x7F"), true},
        {"U+0080", TEXT_IN_TABLE("\xC2\x80"), true},
        {"U+07FF", TEXT_IN_TABLE("\xDF\xBF"), true},
        {"U+0800", TEXT_IN_TABLE("\xE0\xA0\x80"), true},
        {"U+D7FF", TEXT_IN_TABLE("\xED\x9F\xBF"), true},
        {"U+E000", TEXT_IN_TABLE("\xEE\x80\x80"), true},
        {"U+FFFF", TEXT_IN_TABLE("\xEF\xBF\xBF"), true},
        {"U+10000", TEXT_IN_TABLE("\xF0\x90\x80\x80"), true},
        {"U+10FFFF", TEXT_IN_TABLE("\xF4\x8F\xBF\xBF"), true},
        {"NUL", TEXT_IN_TABLE("a\0b"), true},
        {"'/' in two bytes", TEXT_IN_TABLE("\xC0\xAF"), false},
        {"NUL in two bytes", TEXT_IN_TABLE("\xC0\x80"), false},
        {"U+007F in two bytes", TEXT_IN_TABLE("\xC1\xBF"), false},
        {"U+07FF in three bytes", TEXT_IN_TABLE("\xE0\x9F\xBF"), false},
        {"U+FFFF in four bytes", TEXT_IN_TABLE("\xF0\x8F\xBF\xBF"), false},
        {"U+D800, a surrogate", TEXT_IN_TABLE("\xED\xA0\x80"), false},
        {"U+DFFF, a surrogate", TEXT_IN_TABLE("\xED\xBF\xBF"), false},
        {"U+110000", TEXT_IN_TABLE("\xF4\x90\x80\x80"), false},
        {"five bytes", TEXT_IN_TABLE("\xF8\x88\x80\x80\x80"), false},
        {"a continuation alone", TEXT_IN_TABLE("a\x80z"), false},
        {"a first byte alone", TEXT_IN_TABLE("a\xC3z"), false},
        {"cut behind the first of two", TEXT_IN_TABLE("\xC3"), false},
        {"cut behind the second of three", TEXT_IN_TABLE("\xE2\x82"), false},
        {"cut behind the third of four", TEXT_IN_TABLE("\xF0\x9F\x98"), false},
        {"a good one, then a cut one", TEXT_IN_TABLE("\xC3\xA9\xC3"), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* Of exactly its length, so that a look past the end shows. */
        kith_text text = text_exact(cases[i].text);
        if (kithp_text_is_utf8(text) != cases[i].expected)
            fail_msg("%s: expected %d", cases[i].what, cases[i].expected);
        text_free(text);
    }
}

static void text_trim_takes_blanks_off_both_ends(void **state)
{
    (void)state;
    assert_text_equal(kithp_text_trim(TEXT("")), "");
    assert_text_equal(kithp_text_trim(TEXT(" \t ")), "");
    assert_text_equal(kithp_text_trim(TEXT(" \ta b\t ")), "a b");
    assert_text_equal(kithp_text_trim(TEXT("\n a \r")), "\n a \r");
    assert_true(kithp_text_is_blank(' ') && kithp_text_is_blank('\t'));
    assert_false(kithp_text_is_blank('\n') || kithp_text_is_blank('\r') || kithp_text_is_blank('\0'));
    assert_false(kithp_text_is_blank('\v') || kithp_text_is_blank('\xA0'));
}

static void text_clean_copy_is_cut_at_whole_characters(void **state)
{
    (void)state;
    /* One character each of 1, 2, 3 and 4 bytes. */
    kith_text text = TEXT("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    static const size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t room = 0; room < sizeof whole / sizeof *whole; room++) {
        char out[16];
        memset(out, '#', sizeof out);
        kithp_text_copy_clean(out, room + 1, text);
        assert_int_equal(strlen(out), whole[room]);
        assert_memory_equal(out, text.data, whole[room]);
        for (size_t i = room + 1; i < sizeof out; i++)
            assert_int_equal(out[i], '#');
    }
}

static void text_clean_copy_goes_no_further_than_what_did_not_fit(void **state)
{
    (void)state;
    char out[4];
    kithp_text_copy_clean(out, sizeof out,
                          TEXT("ab\xE2\x82\xAC"
                               "c"));
    assert_string_equal(out, "ab");
}

static void text_clean_copy_shows_what_cannot_be_shown_as_question_marks(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        const char *expected;
    } cases[] = {
        {TEXT_IN_TABLE("plain ~"), "plain ~"},
        {TEXT_IN_TABLE("a\0b"), "a?b"},
        {TEXT_IN_TABLE("\t\n\r\x1B[31m\x1F\x7F"), "????[31m??"},
        {TEXT_IN_TABLE("\xC2\x80\xC2\x9F\xC2\xA0"), "??\xC2\xA0"}, /* C1 controls end below U+00A0 */
        {TEXT_IN_TABLE("\xFF\xC3("), "?"
                                     "?("},
        {TEXT_IN_TABLE("\xED\xA0\x80"), "???"},
        {TEXT_IN_TABLE("\xE2\x82"), "??"},
        {TEXT_IN_TABLE("caf\xC3\xA9"), "caf\xC3\xA9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        kith_text text = text_exact(cases[i].text);
        kithp_text_copy_clean(out, sizeof out, text);
        assert_string_equal(out, cases[i].expected);
        text_free(text);
    }
}

static void text_clean_copy_of_anything_is_utf8(void **state)
{
    (void)state;
    uint64_t luck = 1;
    for (int round = 0; round < 20000; round++) {
        char bytes[24], out[24];
        size_t length = chance_below(&luck, sizeof bytes + 1);
        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)chance(&luck);
        size_t capacity = 1 + chance_below(&luck, sizeof out);
        kithp_text_copy_clean(out, capacity, (kith_text){bytes, length});
        assert_true(strlen(out) < capacity);
        assert_true(kithp_text_is_utf8(kith_text_of(out)));
    }
}

static void text_trim_partial_takes_an_incomplete_character_off(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"", ""},
        {"abc", "abc"},
        {"caf\xC3\xA9", "caf\xC3\xA9"},
        {"caf\xC3", "caf"},
        {"\xE2\x82\xAC", "\xE2\x82\xAC"},
        {"x\xE2\x82", "x"},
        {"x\xE2", "x"},
        {"x\xF0\x9F\x98\x80", "x\xF0\x9F\x98\x80"},
        {"x\xF0\x9F\x98", "x"},
        {"x\xF0\x9F", "x"},
        {"\xF0", ""},
        {"\xC3\xA9\xC3", "\xC3\xA9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[16];
        snprintf(text, sizeof text, "%s", cases[i].text);
        kithp_text_trim_partial(text);
        assert_string_equal(text, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_string_has_its_length),
        cmocka_unit_test(text_compare_goes_by_bytes),
        cmocka_unit_test(text_utf8_of_one_or_two_bytes_is_told_from_others),
        cmocka_unit_test(text_utf8_at_every_edge_of_table_3_7_is_told_from_others),
        cmocka_unit_test(text_utf8_faults_by_name_are_refused),
        cmocka_unit_test(text_trim_takes_blanks_off_both_ends),
        cmocka_unit_test(text_clean_copy_is_cut_at_whole_characters),
        cmocka_unit_test(text_clean_copy_goes_no_further_than_what_did_not_fit),
        cmocka_unit_test(text_clean_copy_shows_what_cannot_be_shown_as_question_marks),
        cmocka_unit_test(text_clean_copy_of_anything_is_utf8),
        cmocka_unit_test(text_trim_partial_takes_an_incomplete_character_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
