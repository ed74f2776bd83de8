/* SPDX-License-Identifier: MIT */
#include "prose/page.h"

#include "support.h"

/* A page on its way into gathered text, through a buffer that is small. */
struct paper {
    struct gathered gathered;
    struct kithp_writer writer;
    struct kithp_page page;
    char buffer[64];
};

static struct kithp_page *begin(struct paper *paper, uint64_t columns)
{
    *paper = (struct paper){.gathered = {0}};
    paper->writer = (struct kithp_writer){gather, &paper->gathered, paper->buffer, sizeof paper->buffer, 0, false};
    kithp_page_begin(&paper->page, &paper->writer, columns);
    return &paper->page;
}

static void assert_paper(struct paper *paper, const char *expected)
{
    assert_true(kithp_writer_finish(&paper->writer));
    assert_string_equal(paper->gathered.bytes, expected);
    gathered_free(&paper->gathered);
}

static void page_breaks_lines_between_words(void **state)
{
    (void)state;
    struct paper paper;
    struct kithp_page *page = begin(&paper, 10);
    kithp_page_string(page, "one two th");
    kithp_page_string(page, "ree four ");
    kithp_page_say(page, "%d%s", 5, " six");
    kithp_page_end_line(page);
    kithp_page_string(page, "1234567890 x ");
    kithp_page_end_line(page);
    kithp_page_end_line(page);
    kithp_page_string(page, "a 12345678901234567890 b");
    kithp_page_end_line(page);
    assert_paper(&paper, "one two\nthree four\n5 six\n1234567890\nx\n\na\n12345678901234567890\nb\n");
}

static void page_goes_on_with_items_further_in(void **state)
{
    (void)state;
    struct paper paper;
    struct kithp_page *page = begin(&paper, 10);
    kithp_page_begin_item(page);
    kithp_page_string(page, "one two three four five");
    kithp_page_end_line(page);
    kithp_page_string(page, "one two three");
    kithp_page_end_line(page);
    assert_paper(&paper, "- one two\n  three\n  four\n  five\none two\nthree\n");
}

/* Words of chance, some of two bytes a letter. */
static void draw_words(char *words, uint64_t *seed)
{
    *words = '\0';
    for (uint32_t count = 1 + chance_below(seed, 40); count > 0; count--) {
        for (uint32_t letters = 1 + chance_below(seed, 14); letters > 0; letters--)
            strcat(words, chance_below(seed, 3) ? "x" : "\xC3\xA9");
        if (count > 1)
            strcat(words, " ");
    }
}

static uint64_t letters_of(const char *text, size_t length)
{
    uint64_t letters = 0;
    for (size_t i = 0; i < length; i++)
        letters += ((unsigned char)text[i] & 0xC0) != 0x80;
    return letters;
}

/*
 * Put together again, the lines are the words; none is wider than the page, unless it is one word; and the first word
 * of none would have found room on the line before.
 */
static void check_lines(const char *broken, const char *words, uint64_t columns, uint64_t indent)
{
    uint64_t before = 0;
    for (const char *line = broken; *line;) {
        size_t length = strcspn(line, "\n"), in = line == broken ? 0 : indent;
        for (size_t i = 0; i < in; i++)
            assert_int_equal(line[i], ' ');
        size_t word = strcspn(line + in, " \n");
        assert_true(line == broken || before + 1 + letters_of(line + in, word) > columns);
        before = letters_of(line, length);
        assert_true(before <= columns || in + word == length);
        assert_memory_equal(words, line + in, length - in);
        words += length - in;
        line += length + 1;
        assert_int_equal(*words, *line ? ' ' : '\0');
        words += *line != '\0';
    }
    assert_int_equal(*words, '\0');
}

static void page_has_as_many_words_on_a_line_as_fit(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (uint64_t i = 0; i < tries(3000); i++) {
        char words[2000];
        struct paper paper;
        const bool is_item = chance_below(&seed, 2), is_endless = chance_below(&seed, 8) == 0;
        const uint64_t columns = is_endless ? UINT64_MAX : 1 + chance_below(&seed, 100);
        draw_words(words, &seed);
        struct kithp_page *page = begin(&paper, columns);
        if (is_item)
            kithp_page_begin_item(page);
        assert_int_equal(kithp_page_name(page, kith_text_of(words), 5000), letters_of(words, strlen(words)));
        kithp_page_end_line(page);
        assert_true(kithp_writer_finish(&paper.writer));
        if (is_endless)
            assert_ptr_equal(strchr(paper.gathered.bytes, '\n'), paper.gathered.bytes + paper.gathered.length - 1);
        char whole[2002];
        snprintf(whole, sizeof whole, "%s%s", is_item ? "- " : "", words);
        check_lines(paper.gathered.bytes, whole, is_endless ? 100000 : columns, is_item ? 2 : 0);
        gathered_free(&paper.gathered);
    }
}

static void page_has_words_of_any_length(void **state)
{
    (void)state;
    char word[3000];
    memset(word, 'w', sizeof word);
    struct paper paper;
    struct kithp_page *page = begin(&paper, 80);
    kithp_page_string(page, "a ");
    assert_int_equal(kithp_page_name(page, (kith_text){word, sizeof word}, 5000), sizeof word);
    kithp_page_string(page, " b");
    kithp_page_end_line(page);
    assert_true(kithp_writer_finish(&paper.writer));
    assert_int_equal(paper.gathered.length, 2 + sizeof word + 3);
    assert_memory_equal(paper.gathered.bytes, "a\n", 2);
    assert_memory_equal(paper.gathered.bytes + 2, word, sizeof word);
    assert_string_equal(paper.gathered.bytes + 2 + sizeof word, "\nb\n");
    gathered_free(&paper.gathered);
}

static void page_keeps_spaces_within_names(void **state)
{
    (void)state;
    struct paper paper;
    struct kithp_page *page = begin(&paper, 80);
    kithp_page_string(page, "It finds ");
    kithp_page_name(page, TEXT("a  b "), 40);
    kithp_page_string(page, ".");
    kithp_page_end_line(page);
    assert_paper(&paper, "It finds a  b .\n");
}

static void page_cuts_names_that_are_too_wide(void **state)
{
    (void)state;
    static const struct {
        kith_text name;
        uint64_t columns;
        const char *expected;
        uint64_t used;
    } cases[] = {
        {TEXT_IN_TABLE("abcde"), 5, "abcde", 5},
        {TEXT_IN_TABLE("abcdef"), 5, "abcd\xE2\x80\xA6", 5},
        {TEXT_IN_TABLE("\xE6\x96\x87\xE6\x96\x87\xE6\x96\x87"), 5, "\xE6\x96\x87\xE6\x96\x87\xE2\x80\xA6", 5},
        {TEXT_IN_TABLE("\xE6\x96\x87\xE6\x96\x87\xE6\x96\x87"), 4, "\xE6\x96\x87\xE2\x80\xA6", 3},
        {TEXT_IN_TABLE("ab\x1B[m"), 5, "ab\xE2\x80\xA6", 3},
        {TEXT_IN_TABLE("abcd\xCC\x81"), 4, "abcd\xCC\x81", 4},
        {TEXT_IN_TABLE("ab"), 1, "\xE2\x80\xA6", 1},
        {TEXT_IN_TABLE(""), 5, "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct paper paper;
        char expected[64];
        struct kithp_page *page = begin(&paper, 80);
        kithp_page_begin_row(page, 2);
        assert_int_equal(kithp_page_name(page, cases[i].name, cases[i].columns), cases[i].used);
        kithp_page_end_line(page);
        kithp_page_begin_row(page, 0);
        kithp_page_left(page, cases[i].name, (unsigned)cases[i].columns);
        kithp_page_string(page, "|");
        kithp_page_end_line(page);
        snprintf(expected, sizeof expected, "  %s\n%s%*s|\n", cases[i].expected, cases[i].expected,
                 (int)(cases[i].columns - cases[i].used), "");
        assert_paper(&paper, expected);
    }
}

static void page_rows_stand_as_they_are(void **state)
{
    (void)state;
    struct paper paper;
    struct kithp_page *page = begin(&paper, 10);
    kithp_page_begin_row(page, 3);
    kithp_page_left(page, TEXT("a b"), 6);
    kithp_page_string(page, " ");
    kithp_page_right(page, "12", 5);
    kithp_page_right(page, "1234567", 4);
    kithp_page_right(page, "1234", 4);
    kithp_page_end_line(page);
    kithp_page_begin_row(page, 0);
    kithp_page_left(page, TEXT("ab"), 3);
    kithp_page_right(page, "12", 2);
    kithp_page_left(page, TEXT("cd"), 2);
    kithp_page_right(page, "34", 2);
    kithp_page_end_line(page);
    kithp_page_string(page, "words are broken");
    kithp_page_end_line(page);
    assert_paper(&paper, "   a b       12 1234567 1234\nab 12cd 34\nwords are\nbroken\n");
}

static void page_marks_stand_around_headings_and_take_no_columns(void **state)
{
    (void)state;
    struct paper paper;
    struct kithp_page *page = begin(&paper, 10);
    page->strong = "<strong>";
    page->off = "</strong>";
    kithp_page_begin_heading(page);
    kithp_page_string(page, "1234567890");
    kithp_page_end_heading(page);
    kithp_page_begin_heading(page);
    kithp_page_string(page, "12345 67890");
    kithp_page_end_heading(page);
    kithp_page_string(page, "text");
    kithp_page_end_line(page);
    assert_paper(&paper, "<strong>1234567890</strong>\n<strong>12345\n67890</strong>\ntext\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_breaks_lines_between_words),
        cmocka_unit_test(page_goes_on_with_items_further_in),
        cmocka_unit_test(page_has_as_many_words_on_a_line_as_fit),
        cmocka_unit_test(page_has_words_of_any_length),
        cmocka_unit_test(page_keeps_spaces_within_names),
        cmocka_unit_test(page_cuts_names_that_are_too_wide),
        cmocka_unit_test(page_rows_stand_as_they_are),
        cmocka_unit_test(page_marks_stand_around_headings_and_take_no_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
