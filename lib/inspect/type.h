/* SPDX-License-Identifier: MIT */
/* What a single value is, by its text alone. */
#ifndef KITHP_INSPECT_TYPE_H
#define KITHP_INSPECT_TYPE_H

#include <stdbool.h>

#include <kith/kith.h>

/* KITH_TYPE_EMPTY, KITH_TYPE_BOOLEAN, KITH_TYPE_WHOLE, KITH_TYPE_NUMBER or KITH_TYPE_TEXT. */
uint32_t kithp_type_of(kith_text text);

/* The number that a text of type KITH_TYPE_WHOLE or KITH_TYPE_NUMBER begins with, less its fraction; clamped. False of
 * one with an exponent. */
bool kithp_type_read_whole(kith_text text, int64_t *number);

#endif
