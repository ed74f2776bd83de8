/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "exports/csv.h"

enum { FIELDS_MOST = 64 };

static const char *const outcome_names[] = {"ROW", "EMPTY", "QUOTE", "MORE", "END"};

/* One line that says all there is to say of a reading: outcome, row, consumed bytes, line ends, fields. */
static void describe(enum kithp_csv_outcome outcome, const struct kithp_csv_row *row,
                     const struct kithp_csv_field *fields, char *out, size_t room)
{
    size_t length = (size_t)snprintf(out, room, "%s", outcome_names[outcome]);
    if (outcome == KITHP_CSV_MORE || outcome == KITHP_CSV_END)
        return;
    length += (size_t)snprintf(out + length, room - length, " '%.*s' %zu bytes %u lines", (int)row->text.length,
                               row->text.data, row->consumed, (unsigned)row->lines);
    if (outcome != KITHP_CSV_ROW)
        return;
    for (size_t i = 0; i < row->field_count && i < FIELDS_MOST; i++) {
        char value[256];
        assert_true(fields[i].text.length <= sizeof value);
        int width = (int)kithp_csv_unescape(&fields[i], value);
        length += (size_t)snprintf(out + length, room - length, " [%.*s]", width, value);
    }
}

static void read_and_describe(kith_text text, bool at_end, char delimiter, char *out, size_t room)
{
    struct kithp_csv_field fields[FIELDS_MOST];
    struct kithp_csv_row row;
    /* Of exactly its length, so that a look past the end shows. */
    kith_text exact = text_exact(text);
    enum kithp_csv_outcome outcome = kithp_csv_read(exact, at_end, delimiter, fields, FIELDS_MOST, &row);
    describe(outcome, &row, fields, out, room);
    text_free(exact);
}

struct reading {
    kith_text text;
    const char *expected;
};

static void assert_readings(const struct reading *cases, size_t count, bool at_end, char delimiter)
{
    for (size_t i = 0; i < count; i++) {
        char out[1024];
        read_and_describe(cases[i].text, at_end, delimiter, out, sizeof out);
        assert_string_equal(out, cases[i].expected);
    }
}

#define ASSERT_READINGS(cases, at_end, delimiter)                                                                      \
    assert_readings(cases, sizeof(cases) / sizeof *(cases), at_end, delimiter)

static void csv_rows_are_cut_into_fields(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {TEXT_IN_TABLE("a,b,c\nd"), "ROW 'a,b,c' 6 bytes 1 lines [a] [b] [c]"},
        {TEXT_IN_TABLE("a"), "ROW 'a' 1 bytes 0 lines [a]"},
        {TEXT_IN_TABLE(","), "ROW ',' 1 bytes 0 lines [] []"},
        {TEXT_IN_TABLE(",,\n"), "ROW ',,' 3 bytes 1 lines [] [] []"},
        {TEXT_IN_TABLE(" a , b \n"), "ROW ' a , b ' 8 bytes 1 lines [ a ] [ b ]"},
        {TEXT_IN_TABLE("a;b\tc|d\n"), "ROW 'a;b\tc|d' 8 bytes 1 lines [a;b\tc|d]"},
        {TEXT_IN_TABLE("\xC3\xA9,\xFF\n"), "ROW '\xC3\xA9,\xFF' 5 bytes 1 lines [\xC3\xA9] [\xFF]"},
    };
    ASSERT_READINGS(cases, true, ',');
    static const struct reading other[] = {
        {TEXT_IN_TABLE("a;b,c\n"), "ROW 'a;b,c' 6 bytes 1 lines [a] [b,c]"},
        {TEXT_IN_TABLE("\"a;b\";c\n"), "ROW '\"a;b\";c' 8 bytes 1 lines [a;b] [c]"},
    };
    ASSERT_READINGS(other, true, ';');
}

static void csv_line_ends_are_lf_with_or_without_cr_or_the_end(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {TEXT_IN_TABLE("a,b\r\nc"), "ROW 'a,b' 5 bytes 1 lines [a] [b]"},
        {TEXT_IN_TABLE("a,b\r"), "ROW 'a,b' 4 bytes 0 lines [a] [b]"},
        {TEXT_IN_TABLE("a,\r\n"), "ROW 'a,' 4 bytes 1 lines [a] []"},
        {TEXT_IN_TABLE("a,\r"), "ROW 'a,' 3 bytes 0 lines [a] []"},
        {TEXT_IN_TABLE("a,\"b\"\r\nc"), "ROW 'a,\"b\"' 7 bytes 1 lines [a] [b]"},
        {TEXT_IN_TABLE("a,\"b\"\r"), "ROW 'a,\"b\"' 6 bytes 0 lines [a] [b]"},
        {TEXT_IN_TABLE("a,\"b\""), "ROW 'a,\"b\"' 5 bytes 0 lines [a] [b]"},
        /* A CR elsewhere is data. */
        {TEXT_IN_TABLE("a\rb,\rc\r\r\n"), "ROW 'a\rb,\rc\r' 9 bytes 1 lines [a\rb] [\rc\r]"},
        {TEXT_IN_TABLE("a\r,b\n"), "ROW 'a\r,b' 5 bytes 1 lines [a\r] [b]"},
        {TEXT_IN_TABLE("\r\r\n"), "ROW '\r' 3 bytes 1 lines [\r]"},
        {TEXT_IN_TABLE("\"\r\"\n"), "ROW '\"\r\"' 4 bytes 1 lines [\r]"},
    };
    ASSERT_READINGS(cases, true, ',');
}

static void csv_empty_lines_are_told(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {TEXT_IN_TABLE(""), "END"},
        {{NULL, 0}, "END"},
        {TEXT_IN_TABLE("\n"), "EMPTY '' 1 bytes 1 lines"},
        {TEXT_IN_TABLE("\r\n"), "EMPTY '' 2 bytes 1 lines"},
        {TEXT_IN_TABLE("\r"), "EMPTY '' 1 bytes 0 lines"},
        {TEXT_IN_TABLE("\n\na"), "EMPTY '' 1 bytes 1 lines"},
        /* These are not empty. */
        {TEXT_IN_TABLE(" \n"), "ROW ' ' 2 bytes 1 lines [ ]"},
        {TEXT_IN_TABLE("\"\"\n"), "ROW '\"\"' 3 bytes 1 lines []"},
    };
    ASSERT_READINGS(cases, true, ',');
}

static void csv_quoted_fields_hold_anything(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {TEXT_IN_TABLE("\"a,b\",c\n"), "ROW '\"a,b\",c' 8 bytes 1 lines [a,b] [c]"},
        {TEXT_IN_TABLE("\"a\nb\r\n\",c\nd"), "ROW '\"a\nb\r\n\",c' 10 bytes 3 lines [a\nb\r\n] [c]"},
        {TEXT_IN_TABLE("\"O'Brien, \"\"Pat\"\"\"\n"),
         "ROW '\"O'Brien, \"\"Pat\"\"\"' 19 bytes 1 lines [O'Brien, \"Pat\"]"},
        {TEXT_IN_TABLE("\"\"\"\"\n"), "ROW '\"\"\"\"' 5 bytes 1 lines [\"]"},
        {TEXT_IN_TABLE("\"\"\"\"\"\"\n"), "ROW '\"\"\"\"\"\"' 7 bytes 1 lines [\"\"]"},
        {TEXT_IN_TABLE("\"\",\"\"\n"), "ROW '\"\",\"\"' 6 bytes 1 lines [] []"},
        {TEXT_IN_TABLE("a,\"\"\"b\"\"\""), "ROW 'a,\"\"\"b\"\"\"' 9 bytes 0 lines [a] [\"b\"]"},
    };
    ASSERT_READINGS(cases, true, ',');
}

static void csv_stray_quotes_cost_their_line_alone(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {TEXT_IN_TABLE("a\"b,c\nd\n"), "QUOTE 'a\"b,c' 6 bytes 1 lines"},
        {TEXT_IN_TABLE("a,b\"\r\nd\n"), "QUOTE 'a,b\"' 6 bytes 1 lines"},
        {TEXT_IN_TABLE("a,b\"\r"), "QUOTE 'a,b\"' 5 bytes 0 lines"},
        {TEXT_IN_TABLE(" \"a\"\n"), "QUOTE ' \"a\"' 5 bytes 1 lines"},
        {TEXT_IN_TABLE("\"a\"b,c\nd\n"), "QUOTE '\"a\"b,c' 7 bytes 1 lines"},
        {TEXT_IN_TABLE("\"a\" ,c\n"), "QUOTE '\"a\" ,c' 7 bytes 1 lines"},
        {TEXT_IN_TABLE("\"a\"\rb\n"), "QUOTE '\"a\"\rb' 6 bytes 1 lines"},
        {TEXT_IN_TABLE("\"a\"\r,b\n"), "QUOTE '\"a\"\r,b' 7 bytes 1 lines"},
        {TEXT_IN_TABLE("\"a\"\r\r\n"), "QUOTE '\"a\"\r' 6 bytes 1 lines"},
        {TEXT_IN_TABLE("a,\"b\nc,d\ne,f\n"), "QUOTE 'a,\"b' 5 bytes 1 lines"},
        {TEXT_IN_TABLE("a,\"b"), "QUOTE 'a,\"b' 4 bytes 0 lines"},
        {TEXT_IN_TABLE("\""), "QUOTE '\"' 1 bytes 0 lines"},
        {TEXT_IN_TABLE("\"\n"), "QUOTE '\"' 2 bytes 1 lines"},
        {TEXT_IN_TABLE("\"\"\"\n"), "QUOTE '\"\"\"' 4 bytes 1 lines"},
        {TEXT_IN_TABLE("\"\"a\n"), "QUOTE '\"\"a' 4 bytes 1 lines"},
        /* A quoted field over two lines, and a stray quote behind it: the first line is the row's. */
        {TEXT_IN_TABLE("\"a\nb\"c\nd\n"), "QUOTE '\"a' 3 bytes 1 lines"},
    };
    ASSERT_READINGS(cases, true, ',');
}

static void csv_text_that_ends_too_early_asks_for_more(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {TEXT_IN_TABLE(""), "MORE"},
        {TEXT_IN_TABLE("a"), "MORE"},
        {TEXT_IN_TABLE("a,b\r"), "MORE"},
        {TEXT_IN_TABLE("\r"), "MORE"},
        {TEXT_IN_TABLE("\"a\n"), "MORE"},
        {TEXT_IN_TABLE("\"a\""), "MORE"},
        {TEXT_IN_TABLE("\"a\"\r"), "MORE"},
        {TEXT_IN_TABLE("\"a\"\""), "MORE"},
        {TEXT_IN_TABLE("a\"b"), "MORE"},
        {TEXT_IN_TABLE("a\"b\r"), "MORE"},
        /* These are told already. */
        {TEXT_IN_TABLE("a\"b\n"), "QUOTE 'a\"b' 4 bytes 1 lines"},
        {TEXT_IN_TABLE("\"a\"b\n"), "QUOTE '\"a\"b' 5 bytes 1 lines"},
        {TEXT_IN_TABLE("\n"), "EMPTY '' 1 bytes 1 lines"},
        {TEXT_IN_TABLE("\"a\"\n"), "ROW '\"a\"' 4 bytes 1 lines [a]"},
    };
    ASSERT_READINGS(cases, false, ',');
}

static void csv_fields_past_the_room_are_counted_alone(void **state)
{
    (void)state;
    struct kithp_csv_field fields[3];
    memset(fields, 0xEE, sizeof fields);
    struct kithp_csv_row row;
    assert_int_equal(kithp_csv_read(TEXT("a,b,c,d,e\n"), true, ',', fields, 2, &row), KITHP_CSV_ROW);
    assert_int_equal(row.field_count, 5);
    assert_text_equal(fields[0].text, "a");
    assert_text_equal(fields[1].text, "b");
    for (size_t i = 0; i < sizeof fields[2]; i++)
        assert_int_equal(((const unsigned char *)&fields[2])[i], 0xEE);
    assert_int_equal(kithp_csv_read(TEXT("a,b\n"), true, ',', NULL, 0, &row), KITHP_CSV_ROW);
    assert_int_equal(row.field_count, 2);
}

static void csv_unescape_leaves_what_is_not_escaped(void **state)
{
    (void)state;
    char out[16];
    struct kithp_csv_field field = {TEXT("a\"\"b"), true};
    assert_int_equal(kithp_csv_unescape(&field, out), 3);
    assert_memory_equal(out, "a\"b", 3);
    field.escaped = false;
    assert_int_equal(kithp_csv_unescape(&field, out), 4);
    assert_memory_equal(out, "a\"\"b", 4);
}

/* ---- how far a closing quote may lie ---- */

/* A row whose quoted field closes so many bytes behind the row's first byte. */
static char *row_with_quote_at(size_t before, size_t close, const char *after, size_t *length)
{
    size_t room = close + 1 + strlen(after);
    char *text = malloc(room + 1);
    assert_non_null(text);
    memset(text, 'x', close);
    for (size_t i = 0; i + 1 < before; i += 2)
        memcpy(text + i, "x,", 2);
    text[before] = '"';
    text[close] = '"';
    strcpy(text + close + 1, after);
    *length = room;
    return text;
}

static void csv_closing_quote_may_lie_a_mebibyte_behind_the_row(void **state)
{
    (void)state;
    static const struct {
        size_t before; /* where the quoted field begins */
        size_t close;  /* where its quote closes, from the row's first byte */
        const char *after;
        enum kithp_csv_outcome expected;
    } cases[] = {
        {0, KITHP_CSV_QUOTE_MOST, "\n", KITHP_CSV_ROW},
        {0, KITHP_CSV_QUOTE_MOST, "", KITHP_CSV_ROW},
        {0, KITHP_CSV_QUOTE_MOST, ",y\n", KITHP_CSV_ROW},
        {0, KITHP_CSV_QUOTE_MOST + 1, "\n", KITHP_CSV_QUOTE},
        {0, KITHP_CSV_QUOTE_MOST + 1, "", KITHP_CSV_QUOTE},
        /* It is the row's first byte that counts, not the field's. */
        {2000, KITHP_CSV_QUOTE_MOST, "\n", KITHP_CSV_ROW},
        {2000, KITHP_CSV_QUOTE_MOST + 1, "\n", KITHP_CSV_QUOTE},
        {KITHP_CSV_QUOTE_MOST - 2, KITHP_CSV_QUOTE_MOST, "\n", KITHP_CSV_ROW},
        {KITHP_CSV_QUOTE_MOST, KITHP_CSV_QUOTE_MOST + 1, "\n", KITHP_CSV_QUOTE},
        /* The last quote within is the first of two: it closes nothing. */
        {0, KITHP_CSV_QUOTE_MOST, "\"\"\n", KITHP_CSV_QUOTE},
        {0, KITHP_CSV_QUOTE_MOST - 2, "\"\"\n", KITHP_CSV_ROW},
        /* An unquoted field may lie as far as it likes. */
        {0, KITHP_CSV_QUOTE_MOST, ",yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n", KITHP_CSV_ROW},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length;
        char *text = row_with_quote_at(cases[i].before, cases[i].close, cases[i].after, &length);
        struct kithp_csv_row row;
        enum kithp_csv_outcome outcome = kithp_csv_read((kith_text){text, length}, true, ',', NULL, 0, &row);
        if (outcome != cases[i].expected)
            fail_msg("%zu, %zu: %s", cases[i].before, cases[i].close, outcome_names[outcome]);
        assert_int_equal(row.consumed, length);
        /* The same is told when the text comes in pieces that end near the limit, as soon as it is told at all. */
        for (size_t piece = KITHP_CSV_QUOTE_MOST - 3; piece < length; piece++) {
            outcome = kithp_csv_read((kith_text){text, piece}, false, ',', NULL, 0, &row);
            assert_true(outcome == KITHP_CSV_MORE || outcome == cases[i].expected);
        }
        free(text);
    }
}

static void csv_quote_that_is_never_closed_is_told_past_a_mebibyte(void **state)
{
    (void)state;
    size_t length = KITHP_CSV_QUOTE_MOST + 1;
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text, "a,\"b\nc", 6);
    struct kithp_csv_row row;
    /* A byte less, and the quote could come yet. */
    assert_int_equal(kithp_csv_read((kith_text){text, length - 1}, false, ',', NULL, 0, &row), KITHP_CSV_MORE);
    assert_int_equal(kithp_csv_read((kith_text){text, length}, false, ',', NULL, 0, &row), KITHP_CSV_QUOTE);
    assert_int_equal(row.consumed, 5);
    assert_int_equal(row.lines, 1);
    assert_text_equal(row.text, "a,\"b");
    free(text);
}

/* ---- texts of chance, judged by another reader ---- */

/*
 * The rules of docs/formats.md by another road than the library's: the line is found first, then its fields byte for
 * byte. For texts far shorter than the limit of quotes.
 */
static size_t line_length(const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);
    return end ? (size_t)(end - text) : length;
}

static bool expect_fields(const char *text, size_t length, char delimiter, char *out, size_t *row_length)
{
    size_t at = 0;
    for (;;) {
        strcat(out, " [");
        if (at < length && text[at] == '"') {
            for (at++;; at++) {
                if (at >= length)
                    return false;
                if (text[at] == '"' && (at + 1 >= length || text[at + 1] != '"'))
                    break;
                at += text[at] == '"';
                strncat(out, &text[at], 1);
            }
            at++;
            bool ends = at == length || text[at] == '\n' || text[at] == delimiter;
            bool ends_with_cr = at < length && text[at] == '\r' && (at + 1 == length || text[at + 1] == '\n');
            if (!ends && !ends_with_cr)
                return false;
        } else {
            size_t end = at + line_length(text + at, length - at);
            if (end > at && text[end - 1] == '\r')
                end--;
            for (; at < end && text[at] != delimiter; at++) {
                if (text[at] == '"')
                    return false;
                strncat(out, &text[at], 1);
            }
        }
        strcat(out, "]");
        if (at == length || text[at] != delimiter)
            break;
        at++;
    }
    *row_length = at;
    return true;
}

static void expect(const char *text, size_t length, char delimiter, char *out, size_t room)
{
    if (length == 0) {
        snprintf(out, room, "END");
        return;
    }
    char fields[1024] = "";
    size_t row = line_length(text, length);
    row -= row > 0 && text[row - 1] == '\r';
    const char *name = "QUOTE";
    if (row == 0) {
        name = "EMPTY";
    } else if (expect_fields(text, length, delimiter, fields, &row)) {
        name = "ROW";
    } else {
        fields[0] = '\0';
        row = line_length(text, length);
        row -= row > 0 && text[row - 1] == '\r';
    }
    size_t consumed = row;
    consumed += consumed < length && text[consumed] == '\r';
    consumed += consumed < length && text[consumed] == '\n';
    unsigned lines = 0;
    for (size_t i = 0; i < consumed; i++)
        lines += text[i] == '\n';
    snprintf(out, room, "%s '%.*s' %zu bytes %u lines%s", name, (int)row, text, consumed, lines, fields);
}

static size_t invent_text(uint64_t *luck, char *text, size_t most)
{
    static const char alphabet[] = "ab,,;\"\"\"\n\n\r";
    size_t length = chance_below(luck, (uint32_t)most + 1);
    for (size_t i = 0; i < length; i++)
        text[i] = alphabet[chance_below(luck, sizeof alphabet - 1)];
    return length;
}

static void csv_texts_of_chance_are_read_by_the_rules(void **state)
{
    (void)state;
    uint64_t luck = 11;
    for (int round = 0; round < 100000; round++) {
        char text[24], out[2048], expected[2048];
        size_t length = invent_text(&luck, text, sizeof text);
        read_and_describe((kith_text){text, length}, true, ',', out, sizeof out);
        expect(text, length, ',', expected, sizeof expected);
        assert_string_equal(out, expected);
    }
}

static void csv_text_in_pieces_gives_the_same_rows(void **state)
{
    (void)state;
    uint64_t luck = 12;
    for (int round = 0; round < 10000; round++) {
        char text[24];
        size_t length = invent_text(&luck, text, sizeof text);
        for (size_t at = 0; at < length;) {
            char whole[1024], piece[1024];
            kith_text rest = {text + at, length - at};
            read_and_describe(rest, true, ',', whole, sizeof whole);
            /* Cut anywhere, it asks for more, or says what it says of the whole; and once it has, it says no other. */
            bool told = false;
            for (uint64_t cut = 0; cut <= rest.length; cut++) {
                read_and_describe((kith_text){rest.data, cut}, false, ',', piece, sizeof piece);
                if (strcmp(piece, "MORE") != 0) {
                    assert_string_equal(piece, whole);
                    told = true;
                } else {
                    assert_false(told);
                }
            }
            struct kithp_csv_row row;
            kithp_csv_read(rest, true, ',', NULL, 0, &row);
            assert_true(row.consumed > 0);
            at += row.consumed;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_rows_are_cut_into_fields),
        cmocka_unit_test(csv_line_ends_are_lf_with_or_without_cr_or_the_end),
        cmocka_unit_test(csv_empty_lines_are_told),
        cmocka_unit_test(csv_quoted_fields_hold_anything),
        cmocka_unit_test(csv_stray_quotes_cost_their_line_alone),
        cmocka_unit_test(csv_text_that_ends_too_early_asks_for_more),
        cmocka_unit_test(csv_fields_past_the_room_are_counted_alone),
        cmocka_unit_test(csv_unescape_leaves_what_is_not_escaped),
        cmocka_unit_test(csv_closing_quote_may_lie_a_mebibyte_behind_the_row),
        cmocka_unit_test(csv_quote_that_is_never_closed_is_told_past_a_mebibyte),
        cmocka_unit_test(csv_texts_of_chance_are_read_by_the_rules),
        cmocka_unit_test(csv_text_in_pieces_gives_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
