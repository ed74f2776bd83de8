/* SPDX-License-Identifier: MIT */
#include "exports/gzip.h"

enum flag { CHECKSUM = 0x02, EXTRA = 0x04, NAME = 0x08, COMMENT = 0x10, UNKNOWN = 0xE0 };
enum { DEFLATED = 8 };

static void begin_part(struct kithp_gzip *gzip, enum kithp_gzip_part part)
{
    gzip->part = part;
    gzip->done = 0;
    gzip->number = 0;
}

static void begin_member(struct kithp_gzip *gzip)
{
    begin_part(gzip, KITHP_GZIP_FIXED);
    gzip->header_checksum = 0;
}

bool kithp_gzip_init(struct kithp_gzip *gzip, const kith_allocator *allocator, enum kithp_inflate_way way)
{
    *gzip = (struct kithp_gzip){.fault = NULL};
    begin_member(gzip);
    return kithp_inflater_init(&gzip->inflater, allocator, way);
}

void kithp_gzip_free(struct kithp_gzip *gzip)
{
    kithp_inflater_free(&gzip->inflater);
}

static bool fail(struct kithp_gzip *gzip, const char *fault)
{
    gzip->fault = fault;
    return false;
}

/* ---- the header ---- */

static void begin_text(struct kithp_gzip *gzip)
{
    begin_part(gzip, KITHP_GZIP_TEXT);
    kithp_inflater_reset(&gzip->inflater);
}

/* Goes on to the first part from `part` on that the header has. */
static void begin_header_part(struct kithp_gzip *gzip, enum kithp_gzip_part part)
{
    static const struct {
        enum kithp_gzip_part part;
        enum flag flag;
    } parts[] = {
        {KITHP_GZIP_EXTRA_LENGTH, EXTRA},
        {KITHP_GZIP_NAME, NAME},
        {KITHP_GZIP_COMMENT, COMMENT},
        {KITHP_GZIP_HEADER_CHECKSUM, CHECKSUM},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].part >= part && gzip->flags & parts[i].flag) {
            begin_part(gzip, parts[i].part);
            return;
        }
    }
    begin_text(gzip);
}

/* Of what all headers have: magic, method, flags, then time, speed and system, which do not matter. */
static bool take_fixed(struct kithp_gzip *gzip, unsigned char byte)
{
    enum { METHOD = 2, FLAGS = 3, FIXED_LENGTH = 10 };
    static const unsigned char magic[] = {0x1F, 0x8B};
    uint32_t at = gzip->done++;
    if (at < sizeof magic && byte != magic[at])
        return fail(gzip, "incorrect header");
    if (at == METHOD && byte != DEFLATED)
        return fail(gzip, "unknown compression method");
    if (at == FLAGS)
        gzip->flags = byte;
    if (at == FLAGS && byte & UNKNOWN)
        return fail(gzip, "unknown header flags");
    if (gzip->done == FIXED_LENGTH)
        begin_header_part(gzip, KITHP_GZIP_EXTRA_LENGTH);
    return true;
}

static uint32_t number_with(const struct kithp_gzip *gzip, unsigned char byte)
{
    return gzip->number | (uint32_t)byte << (8 * (gzip->done % 4));
}

static bool take_extra_length(struct kithp_gzip *gzip, unsigned char byte)
{
    gzip->number = number_with(gzip, byte);
    if (++gzip->done < 2)
        return true;
    gzip->extra_length = gzip->number;
    if (gzip->extra_length > 0)
        begin_part(gzip, KITHP_GZIP_EXTRA);
    else
        begin_header_part(gzip, KITHP_GZIP_NAME);
    return true;
}

static bool take_header_checksum(struct kithp_gzip *gzip, unsigned char byte)
{
    gzip->number = number_with(gzip, byte);
    if (++gzip->done < 2)
        return true;
    if (gzip->number != (gzip->header_checksum & 0xFFFF))
        return fail(gzip, "incorrect checksum of the header");
    begin_text(gzip);
    return true;
}

static bool take_header_byte(struct kithp_gzip *gzip, unsigned char byte)
{
    if (gzip->part == KITHP_GZIP_HEADER_CHECKSUM)
        return take_header_checksum(gzip, byte);
    gzip->header_checksum = kithp_inflate_checksum(gzip->inflater.way, gzip->header_checksum, &byte, 1);
    switch (gzip->part) {
    case KITHP_GZIP_EXTRA_LENGTH:
        return take_extra_length(gzip, byte);
    case KITHP_GZIP_EXTRA:
        if (++gzip->done == gzip->extra_length)
            begin_header_part(gzip, KITHP_GZIP_NAME);
        return true;
    case KITHP_GZIP_NAME:
        if (byte == 0)
            begin_header_part(gzip, KITHP_GZIP_COMMENT);
        return true;
    case KITHP_GZIP_COMMENT:
        if (byte == 0)
            begin_header_part(gzip, KITHP_GZIP_HEADER_CHECKSUM);
        return true;
    default:
        return take_fixed(gzip, byte);
    }
}

/* ---- the trailer ---- */

static enum kithp_gzip_outcome take_trailer_byte(struct kithp_gzip *gzip, unsigned char byte)
{
    gzip->number = number_with(gzip, byte);
    if (++gzip->done % 4 > 0)
        return KITHP_GZIP_FINE;
    uint32_t number = gzip->number;
    gzip->number = 0;
    if (gzip->done == 4) {
        gzip->told.checksum = number;
        return KITHP_GZIP_FINE;
    }
    gzip->told.length = number;
    begin_part(gzip, KITHP_GZIP_BETWEEN);
    return KITHP_GZIP_ENDED;
}

void kithp_gzip_add(struct kithp_gzip_sum *sum, enum kithp_inflate_way way, const void *text, size_t length)
{
    sum->checksum = kithp_inflate_checksum(way, sum->checksum, text, length);
    sum->length += (uint32_t)length;
}

const char *kithp_gzip_compare(const struct kithp_gzip_sum *sum, const struct kithp_gzip_sum *told)
{
    if (sum->checksum != told->checksum)
        return "incorrect checksum";
    return sum->length != told->length ? "incorrect length" : NULL;
}

/* Anything but text. */
static enum kithp_gzip_outcome take_byte(struct kithp_gzip *gzip, unsigned char byte)
{
    if (gzip->part == KITHP_GZIP_TRAILER)
        return take_trailer_byte(gzip, byte);
    if (gzip->part == KITHP_GZIP_BETWEEN) {
        /* Tapes are filled up with zeros. */
        if (byte == 0)
            return KITHP_GZIP_FINE;
        begin_member(gzip);
    }
    return take_header_byte(gzip, byte) ? KITHP_GZIP_FINE : KITHP_GZIP_DAMAGED;
}

/* ---- the text ---- */

static enum kithp_gzip_outcome take_text(struct kithp_gzip *gzip)
{
    switch (kithp_inflater_run(&gzip->inflater)) {
    case KITHP_INFLATED_ALL:
        begin_part(gzip, KITHP_GZIP_TRAILER);
        return KITHP_GZIP_FINE;
    case KITHP_INFLATED_SOME:
        return KITHP_GZIP_FINE;
    case KITHP_INFLATED_NO_MEMORY:
        return KITHP_GZIP_NO_MEMORY;
    default:
        gzip->fault = KITHP_GZIP_INVALID;
        return KITHP_GZIP_DAMAGED;
    }
}

enum kithp_gzip_outcome kithp_gzip_run(struct kithp_gzip *gzip, const unsigned char *in, size_t length,
                                       unsigned char *out, size_t room, ptrdiff_t *used, size_t *given)
{
    struct kithp_inflater *inflater = &gzip->inflater;
    inflater->in = in;
    inflater->in_length = length;
    inflater->out = out;
    inflater->out_room = room;
    enum kithp_gzip_outcome outcome = KITHP_GZIP_FINE;
    while (outcome == KITHP_GZIP_FINE && inflater->out_room > 0) {
        if (gzip->part == KITHP_GZIP_TEXT) {
            /* What it has read, it may still have text of. */
            outcome = take_text(gzip);
            if (gzip->part == KITHP_GZIP_TEXT)
                break;
        } else if (inflater->in_length == 0) {
            break;
        } else {
            inflater->in_length--;
            outcome = take_byte(gzip, *inflater->in++);
        }
    }
    *used = inflater->in - in;
    *given = (size_t)(inflater->out - out);
    return outcome;
}
