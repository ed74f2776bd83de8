/* SPDX-License-Identifier: MIT */
/* A second reader of CSV, a byte at a time and straight from docs/formats.md, whose events are added one by one. */
#ifndef KITH_TESTS_FUZZ_SLOW_CSV_H
#define KITH_TESTS_FUZZ_SLOW_CSV_H

#include "reading.h"

/* Aborts where an export of the usual columns came to anything else. It says nothing of one that could not be read. */
void fuzz_check_slowly(const struct fuzz_export *input, const struct fuzz_outcome *outcome);

/* Whether a text is taken for JSON where no delimiter is given. */
bool fuzz_is_other(kith_text text);

#endif
