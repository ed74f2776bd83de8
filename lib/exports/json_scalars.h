/* SPDX-License-Identifier: MIT */
/*
 * What JSON's values and blanks are made of, as texts are read quickly. Compiled once for each way of looking at many
 * bytes at once; what differs is given by the file that includes this, and behind it json_walk.h and json_follow.h:
 *
 *   WAY                                                           what stands before each function
 *   WALK, FOLLOW                                                  the names of the two that are called from elsewhere
 *   WIDTH                                                         how many bytes are looked at together, 32 at most
 *   uint64_t find_stops(const char *at)                           a bit for each quote, backslash, control character
 *                                                                 and byte above 0x7F
 *   struct kithp_json_marks find_marks(const char *at)            the same, each sort for itself
 *   uint64_t find_odd_letters(const char *at, uint64_t letters)   of these bytes, those that stand behind a backslash
 *                                                                 for something else than one character
 *   bool is_utf8(const char *at, const char *end)
 *   bool is_link(const char *at, const struct kithp_json_link *link)   whether the link's text is there
 *
 * Each reads WIDTH bytes, the last one KITHP_JSON_LINK_TEXT. The end of the text is not looked for at each byte: a
 * string must end before it, no array, object, number or literal may begin behind it, and nothing is gone on with
 * there, so that nothing is read past KITHP_JSON_BEHIND. What lies there is taken for text until then, and makes the
 * value end too late, which is asked about once.
 */
#ifndef KITHP_EXPORTS_JSON_SCALARS_H
#define KITHP_EXPORTS_JSON_SCALARS_H

#include "base/bytes.h"
#include "exports/json_escape.h"
#include "exports/json_ways.h"

enum { ESCAPED = 1, LONE = 2 };

/* ---- blanks ---- */

KITHP_JSON_SELDOM WAY static const char *skip_all_blanks(const char *at, const char *end)
{
    const uint64_t spaces = kithp_words_repeat(' ');
    while (at < end) {
        if (kithp_words_load(at) == spaces)
            at += 8;
        else if (kithp_json_is_blank(*at))
            at++;
        else
            return at;
    }
    return at;
}

/* As a rule there are none, or a single space. */
WAY static inline const char *skip_blanks(const char *at, const char *end)
{
    if ((unsigned char)at[0] > ' ')
        return at;
    if (at[0] == ' ' && (unsigned char)at[1] > ' ')
        return at + 1;
    return skip_all_blanks(at, end);
}

/* ---- strings ---- */

struct string {
    const char *end; /* its closing quote, or NULL */
    unsigned flags;
};

static const struct string no_string = {NULL, 0};

/*
 * Of a block's bytes, those behind a backslash that is not itself behind one. *carry is whether the first one is, and
 * then whether the one behind the block is.
 *
 * In a row of backslashes, every second one is escaped. A subtraction goes through all rows at once: with the bits at
 * odd places set, and what is behind each backslash, it stops at the row's end; the exclusive or with the odd places
 * leaves the right ones, wherever the row begins.
 */
WAY static inline uint64_t find_escaped(uint64_t backslashes, uint64_t *carry)
{
    const uint64_t odd = UINT64_C(0xAAAAAAAAAAAAAAAA);
    uint64_t begins = backslashes & ~*carry;
    uint64_t rows = (((begins << 1) | odd) - begins) ^ odd;
    uint64_t escaped = rows ^ (backslashes | *carry);
    *carry = (rows & backslashes) >> (WIDTH - 1) & 1;
    return escaped;
}

/* How many bytes from the letter on are an escape of a number, or of two that are a pair; 0 where it is none. */
WAY static inline size_t look_at_number(const char *letter, unsigned *flags)
{
    if (*letter != 'u')
        return 0;
    uint32_t first = kithp_json_hex(letter + 1);
    if (first - 0xD800 >= 0x800)
        return first <= 0xFFFF ? 5 : 0;
    if (first < 0xDC00 && letter[5] == '\\' && letter[6] == 'u' && kithp_json_hex(letter + 7) - 0xDC00 < 0x400)
        return 11;
    *flags |= LONE;
    return 5;
}

/* Checks the letters behind backslashes in a block. `done` is what is behind the last escape of a number. */
WAY static inline bool check_letters(const char *at, uint64_t letters, const char **done, unsigned *flags)
{
    for (uint64_t odd = find_odd_letters(at, letters); odd; odd &= odd - 1) {
        const char *letter = at + kithp_bytes_lowest_bit(odd);
        if (letter < *done)
            continue;
        size_t length = look_at_number(letter, flags);
        if (length == 0)
            return false;
        *done = letter + length;
    }
    *flags |= ESCAPED;
    return true;
}

/* A string that begins at `begin` and is plain up to `at`. */
KITHP_JSON_SELDOM WAY static struct string end_odd_string(const char *begin, const char *at, const char *end)
{
    const char *done = begin;
    uint64_t high = 0, carry = 0;
    unsigned flags = 0;
    for (; at < end; at += WIDTH) {
        struct kithp_json_marks marks = find_marks(at);
        uint64_t escaped = (marks.backslashes | carry) != 0 ? find_escaped(marks.backslashes, &carry) : 0;
        uint64_t ends = marks.quotes & ~escaped;
        /* Up to the closing quote. */
        uint64_t within = ends ? ends ^ (ends - 1) : UINT64_MAX >> (64 - WIDTH);
        high |= marks.high & within;
        if ((marks.controls & within) != 0)
            return no_string;
        if ((escaped & within) != 0 && !check_letters(at, escaped & within, &done, &flags))
            return no_string;
        if (!ends)
            continue;
        at += kithp_bytes_lowest_bit(ends);
        return at < end && (high == 0 || is_utf8(begin, at)) ? (struct string){at, flags} : no_string;
    }
    return no_string;
}

/* A string, from behind its opening quote. */
WAY static inline struct string end_string(const char *begin, const char *end)
{
    uint64_t stops;
    const char *at = begin;
    while ((stops = find_stops(at)) == 0) {
        at += WIDTH;
        if (at >= end)
            return no_string;
    }
    at += kithp_bytes_lowest_bit(stops);
    if (*at != '"')
        return end_odd_string(begin, at, end);
    return at < end ? (struct string){at, 0} : no_string;
}

/* ---- numbers and literals ---- */

/* Eight bytes, of which those that are no digits have their eighth bit set. */
WAY static inline uint64_t no_digits(const char *at)
{
    uint64_t word = kithp_words_load(at) ^ kithp_words_repeat('0');
    return (((word & kithp_words_repeat(0x7F)) + kithp_words_repeat(0x76)) | word) & kithp_words_repeat(0x80);
}

KITHP_JSON_SELDOM WAY static const char *skip_digits(const char *at, const char *end)
{
    while (at < end) {
        uint64_t others = no_digits(at);
        if (others)
            return at + kithp_bytes_lowest_bit(others) / 8;
        at += 8;
    }
    return at;
}

/* Behind a number's integer. */
KITHP_JSON_SELDOM WAY static const char *end_odd_number(const char *at, const char *end)
{
    const char *begin;
    if (*at == '.') {
        begin = at + 1;
        at = skip_digits(begin, end);
        if (at == begin)
            return NULL;
    }
    if (*at == 'e' || *at == 'E') {
        begin = at + 1;
        begin += *begin == '+' || *begin == '-';
        at = skip_digits(begin, end);
        if (at == begin)
            return NULL;
    }
    return at;
}

WAY static inline const char *end_number(const char *at, const char *end)
{
    at += *at == '-';
    uint64_t others = no_digits(at);
    const char *stop = others ? at + kithp_bytes_lowest_bit(others) / 8 : skip_digits(at + 8, end);
    if (stop == at || (*at == '0' && stop > at + 1))
        return NULL;
    return *stop == '.' || *stop == 'e' || *stop == 'E' ? end_odd_number(stop, end) : stop;
}

WAY static inline const char *end_literal(const char *at)
{
    if (memcmp(at, "true", 4) == 0 || memcmp(at, "null", 4) == 0)
        return at + 4;
    return memcmp(at, "false", 5) == 0 ? at + 5 : NULL;
}

/* Behind what is neither string nor array nor object. */
WAY static inline const char *end_plain(const char *at, const char *end)
{
    if (at >= end)
        return NULL;
    return *at >= 'A' ? end_literal(at) : end_number(at, end);
}

/* ---- values ---- */

WAY static inline bool opens(char byte)
{
    return byte == '{' || byte == '[';
}

/* Of a value but a string. */
WAY static inline enum kithp_json_type type_of(char first)
{
    switch (first) {
    case '{':
        return KITHP_JSON_OBJECT;
    case '[':
        return KITHP_JSON_ARRAY;
    case 'n':
        return KITHP_JSON_NULL;
    case 'f':
        return KITHP_JSON_FALSE;
    case 't':
        return KITHP_JSON_TRUE;
    default:
        return KITHP_JSON_NUMBER;
    }
}

/* From behind its opening quote. */
WAY static inline struct kithp_json_value string_value(const char *begin, struct string string)
{
    return (struct kithp_json_value){.text = {begin, (uint64_t)(string.end - begin)},
                                     .type = KITHP_JSON_STRING,
                                     .escaped = (string.flags & ESCAPED) != 0,
                                     .lone = (string.flags & LONE) != 0};
}

WAY static inline struct kithp_json_value other_value(const char *begin, const char *end)
{
    return (struct kithp_json_value){.text = {begin, (uint64_t)(end - begin)}, .type = type_of(*begin)};
}

/* What several paths lead to, a bit each. */
WAY static inline void put_value(struct kithp_json_value *values, uint32_t paths, struct kithp_json_value value)
{
    for (; paths; paths &= paths - 1)
        values[kithp_bytes_lowest_bit(paths)] = value;
}

#endif
