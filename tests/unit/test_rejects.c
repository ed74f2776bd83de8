/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "engine_support.h"

static kith_reject a_reject(void)
{
    return (kith_reject){
        .size = sizeof(kith_reject),
        .reason = KITH_REASON_KIND,
        .line = 7,
        .file = TEXT("events.csv"),
        .column = TEXT("kind"),
        .value = TEXT("dance"),
        .row = TEXT("2026-03-02,ana,dance"),
    };
}

static kith_table *new_rejects(const kith_allocator *allocator)
{
    kith_table *table = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_rejects_new(allocator, &table, &error), KITH_OK, &error);
    return table;
}

static void assert_csv(const kith_table *table, const char *expected)
{
    char *csv = csv_of_table(table, KITH_CSV_HEADER);
    assert_string_equal(csv, expected);
    free(csv);
}

static void rejects_new_table_is_empty(void **state)
{
    (void)state;
    kith_table *table = new_rejects(NULL);
    assert_int_equal(kith_table_rows(table), 0);
    assert_int_equal(kith_table_columns(table), 5);
    assert_csv(table, "file,line,column,reason,row\n");
    kith_column column = {.size = sizeof column};
    assert_int_equal(kith_table_get_column(table, 0, &column, NULL), KITH_OK);
    assert_int_equal(column.count, 0);
    assert_int_equal(column.offsets[0], 0);
    kith_table_free(table);
}

static void rejects_row_is_copied(void **state)
{
    (void)state;
    kith_table *table = new_rejects(NULL);
    kith_reject reject = a_reject();
    kith_text row = text_exact(reject.row);
    reject.row = row;
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    text_free(row);
    reject = a_reject();
    reject.row = TEXT("");
    reject.column = TEXT("");
    reject.line = 8;
    reject.reason = KITH_REASON_FIELDS;
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    assert_csv(table, "file,line,column,reason,row\n"
                      "events.csv,7,kind,kind,\"2026-03-02,ana,dance\"\n"
                      "events.csv,8,,fields,\n");
    kith_reject read = {.size = sizeof read};
    assert_int_equal(kith_table_get_row(table, 0, &read, NULL), KITH_OK);
    assert_int_equal(read.size, sizeof read);
    assert_int_equal(read.line, 7);
    assert_int_equal(read.reason, KITH_REASON_KIND);
    assert_text_equal(read.file, "events.csv");
    assert_text_equal(read.column, "kind");
    assert_text_equal(read.row, "2026-03-02,ana,dance");
    assert_int_equal(read.value.length, 0);
    kith_table_free(table);
}

static void rejects_every_reason_has_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"",     "quote",    "fields", "time",   "member", "target",
                                        "kind", "quantity", "late",   "future", "json"};
    kith_table *table = new_rejects(NULL);
    for (uint32_t reason = 1; reason < KITH_REASONS; reason++) {
        kith_reject reject = a_reject();
        reject.reason = reason;
        assert_int_equal(kith_rejects_add(table, &reject), 0);
    }
    kith_column column = {.size = sizeof column};
    assert_int_equal(kith_table_get_column(table, 3, &column, NULL), KITH_OK);
    assert_string_equal(column.name, "reason");
    assert_int_equal(column.label_count, KITH_REASONS);
    for (uint32_t reason = 1; reason < KITH_REASONS; reason++)
        assert_string_equal(column.labels[((const uint8_t *)column.values)[reason - 1]], names[reason]);
    kith_table_free(table);
}

static void rejects_fault_of_json_is_told_where_a_column_would_stand(void **state)
{
    (void)state;
    kith_table *table = new_rejects(NULL);
    kith_reject reject = a_reject();
    reject.reason = KITH_REASON_JSON;
    reject.column = TEXT("");
    reject.row = TEXT("{]");
    reject.at = 2;
    reject.words = TEXT("expected a name");
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    reject.words = TEXT("");
    reject.at = UINT64_MAX;
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    reject.at = 0;
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    reject.at = 3;
    reject.column = TEXT("actor.login");
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    assert_csv(table, "file,line,column,reason,row\n"
                      "events.csv,7,byte 2: expected a name,json,{]\n"
                      "events.csv,7,byte 18446744073709551615,json,{]\n"
                      "events.csv,7,,json,{]\n"
                      "events.csv,7,actor.login,json,{]\n");
    kith_table_free(table);
}

/* Words are ours, but the struct is the caller's: long ones are cut at a whole character. */
static void rejects_long_words_are_cut(void **state)
{
    (void)state;
    char words[301];
    kith_table *table = new_rejects(NULL);
    for (size_t begin = 0; begin < 3; begin++) {
        memset(words, 'x', sizeof words);
        for (size_t i = begin; i + 3 <= sizeof words; i += 3)
            memcpy(words + i, "\xE2\x82\xAC", 3);
        kith_reject reject = a_reject();
        reject.column = TEXT("");
        reject.at = 1;
        reject.words = (kith_text){words, sizeof words};
        assert_int_equal(kith_rejects_add(table, &reject), 0);
        kith_reject read = {.size = sizeof read};
        assert_int_equal(kith_table_get_row(table, begin, &read, NULL), KITH_OK);
        assert_in_range(read.column.length, strlen("byte 1: ") + 100, strlen("byte 1: ") + 120);
        assert_true(kithp_text_is_utf8(read.column));
        assert_memory_equal(read.column.data + strlen("byte 1: "), words, read.column.length - strlen("byte 1: "));
    }
    kith_table_free(table);
}

/* Rows hold any bytes: NUL, what is not UTF-8, quotes and line ends. */
static void rejects_row_keeps_any_bytes(void **state)
{
    (void)state;
    kith_table *table = new_rejects(NULL);
    kith_reject reject = a_reject();
    reject.row = TEXT("a\0b\xFF\"\n\r,");
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    kith_reject read = {.size = sizeof read};
    assert_int_equal(kith_table_get_row(table, 0, &read, NULL), KITH_OK);
    assert_int_equal(read.row.length, reject.row.length);
    assert_memory_equal(read.row.data, reject.row.data, reject.row.length);
    struct gathered csv = {0};
    assert_int_equal(kith_table_write_csv(table, KITH_CSV_NO_HEADER, gather, &csv, NULL), KITH_OK);
    kith_text expected = TEXT("events.csv,7,kind,kind,\"a\0b\xFF\"\"\n\r,\"\n");
    assert_int_equal(csv.length, expected.length);
    assert_memory_equal(csv.bytes, expected.data, expected.length);
    gathered_free(&csv);
    kith_table_free(table);
}

static void rejects_10000_rows_are_kept_in_order(void **state)
{
    (void)state;
    kith_table *table = new_rejects(NULL);
    char text[32];
    for (uint32_t i = 0; i < 10000; i++) {
        kith_reject reject = a_reject();
        sprintf(text, "row %u", i);
        reject.row = kith_text_of(text);
        reject.line = i + UINT64_C(5000000000);
        assert_int_equal(kith_rejects_add(table, &reject), 0);
    }
    assert_int_equal(kith_table_rows(table), 10000);
    for (uint32_t i = 0; i < 10000; i++) {
        kith_reject read = {.size = sizeof read};
        assert_int_equal(kith_table_get_row(table, i, &read, NULL), KITH_OK);
        sprintf(text, "row %u", i);
        assert_text_equal(read.row, text);
        assert_true(read.line == i + UINT64_C(5000000000));
    }
    kith_table_free(table);
}

static void rejects_add_refuses_what_it_cannot_use(void **state)
{
    (void)state;
    kith_table *table = new_rejects(NULL);
    kith_reject reject = a_reject();
    assert_int_equal(kith_rejects_add(NULL, &reject), 1);
    assert_int_equal(kith_rejects_add(table, NULL), 1);
    reject.size = sizeof reject - 1;
    assert_int_equal(kith_rejects_add(table, &reject), 1);
    reject = a_reject();
    reject.reason = KITH_REASONS;
    assert_int_equal(kith_rejects_add(table, &reject), 1);
    /* Next year's struct: fine as long as it sets nothing that this library does not know. */
    struct {
        kith_reject known;
        uint64_t later;
    } larger = {a_reject(), 0};
    larger.known.size = sizeof larger;
    assert_int_equal(kith_rejects_add(table, &larger.known), 0);
    larger.later = 1;
    assert_int_equal(kith_rejects_add(table, &larger.known), 1);
    assert_int_equal(kith_table_rows(table), 1);
    kith_table_free(table);
}

static void rejects_other_tables_take_none(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_review *review = review_until(engine, MONDAY);
    kith_reject reject = a_reject();
    for (unsigned i = 0; i < TABLES; i++) {
        kith_table *table = NULL;
        assert_int_equal(kith_review_get_table(review, table_bits[i], &table, NULL), KITH_OK);
        assert_int_equal(kith_rejects_add(table, &reject), 1);
        assert_int_equal(kith_table_rows(table), 0);
        kith_table_free(table);
    }
    kith_review_free(review);
    kith_engine_free(engine);
}

static void rejects_new_checks_its_arguments(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    assert_int_equal(kith_rejects_new(NULL, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "table");
    struct memory memory;
    memory_init(&memory);
    kith_table *const untouched = (kith_table *)&memory;
    for (unsigned i = 0; i < 3; i++) {
        kith_allocator allocator = memory.allocator;
        if (i == 0)
            allocator.malloc = NULL;
        if (i == 1)
            allocator.realloc = NULL;
        if (i == 2)
            allocator.free = NULL;
        kith_table *table = untouched;
        assert_int_equal(kith_rejects_new(&allocator, &table, &error), KITH_BAD_ARGUMENT);
        assert_ptr_equal(table, untouched);
    }
    assert_int_equal(memory.calls, 0);
}

static void rejects_failed_allocation_leaves_the_table_as_it_was(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = NULL;
    unsigned failures = 0;
    for (uint64_t n = 0; !table; n++) {
        memory_fail_after(&memory, n);
        kith_error error = NO_ERROR;
        kith_status status = kith_rejects_new(&memory.allocator, &table, &error);
        memory_fail_never(&memory);
        if (status == KITH_OK)
            break;
        failures++;
        assert_int_equal(status, KITH_NO_MEMORY);
        assert_int_equal(error.status, KITH_NO_MEMORY);
        assert_null(table);
        assert_int_equal(memory.live, 0);
    }
    assert_true(failures > 3);
    failures = 0;
    for (uint32_t i = 0; i < 100; i++) {
        kith_reject reject = a_reject();
        reject.line = i;
        for (uint64_t n = 0;; n++) {
            memory_fail_after(&memory, n);
            int refused = kith_rejects_add(table, &reject);
            memory_fail_never(&memory);
            if (!refused)
                break;
            failures++;
            assert_int_equal(refused, 1);
            assert_int_equal(kith_table_rows(table), i);
            kith_column column = {.size = sizeof column};
            for (uint32_t c = 0; c < 5; c++) {
                assert_int_equal(kith_table_get_column(table, c, &column, NULL), KITH_OK);
                assert_int_equal(column.count, i);
            }
        }
    }
    assert_true(failures > 10);
    for (uint32_t i = 0; i < 100; i++) {
        kith_reject read = {.size = sizeof read};
        assert_int_equal(kith_table_get_row(table, i, &read, NULL), KITH_OK);
        assert_int_equal(read.line, i);
        assert_text_equal(read.row, "2026-03-02,ana,dance");
    }
    kith_table_free(table);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejects_new_table_is_empty),
        cmocka_unit_test(rejects_row_is_copied),
        cmocka_unit_test(rejects_every_reason_has_its_name),
        cmocka_unit_test(rejects_fault_of_json_is_told_where_a_column_would_stand),
        cmocka_unit_test(rejects_long_words_are_cut),
        cmocka_unit_test(rejects_row_keeps_any_bytes),
        cmocka_unit_test(rejects_10000_rows_are_kept_in_order),
        cmocka_unit_test(rejects_add_refuses_what_it_cannot_use),
        cmocka_unit_test(rejects_other_tables_take_none),
        cmocka_unit_test(rejects_new_checks_its_arguments),
        cmocka_unit_test(rejects_failed_allocation_leaves_the_table_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
