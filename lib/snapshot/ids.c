/* SPDX-License-Identifier: MIT */
/* The ids of events in open weeks, under the key that they are hashed with; in the order of their hashes. */
#include "base/alloc.h"
#include "base/grouped.h"
#include "base/sort.h"
#include "snapshot/snapshot.h"

enum { IDS_A_PART = 32768, GROUPS = 4096, GROUP_SHIFT = 52 };

/* ---- writing ---- */

static const struct kithp_id *id_at(const struct kithp_ids *ids, uint32_t item)
{
    return kithp_chunks_at(&ids->ids, item);
}

static uint32_t group_of(const void *ids, uint32_t item)
{
    const struct kithp_ids *all = ids;
    const struct kithp_id *id = id_at(all, item);
    return id->week > all->closed ? (uint32_t)(id->low >> GROUP_SHIFT) : KITHP_NOT_GROUPED;
}

static bool is_before(const void *context, const void *a, const void *b)
{
    (void)context;
    const struct kithp_id *left = a, *right = b;
    return left->low != right->low ? left->low < right->low : left->high < right->high;
}

static void write_part(const struct kithp_id *ids, size_t count, struct kithp_id *before, struct kithp_parts_out *out)
{
    struct kithp_packer *packer = &out->packer;
    struct kithp_id last = *before;
    for (size_t i = 0; i < count; last = ids[i++])
        kithp_pack_number(packer, ids[i].low - last.low);
    for (size_t i = 0; i < count; i++)
        kithp_pack_number(packer, ids[i].high);
    last = *before;
    for (size_t i = 0; i < count; last = ids[i++])
        kithp_pack_signed(packer, (int64_t)ids[i].week - last.week);
    kithp_parts_write(out, "IDS.");
    *before = last;
}

static void write_groups(const struct kithp_ids *ids, const struct kithp_groups *groups, struct kithp_id *room,
                         struct kithp_parts_out *out)
{
    struct kithp_id *part = room, *items = room + IDS_A_PART, *spare = items + groups->largest;
    struct kithp_id before = {0};
    size_t used = 0;
    for (uint32_t group = 0; group < GROUPS; group++) {
        size_t count = groups->begins[group + 1] - groups->begins[group];
        for (size_t i = 0; i < count; i++)
            items[i] = *id_at(ids, groups->order[groups->begins[group] + i]);
        const struct kithp_id *sorted = kithp_sort(items, spare, count, sizeof *items, is_before, NULL);
        for (size_t i = 0; i < count; i++) {
            part[used++] = sorted[i];
            if (used < IDS_A_PART)
                continue;
            write_part(part, used, &before, out);
            used = 0;
        }
    }
    if (used > 0)
        write_part(part, used, &before, out);
}

static void write_keys(const struct kithp_ids *ids, uint32_t count, struct kithp_parts_out *out)
{
    for (unsigned i = 0; i < 2; i++) {
        kithp_pack_number(&out->packer, ids->keys[i].k0);
        kithp_pack_number(&out->packer, ids->keys[i].k1);
    }
    kithp_pack_number(&out->packer, count);
    kithp_parts_write(out, "KEYS");
}

void kithp_snapshot_write_ids(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    if (out->status != KITH_OK)
        return;
    const struct kithp_ids *ids = &snapshot->ids;
    if (ids->ids.count == 0) {
        write_keys(ids, 0, out);
        return;
    }
    struct kithp_groups groups;
    struct kithp_id *room = NULL;
    if (kithp_groups_make(&groups, out->allocator, ids->ids.count, GROUPS, group_of, ids))
        room = kithp_alloc_array(out->allocator, IDS_A_PART + 2 * (size_t)groups.largest, sizeof *room);
    if (room) {
        write_keys(ids, groups.begins[GROUPS], out);
        write_groups(ids, &groups, room, out);
    } else {
        out->status = KITH_NO_MEMORY;
    }
    kithp_alloc_free(out->allocator, room);
    kithp_groups_free(&groups);
}

/* ---- reading ---- */

static void read_part(struct kithp_unpacker *unpacker, struct kithp_id *ids, uint32_t count,
                      const struct kithp_id *before)
{
    uint64_t low = before->low;
    for (uint32_t i = 0; i < count; i++) {
        low += kithp_unpack_number(unpacker, UINT64_MAX - low, "expected a hash of 64 bits");
        ids[i].low = low;
    }
    for (uint32_t i = 0; i < count; i++)
        ids[i].high = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX, "expected a hash of 32 bits");
    uint64_t week = (uint64_t)before->week;
    for (uint32_t i = 0; i < count; i++) {
        week += (uint64_t)kithp_unpack_signed(unpacker);
        if ((int64_t)week < INT32_MIN || (int64_t)week > INT32_MAX)
            kithp_unpack_fault(unpacker, "expected a week");
        ids[i].week = unpacker->fault ? 0 : (int32_t)(int64_t)week;
    }
}

static bool take_id(struct kithp_parts_in *in, struct kithp_snapshot_target *target, const struct kithp_id *id)
{
    if (id->week <= target->ids->closed || !kithp_snapshot_is_week(&target->exchange.from.calendar, id->week))
        return kithp_parts_fault(in, "expected an event of a week that is open");
    /* That none is known yet has been seen to: they come in order. */
    return kithp_ids_restore(target->ids, id) == KITHP_ID_TAKEN || kithp_parts_no_memory(in);
}

static bool take_part(struct kithp_parts_in *in, struct kithp_snapshot_target *target, const struct kithp_id *ids,
                      uint32_t count, struct kithp_id *before, bool first)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!(first && i == 0) && !is_before(NULL, before, &ids[i]))
            return kithp_parts_fault(in, "expected each id but once, in order");
        if (!take_id(in, target, &ids[i]))
            return false;
        *before = ids[i];
    }
    return true;
}

static bool read_ids(struct kithp_parts_in *in, struct kithp_snapshot_target *target, uint32_t count)
{
    struct kithp_id *ids = kithp_alloc_array(target->allocator, IDS_A_PART, sizeof *ids);
    if (!ids)
        return kithp_parts_no_memory(in);
    struct kithp_id before = {0};
    bool read = true;
    for (uint32_t first = 0, step; first < count && read; first += step) {
        step = kithp_snapshot_step(first, count, IDS_A_PART);
        read = kithp_parts_next(in, "IDS.");
        if (read)
            read_part(&in->unpacker, ids, step, &before);
        read = read && kithp_parts_done(in) && take_part(in, target, ids, step, &before, first == 0);
    }
    kithp_alloc_free(target->allocator, ids);
    return read;
}

bool kithp_snapshot_read_ids(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    if (!kithp_parts_next(in, "KEYS"))
        return false;
    struct kithp_ids *ids = target->ids;
    ids->closed = target->head.closed ? target->head.closed_week : INT64_MIN;
    for (unsigned i = 0; i < 2; i++) {
        ids->keys[i].k0 = kithp_unpack_number(&in->unpacker, UINT64_MAX, "");
        ids->keys[i].k1 = kithp_unpack_number(&in->unpacker, UINT64_MAX, "");
    }
    uint32_t count = (uint32_t)kithp_unpack_number(&in->unpacker, UINT32_MAX - 1, "expected fewer ids");
    if (!kithp_parts_done(in))
        return false;
    return count == 0 || read_ids(in, target, count);
}
