/* SPDX-License-Identifier: MIT */
/* Small files of text, such as policies, read as a whole. */
#ifndef KITHP_BASE_FILE_H
#define KITHP_BASE_FILE_H

#include <kith/kith.h>

enum { KITHP_FILE_MOST = 1 << 20 }; /* bytes */

/*
 * Reads a file, whose text is to be freed by kithp_alloc_free(). Fails with KITH_INPUT_OUTPUT or KITH_NO_MEMORY; `what`
 * is what it is to hold, for the error, such as "a policy".
 */
kith_status kithp_file_load(const char *path, const char *what, const kith_allocator *allocator, kith_text *text,
                            kith_error *error);

#endif
