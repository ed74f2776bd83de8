/* SPDX-License-Identifier: MIT */
#include "json_support.h"

#include "exports/json_rows.h"

/* ---- a reading, told as text ---- */

struct source {
    const char *rows;
    const char *paths[3]; /* of the document, NULL behind the last */
    uint64_t row_most;
    bool several;
};

static const struct source messages = {"messages[]", {"channel.name", "guild", NULL}, 1 << 20, false};

static void put(struct gathered *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct gathered *log, const char *format, ...)
{
    char line[2048];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    assert_true(length >= 0 && (size_t)length < sizeof line);
    gather(log, line, (size_t)length);
}

static void put_value(struct gathered *log, const struct kithp_json_value *value)
{
    if (value->type == KITHP_JSON_MISSING)
        put(log, " -");
    else
        put(log, " <%.*s>", (int)value->text.length, value->text.data);
}

static size_t path_count(const struct source *source)
{
    size_t count = 0;
    while (count < 3 && source->paths[count])
        count++;
    return count;
}

static enum kithp_json_tree_outcome init(struct kithp_json_rows *rows, struct memory *memory,
                                         const struct source *source, struct kithp_json_path_fault *fault)
{
    kith_text paths[3];
    for (size_t i = 0; i < path_count(source); i++)
        paths[i] = kith_text_of(source->paths[i]);
    struct kithp_json_rows_rules rules = {kith_text_of(source->rows), paths, path_count(source), source->row_most,
                                          source->several};
    return kithp_json_rows_init(rows, &memory->allocator, &rules, fault);
}

/* What comes of one call. True if there is another. */
static bool put_outcome(struct gathered *log, const struct kithp_json_rows *rows, enum kithp_json_rows_outcome outcome,
                        const struct kithp_json_row *row, const struct kithp_json_value *id, size_t paths)
{
    unsigned offset = (unsigned)row->fault.offset, line = (unsigned)row->line;
    switch (outcome) {
    case KITHP_JSON_ROWS_ROW:
        put(log, "%u:%u %.*s", line, offset, (int)row->text.length, row->text.data);
        put_value(log, id);
        for (size_t i = 0; i < paths; i++)
            put_value(log, &kithp_json_rows_document(rows)[i]);
        put(log, "\n");
        return true;
    case KITHP_JSON_ROWS_LONG:
        put(log, "%u:%u long %.*s\n", line, offset, (int)row->text.length, row->text.data);
        return true;
    case KITHP_JSON_ROWS_BEHIND:
        put(log, "%u:%u behind: path %u\n", line, offset, (unsigned)row->path);
        return true;
    case KITHP_JSON_ROWS_FAULT:
        put(log, "%u:%u %s\n", line, offset, row->fault.words);
        return false;
    case KITHP_JSON_ROWS_MORE:
        return true;
    default:
        put(log, "over\n");
        return false;
    }
}

/* Where a document is cut: behind each byte whose bit is set, or before every `step` bytes where that is not 0. */
struct cuts {
    uint64_t bits;
    size_t step;
    uint64_t *luck;
};

static size_t next_piece(const struct cuts *cuts, size_t at, size_t length)
{
    size_t end = at + 1;
    if (cuts->luck)
        end = at + 1 + chance_below(cuts->luck, 40);
    else if (cuts->step)
        end = at + cuts->step;
    else
        while (end < length && (end > 64 || (cuts->bits >> (end - 1) & 1) == 0))
            end++;
    return end < length ? end : length;
}

/* Reads a document in pieces; what was not consumed stays, in memory of exactly what may be read. */
static struct gathered read_in_pieces(const struct source *source, kith_text document, const struct cuts *cuts)
{
    static const kith_text id_path = TEXT_IN_TABLE("id");
    struct gathered log = {0};
    struct memory memory;
    struct kithp_json_rows rows;
    struct kithp_json_tree tree;
    struct kithp_json_path_fault fault;
    memory_init(&memory);
    assert_int_equal(init(&rows, &memory, source, &fault), KITHP_JSON_TREE_FINE);
    assert_int_equal(kithp_json_tree_init(&tree, &memory.allocator, &id_path, 1, &fault), KITHP_JSON_TREE_FINE);
    size_t begin = 0, end = next_piece(cuts, 0, document.length);
    uint64_t calls = memory.calls;
    bool more = true;
    while (more) {
        char *text = malloc(end - begin + KITHP_JSON_BEHIND);
        assert_non_null(text);
        memset(text, '7', end - begin + KITHP_JSON_BEHIND);
        if (end > begin)
            memcpy(text, document.data + begin, end - begin);
        enum kithp_json_rows_outcome outcome;
        size_t at = 0;
        do {
            struct kithp_json_value id;
            struct kithp_json_row row;
            kith_text rest = {text + at, end - begin - at};
            outcome = kithp_json_rows_read(&rows, &tree, rest, end == document.length, &id, &row);
            assert_true(row.consumed <= rest.length);
            at += row.consumed;
            more = put_outcome(&log, &rows, outcome, &row, &id, path_count(source));
        } while (more && outcome != KITHP_JSON_ROWS_MORE);
        /* Nothing is left of what is not a row. */
        assert_true(!more || end < document.length);
        begin += at;
        end = next_piece(cuts, end, document.length);
        free(text);
    }
    assert_int_equal(memory.calls, calls);
    kithp_json_rows_free(&rows);
    kithp_json_tree_free(&tree);
    assert_int_equal(memory.live, 0);
    return log;
}

static struct gathered read_whole(const struct source *source, kith_text document)
{
    return read_in_pieces(source, document, &(struct cuts){.step = SIZE_MAX / 2});
}

/* However it is cut, there is the same to tell. */
static void assert_same_in_pieces(const struct source *source, kith_text document, const struct cuts *cuts,
                                  const char *expected)
{
    struct gathered log = read_in_pieces(source, document, cuts);
    if (strcmp(log.bytes, expected) != 0)
        fail_msg("%.*s:\n%snot:\n%s", (int)document.length, document.data, log.bytes, expected);
    gathered_free(&log);
}

static void assert_same_however_cut(const struct source *source, kith_text document, const char *expected)
{
    uint64_t luck = 4;
    for (size_t step = 1; step <= document.length + 1; step++)
        assert_same_in_pieces(source, document, &(struct cuts){.step = step}, expected);
    for (uint64_t round = tries(50); round > 0; round--)
        assert_same_in_pieces(source, document, &(struct cuts){.luck = &luck}, expected);
}

struct reading {
    const char *document;
    const char *expected;
};

static void assert_readings(const struct source *source, const struct reading *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kith_text document = kith_text_of(cases[i].document);
        struct gathered log = read_whole(source, document);
        assert_string_equal(log.bytes, cases[i].expected);
        assert_same_however_cut(source, document, cases[i].expected);
        gathered_free(&log);
    }
}

#define ASSERT_READINGS(source, cases) assert_readings(source, cases, sizeof(cases) / sizeof *(cases))

/* ---- what is read ---- */

static void json_rows_are_given_with_what_stood_before_them(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {"{\"messages\":[]}", "over\n"},
        {" {\n\"guild\" : {\"id\":\"7\"} ,\n \"channel\":{\"x\":[1,{}],\"name\":\"a\\n\"},\n\"messages\": [\n "
         "{\"id\":1},\n\n"
         "  {\"id\":\"two\"} ],\"other\":{\"guild\":1}}\n",
         "5:79 {\"id\":1} <1> <a\\n> <{\"id\":\"7\"}>\n7:92 {\"id\":\"two\"} <two> <a\\n> <{\"id\":\"7\"}>\nover\n"},
        {"{\"messages\":[1,\"two\",[3],null,-4.5e6,{}]}",
         "1:13 1 - - -\n1:15 \"two\" - - -\n1:21 [3] - - -\n1:25 null - - -\n1:30 -4.5e6 - - -\n1:37 {} - - -\nover\n"},
        /* The last of what is there twice before the rows. */
        {"{\"guild\":1,\"guild\":2,\"channel\":{\"name\":3},\"channel\":null,\"messages\":[{}]}",
         "1:69 {} - - <2>\nover\n"},
        {"{\"channel\":{\"name\":1,\"name\":true},\"x\":{\"messages\":[5]},\"messages\":[{}]}",
         "1:67 {} - <true> -\nover\n"},
        /* Names with escapes. */
        {"{\"gu\\u0069ld\":\"g\",\"\\ud83d\":1,\"m\\u0065ssages\":[{\"\\u0069d\":9}]}",
         "1:46 {\"\\u0069d\":9} <9> - <g>\nover\n"},
        {"\xEF\xBB\xBF{\"messages\":[\n{}]}", "2:17 {} - - -\nover\n"},
        /* Long names, and things that nobody wants, deeper than a path. */
        {"{\"a_name_that_is_longer_than_any_that_leads_somewhere_and_all_its_bytes_as_escapes_too_______________\":1,"
         "\"z\":[[[[[[[[[[[[[[[[[[[[[[{\"guild\":1}]]]]]]]]]]]]]]]]]]]]]],\"messages\":[{}]}",
         "1:177 {} - - -\nover\n"},
    };
    ASSERT_READINGS(&messages, cases);
}

static void json_rows_may_be_the_document_or_deep_in_it(void **state)
{
    (void)state;
    static const struct source whole = {"[]", {NULL}, 1 << 20, false};
    static const struct reading whole_cases[] = {
        {"[]", "over\n"},
        {"[{\"id\":1}\n,\n{\"id\":2}\n]", "1:1 {\"id\":1} <1>\n3:12 {\"id\":2} <2>\nover\n"},
    };
    ASSERT_READINGS(&whole, whole_cases);
    static const struct source deep = {"data.\"the.items\"[]", {"data.count", "meta.0.id", NULL}, 1 << 20, false};
    static const struct reading deep_cases[] = {
        {"{\"meta\":[{\"id\":[1]},{\"id\":2}],\"data\":{\"count\":3,\"the.items\":[{\"id\":{}}],\"y\":0},\"data2\":{}}",
         "1:61 {\"id\":{}} <{}> <3> <[1]>\nover\n"},
    };
    ASSERT_READINGS(&deep, deep_cases);
    static const struct source element = {"1.0[]", {"0", NULL}, 1 << 20, false};
    static const struct reading element_cases[] = {
        {"[\"head\",[[{},{}],[{}]],[[7]]]", "1:10 {} - <head>\n1:13 {} - <head>\nover\n"},
        {"{\"0\":1,\"1\":{\"0\":[8]}}", "1:17 8 - <1>\nover\n"},
    };
    ASSERT_READINGS(&element, element_cases);
}

static void json_rows_of_several_documents_follow_one_another(void **state)
{
    (void)state;
    static const struct source several = {"messages[]", {"guild", NULL}, 1 << 20, true};
    static const struct reading cases[] = {
        {"", "over\n"},
        {" \n", "over\n"},
        {"{\"guild\":1,\"messages\":[{}]}{\"messages\":[{}]}\n\n{\"guild\":3,\"messages\":[{}]}\n",
         "1:23 {} - <1>\n1:40 {} - -\n3:69 {} - <3>\nover\n"},
        {"{\"messages\":[{}]},{}", "1:13 {} - -\n1:17 expected a value\n"},
        {"{\"messages\":[{}]}{", "1:13 {} - -\n1:18 expected a name in quotes or a closing brace, not the end\n"},
    };
    ASSERT_READINGS(&several, cases);
    static const struct reading alone[] = {
        {"{\"messages\":[{}]} {}", "1:13 {} - - -\n1:18 expected nothing behind the value\n"},
    };
    ASSERT_READINGS(&messages, alone);
}

static void json_rows_faults_are_told_where_they_are(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {"", "1:0 expected a value, not the end\n"},
        {"\n\n", "3:2 expected a value, not the end\n"},
        {"\xEF\xBB", "1:0 expected a value\n"},
        {"[]", "1:2 expected rows before the document's end\n"},
        {"5", "1:1 expected rows before the document's end\n"},
        {"{\"a\":{\"messages\":[1]}}", "1:22 expected rows before the document's end\n"},
        {"{\n\"messages\":null}", "2:13 expected an array of rows\n"},
        {"{\"messages\":{\"id\":1}}", "1:12 expected an array of rows\n"},
        {"{\"messages\":[{\"id\":1},]}", "1:13 {\"id\":1} <1> - -\n1:22 expected a value\n"},
        {"{\"messages\":[{\"id\":1}{}]}", "1:13 {\"id\":1} <1> - -\n1:21 expected a comma or a closing bracket\n"},
        {"{\"messages\":[{\"id\":1},{\"id\":\n\"\xC3(\"}]}", "1:13 {\"id\":1} <1> - -\n2:30 expected UTF-8\n"},
        {"{\"messages\":[{\"id\":1", "1:20 expected a comma or a closing brace, not the end\n"},
        {"{\"messages\":[5", "1:14 expected a comma or a closing bracket, not the end\n"},
        {"{\"messages\":[{}", "1:13 {} - - -\n1:15 expected a comma or a closing bracket, not the end\n"},
        {"{\"other\":[1,2,{\"x\":tru}],\"messages\":[]}", "1:22 expected true\n"},
        {"{\"guild\":\"\\x\"}", "1:11 expected an escape\n"},
        {"{\"messages\":[{}],\"messages\":[{}]}", "1:13 {} - - -\n1:28 expected no rows a second time\n"},
    };
    ASSERT_READINGS(&messages, cases);
    static const struct source deep = {"data.items[]", {NULL}, 1 << 20, false};
    static const struct reading twice[] = {
        {"{\"data\":1,\"data\":{\"items\":[]},\"data\":2}", "1:37 expected no rows a second time\n"},
        {"{\"data\":1,\"data\":{\"items\":[],\"items\":3}}", "1:37 expected no rows a second time\n"},
    };
    ASSERT_READINGS(&deep, twice);
}

static void json_rows_tell_what_stands_behind_them(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {"{\"messages\":[{}],\n\"guild\":{\"id\":[1]},\"channel\":{\"id\":1,\"name\":\"x\"}}",
         "1:13 {} - - -\n2:26 behind: path 1\n2:62 behind: path 0\nover\n"},
        /* Something that was there before, and would not be any more. */
        {"{\"channel\":{\"name\":1},\"messages\":[{}],\"channel\":{}}", "1:34 {} - <1> -\n1:48 behind: path 0\nover\n"},
        {"{\"messages\":[{}],\"channel\":{\"names\":1}}", "1:13 {} - - -\nover\n"},
        {"{\"messages\":[{}],\"guild\":tru}", "1:13 {} - - -\n1:25 behind: path 1\n1:28 expected true\n"},
    };
    ASSERT_READINGS(&messages, cases);
}

static void json_rows_that_are_too_long_cost_themselves_alone(void **state)
{
    (void)state;
    static const struct source brief = {"[]", {NULL}, 8, false};
    static const struct reading cases[] = {
        {"[{\"id\":1},{\"id\":12},{\"id\":3}]",
         "1:1 {\"id\":1} <1>\n1:10 long {\"id\":12\n1:20 {\"id\":3} <3>\nover\n"},
        {"[12345678,123456789,1]", "1:1 12345678 -\n1:10 long 12345678\n1:20 1 -\nover\n"},
        {"[\"123456\",\"1234567\",\"1234567890123456789012345678901234567890\"\n,1]",
         "1:1 \"123456\" -\n1:10 long \"1234567\n1:20 long \"1234567\n2:64 1 -\nover\n"},
        {"[[[[\n[1,2,3]]]],1]", "1:1 long [[[\n[1,2\n2:16 1 -\nover\n"},
        /* Its end cannot be found. */
        {"[[1,2,3,4,5,x],1]", "1:1 long [1,2,3,4\n1:12 expected a value\n"},
        {"[[1,2,3,4,5", "1:1 long [1,2,3,4\n1:11 expected a comma or a closing bracket, not the end\n"},
        /* What is wrong before it is too long. */
        {"[[1,2,3x,4,5],1]", "1:7 expected a comma or a closing bracket\n"},
    };
    ASSERT_READINGS(&brief, cases);
}

static void json_rows_keep_no_more_than_they_have_room_for(void **state)
{
    (void)state;
    static const struct source source = {"r[]", {"v", NULL}, 1 << 20, false};
    for (size_t over = 0; over < 2; over++) {
        size_t length = KITHP_JSON_ROWS_KEPT_MOST - 2 + over;
        char *text = malloc(length + 32);
        assert_non_null(text);
        memcpy(text, "{\"v\":\"", 6);
        memset(text + 6, 'x', length);
        memcpy(text + 6 + length, "\",\"r\":[0]}", 11);
        for (size_t step = 1; step < 100000; step += 33333) {
            struct memory memory;
            struct kithp_json_rows rows;
            struct kithp_json_tree none;
            struct kithp_json_path_fault fault;
            memory_init(&memory);
            assert_int_equal(init(&rows, &memory, &source, &fault), KITHP_JSON_TREE_FINE);
            assert_int_equal(kithp_json_tree_init(&none, &memory.allocator, NULL, 0, &fault), KITHP_JSON_TREE_FINE);
            char *copy = malloc(length + 16 + KITHP_JSON_BEHIND);
            assert_non_null(copy);
            memset(copy, 0, length + 16 + KITHP_JSON_BEHIND);
            struct kithp_json_row row;
            enum kithp_json_rows_outcome outcome = KITHP_JSON_ROWS_MORE;
            for (size_t begin = 0, end = step; outcome == KITHP_JSON_ROWS_MORE; begin += row.consumed, end += step) {
                end = end < length + 16 ? end : length + 16;
                memcpy(copy, text + begin, end - begin);
                outcome =
                    kithp_json_rows_read(&rows, &none, (kith_text){copy, end - begin}, end == length + 16, NULL, &row);
            }
            assert_int_equal(outcome, over ? KITHP_JSON_ROWS_FAULT : KITHP_JSON_ROWS_ROW);
            if (over)
                assert_string_equal(row.fault.words, "expected 65536 bytes at most of the document's own fields");
            else
                assert_int_equal(kithp_json_rows_document(&rows)[0].text.length, length);
            free(copy);
            kithp_json_rows_free(&rows);
            kithp_json_tree_free(&none);
        }
        free(text);
    }
}

/* ---- every cutting ---- */

static void json_rows_are_the_same_in_every_cutting(void **state)
{
    (void)state;
    static const char *const documents[] = {"[{\"id\":12},\"a\"]", "[1,\"\\u00e9\", []]",
                                            "[{\"i\\u0064\":\"\xC3\xA9\"}]"};
    static const struct source whole = {"[]", {NULL}, 9, false};
    for (size_t d = 0; d < sizeof documents / sizeof *documents; d++) {
        kith_text document = kith_text_of(documents[d]);
        struct gathered log = read_whole(&whole, document);
        assert_non_null(strstr(log.bytes, "over\n"));
        uint64_t all = UINT64_C(1) << (document.length - 1), step = all / (tries(8192) + 1) + 1;
        for (uint64_t bits = 0; bits < all; bits += step)
            assert_same_in_pieces(&whole, document, &(struct cuts){.bits = bits}, log.bytes);
        gathered_free(&log);
    }
}

/* ---- by chance, beside the slow reader ---- */

static void put_plain(struct gathered *log, const struct plain_value *value, const char *text)
{
    bool string = value && value->type == KITHP_JSON_STRING;
    if (!value)
        put(log, " -");
    else
        put(log, " <%.*s>", (int)(value->end - value->begin - (string ? 2 : 0)), text + value->begin + string);
}

/* What a reading of a right document must tell, where nothing is behind its rows. */
static struct gathered expect(const struct plain_value *document, kith_text text)
{
    struct gathered log = {0};
    const struct plain_value *rows = plain_find(document, "messages");
    for (size_t i = 0; i < rows->count; i++) {
        const struct plain_value *row = &rows->parts[i];
        unsigned line = 1;
        for (size_t at = 0; at < row->begin; at++)
            line += text.data[at] == '\n';
        put(&log, "%u:%u %.*s", line, (unsigned)row->begin, (int)(row->end - row->begin), text.data + row->begin);
        put_plain(&log, plain_find(row, "id"), text.data);
        put_plain(&log, plain_find(document, "channel.name"), text.data);
        put_plain(&log, plain_find(document, "guild"), text.data);
        put(&log, "\n");
    }
    put(&log, "over\n");
    return log;
}

static void made_member(struct made *made, uint64_t *luck, const char *name, uint32_t depth)
{
    made_string(made, name);
    made_blanks(made, luck);
    made_string(made, ":");
    made_blanks(made, luck);
    made_value(made, luck, depth);
    made_blanks(made, luck);
    made_string(made, ",");
    made_blanks(made, luck);
}

static void made_document(struct made *made, uint64_t *luck)
{
    static const char *const names[] = {"\"guild\"", "\"channel\"", "\"x\"", "\"gu\\u0069ld\"", "\"message\""};
    made_blanks(made, luck);
    made_string(made, "{");
    for (uint32_t i = chance_below(luck, 4); i > 0; i--)
        made_member(made, luck, names[chance_below(luck, 5)], chance_below(luck, 3));
    if (chance_below(luck, 2))
        made_string(made, "\"channel\":{\"name\": \"general\" , \"z\":[]},");
    made_string(made, "\"messages\":[");
    for (uint32_t i = chance_below(luck, 5); i > 0; i--) {
        made_blanks(made, luck);
        if (chance_below(luck, 3)) {
            made_string(made, "{");
            made_member(made, luck, "\"id\"", 1);
            made_string(made, "\"b\":0}");
        } else {
            made_value(made, luck, 2);
        }
        made_blanks(made, luck);
        made_string(made, i > 1 ? "," : "");
    }
    made_string(made, "]");
    made_blanks(made, luck);
    made_string(made, "}");
}

static void json_rows_by_chance_are_those_of_the_slow_reader(void **state)
{
    (void)state;
    uint64_t luck = 9, cutting = 10;
    unsigned compared = 0;
    for (uint64_t round = tries(600); round > 0; round--) {
        struct made made = {.length = 0};
        made_document(&made, &luck);
        kith_text text = {made.bytes, made.length};
        struct plain_fault fault;
        struct plain_value *plain = plain_read(text, KITHP_JSON_DEPTH_MOST, &fault);
        /* Too long for what is made, now and then. */
        if (!plain)
            continue;
        compared++;
        struct gathered right = expect(plain, text);
        assert_same_in_pieces(&messages, text, &(struct cuts){.step = SIZE_MAX / 2}, right.bytes);
        assert_same_in_pieces(&messages, text, &(struct cuts){.step = 1}, right.bytes);
        for (int i = 0; i < 4; i++)
            assert_same_in_pieces(&messages, text, &(struct cuts){.luck = &cutting}, right.bytes);
        gathered_free(&right);
        plain_free(plain);
    }
    assert_true(compared > tries(600) / 2);
}

static void json_rows_with_a_byte_changed_are_the_same_however_cut(void **state)
{
    (void)state;
    uint64_t luck = 12, cutting = 13;
    unsigned refused = 0;
    for (uint64_t round = tries(1500); round > 0; round--) {
        struct made made = {.length = 0};
        made_document(&made, &luck);
        made_mutate(&made, &luck);
        kith_text text = {made.bytes, made.length};
        struct source source = messages;
        source.row_most = 1 + chance_below(&luck, 60);
        struct gathered log = read_whole(&source, text);
        for (int i = 0; i < 3; i++)
            assert_same_in_pieces(&source, text, &(struct cuts){.luck = &cutting}, log.bytes);
        assert_same_in_pieces(&source, text, &(struct cuts){.step = 1}, log.bytes);
        /* What the grammar does not allow is told as the slow reader tells it, unless something else came before. */
        struct plain_fault fault;
        struct plain_value *plain = plain_read(text, KITHP_JSON_DEPTH_MOST, &fault);
        char told[128];
        snprintf(told, sizeof told, ":%u %s\n", (unsigned)fault.offset, fault.words);
        if (!plain) {
            refused++;
            assert_null(strstr(log.bytes, "over\n"));
            if (!strstr(log.bytes, "rows"))
                assert_non_null(strstr(log.bytes, told));
        }
        plain_free(plain);
        gathered_free(&log);
    }
    assert_true(refused > 0);
}

/* ---- rules ---- */

static void json_rows_say_which_path_is_wrong(void **state)
{
    (void)state;
    static const struct {
        struct source source;
        unsigned path;
        unsigned offset;
        const char *words;
    } cases[] = {
        {{"messages", {"a", NULL}, 1, false}, 1, 8, "expected [] at the end"},
        {{"", {NULL}, 1, false}, 0, 0, "expected [] at the end"},
        {{"a.[]", {"b", "c", NULL}, 1, false}, 2, 2, "expected a name"},
        {{"a[].b[]", {"b", NULL}, 1, false}, 1, 1, "expected a dot, or quotes around the name"},
        {{"a[]", {"b", "c..d", NULL}, 1, false}, 1, 2, "expected a name"},
        {{"a.b[]", {"c", "a", NULL}, 1, false}, 1, 0, "expected a path that neither holds the rows nor lies in them"},
        {{"a.b[]", {"c", "a.b", NULL}, 1, false}, 1, 0, "expected a path that neither holds the rows nor lies in them"},
        {{"a.b[]", {"a.b.0", NULL}, 1, false}, 0, 0, "expected a path that neither holds the rows nor lies in them"},
        {{"[]", {"a", NULL}, 1, false}, 0, 0, "expected a path that neither holds the rows nor lies in them"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct memory memory;
        struct kithp_json_rows rows;
        struct kithp_json_path_fault fault;
        memory_init(&memory);
        assert_int_equal(init(&rows, &memory, &cases[i].source, &fault), KITHP_JSON_TREE_FAULT);
        assert_string_equal(fault.words, cases[i].words);
        assert_int_equal(fault.path, cases[i].path);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_int_equal(memory.live, 0);
    }
}

static void json_rows_without_memory_leave_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    bool fine = false;
    for (uint64_t more = 0; !fine; more++) {
        struct kithp_json_rows rows;
        struct kithp_json_path_fault fault;
        memory_fail_after(&memory, more);
        enum kithp_json_tree_outcome outcome = init(&rows, &memory, &messages, &fault);
        memory_fail_never(&memory);
        fine = outcome == KITHP_JSON_TREE_FINE;
        if (fine)
            kithp_json_rows_free(&rows);
        else
            assert_int_equal(outcome, KITHP_JSON_TREE_NO_MEMORY);
        assert_int_equal(memory.live, 0);
        assert_true(more < 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_rows_are_given_with_what_stood_before_them),
        cmocka_unit_test(json_rows_may_be_the_document_or_deep_in_it),
        cmocka_unit_test(json_rows_of_several_documents_follow_one_another),
        cmocka_unit_test(json_rows_faults_are_told_where_they_are),
        cmocka_unit_test(json_rows_tell_what_stands_behind_them),
        cmocka_unit_test(json_rows_that_are_too_long_cost_themselves_alone),
        cmocka_unit_test(json_rows_keep_no_more_than_they_have_room_for),
        cmocka_unit_test(json_rows_are_the_same_in_every_cutting),
        cmocka_unit_test(json_rows_by_chance_are_those_of_the_slow_reader),
        cmocka_unit_test(json_rows_with_a_byte_changed_are_the_same_however_cut),
        cmocka_unit_test(json_rows_say_which_path_is_wrong),
        cmocka_unit_test(json_rows_without_memory_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
