/* SPDX-License-Identifier: MIT */
/* Exports as an application hands them over: what a call answers, and what it leaves behind. */
#include <kith/kith.h>

#include "engine_support.h"

static kith_engine *new_engine(void)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    return engine_with(&options);
}

static kith_export export_of(struct bytes_source *source)
{
    return (kith_export){.size = sizeof(kith_export), .read = read_bytes, .read_context = source, .name = "in/e.csv"};
}

static struct bytes_source source_of(const char *text)
{
    return (struct bytes_source){.bytes = text, .length = strlen(text)};
}

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info;
}

/* One row of each sort; line 1 is the header. */
static const char mixed[] = "time,member,kind,target,quantity\n"
                            "2026-03-02,ana,like,ben,3\n"
                            "2026-03-02,a\"na,like,ben,3\n"
                            "2026-03-02,ana,like,ben\n"
                            "yesterday,ana,like,ben,3\n"
                            "2026-03-02,,like,,3\n"
                            "2026-03-02,ana,like,b\xFFn,3\n"
                            "2026-03-02,ana,dance,ben,3\n"
                            "2026-03-02,ana,like,ben,0\n"
                            "2026-02-22,ana,like,ben,3\n"
                            "2026-03-10T00:00:01Z,ana,like,ben,3\n"
                            "2026-03-10,ana,like,,\n";

static int64_t monday_after(void *context)
{
    (void)context;
    return MONDAY + WEEK;
}

static kith_engine *engine_with_clock(void)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    options.future = 0; /* a day, the default */
    options.now = monday_after;
    kith_engine *engine = engine_with(&options);
    kith_review_free(review_until(engine, MONDAY));
    return engine;
}

static void export_rejects_each_reason_in_the_order_of_the_file(void **state)
{
    (void)state;
    kith_engine *engine = engine_with_clock();
    struct bytes_source source = source_of(mixed);
    kith_export input = export_of(&source);
    kith_table *rejects = NULL;
    assert_int_equal(kith_rejects_new(NULL, &rejects, NULL), KITH_OK);
    input.reject = kith_rejects_add;
    input.reject_context = rejects;
    kith_added added = {.size = sizeof added};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_export(engine, &input, &added, &error), KITH_OK, &error);
    assert_int_equal(added.read, 11);
    assert_int_equal(added.taken, 2);
    assert_int_equal(added.rejected, 9);
    for (uint32_t reason = 0; reason < 16; reason++)
        assert_int_equal(added.rejected_by_reason[reason], reason >= 1 && reason <= 9 ? 1 : 0);
    char *csv = csv_of_table(rejects, KITH_CSV_HEADER);
    assert_string_equal(csv, "file,line,column,reason,row\n"
                             "e.csv,3,,quote,\"2026-03-02,a\"\"na,like,ben,3\"\n"
                             "e.csv,4,,fields,\"2026-03-02,ana,like,ben\"\n"
                             "e.csv,5,time,time,\"yesterday,ana,like,ben,3\"\n"
                             "e.csv,6,member,member,\"2026-03-02,,like,,3\"\n"
                             "e.csv,7,target,target,\"2026-03-02,ana,like,b\xFFn,3\"\n"
                             "e.csv,8,kind,kind,\"2026-03-02,ana,dance,ben,3\"\n"
                             "e.csv,9,quantity,quantity,\"2026-03-02,ana,like,ben,0\"\n"
                             "e.csv,10,time,late,\"2026-02-22,ana,like,ben,3\"\n"
                             "e.csv,11,time,future,\"2026-03-10T00:00:01Z,ana,like,ben,3\"\n");
    free(csv);
    kith_table_free(rejects);
    assert_int_equal(info_of(engine).taken, 2);
    assert_int_equal(info_of(engine).members, 2);
    kith_engine_free(engine);
}

static void export_columns_may_have_other_names(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    struct bytes_source source = source_of("who|when|what|junk\nana|2026-03-02|article|x\n");
    kith_export input = export_of(&source);
    input.time = "when";
    input.member = "who";
    input.kind = "what";
    input.delimiter = '|';
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_export(engine, &input, NULL, &error), KITH_OK, &error);
    kith_review *review = review_until(engine, MONDAY + WEEK);
    char *csv = csv_of(review, KITH_CHANGES, KITH_CSV_NO_HEADER);
    assert_string_equal(csv, "2026-03-02,ana,newcomer,active,promoted,5.71\n");
    free(csv);
    kith_review_free(review);
    kith_engine_free(engine);
}

struct told {
    char names[128]; /* with a bar behind each */
    unsigned calls;
    int answer;
};

static int tell_header(void *context, const kith_text *columns, uint64_t count)
{
    struct told *told = context;
    told->calls++;
    for (uint64_t i = 0; i < count; i++) {
        size_t length = strlen(told->names);
        snprintf(told->names + length, sizeof told->names - length, "%.*s|", (int)columns[i].length, columns[i].data);
    }
    return told->answer;
}

static void export_tells_the_names_of_its_columns_before_any_row(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 2; threads++) {
        for (int answer = 0; answer < 2; answer++) {
            kith_engine_options options = all_tables(KITH_NAMED);
            options.threads = threads;
            kith_engine *engine = engine_with(&options);
            struct bytes_source source = source_of("\xEF\xBB\xBF\n\"a \"\"b\"\"\";kind;time;\"x\ny\";member;\r\n"
                                                   ";post;2026-03-02;;ana;\n;post;2026-03-02;;ben;\n");
            source.step = 5;
            struct told told = {.answer = answer};
            kith_export input = export_of(&source);
            input.header = tell_header;
            input.header_context = &told;
            kith_status status = kith_engine_add_export(engine, &input, NULL, NULL);
            assert_int_equal(status, answer ? KITH_CANCELLED : KITH_OK);
            assert_string_equal(told.names, "a \"b\"|kind|time|x\ny|member||");
            assert_int_equal(told.calls, 1);
            assert_int_equal(info_of(engine).taken, answer ? 0 : 2);
            kith_engine_free(engine);
        }
    }
}

static void export_bad_argument_changes_nothing(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    struct bytes_source source = source_of("time,member,kind\n2026-03-02,ana,post\n");
    kith_added added, before;
    memset(&added, 0x5A, sizeof added);
    added.size = sizeof added;
    before = added;
    kith_error error = NO_ERROR;
    kith_export input = export_of(&source);
    assert_int_equal(kith_engine_add_export(NULL, &input, &added, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    assert_int_equal(kith_engine_add_export(engine, NULL, &added, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "input");
    kith_export cases[12];
    size_t count = 0;
    cases[count] = input, cases[count++].read = NULL;
    cases[count] = input, cases[count++].path = "events.csv";
    cases[count] = input, cases[count++].delimiter = '"';
    cases[count] = input, cases[count++].delimiter = '\n';
    cases[count] = input, cases[count++].delimiter = '\r';
    cases[count] = input, cases[count++].delimiter = 0x80;
    cases[count] = input, cases[count++].delimiter = 0x10000 + ',';
    cases[count] = input, cases[count++].target = "member";
    cases[count] = input, cases[count++].time = "kind";
    cases[count] = input, cases[count++].size = sizeof input - 1;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(kith_engine_add_export(engine, &cases[i], &added, &error), KITH_BAD_ARGUMENT);
    assert_memory_equal(&added, &before, sizeof added);
    added.size = before.size = sizeof added - 1;
    assert_int_equal(kith_engine_add_export(engine, &input, &added, &error), KITH_BAD_ARGUMENT);
    assert_memory_equal(&added, &before, sizeof added);
    added.size = before.size = sizeof added;
    struct {
        kith_export known;
        uint64_t later;
    } larger = {input, 1};
    larger.known.size = sizeof larger;
    assert_int_equal(kith_engine_add_export(engine, &larger.known, &added, &error), KITH_UNSUPPORTED);
    assert_memory_equal(&added, &before, sizeof added);
    assert_int_equal(source.at, 0);
    assert_int_equal(info_of(engine).members, 0);
    larger.later = 0;
    assert_int_equal(kith_engine_add_export(engine, &larger.known, &added, &error), KITH_OK);
    assert_int_equal(added.taken, 1);
    kith_engine_free(engine);

    kith_engine_options options = all_tables(KITH_NUMBERED);
    engine = engine_with(&options);
    assert_int_equal(kith_engine_add_export(engine, &input, &added, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    kith_engine_free(engine);
}

static int64_t faulty_read(void *context, void *buffer, size_t capacity)
{
    struct bytes_source *source = context;
    return source->at < source->length ? read_bytes(context, buffer, capacity) : -1;
}

static void export_that_cannot_be_read_is_an_input_output_error(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_export input = {.size = sizeof input, .path = TESTS_DIR "/no such file.csv"};
    kith_added added = {.size = sizeof added, .read = 9};
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_add_export(engine, &input, &added, &error), KITH_INPUT_OUTPUT);
    assert_int_equal(error.status, KITH_INPUT_OUTPUT);
    assert_non_null(strstr(error.file, "no such file.csv"));
    assert_int_equal(added.read, 0);
    /* Faults in the middle: what was counted is in the engine. */
    struct bytes_source source = source_of("time,member,kind\n2026-03-02,ana,post\n2026-03-02,ben,post\n");
    input = export_of(&source);
    input.read = faulty_read;
    assert_int_equal(kith_engine_add_export(engine, &input, &added, &error), KITH_INPUT_OUTPUT);
    assert_string_equal(error.file, "in/e.csv");
    assert_int_equal(info_of(engine).taken, added.taken);
    assert_int_equal(added.taken + added.rejected, added.read);
    kith_engine_free(engine);
}

static void export_that_is_none_is_a_bad_export(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t length;
        const char *field;
    } cases[] = {
        {"", 0, ""},
        {"\n\n\r\n", 4, ""},
        {"time,member\n", 12, "kind"},
        {"member,kind\n", 12, "time"},
        {"time,member,kind,time\n", 22, "time"},
        {"time,\"member,kind\n", 18, NULL},
        /* gzip's magic, and then nothing that it could be */
        {"\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03garbage", 17, NULL},
        {"\x1F\x8B", 2, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine *engine = new_engine();
        struct bytes_source source = {.bytes = cases[i].text, .length = cases[i].length};
        kith_export input = export_of(&source);
        kith_added added = {.size = sizeof added, .read = 9};
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_add_export(engine, &input, &added, &error);
        if (status != KITH_BAD_EXPORT)
            fail_msg("case %zu: %s", i, kith_status_name(status));
        assert_int_equal(error.status, KITH_BAD_EXPORT);
        assert_string_equal(error.file, "in/e.csv");
        if (cases[i].field)
            assert_string_equal(error.field, cases[i].field);
        assert_int_equal(added.read, 0);
        assert_int_equal(info_of(engine).taken, 0);
        kith_engine_free(engine);
    }
}

/* ---- cancelling ---- */

struct canceller {
    uint64_t calls;
    uint64_t cancel_at; /* the call that cancels, from 1; 0 for none */
};

static int cancel_reject(void *context, const kith_reject *reject)
{
    struct canceller *canceller = context;
    (void)reject;
    return ++canceller->calls == canceller->cancel_at ? 1 : 0;
}

static int cancel_progress(void *context, uint64_t done, uint64_t total)
{
    struct canceller *canceller = context;
    (void)done;
    (void)total;
    return ++canceller->calls == canceller->cancel_at ? -1 : 0;
}

static void export_cancelled_by_the_reject_callback_stops(void **state)
{
    (void)state;
    for (uint64_t cancel_at = 1; cancel_at <= 9; cancel_at++) {
        kith_engine *engine = engine_with_clock();
        struct bytes_source source = source_of(mixed);
        struct canceller canceller = {.cancel_at = cancel_at};
        kith_export input = export_of(&source);
        input.reject = cancel_reject;
        input.reject_context = &canceller;
        kith_added added = {.size = sizeof added};
        kith_error error = NO_ERROR;
        assert_status(kith_engine_add_export(engine, &input, &added, &error), KITH_CANCELLED, &error);
        assert_int_equal(canceller.calls, cancel_at);
        assert_int_equal(added.rejected, cancel_at);
        assert_int_equal(info_of(engine).taken, added.taken);
        assert_int_equal(added.read, added.taken + added.rejected);
        kith_engine_free(engine);
    }
}

enum { ROWS = 60000 };

/* Rows of four weeks, all of them good, and the header's length before them. */
static char *long_export(size_t *header)
{
    char *text = malloc(64 + ROWS * 48);
    assert_non_null(text);
    size_t length = (size_t)sprintf(text, "time,member,kind,target,quantity\n");
    *header = length;
    static const char *const kinds[] = {"post", "like", "comment", "login", "removed"};
    uint64_t seed = 77;
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned time = chance_below(&seed, 4 * 604800), member = chance_below(&seed, 500);
        unsigned target = chance_below(&seed, 500), kind = chance_below(&seed, 5);
        length += (size_t)sprintf(text + length, "%lld,m%u,%s,m%u,%u\n", (long long)(MONDAY + time), member,
                                  kinds[kind], target, 1 + chance_below(&seed, 3));
    }
    return text;
}

static const char *skip_rows(const char *rows, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        rows = strchr(rows, '\n') + 1;
    return rows;
}

/* Cancelled by progress, an export has taken its first rows; the others, given after, make up the whole. */
static void export_cancelled_goes_on_to_the_same_result(void **state)
{
    (void)state;
    size_t header;
    char *text = long_export(&header);
    struct tables expected = {{NULL}};
    uint64_t calls = 0;
    for (uint64_t cancel_at = 0; cancel_at <= calls; cancel_at++) {
        struct canceller canceller = {.cancel_at = cancel_at};
        kith_engine_options options = all_tables(KITH_NAMED);
        options.progress = cancel_progress;
        options.progress_context = &canceller;
        kith_engine *engine = engine_with(&options);
        struct bytes_source source = source_of(text);
        kith_export input = export_of(&source);
        kith_added added = {.size = sizeof added};
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_add_export(engine, &input, &added, &error);
        assert_int_equal(added.rejected, 0);
        assert_int_equal(info_of(engine).taken, added.taken);
        if (cancel_at == 0) {
            assert_status(status, KITH_OK, &error);
            calls = canceller.calls;
            assert_true(calls >= 2);
            assert_int_equal(added.taken, ROWS);
        } else {
            assert_status(status, KITH_CANCELLED, &error);
            char *rest = malloc(strlen(text) + 1);
            assert_non_null(rest);
            memcpy(rest, text, header);
            strcpy(rest + header, skip_rows(text + header, added.read));
            source = source_of(rest);
            uint64_t read = added.read;
            canceller = (struct canceller){0};
            assert_status(kith_engine_add_export(engine, &input, &added, &error), KITH_OK, &error);
            assert_int_equal(added.read, ROWS - read);
            free(rest);
        }
        kith_review *review = review_until(engine, MONDAY + 4 * WEEK);
        struct tables tables = tables_of(review, KITH_CSV_HEADER);
        if (cancel_at == 0)
            expected = tables;
        else {
            assert_same_tables(&tables, &expected, "cancelled");
            tables_free(&tables);
        }
        kith_review_free(review);
        kith_engine_free(engine);
    }
    tables_free(&expected);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(export_rejects_each_reason_in_the_order_of_the_file),
        cmocka_unit_test(export_columns_may_have_other_names),
        cmocka_unit_test(export_tells_the_names_of_its_columns_before_any_row),
        cmocka_unit_test(export_bad_argument_changes_nothing),
        cmocka_unit_test(export_that_cannot_be_read_is_an_input_output_error),
        cmocka_unit_test(export_that_is_none_is_a_bad_export),
        cmocka_unit_test(export_cancelled_by_the_reject_callback_stops),
        cmocka_unit_test(export_cancelled_goes_on_to_the_same_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
