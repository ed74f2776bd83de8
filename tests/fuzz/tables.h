/* SPDX-License-Identifier: MIT */
/* A table, looked at in every way that there is: columns, rows, CSV, Arrow. All must say the same. */
#ifndef KITH_TESTS_FUZZ_TABLES_H
#define KITH_TESTS_FUZZ_TABLES_H

#include <kith/arrow.h>

#include "fuzz.h"

/* As a cell of CSV has it, but for quotes. */
struct fuzz_made fuzz_cell(const kith_column *column, uint64_t row);

/* Its CSV, read by a slow reader, has the cells above. For a spreadsheet, no cell begins a formula. */
void fuzz_check_csv(const kith_table *table);
void fuzz_check_spreadsheet(const kith_table *table);

/* Its Arrow stream has the values of its columns; where text may be any bytes, those are not looked at. */
void fuzz_check_arrow(const kith_table *table, bool any_bytes);

#endif
