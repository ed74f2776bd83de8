/* SPDX-License-Identifier: MIT */
#include "policy/value.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

#define POINTS_MOST INT64_C(1000000000) /* a million, in thousandths */
#define LIMIT_MOST INT64_C(1000000000)
enum { POINTS_DECIMALS = 3, OFFSET_MOST = 14 * 3600 };

static bool expect(char expected[KITHP_EXPECTED_ROOM], const char *words)
{
    snprintf(expected, KITHP_EXPECTED_ROOM, "expected %s", words);
    return false;
}

bool kithp_value_number(kith_text value, unsigned decimals, int64_t least, int64_t most, int64_t *scaled,
                        char expected[KITHP_EXPECTED_ROOM])
{
    int64_t parsed;
    bool is_signed = value.length > 0 && value.data[0] == '-';
    if ((least < 0 || !is_signed) && kithp_number_parse_decimal(value, decimals, (uint64_t)most, &parsed) &&
        parsed >= least) {
        *scaled = parsed;
        return true;
    }
    char low[KITHP_NUMBER_ROOM], high[KITHP_NUMBER_ROOM];
    low[kithp_number_format_decimal(low, least, decimals)] = '\0';
    high[kithp_number_format_decimal(high, most, decimals)] = '\0';
    if (decimals == 0)
        snprintf(expected, KITHP_EXPECTED_ROOM, "expected a whole number from %s to %s", low, high);
    else
        snprintf(expected, KITHP_EXPECTED_ROOM, "expected a number from %s to %s with at most %u decimals", low, high,
                 decimals);
    return false;
}

bool kithp_value_utc_offset(kith_text value, int32_t *seconds, char expected[KITHP_EXPECTED_ROOM])
{
    uint32_t hours, minutes;
    bool formed = value.length == 6 && (value.data[0] == '+' || value.data[0] == '-') && value.data[3] == ':' &&
                  kithp_number_parse_fixed(value.data + 1, 2, &hours) &&
                  kithp_number_parse_fixed(value.data + 4, 2, &minutes) && minutes < 60 &&
                  hours * 3600 + minutes * 60 <= OFFSET_MOST;
    if (!formed)
        return expect(expected, "an offset from -14:00 to +14:00, such as +01:00");
    int32_t amount = (int32_t)(hours * 3600 + minutes * 60);
    *seconds = value.data[0] == '-' ? -amount : amount;
    return true;
}

bool kithp_value_week_start(kith_text value, uint32_t *weekday, char expected[KITHP_EXPECTED_ROOM])
{
    for (uint32_t i = 0; i < KITHP_DAYS_A_WEEK; i++) {
        if (kithp_text_equal(value, kith_text_of(kithp_policy_weekdays[i]))) {
            *weekday = i;
            return true;
        }
    }
    return expect(expected, "monday, tuesday, wednesday, thursday, friday, saturday or sunday");
}

bool kithp_value_yes_no(kith_text value, bool *yes, char expected[KITHP_EXPECTED_ROOM])
{
    bool is_yes = kithp_text_equal(value, KITHP_TEXT("yes"));
    if (!is_yes && !kithp_text_equal(value, KITHP_TEXT("no")))
        return expect(expected, "yes or no");
    *yes = is_yes;
    return true;
}

/* Cuts the next word off the left of text; empty at its end. */
static kith_text take_word(kith_text *text)
{
    *text = kithp_text_trim(*text);
    uint64_t length = 0;
    while (length < text->length && !kithp_text_is_blank(text->data[length]))
        length++;
    kith_text word = {text->data, length};
    text->data += length;
    text->length -= length;
    return word;
}

static bool find_dimension(kith_text word, uint32_t *dimension)
{
    for (uint32_t i = 0; i < KITH_DIMENSIONS; i++) {
        if (kithp_text_equal(word, kith_text_of(kithp_policy_dimensions[i]))) {
            *dimension = i;
            return true;
        }
    }
    return false;
}

static bool read_limits(kith_text rest, kith_credit *credit, char expected[KITHP_EXPECTED_ROOM])
{
    for (kith_text word = take_word(&rest); word.length > 0; word = take_word(&rest)) {
        bool is_cap = kithp_text_equal(word, KITHP_TEXT("cap"));
        uint32_t *limit = is_cap ? &credit->cap : &credit->each;
        bool is_known = is_cap || kithp_text_equal(word, KITHP_TEXT("each"));
        if (!is_known || *limit != 0 || (is_cap && credit->each != 0))
            return expect(expected, "DIMENSION POINTS [cap N] [each N], in this order and each limit once at most");
        int64_t number;
        char unused[KITHP_EXPECTED_ROOM];
        if (!kithp_value_number(take_word(&rest), 0, 1, LIMIT_MOST, &number, unused))
            return expect(expected, is_cap ? "a whole number from 1 to 1000000000 behind cap"
                                           : "a whole number from 1 to 1000000000 behind each");
        *limit = (uint32_t)number;
    }
    return true;
}

bool kithp_value_credit(kith_text value, kith_credit *credit, char expected[KITHP_EXPECTED_ROOM])
{
    kith_credit read = {.given = 1};
    kith_text rest = value;
    if (!find_dimension(take_word(&rest), &read.dimension))
        return expect(expected, "DIMENSION POINTS [cap N] [each N], the dimension being content, interaction or "
                                "community");
    int64_t points;
    char unused[KITHP_EXPECTED_ROOM];
    if (!kithp_value_number(take_word(&rest), POINTS_DECIMALS, -POINTS_MOST, POINTS_MOST, &points, unused))
        return expect(expected, "points from -1000000 to 1000000 with at most 3 decimals behind the dimension");
    read.points = (int32_t)points;
    if (!read_limits(rest, &read, expected))
        return false;
    *credit = read;
    return true;
}

static bool is_among(const struct kithp_patterns *patterns, kith_text pattern)
{
    for (uint32_t i = 0; i < patterns->count; i++)
        if (kithp_text_equal(kith_text_of(patterns->texts[i]), pattern))
            return true;
    return false;
}

bool kithp_value_patterns(kith_text value, struct kithp_patterns *patterns, kith_text *fault,
                          char expected[KITHP_EXPECTED_ROOM])
{
    kith_text rest = value;
    *patterns = (struct kithp_patterns){.count = 0};
    while ((*fault = take_word(&rest)).length > 0) {
        if (fault->length > KITHP_PATTERN_MOST)
            return expect(expected, "patterns of 64 bytes at most");
        /* Written behind a blank it would be read as a comment. */
        if (fault->data[0] == ';')
            return expect(expected, "a pattern that does not begin with a semicolon; ? stands for one");
        if (is_among(patterns, *fault))
            return expect(expected, "each pattern once");
        if (patterns->count == KITHP_PATTERNS_MOST)
            return expect(expected, "32 patterns at most");
        memcpy(patterns->texts[patterns->count++], fault->data, fault->length);
    }
    return true;
}
