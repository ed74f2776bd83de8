/* SPDX-License-Identifier: MIT */
#include "prose/glyph.h"

#include "support.h"

/* Takes a text of exactly its length to pieces; all of it as it is shown. */
static char *shown(kith_text text, uint64_t *columns)
{
    char *out = malloc(16 * text.length + 1);
    assert_non_null(out);
    size_t length = 0;
    *columns = 0;
    while (text.length > 0) {
        struct kithp_glyph glyph;
        uint64_t before = text.length;
        memset(&glyph, 0xA5, sizeof glyph);
        kithp_glyph_take(&text, &glyph);
        assert_true(text.length < before);
        assert_true(glyph.length > 0 && glyph.length <= sizeof glyph.bytes);
        memcpy(out + length, glyph.bytes, glyph.length);
        length += glyph.length;
        *columns += glyph.columns;
    }
    out[length] = '\0';
    return out;
}

static void glyph_shows_what_is_harmless_as_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t columns;
    } cases[] = {
        {"", 0},
        {"ana ~!", 6},
        {"\xC2\xA0", 1},                 /* no-break space, behind C1 */
        {"caf\xC3\xA9", 4},              /* one letter */
        {"cafe\xCC\x81", 4},             /* a letter and its accent */
        {"\xE6\x96\x87", 2},             /* U+6587, of two columns */
        {"\xED\x95\x9C", 2},             /* U+D55C */
        {"\xF0\x9F\x98\x80", 2},         /* U+1F600 */
        {"\xF0\xA0\x80\x80", 2},         /* U+20000 */
        {"a\xE2\x80\x8B", 1},            /* U+200B takes none */
        {"\xE2\x9D\xA4\xEF\xB8\x8F", 1}, /* U+2764 and U+FE0F */
        {"\xEF\xBF\xBD", 1},
        {"\xE2\x80\x90\xE2\x80\xA7\xE2\x80\xAF", 3}, /* beside those that turn writing round */
        {"\xE2\x81\xA5\xE2\x81\xAA", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t columns;
        kith_text text = text_exact(kith_text_of(cases[i].text));
        char *out = shown(text, &columns);
        assert_string_equal(out, cases[i].text);
        assert_int_equal(columns, cases[i].columns);
        assert_int_equal(kithp_glyph_columns(text), cases[i].columns);
        free(out);
        text_free(text);
    }
}

static void glyph_shows_what_moves_the_cursor_or_hides_as_its_code(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        const char *expected;
    } cases[] = {
        {TEXT_IN_TABLE("\0\x01\x1F"), "\\x00\\x01\\x1f"},
        {TEXT_IN_TABLE("\t\n\r"), "\\x09\\x0a\\x0d"},
        {TEXT_IN_TABLE("\x1B[2J"), "\\x1b[2J"},
        {TEXT_IN_TABLE("\x7F\xC2\x80\xC2\x9B\xC2\x9F"), "\\x7f\\x80\\x9b\\x9f"},
        {TEXT_IN_TABLE("\xE2\x80\x8E\xE2\x80\x8F"), "\\u200e\\u200f"},
        {TEXT_IN_TABLE("\xE2\x80\xA8\xE2\x80\xAB\xE2\x80\xAE"), "\\u2028\\u202b\\u202e"},
        {TEXT_IN_TABLE("\xE2\x81\xA6\xE2\x81\xA9"), "\\u2066\\u2069"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t columns;
        kith_text text = text_exact(cases[i].text);
        char *out = shown(text, &columns);
        assert_string_equal(out, cases[i].expected);
        assert_int_equal(columns, strlen(cases[i].expected));
        free(out);
        text_free(text);
    }
}

static void glyph_shows_a_byte_that_is_not_utf8_as_one_character(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        const char *expected;
        uint64_t columns;
    } cases[] = {
        {TEXT_IN_TABLE("a\xFFz"), "a\xEF\xBF\xBDz", 3},
        {TEXT_IN_TABLE("\xC3("), "\xEF\xBF\xBD(", 2},
        {TEXT_IN_TABLE("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
        {TEXT_IN_TABLE("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3},
        {TEXT_IN_TABLE("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
        {TEXT_IN_TABLE("\xF0\x9F\x98"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3},
        {TEXT_IN_TABLE("\x9B"), "\xEF\xBF\xBD", 1}, /* C1 as one byte, which some terminals obey */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t columns;
        kith_text text = text_exact(cases[i].text);
        char *out = shown(text, &columns);
        assert_string_equal(out, cases[i].expected);
        assert_int_equal(columns, cases[i].columns);
        free(out);
        text_free(text);
    }
}

/* Whatever the bytes: what is shown holds no control character, as one byte or two, and is UTF-8. */
static void glyph_lets_no_control_character_through(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (uint64_t i = 0; i < tries(50000); i++) {
        char bytes[24];
        static const unsigned char likely[] = {0x1B, 0xC2, 0x9B, 0xE2, 0x80, 0xAE, 0x81, 0xA8, 0xF0, 0x7F, 0x0A, 'a'};
        for (size_t at = 0; at < sizeof bytes; at++)
            bytes[at] = (char)(chance_below(&seed, 3) ? likely[chance_below(&seed, sizeof likely)] : chance(&seed));
        uint64_t columns;
        kith_text text = text_exact((kith_text){bytes, chance_below(&seed, sizeof bytes + 1)});
        char *out = shown(text, &columns);
        const unsigned char *at = (const unsigned char *)out;
        for (; *at; at++) {
            assert_true(*at >= 0x20 && *at != 0x7F);
            assert_false(at[0] == 0xC2 && at[1] < 0xA0);
            assert_false(at[0] == 0xE2 && at[1] == 0x80 && at[2] >= 0xA8 && at[2] <= 0xAE);
            assert_false(at[0] == 0xE2 && at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9);
            assert_int_not_equal(*at, 0xFF);
        }
        free(out);
        text_free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glyph_shows_what_is_harmless_as_it_is),
        cmocka_unit_test(glyph_shows_what_moves_the_cursor_or_hides_as_its_code),
        cmocka_unit_test(glyph_shows_a_byte_that_is_not_utf8_as_one_character),
        cmocka_unit_test(glyph_lets_no_control_character_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
