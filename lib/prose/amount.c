/* SPDX-License-Identifier: MIT */
#include "prose/amount.h"

#include "base/calendar.h"
#include "base/number.h"

const char *kithp_amount_count(char *out, uint64_t number)
{
    char digits[KITHP_NUMBER_ROOM];
    size_t length = kithp_number_format(digits, number);
    char *end = out;
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *end++ = ',';
        *end++ = digits[i];
    }
    *end = '\0';
    return out;
}

const char *kithp_amount_score(char *out, int32_t hundredths)
{
    out[kithp_number_format_hundredths(out, (uint64_t)hundredths)] = '\0';
    return out;
}

const char *kithp_amount_points(char *out, int64_t thousandths)
{
    uint64_t amount = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;
    char *end = out;
    if (thousandths < 0)
        *end++ = '-';
    kithp_amount_count(end, amount / 1000);
    while (*end)
        end++;
    if (amount % 1000 == 0)
        return out;
    *end++ = '.';
    end += kithp_number_format_padded(end, amount % 1000, 3);
    while (end[-1] == '0')
        end--;
    *end = '\0';
    return out;
}

const char *kithp_amount_part(char *out, int64_t product)
{
    size_t length = kithp_number_format(out, (uint64_t)product / 100000);
    out[length++] = '.';
    length += kithp_number_format_padded(out + length, (uint64_t)product % 100000, 5);
    while (out[length - 1] == '0' && out[length - 4] != '.')
        length--;
    out[length] = '\0';
    return out;
}

const char *kithp_amount_day(char *out, int64_t day)
{
    out[kithp_calendar_format_day(out, day)] = '\0';
    return out;
}
