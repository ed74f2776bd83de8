/* SPDX-License-Identifier: MIT */
#include "arrow_support.h"

#include <errno.h>
#include <inttypes.h>

unsigned arrow_live;

/* ---- what is behind a struct ---- */

enum { BUFFERS = 5 };

struct made {
    void *buffers[BUFFERS];
    const void *pointers[BUFFERS];
    size_t child_count;
    void *children; /* structs side by side */
    void **child_pointers;
};

static void *exact(const void *bytes, size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);
    assert_non_null(memory);
    if (size > 0)
        memcpy(memory, bytes, size);
    return memory;
}

static struct made *new_made(size_t child_count, size_t child_size)
{
    struct made *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->child_count = child_count;
    made->children = calloc(child_count + 1, child_size);
    made->child_pointers = calloc(child_count + 1, sizeof *made->child_pointers);
    for (size_t i = 0; i < child_count; i++)
        made->child_pointers[i] = (char *)made->children + i * child_size;
    arrow_live++;
    return made;
}

static void free_made(struct made *made)
{
    for (unsigned i = 0; i < BUFFERS; i++)
        free(made->buffers[i]);
    free(made->children);
    free(made->child_pointers);
    free(made);
    arrow_live--;
}

/* ---- schemas ---- */

static void release_schema(struct ArrowSchema *schema)
{
    assert_non_null(schema->release);
    struct made *made = schema->private_data;
    struct ArrowSchema *children = made->children;
    for (size_t i = 0; i < made->child_count; i++)
        if (children[i].release)
            children[i].release(&children[i]);
    free_made(made);
    schema->release = NULL;
}

static struct made *begin_schema(struct ArrowSchema *schema, const char *format, const char *name, size_t children)
{
    struct made *made = new_made(children, sizeof *schema);
    made->buffers[0] = exact(format, strlen(format) + 1);
    made->buffers[1] = exact(name, strlen(name) + 1);
    *schema = (struct ArrowSchema){
        .format = made->buffers[0],
        .name = made->buffers[1],
        .flags = ARROW_FLAG_NULLABLE,
        .release = release_schema,
        .private_data = made,
    };
    return made;
}

static void make_schema(struct ArrowSchema *schema, const struct plain_column *column)
{
    struct made *made =
        begin_schema(schema, column->index ? column->index : column->format, column->name, column->index != NULL);
    if (!column->index)
        return;
    schema->dictionary = made->children;
    begin_schema(schema->dictionary, column->format, "", 0);
}

/* ---- arrays ---- */

static void release_array(struct ArrowArray *array)
{
    assert_non_null(array->release);
    struct made *made = array->private_data;
    struct ArrowArray *children = made->children;
    for (size_t i = 0; i < made->child_count; i++)
        if (children[i].release)
            children[i].release(&children[i]);
    free_made(made);
    array->release = NULL;
}

static struct made *begin_array(struct ArrowArray *array, size_t length, size_t offset, size_t children)
{
    struct made *made = new_made(children, sizeof *array);
    *array = (struct ArrowArray){
        .length = (int64_t)length,
        .offset = (int64_t)offset,
        .buffers = made->pointers,
        .release = release_array,
        .private_data = made,
    };
    return made;
}

static size_t width_of(const char *format)
{
    switch (format[0]) {
    case 'c':
    case 'C':
        return 1;
    case 's':
    case 'S':
        return 2;
    case 'i':
    case 'I':
    case 'f':
        return 4;
    default:
        return strcmp(format, "tdD") == 0 ? 4 : 8;
    }
}

static void write_number(unsigned char *out, const char *format, int64_t number)
{
    if (format[0] == 'f') {
        float value = (float)number;
        memcpy(out, &value, sizeof value);
    } else if (format[0] == 'g') {
        double value = (double)number;
        memcpy(out, &value, sizeof value);
    } else {
        /* The machine is little-endian, or its lowest bytes are the last. */
        size_t width = width_of(format);
        const uint16_t one = 1;
        const unsigned char *bytes = (const unsigned char *)&number;
        memcpy(out, *(const unsigned char *)&one ? bytes : bytes + 8 - width, width);
    }
}

static void set_buffer(struct ArrowArray *array, const void *bytes, size_t size)
{
    struct made *made = array->private_data;
    made->buffers[array->n_buffers] = exact(bytes, size);
    made->pointers[array->n_buffers] = made->buffers[array->n_buffers];
    array->n_buffers++;
}

static void set_validity(struct ArrowArray *array, const bool *null, size_t begin, bool counts)
{
    size_t items = (size_t)(array->offset + array->length);
    unsigned char *bits = calloc(items / 8 + 1, 1);
    for (size_t i = 0; i < (size_t)array->length; i++) {
        bool is_null = null && null[begin + i];
        size_t bit = (size_t)array->offset + i;
        bits[bit / 8] |= (unsigned char)(!is_null << bit % 8);
        array->null_count += is_null;
    }
    if (array->null_count > 0 || null)
        set_buffer(array, bits, (items + 7) / 8);
    else
        array->n_buffers++;
    if (!counts)
        array->null_count = -1;
    free(bits);
}

/* What is null has rubbish, which for an index or a view is one that leads outside. */
static void set_numbers(struct ArrowArray *array, const char *format, const int64_t *numbers, const bool *null)
{
    size_t width = width_of(format), items = (size_t)(array->offset + array->length);
    unsigned char *values = calloc(items + 1, width);
    memset(values, 0xA5, items * width);
    for (size_t i = 0; i < (size_t)array->length; i++)
        if (!null || !null[i])
            write_number(values + ((size_t)array->offset + i) * width, format, numbers[i]);
    set_buffer(array, values, items * width);
    free(values);
}

static void set_offsets(struct ArrowArray *array, const char *format, const kith_text *texts, size_t begin)
{
    size_t width = format[0] == 'u' ? 4 : 8, items = (size_t)(array->offset + array->length), used = 0, all = 0;
    for (size_t i = 0; i < (size_t)array->length; i++)
        all += (size_t)texts[begin + i].length;
    unsigned char *offsets = calloc(items + 1, width);
    char *bytes = malloc(all + 1);
    for (size_t i = 0; i <= items; i++) {
        int64_t at = (int64_t)used;
        const int32_t short_at = (int32_t)at;
        memcpy(offsets + i * width, width == 4 ? (const void *)&short_at : &at, width);
        if (i < (size_t)array->offset || i == items)
            continue;
        kith_text text = texts[begin + i - (size_t)array->offset];
        if (text.length > 0)
            memcpy(bytes + used, text.data, (size_t)text.length);
        used += (size_t)text.length;
    }
    set_buffer(array, offsets, (items + 1) * width);
    set_buffer(array, bytes, all);
    free(offsets);
    free(bytes);
}

static void set_views(struct ArrowArray *array, const kith_text *texts, const bool *null, size_t begin)
{
    enum { VIEW = 16, INLINE = 12 };
    size_t items = (size_t)(array->offset + array->length), used = 0, all = 0;
    for (size_t i = 0; i < (size_t)array->length; i++)
        all += (size_t)texts[begin + i].length;
    unsigned char *views = calloc(items + 1, VIEW);
    char *bytes = malloc(all + 1);
    memset(views, 0xA5, items * VIEW);
    for (size_t i = 0; i < (size_t)array->length; i++) {
        kith_text text = texts[begin + i];
        unsigned char *view = views + ((size_t)array->offset + i) * VIEW;
        if (null && null[begin + i])
            continue;
        memset(view, 0, VIEW);
        const int32_t length = (int32_t)text.length, at = (int32_t)used;
        memcpy(view, &length, 4);
        if (text.length > 0)
            memcpy(view + 4, text.data, text.length <= INLINE ? (size_t)text.length : 4);
        if (text.length <= INLINE)
            continue;
        memcpy(view + 12, &at, 4);
        memcpy(bytes + used, text.data, (size_t)text.length);
        used += (size_t)text.length;
    }
    const int64_t size = (int64_t)used;
    set_buffer(array, views, items * VIEW);
    set_buffer(array, bytes, used);
    set_buffer(array, &size, sizeof size);
    free(views);
    free(bytes);
}

static void set_floats(struct ArrowArray *array, const char *format, const double *floats)
{
    size_t width = width_of(format), items = (size_t)(array->offset + array->length);
    unsigned char *values = calloc(items + 1, width);
    for (size_t i = 0; i < (size_t)array->length; i++) {
        const float single = (float)floats[i];
        memcpy(values + ((size_t)array->offset + i) * width, width == 4 ? (const void *)&single : &floats[i], width);
    }
    set_buffer(array, values, items * width);
    free(values);
}

static void set_values(struct ArrowArray *array, const struct plain_column *column, size_t begin)
{
    if (column->format[0] == 'u' || column->format[0] == 'U')
        set_offsets(array, column->format, column->texts, begin);
    else if (strcmp(column->format, "vu") == 0)
        set_views(array, column->texts, column->null, begin);
    else if (column->floats)
        set_floats(array, column->format, column->floats + begin);
    else
        set_numbers(array, column->format, column->numbers ? column->numbers + begin : NULL,
                    column->null ? column->null + begin : NULL);
}

/* Values of a column that differ, in the order in which they come first, and for each row which of them it is. */
struct distinct {
    size_t count;
    kith_text *texts;
    int64_t *numbers;
    bool *null;
    int64_t *indexes;
};

static bool is_same(const struct plain_column *column, const struct distinct *distinct, size_t item, size_t row)
{
    if (!column->texts)
        return distinct->numbers[item] == column->numbers[row];
    kith_text a = distinct->texts[item], b = column->texts[row];
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, (size_t)a.length) == 0);
}

static struct distinct find_distinct(const struct plain_rows *rows, const struct plain_column *column, size_t begin,
                                     size_t count)
{
    /* Behind them a null, and those that no row is. */
    size_t most = count + 1 + rows->unused;
    struct distinct distinct = {0, calloc(most, sizeof(kith_text)), calloc(most, sizeof(int64_t)),
                                calloc(most, sizeof(bool)), calloc(count + 1, sizeof(int64_t))};
    for (size_t i = 0; i < count; i++) {
        size_t item = 0;
        while (item < distinct.count && !is_same(column, &distinct, item, begin + i))
            item++;
        if (item == distinct.count) {
            distinct.texts[item] = column->texts ? column->texts[begin + i] : (kith_text){NULL, 0};
            distinct.numbers[item] = column->numbers ? column->numbers[begin + i] : 0;
            distinct.count++;
        }
        distinct.indexes[i] = (int64_t)item;
    }
    for (size_t i = 0; rows->nulls_in_dictionaries && i < count; i++)
        if (column->null && column->null[begin + i])
            distinct.indexes[i] = (int64_t)distinct.count;
    if (rows->nulls_in_dictionaries)
        distinct.null[distinct.count++] = true;
    for (size_t i = 0; i < rows->unused; i++)
        distinct.texts[distinct.count++] = TEXT("an entry that is not used");
    return distinct;
}

static void make_dictionary(struct ArrowArray *array, const struct plain_rows *rows, const struct plain_column *column,
                            size_t begin, size_t count)
{
    struct distinct distinct = find_distinct(rows, column, begin, count);
    bool in_dictionary = rows->nulls_in_dictionaries;
    set_validity(array, in_dictionary ? NULL : column->null, begin, rows->counts_nulls);
    set_numbers(array, column->index, distinct.indexes, column->null && !in_dictionary ? column->null + begin : NULL);
    const struct plain_column values = {
        .format = column->format,
        .numbers = column->texts ? NULL : distinct.numbers,
        .texts = column->texts ? distinct.texts : NULL,
        .null = in_dictionary ? distinct.null : NULL,
    };
    struct made *made = array->private_data;
    array->dictionary = made->children;
    begin_array(array->dictionary, distinct.count, 0, 0);
    set_validity(array->dictionary, values.null, 0, true);
    set_values(array->dictionary, &values, 0);
    free(distinct.texts);
    free(distinct.numbers);
    free(distinct.null);
    free(distinct.indexes);
}

static void make_array(struct ArrowArray *array, const struct plain_rows *rows, const struct plain_column *column,
                       size_t begin, size_t count)
{
    begin_array(array, count, rows->offset, column->index != NULL);
    if (strcmp(column->format, "n") == 0) {
        array->null_count = (int64_t)count;
        return;
    }
    if (column->index) {
        make_dictionary(array, rows, column, begin, count);
        return;
    }
    set_validity(array, column->null, begin, rows->counts_nulls);
    set_values(array, column, begin);
}

/* An array without items, whose buffers are NULL. */
static void make_empty(struct ArrowArray *array, const struct plain_column *column)
{
    struct made *made = begin_array(array, 0, 0, column->index != NULL);
    bool text = strchr("uUv", column->format[0]) != NULL;
    array->n_buffers = strcmp(column->format, "n") == 0 ? 0 : text && !column->index ? 3 : 2;
    if (!column->index)
        return;
    array->dictionary = made->children;
    begin_array(array->dictionary, 0, 0, 0);
    array->dictionary->n_buffers = text ? 3 : 2;
}

/* ---- streams ---- */

struct source {
    const struct plain_rows *rows;
    size_t at;
    unsigned calls;
    bool gave_empty; /* before the next rows */
};

static bool fails(struct source *source)
{
    return ++source->calls == source->rows->fail_at;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct source *source = stream->private_data;
    const struct plain_rows *rows = source->rows;
    if (fails(source))
        return EIO;
    struct made *made = begin_schema(out, "+s", "", rows->column_count);
    out->n_children = (int64_t)rows->column_count;
    out->children = (struct ArrowSchema **)(void *)made->child_pointers;
    for (size_t i = 0; i < rows->column_count; i++)
        make_schema(out->children[i], &rows->columns[i]);
    if (rows->spoil_schema)
        rows->spoil_schema(out);
    return 0;
}

static struct made *begin_batch(struct ArrowArray *out, const struct plain_rows *rows, size_t count, size_t offset)
{
    struct made *made = begin_array(out, count, offset, rows->column_count);
    out->n_buffers = 1;
    out->n_children = (int64_t)rows->column_count;
    out->children = (struct ArrowArray **)(void *)made->child_pointers;
    return made;
}

/* No row is null as a whole, but who wants to know has to look. */
static void set_all_valid(struct ArrowArray *array)
{
    struct made *made = array->private_data;
    size_t bytes = (size_t)(array->offset + array->length + 7) / 8;
    made->buffers[0] = malloc(bytes);
    assert_non_null(made->buffers[0]);
    memset(made->buffers[0], 0xFF, bytes);
    made->pointers[0] = made->buffers[0];
    array->null_count = -1;
}

static void make_batch(struct ArrowArray *out, const struct plain_rows *rows, size_t begin, size_t count)
{
    size_t before = begin < rows->margin ? begin : rows->margin, left = rows->rows - begin - count;
    size_t behind = left < rows->margin ? left : rows->margin;
    begin_batch(out, rows, count, before);
    if (before > 0)
        set_all_valid(out);
    for (size_t i = 0; i < rows->column_count; i++)
        make_array(out->children[i], rows, &rows->columns[i], begin - before, before + count + behind);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct source *source = stream->private_data;
    const struct plain_rows *rows = source->rows;
    if (fails(source))
        return EIO;
    memset(out, 0, sizeof *out);
    size_t left = rows->rows - source->at, count = rows->batch > 0 && rows->batch < left ? rows->batch : left;
    if (rows->has_empty && !source->gave_empty) {
        begin_batch(out, rows, 0, 0);
        for (size_t i = 0; i < rows->column_count; i++)
            make_empty(out->children[i], &rows->columns[i]);
        source->gave_empty = true;
        return 0;
    }
    if (left == 0)
        return 0;
    make_batch(out, rows, source->at, count);
    source->at += count;
    source->gave_empty = false;
    if (rows->spoil_array)
        rows->spoil_array(out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    const struct source *source = stream->private_data;
    return source->calls == source->rows->fail_at ? "the disk is on fire" : NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    assert_non_null(stream->release);
    free(stream->private_data);
    stream->release = NULL;
    arrow_live--;
}

struct ArrowArrayStream stream_of(const struct plain_rows *rows)
{
    struct source *source = calloc(1, sizeof *source);
    assert_non_null(source);
    source->rows = rows;
    arrow_live++;
    return (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, source};
}

struct ArrowSchema *child_schema(struct ArrowSchema *schema, const char *name)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (strcmp(schema->children[i]->name, name) == 0)
            return schema->children[i];
    fail_msg("no column %s", name);
    return NULL;
}

/* ---- a consumer ---- */

static bool is_null(const struct ArrowArray *array, int64_t row)
{
    const unsigned char *bits = array->buffers[0];
    int64_t bit = array->offset + row;
    return bits && !(bits[bit / 8] >> bit % 8 & 1);
}

static int show_cell(char *out, size_t room, const struct ArrowSchema *schema, const struct ArrowArray *array,
                     int64_t row)
{
    int64_t item = array->offset + row;
    if (is_null(array, row))
        return snprintf(out, room, "\n");
    switch (schema->format[0]) {
    case 'C':
        if (schema->dictionary)
            return show_cell(out, room, schema->dictionary, array->dictionary,
                             ((const uint8_t *)array->buffers[1])[item]);
        return snprintf(out, room, "%u\n", ((const uint8_t *)array->buffers[1])[item]);
    case 'g':
        return snprintf(out, room, "%.17g\n", ((const double *)array->buffers[1])[item]);
    case 'L':
        return snprintf(out, room, "%" PRIu64 "\n", ((const uint64_t *)array->buffers[1])[item]);
    case 'u': {
        const int32_t *offsets = array->buffers[1];
        return snprintf(out, room, "%.*s\n", (int)(offsets[item + 1] - offsets[item]),
                        (const char *)array->buffers[2] + offsets[item]);
    }
    case 'U': {
        const int64_t *offsets = array->buffers[1];
        return snprintf(out, room, "%.*s\n", (int)(offsets[item + 1] - offsets[item]),
                        (const char *)array->buffers[2] + offsets[item]);
    }
    case 't':
        if (schema->format[1] == 'd')
            return snprintf(out, room, "%" PRId32 "\n", ((const int32_t *)array->buffers[1])[item]);
        return snprintf(out, room, "%" PRId64 "\n", ((const int64_t *)array->buffers[1])[item]);
    default:
        return snprintf(out, room, "%" PRId64 "\n", ((const int64_t *)array->buffers[1])[item]);
    }
}

char *shown_column(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t column)
{
    const struct ArrowSchema *type = schema->children[column];
    const struct ArrowArray *values = array->children[column];
    struct gathered shown = {0};
    for (int64_t row = 0; row < values->length; row++) {
        char cell[300];
        int length = show_cell(cell, sizeof cell, type, values, row);
        assert_true(length > 0 && (size_t)length < sizeof cell);
        assert_int_equal(gather(&shown, cell, (size_t)length), 0);
    }
    return shown.bytes ? shown.bytes : calloc(1, 1);
}
