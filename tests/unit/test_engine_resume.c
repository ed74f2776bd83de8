/* SPDX-License-Identifier: MIT */
/* Exports read in several goes, as they grow or as a call is given up: what comes out is what one go gives. */
#include <kith/kith.h>
#include <zlib.h>

#include "engine_support.h"

/* ---- reading a part ---- */

struct reading {
    kith_engine *engine;
    kith_table *rejects;
    kith_added added;
    kith_status status;
    kith_error error;
};

static struct reading reading_with(const kith_engine_options *options)
{
    struct reading reading = {.added = {.size = sizeof reading.added}};
    reading.engine = engine_with(options);
    assert_int_equal(kith_rejects_new(NULL, &reading.rejects, NULL), KITH_OK);
    return reading;
}

static struct reading reading_begin(uint32_t threads)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = threads;
    return reading_with(&options);
}

static void reading_free(struct reading *reading)
{
    kith_table_free(reading->rejects);
    kith_engine_free(reading->engine);
}

static struct gathered packed(const char *bytes, size_t length)
{
    z_stream deflater = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&deflater, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&deflater, (uLong)length);
    char *out = malloc(room);
    assert_non_null(out);
    deflater.next_in = (unsigned char *)bytes;
    deflater.avail_in = (uInt)length;
    deflater.next_out = (unsigned char *)out;
    deflater.avail_out = (uInt)room;
    assert_int_equal(deflate(&deflater, Z_FINISH), Z_STREAM_END);
    struct gathered gathered = {0};
    gather(&gathered, out, deflater.total_out);
    deflateEnd(&deflater);
    free(out);
    return gathered;
}

/* Reads on from where the reading ended, and adds to what was counted before. */
static void read_on(struct reading *reading, const char *bytes, size_t length, size_t step)
{
    struct bytes_source source = {.bytes = bytes, .length = length, .step = step};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source, .name = "e.csv"};
    input.reject = kith_rejects_add;
    input.reject_context = reading->rejects;
    input.begin_offset = reading->added.end_offset;
    input.begin_line = reading->added.end_line;
    kith_added more = {.size = sizeof more};
    reading->error = NO_ERROR;
    reading->status = kith_engine_add_export(reading->engine, &input, &more, &reading->error);
    assert_true(more.end_offset >= input.begin_offset && more.end_line >= input.begin_line);
    more.read += reading->added.read;
    more.taken += reading->added.taken;
    more.skipped += reading->added.skipped;
    more.rejected += reading->added.rejected;
    for (unsigned i = 0; i < 16; i++)
        more.rejected_by_reason[i] += reading->added.rejected_by_reason[i];
    reading->added = more;
}

static struct tables end_tables(const struct reading *reading)
{
    kith_review *review = review_until(reading->engine, MONDAY + 6 * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    return tables;
}

static void assert_same_reading(struct reading *actual, struct reading *expected, const struct tables *tables,
                                const char *what)
{
    assert_status(actual->status, expected->status, &actual->error);
    assert_memory_equal(&actual->added, &expected->added, sizeof actual->added);
    char *rejects = csv_of_table(actual->rejects, KITH_CSV_HEADER);
    char *expected_rejects = csv_of_table(expected->rejects, KITH_CSV_HEADER);
    assert_same_text(rejects, expected_rejects, what);
    free(rejects);
    free(expected_rejects);
    struct tables own = end_tables(actual);
    assert_same_tables(&own, tables, what);
    tables_free(&own);
}

/* ---- a small export, cut everywhere ---- */

/* Rows as they are written, each with whether the reading can end behind it: an empty line is no row. */
struct piece {
    const char *text;
    bool is_row;
};

static const struct piece pieces[] = {
    {"\n", false},
    {"id,time,member,kind,target,quantity,note\n", true},
    {"1,2026-03-02,ana,article,,,\n", true},
    {"2,2026-03-03,ben,like,ana,3,x\n", true},
    {"\n", false},
    {"3,2026-03-03,\"cat, \"\"the\"\"\",like,ana,,\"two\nlines\"\n", true},
    {"4,yesterday,ana,post,,,\n", true},
    {"2,2026-03-10,eve,like,ana,3,known by its id\n", true},
    {"5,2026-03-11,ana,post,,,\"\n\n\"\n", true},
    {"\n", false},
    {"\n", false},
    {"6,2026-03-11,an\"a,post,,,\n", true},
    {"7,2026-03-12,ben,post\n", true},
    {",2026-03-12,ben,post,,,\n", true},
    {",2026-03-12,ben,post,,,\n", true},
    {"8,2026-03-18,dan,dance,,,\n", true},
    {"9,2026-03-19,\"dan\",post,\"ben\",\"2\",\"\"\n", true},
};
enum { PIECES = sizeof pieces / sizeof *pieces };

/* The pieces as one text, with where each ends; CRLF in place of LF where that is asked for. */
struct small {
    struct gathered text;
    size_t ends[PIECES];
    uint64_t lines[PIECES]; /* line ends up to there */
};

static struct small small_export(bool crlf, bool mark)
{
    struct small small = {.text = {0}};
    if (mark)
        gather(&small.text, "\xEF\xBB\xBF", 3);
    uint64_t lines = 0;
    for (unsigned i = 0; i < PIECES; i++) {
        for (const char *at = pieces[i].text; *at; at++) {
            if (crlf && *at == '\n')
                gather(&small.text, "\r", 1);
            gather(&small.text, at, 1);
            lines += *at == '\n';
        }
        small.ends[i] = small.text.length;
        small.lines[i] = lines;
    }
    return small;
}

/* Reads a text's beginning, then all of it from there on. */
static struct reading read_in_two(const struct gathered *text, size_t cut, bool gzip, uint32_t threads, size_t step)
{
    struct reading reading = reading_begin(threads);
    for (unsigned go = 0; go < 2; go++) {
        size_t length = go == 0 ? cut : text->length;
        if (go == 1 && reading.status != KITH_OK)
            break;
        struct gathered bytes = {0};
        if (gzip)
            bytes = packed(text->bytes, length);
        read_on(&reading, gzip ? bytes.bytes : text->bytes, gzip ? bytes.length : length, step);
        gathered_free(&bytes);
    }
    return reading;
}

static void check_every_row_boundary(bool crlf, bool mark, bool gzip, uint32_t threads, size_t step)
{
    struct small small = small_export(crlf, mark);
    struct reading whole = read_in_two(&small.text, small.text.length, gzip, threads, step);
    assert_int_equal(whole.added.end_offset, small.text.length);
    assert_int_equal(whole.added.end_line, small.lines[PIECES - 1] + 1);
    assert_int_equal(whole.added.read, 12);
    assert_int_equal(whole.added.rejected, 4);
    assert_int_equal(whole.added.skipped, 1);
    struct tables tables = end_tables(&whole);
    for (unsigned i = 1, last_row = 1; i < PIECES; i++) {
        if (pieces[i].is_row)
            last_row = i;
        struct reading first = reading_begin(threads);
        read_on(&first, small.text.bytes, small.ends[i], step);
        assert_int_equal(first.added.end_offset, small.ends[last_row]);
        assert_int_equal(first.added.end_line, small.lines[last_row] + 1);
        reading_free(&first);
        struct reading reading = read_in_two(&small.text, small.ends[i], gzip, threads, step);
        assert_same_reading(&reading, &whole, &tables, pieces[i].text);
        reading_free(&reading);
    }
    tables_free(&tables);
    reading_free(&whole);
    gathered_free(&small.text);
}

static void resume_at_every_row_gives_what_one_go_gives(void **state)
{
    (void)state;
    check_every_row_boundary(false, false, false, 1, 0);
    check_every_row_boundary(true, false, false, 1, 1);
    check_every_row_boundary(false, true, true, 2, 0);
    check_every_row_boundary(true, true, true, 1, 1);
    check_every_row_boundary(true, true, false, 2, 7);
}

/* A row at a time, as a log is followed. */
static void resume_row_by_row_gives_what_one_go_gives(void **state)
{
    (void)state;
    for (unsigned crlf = 0; crlf < 2; crlf++) {
        struct small small = small_export(crlf, false);
        struct reading whole = read_in_two(&small.text, small.text.length, false, 1, 0);
        struct tables tables = end_tables(&whole);
        struct reading reading = reading_begin(1);
        for (unsigned i = 1; i < PIECES; i++)
            read_on(&reading, small.text.bytes, small.ends[i], 0);
        assert_same_reading(&reading, &whole, &tables, "row by row");
        reading_free(&reading);
        tables_free(&tables);
        reading_free(&whole);
        gathered_free(&small.text);
    }
}

/*
 * A row that has all but its line end is as good as whole; what is shorter has been read as something that it is not,
 * which must show: as a bad export, or, within a field with line ends, as rows refused for their quotes.
 */
static void resume_within_a_row_is_right_or_says_so(void **state)
{
    (void)state;
    for (unsigned crlf = 0; crlf < 2; crlf++) {
        struct small small = small_export(crlf, false);
        struct reading whole = read_in_two(&small.text, small.text.length, false, 1, 0);
        struct tables tables = end_tables(&whole);
        unsigned same = 0, bad = 0, quotes = 0;
        for (size_t cut = small.ends[1]; cut < small.text.length; cut++) {
            struct reading reading = read_in_two(&small.text, cut, false, 1, 0);
            bool says_so = reading.status == KITH_BAD_EXPORT;
            bool by_quotes =
                reading.added.rejected_by_reason[KITH_REASON_QUOTE] > whole.added.rejected_by_reason[KITH_REASON_QUOTE];
            bad += says_so;
            quotes += !says_so && by_quotes;
            if (!says_so && !by_quotes) {
                assert_same_reading(&reading, &whole, &tables, "cut");
                same++;
            }
            reading_free(&reading);
        }
        assert_true(bad > 200);
        /* Before and behind a line end within a field, of which one has two. */
        assert_int_equal(quotes, crlf ? 8 : 5);
        /* Where a piece ends; where a row's line end is missing; and within a line end, be it an empty line's. */
        enum { CUTS = PIECES - 2, CUT_ROWS = CUTS - 3 };
        assert_int_equal(same, CUTS + CUT_ROWS + (crlf ? CUTS : 0));
        tables_free(&tables);
        reading_free(&whole);
        gathered_free(&small.text);
    }
}

/* ---- what cannot be resumed ---- */

static void assert_bad(const char *before, const char *after, uint64_t line, const char *words)
{
    struct reading reading = reading_begin(1);
    read_on(&reading, before, strlen(before), 0);
    assert_status(reading.status, KITH_OK, &reading.error);
    kith_added first = reading.added;
    read_on(&reading, after, strlen(after), 0);
    assert_status(reading.status, KITH_BAD_EXPORT, &reading.error);
    assert_int_equal(reading.error.line, line);
    assert_string_equal(reading.error.file, "e.csv");
    if (!strstr(reading.error.message, words))
        fail_msg("%s", reading.error.message);
    /* Nothing was read on, and it can be tried again. */
    assert_memory_equal(&reading.added, &first, sizeof first);
    reading_free(&reading);
}

static void resume_of_another_export_is_refused(void **state)
{
    (void)state;
    static const char two[] = "time,member,kind\n2026-03-02,ana,post\n2026-03-02,ben,post\n";
    assert_bad(two, "time,member,kind\n2026-03-02,ana,post\n", 4, "shorter");
    assert_bad(two, "time,member,kind\n", 4, "shorter");
    assert_bad(two, "time,member,kind", 4, "shorter");
    assert_bad(two, "time,member,kind\n2026-03-02,ana,post\n2026-03-02,benno,post\n", 4, "not complete");
    /* The last row, with half of its kind, or of its CR LF. */
    assert_bad("time,member,kind\n2026-03-02,ana,po", "time,member,kind\n2026-03-02,ana,post\n", 3, "not complete");
    assert_bad("time,member,kind\n2026-03-02,ana,post", "time,member,kind\n2026-03-02,ana,post\rx\n", 3,
               "not complete");
    assert_bad("time,member,kind\n2026-03-02,ana,post\r", "time,member,kind\n2026-03-02,ana,post\rx\n", 3,
               "not complete");
    /* A header that has grown. */
    assert_bad("time,member,kind", "time,member,kind,target\n2026-03-02,ana,post,\n", 2, "another export");
    assert_bad("time,member,kind\n", "time,member,kind,target\n", 2, "another export");
    assert_bad(two, "", 1, "no header");
}

static void resume_behind_a_header_alone_reads_all_rows(void **state)
{
    (void)state;
    static const char *const beginnings[] = {"time,member,kind", "time,member,kind\n", "time,member,kind\r",
                                             "time,member,kind\r\n", "time,member,kind\r\n\r\n"};
    for (unsigned i = 0; i < 5; i++) {
        struct reading reading = reading_begin(1);
        read_on(&reading, beginnings[i], strlen(beginnings[i]), 0);
        assert_status(reading.status, KITH_OK, &reading.error);
        assert_int_equal(reading.added.end_line, 2);
        char text[100];
        snprintf(text, sizeof text, "time,member,kind%s\n2026-03-02,ana,post\noops\n",
                 strchr(beginnings[i], '\r') ? "\r" : "");
        read_on(&reading, text, strlen(text), 1);
        assert_status(reading.status, KITH_OK, &reading.error);
        assert_int_equal(reading.added.taken, 1);
        assert_int_equal(reading.added.end_offset, strlen(text));
        assert_int_equal(reading.added.end_line, 4);
        kith_reject row = {.size = sizeof row};
        assert_int_equal(kith_table_get_row(reading.rejects, 0, &row, NULL), KITH_OK);
        assert_int_equal(row.line, 3);
        /* Nothing has come since. */
        kith_added before = reading.added;
        read_on(&reading, text, strlen(text), 0);
        assert_status(reading.status, KITH_OK, &reading.error);
        assert_memory_equal(&reading.added, &before, sizeof before);
        reading_free(&reading);
    }
}

static void resume_needs_offset_and_line(void **state)
{
    (void)state;
    struct reading reading = reading_begin(1);
    struct bytes_source source = {.bytes = "time,member,kind\n", .length = 17};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source, .begin_offset = 17};
    assert_int_equal(kith_engine_add_export(reading.engine, &input, NULL, &reading.error), KITH_BAD_ARGUMENT);
    input.begin_offset = 0;
    input.begin_line = 2;
    assert_int_equal(kith_engine_add_export(reading.engine, &input, NULL, &reading.error), KITH_BAD_ARGUMENT);
    assert_int_equal(source.at, 0);
    input.begin_offset = UINT64_MAX;
    assert_int_equal(kith_engine_add_export(reading.engine, &input, NULL, &reading.error), KITH_BAD_EXPORT);
    reading_free(&reading);
}

/* ---- a large export, given up now and then ---- */

enum { ROWS = 40000 };

/* Many batches, with ids that come again, five rows of so many refused, and fields with line ends. */
static struct gathered large_export(uint64_t seed, uint32_t refused)
{
    struct gathered text = {0};
    static const char head[] = "time,member,kind,target,id,note\n";
    gather(&text, head, sizeof head - 1);
    static const char *const kinds[] = {"post", "like", "comment", "login", "removed"};
    char row[160];
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned kind = chance_below(&seed, refused);
        const char *note = chance_below(&seed, 50) ? "" : "\"a\n\nb\"";
        int length = snprintf(row, sizeof row, "%lld,\"m\"\"%u\",%s,m%u,%u,%s\n",
                              (long long)(MONDAY + chance_below(&seed, 6 * 604800)), chance_below(&seed, 300),
                              kind < 5 ? "dance" : kinds[kind % 5], chance_below(&seed, 300),
                              chance_below(&seed, 3 * ROWS), note);
        gather(&text, row, (size_t)length);
    }
    return text;
}

struct trouble {
    uint64_t seed;
    uint32_t odds; /* one in so many calls stops; 0 for none */
};

static bool is_trouble(struct trouble *trouble)
{
    return trouble->odds > 0 && chance_below(&trouble->seed, trouble->odds) == 0;
}

static int stop_progress(void *context, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return is_trouble(context);
}

struct troubled_rejects {
    kith_table *table;
    struct trouble trouble;
};

static int stop_reject(void *context, const kith_reject *reject)
{
    struct troubled_rejects *rejects = context;
    assert_int_equal(kith_rejects_add(rejects->table, reject), 0);
    return is_trouble(&rejects->trouble);
}

/* Reads an export to its end, through whatever stops it. Returns how often it was stopped. */
static unsigned read_through(struct reading *reading, const struct gathered *text, struct memory *memory,
                             struct trouble *progress, struct troubled_rejects *rejects)
{
    kith_added sum = {.size = sizeof sum};
    for (unsigned stops = 0;; stops++) {
        struct bytes_source source = {.bytes = text->bytes, .length = text->length};
        kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source, .name = "e.csv"};
        input.reject = stop_reject;
        input.reject_context = rejects;
        input.begin_offset = sum.end_offset;
        input.begin_line = sum.end_line;
        kith_added added = {.size = sizeof added};
        reading->error = NO_ERROR;
        if (memory && stops < 60)
            memory_fail_after(memory, chance_below(&progress->seed, 60));
        reading->status = kith_engine_add_export(reading->engine, &input, &added, &reading->error);
        if (memory)
            memory_fail_never(memory);
        if (stops == 200)
            progress->odds = rejects->trouble.odds = 0;
        sum.end_offset = added.end_offset;
        sum.end_line = added.end_line;
        sum.read += added.read;
        sum.taken += added.taken;
        sum.skipped += added.skipped;
        sum.rejected += added.rejected;
        for (unsigned i = 0; i < 16; i++)
            sum.rejected_by_reason[i] += added.rejected_by_reason[i];
        if (reading->status == KITH_OK) {
            reading->added = sum;
            return stops;
        }
        assert_status(reading->status, memory && reading->status != KITH_CANCELLED ? KITH_NO_MEMORY : KITH_CANCELLED,
                      &reading->error);
    }
}

static void check_given_up(uint32_t refused)
{
    struct gathered text = large_export(11, refused);
    struct reading whole = reading_begin(1);
    read_on(&whole, text.bytes, text.length, 0);
    assert_status(whole.status, KITH_OK, &whole.error);
    assert_true(whole.added.skipped > 1000 && whole.added.rejected > 0);
    struct tables tables = end_tables(&whole);
    for (unsigned i = 0; i < 4; i++) {
        struct trouble progress = {.seed = 5 + i, .odds = i == 3 ? 0 : 2};
        struct memory memory;
        memory_init(&memory);
        kith_engine_options options = all_tables(KITH_NAMED);
        options.progress = stop_progress;
        options.progress_context = &progress;
        if (i >= 2)
            options.allocator = &memory.allocator;
        options.threads = i == 1 ? 2 : 1;
        struct reading reading = reading_with(&options);
        struct troubled_rejects rejects = {reading.rejects, {.seed = 77 + i, .odds = i == 3 ? 0 : 40}};
        unsigned stops = read_through(&reading, &text, i >= 2 ? &memory : NULL, &progress, &rejects);
        assert_true(stops > (refused < 1000 ? 5 : 0));
        progress.odds = 0;
        assert_same_reading(&reading, &whole, &tables, "given up");
        kith_engine_info info = {.size = sizeof info};
        assert_int_equal(kith_engine_get_info(reading.engine, &info, NULL), KITH_OK);
        assert_int_equal(info.taken, whole.added.taken);
        assert_int_equal(info.skipped, whole.added.skipped);
        assert_int_equal(info.rejected, whole.added.rejected);
        reading_free(&reading);
        assert_int_equal(memory.live, 0);
    }
    tables_free(&tables);
    reading_free(&whole);
    gathered_free(&text);
}

static void resume_where_a_call_was_given_up(void **state)
{
    (void)state;
    check_given_up(200);
    /* Whole blocks between the rows that are refused. */
    check_given_up(20000);
}

/* As it grows, in steps of any size; of gzip, all of it is written anew. */
static void resume_as_a_large_export_grows(void **state)
{
    (void)state;
    struct gathered text = large_export(12, 200);
    for (unsigned gzip = 0; gzip < 2; gzip++) {
        struct reading whole = reading_begin(1);
        read_on(&whole, text.bytes, text.length, 0);
        struct tables tables = end_tables(&whole);
        struct reading reading = reading_begin(1 + gzip);
        uint64_t seed = 3;
        for (size_t length = 0; length < text.length;) {
            length += 1 + chance_below(&seed, 400000);
            /* Up to the end of a row: each ends with a comma or a quote before the line end. */
            while (length < text.length && !(text.bytes[length - 1] == '\n' && strchr(",\"", text.bytes[length - 2]) &&
                                             strspn(text.bytes + length, "0123456789") == 10))
                length++;
            if (length > text.length)
                length = text.length;
            struct gathered bytes = {0};
            if (gzip)
                bytes = packed(text.bytes, length);
            read_on(&reading, gzip ? bytes.bytes : text.bytes, gzip ? bytes.length : length, 0);
            gathered_free(&bytes);
            assert_status(reading.status, KITH_OK, &reading.error);
            assert_int_equal(reading.added.end_offset, length);
        }
        assert_same_reading(&reading, &whole, &tables, "grows");
        reading_free(&reading);
        tables_free(&tables);
        reading_free(&whole);
    }
    gathered_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resume_at_every_row_gives_what_one_go_gives),
        cmocka_unit_test(resume_row_by_row_gives_what_one_go_gives),
        cmocka_unit_test(resume_within_a_row_is_right_or_says_so),
        cmocka_unit_test(resume_of_another_export_is_refused),
        cmocka_unit_test(resume_behind_a_header_alone_reads_all_rows),
        cmocka_unit_test(resume_needs_offset_and_line),
        cmocka_unit_test(resume_where_a_call_was_given_up),
        cmocka_unit_test(resume_as_a_large_export_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
