/* SPDX-License-Identifier: MIT */
/* The snapshot's handle: making, freeing and writing it. */
#include "snapshot/snapshot.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/versioned.h"

kith_snapshot *kithp_snapshot_new(const kith_allocator *allocator, const struct kithp_figures *figures)
{
    kith_snapshot *made = kithp_alloc_cleared(allocator, 1, sizeof *made);
    if (!made)
        return NULL;
    made->allocator = *allocator;
    made->figures = *figures;
    kithp_chunks_init(&made->numbers, &made->allocator, sizeof(uint64_t));
    kithp_carried_init(&made->carried, &made->allocator, &made->figures, NULL);
    kithp_chunks_init(&made->ids.ids, &made->allocator, sizeof(struct kithp_id));
    kithp_index_init(&made->ids.index, &made->allocator);
    kithp_sequences_init(&made->sequences, &made->allocator);
    return made;
}

void kith_snapshot_free(kith_snapshot *snapshot)
{
    if (!snapshot)
        return;
    kith_allocator allocator = snapshot->allocator;
    kithp_alloc_free(&allocator, snapshot->names);
    kithp_chunks_free(&snapshot->numbers);
    kithp_alloc_free(&allocator, snapshot->links);
    kithp_carried_free(&snapshot->carried);
    if (snapshot->weeks)
        for (size_t i = 0; i < (size_t)snapshot->head.weeks + snapshot->head.has_reviewed; i++)
            kithp_week_free(snapshot->weeks[i]);
    kithp_alloc_free(&allocator, snapshot->weeks);
    kithp_ids_free(&snapshot->ids);
    kithp_sequences_free(&snapshot->sequences);
    kith_review_free(snapshot->pending);
    kithp_alloc_free(&allocator, snapshot->position);
    kithp_alloc_free(&allocator, snapshot);
}

kith_status kith_snapshot_write(const kith_snapshot *snapshot, kith_write_fn write, void *context, kith_error *error)
{
    if (!snapshot)
        return kithp_fail_argument(error, "snapshot", "must not be NULL");
    if (!write)
        return kithp_fail_argument(error, "write", "must not be NULL");
    struct kithp_parts_out out;
    kith_error own = {.size = sizeof own};
    kithp_parts_begin(&out, &snapshot->allocator, write, context);
    out.error = &own;
    kithp_snapshot_write_policy(snapshot, &out);
    kithp_snapshot_write_head(snapshot, &out);
    kithp_snapshot_write_position(snapshot, &out);
    kithp_snapshot_write_members(snapshot, &out);
    kithp_snapshot_write_states(snapshot, &out);
    kithp_snapshot_write_risk(snapshot, &out);
    kithp_snapshot_write_weeks(snapshot, &out);
    kithp_snapshot_write_ids(snapshot, &out);
    kithp_snapshot_write_sequences(snapshot, &out);
    kithp_snapshot_write_pending(snapshot, &out);
    kithp_parts_write(&out, "END.");
    kith_status status = out.status;
    kithp_parts_out_free(&out);
    if (status == KITH_NO_MEMORY)
        return kithp_fail_memory(error);
    if (own.status != KITH_OK) {
        if (error)
            kithp_versioned_write(error, &own, sizeof own);
        return own.status;
    }
    if (status != KITH_OK)
        return kithp_fail(error, status, NULL, "the snapshot could not be written");
    return KITH_OK;
}
