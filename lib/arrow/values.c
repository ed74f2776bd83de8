/* SPDX-License-Identifier: MIT */
/* Values of rows that have been checked: by the block where columns lie as most do, and one by one where not. */
#include <stdio.h>

#include "arrow/column.h"
#include "base/prefetch.h"

/* Numbers that are looked at together. */
enum { FEW = 64 };

/* ---- one item ---- */

static double float_at(const struct kithp_arrow_values *values, int64_t item)
{
    const unsigned char *at = kithp_arrow_at(values, item);
    if (values->type.width == 4) {
        float number;
        memcpy(&number, at, sizeof number);
        return (double)number;
    }
    double number;
    memcpy(&number, at, sizeof number);
    return number;
}

enum kithp_arrow_outcome kithp_arrow_whole_at(const struct kithp_arrow_values *values, int64_t item, int64_t *number)
{
    /* 2^24 and 2^53: what is that large may have been the next number, which a float does not have. */
    const double most = values->type.width == 4 ? 16777216.0 : 9007199254740992.0;
    double given = float_at(values, item);
    if (given != given)
        return KITHP_ARROW_NULL;
    if (!(given > -most && given < most))
        return KITHP_ARROW_UNUSABLE;
    *number = (int64_t)given;
    return (double)*number == given ? KITHP_ARROW_VALUE : KITHP_ARROW_UNUSABLE;
}

/* ---- numbers ---- */

enum kithp_arrow_outcome kithp_arrow_get_number(const struct kithp_arrow_column *column, int64_t row, uint64_t *number)
{
    int64_t item, whole = 0;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    if (!values)
        return KITHP_ARROW_NULL;
    if (values->type.sort == KITHP_ARROW_FLOAT) {
        enum kithp_arrow_outcome outcome = kithp_arrow_whole_at(values, item, &whole);
        *number = (uint64_t)whole;
        return outcome == KITHP_ARROW_VALUE && whole < 0 ? KITHP_ARROW_UNUSABLE : outcome;
    }
    *number = kithp_arrow_number_at(values, item);
    return values->type.is_signed && (int64_t)*number < 0 ? KITHP_ARROW_UNUSABLE : KITHP_ARROW_VALUE;
}

/* Width and sign are constants where it is called. */
static inline void load_some(const unsigned char *at, unsigned width, bool is_signed, size_t count, uint64_t *numbers)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = kithp_arrow_load(at + i * width, width, is_signed);
}

static inline void load_either(const unsigned char *at, unsigned width, bool is_signed, size_t count, uint64_t *numbers)
{
    if (is_signed)
        load_some(at, width, true, count, numbers);
    else
        load_some(at, width, false, count, numbers);
}

/* Asks for what lies behind so many bytes, where the next block will be read. */
static void ask_for_next(const unsigned char *at, size_t size)
{
    enum { LINE = 64 };
    for (size_t i = 0; i < size; i += LINE)
        kithp_prefetch(at + size + i);
}

void kithp_arrow_load_all(const struct kithp_arrow_values *values, int64_t begin, size_t count, uint64_t *numbers)
{
    const unsigned char *at = kithp_arrow_at(values, begin);
    ask_for_next(at, count * values->type.width);
    switch (values->type.width) {
    case 1:
        load_either(at, 1, values->type.is_signed, count, numbers);
        return;
    case 2:
        load_either(at, 2, values->type.is_signed, count, numbers);
        return;
    case 4:
        load_either(at, 4, values->type.is_signed, count, numbers);
        return;
    default:
        load_some(at, 8, false, count, numbers);
        return;
    }
}

/* Bits of up to FEW items, the first one lowest; a bit is set where the item is not null. */
static uint64_t valid_bits(const struct kithp_arrow_values *values, int64_t begin, size_t count)
{
    if (!values->validity)
        return UINT64_MAX;
    uint64_t first = (uint64_t)(values->first + begin), bits = 0;
    const unsigned char *bytes = values->validity + first / 8;
    unsigned shift = (unsigned)(first % 8);
    /* No byte is read that holds none of them: it may not be there. */
    size_t byte_count = (shift + count + 7) / 8;
    for (size_t i = 0; i < byte_count && i < 8; i++)
        bits |= (uint64_t)bytes[i] << 8 * i;
    bits >>= shift;
    return byte_count > 8 ? bits | (uint64_t)bytes[8] << (64 - shift) : bits;
}

/* Those that are null become `other`; without a jump, as which are null is anybody's guess. */
static void hide_nulls(const struct kithp_arrow_values *values, int64_t begin, size_t count, uint64_t other,
                       uint64_t *numbers)
{
    for (size_t at = 0, step; values->validity && at < count; at += step) {
        step = count - at < FEW ? count - at : FEW;
        uint64_t valid = valid_bits(values, begin + (int64_t)at, step);
        for (size_t i = 0; i < step; i++, valid >>= 1) {
            uint64_t keep = -(valid & 1);
            numbers[at + i] = (numbers[at + i] & keep) | (other & ~keep);
        }
    }
}

/* Whether any number is above `most`: whether a subtraction borrows, in words that vector instructions have. */
static bool is_any_above(const uint64_t *numbers, size_t count, uint64_t most)
{
    uint64_t borrows = 0;
    for (size_t i = 0; i < count; i++)
        borrows |= (~most & numbers[i]) | ((~most | numbers[i]) & (most - numbers[i]));
    return borrows >> 63;
}

static bool judge(enum kithp_arrow_outcome outcome, const struct kithp_arrow_rule *rule, uint64_t *number,
                  uint8_t *judged)
{
    if (outcome == KITHP_ARROW_VALUE && *number > rule->most)
        outcome = KITHP_ARROW_UNUSABLE;
    if (outcome != KITHP_ARROW_VALUE)
        *number = outcome == KITHP_ARROW_NULL ? rule->null : rule->other;
    *judged = (uint8_t)outcome;
    return outcome == KITHP_ARROW_UNUSABLE;
}

/* Whole numbers, as they lie in most columns: without a dictionary. False where one of them may be of no use. */
static bool get_plain_numbers(const struct kithp_arrow_values *values, int64_t begin, size_t count,
                              const struct kithp_arrow_rule *rule, uint64_t *numbers)
{
    kithp_arrow_load_all(values, begin, count, numbers);
    /* Negative ones are above all others. */
    uint64_t most = values->type.is_signed && rule->most > INT64_MAX ? INT64_MAX : rule->most;
    if (is_any_above(numbers, count, most))
        return false;
    hide_nulls(values, begin, count, rule->null, numbers);
    return true;
}

bool kithp_arrow_get_numbers(const struct kithp_arrow_column *column, int64_t begin, size_t count,
                             const struct kithp_arrow_rule *rule, uint64_t *numbers, uint8_t *outcomes)
{
    bool plain = !column->has_dictionary && column->rows.type.sort == KITHP_ARROW_NUMBER;
    if (plain && get_plain_numbers(&column->rows, begin, count, rule, numbers))
        return false;
    bool unusable = false;
    for (size_t i = 0; i < count; i++) {
        enum kithp_arrow_outcome outcome = kithp_arrow_get_number(column, begin + (int64_t)i, &numbers[i]);
        unusable |= judge(outcome, rule, &numbers[i], &outcomes[i]);
    }
    return unusable;
}

void kithp_arrow_get_indexes(const struct kithp_arrow_column *column, int64_t begin, size_t count, uint64_t *indexes)
{
    kithp_arrow_load_all(&column->rows, begin, count, indexes);
    hide_nulls(&column->rows, begin, count, (uint64_t)column->dictionary.length, indexes);
}

/* ---- text ---- */

bool kithp_arrow_reads_beyond(const struct kithp_arrow_column *column, int64_t begin, size_t count, size_t bytes)
{
    const struct kithp_arrow_values *rows = &column->rows;
    if (column->has_dictionary || !kithp_arrow_is_text(&rows->type))
        return false;
    /* A view has twelve bytes behind its length, or more than these elsewhere. */
    if (rows->type.sort == KITHP_ARROW_VIEW)
        return bytes <= KITHP_ARROW_VIEW_INLINE;
    int64_t last = kithp_arrow_offset_at(rows, begin + (int64_t)count - 1);
    return kithp_arrow_offset_at(rows, rows->length) - last >= (int64_t)bytes;
}

void kithp_arrow_look_ahead(const struct kithp_arrow_column *column, int64_t begin, size_t count)
{
    const struct kithp_arrow_values *rows = &column->rows;
    if (column->has_dictionary || !kithp_arrow_is_text(&rows->type))
        return;
    ask_for_next(kithp_arrow_at(rows, begin), count * rows->type.width);
    if (rows->type.sort != KITHP_ARROW_TEXT || !rows->bytes)
        return;
    int64_t first = kithp_arrow_offset_at(rows, begin), end = kithp_arrow_offset_at(rows, begin + (int64_t)count);
    const int64_t most = (int64_t)count * KITHP_ARROW_VIEW_INLINE;
    ask_for_next((const unsigned char *)rows->bytes + first, (size_t)(end - first < most ? end - first : most));
}

/* ---- times ---- */

/* Whole seconds of units, of which `parts`, a constant where it is called, make one. */
static inline void divide_all(int64_t *times, size_t count, int64_t parts)
{
    for (size_t i = 0; i < count; i++)
        times[i] = kithp_number_floor_div(times[i], parts);
}

static void to_seconds(const struct kithp_arrow_type *type, int64_t *times, size_t count)
{
    switch (type->parts) {
    case 1000:
        divide_all(times, count, 1000);
        break;
    case 1000000:
        divide_all(times, count, 1000000);
        break;
    case 1000000000:
        divide_all(times, count, 1000000000);
        break;
    default:
        /* A date32 has four bytes: no product of it overflows. */
        for (size_t i = 0; type->seconds > 1 && i < count; i++)
            times[i] *= type->seconds;
        break;
    }
}

/* What the community's clock shows becomes the moment that it is; what no event can have stays so, however far away. */
static void to_moments(const struct kithp_calendar *calendar, int64_t *times, size_t count)
{
    const int64_t least = -KITHP_SECONDS_A_DAY, most = KITHP_TIME_MOST + KITHP_SECONDS_A_DAY;
    for (size_t i = 0; i < count; i++)
        times[i] = kithp_number_clamp(times[i], least, most) - calendar->utc_offset;
}

/* Timestamps and dates from `begin` on, null or not. */
static void get_moments(const struct kithp_arrow_values *values, const struct kithp_calendar *calendar, int64_t begin,
                        size_t count, int64_t *times)
{
    kithp_arrow_load_all(values, begin, count, (uint64_t *)times);
    to_seconds(&values->type, times, count);
    if (!values->type.has_zone && calendar->utc_offset != 0)
        to_moments(calendar, times, count);
}

static bool is_moment(const struct kithp_arrow_type *type)
{
    return type->sort == KITHP_ARROW_TIMESTAMP || type->sort == KITHP_ARROW_DATE;
}

/* Of a row: a moment, or text. */
static int64_t time_of(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar, int64_t row)
{
    int64_t item, time;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    if (!values)
        return -1;
    if (kithp_arrow_is_text(&values->type))
        return kithp_calendar_parse(calendar, kithp_arrow_text_at(values, item), &time) ? time : -1;
    get_moments(values, calendar, item, 1, &time);
    return time;
}

/* Of a column of Unix seconds. */
static void get_seconds(const struct kithp_arrow_column *column, int64_t begin, size_t count, int64_t *times)
{
    static const struct kithp_arrow_rule rule = {KITHP_TIME_MOST, UINT64_MAX, UINT64_MAX};
    uint8_t outcomes[FEW];
    for (size_t at = 0, step; at < count; at += step) {
        step = count - at < FEW ? count - at : FEW;
        (void)kithp_arrow_get_numbers(column, begin + (int64_t)at, step, &rule, (uint64_t *)times + at, outcomes);
    }
}

void kithp_arrow_get_times(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar,
                           int64_t begin, size_t count, int64_t *times)
{
    const struct kithp_arrow_values *rows = &column->rows;
    if (kithp_arrow_is_number(kithp_arrow_column_type(column))) {
        get_seconds(column, begin, count, times);
        return;
    }
    if (!column->has_dictionary && is_moment(&rows->type)) {
        get_moments(rows, calendar, begin, count, times);
        hide_nulls(rows, begin, count, UINT64_MAX, (uint64_t *)times);
        return;
    }
    for (size_t i = 0; i < count; i++)
        times[i] = time_of(column, calendar, begin + (int64_t)i);
}

/* ---- for people ---- */

static size_t show_float(const struct kithp_arrow_values *values, int64_t item, char *room)
{
    int64_t number;
    switch (kithp_arrow_whole_at(values, item, &number)) {
    case KITHP_ARROW_NULL:
        return 0;
    case KITHP_ARROW_VALUE:
        return kithp_number_format_signed(room, number);
    default:
        return (size_t)snprintf(room, KITHP_ARROW_SHOWN_ROOM, "%.17g", float_at(values, item));
    }
}

/* A moment, or where it is none that an event can have, the number that stands there. */
static size_t show_moment(const struct kithp_arrow_values *values, const struct kithp_calendar *calendar, int64_t item,
                          char *room)
{
    int64_t time;
    get_moments(values, calendar, item, 1, &time);
    if (time >= 0 && time <= KITHP_TIME_MOST)
        return kithp_calendar_format_time(room, time);
    return kithp_number_format_signed(room, (int64_t)kithp_arrow_number_at(values, item));
}

kith_text kithp_arrow_show(const struct kithp_arrow_column *column, const struct kithp_calendar *calendar, int64_t row,
                           char room[KITHP_ARROW_SHOWN_ROOM])
{
    int64_t item;
    const struct kithp_arrow_values *values = kithp_arrow_find(column, row, &item);
    if (!values)
        return (kith_text){NULL, 0};
    switch (values->type.sort) {
    case KITHP_ARROW_TEXT:
    case KITHP_ARROW_VIEW:
        return kithp_arrow_text_at(values, item);
    case KITHP_ARROW_FLOAT:
        return (kith_text){room, show_float(values, item, room)};
    case KITHP_ARROW_NUMBER: {
        uint64_t number = kithp_arrow_number_at(values, item);
        size_t length = values->type.is_signed ? kithp_number_format_signed(room, (int64_t)number)
                                               : kithp_number_format(room, number);
        return (kith_text){room, length};
    }
    default:
        return (kith_text){room, show_moment(values, calendar, item, room)};
    }
}
