/* SPDX-License-Identifier: MIT */
/* Where in the text of a cell a spreadsheet finds a formula. docs/formats.md says what is done about it. */
#ifndef KITHP_TABLES_SPREADSHEET_H
#define KITHP_TABLES_SPREADSHEET_H

#include <stdbool.h>

#include <kith/kith.h>

/*
 * Which separator a spreadsheet goes by is its user's setting, and where that is another than ours, quotes within a
 * line mean nothing: so a cell may begin behind each that is in use. Whether there is one in the text; and the place
 * behind the first one from `at` on, or the length of the text.
 */
bool kithp_spreadsheet_may_split(kith_text text);
size_t kithp_spreadsheet_next(kith_text text, size_t at);

/*
 * Whether a cell that began at `at` would be taken for a formula, what a spreadsheet skips at its beginning or hides
 * there being passed over. At 0 it is the cell of the table, which is not to begin with a separator either.
 */
bool kithp_spreadsheet_is_formula(kith_text text, size_t at);

#endif
