/* SPDX-License-Identifier: MIT */
/*
 * Rows as an Arrow stream, in any layout, and broken wherever one likes. Each buffer lies in memory that is as long as
 * it must be and no longer, so that a sanitizer sees what reads past it; what is broken can be seen to be so.
 */
#ifndef KITH_TESTS_FUZZ_ARROW_MADE_H
#define KITH_TESTS_FUZZ_ARROW_MADE_H

#include <kith/arrow.h>

#include "fuzz.h"

enum { ARROW_COLUMNS = 6, ARROW_ROWS = 16, ARROW_WORDS = 16 };

/* What stands in a row and column. */
struct arrow_cell {
    bool is_null;
    uint8_t word;   /* of a column of text, which one of arrow_words */
    int64_t number; /* of one of numbers */
};

extern const char *const arrow_words[ARROW_WORDS];

struct arrow_rows {
    uint32_t rows;
    bool is_there[ARROW_COLUMNS];
    bool is_text[ARROW_COLUMNS];
    struct arrow_cell cells[ARROW_ROWS][ARROW_COLUMNS];
};

/* Time, member, kind, target, quantity, id. */
extern const char *const arrow_names[ARROW_COLUMNS];

/* What is broken, and how; nothing where `what` is 0. */
struct arrow_harm {
    uint32_t what;
    uint32_t column;
    uint32_t batch;
    uint32_t item;
    uint64_t value;
    bool in_dictionary;
};

/* How they are laid out: the bits of numbers from an input. */
struct arrow_layout {
    uint8_t formats[ARROW_COLUMNS];
    uint32_t batch;  /* rows of each */
    uint32_t offset; /* items of rubbish before every array */
    struct arrow_harm harm;
};

/* A stream of rows and a layout that outlive it. */
struct ArrowArrayStream arrow_stream(const struct arrow_rows *rows, const struct arrow_layout *layout);

/* How many structs there are that have not been released. */
extern int64_t arrow_live;

#endif
