/* SPDX-License-Identifier: MIT */
/* Tables as Arrow streams: every cell says what the CSV says, and memory is nobody's in the end. */
#include "arrow_support.h"
#include "engine_support.h"

#include "base/calendar.h"

enum { WEEKS = 14 };

static kith_engine *engine_with_members(uint32_t members, const kith_allocator *allocator)
{
    kith_engine_options options = all_tables(members);
    options.allocator = allocator;
    kith_engine *engine = engine_with(&options);
    kith_policy *policy = policy_of(NULL);
    const uint32_t post = kind_of(policy, "post"), like = kind_of(policy, "like");
    kith_policy_free(policy);
    uint64_t luck = 9;
    for (unsigned i = 0; i < 900; i++) {
        char name[2][24];
        uint32_t who = 1 + chance_below(&luck, 40), whom = 1 + chance_below(&luck, 40);
        snprintf(name[0], sizeof name[0], "member, %u", who);
        snprintf(name[1], sizeof name[1], "member, %u", whom);
        kith_event event = {
            .size = sizeof event,
            .kind = i % 3 ? post : like,
            /* Most leave after a while, so that there are falls, flags and a risk. */
            .time = MONDAY + chance_below(&luck, 3 + who % 11) * WEEK + chance_below(&luck, 604800),
            .quantity = 1 + chance_below(&luck, 3),
        };
        if (members == KITH_NAMED) {
            event.member_name = kith_text_of(name[0]);
            event.target_name = kith_text_of(name[1]);
        } else {
            event.member = who;
            event.target = whom;
        }
        kith_error error = NO_ERROR;
        assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
    }
    return engine;
}

static kith_table *table_of(const kith_review *review, uint32_t which)
{
    kith_table *table = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_review_get_table(review, which, &table, &error), KITH_OK, &error);
    return table;
}

static struct ArrowArrayStream arrow_of(const kith_table *table)
{
    struct ArrowArrayStream stream = {.release = NULL};
    kith_error error = NO_ERROR;
    assert_status(kith_table_get_arrow(table, &stream, &error), KITH_OK, &error);
    return stream;
}

/* One struct array, and then the end. */
static void read_stream(struct ArrowArrayStream *stream, struct ArrowSchema *schema, struct ArrowArray *array)
{
    struct ArrowArray end;
    assert_int_equal(stream->get_schema(stream, schema), 0);
    assert_int_equal(stream->get_next(stream, array), 0);
    assert_non_null(array->release);
    assert_int_equal(stream->get_next(stream, &end), 0);
    assert_null(end.release);
    assert_null(stream->get_last_error(stream));
    assert_string_equal(schema->format, "+s");
    assert_int_equal(schema->n_children, array->n_children);
}

/* A cell of a table's column as shown_column() shows it, from what the C interface says of it. */
static void show_expected(struct gathered *out, const kith_column *column, uint64_t row)
{
    char cell[300] = "";
    switch (column->type) {
    case KITH_COLUMN_TEXT:
        snprintf(cell, sizeof cell, "%.*s", (int)(column->offsets[row + 1] - column->offsets[row]),
                 (const char *)column->values + column->offsets[row]);
        break;
    case KITH_COLUMN_ID:
        snprintf(cell, sizeof cell, "%llu", (unsigned long long)((const uint64_t *)column->values)[row]);
        break;
    case KITH_COLUMN_COUNT:
        snprintf(cell, sizeof cell, "%lld", (long long)((const int64_t *)column->values)[row]);
        break;
    case KITH_COLUMN_DAY:
        snprintf(cell, sizeof cell, "%d", ((const int32_t *)column->values)[row]);
        break;
    case KITH_COLUMN_SCORE: {
        int32_t score = ((const int32_t *)column->values)[row];
        char decimal[32];
        snprintf(decimal, sizeof decimal, "%d.%02d", score / 100, score % 100);
        if (score >= 0)
            snprintf(cell, sizeof cell, "%.17g", strtod(decimal, NULL));
        break;
    }
    case KITH_COLUMN_TIME: {
        int64_t time = ((const int64_t *)column->values)[row];
        if (time != KITH_NO_TIME)
            snprintf(cell, sizeof cell, "%lld", (long long)time);
        break;
    }
    case KITH_COLUMN_LABEL:
        snprintf(cell, sizeof cell, "%s", column->labels[((const uint8_t *)column->values)[row]]);
        break;
    default: {
        size_t length = 0;
        for (uint64_t i = 0; i < column->label_count; i++)
            if (((const uint8_t *)column->values)[row] >> i & 1)
                length += (size_t)snprintf(cell + length, sizeof cell - length, "%s%s", length > 0 ? " " : "",
                                           column->labels[i]);
    }
    }
    assert_int_equal(gather(out, cell, strlen(cell)), 0);
    assert_int_equal(gather(out, "\n", 1), 0);
}

static const char *format_of(uint32_t type)
{
    static const char *const formats[] = {
        [KITH_COLUMN_TEXT] = "U",  [KITH_COLUMN_ID] = "L",    [KITH_COLUMN_COUNT] = "l",      [KITH_COLUMN_SCORE] = "g",
        [KITH_COLUMN_LABEL] = "C", [KITH_COLUMN_FLAGS] = "C", [KITH_COLUMN_TIME] = "tss:UTC", [KITH_COLUMN_DAY] = "tdD",
    };
    return formats[type];
}

static void check_table(kith_table *table)
{
    struct ArrowArrayStream stream = arrow_of(table);
    struct ArrowSchema schema;
    struct ArrowArray array;
    read_stream(&stream, &schema, &array);
    assert_int_equal(schema.n_children, kith_table_columns(table));
    assert_int_equal(array.length, kith_table_rows(table));
    for (uint32_t i = 0; i < kith_table_columns(table); i++) {
        kith_column column = {.size = sizeof column};
        assert_int_equal(kith_table_get_column(table, i, &column, NULL), KITH_OK);
        assert_string_equal(schema.children[i]->name, column.name);
        assert_string_equal(schema.children[i]->format, format_of(column.type));
        bool words = column.type == KITH_COLUMN_LABEL || column.type == KITH_COLUMN_FLAGS;
        assert_true((schema.children[i]->dictionary != NULL) == words);
        assert_true((array.children[i]->dictionary != NULL) == words);
        struct gathered expected = {0};
        for (uint64_t row = 0; row < column.count; row++)
            show_expected(&expected, &column, row);
        char *shown = shown_column(&schema, &array, i);
        assert_same_text(shown, expected.bytes ? expected.bytes : "", column.name);
        free(shown);
        gathered_free(&expected);
    }
    schema.release(&schema);
    array.release(&array);
    stream.release(&stream);
    assert_null(schema.release);
    assert_null(array.release);
    assert_null(stream.release);
}

static void arrow_tables_say_what_the_tables_say(void **state)
{
    (void)state;
    for (uint32_t members = KITH_NAMED; members <= KITH_NUMBERED; members++) {
        struct memory memory;
        memory_init(&memory);
        kith_engine *engine = engine_with_members(members, &memory.allocator);
        kith_review *review = review_until(engine, MONDAY + WEEKS * WEEK);
        for (unsigned i = 0; i < TABLES; i++) {
            kith_table *table = table_of(review, table_bits[i]);
            assert_true(kith_table_rows(table) > 0);
            check_table(table);
            kith_table_free(table);
        }
        kith_table *watch = NULL;
        assert_int_equal(kith_engine_get_watch(engine, MONDAY + WEEKS * WEEK, &watch, NULL), KITH_OK);
        check_table(watch);
        kith_table_free(watch);
        kith_review_free(review);
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
    }
}

static void arrow_tables_without_rows_have_their_columns(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_review *review = review_until(engine, MONDAY);
    for (unsigned i = 0; i < TABLES; i++) {
        kith_table *table = table_of(review, table_bits[i]);
        assert_int_equal(kith_table_rows(table), 0);
        check_table(table);
        kith_table_free(table);
    }
    kith_review_free(review);
    kith_engine_free(engine);
}

/* The table goes first, then the stream, then all of the array but one column, which has been moved away. */
static void arrow_columns_outlive_all_else(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_engine *engine = engine_with_members(KITH_NAMED, &memory.allocator);
    kith_review *review = review_until(engine, MONDAY + WEEKS * WEEK);
    kith_table *table = table_of(review, KITH_STANDINGS);
    struct ArrowArrayStream stream = arrow_of(table);
    struct ArrowSchema schema;
    struct ArrowArray array;
    read_stream(&stream, &schema, &array);
    char *before = shown_column(&schema, &array, 0);
    kith_table_free(table);
    kith_review_free(review);
    kith_engine_free(engine);
    stream.release(&stream);
    struct ArrowArray moved = *array.children[0], *columns[] = {&moved};
    array.children[0]->release = NULL;
    array.release(&array);
    struct ArrowArray alone = {.children = columns};
    char *after = shown_column(&schema, &alone, 0);
    assert_string_equal(before, after);
    moved.release(&moved);
    schema.release(&schema);
    assert_int_equal(memory.live, 0);
    free(before);
    free(after);
}

/* Rows of rejects may be of any bytes; what is given is UTF-8. The table can be added to, which the stream does not
 * see.
 */
static void arrow_rejects_are_a_copy_that_is_text(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_table *table = NULL;
    assert_int_equal(kith_rejects_new(&memory.allocator, &table, NULL), KITH_OK);
    kith_reject reject = {
        .size = sizeof reject,
        .reason = KITH_REASON_MEMBER,
        .line = 12,
        .file = TEXT("a\xFF.csv"),
        .column = TEXT("member"),
        .row = TEXT("\x80,gr\xC3\xBC\xC3,\xE2\x82"),
    };
    assert_int_equal(kith_rejects_add(table, &reject), 0);
    struct ArrowArrayStream stream = arrow_of(table);
    for (unsigned i = 0; i < 500; i++)
        assert_int_equal(kith_rejects_add(table, &reject), 0);
    kith_table_free(table);
    struct ArrowSchema schema;
    struct ArrowArray array;
    read_stream(&stream, &schema, &array);
    assert_int_equal(array.length, 1);
    static const char *const expected[] = {"a?.csv\n", "12\n", "member\n", "member\n", "?,gr\xC3\xBC?,??\n"};
    for (unsigned i = 0; i < 5; i++) {
        char *shown = shown_column(&schema, &array, i);
        assert_string_equal(shown, expected[i]);
        free(shown);
    }
    stream.release(&stream);
    array.release(&array);
    schema.release(&schema);
    assert_int_equal(memory.live, 0);
}

static void arrow_table_without_memory_leaves_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_engine *engine = engine_with_members(KITH_NAMED, &memory.allocator);
    kith_review *review = review_until(engine, MONDAY + WEEKS * WEEK);
    kith_table *table = table_of(review, KITH_STANDINGS);
    uint64_t live = memory.live;
    unsigned failures = 0;
    for (uint64_t n = 0;; n++) {
        struct ArrowArrayStream stream = {.release = NULL};
        struct ArrowSchema schema = {.release = NULL};
        struct ArrowArray array = {.release = NULL};
        memory_fail_after(&memory, n);
        kith_status status = kith_table_get_arrow(table, &stream, NULL);
        int failed = status != KITH_OK;
        if (!failed && (failed = stream.get_schema(&stream, &schema)) == 0)
            failed = stream.get_next(&stream, &array);
        if (failed && stream.release)
            assert_non_null(stream.get_last_error(&stream));
        memory_fail_never(&memory);
        if (!failed) {
            array.release(&array);
            schema.release(&schema);
            stream.release(&stream);
            break;
        }
        failures++;
        if (schema.release)
            schema.release(&schema);
        if (stream.release)
            stream.release(&stream);
        assert_int_equal(memory.live, live);
    }
    assert_true(failures > 50);
    kith_table_free(table);
    kith_review_free(review);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

static void arrow_table_arguments_are_checked(void **state)
{
    (void)state;
    struct ArrowArrayStream stream = {.release = NULL};
    assert_int_equal(kith_table_get_arrow(NULL, &stream, NULL), KITH_BAD_ARGUMENT);
    kith_table *table = NULL;
    assert_int_equal(kith_rejects_new(NULL, &table, NULL), KITH_OK);
    assert_int_equal(kith_table_get_arrow(table, NULL, NULL), KITH_BAD_ARGUMENT);
    kith_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrow_tables_say_what_the_tables_say),
        cmocka_unit_test(arrow_tables_without_rows_have_their_columns),
        cmocka_unit_test(arrow_columns_outlive_all_else),
        cmocka_unit_test(arrow_rejects_are_a_copy_that_is_text),
        cmocka_unit_test(arrow_table_without_memory_leaves_nothing),
        cmocka_unit_test(arrow_table_arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
