/* SPDX-License-Identifier: MIT */
#include "engine/add_block.h"

#include <string.h>

_Static_assert((int)KITHP_ADD_BLOCK <= (int)KITHP_TALLY_BLOCK, "a block is added all or not at all");

/* ---- values as they lie ---- */

static const unsigned char *at(const void *first, int64_t stride, uint64_t index)
{
    return (const unsigned char *)first + stride * (int64_t)index;
}

/* A value that need not be aligned, or what stands for it where the field is missing. */
static uint64_t read_id(const uint64_t *first, int64_t stride, uint64_t index, uint64_t missing)
{
    if (!first)
        return missing;
    uint64_t id;
    memcpy(&id, at(first, stride, index), sizeof id);
    return id;
}

static uint32_t read_number(const uint32_t *first, int64_t stride, uint64_t index, uint32_t missing)
{
    if (!first)
        return missing;
    uint32_t number;
    memcpy(&number, at(first, stride, index), sizeof number);
    return number;
}

static int64_t read_time(const int64_t *first, int64_t stride, uint64_t index)
{
    int64_t time;
    memcpy(&time, at(first, stride, index), sizeof time);
    return time;
}

static kith_text read_text(const kith_text *first, int64_t stride, uint64_t index)
{
    kith_text text = {NULL, 0};
    if (first)
        memcpy(&text, at(first, stride, index), sizeof text);
    return text;
}

static uint32_t check_event(const kith_engine *engine, const struct kithp_add_bounds *bounds, struct kithp_event *event,
                            uint64_t member, uint64_t target, uint64_t nobody)
{
    if (!kithp_add_is_time(event->time))
        return KITH_REASON_TIME;
    if (!kithp_add_knows(engine, member, nobody) || (member == nobody && target == nobody))
        return KITH_REASON_MEMBER;
    if (!kithp_add_knows(engine, target, nobody))
        return KITH_REASON_TARGET;
    return kithp_add_check(engine, bounds, event);
}

/* What becomes of an event. */
enum fate { TAKEN, LEFT_OUT, OUT_OF_ORDER, NO_MEMORY };

/* By its number, which may say that it was dealt with before. */
static enum fate look_at_number(struct kithp_add_call *call, uint64_t index, struct kithp_add_block *block,
                                uint8_t *reason)
{
    const kith_events *events = call->events;
    uint64_t number = read_id(events->sequence, events->sequence_stride, index, 0);
    switch (kithp_numbers_deal_with(&call->numbers, number)) {
    case KITHP_SEQUENCE_TAKEN:
        *reason = KITH_REASON_SKIPPED;
        return LEFT_OUT;
    case KITHP_SEQUENCE_BEHIND:
        block->behind = number;
        return OUT_OF_ORDER;
    case KITHP_SEQUENCE_NEW:
        break;
    }
    return TAKEN;
}

/* By its id, which may say that it was taken before. */
static enum fate look_at_id(struct kithp_add_call *call, uint64_t index, int64_t time, uint8_t *reason)
{
    const kith_events *events = call->events;
    kith_text id = read_text(events->event_id, events->event_id_stride, index);
    enum kithp_id_outcome outcome = kithp_engine_take_id(call->engine, id, time);
    if (outcome == KITHP_ID_NO_MEMORY)
        return NO_MEMORY;
    if (outcome == KITHP_ID_TAKEN)
        return TAKEN;
    *reason = KITH_REASON_SKIPPED;
    return LEFT_OUT;
}

/* Reads and checks the event that may be the block's next good one. */
static enum fate read_event(struct kithp_add_call *call, uint64_t index, struct kithp_add_block *block, uint8_t *reason)
{
    const kith_events *events = call->events;
    struct kithp_event *event = &block->events[block->good];
    uint64_t nobody = events->nobody;
    uint64_t member = read_id(events->member, events->member_stride, index, nobody);
    uint64_t target = read_id(events->target, events->target_stride, index, nobody);
    event->time = read_time(events->time, events->time_stride, index);
    event->kind = read_number(events->kind, events->kind_stride, index, 0);
    event->quantity = read_number(events->quantity, events->quantity_stride, index, 1);
    *reason = (uint8_t)check_event(call->engine, &call->bounds, event, member, target, nobody);
    if (*reason != KITH_REASON_NONE)
        return LEFT_OUT;
    call->people.members[block->good] = member;
    call->people.targets[block->good] = target;
    return events->event_id ? look_at_id(call, index, event->time, reason) : TAKEN;
}

/* Finds who the good events are of; they are known from then on. False where there is no memory. */
static bool find_members(struct kithp_add_call *call, struct kithp_add_block *block)
{
    kith_engine *engine = call->engine;
    uint64_t nobody = call->events->nobody;
    for (size_t i = 0; i < block->good; i++)
        if (!kithp_add_find(engine, call->people.members[i], nobody, &block->events[i].member) ||
            !kithp_add_find(engine, call->people.targets[i], nobody, &block->events[i].target))
            return false;
    return true;
}

/* The same by numbers: what finding them reads has been asked for, so that the misses of all overlap. */
static bool find_numbered(struct kithp_add_call *call, struct kithp_add_block *block)
{
    struct kithp_members *members = &call->engine->members;
    uint64_t nobody = call->events->nobody;
    for (size_t i = 0; i < block->good; i++) {
        struct kithp_event *event = &block->events[i];
        event->member = event->target = KITHP_NOBODY;
        if (call->people.members[i] != nobody &&
            !kithp_members_find_hashed(members, call->people.hashes[0][i], call->people.members[i], &event->member))
            return false;
        if (call->people.targets[i] != nobody &&
            !kithp_members_find_hashed(members, call->people.hashes[1][i], call->people.targets[i], &event->target))
            return false;
    }
    return true;
}

/* Asks for what finding the members of the block's next good event will read. */
static inline void look_ahead(struct kithp_add_call *call, const struct kithp_add_block *block)
{
    const struct kithp_members *members = &call->engine->members;
    size_t at = block->good;
    if (call->people.members[at] != call->events->nobody) {
        call->people.hashes[0][at] = kithp_members_hash_of_id(members, call->people.members[at]);
        kithp_members_prefetch_id(members, call->people.hashes[0][at]);
    }
    if (call->people.targets[at] != call->events->nobody) {
        call->people.hashes[1][at] = kithp_members_hash_of_id(members, call->people.targets[at]);
        kithp_members_prefetch_id(members, call->people.hashes[1][at]);
    }
}

/* What becomes of one event, as far as that does not hang on memory for its members. */
static enum fate look_at_event(struct kithp_add_call *call, uint64_t index, struct kithp_add_block *block,
                               uint8_t *reason)
{
    enum fate fate = call->events->sequence ? look_at_number(call, index, block, reason) : TAKEN;
    if (fate == TAKEN)
        fate = read_event(call, index, block, reason);
    if (fate == TAKEN && !call->engine->members.named)
        look_ahead(call, block);
    return fate;
}

/* Reads and checks `count` events from `begin` on. False where there is no memory. */
static bool read_events(struct kithp_add_call *call, uint64_t begin, size_t count, struct kithp_add_block *block)
{
    for (; block->looked_at < count; block->looked_at++) {
        enum fate fate = look_at_event(call, begin + block->looked_at, block, &block->reasons[block->looked_at]);
        if (fate == NO_MEMORY)
            return false;
        if (fate == OUT_OF_ORDER)
            return true;
        block->good += fate == TAKEN;
    }
    return true;
}

/* Where values of one field lie; one that is missing is the same for all events. */
struct field {
    const unsigned char *at;
    int64_t stride;
};

static struct field field_of(const void *first, int64_t stride, const void *missing, uint64_t begin)
{
    if (!first)
        return (struct field){missing, 0};
    return (struct field){at(first, stride, begin), stride};
}

#define TAKE(field, value)                                                                                             \
    do {                                                                                                               \
        memcpy(&(value), (field).at, sizeof(value));                                                                   \
        (field).at += (field).stride;                                                                                  \
    } while (0)

/*
 * The same for events of numbered members that have neither numbers nor ids, which is what most calls bring: what is
 * good is seen at once, and goes one way; whatever is not quite so is left to the other.
 */
static void read_plain_events(struct kithp_add_call *call, uint64_t begin, size_t count, struct kithp_add_block *block)
{
    const kith_events *events = call->events;
    const uint64_t nobody = events->nobody;
    const uint32_t one = 1, kinds = call->engine->figures.kind_count;
    const int64_t earliest = call->bounds.earliest > 0 ? call->bounds.earliest : 0;
    const int64_t latest = call->bounds.latest < KITHP_TIME_MOST ? call->bounds.latest : KITHP_TIME_MOST;
    struct field times = field_of(events->time, events->time_stride, NULL, begin);
    struct field all_kinds = field_of(events->kind, events->kind_stride, NULL, begin);
    struct field members = field_of(events->member, events->member_stride, &nobody, begin);
    struct field targets = field_of(events->target, events->target_stride, &nobody, begin);
    struct field quantities = field_of(events->quantity, events->quantity_stride, &one, begin);
    for (; block->looked_at < count; block->looked_at++) {
        struct kithp_event *event = &block->events[block->good];
        uint64_t member, target;
        TAKE(times, event->time);
        TAKE(all_kinds, event->kind);
        TAKE(members, member);
        TAKE(targets, target);
        TAKE(quantities, event->quantity);
        uint8_t *reason = &block->reasons[block->looked_at];
        if (event->time < earliest || event->time > latest || event->kind >= kinds ||
            event->quantity - 1 >= KITHP_QUANTITY_MOST || (member == nobody && target == nobody)) {
            block->good += look_at_event(call, begin + block->looked_at, block, reason) == TAKEN;
            continue;
        }
        *reason = KITH_REASON_NONE;
        call->people.members[block->good] = member;
        call->people.targets[block->good] = target;
        look_ahead(call, block);
        block->good++;
    }
}

#undef TAKE

bool kithp_add_read_block(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block)
{
    uint64_t left = call->events->count - begin;
    size_t count = left < KITHP_ADD_BLOCK ? (size_t)left : KITHP_ADD_BLOCK;
    bool named = call->engine->members.named;
    block->good = block->looked_at = 0;
    block->behind = 0;
    block->before = kithp_engine_mark(call->engine);
    if (!named && kithp_add_is_plain(call->events))
        read_plain_events(call, begin, count, block);
    else if (!read_events(call, begin, count, block))
        return false;
    return named ? find_members(call, block) : find_numbered(call, block);
}

static void count_left_out(struct kithp_add_call *call, uint8_t reason)
{
    if (reason == KITH_REASON_NONE)
        return;
    if (reason == KITH_REASON_SKIPPED) {
        call->added->skipped++;
        call->engine->totals.skipped++;
        return;
    }
    call->added->rejected++;
    call->added->rejected_by_reason[reason]++;
    kithp_engine_count_reject(call->engine, reason);
}

void kithp_add_count_block(struct kithp_add_call *call, const struct kithp_add_block *block)
{
    kith_added *added = call->added;
    if (added->reasons && block->looked_at > 0)
        memcpy(added->reasons + added->read, block->reasons, block->looked_at);
    added->read += block->looked_at;
    added->taken += block->good;
    for (size_t i = 0; block->good < block->looked_at && i < block->looked_at; i++)
        count_left_out(call, block->reasons[i]);
}
