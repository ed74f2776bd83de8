/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/ini.h"

/* What the reader said, one line each: S for a section, I for an item, F for a fault, with line:column of each part. */
static char said[4096];

static void say_part(const struct kithp_ini_part *part)
{
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, " %llu:%llu[%.*s]", (unsigned long long)part->line,
             (unsigned long long)part->column, (int)part->text.length, part->text.length ? part->text.data : "");
}

static void on_section(void *context, const struct kithp_ini_part *section, const struct kithp_ini_part *name)
{
    assert_ptr_equal(context, said);
    strcat(said, "S");
    say_part(section);
    if (name->text.length)
        say_part(name);
    strcat(said, "\n");
}

static void on_item(void *context, const struct kithp_ini_part *key, const struct kithp_ini_part *value)
{
    assert_ptr_equal(context, said);
    strcat(said, "I");
    say_part(key);
    say_part(value);
    strcat(said, "\n");
}

static void on_fault(void *context, const struct kithp_ini_part *part, const char *words)
{
    assert_ptr_equal(context, said);
    strcat(said, "F");
    say_part(part);
    strcat(said, " ");
    strcat(said, words);
    strcat(said, "\n");
}

static void assert_said(kith_text text, const char *expected)
{
    const struct kithp_ini_handler handler = {said, on_section, on_item, on_fault};
    said[0] = '\0';
    /* Of exactly its length, so that a look past the end shows. */
    kith_text exact = text_exact(text);
    kithp_ini_read(exact, &handler);
    text_free(exact);
    assert_string_equal(said, expected);
}

static void ini_text_without_content_says_nothing(void **state)
{
    (void)state;
    assert_said((kith_text){NULL, 0}, "");
    assert_said(TEXT(""), "");
    assert_said(TEXT("\n"), "");
    assert_said(TEXT("\r\n \t\r\n\n"), "");
    assert_said(TEXT("\xEF\xBB\xBF"), "");
    assert_said(TEXT("; only\n# comments\n  ; and\n\t# blanks"), "");
}

static void ini_sections_and_items_are_told_with_their_places(void **state)
{
    (void)state;
    assert_said(TEXT("[churn]\nsilent_days = 7\n\n[kind post]\n  gives\t=  content 10 cap 7  \n"),
                "S 1:2[churn]\n"
                "I 2:1[silent_days] 2:15[7]\n"
                "S 4:2[kind] 4:7[post]\n"
                "I 5:3[gives] 5:12[content 10 cap 7]\n");
}

static void ini_blanks_around_parts_mean_nothing(void **state)
{
    (void)state;
    assert_said(TEXT(" \t[ \tkind \t a  b\t ] \n"), "S 1:6[kind] 1:13[a  b]\n");
    assert_said(TEXT("[s]\nkey=value\nkey= value\nkey =value\n\tkey\t=\tvalue\t\n"), "S 1:2[s]\n"
                                                                                     "I 2:1[key] 2:5[value]\n"
                                                                                     "I 3:1[key] 3:6[value]\n"
                                                                                     "I 4:1[key] 4:6[value]\n"
                                                                                     "I 5:2[key] 5:8[value]\n");
}

static void ini_line_ends_may_be_lf_or_crlf_or_the_end(void **state)
{
    (void)state;
    assert_said(TEXT("[s]\r\na = b\r\n\r\nc = d"), "S 1:2[s]\nI 2:1[a] 2:5[b]\nI 4:1[c] 4:5[d]\n");
    assert_said(TEXT("[s]\r\na = b\r"), "S 1:2[s]\nI 2:1[a] 2:5[b]\n");
    /* A CR that ends no line is a control character. */
    assert_said(TEXT("[s]\na = b\rc = d\n"),
                "S 1:2[s]\nF 2:1[a = b\rc = d] expected UTF-8 text without control characters\n");
}

static void ini_byte_order_mark_at_the_start_is_skipped(void **state)
{
    (void)state;
    assert_said(TEXT("\xEF\xBB\xBF[s]\na = b\n"), "S 1:2[s]\nI 2:1[a] 2:5[b]\n");
    assert_said(TEXT("[s]\n\xEF\xBB\xBF"
                     "a = b\n"),
                "S 1:2[s]\nI 2:1[\xEF\xBB\xBF"
                "a] 2:8[b]\n");
}

static void ini_comments_are_passed_over(void **state)
{
    (void)state;
    assert_said(TEXT("[s] ; one\na = b ; two\nc = d\t;three;\n;e = f\n# g = h\n   ; [t]\n"),
                "S 1:2[s]\nI 2:1[a] 2:5[b]\nI 3:1[c] 3:5[d]\n");
}

static void ini_marks_that_begin_no_comment_are_data(void **state)
{
    (void)state;
    assert_said(TEXT("[kind a;b#c]\na = b;c\nd = e # f\ng = h#i\nj = ;k\n"), "S 1:2[kind] 1:7[a;b#c]\n"
                                                                             "I 2:1[a] 2:5[b;c]\n"
                                                                             "I 3:1[d] 3:5[e # f]\n"
                                                                             "I 4:1[g] 4:5[h#i]\n"
                                                                             "F 5:1[j] expected a value behind '='\n");
    assert_said(TEXT("[s]\nj =;k\n"), "S 1:2[s]\nI 2:1[j] 2:4[;k]\n");
}

static void ini_first_equals_sign_parts_key_and_value(void **state)
{
    (void)state;
    assert_said(TEXT("[s]\na = b = c\n"), "S 1:2[s]\nI 2:1[a] 2:5[b = c]\n");
    assert_said(TEXT("[s]\na b = c\n"), "S 1:2[s]\nI 2:1[a b] 2:7[c]\n");
}

static void ini_names_of_sections_may_hold_brackets(void **state)
{
    (void)state;
    assert_said(TEXT("[kind a]b]\n[kind [x]\n"), "S 1:2[kind] 1:7[a]b]\nS 2:2[kind] 2:7[[x]\n");
}

static void ini_faults_are_told_one_at_a_time(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        const char *expected;
    } cases[] = {
        {TEXT_IN_TABLE("[s\n"), "F 1:1[[s] expected ']' at the end of the line\n"},
        {TEXT_IN_TABLE("["), "F 1:1[[] expected ']' at the end of the line\n"},
        {TEXT_IN_TABLE("  [s] x\n"), "F 1:3[[s] x] expected ']' at the end of the line\n"},
        {TEXT_IN_TABLE("[s];x\n"), "F 1:1[[s];x] expected ']' at the end of the line\n"},
        {TEXT_IN_TABLE("[]\n"), "F 1:1[[]] expected the name of a section between '[' and ']'\n"},
        {TEXT_IN_TABLE("[ \t ]\n"), "F 1:1[[ \t ]] expected the name of a section between '[' and ']'\n"},
        {TEXT_IN_TABLE("[s]\n word \n"), "S 1:2[s]\nF 2:2[word] expected 'key = value' or '[section]'\n"},
        {TEXT_IN_TABLE("[s]\n = b\n"), "S 1:2[s]\nF 2:2[= b] expected a key before '='\n"},
        {TEXT_IN_TABLE("[s]\n=\n"), "S 1:2[s]\nF 2:1[=] expected a key before '='\n"},
        {TEXT_IN_TABLE("[s]\n a = \n"), "S 1:2[s]\nF 2:2[a] expected a value behind '='\n"},
        {TEXT_IN_TABLE("[s]\na = ; b\n"), "S 1:2[s]\nF 2:1[a] expected a value behind '='\n"},
        {TEXT_IN_TABLE("a = b\n[s]\n"), "F 1:1[a] stands before the first '[section]'\nS 2:2[s]\n"},
        {TEXT_IN_TABLE("[s]\na = b\x01\n"),
         "S 1:2[s]\nF 2:1[a = b\x01] expected UTF-8 text without control characters\n"},
        {TEXT_IN_TABLE("[s]\na = \x7F\n"),
         "S 1:2[s]\nF 2:1[a = \x7F] expected UTF-8 text without control characters\n"},
        {TEXT_IN_TABLE("[s\x1B]\n"), "F 1:1[[s\x1B]] expected UTF-8 text without control characters\n"},
        {TEXT_IN_TABLE("[s]\na = \xE9\n"),
         "S 1:2[s]\nF 2:1[a = \xE9] expected UTF-8 text without control characters\n"},
        {TEXT_IN_TABLE("[s]\n; \xE9\n"), "S 1:2[s]\nF 2:1[; \xE9] expected UTF-8 text without control characters\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_said(cases[i].text, cases[i].expected);
}

static void ini_nul_is_a_control_character(void **state)
{
    (void)state;
    const struct kithp_ini_handler handler = {said, on_section, on_item, on_fault};
    said[0] = '\0';
    kithp_ini_read(TEXT("[s]\na = b\0c\n"), &handler);
    assert_non_null(strstr(said, "F 2:1["));
    assert_null(strstr(said, "I "));
}

static void ini_reading_goes_on_behind_faults(void **state)
{
    (void)state;
    assert_said(TEXT("word\n[s]\n= b\na = b\n[t\nc = d\n"), "F 1:1[word] expected 'key = value' or '[section]'\n"
                                                            "S 2:2[s]\n"
                                                            "F 3:1[= b] expected a key before '='\n"
                                                            "I 4:1[a] 4:5[b]\n"
                                                            "F 5:1[[t] expected ']' at the end of the line\n"
                                                            "I 6:1[c] 6:5[d]\n");
}

static void ini_heading_with_a_fault_is_a_heading_to_what_follows(void **state)
{
    (void)state;
    /* One fault, and not another one for a key that stands before the first section. */
    assert_said(TEXT("[s\na = b\n"), "F 1:1[[s] expected ']' at the end of the line\nI 2:1[a] 2:5[b]\n");
}

static void ini_heading_with_a_control_character_is_a_heading_to_what_follows(void **state)
{
    (void)state;
    assert_said(TEXT("[s\x01]\na = b\n"),
                "F 1:1[[s\x01]] expected UTF-8 text without control characters\nI 2:1[a] 2:5[b]\n");
}

static void ini_lines_may_be_long(void **state)
{
    (void)state;
    enum { LENGTH = 3000 };
    char text[LENGTH + 16], expected[LENGTH + 64];
    int length = snprintf(text, sizeof text, "[s]\nkey = %0*d", LENGTH, 1);
    snprintf(expected, sizeof expected, "S 1:2[s]\nI 2:1[key] 2:7[%0*d]\n", LENGTH, 1);
    assert_said((kith_text){text, (uint64_t)length}, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ini_text_without_content_says_nothing),
        cmocka_unit_test(ini_sections_and_items_are_told_with_their_places),
        cmocka_unit_test(ini_blanks_around_parts_mean_nothing),
        cmocka_unit_test(ini_line_ends_may_be_lf_or_crlf_or_the_end),
        cmocka_unit_test(ini_byte_order_mark_at_the_start_is_skipped),
        cmocka_unit_test(ini_comments_are_passed_over),
        cmocka_unit_test(ini_marks_that_begin_no_comment_are_data),
        cmocka_unit_test(ini_first_equals_sign_parts_key_and_value),
        cmocka_unit_test(ini_names_of_sections_may_hold_brackets),
        cmocka_unit_test(ini_faults_are_told_one_at_a_time),
        cmocka_unit_test(ini_nul_is_a_control_character),
        cmocka_unit_test(ini_reading_goes_on_behind_faults),
        cmocka_unit_test(ini_heading_with_a_fault_is_a_heading_to_what_follows),
        cmocka_unit_test(ini_heading_with_a_control_character_is_a_heading_to_what_follows),
        cmocka_unit_test(ini_lines_may_be_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
