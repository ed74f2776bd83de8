/* SPDX-License-Identifier: MIT */
/* Texts in double quotes, as JSON writes its strings: a few in a file that a person wrote. */
#ifndef KITHP_BASE_QUOTED_H
#define KITHP_BASE_QUOTED_H

#include <stdbool.h>

#include <kith/kith.h>

struct kithp_quoted {
    size_t taken;      /* bytes that were read, the quotes among them; where there is a fault, those before it */
    size_t length;     /* of what is meant */
    const char *words; /* what was expected; a constant */
};

/*
 * Reads what stands in quotes at the beginning of a text, which begins with one. What is meant goes to out, which needs
 * as much room as the text has, and may hold any character, NUL among them. False where there is a fault.
 */
bool kithp_quoted_read(kith_text text, char *out, struct kithp_quoted *quoted);

#endif
