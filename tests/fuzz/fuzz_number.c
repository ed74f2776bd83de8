/* SPDX-License-Identifier: MIT */
/* Numbers as text, both ways, against the C library and arithmetic of twice the width. */
#include <errno.h>
#include <inttypes.h>

#include "base/number.h"

#include "fuzz.h"

__extension__ typedef unsigned __int128 wide;
__extension__ typedef __int128 signed_wide;

static bool is_digits(kith_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.length > 0;
}

static void check_whole(kith_text text, uint64_t most)
{
    uint64_t value = 7;
    bool is = kithp_number_parse(text, most, &value);
    char *string = fuzz_string(text);
    errno = 0;
    uint64_t slow = strtoull(string, NULL, 10);
    bool fits = is_digits(text) && errno == 0 && slow <= most;
    MUST(is == fits && value == (fits ? slow : 7));
    free(string);
}

/* By the digits one after the other, with those behind the point filled up. */
static bool read_decimal(kith_text text, unsigned decimals, uint64_t most, int64_t *scaled)
{
    bool negative = text.length > 0 && text.data[0] == '-', point = false;
    unsigned behind = 0, before = 0;
    wide sum = 0;
    for (size_t i = negative; i < text.length; i++) {
        if (text.data[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        point ? behind++ : before++;
        if (sum < (wide)1 << 90)
            sum = 10 * sum + (unsigned)(text.data[i] - '0');
    }
    if (before == 0 || (point && behind == 0) || behind > decimals)
        return false;
    for (; behind < decimals; behind++)
        sum *= 10;
    if (sum > most)
        return false;
    *scaled = negative ? -(int64_t)sum : (int64_t)sum;
    return true;
}

static void check_decimal(kith_text text, unsigned decimals, uint64_t most)
{
    int64_t value = 7, slow = 7;
    bool is = kithp_number_parse_decimal(text, decimals, most, &value);
    MUST(is == read_decimal(text, decimals, most, &slow) && value == slow);
}

static void check_written(uint64_t number)
{
    char out[2 * KITHP_NUMBER_ROOM], expected[64];
    int64_t value = (int64_t)number, again = 0;
    out[kithp_number_format(out, number)] = '\0';
    snprintf(expected, sizeof expected, "%" PRIu64, number);
    MUST(strcmp(out, expected) == 0);
    out[kithp_number_format_signed(out, value)] = '\0';
    snprintf(expected, sizeof expected, "%" PRId64, value);
    MUST(strcmp(out, expected) == 0);
    out[kithp_number_format_hundredths(out, number)] = '\0';
    snprintf(expected, sizeof expected, "%" PRIu64 ".%02u", number / 100, (unsigned)(number % 100));
    MUST(strcmp(out, expected) == 0);
    out[kithp_number_format_padded(out, number, number % 20)] = '\0';
    snprintf(expected, sizeof expected, "%0*" PRIu64, (int)(number % 20), number);
    MUST(strcmp(out, expected) == 0);
    for (unsigned decimals = 0; decimals <= 3; decimals++) {
        size_t length = kithp_number_format_decimal(out, value, decimals);
        if (value != INT64_MIN)
            MUST(kithp_number_parse_decimal((kith_text){out, length}, decimals, INT64_MAX, &again) && again == value);
    }
}

static void check_arithmetic(int64_t a, int64_t b)
{
    if (b > 0) {
        /* quotient * b <= a < (quotient + 1) * b, in a width that has room for it. */
        signed_wide rest = (signed_wide)a - (signed_wide)kithp_number_floor_div(a, b) * b;
        MUST(rest >= 0 && rest < b);
    }
    uint32_t left = (uint32_t)a, right = (uint32_t)b;
    uint64_t sum = (uint64_t)left + right;
    MUST(kithp_number_add_stop(left, right) == (sum > UINT32_MAX ? UINT32_MAX : sum));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t sort = fuzz_byte(&input);
    uint64_t most = fuzz_word(&input, 1 + sort % 8);
    if (sort & 128)
        most = UINT64_MAX >> (most & 63);
    kith_text rest = fuzz_rest(&input);
    kith_text text = {fuzz_copy(rest), rest.length};
    uint64_t number = 0;
    memcpy(&number, text.data, text.length < 8 ? text.length : 8);
    check_whole(text, most);
    check_decimal(text, sort / 8 % 4, most & INT64_MAX);
    check_written(number);
    check_written(most);
    check_arithmetic((int64_t)number, (int64_t)most);
    uint32_t fixed = 7;
    size_t few = text.length < 9 ? text.length : 9;
    bool is = kithp_number_parse_fixed(text.data, few, &fixed);
    MUST(is == (few == 0 || is_digits((kith_text){text.data, few})));
    free((char *)(uintptr_t)text.data);
    return 0;
}
