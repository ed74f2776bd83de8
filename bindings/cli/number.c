/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

bool cli_number_parse(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    uint64_t value = 0;
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        unsigned digit = (unsigned)(*text - '0');
        if (digit > most || value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (value < least)
        return false;
    *number = value;
    return true;
}

bool cli_number_parse_size(const char *text, uint64_t least, uint64_t *bytes)
{
    static const char units[] = "KMG";
    char digits[CLI_NUMBER_SIZE];
    size_t length = strlen(text);
    const char *unit = length > 1 ? strchr(units, text[length - 1]) : NULL;
    unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
    if (unit)
        length--;
    if (length >= sizeof digits)
        return false;
    memcpy(digits, text, length);
    digits[length] = '\0';
    uint64_t number;
    if (!cli_number_parse(digits, 0, UINT64_MAX >> shift, &number) || number << shift < least)
        return false;
    *bytes = number << shift;
    return true;
}

const char *cli_number_count(char *out, uint64_t number)
{
    char digits[CLI_NUMBER_SIZE];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
    char *end = out;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *end++ = ',';
        *end++ = digits[i];
    }
    *end = '\0';
    return out;
}

const char *cli_number_score(char *out, int32_t hundredths)
{
    snprintf(out, CLI_NUMBER_SIZE, "%" PRId32 ".%02" PRId32, hundredths / 100, hundredths % 100);
    return out;
}

const char *cli_number_percent(char *out, uint64_t part, uint64_t whole)
{
    *out = '\0';
    if (whole > 0)
        snprintf(out, CLI_NUMBER_SIZE, "%.1f%%", 100.0 * (double)part / (double)whole);
    return out;
}

const char *cli_number_bytes(char *out, uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB"};
    if (bytes < 1000) {
        snprintf(out, CLI_NUMBER_SIZE, "%" PRIu64 " B", bytes);
        return out;
    }
    double amount = (double)bytes / 1000;
    size_t unit = 0;
    while (amount >= 999.95 && unit + 1 < sizeof units / sizeof *units) {
        amount /= 1000;
        unit++;
    }
    snprintf(out, CLI_NUMBER_SIZE, "%.1f %s", amount, units[unit]);
    return out;
}

static const char *format_time(char *out, int64_t seconds, const char *format)
{
    time_t moment = (time_t)seconds;
    struct tm parts;
    if (!gmtime_r(&moment, &parts) || strftime(out, CLI_NUMBER_SIZE, format, &parts) == 0)
        *out = '\0';
    return out;
}

const char *cli_number_day(char *out, int64_t day)
{
    return format_time(out, day * 86400, "%Y-%m-%d");
}

const char *cli_number_time(char *out, int64_t time)
{
    return format_time(out, time, "%Y-%m-%dT%H:%M:%SZ");
}

const char *cli_number_span(char *out, int64_t seconds)
{
    int64_t days = seconds / 86400;
    int64_t hours = seconds % 86400 / 3600;
    const char *day_word = days == 1 ? "day" : "days";
    const char *hour_word = hours == 1 ? "hour" : "hours";
    if (days > 0 && hours > 0)
        snprintf(out, CLI_NUMBER_SIZE, "%" PRId64 " %s %" PRId64 " %s", days, day_word, hours, hour_word);
    else if (days > 0)
        snprintf(out, CLI_NUMBER_SIZE, "%" PRId64 " %s", days, day_word);
    else
        snprintf(out, CLI_NUMBER_SIZE, "%" PRId64 " %s", hours, hour_word);
    return out;
}
