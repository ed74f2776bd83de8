/* SPDX-License-Identifier: MIT */
/* Arrow streams that break the rules of the interface: what is told of them, and that they do no harm. */
#include "arrow_given.h"

#include <math.h>

/* ---- what a stream cannot be ---- */

static void assert_refused(kith_engine *engine, const struct plain_rows *rows, kith_status expected, const char *field,
                           const char *words)
{
    struct told told = {.count = 0};
    kith_added added;
    kith_error error = NO_ERROR;
    kith_status status = add_rows(engine, rows, &told, &added, &error);
    if (status != expected || strcmp(error.field, field) != 0 || !strstr(error.message, words))
        fail_msg("%s, field \"%s\": %s; expected \"%s\": %s", kith_status_name(status), error.field, error.message,
                 field, words);
    assert_int_equal(added.taken, 0);
}

static void arrow_columns_of_wrong_types_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned column;
        const char *name;
        const char *format;
        const char *field;
        const char *words;
    } cases[] = {
        {0, "when", "l", "time", "no such column"},
        {1, "who", "u", "member", "no such column"},
        {2, "what", "u", "kind", "no such column"},
        {0, "time", "b", "time", "a type that is not understood: \"b\""},
        {0, "time", "tin", "time", "not understood"},
        {0, "time", "tsx:", "time", "not understood"},
        {0, "time", "ts", "time", "not understood"},
        {0, "time", "", "time", "not understood"},
        {1, "member", "l", "member", "expected text"},
        {1, "member", "tss:", "member", "expected text or whole numbers"},
        {2, "kind", "l", "kind", "expected text"},
        {2, "member", "u", "member", "two columns of this name"},
    };
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct one *one = one_row(false);
        struct plain_column *column = &one->rows.columns[cases[i].column];
        column->name = cases[i].name;
        column->format = cases[i].format;
        column->numbers = &one->time;
        one->rows.rows = 0;
        assert_refused(engine, &one->rows, KITH_BAD_EXPORT, cases[i].field, cases[i].words);
    }
    struct one *one = one_row(false);
    one->rows.columns[3] = (struct plain_column){.name = "quantity", .format = "u", .texts = &one->kind};
    one->rows.column_count = 4;
    assert_refused(engine, &one->rows, KITH_BAD_EXPORT, "quantity", "expected whole numbers");
    kith_engine_free(engine);
    engine = engine_of(KITH_NUMBERED, 1);
    assert_refused(engine, &one_row(false)->rows, KITH_BAD_EXPORT, "member", "by number");
    kith_engine_free(engine);
}

/* Each breaks one rule of the interface. */
static void lose_schema_format(struct ArrowSchema *schema)
{
    schema->format = "l";
}
static void lose_schema_children(struct ArrowSchema *schema)
{
    schema->children = NULL;
}
static void make_children_negative(struct ArrowSchema *schema)
{
    schema->n_children = -1;
}
static void lose_child_schema(struct ArrowSchema *schema)
{
    schema->children[3]->release(schema->children[3]);
    schema->children[3] = NULL;
}
static void release_child_schema(struct ArrowSchema *schema)
{
    schema->children[3]->release(schema->children[3]);
}
static void release_dictionary_schema(struct ArrowSchema *schema)
{
    struct ArrowSchema *dictionary = child_schema(schema, "kind")->dictionary;
    dictionary->release(dictionary);
}
/* What moves cursors on terminals, and is no UTF-8. */
static void write_rubbish_format(struct ArrowSchema *schema)
{
    child_schema(schema, "time")->format = "t\x1B[31m\xFF";
}
static void lose_child_format(struct ArrowSchema *schema)
{
    child_schema(schema, "time")->format = NULL;
}
static void make_text_an_index(struct ArrowSchema *schema)
{
    child_schema(schema, "kind")->format = "u";
}
static void nest_dictionaries(struct ArrowSchema *schema)
{
    child_schema(schema, "kind")->dictionary->dictionary = child_schema(schema, "kind");
}

static void make_length_negative(struct ArrowArray *array)
{
    array->length = -1;
}
static void make_offset_negative(struct ArrowArray *array)
{
    array->offset = -1;
}
static void make_offset_huge(struct ArrowArray *array)
{
    array->offset = INT64_MAX;
}
static void make_row_null(struct ArrowArray *array)
{
    array->null_count = 1;
}
static void make_row_null_uncounted(struct ArrowArray *array)
{
    static const unsigned char all_but_the_second[] = {0xFD};
    array->buffers[0] = all_but_the_second;
    array->null_count = -1;
}
static void make_children_of_batch_negative(struct ArrowArray *array)
{
    array->n_children = -array->n_children;
}
static void lose_children(struct ArrowArray *array)
{
    array->n_children--;
}
static void lose_child_pointers(struct ArrowArray *array)
{
    array->children = NULL;
}
static void lose_child(struct ArrowArray *array)
{
    array->children[0]->release(array->children[0]);
    array->children[0] = NULL;
}
static void shorten_child(struct ArrowArray *array)
{
    array->children[0]->length--;
}
static void make_child_length_negative(struct ArrowArray *array)
{
    array->children[1]->length = -7;
}
static void make_child_offset_negative(struct ArrowArray *array)
{
    array->children[1]->offset = -7;
}
static void make_child_offset_huge(struct ArrowArray *array)
{
    array->children[1]->offset = INT64_MAX;
}
static void make_child_length_huge(struct ArrowArray *array)
{
    array->children[1]->length = INT64_MAX;
}
/* Eight bytes each: no address is that large. */
static void make_child_end_past_memory(struct ArrowArray *array)
{
    array->children[0]->offset = INT64_MAX / 8 - 2;
}
/* Four bytes each: a pointer may say so, but no process has such an address. */
static void make_child_end_past_addresses(struct ArrowArray *array)
{
    array->children[1]->offset = INT64_C(1) << 56;
}
static void release_child(struct ArrowArray *array)
{
    array->children[2]->release(array->children[2]);
}
static void make_buffers_negative(struct ArrowArray *array)
{
    array->children[1]->n_buffers = INT64_MIN;
}
static void make_nulls_negative(struct ArrowArray *array)
{
    array->children[1]->null_count = -2;
}
static void make_nulls_many(struct ArrowArray *array)
{
    array->children[1]->null_count = array->children[1]->length + 1;
}
static void claim_nulls(struct ArrowArray *array)
{
    array->children[0]->null_count = 1;
}
static void lose_buffer(struct ArrowArray *array)
{
    array->children[1]->n_buffers--;
}
static void lose_buffers(struct ArrowArray *array)
{
    array->children[1]->buffers = NULL;
}
static void lose_values(struct ArrowArray *array)
{
    array->children[0]->buffers[1] = NULL;
}
static void lose_bytes(struct ArrowArray *array)
{
    array->children[1]->buffers[2] = NULL;
}
static void lose_dictionary(struct ArrowArray *array)
{
    array->children[2]->dictionary = NULL;
}

static void release_dictionary(struct ArrowArray *array)
{
    array->children[2]->dictionary->release(array->children[2]->dictionary);
}
static void make_dictionary_length_negative(struct ArrowArray *array)
{
    array->children[2]->dictionary->length = -1;
}
static void make_dictionary_length_huge(struct ArrowArray *array)
{
    array->children[2]->dictionary->length = INT64_MAX;
}
static void empty_dictionary(struct ArrowArray *array)
{
    array->children[2]->dictionary->length = 0;
}
static void lose_dictionary_offsets(struct ArrowArray *array)
{
    array->children[2]->dictionary->buffers[1] = NULL;
}

static int32_t *writable(struct ArrowArray *array, int64_t buffer)
{
    return (int32_t *)(uintptr_t)array->buffers[buffer];
}
static void make_first_offset_negative(struct ArrowArray *array)
{
    writable(array->children[1], 1)[0] = -1;
}
static void make_offsets_fall(struct ArrowArray *array)
{
    writable(array->children[1], 1)[2] = 0;
}
static void make_index_negative(struct ArrowArray *array)
{
    writable(array->children[2], 1)[1] = -1;
}
static void make_index_large(struct ArrowArray *array)
{
    writable(array->children[2], 1)[1] = 1;
}
static void make_dictionary_offsets_fall(struct ArrowArray *array)
{
    writable(array->children[2]->dictionary, 1)[1] = -3;
}
/* Of a view: length, prefix, buffer, offset. */
static void make_view_negative(struct ArrowArray *array)
{
    writable(array->children[3], 1)[0] = -1;
}
static void make_view_long(struct ArrowArray *array)
{
    writable(array->children[3], 1)[0]++;
}
static void move_view(struct ArrowArray *array)
{
    writable(array->children[3], 1)[3]++;
}
static void move_view_back(struct ArrowArray *array)
{
    writable(array->children[3], 1)[3] = -1;
}
static void lose_view_buffer(struct ArrowArray *array)
{
    writable(array->children[3], 1)[2] = 1;
}
static void make_view_buffer_negative(struct ArrowArray *array)
{
    writable(array->children[3], 1)[2] = -1;
}
static void lose_view_sizes(struct ArrowArray *array)
{
    array->children[3]->buffers[3] = NULL;
}
static void lose_view_bytes(struct ArrowArray *array)
{
    array->children[3]->buffers[2] = NULL;
}
static void make_view_size_negative(struct ArrowArray *array)
{
    memset(writable(array->children[3], 3), 0xFF, 8);
}
static void lose_view_buffers(struct ArrowArray *array)
{
    array->children[3]->n_buffers = 2;
}

static void arrow_that_breaks_a_rule_is_refused(void **state)
{
    (void)state;
    static const struct {
        void (*schema)(struct ArrowSchema *schema);
        void (*array)(struct ArrowArray *array);
        const char *field;
        const char *words;
    } cases[] = {
        {lose_schema_format, NULL, "", "expected a struct of columns"},
        {lose_schema_children, NULL, "", "a number of columns that cannot be"},
        {make_children_negative, NULL, "", "a number of columns that cannot be"},
        {lose_child_format, NULL, "time", "not understood"},
        {make_text_an_index, NULL, "kind", "not understood"},
        {nest_dictionaries, NULL, "kind", "not understood"},
        {lose_child_schema, NULL, "", "is NULL, or has been released"},
        {release_child_schema, NULL, "", "is NULL, or has been released"},
        {release_dictionary_schema, NULL, "kind", "not understood"},
        {write_rubbish_format, NULL, "time", "\"t?[31m?\""},
        {NULL, make_length_negative, "", "a length or an offset that cannot be"},
        {NULL, make_offset_negative, "", "a length or an offset that cannot be"},
        {NULL, make_offset_huge, "", "a length or an offset that cannot be"},
        {NULL, make_row_null, "", "null as a whole"},
        {NULL, make_row_null_uncounted, "", "null as a whole"},
        {NULL, lose_children, "", "other columns than the schema"},
        {NULL, lose_child_pointers, "", "other columns than the schema"},
        {NULL, lose_child, "time", "is NULL in a batch"},
        {NULL, shorten_child, "time", "fewer rows than the batch"},
        {NULL, make_child_length_negative, "member", "cannot be"},
        {NULL, make_child_offset_negative, "member", "cannot be"},
        {NULL, make_child_offset_huge, "member", "cannot be"},
        {NULL, make_child_end_past_memory, "time", "cannot be"},
        {NULL, make_child_end_past_addresses, "member", "cannot be"},
        {NULL, make_child_length_huge, "member", "cannot be"},
        {NULL, release_child, "kind", "has been released"},
        {NULL, make_nulls_negative, "member", "cannot be"},
        {NULL, make_nulls_many, "member", "cannot be"},
        {NULL, claim_nulls, "time", "does not say which"},
        {NULL, lose_buffer, "member", "as many buffers"},
        {NULL, lose_buffers, "member", "as many buffers"},
        {NULL, lose_values, "time", "has no values"},
        {NULL, lose_bytes, "member", "but no bytes"},
        {NULL, lose_dictionary, "kind", "has no dictionary"},
        {NULL, release_dictionary, "kind", "has been released"},
        {NULL, make_dictionary_length_negative, "kind", "cannot be"},
        {NULL, make_dictionary_length_huge, "kind", "cannot be"},
        {NULL, empty_dictionary, "kind", "outside of its dictionary"},
        {NULL, lose_dictionary_offsets, "kind", "has no values"},
        {NULL, make_buffers_negative, "member", "as many buffers"},
        {NULL, make_children_of_batch_negative, "", "other columns than the schema"},
        {NULL, make_view_size_negative, "target", "outside of its buffers"},
        {NULL, make_first_offset_negative, "member", "an offset below 0"},
        {NULL, make_offsets_fall, "member", "below the one before it"},
        {NULL, make_index_negative, "kind", "outside of its dictionary"},
        {NULL, make_index_large, "kind", "outside of its dictionary"},
        {NULL, make_dictionary_offsets_fall, "kind", "below the one before it"},
        {NULL, make_view_negative, "target", "outside of its buffers"},
        {NULL, make_view_long, "target", "outside of its buffers"},
        {NULL, move_view, "target", "outside of its buffers"},
        {NULL, move_view_back, "target", "outside of its buffers"},
        {NULL, lose_view_buffer, "target", "outside of its buffers"},
        {NULL, make_view_buffer_negative, "target", "outside of its buffers"},
        {NULL, lose_view_sizes, "target", "how large its buffers are"},
        {NULL, lose_view_bytes, "target", "outside of its buffers"},
        {NULL, lose_view_buffers, "target", "as many buffers"},
    };
    static const int64_t times[] = {MONDAY, MONDAY + 1, MONDAY + 2};
    const kith_text names[] = {TEXT("ana"), TEXT("ben"), TEXT("cem")};
    const kith_text posts[] = {TEXT("post"), TEXT("post"), TEXT("post")};
    const kith_text targets[] = {TEXT("a name of more than twelve"), TEXT("dan"), TEXT("eva")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        const struct plain_rows rows = {
            .columns =
                {
                    {.name = "time", .format = "tss:UTC", .numbers = times},
                    {.name = "member", .format = "u", .texts = names},
                    {.name = "kind", .format = "u", .index = "i", .texts = posts},
                    {.name = "target", .format = "vu", .texts = targets},
                },
            .column_count = 4,
            .rows = 3,
            .counts_nulls = true,
            .spoil_schema = cases[i].schema,
            .spoil_array = cases[i].array,
        };
        assert_refused(engine, &rows, KITH_BAD_EXPORT, cases[i].field, cases[i].words);
        kith_engine_free(engine);
    }
}

/* A fault in the third batch: the rows before it are in, and the row at fault is told by its number in the stream. */
static unsigned batches_left;

static void spoil_third(struct ArrowArray *array)
{
    if (--batches_left == 0)
        writable(array->children[1], 1)[2] = 0;
}

static void arrow_fault_tells_the_row_and_keeps_those_before(void **state)
{
    (void)state;
    int64_t times[9];
    kith_text names[9], posts[9];
    for (unsigned i = 0; i < 9; i++) {
        times[i] = MONDAY + i;
        names[i] = kith_text_of("ana");
        posts[i] = kith_text_of("post");
    }
    const struct plain_rows rows = {
        .columns =
            {
                {.name = "time", .format = "tss:UTC", .numbers = times},
                {.name = "member", .format = "u", .texts = names},
                {.name = "kind", .format = "u", .texts = posts},
            },
        .column_count = 3,
        .rows = 9,
        .batch = 3,
        .counts_nulls = true,
        .spoil_array = spoil_third,
    };
    batches_left = 3;
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    struct told told = {.count = 0};
    kith_added added;
    kith_error error = NO_ERROR;
    assert_int_equal(add_rows(engine, &rows, &told, &added, &error), KITH_BAD_EXPORT);
    assert_int_equal(added.read, 6);
    assert_int_equal(added.taken, 6);
    assert_int_equal(error.line, 8);
    assert_string_equal(error.field, "member");
    assert_string_equal(error.file, "arrow");
    kith_engine_free(engine);
}

/* ---- dictionaries larger than batches ---- */

static void spoil_entry(struct ArrowArray *array, size_t entry)
{
    writable(array->children[2]->dictionary, 1)[entry + 1] = -3;
}
static void spoil_entry_in_use(struct ArrowArray *array)
{
    spoil_entry(array, 1);
}
static void spoil_entry_out_of_use(struct ArrowArray *array)
{
    spoil_entry(array, 9);
}
static void lie_about_entries(struct ArrowArray *array)
{
    /* More than there is memory for: none of them may be looked at, nor anything be kept for each. */
    array->children[2]->dictionary->length = (int64_t)1 << 53;
}

/* Only entries that rows are need to be sound, and how many there are does not matter. */
static void arrow_large_dictionaries_are_looked_at_where_rows_refer_to_them(void **state)
{
    (void)state;
    static const struct {
        void (*spoil)(struct ArrowArray *array);
        kith_status status;
    } cases[] = {
        {NULL, KITH_OK},
        {spoil_entry_in_use, KITH_BAD_EXPORT},
        {spoil_entry_out_of_use, KITH_OK},
        {lie_about_entries, KITH_OK},
    };
    static const int64_t times[] = {MONDAY, MONDAY + 1, MONDAY + 2};
    const kith_text names[] = {TEXT("ana"), TEXT("ben"), TEXT("ana")};
    const kith_text kinds[] = {TEXT("post"), TEXT("like"), TEXT("post")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        const struct plain_rows rows = {
            .columns =
                {
                    {.name = "time", .format = "tss:UTC", .numbers = times},
                    {.name = "member", .format = "vu", .index = "s", .texts = names},
                    {.name = "kind", .format = "u", .index = "c", .texts = kinds},
                },
            .column_count = 3,
            .rows = 3,
            .unused = 40,
            .counts_nulls = true,
            .spoil_array = cases[i].spoil,
        };
        struct told told = {.count = 0};
        kith_added added;
        kith_error error = NO_ERROR;
        assert_int_equal(add_rows(engine, &rows, &told, &added, &error), cases[i].status);
        assert_int_equal(added.taken, cases[i].status == KITH_OK ? 3 : 0);
        assert_int_equal(error.line, cases[i].status == KITH_OK ? 0 : 2);
        kith_engine_free(engine);
    }
}

/* ---- one field after the other ---- */

enum { FEW = 60 };

/* Which field of which struct is to be broken, counted through all of them, and what it becomes. */
static struct {
    unsigned target;
    unsigned seen;
    unsigned value;
    bool done;
    uint64_t luck;
} harm;

enum { VALUES = 8 };

static bool is_the_one(void)
{
    bool is = harm.seen++ == harm.target;
    harm.done |= is;
    return is;
}

/*
 * A number that is not what it should be, and is seen to be so: how much memory lies behind a pointer the interface
 * does not tell, so that nobody can see a length that is a little too large where there is nothing to compare it with.
 */
static void break_number(int64_t *number)
{
    const int64_t values[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX - 1, -2, INT64_MIN + 1, INT64_MAX - 2};
    if (is_the_one())
        *number = harm.value == VALUES - 1 ? -*number - 1 : values[harm.value];
}

/* Those of nulls and of children may be any: none of what they claim leads to memory that is not there. */
static void break_count(int64_t *number, int64_t most)
{
    const int64_t values[] = {-1, INT64_MIN, INT64_MAX, 0, 1, most};
    if (is_the_one())
        *number = harm.value == 6 ? most + 1 : harm.value == 7 ? most - 1 : values[harm.value];
}

static void break_pointer(const void **pointer)
{
    if (is_the_one())
        *pointer = NULL;
}

/* Bytes of a buffer that says no more than where in others to look, or nothing but a value. */
static void break_bytes(const void *bytes, size_t size)
{
    if (!bytes || size == 0 || !is_the_one())
        return;
    for (unsigned i = 0; i <= harm.value; i++)
        ((unsigned char *)(uintptr_t)bytes)[chance_below(&harm.luck, (uint32_t)size)] =
            (unsigned char)chance(&harm.luck);
}

static void break_child_array(struct ArrowArray **child, const char *format)
{
    struct ArrowArray *array = *child;
    const int64_t length = array->length, buffers = array->n_buffers;
    const size_t items = (size_t)(array->offset + length);
    const bool text = strchr("uUv", format[0]) != NULL;
    if (is_the_one()) {
        array->release(array);
        return;
    }
    break_number(&array->length);
    break_number(&array->offset);
    break_count(&array->null_count, length);
    break_count(&array->n_buffers, buffers);
    for (int64_t i = 0; i < buffers; i++)
        break_pointer(&array->buffers[i]);
    break_bytes(array->buffers[0], (items + 7) / 8);
    if (!text)
        break_bytes(array->buffers[1], items);
    if (strcmp(format, "vu") == 0)
        break_bytes(array->buffers[1], items * 16);
    if (is_the_one())
        array->buffers = NULL;
    else if (is_the_one())
        *child = NULL;
}

/* As the columns of harmed_rows() are. */
static void break_array(struct ArrowArray *array)
{
    static const char *const formats[] = {"l", "u", "C", "vu", "g", "U"};
    harm.seen = 0;
    for (int64_t i = 0; i < 6; i++) {
        struct ArrowArray *child = array->children[i], *dictionary = child->dictionary;
        if (dictionary) {
            break_child_array(&dictionary, "u");
            child->dictionary = dictionary;
        }
        if (harm.done)
            return;
        break_child_array(&array->children[i], formats[i]);
    }
    break_number(&array->length);
    break_number(&array->offset);
    break_count(&array->n_children, 6);
    if (is_the_one())
        array->children = NULL;
}

static struct plain_rows harmed_rows(void)
{
    static int64_t times[FEW], quantities[FEW];
    static kith_text names[FEW], targets[FEW], kinds[FEW], ids[FEW];
    static char written[FEW][NAME_ROOM];
    static bool null[FEW];
    for (unsigned i = 0; i < FEW; i++) {
        times[i] = MONDAY + i;
        quantities[i] = 1 + i % 3;
        snprintf(written[i], NAME_ROOM, "event number %u", i);
        names[i] = kith_text_of(i % 2 ? "ana" : "ben");
        targets[i] = kith_text_of(i % 3 ? "a name of more than twelve" : "dan");
        kinds[i] = kith_text_of(i % 2 ? "post" : "like");
        ids[i] = kith_text_of(written[i]);
        null[i] = i % 5 == 0;
    }
    return (struct plain_rows){
        .columns =
            {
                {.name = "time", .format = "l", .numbers = times, .null = null},
                {.name = "member", .format = "u", .texts = names, .null = null},
                {.name = "kind", .format = "u", .index = "C", .texts = kinds, .null = null},
                {.name = "target", .format = "vu", .texts = targets, .null = null},
                {.name = "quantity", .format = "g", .numbers = quantities, .null = null},
                {.name = "id", .format = "U", .texts = ids, .null = null},
            },
        .column_count = 6,
        .rows = FEW,
        .offset = 3,
        .counts_nulls = true,
        .spoil_array = break_array,
    };
}

/* Whatever it is, the engine has what is said to be taken, goes on, and all is released. */
static void arrow_broken_anywhere_is_told_or_harmless(void **state)
{
    (void)state;
    const struct plain_rows rows = harmed_rows();
    unsigned told_of = 0, harmless = 0, fields = 0;
    for (unsigned value = 0; value < VALUES; value++) {
        for (harm.target = 0;; harm.target++) {
            harm.value = value;
            harm.done = false;
            kith_engine *engine = engine_of(KITH_NAMED, 1);
            struct told told = {.count = 0};
            kith_added added;
            kith_error error = NO_ERROR;
            kith_status status = add_rows(engine, &rows, &told, &added, &error);
            if (status != KITH_OK)
                assert_int_equal(status, KITH_BAD_EXPORT);
            kith_engine_info info = {.size = sizeof info};
            assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
            assert_int_equal(info.taken, added.taken);
            assert_int_equal(added.read, status == KITH_OK ? FEW : 0);
            kith_review *review = review_until(engine, MONDAY + WEEK);
            kith_review_free(review);
            kith_engine_free(engine);
            if (!harm.done)
                break;
            fields += value == 0;
            told_of += status != KITH_OK;
            harmless += status == KITH_OK;
        }
    }
    assert_true(fields > 50);
    assert_true(told_of > 200);
    assert_true(harmless > 50);
}

/* ---- ids, and floats ---- */

/* Floats that are null, as data frames make them of whole numbers with gaps, are no ids: none repeats another. */
static void arrow_ids_of_floats_are_whole_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        double ids[3];
        kith_status status;
        uint64_t taken, line;
    } cases[] = {
        {"g", {7, NAN, NAN}, KITH_OK, 3, 0},
        {"g", {7, -0.0, 0}, KITH_OK, 2, 0},
        {"g", {7, 7, 9007199254740991.0}, KITH_OK, 2, 0},
        {"g", {7, 8, 7.5}, KITH_BAD_EXPORT, 0, 3},
        {"g", {7, 9007199254740992.0, 8}, KITH_BAD_EXPORT, 0, 2},
        {"g", {INFINITY, 7, 8}, KITH_BAD_EXPORT, 0, 1},
        {"f", {16777215.0, 1, 2}, KITH_OK, 3, 0},
        {"f", {1, 16777216.0, 2}, KITH_BAD_EXPORT, 0, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const int64_t times[] = {MONDAY, MONDAY, MONDAY};
        const kith_text names[] = {TEXT("ana"), TEXT("ana"), TEXT("ana")};
        const kith_text kinds[] = {TEXT("post"), TEXT("post"), TEXT("post")};
        const struct plain_rows rows = {
            .columns =
                {
                    {.name = "time", .format = "l", .numbers = times},
                    {.name = "member", .format = "u", .texts = names},
                    {.name = "kind", .format = "u", .texts = kinds},
                    {.name = "id", .format = cases[i].format, .floats = cases[i].ids},
                },
            .column_count = 4,
            .rows = 3,
        };
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        struct told told = {.count = 0};
        kith_added added;
        kith_error error = NO_ERROR;
        if (add_rows(engine, &rows, &told, &added, &error) != cases[i].status || added.taken != cases[i].taken ||
            error.line != cases[i].line)
            fail_msg("case %zu: %s", i, error.message);
        assert_int_equal(added.skipped, cases[i].status == KITH_OK ? 3 - cases[i].taken : 0);
        kith_engine_free(engine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrow_columns_of_wrong_types_are_refused),
        cmocka_unit_test(arrow_that_breaks_a_rule_is_refused),
        cmocka_unit_test(arrow_fault_tells_the_row_and_keeps_those_before),
        cmocka_unit_test(arrow_large_dictionaries_are_looked_at_where_rows_refer_to_them),
        cmocka_unit_test(arrow_broken_anywhere_is_told_or_harmless),
        cmocka_unit_test(arrow_ids_of_floats_are_whole_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
