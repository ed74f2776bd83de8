/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "snapshot/parts.h"
#include "snapshot/zlib.h"

static bool fail(struct kithp_parts_in *in, kith_status status)
{
    in->status = status;
    return false;
}

static struct kithp_place place_of(const struct kithp_parts_in *in)
{
    struct kithp_place place = {.file = in->file};
    if (in->part) {
        place.field = kith_text_of(in->part);
        place.column = in->offset + 1;
    }
    return place;
}

bool kithp_parts_fault(struct kithp_parts_in *in, const char *expected)
{
    struct kithp_place place = place_of(in);
    return fail(in, kithp_fail(in->error, KITH_BAD_SNAPSHOT, &place, "the snapshot is damaged: %s", expected));
}

bool kithp_parts_no_memory(struct kithp_parts_in *in)
{
    return fail(in, kithp_fail_memory(in->error));
}

static bool fail_source(struct kithp_parts_in *in, int fault)
{
    struct kithp_place place = {.file = in->file};
    if (fault == ECANCELED)
        return fail(in, kithp_fail(in->error, KITH_CANCELLED, &place, "cancelled"));
    return fail(in,
                kithp_fail(in->error, KITH_INPUT_OUTPUT, &place, "cannot be read: %s", kithp_errno_words(fault).text));
}

/* Reads so many bytes, or as many as there are. False where the source fails. */
static bool read_up_to(struct kithp_parts_in *in, unsigned char *bytes, size_t length, size_t *got)
{
    for (*got = 0; *got < length;) {
        int64_t step = in->read(in->context, bytes + *got, length - *got);
        if (step < 0)
            return fail_source(in, (int)-step);
        if (step == 0)
            break;
        *got += (size_t)step;
        in->done += (uint64_t)step;
    }
    return true;
}

static bool read_all(struct kithp_parts_in *in, unsigned char *bytes, size_t length)
{
    size_t got;
    if (!read_up_to(in, bytes, length, &got))
        return false;
    return got == length || kithp_parts_fault(in, "it ends too early");
}

static uint32_t word_at(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static bool check_header(struct kithp_parts_in *in, const unsigned char *header, size_t length)
{
    struct kithp_place place = {.file = in->file};
    size_t known = length < KITHP_SNAPSHOT_MAGIC ? length : KITHP_SNAPSHOT_MAGIC;
    if (length == 0 || memcmp(header, kithp_snapshot_magic, known) != 0)
        return fail(in, kithp_fail(in->error, KITH_BAD_SNAPSHOT, &place,
                                   length == 0 ? "is empty, not a snapshot" : "is not a snapshot"));
    if (length < KITHP_SNAPSHOT_HEADER)
        return kithp_parts_fault(in, "it ends too early");
    in->chain = kithp_zlib_checksum(0, header, KITHP_SNAPSHOT_MAGIC + 4);
    if (in->chain != word_at(header + KITHP_SNAPSHOT_MAGIC + 4))
        return kithp_parts_fault(in, "the checksum of its header does not fit");
    uint32_t form = word_at(header + KITHP_SNAPSHOT_MAGIC);
    if (form > KITHP_SNAPSHOT_FORM)
        return fail(in, kithp_fail(in->error, KITH_NEWER_SNAPSHOT, &place,
                                   "is of form %u, and kith %s reads up to form %d: load it with a later version of "
                                   "kith, such as the one that wrote it",
                                   form, kith_version(), KITHP_SNAPSHOT_FORM));
    return form > 0 || kithp_parts_fault(in, "there is no form 0");
}

bool kithp_parts_open(struct kithp_parts_in *in, const kith_allocator *allocator, kithp_parts_read_fn read,
                      void *context, const char *file, kith_error *error)
{
    *in = (struct kithp_parts_in){.allocator = allocator, .read = read, .context = context, .file = file};
    in->error = error;
    unsigned char header[KITHP_SNAPSHOT_HEADER];
    size_t got;
    if (!read_up_to(in, header, sizeof header, &got) || !check_header(in, header, got))
        return false;
    kithp_zlib_set_allocator(&in->inflater, allocator);
    if (inflateInit2(&in->inflater, KITHP_ZLIB_RAW) != Z_OK)
        return kithp_parts_no_memory(in);
    in->inflating = true;
    return true;
}

void kithp_parts_in_free(struct kithp_parts_in *in)
{
    if (in->inflating)
        inflateEnd(&in->inflater);
    in->inflating = false;
    kithp_alloc_free(in->allocator, in->stored);
    kithp_alloc_free(in->allocator, in->raw);
    in->stored = in->raw = NULL;
}

static bool reserve(struct kithp_parts_in *in, unsigned char **bytes, size_t *capacity, size_t needed)
{
    return kithp_alloc_grow(in->allocator, (void **)bytes, capacity, needed, 1) || kithp_parts_no_memory(in);
}

static bool inflate_part(struct kithp_parts_in *in, size_t length, size_t raw)
{
    z_stream *inflater = &in->inflater;
    inflateReset(inflater);
    inflater->next_in = in->stored;
    inflater->avail_in = (uInt)length;
    inflater->next_out = in->raw;
    inflater->avail_out = (uInt)raw;
    int outcome = inflate(inflater, Z_FINISH);
    if (outcome == Z_MEM_ERROR)
        return kithp_parts_no_memory(in);
    if (outcome != Z_STREAM_END || inflater->avail_in > 0 || inflater->avail_out > 0)
        return kithp_parts_fault(in, "its contents cannot be inflated");
    return true;
}

static bool read_contents(struct kithp_parts_in *in, const unsigned char *header)
{
    uint32_t raw = word_at(header + 4), length = word_at(header + 8);
    if (raw > KITHP_PART_MOST || length > raw)
        return kithp_parts_fault(in, "it has an impossible length");
    if (!reserve(in, &in->stored, &in->stored_capacity, length + 1) || !read_all(in, in->stored, length))
        return false;
    if (kithp_zlib_checksum(0, in->stored, length) != word_at(header + 12))
        return kithp_parts_fault(in, "its checksum does not fit");
    if (length == raw) {
        in->unpacker = kithp_unpacker_of(in->stored, raw);
        return true;
    }
    if (!reserve(in, &in->raw, &in->raw_capacity, raw) || !inflate_part(in, length, raw))
        return false;
    in->unpacker = kithp_unpacker_of(in->raw, raw);
    return true;
}

bool kithp_parts_next(struct kithp_parts_in *in, const char *name)
{
    in->part = name;
    in->offset = in->done;
    unsigned char header[KITHP_PART_HEADER];
    if (!read_all(in, header, sizeof header))
        return false;
    in->chain = kithp_zlib_checksum(in->chain, header, KITHP_PART_HEADER - 4);
    if (in->chain != word_at(header + KITHP_PART_HEADER - 4))
        return kithp_parts_fault(in, "the checksum of this part's header does not fit");
    if (memcmp(header, name, 4) != 0)
        return kithp_parts_fault(in, "another part stands in its place");
    in->parts++;
    return read_contents(in, header);
}

bool kithp_parts_done(struct kithp_parts_in *in)
{
    return kithp_unpack_end(&in->unpacker) || kithp_parts_fault(in, in->unpacker.fault);
}

bool kithp_parts_end(struct kithp_parts_in *in)
{
    if (!kithp_parts_next(in, "END.") || !kithp_parts_done(in))
        return false;
    unsigned char more;
    size_t got;
    if (!read_up_to(in, &more, 1, &got))
        return false;
    return got == 0 || kithp_parts_fault(in, "something stands behind its end");
}
