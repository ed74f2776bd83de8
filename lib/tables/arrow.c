/* SPDX-License-Identifier: MIT */
/* Tables as Arrow: a stream of one struct array, whose columns share the table's memory where the layouts agree. */
#include <kith/arrow.h>

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "tables/table.h"

/* What a struct of the interface keeps until it is released; each frees itself, as each may be moved away. */
struct held {
    kith_allocator allocator;
    kith_table *table; /* one of its holders, or NULL */
    const void *buffers[3];
    void *own[2]; /* what was made for it alone */
    size_t child_count;
    struct ArrowSchema *schemas; /* the children, behind them the dictionary */
    struct ArrowArray *arrays;
    void **pointers; /* to the children */
};

static struct held *new_held(const kith_allocator *allocator)
{
    struct held *held = kithp_alloc_cleared(allocator, 1, sizeof *held);
    if (held)
        held->allocator = *allocator;
    return held;
}

static void drop_held(struct held *held)
{
    kith_allocator allocator = held->allocator;
    for (unsigned i = 0; i < 2; i++)
        kithp_alloc_free(&allocator, held->own[i]);
    kithp_alloc_free(&allocator, held->schemas);
    kithp_alloc_free(&allocator, held->arrays);
    kithp_alloc_free(&allocator, held->pointers);
    kith_table_free(held->table);
    kithp_alloc_free(&allocator, held);
}

/* ---- schemas ---- */

static void release_schema(struct ArrowSchema *schema)
{
    struct held *held = schema->private_data;
    for (size_t i = 0; held->schemas && i < held->child_count; i++)
        if (held->schemas[i].release)
            held->schemas[i].release(&held->schemas[i]);
    drop_held(held);
    schema->release = NULL;
}

/*
 * A schema of so many children, a dictionary among them, that are still to be filled. name is copied. False where there
 * is no memory: it is released.
 */
static bool begin_schema(struct ArrowSchema *schema, const kith_allocator *allocator, const char *format,
                         const char *name, size_t child_count)
{
    memset(schema, 0, sizeof *schema);
    struct held *held = new_held(allocator);
    if (!held)
        return false;
    schema->release = release_schema;
    schema->private_data = held;
    schema->format = format;
    held->child_count = child_count;
    size_t name_size = strlen(name) + 1;
    char *copy = held->own[0] = kithp_alloc_array(allocator, name_size, 1);
    held->schemas = kithp_alloc_cleared(allocator, child_count + 1, sizeof *held->schemas);
    held->pointers = kithp_alloc_cleared(allocator, child_count + 1, sizeof *held->pointers);
    if (!copy || !held->schemas || !held->pointers) {
        held->child_count = 0;
        schema->release(schema);
        return false;
    }
    memcpy(copy, name, name_size);
    schema->name = copy;
    for (size_t i = 0; i < child_count; i++)
        held->pointers[i] = &held->schemas[i];
    return true;
}

static const char *format_of(const struct kithp_column *column)
{
    switch (column->type) {
    case KITH_COLUMN_TEXT:
        return "U";
    case KITH_COLUMN_ID:
        return "L";
    case KITH_COLUMN_SCORE:
        return "g";
    case KITH_COLUMN_LABEL:
    case KITH_COLUMN_FLAGS:
        return "C";
    case KITH_COLUMN_TIME:
        return "tss:UTC";
    case KITH_COLUMN_DAY:
        return "tdD";
    default:
        return "l";
    }
}

static bool has_dictionary(const struct kithp_column *column)
{
    return column->type == KITH_COLUMN_LABEL || column->type == KITH_COLUMN_FLAGS;
}

static bool may_be_null(const struct kithp_column *column)
{
    return column->type == KITH_COLUMN_SCORE || column->type == KITH_COLUMN_TIME;
}

static bool fill_schema(struct ArrowSchema *schema, const kith_allocator *allocator, const struct kithp_column *column)
{
    if (!begin_schema(schema, allocator, format_of(column), column->name, has_dictionary(column)))
        return false;
    schema->flags = may_be_null(column) ? ARROW_FLAG_NULLABLE : 0;
    if (!has_dictionary(column))
        return true;
    struct held *held = schema->private_data;
    schema->dictionary = &held->schemas[0];
    if (begin_schema(schema->dictionary, allocator, "u", "", 0))
        return true;
    schema->release(schema);
    return false;
}

static bool make_schema(const kith_table *table, struct ArrowSchema *schema)
{
    if (!begin_schema(schema, &table->allocator, "+s", "", table->column_count))
        return false;
    struct held *held = schema->private_data;
    schema->n_children = table->column_count;
    schema->children = (struct ArrowSchema **)held->pointers;
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (!fill_schema(&held->schemas[i], &table->allocator, &table->columns[i])) {
            schema->release(schema);
            return false;
        }
    }
    return true;
}

/* ---- arrays ---- */

static void release_array(struct ArrowArray *array)
{
    struct held *held = array->private_data;
    for (size_t i = 0; held->arrays && i < held->child_count; i++)
        if (held->arrays[i].release)
            held->arrays[i].release(&held->arrays[i]);
    drop_held(held);
    array->release = NULL;
}

static bool begin_array(struct ArrowArray *array, const kith_allocator *allocator, size_t length, int64_t buffers,
                        size_t child_count)
{
    memset(array, 0, sizeof *array);
    struct held *held = new_held(allocator);
    if (!held)
        return false;
    array->release = release_array;
    array->private_data = held;
    array->length = (int64_t)length;
    array->n_buffers = buffers;
    array->buffers = held->buffers;
    held->arrays = kithp_alloc_cleared(allocator, child_count + 1, sizeof *held->arrays);
    held->pointers = kithp_alloc_cleared(allocator, child_count + 1, sizeof *held->pointers);
    if (!held->arrays || !held->pointers) {
        array->release(array);
        return false;
    }
    held->child_count = child_count;
    for (size_t i = 0; i < child_count; i++)
        held->pointers[i] = &held->arrays[i];
    return true;
}

/* Marks which values are none, if any is. False where there is no memory. */
static bool set_validity(struct ArrowArray *array, const struct kithp_column *column, int64_t least)
{
    struct held *held = array->private_data;
    size_t bytes = column->count / 8 + 1;
    unsigned char *validity = held->own[0] = kithp_alloc_cleared(&held->allocator, bytes, 1);
    if (!validity)
        return false;
    for (size_t row = 0; row < column->count; row++) {
        bool valid = kithp_column_number(column, row) >= least;
        validity[row / 8] |= (unsigned char)(valid << row % 8);
        array->null_count += !valid;
    }
    held->buffers[0] = array->null_count > 0 ? validity : NULL;
    return true;
}

static bool set_scores(struct ArrowArray *array, const struct kithp_column *column)
{
    struct held *held = array->private_data;
    double *scores = held->own[1] = kithp_alloc_array(&held->allocator, column->count + 1, sizeof *scores);
    if (!scores || !set_validity(array, column, 0))
        return false;
    /* The double nearest to the decimal fraction: that is what reading "31.42" gives, too. */
    for (size_t row = 0; row < column->count; row++)
        scores[row] = (double)kithp_column_number(column, row) / 100.0;
    held->buffers[1] = scores;
    return true;
}

/* The words of a dictionary's entry: a label or, of flags, all that its bits stand for. */
static size_t write_entry(const struct kithp_column *column, size_t entry, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < column->label_count; i++) {
        bool has = column->type == KITH_COLUMN_FLAGS ? entry >> i & 1 : entry == i;
        if (!has)
            continue;
        if (length > 0) {
            if (out)
                out[length] = ' ';
            length++;
        }
        size_t more = strlen(column->labels[i]);
        if (out)
            memcpy(out + length, column->labels[i], more);
        length += more;
    }
    return length;
}

static bool fill_dictionary(struct ArrowArray *array, const kith_allocator *allocator,
                            const struct kithp_column *column)
{
    size_t entries = column->type == KITH_COLUMN_FLAGS ? (size_t)1 << column->label_count : column->label_count;
    size_t bytes = 0;
    for (size_t i = 0; i < entries; i++)
        bytes += write_entry(column, i, NULL);
    if (!begin_array(array, allocator, entries, 3, 0))
        return false;
    struct held *held = array->private_data;
    int32_t *offsets = held->own[0] = kithp_alloc_array(allocator, entries + 1, sizeof *offsets);
    char *words = held->own[1] = kithp_alloc_array(allocator, bytes + 1, 1);
    if (!offsets || !words) {
        array->release(array);
        return false;
    }
    offsets[0] = 0;
    for (size_t i = 0; i < entries; i++)
        offsets[i + 1] = offsets[i] + (int32_t)write_entry(column, i, words + offsets[i]);
    held->buffers[1] = offsets;
    held->buffers[2] = words;
    return true;
}

/* Values as they lie in the table; one that has no rows may have no memory either. */
static void share_values(struct ArrowArray *array, const struct kithp_column *column)
{
    static const int64_t nothing = 0;
    struct held *held = array->private_data;
    if (column->type != KITH_COLUMN_TEXT) {
        held->buffers[1] = column->values ? column->values : &nothing;
        return;
    }
    held->buffers[1] = column->offsets ? column->offsets : &nothing;
    held->buffers[2] = column->values ? column->values : &nothing;
}

static bool fill_values(struct ArrowArray *array, const kith_allocator *allocator, const struct kithp_column *column)
{
    struct held *held = array->private_data;
    share_values(array, column);
    switch (column->type) {
    case KITH_COLUMN_SCORE:
        return set_scores(array, column);
    case KITH_COLUMN_TIME:
        return set_validity(array, column, KITH_NO_TIME + 1);
    case KITH_COLUMN_LABEL:
    case KITH_COLUMN_FLAGS:
        array->dictionary = &held->arrays[0];
        return fill_dictionary(array->dictionary, allocator, column);
    default:
        return true;
    }
}

static bool fill_array(struct ArrowArray *array, kith_table *table, const struct kithp_column *column)
{
    int64_t buffers = column->type == KITH_COLUMN_TEXT ? 3 : 2;
    if (!begin_array(array, &table->allocator, column->count, buffers, has_dictionary(column)))
        return false;
    struct held *held = array->private_data;
    held->table = kithp_table_hold(table);
    if (fill_values(array, &table->allocator, column))
        return true;
    array->release(array);
    return false;
}

static bool make_array(kith_table *table, struct ArrowArray *array)
{
    if (!begin_array(array, &table->allocator, (size_t)kith_table_rows(table), 1, table->column_count))
        return false;
    struct held *held = array->private_data;
    array->n_children = table->column_count;
    array->children = (struct ArrowArray **)held->pointers;
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (!fill_array(&held->arrays[i], table, &table->columns[i])) {
            array->release(array);
            return false;
        }
    }
    return true;
}

/* ---- the stream ---- */

struct source {
    kith_allocator allocator;
    kith_table *table; /* a holder of it */
    bool given;
    bool failed;
};

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct source *source = stream->private_data;
    source->failed = !make_schema(source->table, out);
    return source->failed ? ENOMEM : 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct source *source = stream->private_data;
    memset(out, 0, sizeof *out);
    if (source->given)
        return 0;
    source->failed = !make_array(source->table, out);
    source->given = !source->failed;
    return source->failed ? ENOMEM : 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    const struct source *source = stream->private_data;
    return source->failed ? "not enough memory" : NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    struct source *source = stream->private_data;
    kith_allocator allocator = source->allocator;
    kith_table_free(source->table);
    kithp_alloc_free(&allocator, source);
    stream->release = NULL;
}

/* The table itself, held once more; of rejects, which may be added to, a copy. NULL where there is no memory. */
static kith_table *hold(const kith_table *table)
{
    return table->which == KITH_REJECTS ? kithp_rejects_copy(table) : kithp_table_hold((kith_table *)(uintptr_t)table);
}

kith_status kith_table_get_arrow(const kith_table *table, struct ArrowArrayStream *stream, kith_error *error)
{
    if (!table)
        return kithp_fail_argument(error, "table", "must not be NULL");
    if (!stream)
        return kithp_fail_argument(error, "stream", "must not be NULL");
    struct source *source = kithp_alloc_cleared(&table->allocator, 1, sizeof *source);
    if (!source)
        return kithp_fail_memory(error);
    source->allocator = table->allocator;
    source->table = hold(table);
    if (!source->table) {
        kithp_alloc_free(&table->allocator, source);
        return kithp_fail_memory(error);
    }
    *stream = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, source};
    return KITH_OK;
}
