/* SPDX-License-Identifier: MIT */
/* What writing and reading parts have in common: how zlib is used. */
#ifndef KITHP_SNAPSHOT_ZLIB_H
#define KITHP_SNAPSHOT_ZLIB_H

#include <zlib.h>

#include <kith/kith.h>

/* The largest window, without header and trailer: parts have checksums of their own. */
enum { KITHP_ZLIB_RAW = -15, KITHP_SNAPSHOT_MAGIC = 8 };

/* How a snapshot begins. A transfer that takes it for text, or drops the eighth bit, cannot leave it whole. */
extern const unsigned char kithp_snapshot_magic[KITHP_SNAPSHOT_MAGIC];

void kithp_zlib_set_allocator(z_stream *stream, const kith_allocator *allocator);

/* CRC-32, going on from that of what lies before. */
uint32_t kithp_zlib_checksum(uint32_t before, const unsigned char *bytes, size_t length);

#endif
