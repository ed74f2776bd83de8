/* SPDX-License-Identifier: MIT */
#include "json_support.h"

/* What is looked for in texts made up by chance. */
static const char *const paths[] = {"a",
                                    "b",
                                    "cc",
                                    "a.b",
                                    "0",
                                    "0.1",
                                    "a.a.a",
                                    "b.0.cc",
                                    "123456789",
                                    "12345678",
                                    "cc.x",
                                    "long_name_one",
                                    "long_name_two.a",
                                    "a_name_of_many_bytes_2",
                                    "a_name_of_many_bytes_1.1",
                                    "\xC3\xA9",
                                    "1.0.0",
                                    "b.a",
                                    "b",
                                    "x.cc.0",
                                    "\xEF\xBF\xBD"};
enum { PATHS = sizeof paths / sizeof *paths, PLACES = 64 };

static struct memory memory;

/* A copy that begins at some place behind a multiple of 64 bytes, with something behind it and then nothing to read. */
struct placed {
    char *memory;
    kith_text text;
};

static struct placed place(const char *bytes, size_t length, size_t at, const char *behind, size_t behind_length)
{
    struct placed placed = {malloc(at + length + KITHP_JSON_BEHIND), {NULL, length}};
    assert_non_null(placed.memory);
    char *text = placed.memory + at;
    if (length)
        memcpy(text, bytes, length);
    memset(text + length, '"', KITHP_JSON_BEHIND);
    memcpy(text + length, behind, behind_length < KITHP_JSON_BEHIND ? behind_length : KITHP_JSON_BEHIND);
    placed.text.data = text;
    return placed;
}

static void fail_reading(kith_text text, const char *what, const struct kithp_json_fault *fault,
                         const struct plain_fault *right)
{
    fail_msg("%s: byte %u '%s', not %u '%s': %.*s", what, (unsigned)fault->offset, fault->words,
             (unsigned)right->offset, right->words, (int)text.length, text.data);
}

/* Reads a text in every way, and as the slow reader does. Returns whether it is right. */
static bool compare_at(const char *bytes, size_t length, size_t at, const char *behind, size_t behind_length,
                       uint32_t depth, struct kithp_json_tree *tree, const char *const *names, size_t count)
{
    struct placed placed = place(bytes, length, at, behind, behind_length);
    struct plain_fault right;
    struct plain_value *plain = plain_read(placed.text, depth, &right);
    for (enum kithp_scan_way way = 0; way < KITHP_SCAN_WAYS; way++) {
        if (!kithp_scan_can(way))
            continue;
        struct kithp_json_value values[KITHP_JSON_PATHS_MOST];
        struct kithp_json_fault fault = {0, ""};
        tree->way = way;
        bool fine = kithp_json_read(tree, placed.text, depth, values, &fault);
        if (fine != (plain != NULL))
            fail_reading(placed.text, fine ? "let pass" : "refused", &fault, &right);
        if (!fine && (fault.offset != right.offset || strcmp(fault.words, right.words) != 0))
            fail_reading(placed.text, "another fault", &fault, &right);
        for (size_t i = 0; fine && i < count; i++)
            assert_json_value(&values[i], plain_find(plain, names[i]), placed.text);
    }
    plain_free(plain);
    free(placed.memory);
    return right.words[0] == '\0';
}

static bool compare(const char *bytes, size_t length)
{
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    bool fine = compare_at(bytes, length, 0, "", 0, KITHP_JSON_DEPTH_MOST, &tree, paths, PATHS);
    kithp_json_tree_free(&tree);
    return fine;
}

/* ---- the grammar ---- */

static void json_texts_that_are_right_are_read(void **state)
{
    (void)state;
    static const kith_text texts[] = {
        TEXT_IN_TABLE("null"),
        TEXT_IN_TABLE("true"),
        TEXT_IN_TABLE("false"),
        TEXT_IN_TABLE("0"),
        TEXT_IN_TABLE("-0"),
        TEXT_IN_TABLE("\"\""),
        TEXT_IN_TABLE("[]"),
        TEXT_IN_TABLE("{}"),
        TEXT_IN_TABLE(" \t\r\n [ \n ] \r "),
        TEXT_IN_TABLE(" { } "),
        TEXT_IN_TABLE("[[],{},[{}],{\"a\":[]}]"),
        TEXT_IN_TABLE("{\"a\":1,\"a\":2}"),
        TEXT_IN_TABLE("{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }"),
        TEXT_IN_TABLE("[                                        1                                              ]"),
        TEXT_IN_TABLE("\"\x7F\""),
        TEXT_IN_TABLE("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uabCD\""),
        TEXT_IN_TABLE("\"\\ud83d\\ude00\""),
        TEXT_IN_TABLE("\"\\ud83d\""),
        TEXT_IN_TABLE("\"\\ude00\\ud83d\""),
        TEXT_IN_TABLE("\"\\ud83d\\u0041\""),
        TEXT_IN_TABLE("\"\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\""),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(compare(texts[i].data, texts[i].length));
}

static void json_numbers_are_checked(void **state)
{
    (void)state;
    static const char *const right[] = {"0",
                                        "-1",
                                        "10",
                                        "1.0",
                                        "0.00",
                                        "1e1",
                                        "1E+1",
                                        "1e-1",
                                        "-0.0e00",
                                        "1234567",
                                        "12345678",
                                        "123456789",
                                        "1234567890123456789012345678901234567890",
                                        "0.12345678901234567",
                                        "1e12345678901",
                                        "123456.7e8"};
    static const char *const wrong[] = {"-",          "01",       "-01", "1.",   ".1",    "+1",        "1e",
                                        "1e+",        "1.e1",     "0x1", "--1",  "1.2.3", "1e1.0",     "00",
                                        "1_0",        "Infinity", "NaN", "-a",   "1a",    "12345678a", "1234567.",
                                        "123456789e", "0e",       "-.5", "1e+-1"};
    char text[256];
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(compare(right[i], strlen(right[i])));
        snprintf(text, sizeof text, "{\"a\":[%s , %s],\"b\":%s}", right[i], right[i], right[i]);
        assert_true(compare(text, strlen(text)));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(compare(wrong[i], strlen(wrong[i])));
        snprintf(text, sizeof text, "{\"a\":[%s],\"b\":1}", wrong[i]);
        assert_false(compare(text, strlen(text)));
        snprintf(text, sizeof text, "{\"x\":[1],\"b\":%s}", wrong[i]);
        assert_false(compare(text, strlen(text)));
    }
}

struct refusal {
    kith_text text;
    unsigned offset;
    const char *words;
};

static void json_faults_are_told_with_their_byte(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {TEXT_IN_TABLE(""), 0, "expected a value, not the end"},
        {{NULL, 0}, 0, "expected a value, not the end"},
        {TEXT_IN_TABLE(" \n"), 2, "expected a value, not the end"},
        {TEXT_IN_TABLE("x"), 0, "expected a value"},
        {TEXT_IN_TABLE("\xEF\xBB\xBF{}"), 0, "expected a value"},
        {TEXT_IN_TABLE("{}x"), 2, "expected nothing behind the value"},
        {TEXT_IN_TABLE("1 2"), 2, "expected nothing behind the value"},
        {TEXT_IN_TABLE("nul"), 3, "expected null, not the end"},
        {TEXT_IN_TABLE("[tru]"), 4, "expected true"},
        {TEXT_IN_TABLE("fAlse"), 1, "expected false"},
        {TEXT_IN_TABLE("[1,]"), 3, "expected a value"},
        {TEXT_IN_TABLE("[,1]"), 1, "expected a value or a closing bracket"},
        {TEXT_IN_TABLE("[1 2]"), 3, "expected a comma or a closing bracket"},
        {TEXT_IN_TABLE("[1}"), 2, "expected a comma or a closing bracket"},
        {TEXT_IN_TABLE("[1"), 2, "expected a comma or a closing bracket, not the end"},
        {TEXT_IN_TABLE("{\"a\":1]"), 6, "expected a comma or a closing brace"},
        {TEXT_IN_TABLE("{\"a\" 1}"), 5, "expected a colon"},
        {TEXT_IN_TABLE("{\"a\":}"), 5, "expected a value"},
        {TEXT_IN_TABLE("{a:1}"), 1, "expected a name in quotes or a closing brace"},
        {TEXT_IN_TABLE("{\"a\":1,}"), 7, "expected a name in quotes"},
        {TEXT_IN_TABLE("{\"a\":1,b:2}"), 7, "expected a name in quotes"},
        {TEXT_IN_TABLE("\"a"), 2, "expected a closing quote, not the end"},
        {TEXT_IN_TABLE("\"a\nb\""), 2, "expected no control character"},
        {TEXT_IN_TABLE("\"\0\""), 1, "expected no control character"},
        {TEXT_IN_TABLE("\"\\x\""), 2, "expected an escape"},
        {TEXT_IN_TABLE("\"\\"), 2, "expected an escape, not the end"},
        {TEXT_IN_TABLE("\"\\u12G4\""), 5, "expected a hexadecimal digit"},
        {TEXT_IN_TABLE("\"\\ud83d\\u12\""), 11, "expected a hexadecimal digit"},
        {TEXT_IN_TABLE("\"ab\xC3(\""), 3, "expected UTF-8"},
        {TEXT_IN_TABLE("\"ab\xE2\x82\""), 3, "expected UTF-8"},
        {TEXT_IN_TABLE("\"ab\xE2\x82"), 3, "expected UTF-8"},
        {TEXT_IN_TABLE("\"\xC0\x80\""), 1, "expected UTF-8"},
        {TEXT_IN_TABLE("\"\xED\xA0\x80\""), 1, "expected UTF-8"},
        {TEXT_IN_TABLE("\"\xF4\x90\x80\x80\""), 1, "expected UTF-8"},
        {TEXT_IN_TABLE("-"), 1, "expected a digit, not the end"},
        {TEXT_IN_TABLE("[-x]"), 2, "expected a digit"},
        {TEXT_IN_TABLE("[1.]"), 3, "expected a digit"},
        {TEXT_IN_TABLE("[1e]"), 3, "expected a digit or a sign"},
        {TEXT_IN_TABLE("01"), 1, "expected nothing behind the value"},
        {TEXT_IN_TABLE("[01]"), 2, "expected a comma or a closing bracket"},
        /* What is wrong first is told, though it shows later. */
        {TEXT_IN_TABLE("[\"\xFF\", \"\\x\"]"), 2, "expected UTF-8"},
    };
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct placed placed = place(cases[i].text.data, cases[i].text.length, 0, "", 0);
        struct kithp_json_value values[PATHS];
        struct kithp_json_fault fault;
        assert_false(kithp_json_read(&tree, placed.text, KITHP_JSON_DEPTH_MOST, values, &fault));
        assert_string_equal(fault.words, cases[i].words);
        assert_int_equal(fault.offset, cases[i].offset);
        free(placed.memory);
        /* The slow reader, which other tests compare with, says the same. */
        assert_false(compare(cases[i].text.data, cases[i].text.length));
    }
    kithp_json_tree_free(&tree);
}

static void json_nesting_has_a_limit(void **state)
{
    (void)state;
    static const char *const wanted[] = {"0.0.0", "a.a.a.a"};
    struct kithp_json_tree tree = tree_of(&memory, wanted, 2);
    struct kithp_json_value values[2];
    struct kithp_json_fault fault;
    for (uint32_t most = 1; most <= KITHP_JSON_DEPTH_MOST; most++)
        for (uint32_t depth = most - 1; depth <= most + 1; depth++) {
            struct made made = {.length = 0};
            for (uint32_t i = 0; i < depth; i++)
                made_string(&made, "[");
            for (uint32_t i = 0; i < depth; i++)
                made_string(&made, "]");
            bool fine = compare_at(made.bytes, made.length, 0, "", 0, most, &tree, wanted, 2);
            assert_int_equal(fine, depth > 0 && depth <= most);
            made.length = 0;
            for (uint32_t i = 0; i < depth; i++)
                made_string(&made, "{\"a\":");
            made_string(&made, "1");
            for (uint32_t i = 0; i < depth; i++)
                made_string(&made, "}");
            assert_int_equal(compare_at(made.bytes, made.length, 0, "", 0, most, &tree, wanted, 2), depth <= most);
        }
    /* The limit is that of the call, whatever was let pass before. */
    for (uint32_t most = 5; most > 0; most--)
        assert_int_equal(compare_at("{\"a\":{\"a\":[1]}}", 15, 0, "", 0, most, &tree, wanted, 2), most >= 3);
    struct placed placed = place("[[[1]]]", 7, 0, "", 0);
    assert_false(kithp_json_read(&tree, placed.text, 2, values, &fault));
    assert_string_equal(fault.words, "nested more than 2 deep");
    assert_int_equal(fault.offset, 2);
    free(placed.memory);
    kithp_json_tree_free(&tree);
}

/* A row of open brackets without an end takes no more of the stack, and no look past what may be read. */
static void json_nesting_without_an_end_is_refused(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    size_t length = 100000;
    char *text = malloc(length);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = '[';
    assert_false(compare_at(text, length, 0, "[[[[", 4, 64, &tree, paths, PATHS));
    for (size_t i = 0; i < length; i++)
        text[i] = "{\"a\":"[i % 5];
    assert_false(compare_at(text, length, 0, "{\"a\":{\"a\":{\"a\":", 15, 64, &tree, paths, PATHS));
    for (size_t i = 0; i < length; i++)
        text[i] = "1,"[i % 2];
    text[0] = '[';
    assert_false(compare_at(text, length, 0, "1,1,1,1,1,", 10, 64, &tree, paths, PATHS));
    free(text);
    kithp_json_tree_free(&tree);
}

/* What could be gone through behind the end of a text, were it not looked for: more than may be read there. */
static void json_what_is_behind_a_text_is_not_followed(void **state)
{
    (void)state;
    static const char *const wanted[] = {"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0",
                                         "thirteen_byte.thirteen_byte.thirteen_byte.thirteen_byte.thirteen_byte.x"};
    struct kithp_json_tree tree = tree_of(&memory, wanted, 2);
    static const char *const behind[] = {"[", "[ ", "1,", "1 , ", "null,", "\"\",", "{}, "};
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        char bytes[KITHP_JSON_BEHIND];
        for (size_t at = 0; at < sizeof bytes; at++)
            bytes[at] = behind[i][at % strlen(behind[i])];
        assert_false(compare_at("", 0, 0, bytes, sizeof bytes, 64, &tree, wanted, 2));
        assert_false(compare_at("[", 1, 0, bytes, sizeof bytes, 64, &tree, wanted, 2));
        assert_false(compare_at("[0,", 3, 0, bytes, sizeof bytes, 64, &tree, wanted, 2));
        assert_false(compare_at("{\"a\":[", 6, 0, bytes, sizeof bytes, 64, &tree, wanted, 2));
        assert_false(compare_at("{\"a\":", 5, 0, bytes, sizeof bytes, 64, &tree, wanted, 2));
    }
    struct made made = {.length = 0};
    for (int i = 0; i < 5; i++)
        made_string(&made, "{\"thirteen_byte\":");
    made_string(&made, "{\"x\":1}}}}}}");
    /* These names are likely to come, once they have been seen. */
    assert_true(compare_at(made.bytes, made.length, 0, "", 0, 64, &tree, wanted, 2));
    for (size_t cut = 0; cut < made.length; cut++)
        assert_false(compare_at(made.bytes, cut, 0, made.bytes + cut, made.length - cut, 64, &tree, wanted, 2));
    kithp_json_tree_free(&tree);
}

/* As many brackets are open as can be, and what closes them all stands behind the text. */
static void json_brackets_behind_a_text_close_nothing(void **state)
{
    (void)state;
    static const char *const wanted[] = {"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "u.u.u.u.u.u.u.u.u.u.u.u.u.u.u.x"};
    static const char *const sorts[][3] = {{"{\"u\":", "}", " }"}, {"{\"v\":", "}", "} ,\"v\":"}, {"[", "]", " ]"}};
    static const char *const ends[] = {"1", "-12345678", "\"a\"", "null"};
    struct kithp_json_tree tree = tree_of(&memory, wanted, 2);
    for (size_t sort = 0; sort < 3; sort++)
        for (uint32_t depth = 1; depth <= KITHP_JSON_DEPTH_MOST; depth++)
            for (size_t k = 0; k < 2 * sizeof ends / sizeof *ends; k++) {
                const char *closing = sorts[sort][1 + k % 2];
                struct made made = {.length = 0};
                char behind[KITHP_JSON_BEHIND];
                for (uint32_t i = 0; i < depth; i++)
                    made_string(&made, sorts[sort][0]);
                made_string(&made, ends[k / 2]);
                for (size_t i = 0; i < sizeof behind; i++)
                    behind[i] = closing[i % strlen(closing)];
                assert_false(compare_at(made.bytes, made.length, 0, behind, sizeof behind, 64, &tree, wanted, 2));
            }
    kithp_json_tree_free(&tree);
}

/* ---- strings ---- */

static void json_every_byte_is_looked_at_wherever_it_stands_in_a_string(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 63, 64, 65, 70};
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    char text[128];
    size_t count = (size_t)tries(sizeof lengths / sizeof *lengths);
    for (size_t l = 0; l < count; l++)
        for (size_t at = 0; at < lengths[l]; at++)
            for (int byte = 0; byte < 256; byte++) {
                size_t length = lengths[l];
                memcpy(text, "{\"a\":\"", 6);
                memset(text + 6, 'x', length);
                memcpy(text + 6 + length, "\"}", 2);
                text[6 + at] = (char)byte;
                compare_at(text, length + 8, at % 3, "\"}", 2, 64, &tree, paths, PATHS);
            }
    kithp_json_tree_free(&tree);
}

static void json_utf8_is_checked_wherever_it_stands(void **state)
{
    (void)state;
    static const unsigned char firsts[] = {0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
                                           0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    static const unsigned char others[] = {0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE1, 0xF1, 0xFF};
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    uint64_t luck = 3;
    for (size_t a = 0; a < sizeof firsts; a++)
        for (size_t b = 0; b < sizeof others; b++)
            for (size_t c = 0; c < sizeof others; c++)
                for (size_t d = 0; d < sizeof others; d++) {
                    char text[128], bytes[4] = {(char)firsts[a], (char)others[b], (char)others[c], (char)others[d]};
                    size_t length = 4 + chance_below(&luck, 90), at = chance_below(&luck, (uint32_t)length - 3);
                    memset(text, 'x', sizeof text);
                    /* Other characters before it and behind it, now and then. */
                    if (at >= 4 && d % 2)
                        memcpy(text + 1 + at - 4, "\xF1\x80\x80\x80", 4);
                    if (length - at >= 6 && c % 2)
                        memcpy(text + 1 + at + 4, "\xC3\xA9", 2);
                    text[0] = '"';
                    memcpy(text + 1 + at, bytes, 4);
                    text[1 + length] = '"';
                    compare_at(text, length + 2, 0, "\x80\x80\x80\"", 4, 64, &tree, paths, PATHS);
                }
    kithp_json_tree_free(&tree);
}

static void json_escapes_are_checked_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const escapes[] = {"\\n",
                                          "\\\"",
                                          "\\\\",
                                          "\\u00e9",
                                          "\\ud83d\\ude00",
                                          "\\ud83d",
                                          "\\ud83d\\n",
                                          "\\ude00",
                                          "\\u00g0",
                                          "\\x",
                                          "\\",
                                          "\\u",
                                          "\\u1",
                                          "\\\\\\\"",
                                          "\\ud83d\\ud83d\\ude00",
                                          "\\ud83d\\u00e9",
                                          "\\\xC3\xA9",
                                          "\\ud83d\\u12x4"};
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    for (size_t e = 0; e < sizeof escapes / sizeof *escapes; e++)
        for (size_t before = 0; before < 70; before++)
            for (size_t behind = 0; behind < 40; behind += 13) {
                struct made made = {.length = 0};
                made_string(&made, "{\"b\":[\"");
                for (size_t i = 0; i < before; i++)
                    made_byte(&made, 'x');
                made_string(&made, escapes[e]);
                for (size_t i = 0; i < behind; i++)
                    made_string(&made, i % 2 ? "y" : "\\t");
                made_string(&made, "\"],\"a\":\"\\u0061\"}");
                compare_at(made.bytes, made.length, 0, "", 0, 64, &tree, paths, PATHS);
            }
    kithp_json_tree_free(&tree);
}

static void json_rows_of_backslashes_are_told_apart(void **state)
{
    (void)state;
    static const char *const behind[] = {"\"", "n\"", "ud83d\\ude00\"", "x\"", "\\\"\""};
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    for (size_t b = 0; b < sizeof behind / sizeof *behind; b++)
        for (size_t before = 0; before < 40; before++)
            for (size_t count = 0; count < 70; count++) {
                struct made made = {.length = 0};
                made_string(&made, "{\"a\":\"");
                for (size_t i = 0; i < before; i++)
                    made_byte(&made, 'x');
                for (size_t i = 0; i < count; i++)
                    made_byte(&made, '\\');
                made_string(&made, behind[b]);
                made_string(&made, "}");
                compare_at(made.bytes, made.length, 0, "\"}", 2, 64, &tree, paths, PATHS);
            }
    kithp_json_tree_free(&tree);
}

static void json_strings_mean_what_their_escapes_say(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *meant;
        bool lone;
    } cases[] = {
        {"", "", false},
        {"plain", "plain", false},
        {"a\\n\\\"\\\\\\/\\b\\f\\r\\tz", "a\n\"\\/\b\f\r\tz", false},
        {"\\u0041\\u00e9\\u20AC\\uffff", "A\xC3\xA9\xE2\x82\xAC\xEF\xBF\xBF", false},
        {"\\ud83d\\ude00!", "\xF0\x9F\x98\x80!", false},
        {"\\ud800\\udc00\\udbff\\udfff", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", false},
        {"\\ud83d!", "\xEF\xBF\xBD!", true},
        {"\\ud83d", "\xEF\xBF\xBD", true},
        {"\\ude00\\ud83d", "\xEF\xBF\xBD\xEF\xBF\xBD", true},
        {"\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD\xF0\x9F\x98\x80", true},
        {"\\ufffd", "\xEF\xBF\xBD", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char quoted[128];
        snprintf(quoted, sizeof quoted, "\"%s\"", cases[i].text);
        struct placed placed = place(quoted, strlen(quoted), 0, "", 0);
        struct kithp_json_value value;
        assert_int_equal(kithp_json_read_any(placed.text, 1, &value), placed.text.length);
        assert_int_equal(value.type, KITHP_JSON_STRING);
        assert_int_equal(value.lone, cases[i].lone);
        assert_int_equal(value.escaped, strchr(cases[i].text, '\\') != NULL);
        /* Where it lies. */
        char *in_place = placed.memory + 1;
        size_t length = kithp_json_unescape(&value, in_place);
        assert_text_equal((kith_text){in_place, length}, cases[i].meant);
        free(placed.memory);
    }
    struct kithp_json_value nul = {.text = TEXT("\\u0000a"), .type = KITHP_JSON_STRING, .escaped = true};
    char out[8];
    assert_int_equal(kithp_json_unescape(&nul, out), 2);
    assert_memory_equal(out, "\0a", 2);
}

/* ---- paths ---- */

struct finding {
    const char *text;
    const char *paths[4];
    const char *found[4]; /* as they stand; NULL for missing */
};

static void json_values_are_found_under_paths(void **state)
{
    (void)state;
    static const struct finding cases[] = {
        {"{\"id\":7,\"actor\":{\"login\":\"me\",\"id\":5},\"x\":[{\"id\":1}]}",
         {"id", "actor.login", "actor", "x.0.id"},
         {"7", "me", "{\"login\":\"me\",\"id\":5}", "1"}},
        {"[10,[20,21],{\"1\":\"one\"}]", {"0", "1.1", "2.1", "3"}, {"10", "21", "one", NULL}},
        {"{\"0\":{\"1\":true}}", {"0.1", "0", ".", "1"}, {"true", "{\"1\":true}", "{\"0\":{\"1\":true}}", NULL}},
        {" \"all\" ", {".", ".", "a", "0"}, {"all", "all", NULL, NULL}},
        {" 12 ", {".", "a", "a.b", "0"}, {"12", NULL, NULL, NULL}},
        /* Nothing is found through a value of another kind. */
        {"{\"a\":5,\"b\":null,\"c\":\"x\"}", {"a.b", "b.a", "c.0", "b"}, {NULL, NULL, NULL, "null"}},
        /* Of names that are there twice, the last one counts, with all that is in it. */
        {"{\"a\":{\"b\":1},\"a\":{\"c\":2}}", {"a.b", "a.c", "a", "b"}, {NULL, "2", "{\"c\":2}", NULL}},
        {"{\"a\":{\"b\":1},\"a\":7}", {"a.b", "a", "a.c", "c"}, {NULL, "7", NULL, NULL}},
        {"{\"a\":7,\"a\":{\"b\":1}}", {"a.b", "a", "a.c", "c"}, {"1", "{\"b\":1}", NULL, NULL}},
        /* Names are compared as they are meant. */
        {"{\"\\u0061\":1,\"b\\u0062\":2,\"\\\"\":3,\"\\ud83d\\ude00\":4}",
         {"a", "bb", "\"\\\"\"", "\xF0\x9F\x98\x80"},
         {"1", "2", "3", "4"}},
        {"{\"a.b\":1,\"\":2,\"[]\":{\"c\\n\":3},\" \":4}",
         {"\"a.b\"", "\"\"", "\"[]\".\"c\\n\"", " "},
         {"1", "2", "3", "4"}},
        /* Half a pair is no U+FFFD. */
        {"{\"\\ud83d\":1}", {"\xEF\xBF\xBD", "\"\\ufffd\"", "a", "b"}, {NULL, NULL, NULL, NULL}},
        {"{\"\\ufffd\":1}", {"\xEF\xBF\xBD", "\"\\ufffd\"", "a", "b"}, {"1", "1", NULL, NULL}},
        /* Names alike in length, at their beginning, and at their end. */
        {"{\"created_at\":1,\"created_by\":2,\"created_to_be_alike\":3,\"created_tu_be_alike\":4}",
         {"created_at", "created_by", "created_to_be_alike", "created_tu_be_alike"},
         {"1", "2", "3", "4"}},
        {"{\"a_name_of_thirteen\":1,\"twelve_bytes\":2,\"thirteen_byte\":3,\"fourteen_bytes\":4}",
         {"a_name_of_thirteen", "twelve_bytes", "thirteen_byte", "fourteen_bytes"},
         {"1", "2", "3", "4"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_json_tree tree = tree_of(&memory, cases[i].paths, 4);
        struct placed placed = place(cases[i].text, strlen(cases[i].text), 0, "", 0);
        struct kithp_json_value values[4];
        struct kithp_json_fault fault;
        /* Twice: what was learned from the first time is used the second. */
        for (int time = 0; time < 2; time++) {
            assert_true(kithp_json_read(&tree, placed.text, KITHP_JSON_DEPTH_MOST, values, &fault));
            for (int p = 0; p < 4; p++) {
                if ((values[p].type == KITHP_JSON_MISSING) != (cases[i].found[p] == NULL))
                    fail_msg("%s in %s", cases[i].paths[p], cases[i].text);
                if (cases[i].found[p])
                    assert_text_equal(values[p].text, cases[i].found[p]);
            }
        }
        free(placed.memory);
        kithp_json_tree_free(&tree);
    }
}

/* Members in any order, with others between them, read by a tree that has seen other orders. */
static void json_members_are_found_in_any_order(void **state)
{
    (void)state;
    static const char *const names[] = {"time", "member", "kind", "target", "quantity", "at", "a_long_name_for_once",
                                        "x"};
    static const char *const wanted[] = {"time", "member", "kind", "target", "quantity", "a_long_name_for_once"};
    struct kithp_json_tree tree = tree_of(&memory, wanted, 6);
    uint64_t luck = 11;
    for (uint64_t round = tries(2000); round > 0; round--) {
        struct made made = {.length = 0};
        made_string(&made, "{");
        uint32_t first = chance_below(&luck, 8), step = 1 + 2 * chance_below(&luck, 4), count = chance_below(&luck, 12);
        const char *comma = chance_below(&luck, 2) ? ", " : ",";
        for (uint32_t i = 0; i < count; i++) {
            char member[64];
            snprintf(member, sizeof member, "%s\"%s\":%s\"%u\"", i ? comma : "", names[(first + i * step) % 8],
                     chance_below(&luck, 2) ? " " : "", i);
            made_string(&made, member);
        }
        made_string(&made, "}");
        assert_true(compare_at(made.bytes, made.length, 0, "", 0, 64, &tree, wanted, 6));
    }
    kithp_json_tree_free(&tree);
}

/* ---- by chance ---- */

static void json_texts_by_chance_are_read_as_slowly(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    uint64_t luck = 1;
    for (uint64_t round = tries(4000); round > 0; round--) {
        struct made made = {.length = 0};
        made_blanks(&made, &luck);
        made_value(&made, &luck, 1 + chance_below(&luck, 6));
        made_blanks(&made, &luck);
        assert_true(compare_at(made.bytes, made.length, chance_below(&luck, PLACES), "", 0, 64, &tree, paths, PATHS));
    }
    kithp_json_tree_free(&tree);
}

static void json_texts_with_a_byte_changed_are_judged_as_slowly(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    uint64_t luck = 2;
    unsigned fine = 0, refused = 0;
    for (uint64_t round = tries(20000); round > 0; round--) {
        struct made made = {.length = 0};
        made_value(&made, &luck, 1 + chance_below(&luck, 5));
        made_mutate(&made, &luck);
        if (chance_below(&luck, 4) == 0)
            made_mutate(&made, &luck);
        bool right = compare_at(made.bytes, made.length, chance_below(&luck, PLACES), "", 0, 1 + chance_below(&luck, 6),
                                &tree, paths, PATHS);
        fine += right;
        refused += !right;
    }
    assert_true(fine > 0 && refused > 0);
    kithp_json_tree_free(&tree);
}

/* Each byte in turn becomes another, in texts whose names have been seen where they stand. */
static void json_texts_much_like_those_before_are_judged_as_slowly(void **state)
{
    (void)state;
    static const char others[] = "\"{}[]:,\\ ab0-.\n\xC3\xFF";
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    uint64_t luck = 8;
    unsigned fine = 0, refused = 0;
    for (uint64_t round = tries(60); round > 0; round--) {
        struct made made = {.length = 0};
        made_value(&made, &luck, 3 + chance_below(&luck, 3));
        for (size_t at = 0; at < made.length && at < 400; at++) {
            const char was = made.bytes[at];
            assert_true(compare_at(made.bytes, made.length, at % PLACES, "", 0, 64, &tree, paths, PATHS));
            made.bytes[at] = others[chance_below(&luck, sizeof others - 1)];
            bool right = compare_at(made.bytes, made.length, at % PLACES, "", 0, 64, &tree, paths, PATHS);
            made.bytes[at] = was;
            fine += right;
            refused += !right;
        }
    }
    assert_true(fine > 0 && refused > 0);
    kithp_json_tree_free(&tree);
}

/* More names than are remembered: none that was forgotten for another leads on where a comma is missing. */
static void json_names_that_were_forgotten_make_nothing_right(void **state)
{
    (void)state;
    static const char *const befores[] = {"b", "a_name_of_far_too_many_bytes_to_be_remembered"};
    static const char *const texts[] = {"{\"k%d\":1}",          "{\"x\":{\"k%d\":1}}",          "{\"%s\":1{\"k%d\":2}",
                                        "{\"%s\":1,\"k%d\":2}", "{\"x\":{\"%s\":1{\"k%d\":2}}", "{\"x\":,\"k%d\":2}"};
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    for (int i = 0; i < (int)tries(3000); i++)
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            char text[128];
            bool has_before = strstr(texts[t], "%s") != NULL;
            if (has_before)
                snprintf(text, sizeof text, texts[t], befores[i % 2], i);
            else
                snprintf(text, sizeof text, texts[t], i);
            assert_int_equal(compare_at(text, strlen(text), 0, "", 0, 64, &tree, paths, PATHS), t < 2 || t == 3);
        }
    kithp_json_tree_free(&tree);
}

/* The same names in objects that paths lead to, and in others. */
static void json_names_are_found_wherever_they_were_seen_before(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"a\":{\"b\":1,\"cc\":2},\"y\":{\"b\":3,\"cc\":4},\"b\":5}",
        "{\"y\":{\"b\":3,\"cc\":4},\"a\":{\"b\":1,\"cc\":2},\"b\":5}",
        "{\"y\":[{\"b\":3},{\"b\":4}],\"a\":[{\"b\":1}],\"b\":5}",
        "{\"a\":{},\"y\":{},\"b\":[]}",
        "{\"a\":{\"b\":1,\"b\":2},\"a\":{\"b\":3}}",
        "{\"a\": {\"b\": 1, \"cc\": 2}, \"y\": {\"b\": 3}}",
        "{\"a\"  :{\"b\"  :  1}  ,\"y\"  :{\"b\"  :  3}}",
        "{\"a_name_of_many_bytes_1\":[0,5],\"y\":{\"a_name_of_many_bytes_1\":[0,6]}}",
        "{\"a_name_of_far_too_many_bytes_to_be_kept\":1,\"a\":{\"b\":2}}",
    };
    enum { TEXTS = sizeof texts / sizeof *texts };
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    for (size_t first = 0; first < TEXTS; first++)
        for (size_t next = 0; next < TEXTS; next++) {
            assert_true(compare_at(texts[first], strlen(texts[first]), 0, "", 0, 64, &tree, paths, PATHS));
            assert_true(compare_at(texts[next], strlen(texts[next]), 0, "", 0, 64, &tree, paths, PATHS));
        }
    kithp_json_tree_free(&tree);
}

/* What lies behind a text would make it right. */
static void json_texts_that_are_cut_are_refused_whatever_is_behind_them(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    uint64_t luck = 5;
    for (uint64_t round = tries(200); round > 0; round--) {
        struct made made = {.length = 0};
        made_value(&made, &luck, 1 + chance_below(&luck, 4));
        size_t length = made.length < 300 ? made.length : 300;
        for (size_t cut = 0; cut < length; cut++)
            compare_at(made.bytes, cut, cut % 7, made.bytes + cut, made.length - cut, 64, &tree, paths, PATHS);
    }
    kithp_json_tree_free(&tree);
}

static void json_texts_are_read_at_every_place_in_memory(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    uint64_t luck = 6;
    for (uint64_t round = tries(20); round > 0; round--) {
        struct made made = {.length = 0};
        made_value(&made, &luck, 4);
        for (size_t at = 0; at < PLACES; at++)
            assert_true(compare_at(made.bytes, made.length, at, "", 0, 64, &tree, paths, PATHS));
    }
    kithp_json_tree_free(&tree);
}

/* ---- a value with more behind it ---- */

static void json_first_value_of_a_text_is_read(void **state)
{
    (void)state;
    static const char *const wanted[] = {"a"};
    struct kithp_json_tree tree = tree_of(&memory, wanted, 1);
    struct kithp_json_value value;
    struct placed placed = place(" {\"a\":1},{\"a\":2}", 16, 0, "", 0);
    assert_int_equal(kithp_json_read_first(&tree, placed.text, 64, &value), 8);
    assert_text_equal(value.text, "1");
    placed.text.length = 7;
    assert_int_equal(kithp_json_read_first(&tree, placed.text, 64, &value), 0);
    placed.text.length = 0;
    assert_int_equal(kithp_json_read_first(&tree, placed.text, 64, &value), 0);
    assert_int_equal(kithp_json_read_any(placed.text, 64, &value), 0);
    free(placed.memory);
    kithp_json_tree_free(&tree);
}

static void json_values_are_read_on_with_another_tree(void **state)
{
    (void)state;
    static const char *const outer[] = {"a", "s", "missing"}, *const inner[] = {"b.1", "."};
    struct kithp_json_tree outer_tree = tree_of(&memory, outer, 3), inner_tree = tree_of(&memory, inner, 2);
    static const char text[] = "{\"a\":{\"b\":[1,\"two\"]},\"s\":\"t\\n\"}";
    struct placed placed = place(text, sizeof text - 1, 0, "", 0);
    struct kithp_json_value values[3], found[2];
    struct kithp_json_fault fault;
    assert_true(kithp_json_read(&outer_tree, placed.text, 64, values, &fault));
    kithp_json_read_value(&inner_tree, &values[0], found);
    assert_text_equal(found[0].text, "two");
    assert_text_equal(found[1].text, "{\"b\":[1,\"two\"]}");
    kithp_json_read_value(&inner_tree, &values[1], found);
    assert_int_equal(found[0].type, KITHP_JSON_MISSING);
    assert_text_equal(found[1].text, "t\\n");
    assert_true(found[1].escaped);
    kithp_json_read_value(&inner_tree, &values[2], found);
    assert_int_equal(found[0].type, KITHP_JSON_MISSING);
    assert_int_equal(found[1].type, KITHP_JSON_MISSING);
    free(placed.memory);
    kithp_json_tree_free(&outer_tree);
    kithp_json_tree_free(&inner_tree);
}

static void json_elements_of_arrays_are_given_in_order(void **state)
{
    (void)state;
    uint64_t luck = 8;
    for (uint64_t round = tries(2000); round > 0; round--) {
        struct made made = {.length = 0};
        made_value(&made, &luck, 3);
        struct placed placed = place(made.bytes, made.length, 0, "", 0);
        struct plain_fault fault;
        struct plain_value *plain = plain_read(placed.text, 64, &fault);
        assert_non_null(plain);
        struct kithp_json_value value, element;
        assert_int_equal(kithp_json_read_any(placed.text, 64, &value), placed.text.length);
        assert_json_value(&value, plain, placed.text);
        struct kithp_json_elements elements;
        kithp_json_elements_begin(&elements, &value);
        size_t count = 0;
        for (; kithp_json_elements_next(&elements, &element); count++)
            assert_json_value(&element, &plain->parts[count], placed.text);
        assert_int_equal(count, plain->type == KITHP_JSON_ARRAY ? plain->count : 0);
        assert_false(kithp_json_elements_next(&elements, &element));
        plain_free(plain);
        free(placed.memory);
    }
}

static void json_members_of_objects_are_given_in_order(void **state)
{
    (void)state;
    uint64_t luck = 9;
    size_t members_seen = 0;
    for (uint64_t round = tries(2000); round > 0; round--) {
        struct made made = {.length = 0};
        made_value(&made, &luck, 3);
        struct placed placed = place(made.bytes, made.length, 0, "", 0);
        struct plain_fault fault;
        struct plain_value *plain = plain_read(placed.text, 64, &fault);
        assert_non_null(plain);
        struct kithp_json_value value, name, member;
        assert_int_equal(kithp_json_read_any(placed.text, 64, &value), placed.text.length);
        struct kithp_json_members members;
        kithp_json_members_begin(&members, &value);
        size_t count = 0;
        for (; kithp_json_members_next(&members, &name, &member); count++) {
            assert_json_value(&name, &plain->names[count], placed.text);
            assert_json_value(&member, &plain->parts[count], placed.text);
        }
        assert_int_equal(count, plain->type == KITHP_JSON_OBJECT ? plain->count : 0);
        assert_false(kithp_json_members_next(&members, &name, &member));
        members_seen += count;
        plain_free(plain);
        free(placed.memory);
    }
    assert_true(members_seen > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_texts_that_are_right_are_read),
        cmocka_unit_test(json_numbers_are_checked),
        cmocka_unit_test(json_faults_are_told_with_their_byte),
        cmocka_unit_test(json_nesting_has_a_limit),
        cmocka_unit_test(json_nesting_without_an_end_is_refused),
        cmocka_unit_test(json_what_is_behind_a_text_is_not_followed),
        cmocka_unit_test(json_brackets_behind_a_text_close_nothing),
        cmocka_unit_test(json_every_byte_is_looked_at_wherever_it_stands_in_a_string),
        cmocka_unit_test(json_utf8_is_checked_wherever_it_stands),
        cmocka_unit_test(json_escapes_are_checked_wherever_they_stand),
        cmocka_unit_test(json_rows_of_backslashes_are_told_apart),
        cmocka_unit_test(json_strings_mean_what_their_escapes_say),
        cmocka_unit_test(json_values_are_found_under_paths),
        cmocka_unit_test(json_members_are_found_in_any_order),
        cmocka_unit_test(json_texts_by_chance_are_read_as_slowly),
        cmocka_unit_test(json_texts_with_a_byte_changed_are_judged_as_slowly),
        cmocka_unit_test(json_texts_much_like_those_before_are_judged_as_slowly),
        cmocka_unit_test(json_names_are_found_wherever_they_were_seen_before),
        cmocka_unit_test(json_names_that_were_forgotten_make_nothing_right),
        cmocka_unit_test(json_texts_that_are_cut_are_refused_whatever_is_behind_them),
        cmocka_unit_test(json_texts_are_read_at_every_place_in_memory),
        cmocka_unit_test(json_first_value_of_a_text_is_read),
        cmocka_unit_test(json_values_are_read_on_with_another_tree),
        cmocka_unit_test(json_elements_of_arrays_are_given_in_order),
        cmocka_unit_test(json_members_of_objects_are_given_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
