/* SPDX-License-Identifier: MIT */
/* Rows that are longer than rows may be: passed over as they come, with nothing kept but their beginning. */
#ifndef KITHP_EXPORTS_LONG_ROW_H
#define KITHP_EXPORTS_LONG_ROW_H

#include <stdbool.h>

#include "base/arena.h"

enum {
    KITHP_ROW_MOST = 1 << 24,      /* bytes of a row, less its line end, where nobody asks for another limit */
    KITHP_ROW_BEGINNING = 1 << 12, /* of one that is longer, what is told of it */
};

/* A row that is too long, until its end is found. */
struct kithp_long_row {
    bool is_open;
    uint64_t line; /* on which it starts */
    size_t length;
    char beginning[KITHP_ROW_BEGINNING];
};

/* Of what is told of a row, be it too long or not, as much as is told of one that is. */
kith_text kithp_long_row_cut(kith_text text);

/* The text begins with the row, and is at least as long as rows may be. */
void kithp_long_row_begin(struct kithp_long_row *row, uint64_t line, kith_text text);

/* Its end was found: its beginning is put where it lasts. False where there is no memory: it is open still. */
bool kithp_long_row_end(struct kithp_long_row *row, struct kithp_arena *arena, kith_text *text);

#endif
