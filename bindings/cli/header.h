/* SPDX-License-Identifier: MIT */
/* The header of an export, looked at for a column that may have been meant for a field and was not read. */
#ifndef KITH_CLI_HEADER_H
#define KITH_CLI_HEADER_H

#include "run.h"

/*
 * A kith_header_fn whose context is the export's input: keeps what is to be said of unused columns that resemble the
 * name of a field that may be missing, and is.
 */
int cli_header_take(void *context, const kith_text *columns, uint64_t count);

/* Says it on standard error, once the export has been read; not once more if it was said of the export before. */
void cli_header_note(struct cli_input *input);

#endif
