/* SPDX-License-Identifier: MIT */
/*
 * A run: what a week held at one moment, in a tenth of the room. Rows by member, then pairs by actor, target and kind;
 * numbers of as many bytes as they need, members as how far they lie behind the one before. It never changes, so that a
 * snapshot can hold it, too; its bytes are in memory, or in a temporary file.
 */
#ifndef KITHP_TALLY_RUN_H
#define KITHP_TALLY_RUN_H

#include <stdatomic.h>

#include "base/spill.h"
#include "tally/week.h"

/* Rows or pairs in up to KITHP_RUN_BLOCK bytes. */
enum { KITHP_RUN_BLOCK = 1 << 16 };

struct kithp_run_block {
    unsigned char *bytes; /* NULL where they are in the file */
    uint64_t offset;      /* in the file */
    uint32_t length;
    uint32_t checksum;
    uint32_t member; /* of its first row, or one before it */
};

struct kithp_run {
    atomic_uint holders;
    struct kithp_spill *spill; /* the file, or NULL */
    struct kithp_run_block *blocks;
    size_t block_count;
    size_t block_capacity;
    size_t row_blocks; /* the first of them, which hold rows; pairs are in the others */
    uint64_t bytes;    /* of all blocks */
    /* The largest there are, from which follows whether sums of several runs can reach their stops. */
    uint32_t largest_quantity;
    uint32_t largest_supporters;
};

/* The rows and pairs of a week, held by the caller. NULL where there is no memory. */
struct kithp_run *kithp_run_of(const kith_allocator *allocator, const struct kithp_week *week);

void kithp_run_hold(struct kithp_run *run);

/* Lets go of it; NULL is let go of, too. The allocator frees what the one that it was made with gave. */
void kithp_run_drop(struct kithp_run *run, const kith_allocator *allocator);

/* The same run with its bytes in the file; the one in memory stays. The two are held apart. */
kith_status kithp_run_spill(const struct kithp_run *run, struct kithp_spill *spill, const kith_allocator *allocator,
                            struct kithp_run **spilled, kith_error *error);

/* ---- reading ---- */

struct kithp_run_reader {
    const struct kithp_run *run;
    const kith_allocator *allocator;
    kith_error *error;
    kith_status status;    /* KITH_OK, unless reading has failed */
    size_t block;          /* the next */
    size_t end;            /* of the blocks that are to be read */
    unsigned char *buffer; /* of one block, where they are in a file */
    const unsigned char *at;
    const unsigned char *block_end;
    uint32_t member; /* behind that of the last row */
    uint32_t from;   /* rows of members before this one are passed over */
    struct kithp_pair pair;
};

/* Begins with the first row, or the first pair. error may be NULL. To be ended whatever comes of it. */
void kithp_run_read_rows(struct kithp_run_reader *reader, const struct kithp_run *run, const kith_allocator *allocator,
                         kith_error *error);
void kithp_run_read_pairs(struct kithp_run_reader *reader, const struct kithp_run *run, const kith_allocator *allocator,
                          kith_error *error);
void kithp_run_reader_end(struct kithp_run_reader *reader);

/* Begins with the first row of a member or one behind it, in a run in memory: that cannot fail, and needs no end. */
void kithp_run_read_rows_from(struct kithp_run_reader *reader, const struct kithp_run *run, uint32_t member);

/*
 * The next row, which lies in room until the one after it is read; or the next pair, which is then reader->pair. False
 * at the end, and where reading has failed.
 */
bool kithp_run_next_row(struct kithp_run_reader *reader, struct kithp_row_room *room, struct kithp_row *row);
bool kithp_run_next_pair(struct kithp_run_reader *reader);

#endif
