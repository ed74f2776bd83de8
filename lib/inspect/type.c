/* SPDX-License-Identifier: MIT */
#include "inspect/type.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"

static bool is_word(kith_text text, const char *word)
{
    for (uint64_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte - 'A' + 'a');
        if (byte != word[i])
            return false;
    }
    return true;
}

static bool is_boolean(kith_text text)
{
    return (text.length == 4 && is_word(text, "true")) || (text.length == 5 && is_word(text, "false"));
}

static uint64_t skip_digits(kith_text text, uint64_t at)
{
    while (at < text.length && kithp_number_is_digit(text.data[at]))
        at++;
    return at;
}

/* Returns where the fraction ends, or `at` where there is none. */
static uint64_t skip_fraction(kith_text text, uint64_t at)
{
    if (at == text.length || text.data[at] != '.')
        return at;
    uint64_t end = skip_digits(text, at + 1);
    return end > at + 1 ? end : at;
}

static uint64_t skip_exponent(kith_text text, uint64_t at)
{
    if (at == text.length || (text.data[at] != 'e' && text.data[at] != 'E'))
        return at;
    uint64_t begin = at + 1;
    if (begin < text.length && (text.data[begin] == '+' || text.data[begin] == '-'))
        begin++;
    uint64_t end = skip_digits(text, begin);
    return end > begin ? end : at;
}

uint32_t kithp_type_of(kith_text text)
{
    if (text.length == 0)
        return KITH_TYPE_EMPTY;
    if (is_boolean(text))
        return KITH_TYPE_BOOLEAN;
    uint64_t begin = text.data[0] == '-', whole = skip_digits(text, begin);
    /* Zeros in front are those of a number that is meant as a name. */
    if (whole == begin || (text.data[begin] == '0' && whole > begin + 1))
        return KITH_TYPE_TEXT;
    if (whole == text.length)
        return KITH_TYPE_WHOLE;
    uint64_t end = skip_exponent(text, skip_fraction(text, whole));
    return end == text.length ? KITH_TYPE_NUMBER : KITH_TYPE_TEXT;
}

bool kithp_type_read_whole(kith_text text, int64_t *number)
{
    uint64_t begin = text.length > 0 && text.data[0] == '-', end = skip_digits(text, begin);
    if (end < text.length && text.data[end] != '.')
        return false;
    if (memchr(text.data, 'e', text.length) || memchr(text.data, 'E', text.length))
        return false;
    uint64_t amount;
    if (!kithp_number_parse((kith_text){text.data + begin, end - begin}, INT64_MAX, &amount))
        amount = INT64_MAX;
    *number = begin ? -(int64_t)amount : (int64_t)amount;
    return true;
}
