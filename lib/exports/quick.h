/* SPDX-License-Identifier: MIT */
/*
 * Rows that are surely good, read quickly: with as many fields as the header, each of them as it should be, in quotes
 * or not, but without quotes or line ends within. At any other row this stops, and csv.h with row.h decides what it is;
 * so that what is refused, why and where, is theirs to say alone.
 */
#ifndef KITHP_EXPORTS_QUICK_H
#define KITHP_EXPORTS_QUICK_H

#include "exports/kinds.h"
#include "exports/row.h"
#include "exports/scan.h"
#include "exports/times.h"

/* How many bytes behind a text are read with it. */
enum { KITHP_QUICK_BEHIND = KITHP_SCAN_BEHIND };

/*
 * Where fields end is found for a stretch of the text at a time, which stays in the first-level cache until its rows
 * are read. Places are counted from the stretch's beginning; the one before the next row's first is where the row
 * before ended.
 */
struct kithp_quick {
    const kith_allocator *allocator;
    const struct kithp_row_rules *rules;
    const struct kithp_columns *columns;
    enum kithp_scan_way way;
    struct kithp_times times;
    uint32_t *places;
    size_t begin; /* of the stretch in the text */
    size_t end;
    size_t next;  /* of the next row's first place */
    size_t ready; /* from here on, places are yet to be looked at, as there are quotes: */
    size_t raw;   /* those from here on */
    size_t count;
    size_t odd;   /* where in the text a row begins that is not for us; SIZE_MAX where none is known */
    bool ascii;   /* the whole stretch is */
    bool regular; /* places that are ready are ends of fields, as many in a row as there should be */
    bool quotes;  /* the stretch has some */
};

/* rules and columns must outlive it. False where there is no memory. */
bool kithp_quick_init(struct kithp_quick *quick, const kith_allocator *allocator, const struct kithp_row_rules *rules,
                      const struct kithp_columns *columns);
void kithp_quick_free(struct kithp_quick *quick);

/* From here on, the text is another; the header has been read. */
void kithp_quick_begin(struct kithp_quick *quick);

/*
 * How many rows at most the next call of kithp_quick_read() from `at` on can give; 0 where none can be read quickly.
 * KITHP_QUICK_BEHIND bytes behind the text must be there to be read.
 */
size_t kithp_quick_look(struct kithp_quick *quick, kith_text text, size_t at);

/*
 * Reads up to `most` rows, from the place that kithp_quick_look() was asked about. end is that of the row before, and
 * then that of the last row read. ids may be NULL. Returns how many rows there were before one that is not for us.
 */
size_t kithp_quick_read(struct kithp_quick *quick, const char *text, size_t most, struct kithp_row_end *end,
                        struct kithp_row_event *events, kith_text *ids);

#endif
