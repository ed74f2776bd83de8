/* SPDX-License-Identifier: MIT */
/* What is guessed of exports of many shapes; and that it reads them. */
#include "inspect_support.h"

/* A policy with every kind that the description gives: what was guessed, or else the export's own. */
static kith_policy *policy_for(const kith_inspection *inspection)
{
    char text[8192] = "";
    kith_inspection_info info = info_of(inspection);
    if (info.one_kind.length > 0)
        snprintf(text, sizeof text, "[kind %.*s]\n", (int)info.one_kind.length, info.one_kind.data);
    for (uint32_t i = 0; i < info.kinds; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        assert_int_equal(kith_inspection_get_kind(inspection, i, &kind, NULL), KITH_OK);
        kith_text name = kind.kind.length > 0 ? kind.kind : kind.name;
        char line[256];
        snprintf(line, sizeof line, "[kind %.*s]\n", (int)name.length, name.data);
        if (!strstr(text, line))
            strcat(text, line);
    }
    return policy_of(text);
}

/* Reads a text by the description that was guessed from it: each row must give an event. */
static void assert_description_reads(const kith_inspection *inspection, kith_text text)
{
    kith_error error = NO_ERROR;
    kith_source *source = NULL;
    struct gathered description = description_of(inspection);
    kith_status parsed =
        kith_source_parse((kith_text){description.bytes, description.length}, NULL, NULL, &source, &error);
    if (parsed != KITH_OK)
        fail_msg("%s\n%s", error.message, description.bytes);
    kith_policy *policy = policy_for(inspection);
    kith_engine *engine = NULL;
    kith_engine_options options = {.size = sizeof options, .members = KITH_NAMED, .future = -1};
    assert_status(kith_engine_new(policy, &options, &engine, &error), KITH_OK, &error);
    struct bytes_source bytes = {.bytes = text.data, .length = text.length};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &bytes, .source = source};
    kith_added added = {.size = sizeof added};
    assert_status(kith_engine_add_export(engine, &input, &added, &error), KITH_OK, &error);
    assert_int_equal(added.taken, info_of(inspection).rows);
    assert_int_equal(added.rejected, info_of(inspection).refused);
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    assert_int_equal(info.first_event, info_of(inspection).first_time);
    assert_int_equal(info.last_event, info_of(inspection).last_time);
    kith_engine_free(engine);
    kith_policy_free(policy);
    kith_source_free(source);
    gathered_free(&description);
}

static void assert_guess(const char *text, const char *expected)
{
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    assert_status(inspect_text(inspection, kith_text_of(text), NULL, &error), KITH_OK, &error);
    char *summary = summary_of(inspection);
    assert_string_equal(summary, expected);
    if (info_of(inspection).complete)
        assert_description_reads(inspection, kith_text_of(text));
    free(summary);
    kith_inspection_free(inspection);
}

static void inspect_csv_of_many_shapes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        /* kith's own */
        {"time,member,kind,target,quantity,id\n2026-01-02,ana,post,,,1\n2026-01-03,ben,like,ana,2,2\n",
         "csv , 2 rows | time=time (ISO 8601) member=member kind=kind target=target quantity=quantity id=id"},
        /* a forum's */
        {"post_id;created_at;author;type;reply_to_user;likes\n"
         "1;2026-01-02 10:00:00;ana;topic;;5\n2;2026-01-02 11:00:00;ben;reply;ana;0\n"
         "3;2026-01-02 12:00:00;cleo;reply;ben;1\n4;2026-01-03 12:00:00;ana;reply;cleo;0\n",
         "csv ; 4 rows | time=created_at (ISO 8601) member=author kind=type target=reply_to_user id=post_id"},
        /* of a spreadsheet: days first */
        {"Date\tUser name\tActivity\n31/01/2026 9:15\tAna\tComment\n01/02/2026 18:00\tBen\tTopic created\n",
         "csv t 2 rows | time=Date (%d/%m/%Y %H:%M) member=User name kind=Activity"},
        /* months first */
        {"when|who|action\n1/31/2026 9:15 AM|Ana|joined\n2/1/2026 6:00 PM|Ben|login\n",
         "csv | 2 rows | time=when (%m/%d/%Y %I:%M %p) member=who kind=action"},
        {"ts,user_id,event\n1767225600123,17,view\n1767225700456,18,view\n",
         "csv , 2 rows | time=ts (milliseconds) member=user_id kind=event"},
        {"timestamp,user,verb\n1767225600,ana,view\n1767225700,ben,like\n",
         "csv , 2 rows | time=timestamp (seconds) member=user kind=verb"},
        /* nothing tells kinds */
        {"id,created,username,body\n1,2026-01-02,ana,hello\n2,2026-01-03,ben,hello to you\n",
         "csv , 2 rows | time=created (ISO 8601) member=username id=id 'post'"},
        /* one row */
        {"time,member,kind\n2026-01-02,ana,post", "csv , 1 rows | time=time (ISO 8601) member=member kind=kind"},
        /* names that need quotes, and a delimiter that is not the first one's */
        {"\"created; at\";\"who's | it\";\"a/b?\"\n2026-01-02,5;ana;x\n", "csv ; 1 rows | 'post'"},
        {"created at;who's it | user;event / type\n2026-01-02T10:00;ana;post\n",
         "csv ; 1 rows | time=created at (ISO 8601) member=\"who's it | user\" kind=\"event / type\""},
        {"  created_at ,user\n2026-01-02,ana\n", "csv , 1 rows | time=\"  created_at \" (ISO 8601) member=user 'post'"},
        /* a byte order mark, empty lines, CR LF, fields of several lines */
        {"\xEF\xBB\xBF\r\ntime,member,kind\r\n\r\n2026-01-02,\"ana\r\nmaria\",post\r\n",
         "csv , 1 rows | time=time (ISO 8601) member=member kind=kind"},
        /* rows that are none */
        {"time,member,kind\n2026-01-02,ana,post\n2026-01-02,ana\n2026-01-03,b\"n,like\n2026-01-04,ben,like\n",
         "csv , 2 rows 2 refused | time=time (ISO 8601) member=member kind=kind"},
        /* an id that comes again is none of the events, nor is a number for each member */
        {"id,created_at,user\n7,2026-01-02,ana\n7,2026-01-03,ana\n8,2026-01-03,ben\n",
         "csv , 3 rows | time=created_at (ISO 8601) member=user 'post'"},
        /* the later change is not when it happened */
        {"updated_at,created_at,user\n2026-02-02,2026-01-02,ana\n2026-02-03,2026-01-03,ben\n",
         "csv , 2 rows | time=created_at (ISO 8601) member=user 'post'"},
        {"updated_at,user\n2026-02-02,ana\n", "csv , 1 rows | time=updated_at (ISO 8601) member=user 'post'"},
        /* quantities are whole and not 0 */
        {"time,member,kind,count\n2026-01-02,ana,post,0\n2026-01-02,ben,post,2\n",
         "csv , 2 rows | time=time (ISO 8601) member=member kind=kind"},
        {"time,member,kind,count\n2026-01-02,ana,post,1\n2026-01-02,ben,post,2\n",
         "csv , 2 rows | time=time (ISO 8601) member=member kind=kind quantity=count"},
        /* kinds with bytes that mean something else in a description */
        {"time,member,kind\n2026-01-02,ana,like; it\n2026-01-02,ben,like= it\n2026-01-02,ben,# like\n",
         "csv , 3 rows | time=time (ISO 8601) member=member kind=kind"},
        /* nothing that could be an event */
        {"a,b\n1,2\n", "csv , 1 rows | 'post'"},
        {"time,member,kind\n", "csv , 0 rows | 'post'"},
        {"x\n", "csv , 0 rows | 'post'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_guess(cases[i][0], cases[i][1]);
}

static void inspect_json_of_many_shapes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"type\":\"comment\",\"actor\":{\"id\":1,\"login\":\"ana\",\"url\":\"u\"},\"created_at\":\"2026-01-02T10:00:"
         "00Z\"}\n"
         "{\"type\":\"like\",\"actor\":{\"id\":2,\"login\":\"ben\",\"url\":\"v\"},\"created_at\":\"2026-01-02T11:00:"
         "00Z\"}\n",
         "ndjson 2 rows | time=created_at (ISO 8601) member=actor.login kind=type"},
        /* a line that is no JSON, one that is empty, none at the end */
        {"{\"ts\":\"1767225600.000100\",\"user\":\"U1\"}\n\n{\"ts\":\n{\"ts\":\"1767225700.0\",\"user\":\"U2\"}",
         "ndjson 2 rows 1 refused | time=ts (seconds) member=user 'post'"},
        /* the first line is the one that is none */
        {"{\"ts\":}\n{\"ts\":1767225600,\"user\":\"U1\"}\n{\"ts\":1767225700,\"user\":\"U2\"}\n",
         "ndjson 2 rows 1 refused | time=ts (seconds) member=user 'post'"},
        {"[{\"ts\":1767225600,\"user\":\"U1\"},\n {\"ts\":1767225700,\"user\":\"U2\"}]",
         "json [] 2 rows | time=ts (seconds) member=user 'post'"},
        /* rows in a document, printed over many lines */
        {"{\n  \"channel\": {\"name\": \"general\", \"id\": 5},\n  \"pins\": [{\"x\": 1}],\n  \"messages\": [\n"
         "    {\"id\": \"1\", \"timestamp\": \"2026-01-02T10:00:00Z\", \"author\": {\"name\": \"ana\"}, \"type\": "
         "\"Default\"},\n"
         "    {\"id\": \"2\", \"timestamp\": \"2026-01-02T11:00:00Z\", \"author\": {\"name\": \"ben\"}, \"type\": "
         "\"Reply\"}\n"
         "  ]\n}\n",
         "json messages[] 2 rows | time=timestamp (ISO 8601) member=author.name kind=type id=id"},
        /* the same in one line; deeper */
        {"{\"data\":{\"a.b\":{\"items\":[{\"date\":\"2026-01-02\",\"who\":\"ana\"},{\"date\":\"2026-01-03\",\"who\":"
         "\"ben\"}]}}}",
         "json data.\"a.b\".items[] 2 rows | time=date (ISO 8601) member=who 'post'"},
        /* a single object is a row where most of it is no list */
        {"{\"created_at\":\"2026-01-02\",\"user\":\"ana\",\"kind\":\"post\",\"tags\":[{\"a\":1}]}",
         "ndjson 1 rows | time=created_at (ISO 8601) member=user kind=kind"},
        {"{\"created_at\":\n\"2026-01-02\",\"rows\":[{\"created\":\"2026-01-02\",\"user\":\"ana\"}]}",
         "json rows[] 1 rows | time=created (ISO 8601) member=user 'post'"},
        /* names of rows that mean something else in a description */
        {"{\"time\":\"2026-01-02\",\"document\":{\"user\":\"ana\"},\"kind\":\"post\"}\n{\"time\":\"2026-01-03\","
         "\"document\":{\"user\":\"ben\"},\"kind\":\"post\"}\n",
         "ndjson 2 rows | time=time (ISO 8601) kind=kind"},
        {"{\"event time\":\"2026-01-02\",\"user / name\":\"ana\",\"a=b; type\":\"post\"}\n",
         "ndjson 1 rows | time=event time (ISO 8601) member=\"user / name\" kind=\"a\\u003db\\u003b type\""},
        {"[{\"time\":\"2026-01-02\",\"document\":{\"author\":{\"login\":\"ana\"}}}]",
         "json [] 1 rows | time=time (ISO 8601) member=\"document\".author.login 'post'"},
        /* rows that are arrays */
        {"[[\"2026-01-02\",\"ana\"],[\"2026-01-03\",\"ben\"]]", "json [] 2 rows | time=0 (ISO 8601) 'post'"},
        /* what acts on whom */
        {"{\"at\":\"2026-01-02\",\"from\":\"ana\",\"to\":\"ben\",\"type\":\"like\"}\n"
         "{\"at\":\"2026-01-03\",\"from\":\"ben\",\"to\":\"ana\",\"type\":\"like\"}\n"
         "{\"at\":\"2026-01-03\",\"from\":\"cleo\",\"to\":\"ana\",\"type\":\"share\"}\n",
         "ndjson 3 rows | time=at (ISO 8601) member=from kind=type target=to"},
        {"[]", "json [] 0 rows | 'post'"},
        {"[1,2]", "json [] 2 rows | 'post'"},
        {" \n {}\n", "ndjson 1 rows | 'post'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_guess(cases[i][0], cases[i][1]);
}

static kith_inspected_field field_named(const kith_inspection *inspection, const char *path)
{
    kith_inspected_field field = {.size = sizeof field};
    kith_inspection_info info = info_of(inspection);
    for (uint32_t i = 0; i < info.fields; i++) {
        assert_int_equal(kith_inspection_get_field(inspection, i, &field, NULL), KITH_OK);
        if (field.path.length == strlen(path) && memcmp(field.path.data, path, field.path.length) == 0)
            return field;
    }
    fail_msg("there is no field %s", path);
    return field;
}

static void inspect_fields_are_told_with_their_values(void **state)
{
    (void)state;
    static const char text[] =
        "{\"n\":1,\"b\":true,\"s\":\"x\\ny\",\"o\":{\"in\":2.5},\"l\":[{\"id\":1,\"k\":[\"p\",\"q\"]},{\"id\":2,\"k\":["
        "]}],\"e\":\"\"}\n"
        "{\"n\":2,\"b\":false,\"s\":\"x\\ny\",\"o\":null,\"l\":[],\"e\":null,\"when\":\"2026-01-02\"}\n";
    static const struct {
        const char *path;
        uint32_t type, there, of, distinct;
        const char *first;
    } expected[] = {
        {"n", KITH_TYPE_WHOLE, 2, 2, 2, "1"},     {"b", KITH_TYPE_BOOLEAN, 2, 2, 2, "true"},
        {"s", KITH_TYPE_TEXT, 2, 2, 1, "x\ny"},   {"o.in", KITH_TYPE_NUMBER, 1, 2, 1, "2.5"},
        {"l", KITH_TYPE_LIST, 1, 2, 0, NULL},     {"l[].id", KITH_TYPE_WHOLE, 2, 2, 2, "1"},
        {"l[].k", KITH_TYPE_LIST, 1, 2, 0, NULL}, {"l[].k[]", KITH_TYPE_TEXT, 2, 2, 2, "p"},
        {"e", KITH_TYPE_EMPTY, 0, 2, 0, NULL},    {"when", KITH_TYPE_TIME, 1, 2, 1, "2026-01-02"},
    };
    kith_inspection *inspection = new_inspection(NULL);
    kith_error error = NO_ERROR;
    assert_status(inspect_text(inspection, kith_text_of(text), NULL, &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).fields, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        kith_inspected_field field = field_named(inspection, expected[i].path);
        assert_int_equal(field.type, expected[i].type);
        assert_int_equal(field.there, expected[i].there);
        assert_int_equal(field.of, expected[i].of);
        assert_int_equal(field.distinct, expected[i].distinct);
        assert_int_equal(field.about, 0);
        assert_int_equal(field.example_count > 0, expected[i].first != NULL);
        if (expected[i].first)
            assert_text_equal(field.examples[0], expected[i].first);
    }
    kith_inspection_free(inspection);
}

static void inspect_fields_of_the_document_are_told(void **state)
{
    (void)state;
    static const char text[] =
        "{\"guild\":{\"name\":\"G\",\"n\":7},\"rows\":[{\"a\":1}],\"behind\":1,\"guild\":{\"late\":2}}";
    kith_inspection *inspection = new_inspection(NULL);
    kith_error error = NO_ERROR;
    assert_status(inspect_text(inspection, kith_text_of(text), "x.json", &error), KITH_OK, &error);
    /* One object alone is a row, where it is not mostly a list of several. */
    assert_int_equal(info_of(inspection).format, KITH_FORMAT_NDJSON);
    kith_inspection_free(inspection);
    inspection = new_inspection(NULL);
    static const char document[] =
        "{\n\"guild\":{\"name\":\"G\",\"n\":7},\"rows\":[{\"a\":1},{\"a\":2}],\"behind\":1,\"guild\":{\"late\":2}}";
    assert_status(inspect_text(inspection, kith_text_of(document), NULL, &error), KITH_OK, &error);
    kith_inspected_field name = field_named(inspection, "document.guild.name");
    assert_int_equal(name.documents, 1);
    assert_int_equal(name.there, 1);
    assert_int_equal(name.of, 1);
    assert_text_equal(name.examples[0], "G");
    assert_int_equal(field_named(inspection, "document.guild.n").type, KITH_TYPE_WHOLE);
    /* What stands behind the rows cannot be used of them. */
    assert_int_equal(info_of(inspection).fields, 3);
    kith_inspection_free(inspection);
}

static void inspect_kinds_are_told_most_frequent_first(void **state)
{
    (void)state;
    static const char text[] = "time,member,kind\n2026-01-02,a,like\n2026-01-02,a,zap\n2026-01-02,b,TopicCreated\n"
                               "2026-01-02,b,zap\n2026-01-02,b,zap\n2026-01-02,b,like\n";
    static const struct {
        const char *name, *kind;
        unsigned count;
    } expected[] = {{"zap", "", 3}, {"like", "like", 2}, {"TopicCreated", "post", 1}};
    kith_inspection *inspection = new_inspection(NULL);
    kith_error error = NO_ERROR;
    assert_status(inspect_text(inspection, kith_text_of(text), NULL, &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).kinds, 3);
    assert_int_equal(info_of(inspection).members, 2);
    for (uint32_t i = 0; i < 3; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        assert_int_equal(kith_inspection_get_kind(inspection, i, &kind, NULL), KITH_OK);
        assert_text_equal(kind.name, expected[i].name);
        assert_text_equal(kind.kind, expected[i].kind);
        assert_int_equal(kind.count, expected[i].count);
    }
    struct gathered description = description_of(inspection);
    assert_non_null(strstr(description.bytes, "\nTopicCreated = post "));
    assert_non_null(strstr(description.bytes, "\n; zap = "));
    gathered_free(&description);
    kith_inspection_free(inspection);
}

/* Kinds that could not be keys of a description as they stand. */
static void inspect_odd_kinds_are_said_by_patterns(void **state)
{
    (void)state;
    static const char text[] = "{\"time\":\"2026-01-02\",\"member\":\"a\",\"kind\":\"post=1 ; x\"}\n"
                               "{\"time\":\"2026-01-02\",\"member\":\"a\",\"kind\":\"[like]\"}\n"
                               "{\"time\":\"2026-01-02\",\"member\":\"a\",\"kind\":\"#share\\n\"}\n"
                               "{\"time\":\"2026-01-02\",\"member\":\"a\",\"kind\":\" help \"}\n"
                               "{\"time\":\"2026-01-02\",\"member\":\"a\",\"kind\":\"'vote' \\\"x\\\"\"}\n";
    assert_guess(text, "ndjson 5 rows | time=time (ISO 8601) member=member kind=kind");
}

/* Of a name that stands twice in an object the last value counts; no more can be told of than there are rows. */
static void inspect_names_that_stand_twice_are_one_field(void **state)
{
    (void)state;
    static const char text[] = "{\"time\":\"2026-01-02\",\"member\":\"a\",\"kind\":\"post\",\"kind\":\"post\"}\n"
                               "{\"time\":\"2026-01-02\",\"member\":\"a\",\"kind\":\"post\",\"kind\":\"like\"}\n";
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    assert_status(inspect_text(inspection, kith_text_of(text), NULL, &error), KITH_OK, &error);
    kith_inspected_field field = {.size = sizeof field};
    assert_status(kith_inspection_get_field(inspection, 2, &field, &error), KITH_OK, &error);
    assert_text_equal(field.path, "kind");
    assert_int_equal(field.there, 2);
    assert_int_equal(field.of, 2);
    assert_int_equal(field.distinct, 2);
    kith_inspected_kind kind = {.size = sizeof kind};
    assert_status(kith_inspection_get_kind(inspection, 0, &kind, &error), KITH_OK, &error);
    assert_text_equal(kind.name, "post");
    assert_int_equal(kind.count, 2);
    kith_inspection_free(inspection);
}

static void inspect_several_exports_are_taken_together(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    static const char first[] = "time;member;kind\n2026-01-02;ana;post\n",
                      second[] = "member;note;time;kind\nben;x;2026-01-03;like\n";
    assert_status(inspect_text(inspection, kith_text_of(first), "a.csv", &error), KITH_OK, &error);
    assert_status(inspect_text(inspection, kith_text_of(second), "b.csv", &error), KITH_OK, &error);
    char *summary = summary_of(inspection);
    assert_string_equal(summary, "csv ; 2 rows | time=time (ISO 8601) member=member kind=kind");
    free(summary);
    assert_int_equal(info_of(inspection).exports, 2);
    assert_int_equal(field_named(inspection, "note").there, 1);
    assert_int_equal(field_named(inspection, "note").of, 2);
    /* Of another format, it is none of them; what was known stays. */
    assert_int_equal(inspect_text(inspection, TEXT("{\"a\":1}\n{\"a\":2}\n"), "c.json", &error), KITH_BAD_EXPORT);
    assert_string_equal(error.message, "c.json: is NDJSON, and those before are CSV");
    assert_int_equal(info_of(inspection).exports, 2);
    assert_int_equal(info_of(inspection).rows, 2);
    kith_inspection_free(inspection);
}

/* A document with a single row is one all the same where those before are. */
static void inspect_single_objects_are_what_the_others_are(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    static const char two[] = "{\"rows\":[{\"time\":\"2026-01-02\"},{\"time\":\"2026-01-03\"}]}",
                      one[] = "{\"rows\":[{\"time\":\"2026-01-04\"}]}";
    assert_status(inspect_text(inspection, kith_text_of(two), NULL, &error), KITH_OK, &error);
    assert_status(inspect_text(inspection, kith_text_of(one), NULL, &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).rows, 3);
    kith_inspection_free(inspection);
    inspection = new_inspection(NULL);
    assert_status(inspect_text(inspection, kith_text_of(two), "x.jsonl", &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).format, KITH_FORMAT_NDJSON);
    kith_inspection_free(inspection);
}

static void inspect_what_is_no_export_is_refused(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        const char *message;
    } cases[] = {
        {TEXT_IN_TABLE(""), "x: is empty"},
        {TEXT_IN_TABLE("\xEF\xBB\xBF \n\t\n"), "x: is empty"},
        {TEXT_IN_TABLE("a\0b,c\n"), "x: is no text: it holds bytes of 0"},
        {TEXT_IN_TABLE("PK\x03\x04zzz"), "x: is a zip archive (or a spreadsheet): unpack it, or save it as CSV"},
        {TEXT_IN_TABLE("SQLite format 3\0"), "x: is an SQLite database: export a table of it as CSV"},
        {TEXT_IN_TABLE("\xFF\xFEt\0i\0"),
         "x: is UTF-16, and kith reads UTF-8: iconv -f UTF-16 -t UTF-8 turns it into that"},
        {TEXT_IN_TABLE("a,b,a\n1,2,3\n"), "x: the column 'a' stands twice in the header"},
        {TEXT_IN_TABLE("a,b\"c\n1,2\n"), "x: the header has a stray quote"},
        {TEXT_IN_TABLE("{\n\"a\": 1}"), "x: the document holds no array of objects that could be its rows"},
        {TEXT_IN_TABLE("{\n\"a\": 1\n}\n{\n\"a\": 2\n}"),
         "x: objects follow one another, each over several lines: that is neither an array nor "
         "one a line; jq -c . makes it the latter"},
        {TEXT_IN_TABLE("{\n\"a\": 1\n}\nx"), "x: the document holds no array of objects that could be its rows"},
        {TEXT_IN_TABLE("{\n\"a\": [{\"b\":1}], \"c\": nope}"), "x:2: expected null"},
        {TEXT_IN_TABLE("[{\"b\":1}"), "x:1: expected a comma or a closing bracket, not the end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error error = NO_ERROR;
        kith_inspection *inspection = new_inspection(NULL);
        assert_int_equal(inspect_text(inspection, cases[i].text, "x", &error), KITH_BAD_EXPORT);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(info_of(inspection).format, KITH_FORMAT_ANY);
        kith_inspection_free(inspection);
    }
}

static void inspect_a_first_row_of_data_is_told(void **state)
{
    (void)state;
    static const char *const headless[] = {"2026-01-02,ana,post\n2026-01-03,ben,like\n", "1767225600,ana,post\n",
                                           "1,5.5,x\n"};
    static const char *const others[] = {"time,2024,kind\n1,2,3\n", "a1,b2,c\n1,2,3\n"};
    kith_error error = NO_ERROR;
    for (size_t i = 0; i < 3; i++) {
        kith_inspection *inspection = new_inspection(NULL);
        assert_status(inspect_text(inspection, kith_text_of(headless[i]), NULL, &error), KITH_OK, &error);
        assert_int_equal(info_of(inspection).headless, 1);
        kith_inspection_free(inspection);
    }
    for (size_t i = 1; i < 2; i++) {
        kith_inspection *inspection = new_inspection(NULL);
        assert_status(inspect_text(inspection, kith_text_of(others[i]), NULL, &error), KITH_OK, &error);
        assert_int_equal(info_of(inspection).headless, 0);
        kith_inspection_free(inspection);
    }
}

static void inspect_descriptions_say_what_is_missing(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    assert_status(inspect_text(inspection, TEXT("a,b\n1,2\n"), NULL, &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).complete, 0);
    struct gathered text = description_of(inspection);
    assert_non_null(strstr(text.bytes, "\n; time = "));
    assert_non_null(strstr(text.bytes, "\n; member = "));
    kith_source *source = NULL;
    assert_int_equal(kith_source_parse((kith_text){text.bytes, text.length}, NULL, NULL, &source, &error),
                     KITH_BAD_SOURCE);
    gathered_free(&text);
    kith_inspection_free(inspection);
}

static void inspect_days_that_cannot_be_told_from_months_are_said(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    assert_status(inspect_text(inspection, TEXT("date,user\n01/02/2026,ana\n03/04/2026,ben\n"), NULL, &error), KITH_OK,
                  &error);
    assert_text_equal(info_of(inspection).other_times, "%m/%d/%Y");
    struct gathered text = description_of(inspection);
    assert_non_null(strstr(text.bytes, "\ntimes = %d/%m/%Y\n"));
    assert_non_null(strstr(text.bytes, "\n; times = %m/%d/%Y\n"));
    gathered_free(&text);
    kith_inspection_free(inspection);
}

static void inspect_ready_descriptions_are_compared(void **state)
{
    (void)state;
    kith_ready_source ready = {.size = sizeof ready};
    kith_error error = NO_ERROR;
    static const char slack[] =
        "[{\"type\":\"message\",\"user\":\"U1\",\"ts\":\"1767225600.000100\",\"text\":\"x\",\"client_msg_id\":\"c\"},"
        "{\"type\":\"message\",\"user\":\"U2\",\"ts\":\"1767225700.000100\",\"text\":\"y\",\"parent_user_id\":\"U1\","
        "\"reactions\":[{\"name\":\"+1\",\"users\":[\"U1\"]}]}]";
    kith_inspection *inspection = new_inspection(NULL);
    assert_status(inspect_text(inspection, kith_text_of(slack), NULL, &error), KITH_OK, &error);
    kith_inspected_fit fit = {.size = sizeof fit};
    assert_int_equal(kith_inspection_get_fit(inspection, 0, &fit, NULL), KITH_OK);
    assert_int_equal(kith_source_get_ready(fit.ready, &ready, NULL), KITH_OK);
    assert_string_equal(ready.name, "slack");
    assert_int_equal(fit.fits, 1);
    assert_true(fit.found >= 4 && fit.found <= fit.wanted);
    /* Nothing else has all it needs in there. */
    for (uint32_t i = 1; i < info_of(inspection).fits; i++) {
        assert_int_equal(kith_inspection_get_fit(inspection, i, &fit, NULL), KITH_OK);
        assert_int_equal(fit.fits, 0);
    }
    kith_inspection_free(inspection);
    /* A thing of nobody's. */
    inspection = new_inspection(NULL);
    assert_status(inspect_text(inspection, TEXT("alpha;beta\n1;2\n"), NULL, &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).fits, 0);
    kith_inspection_free(inspection);
}

static void inspect_delimiter_and_description_can_be_given(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    static const char text[] = "time,x;member\n2026-01-02,1;ana\n";
    struct bytes_source bytes = {.bytes = text, .length = sizeof text - 1};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &bytes, .delimiter = ';'};
    assert_status(kith_inspection_add(inspection, &input, &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).fields, 2);
    kith_inspection_free(inspection);

    kith_source *source = NULL;
    static const char description[] =
        "[source]\nformat = json\nrows = small[]\n[event]\ntime = t\nmember = m\nkind = 'post'\n";
    assert_status(kith_source_parse(kith_text_of(description), NULL, NULL, &source, &error), KITH_OK, &error);
    static const char document[] =
        "{\"large\":[{\"a\":1},{\"a\":2},{\"a\":3}],\"small\":[{\"t\":1767225600,\"m\":\"ana\"}]}";
    bytes = (struct bytes_source){.bytes = document, .length = sizeof document - 1};
    input = (kith_export){.size = sizeof input, .read = read_bytes, .read_context = &bytes, .source = source};
    inspection = new_inspection(NULL);
    assert_status(kith_inspection_add(inspection, &input, &error), KITH_OK, &error);
    assert_text_equal(info_of(inspection).rows_path, "small[]");
    assert_int_equal(info_of(inspection).rows, 1);
    kith_inspection_free(inspection);
    kith_source_free(source);
}

static void inspect_arguments_are_checked(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = NULL;
    kith_inspection_options options = {.size = sizeof options, .bytes = 1000};
    assert_int_equal(kith_inspection_new(&options, &inspection, &error), KITH_BAD_ARGUMENT);
    options = (kith_inspection_options){.size = sizeof options, .reserved = 1};
    assert_int_equal(kith_inspection_new(&options, &inspection, &error), KITH_BAD_ARGUMENT);
    options = (kith_inspection_options){.size = sizeof options};
    assert_int_equal(kith_inspection_new(&options, NULL, &error), KITH_BAD_ARGUMENT);
    assert_null(inspection);
    inspection = new_inspection(NULL);
    struct bytes_source bytes = {.bytes = "a\n", .length = 2};
    const kith_export good = {.size = sizeof good, .read = read_bytes, .read_context = &bytes};
    kith_source *source = NULL;
    kith_ready_source ready = {.size = sizeof ready};
    assert_int_equal(kith_source_get_ready(0, &ready, NULL), KITH_OK);
    assert_int_equal(kith_source_parse(kith_text_of(ready.description), ready.name, NULL, &source, NULL), KITH_OK);
    kith_export bad[9];
    for (size_t i = 0; i < 9; i++)
        bad[i] = good;
    bad[0].read = NULL;
    bad[1].path = "x";
    bad[2].delimiter = '"';
    bad[3].time = "time";
    bad[4].event_id = "id";
    bad[5].begin_offset = 5;
    bad[6].begin_line = 5;
    bad[7].size = 3;
    bad[8].source = source;
    bad[8].delimiter = ';';
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(kith_inspection_add(inspection, &bad[i], &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "input.delimiter");
    kith_source_free(source);
    assert_int_equal(kith_inspection_add(NULL, &good, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_inspection_add(inspection, NULL, &error), KITH_BAD_ARGUMENT);
    kith_export missing = {.size = sizeof missing, .path = TESTS_DIR "/no such file"};
    assert_int_equal(kith_inspection_add(inspection, &missing, &error), KITH_INPUT_OUTPUT);
    /* Of none there is nothing to tell. */
    kith_inspected_field field = {.size = sizeof field};
    kith_inspected_kind kind = {.size = sizeof kind};
    kith_inspected_fit fit = {.size = sizeof fit};
    struct gathered text = {.bytes = NULL};
    assert_int_equal(kith_inspection_get_field(inspection, 0, &field, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_inspection_get_kind(inspection, 0, &kind, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_inspection_get_fit(inspection, 0, &fit, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_inspection_write_source(inspection, gather, &text, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(info_of(inspection).first_time == KITH_NO_TIME, 1);
    assert_status(kith_inspection_add(inspection, &good, &error), KITH_OK, &error);
    assert_int_equal(kith_inspection_get_field(inspection, 1, &field, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_inspection_write_source(inspection, NULL, NULL, &error), KITH_BAD_ARGUMENT);
    text.fail_at = 1;
    assert_int_equal(kith_inspection_write_source(inspection, gather, &text, &error), KITH_INPUT_OUTPUT);
    kith_inspection_free(inspection);
    kith_inspection_free(NULL);
}

static void inspect_is_asked_of_an_inspection_alone(void **state)
{
    (void)state;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = NULL;
    const kith_allocator lacking = {NULL, NULL, NULL, NULL};
    kith_inspection_options options = {.size = sizeof options, .allocator = &lacking};
    assert_int_equal(kith_inspection_new(&options, &inspection, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "options.allocator");
    options = (kith_inspection_options){.size = 0};
    assert_int_equal(kith_inspection_new(&options, &inspection, &error), KITH_BAD_ARGUMENT);
    assert_null(inspection);

    kith_inspection_info info = {.size = sizeof info};
    kith_inspected_field field = {.size = sizeof field};
    kith_inspected_kind kind = {.size = sizeof kind};
    kith_inspected_fit fit = {.size = sizeof fit};
    struct gathered text = {.bytes = NULL};
    const kith_status refused[] = {
        kith_inspection_get_info(NULL, &info, NULL),
        kith_inspection_get_field(NULL, 0, &field, NULL),
        kith_inspection_get_kind(NULL, 0, &kind, NULL),
        kith_inspection_get_fit(NULL, 0, &fit, NULL),
        kith_inspection_write_source(NULL, gather, &text, NULL),
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(refused[i], KITH_BAD_ARGUMENT);
    assert_int_equal(text.calls, 0);
    inspection = new_inspection(NULL);
    info.size = 0;
    assert_int_equal(kith_inspection_get_info(inspection, &info, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "info");
    kith_inspection_free(inspection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inspect_csv_of_many_shapes),
        cmocka_unit_test(inspect_json_of_many_shapes),
        cmocka_unit_test(inspect_fields_are_told_with_their_values),
        cmocka_unit_test(inspect_fields_of_the_document_are_told),
        cmocka_unit_test(inspect_kinds_are_told_most_frequent_first),
        cmocka_unit_test(inspect_odd_kinds_are_said_by_patterns),
        cmocka_unit_test(inspect_names_that_stand_twice_are_one_field),
        cmocka_unit_test(inspect_several_exports_are_taken_together),
        cmocka_unit_test(inspect_single_objects_are_what_the_others_are),
        cmocka_unit_test(inspect_what_is_no_export_is_refused),
        cmocka_unit_test(inspect_a_first_row_of_data_is_told),
        cmocka_unit_test(inspect_descriptions_say_what_is_missing),
        cmocka_unit_test(inspect_days_that_cannot_be_told_from_months_are_said),
        cmocka_unit_test(inspect_ready_descriptions_are_compared),
        cmocka_unit_test(inspect_delimiter_and_description_can_be_given),
        cmocka_unit_test(inspect_arguments_are_checked),
        cmocka_unit_test(inspect_is_asked_of_an_inspection_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
