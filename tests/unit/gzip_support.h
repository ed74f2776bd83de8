/* SPDX-License-Identifier: MIT */
/* Files of gzip for tests. */
#ifndef KITH_TESTS_GZIP_SUPPORT_H
#define KITH_TESTS_GZIP_SUPPORT_H

#include <zlib.h>

#include "support.h"

/* Adds a member to what was gathered, as zlib writes it; with a header of its own where one is given. */
void gather_gzip(struct gathered *gathered, const void *text, size_t length, int level, int strategy,
                 gz_header *header);

#endif
