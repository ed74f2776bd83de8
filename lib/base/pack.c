/* SPDX-License-Identifier: MIT */
#include "base/pack.h"

#include <string.h>

#include "base/alloc.h"
#include "base/calendar.h"

enum { FIRST_ROOM = 4096 };

/* ---- to bytes ---- */

void kithp_packer_init(struct kithp_packer *packer, const kith_allocator *allocator)
{
    *packer = (struct kithp_packer){.allocator = allocator};
}

void kithp_packer_free(struct kithp_packer *packer)
{
    kithp_alloc_free(packer->allocator, packer->bytes);
    kithp_packer_init(packer, packer->allocator);
}

/* Where to write up to `most` bytes, or NULL. */
static unsigned char *room(struct kithp_packer *packer, size_t most)
{
    if (packer->failed)
        return NULL;
    if (packer->capacity - packer->used < most) {
        size_t needed = packer->used + most;
        if (!kithp_alloc_grow(packer->allocator, (void **)&packer->bytes, &packer->capacity,
                              needed < FIRST_ROOM ? FIRST_ROOM : needed, 1)) {
            packer->failed = true;
            return NULL;
        }
    }
    return packer->bytes + packer->used;
}

static void set_end(struct kithp_packer *packer, const unsigned char *end)
{
    packer->used = (size_t)(end - packer->bytes);
}

void kithp_pack_number(struct kithp_packer *packer, uint64_t number)
{
    unsigned char *out = room(packer, KITHP_NUMBER_MOST);
    if (out)
        set_end(packer, kithp_pack_put(out, number));
}

void kithp_pack_signed(struct kithp_packer *packer, int64_t number)
{
    uint64_t folded = (uint64_t)number << 1;
    kithp_pack_number(packer, number < 0 ? ~folded : folded);
}

void kithp_pack_time(struct kithp_packer *packer, int64_t time)
{
    kithp_pack_number(packer, time == KITH_NO_TIME ? 0 : (uint64_t)time + 1);
}

void kithp_pack_bytes(struct kithp_packer *packer, const void *bytes, size_t length)
{
    unsigned char *out = room(packer, length);
    if (!out || length == 0)
        return;
    memcpy(out, bytes, length);
    packer->used += length;
}

/* Unaligned on purpose: a column is an offset into any struct. */
#define PUT_COLUMN(type)                                                                                               \
    for (size_t i = 0; i < count; i++, item += item_size) {                                                            \
        type value;                                                                                                    \
        memcpy(&value, item, sizeof value);                                                                            \
        out = kithp_pack_put(out, value);                                                                              \
    }

static unsigned char *put_column(unsigned char *out, unsigned size, const unsigned char *item, size_t item_size,
                                 size_t count)
{
    switch (size) {
    case 1:
        PUT_COLUMN(uint8_t)
        break;
    case 2:
        PUT_COLUMN(uint16_t)
        break;
    case 4:
        PUT_COLUMN(uint32_t)
        break;
    default:
        PUT_COLUMN(uint64_t)
        break;
    }
    return out;
}

void kithp_pack_columns(struct kithp_packer *packer, const struct kithp_pack_field *columns, size_t column_count,
                        const void *items, size_t item_size, size_t count)
{
    for (size_t i = 0; i < column_count; i++) {
        unsigned char *out = room(packer, count * KITHP_NUMBER_MOST);
        if (!out)
            return;
        const unsigned char *first = (const unsigned char *)items + columns[i].offset;
        set_end(packer, put_column(out, columns[i].size, first, item_size, count));
    }
}

/* ---- from bytes ---- */

struct kithp_unpacker kithp_unpacker_of(const unsigned char *bytes, size_t length)
{
    return (struct kithp_unpacker){bytes, bytes, bytes + length, NULL};
}

void kithp_unpack_fault(struct kithp_unpacker *unpacker, const char *expected)
{
    if (!unpacker->fault)
        unpacker->fault = expected;
}

static uint64_t get(struct kithp_unpacker *unpacker)
{
    if (unpacker->fault)
        return 0;
    /* Most are of one byte. */
    if (unpacker->at < unpacker->end && *unpacker->at < 0x80)
        return *unpacker->at++;
    uint64_t number = 0;
    for (unsigned shift = 0; unpacker->at < unpacker->end; shift += 7) {
        unsigned char byte = *unpacker->at++;
        /* The tenth byte has one bit left; a last byte of 0 would be a second way to write a number. */
        if (shift == 63 && byte > 1)
            break;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte & 0x80)
            continue;
        if (byte == 0 && shift > 0)
            break;
        return number;
    }
    kithp_unpack_fault(unpacker, "expected a number");
    return 0;
}

uint64_t kithp_unpack_number(struct kithp_unpacker *unpacker, uint64_t most, const char *expected)
{
    uint64_t number = get(unpacker);
    if (number <= most)
        return number;
    kithp_unpack_fault(unpacker, expected);
    return 0;
}

int64_t kithp_unpack_signed(struct kithp_unpacker *unpacker)
{
    uint64_t folded = get(unpacker);
    uint64_t magnitude = folded >> 1;
    return folded & 1 ? -(int64_t)magnitude - 1 : (int64_t)magnitude;
}

bool kithp_unpack_flag(struct kithp_unpacker *unpacker)
{
    return kithp_unpack_number(unpacker, 1, "expected 0 or 1") != 0;
}

int64_t kithp_unpack_time(struct kithp_unpacker *unpacker)
{
    uint64_t number =
        kithp_unpack_number(unpacker, (uint64_t)KITHP_TIME_MOST + 1, "expected a time up to the year 9998");
    return number == 0 ? KITH_NO_TIME : (int64_t)number - 1;
}

const unsigned char *kithp_unpack_bytes(struct kithp_unpacker *unpacker, size_t length)
{
    if (unpacker->fault)
        return NULL;
    if ((size_t)(unpacker->end - unpacker->at) < length) {
        kithp_unpack_fault(unpacker, "expected more bytes");
        return NULL;
    }
    const unsigned char *bytes = unpacker->at;
    unpacker->at += length;
    return bytes;
}

#define GET_COLUMN(type, most)                                                                                         \
    for (size_t i = 0; i < count; i++, item += item_size) {                                                            \
        type value = (type)kithp_unpack_number(unpacker, most, "expected a smaller number");                           \
        memcpy(item, &value, sizeof value);                                                                            \
    }

static void get_column(struct kithp_unpacker *unpacker, unsigned size, unsigned char *item, size_t item_size,
                       size_t count)
{
    switch (size) {
    case 1:
        GET_COLUMN(uint8_t, UINT8_MAX)
        break;
    case 2:
        GET_COLUMN(uint16_t, UINT16_MAX)
        break;
    case 4:
        GET_COLUMN(uint32_t, UINT32_MAX)
        break;
    default:
        GET_COLUMN(uint64_t, UINT64_MAX)
        break;
    }
}

void kithp_unpack_columns(struct kithp_unpacker *unpacker, const struct kithp_pack_field *columns, size_t column_count,
                          void *items, size_t item_size, size_t count)
{
    for (size_t i = 0; i < column_count && !unpacker->fault; i++)
        get_column(unpacker, columns[i].size, (unsigned char *)items + columns[i].offset, item_size, count);
}

bool kithp_unpack_end(struct kithp_unpacker *unpacker)
{
    if (!unpacker->fault && unpacker->at < unpacker->end)
        unpacker->fault = "expected no more bytes";
    return !unpacker->fault;
}
