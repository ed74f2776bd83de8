/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/path.h"
#include "base/quoted.h"

static void quoted_is_read_as_json_strings_are(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        kith_text meant;
        size_t taken;
    } cases[] = {
        {TEXT_IN_TABLE("\"\""), TEXT_IN_TABLE(""), 2},
        {TEXT_IN_TABLE("\"a b\" c"), TEXT_IN_TABLE("a b"), 5},
        {TEXT_IN_TABLE("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), TEXT_IN_TABLE("\"\\/\b\f\n\r\t"), 18},
        {TEXT_IN_TABLE("\"\\u0041\\u00e9\\u20AC\\uD83d\\uDE00\\u0000\""),
         TEXT_IN_TABLE("A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0"), 38},
        {TEXT_IN_TABLE("\"\xC3\xA9|/?'\x7F\""), TEXT_IN_TABLE("\xC3\xA9|/?'\x7F"), 9},
        {TEXT_IN_TABLE("\"\\u07ff\\u0800\\uffff\\ud800\\udc00\\udbff\\udfff\""),
         TEXT_IN_TABLE("\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), 44},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_text text = text_exact(cases[i].text);
        char *out = malloc(text.length);
        assert_non_null(out);
        struct kithp_quoted quoted;
        assert_true(kithp_quoted_read(text, out, &quoted));
        assert_null(quoted.words);
        assert_int_equal(quoted.taken, cases[i].taken);
        assert_int_equal(quoted.length, cases[i].meant.length);
        assert_memory_equal(out, cases[i].meant.data, quoted.length);
        free(out);
        text_free(text);
    }
}

static void quoted_says_where_it_is_wrong(void **state)
{
    (void)state;
    static const char string[] = "expected what JSON allows in a string";
    static const char closing[] = "expected a closing quote";
    static const char half[] = "expected no half of a surrogate pair";
    static const struct {
        kith_text text;
        size_t taken;
        const char *words;
    } cases[] = {
        {TEXT_IN_TABLE("\""), 1, closing},
        {TEXT_IN_TABLE("\"ab"), 3, closing},
        {TEXT_IN_TABLE("\"a\\"), 3, closing},
        {TEXT_IN_TABLE("\"a\\\""), 4, closing},
        {TEXT_IN_TABLE("\"\\u00"), 5, closing},
        {TEXT_IN_TABLE("\"\\u00g0\""), 5, string},
        {TEXT_IN_TABLE("\"\\x\""), 2, string},
        {TEXT_IN_TABLE("\"\\\0\""), 2, string},
        {TEXT_IN_TABLE("\"a\tb\""), 2, string},
        {TEXT_IN_TABLE("\"a\0b\""), 2, string},
        {TEXT_IN_TABLE("\"\xED\xA0\x80\""), 1, string},
        {TEXT_IN_TABLE("\"a\xC3\""), 2, string},
        {TEXT_IN_TABLE("\"\\ud800\""), 0, half},
        {TEXT_IN_TABLE("\"\\ud800\\n\""), 0, half},
        {TEXT_IN_TABLE("\"\\ud800\\u0041\""), 0, half},
        {TEXT_IN_TABLE("\"\\udc00\\ud800\""), 0, half},
        {TEXT_IN_TABLE("\"\\ud800\\u00"), 11, closing},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_text text = text_exact(cases[i].text);
        char *out = malloc(text.length);
        assert_non_null(out);
        struct kithp_quoted quoted;
        assert_false(kithp_quoted_read(text, out, &quoted));
        assert_string_equal(quoted.words, cases[i].words);
        assert_int_equal(quoted.taken, cases[i].taken);
        free(out);
        text_free(text);
    }
}

/* What is wrong with whole paths is test_json_tree's. */
static void path_is_read_name_by_name(void **state)
{
    (void)state;
    kith_text text = text_exact(TEXT("actor.\"a.b\".0. x |\xC3\xA9"));
    struct kithp_path path = {text.data, text.data + text.length, NULL};
    static const char *const names[] = {"actor", "a.b", "0", " x |\xC3\xA9"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[32];
        kith_text read = {name, kithp_path_read_name(&path, name)};
        assert_null(path.words);
        assert_text_equal(read, names[i]);
        assert_int_equal(kithp_path_next(&path), i < 3);
    }
    assert_null(path.words);
    text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_is_read_as_json_strings_are),
        cmocka_unit_test(quoted_says_where_it_is_wrong),
        cmocka_unit_test(path_is_read_name_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
