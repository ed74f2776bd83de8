/* SPDX-License-Identifier: MIT */
/* One column of a table: values side by side, as bindings want them. */
#ifndef KITHP_TABLES_COLUMN_H
#define KITHP_TABLES_COLUMN_H

#include <stdbool.h>

#include <kith/kith.h>

enum { KITHP_COLUMN_NAME_ROOM = 80 }; /* "tier_", a tier's name, and the end mark */

struct kithp_column {
    uint32_t type; /* KITH_COLUMN_… */
    char name[KITHP_COLUMN_NAME_ROOM];
    const char *const *labels;
    size_t label_count;
    size_t count;
    void *values;
    size_t capacity; /* of values, in items; for text in bytes */
    int64_t *offsets;
    size_t offset_capacity;
};

/* Room for `rows` more values, and for `bytes` more of text. False where there is none: the column is as it was. */
bool kithp_column_reserve(const kith_allocator *allocator, struct kithp_column *column, size_t rows, size_t bytes);
void kithp_column_free(const kith_allocator *allocator, struct kithp_column *column);

/* Puts behind those of one column all values of another of its type. False where there is no memory. */
bool kithp_column_append(const kith_allocator *allocator, struct kithp_column *column, const struct kithp_column *from);

/* Bytes of a value; of text, of which a value has any number, 1. */
static inline size_t kithp_column_value_size(uint32_t type)
{
    switch (type) {
    case KITH_COLUMN_ID:
    case KITH_COLUMN_COUNT:
    case KITH_COLUMN_TIME:
        return sizeof(int64_t);
    case KITH_COLUMN_SCORE:
    case KITH_COLUMN_DAY:
        return sizeof(int32_t);
    default: /* text, labels, flags */
        return sizeof(uint8_t);
    }
}

/* Put a value behind those there are; there must be room. A number is of any type but text. */
static inline void kithp_column_push(struct kithp_column *column, int64_t number)
{
    size_t row = column->count++;
    switch (kithp_column_value_size(column->type)) {
    case sizeof(int64_t):
        ((int64_t *)column->values)[row] = number;
        return;
    case sizeof(int32_t):
        ((int32_t *)column->values)[row] = (int32_t)number;
        return;
    default:
        ((uint8_t *)column->values)[row] = (uint8_t)number;
        return;
    }
}

void kithp_column_push_text(struct kithp_column *column, kith_text text);

static inline int64_t kithp_column_number(const struct kithp_column *column, size_t row)
{
    switch (kithp_column_value_size(column->type)) {
    case sizeof(int64_t):
        return ((const int64_t *)column->values)[row];
    case sizeof(int32_t):
        return ((const int32_t *)column->values)[row];
    default:
        return ((const uint8_t *)column->values)[row];
    }
}

kith_text kithp_column_text(const struct kithp_column *column, size_t row);

#endif
