/* SPDX-License-Identifier: MIT */
/*
 * What events will do to rows and pairs: all of it that follows from the events and the policy, whatever the weeks
 * hold. So it can be worked out by another thread than the one that changes the weeks.
 */
#ifndef KITHP_TALLY_PLAN_H
#define KITHP_TALLY_PLAN_H

#include "tally/event.h"
#include "tally/slots.h"

/* Events that are added all or not at all. */
enum { KITHP_TALLY_BLOCK = 256 };

/* What an event does to one row: that of its member, or of its target. */
struct kithp_touch {
    uint32_t member;
    uint32_t second; /* into the week */
    uint32_t quantity;
    int16_t slot; /* that the quantity is added to, or KITHP_SLOT_NONE; where there is `each`, a deed adds it */
    uint8_t days; /* as in a row, for an own event; else 0 */
};

/*
 * What an event does beside that: as one of a kind whose pairs must be known, it credits its member, its target, or
 * both, who are then a pair; or it is a leave.
 */
enum { KITHP_DEED_GIVES = 1, KITHP_DEED_RECEIVES = 2, KITHP_DEED_PAIR = 3, KITHP_DEED_LEAVE = 4 };

/* With its touches, all of an event that is needed: there is nothing else for another thread to read. */
struct kithp_deed {
    uint32_t touch; /* the first of those of the event: its member's, and behind it the target's, if it has both */
    uint16_t kind;
    uint16_t what;
};

/* What events that follow one another and fall in the same week do to it. */
struct kithp_steps {
    int64_t week; /* its number */
    const struct kithp_touch *touches;
    const struct kithp_deed *deeds;
    uint32_t touch_count;
    uint32_t deed_count;
};

struct kithp_plan {
    size_t events; /* how many, and when the earliest and the latest happened */
    int64_t first;
    int64_t last;
    size_t count; /* of the steps */
    struct kithp_steps steps[KITHP_TALLY_BLOCK];
    struct kithp_touch touches[2 * KITHP_TALLY_BLOCK];
    struct kithp_deed deeds[KITHP_TALLY_BLOCK];
};

/*
 * Plans events from the first on as long as they fall in the week that begins at a second, and returns how many did.
 * Touches and deeds, which the steps point to, have room for two and one an event. Sets all of steps but the week.
 */
size_t kithp_plan_week(const struct kithp_slots *slots, int64_t begin, const struct kithp_event *events, size_t count,
                       struct kithp_touch *touches, struct kithp_deed *deeds, struct kithp_steps *steps);

/* Plans up to KITHP_TALLY_BLOCK events. */
void kithp_plan_make(struct kithp_plan *plan, const struct kithp_slots *slots, const struct kithp_calendar *calendar,
                     const struct kithp_event *events, size_t count);

#endif
