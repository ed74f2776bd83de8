/* SPDX-License-Identifier: MIT */
/* The pairs of an open week, by actor, target and kind. */
#include <string.h>

#include "base/alloc.h"
#include "snapshot/snapshot.h"
#include "tally/sorted_pairs.h"

enum { PAIRS_A_PART = 32768 };

/* Actor, target, kind: each as how far it lies behind that of the pair before, as long as those in front are equal. */
static void write_part(const struct kithp_pair *pairs, size_t count, struct kithp_pair *before,
                       struct kithp_parts_out *out)
{
    struct kithp_packer *packer = &out->packer;
    struct kithp_pair last = *before;
    for (size_t i = 0; i < count; last = pairs[i++])
        kithp_pack_number(packer, pairs[i].actor - last.actor);
    last = *before;
    for (size_t i = 0; i < count; last = pairs[i++])
        kithp_pack_number(packer, pairs[i].target - (pairs[i].actor == last.actor ? last.target : 0));
    for (size_t i = 0; i < count; i++)
        kithp_pack_number(packer, pairs[i].kind);
    for (size_t i = 0; i < count; i++)
        kithp_pack_number(packer, pairs[i].quantity);
    kithp_parts_write(out, "PAIR");
    *before = last;
}

/* Pairs that are still to be written, up to a part of them. */
struct part {
    struct kithp_parts_out *out;
    struct kithp_pair *pairs;
    size_t used;
    struct kithp_pair before; /* the last that was written */
};

static void end_part(struct part *part)
{
    if (part->used > 0)
        write_part(part->pairs, part->used, &part->before, part->out);
    part->used = 0;
}

static void take_pairs(void *context, const struct kithp_pair *pairs, size_t count)
{
    struct part *part = context;
    for (size_t i = 0; i < count; i++) {
        part->pairs[part->used++] = pairs[i];
        if (part->used == PAIRS_A_PART)
            end_part(part);
    }
}

void kithp_snapshot_write_pairs(const kith_snapshot *snapshot, const struct kithp_week *week,
                                struct kithp_parts_out *out)
{
    if (out->status != KITH_OK)
        return;
    struct part part = {.out = out};
    part.pairs = kithp_alloc_array(out->allocator, PAIRS_A_PART, sizeof *part.pairs);
    if (part.pairs && kithp_sorted_pairs(out->allocator, week, snapshot->head.members, take_pairs, &part))
        end_part(&part);
    else
        out->status = KITH_NO_MEMORY;
    kithp_alloc_free(out->allocator, part.pairs);
}

/* ---- reading ---- */

static void read_part(struct kithp_unpacker *unpacker, struct kithp_pair *pairs, uint32_t count,
                      const struct kithp_pair *before)
{
    uint64_t actor = before->actor;
    for (uint32_t i = 0; i < count; i++) {
        actor += kithp_unpack_number(unpacker, UINT32_MAX - actor, "expected a member");
        pairs[i].actor = (uint32_t)actor;
    }
    struct kithp_pair last = *before;
    for (uint32_t i = 0; i < count; last = pairs[i++]) {
        uint32_t from = pairs[i].actor == last.actor ? last.target : 0;
        pairs[i].target = from + (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX - from, "expected a member");
    }
    for (uint32_t i = 0; i < count; i++)
        pairs[i].kind = (uint32_t)kithp_unpack_number(unpacker, KITHP_KINDS_MOST - 1, "expected a kind");
    for (uint32_t i = 0; i < count; i++)
        pairs[i].quantity = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX, "expected a smaller number");
}

static const char *check_pair(const struct kithp_exchange *exchange, const struct kithp_week *week,
                              const struct kithp_pair *pair)
{
    if (pair->actor == pair->target || !kithp_week_row(week, pair->actor) || !kithp_week_row(week, pair->target))
        return "expected pairs of different members that have rows";
    if (pair->kind >= exchange->from.kind_count || !exchange->from_slots.kinds[pair->kind].pairs)
        return "expected pairs of kinds that are counted by pair";
    return pair->quantity > 0 ? NULL : "expected a quantity";
}

/* Puts a pair back under the engine's policy, if that needs it. */
static bool take_pair(struct kithp_parts_in *in, struct kithp_snapshot_target *target, struct kithp_week *week,
                      const struct kithp_pair *pair)
{
    struct kithp_exchange *exchange = &target->exchange;
    exchange->counted_kind[pair->kind] = true;
    int8_t kind = exchange->kind[pair->kind];
    if (kind < 0 || !exchange->to_slots.kinds[kind].pairs)
        return true;
    struct kithp_pair put = *pair;
    put.kind = (uint32_t)kind;
    if (!kithp_week_restore_pair(week, &put))
        return kithp_parts_no_memory(in);
    return exchange->is_same ||
           kithp_week_recount(week, &target->tally->slots, &put, &exchange->from.kinds[pair->kind]) ||
           kithp_parts_no_memory(in);
}

static bool take_part(struct kithp_parts_in *in, struct kithp_snapshot_target *target, struct kithp_week *week,
                      const struct kithp_pair *pairs, uint32_t count, struct kithp_pair *before, bool first)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *fault = check_pair(&target->exchange, week, &pairs[i]);
        if (!fault && !(first && i == 0) && !kithp_pair_is_before(before, &pairs[i]))
            fault = "expected each pair but once, in order";
        if (fault)
            return kithp_parts_fault(in, fault);
        if (!take_pair(in, target, week, &pairs[i]))
            return false;
        *before = pairs[i];
    }
    return true;
}

bool kithp_snapshot_read_pairs(struct kithp_parts_in *in, struct kithp_snapshot_target *target, struct kithp_week *week,
                               uint32_t count)
{
    struct kithp_pair *pairs = kithp_alloc_array(target->allocator, PAIRS_A_PART, sizeof *pairs);
    if (!pairs)
        return kithp_parts_no_memory(in);
    struct kithp_pair before = {0};
    bool read = true;
    for (uint32_t first = 0, step; first < count && read; first += step) {
        step = kithp_snapshot_step(first, count, PAIRS_A_PART);
        read = kithp_parts_next(in, "PAIR");
        if (read)
            read_part(&in->unpacker, pairs, step, &before);
        read = read && kithp_parts_done(in) && take_part(in, target, week, pairs, step, &before, first == 0);
    }
    kithp_alloc_free(target->allocator, pairs);
    return read;
}
