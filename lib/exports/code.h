/* SPDX-License-Identifier: MIT */
/* The Huffman codes of deflated data (RFC 1951, 3.2.2), and the two that a block has. */
#ifndef KITHP_EXPORTS_CODE_H
#define KITHP_EXPORTS_CODE_H

#include <stdbool.h>

#include "exports/deflate.h"

enum {
    KITHP_CODE_LONGEST = 15, /* bits */
    KITHP_CODE_SYMBOLS = 288,
    KITHP_CODE_AT_ONCE = 11, /* bits that are looked up, at most; what is longer, which is rare, is found otherwise */
};

/* What a symbol means: a byte, or a length or distance that begins at the value and has bits behind it to add. */
enum kithp_code_sort { KITHP_CODE_NONE, KITHP_CODE_BYTE, KITHP_CODE_NUMBER, KITHP_CODE_END };

/*
 * What bits begin with; 0 where that is nothing. From the lowest bit on: 5 of how many the code has, 4 of how many come
 * behind it that are to be added, 7 of the sort, 16 of the value. A struct would be taken apart less quickly.
 */
typedef uint32_t kithp_code_entry;

static inline kithp_code_entry kithp_code_make(enum kithp_code_sort sort, unsigned value, unsigned more)
{
    return value << 16 | (unsigned)sort << 9 | more << 5;
}

static inline unsigned kithp_code_length(kithp_code_entry entry)
{
    return entry & 31;
}

static inline unsigned kithp_code_more(kithp_code_entry entry)
{
    return entry >> 5 & 15;
}

static inline unsigned kithp_code_sort(kithp_code_entry entry)
{
    return entry >> 9 & 127;
}

static inline unsigned kithp_code_value(kithp_code_entry entry)
{
    return entry >> 16;
}

/* "At once" is how many bits entries are made for. */
struct kithp_code {
    kithp_code_entry (*meaning)(unsigned symbol);
    uint16_t counts[KITHP_CODE_LONGEST + 1];           /* symbols by length */
    uint16_t symbols[KITHP_CODE_SYMBOLS];              /* by code, the shorter ones first */
    kithp_code_entry entries[1 << KITHP_CODE_AT_ONCE]; /* by the bits that come next, the first one lowest */
};

struct kithp_codes {
    struct kithp_code lengths;   /* by which the lengths of the others are told */
    struct kithp_code literals;  /* and lengths of copies */
    struct kithp_code distances; /* of copies */
};

/* What the bits begin with, however long its code. */
kithp_code_entry kithp_code_find_any(const struct kithp_code *code, uint64_t bits);

static inline kithp_code_entry kithp_code_find(const struct kithp_code *code, uint64_t bits, unsigned at_once)
{
    kithp_code_entry entry = code->entries[bits & ((1U << at_once) - 1)];
    return kithp_code_length(entry) > 0 ? entry : kithp_code_find_any(code, bits);
}

/* How many bits are looked up at once. */
enum { KITHP_CODES_LENGTHS = 7, KITHP_CODES_LITERALS = KITHP_CODE_AT_ONCE, KITHP_CODES_DISTANCES = 9 };

/* The codes that RFC 1951 gives (3.2.6). */
void kithp_codes_set_fixed(struct kithp_codes *codes);

/*
 * The codes of a block from behind the bits that tell its sort on, which may lie up to `end`; *bit is then behind them.
 * False where there are none such, or no more whole ones than a block can need: without an end, or with strings of bits
 * that mean nothing, but for a block that has one distance or none.
 */
bool kithp_codes_read(struct kithp_codes *codes, const unsigned char *bytes, uint64_t *bit, uint64_t end);

#endif
