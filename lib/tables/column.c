/* SPDX-License-Identifier: MIT */
#include "tables/column.h"

#include <string.h>

#include "base/alloc.h"

static size_t text_length(const struct kithp_column *column)
{
    return column->count > 0 ? (size_t)column->offsets[column->count] : 0;
}

bool kithp_column_reserve(const kith_allocator *allocator, struct kithp_column *column, size_t rows, size_t bytes)
{
    bool is_text = column->type == KITH_COLUMN_TEXT;
    size_t values = is_text ? text_length(column) + bytes : column->count + rows;
    if (!kithp_alloc_grow(allocator, &column->values, &column->capacity, values, kithp_column_value_size(column->type)))
        return false;
    if (!is_text)
        return true;
    if (!kithp_alloc_grow(allocator, (void **)&column->offsets, &column->offset_capacity, column->count + rows + 1,
                          sizeof *column->offsets))
        return false;
    if (column->count == 0)
        column->offsets[0] = 0;
    return true;
}

void kithp_column_free(const kith_allocator *allocator, struct kithp_column *column)
{
    kithp_alloc_free(allocator, column->values);
    kithp_alloc_free(allocator, column->offsets);
}

void kithp_column_push_text(struct kithp_column *column, kith_text text)
{
    size_t at = text_length(column);
    if (text.length > 0)
        memcpy((char *)column->values + at, text.data, text.length);
    column->count++;
    column->offsets[column->count] = (int64_t)(at + text.length);
}

bool kithp_column_append(const kith_allocator *allocator, struct kithp_column *column, const struct kithp_column *from)
{
    bool is_text = column->type == KITH_COLUMN_TEXT;
    if (!kithp_column_reserve(allocator, column, from->count, is_text ? text_length(from) : 0))
        return false;
    for (size_t row = 0; row < from->count; row++) {
        if (is_text)
            kithp_column_push_text(column, kithp_column_text(from, row));
        else
            kithp_column_push(column, kithp_column_number(from, row));
    }
    return true;
}

kith_text kithp_column_text(const struct kithp_column *column, size_t row)
{
    int64_t begin = column->offsets[row];
    const char *bytes = column->values;
    return (kith_text){bytes ? bytes + begin : NULL, (uint64_t)(column->offsets[row + 1] - begin)};
}
