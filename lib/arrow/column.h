/* SPDX-License-Identifier: MIT */
/*
 * A column of a batch. Its arrays come from outside: kithp_arrow_column_bind() looks at their shape, and
 * kithp_arrow_column_check() at every offset and index that is to be used, before any value is read.
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

/*
 * Whether the dictionary is looked at as a whole, once for all rows. One with more entries than there are rows is not,
 * as a stream of small batches may bring the same large one with each: then entries are looked at where rows refer to
 * them.
 */
static inline bool kithp_arrow_column_is_small(const struct kithp_arrow_column *column)
{
    return column->dictionary.length <= column->rows.length;
}

/* Likewise looks at a dictionary that is small, which is to be done first; nothing where the column has none. */
const char *kithp_arrow_column_check_dictionary(const struct kithp_arrow_column *column);

/* Likewise looks at so many rows; *row receives the one at fault. */
const char *kithp_arrow_column_check(const struct kithp_arrow_column *column, int64_t begin, int64_t count,
                                     int64_t *row);

/* Likewise, of numbers that are to stand for something by themselves: floats among them must be whole, or NaN. */
const char *kithp_arrow_column_check_whole(const struct kithp_arrow_column *column, int64_t begin, int64_t count,
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
static inline uint64_t kithp_arrow_load(const unsigned char *at, unsigned width, bool is_signed)
{
    switch (width) {
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

/* Where an item of the values lies. */
static inline const unsigned char *kithp_arrow_at(const struct kithp_arrow_values *values, int64_t item)
{
    return values->values + (size_t)(values->first + item) * values->type.width;
}

static inline uint64_t kithp_arrow_number_at(const struct kithp_arrow_values *values, int64_t item)
{
    return kithp_arrow_load(kithp_arrow_at(values, item), values->type.width, values->type.is_signed);
}

/* Items from `begin` on, as they stand, null or not. */
void kithp_arrow_load_all(const struct kithp_arrow_values *values, int64_t begin, size_t count, uint64_t *numbers);

/* The dictionary's item that a row is; the row must not be null. */
static inline int64_t kithp_arrow_index_at(const struct kithp_arrow_column *column, int64_t row)
{
    return (int64_t)kithp_arrow_number_at(&column->rows, row);
}

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

/* What becomes of rows of numbers: what is above `most` cannot be used either. */
struct kithp_arrow_rule {
    uint64_t most;
    uint64_t null;  /* what stands for a null, */
    uint64_t other; /* and for what cannot be used */
};

/*
 * The same of rows from `begin` on. True where any cannot be used: then outcomes receives what each is, and else it is
 * as it was.
 */
bool kithp_arrow_get_numbers(const struct kithp_arrow_column *column, int64_t begin, size_t count,
                             const struct kithp_arrow_rule *rule, uint64_t *numbers, uint8_t *outcomes);

/* The dictionary's items that rows from `begin` on are; of those that are null, the one behind its last. */
void kithp_arrow_get_indexes(const struct kithp_arrow_column *column, int64_t begin, size_t count, uint64_t *indexes);

/* Of a column of times, by its type: Unix seconds. Those that are not a value become -1. */
void kithp_arrow_get_times(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar,
                           int64_t begin, size_t count, int64_t *times);

enum { KITHP_ARROW_VIEW_INLINE = 12 }; /* bytes that a view holds itself */

struct kithp_arrow_view {
    int32_t length;
    int32_t buffer;
    int32_t offset;
    const char *inside; /* where the bytes are that it holds itself */
};

static inline struct kithp_arrow_view kithp_arrow_view_at(const struct kithp_arrow_values *values, int64_t item)
{
    const unsigned char *at = kithp_arrow_at(values, item);
    struct kithp_arrow_view view = {.inside = (const char *)at + 4};
    memcpy(&view.length, at, 4);
    memcpy(&view.buffer, at + 8, 4);
    memcpy(&view.offset, at + 12, 4);
    return view;
}

static inline int64_t kithp_arrow_offset_at(const struct kithp_arrow_values *values, int64_t item)
{
    return (int64_t)kithp_arrow_load(kithp_arrow_at(values, item), values->type.width, true);
}

/* An item of text that is not null. */
static inline kith_text kithp_arrow_text_at(const struct kithp_arrow_values *values, int64_t item)
{
    if (values->type.sort == KITHP_ARROW_TEXT) {
        int64_t begin = kithp_arrow_offset_at(values, item), end = kithp_arrow_offset_at(values, item + 1);
        return (kith_text){values->bytes ? values->bytes + begin : NULL, (uint64_t)(end - begin)};
    }
    struct kithp_arrow_view view = kithp_arrow_view_at(values, item);
    if (view.length <= KITHP_ARROW_VIEW_INLINE)
        return (kith_text){view.inside, (uint64_t)view.length};
    return (kith_text){(const char *)values->buffers[view.buffer] + view.offset, (uint64_t)view.length};
}

/* Of a column of text; a null is empty. */
static inline kith_text kithp_arrow_get_text(const struct kithp_arrow_column *column, int64_t row)
{
    int64_t item;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    return values ? kithp_arrow_text_at(values, item) : (kith_text){NULL, 0};
}

/* Whether so many bytes can be read from the beginning of the text on, in each of so many rows. */
bool kithp_arrow_reads_beyond(const struct kithp_arrow_column *column, int64_t begin, size_t count, size_t bytes);

/* Asks for the text behind so many rows from `begin` on, where the next ones are likely to have theirs. */
void kithp_arrow_look_ahead(const struct kithp_arrow_column *column, int64_t begin, size_t count);

enum { KITHP_ARROW_SHOWN_ROOM = 64 };

/* Any value as text, written to room where it is none already; a whole number has its digits alone. A NaN is empty. */
kith_text kithp_arrow_show(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar, int64_t row,
                           char room[KITHP_ARROW_SHOWN_ROOM]);

/* Of an item of floats that is not null. */
enum kithp_arrow_outcome kithp_arrow_whole_at(const struct kithp_arrow_values *values, int64_t item, int64_t *number);

#endif
