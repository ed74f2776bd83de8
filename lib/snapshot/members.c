/* SPDX-License-Identifier: MIT */
/* Who the members are: where those lead that are members no more, then names or ids, a part for each 4096. */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "snapshot/snapshot.h"

enum { LINKS_A_PART = 65536 };

/* ---- links ---- */

/* How many members on from the last the next one lies, and where it leads, plus one; 0 for nobody. */
static void write_links(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    uint32_t count = snapshot->head.links, next = 0;
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, LINKS_A_PART);
        for (uint32_t i = first; i < first + step; i++) {
            const struct kithp_link *link = &snapshot->links[i];
            kithp_pack_number(&out->packer, link->member - next);
            kithp_pack_number(&out->packer, link->into == KITHP_NOBODY ? 0 : (uint64_t)link->into + 1);
            next = link->member + 1;
        }
        kithp_parts_write(out, "LINK");
    }
}

/* Nobody leads to one who leads on. */
static bool check_links(const struct kithp_members *members)
{
    for (size_t i = 0; i < members->link_count; i++) {
        const struct kithp_link *link = &members->links[i];
        if (link->into == KITHP_NOBODY)
            continue;
        if (link->into == link->member || kithp_members_resolve(members, link->into) != link->into)
            return false;
    }
    return true;
}

static void read_link(struct kithp_unpacker *unpacker, uint32_t count, uint32_t *next, struct kithp_link *link)
{
    uint64_t member = *next + kithp_unpack_number(unpacker, UINT32_MAX, "expected a smaller number");
    uint64_t into = kithp_unpack_number(unpacker, count, "expected a member");
    if (member >= count)
        kithp_unpack_fault(unpacker, "expected a member");
    link->member = (uint32_t)member;
    link->into = into == 0 ? KITHP_NOBODY : (uint32_t)into - 1;
    *next = (uint32_t)member + 1;
}

static bool read_links(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    struct kithp_members *members = target->members;
    uint32_t count = target->head.links, next = 0;
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, LINKS_A_PART);
        if (!kithp_parts_next(in, "LINK"))
            return false;
        if (!kithp_alloc_grow(target->allocator, (void **)&members->links, &members->link_capacity,
                              (size_t)first + step, sizeof *members->links))
            return kithp_parts_no_memory(in);
        for (uint32_t i = first; i < first + step && !in->unpacker.fault; i++)
            read_link(&in->unpacker, target->head.members, &next, &members->links[i]);
        members->link_count = (size_t)first + step;
        if (members->link_count == count && !in->unpacker.fault && !check_links(members))
            kithp_unpack_fault(&in->unpacker, "expected nobody to lead to one who leads on");
        if (!kithp_parts_done(in))
            return false;
    }
    return true;
}

/* ---- names ---- */

static void write_names(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    const unsigned char *record = snapshot->names;
    for (uint32_t first = 0, step; first < snapshot->head.members; first += step) {
        step = kithp_snapshot_step(first, snapshot->head.members, KITHP_PART_ITEMS);
        const unsigned char *begin = record;
        for (uint32_t i = 0; i < step; i++) {
            kithp_pack_number(&out->packer, record[0]);
            record += 1 + record[0];
        }
        for (const unsigned char *at = begin; at < record; at += 1 + at[0])
            kithp_pack_bytes(&out->packer, at + 1, at[0]);
        kithp_parts_write(out, "MEMB");
    }
}

/* Puts the next member back. */
static bool take_name(struct kithp_parts_in *in, struct kithp_members *members, size_t length)
{
    uint32_t member = kithp_members_count(members);
    bool erased = kithp_members_resolve(members, member) == KITHP_NOBODY;
    if (erased != (length == 0))
        return kithp_parts_fault(in, "expected the members without a name to be those forgotten");
    if (erased)
        return kithp_members_restore_erased(members) || kithp_parts_no_memory(in);
    kith_text name = {(const char *)kithp_unpack_bytes(&in->unpacker, length), length};
    if (!name.data || !kithp_text_is_utf8(name))
        return kithp_parts_fault(in, "expected names in UTF-8");
    enum kithp_restored outcome = kithp_members_restore_name(members, name);
    if (outcome == KITHP_RESTORE_NO_MEMORY)
        return kithp_parts_no_memory(in);
    return outcome == KITHP_RESTORED || kithp_parts_fault(in, "expected no name twice");
}

static bool read_names(struct kithp_parts_in *in, struct kithp_members *members, uint32_t count)
{
    uint8_t lengths[KITHP_PART_ITEMS];
    for (uint32_t i = 0; i < count; i++)
        lengths[i] = (uint8_t)kithp_unpack_number(&in->unpacker, KITHP_MEMBER_NAME_MOST, "expected a shorter name");
    for (uint32_t i = 0; i < count && !in->unpacker.fault; i++)
        if (!take_name(in, members, lengths[i]))
            return false;
    return true;
}

/* ---- ids ---- */

static uint64_t number_at(const kith_snapshot *snapshot, uint32_t member)
{
    uint64_t number;
    memcpy(&number, kithp_chunks_at(&snapshot->numbers, member), sizeof number);
    return number;
}

/* Each as what it differs from the one before; the numbers may wrap around. */
static void write_numbers(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    uint64_t before = 0;
    for (uint32_t first = 0, step; first < snapshot->head.members; first += step) {
        step = kithp_snapshot_step(first, snapshot->head.members, KITHP_PART_ITEMS);
        for (uint32_t i = first; i < first + step; i++) {
            uint64_t number = number_at(snapshot, i);
            kithp_pack_signed(&out->packer, (int64_t)(number - before));
            before = number;
        }
        kithp_parts_write(out, "MEMB");
    }
}

static bool take_number(struct kithp_parts_in *in, struct kithp_members *members, uint64_t number)
{
    if (kithp_members_resolve(members, kithp_members_count(members)) == KITHP_NOBODY) {
        if (number != 0)
            return kithp_parts_fault(in, "expected nothing of a member who was forgotten");
        return kithp_members_restore_erased(members) || kithp_parts_no_memory(in);
    }
    enum kithp_restored outcome = kithp_members_restore_id(members, number);
    if (outcome == KITHP_RESTORE_NO_MEMORY)
        return kithp_parts_no_memory(in);
    return outcome == KITHP_RESTORED || kithp_parts_fault(in, "expected no id twice");
}

static bool read_numbers(struct kithp_parts_in *in, struct kithp_members *members, uint32_t count, uint64_t *before)
{
    for (uint32_t i = 0; i < count && !in->unpacker.fault; i++) {
        uint64_t number = *before + (uint64_t)kithp_unpack_signed(&in->unpacker);
        *before = number;
        if (!in->unpacker.fault && !take_number(in, members, number))
            return false;
    }
    return true;
}

/* ---- both ---- */

void kithp_snapshot_write_members(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    write_links(snapshot, out);
    if (snapshot->head.named)
        write_names(snapshot, out);
    else
        write_numbers(snapshot, out);
}

bool kithp_snapshot_read_members(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    if (!read_links(in, target))
        return false;
    uint32_t count = target->head.members;
    uint64_t before = 0;
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, KITHP_PART_ITEMS);
        if (!kithp_parts_next(in, "MEMB"))
            return false;
        if (!(target->head.named ? read_names(in, target->members, step)
                                 : read_numbers(in, target->members, step, &before)))
            return false;
        if (!kithp_parts_done(in))
            return false;
    }
    return true;
}
