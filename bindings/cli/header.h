/* SPDX-License-Identifier: MIT */
/* The header of an export, looked at for a column that may have been meant for a field and was not read. */
#ifndef KITH_CLI_HEADER_H
#define KITH_CLI_HEADER_H

#include "run.h"

/*
 * Says on standard error which unused columns of an export, which has been read, resemble the name of a field that may
 * be missing, and is. Of standard input and pipes nothing is known any more; and what was said of the export before is
 * not said again.
 */
void cli_header_note(struct cli_run *run, const struct cli_input *input);

#endif
