/* SPDX-License-Identifier: MIT */
/* Every offset and index of a column, before it is used. */
#include "arrow/column.h"
#include "base/prefetch.h"

/* Rows that are looked at together, first for whether any of them is at fault, which goes without a jump. */
enum { FEW = 256 };

/* ---- offsets of text ---- */

static const char *fault_of_offsets(const struct kithp_arrow_values *values, int64_t item)
{
    int64_t begin = kithp_arrow_offset_at(values, item), end = kithp_arrow_offset_at(values, item + 1);
    if (begin < 0)
        return "has an offset below 0";
    if (end < begin)
        return "has an offset below the one before it";
    return end > begin && !values->bytes ? "has text of some length, but no bytes" : NULL;
}

/* Whether any of so many offsets, of `width` bytes, a constant where it is called, is below the one before it. */
static inline bool any_falls(const unsigned char *at, unsigned width, size_t count)
{
    bool falls = false;
    for (size_t i = 0; i < count; i++, at += width)
        falls |= (int64_t)kithp_arrow_load(at + width, width, true) < (int64_t)kithp_arrow_load(at, width, true);
    return falls;
}

static bool are_sound_offsets(const struct kithp_arrow_values *values, int64_t begin, size_t count)
{
    const unsigned char *at = kithp_arrow_at(values, begin);
    int64_t first = kithp_arrow_offset_at(values, begin), end = kithp_arrow_offset_at(values, begin + (int64_t)count);
    if (first < 0 || (end > first && !values->bytes))
        return false;
    return !(values->type.width == 4 ? any_falls(at, 4, count) : any_falls(at, 8, count));
}

/* ---- views ---- */

static bool is_inside_buffer(const struct kithp_arrow_values *values, const struct kithp_arrow_view *view)
{
    int64_t size;
    if (view->buffer < 0 || view->buffer >= values->buffer_count || !values->buffers[view->buffer])
        return false;
    memcpy(&size, values->sizes + (size_t)view->buffer * sizeof size, sizeof size);
    return view->offset >= 0 && view->offset <= size && view->length <= size - view->offset;
}

static const char *fault_of_view(const struct kithp_arrow_values *values, int64_t item)
{
    if (kithp_arrow_is_null(values, item))
        return NULL;
    struct kithp_arrow_view view = kithp_arrow_view_at(values, item);
    if (view.length >= 0 && (view.length <= KITHP_ARROW_VIEW_INLINE || is_inside_buffer(values, &view)))
        return NULL;
    return "has a view that lies outside of its buffers";
}

/*
 * Whether so many views surely hold their bytes themselves. Those of nulls may be anything, and are not known here.
 * Little is done with each, so that reading them is all that takes time: it is asked for well ahead, and across pages,
 * where the processor stops looking ahead by itself.
 */
static bool are_sound_views(const struct kithp_arrow_values *values, int64_t begin, size_t count)
{
    enum { AHEAD = 1024 };
    const unsigned char *at = kithp_arrow_at(values, begin);
    bool outside = false;
    for (size_t i = 0; i < count; i++, at += values->type.width) {
        kithp_prefetch(at + AHEAD);
        outside |= (uint32_t)kithp_arrow_load(at, sizeof(int32_t), false) > KITHP_ARROW_VIEW_INLINE;
    }
    return !outside;
}

/* ---- values ---- */

static bool are_sound(const struct kithp_arrow_values *values, int64_t begin, size_t count)
{
    return values->type.sort == KITHP_ARROW_TEXT ? are_sound_offsets(values, begin, count)
                                                 : are_sound_views(values, begin, count);
}

static const char *fault_of_value(const struct kithp_arrow_values *values, int64_t item)
{
    if (values->type.sort == KITHP_ARROW_TEXT)
        return fault_of_offsets(values, item);
    return values->type.sort == KITHP_ARROW_VIEW ? fault_of_view(values, item) : NULL;
}

static const char *check_values(const struct kithp_arrow_values *values, int64_t begin, int64_t count, int64_t *item)
{
    if (values->type.sort != KITHP_ARROW_TEXT && values->type.sort != KITHP_ARROW_VIEW)
        return NULL;
    const int64_t end = begin + count;
    for (int64_t step; begin < end; begin += step) {
        step = end - begin < FEW ? end - begin : FEW;
        if (are_sound(values, begin, (size_t)step))
            continue;
        for (*item = begin; *item < begin + step; ++*item) {
            const char *fault = fault_of_value(values, *item);
            if (fault)
                return fault;
        }
    }
    return NULL;
}

/* ---- dictionaries ---- */

const char *kithp_arrow_column_check_dictionary(const struct kithp_arrow_column *column)
{
    int64_t item;
    if (!column->has_dictionary || !kithp_arrow_column_is_small(column))
        return NULL;
    return check_values(&column->dictionary, 0, column->dictionary.length, &item);
}

static const char *fault_of_index(const struct kithp_arrow_column *column, int64_t row)
{
    if (kithp_arrow_is_null(&column->rows, row))
        return NULL;
    /* One below 0 is above all others as it stands. */
    uint64_t index = kithp_arrow_number_at(&column->rows, row);
    if (index >= (uint64_t)column->dictionary.length)
        return "has an index outside of its dictionary";
    return kithp_arrow_column_is_small(column) ? NULL : fault_of_value(&column->dictionary, (int64_t)index);
}

/* Whether the indexes of so many rows are surely sound. Those of nulls may be anything, and are not known here. */
static bool are_sound_indexes(const struct kithp_arrow_column *column, int64_t begin, size_t count)
{
    uint64_t indexes[FEW], length = (uint64_t)column->dictionary.length;
    if (!kithp_arrow_column_is_small(column))
        return false;
    kithp_arrow_load_all(&column->rows, begin, count, indexes);
    bool outside = false;
    for (size_t i = 0; i < count; i++)
        outside |= indexes[i] >= length;
    return !outside;
}

static const char *check_indexes(const struct kithp_arrow_column *column, int64_t begin, int64_t count, int64_t *row)
{
    const int64_t end = begin + count;
    for (int64_t step; begin < end; begin += step) {
        step = end - begin < FEW ? end - begin : FEW;
        if (are_sound_indexes(column, begin, (size_t)step))
            continue;
        for (*row = begin; *row < begin + step; ++*row) {
            const char *fault = fault_of_index(column, *row);
            if (fault)
                return fault;
        }
    }
    return NULL;
}

/* ---- columns ---- */

const char *kithp_arrow_column_check(const struct kithp_arrow_column *column, int64_t begin, int64_t count,
                                     int64_t *row)
{
    return column->has_dictionary ? check_indexes(column, begin, count, row)
                                  : check_values(&column->rows, begin, count, row);
}

const char *kithp_arrow_column_check_whole(const struct kithp_arrow_column *column, int64_t begin, int64_t count,
                                           int64_t *row)
{
    if (kithp_arrow_column_type(column)->sort != KITHP_ARROW_FLOAT)
        return NULL;
    for (*row = begin; *row < begin + count; ++*row) {
        int64_t item, number;
        const struct kithp_arrow_values *values = kithp_arrow_find(column, *row, &item);
        if (values && kithp_arrow_whole_at(values, item, &number) == KITHP_ARROW_UNUSABLE)
            return "has a float that is no whole number, or too large to tell it from others";
    }
    return NULL;
}
