/* SPDX-License-Identifier: MIT */
/*
 * The outer form of a snapshot: a header, then parts, each with a name of four letters and checksums, its contents
 * deflated where that makes them smaller. The checksum of a part's header goes on from that of the part before, so that
 * no part can be missing, doubled, moved, or come from another snapshot.
 */
#ifndef KITHP_SNAPSHOT_PARTS_H
#define KITHP_SNAPSHOT_PARTS_H

#include <zlib.h>

#include "base/pack.h"

/* The form that this library writes, and the latest that it reads. */
enum { KITHP_SNAPSHOT_FORM = 1 };

enum {
    KITHP_SNAPSHOT_HEADER = 16,
    KITHP_PART_HEADER = 20,
    KITHP_PART_MOST = 2 << 20, /* bytes of a part's contents, before they are deflated */
    KITHP_PART_ITEMS = 4096    /* members, rows … of one part */
};

/* ---- writing ---- */

struct kithp_parts_out {
    const kith_allocator *allocator;
    kith_write_fn write;
    void *context;
    struct kithp_packer packer; /* contents of the next part */
    z_stream deflater;
    bool deflating; /* the deflater has been made */
    unsigned char *stored;
    size_t stored_capacity;
    uint32_t chain;     /* checksum of the header written last */
    kith_status status; /* of the first call that failed; all that follows does nothing */
    kith_error *error;  /* where a fault of the snapshot's own is told, or NULL */
};

/* Writes the header. Whatever comes of it, kithp_parts_out_free() is to be called. */
void kithp_parts_begin(struct kithp_parts_out *out, const kith_allocator *allocator, kith_write_fn write,
                       void *context);
void kithp_parts_out_free(struct kithp_parts_out *out);

/* Writes what is in the packer as a part, and empties it. */
void kithp_parts_write(struct kithp_parts_out *out, const char *name);

/* ---- reading ---- */

/* Gives up to capacity bytes, 0 at the end, or the negative of an errno. */
typedef int64_t (*kithp_parts_read_fn)(void *context, void *buffer, size_t capacity);

struct kithp_parts_in {
    const kith_allocator *allocator;
    kithp_parts_read_fn read;
    void *context;
    const char *file;               /* its name, for errors */
    kith_error *error;              /* may be NULL */
    struct kithp_unpacker unpacker; /* contents of the part read last */
    const char *part;               /* its name */
    uint64_t offset;                /* where it begins in the file */
    uint64_t done;                  /* bytes read so far */
    uint64_t parts;                 /* how many were read */
    z_stream inflater;
    bool inflating;
    unsigned char *stored;
    size_t stored_capacity;
    unsigned char *raw;
    size_t raw_capacity;
    uint32_t chain;
    kith_status status;
};

/* Reads the header. Whatever comes of it, kithp_parts_in_free() is to be called. False on failure, as with those below.
 */
bool kithp_parts_open(struct kithp_parts_in *in, const kith_allocator *allocator, kithp_parts_read_fn read,
                      void *context, const char *file, kith_error *error);
void kithp_parts_in_free(struct kithp_parts_in *in);

/* Reads the next part, which must be the one of a name, a constant. */
bool kithp_parts_next(struct kithp_parts_in *in, const char *name);

/* Whether the part was read to its end without a fault; after this, its contents are gone. */
bool kithp_parts_done(struct kithp_parts_in *in);

/* Reads the last part, behind which there must be nothing. */
bool kithp_parts_end(struct kithp_parts_in *in);

/* Says what is wrong with the part read last. */
bool kithp_parts_fault(struct kithp_parts_in *in, const char *expected);
bool kithp_parts_no_memory(struct kithp_parts_in *in);

#endif
