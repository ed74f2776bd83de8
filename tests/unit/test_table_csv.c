/* SPDX-License-Identifier: MIT */
#include "engine_support.h"
#include "tables/table.h"

/* A table of one text column, with these cells; memory must outlive it. */
static kith_table *table_of_texts(struct memory *memory, const char *header, const kith_text *cells, size_t count)
{
    kith_table *table = kithp_table_new(&memory->allocator, KITH_CHANGES);
    assert_non_null(table);
    struct kithp_column *column = kithp_table_add_column(table, header, KITH_COLUMN_TEXT);
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += cells[i].length;
    assert_true(kithp_column_reserve(&memory->allocator, column, count, bytes));
    for (size_t i = 0; i < count; i++)
        kithp_column_push_text(column, cells[i]);
    return table;
}

static void assert_csv(const kith_table *table, uint32_t flags, kith_text expected)
{
    struct gathered gathered = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_table_write_csv(table, flags, gather, &gathered, &error), KITH_OK, &error);
    assert_int_equal(gathered.length, expected.length);
    if (expected.length > 0)
        assert_memory_equal(gathered.bytes, expected.data, expected.length);
    gathered_free(&gathered);
}

static void table_csv_quotes_a_cell_only_where_it_must(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    const kith_text cells[] = {
        TEXT("plain"), TEXT("a,b"),      TEXT("say \"hi\""), TEXT("two\nlines"), TEXT("cr\rhere"), TEXT("semi;colon"),
        TEXT(" lead"), TEXT("tail "),    TEXT("tab\there"),  TEXT("'single'"),   TEXT("\""),       TEXT("\"\""),
        TEXT(","),     TEXT("\xC3\xA4"), TEXT("=1+1"),       TEXT("nul\0,"),     TEXT("nul\0"),
    };
    kith_table *table = table_of_texts(&memory, "text", cells, sizeof cells / sizeof *cells);
    assert_csv(table, KITH_CSV_HEADER,
               TEXT("text\nplain\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\"cr\rhere\"\nsemi;colon\n lead\ntail "
                    "\ntab\there\n'single'\n\"\"\"\"\n\"\"\"\"\"\"\n\",\"\n\xC3\xA4\n=1+1\n\"nul\0,\"\nnul\0\n"));
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

static void table_csv_header_is_quoted_like_a_cell(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = table_of_texts(&memory, "tier_\"a\", b", NULL, 0);
    assert_csv(table, KITH_CSV_HEADER, TEXT("\"tier_\"\"a\"\", b\"\n"));
    assert_csv(table, KITH_CSV_NO_HEADER, TEXT(""));
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

static void table_csv_writes_every_type(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = kithp_table_new(&memory.allocator, KITH_CHANGES);
    assert_non_null(table);
    static const char *const labels[] = {"red", "green, or so", "blue"};
    kithp_table_add_column(table, "text", KITH_COLUMN_TEXT);
    kithp_table_add_column(table, "id", KITH_COLUMN_ID);
    kithp_table_add_column(table, "count", KITH_COLUMN_COUNT);
    kithp_table_add_column(table, "score", KITH_COLUMN_SCORE);
    kithp_table_add_labels(table, "label", KITH_COLUMN_LABEL, labels, 3);
    kithp_table_add_labels(table, "flags", KITH_COLUMN_FLAGS, labels, 3);
    kithp_table_add_column(table, "time", KITH_COLUMN_TIME);
    kithp_table_add_column(table, "day", KITH_COLUMN_DAY);
    for (uint32_t i = 0; i < table->column_count; i++)
        assert_true(kithp_column_reserve(&memory.allocator, &table->columns[i], 3, 10));
    const struct {
        kith_text text;
        int64_t values[7];
    } rows[] = {
        {TEXT("a"), {-1, -5, 3142, 0, 0, 0, 0}},
        {TEXT(""), {0, 0, -1, 1, 5, KITH_NO_TIME, 20514}},
        {TEXT("b"), {1, INT64_MAX, 5, 2, 1, INT64_C(253370764799), -3}},
    };
    for (unsigned i = 0; i < 3; i++) {
        kithp_column_push_text(&table->columns[0], rows[i].text);
        for (unsigned j = 0; j < 7; j++)
            kithp_column_push(&table->columns[j + 1], rows[i].values[j]);
    }
    assert_csv(table, KITH_CSV_HEADER,
               TEXT("text,id,count,score,label,flags,time,day\n"
                    "a,18446744073709551615,-5,31.42,red,,1970-01-01T00:00:00Z,1970-01-01\n"
                    ",0,0,,\"green, or so\",red blue,,2026-03-02\n"
                    "b,1,9223372036854775807,0.05,blue,red,9998-12-31T23:59:59Z,1969-12-29\n"));
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

/* ---- for spreadsheets ---- */

static void table_csv_for_spreadsheets_holds_no_formula(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    const struct {
        kith_text cell, expected;
    } cases[] = {
        /* What begins a formula, in ASCII, wide and small. */
        {TEXT("=1+1"), TEXT("\"'=1+1\"")},
        {TEXT("+1"), TEXT("\"'+1\"")},
        {TEXT("-1.5"), TEXT("\"'-1.5\"")},
        {TEXT("@SUM(A1)"), TEXT("\"'@SUM(A1)\"")},
        {TEXT("="), TEXT("\"'=\"")},
        {TEXT("\xEF\xBC\x9D"
              "1"),
         TEXT("\"'\xEF\xBC\x9D"
              "1\"")},
        {TEXT("\xEF\xBC\x8B"
              "1"),
         TEXT("\"'\xEF\xBC\x8B"
              "1\"")},
        {TEXT("\xEF\xBC\x8D"
              "1"),
         TEXT("\"'\xEF\xBC\x8D"
              "1\"")},
        {TEXT("\xEF\xBC\xA0"
              "A"),
         TEXT("\"'\xEF\xBC\xA0"
              "A\"")},
        {TEXT("\xEF\xB9\xA6"
              "1"),
         TEXT("\"'\xEF\xB9\xA6"
              "1\"")},
        {TEXT("\xE2\x88\x92"
              "1"),
         TEXT("\"'\xE2\x88\x92"
              "1\"")},
        /* Tabs and line ends, at the beginning. */
        {TEXT("\tx"), TEXT("\"'\tx\"")},
        {TEXT("\rx"), TEXT("\"'\rx\"")},
        {TEXT("\nx"), TEXT("\"'\nx\"")},
        {TEXT("\t=1"), TEXT("\"'\t'=1\"")},
        /* Behind what is skipped, or does not show. */
        {TEXT(" =1"), TEXT("\"' =1\"")},
        {TEXT("\0=1"), TEXT("\"'\0=1\"")},
        {TEXT("\x1F\x7F=1"), TEXT("\"'\x1F\x7F=1\"")},
        {TEXT("\xC2\xA0=1"), TEXT("\"'\xC2\xA0=1\"")},
        {TEXT("\xE2\x80\x8B-1"), TEXT("\"'\xE2\x80\x8B-1\"")},
        {TEXT("\xE3\x80\x80\xEF\xBC\x9D"), TEXT("\"'\xE3\x80\x80\xEF\xBC\x9D\"")},
        {TEXT("\xEF\xBB\xBF=1"), TEXT("\"'\xEF\xBB\xBF=1\"")},
        {TEXT("\xF3\xA0\x80\xA0=1"), TEXT("\"'\xF3\xA0\x80\xA0=1\"")},
        {TEXT("\"=1\""), TEXT("\"'\"\"=1\"\"\"")},
        /* An apostrophe of the name's own before a formula, so that it can be told from ours. */
        {TEXT("'=1"), TEXT("\"''=1\"")},
        {TEXT(" ' =1"), TEXT("\"' ' =1\"")},
        /* Bytes of another encoding. */
        {TEXT("\x81\x81"
              "1"),
         TEXT("\"'\x81\x81"
              "1\"")},
        {TEXT(" \xFF"), TEXT("\"' \xFF\"")},
        /* Where another separator than ours would begin a cell. */
        {TEXT("a;=1"), TEXT("\"a;'=1\"")},
        {TEXT("a,=1"), TEXT("\"a,'=1\"")},
        {TEXT("a|=1"), TEXT("\"a|'=1\"")},
        {TEXT("a\t=1"), TEXT("\"a\t'=1\"")},
        {TEXT("a\n=1"), TEXT("\"a\n'=1\"")},
        {TEXT("a\r\n=1"), TEXT("\"a\r\n'=1\"")},
        {TEXT("a; \"=1"), TEXT("\"a;' \"\"=1\"")},
        {TEXT("=1;-2;b;+3;"), TEXT("\"'=1;'-2;b;'+3;\"")},
        {TEXT(";=1"), TEXT("\";'=1\"")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[64];
        kith_table *table = table_of_texts(&memory, "h", &cases[i].cell, 1);
        size_t length = cases[i].expected.length;
        memcpy(expected, cases[i].expected.data, length);
        expected[length] = '\n';
        assert_csv(table, KITH_CSV_SPREADSHEET | KITH_CSV_NO_HEADER, (kith_text){expected, length + 1});
        kith_table_free(table);
    }
    assert_int_equal(memory.live, 0);
}

static void table_csv_for_spreadsheets_leaves_all_else_as_it_is(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    const kith_text cells[] = {
        TEXT("plain"),
        TEXT(""),
        TEXT("a-b"),
        TEXT("a=1"),
        TEXT("1+1"),
        TEXT("a@b.example"),
        TEXT("\xC3\xA4-1"),
        TEXT(" lead"),
        TEXT("tail "),
        TEXT("'n"),
        TEXT("a,b"),
        TEXT("\"hi\""),
        TEXT("''"),
        TEXT("a\nb"),
        TEXT("_=1"),
        TEXT("\xE2\x80\x90"
             "1"),
        TEXT("a\xFF"),
        TEXT("\xF0\x9F\x98\x80=1"),
    };
    size_t count = sizeof cells / sizeof *cells;
    kith_table *table = table_of_texts(&memory, "text", cells, count);
    struct gathered usual = {0};
    assert_int_equal(kith_table_write_csv(table, KITH_CSV_HEADER, gather, &usual, NULL), KITH_OK);
    assert_csv(table, KITH_CSV_SPREADSHEET, (kith_text){usual.bytes, usual.length});
    gathered_free(&usual);
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

static void table_csv_for_spreadsheets_quotes_what_could_be_taken_apart(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    const kith_text cells[] = {TEXT("a;b"), TEXT("a|"), TEXT("a\tb"), TEXT(";"), TEXT("a;\"b\"")};
    kith_table *table = table_of_texts(&memory, "tier_a;=1", cells, sizeof cells / sizeof *cells);
    assert_csv(table, KITH_CSV_SPREADSHEET,
               TEXT("\"tier_a;'=1\"\n\"a;b\"\n\"a|\"\n\"a\tb\"\n\";\"\n\"a;\"\"b\"\"\"\n"));
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

static void table_csv_for_spreadsheets_keeps_numbers(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    static const char *const labels[] = {"=red", "green"};
    kith_table *table = kithp_table_new(&memory.allocator, KITH_CHANGES);
    assert_non_null(table);
    kithp_table_add_column(table, "count", KITH_COLUMN_COUNT);
    kithp_table_add_labels(table, "label", KITH_COLUMN_LABEL, labels, 2);
    kithp_table_add_column(table, "day", KITH_COLUMN_DAY);
    for (uint32_t i = 0; i < table->column_count; i++) {
        assert_true(kithp_column_reserve(&memory.allocator, &table->columns[i], 1, 0));
        kithp_column_push(&table->columns[i], i == 0 ? -5 : 0);
    }
    assert_csv(table, KITH_CSV_SPREADSHEET, TEXT("count,label,day\n-5,\"'=red\",1970-01-01\n"));
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

/* More than one buffer: 210 000 bytes of rows, in pieces of 64 KiB at most. */
static kith_table *long_table(struct memory *memory)
{
    static char bytes[70];
    memset(bytes, 'x', sizeof bytes);
    static kith_text cells[3000];
    for (size_t i = 0; i < 3000; i++)
        cells[i] = (kith_text){bytes, 69};
    return table_of_texts(memory, "h", cells, 3000);
}

struct pieces {
    size_t calls;
    size_t largest;
    size_t total;
    size_t fail_at;
};

static int count_piece(void *context, const void *bytes, size_t length)
{
    struct pieces *pieces = context;
    (void)bytes;
    pieces->calls++;
    if (pieces->calls == pieces->fail_at)
        return -7;
    pieces->total += length;
    if (length > pieces->largest)
        pieces->largest = length;
    return 0;
}

static void table_csv_comes_in_pieces_of_64_kib(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = long_table(&memory);
    struct pieces pieces = {0};
    assert_int_equal(kith_table_write_csv(table, KITH_CSV_HEADER, count_piece, &pieces, NULL), KITH_OK);
    assert_int_equal(pieces.total, 2 + 3000 * 70);
    assert_in_range(pieces.largest, 1, 65536);
    assert_true(pieces.calls >= 4);
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

static void table_csv_writer_that_refuses_is_not_called_again(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = long_table(&memory);
    for (size_t fail_at = 1; fail_at <= 4; fail_at++) {
        struct pieces pieces = {.fail_at = fail_at};
        kith_error error = NO_ERROR;
        assert_int_equal(kith_table_write_csv(table, KITH_CSV_HEADER, count_piece, &pieces, &error), KITH_INPUT_OUTPUT);
        assert_int_equal(error.status, KITH_INPUT_OUTPUT);
        assert_true(error.message[0] != '\0');
        assert_int_equal(pieces.calls, fail_at);
    }
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

static void table_csv_without_memory_writes_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = long_table(&memory);
    struct pieces pieces = {0};
    kith_error error = NO_ERROR;
    memory_fail_after(&memory, 0);
    assert_int_equal(kith_table_write_csv(table, KITH_CSV_HEADER, count_piece, &pieces, &error), KITH_NO_MEMORY);
    assert_int_equal(error.status, KITH_NO_MEMORY);
    assert_int_equal(pieces.calls, 0);
    memory_fail_never(&memory);
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

static void table_csv_bad_arguments_write_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = long_table(&memory);
    struct pieces pieces = {0};
    assert_int_equal(kith_table_write_csv(NULL, KITH_CSV_HEADER, count_piece, &pieces, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_table_write_csv(table, 4, count_piece, &pieces, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_table_write_csv(table, KITH_CSV_HEADER, NULL, &pieces, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(pieces.calls, 0);
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_csv_quotes_a_cell_only_where_it_must),
        cmocka_unit_test(table_csv_header_is_quoted_like_a_cell),
        cmocka_unit_test(table_csv_writes_every_type),
        cmocka_unit_test(table_csv_for_spreadsheets_holds_no_formula),
        cmocka_unit_test(table_csv_for_spreadsheets_leaves_all_else_as_it_is),
        cmocka_unit_test(table_csv_for_spreadsheets_quotes_what_could_be_taken_apart),
        cmocka_unit_test(table_csv_for_spreadsheets_keeps_numbers),
        cmocka_unit_test(table_csv_comes_in_pieces_of_64_kib),
        cmocka_unit_test(table_csv_writer_that_refuses_is_not_called_again),
        cmocka_unit_test(table_csv_without_memory_writes_nothing),
        cmocka_unit_test(table_csv_bad_arguments_write_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
