/* SPDX-License-Identifier: MIT */
/* What an engine held at one moment, to be written; and whither it goes when it is read. */
#ifndef KITHP_SNAPSHOT_SNAPSHOT_H
#define KITHP_SNAPSHOT_SNAPSHOT_H

#include "review/review.h"
#include "review/sweep.h"
#include "snapshot/exchange.h"
#include "snapshot/parts.h"
#include "tally/ids.h"
#include "tally/members.h"
#include "tally/sequences.h"
#include "tally/tally.h"
#include "tally/totals.h"

enum { KITHP_POSITION_MOST = 1 << 20 };

/* The plain values of an engine, and how much there is of the rest. */
struct kithp_snapshot_head {
    bool named;
    bool closed;
    bool explains;
    bool begun;
    bool has_reviewed; /* rows of the week reviewed last follow those of the open weeks */
    bool has_pending;
    int64_t closed_week;
    int64_t last_week;
    int64_t first_event;
    int64_t last_event;
    struct kithp_totals totals;
    uint32_t members;
    uint32_t links;
    uint32_t states;
    uint32_t weeks; /* open ones */
    uint32_t sources;
};

struct kith_snapshot {
    kith_allocator allocator;
    struct kithp_figures figures;
    struct kithp_snapshot_head head;
    unsigned char *names;        /* of named members: a byte that says how long, and the name; 0 where it was erased */
    struct kithp_chunks numbers; /* of numbered members: uint64_t */
    struct kithp_link *links;
    struct kithp_carried_states carried;
    struct kithp_risk_counts risk;
    struct kithp_week **weeks; /* those open, and then the one reviewed last if it has rows */
    struct kithp_ids ids;      /* without an index */
    struct kithp_sequences sequences;
    kith_review *pending;
    char *position;
    size_t position_length;
};

/* An empty one. NULL where there is no memory. */
kith_snapshot *kithp_snapshot_new(const kith_allocator *allocator, const struct kithp_figures *figures);

/* What a snapshot is read into: the pieces of an engine, all of them empty. */
struct kithp_snapshot_target {
    const kith_allocator *allocator;
    struct kithp_snapshot_head head;
    struct kithp_exchange exchange;
    struct kithp_members *members;
    struct kithp_sweep *sweep;
    struct kithp_tally *tally;
    struct kithp_ids *ids;
    struct kithp_sequences *sequences;
    kith_review **pending;
};

/*
 * The contents of a snapshot, in the order in which they are written. Writing notes its failures in `out`; reading
 * returns false, having said in `in` what was wrong.
 */
void kithp_snapshot_write_policy(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_policy(struct kithp_parts_in *in, struct kithp_figures *figures);

void kithp_snapshot_write_head(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_head(struct kithp_parts_in *in, const struct kithp_calendar *calendar,
                              struct kithp_snapshot_head *head);

void kithp_snapshot_write_position(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_position(struct kithp_parts_in *in, char **position, size_t *length);

void kithp_snapshot_write_members(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_members(struct kithp_parts_in *in, struct kithp_snapshot_target *target);

void kithp_snapshot_write_states(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_states(struct kithp_parts_in *in, struct kithp_snapshot_target *target);

void kithp_snapshot_write_risk(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_risk(struct kithp_parts_in *in, struct kithp_snapshot_target *target);

void kithp_snapshot_write_weeks(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_weeks(struct kithp_parts_in *in, struct kithp_snapshot_target *target);

void kithp_snapshot_write_pairs(const kith_snapshot *snapshot, const struct kithp_week *week,
                                struct kithp_parts_out *out);
bool kithp_snapshot_read_pairs(struct kithp_parts_in *in, struct kithp_snapshot_target *target, struct kithp_week *week,
                               uint32_t count);

void kithp_snapshot_write_ids(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_ids(struct kithp_parts_in *in, struct kithp_snapshot_target *target);

void kithp_snapshot_write_sequences(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_sequences(struct kithp_parts_in *in, struct kithp_snapshot_target *target);

void kithp_snapshot_write_pending(const kith_snapshot *snapshot, struct kithp_parts_out *out);
bool kithp_snapshot_read_pending(struct kithp_parts_in *in, struct kithp_snapshot_target *target);

/* How many of `count` items go into the part that begins with item `first`, `most` at a time. */
static inline uint32_t kithp_snapshot_step(uint32_t first, uint32_t count, uint32_t most)
{
    return count - first < most ? count - first : most;
}

/* Whether a week can hold events. */
bool kithp_snapshot_is_week(const struct kithp_calendar *calendar, int64_t week);

#endif
