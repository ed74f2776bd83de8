/* SPDX-License-Identifier: MIT */
/*
 * From the policy of a snapshot to the one that takes its place: what is kept by tier, kind or slot finds its place by
 * name. The two may be the same.
 */
#ifndef KITHP_SNAPSHOT_EXCHANGE_H
#define KITHP_SNAPSHOT_EXCHANGE_H

#include "tally/week.h"

/*
 * Slots as snapshots number them, whatever the order in which a week keeps them: four a kind; the two of what it gives,
 * those of what it receives. Where a week has what counts by `each`, and what is over it, a snapshot has the quantity
 * in all, and behind it what counts.
 */
enum { KITHP_FILE_SLOTS = 4 * KITHP_KINDS_MOST, KITHP_FILE_COUNTED = 1 };

/* By the slot of a week the one in files, and back, KITHP_SLOT_NONE where there is none. */
struct kithp_slot_numbers {
    uint8_t to_file[KITHP_SLOTS_MOST];
    int16_t from_file[KITHP_FILE_SLOTS];
};

void kithp_slot_numbers_init(struct kithp_slot_numbers *numbers, const struct kithp_slots *slots, uint32_t kind_count);

struct kithp_exchange {
    struct kithp_figures from;
    struct kithp_figures to;
    bool is_same; /* the policies have the same figures */
    struct kithp_slots from_slots;
    struct kithp_slots to_slots;
    int8_t tier[KITHP_TIERS_MOST]; /* by tier of `from`; -1 where it is gone */
    int8_t kind[KITHP_KINDS_MOST]; /* by kind of `from`; -1 where it is gone */
    struct kithp_slot_numbers from_numbers;
    int16_t slot[KITHP_FILE_SLOTS]; /* by slot of a file, the one of `to`; KITHP_SLOT_NONE where it is gone */
    /* What was met, to be judged in the end. */
    uint32_t members_of_tier[KITHP_TIERS_MOST]; /* that hold it, held it before, or are pinned to it */
    bool reported_tier[KITHP_TIERS_MOST];       /* a review that has not been handed out yet names it */
    bool counted_kind[KITHP_KINDS_MOST];        /* an open week counts it */
    bool has_rows;                              /* an open week has any */
};

void kithp_exchange_init(struct kithp_exchange *exchange, const struct kithp_figures *from,
                         const struct kithp_figures *to);

/* The tier's new place; 0, the lowest, where it is gone. */
uint8_t kithp_exchange_tier(const struct kithp_exchange *exchange, uint8_t tier);

/* Notes the tiers that one member holds, held and is pinned to; each but once. */
void kithp_exchange_meet_tiers(struct kithp_exchange *exchange, uint8_t held, uint8_t before, uint8_t pinned_plus_one);

/* Whether the one policy can take the place of the other for all that was met; says why not. */
kith_status kithp_exchange_judge(const struct kithp_exchange *exchange, const char *file, kith_error *error);

/* Whether the calendars are the same; to be asked once an event is known. */
kith_status kithp_exchange_check_calendar(const struct kithp_exchange *exchange, const char *file, kith_error *error);

#endif
