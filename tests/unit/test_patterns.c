/* SPDX-License-Identifier: MIT */
#include "base/patterns.h"

#include "support.h"

struct example {
    const char *pattern;
    kith_text name;
    bool fits;
};

static void check_examples(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kith_text name = text_exact(examples[i].name);
        if (kithp_patterns_fit_one(kith_text_of(examples[i].pattern), name) != examples[i].fits)
            fail_msg("'%s' and '%.*s': expected %d", examples[i].pattern, (int)name.length, name.data,
                     examples[i].fits);
        text_free(name);
    }
}

#define CHECK_EXAMPLES(examples) check_examples(examples, sizeof(examples) / sizeof *(examples))

static void patterns_stand_for_whole_names(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"GitHub", TEXT_IN_TABLE("GitHub"), true},
        {"GitHub", TEXT_IN_TABLE("github"), false},
        {"GitHub", TEXT_IN_TABLE("GitHub2"), false},
        {"GitHub", TEXT_IN_TABLE("aGitHub"), false},
        {"GitHub", TEXT_IN_TABLE(""), false},
        {"a\\*", TEXT_IN_TABLE("a*"), false},
        {"[ab]", TEXT_IN_TABLE("a"), false},
        {"[ab]", TEXT_IN_TABLE("[ab]"), true},
        {".", TEXT_IN_TABLE("x"), false},
    };
    CHECK_EXAMPLES(examples);
}

static void patterns_star_is_any_run_of_characters(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"*", TEXT_IN_TABLE("ana"), true},
        {"*", TEXT_IN_TABLE("*"), true},
        {"*-bot", TEXT_IN_TABLE("ci-bot"), true},
        {"*-bot", TEXT_IN_TABLE("-bot"), true},
        {"*-bot", TEXT_IN_TABLE("-bot-bot"), true},
        {"*-bot", TEXT_IN_TABLE("ci-bots"), false},
        {"ci-*", TEXT_IN_TABLE("ci-"), true},
        {"ci-*", TEXT_IN_TABLE("ci"), false},
        {"a*b*c", TEXT_IN_TABLE("abc"), true},
        {"a*b*c", TEXT_IN_TABLE("a b, b and c"), true},
        {"a*b*c", TEXT_IN_TABLE("acb"), false},
        {"**", TEXT_IN_TABLE("x"), true},
        {"*a*", TEXT_IN_TABLE("bbb"), false},
        {"*ab", TEXT_IN_TABLE("aab"), true},
        {"*", TEXT_IN_TABLE("with\0nothing\n"), true},
    };
    CHECK_EXAMPLES(examples);
}

static void patterns_question_mark_is_one_character(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"?", TEXT_IN_TABLE("a"), true},
        {"?", TEXT_IN_TABLE("\xC3\xA4"), true},
        {"?", TEXT_IN_TABLE("\xE5\xB0\x8F"), true},
        {"?", TEXT_IN_TABLE("\xF0\x9F\x98\x80"), true},
        {"?", TEXT_IN_TABLE("\0"), true},
        {"?", TEXT_IN_TABLE(""), false},
        {"??", TEXT_IN_TABLE("\xC3\xA4"), false},
        {"*??", TEXT_IN_TABLE("\xC3\xA4"), false},
        {"*?", TEXT_IN_TABLE("\xC3\xA4"), true},
        {"?*?", TEXT_IN_TABLE("\xC3\xA4\xE5\xB0\x8F"), true},
        {"old?staff", TEXT_IN_TABLE("old staff"), true},
        {"old?staff", TEXT_IN_TABLE("old\tstaff"), true},
        {"old?staff", TEXT_IN_TABLE("oldstaff"), false},
        {"\xC3\xA4?", TEXT_IN_TABLE("\xC3\xA4\xC3\xA4"), true},
        {"\xC3\xA4?", TEXT_IN_TABLE("\xC3\xA5\xC3\xA4"), false},
    };
    CHECK_EXAMPLES(examples);
}

/* By the meaning of the words: every way to share the name out. Text of one byte a character. */
static bool fits_slowly(const char *pattern, const char *name)
{
    if (*pattern == '\0')
        return *name == '\0';
    if (*pattern == '*')
        return fits_slowly(pattern + 1, name) || (*name && fits_slowly(pattern, name + 1));
    return *name && (*pattern == '?' || *pattern == *name) && fits_slowly(pattern + 1, name + 1);
}

static void patterns_of_chance_are_as_the_slow_way_has_it(void **state)
{
    (void)state;
    uint64_t luck = 3;
    unsigned fitting = 0;
    for (unsigned round = 0; round < 200000; round++) {
        char pattern[9] = "", name[11] = "", wide[31] = "", wide_pattern[25] = "";
        for (uint32_t i = 0, count = 1 + chance_below(&luck, 8); i < count; i++)
            pattern[i] = "ab*?"[chance_below(&luck, 4)];
        for (uint32_t i = 0, count = chance_below(&luck, 11); i < count; i++)
            name[i] = "ab"[chance_below(&luck, 2)];
        bool expected = fits_slowly(pattern, name);
        assert_int_equal(kithp_patterns_fit_one(kith_text_of(pattern), kith_text_of(name)), expected);
        /* The same with characters of two and three bytes that share some. */
        for (const char *at = name; *at; at++)
            strcat(wide, *at == 'a' ? "\xE2\x82\xAC" : "\xC2\xAC");
        for (const char *at = pattern; *at; at++)
            strcat(wide_pattern, *at == 'a' ? "\xE2\x82\xAC" : *at == 'b' ? "\xC2\xAC" : *at == '*' ? "*" : "?");
        assert_int_equal(kithp_patterns_fit_one(kith_text_of(wide_pattern), kith_text_of(wide)), expected);
        fitting += expected;
    }
    assert_in_range(fitting, 20000, 180000);
}

/* A pattern that a backtracking matcher would not come to an end with. */
static void patterns_full_of_stars_end(void **state)
{
    (void)state;
    char name[255];
    memset(name, 'a', sizeof name);
    const char *pattern = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
    assert_in_range(strlen(pattern), KITHP_PATTERN_MOST - 4, KITHP_PATTERN_MOST);
    assert_false(kithp_patterns_fit_one(kith_text_of(pattern), (kith_text){name, sizeof name}));
    name[254] = 'b';
    assert_true(kithp_patterns_fit_one(kith_text_of(pattern), (kith_text){name, sizeof name}));
}

static void patterns_fit_where_one_does(void **state)
{
    (void)state;
    struct kithp_patterns patterns = {.count = 0};
    assert_false(kithp_patterns_fit(&patterns, TEXT("ana")));
    patterns = (struct kithp_patterns){.count = 2, .texts = {"*-bot", "a?a", "ben"}};
    assert_true(kithp_patterns_fit(&patterns, TEXT("ana")));
    assert_true(kithp_patterns_fit(&patterns, TEXT("x-bot")));
    assert_false(kithp_patterns_fit(&patterns, TEXT("ben")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_stand_for_whole_names),
        cmocka_unit_test(patterns_star_is_any_run_of_characters),
        cmocka_unit_test(patterns_question_mark_is_one_character),
        cmocka_unit_test(patterns_of_chance_are_as_the_slow_way_has_it),
        cmocka_unit_test(patterns_full_of_stars_end),
        cmocka_unit_test(patterns_fit_where_one_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
