/* SPDX-License-Identifier: MIT */
#include "source_support.h"

/* A description with one value, on line 5 or 6 behind as many bytes as its key takes. */
static void make(char *text, size_t room, const char *settings, const char *field, const char *value)
{
    snprintf(text, room, "[source]\n%s\n[event]\ntime = 't'\n%s = %s\n%s%s", settings, field, value,
             strcmp(field, "member") == 0 ? "" : "member = 'm'\n", strcmp(field, "kind") == 0 ? "" : "kind = 'k'\n");
}

static enum kithp_field field_of(const char *name)
{
    static const char *const names[KITHP_FIELDS] = {"time", "member", "kind", "target", "quantity", "id"};
    int field = 0;
    while (strcmp(names[field], name) != 0)
        field++;
    return (enum kithp_field)field;
}

struct example {
    const char *settings;
    const char *field;
    const char *value;
    const char *expected;
};

static void check_examples(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[1024], written[1024];
        make(text, sizeof text, examples[i].settings, examples[i].field, examples[i].value);
        kith_source *source = source_of(text);
        enum kithp_field field = field_of(examples[i].field);
        source_write_value(source, 0, field, written, sizeof written);
        assert_string_equal(written, examples[i].expected);
        const struct kithp_source_value *value = &source->events[0].values[field];
        assert_string_equal(value->text, examples[i].value);
        assert_int_equal(value->line, strchr(examples[i].settings, '\n') ? 6 : 5);
        assert_int_equal(value->column, strlen(examples[i].field) + 4);
        kith_source_free(source);
    }
}

#define CHECK_EXAMPLES(examples) check_examples(examples, sizeof(examples) / sizeof *(examples))

#define CSV "format = csv"
#define NDJSON "format = ndjson"
#define JSON "format = json\nrows = data.messages[]"

static void source_value_has_alternatives_and_words(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"", "target", "to", "to"},
        {"", "target", "a|b", "a | b"},
        {"", "target", "a | b | 'nobody else'", "a | b | 'nobody else'"},
        {"", "target", "'a|b/c?d'", "'a|b/c?d'"},
        {"", "target", "a ? 'it'", "a ? 'it'"},
        {"", "target", "a?'it'|b", "a ? 'it' | b"},
        {"", "target", "a | a | a", "a | a | a"},
        {"", "quantity", "Message Count | 'x'", "Message Count | 'x'"},
        {"", "id", "id", "id"},
        {"", "id", "id / time | name", "id / time | name"},
        {"", "kind", "type / action", "type / action"},
        {"", "kind", "type / action | b ? 'c' / d | 'y' / z", "type / action | b ? 'c' / d | 'y' / z"},
    };
    CHECK_EXAMPLES(examples);
}

static void source_value_of_csv_has_headers(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {CSV, "target", "actor.login", "actor.login"},
        {CSV, "target", "users[] [0].x", "users[] [0].x"},
        {CSV, "target", "document.x", "document.x"},
        {CSV, "target", "\"a/b|c?'d'\" | \" e \"", "a/b|c?'d' |  e "},
        {CSV, "target", "\"say \\\"\\u003b\\\"\" ? 'w'", "say \";\" ? 'w'"},
        {CSV, "kind", "a / \"b / c\"", "a / b / c"},
        {CSV, "target", "back\\slash", "back\\slash"},
        {CSV, "target", "a | \"\"", "a | "},
        {CSV, "target", "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
    };
    CHECK_EXAMPLES(examples);
}

static void source_value_of_json_has_paths(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {NDJSON, "target", "actor.login", "actor.login"},
        {NDJSON, "target", "items.0.id", "items.0.id"},
        {NDJSON, "target", "document.x", "document.x"},
        {NDJSON, "target", "a b . c", "a b . c"},
        {NDJSON, "kind", "\"a/b\".c / d", "a/b.c / d"},
        {NDJSON, "target", "\"a.b\".\"\".\"c[]\"", "\"a.b\".\"\".\"c[]\""},
        /* Written in one way, whichever they were written in. */
        {NDJSON, "target", "\"actor\".\"log\\u0069n\" | actor.login", "actor.login | actor.login"},
        {NDJSON, "target", "\"\\u0001\\u000a\\\"\\\\\\/\\u007f\"", "\"\\u0001\\n\\\"\\\\/\x7F\""},
        {NDJSON, "target", "\"\\b\\f\\n\\r\\t\\u0000.\"", "\"\\b\\f\\n\\r\\t\\u0000.\""},
        {JSON, "target", "document.channel.name | document.id | user", "D:channel.name | D:id | user"},
        {JSON, "target", "\"document\".x | documents.x | \"document\"", "document.x | documents.x | document"},
        {JSON, "target", "document.data.message | document.data.messages2", "D:data.message | D:data.messages2"},
        {JSON, "target", "document.\"\\u0064ata\".x", "D:data.x"},
    };
    CHECK_EXAMPLES(examples);
}

static void source_value_goes_along_lists(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {NDJSON, "target", "users[].id", "0:id"},
        {NDJSON, "target", "mentions[]", "0:."},
        {NDJSON, "target", "a.b[].c.d[].e | a.b[].f | a.b[] | g", "1:e | 0:f | 0:. | g"},
        {NDJSON, "target", "\"a\".\"b\"[].x | a.b[].y", "0:x | 0:y"},
        {NDJSON, "target", "a[].b[].c[].d[].e", "3:e"},
        {JSON, "target", "reactions[].users[] | document.x", "1:. | D:x"},
    };
    CHECK_EXAMPLES(examples);
    kith_source *source = source_of("[source]\nformat = json\n[event]\ntime = t\nmember = reactions[].users[].id\n"
                                    "kind = 'r' / reactions[].emoji.name / reactions[].emoji.name\n"
                                    "[event other]\nmember = mentions[]\nkind = 'm' / t\n");
    const struct kithp_source_event *events = source->events;
    assert_int_equal(events[0].list_count, 2);
    assert_text_equal(events[0].lists[0].path, "reactions");
    assert_text_equal(events[0].lists[1].path, "users");
    assert_int_equal(events[0].lists[0].paths.count, 1);
    assert_text_equal(events[0].lists[0].paths.paths[0].path, "emoji.name");
    assert_text_equal(events[0].lists[0].paths.paths[0].text, "reactions[].emoji.name");
    assert_int_equal(events[0].lists[1].paths.count, 1);
    assert_text_equal(events[0].lists[1].paths.paths[0].path, "id");
    assert_int_equal(events[1].list_count, 1);
    assert_text_equal(events[1].lists[0].path, "mentions");
    assert_text_equal(events[1].lists[0].paths.paths[0].path, ".");
    assert_int_equal(source->row.count, 1);
    assert_string_equal(source->row.paths[0].text.data, "t");
    assert_int_equal(source->row.paths[0].line, 4);
    assert_int_equal(source->row.paths[0].column, 8);
    kith_source_free(source);
}

/* Behind it, [event other] has these lines; the first event's time is "time". */
static void make_two(char *text, size_t room, const char *time, const char *other)
{
    snprintf(text, room,
             "[event other]\nkind = 'k'\n%s[source]\nformat = ndjson\n[event]\ntime = %s\nmember = m\n"
             "kind = 'k'\n",
             other, time);
}

static void source_value_of_a_time_in_a_list_is_inherited_along_it(void **state)
{
    (void)state;
    static const struct {
        const char *time, *other, *expected;
    } cases[] = {
        {"t | 'x'", "member = m\n", "t | 'x'"},
        {"t", "member = b[]\n", "t"},
        {"a[].t", "member = a[].m\n", "0:t"},
        {"a[].t | t", "member = a[].b[].c[].m\n", "0:t | t"},
        {"a[].b[].t | a[].t", "target = a[].b[].c[]\nquantity = a[].t\n", "1:t | 0:t"},
        {"\"a\"[].t ? 'x'", "member = a[]\n", "0:t ? 'x'"},
        /* One of its own is nobody's business. */
        {"a[].t", "time = t\nmember = b[]\n", "t"},
        {"a[].t", "time = b[].t\nmember = b[].m\n", "0:t"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512], written[256];
        make_two(text, sizeof text, cases[i].time, cases[i].other);
        kith_source *source = source_of(text);
        source_write_value(source, 1, KITHP_TIME, written, sizeof written);
        assert_string_equal(written, cases[i].expected);
        kith_source_free(source);
    }
}

static void source_value_of_a_time_in_another_list_cannot_be_inherited(void **state)
{
    (void)state;
    static const struct {
        const char *time, *other;
    } cases[] = {
        {"a[].t", "member = m\n"},
        {"a[].t | t", "member = b[].m\n"},
        {"t | a[].t ? 'x'", "member = b[].a[].m\n"},
        {"a[].b[].t", "member = a[].m\n"},
        {"a[].b[].t", "member = a[].c[].m\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        make_two(text, sizeof text, cases[i].time, cases[i].other);
        assert_source_faults(text, "my.ini:1:2: event 'other': expected time: that of [event] is in a list that this "
                                   "event does not go along\n");
    }
    /* What has a fault is not judged by what is left of it. */
    assert_source_faults("[source]\nformat = ndjson\n[event]\ntime = a[].t\nmember = m\nkind = 'k'\n"
                         "[event other]\nmember = a[0].m\nkind = 'k'\n",
                         "my.ini:8:11: member 'a[0].m': expected [] for each element of a list, or a dot and the "
                         "number of one\n");
    assert_source_faults("[source]\nformat = ndjson\n[event]\ntime = a[]..t\nmember = m\nkind = 'k'\n"
                         "[event other]\nmember = m\nkind = 'k'\n",
                         "my.ini:4:12: time 'a[]..t': expected a name\n");
}

/* ---- faults ---- */

static void source_value_says_where_it_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        const char *field;
        const char *value;
        unsigned offset;
        const char *words;
    } cases[] = {
        {"", "target", "|", 0, "expected a path, or a word in single quotes"},
        {"", "target", "a |", 3, "expected a path, or a word in single quotes"},
        {"", "target", "a || b", 3, "expected a path, or a word in single quotes"},
        {"", "kind", "a / / b", 4, "expected a path, or a word in single quotes"},
        {"", "target", "? 'x'", 0, "expected a path, or a word in single quotes"},
        {"", "target", "a 'b'", 2, "expected | before another alternative"},
        {"", "target", "'b' a", 4, "expected | before another alternative"},
        {"", "target", "'b' ? 'a'", 4, "expected | before another alternative"},
        {"", "target", "a ? 'b' c", 8, "expected | before another alternative"},
        {"", "target", "a / b", 2,
         "only kinds and ids are joined: expected |, or double quotes around a name that holds a slash"},
        {"", "target", "'b", 0, "expected a closing single quote"},
        {"", "target", "a | ''", 4, "expected a word between the quotes"},
        {"", "target", "a ? b", 4, "expected a word in single quotes"},
        {"", "target", "a ?", 3, "expected a word in single quotes"},
        {"", "target", "'a' | b", 4, "expected nothing behind a word, which is always there"},
        {"", "kind", "'a' / b | c", 8, "expected nothing behind a word, which is always there"},
        {"", "id", "a / 'b'", 4, "expected a path: the same id in all rows would make them one"},
        {"", "id", "a | 'b'", 4, "expected a path: the same id in all rows would make them one"},
        {"", "id", "a ? 'b'", 4, "expected a path: the same id in all rows would make them one"},
        {"", "target", "\"a\"", 0, "expected a format in [source]: CSV and JSON do not mean the same by quotes"},
        {"", "target", "b | a[].x", 5, "expected a format in [source]: JSON alone has lists"},
        {"", "target", "a..b", 2, "expected a name"},
        {CSV, "target", "\"a", 2, "expected a closing quote"},
        {CSV, "target", "\"a\" b", 3, "expected nothing behind the closing quote"},
        {CSV, "target", "a\"b\"", 1, "expected quotes around the whole name"},
        {CSV, "target", "\"a\\x\"", 3, "expected what JSON allows in a string"},
        {NDJSON, "target", "a.", 2, "expected a name"},
        {NDJSON, "target", "a | .b", 4, "expected a name"},
        {NDJSON, "target", "\"a\"b", 3, "expected a dot, or quotes around the name"},
        {NDJSON, "target", "a.\"\\ud800\"", 2, "expected no half of a surrogate pair"},
        {NDJSON, "target", "a[0]", 1, "expected [] for each element of a list, or a dot and the number of one"},
        {NDJSON, "target", "[].a", 0, "expected a name"},
        {NDJSON, "target", "a[]b", 3, "expected a dot, or quotes around the name"},
        {NDJSON, "target", "a[].", 4, "expected a name"},
        {NDJSON, "target", "a[][]", 3, "expected [] for each element of a list, or a dot and the number of one"},
        {NDJSON, "target", "a[].b[].c[].d[].e[].f", 17, "expected at most 4 lists within one another"},
        {NDJSON, "target", "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17", 39, "expected no more names"},
        {NDJSON, "target", "a[].x | b[].y", 8,
         "expected the lists that the event has on line 5: it goes along these alone"},
        {NDJSON, "target", "a[].b[].x | a[].c[].y", 12,
         "expected the lists that the event has on line 5: it goes along these alone"},
        {JSON, "target", "document", 0,
         "expected a dot and a path in the document, or quotes around a row's member of this name"},
        {JSON, "target", "document.a[].b", 0, "expected no list of the document; each row is an element of its rows"},
        {JSON, "target", "document.data.messages.0.x", 0,
         "expected what neither holds the rows nor lies in them; a row's own paths begin in it"},
        {JSON, "target", "x | document.data", 4,
         "expected what neither holds the rows nor lies in them; a row's own paths begin in it"},
        {"format = json", "target", "document.x", 0,
         "expected rows in [source], as a document that is an array has no members; or quotes around a row's member "
         "of this name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024], expected[1024];
        make(text, sizeof text, cases[i].settings, cases[i].field, cases[i].value);
        bool two_lines = strchr(cases[i].settings, '\n') != NULL;
        snprintf(expected, sizeof expected, "my.ini:%d:%zu: ", 5 + two_lines,
                 strlen(cases[i].field) + 4 + cases[i].offset);
        struct source_faults faults;
        kith_source *source = NULL;
        assert_int_equal(source_parse(kith_text_of(text), &source, &faults), KITH_BAD_SOURCE);
        const kith_error *fault = &faults.errors[0];
        size_t place = strlen(expected), words = strlen(fault->message) - strlen(cases[i].words);
        if (faults.count != 1 || strncmp(fault->message, expected, place) != 0 ||
            strcmp(fault->message + words, cases[i].words) != 0)
            fail_msg("%s\n%zu faults, the first: %s\nexpected: %s%s", text, faults.count, fault->message, expected,
                     cases[i].words);
        assert_string_equal(fault->field, cases[i].field);
    }
}

/* ---- limits ---- */

static void source_value_takes_64_parts(void **state)
{
    (void)state;
    for (int extra = 0; extra <= 1; extra++) {
        char text[1024], value[512] = "x";
        for (int i = 1; i < 64 + extra; i++)
            strcat(value, i % 2 ? "|x" : "/x");
        make(text, sizeof text, "", "kind", value);
        if (extra == 0) {
            kith_source *source = source_of(text);
            assert_int_equal(source->events[0].values[KITHP_KIND].part_count, 64);
            assert_int_equal(source->row.count, 1);
            kith_source_free(source);
            continue;
        }
        struct source_faults faults;
        kith_source *source = NULL;
        assert_int_equal(source_parse(kith_text_of(text), &source, &faults), KITH_BAD_SOURCE);
        assert_non_null(strstr(faults.errors[0].message, "expected at most 64 alternatives and parts"));
        assert_int_equal(faults.errors[0].column, 8 + 2 * 64);
    }
}

/* Writes alternatives behind a text: so many different paths with the same beginning. */
static void add_paths(char *text, const char *before, int count)
{
    for (int i = 0; i < count; i++)
        sprintf(text + strlen(text), "%s%sp%d", i ? "|" : "", before, i);
}

static void source_value_paths_of_a_scope_are_31_at_most(void **state)
{
    (void)state;
    /* Paths of the row, its lists, paths of an element, of the document; and what is too much. */
    static const struct {
        int row, element, document;
        bool fine;
    } cases[] = {
        {31, 0, 0, true},  {32, 0, 0, false}, {30, 31, 31, true}, {31, 1, 0, false},
        {1, 32, 0, false}, {1, 0, 32, false}, {1, 31, 31, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[4096] = "[source]\nformat = json\nrows = r[]\n[event]\ntime = 't'\nmember = ";
        add_paths(text, "", cases[i].row);
        if (cases[i].element) {
            strcat(text, "\ntarget = ");
            add_paths(text, "l[].", cases[i].element);
        }
        if (cases[i].document) {
            strcat(text, "\nquantity = ");
            add_paths(text, "document.", cases[i].document);
        }
        strcat(text, "\nkind = 'k'\n");
        kith_source *source = NULL;
        struct source_faults faults;
        kith_status status = source_parse(kith_text_of(text), &source, &faults);
        assert_int_equal(status, cases[i].fine ? KITH_OK : KITH_BAD_SOURCE);
        if (cases[i].fine) {
            assert_int_equal(source->row.count, cases[i].row);
            assert_int_equal(source->document.count, cases[i].document);
            assert_int_equal(source->events[0].list_count, cases[i].element > 0);
        } else {
            assert_int_equal(faults.count, 1);
            assert_non_null(strstr(faults.errors[0].message, "expected at most 31 different paths"));
        }
        kith_source_free(source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_value_has_alternatives_and_words),
        cmocka_unit_test(source_value_of_csv_has_headers),
        cmocka_unit_test(source_value_of_json_has_paths),
        cmocka_unit_test(source_value_goes_along_lists),
        cmocka_unit_test(source_value_of_a_time_in_a_list_is_inherited_along_it),
        cmocka_unit_test(source_value_of_a_time_in_another_list_cannot_be_inherited),
        cmocka_unit_test(source_value_says_where_it_is_wrong),
        cmocka_unit_test(source_value_takes_64_parts),
        cmocka_unit_test(source_value_paths_of_a_scope_are_31_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
