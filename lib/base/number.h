/* SPDX-License-Identifier: MIT */
/* Numbers as text, both ways, without a locale and without floating point. */
#ifndef KITHP_BASE_NUMBER_H
#define KITHP_BASE_NUMBER_H

#include <stdbool.h>

#include <kith/kith.h>

/* Room for any number of this file, its end mark included. */
enum { KITHP_NUMBER_ROOM = 24 };

static inline bool kithp_number_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Whole text as ASCII digits, any number of them; false where it is not, or is more than most. */
bool kithp_number_parse(kith_text text, uint64_t most, uint64_t *value);

/*
 * Whole text as a decimal number with up to `decimals` digits behind the point, scaled by 10^decimals: "-2.5" with
 * three decimals is -2500. False where it is not, or its scaled amount is more than most.
 */
bool kithp_number_parse_decimal(kith_text text, unsigned decimals, uint64_t most, int64_t *scaled);

/* Exactly `length` digits; false where another byte is among them. */
bool kithp_number_parse_fixed(const char *text, size_t length, uint32_t *value);

/* These write without end mark and return how many bytes. */
size_t kithp_number_format(char *out, uint64_t value);
size_t kithp_number_format_signed(char *out, int64_t value);

/* At least `width` digits, with zeros in front. */
size_t kithp_number_format_padded(char *out, uint64_t value, size_t width);

/* Hundredths with two decimals: 3142 is "31.42". */
size_t kithp_number_format_hundredths(char *out, uint64_t value);

/* Scaled by 10^decimals, without zeros at the end: -2500 with three decimals is "-2.5". */
size_t kithp_number_format_decimal(char *out, int64_t scaled, unsigned decimals);

/* floor(a / b) for b > 0, where C rounds towards zero. */
static inline int64_t kithp_number_floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return quotient - (a % b < 0);
}

static inline int64_t kithp_number_clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Weekly quantities stop at 4 294 967 295 instead of overflowing (docs/model.md, Tally). */
static inline uint32_t kithp_number_add_stop(uint32_t a, uint32_t b)
{
    uint32_t sum = a + b;
    return sum < a ? UINT32_MAX : sum;
}

#endif
