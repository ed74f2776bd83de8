/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <inttypes.h>

#include "exports/row.h"

/* 2026-02-02T00:00:00Z, a Monday; what is earlier is late here, and what is later than a week after it, future. */
#define EARLIEST INT64_C(1769990400)
#define LATEST (EARLIEST + 7 * 86400)

enum { FIELDS_MOST = 8 };

/* A row that is read, with all that belongs to it. */
struct row {
    char *text; /* a copy: names may be put right in place */
    size_t length;
    struct kithp_row_event event;
    kith_text id;
    struct kithp_row_fault fault;
};

static const char header[] = "time,member,kind,target,quantity,note";

static void read_with(const struct kithp_figures *figures, const char *header_line, kith_text text, struct row *row)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_row_rules rules;
    assert_true(kithp_row_rules_init(&rules, &memory.allocator, figures, EARLIEST, LATEST));
    struct kithp_columns columns;
    enum kithp_field clash[2];
    assert_true(kithp_columns_init(&columns, &(kith_export){.size = sizeof(kith_export)}, clash));
    struct kithp_csv_field fields[FIELDS_MOST];
    struct kithp_csv_row given;
    kith_text column, names[FIELDS_MOST];
    assert_int_equal(kithp_csv_read(kith_text_of(header_line), true, ',', fields, FIELDS_MOST, &given), KITHP_CSV_ROW);
    for (size_t i = 0; i < given.field_count; i++)
        names[i] = fields[i].text;
    assert_int_equal(kithp_columns_find(&columns, &memory.allocator, names, given.field_count, &column),
                     KITHP_HEADER_FINE);

    *row = (struct row){.length = text.length};
    row->text = (char *)text_exact(text).data;
    assert_int_equal(kithp_csv_read((kith_text){row->text, row->length}, true, ',', fields, FIELDS_MOST, &given),
                     KITHP_CSV_ROW);
    assert_int_equal(given.field_count, columns.count);
    kithp_row_read(&rules, &columns, fields, &row->event, &row->id, &row->fault);
    kithp_row_rules_free(&rules);
    assert_int_equal(memory.live, 0);
}

static void read_row(kith_text text, struct row *row)
{
    read_with(&kithp_policy_defaults, header, text, row);
}

static void row_free(struct row *row)
{
    free(row->text);
}

static void row_of_every_field_is_an_event(void **state)
{
    (void)state;
    struct row row;
    read_row(TEXT("2026-02-03T10:00:00Z,ana,like,ben,12,x"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_int_equal(row.event.time, EARLIEST + 86400 + 36000);
    assert_text_equal(kithp_row_member(&row.event), "ana");
    assert_text_equal(kithp_row_target(&row.event), "ben");
    assert_string_equal(kithp_policy_defaults.kinds[row.event.kind].name, "like");
    assert_int_equal(row.event.quantity, 12);
    row_free(&row);
}

static void row_may_leave_target_quantity_or_member_empty(void **state)
{
    (void)state;
    struct row row;
    read_row(TEXT("2026-02-03,ana,post,,,"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_int_equal(row.event.target_length, 0);
    assert_int_equal(row.event.quantity, 1);
    row_free(&row);
    read_row(TEXT("2026-02-03,,vote,ben,,"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_int_equal(row.event.member_length, 0);
    assert_text_equal(kithp_row_target(&row.event), "ben");
    row_free(&row);
    read_with(&kithp_policy_defaults, "kind,time,member", TEXT("post,2026-02-03,ana"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_text_equal(kithp_row_member(&row.event), "ana");
    assert_int_equal(row.event.target_length, 0);
    assert_int_equal(row.event.quantity, 1);
    row_free(&row);
}

static void row_takes_names_as_they_are(void **state)
{
    (void)state;
    struct row row;
    read_row(TEXT("2026-02-03, Ana ,like,\"a\nb,c\",,"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_text_equal(kithp_row_member(&row.event), " Ana ");
    assert_text_equal(kithp_row_target(&row.event), "a\nb,c");
    row_free(&row);
}

static void row_quotes_in_names_become_single_in_place(void **state)
{
    (void)state;
    struct row row;
    read_row(TEXT("2026-02-03,\"O'Brien, \"\"Pat\"\"\",like,\"\"\"\",,"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_text_equal(kithp_row_member(&row.event), "O'Brien, \"Pat\"");
    assert_text_equal(kithp_row_target(&row.event), "\"");
    /* They lie in the row's text, which lives on. */
    assert_true(row.event.member >= row.text && row.event.member < row.text + row.length);
    assert_true(row.event.target >= row.text && row.event.target < row.text + row.length);
    row_free(&row);
}

static void row_id_is_any_bytes_of_any_length(void **state)
{
    (void)state;
    static const char with_id[] = "id,time,member,kind";
    struct row row;
    read_with(&kithp_policy_defaults, with_id, TEXT("7f\xFF\0 x,2026-02-03,ana,post"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_int_equal(row.id.length, 6);
    assert_memory_equal(row.id.data, "7f\xFF\0 x", 6);
    row_free(&row);
    read_with(&kithp_policy_defaults, with_id, TEXT(",2026-02-03,ana,post"), &row);
    assert_int_equal(row.id.length, 0);
    row_free(&row);
    read_row(TEXT("2026-02-03,ana,post,,,"), &row);
    assert_int_equal(row.id.length, 0);
    row_free(&row);
    /* Quotes within are single, however long it is. */
    enum { PIECES = 5000 };
    struct gathered text = {0}, expected = {0};
    gather(&text, "\"", 1);
    for (int i = 0; i < PIECES; i++) {
        gather(&text, "a,\n\"\"", 5);
        gather(&expected, "a,\n\"", 4);
    }
    gather(&text, "\",2026-02-03,ana,post", 21);
    read_with(&kithp_policy_defaults, with_id, (kith_text){text.bytes, text.length}, &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_text_equal(row.id, expected.bytes);
    assert_text_equal(kithp_row_member(&row.event), "ana");
    row_free(&row);
    gathered_free(&expected);
    gathered_free(&text);
}

static void row_that_is_refused_stays_as_it_stood(void **state)
{
    (void)state;
    static const kith_text texts[] = {
        TEXT_IN_TABLE("2026-02-03,\"a\"\"b\",dance,\"c\"\"d\",1,"),
        TEXT_IN_TABLE("2026-02-03,\"a\"\"b\",like,\"c\"\"d\",0,"),
        TEXT_IN_TABLE("2026-01-03,\"a\"\"b\",like,\"c\"\"d\",1,"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct row row;
        read_row(texts[i], &row);
        assert_true(row.fault.reason != KITH_REASON_NONE);
        assert_memory_equal(row.text, texts[i].data, texts[i].length);
        row_free(&row);
    }
}

#define FIFTY "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define NAME_255 FIFTY FIFTY FIFTY FIFTY FIFTY "nnnnn"

struct refusal {
    kith_text text;
    uint32_t reason;
    enum kithp_field field;
    const char *value;
};

static const struct refusal refusals[] = {
    /* time */
    {TEXT_IN_TABLE(",ana,post,,,"), KITH_REASON_TIME, KITHP_TIME, ""},
    {TEXT_IN_TABLE("2026-02-30,ana,post,,,"), KITH_REASON_TIME, KITHP_TIME, "2026-02-30"},
    {TEXT_IN_TABLE(" 2026-02-03,ana,post,,,"), KITH_REASON_TIME, KITHP_TIME, " 2026-02-03"},
    {TEXT_IN_TABLE("253370764800,ana,post,,,"), KITH_REASON_TIME, KITHP_TIME, "253370764800"},
    {TEXT_IN_TABLE("\"2026-\"\"02-03\",ana,post,,,"), KITH_REASON_TIME, KITHP_TIME, "2026-\"02-03"},
    /* member */
    {TEXT_IN_TABLE("2026-02-03,,post,,,"), KITH_REASON_MEMBER, KITHP_MEMBER, ""},
    {TEXT_IN_TABLE("2026-02-03,\"\",post,\"\",,"), KITH_REASON_MEMBER, KITHP_MEMBER, ""},
    {TEXT_IN_TABLE("2026-02-03,a\xFF,post,,,"), KITH_REASON_MEMBER, KITHP_MEMBER, "a\xFF"},
    {TEXT_IN_TABLE("2026-02-03,\xED\xA0\x80,post,ben,,"), KITH_REASON_MEMBER, KITHP_MEMBER, "\xED\xA0\x80"},
    {TEXT_IN_TABLE("2026-02-03," NAME_255 "n,post,,,"), KITH_REASON_MEMBER, KITHP_MEMBER, NAME_255 "n"},
    /* target */
    {TEXT_IN_TABLE("2026-02-03,ana,like,\xC3,,"), KITH_REASON_TARGET, KITHP_TARGET, "\xC3"},
    {TEXT_IN_TABLE("2026-02-03,ana,like," NAME_255 "n,,"), KITH_REASON_TARGET, KITHP_TARGET, NAME_255 "n"},
    /* kind */
    {TEXT_IN_TABLE("2026-02-03,ana,dance,,,"), KITH_REASON_KIND, KITHP_KIND, "dance"},
    {TEXT_IN_TABLE("2026-02-03,ana,Post,,,"), KITH_REASON_KIND, KITHP_KIND, "Post"},
    {TEXT_IN_TABLE("2026-02-03,ana, post,,,"), KITH_REASON_KIND, KITHP_KIND, " post"},
    {TEXT_IN_TABLE("2026-02-03,ana,,,,"), KITH_REASON_KIND, KITHP_KIND, ""},
    {TEXT_IN_TABLE("2026-02-03,ana,\"po\"\"st\",,,"), KITH_REASON_KIND, KITHP_KIND, "po\"st"},
    /* quantity */
    {TEXT_IN_TABLE("2026-02-03,ana,post,,0,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, "0"},
    {TEXT_IN_TABLE("2026-02-03,ana,post,,-1,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, "-1"},
    {TEXT_IN_TABLE("2026-02-03,ana,post,,+1,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, "+1"},
    {TEXT_IN_TABLE("2026-02-03,ana,post,,1.5,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, "1.5"},
    {TEXT_IN_TABLE("2026-02-03,ana,post,, 1,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, " 1"},
    {TEXT_IN_TABLE("2026-02-03,ana,post,,1000000001,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, "1000000001"},
    {TEXT_IN_TABLE("2026-02-03,ana,post,,00000000001,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, "00000000001"},
    {TEXT_IN_TABLE("2026-02-03,ana,post,,\"\"\"1\","), KITH_REASON_QUANTITY, KITHP_QUANTITY, "\"1"},
    /* late and future */
    {TEXT_IN_TABLE("1769990399,ana,post,,,"), KITH_REASON_LATE, KITHP_TIME, "1769990399"},
    {TEXT_IN_TABLE("1770595201,ana,post,,,"), KITH_REASON_FUTURE, KITHP_TIME, "1770595201"},
    /* several: the first of the list */
    {TEXT_IN_TABLE("x,,dance,\xFF,0,"), KITH_REASON_TIME, KITHP_TIME, "x"},
    {TEXT_IN_TABLE("2026-01-01,,dance,,0,"), KITH_REASON_MEMBER, KITHP_MEMBER, ""},
    {TEXT_IN_TABLE("2026-01-01,\xFF,dance,\xFF,0,"), KITH_REASON_MEMBER, KITHP_MEMBER, "\xFF"},
    {TEXT_IN_TABLE("2026-01-01,ana,dance,\xFF,0,"), KITH_REASON_TARGET, KITHP_TARGET, "\xFF"},
    {TEXT_IN_TABLE("2026-01-01,ana,dance,,0,"), KITH_REASON_KIND, KITHP_KIND, "dance"},
    {TEXT_IN_TABLE("2026-01-01,ana,post,,0,"), KITH_REASON_QUANTITY, KITHP_QUANTITY, "0"},
};

static void row_is_refused_for_the_first_reason_that_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *expected = &refusals[i];
        struct row row;
        read_row(expected->text, &row);
        bool right = row.fault.reason == expected->reason && row.fault.field == expected->field &&
                     row.fault.value_length == strlen(expected->value) &&
                     memcmp(row.fault.value, expected->value, row.fault.value_length) == 0;
        if (!right)
            fail_msg("%.*s: %s, '%.*s'", (int)expected->text.length, expected->text.data,
                     kith_reason_name(row.fault.reason), (int)row.fault.value_length, row.fault.value);
        row_free(&row);
    }
}

static void row_at_the_edges_of_every_range_is_taken(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        int64_t time;
        uint32_t quantity;
    } cases[] = {
        {TEXT_IN_TABLE("1769990400,ana,post,,,"), EARLIEST, 1},
        {TEXT_IN_TABLE("1770595200,ana,post,,,"), LATEST, 1},
        {TEXT_IN_TABLE("2026-02-02,ana,post,,1,"), EARLIEST, 1},
        {TEXT_IN_TABLE("2026-02-02,ana,post,,1000000000,"), EARLIEST, 1000000000},
        {TEXT_IN_TABLE("2026-02-02,ana,post,,0000000007,"), EARLIEST, 7},
        {TEXT_IN_TABLE("2026-02-02,ana,post,,\"5\",\"a \"\"note\"\"\""), EARLIEST, 5},
        {TEXT_IN_TABLE("2026-02-02," NAME_255 ",like," NAME_255 ",,"), EARLIEST, 1},
        {TEXT_IN_TABLE("\"2026-02-02\",\"ana\",\"post\",\"\",\"\",\"\""), EARLIEST, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct row row;
        read_row(cases[i].text, &row);
        assert_int_equal(row.fault.reason, KITH_REASON_NONE);
        assert_int_equal(row.event.time, cases[i].time);
        assert_int_equal(row.event.quantity, cases[i].quantity);
        row_free(&row);
    }
}

/* A row whose member is so many quotes, each written twice. */
static void read_quotes(size_t quotes, struct row *row)
{
    char text[4096];
    size_t length = (size_t)snprintf(text, sizeof text, "2026-02-03,\"");
    for (size_t i = 0; i < 2 * quotes; i++)
        text[length++] = '"';
    length += (size_t)snprintf(text + length, sizeof text - length, "\",post,,,");
    read_row((kith_text){text, length}, row);
}

static void row_names_are_measured_without_the_second_quotes(void **state)
{
    (void)state;
    struct row row;
    read_quotes(255, &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_int_equal(row.event.member_length, 255);
    for (size_t i = 0; i < 255; i++)
        assert_int_equal(row.event.member[i], '"');
    row_free(&row);
    static const size_t too_many[] = {256, 257, 258, 1000};
    for (size_t i = 0; i < sizeof too_many / sizeof *too_many; i++) {
        read_quotes(too_many[i], &row);
        assert_int_equal(row.fault.reason, KITH_REASON_MEMBER);
        row_free(&row);
    }
}

static void row_value_of_a_fault_is_cut_where_it_is_long(void **state)
{
    (void)state;
    char text[4096];
    size_t length = (size_t)snprintf(text, sizeof text, "2026-02-03,ana,%0*d,,,", 3000, 7);
    struct row row;
    read_row((kith_text){text, length}, &row);
    assert_int_equal(row.fault.reason, KITH_REASON_KIND);
    assert_int_equal(row.fault.value_length, KITHP_ROW_VALUE_ROOM);
    for (size_t i = 0; i < row.fault.value_length; i++)
        assert_int_equal(row.fault.value[i], '0');
    row_free(&row);
}

static void row_times_without_zone_are_on_the_clock_of_the_policy(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    figures.calendar.utc_offset = -3600;
    struct row row;
    read_with(&figures, header, TEXT("2026-02-02,ana,post,,,"), &row);
    assert_int_equal(row.fault.reason, KITH_REASON_NONE);
    assert_int_equal(row.event.time, EARLIEST + 3600);
    row_free(&row);
}

static void row_every_kind_of_a_full_policy_is_found(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    figures.kind_count = KITHP_KINDS_MOST;
    for (uint32_t i = 0; i < KITHP_KINDS_MOST; i++)
        snprintf(figures.kinds[i].name, sizeof figures.kinds[i].name, "%064u", i);
    for (uint32_t i = 0; i <= KITHP_KINDS_MOST; i++) {
        char text[128];
        snprintf(text, sizeof text, "2026-02-02,ana,%064u,,,", i);
        struct row row;
        read_with(&figures, header, kith_text_of(text), &row);
        assert_int_equal(row.fault.reason, i < KITHP_KINDS_MOST ? KITH_REASON_NONE : KITH_REASON_KIND);
        if (i < KITHP_KINDS_MOST)
            assert_int_equal(row.event.kind, i);
        row_free(&row);
    }
}

static void row_rules_without_memory_are_not_made(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_row_rules rules;
    bool made = false;
    unsigned failures = 0;
    for (uint64_t more = 0; !made; more++) {
        memory_fail_after(&memory, more);
        made = kithp_row_rules_init(&rules, &memory.allocator, &kithp_policy_defaults, 0, 1);
        failures += !made;
        assert_true(made || memory.live == 0);
    }
    assert_true(failures >= 2);
    kithp_row_rules_free(&rules);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_of_every_field_is_an_event),
        cmocka_unit_test(row_may_leave_target_quantity_or_member_empty),
        cmocka_unit_test(row_takes_names_as_they_are),
        cmocka_unit_test(row_quotes_in_names_become_single_in_place),
        cmocka_unit_test(row_id_is_any_bytes_of_any_length),
        cmocka_unit_test(row_that_is_refused_stays_as_it_stood),
        cmocka_unit_test(row_is_refused_for_the_first_reason_that_holds),
        cmocka_unit_test(row_at_the_edges_of_every_range_is_taken),
        cmocka_unit_test(row_names_are_measured_without_the_second_quotes),
        cmocka_unit_test(row_value_of_a_fault_is_cut_where_it_is_long),
        cmocka_unit_test(row_times_without_zone_are_on_the_clock_of_the_policy),
        cmocka_unit_test(row_every_kind_of_a_full_policy_is_found),
        cmocka_unit_test(row_rules_without_memory_are_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
