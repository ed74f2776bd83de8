/* SPDX-License-Identifier: MIT */
/* Text that strangers wrote, made fit for a terminal: nothing in it moves the cursor or hides what follows. */
#ifndef KITH_CLI_TEXT_H
#define KITH_CLI_TEXT_H

#include <stdio.h>

#include <kith/kith.h>

/* Writes text with control characters as "\x1b", and U+FFFD for each byte that is not UTF-8. */
void cli_text_print(FILE *stream, kith_text text);

/* As cli_text_print(), within so many columns: cut and ended with an ellipsis if need be. Returns how many it took. */
int cli_text_print_cut(FILE *stream, kith_text text, int columns);

/* As cli_text_print_cut(), padded with spaces. */
void cli_text_print_fitted(FILE *stream, kith_text text, int columns);

/* Columns that cli_text_print() takes. */
int cli_text_columns(kith_text text);

/*
 * Copies text into NUL-terminated out, cut at a whole character where it is too long. NUL and bytes that are not UTF-8
 * become U+FFFD, so that the copy may stand in JSON. Returns out.
 */
char *cli_text_copy_utf8(char *out, size_t capacity, kith_text text);

#endif
