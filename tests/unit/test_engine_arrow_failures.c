/* SPDX-License-Identifier: MIT */
/* Arrow streams that fail, or are stopped, and what else ends a call early: what is left, and that all is released. */
#include "arrow_given.h"

#include <errno.h>

static struct told arrow_told;

static const struct layout plain = {
    .time = "l", .member = "u", .kind = "u", .quantity = "l", .batch = 1000, .counts_nulls = true};

/* ---- the stream fails ---- */

static void arrow_stream_that_fails_is_told_in_its_words(void **state)
{
    (void)state;
    struct plain_rows rows = rows_in(&plain, 0);
    for (unsigned call = 1; call <= 5; call++) {
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        rows.fail_at = call;
        kith_added added;
        kith_error error = NO_ERROR;
        arrow_told.count = 0;
        assert_int_equal(add_rows(engine, &rows, &arrow_told, &added, &error), KITH_INPUT_OUTPUT);
        assert_non_null(strstr(error.message, "the disk is on fire"));
        /* The schema is the first call. */
        assert_int_equal(added.read, call < 3 ? 0 : (call - 2) * 1000);
        kith_engine_free(engine);
    }
}

/* A stream of callbacks that are told what to do. */
struct odd {
    int schema, next; /* what they return */
    const char *words;
    bool gives_schema;
    bool lacks_words;
    unsigned released;
    pthread_t caller;
};

static int odd_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct odd *odd = stream->private_data;
    memset(out, 0, sizeof *out);
    if (!odd->gives_schema)
        return odd->schema;
    struct ArrowArrayStream rows = stream_of(&one_row(false)->rows);
    int outcome = rows.get_schema(&rows, out);
    rows.release(&rows);
    return outcome;
}

static int odd_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    const struct odd *odd = stream->private_data;
    /* A fault leaves rubbish behind that nobody is to look at. */
    memset(out, 0xA5, sizeof *out);
    return odd->next;
}

static const char *odd_words(struct ArrowArrayStream *stream)
{
    const struct odd *odd = stream->private_data;
    return odd->words;
}

static void odd_release(struct ArrowArrayStream *stream)
{
    struct odd *odd = stream->private_data;
    odd->released++;
    stream->release = NULL;
}

static void arrow_faults_without_words_are_told_by_their_number(void **state)
{
    (void)state;
    const struct {
        struct odd odd;
        kith_status status;
        const char *words;
    } cases[] = {
        {{.schema = ENOENT}, KITH_INPUT_OUTPUT, strerror(ENOENT)},
        {{.schema = ENOENT, .lacks_words = true}, KITH_INPUT_OUTPUT, strerror(ENOENT)},
        {{.schema = EIO, .words = ""}, KITH_INPUT_OUTPUT, strerror(EIO)},
        {{.schema = -1}, KITH_INPUT_OUTPUT, "arrow: "},
        {{.schema = EIO, .words = "no\nline\x1B[2J\xFF"}, KITH_INPUT_OUTPUT, "no?line?[2J?"},
        {{.schema = 0}, KITH_BAD_EXPORT, "has no schema"},
        {{.next = EIO, .gives_schema = true, .words = "lost"}, KITH_INPUT_OUTPUT, "arrow: lost"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct odd odd = cases[i].odd;
        struct ArrowArrayStream stream = {odd_schema, odd_next, odd.lacks_words ? NULL : odd_words, odd_release, &odd};
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        kith_arrow input = {.size = sizeof input, .stream = &stream};
        kith_error error = NO_ERROR;
        assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), cases[i].status);
        assert_non_null(strstr(error.message, cases[i].words));
        assert_int_equal(odd.released, 1);
        assert_null(stream.release);
        assert_int_equal(arrow_live, 0);
        kith_engine_free(engine);
    }
}

/* Words of any length are cut at a whole character. */
static void arrow_words_of_any_length_are_cut(void **state)
{
    (void)state;
    char *words = malloc(100001);
    for (unsigned i = 0; i < 100000; i += 2)
        memcpy(words + i, "\xC3\xA9", 2);
    words[100000] = '\0';
    struct odd odd = {.schema = EIO, .words = words};
    struct ArrowArrayStream stream = {odd_schema, odd_next, odd_words, odd_release, &odd};
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_INPUT_OUTPUT);
    size_t length = strlen(error.message);
    assert_true(length > 100);
    assert_string_equal(error.message + length - 2, "\xC3\xA9");
    free(words);
    kith_engine_free(engine);
}

static void arrow_stream_without_callbacks_is_none(void **state)
{
    (void)state;
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    for (unsigned i = 0; i < 2; i++) {
        struct odd odd = {.gives_schema = true};
        struct ArrowArrayStream stream = {i == 0 ? NULL : odd_schema, i == 1 ? NULL : odd_next, odd_words, odd_release,
                                          &odd};
        kith_arrow input = {.size = sizeof input, .stream = &stream};
        assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, NULL), KITH_BAD_EXPORT);
        assert_int_equal(odd.released, 1);
    }
    kith_engine_free(engine);
}

/* ---- memory ---- */

/* Rows with ids: what was taken before is skipped when they come again. */
static struct plain_rows rows_with_ids(const struct layout *layout)
{
    static int64_t numbers[ROWS];
    for (unsigned row = 0; row < ROWS; row++)
        numbers[row] = row;
    struct plain_rows rows = rows_in(layout, 0);
    rows.columns[6] = (struct plain_column){.name = "id", .format = "i", .numbers = numbers};
    rows.column_count = 7;
    return rows;
}

static char *standings_of(kith_engine *engine)
{
    kith_review *review = review_until(engine, MONDAY + 9 * WEEK);
    char *csv = csv_of(review, KITH_STANDINGS, KITH_CSV_HEADER);
    kith_review_free(review);
    return csv;
}

/* The call whose n-th allocation fails, and once more without a failure. Returns what the first one did. */
static kith_status add_with_failure(const struct plain_rows *rows, uint32_t members, uint64_t n, char **standings)
{
    struct memory memory;
    memory_init(&memory);
    kith_engine_options options = all_tables(members);
    options.allocator = &memory.allocator;
    kith_engine *engine = engine_with(&options);
    memory_fail_after(&memory, n);
    kith_added added;
    arrow_told.count = 0;
    kith_status status = add_rows(engine, rows, &arrow_told, &added, NULL);
    memory_fail_never(&memory);
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    assert_int_equal(info.taken, added.taken);
    assert_int_equal(info.rejected, added.rejected);
    assert_int_equal(arrow_told.count, added.rejected);
    if (status != KITH_OK) {
        uint64_t taken = added.taken;
        arrow_told.count = 0;
        assert_int_equal(add_rows(engine, rows, &arrow_told, &added, NULL), KITH_OK);
        assert_int_equal(added.skipped, taken);
    }
    *standings = standings_of(engine);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
    return status;
}

static void arrow_out_of_memory_deals_with_the_first_rows_alone(void **state)
{
    (void)state;
    for (unsigned numbered = 0; numbered < 2; numbered++) {
        const struct layout layout = {
            .time = "tsu:UTC",
            .member = numbered ? "l" : "u",
            .member_index = numbered ? NULL : "i",
            .kind = "u",
            .kind_index = "C",
            .quantity = "l",
            .batch = 700,
            .counts_nulls = true,
        };
        const struct plain_rows rows = rows_with_ids(&layout);
        const uint32_t members = numbered ? KITH_NUMBERED : KITH_NAMED;
        char *expected, *standings;
        unsigned failures = 0;
        assert_int_equal(add_with_failure(&rows, members, UINT32_MAX, &expected), KITH_OK);
        kith_status status = KITH_NO_MEMORY;
        for (uint64_t n = 0; status != KITH_OK; n++) {
            status = add_with_failure(&rows, members, n, &standings);
            assert_same_text(standings, expected, "standings");
            free(standings);
            failures += status != KITH_OK;
            if (status != KITH_OK)
                assert_int_equal(status, KITH_NO_MEMORY);
        }
        assert_true(failures > 10);
        free(expected);
    }
}

/* ---- being stopped ---- */

static int stop_when_some_are_done(void *context, uint64_t done, uint64_t total)
{
    uint64_t *seen = context;
    assert_int_equal(total, 0);
    *seen = done;
    return done > 0;
}

static void arrow_can_be_cancelled(void **state)
{
    (void)state;
    struct plain_rows rows = rows_in(&plain, 0);
    rows.batch = 10;
    uint64_t seen = 0;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.progress = stop_when_some_are_done;
    options.progress_context = &seen;
    kith_engine *engine = engine_with(&options);
    kith_added added;
    arrow_told.count = 0;
    assert_int_equal(add_rows(engine, &rows, &arrow_told, &added, NULL), KITH_CANCELLED);
    assert_int_equal(added.read, seen);
    assert_true(seen > 0 && seen < ROWS);
    assert_int_equal(arrow_told.count, added.rejected);
    kith_engine_free(engine);
    engine = engine_of(KITH_NAMED, 1);
    arrow_told.count = 0;
    arrow_told.stop_at = 3;
    assert_int_equal(add_rows(engine, &rows, &arrow_told, &added, NULL), KITH_CANCELLED);
    assert_int_equal(arrow_told.count, 3);
    arrow_told.stop_at = 0;
    kith_engine_free(engine);
}

static int stop_at_tenth(void *context, uint64_t done, uint64_t total)
{
    unsigned *calls = context;
    assert_int_equal(done + total, 0);
    return ++*calls == 10;
}

static int next_empty(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    /* The rows' stream behind it gives an empty batch each time it is asked anew. */
    struct plain_rows *rows = stream->private_data;
    struct ArrowArrayStream empty = stream_of(rows);
    int outcome = empty.get_next(&empty, out);
    empty.release(&empty);
    return outcome;
}

static int schema_of_empty(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct plain_rows *rows = stream->private_data;
    struct ArrowArrayStream empty = stream_of(rows);
    int outcome = empty.get_schema(&empty, out);
    empty.release(&empty);
    return outcome;
}

static void release_nothing(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

/* A stream that gives no rows, for ever. */
static void arrow_without_rows_can_be_cancelled(void **state)
{
    (void)state;
    struct plain_rows rows = rows_in(&plain, 0);
    rows.has_empty = true;
    struct ArrowArrayStream stream = {schema_of_empty, next_empty, odd_words, release_nothing, &rows};
    unsigned calls = 0;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.progress = stop_at_tenth;
    options.progress_context = &calls;
    kith_engine *engine = engine_with(&options);
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, NULL), KITH_CANCELLED);
    assert_int_equal(arrow_live, 0);
    kith_engine_free(engine);
}

/* ---- threads ---- */

static struct {
    int (*get_schema)(struct ArrowArrayStream *stream, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *stream, struct ArrowArray *out);
    void (*release)(struct ArrowArrayStream *stream);
    pthread_t caller;
    unsigned calls;
} watched;

static void watch(void)
{
    watched.calls++;
    assert_true(pthread_equal(pthread_self(), watched.caller));
}

static int watched_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    watch();
    return watched.get_schema(stream, out);
}

static int watched_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    watch();
    return watched.get_next(stream, out);
}

static void watched_release(struct ArrowArrayStream *stream)
{
    watch();
    watched.release(stream);
}

/* Python's are not to be called by a thread that it does not know. */
static void arrow_callbacks_are_called_by_the_caller_s_thread(void **state)
{
    (void)state;
    enum { MANY = 90000 };
    int64_t *numbers = calloc(MANY, sizeof *numbers);
    kith_text *kinds = calloc(MANY, sizeof *kinds);
    for (unsigned i = 0; i < MANY; i++) {
        numbers[i] = MONDAY + i;
        kinds[i] = kith_text_of("post");
    }
    const struct plain_rows rows = {
        .columns =
            {
                {.name = "time", .format = "l", .numbers = numbers},
                {.name = "member", .format = "l", .numbers = numbers},
                {.name = "kind", .format = "u", .index = "C", .texts = kinds},
            },
        .column_count = 3,
        .rows = MANY,
        .batch = 40000,
    };
    struct ArrowArrayStream stream = stream_of(&rows);
    watched.get_schema = stream.get_schema;
    watched.get_next = stream.get_next;
    watched.release = stream.release;
    watched.caller = pthread_self();
    stream.get_schema = watched_schema;
    stream.get_next = watched_next;
    stream.release = watched_release;
    kith_engine *engine = engine_of(KITH_NUMBERED, 4);
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, NULL), KITH_OK);
    assert_int_equal(watched.calls, 6);
    assert_int_equal(arrow_live, 0);
    kith_engine_free(engine);
    free(numbers);
    free(kinds);
}

/* ---- arguments ---- */

static void arrow_arguments_are_checked_and_the_stream_released(void **state)
{
    (void)state;
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_add_arrow(engine, NULL, NULL, &error), KITH_BAD_ARGUMENT);
    kith_arrow input = {.size = sizeof input};
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "input.stream");
    struct plain_rows rows = one_row(false)->rows;
    struct ArrowArrayStream stream = stream_of(&rows);
    input.stream = &stream;
    assert_int_equal(kith_engine_add_arrow(NULL, &input, NULL, &error), KITH_BAD_ARGUMENT);
    assert_null(stream.release);
    stream = stream_of(&rows);
    input.reserved = 1;
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_ARGUMENT);
    assert_null(stream.release);
    input.reserved = 0;
    stream = stream_of(&rows);
    kith_added added = {.size = 4};
    assert_int_equal(kith_engine_add_arrow(engine, &input, &added, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(added.size, 4);
    assert_null(stream.release);
    /* Released before: there is nothing to be released again. */
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_EXPORT);
    /* Made for a later version, of which a field is set that this one does not know. */
    struct {
        kith_arrow known;
        uint64_t later;
    } larger = {.known = {.size = sizeof larger, .stream = &stream}, .later = 1};
    stream = stream_of(&rows);
    assert_int_equal(kith_engine_add_arrow(engine, &larger.known, NULL, &error), KITH_UNSUPPORTED);
    assert_null(stream.release);
    larger.known.size = 8;
    stream = stream_of(&rows);
    assert_int_equal(kith_engine_add_arrow(engine, &larger.known, NULL, &error), KITH_BAD_ARGUMENT);
    assert_non_null(stream.release);
    input.target = "member";
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_EXPORT);
    assert_non_null(strstr(error.message, "the same column"));
    assert_int_equal(arrow_live, 0);
    kith_engine_free(engine);
}

/* ---- asking for the schema alone ---- */

/* A stream that keeps in its struct how often it was asked. */
static int count_schemas(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct ArrowArrayStream rows = stream_of(&one_row(false)->rows);
    int outcome = rows.get_schema(&rows, out);
    rows.release(&rows);
    stream->private_data = (char *)stream->private_data + 1;
    return outcome;
}

/* The stream may be moved for it, but what it has become is what the caller has then. */
static void arrow_schema_is_asked_for_without_taking_the_stream(void **state)
{
    (void)state;
    char calls[4];
    struct ArrowArrayStream stream = {count_schemas, odd_next, odd_words, release_nothing, calls};
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    uint32_t members = 77;
    assert_int_equal(kith_arrow_get_members(&input, &members, NULL), KITH_OK);
    assert_int_equal(members, KITH_NAMED);
    assert_ptr_equal(stream.private_data, calls + 1);
    input.target = "no such column";
    assert_int_equal(kith_arrow_get_members(&input, &members, NULL), KITH_BAD_EXPORT);
    assert_ptr_equal(stream.private_data, calls + 2);
    assert_true(stream.release == release_nothing);
    input.reserved = 1;
    assert_int_equal(kith_arrow_get_members(&input, &members, NULL), KITH_BAD_ARGUMENT);
    input = (kith_arrow){.size = sizeof input};
    assert_int_equal(kith_arrow_get_members(&input, &members, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_arrow_get_members(NULL, &members, NULL), KITH_BAD_ARGUMENT);
    stream.release = NULL;
    input.stream = &stream;
    assert_int_equal(kith_arrow_get_members(&input, &members, NULL), KITH_BAD_EXPORT);
    assert_int_equal(arrow_live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrow_stream_that_fails_is_told_in_its_words),
        cmocka_unit_test(arrow_faults_without_words_are_told_by_their_number),
        cmocka_unit_test(arrow_words_of_any_length_are_cut),
        cmocka_unit_test(arrow_stream_without_callbacks_is_none),
        cmocka_unit_test(arrow_out_of_memory_deals_with_the_first_rows_alone),
        cmocka_unit_test(arrow_can_be_cancelled),
        cmocka_unit_test(arrow_without_rows_can_be_cancelled),
        cmocka_unit_test(arrow_callbacks_are_called_by_the_caller_s_thread),
        cmocka_unit_test(arrow_arguments_are_checked_and_the_stream_released),
        cmocka_unit_test(arrow_schema_is_asked_for_without_taking_the_stream),
    };
    return cmocka_run_group_tests(tests, make_given, NULL);
}
