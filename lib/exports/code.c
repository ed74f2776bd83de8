/* SPDX-License-Identifier: MIT */
#include "exports/code.h"

#include <string.h>

enum { WHOLE = 1 << KITHP_CODE_LONGEST };
enum { END = 256, LITERALS_LEAST = 257, LITERALS_MOST = 286, DISTANCES_LEAST = 1, DISTANCES_MOST = 30 };

/* ---- what symbols mean (3.2.5) ---- */

static kithp_code_entry number(unsigned value, unsigned more)
{
    return kithp_code_make(KITHP_CODE_NUMBER, value, more);
}

/* Four lengths each have as many bits behind them, from the ninth on; the last one means a single length. */
static kithp_code_entry literal_of(unsigned symbol)
{
    enum { LAST_LENGTH = LITERALS_MOST - 1, SINGLE = 8, LEAST = 3, MOST = 258 };
    if (symbol < END)
        return kithp_code_make(KITHP_CODE_BYTE, symbol, 0);
    if (symbol == END)
        return kithp_code_make(KITHP_CODE_END, 0, 0);
    if (symbol > LAST_LENGTH)
        return 0;
    if (symbol == LAST_LENGTH)
        return number(MOST, 0);
    unsigned rank = symbol - LITERALS_LEAST, more = rank < SINGLE ? 0 : rank / 4 - 1;
    return number(LEAST + (rank < SINGLE ? rank : (4 + rank % 4) << more), more);
}

/* And two distances each, from the fifth on. */
static kithp_code_entry distance_of(unsigned symbol)
{
    enum { SINGLE = 4, LEAST = 1 };
    if (symbol >= DISTANCES_MOST)
        return 0;
    unsigned more = symbol < SINGLE ? 0 : symbol / 2 - 1;
    return number(LEAST + (symbol < SINGLE ? symbol : (2 + symbol % 2) << more), more);
}

static kithp_code_entry itself(unsigned symbol)
{
    return number(symbol, 0);
}

/* ---- a code ---- */

kithp_code_entry kithp_code_find_any(const struct kithp_code *code, uint64_t bits)
{
    /* Codes of a length are numbers one behind the other, their first bit the highest; the next longer go on there. */
    unsigned number_so_far = 0, first = 0, index = 0;
    for (unsigned length = 1; length <= KITHP_CODE_LONGEST; length++) {
        number_so_far |= kithp_deflate_take(&bits, 1);
        unsigned count = code->counts[length];
        if (number_so_far < first + count) {
            return code->meaning(code->symbols[index + number_so_far - first]) | length;
        }
        index += count;
        first = (first + count) << 1;
        number_so_far <<= 1;
    }
    return 0;
}

static unsigned reversed(unsigned number_of_code, unsigned length)
{
    unsigned result = 0;
    for (unsigned i = 0; i < length; i++)
        result |= (number_of_code >> i & 1) << (length - 1 - i);
    return result;
}

/* All that begins with a code means its symbol. */
static void set_entries(struct kithp_code *code, unsigned at_once, unsigned number_of_code, unsigned length,
                        unsigned symbol)
{
    kithp_code_entry entry = code->meaning(symbol) | length;
    for (unsigned i = reversed(number_of_code, length); i < 1U << at_once; i += 1U << length)
        code->entries[i] = entry;
}

static void set_all_entries(struct kithp_code *code, unsigned at_once)
{
    unsigned number_of_code = 0, index = 0;
    memset(code->entries, 0, sizeof *code->entries << at_once);
    for (unsigned length = 1; length <= at_once; length++, number_of_code <<= 1)
        for (unsigned i = 0; i < code->counts[length]; i++)
            set_entries(code, at_once, number_of_code++, length, code->symbols[index++]);
}

/*
 * Of symbols by the lengths of their codes, 0 for one that has none. Returns how much of all strings of bits mean
 * something, WHOLE being all; where that is more, the code is none, and not to be used.
 */
static unsigned set_code(struct kithp_code *code, unsigned at_once, const uint8_t *lengths, unsigned count,
                         kithp_code_entry (*meaning)(unsigned symbol))
{
    uint16_t next[KITHP_CODE_LONGEST + 2] = {0};
    unsigned sum = 0;
    code->meaning = meaning;
    memset(code->counts, 0, sizeof code->counts);
    for (unsigned i = 0; i < count; i++)
        code->counts[lengths[i]]++;
    code->counts[0] = 0;
    for (unsigned length = 1; length <= KITHP_CODE_LONGEST; length++) {
        next[length + 1] = (uint16_t)(next[length] + code->counts[length]);
        sum += (unsigned)code->counts[length] << (KITHP_CODE_LONGEST - length);
    }
    if (sum > WHOLE)
        return sum;
    for (unsigned i = 0; i < count; i++)
        if (lengths[i] > 0)
            code->symbols[next[lengths[i]]++] = (uint16_t)i;
    set_all_entries(code, at_once);
    return sum;
}

/* ---- the codes of a block ---- */

static bool set_codes(struct kithp_codes *codes, const uint8_t *lengths, unsigned literals, unsigned distances)
{
    enum { ONE = WHOLE / 2 };
    if (set_code(&codes->literals, KITHP_CODES_LITERALS, lengths, literals, literal_of) != WHOLE)
        return false;
    unsigned sum = set_code(&codes->distances, KITHP_CODES_DISTANCES, lengths + literals, distances, distance_of);
    return sum == WHOLE || sum == 0 || (sum == ONE && codes->distances.counts[1] == 1);
}

void kithp_codes_set_fixed(struct kithp_codes *codes)
{
    enum { DISTANCES = 32, DISTANCE_LENGTH = 5 };
    static const struct {
        unsigned end;
        uint8_t length;
    } ranges[] = {{144, 8}, {256, 9}, {280, 7}, {KITHP_CODE_SYMBOLS, 8}};
    uint8_t lengths[KITHP_CODE_SYMBOLS + DISTANCES];
    unsigned at = 0;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        while (at < ranges[i].end)
            lengths[at++] = ranges[i].length;
    memset(lengths + at, DISTANCE_LENGTH, DISTANCES);
    set_codes(codes, lengths, KITHP_CODE_SYMBOLS, DISTANCES);
}

static bool read_lengths_code(struct kithp_codes *codes, const unsigned char *bytes, uint64_t *bit, unsigned count)
{
    enum { SYMBOLS = 19 };
    static const uint8_t order[SYMBOLS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[SYMBOLS] = {0};
    uint64_t bits = kithp_deflate_bits(bytes, *bit);
    for (unsigned i = 0; i < count; i++)
        lengths[order[i]] = (uint8_t)kithp_deflate_take(&bits, KITHP_DEFLATE_LENGTH);
    *bit += (uint64_t)count * KITHP_DEFLATE_LENGTH;
    return set_code(&codes->lengths, KITHP_CODES_LENGTHS, lengths, SYMBOLS, itself) == WHOLE;
}

/* How often a length comes, or the one before, or none (3.2.7). */
static unsigned take_repeat(unsigned symbol, uint64_t *bits, uint64_t *bit)
{
    enum { BEFORE = 16 };
    static const struct {
        uint8_t least, more;
    } repeats[] = {{3, 2}, {3, 3}, {11, 7}};
    if (symbol < BEFORE)
        return 1;
    *bit += repeats[symbol - BEFORE].more;
    return repeats[symbol - BEFORE].least + kithp_deflate_take(bits, repeats[symbol - BEFORE].more);
}

static bool read_lengths(const struct kithp_codes *codes, const unsigned char *bytes, uint64_t *bit, uint64_t end,
                         uint8_t *lengths, unsigned count)
{
    enum { BEFORE = 16 };
    for (unsigned at = 0; at < count;) {
        if (*bit > end)
            return false;
        uint64_t bits = kithp_deflate_bits(bytes, *bit);
        kithp_code_entry entry = kithp_code_find(&codes->lengths, bits, KITHP_CODES_LENGTHS);
        bits >>= kithp_code_length(entry);
        *bit += kithp_code_length(entry);
        unsigned repeat = take_repeat(kithp_code_value(entry), &bits, bit);
        if (repeat > count - at || (kithp_code_value(entry) == BEFORE && at == 0))
            return false;
        uint8_t length = kithp_code_value(entry) == BEFORE  ? lengths[at - 1]
                         : kithp_code_value(entry) < BEFORE ? (uint8_t)kithp_code_value(entry)
                                                            : 0;
        memset(lengths + at, length, repeat);
        at += repeat;
    }
    return *bit <= end;
}

bool kithp_codes_read(struct kithp_codes *codes, const unsigned char *bytes, uint64_t *bit, uint64_t end)
{
    enum { LENGTHS_LEAST = 4 };
    uint8_t lengths[LITERALS_MOST + DISTANCES_MOST] = {0};
    uint64_t bits = kithp_deflate_bits(bytes, *bit);
    unsigned literals = kithp_deflate_take(&bits, KITHP_DEFLATE_LITERALS) + LITERALS_LEAST;
    unsigned distances = kithp_deflate_take(&bits, KITHP_DEFLATE_DISTANCES) + DISTANCES_LEAST;
    unsigned count = kithp_deflate_take(&bits, KITHP_DEFLATE_LENGTHS) + LENGTHS_LEAST;
    *bit += KITHP_DEFLATE_LITERALS + KITHP_DEFLATE_DISTANCES + KITHP_DEFLATE_LENGTHS;
    return literals <= LITERALS_MOST && distances <= DISTANCES_MOST && read_lengths_code(codes, bytes, bit, count) &&
           read_lengths(codes, bytes, bit, end, lengths, literals + distances) && lengths[END] > 0 &&
           set_codes(codes, lengths, literals, distances);
}
