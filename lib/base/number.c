/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <string.h>

bool kithp_number_parse(kith_text text, uint64_t most, uint64_t *value)
{
    if (text.length == 0)
        return false;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < text.length; i++) {
        if (!kithp_number_is_digit(text.data[i]))
            return false;
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (digit > most || sum > (most - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

bool kithp_number_parse_decimal(kith_text text, unsigned decimals, uint64_t most, int64_t *scaled)
{
    bool negative = text.length && text.data[0] == '-';
    if (negative)
        text = (kith_text){text.data + 1, text.length - 1};
    const char *point = text.length ? memchr(text.data, '.', text.length) : NULL;
    kith_text whole = {text.data, point ? (uint64_t)(point - text.data) : text.length};
    kith_text part = {NULL, 0};
    if (point) {
        part = (kith_text){point + 1, text.length - whole.length - 1};
        if (part.length == 0 || part.length > decimals)
            return false;
    }

    uint64_t high, low = 0;
    uint64_t scale = power_of_ten(decimals);
    if (!kithp_number_parse(whole, most / scale, &high))
        return false;
    if (part.length && !kithp_number_parse(part, scale, &low))
        return false;
    low *= power_of_ten(decimals - (unsigned)part.length);
    uint64_t amount = high * scale + low;
    if (amount > most)
        return false;
    *scaled = negative ? -(int64_t)amount : (int64_t)amount;
    return true;
}

bool kithp_number_parse_fixed(const char *text, size_t length, uint32_t *value)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        if (!kithp_number_is_digit(text[i]))
            return false;
        sum = sum * 10 + (uint32_t)(text[i] - '0');
    }
    *value = sum;
    return true;
}

size_t kithp_number_format_padded(char *out, uint64_t value, size_t width)
{
    char reversed[KITHP_NUMBER_ROOM];
    size_t length = 0;
    do {
        reversed[length++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 || length < width);
    for (size_t i = 0; i < length; i++)
        out[i] = reversed[length - 1 - i];
    return length;
}

size_t kithp_number_format(char *out, uint64_t value)
{
    return kithp_number_format_padded(out, value, 1);
}

static uint64_t amount_of(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

size_t kithp_number_format_signed(char *out, int64_t value)
{
    size_t length = 0;
    if (value < 0)
        out[length++] = '-';
    return length + kithp_number_format(out + length, amount_of(value));
}

size_t kithp_number_format_hundredths(char *out, uint64_t value)
{
    size_t length = kithp_number_format(out, value / 100);
    out[length++] = '.';
    return length + kithp_number_format_padded(out + length, value % 100, 2);
}

size_t kithp_number_format_decimal(char *out, int64_t scaled, unsigned decimals)
{
    uint64_t scale = power_of_ten(decimals);
    uint64_t amount = amount_of(scaled);
    size_t length = 0;
    if (scaled < 0)
        out[length++] = '-';
    length += kithp_number_format(out + length, amount / scale);
    uint64_t part = amount % scale;
    if (part == 0)
        return length;
    out[length++] = '.';
    length += kithp_number_format_padded(out + length, part, decimals);
    while (out[length - 1] == '0')
        length--;
    return length;
}
