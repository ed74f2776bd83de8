/* SPDX-License-Identifier: MIT */
#include "arrow/stream.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

/* ---- faults ---- */

static bool fail(struct kithp_arrow_stream *stream, const char *field, const char *words, ...) KITHP_FORMAT(3, 4);

static bool fail(struct kithp_arrow_stream *stream, const char *field, const char *words, ...)
{
    char said[sizeof stream->fault.words];
    va_list arguments;
    va_start(arguments, words);
    vsnprintf(said, sizeof said, words, arguments);
    va_end(arguments);
    stream->fault = (struct kithp_arrow_fault){.status = KITH_BAD_EXPORT, .field = field};
    /* Formats come from outside. */
    kithp_text_copy_clean(stream->fault.words, sizeof stream->fault.words, kith_text_of(said));
    return false;
}

/* What a callback returned other than 0. Its words are its own, of any length. */
static bool fail_source(struct kithp_arrow_stream *stream, int number)
{
    struct ArrowArrayStream *source = &stream->source;
    const char *words = source->get_last_error ? source->get_last_error(source) : NULL;
    stream->fault = (struct kithp_arrow_fault){.status = KITH_INPUT_OUTPUT};
    struct kithp_errno_words usual = kithp_errno_words(number);
    if (!words || !*words)
        words = usual.text;
    kithp_text_copy_clean(stream->fault.words, sizeof stream->fault.words, kith_text_of(words));
    return false;
}

/* ---- begin and end ---- */

void kithp_arrow_stream_begin(struct kithp_arrow_stream *stream, const kith_arrow *input)
{
    static const char *const usual[KITHP_FIELDS] = {
        [KITHP_TIME] = "time",     [KITHP_MEMBER] = "member",     [KITHP_KIND] = "kind",
        [KITHP_TARGET] = "target", [KITHP_QUANTITY] = "quantity", [KITHP_ID] = "id",
    };
    const char *const given[KITHP_FIELDS] = {
        [KITHP_TIME] = input->time,     [KITHP_MEMBER] = input->member,     [KITHP_KIND] = input->kind,
        [KITHP_TARGET] = input->target, [KITHP_QUANTITY] = input->quantity, [KITHP_ID] = input->event_id,
    };
    memset(stream, 0, sizeof *stream);
    for (int field = 0; field < KITHP_FIELDS; field++) {
        stream->asked[field] = given[field] != NULL;
        stream->headers[field] = given[field] ? given[field] : usual[field];
    }
    stream->source = *input->stream;
    input->stream->release = NULL;
}

void kithp_arrow_stream_give_back(struct kithp_arrow_stream *stream, struct ArrowArrayStream *source)
{
    *source = stream->source;
    stream->source.release = NULL;
}

void kithp_arrow_stream_end(struct kithp_arrow_stream *stream)
{
    if (stream->source.release)
        stream->source.release(&stream->source);
    stream->source.release = NULL;
}

/* ---- columns ---- */

/* Two fields of the same column: the id gives way where the caller did not name it. */
static bool have_columns_of_their_own(struct kithp_arrow_stream *stream)
{
    for (int a = 0; a < KITHP_FIELDS; a++) {
        for (int b = a + 1; b < KITHP_FIELDS && stream->headers[a]; b++) {
            if (!stream->headers[b] || strcmp(stream->headers[a], stream->headers[b]) != 0)
                continue;
            if (b != KITHP_ID || stream->asked[b])
                return fail(stream, stream->headers[a], "two fields are to come from the same column");
            stream->headers[b] = NULL;
        }
    }
    return true;
}

/* What a field needs of its column's type, in words; NULL where that has it. */
static const char *fault_of_type(enum kithp_field field, const struct kithp_arrow_column *column)
{
    const struct kithp_arrow_type *type = kithp_arrow_column_type(column);
    bool text = kithp_arrow_is_text(type), number = kithp_arrow_is_number(type);
    if (type->sort == KITHP_ARROW_NOTHING)
        return NULL;
    switch (field) {
    case KITHP_TIME:
        return text || number || type->sort == KITHP_ARROW_TIMESTAMP || type->sort == KITHP_ARROW_DATE
                   ? NULL
                   : "timestamps, dates, whole numbers or text";
    case KITHP_KIND:
        return text ? NULL : "text";
    case KITHP_QUANTITY:
        return number ? NULL : "whole numbers";
    default:
        return text || number ? NULL : "text or whole numbers";
    }
}

static bool take_column(struct kithp_arrow_stream *stream, enum kithp_field field, const struct ArrowSchema *schema)
{
    const char *header = stream->headers[field];
    if (!kithp_arrow_column_init(&stream->columns[field], schema))
        return fail(stream, header, "is of a type that is not understood: \"%.40s\"",
                    schema->format ? schema->format : "");
    const char *expected = fault_of_type(field, &stream->columns[field]);
    if (expected)
        return fail(stream, header, "expected %s, not \"%.40s\"", expected,
                    schema->dictionary ? schema->dictionary->format : schema->format);
    return true;
}

static bool find_column(struct kithp_arrow_stream *stream, enum kithp_field field, const struct ArrowSchema *schema)
{
    const char *header = stream->headers[field];
    for (int64_t i = 0; header && i < schema->n_children; i++) {
        const struct ArrowSchema *child = schema->children[i];
        if (!child || !child->release)
            return fail(stream, NULL, "the schema has a column that is NULL, or has been released");
        if (!child->name || strcmp(child->name, header) != 0)
            continue;
        if (stream->there[field])
            return fail(stream, header, "the schema has two columns of this name");
        stream->there[field] = true;
        stream->children[field] = i;
        if (!take_column(stream, field, child))
            return false;
    }
    bool required = field == KITHP_TIME || field == KITHP_MEMBER || field == KITHP_KIND || stream->asked[field];
    if (required && !stream->there[field])
        return fail(stream, header, "the schema has no such column");
    return true;
}

static bool take_schema(struct kithp_arrow_stream *stream, const struct ArrowSchema *schema)
{
    if (!schema->format || strcmp(schema->format, "+s") != 0)
        return fail(stream, NULL, "expected a struct of columns, not \"%.40s\"", schema->format ? schema->format : "");
    if (schema->n_children < 0 || (schema->n_children > 0 && !schema->children))
        return fail(stream, NULL, "the schema has a number of columns that cannot be");
    stream->child_count = schema->n_children;
    for (int field = 0; field < KITHP_FIELDS; field++)
        if (!find_column(stream, (enum kithp_field)field, schema))
            return false;
    return true;
}

bool kithp_arrow_stream_find(struct kithp_arrow_stream *stream)
{
    if (!stream->source.release || !stream->source.get_schema || !stream->source.get_next)
        return fail(stream, NULL, "the stream has been released, or is none");
    if (!have_columns_of_their_own(stream))
        return false;
    struct ArrowSchema schema = {.release = NULL};
    int number = stream->source.get_schema(&stream->source, &schema);
    if (number != 0)
        return fail_source(stream, number);
    bool taken = schema.release ? take_schema(stream, &schema) : fail(stream, NULL, "the stream has no schema");
    if (schema.release)
        schema.release(&schema);
    return taken;
}

/* ---- batches ---- */

/* Rows that are null as a whole, which no data frame has. */
static bool has_null_rows(const struct ArrowArray *batch)
{
    if (batch->null_count >= 0)
        return batch->null_count > 0;
    const unsigned char *validity = batch->n_buffers > 0 && batch->buffers ? batch->buffers[0] : NULL;
    for (int64_t i = 0; validity && i < batch->length; i++)
        if (!(validity[(batch->offset + i) / 8] >> (batch->offset + i) % 8 & 1))
            return true;
    return false;
}

static const char *bind_column(struct kithp_arrow_column *column, const struct ArrowArray *batch, int64_t child)
{
    const struct ArrowArray *array = batch->children[child];
    return array ? kithp_arrow_column_bind(column, array, batch->offset, batch->length) : "is NULL in a batch";
}

static bool bind_batch(struct kithp_arrow_stream *stream, struct kithp_arrow_batch *batch)
{
    const struct ArrowArray *array = &batch->array;
    if (array->length < 0 || array->offset < 0 || array->offset > INT64_MAX - array->length)
        return fail(stream, NULL, "a batch has a length or an offset that cannot be");
    if (array->n_children != stream->child_count || (array->n_children > 0 && !array->children))
        return fail(stream, NULL, "a batch has other columns than the schema");
    if (has_null_rows(array))
        return fail(stream, NULL, "a batch has rows that are null as a whole");
    for (int field = 0; field < KITHP_FIELDS; field++) {
        const char *fault =
            stream->there[field] ? bind_column(&batch->columns[field], array, stream->children[field]) : NULL;
        if (fault)
            return fail(stream, stream->headers[field], "%s", fault);
    }
    return true;
}

static const char *check_column(const struct kithp_arrow_column *column, enum kithp_field field, int64_t *row)
{
    int64_t count = column->rows.length;
    *row = -1;
    const char *fault = kithp_arrow_column_check_dictionary(column);
    if (!fault)
        fault = kithp_arrow_column_check(column, 0, count, row);
    if (!fault && field == KITHP_ID)
        fault = kithp_arrow_column_check_whole(column, 0, count, row);
    return fault;
}

static bool check_batch(struct kithp_arrow_stream *stream, const struct kithp_arrow_batch *batch)
{
    for (int field = 0; field < KITHP_FIELDS; field++) {
        if (!stream->there[field])
            continue;
        int64_t row;
        const char *fault = check_column(&batch->columns[field], (enum kithp_field)field, &row);
        if (!fault)
            continue;
        (void)fail(stream, stream->headers[field], "%s", fault);
        stream->fault.row = row < 0 ? 0 : batch->before + (uint64_t)row + 1;
        return false;
    }
    return true;
}

void kithp_arrow_batch_release(struct kithp_arrow_batch *batch)
{
    if (batch->array.release)
        batch->array.release(&batch->array);
    batch->array.release = NULL;
}

bool kithp_arrow_stream_next(struct kithp_arrow_stream *stream, struct kithp_arrow_batch *batch)
{
    memset(&batch->array, 0, sizeof batch->array);
    int number = stream->source.get_next(&stream->source, &batch->array);
    if (number != 0) {
        /* What it left there is nothing. */
        batch->array.release = NULL;
        return fail_source(stream, number);
    }
    if (!batch->array.release)
        return false;
    batch->before = stream->rows;
    memcpy(batch->columns, stream->columns, sizeof batch->columns);
    if (!bind_batch(stream, batch) || !check_batch(stream, batch)) {
        kithp_arrow_batch_release(batch);
        return false;
    }
    stream->rows += (uint64_t)batch->array.length;
    return true;
}
