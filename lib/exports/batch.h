/* SPDX-License-Identifier: MIT */
/* Rows that were read together: their events, in blocks, and what was refused or left out between them. */
#ifndef KITHP_EXPORTS_BATCH_H
#define KITHP_EXPORTS_BATCH_H

#include "base/arena.h"
#include "exports/row.h"
#include "tally/members.h"
#include "tally/tally.h"

/* A row that was refused, or an event of one that gives several. Its text lies in the batch. */
struct kithp_reject {
    uint64_t line;
    kith_text row;
    const char *column; /* what is at fault, as the export's header or the description has it; NULL where nothing is */
    size_t blocks_before; /* of the batch */
    bool follows;         /* it is of the row with which the block before ends, and is left out where that row is */
    struct kithp_row_end end;
    struct kithp_row_fault fault;
};

/*
 * Events without a reject between them, which are tallied together; at most KITHP_TALLY_BLOCK, or none where all rows
 * were left out. A row's events are in one block unless there are more than that.
 */
struct kithp_block {
    size_t end;                   /* of its events in the batch; they begin where those of the block before end */
    struct kithp_row_end row_end; /* of the last row whose events have all come */
    uint32_t members;             /* how many there are with those in its events; where the batch finds */
    uint32_t follows;             /* events of the last row that are left out, if that row is not */
    uint64_t ignored;             /* rows that are left out */
};

/* All text belongs to the batch. */
struct kithp_batch {
    const kith_allocator *allocator;
    const struct kithp_members *members; /* whose keys names are given; may be NULL */
    char *text;
    size_t text_capacity;
    size_t text_length;
    struct kithp_arena kept; /* names and ids that do not stand in the text as they are meant */
    struct kithp_row_event *events;
    size_t event_count;
    size_t event_capacity;
    bool has_ids;
    kith_text *ids; /* of the events, where the export has them: see kithp_batch_goes_on() */
    size_t id_capacity;
    bool finds;                /* the names in its events were looked for: those of */
    size_t found_blocks;       /* so many blocks were found, and there was no memory for more, */
    bool found_full;           /* or there may be no more members */
    struct kithp_event *found; /* their events */
    size_t found_capacity;
    struct kithp_block *blocks;
    size_t block_count;
    size_t block_capacity;
    size_t room; /* for events, in the last block; none where another one is to begin */
    struct kithp_reject *rejects;
    size_t reject_count;
    size_t reject_capacity;
    kith_text *header;   /* names of the columns, where it begins with them */
    size_t header_count; /* 0 where it does not */
    size_t header_capacity;
    struct kithp_row_end end; /* of its last row, or of what was read before */
    uint64_t lines;           /* that have ended before what is read next */
    uint64_t bytes_done;      /* of the input, up to here */
    uint64_t bytes_total;     /* or 0 where that is not known */
    bool last;                /* none comes after it, for the end or for a fault */
    bool large;               /* its memory is given back with it */
    kith_status status;       /* KITH_OK, or why reading ended */
    kith_error error;         /* then in full */
};

/*
 * Empties a batch, whose memory is used again; one that is all zero is empty. Its text, and how far its reading has
 * come, are as they were.
 */
void kithp_batch_begin(struct kithp_batch *batch, const kith_allocator *allocator, const struct kithp_members *members);

/* It is all zero then. */
void kithp_batch_free(const kith_allocator *allocator, struct kithp_batch *batch);

/*
 * Puts behind what is in a batch what is in the one that was read next, with copies of all text, so that many can be
 * kept where their text could not. False where there is no memory: the batch is as it was.
 */
bool kithp_batch_gather(struct kithp_batch *batch, const struct kithp_batch *next);

/* Bytes of all text that is not the batch's own, once it is gathered. */
size_t kithp_batch_text_bytes(const struct kithp_batch *batch);

/*
 * Whether it takes more than rows of a usual length do, as one long row may, or one that gives many events: with the
 * names in them found.
 */
bool kithp_batch_is_large(const struct kithp_batch *batch);

/* Moves it so many lines down: it was read as if the export began with it. */
void kithp_batch_move_down(struct kithp_batch *batch, uint64_t lines);

/* Makes it the last one, of an export that could not be opened. */
void kithp_batch_fail(struct kithp_batch *batch, const kith_error *error);

bool kithp_batch_grow(struct kithp_batch *batch, size_t events, size_t rejects);

/* Room for so many events and rejects more, and for another block. False where there is no memory. */
static inline bool kithp_batch_reserve(struct kithp_batch *batch, size_t events, size_t rejects)
{
    bool has_room = batch->event_capacity - batch->event_count >= events &&
                    batch->reject_capacity - batch->reject_count >= rejects &&
                    batch->block_capacity > batch->block_count &&
                    (!batch->has_ids || batch->id_capacity >= batch->event_count + events);
    return has_room || kithp_batch_grow(batch, events, rejects);
}

/*
 * Takes what has been written behind the other events, within one block, in as many rows; there is room for it. The end
 * is that of the last row.
 */
void kithp_batch_add(struct kithp_batch *batch, size_t count, struct kithp_row_end end);

/* What one row came to. */
struct kithp_batch_row {
    uint64_t line;
    kith_text text;
    struct kithp_row_end begin; /* the end of the row before */
    struct kithp_row_end end;
    kith_text id;   /* used where the batch has ids */
    size_t events;  /* written behind the others */
    size_t rejects; /* likewise: their column and fault; the rest is filled in */
    uint32_t ignored;
};

/* Takes such a row, for which there is room. False where there is no memory for its blocks. */
bool kithp_batch_add_row(struct kithp_batch *batch, const struct kithp_batch_row *row);

/* The id of an event that is of the same row as the one before, and goes with it. */
extern const char kithp_batch_same_row[1];

static inline bool kithp_batch_goes_on(kith_text id)
{
    return id.data == kithp_batch_same_row;
}

#endif
