/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "exports/columns.h"

enum { FIELDS_MOST = 32 };

static struct kithp_columns columns_of(const kith_export *input)
{
    struct kithp_columns columns;
    enum kithp_field clash[2];
    assert_true(kithp_columns_init(&columns, input, clash));
    return columns;
}

/* Finds columns in a header line that has no quotes with quotes in them. */
static enum kithp_header_fault find(struct kithp_columns *columns, const char *header, char *column, size_t room)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_csv_field fields[FIELDS_MOST];
    struct kithp_csv_row row;
    assert_int_equal(kithp_csv_read(kith_text_of(header), true, ',', fields, FIELDS_MOST, &row), KITHP_CSV_ROW);
    kith_text at_fault = {NULL, 0}, names[FIELDS_MOST];
    for (size_t i = 0; i < row.field_count; i++)
        names[i] = fields[i].text;
    enum kithp_header_fault fault = kithp_columns_find(columns, &memory.allocator, names, row.field_count, &at_fault);
    snprintf(column, room, "%.*s", (int)at_fault.length, at_fault.length ? at_fault.data : "");
    assert_int_equal(memory.live, 0);
    return fault;
}

static void columns_by_default_have_the_names_of_the_fields(void **state)
{
    (void)state;
    struct kithp_columns columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
    static const char *const names[KITHP_FIELDS] = {"time", "member", "kind", "target", "quantity", "id"};
    for (int field = 0; field < KITHP_FIELDS; field++) {
        assert_string_equal(columns.headers[field], names[field]);
        assert_false(columns.asked[field]);
        assert_true(columns.places[field] == KITHP_NO_COLUMN);
    }
    assert_int_equal(columns.delimiter, 0);
}

static void columns_take_the_names_and_delimiter_of_the_caller(void **state)
{
    (void)state;
    kith_export input = {.size = sizeof input, .time = "created_at", .target = "whom", .delimiter = ';'};
    struct kithp_columns columns = columns_of(&input);
    assert_string_equal(columns.headers[KITHP_TIME], "created_at");
    assert_true(columns.asked[KITHP_TIME]);
    assert_string_equal(columns.headers[KITHP_TARGET], "whom");
    assert_true(columns.asked[KITHP_TARGET]);
    assert_string_equal(columns.headers[KITHP_MEMBER], "member");
    assert_false(columns.asked[KITHP_MEMBER]);
    assert_int_equal(columns.delimiter, ';');
}

static void columns_of_one_name_clash(void **state)
{
    (void)state;
    struct kithp_columns columns;
    enum kithp_field clash[2];
    kith_export both = {.size = sizeof both, .member = "who", .target = "who"};
    assert_false(kithp_columns_init(&columns, &both, clash));
    assert_int_equal(clash[0], KITHP_MEMBER);
    assert_int_equal(clash[1], KITHP_TARGET);
    /* With a name that another field has by default, too. */
    kith_export one = {.size = sizeof one, .quantity = "time"};
    assert_false(kithp_columns_init(&columns, &one, clash));
    assert_int_equal(clash[0], KITHP_TIME);
    assert_int_equal(clash[1], KITHP_QUANTITY);
    kith_export id = {.size = sizeof id, .event_id = "kind"};
    assert_false(kithp_columns_init(&columns, &id, clash));
    assert_int_equal(clash[0], KITHP_KIND);
    assert_int_equal(clash[1], KITHP_ID);
    /* Names that change places do not clash. */
    kith_export swapped = {.size = sizeof swapped, .member = "target", .target = "member"};
    assert_true(kithp_columns_init(&columns, &swapped, clash));
}

static void columns_called_id_are_somebody_elses_where_that_is_asked(void **state)
{
    (void)state;
    char column[64];
    kith_export input = {.size = sizeof input, .member = "id"};
    struct kithp_columns columns = columns_of(&input);
    assert_int_equal(find(&columns, "time,id,kind", column, sizeof column), KITHP_HEADER_FINE);
    assert_int_equal(columns.places[KITHP_MEMBER], 1);
    assert_true(columns.places[KITHP_ID] == KITHP_NO_COLUMN);
    /* Asked for by name, it may stand elsewhere; and by the same name, both are at fault. */
    input.event_id = "key";
    columns = columns_of(&input);
    assert_int_equal(find(&columns, "key,time,id,kind", column, sizeof column), KITHP_HEADER_FINE);
    assert_int_equal(columns.places[KITHP_MEMBER], 2);
    assert_int_equal(columns.places[KITHP_ID], 0);
    input.event_id = "id";
    enum kithp_field clash[2];
    assert_false(kithp_columns_init(&columns, &input, clash));
    assert_int_equal(clash[0], KITHP_MEMBER);
    assert_int_equal(clash[1], KITHP_ID);
}

static void columns_delimiter_is_the_one_that_stands_most_often(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        char expected;
    } cases[] = {
        {"time,member,kind", ','},
        {"time;member;kind", ';'},
        {"time\tmember\tkind", '\t'},
        {"time|member|kind", '|'},
        {"time", ','},
        {"", ','},
        {"a,b;c;d", ';'},
        {"a,b,c;d;e", ','},
        {"a;b;c,d,e", ','},
        {"a|b\tc", '\t'},
        {"a|b;c", ';'},
        {"a:b:c:d,e", ','},
        {"a|b|c\td", '|'},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (kithp_columns_delimiter(kith_text_of(cases[i].line)) != cases[i].expected)
            fail_msg("%s: expected '%c'", cases[i].line, cases[i].expected);
    assert_int_equal(kithp_columns_delimiter((kith_text){NULL, 0}), ',');
}

static void columns_are_found_in_any_order_among_others(void **state)
{
    (void)state;
    char column[64];
    struct kithp_columns columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
    assert_int_equal(find(&columns, "id,quantity,kind,,\"target\",member,Time,time", column, sizeof column),
                     KITHP_HEADER_FINE);
    assert_int_equal(columns.count, 8);
    assert_int_equal(columns.places[KITHP_TIME], 7);
    assert_int_equal(columns.places[KITHP_MEMBER], 5);
    assert_int_equal(columns.places[KITHP_KIND], 2);
    assert_int_equal(columns.places[KITHP_TARGET], 4);
    assert_int_equal(columns.places[KITHP_QUANTITY], 1);
    assert_int_equal(columns.places[KITHP_ID], 0);
}

static void columns_target_quantity_and_id_may_be_missing(void **state)
{
    (void)state;
    char column[64];
    struct kithp_columns columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
    assert_int_equal(find(&columns, "time,member,kind", column, sizeof column), KITHP_HEADER_FINE);
    assert_int_equal(columns.count, 3);
    assert_true(columns.places[KITHP_TARGET] == KITHP_NO_COLUMN);
    assert_true(columns.places[KITHP_QUANTITY] == KITHP_NO_COLUMN);
    assert_true(columns.places[KITHP_ID] == KITHP_NO_COLUMN);
}

static void columns_that_are_missing_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        kith_export input;
        const char *column;
    } cases[] = {
        {"member,kind", {.size = sizeof(kith_export)}, "time"},
        {"time,kind", {.size = sizeof(kith_export)}, "member"},
        {"time,member", {.size = sizeof(kith_export)}, "kind"},
        {"Time,member,kind", {.size = sizeof(kith_export)}, "time"},
        {" time,member,kind", {.size = sizeof(kith_export)}, "time"},
        {"tim,member,kind", {.size = sizeof(kith_export)}, "time"},
        {"time,member,kind", {.size = sizeof(kith_export), .time = "created_at"}, "created_at"},
        {"time,member,kind,target", {.size = sizeof(kith_export), .target = "whom"}, "whom"},
        /* One that was asked for must be there, even by its own name. */
        {"time,member,kind", {.size = sizeof(kith_export), .quantity = "quantity"}, "quantity"},
        {"time,member,kind", {.size = sizeof(kith_export), .event_id = "id"}, "id"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char column[64];
        struct kithp_columns columns = columns_of(&cases[i].input);
        assert_int_equal(find(&columns, cases[i].header, column, sizeof column), KITHP_HEADER_MISSING);
        assert_string_equal(column, cases[i].column);
    }
}

static void columns_of_one_name_in_the_header_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *column;
    } cases[] = {
        {"time,member,kind,time", "time"},
        {"time,member,kind,note,note", "note"},
        {"note,note", "note"},
        {"time,\"time\"", "time"},
    };
    char column[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_columns columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
        assert_int_equal(find(&columns, cases[i].header, column, sizeof column), KITHP_HEADER_TWICE);
        assert_string_equal(column, cases[i].column);
    }
    /* Two without a name are of one name, too. */
    struct kithp_columns columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
    assert_int_equal(find(&columns, "time,member,kind,,", column, sizeof column), KITHP_HEADER_TWICE);
    assert_string_equal(column, "");
}

static void columns_by_the_thousand_are_found(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    struct memory memory;
    memory_init(&memory);
    static char names[COUNT][12];
    kith_text *texts = malloc(COUNT * sizeof *texts);
    assert_non_null(texts);
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "column%d", i);
        texts[i] = kith_text_of(names[i]);
    }
    strcpy(names[COUNT - 1], "time");
    strcpy(names[COUNT - 2], "member");
    strcpy(names[COUNT - 3], "kind");
    for (int i = COUNT - 3; i < COUNT; i++)
        texts[i] = kith_text_of(names[i]);
    kith_text column;
    struct kithp_columns columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
    assert_int_equal(kithp_columns_find(&columns, &memory.allocator, texts, COUNT, &column), KITHP_HEADER_FINE);
    assert_int_equal(columns.places[KITHP_TIME], COUNT - 1);
    texts[COUNT / 2] = TEXT("column7");
    columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
    assert_int_equal(kithp_columns_find(&columns, &memory.allocator, texts, COUNT, &column), KITHP_HEADER_TWICE);
    assert_text_equal(column, "column7");
    assert_int_equal(memory.live, 0);
    free(texts);
}

static void columns_without_memory_say_so(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    const kith_text names[3] = {TEXT("time"), TEXT("member"), TEXT("kind")};
    enum kithp_header_fault fault = KITHP_HEADER_NO_MEMORY;
    unsigned failures = 0;
    for (uint64_t more = 0; fault == KITHP_HEADER_NO_MEMORY; more++) {
        struct kithp_columns columns = columns_of(&(kith_export){.size = sizeof(kith_export)});
        kith_text column;
        memory_fail_after(&memory, more);
        fault = kithp_columns_find(&columns, &memory.allocator, names, 3, &column);
        assert_int_equal(memory.live, 0);
        failures += fault == KITHP_HEADER_NO_MEMORY;
    }
    assert_int_equal(fault, KITHP_HEADER_FINE);
    assert_true(failures >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_by_default_have_the_names_of_the_fields),
        cmocka_unit_test(columns_take_the_names_and_delimiter_of_the_caller),
        cmocka_unit_test(columns_of_one_name_clash),
        cmocka_unit_test(columns_called_id_are_somebody_elses_where_that_is_asked),
        cmocka_unit_test(columns_delimiter_is_the_one_that_stands_most_often),
        cmocka_unit_test(columns_are_found_in_any_order_among_others),
        cmocka_unit_test(columns_target_quantity_and_id_may_be_missing),
        cmocka_unit_test(columns_that_are_missing_are_named),
        cmocka_unit_test(columns_of_one_name_in_the_header_are_refused),
        cmocka_unit_test(columns_by_the_thousand_are_found),
        cmocka_unit_test(columns_without_memory_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
