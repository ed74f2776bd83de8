/* SPDX-License-Identifier: MIT */
/* Many events from the application. */
#include "engine/add.h"

#include <string.h>

#include "base/error.h"
#include "base/versioned.h"
#include "engine/numbers.h"

uint32_t kithp_add_check(const kith_engine *engine, const struct kithp_add_bounds *bounds, struct kithp_event *event)
{
    if (event->kind == KITH_KIND_LEAVE)
        event->kind = KITHP_KIND_LEAVE;
    else if (event->kind >= engine->figures.kind_count)
        return KITH_REASON_KIND;
    if (event->quantity == 0 || event->quantity > KITHP_QUANTITY_MOST)
        return KITH_REASON_QUANTITY;
    if (event->time < bounds->earliest)
        return KITH_REASON_LATE;
    if (event->time > bounds->latest)
        return KITH_REASON_FUTURE;
    return KITH_REASON_NONE;
}

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

static kith_status check_events(const kith_events *events, kith_error *error)
{
    if (events->count > 0 && !events->time)
        return kithp_fail_argument(error, "events.time", "must not be NULL");
    if (events->count > 0 && !events->kind)
        return kithp_fail_argument(error, "events.kind", "must not be NULL");
    if (events->count > 0 && !events->member && !events->target)
        return kithp_fail_argument(error, "events.member", "must not be NULL where target is");
    if (events->reserved != 0)
        return kithp_fail_argument(error, "events.reserved", "expected 0");
    if (events->sequence && !kithp_sequences_is_source(events->source))
        return kithp_fail_argument(error, "events.source",
                                   "expected 1 to 255 bytes of UTF-8 where there is a sequence");
    return KITH_OK;
}

/* Only to be asked when strides are set. */
static kith_status check_event_ids(const kith_events *events, kith_error *error)
{
    for (uint64_t i = 0; events->event_id && i < events->count; i++) {
        kith_text id = read_text(events->event_id, events->event_id_stride, i);
        if (!id.data && id.length > 0)
            return kithp_fail_argument(error, "events.event_id", "must not be NULL where it has a length");
    }
    return KITH_OK;
}

static void set_strides(kith_events *events)
{
    if (events->time_stride == 0)
        events->time_stride = sizeof *events->time;
    if (events->member_stride == 0)
        events->member_stride = sizeof *events->member;
    if (events->kind_stride == 0)
        events->kind_stride = sizeof *events->kind;
    if (events->target_stride == 0)
        events->target_stride = sizeof *events->target;
    if (events->quantity_stride == 0)
        events->quantity_stride = sizeof *events->quantity;
    if (events->sequence_stride == 0)
        events->sequence_stride = sizeof *events->sequence;
    if (events->event_id_stride == 0)
        events->event_id_stride = sizeof *events->event_id;
}

/* ---- members ---- */

bool kithp_add_knows(const kith_engine *engine, uint64_t id, uint64_t nobody)
{
    uint32_t index;
    return !engine->members.named || id == nobody || kithp_engine_index_of(engine, id, &index);
}

bool kithp_add_find(kith_engine *engine, uint64_t id, uint64_t nobody, uint32_t *index)
{
    *index = KITHP_NOBODY;
    if (id == nobody)
        return true;
    if (!engine->members.named)
        return kithp_members_find_id(&engine->members, id, index);
    (void)kithp_engine_index_of(engine, id, index);
    return true;
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

/* ---- block by block ---- */

/* One call of kith_engine_add(). */
struct call {
    kith_engine *engine;
    const kith_events *events;
    kith_added *added;
    kith_error *error;
    struct kithp_add_bounds bounds;
    struct kithp_numbers numbers;
};

/* A run of events that are added together. */
struct block {
    struct kithp_event events[KITHP_TALLY_BLOCK];
    uint8_t reasons[KITHP_TALLY_BLOCK];
    size_t looked_at;
    size_t good;
    uint64_t behind; /* the number that reading stopped at, as it comes too late; else 0 */
};

/* What becomes of an event. */
enum fate { TAKEN, LEFT_OUT, OUT_OF_ORDER, NO_MEMORY };

/* By its number, which may say that it was dealt with before. */
static enum fate look_at_number(struct call *call, uint64_t index, struct block *block, uint8_t *reason)
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
static enum fate look_at_id(struct call *call, uint64_t index, int64_t time, uint8_t *reason)
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

/* Reads and checks one event; where it is taken, its members are known from then on. */
static enum fate read_event(struct call *call, uint64_t index, struct kithp_event *event, uint8_t *reason)
{
    kith_engine *engine = call->engine;
    const kith_events *events = call->events;
    uint64_t nobody = events->nobody;
    event->time = read_time(events->time, events->time_stride, index);
    event->kind = read_number(events->kind, events->kind_stride, index, 0);
    event->quantity = read_number(events->quantity, events->quantity_stride, index, 1);
    uint64_t member = read_id(events->member, events->member_stride, index, nobody);
    uint64_t target = read_id(events->target, events->target_stride, index, nobody);
    *reason = (uint8_t)check_event(engine, &call->bounds, event, member, target, nobody);
    if (*reason != KITH_REASON_NONE)
        return LEFT_OUT;
    if (events->event_id) {
        enum fate fate = look_at_id(call, index, event->time, reason);
        if (fate != TAKEN)
            return fate;
    }
    bool found = kithp_add_find(engine, member, nobody, &event->member) &&
                 kithp_add_find(engine, target, nobody, &event->target);
    return found ? TAKEN : NO_MEMORY;
}

/* Asks for what finding the members of some events will read. Of a named engine, ids are indexes, and nothing is found.
 */
static void look_ahead(const struct call *call, uint64_t begin, size_t count)
{
    const kith_events *events = call->events;
    const struct kithp_members *members = &call->engine->members;
    uint32_t tags[2 * KITHP_TALLY_BLOCK];
    size_t tag_count = 0;
    for (size_t i = 0; i < count && !members->named; i++) {
        uint64_t member = read_id(events->member, events->member_stride, begin + i, events->nobody);
        uint64_t target = read_id(events->target, events->target_stride, begin + i, events->nobody);
        if (member != events->nobody)
            tags[tag_count++] = kithp_members_tag_of_id(members, member);
        if (target != events->nobody)
            tags[tag_count++] = kithp_members_tag_of_id(members, target);
    }
    kithp_members_prefetch(members, tags, tag_count);
}

/* Reads and checks up to a block of events from `begin` on. False where there is no memory. */
static bool read_block(struct call *call, uint64_t begin, struct block *block)
{
    uint64_t left = call->events->count - begin;
    size_t count = left < KITHP_TALLY_BLOCK ? (size_t)left : KITHP_TALLY_BLOCK;
    block->good = 0;
    block->behind = 0;
    look_ahead(call, begin, count);
    for (block->looked_at = 0; block->looked_at < count; block->looked_at++) {
        uint64_t index = begin + block->looked_at;
        uint8_t *reason = &block->reasons[block->looked_at];
        enum fate fate = call->events->sequence ? look_at_number(call, index, block, reason) : TAKEN;
        if (fate == TAKEN)
            fate = read_event(call, index, &block->events[block->good], reason);
        if (fate == NO_MEMORY)
            return false;
        if (fate == OUT_OF_ORDER)
            return true;
        block->good += fate == TAKEN;
    }
    return true;
}

static void count_left_out(struct call *call, uint8_t reason)
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

static void count_block(struct call *call, const struct block *block)
{
    kith_added *added = call->added;
    if (added->reasons && block->looked_at > 0)
        memcpy(added->reasons + added->read, block->reasons, block->looked_at);
    added->read += block->looked_at;
    added->taken += block->good;
    for (size_t i = 0; block->good < block->looked_at && i < block->looked_at; i++)
        count_left_out(call, block->reasons[i]);
}

static kith_status add_blocks(struct call *call)
{
    enum { BLOCKS_BETWEEN_PROGRESS = 256 };
    kith_engine *engine = call->engine;
    uint64_t count = call->events->count;
    struct block block;
    for (uint64_t blocks = 0; call->added->read < count; blocks++) {
        if (blocks % BLOCKS_BETWEEN_PROGRESS == 0 && kithp_engine_progress(engine, call->added->read, count))
            return kithp_fail(call->error, KITH_CANCELLED, NULL, "cancelled");
        kith_status status = kithp_tally_settle(&engine->tally, call->error);
        if (status != KITH_OK)
            return status;
        struct kithp_engine_mark before = kithp_engine_mark(engine);
        if (!read_block(call, call->added->read, &block) || !kithp_engine_take(engine, block.events, block.good))
            return kithp_engine_give_up(engine, before, call->error);
        kithp_numbers_keep(&call->numbers);
        count_block(call, &block);
        if (block.behind > 0)
            return kithp_numbers_fail(&call->numbers, block.behind, call->error);
    }
    return KITH_OK;
}

static kith_status add_all(struct call *call)
{
    if (!call->events->sequence)
        kithp_numbers_begin_without(&call->numbers);
    else if (!kithp_numbers_begin(&call->numbers, call->engine, call->events->source))
        return kithp_fail_memory(call->error);
    kith_status status = add_blocks(call);
    kithp_numbers_end(&call->numbers);
    return status;
}

kith_status kith_engine_add(kith_engine *engine, const kith_events *events, kith_added *added, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    kith_events read;
    kith_status status = kithp_versioned_read(&read, sizeof read, events, sizeof read, "events", error);
    if (status != KITH_OK)
        return status;
    status = check_events(&read, error);
    if (status != KITH_OK)
        return status;
    if (added) {
        status = kithp_versioned_check(added, sizeof *added, "added", error);
        if (status != KITH_OK)
            return status;
    }
    set_strides(&read);
    status = check_event_ids(&read, error);
    if (status != KITH_OK)
        return status;
    kith_added own = {.reasons = added ? added->reasons : NULL};
    struct call call = {
        .engine = engine, .events = &read, .added = &own, .error = error, .bounds = kithp_add_bounds(engine)};
    status = add_all(&call);
    if (added)
        kithp_versioned_write(added, &own, sizeof own);
    return status;
}
