/* SPDX-License-Identifier: MIT */
/* What tests of inspections share: texts that are looked at, and what was found as one line. */
#ifndef KITH_TESTS_INSPECT_SUPPORT_H
#define KITH_TESTS_INSPECT_SUPPORT_H

#include "engine_support.h"

/* Looks at a text, as much at a time as reading gives; name may be NULL. Returns what the call did. */
kith_status inspect_text(kith_inspection *inspection, kith_text text, const char *name, kith_error *error);

kith_inspection *new_inspection(const kith_allocator *allocator);
kith_inspection_info info_of(const kith_inspection *inspection);

/* "csv ; 3 rows | time=created_at (ISO 8601) member=user kind=type": to be freed. */
char *summary_of(const kith_inspection *inspection);

/* The description that was guessed. */
struct gathered description_of(const kith_inspection *inspection);

#endif
