/* SPDX-License-Identifier: MIT */
/* What tests of tallies, reviews and engines need beside support.h: policies, events, tables as text. */
#ifndef KITH_TESTS_ENGINE_SUPPORT_H
#define KITH_TESTS_ENGINE_SUPPORT_H

#include "review/review.h"
#include "support.h"

/* Monday, 2 March 2026, 00:00 UTC: the first second of week 2931, and day 20514 (docs/model.md, Calendar). */
#define MONDAY INT64_C(1772409600)
#define DAY INT64_C(86400)
#define WEEK (7 * DAY)
enum { MONDAY_DAY = 20514, MONDAY_WEEK = 2931 };

/* An error to be handed to a call. */
#define NO_ERROR ((kith_error){.size = sizeof(kith_error)})

/* Fails, with the error's message, where the status is another. */
void assert_status(kith_status actual, kith_status expected, const kith_error *error);

/* ---- Policies and engines ---- */

/* A policy from its text; NULL for the default one. */
kith_policy *policy_of(const char *text);

uint32_t kind_of(const kith_policy *policy, const char *name);

/* All five tables, and no limit on the future. */
kith_engine_options all_tables(uint32_t members);

/* An engine of the default policy with these options. */
kith_engine *engine_with(const kith_engine_options *options);

/* An event of the default policy by names, "" for nobody. The kind is given by name. */
void add_named(kith_engine *engine, int64_t time, const char *member, const char *kind, const char *target,
               uint32_t quantity);

/* ---- Rows of reviews ---- */

/* All rows of one of a review's lists, in their order. */
struct listed {
    struct {
        uint32_t week; /* index in the review's weeks */
        struct kithp_review_row is;
    } * rows;
    size_t count;
};

struct listed listed_of(const kith_review *review, enum kithp_list_kind kind);
void listed_free(struct listed *listed);

/* An event as an application may hold it, by numbers of kinds and members; and an array of them to be added. */
struct plain_event {
    uint32_t quantity;
    uint32_t kind;
    int64_t time;
    uint64_t target; /* 0 for nobody */
    uint64_t member;
};

kith_events events_of(const struct plain_event *list, uint64_t count);

/* A review that must succeed. */
kith_review *review_until(kith_engine *engine, int64_t until);

/* ---- Open weeks ---- */

struct kithp_tally;

/*
 * Fails where rows and pairs do not hold together: a slot twice or empty, a cell of two rows, a pair twice, of one
 * member, or not in the index exactly once, or anything of a member that leads elsewhere. leads_to: of `members`
 * members.
 */
void assert_sound_weeks(const struct kithp_tally *tally, const uint32_t *leads_to, uint32_t members);

/* ---- Tables as text ---- */

enum { TABLES = 5 };

extern const uint32_t table_bits[TABLES]; /* KITH_STANDINGS … KITH_HISTORY */
extern const char *const table_names[TABLES];

/* The CSV of a table, or of a review's; freed by the caller. */
char *csv_of_table(const kith_table *table, uint32_t header);
char *csv_of(const kith_review *review, uint32_t which, uint32_t header);

/* The CSV of all five tables of a review that has them. */
struct tables {
    char *csv[TABLES];
};

struct tables tables_of(const kith_review *review, uint32_t header);
void tables_free(struct tables *tables);

/* Adds the rows of a later review to those of earlier ones: standings are replaced, the others go on. */
void tables_go_on(struct tables *sum, const struct tables *more);

/* Says the first line that differs. */
void assert_same_text(const char *actual, const char *expected, const char *what);
void assert_same_tables(const struct tables *actual, const struct tables *expected, const char *what);

/* ---- Reading from memory ---- */

/* A kith_read_fn's context: gives at most `step` bytes a call, all at once where it is 0. */
struct bytes_source {
    const char *bytes;
    size_t length;
    size_t at;
    size_t step;
    uint64_t odd; /* if not 0: a state of chance(), and each call gives a number of bytes up to step */
};

int64_t read_bytes(void *context, void *buffer, size_t capacity);

#endif
