/* SPDX-License-Identifier: MIT */
/* Inflating and checksums, by the libraries that there are for it. */
#ifndef KITHP_EXPORTS_INFLATE_H
#define KITHP_EXPORTS_INFLATE_H

#include <stdbool.h>

#include <kith/kith.h>

/* ISA-L is several times as fast, but not everywhere; the library is built with it where it is found. */
enum kithp_inflate_way { KITHP_INFLATE_ZLIB, KITHP_INFLATE_ISAL, KITHP_INFLATE_WAYS };

bool kithp_inflate_can(enum kithp_inflate_way way);
enum kithp_inflate_way kithp_inflate_best(void);

/*
 * What is read and written. A library may have read ahead: when it comes to the end of the data, `in` may point to up
 * to KITHP_INFLATE_BACK bytes before where it was set, which must still be there.
 */
struct kithp_inflater {
    enum kithp_inflate_way way;
    const kith_allocator *allocator;
    void *state; /* the library's own; NULL where there is none */
    const unsigned char *in;
    size_t in_length;
    unsigned char *out;
    size_t out_room;
};

enum { KITHP_INFLATE_BACK = 8 };

/* Ready for data without header or trailer. False where there is no memory. */
bool kithp_inflater_init(struct kithp_inflater *inflater, const kith_allocator *allocator, enum kithp_inflate_way way);
void kithp_inflater_free(struct kithp_inflater *inflater);

/* Ready for other data. */
void kithp_inflater_reset(struct kithp_inflater *inflater);

/*
 * Deflated text refers to so many bytes before it at most (RFC 1951): whoever has them can begin where a block does,
 * and not at the beginning alone.
 */
enum { KITHP_INFLATE_WINDOW = 1 << 15 };

/*
 * Ready for the blocks that begin with so many bits, 0 to 7 and the lowest first, as if the window had been given.
 * False where there is no memory, which one that has inflated before does not come to.
 */
bool kithp_inflater_begin_block(struct kithp_inflater *inflater, const unsigned char window[KITHP_INFLATE_WINDOW],
                                unsigned bits, unsigned count);

/*
 * Whether it has come to the end of a block behind which there is another, once it has read all that it was given and
 * there was room left. *unread is then how many bits of that come behind.
 */
bool kithp_inflater_is_between(const struct kithp_inflater *inflater, unsigned *unread);

enum kithp_inflated { KITHP_INFLATED_SOME, KITHP_INFLATED_ALL, KITHP_INFLATED_DAMAGED, KITHP_INFLATED_NO_MEMORY };

/* Goes on until there is no more to read, or no more room. */
enum kithp_inflated kithp_inflater_run(struct kithp_inflater *inflater);

/* CRC-32 as gzip has it, going on from that of what lies before, which is 0 of nothing. */
uint32_t kithp_inflate_checksum(enum kithp_inflate_way way, uint32_t before, const void *bytes, size_t length);

/* ---- what inflate.c chooses from; inflate_isal.c is there where ISA-L is. The state is freed by inflate.c ---- */

bool kithp_inflate_zlib_init(struct kithp_inflater *inflater);
void kithp_inflate_zlib_free(struct kithp_inflater *inflater);
void kithp_inflate_zlib_reset(struct kithp_inflater *inflater);
bool kithp_inflate_zlib_begin_block(struct kithp_inflater *inflater, const unsigned char *window, unsigned bits,
                                    unsigned count);
bool kithp_inflate_zlib_is_between(const struct kithp_inflater *inflater, unsigned *unread);
enum kithp_inflated kithp_inflate_zlib_run(struct kithp_inflater *inflater);
uint32_t kithp_inflate_zlib_checksum(uint32_t before, const void *bytes, size_t length);

bool kithp_inflate_isal_init(struct kithp_inflater *inflater);
void kithp_inflate_isal_free(struct kithp_inflater *inflater);
void kithp_inflate_isal_reset(struct kithp_inflater *inflater);
bool kithp_inflate_isal_begin_block(struct kithp_inflater *inflater, const unsigned char *window, unsigned bits,
                                    unsigned count);
bool kithp_inflate_isal_is_between(const struct kithp_inflater *inflater, unsigned *unread);
enum kithp_inflated kithp_inflate_isal_run(struct kithp_inflater *inflater);
uint32_t kithp_inflate_isal_checksum(uint32_t before, const void *bytes, size_t length);

#endif
