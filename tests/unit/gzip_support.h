/* SPDX-License-Identifier: MIT */
/* Files of gzip for tests. */
#ifndef KITH_TESTS_GZIP_SUPPORT_H
#define KITH_TESTS_GZIP_SUPPORT_H

#include <zlib.h>

#include "support.h"

/* Adds a member to what was gathered, as zlib writes it; with a header of its own where one is given. */
void gather_gzip(struct gathered *gathered, const void *text, size_t length, int level, int strategy,
                 gz_header *header);

/* A file with these bytes, whose path is put into `path`, to be removed by unlink(). */
void make_file(char *path, size_t room, const void *bytes, size_t length);

/* Lines much alike, as of an export: most of them is copied, from lines that were copied before. */
void invent_lines(char *text, size_t length, uint64_t luck);

struct block {
    uint64_t bit;  /* at which it begins */
    uint64_t text; /* bytes before it */
    bool is_own;   /* has codes of its own */
};

/*
 * The blocks of deflated data that begins at a byte, as zlib finds them, but for the last one. Returns how many; behind
 * them comes where the last one begins. There must be room for it, and so fewer than `most` of them.
 */
size_t find_deflated_blocks(const struct gathered *packed, size_t begin, struct block *blocks, size_t most);

#endif
