/* SPDX-License-Identifier: MIT */
/* From an export's text to batches of events and refused rows. */
#ifndef KITHP_EXPORTS_READER_H
#define KITHP_EXPORTS_READER_H

#include "exports/quick.h"
#include "exports/stream.h"
#include "tally/members.h"
#include "tally/tally.h"

/* A row that was refused. Its text lies in the batch. */
struct kithp_reject {
    uint64_t line;
    kith_text row;
    size_t events_before; /* of the batch; a block ends there */
    struct kithp_row_end end;
    struct kithp_row_fault fault;
};

/* Events without a refused row between them, which are tallied together; at most KITHP_TALLY_BLOCK. */
struct kithp_block {
    size_t end; /* of its events in the batch; they begin where those of the block before end */
    struct kithp_row_end row_end;
    uint32_t members; /* how many there are with those in its events; where the batch finds */
};

/* Rows read together. All text belongs to the batch. */
struct kithp_batch {
    char *text;
    size_t text_capacity;
    size_t text_length;
    struct kithp_row_event *events;
    size_t event_count;
    size_t event_capacity;
    bool has_ids;
    kith_text *ids; /* of the events, where the export has a column of them */
    size_t id_capacity;
    bool finds;                /* the names in its events were looked for: those of */
    size_t found_blocks;       /* so many blocks were found, and there was no memory for more */
    struct kithp_event *found; /* their events */
    size_t found_capacity;
    struct kithp_block *blocks;
    size_t block_count;
    size_t block_capacity;
    struct kithp_reject *rejects;
    size_t reject_count;
    size_t reject_capacity;
    const kith_text *header; /* names of the columns where it begins with them, which belong to the reader; else NULL */
    size_t header_count;
    struct kithp_row_end end; /* of its last row, or of what was read before */
    uint64_t bytes_done;      /* of the input, up to here */
    uint64_t bytes_total;     /* or 0 where that is not known */
    bool last;                /* none comes after it, for the end or for a fault */
    kith_status status;       /* KITH_OK, or why reading ended */
    kith_error error;         /* then in full */
};

struct kithp_reader {
    const kith_allocator *allocator;
    const struct kithp_row_rules *rules;
    const struct kithp_members *members; /* whose keys names are given; may be NULL */
    const char *name;                    /* of the export, for errors */
    struct kithp_columns columns;
    struct kithp_stream stream;
    bool stream_ended;
    bool has_header;
    kith_text *header; /* names of the columns, which lie behind one another at header_text */
    char *header_text;
    uint64_t offset;            /* of the row that is read next */
    uint64_t line;              /* on which it starts */
    struct kithp_row_end begin; /* where rows are read from; offset 0 for all of them */
    bool passing;               /* that has not been reached yet */
    char before;                /* then the last byte passed over */
    struct kithp_row_end end;   /* of the last row read */
    char *rest;                 /* text that was read but belongs to the next batch */
    size_t rest_capacity;
    size_t rest_length;
    struct kithp_csv_field *fields;
    size_t field_capacity;
    struct kithp_quick quick;
};

/*
 * Reads the rows behind one that was read before, or all of them where begin's offset is 0. rules, members, name and
 * what columns point to must outlive the reader. The input is taken over, also after a failure.
 */
kith_status kithp_reader_open(struct kithp_reader *reader, const kith_allocator *allocator,
                              const struct kithp_row_rules *rules, const struct kithp_members *members,
                              const struct kithp_columns *columns, const char *name, struct kithp_row_end begin,
                              const struct kithp_input *input, kith_error *error);
void kithp_reader_close(struct kithp_reader *reader);

/* Fills a batch, whose memory is used again; a fault stands in its status. Not to be called after the last. */
void kithp_reader_fill(struct kithp_reader *reader, struct kithp_batch *batch);

void kithp_batch_free(const kith_allocator *allocator, struct kithp_batch *batch);

#endif
