/* SPDX-License-Identifier: MIT */
/* The forms that an export can have: how each is recognised, where its rows begin and end, and what is wrong with it.
 */
#include "reading_support.h"

#include <inttypes.h>

#define PLAIN "[event]\ntime = t\nmember = m\nkind = k\n"
#define LINES "[source]\nformat = ndjson\n" PLAIN
#define DOCUMENTS "[source]\nformat = json\n" PLAIN
#define CSV "[source]\nformat = csv\n" PLAIN

static const char small[] = "{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}";

/* ---- recognition ---- */

static void forms_are_told_by_the_first_byte_that_is_no_blank(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *text;
        const char *behind;
    } cases[] = {
        {"", small, ""},
        {"\xEF\xBB\xBF", small, "\n"},
        {" \t\r\n", small, "\r\n"},
        {"\n\n\n", small, "\n \t \n"},
        {"[", small, "]"},
        {"\xEF\xBB\xBF [", small, "]"},
        {"\n\t[", small, " ]\n"},
        {"[\n", small, "\n]\n"},
        {"t,m,k\n1,ana,post", "", ""},
        {"\xEF\xBB\xBFt;m;k\n1;ana;post", "", "\n"},
        {"\n\nt,m,k\n1,ana,post\n", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        int length = snprintf(text, sizeof text, "%s%s%s", cases[i].before, cases[i].text, cases[i].behind);
        assert_told(PLAIN, (kith_text){text, (uint64_t)length}, "+ 1 post x1 ana>\n");
        /* Without a description, the caller's names are paths. */
        struct memory memory;
        memory_init(&memory);
        struct reading reading = reading_by(NULL);
        reading.names.time = "t";
        reading.names.member = "m";
        reading.names.kind = "k";
        struct pieces pieces = {{text, (uint64_t)length}, 0, 3, SIZE_MAX};
        struct told told = read_pieces(&reading, pieces, &memory);
        assert_int_equal(told.status, KITH_OK);
        assert_string_equal(told_text(&told.text), "+ 1 post x1 ana>\n");
        told_free(&told);
    }
}

static void forms_of_a_description_or_delimiter_are_not_looked_for(void **state)
{
    (void)state;
    assert_told(CSV, TEXT("[x,t,m,k\n,1,ana,post\n"), "+ 1 post x1 ana>\n");
    assert_told(LINES, TEXT("[1]\n"), "- 1 time t=\n");
    assert_told_and_failed(DOCUMENTS, TEXT("{\"t\":1}"), "", KITH_BAD_EXPORT,
                           "events:1: expected an array of rows; for an object a line, the format is ndjson");
    struct memory memory;
    memory_init(&memory);
    struct reading reading = reading_by(NULL);
    reading.names.delimiter = ',';
    reading.names.time = "{t";
    struct pieces pieces = {TEXT("{t,member,kind\n1,ana,post\n"), 0, SIZE_MAX, SIZE_MAX};
    struct told told = read_pieces(&reading, pieces, &memory);
    assert_string_equal(told_text(&told.text), "+ 1 post x1 ana>\n");
    told_free(&told);
}

static void forms_of_blanks_alone_are_csv(void **state)
{
    (void)state;
    assert_told_and_failed(PLAIN, TEXT(""), "", KITH_BAD_EXPORT, "events:1: there is no header");
    /* As many as a batch has: what follows them makes no difference. */
    struct gathered text = {0};
    for (int i = 0; i < 300000; i++)
        gather(&text, "\n", 1);
    gather(&text, small, strlen(small));
    struct told told = read_whole(PLAIN, (kith_text){text.bytes, text.length}, 1000);
    assert_int_equal(told.status, KITH_BAD_EXPORT);
    assert_int_equal(told.error.line, 300001);
    told_free(&told);
    /* Who knows that they are lines reads on. */
    told = read_whole(LINES, (kith_text){text.bytes, text.length}, 1000);
    assert_string_equal(told_text(&told.text), "+ 1 post x1 ana>\n");
    told_free(&told);
    gathered_free(&text);
}

static void forms_of_json_without_a_description_take_paths(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct reading reading = reading_by(NULL);
    reading.names.member = "who.\"full name\"";
    reading.names.quantity = "counts.0";
    struct pieces pieces = {TEXT("{\"time\":1,\"who\":{\"full name\":\"ana\"},\"kind\":\"like\",\"target\":\"ben\","
                                 "\"counts\":[4],\"id\":\"x\"}\n{\"time\":2,\"kind\":\"like\",\"who\":{}}\n"),
                            0, 9, SIZE_MAX};
    struct told told = read_pieces(&reading, pieces, &memory);
    assert_string_equal(told_text(&told.text), "+ 1 like x4 ana>ben #x\n- 2 member who.\"full name\"=\n");
    told_free(&told);
    /* One that is none is the caller's mistake. */
    reading.names.quantity = "counts[]";
    told = read_pieces(&reading, pieces, &memory);
    assert_int_equal(told.status, KITH_BAD_ARGUMENT);
    assert_string_equal(told.error.message,
                        "input 'counts[]': is no path of JSON: expected a dot, or quotes around the name");
    told_free(&told);
}

/* ---- lines ---- */

static void lines_end_with_a_line_feed_or_the_file(void **state)
{
    (void)state;
    assert_told(LINES,
                TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\r\n"
                     "\n"
                     "\r\n"
                     "  \t\r\n"
                     " {\"t\":2,\"m\":\"ana\",\"k\":\"post\"} \n"
                     "{\"t\":3,\"m\":\"ana\",\r\"k\":\"post\"}\n"
                     "{\"t\":4,\"m\":\"ana\",\"k\":\"dance\"}"),
                "+ 1 post x1 ana>\n+ 2 post x1 ana>\n+ 3 post x1 ana>\n- 7 kind k=dance\n");
    assert_told(LINES, TEXT(""), "");
    assert_told(LINES, TEXT("\n"), "");
    assert_told(LINES, TEXT("\r"), "");
    assert_told(LINES, TEXT("\xEF\xBB\xBF"), "");
    assert_told(LINES, TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\r"), "+ 1 post x1 ana>\n");
}

static void lines_that_are_no_json_are_told_with_place_and_words(void **state)
{
    (void)state;
    assert_told(LINES,
                TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"post\"\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}}\n"
                     "{\"t\":1,\n"
                     "\"m\":\"ana\",\"k\":\"post\"}\n"
                     "{\"t\":1,\"m\":\"a\0a\",\"k\":\"post\"}\n"
                     "\0\n"
                     "{\"t\":1,\"m\":\"\xFF\",\"k\":\"post\"}\n"
                     "\xEF\xBB\xBF{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\n"
                     "{\"t\":01,\"m\":\"ana\",\"k\":\"post\"}\n"
                     "{\"t\":9,\"m\":\"ana\",\"k\":\"post\"} {}\n"
                     "nul\n"
                     "{\"t\":12,\"m\":\"ana\",\"k\":\"post\"}\n"),
                "- 1 json 28 expected a comma or a closing brace, not the end\n"
                "- 2 json 29 expected nothing behind the value\n"
                "- 3 json 8 expected a name in quotes, not the end\n"
                "- 4 json 4 expected nothing behind the value\n"
                "- 5 json 14 expected no control character\n"
                "- 6 json 1 expected a value\n"
                "- 7 json 13 expected UTF-8\n"
                "- 8 json 1 expected a value\n"
                "- 9 json 7 expected a comma or a closing brace\n"
                "- 10 json 30 expected nothing behind the value\n"
                "- 11 json 4 expected null, not the end\n"
                "+ 12 post x1 ana>\n");
}

/* Where a line ends is not looked for, if it is known what it should hold. */
static void lines_much_like_those_before_end_where_they_do(void **state)
{
    (void)state;
    assert_told(LINES,
                TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\n"
                     "{\"t\":2,\"m\":\"ana\",\"k\":\"post\"}\r\n"
                     "{\"t\":3,\"m\":\"ana\",\"k\":\"post\"} \n"
                     "{\"t\":4,\"m\":\"ana\",\"k\":\"post\"}\r \n"
                     "{\"t\":5,\"m\":\"ana\",\"k\":\"post\"}x\n"
                     "{\"t\":6,\"m\":\"ana\",\"k\":\"post\"}{\"t\":6,\"m\":\"ana\",\"k\":\"post\"}\n"
                     "{\"t\":7,\"m\":\"a\n"
                     "na\",\"k\":\"post\"}\n"
                     "{\"t\":9\n"
                     ",\"m\":\"ana\",\"k\":\"post\"}\n"
                     "{\"t\":11,\"m\":\"ana\",\"k\":\"post\n"
                     "{\"t\":12,\"m\":\"ana\",\"k\":\"dance\"}\n"
                     "{\"t\":13,\"m\":\"ana\",\"k\":\"post\"}"),
                "+ 1 post x1 ana>\n"
                "+ 2 post x1 ana>\n"
                "+ 3 post x1 ana>\n"
                "+ 4 post x1 ana>\n"
                "- 5 json 29 expected nothing behind the value\n"
                "- 6 json 29 expected nothing behind the value\n"
                "- 7 json 14 expected a closing quote, not the end\n"
                "- 8 json 2 expected null\n"
                "- 9 json 7 expected a comma or a closing brace, not the end\n"
                "- 10 json 1 expected a value\n"
                "- 11 json 28 expected a closing quote, not the end\n"
                "- 12 kind k=dance\n"
                "+ 13 post x1 ana>\n");
}

static void lines_nest_64_deep_at_most(void **state)
{
    (void)state;
    char text[256];
    for (int depth = 63; depth <= 65; depth++) {
        /* The object around is one. */
        int length = snprintf(text, sizeof text, "{\"t\":1,\"m\":\"ana\",\"k\":\"post\",\"x\":");
        for (int i = 1; i < depth; i++)
            text[length++] = '[';
        for (int i = 1; i < depth; i++)
            text[length++] = ']';
        text[length++] = '}';
        assert_told(LINES, (kith_text){text, (uint64_t)length},
                    depth <= 64 ? "+ 1 post x1 ana>\n" : "- 1 json 96 nested more than 64 deep\n");
    }
}

/* A line or an element of so many bytes, with what is wanted of it at its end. */
static void add_long_row(struct gathered *text, size_t length, const char *member)
{
    char end[64];
    size_t end_length = (size_t)snprintf(end, sizeof end, "\",\"m\":\"%s\",\"k\":\"post\",\"t\":7}", member);
    char *filler = malloc(length);
    assert_non_null(filler);
    memset(filler, 'x', length);
    memcpy(filler, "{\"text\":\"", 9);
    memcpy(filler + length - end_length, end, end_length);
    gather(text, filler, length);
    free(filler);
}

enum { MOST = KITHP_ROW_MOST };

static void lines_have_a_most_and_reading_goes_on_behind_one_that_is_longer(void **state)
{
    (void)state;
    static const size_t lengths[] = {300000, MOST - 1, MOST, MOST + 1, MOST + 2, MOST + 70000, 3 * (size_t)MOST};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (int ends = 0; ends < 3; ends++) {
            static const char *const end[] = {"\n", "\r\n", ""};
            struct gathered text = {0};
            gather(&text, small, strlen(small));
            gather(&text, "\n", 1);
            add_long_row(&text, lengths[i], "ben");
            gather(&text, end[ends], strlen(end[ends]));
            if (ends < 2)
                gather(&text, small, strlen(small));
            struct told told = read_whole(LINES, (kith_text){text.bytes, text.length}, 1 << 20);
            assert_int_equal(told.status, KITH_OK);
            char expected[256];
            snprintf(expected, sizeof expected, "+ 1 post x1 ana>\n%s%s",
                     lengths[i] <= MOST ? "+ 7 post x1 ben>\n" : "- 2 json 16777217 expected at most 16777216 bytes\n",
                     ends < 2 ? "+ 1 post x1 ana>\n" : "");
            assert_string_equal(told_text(&told.text), expected);
            assert_int_equal(told.end.offset, text.length);
            assert_int_equal(told.rows.length, lengths[i] <= MOST ? 0 : KITHP_ROW_BEGINNING + 1);
            told_free(&told);
            gathered_free(&text);
        }
    }
}

/* Gives a line that never ends, in which there is nothing but one letter. */
struct endless {
    uint64_t left;
    uint64_t given;
};

static int64_t give_endless(void *context, void *buffer, size_t capacity)
{
    struct endless *endless = context;
    size_t given = endless->left < capacity ? (size_t)endless->left : capacity;
    memset(buffer, 'x', given);
    if (endless->given == 0 && given > 0)
        memcpy(buffer, "{", 1);
    endless->left -= given;
    endless->given += given;
    return (int64_t)given;
}

static void *malloc_some(void *context, size_t size)
{
    (void)context;
    return size > 4 * (size_t)MOST ? NULL : malloc(size);
}

static void *realloc_some(void *context, void *memory, size_t size)
{
    (void)context;
    return size > 4 * (size_t)MOST ? NULL : realloc(memory, size);
}

static void free_some(void *context, void *memory)
{
    (void)context;
    free(memory);
}

static void lines_without_end_take_no_more_memory(void **state)
{
    (void)state;
    const kith_allocator allocator = {malloc_some, realloc_some, free_some, NULL};
    struct endless endless = {.left = UINT64_C(400) << 20};
    struct kithp_row_rules rules;
    struct kithp_columns columns;
    enum kithp_field clash[2];
    kith_export names = {.size = sizeof names};
    assert_true(kithp_columns_init(&columns, &names, clash));
    assert_true(kithp_row_rules_init(&rules, &allocator, &kithp_policy_defaults, 0, INT64_MAX));
    struct kithp_reading reading = {.rules = &rules, .columns = &columns, .name = "events"};
    struct kithp_input input;
    struct kithp_reader reader;
    struct kithp_batch batch = {.text = NULL};
    size_t rejects = 0;
    kithp_input_open_callback(&input, give_endless, &endless);
    assert_int_equal(kithp_reader_open(&reader, &allocator, &reading, &input, NULL), KITH_OK);
    do {
        kithp_reader_fill(&reader, &batch);
        assert_int_equal(batch.status, KITH_OK);
        rejects += batch.reject_count;
    } while (!batch.last);
    assert_int_equal(rejects, 1);
    assert_int_equal(batch.rejects[0].fault.reason, KITH_REASON_JSON);
    assert_int_equal(batch.end.offset, endless.given);
    kithp_batch_free(&allocator, &batch);
    kithp_reader_close(&reader);
    kithp_row_rules_free(&rules);
}

/* Read up to any row and then on from there, an export gives what it gives at once. */
static void lines_that_have_grown_are_read_from_where_they_ended(void **state)
{
    (void)state;
    static const char *const rows[] = {"\xEF\xBB\xBF{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\n", "\n",
                                       "{\"t\":2,\"m\":\"ana\"}\r\n", "bad\n",
                                       "{\"t\":3,\"m\":\"ben\",\"k\":\"post\"}"};
    enum { ROWS = sizeof rows / sizeof *rows };
    struct gathered text = {0};
    size_t ends[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        gather(&text, rows[i], strlen(rows[i]));
        ends[i] = text.length;
    }
    struct told whole = read_whole(LINES, (kith_text){text.bytes, text.length}, 11);
    for (size_t i = 0; i < ROWS; i++) {
        for (int cut = 0; cut < 3; cut++) {
            /* The first time, the last line's end may still be to come. */
            size_t length = ends[i];
            for (int back = 0; back < cut && strchr("\r\n", text.bytes[length - 1]); back++)
                length--;
            struct memory memory;
            memory_init(&memory);
            struct reading reading = reading_by(LINES);
            struct told first = read_whole(LINES, (kith_text){text.bytes, length}, 5);
            assert_int_equal(first.status, KITH_OK);
            reading.begin = first.end;
            for (size_t step = 1; step < 100; step *= 9) {
                struct pieces pieces = {{text.bytes, text.length}, 0, step, SIZE_MAX};
                struct told rest = read_pieces(&reading, pieces, &memory);
                if (rest.status != KITH_OK)
                    fail_msg("%s", rest.error.message);
                char both[512];
                snprintf(both, sizeof both, "%s%s", told_text(&first.text), told_text(&rest.text));
                assert_string_equal(both, told_text(&whole.text));
                assert_memory_equal(&rest.end, &whole.end, sizeof rest.end);
                told_free(&rest);
            }
            told_free(&first);
        }
    }
    told_free(&whole);
    gathered_free(&text);
}

static void lines_that_are_others_than_before_are_refused(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct reading reading = reading_by(LINES);
    reading.begin = (struct kithp_row_end){10, 1};
    struct told told = read_pieces(
        &reading, (struct pieces){TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\n"), 0, 7, SIZE_MAX}, &memory);
    assert_int_equal(told.status, KITH_BAD_EXPORT);
    assert_string_equal(told.error.message, "events:1: goes on with a row that was not complete when it was read last");
    told_free(&told);
    told = read_pieces(&reading, (struct pieces){TEXT("{\"t\":1}"), 0, 7, SIZE_MAX}, &memory);
    assert_int_equal(told.status, KITH_BAD_EXPORT);
    assert_string_equal(told.error.message, "events:1: is shorter than when it was read last");
    told_free(&told);
    reading.begin = (struct kithp_row_end){2, 1};
    told = read_pieces(&reading, (struct pieces){TEXT("\xEF\xBB\xBF{\"t\":1}"), 0, 7, SIZE_MAX}, &memory);
    assert_int_equal(told.status, KITH_BAD_EXPORT);
    told_free(&told);
}

static void lines_of_an_input_that_fails_are_given_up_to_there(void **state)
{
    (void)state;
    static const char text[] = "{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\n{}\n{\"t\":3,\"m\":\"ben\",\"k\":\"post\"}\n";
    for (size_t fails = 0; fails <= sizeof text - 1; fails++) {
        for (size_t step = 1; step < 200; step *= 10) {
            struct memory memory;
            memory_init(&memory);
            struct reading reading = reading_by(LINES);
            struct told told = read_pieces(&reading, (struct pieces){TEXT(text), 0, step, fails}, &memory);
            size_t given = step == 1 ? fails : (fails + step - 1) / step * step;
            given = given < sizeof text - 1 ? given : sizeof text - 1;
            assert_int_equal(told.status, KITH_INPUT_OUTPUT);
            assert_int_equal(told.error.line, 1 + (given >= 29) + (given >= 32) + (given >= 61));
            char expected[64];
            snprintf(expected, sizeof expected, "%s%s%s", given >= 29 ? "+ 1 post x1 ana>\n" : "",
                     given >= 32 ? "- 2 time t=\n" : "", given >= 61 ? "+ 3 post x1 ben>\n" : "");
            assert_string_equal(told_text(&told.text), expected);
            told_free(&told);
        }
    }
}

/* ---- documents ---- */

static void documents_rows_are_elements_of_an_array(void **state)
{
    (void)state;
    assert_told(DOCUMENTS,
                TEXT("\xEF\xBB\xBF[\n {\"t\":1,\n  \"m\":\"ana\",\"k\":\"post\"},\n\n {\"t\":2},{\"t\":3,\"m\":\"ben\","
                     "\"k\":\"post\"}, 7,\"x\"]\n[]\n[{\"t\":4,\"m\":\"cat\",\"k\":\"post\"}]"),
                "+ 1 post x1 ana>\n- 5 member m=\n+ 3 post x1 ben>\n- 5 time t=\n- 5 time t=\n+ 4 post x1 cat>\n");
    assert_told(DOCUMENTS, TEXT("[]"), "");
    assert_told(DOCUMENTS, TEXT(""), "");
    assert_told(DOCUMENTS, TEXT("  \n"), "");
}

#define CHANNELS                                                                                                       \
    "[source]\nformat = json\nrows = data.messages[]\n[event]\ntime = t\nmember = m | document.owner\nkind = k\n"      \
    "target = document.channel.name\n[ignore]\ndocument.secret = true\n"

static void documents_values_around_rows_are_the_rows_too(void **state)
{
    (void)state;
    assert_told(
        CHANNELS,
        TEXT("{\"owner\":\"\\u006fwner\",\"channel\":{\"name\":\"c1\",\"x\":[{}]},\"data\":{\"messages\":["
             "{\"t\":1,\"m\":\"ana\",\"k\":\"post\"},{\"t\":2,\"k\":\"post\"}],\"more\":1}}\n"
             "{\"channel\":{\"name\":null},\"data\":{\"messages\":[{\"t\":3,\"m\":\"ana\",\"k\":\"post\"},"
             "{\"t\":4,\"k\":\"post\"}]}}"
             "{\"secret\":true,\"data\":{\"messages\":[{\"t\":5,\"m\":\"ana\",\"k\":\"post\"}]}}"
             "{\"owner\":\"o2\",\"channel\":{\"name\":[1]},\"data\":{\"messages\":[{\"t\":6,\"k\":\"post\"}]}}"),
        "+ 1 post x1 ana>c1\n+ 2 post x1 owner>c1\n+ 3 post x1 ana>\n- 2 member m | document.owner=\n"
        "! 1\n- 2 target document.channel.name=[1]\n");
}

/* What is kept of a document is written over by the next one, while events of both are in one batch. */
static void documents_names_outlive_them_in_a_batch(void **state)
{
    (void)state;
    struct gathered text = {0}, expected = {0};
    char piece[256];
    for (int i = 0; i < 5000; i++) {
        gather(&text, piece,
               (size_t)snprintf(piece, sizeof piece,
                                "{\"owner\":\"o%d\",\"channel\":{\"name\":\"c%d\"},\"data\":{\"messages\":[{\"t\":%d,"
                                "\"k\":\"view\"}]}}",
                                i, 4999 - i, i));
        gather(&expected, piece, (size_t)snprintf(piece, sizeof piece, "+ %d view x1 o%d>c%d\n", i, i, 4999 - i));
    }
    assert_told(CHANNELS, (kith_text){text.bytes, text.length}, expected.bytes);
    gathered_free(&text);
    gathered_free(&expected);
}

static void documents_faults_end_the_export_behind_the_rows_before(void **state)
{
    (void)state;
    assert_told_and_failed(DOCUMENTS, TEXT("[{\"t\":1,\"m\":\"ana\",\"k\":\"post\"},\n{\"t\":2 \"m\":0}]"),
                           "+ 1 post x1 ana>\n", KITH_BAD_EXPORT, "events:2: expected a comma or a closing brace");
    assert_told_and_failed(DOCUMENTS, TEXT("[{\"t\":1,\"m\":\"ana\",\"k\":\"post\"},\n"), "+ 1 post x1 ana>\n",
                           KITH_BAD_EXPORT, "events:2: expected a value, not the end");
    assert_told_and_failed(DOCUMENTS, TEXT("[]\n\n x"), "", KITH_BAD_EXPORT, "events:3: expected an array of rows");
    assert_told_and_failed(CHANNELS, TEXT("{\"data\":{}}"), "", KITH_BAD_EXPORT,
                           "events:1: expected rows before the document's end");
    assert_told_and_failed(CHANNELS, TEXT("{\"data\":{\"messages\":{}}}"), "", KITH_BAD_EXPORT,
                           "events:1: expected an array of rows");
    assert_told_and_failed(CHANNELS,
                           TEXT("{\"data\":{\"messages\":[{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}]},\n\"channel\":"
                                "{\"name\":\"x\"}}"),
                           "+ 1 post x1 ana>\n", KITH_BAD_EXPORT,
                           "events:2: document.channel.name: stands behind the document's rows, which need it before "
                           "them");
}

static void documents_are_read_from_their_beginning_alone(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct reading reading = reading_by(PLAIN);
    reading.begin = (struct kithp_row_end){1, 1};
    struct told told = read_pieces(&reading, (struct pieces){TEXT("[{}]"), 0, 7, SIZE_MAX}, &memory);
    assert_int_equal(told.status, KITH_UNSUPPORTED);
    assert_string_equal(told.error.message, "events:1: is a JSON document, which is read from its beginning alone");
    told_free(&told);
}

static void documents_rows_have_a_most(void **state)
{
    (void)state;
    static const size_t lengths[] = {300000, MOST, MOST + 1, MOST + 300000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (int last = 0; last < 2; last++) {
            struct gathered text = {0};
            gather(&text, "[", 1);
            gather(&text, small, strlen(small));
            gather(&text, ",\n", 2);
            add_long_row(&text, lengths[i], "ben");
            if (!last)
                gather(&text, ",", 1);
            if (!last)
                gather(&text, small, strlen(small));
            gather(&text, "]", 1);
            struct told told = read_whole(DOCUMENTS, (kith_text){text.bytes, text.length}, 1 << 20);
            assert_int_equal(told.status, KITH_OK);
            char expected[256];
            snprintf(expected, sizeof expected, "+ 1 post x1 ana>\n%s%s",
                     lengths[i] <= MOST ? "+ 7 post x1 ben>\n" : "- 2 json 16777217 expected at most 16777216 bytes\n",
                     last ? "" : "+ 1 post x1 ana>\n");
            assert_string_equal(told_text(&told.text), expected);
            assert_int_equal(told.rows.length, lengths[i] <= MOST ? 0 : KITHP_ROW_BEGINNING + 1);
            told_free(&told);
            gathered_free(&text);
        }
    }
}

/* ---- CSV by a description ---- */

static void described_columns_are_found_by_their_headers(void **state)
{
    (void)state;
    assert_told(
        "[source]\nformat = csv\n[event]\ntime = When\nmember = user.name | \"the \\\"id\\\"\"\nkind = Type / Sub\n"
        "target = To\nquantity = n\nid = no such column\n[kinds]\nTopic = post\nTopic/x = like\n",
        TEXT("Sub;When;\"the \"\"id\"\"\";Type;user.name;n\n"
             ";1;7;Topic;ana;\n"
             "x;2;7;Topic;;3\n"
             "x;3;\"a \"\"b\"\"\";\"Topic\";;3\n"
             "x;4;\"a \"\"b\"\"\";\"To\"\"pic\";;3\n"
             "x;5;7;Topic;\n"
             "x;6;7;Top\"ic;ana;\n"
             "\n"
             "x;8;\"a\nb\";Topic;;\r\n"
             "x;9;\xFF;Topic;;\n"
             "y;10;7;Topic;ana;\n"),
        "+ 1 post x1 ana>\n+ 2 like x3 7>\n+ 3 like x3 a \"b\">\n"
        "- 5 kind Type / Sub=To\"pic/x\n"
        "- 6 fields\n- 7 quote\n"
        "+ 8 like x1 a\nb>\n"
        "- 11 member user.name | \"the \\\"id\\\"\"=\xFF\n"
        "- 12 kind Type / Sub=Topic/y\n");
}

static void described_columns_that_rows_need_must_be_there(void **state)
{
    (void)state;
    static const char by[] = "[source]\nformat = csv\n[event]\ntime = a\nmember = b\nkind = c\ntarget = d\nid = e\n"
                             "[ignore]\nf = x\n[event more]\nmember = g\nkind = h\n";
    assert_told(by, TEXT("a,b,c,f\n1,ana,post,\n2,ana,post,x\n"), "+ 1 post x1 ana>\n! 1\n");
    static const struct {
        kith_text text;
        const char *message;
    } cases[] = {
        {TEXT_IN_TABLE("b,c,f\n"), "events:1: a: the header has no such column"},
        {TEXT_IN_TABLE("\na,c,f\n"), "events:2: b: the header has no such column"},
        {TEXT_IN_TABLE("a,b,f,d\n"), "events:1: c: the header has no such column"},
        {TEXT_IN_TABLE("a,b,c\n"), "events:1: f: the header has no such column"},
        {TEXT_IN_TABLE("a,b,c,f,z,z\n"), "events:1: z: the header has two columns of this name"},
        {TEXT_IN_TABLE(""), "events:1: there is no header"},
        {TEXT_IN_TABLE("a,b,c,f,\"z\n"),
         "events:1: the header has a stray quote, or one that is not closed, if commas divide it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_told_and_failed(by, cases[i].text, "", KITH_BAD_EXPORT, cases[i].message);
}

static void described_exports_may_have_a_delimiter(void **state)
{
    (void)state;
    assert_told("[source]\nformat = csv\ndelimiter = tab\n" PLAIN, TEXT("t,x\tm\tk\tt\n7\ta,b\tpost\t1\n"),
                "+ 1 post x1 a,b>\n");
}

static void described_exports_that_have_grown_are_read_from_where_they_ended(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    static const char text[] = "t,m,k\n1,ana,post\n2,ben,post\r\n3,cat,dance";
    struct told first = read_whole(CSV, (kith_text){text, 17}, 3);
    struct reading reading = reading_by(CSV);
    reading.begin = first.end;
    struct told rest = read_pieces(&reading, (struct pieces){TEXT(text), 0, 2, SIZE_MAX}, &memory);
    assert_string_equal(told_text(&first.text), "+ 1 post x1 ana>\n");
    assert_string_equal(told_text(&rest.text), "+ 2 post x1 ben>\n- 4 kind k=dance\n");
    assert_int_equal(rest.end.offset, sizeof text - 1);
    told_free(&first);
    told_free(&rest);
}

/* ---- memory ---- */

static void assert_without_memory(const char *description, kith_text text)
{
    struct memory memory;
    memory_init(&memory);
    struct reading reading = reading_by(description);
    struct told expected = read_pieces(&reading, (struct pieces){text, 0, 100000, SIZE_MAX}, &memory);
    assert_int_equal(expected.status, KITH_OK);
    kith_status status = KITH_NO_MEMORY;
    unsigned failures = 0;
    for (uint64_t more = 0; status == KITH_NO_MEMORY; more++) {
        memory_fail_after(&memory, more);
        struct told told = read_pieces(&reading, (struct pieces){text, 0, 100000, SIZE_MAX}, &memory);
        status = told.status;
        failures += status == KITH_NO_MEMORY;
        /* What was given before is the beginning of it all. */
        assert_int_equal(strncmp(told_text(&expected.text), told_text(&told.text), told.text.length), 0);
        if (status == KITH_OK)
            assert_int_equal(told.text.length, expected.text.length);
        told_free(&told);
    }
    assert_int_equal(status, KITH_OK);
    assert_true(failures > 10);
    told_free(&expected);
}

static void forms_without_memory_say_so_and_give_all_back(void **state)
{
    (void)state;
    static const char by[] =
        "[event]\ntime = t\nmember = m\nkind = a / b\nid = id\n[event x]\nmember = l[].m[]\nkind = 'view'\n"
        "quantity = l[].n\n[kinds]\nx/y = post\n[ignore]\nkind = no*\nmember = b*\n[aliases]\nann = ana\n";
    struct gathered text = {0}, document = {0}, csv = {0};
    char piece[512];
    gather(&csv, "t,m,a,b,id\n", 11);
    for (int i = 0; i < 3000; i++) {
        int length =
            snprintf(piece, sizeof piece,
                     "{\"t\":%d,\"m\":\"\\u0061n%d\",\"a\":\"%s\",\"b\":\"\\u0079\",\"id\":\"\\u0061%d\",\"l\":["
                     "{\"m\":[1,\"\\u0062%d\"],\"n\":%d}]}",
                     i, i % 50,
                     i % 7   ? "x"
                     : i % 3 ? "no"
                             : "what",
                     i, i % 40, i % 11);
        gather(&text, piece, (size_t)length);
        gather(&text, "\n", 1);
        gather(&document, i > 0 ? "," : "[", 1);
        gather(&document, piece, (size_t)length);
        gather(&csv, piece,
               (size_t)snprintf(piece, sizeof piece, "%d,\"an\"\"%d\",%s,y,%d\n", i, i % 50, i % 7 ? "x" : "no", i));
    }
    gather(&document, "]", 1);
    char described[1024];
    snprintf(described, sizeof described, "[source]\nformat = ndjson\n%s", by);
    assert_without_memory(described, (kith_text){text.bytes, text.length});
    snprintf(described, sizeof described, "[source]\nformat = json\n%s", by);
    assert_without_memory(described, (kith_text){document.bytes, document.length});
    assert_without_memory(
        "[source]\nformat = csv\n[event]\ntime = t\nmember = m\nkind = a / b\nid = id\n[kinds]\nx/y = post\n",
        (kith_text){csv.bytes, csv.length});
    gathered_free(&text);
    gathered_free(&document);
    gathered_free(&csv);
}

/* ---- damage ---- */

/* Whatever a byte becomes, the pieces in which the text comes make no difference, nor does the way of looking at it. */
static void assert_damaged(const char *description, kith_text text)
{
    static const char others[] = {0, '\n', '"', '\\', '{', '}', '[', ']', ',', ':', '0', (char)0xFF, (char)0xC3};
    char *copy = malloc(text.length);
    assert_non_null(copy);
    for (uint64_t i = 0; i < text.length; i++) {
        for (size_t j = 0; j < sizeof others; j++) {
            memcpy(copy, text.data, text.length);
            copy[i] = j == 0 ? (char)(copy[i] ^ 1) : others[j];
            kith_text damaged = {copy, text.length};
            struct told at_once = read_whole(description, damaged, SIZE_MAX);
            struct memory memory;
            memory_init(&memory);
            struct reading reading = reading_by(description);
            reading.way = KITHP_SCAN_PLAIN;
            struct told pieces = read_pieces(&reading, (struct pieces){damaged, 0, 1 + i % 5, SIZE_MAX}, &memory);
            assert_int_equal(at_once.status, pieces.status);
            assert_string_equal(at_once.error.message, pieces.error.message);
            assert_string_equal(told_text(&at_once.text), told_text(&pieces.text));
            assert_string_equal(told_text(&at_once.rows), told_text(&pieces.rows));
            told_free(&at_once);
            told_free(&pieces);
        }
    }
    free(copy);
}

static void forms_that_are_damaged_are_the_same_however_they_come(void **state)
{
    (void)state;
#define BY                                                                                                             \
    "[event]\ntime = t\nmember = m\nkind = a / b\nid = id\n[event x]\nmember = l[].m[]\nkind = 'view'\n"               \
    "[kinds]\nx/y = post\n[ignore]\nkind = no*\nz = ?\n"
    assert_damaged(
        "[source]\nformat = ndjson\n" BY,
        TEXT("{\"t\":1,\"m\":\"\\u0061na\",\"a\":\"x\",\"b\":\"y\",\"l\":[{\"m\":[\"ben\",7]}],\"id\":-1.5e3}\r\n"
             "{\"a\":\"nope\"}\n\n{\"t\":\"2026-03-02\",\"m\":\"\xC3\xA9\",\"a\":\"post\"}"));
    assert_damaged("[source]\nformat = json\nrows = d.r[]\n" BY,
                   TEXT("{\"d\":{\"q\":[1,{}],\"r\":[{\"t\":1,\"m\":\"\\u0061\",\"a\":\"x\",\"b\":\"y\","
                        "\"l\":[{\"m\":[\"ben\"]}]},\n{\"z\":1}]}}\n{\"d\":{\"r\":[]}}"));
    assert_damaged("[source]\nformat = csv\n[event]\ntime = t\nmember = m\nkind = a / b\n[kinds]\nx/y = post\n",
                   TEXT("t,m,a,b\n1,\"a\"\"na\",x,y\r\n2,,x,y\n3,\"b\nc\",post,\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_told_by_the_first_byte_that_is_no_blank),
        cmocka_unit_test(forms_of_a_description_or_delimiter_are_not_looked_for),
        cmocka_unit_test(forms_of_blanks_alone_are_csv),
        cmocka_unit_test(forms_of_json_without_a_description_take_paths),
        cmocka_unit_test(lines_end_with_a_line_feed_or_the_file),
        cmocka_unit_test(lines_that_are_no_json_are_told_with_place_and_words),
        cmocka_unit_test(lines_much_like_those_before_end_where_they_do),
        cmocka_unit_test(lines_nest_64_deep_at_most),
        cmocka_unit_test(lines_have_a_most_and_reading_goes_on_behind_one_that_is_longer),
        cmocka_unit_test(lines_without_end_take_no_more_memory),
        cmocka_unit_test(lines_that_have_grown_are_read_from_where_they_ended),
        cmocka_unit_test(lines_that_are_others_than_before_are_refused),
        cmocka_unit_test(lines_of_an_input_that_fails_are_given_up_to_there),
        cmocka_unit_test(documents_rows_are_elements_of_an_array),
        cmocka_unit_test(documents_values_around_rows_are_the_rows_too),
        cmocka_unit_test(documents_names_outlive_them_in_a_batch),
        cmocka_unit_test(documents_faults_end_the_export_behind_the_rows_before),
        cmocka_unit_test(documents_are_read_from_their_beginning_alone),
        cmocka_unit_test(documents_rows_have_a_most),
        cmocka_unit_test(described_columns_are_found_by_their_headers),
        cmocka_unit_test(described_columns_that_rows_need_must_be_there),
        cmocka_unit_test(described_exports_may_have_a_delimiter),
        cmocka_unit_test(described_exports_that_have_grown_are_read_from_where_they_ended),
        cmocka_unit_test(forms_without_memory_say_so_and_give_all_back),
        cmocka_unit_test(forms_that_are_damaged_are_the_same_however_they_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
