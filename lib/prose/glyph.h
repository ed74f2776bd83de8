/* SPDX-License-Identifier: MIT */
/* Characters of text that strangers wrote, made fit for a terminal: none moves the cursor or hides what follows. */
#ifndef KITHP_PROSE_GLYPH_H
#define KITHP_PROSE_GLYPH_H

#include <kith/kith.h>

/* A character as it is shown: its bytes and how many columns it takes. */
struct kithp_glyph {
    char bytes[16];
    size_t length;
    size_t columns;
};

/*
 * Takes the character at the start of text, which is not empty. Control characters are shown as "\x1b" or "\u202e", and
 * a byte that is not UTF-8 as U+FFFD.
 */
void kithp_glyph_take(kith_text *text, struct kithp_glyph *glyph);

/* Columns of all characters of a text. */
uint64_t kithp_glyph_columns(kith_text text);

#endif
