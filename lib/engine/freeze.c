/* SPDX-License-Identifier: MIT */
/* From an engine to a snapshot: large arrays are shared, the rest is copied. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/engine.h"
#include "snapshot/snapshot.h"

static struct kithp_snapshot_head head_of(const kith_engine *engine)
{
    return (struct kithp_snapshot_head){
        .named = engine->members.named,
        .closed = engine->closed,
        .explains = engine->explains,
        .begun = engine->sweep.begun,
        .has_pending = engine->pending != NULL,
        .closed_week = engine->closed ? engine->closed_week : 0,
        .last_week = engine->sweep.last_week,
        .first_event = engine->first_event,
        .last_event = engine->last_event,
        .totals = engine->totals,
        .members = kithp_members_count(&engine->members),
        .links = (uint32_t)engine->members.link_count,
        .states = engine->sweep.carried.states.count,
    };
}

/* A copy of `size` bytes in *copy; none of nothing. False where there is no memory. */
static bool copy_bytes(const kith_allocator *allocator, const void *from, size_t size, void **copy)
{
    if (size == 0)
        return true;
    *copy = kithp_alloc_array(allocator, size, 1);
    if (*copy)
        memcpy(*copy, from, size);
    return *copy != NULL;
}

/* ---- members ---- */

/* Names are copied, as one of them may be erased while the snapshot lives. */
static bool copy_names(kith_snapshot *snapshot, const struct kithp_members *members)
{
    uint32_t count = kithp_members_count(members);
    /* Each name came with its length from the arena; one that was erased still takes a byte here. */
    unsigned char *at = snapshot->names = kithp_alloc_array(&snapshot->allocator, members->names.taken + count, 1);
    if (!at)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        kith_text name = kithp_members_name(members, i);
        *at++ = (unsigned char)name.length;
        if (name.length > 0)
            memcpy(at, name.data, name.length);
        at += name.length;
    }
    return true;
}

static bool freeze_members(kith_snapshot *snapshot, const struct kithp_members *members)
{
    size_t links = members->link_count * sizeof *members->links;
    if (!copy_bytes(&snapshot->allocator, members->links, links, (void **)&snapshot->links))
        return false;
    return members->named ? copy_names(snapshot, members) : kithp_chunks_share(&snapshot->numbers, &members->records);
}

/* ---- weeks ---- */

static bool freeze_weeks(kith_snapshot *snapshot, const struct kithp_tally *tally)
{
    const kith_allocator *allocator = &snapshot->allocator;
    snapshot->weeks = kithp_alloc_cleared(allocator, tally->week_count + 1, sizeof *snapshot->weeks);
    if (!snapshot->weeks)
        return false;
    for (size_t i = 0; i < tally->week_count; i++) {
        snapshot->weeks[i] = kithp_week_share(allocator, tally->weeks[i]);
        if (!snapshot->weeks[i])
            return false;
        snapshot->head.weeks++;
    }
    if (!tally->reviewed)
        return true;
    snapshot->weeks[tally->week_count] = kithp_week_share(allocator, tally->reviewed);
    snapshot->head.has_reviewed = snapshot->weeks[tally->week_count] != NULL;
    return snapshot->head.has_reviewed;
}

/* ---- the rest ---- */

static bool freeze_ids(kith_snapshot *snapshot, const struct kithp_ids *ids)
{
    memcpy(snapshot->ids.keys, ids->keys, sizeof ids->keys);
    snapshot->ids.live = ids->live;
    snapshot->ids.closed = ids->closed;
    return kithp_chunks_share(&snapshot->ids.ids, &ids->ids);
}

static bool freeze_sequences(kith_snapshot *snapshot, const struct kithp_sequences *sequences)
{
    struct kithp_sequences *copy = &snapshot->sequences;
    copy->all = kithp_alloc_array(&snapshot->allocator, sequences->count, sizeof *copy->all);
    if (!copy->all)
        return false;
    for (size_t i = 0; i < sequences->count; i++) {
        if (!copy_bytes(&snapshot->allocator, sequences->all[i], sizeof **copy->all, (void **)&copy->all[i]))
            return false;
        copy->count++;
    }
    snapshot->head.sources = (uint32_t)copy->count;
    return true;
}

static bool copy_list(const kith_allocator *allocator, const struct kithp_list *from, struct kithp_list *copy)
{
    copy->count = from->count;
    copy->used = copy->capacity = from->used;
    return copy_bytes(allocator, from->bytes, from->used, (void **)&copy->bytes);
}

static bool freeze_pending(kith_snapshot *snapshot, const kith_review *pending)
{
    if (!pending)
        return true;
    const kith_allocator *allocator = &snapshot->allocator;
    kith_review *copy = snapshot->pending = kithp_review_new(allocator, &snapshot->figures, pending->tables);
    if (!copy)
        return false;
    copy->week_count = copy->week_capacity = pending->week_count;
    bool copied =
        copy_bytes(allocator, pending->weeks, pending->week_count * sizeof *pending->weeks, (void **)&copy->weeks);
    for (unsigned i = 0; i < KITHP_LISTS && copied; i++)
        copied = copy_list(allocator, &pending->lists[i], &copy->lists[i]);
    return copied;
}

static bool freeze(kith_snapshot *snapshot, kith_engine *engine, kith_text position)
{
    snapshot->head = head_of(engine);
    snapshot->risk = engine->sweep.risk;
    snapshot->position_length = position.length;
    return copy_bytes(&snapshot->allocator, position.data, position.length, (void **)&snapshot->position) &&
           freeze_members(snapshot, &engine->members) && freeze_weeks(snapshot, &engine->tally) &&
           kithp_carried_share(&snapshot->carried, &engine->sweep.carried) && freeze_ids(snapshot, &engine->ids) &&
           freeze_sequences(snapshot, &engine->sequences) && freeze_pending(snapshot, engine->pending);
}

kith_status kith_engine_freeze(kith_engine *engine, kith_text position, kith_snapshot **snapshot, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (position.length > 0 && !position.data)
        return kithp_fail_argument(error, "position", "must not be NULL");
    if (position.length > KITHP_POSITION_MOST)
        return kithp_fail_argument(error, "position", "is longer than 1 MiB");
    if (!snapshot)
        return kithp_fail_argument(error, "snapshot", "must not be NULL");
    kith_status status = kithp_engine_keep_reviewed(engine, error);
    if (status != KITH_OK)
        return status;
    kith_snapshot *made = kithp_snapshot_new(&engine->allocator, &engine->figures);
    if (!made || !freeze(made, engine, position)) {
        kith_snapshot_free(made);
        return kithp_fail_memory(error);
    }
    *snapshot = made;
    return KITH_OK;
}
