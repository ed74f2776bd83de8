/* SPDX-License-Identifier: MIT */
/* Runs of bytes: UTF-8, comparison, and copies that are fit to be shown. */
#ifndef KITHP_BASE_TEXT_H
#define KITHP_BASE_TEXT_H

#include <stdbool.h>

#include <kith/kith.h>

/* A constant's text, without counting at run time. */
#define KITHP_TEXT(literal) ((kith_text){(literal), sizeof(literal) - 1})

bool kithp_text_equal(kith_text a, kith_text b);

/* Less than, equal to or greater than 0, by bytes; a text comes before those that go on from it. */
int kithp_text_compare(kith_text a, kith_text b);

/* Well-formed UTF-8 by Unicode's table 3-7: no overlong form, no surrogate, nothing past U+10FFFF. */
bool kithp_text_is_utf8(kith_text text);

/* Bytes of the well-formed character at the start of text; 0 where there is none. */
size_t kithp_text_character(kith_text text);

/* Whether a byte is white space within a line: space or tab. */
bool kithp_text_is_blank(char byte);

/* Less the blanks at either end. */
kith_text kithp_text_trim(kith_text text);

/*
 * Copies text into NUL-terminated out, cut at a whole character where it is too long. What cannot be shown (control
 * characters, bytes that are not UTF-8) becomes '?'.
 */
void kithp_text_copy_clean(char *out, size_t capacity, kith_text text);

/* Puts '?' in place of each byte that is no part of well-formed UTF-8. */
void kithp_text_make_utf8(char *text, size_t length);

/* Cuts an incomplete character off the end of a NUL-terminated text. */
void kithp_text_trim_partial(char *text);

#endif
