/* SPDX-License-Identifier: MIT */
/*
 * Values as the bytes of a snapshot, and back. Numbers are LEB128: seven bits a byte, the lowest first, the eighth bit
 * set on all but the last; signed ones are folded first (0, -1, 1, -2 …). docs/snapshot.md describes it.
 */
#ifndef KITHP_BASE_PACK_H
#define KITHP_BASE_PACK_H

#include <stdbool.h>

#include <kith/kith.h>

enum { KITHP_NUMBER_MOST = 10 }; /* bytes of the largest number */

/* A field that is written item by item, before the next field is: an unsigned integer of 1, 2, 4 or 8 bytes. */
struct kithp_pack_field {
    uint16_t offset;
    uint8_t size;
};

#define KITHP_PACK_FIELD(type, field)                                                                                  \
    {                                                                                                                  \
        offsetof(struct type, field), sizeof(((struct type *)0)->field)                                                \
    }

/* ---- to bytes ---- */

/* Writes a number where there is room for KITHP_NUMBER_MOST bytes, and returns where it ends. */
static inline unsigned char *kithp_pack_put(unsigned char *out, uint64_t number)
{
    while (number >= 0x80) {
        *out++ = (unsigned char)(number | 0x80);
        number >>= 7;
    }
    *out++ = (unsigned char)number;
    return out;
}

struct kithp_packer {
    const kith_allocator *allocator;
    unsigned char *bytes;
    size_t used;
    size_t capacity;
    bool failed; /* there was no memory; all that follows is dropped */
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_packer_init(struct kithp_packer *packer, const kith_allocator *allocator);
void kithp_packer_free(struct kithp_packer *packer);

void kithp_pack_number(struct kithp_packer *packer, uint64_t number);
void kithp_pack_signed(struct kithp_packer *packer, int64_t number);
void kithp_pack_bytes(struct kithp_packer *packer, const void *bytes, size_t length);

/* A moment: its second plus one, or 0 for KITH_NO_TIME. */
void kithp_pack_time(struct kithp_packer *packer, int64_t time);

void kithp_pack_columns(struct kithp_packer *packer, const struct kithp_pack_field *columns, size_t column_count,
                        const void *items, size_t item_size, size_t count);

/* ---- from bytes ---- */

/* A number that kithp_pack_put() wrote: for bytes that cannot be others. */
static inline uint64_t kithp_unpack_put(const unsigned char **at)
{
    const unsigned char *in = *at;
    uint64_t number = *in++;
    if (number >= 0x80) {
        number &= 0x7F;
        for (unsigned shift = 7;; shift += 7) {
            unsigned char byte = *in++;
            number |= (uint64_t)(byte & 0x7F) << shift;
            if (byte < 0x80)
                break;
        }
    }
    *at = in;
    return number;
}

/* After the first fault, all that is read is 0. */
struct kithp_unpacker {
    const unsigned char *begin;
    const unsigned char *at;
    const unsigned char *end;
    const char *fault; /* what was expected, or NULL; a constant */
};

struct kithp_unpacker kithp_unpacker_of(const unsigned char *bytes, size_t length);

/* Notes a fault, unless there was one before. */
void kithp_unpack_fault(struct kithp_unpacker *unpacker, const char *expected);

/* A number up to `most`; else a fault that says what was expected. */
uint64_t kithp_unpack_number(struct kithp_unpacker *unpacker, uint64_t most, const char *expected);
int64_t kithp_unpack_signed(struct kithp_unpacker *unpacker);
bool kithp_unpack_flag(struct kithp_unpacker *unpacker);

/* So many bytes where they lie; NULL where there are fewer. */
const unsigned char *kithp_unpack_bytes(struct kithp_unpacker *unpacker, size_t length);

/* Up to KITHP_TIME_MOST, or KITH_NO_TIME. */
int64_t kithp_unpack_time(struct kithp_unpacker *unpacker);

void kithp_unpack_columns(struct kithp_unpacker *unpacker, const struct kithp_pack_field *columns, size_t column_count,
                          void *items, size_t item_size, size_t count);

/* Whether all was read, without a fault; bytes that are left are one. */
bool kithp_unpack_end(struct kithp_unpacker *unpacker);

#endif
