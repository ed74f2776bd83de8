/* SPDX-License-Identifier: MIT */
#include "arrow/column.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- the shape of arrays ---- */

enum { VIEW_INLINE = 12 }; /* bytes that a view holds itself */

bool kithp_arrow_column_init(struct kithp_arrow_column *column, const struct ArrowSchema *schema)
{
    memset(column, 0, sizeof *column);
    if (!kithp_arrow_type_read(schema->format, &column->rows.type))
        return false;
    if (!schema->dictionary)
        return true;
    column->has_dictionary = true;
    /* Values of a dictionary that have one themselves are allowed by the interface; nobody makes them. */
    return column->rows.type.sort == KITHP_ARROW_NUMBER && !schema->dictionary->dictionary &&
           kithp_arrow_type_read(schema->dictionary->format, &column->dictionary.type);
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
    return type->sort == KITHP_ARROW_VIEW ? array->n_buffers >= wanted : array->n_buffers == wanted;
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

/* Binds values to all items of an array that count, of which there must be `count`. */
static const char *bind_values(struct kithp_arrow_values *values, const struct ArrowArray *array, int64_t first,
                               int64_t count)
{
    if (array->length < 0 || array->offset < 0 || array->null_count < -1 || array->null_count > array->length)
        return "has a length, an offset or a number of nulls that cannot be";
    if (first > array->length || count > array->length - first || array->offset > INT64_MAX - array->length)
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
    if (!array->dictionary)
        return "has no dictionary";
    return bind_values(&column->dictionary, array->dictionary, 0, array->dictionary->length);
}

/* ---- every offset and index ---- */

static int64_t offset_at(const struct kithp_arrow_values *values, int64_t item)
{
    const unsigned char *at = values->values + (size_t)(values->first + item) * values->type.width;
    if (values->type.width == 8) {
        int64_t offset;
        memcpy(&offset, at, sizeof offset);
        return offset;
    }
    int32_t offset;
    memcpy(&offset, at, sizeof offset);
    return offset;
}

static const char *check_offsets(const struct kithp_arrow_values *values, int64_t begin, int64_t count, int64_t *row)
{
    int64_t before = offset_at(values, begin);
    *row = begin;
    if (before < 0)
        return "has an offset below 0";
    for (int64_t i = begin; i < begin + count; i++) {
        int64_t next = offset_at(values, i + 1);
        if (next < before) {
            *row = i;
            return "has an offset below the one before it";
        }
        before = next;
    }
    if (before > offset_at(values, begin) && !values->bytes)
        return "has text of some length, but no bytes";
    return NULL;
}

struct view {
    int32_t length;
    int32_t buffer;
    int32_t offset;
    const unsigned char *inside; /* where the bytes are that it holds itself */
};

static struct view view_at(const struct kithp_arrow_values *values, int64_t item)
{
    const unsigned char *at = values->values + (size_t)(values->first + item) * values->type.width;
    struct view view = {.inside = at + 4};
    memcpy(&view.length, at, 4);
    memcpy(&view.buffer, at + 8, 4);
    memcpy(&view.offset, at + 12, 4);
    return view;
}

static bool is_inside_buffer(const struct kithp_arrow_values *values, const struct view *view)
{
    int64_t size;
    if (view->buffer < 0 || view->buffer >= values->buffer_count || !values->buffers[view->buffer])
        return false;
    memcpy(&size, values->sizes + (size_t)view->buffer * sizeof size, sizeof size);
    return view->offset >= 0 && view->offset <= size && view->length <= size - view->offset;
}

static const char *check_views(const struct kithp_arrow_values *values, int64_t begin, int64_t count, int64_t *row)
{
    for (int64_t i = begin; i < begin + count; i++) {
        if (kithp_arrow_is_null(values, i))
            continue;
        struct view view = view_at(values, i);
        if (view.length >= 0 && (view.length <= VIEW_INLINE || is_inside_buffer(values, &view)))
            continue;
        *row = i;
        return "has a view that lies outside of its buffers";
    }
    return NULL;
}

static const char *check_values(const struct kithp_arrow_values *values, int64_t begin, int64_t count, int64_t *row)
{
    if (count > 0 && values->type.sort == KITHP_ARROW_TEXT)
        return check_offsets(values, begin, count, row);
    if (values->type.sort == KITHP_ARROW_VIEW)
        return check_views(values, begin, count, row);
    return NULL;
}

static const char *check_indexes(const struct kithp_arrow_column *column, int64_t begin, int64_t count, int64_t *row)
{
    for (int64_t i = begin; i < begin + count; i++) {
        if (kithp_arrow_is_null(&column->rows, i))
            continue;
        /* One below 0 is above all others as it stands. */
        if (kithp_arrow_number_at(&column->rows, i) < (uint64_t)column->dictionary.length)
            continue;
        *row = i;
        return "has an index outside of its dictionary";
    }
    return NULL;
}

const char *kithp_arrow_column_check(const struct kithp_arrow_column *column, int64_t begin, int64_t count,
                                     int64_t *row)
{
    *row = begin;
    if (!column->has_dictionary)
        return check_values(&column->rows, begin, count, row);
    const char *fault = check_indexes(column, begin, count, row);
    if (fault)
        return fault;
    int64_t item;
    fault = check_values(&column->dictionary, 0, column->dictionary.length, &item);
    return fault;
}

/* ---- values ---- */

kith_text kithp_arrow_text_at(const struct kithp_arrow_values *values, int64_t item)
{
    if (values->type.sort == KITHP_ARROW_TEXT) {
        int64_t begin = offset_at(values, item), end = offset_at(values, item + 1);
        return (kith_text){values->bytes ? values->bytes + begin : NULL, (uint64_t)(end - begin)};
    }
    struct view view = view_at(values, item);
    const char *bytes = (const char *)view.inside;
    if (view.length > VIEW_INLINE)
        bytes = (const char *)values->buffers[view.buffer] + view.offset;
    return (kith_text){bytes, (uint64_t)view.length};
}

static double float_at(const struct kithp_arrow_values *values, int64_t item)
{
    const unsigned char *at = values->values + (size_t)(values->first + item) * values->type.width;
    if (values->type.width == 4) {
        float number;
        memcpy(&number, at, sizeof number);
        return (double)number;
    }
    double number;
    memcpy(&number, at, sizeof number);
    return number;
}

/* A float that is a whole number, as a double tells them apart. */
static enum kithp_arrow_outcome whole_of(double given, int64_t *number)
{
    const double most = 9007199254740992.0; /* 2^53: from here on, not all of them are there */
    if (given != given)
        return KITHP_ARROW_NULL;
    if (!(given >= -most && given <= most))
        return KITHP_ARROW_UNUSABLE;
    *number = (int64_t)given;
    return (double)*number == given ? KITHP_ARROW_VALUE : KITHP_ARROW_UNUSABLE;
}

enum kithp_arrow_outcome kithp_arrow_get_number(const struct kithp_arrow_column *column, int64_t row, uint64_t *number)
{
    int64_t item, whole = 0;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    if (!values)
        return KITHP_ARROW_NULL;
    if (values->type.sort == KITHP_ARROW_FLOAT) {
        enum kithp_arrow_outcome outcome = whole_of(float_at(values, item), &whole);
        *number = (uint64_t)whole;
        return outcome == KITHP_ARROW_VALUE && whole < 0 ? KITHP_ARROW_UNUSABLE : outcome;
    }
    *number = kithp_arrow_number_at(values, item);
    return values->type.is_signed && (int64_t)*number < 0 ? KITHP_ARROW_UNUSABLE : KITHP_ARROW_VALUE;
}

/* Most columns of numbers have eight bytes each, and no null: they are taken as they lie. */
static bool get_plain_numbers(const struct kithp_arrow_column *column, int64_t begin, size_t count, uint64_t *numbers)
{
    const struct kithp_arrow_values *rows = &column->rows;
    if (column->has_dictionary || rows->validity || rows->type.sort != KITHP_ARROW_NUMBER || rows->type.width != 8)
        return false;
    memcpy(numbers, rows->values + (size_t)(rows->first + begin) * 8, count * sizeof *numbers);
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++)
        all |= numbers[i];
    return !rows->type.is_signed || (int64_t)all >= 0;
}

unsigned kithp_arrow_get_numbers(const struct kithp_arrow_column *column, int64_t begin, size_t count, uint64_t other,
                                 uint64_t *numbers, uint8_t *outcomes)
{
    memset(outcomes, KITHP_ARROW_VALUE, count);
    if (get_plain_numbers(column, begin, count, numbers))
        return KITHP_ARROW_VALUE;
    unsigned all = KITHP_ARROW_VALUE;
    for (size_t i = 0; i < count; i++) {
        enum kithp_arrow_outcome outcome = kithp_arrow_get_number(column, begin + (int64_t)i, &numbers[i]);
        if (outcome == KITHP_ARROW_VALUE)
            continue;
        numbers[i] = other;
        outcomes[i] = (uint8_t)outcome;
        all |= outcome;
    }
    return all;
}

/* Seconds of a number of units; without a zone it is what the community's clock shows. */
static inline int64_t seconds_of(const struct kithp_arrow_type *type, const struct kithp_calendar *calendar,
                                 int64_t number)
{
    /* A date32 has four bytes: no product of it overflows. */
    int64_t seconds = type->seconds > 1 ? number * type->seconds : number;
    if (type->parts > 1)
        seconds = kithp_number_floor_div(seconds, type->parts);
    if (type->has_zone)
        return seconds;
    /* What cannot be a time stays one that cannot. */
    return seconds < 0 || seconds > 2 * KITHP_TIME_MOST ? seconds : seconds - calendar->utc_offset;
}

static int64_t signed_at(const struct kithp_arrow_values *values, int64_t item)
{
    const unsigned char *at = values->values + (size_t)(values->first + item) * values->type.width;
    if (values->type.width == 4) {
        int32_t number;
        memcpy(&number, at, sizeof number);
        return number;
    }
    int64_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

enum kithp_arrow_outcome kithp_arrow_get_time(const struct kithp_arrow_column *column,
                                              const struct kithp_calendar *calendar, int64_t row, int64_t *time)
{
    int64_t item;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    if (!values)
        return KITHP_ARROW_NULL;
    switch (values->type.sort) {
    case KITHP_ARROW_TIMESTAMP:
    case KITHP_ARROW_DATE:
        *time = seconds_of(&values->type, calendar, signed_at(values, item));
        return KITHP_ARROW_VALUE;
    case KITHP_ARROW_TEXT:
    case KITHP_ARROW_VIEW: {
        bool parsed = kithp_calendar_parse(calendar, kithp_arrow_text_at(values, item), time);
        return parsed ? KITHP_ARROW_VALUE : KITHP_ARROW_UNUSABLE;
    }
    default: {
        uint64_t number;
        enum kithp_arrow_outcome outcome = kithp_arrow_get_number(column, row, &number);
        *time = number <= INT64_MAX ? (int64_t)number : INT64_MAX;
        return outcome;
    }
    }
}

/* Whole seconds of units, of which `parts`, a constant where it is called, make one. */
static inline void divide_all(const unsigned char *values, size_t count, int64_t parts, int64_t *times)
{
    for (size_t i = 0; i < count; i++) {
        int64_t number;
        memcpy(&number, values + i * sizeof number, sizeof number);
        /* What lies before 1970 is no time of an event, however long before. */
        times[i] = number < 0 ? -1 : (int64_t)((uint64_t)number / (uint64_t)parts);
    }
}

/* Most columns of times are timestamps without a null: they are divided by what the compiler knows. */
static bool get_plain_times(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar,
                            int64_t begin, size_t count, int64_t *times)
{
    const struct kithp_arrow_values *rows = &column->rows;
    if (column->has_dictionary || rows->validity || rows->type.sort != KITHP_ARROW_TIMESTAMP ||
        (!rows->type.has_zone && calendar->utc_offset != 0))
        return false;
    const unsigned char *values = rows->values + (size_t)(rows->first + begin) * sizeof *times;
    switch (rows->type.parts) {
    case 1:
        memcpy(times, values, count * sizeof *times);
        return true;
    case 1000:
        divide_all(values, count, 1000, times);
        return true;
    case 1000000:
        divide_all(values, count, 1000000, times);
        return true;
    default:
        divide_all(values, count, 1000000000, times);
        return true;
    }
}

void kithp_arrow_get_times(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar,
                           int64_t begin, size_t count, int64_t *times)
{
    if (get_plain_times(column, calendar, begin, count, times))
        return;
    for (size_t i = 0; i < count; i++)
        if (kithp_arrow_get_time(column, calendar, begin + (int64_t)i, &times[i]) != KITHP_ARROW_VALUE)
            times[i] = -1;
}

/* ---- for people ---- */

static size_t show_number(const struct kithp_arrow_values *values, int64_t item, char *room)
{
    uint64_t number = kithp_arrow_number_at(values, item);
    int length = values->type.is_signed ? snprintf(room, KITHP_ARROW_SHOWN_ROOM, "%" PRId64, (int64_t)number)
                                        : snprintf(room, KITHP_ARROW_SHOWN_ROOM, "%" PRIu64, number);
    return (size_t)length;
}

static size_t show_time(const struct kithp_arrow_values *values, const struct kithp_calendar *calendar, int64_t item,
                        char *room)
{
    int64_t number = signed_at(values, item), time = seconds_of(&values->type, calendar, number);
    if (time >= 0 && time <= KITHP_TIME_MOST)
        return kithp_calendar_format_time(room, time);
    return (size_t)snprintf(room, KITHP_ARROW_SHOWN_ROOM, "%" PRId64, number);
}

kith_text kithp_arrow_show(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar, int64_t row,
                           char room[KITHP_ARROW_SHOWN_ROOM])
{
    int64_t item;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    if (!values)
        return (kith_text){NULL, 0};
    if (kithp_arrow_is_text(&values->type))
        return kithp_arrow_text_at(values, item);
    size_t length;
    switch (values->type.sort) {
    case KITHP_ARROW_FLOAT:
        length = (size_t)snprintf(room, KITHP_ARROW_SHOWN_ROOM, "%.17g", float_at(values, item));
        break;
    case KITHP_ARROW_NUMBER:
        length = show_number(values, item, room);
        break;
    default:
        length = show_time(values, calendar, item, room);
        break;
    }
    return (kith_text){room, length};
}
