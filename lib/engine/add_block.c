/* SPDX-License-Identifier: MIT */
#include "engine/add_block.h"

#include <string.h>

_Static_assert((int)KITHP_ADD_BLOCK <= (int)KITHP_TALLY_BLOCK, "a block is added all or not at all");

/* ---- values as they lie ---- */

static const unsigned char *at(const void *first, int64_t stride, uint64_t index)
{
    return (const unsigned char *)first + stride * (int64_t)index;
}

/* Reads a value, which need not be aligned; where the field is missing, it stays what it is. */
static void read_value(void *value, size_t size, const void *first, int64_t stride, uint64_t index)
{
    if (first)
        memcpy(value, at(first, stride, index), size);
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
    uint64_t number = 0;
    read_value(&number, sizeof number, events->sequence, events->sequence_stride, index);
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
    kith_text id = {NULL, 0};
    read_value(&id, sizeof id, events->event_id, events->event_id_stride, index);
    enum kithp_id_outcome outcome = kithp_engine_take_id(call->engine, id, time);
    if (outcome == KITHP_ID_NO_MEMORY)
        return NO_MEMORY;
    if (outcome == KITHP_ID_TAKEN)
        return TAKEN;
    *reason = KITH_REASON_SKIPPED;
    return LEFT_OUT;
}

/*
 * Whose event it is, in an engine of numbered members, as far as that shows at once; without a jump. Those found so far
 * to be strangers are `count`; returns how many they are then.
 */
static inline size_t find_numbered(struct kithp_add_strangers *strangers, size_t count,
                                   const struct kithp_members *members, uint64_t nobody, uint64_t id, uint32_t *place)
{
    bool somebody = id != nobody;
    uint32_t index = kithp_members_look_up_small(members, id);
    strangers->ids[count] = id;
    strangers->places[count] = place;
    *place = somebody ? index : KITHP_NOBODY;
    return count + (size_t)(somebody & (index == KITHP_NOBODY));
}

/* Finds the members of a good event by ids that have been checked. */
static void find_people(struct kithp_add_call *call, struct kithp_event *event, uint64_t member, uint64_t target)
{
    const struct kithp_members *members = &call->engine->members;
    uint64_t nobody = call->events->nobody;
    if (!members->named) {
        struct kithp_add_strangers *strangers = &call->strangers;
        size_t count = find_numbered(strangers, strangers->count, members, nobody, member, &event->member);
        strangers->count = find_numbered(strangers, count, members, nobody, target, &event->target);
        return;
    }
    /* Of named members, only those that are known have ids. */
    event->member = event->target = KITHP_NOBODY;
    (void)(member == nobody || kithp_engine_index_of(call->engine, member, &event->member));
    (void)(target == nobody || kithp_engine_index_of(call->engine, target, &event->target));
}

/* Finds the strangers, in the order in which they were named; they are known from then on. False: there is no memory.
 */
static bool find_strangers(struct kithp_add_call *call)
{
    struct kithp_members *members = &call->engine->members;
    struct kithp_add_strangers *strangers = &call->strangers;
    for (size_t i = 0; i < strangers->count; i++) {
        strangers->hashes[i] = kithp_members_hash_of_id(members, strangers->ids[i]);
        kithp_members_prefetch_id(members, strangers->hashes[i]);
    }
    for (size_t i = 0; i < strangers->count; i++)
        if (!kithp_members_find_hashed(members, strangers->hashes[i], strangers->ids[i], strangers->places[i]))
            return false;
    return true;
}

/* Reads and checks the event that may be the block's next good one. */
static enum fate read_event(struct kithp_add_call *call, uint64_t index, struct kithp_add_block *block, uint8_t *reason)
{
    const kith_events *events = call->events;
    struct kithp_event *event = &block->events[block->good];
    uint64_t nobody = events->nobody;
    uint64_t member = nobody, target = nobody;
    event->quantity = 1;
    read_value(&member, sizeof member, events->member, events->member_stride, index);
    read_value(&target, sizeof target, events->target, events->target_stride, index);
    read_value(&event->time, sizeof event->time, events->time, events->time_stride, index);
    read_value(&event->kind, sizeof event->kind, events->kind, events->kind_stride, index);
    read_value(&event->quantity, sizeof event->quantity, events->quantity, events->quantity_stride, index);
    *reason = (uint8_t)check_event(call->engine, &call->bounds, event, member, target, nobody);
    if (*reason != KITH_REASON_NONE)
        return LEFT_OUT;
    enum fate fate = events->event_id ? look_at_id(call, index, event->time, reason) : TAKEN;
    if (fate == TAKEN)
        find_people(call, event, member, target);
    return fate;
}

/* What becomes of one event, as far as that does not hang on memory for its members. */
static enum fate look_at_event(struct kithp_add_call *call, uint64_t index, struct kithp_add_block *block,
                               uint8_t *reason)
{
    enum fate fate = call->events->sequence ? look_at_number(call, index, block, reason) : TAKEN;
    if (fate == TAKEN)
        fate = read_event(call, index, block, reason);
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

static void *take(struct field *field, void *value, size_t size)
{
    memcpy(value, field->at, size);
    field->at += field->stride;
    return value;
}

#define TAKE(field, value) ((void)take(&(field), &(value), sizeof(value)))

/* Asks for what finding small ids will read. */
static void look_ahead(const struct kithp_members *members, struct field ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t id;
        TAKE(ids, id);
        kithp_members_prefetch_small(members, id);
    }
}

/*
 * The same for events of numbered members that have neither numbers nor ids, which is what most calls bring: what is
 * good is seen at once, and goes one way; whatever is not quite so is left to the other.
 */
static void read_plain_events(struct kithp_add_call *call, uint64_t begin, size_t count, struct kithp_add_block *block)
{
    const kith_events *events = call->events;
    const struct kithp_members *known = &call->engine->members;
    struct kithp_add_strangers *strangers = &call->strangers;
    const uint64_t nobody = events->nobody;
    const uint32_t one = 1, kinds = call->engine->figures.kind_count;
    const int64_t earliest = call->bounds.earliest > 0 ? call->bounds.earliest : 0;
    const int64_t latest = call->bounds.latest < KITHP_TIME_MOST ? call->bounds.latest : KITHP_TIME_MOST;
    struct field times = field_of(events->time, events->time_stride, NULL, begin);
    struct field all_kinds = field_of(events->kind, events->kind_stride, NULL, begin);
    struct field members = field_of(events->member, events->member_stride, &nobody, begin);
    struct field targets = field_of(events->target, events->target_stride, &nobody, begin);
    struct field quantities = field_of(events->quantity, events->quantity_stride, &one, begin);
    look_ahead(known, members, count);
    look_ahead(known, targets, events->target ? count : 0);
    memset(block->reasons, KITH_REASON_NONE, count);
    /* Not counted in memory, where each would wait for the one before. */
    size_t good = 0, strange = 0;
    for (size_t i = 0; i < count; i++) {
        struct kithp_event *event = &block->events[good];
        uint64_t member, target;
        TAKE(times, event->time);
        TAKE(all_kinds, event->kind);
        TAKE(members, member);
        TAKE(targets, target);
        TAKE(quantities, event->quantity);
        if (event->time < earliest || event->time > latest || event->kind >= kinds ||
            event->quantity - 1 >= KITHP_QUANTITY_MOST || (member == nobody && target == nobody)) {
            block->good = good;
            strangers->count = strange;
            good += look_at_event(call, begin + i, block, &block->reasons[i]) == TAKEN;
            strange = strangers->count;
            continue;
        }
        strange = find_numbered(strangers, strange, known, nobody, member, &event->member);
        strange = find_numbered(strangers, strange, known, nobody, target, &event->target);
        good++;
    }
    strangers->count = strange;
    block->good = good;
    block->looked_at = count;
}

#undef TAKE

bool kithp_add_read_some(struct kithp_add_call *call, uint64_t begin, size_t count, struct kithp_add_block *block)
{
    call->strangers.count = 0;
    if (!call->engine->members.named && call->plain)
        read_plain_events(call, begin, count, block);
    else if (!read_events(call, begin, count, block))
        return false;
    if (!find_strangers(call))
        return false;
    kithp_engine_plan(call->engine, &block->plan, block->events, block->good);
    return true;
}

bool kithp_add_read_block(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block)
{
    return kithp_add_read_some(call, begin, kithp_add_begin_block(call, begin, block), block);
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
