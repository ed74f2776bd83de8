/* SPDX-License-Identifier: MIT */
/* Events from the application: one, or many at a time. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/engine.h"

/* What is the same for all events of a call. */
struct bounds {
    int64_t earliest;
    int64_t latest;
};

static struct bounds bounds_of(const kith_engine *engine)
{
    return (struct bounds){kithp_engine_earliest(engine), kithp_engine_latest(engine)};
}

static bool is_time(int64_t time)
{
    return time >= 0 && time <= KITHP_TIME_MOST;
}

/*
 * Why an event cannot be used, as far as that does not hang on its members; in the order of reasons before and after.
 * The application's number of a notice of leave becomes ours.
 */
static uint32_t check_values(const kith_engine *engine, const struct bounds *bounds, struct kithp_event *event)
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

/* ---- many ---- */

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
}

/* The index of an id; KITHP_NOBODY for nobody. False with reason set to NONE where there is no memory. */
static bool find_member(kith_engine *engine, uint64_t id, uint64_t nobody, uint32_t *index)
{
    *index = KITHP_NOBODY;
    return id == nobody || kithp_members_find_id(&engine->members, id, index);
}

/* Whether an id is nobody's, or one that the engine gave out. An engine of numbered members takes any. */
static bool is_known(const kith_engine *engine, uint64_t id, uint64_t nobody)
{
    uint32_t index;
    return !engine->members.named || id == nobody || kithp_engine_index_of(engine, id, &index);
}

static uint32_t check_event(const kith_engine *engine, const struct bounds *bounds, struct kithp_event *event,
                            uint64_t member, uint64_t target, uint64_t nobody)
{
    if (!is_time(event->time))
        return KITH_REASON_TIME;
    if (!is_known(engine, member, nobody) || (member == nobody && target == nobody))
        return KITH_REASON_MEMBER;
    if (!is_known(engine, target, nobody))
        return KITH_REASON_TARGET;
    return check_values(engine, bounds, event);
}

/* Sets the indexes of an event that has been checked. False where there is no memory. */
static bool set_members(kith_engine *engine, uint64_t member, uint64_t target, uint64_t nobody,
                        struct kithp_event *event)
{
    if (!engine->members.named)
        return find_member(engine, member, nobody, &event->member) &&
               find_member(engine, target, nobody, &event->target);
    event->member = event->target = KITHP_NOBODY;
    if (member != nobody)
        (void)kithp_engine_index_of(engine, member, &event->member);
    if (target != nobody)
        (void)kithp_engine_index_of(engine, target, &event->target);
    return true;
}

/* A run of events that are added together. */
struct block {
    struct kithp_event events[KITHP_TALLY_BLOCK];
    uint8_t reasons[KITHP_TALLY_BLOCK];
    size_t looked_at;
    size_t good;
};

/* Reads and checks up to a block of events from `begin` on. False where there is no memory. */
static bool read_block(kith_engine *engine, const kith_events *events, const struct bounds *bounds, uint64_t begin,
                       struct block *block)
{
    uint64_t left = events->count - begin;
    block->looked_at = left < KITHP_TALLY_BLOCK ? (size_t)left : KITHP_TALLY_BLOCK;
    block->good = 0;
    for (size_t i = 0; i < block->looked_at; i++) {
        uint64_t index = begin + i;
        struct kithp_event *event = &block->events[block->good];
        event->time = read_time(events->time, events->time_stride, index);
        event->kind = read_number(events->kind, events->kind_stride, index, 0);
        event->quantity = read_number(events->quantity, events->quantity_stride, index, 1);
        uint64_t member = read_id(events->member, events->member_stride, index, events->nobody);
        uint64_t target = read_id(events->target, events->target_stride, index, events->nobody);
        uint32_t reason = check_event(engine, bounds, event, member, target, events->nobody);
        block->reasons[i] = (uint8_t)reason;
        if (reason != KITH_REASON_NONE)
            continue;
        if (!set_members(engine, member, target, events->nobody, event))
            return false;
        block->good++;
    }
    return true;
}

static void count_block(const struct block *block, kith_added *added)
{
    if (added->reasons)
        memcpy(added->reasons + added->read, block->reasons, block->looked_at);
    added->read += block->looked_at;
    added->taken += block->good;
    added->rejected += block->looked_at - block->good;
    for (size_t i = 0; i < block->looked_at; i++)
        if (block->reasons[i] != KITH_REASON_NONE)
            added->rejected_by_reason[block->reasons[i]]++;
}

static kith_status add_blocks(kith_engine *engine, const kith_events *events, kith_added *added, kith_error *error)
{
    enum { BLOCKS_BETWEEN_PROGRESS = 256 };
    struct bounds bounds = bounds_of(engine);
    struct block block;
    for (uint64_t blocks = 0; added->read < events->count; blocks++) {
        if (blocks % BLOCKS_BETWEEN_PROGRESS == 0 && kithp_engine_progress(engine, added->read, events->count))
            return kithp_fail(error, KITH_CANCELLED, NULL, "cancelled");
        uint32_t members = kithp_members_count(&engine->members);
        if (!read_block(engine, events, &bounds, added->read, &block) ||
            !kithp_engine_take(engine, block.events, block.good))
            return kithp_engine_give_up(engine, members, error);
        count_block(&block, added);
    }
    return KITH_OK;
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
    kith_added own = {.reasons = added ? added->reasons : NULL};
    status = add_blocks(engine, &read, &own, error);
    if (added)
        kithp_versioned_write(added, &own, sizeof own);
    return status;
}

/* ---- one ---- */

static kith_status refuse(kith_error *error, uint32_t reason)
{
    static const char *const words[KITH_REASONS] = {
        [KITH_REASON_TIME] = "expected Unix seconds from 0 to 253370764799",
        [KITH_REASON_MEMBER] = "expected a member, a target or both, each a known id or 1 to 255 bytes of UTF-8",
        [KITH_REASON_TARGET] = "expected a known id, or 1 to 255 bytes of UTF-8",
        [KITH_REASON_KIND] = "expected the index of a kind of the policy, or KITH_KIND_LEAVE",
        [KITH_REASON_QUANTITY] = "expected a whole number from 1 to 1000000000",
        [KITH_REASON_LATE] = "falls in a week that has been reviewed",
        [KITH_REASON_FUTURE] = "lies further in the future than the engine's options allow",
    };
    bool is_of_time = reason == KITH_REASON_LATE || reason == KITH_REASON_FUTURE;
    struct kithp_place place = {
        .reason = reason,
        .field = is_of_time ? KITHP_TEXT("time") : kith_text_of(kith_reason_name(reason)),
    };
    return kithp_fail(error, KITH_REFUSED, &place, "%s", words[reason]);
}

/* One member of a single event: by name where there is one, else by id. */
struct person {
    uint64_t id;
    kith_text name;
};

static bool is_nobody(const struct person *person, uint64_t nobody)
{
    return person->name.length == 0 && person->id == nobody;
}

static bool is_usable(const kith_engine *engine, const struct person *person, uint64_t nobody)
{
    if (person->name.length == 0)
        return is_known(engine, person->id, nobody);
    return engine->members.named && person->name.data && person->name.length <= KITHP_MEMBER_NAME_MOST &&
           kithp_text_is_utf8(person->name);
}

static bool find_person(kith_engine *engine, const struct person *person, uint64_t nobody, uint32_t *index)
{
    if (person->name.length > 0)
        return kithp_members_find_name(&engine->members, person->name, index);
    if (!engine->members.named)
        return find_member(engine, person->id, nobody, index);
    *index = KITHP_NOBODY;
    if (person->id != nobody)
        (void)kithp_engine_index_of(engine, person->id, index);
    return true;
}

kith_status kith_engine_add_event(kith_engine *engine, const kith_event *event, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    kith_event read;
    kith_status status = kithp_versioned_read(&read, sizeof read, event, sizeof read, "event", error);
    if (status != KITH_OK)
        return status;
    if (read.reserved != 0)
        return kithp_fail_argument(error, "event.reserved", "expected 0");
    struct person member = {read.member, read.member_name};
    struct person target = {read.target, read.target_name};
    struct kithp_event own = {.time = read.time, .quantity = read.quantity, .kind = read.kind};
    struct bounds bounds = bounds_of(engine);

    if (!is_time(own.time))
        return refuse(error, KITH_REASON_TIME);
    if (!is_usable(engine, &member, read.nobody) ||
        (is_nobody(&member, read.nobody) && is_nobody(&target, read.nobody)))
        return refuse(error, KITH_REASON_MEMBER);
    if (!is_usable(engine, &target, read.nobody))
        return refuse(error, KITH_REASON_TARGET);
    uint32_t reason = check_values(engine, &bounds, &own);
    if (reason != KITH_REASON_NONE)
        return refuse(error, reason);
    uint32_t members = kithp_members_count(&engine->members);
    if (!find_person(engine, &member, read.nobody, &own.member) ||
        !find_person(engine, &target, read.nobody, &own.target) || !kithp_engine_take(engine, &own, 1))
        return kithp_engine_give_up(engine, members, error);
    return KITH_OK;
}
