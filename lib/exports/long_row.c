/* SPDX-License-Identifier: MIT */
#include "exports/long_row.h"

#include <string.h>

kith_text kithp_long_row_cut(kith_text text)
{
    return (kith_text){text.data, text.length < KITHP_ROW_BEGINNING ? text.length : KITHP_ROW_BEGINNING};
}

void kithp_long_row_begin(struct kithp_long_row *row, uint64_t line, kith_text text)
{
    kith_text beginning = kithp_long_row_cut(text);
    row->is_open = true;
    row->line = line;
    row->length = (size_t)beginning.length;
    memcpy(row->beginning, beginning.data, row->length);
}

bool kithp_long_row_end(struct kithp_long_row *row, struct kithp_arena *arena, kith_text *text)
{
    char *kept = (char *)kithp_arena_take(arena, row->length);
    if (!kept)
        return false;
    memcpy(kept, row->beginning, row->length);
    *text = (kith_text){kept, row->length};
    row->is_open = false;
    return true;
}
