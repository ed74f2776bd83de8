/* SPDX-License-Identifier: MIT */
/* Small files, read as a whole. */
#ifndef KITHP_BASE_FILE_H
#define KITHP_BASE_FILE_H

#include <kith/kith.h>

/*
 * Reads a file of less than `capacity` bytes. Returns how many it has; -1 where it cannot, with errno set, EFBIG where
 * it has more.
 */
int64_t kithp_file_read(const char *path, char *text, size_t capacity);

#endif
