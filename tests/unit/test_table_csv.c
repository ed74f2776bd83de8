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

static void assert_csv(const kith_table *table, uint32_t header, kith_text expected)
{
    struct gathered gathered = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_table_write_csv(table, header, gather, &gathered, &error), KITH_OK, &error);
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
    assert_int_equal(kith_table_write_csv(table, 2, count_piece, &pieces, NULL), KITH_BAD_ARGUMENT);
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
        cmocka_unit_test(table_csv_comes_in_pieces_of_64_kib),
        cmocka_unit_test(table_csv_writer_that_refuses_is_not_called_again),
        cmocka_unit_test(table_csv_without_memory_writes_nothing),
        cmocka_unit_test(table_csv_bad_arguments_write_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
