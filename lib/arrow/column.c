/* SPDX-License-Identifier: MIT */
/* The shape of arrays: whether lengths, offsets and buffers can be what they are said to be. */
#include "arrow/column.h"

bool kithp_arrow_column_init(struct kithp_arrow_column *column, const struct ArrowSchema *schema)
{
    memset(column, 0, sizeof *column);
    if (!kithp_arrow_type_read(schema->format, &column->rows.type))
        return false;
    const struct ArrowSchema *dictionary = schema->dictionary;
    if (!dictionary)
        return true;
    column->has_dictionary = true;
    /* Values of a dictionary that have one themselves are allowed by the interface; nobody makes them. */
    return column->rows.type.sort == KITHP_ARROW_NUMBER && dictionary->release && !dictionary->dictionary &&
           kithp_arrow_type_read(dictionary->format, &column->dictionary.type);
}

/* Buffers that an array of a type has at least. */
static int64_t buffers_of(const struct kithp_arrow_type *type)
{
    switch (type->sort) {
    case KITHP_ARROW_NOTHING:
        return 0;
    case KITHP_ARROW_TEXT:
    case KITHP_ARROW_VIEW:
        return 3;
    default:
        return 2;
    }
}

static bool has_right_number_of_buffers(const struct kithp_arrow_type *type, const struct ArrowArray *array)
{
    int64_t wanted = buffers_of(type);
    /* One of nulls has none; some producers give it the one that says which are. */
    if (type->sort == KITHP_ARROW_NOTHING)
        return array->n_buffers == 0 || array->n_buffers == 1;
    if (type->sort != KITHP_ARROW_VIEW)
        return array->n_buffers == wanted;
    /* A view counts those of text by four bytes. */
    return array->n_buffers >= wanted && array->n_buffers - wanted <= INT32_MAX;
}

/*
 * No buffer is larger: x86-64 and RISC-V, which have the widest addresses, give a process 2^56 bytes of them
 * (five-level paging, Sv57).
 */
static const int64_t BUFFER_MOST = PTRDIFF_MAX < (INT64_C(1) << 56) ? PTRDIFF_MAX : INT64_C(1) << 56;

/* Whether the array has a length and an offset at all: its items end within a buffer, and one more for text. */
static bool has_extent(const struct kithp_arrow_type *type, const struct ArrowArray *array)
{
    int64_t most = BUFFER_MOST / (type->width > 0 ? type->width : 1) - 1;
    return array->length >= 0 && array->offset >= 0 && array->length <= most && array->offset <= most - array->length &&
           array->null_count >= -1 && array->null_count <= array->length;
}

static const char *bind_views(struct kithp_arrow_values *values, const struct ArrowArray *array)
{
    values->buffer_count = array->n_buffers - 3;
    values->buffers = array->buffers + 2;
    values->sizes = array->buffers[array->n_buffers - 1];
    if (values->buffer_count > 0 && !values->sizes)
        return "does not say how large its buffers are";
    return NULL;
}

/* Binds values to `count` items of an array from `first` on. */
static const char *bind_values(struct kithp_arrow_values *values, const struct ArrowArray *array, int64_t first,
                               int64_t count)
{
    if (!array->release)
        return "has been released";
    if (!has_extent(&values->type, array))
        return "has a length, an offset or a number of nulls that cannot be";
    if (first > array->length || count > array->length - first)
        return "has fewer rows than the batch";
    if (!has_right_number_of_buffers(&values->type, array) || (array->n_buffers > 0 && !array->buffers))
        return "has not as many buffers as its type";
    values->first = array->offset + first;
    values->length = count;
    values->validity = NULL;
    if (values->type.sort == KITHP_ARROW_NOTHING)
        return NULL;
    values->validity = array->null_count == 0 ? NULL : array->buffers[0];
    if (array->null_count > 0 && !values->validity)
        return "has nulls, but does not say which";
    values->values = array->buffers[1];
    if (count > 0 && !values->values)
        return "has no values";
    if (values->type.sort == KITHP_ARROW_VIEW)
        return bind_views(values, array);
    values->bytes = values->type.sort == KITHP_ARROW_TEXT ? array->buffers[2] : NULL;
    return NULL;
}

const char *kithp_arrow_column_bind(struct kithp_arrow_column *column, const struct ArrowArray *array, int64_t first,
                                    int64_t count)
{
    const char *fault = bind_values(&column->rows, array, first, count);
    if (fault || !column->has_dictionary)
        return fault;
    const struct ArrowArray *dictionary = array->dictionary;
    return dictionary ? bind_values(&column->dictionary, dictionary, 0, dictionary->length) : "has no dictionary";
}
