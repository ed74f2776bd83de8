/* SPDX-License-Identifier: MIT */
/* What a member keeps from week to week: the whole of its past, as far as a review needs it. */
#ifndef KITHP_REVIEW_CARRIED_H
#define KITHP_REVIEW_CARRIED_H

#include "base/chunks.h"
#include "policy/policy.h"
#include "tally/members.h"

enum { KITHP_RECENT_WEEKS = 4 };  /* active days and supporters look back over this one and three before */
enum { KITHP_OWN_DAYS_MOST = 2 }; /* no more are told apart */
enum {
    KITHP_FLAGS_ALL = KITH_FLAG_SILENT | KITH_FLAG_DORMANT | KITH_FLAG_DROP | KITH_FLAG_STALLED | KITH_FLAG_RETURNED |
                      KITH_FLAG_AT_RISK
};

/* No risk: the member is gone, on leave, or too little is known yet. */
#define KITHP_NO_RISK (-1)

/* How a member stood before its last review: what an explanation of that review needs, and cannot be had from it. */
struct kithp_before {
    int64_t remembered[KITH_DIMENSIONS]; /* R_d(w - 1) */
    uint64_t baseline;                   /* B: interactions over the baseline_weeks before */
    uint8_t baseline_weeks;
    uint8_t tier;
    uint8_t weeks_below;
    uint8_t reason_plus_one; /* KITH_CHANGE_… plus one where the review moved the member, else 0 */
    /* What the application had decided by then: it may have changed its mind since. */
    uint8_t pinned;   /* 1 where the tier was the pinned one */
    uint8_t left_out; /* 1 where it was left out of means, counts and risk */
};

struct kithp_carried {
    int64_t remembered[KITH_DIMENSIONS];     /* R_d, in thousandths of a point, 0 … 2^40 */
    int64_t joined;                          /* KITH_NO_TIME until a week in which an event names it is reviewed */
    int64_t last_seen;                       /* latest own event, or KITH_NO_TIME */
    uint32_t leave_end;                      /* day on which the longest leave ends, plus one; 0 where there is none */
    uint32_t active_days_mask;               /* a bit a day of the recent weeks, this week's in the lowest seven */
    uint16_t supporters[KITHP_RECENT_WEEKS]; /* this week's first */
    uint16_t score;                          /* hundredths */
    uint16_t dimensions[KITH_DIMENSIONS];    /* S_d, hundredths */
    int16_t risk;                            /* hundredths of a percent, or KITHP_NO_RISK */
    uint16_t acted;                          /* bit i is set where it had an own event i weeks ago */
    uint16_t on_leave;                       /* bit i is set where it was on leave i weeks ago */
    uint8_t weeks_known;                     /* reviews before this one; stops at 255 */
    uint8_t own_days;                        /* days with an own event so far; stops at KITHP_OWN_DAYS_MOST */
    uint8_t baseline_weeks;                  /* reviews without leave behind it; stops at drop_baseline_weeks */
    uint8_t baseline_next;                   /* where the next of them goes */
    uint8_t tier;
    uint8_t weeks_below;
    uint8_t flags;        /* KITH_FLAG_… */
    uint8_t flags_before; /* at the review before */
    uint8_t stage;        /* KITH_STAGE_… */
    uint8_t pinned;       /* the tier that the application has pinned, plus one; 0 for none */
    uint8_t counts;       /* KITH_BY_POLICY, KITH_LEFT_OUT or KITH_COUNTED */
    bool left_out;        /* of means, counts and risk: what `counts` and the policy come to */
    struct kithp_before before;
};

/* Carried states of all members, by index, and for each the interactions of its latest drop_baseline_weeks. */
struct kithp_carried_states {
    const struct kithp_figures *figures;
    const struct kithp_members *members; /* whose names the policy's patterns are held against; NULL for no names */
    struct kithp_chunks states;
    struct kithp_chunks baselines; /* uint32_t[drop_baseline_weeks], a ring */
};

/* The state of a member before its first review. */
extern const struct kithp_carried kithp_carried_first;

/* No memory is taken yet. Whatever is given must outlive it; members may be NULL. */
void kithp_carried_init(struct kithp_carried_states *all, const kith_allocator *allocator,
                        const struct kithp_figures *figures, const struct kithp_members *members);
void kithp_carried_free(struct kithp_carried_states *all);

/* Makes states for the first `count` members. False where there is no memory: those there were are as they were. */
bool kithp_carried_extend(struct kithp_carried_states *all, uint32_t count);

/* Whether a member is left out, going by what the application has said of it (KITH_BY_POLICY …) and by the policy. */
bool kithp_carried_leaves_out(const struct kithp_carried_states *all, uint32_t member, uint8_t counts);

/* The state of one member that has none yet. */
struct kithp_carried kithp_carried_begin(const struct kithp_carried_states *all, uint32_t member);

/* Brings a member's state back to the first, as of somebody of whom nothing is known. */
void kithp_carried_reset(struct kithp_carried_states *all, uint32_t member);

/* Makes `copy`, which is initialised and empty, share all states as they are now. False where there is no memory. */
bool kithp_carried_share(struct kithp_carried_states *copy, const struct kithp_carried_states *all);

/*
 * Sees to it that one member's state, or all of them, can be changed without a copy noticing. False where there is no
 * memory: all are as they were.
 */
bool kithp_carried_own(struct kithp_carried_states *all, uint32_t member);
bool kithp_carried_own_all(struct kithp_carried_states *all);

/* Sees to it that a member has a state, which can be changed so. False where there is no memory: all are as they were.
 */
bool kithp_carried_make(struct kithp_carried_states *all, uint32_t member);

static inline struct kithp_carried *kithp_carried_of(const struct kithp_carried_states *all, uint32_t member)
{
    return kithp_chunks_at(&all->states, member);
}

static inline uint32_t *kithp_carried_baseline(const struct kithp_carried_states *all, uint32_t member)
{
    return kithp_chunks_at(&all->baselines, member);
}

#endif
