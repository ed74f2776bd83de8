/* SPDX-License-Identifier: MIT */
#include "tally/plan.h"

/* A slot, or KITHP_SLOT_NONE, which has all bits set. */
static inline int16_t slot_if(bool credits, int16_t slot)
{
    return (int16_t)(slot | -(int)!credits);
}

/* The touches of an event, without jumps that cannot be foreseen: whether it has a target is anybody's guess. */
static inline struct kithp_touch *list_touches(const struct kithp_kind_slots *kind, const struct kithp_event *event,
                                               uint32_t second, struct kithp_touch *next)
{
    /* What is aimed at oneself is activity, but credits nobody. */
    bool credits = event->member != event->target;
    *next = (struct kithp_touch){
        .member = event->member,
        .second = second,
        .quantity = event->quantity,
        .slot = slot_if(credits, kind->gives_whole),
        .days = (uint8_t)(1U << second / KITHP_SECONDS_A_DAY),
    };
    next += event->member != KITHP_NOBODY;
    *next = (struct kithp_touch){
        .member = event->target,
        .second = second,
        .quantity = event->quantity,
        .slot = slot_if(credits, kind->receives_whole),
    };
    return next + (event->target != KITHP_NOBODY);
}

/* Likewise without jumps. */
static inline struct kithp_deed *list_deed(const struct kithp_kind_slots *kind, const struct kithp_event *event,
                                           size_t touch, struct kithp_deed *next)
{
    unsigned acts = event->member != KITHP_NOBODY, aimed = event->target != KITHP_NOBODY;
    unsigned credits = kind->pairs & (event->member != event->target);
    unsigned what = credits * (acts * KITHP_DEED_GIVES | aimed * KITHP_DEED_RECEIVES);
    what |= kind->leave * acts * KITHP_DEED_LEAVE;
    *next = (struct kithp_deed){(uint32_t)touch, (uint16_t)event->kind, (uint16_t)what};
    return next + (what != 0);
}

size_t kithp_plan_week(const struct kithp_slots *slots, int64_t begin, const struct kithp_event *events, size_t count,
                       struct kithp_touch *touches, struct kithp_deed *deeds, struct kithp_steps *steps)
{
    struct kithp_touch *touch = touches;
    struct kithp_deed *deed = deeds;
    size_t planned = 0;
    for (; planned < count; planned++) {
        const struct kithp_event *event = &events[planned];
        uint64_t second = (uint64_t)event->time - (uint64_t)begin;
        if (second >= KITHP_SECONDS_A_WEEK)
            break;
        const struct kithp_kind_slots *kind = &slots->kinds[event->kind];
        deed = list_deed(kind, event, (size_t)(touch - touches), deed);
        touch = list_touches(kind, event, (uint32_t)second, touch);
    }
    steps->touches = touches;
    steps->deeds = deeds;
    steps->touch_count = (uint32_t)(touch - touches);
    steps->deed_count = (uint32_t)(deed - deeds);
    return planned;
}

static void find_span(struct kithp_plan *plan, const struct kithp_event *events)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < plan->events; i++) {
        first = events[i].time < first ? events[i].time : first;
        last = events[i].time > last ? events[i].time : last;
    }
    plan->first = first;
    plan->last = last;
}

void kithp_plan_make(struct kithp_plan *plan, const struct kithp_slots *slots, const struct kithp_calendar *calendar,
                     const struct kithp_event *events, size_t count)
{
    struct kithp_touch *touches = plan->touches;
    struct kithp_deed *deeds = plan->deeds;
    plan->count = 0;
    plan->events = count;
    for (size_t planned = 0; planned < count;) {
        struct kithp_steps *steps = &plan->steps[plan->count++];
        steps->week = kithp_calendar_week(calendar, events[planned].time);
        int64_t begin = kithp_calendar_begin(calendar, steps->week);
        planned += kithp_plan_week(slots, begin, events + planned, count - planned, touches, deeds, steps);
        touches += steps->touch_count;
        deeds += steps->deed_count;
    }
    find_span(plan, events);
}
