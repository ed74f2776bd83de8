/* SPDX-License-Identifier: MIT */
/* Rows of activity made up by chance, some of them of no use, to be given as Arrow in any layout; and adding them. */
#ifndef KITH_TESTS_ARROW_GIVEN_H
#define KITH_TESTS_ARROW_GIVEN_H

#include "arrow_support.h"
#include "engine_support.h"

enum { ROWS = 3000, NAME_ROOM = 24 };

/* The rows, by what is to be said. */
struct given {
    int64_t times[ROWS];
    bool no_time[ROWS];
    char names[2][ROWS][NAME_ROOM]; /* of members and targets */
    kith_text people[2][ROWS];
    int64_t ids[2][ROWS]; /* the same by number */
    bool nobody[2][ROWS];
    kith_text kinds[ROWS];
    bool no_kind[ROWS];
    int64_t quantities[ROWS];
    bool no_quantity[ROWS];
    /* As the layout at hand has times, */
    int64_t units[ROWS]; /* with a fraction of a second where there is one, */
    char words[ROWS][NAME_ROOM];
    kith_text time_texts[ROWS];
};

extern struct given given;

/* A setup of a group of tests: makes the rows. */
int make_given(void **state);

struct layout {
    const char *time, *member, *kind, *quantity;
    const char *member_index, *kind_index; /* NULL for no dictionary */
    size_t batch, offset, margin, unused;  /* as in plain_rows */
    bool counts_nulls, nulls_in_dictionaries, has_empty;
};

struct layout random_layout(uint64_t *luck, bool numbered);

/* The rows in a layout, whose times without a zone are on a clock so many seconds east of UTC. */
struct plain_rows rows_in(const struct layout *layout, int32_t utc_offset);

/* One row, to be changed: a post by ana, or by member 7, at MONDAY, in columns time, member and kind. */
struct one {
    struct plain_rows rows;
    int64_t time, member, target, quantity;
    kith_text time_text, member_text, target_text, kind, id_text;
    bool yes; /* true */
};

struct one *one_row(bool numbered);

/* What a stream's rows were refused for; calloc() makes one. */
struct told {
    struct {
        uint64_t line;
        uint32_t reason;
        char column[16];
        char value[64];
    } rejects[ROWS];
    size_t count;
    size_t stop_at; /* the reject that asks to stop, from 1; 0 for none */
};

/* A kith_reject_fn; context is a struct told. */
int note_reject(void *context, const kith_reject *reject);

/* Adds them, and demands that all was released. */
kith_status add_rows(kith_engine *engine, const struct plain_rows *rows, struct told *told, kith_added *added,
                     kith_error *error);

/* An engine that has all tables, of the default policy, or of one on a clock so many seconds east of UTC. */
kith_engine *engine_of(uint32_t members, uint32_t threads);
kith_engine *engine_on_clock(int32_t utc_offset, uint32_t members, uint32_t threads);

#endif
