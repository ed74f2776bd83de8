/* SPDX-License-Identifier: MIT */
/*
 * From an export's text to batches of events and refused rows. What is the same for all forms of exports is here; what
 * a form does with the text is in a file for each (form.h).
 */
#ifndef KITHP_EXPORTS_READER_H
#define KITHP_EXPORTS_READER_H

#include "exports/batch.h"
#include "exports/form_csv.h"
#include "exports/form_described.h"
#include "exports/form_json.h"
#include "exports/stream.h"

/*
 * Of an export that is JSON, a text a line: the lines that begin in it. It begins behind the export's first byte or
 * with it, and may begin and end within lines.
 */
struct kithp_piece {
    uint64_t begin;
    uint64_t end; /* 0 where the export is read whole */
};

/* How an export is to be read. All that is pointed to must outlive the reader. */
struct kithp_reading {
    const struct kithp_row_rules *rules;
    const struct kithp_members *members; /* whose keys names are given; may be NULL */
    const kith_source *source;           /* the description, or NULL for: */
    const struct kithp_columns *columns; /* the caller's names of columns, which are paths where the export is JSON */
    const char *name;                    /* of the export, for errors */
    struct kithp_row_end begin;          /* where rows are read from; offset 0 for all of them */
    struct kithp_piece piece; /* which lines; those of `begin` and `end` are then counted from its own first */
    uint64_t row_most;        /* bytes of a row, less its line end; 0 for KITHP_ROW_MOST */
    uint64_t text_most;       /* bytes of the text, once inflated; 0 for no limit */
};

/* Where the text is read from: the byte before a piece tells whether a line begins with it. */
static inline uint64_t kithp_piece_text(const struct kithp_piece *piece)
{
    return piece->begin > 0 ? piece->begin - 1 : 0;
}

struct kithp_reader {
    const kith_allocator *allocator;
    struct kithp_reading reading;
    enum kithp_scan_way way; /* in which text is looked at; the best one, unless a test wants another */
    struct kithp_stream stream;
    bool stream_ended;
    uint64_t text_read;       /* bytes of it so far */
    bool too_much_text;       /* it has more than it may have: that is how it ended */
    uint64_t offset;          /* of the row that is read next */
    uint64_t line;            /* on which it starts */
    bool over;                /* no more of its lines begin in the piece */
    bool passing;             /* where rows are read from has not been reached yet */
    char before;              /* then the last byte passed over */
    struct kithp_row_end end; /* of the last row read */
    char *rest;               /* text that was read but belongs to the next batch */
    size_t rest_capacity;
    size_t rest_length;
    bool has_ids;                  /* rows may have them */
    struct kithp_events events;    /* of rows, but where the form is plain CSV */
    const struct kithp_form *form; /* NULL until the text has begun */
    union {
        struct kithp_form_csv csv;
        struct kithp_form_described described;
        struct kithp_form_json json;
    }; /* what the form keeps */
};

/* How many bytes behind a batch's text are there to be read; those behind the last text are 0. */
enum { KITHP_READER_BEHIND = 64 };
_Static_assert((int)KITHP_READER_BEHIND >= (int)KITHP_QUICK_BEHIND &&
                   (int)KITHP_READER_BEHIND >= (int)KITHP_JSON_BEHIND,
               "text is read as others say that they read it");

/*
 * What the description asks of the policy is found first: KITH_BAD_SOURCE where it has no such kind, nothing having
 * been read. The input is taken over, also after a failure; the reader is to be closed then too.
 */
kith_status kithp_reader_open(struct kithp_reader *reader, const kith_allocator *allocator,
                              const struct kithp_reading *reading, const struct kithp_input *input, kith_error *error);
void kithp_reader_close(struct kithp_reader *reader);

/* Whether the export may be read in pieces as well: a plain file of JSON, a text a line, from its beginning. To be
 * asked before it is read. */
bool kithp_reader_has_pieces(const struct kithp_reader *reader);

/* Fills a batch, whose memory is used again; a fault stands in its status. Not to be called after the last. */
void kithp_reader_fill(struct kithp_reader *reader, struct kithp_batch *batch);

#endif
