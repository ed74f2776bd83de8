/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <inttypes.h>
#include <limits.h>

#include <zlib.h>

#include "exports/reader.h"

/* ---- reading a whole export ---- */

struct export_text {
    const char *data;
    size_t length;
    size_t at;
    size_t step;  /* how many bytes a call gives at most */
    size_t fails; /* a call from this byte on fails; SIZE_MAX for none */
};

static int64_t give(void *context, void *buffer, size_t capacity)
{
    struct export_text *text = context;
    if (text->at >= text->fails)
        return -1;
    size_t given = text->length - text->at;
    if (given > text->step)
        given = text->step;
    if (given > capacity)
        given = capacity;
    memcpy(buffer, text->data + text->at, given);
    text->at += given;
    return (int64_t)given;
}

/* What came of an export: a line of text for each event and each refused row, in the order of each. */
struct outcome {
    kith_status status;
    kith_error error;
    struct gathered events;
    struct gathered rejects;
    size_t event_count;
    size_t batches;
    uint64_t done;
};

static void outcome_free(struct outcome *outcome)
{
    gathered_free(&outcome->events);
    gathered_free(&outcome->rejects);
}

static void note(struct gathered *gathered, kith_text text)
{
    gather(gathered, text.data, text.length);
}

static void note_string(struct gathered *gathered, const char *string)
{
    gather(gathered, string, strlen(string));
}

static void note_batch(struct outcome *outcome, const struct kithp_batch *batch)
{
    char number[64];
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct kithp_row_event *event = &batch->events[i];
        int length = snprintf(number, sizeof number, "%" PRId64 " %s x%u ", event->time,
                              kithp_policy_defaults.kinds[event->kind].name, event->quantity);
        note(&outcome->events, (kith_text){number, (uint64_t)length});
        if (event->member_length)
            note(&outcome->events, kithp_row_member(event));
        note(&outcome->events, TEXT(">"));
        if (event->target_length)
            note(&outcome->events, kithp_row_target(event));
        note(&outcome->events, TEXT("\n"));
    }
    for (size_t i = 0; i < batch->reject_count; i++) {
        const struct kithp_reject *reject = &batch->rejects[i];
        int length = snprintf(number, sizeof number, "%" PRIu64 " %s %d ", reject->line,
                              kith_reason_name(reject->fault.reason), (int)reject->fault.field);
        note(&outcome->rejects, (kith_text){number, (uint64_t)length});
        note(&outcome->rejects, reject->row);
        note(&outcome->rejects, TEXT("\n"));
    }
    outcome->event_count += batch->event_count;
    outcome->batches++;
}

static struct outcome read_with(const kith_export *input, struct export_text text, struct memory *memory)
{
    struct outcome outcome = {.status = KITH_OK, .error = {.size = sizeof outcome.error}};
    struct kithp_row_rules rules;
    struct kithp_columns columns;
    enum kithp_field clash[2];
    assert_true(kithp_columns_init(&columns, input, clash));
    if (!kithp_row_rules_init(&rules, &memory->allocator, &kithp_policy_defaults, 0, INT64_MAX)) {
        outcome.status = KITH_NO_MEMORY;
        return outcome;
    }
    struct kithp_input from;
    kithp_input_open_callback(&from, give, &text);
    struct kithp_reader reader;
    struct kithp_reading reading = {.rules = &rules, .columns = &columns, .name = "events.csv"};
    outcome.status = kithp_reader_open(&reader, &memory->allocator, &reading, &from, &outcome.error);
    struct kithp_batch batch = {.text = NULL};
    while (outcome.status == KITH_OK) {
        kithp_reader_fill(&reader, &batch);
        note_batch(&outcome, &batch);
        outcome.done = batch.bytes_done;
        outcome.status = batch.status;
        if (batch.status != KITH_OK) {
            assert_true(batch.last);
            assert_int_equal(batch.error.status, batch.status);
            outcome.error = batch.error;
        }
        if (batch.last)
            break;
    }
    kithp_batch_free(&memory->allocator, &batch);
    kithp_reader_close(&reader);
    kithp_row_rules_free(&rules);
    assert_int_equal(memory->live, 0);
    return outcome;
}

static struct outcome read_text(const char *data, size_t length, size_t step)
{
    struct memory memory;
    memory_init(&memory);
    struct export_text text = {data, length, 0, step, SIZE_MAX};
    return read_with(&(kith_export){.size = sizeof(kith_export)}, text, &memory);
}

static const char *bytes_of(const struct gathered *gathered)
{
    return gathered->bytes ? gathered->bytes : "";
}

/* Byte by byte and at once, the same must come out. */
static void assert_reading(kith_text text, const char *events, const char *rejects)
{
    for (size_t step = 1; step < 10000; step *= 50) {
        struct outcome outcome = read_text(text.data, text.length, step);
        if (outcome.status != KITH_OK)
            fail_msg("%s", outcome.error.message);
        assert_string_equal(bytes_of(&outcome.events), events);
        assert_string_equal(bytes_of(&outcome.rejects), rejects);
        assert_int_equal(outcome.done, text.length);
        outcome_free(&outcome);
    }
}

/* ---- small exports ---- */

static void reader_gives_events_and_refused_rows(void **state)
{
    (void)state;
    assert_reading(TEXT("time,member,kind,target,quantity\n"
                        "86400,ana,like,ben,2\n"
                        "86401,ana,dance,,\n"
                        "86402,,vote,ben,\n"
                        "86403,ana\n"
                        "86404,ana,post,,1,2\n"
                        "86405,an\"a,post,,\n"
                        "86406,\"Pat \"\"P\"\"\",post,,"),
                   "86400 like x2 ana>ben\n"
                   "86402 vote x1 >ben\n"
                   "86406 post x1 Pat \"P\">\n",
                   "3 kind 2 86401,ana,dance,,\n"
                   "5 fields 6 86403,ana\n"
                   "6 fields 6 86404,ana,post,,1,2\n"
                   "7 quote 6 86405,an\"a,post,,\n");
}

static void reader_of_a_header_alone_gives_nothing(void **state)
{
    (void)state;
    assert_reading(TEXT("time,member,kind"), "", "");
    assert_reading(TEXT("time,member,kind\n"), "", "");
    assert_reading(TEXT("\n\r\ntime,member,kind\r\n\n\r\n"), "", "");
}

static void reader_skips_mark_and_empty_lines_and_counts_them(void **state)
{
    (void)state;
    assert_reading(TEXT("\xEF\xBB\xBF\r\n\ntime,member,kind\r\n\n1,ana,post\r\n\r\n2,ana,dance\r\n"),
                   "1 post x1 ana>\n", "7 kind 2 2,ana,dance\n");
    /* Elsewhere than at the start, a mark is data. */
    assert_reading(TEXT("time,member,kind\n\xEF\xBB\xBF"
                        "1,ana,post\n"),
                   "",
                   "2 time 0 \xEF\xBB\xBF"
                   "1,ana,post\n");
}

static void reader_counts_the_lines_of_quoted_fields(void **state)
{
    (void)state;
    assert_reading(TEXT("time,member,kind,\"no\nte\"\n"
                        "1,\"a\nb\",post,\"x\n\ny\"\n"
                        "2,ana,dance,\"\n\"\n"
                        "3,ana,\"dance\",\n"),
                   "1 post x1 a\nb>\n",
                   "7 kind 2 2,ana,dance,\"\n\"\n"
                   "9 kind 2 3,ana,\"dance\",\n");
}

static void reader_goes_on_behind_a_quote_that_is_never_closed(void **state)
{
    (void)state;
    assert_reading(TEXT("time,member,kind\n1,\"ana,post\n2,ben,post\n3,cat,post\n"), "2 post x1 ben>\n3 post x1 cat>\n",
                   "2 quote 6 1,\"ana,post\n");
}

static void reader_finds_the_delimiter_in_the_header(void **state)
{
    (void)state;
    assert_reading(TEXT("time;member;kind\n1;a,b;post\n"), "1 post x1 a,b>\n", "");
    assert_reading(TEXT("time\tmember\tkind\n1\ta\tpost\n"), "1 post x1 a>\n", "");
    assert_reading(TEXT("time|member|kind\n1|a|post\n"), "1 post x1 a>\n", "");
    assert_reading(TEXT("\"time\";\"member\";\"kind\"\n1;\"a;b\";post\n"), "1 post x1 a;b>\n", "");
    assert_reading(TEXT("\n\"time\";member;kind;a,b\n1;ana;post;\n"), "1 post x1 ana>\n", "");
}

static void reader_takes_the_delimiter_and_columns_of_the_caller(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_export input = {.size = sizeof input, .delimiter = ':', .time = "at", .member = "w\"ho"};
    static const char text[] = "at:\"w\"\"ho\":kind:a,b,c,d\n7:ana:post:\n";
    struct outcome outcome = read_with(&input, (struct export_text){text, sizeof text - 1, 0, 1, SIZE_MAX}, &memory);
    assert_int_equal(outcome.status, KITH_OK);
    assert_string_equal(bytes_of(&outcome.events), "7 post x1 ana>\n");
    outcome_free(&outcome);
}

/* ---- exports that cannot be read ---- */

static void reader_of_a_bad_header_names_file_line_and_column(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        const char *message;
        const char *field;
    } cases[] = {
        {TEXT_IN_TABLE(""), "events.csv:1: there is no header", ""},
        {{NULL, 0}, "events.csv:1: there is no header", ""},
        {TEXT_IN_TABLE("\xEF\xBB\xBF"), "events.csv:1: there is no header", ""},
        {TEXT_IN_TABLE("\n\r\n\n"), "events.csv:4: there is no header", ""},
        {TEXT_IN_TABLE("time,member\n1,ana\n"), "events.csv:1: kind: the header has no such column", "kind"},
        {TEXT_IN_TABLE("\n\ntime;member\n1,ana\n"), "events.csv:3: kind: the header has no such column", "kind"},
        {TEXT_IN_TABLE("member,kind\n"), "events.csv:1: time: the header has no such column", "time"},
        {TEXT_IN_TABLE("\xFF\xFEt\0i\0m\0e\0,\0k\0i\0n\0d\0\n\0"
                       "1\0"),
         "events.csv:1: time: the header has no such column: the export is UTF-16, and kith reads UTF-8: "
         "iconv -f UTF-16 -t UTF-8 turns it into that",
         "time"},
        {TEXT_IN_TABLE("time,member,kind\r1,ana,post\r2,ben,post\r"),
         "events.csv:1: kind: the header has no such column: the export has lines that end in CR alone, which kith "
         "takes "
         "for text: tr '\\r' '\\n' makes lines of them",
         "kind"},
        {TEXT_IN_TABLE("sep=;\r\ntime;member;kind\r\n1;ana;post\r\n"),
         "events.csv:1: time: the header has no such column: the export begins with a line for spreadsheets: leave out "
         "that line, and its header comes first",
         "time"},
        {TEXT_IN_TABLE("sep=;;x\n"), "events.csv:1: time: the header has no such column", "time"},
        {TEXT_IN_TABLE("%PDF-1.7 \"a\" b\n"),
         "events.csv:1: the header has a stray quote, or one that is not closed: the export is a PDF file", ""},
        {TEXT_IN_TABLE("time;member;kind;\"x, y, z, w\"\n1;ana;post;x\n"),
         "events.csv:1: the header has a stray quote, or one that is not closed, if commas divide it", ""},
        {TEXT_IN_TABLE("\r\ntime,member,kind,time\n"), "events.csv:2: time: the header has two columns of this name",
         "time"},
        {TEXT_IN_TABLE("time,member,kind,\"a\"\"b\",\"a\"\"b\"\n"),
         "events.csv:1: a\"b: the header has two columns of this name", "a\"b"},
        {TEXT_IN_TABLE("\ntime,mem\"ber,kind\n"),
         "events.csv:2: the header has a stray quote, or one that is not closed, if commas divide it", ""},
        {TEXT_IN_TABLE("time,\"member,kind\n1,ana,post\n"),
         "events.csv:1: the header has a stray quote, or one that is not closed, if commas divide it", ""},
        {TEXT_IN_TABLE("\"time\"x,member,kind\n"),
         "events.csv:1: the header has a stray quote, or one that is not closed, if commas divide it", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t step = 1; step < 10000; step *= 50) {
            struct outcome outcome =
                read_text(cases[i].text.data ? cases[i].text.data : "", cases[i].text.length, step);
            assert_int_equal(outcome.status, KITH_BAD_EXPORT);
            assert_string_equal(outcome.error.message, cases[i].message);
            assert_string_equal(outcome.error.field, cases[i].field);
            assert_string_equal(outcome.error.file, "events.csv");
            assert_int_equal(outcome.event_count, 0);
            outcome_free(&outcome);
        }
    }
}

static void reader_of_an_input_that_fails_gives_the_rows_before(void **state)
{
    (void)state;
    static const char text[] = "time,member,kind\n1,ana,post\n2,ana,dance\n3,ben,post\n";
    /* Bytes up to the end of the header and of each row. */
    static const size_t ends[] = {17, 28, 40, 51};
    for (size_t fails = 0; fails < sizeof text; fails++) {
        struct memory memory;
        memory_init(&memory);
        struct outcome outcome = read_with(&(kith_export){.size = sizeof(kith_export)},
                                           (struct export_text){text, sizeof text - 1, 0, 1, fails}, &memory);
        assert_int_equal(outcome.status, KITH_INPUT_OUTPUT);
        assert_string_equal(outcome.error.file, "events.csv");
        uint64_t line = 1;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            line += fails >= ends[i];
        /* It is the line that could not be read. */
        assert_int_equal(outcome.error.line, line);
        assert_string_equal(bytes_of(&outcome.events), fails >= ends[3]   ? "1 post x1 ana>\n3 post x1 ben>\n"
                                                       : fails >= ends[1] ? "1 post x1 ana>\n"
                                                                          : "");
        outcome_free(&outcome);
    }
}

/* ---- batches ---- */

static void reader_of_many_rows_gives_each_once_whatever_the_pieces(void **state)
{
    (void)state;
    /* Rows of every length between a few bytes and a few hundred, so that they straddle batches in every way. */
    enum { ROWS = 30000 };
    struct gathered text = {0}, events = {0};
    uint64_t luck = 14;
    char line[1024];
    note_string(&text, "time,note,member,kind\n");
    for (int i = 0; i < ROWS; i++) {
        int fill = (int)chance_below(&luck, 200);
        bool quoted = chance_below(&luck, 4) == 0;
        int length = quoted ? snprintf(line, sizeof line, "%d,\"\n%*s\"\"\",\"m \"\"%d\"\"\",post\r\n", i, fill, "", i)
                            : snprintf(line, sizeof line, "%d,%*s,m %d,post\n", i, fill, "", i);
        gather(&text, line, (size_t)length);
        length = snprintf(line, sizeof line, quoted ? "%d post x1 m \"%d\">\n" : "%d post x1 m %d>\n", i, i);
        gather(&events, line, (size_t)length);
    }
    static const size_t steps[] = {4093, 65536, 1 << 30};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        struct outcome outcome = read_text(text.bytes, text.length, steps[s]);
        assert_int_equal(outcome.status, KITH_OK);
        assert_int_equal(outcome.event_count, ROWS);
        assert_int_equal(outcome.rejects.length, 0);
        assert_true(outcome.batches > 2);
        assert_int_equal(outcome.events.length, events.length);
        assert_memory_equal(outcome.events.bytes, events.bytes, events.length);
        outcome_free(&outcome);
    }
    gathered_free(&text);
    gathered_free(&events);
}

/* Rows of which each `every`-th can be used, from the second on; the others are refused. */
static void assert_refused_rows(int rows, int every)
{
    struct gathered text = {0}, rejects = {0};
    char line[64];
    note_string(&text, "time,member,kind\n");
    for (int i = 0; i < rows; i++) {
        bool used = i % every == 1;
        snprintf(line, sizeof line, "%d,ana,%s\n", i, used ? "post" : "dance");
        note_string(&text, line);
        if (used)
            continue;
        snprintf(line, sizeof line, "%d kind 2 %d,ana,dance\n", i + 2, i);
        note_string(&rejects, line);
    }
    struct outcome outcome = read_text(text.bytes, text.length, 1 << 30);
    assert_int_equal(outcome.status, KITH_OK);
    assert_true(outcome.batches > 2);
    assert_string_equal(bytes_of(&outcome.rejects), bytes_of(&rejects));
    outcome_free(&outcome);
    gathered_free(&text);
    gathered_free(&rejects);
}

static void reader_numbers_refused_rows_over_batches(void **state)
{
    (void)state;
    assert_refused_rows(60000, 3);
    /* Batches in which no row can be used must keep their text, too. */
    assert_refused_rows(60000, INT_MAX);
}

/* A header, a row, a row with a note of so many bytes, and a row. */
static struct gathered text_with_long_note(size_t note_length, bool quoted)
{
    struct gathered text = {0};
    note_string(&text, "time,member,kind,note\n1,ana,post,\n2,ben,post,");
    if (quoted)
        note_string(&text, "\"");
    char *filler = malloc(note_length + 1);
    assert_non_null(filler);
    memset(filler, 'x', note_length);
    gather(&text, filler, note_length);
    free(filler);
    note_string(&text, quoted ? "\"\n3,cat,post,\n" : "\n3,cat,post,\n");
    return text;
}

static void reader_of_rows_longer_than_a_batch_takes_them(void **state)
{
    (void)state;
    static const size_t lengths[] = {262100, 262144, 262145, 524288, 700000, 1048576 - 12, 3000000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (int quoted = 0; quoted < 2; quoted++) {
            struct gathered text = text_with_long_note(lengths[i], quoted);
            for (size_t step = 5000; step <= 5000000; step *= 1000) {
                struct outcome outcome = read_text(text.bytes, text.length, step);
                assert_int_equal(outcome.status, KITH_OK);
                if (quoted && lengths[i] > 1048576) {
                    /* The quote closes too far behind; the line alone is refused, which is the row here. */
                    assert_string_equal(bytes_of(&outcome.events), "1 post x1 ana>\n3 post x1 cat>\n");
                    assert_int_equal(strncmp(outcome.rejects.bytes, "3 quote 6 2,ben,post,\"x", 22), 0);
                } else {
                    assert_string_equal(bytes_of(&outcome.events), "1 post x1 ana>\n2 post x1 ben>\n3 post x1 cat>\n");
                    assert_int_equal(outcome.rejects.length, 0);
                }
                outcome_free(&outcome);
            }
            gathered_free(&text);
        }
    }
}

static void reader_of_a_long_row_at_the_end_takes_it(void **state)
{
    (void)state;
    struct gathered text = text_with_long_note(600000, true);
    /* Without its last row, and without a line end. */
    struct outcome outcome = read_text(text.bytes, text.length - 13, 1 << 30);
    assert_int_equal(outcome.status, KITH_OK);
    assert_string_equal(bytes_of(&outcome.events), "1 post x1 ana>\n2 post x1 ben>\n");
    outcome_free(&outcome);
    gathered_free(&text);
}

static void reader_of_a_header_longer_than_a_batch_takes_it(void **state)
{
    (void)state;
    struct gathered text = {0};
    note_string(&text, "time,member,kind");
    char column[32];
    for (int i = 0; text.length < 600000; i++)
        gather(&text, column, (size_t)snprintf(column, sizeof column, ",column%d", i));
    note_string(&text, "\n1,ana,post\n");
    struct outcome outcome = read_text(text.bytes, text.length, 7000);
    assert_int_equal(outcome.status, KITH_OK);
    assert_int_equal(outcome.event_count, 0);
    assert_string_equal(bytes_of(&outcome.rejects), "2 fields 6 1,ana,post\n");
    outcome_free(&outcome);
    gathered_free(&text);
}

static void reader_of_a_quote_that_is_never_closed_in_a_long_export_loses_a_line(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    struct gathered text = {0};
    char line[64];
    note_string(&text, "time,member,kind\n1,\"ana,post\n");
    for (int i = 0; i < ROWS; i++)
        gather(&text, line, (size_t)snprintf(line, sizeof line, "%d,ben,post\n", i));
    assert_true(text.length > 2 << 20);
    struct outcome outcome = read_text(text.bytes, text.length, 1 << 30);
    assert_int_equal(outcome.status, KITH_OK);
    assert_int_equal(outcome.event_count, ROWS);
    assert_string_equal(bytes_of(&outcome.rejects), "2 quote 6 1,\"ana,post\n");
    outcome_free(&outcome);
    gathered_free(&text);
}

static void reader_of_empty_lines_by_the_batch_goes_on(void **state)
{
    (void)state;
    enum { LINES = 700000 };
    struct gathered text = {0};
    char *lines = malloc(LINES);
    assert_non_null(lines);
    memset(lines, '\n', LINES);
    gather(&text, lines, LINES);
    note_string(&text, "time,member,kind\n");
    gather(&text, lines, LINES);
    note_string(&text, "1,ana,dance\n");
    free(lines);
    struct outcome outcome = read_text(text.bytes, text.length, 1 << 30);
    assert_int_equal(outcome.status, KITH_OK);
    char expected[64];
    snprintf(expected, sizeof expected, "%d kind 2 1,ana,dance\n", 2 * LINES + 2);
    assert_string_equal(bytes_of(&outcome.rejects), expected);
    outcome_free(&outcome);
    gathered_free(&text);
}

/* ---- damaged gzip, and memory ---- */

static void reader_of_damaged_gzip_gives_the_rows_before_and_their_line(void **state)
{
    (void)state;
    enum { ROWS = 50000 };
    struct gathered text = {0};
    char line[64];
    note_string(&text, "time,member,kind\n");
    for (int i = 0; i < ROWS; i++)
        gather(&text, line, (size_t)snprintf(line, sizeof line, "%d,member%d,post\n", i, i * 7919 % ROWS));
    uLongf room = compressBound((uLong)text.length) + 32;
    unsigned char *packed = malloc(room);
    assert_non_null(packed);
    z_stream deflater = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&deflater, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    deflater.next_in = (unsigned char *)text.bytes;
    deflater.avail_in = (uInt)text.length;
    deflater.next_out = packed;
    deflater.avail_out = (uInt)room;
    assert_int_equal(deflate(&deflater, Z_FINISH), Z_STREAM_END);
    size_t length = deflater.total_out;
    deflateEnd(&deflater);

    struct outcome outcome = read_text((char *)packed, length, 1 << 30);
    assert_int_equal(outcome.status, KITH_OK);
    assert_int_equal(outcome.event_count, ROWS);
    assert_int_equal(outcome.done, length);
    outcome_free(&outcome);

    outcome = read_text((char *)packed, length / 2, 1 << 30);
    assert_int_equal(outcome.status, KITH_BAD_EXPORT);
    assert_true(outcome.event_count > 0 && outcome.event_count < ROWS);
    /* The header, the rows that were whole, and the one that was not. */
    assert_int_equal(outcome.error.line, outcome.event_count + 2);
    assert_non_null(strstr(outcome.error.message, "the gzip data is damaged"));
    outcome_free(&outcome);
    free(packed);
    gathered_free(&text);
}

static void reader_without_memory_says_so_and_gives_all_back(void **state)
{
    (void)state;
    struct gathered text = text_with_long_note(700000, true);
    struct memory memory;
    memory_init(&memory);
    kith_status status = KITH_NO_MEMORY;
    unsigned failures = 0;
    for (uint64_t more = 0; status == KITH_NO_MEMORY; more++) {
        memory_fail_after(&memory, more);
        struct export_text given = {text.bytes, text.length, 0, 100000, SIZE_MAX};
        struct outcome outcome = read_with(&(kith_export){.size = sizeof(kith_export)}, given, &memory);
        status = outcome.status;
        failures += status == KITH_NO_MEMORY;
        outcome_free(&outcome);
    }
    assert_int_equal(status, KITH_OK);
    assert_true(failures > 10);
    gathered_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader_gives_events_and_refused_rows),
        cmocka_unit_test(reader_of_a_header_alone_gives_nothing),
        cmocka_unit_test(reader_skips_mark_and_empty_lines_and_counts_them),
        cmocka_unit_test(reader_counts_the_lines_of_quoted_fields),
        cmocka_unit_test(reader_goes_on_behind_a_quote_that_is_never_closed),
        cmocka_unit_test(reader_finds_the_delimiter_in_the_header),
        cmocka_unit_test(reader_takes_the_delimiter_and_columns_of_the_caller),
        cmocka_unit_test(reader_of_a_bad_header_names_file_line_and_column),
        cmocka_unit_test(reader_of_an_input_that_fails_gives_the_rows_before),
        cmocka_unit_test(reader_of_many_rows_gives_each_once_whatever_the_pieces),
        cmocka_unit_test(reader_numbers_refused_rows_over_batches),
        cmocka_unit_test(reader_of_rows_longer_than_a_batch_takes_them),
        cmocka_unit_test(reader_of_a_long_row_at_the_end_takes_it),
        cmocka_unit_test(reader_of_a_header_longer_than_a_batch_takes_it),
        cmocka_unit_test(reader_of_a_quote_that_is_never_closed_in_a_long_export_loses_a_line),
        cmocka_unit_test(reader_of_empty_lines_by_the_batch_goes_on),
        cmocka_unit_test(reader_of_damaged_gzip_gives_the_rows_before_and_their_line),
        cmocka_unit_test(reader_without_memory_says_so_and_gives_all_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
