/* SPDX-License-Identifier: MIT */
/*
 * A column of a batch. Its arrays come from outside: kithp_arrow_column_bind() looks at their shape, and
 * kithp_arrow_column_check() at every offset and index, before any value is read.
 */
#ifndef KITHP_ARROW_COLUMN_H
#define KITHP_ARROW_COLUMN_H

#include <string.h>

#include "arrow/type.h"
#include "base/calendar.h"

/* Values of one array, of which those before `first` do not count. */
struct kithp_arrow_values {
    struct kithp_arrow_type type;
    int64_t first;
    int64_t length;
    const unsigned char *validity; /* a bit each; NULL where none is null */
    const unsigned char *values;   /* numbers and times; offsets of text; views */
    const char *bytes;             /* of text */
    const void *const *buffers;    /* of views: the bytes of those that do not hold them */
    const unsigned char *sizes;    /* and how many there are of them, int64_t each */
    int64_t buffer_count;
};

struct kithp_arrow_column {
    bool has_dictionary;
    struct kithp_arrow_values rows;       /* values, or indexes where there is a dictionary */
    struct kithp_arrow_values dictionary; /* the values then */
};

/* What the values are: those of the dictionary, where there is one. */
static inline const struct kithp_arrow_type *kithp_arrow_column_type(const struct kithp_arrow_column *column)
{
    return column->has_dictionary ? &column->dictionary.type : &column->rows.type;
}

/* Sets the types of a column by its schema. False where it is of none that we know. */
bool kithp_arrow_column_init(struct kithp_arrow_column *column, const struct ArrowSchema *schema);

/*
 * Binds the column to rows of an array, from `first` on. NULL, or what is wrong with the array, in words that go on
 * behind its name; then it is not to be read.
 */
const char *kithp_arrow_column_bind(struct kithp_arrow_column *column, const struct ArrowArray *array, int64_t first,
                                    int64_t count);

/* Likewise looks at so many rows; *row receives the one at fault. */
const char *kithp_arrow_column_check(const struct kithp_arrow_column *column, int64_t begin, int64_t count,
                                     int64_t *row);

/* ---- values of rows that have been checked ---- */

static inline bool kithp_arrow_is_null(const struct kithp_arrow_values *values, int64_t item)
{
    if (values->type.sort == KITHP_ARROW_NOTHING)
        return true;
    uint64_t bit = (uint64_t)(values->first + item);
    return values->validity && !(values->validity[bit / 8] >> bit % 8 & 1);
}

/* A number of any width, as it stands; a negative one in two's complement. */
static inline uint64_t kithp_arrow_number_at(const struct kithp_arrow_values *values, int64_t item)
{
    const unsigned char *at = values->values + (size_t)(values->first + item) * values->type.width;
    bool is_signed = values->type.is_signed;
    switch (values->type.width) {
    case 1:
        return is_signed ? (uint64_t)(int64_t)(int8_t)*at : *at;
    case 2: {
        uint16_t number;
        memcpy(&number, at, sizeof number);
        return is_signed ? (uint64_t)(int64_t)(int16_t)number : number;
    }
    case 4: {
        uint32_t number;
        memcpy(&number, at, sizeof number);
        return is_signed ? (uint64_t)(int64_t)(int32_t)number : number;
    }
    default: {
        uint64_t number;
        memcpy(&number, at, sizeof number);
        return number;
    }
    }
}

/* The dictionary's item that a row is; the row must not be null. */
static inline int64_t kithp_arrow_index_at(const struct kithp_arrow_column *column, int64_t row)
{
    return (int64_t)kithp_arrow_number_at(&column->rows, row);
}

kith_text kithp_arrow_text_at(const struct kithp_arrow_values *values, int64_t item);

/* Where the value of a row stands; NULL where it is null. */
static inline const struct kithp_arrow_values *kithp_arrow_find(const struct kithp_arrow_column *column, int64_t row,
                                                                int64_t *item)
{
    if (kithp_arrow_is_null(&column->rows, row))
        return NULL;
    *item = row;
    if (!column->has_dictionary)
        return &column->rows;
    *item = kithp_arrow_index_at(column, row);
    return kithp_arrow_is_null(&column->dictionary, *item) ? NULL : &column->dictionary;
}

enum kithp_arrow_outcome { KITHP_ARROW_VALUE = 0, KITHP_ARROW_NULL = 1, KITHP_ARROW_UNUSABLE = 2 };

/* Of a row of a column of numbers: one from 0 on; what is negative or no whole number cannot be used. */
enum kithp_arrow_outcome kithp_arrow_get_number(const struct kithp_arrow_column *column, int64_t row, uint64_t *number);

/* The same of rows from `begin` on. Those that are not a value get `other`. Returns all outcomes, or-ed. */
unsigned kithp_arrow_get_numbers(const struct kithp_arrow_column *column, int64_t begin, size_t count, uint64_t other,
                                 uint64_t *numbers, uint8_t *outcomes);

/* Of a column of times, by its type: Unix seconds. */
enum kithp_arrow_outcome kithp_arrow_get_time(const struct kithp_arrow_column *column,
                                              const struct kithp_calendar *calendar, int64_t row, int64_t *time);

/* The same of rows from `begin` on. Those that are not a value get -1. */
void kithp_arrow_get_times(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar,
                           int64_t begin, size_t count, int64_t *times);

/* Of a column of text; a null is empty. */
static inline kith_text kithp_arrow_get_text(const struct kithp_arrow_column *column, int64_t row)
{
    int64_t item;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    return values ? kithp_arrow_text_at(values, item) : (kith_text){NULL, 0};
}

enum { KITHP_ARROW_SHOWN_ROOM = 64 };

/* Any value as text, for people; written to room, where it is none already. */
kith_text kithp_arrow_show(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar, int64_t row,
                           char room[KITHP_ARROW_SHOWN_ROOM]);

#endif
