/* SPDX-License-Identifier: MIT */
/* Many events from the application. */
#include "engine/add.h"

#include <string.h>

#include "base/error.h"
#include "base/versioned.h"
#include "engine/add_block.h"

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
        kith_text id;
        memcpy(&id, (const unsigned char *)events->event_id + events->event_id_stride * (int64_t)i, sizeof id);
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

static kith_status add_blocks(struct kithp_add_call *call)
{
    kith_engine *engine = call->engine;
    struct kithp_add_block block;
    for (uint64_t blocks = 0; call->added->read < call->count; blocks++) {
        if (blocks % KITHP_ADD_BLOCKS_BETWEEN_PROGRESS == 0 &&
            kithp_engine_progress(engine, call->done + call->added->read, call->total))
            return kithp_fail(call->error, KITH_CANCELLED, NULL, "cancelled");
        kith_status status = kithp_tally_settle(&engine->tally, call->error);
        if (status != KITH_OK)
            return status;
        if (!call->read(call, call->added->read, &block) || !kithp_engine_take(engine, &block.plan))
            return kithp_engine_give_up(engine, block.before, call->error);
        kithp_numbers_keep(&call->numbers);
        kithp_add_count_block(call, &block);
        if (block.behind > 0)
            return kithp_numbers_fail(&call->numbers, block.behind, call->error);
    }
    return KITH_OK;
}

/* Whether two threads are worth it; one more is then for weeks that are to be sealed. */
static bool is_for_two(const struct kithp_add_call *call)
{
    enum { ENOUGH_FOR_TWO = 32768 };
    return call->engine->options.threads > 1 && call->count >= ENOUGH_FOR_TWO && call->plain;
}

static kith_status add_numbered(struct kithp_add_call *call)
{
    if (!call->events || !call->events->sequence)
        kithp_numbers_begin_without(&call->numbers);
    else if (!kithp_numbers_begin(&call->numbers, call->engine, call->events->source))
        return kithp_fail_memory(call->error);
    kith_status status = add_blocks(call);
    kithp_numbers_end(&call->numbers);
    return status;
}

kith_status kithp_add_all(struct kithp_add_call *call)
{
    kith_status status;
    if (is_for_two(call) && kithp_add_by_two(call, &status))
        return status;
    return add_numbered(call);
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
    struct kithp_add_call call = {
        .engine = engine,
        .count = read.count,
        .read = kithp_add_read_block,
        .plain = !read.sequence && !read.event_id,
        .events = &read,
        .total = read.count,
        .added = &own,
        .error = error,
        .bounds = kithp_add_bounds(engine),
    };
    kithp_tally_begin_sealing(&engine->tally, is_for_two(&call));
    status = kithp_add_all(&call);
    kithp_tally_end_sealing(&engine->tally);
    if (added)
        kithp_versioned_write(added, &own, sizeof own);
    return status;
}
