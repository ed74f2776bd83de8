/* SPDX-License-Identifier: MIT */
/*
 * A run: what a week held at one moment, in a tenth of the room. Rows by member, then pairs by actor, target and kind;
 * numbers of as many bytes as they need, members as how far they lie behind the one before. It never changes, so that a
 * snapshot can hold it, too; its bytes are in memory, or in a temporary file.
 */
#ifndef KITHP_TALLY_RUN_H
#define KITHP_TALLY_RUN_H

#include <stdatomic.h>

#include "base/pack.h"
#include "base/spill.h"
#include "tally/week.h"

/* Rows or pairs in up to KITHP_RUN_BLOCK bytes, behind which so many more can be read, whatever they are. */
enum { KITHP_RUN_BLOCK = 1 << 16, KITHP_RUN_SLACK = 4 };

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
    uint32_t members;  /* above the number of every member that has a row */
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

/* Goes on to the next block. False at the end, and where reading has failed. */
bool kithp_run_next_block(struct kithp_run_reader *reader);

/* The next pair, which is then reader->pair. False at the end, and where reading has failed. */
bool kithp_run_next_pair(struct kithp_run_reader *reader);

/*
 * What a row's second byte says: how many slots follow, or that their number does; and which of the other values are
 * there. Most rows of a quiet member are of one act: its second and day are those of the first, and need no bytes.
 */
enum {
    KITHP_HEAD_SLOTS = 0x0F,
    KITHP_HEAD_SLOTS_FOLLOW = 0x0F,
    KITHP_HEAD_ACTED = 0x10,
    KITHP_HEAD_ONE_ACT = 0x20,
    KITHP_HEAD_LEAVE = 0x40,
    KITHP_HEAD_SUPPORTERS = 0x80
};

/* Bytes of a second of the week. */
enum { KITHP_RUN_SECOND = 3 };

static inline uint32_t kithp_run_get_second(const unsigned char **at)
{
    const unsigned char *in = *at;
    *at += KITHP_RUN_SECOND;
    return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16;
}

/*
 * The acts of a row, and who supports the member: without a jump, as nobody can tell which of them a row has. Where it
 * has not, what lies there is read and not used.
 */
static inline const unsigned char *kithp_run_read_acts(const unsigned char *at, unsigned head, struct kithp_row *row)
{
    const unsigned char *behind = at;
    uint32_t last = kithp_run_get_second(&behind), days = *behind++;
    uint32_t one_act = 1U << row->first / KITHP_SECONDS_A_DAY;
    uint32_t acted = -(uint32_t)((head & KITHP_HEAD_ACTED) != 0), one = -(uint32_t)((head & KITHP_HEAD_ONE_ACT) != 0);
    row->last = (last & acted) | ((row->first + 1) & one);
    row->days = (uint8_t)((days & acted) | (one_act & one));
    return at + ((uint32_t)(behind - at) & acted);
}

static inline const unsigned char *kithp_run_read_supporters(const unsigned char *at, unsigned head,
                                                             struct kithp_row *row)
{
    uint32_t has = (head & KITHP_HEAD_SUPPORTERS) != 0;
    /* More than 127 are rare. */
    if (has & *at >> 7) {
        row->supporters = (uint16_t)kithp_unpack_put(&at);
        return at;
    }
    row->supporters = (uint16_t)(*at & -has);
    return at + has;
}

/* Bytes are those that were written, as checksums have it, so that they need no questions. */
static inline void kithp_run_read_row(struct kithp_run_reader *reader, struct kithp_row_room *room,
                                      struct kithp_row *row)
{
    const unsigned char *at = reader->at;
    row->member = reader->member + (uint32_t)kithp_unpack_put(&at);
    reader->member = row->member + 1;
    unsigned head = *at++;
    row->count = head & KITHP_HEAD_SLOTS;
    if (row->count == KITHP_HEAD_SLOTS_FOLLOW)
        row->count = (uint32_t)kithp_unpack_put(&at);
    row->first = kithp_run_get_second(&at);
    at = kithp_run_read_acts(at, head, row);
    row->leave_end = head & KITHP_HEAD_LEAVE ? (uint32_t)kithp_unpack_put(&at) : 0;
    at = kithp_run_read_supporters(at, head, row);
    row->slots = room->slots;
    row->quantities = room->quantities;
    for (uint32_t i = 0; i < row->count; i++) {
        room->slots[i] = *at++;
        room->quantities[i] = (uint32_t)kithp_unpack_put(&at);
    }
    reader->at = at;
}

/*
 * The next row, which lies in room until the one after it is read. False at the end, and where reading has failed.
 */
static inline bool kithp_run_next_row(struct kithp_run_reader *reader, struct kithp_row_room *room,
                                      struct kithp_row *row)
{
    do {
        if (reader->at == reader->block_end && !kithp_run_next_block(reader))
            return false;
        kithp_run_read_row(reader, room, row);
    } while (row->member < reader->from);
    return true;
}

#endif
