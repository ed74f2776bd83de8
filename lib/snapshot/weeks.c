/* SPDX-License-Identifier: MIT */
/*
 * The weeks that are open, and the one reviewed last: of each its plain values, rows in parts of up to 4096, and pairs.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/number.h"
#include "snapshot/snapshot.h"
#include "tally/sealed.h"

enum { ROWS_MOST = KITHP_PART_ITEMS, SLOTS_MOST = 65536 };

/* A row of a part, less its slots. */
struct row {
    struct kithp_cell head;
    uint32_t member;
    uint16_t slots;
};

static const struct kithp_pack_field columns[] = {
    KITHP_PACK_FIELD(row, head.first), KITHP_PACK_FIELD(row, head.last),       KITHP_PACK_FIELD(row, head.leave_end),
    KITHP_PACK_FIELD(row, head.days),  KITHP_PACK_FIELD(row, head.supporters), KITHP_PACK_FIELD(row, slots),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* The rows of a part, and their slots one behind the other. */
struct rows {
    struct row rows[ROWS_MOST];
    uint8_t slots[SLOTS_MOST + KITHP_SLOTS_MOST];
    uint32_t quantities[SLOTS_MOST + KITHP_SLOTS_MOST];
    uint32_t count;
    uint32_t slot_count;
    uint32_t next; /* the member behind the last row's */
};

/* ---- writing ---- */

static void write_rows(struct rows *rows, struct kithp_parts_out *out)
{
    struct kithp_packer *packer = &out->packer;
    kithp_pack_number(packer, rows->count);
    for (uint32_t i = 0; i < rows->count; i++) {
        kithp_pack_number(packer, rows->rows[i].member - rows->next);
        rows->next = rows->rows[i].member + 1;
    }
    kithp_pack_columns(packer, columns, COLUMNS, rows->rows, sizeof *rows->rows, rows->count);
    kithp_pack_bytes(packer, rows->slots, rows->slot_count);
    for (uint32_t i = 0; i < rows->slot_count; i++)
        kithp_pack_number(packer, rows->quantities[i]);
    kithp_parts_write(out, "ROWS");
    rows->count = rows->slot_count = 0;
}

/* Adds a slot to the last row, in the order of their numbers in files. */
static void add_slot(struct rows *rows, struct row *row, uint8_t slot, uint32_t quantity)
{
    uint32_t at = rows->slot_count++, first = at - row->slots++;
    for (; at > first && rows->slots[at - 1] > slot; at--) {
        rows->slots[at] = rows->slots[at - 1];
        rows->quantities[at] = rows->quantities[at - 1];
    }
    rows->slots[at] = slot;
    rows->quantities[at] = quantity;
}

/* How the slots of the snapshot's policy are numbered. */
struct numbering {
    struct kithp_slots slots;
    struct kithp_slot_numbers numbers;
};

/* The quantity of a credit, whose slot has `counted` of it, or none where that is over `each`. */
static void add_quantity(struct rows *rows, struct row *row, const struct numbering *numbering, uint8_t slot,
                         uint32_t counted, uint32_t over)
{
    uint8_t number = numbering->numbers.to_file[slot];
    add_slot(rows, row, number, kithp_number_add_stop(counted, over));
    if (counted > 0 && numbering->slots.slots[slot].twin != KITHP_SLOT_NONE)
        add_slot(rows, row, number + KITHP_FILE_COUNTED, counted);
}

static void add_row(struct rows *rows, const struct kithp_week *week, uint32_t member, const struct kithp_cell *head,
                    const struct numbering *numbering)
{
    struct kithp_row_room room;
    const struct kithp_row from = kithp_week_row_in(week, member, head, &room);
    struct row *row = &rows->rows[rows->count++];
    *row = (struct row){.head = *head, .member = member};
    for (uint32_t i = 0; i < from.count; i++) {
        const struct kithp_slot *slot = &numbering->slots.slots[from.slots[i]];
        uint32_t quantity = from.quantities[i], twin = kithp_row_find(&from, slot->twin);
        if (quantity == 0)
            continue;
        if (!slot->is_over)
            add_quantity(rows, row, numbering, from.slots[i], quantity, twin);
        else if (twin == 0)
            add_quantity(rows, row, numbering, (uint8_t)slot->twin, 0, quantity);
    }
}

static uint32_t count_rows(const struct kithp_week *week, uint32_t members)
{
    uint32_t count = 0;
    for (uint32_t member = 0; member < members; member++)
        count += kithp_week_row(week, member) != NULL;
    return count;
}

static void write_week(const kith_snapshot *snapshot, const struct kithp_week *week, const struct numbering *numbering,
                       struct rows *rows, struct kithp_parts_out *out)
{
    uint32_t members = snapshot->head.members, pairs = week->pairs.count;
    kithp_pack_signed(&out->packer, week->number);
    kithp_pack_number(&out->packer, week->first);
    kithp_pack_number(&out->packer, count_rows(week, members));
    kithp_pack_number(&out->packer, pairs);
    kithp_parts_write(out, "WEEK");
    rows->count = rows->slot_count = rows->next = 0;
    for (uint32_t member = 0; member < members; member++) {
        const struct kithp_cell *head = kithp_week_row(week, member);
        if (!head)
            continue;
        add_row(rows, week, member, head, numbering);
        if (rows->count == ROWS_MOST || rows->slot_count >= SLOTS_MOST)
            write_rows(rows, out);
    }
    if (rows->count > 0)
        write_rows(rows, out);
    if (pairs > 0)
        kithp_snapshot_write_pairs(snapshot, week, out);
}

/* A week that has been sealed is put together for as long as it is written: one at a time. */
static void write_sealed(const kith_snapshot *snapshot, const struct kithp_week *week,
                         const struct numbering *numbering, struct rows *rows, struct kithp_parts_out *out)
{
    if (out->status != KITH_OK)
        return;
    const struct kithp_join join = {.allocator = out->allocator, .slots = &numbering->slots};
    struct kithp_week *whole = NULL;
    out->status = kithp_sealed_whole(week, &join, &whole, out->error);
    if (out->status != KITH_OK)
        return;
    write_week(snapshot, whole, numbering, rows, out);
    kithp_week_free(whole);
}

void kithp_snapshot_write_weeks(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    uint32_t count = snapshot->head.weeks + snapshot->head.has_reviewed;
    if (count == 0 || out->status != KITH_OK)
        return;
    struct rows *rows = kithp_alloc_array(out->allocator, 1, sizeof *rows);
    if (!rows) {
        out->status = KITH_NO_MEMORY;
        return;
    }
    struct numbering numbering;
    kithp_slots_init(&numbering.slots, &snapshot->figures);
    kithp_slot_numbers_init(&numbering.numbers, &numbering.slots, snapshot->figures.kind_count);
    for (uint32_t i = 0; i < count; i++) {
        if (snapshot->weeks[i]->sealed)
            write_sealed(snapshot, snapshot->weeks[i], &numbering, rows, out);
        else
            write_week(snapshot, snapshot->weeks[i], &numbering, rows, out);
    }
    kithp_alloc_free(out->allocator, rows);
}

/* ---- reading ---- */

/* What is wrong with a row, or NULL. */
static const char *check_row(const struct kithp_cell *row, const struct kithp_week *week)
{
    if (row->first >= KITHP_SECONDS_A_WEEK || row->first < week->first)
        return "expected a second of the week, behind its first event";
    if (week->begin + row->first < 0 || week->begin + row->first > KITHP_TIME_MOST)
        return "expected a time that an event can have";
    if (row->days >> KITHP_DAYS_A_WEEK || (row->days == 0) != (row->last == 0))
        return "expected the days on which the member acted";
    if (row->last == 0)
        return row->leave_end == 0 ? NULL : "expected no leave of a member that did not act";
    if (row->last > KITHP_SECONDS_A_WEEK || row->last <= row->first || week->begin + row->last - 1 > KITHP_TIME_MOST)
        return "expected the latest act to lie in the week, behind the first";
    if (row->days >> ((row->last - 1) / KITHP_SECONDS_A_DAY) != 1)
        return "expected the latest act on the last of the days";
    if (row->leave_end > (uint64_t)(week->first_day + KITHP_DAYS_A_WEEK + 1) + KITHP_QUANTITY_MOST)
        return "expected the end of a leave";
    return NULL;
}

static void read_members(struct kithp_unpacker *unpacker, const struct kithp_snapshot_target *target, struct rows *rows)
{
    for (uint32_t i = 0; i < rows->count && !unpacker->fault; i++) {
        uint64_t member = rows->next + kithp_unpack_number(unpacker, UINT32_MAX, "expected a smaller number");
        if (member >= target->head.members ||
            kithp_members_resolve(target->members, (uint32_t)member) != (uint32_t)member) {
            kithp_unpack_fault(unpacker, "expected a member");
            return;
        }
        rows->rows[i].member = (uint32_t)member;
        rows->next = (uint32_t)member + 1;
    }
}

static void read_slots(struct kithp_unpacker *unpacker, const struct kithp_exchange *exchange, struct rows *rows)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < rows->count; i++)
        count += rows->rows[i].slots;
    if (count > SLOTS_MOST + KITHP_SLOTS_MOST) {
        kithp_unpack_fault(unpacker, "expected fewer slots");
        return;
    }
    rows->slot_count = (uint32_t)count;
    const unsigned char *slots = kithp_unpack_bytes(unpacker, rows->slot_count);
    if (!slots)
        return;
    memcpy(rows->slots, slots, rows->slot_count);
    for (uint32_t i = 0; i < rows->slot_count; i++) {
        rows->quantities[i] = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX, "expected a smaller number");
        if (rows->quantities[i] == 0 || exchange->from_numbers.from_file[slots[i]] == KITHP_SLOT_NONE)
            kithp_unpack_fault(unpacker, "expected quantities of slots that the policy has");
    }
}

static void keep_slot(struct kithp_row_room *room, uint32_t *count, int16_t slot, uint32_t quantity)
{
    if (quantity == 0)
        return;
    room->slots[*count] = (uint8_t)slot;
    room->quantities[(*count)++] = quantity;
}

/* Keeps the quantity of a credit, which a file has under this number, as the engine's policy has it; if it has it. */
static void keep_quantity(const struct kithp_exchange *exchange, struct kithp_row_room *room, uint32_t *count,
                          unsigned number, uint32_t quantity, uint32_t counted)
{
    int16_t slot = exchange->slot[number];
    if (slot == KITHP_SLOT_NONE)
        return;
    int16_t over = exchange->slot[number + KITHP_FILE_COUNTED];
    if (over == KITHP_SLOT_NONE) {
        keep_slot(room, count, slot, quantity);
        return;
    }
    keep_slot(room, count, slot, counted);
    keep_slot(room, count, over, quantity > counted ? quantity - counted : 0);
}

/* Puts a row back, with those of its slots that the engine's policy has. */
static bool take_row(struct kithp_parts_in *in, struct kithp_exchange *exchange, struct kithp_week *week,
                     const struct row *row, const uint8_t *slots, const uint32_t *quantities)
{
    struct kithp_row_room room;
    uint32_t kept = 0;
    const char *fault = check_row(&row->head, week);
    for (uint32_t i = 1; i < row->slots && !fault; i++)
        fault = slots[i] <= slots[i - 1] ? "expected each slot but once, in order" : NULL;
    if (fault)
        return kithp_parts_fault(in, fault);
    for (uint32_t i = 0, number; i < row->slots;) {
        uint32_t both[2] = {0, 0};
        number = slots[i] & ~(unsigned)KITHP_FILE_COUNTED;
        for (; i < row->slots && (slots[i] & ~(unsigned)KITHP_FILE_COUNTED) == number; i++)
            both[slots[i] & KITHP_FILE_COUNTED] = quantities[i];
        exchange->counted_kind[number / 4] = true;
        keep_quantity(exchange, &room, &kept, number, both[0], both[1]);
    }
    const struct kithp_row restored = {
        .member = row->member,
        .first = row->head.first,
        .last = row->head.last,
        .leave_end = row->head.leave_end,
        .supporters = row->head.supporters,
        .days = row->head.days,
        .count = kept,
        .slots = room.slots,
        .quantities = room.quantities,
    };
    return kithp_week_restore_row(week, &restored) || kithp_parts_no_memory(in);
}

static bool read_rows(struct kithp_parts_in *in, struct kithp_snapshot_target *target, struct kithp_week *week,
                      struct rows *rows, uint32_t left)
{
    struct kithp_unpacker *unpacker = &in->unpacker;
    if (!kithp_parts_next(in, "ROWS"))
        return false;
    rows->count = (uint32_t)kithp_unpack_number(unpacker, left < ROWS_MOST ? left : ROWS_MOST, "expected fewer rows");
    if (rows->count == 0)
        kithp_unpack_fault(unpacker, "expected a row at least");
    read_members(unpacker, target, rows);
    kithp_unpack_columns(unpacker, columns, COLUMNS, rows->rows, sizeof *rows->rows, rows->count);
    if (!unpacker->fault)
        read_slots(unpacker, &target->exchange, rows);
    if (!kithp_parts_done(in))
        return false;
    uint32_t at = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->rows[i];
        if (!take_row(in, &target->exchange, week, row, rows->slots + at, rows->quantities + at))
            return false;
        at += row->slots;
    }
    return true;
}

/* The week's plain values: how many rows and pairs it has. */
struct week_head {
    int64_t number;
    uint32_t first;
    uint32_t rows;
    uint32_t pairs;
};

static bool read_head(struct kithp_parts_in *in, const struct kithp_snapshot_target *target, bool open, int64_t after,
                      struct week_head *head)
{
    if (!kithp_parts_next(in, "WEEK"))
        return false;
    struct kithp_unpacker *unpacker = &in->unpacker;
    head->number = kithp_unpack_signed(unpacker);
    head->first = (uint32_t)kithp_unpack_number(unpacker, KITHP_SECONDS_A_WEEK - 1, "expected a second of the week");
    head->rows = (uint32_t)kithp_unpack_number(unpacker, target->head.members, "expected no more rows than members");
    head->pairs = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX - 1, "expected fewer pairs");
    if (!kithp_snapshot_is_week(&target->exchange.from.calendar, head->number))
        kithp_unpack_fault(unpacker, "expected a week in which events can fall");
    if (open ? head->number <= after : head->number != target->head.closed_week || head->pairs > 0)
        kithp_unpack_fault(unpacker, "expected the weeks in order, and no pairs of one that is closed");
    return kithp_parts_done(in);
}

static struct kithp_week *make_week(struct kithp_snapshot_target *target, const struct week_head *head, bool open)
{
    struct kithp_tally *tally = target->tally;
    struct kithp_week *week = NULL;
    if (open)
        week = kithp_tally_open(tally, head->number);
    else
        week = tally->reviewed = kithp_week_new(target->allocator, tally->calendar, tally->key, head->number);
    if (week) {
        week->first = head->first;
        week->used = true;
    }
    return week;
}

/* Many open weeks are sealed as they come in, as if their events did. */
static bool settle(struct kithp_parts_in *in, struct kithp_tally *tally, uint32_t rows)
{
    tally->sealing.events += rows;
    kith_status status = kithp_tally_settle(tally, in->error);
    if (status != KITH_OK)
        in->status = status;
    return status == KITH_OK;
}

static bool read_week(struct kithp_parts_in *in, struct kithp_snapshot_target *target, bool open, int64_t *after,
                      struct rows *rows)
{
    struct week_head head;
    if (!read_head(in, target, open, *after, &head))
        return false;
    *after = head.number;
    struct kithp_week *week = make_week(target, &head, open);
    if (!week)
        return kithp_parts_no_memory(in);
    rows->next = 0;
    for (uint32_t left = head.rows; left > 0; left -= rows->count)
        if (!read_rows(in, target, week, rows, left))
            return false;
    if (open && head.rows > 0)
        target->exchange.has_rows = true;
    if (head.pairs > 0 && !kithp_snapshot_read_pairs(in, target, week, head.pairs))
        return false;
    return !open || settle(in, target->tally, head.rows);
}

/* What a reviewed week counted explains the review, and that alone: under other figures it explains nothing. */
static void drop_reviewed(struct kithp_snapshot_target *target)
{
    if (target->exchange.is_same)
        return;
    kithp_week_free(target->tally->reviewed);
    target->tally->reviewed = NULL;
}

bool kithp_snapshot_read_weeks(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    const struct kithp_snapshot_head *head = &target->head;
    if (head->weeks == 0 && !head->has_reviewed)
        return true;
    struct rows *rows = kithp_alloc_array(target->allocator, 1, sizeof *rows);
    if (!rows)
        return kithp_parts_no_memory(in);
    int64_t after = head->closed ? head->closed_week : INT64_MIN;
    bool read = true;
    for (uint32_t i = 0; i < head->weeks && read; i++)
        read = read_week(in, target, true, &after, rows);
    bool counted[KITHP_KINDS_MOST];
    memcpy(counted, target->exchange.counted_kind, sizeof counted);
    if (read && head->has_reviewed)
        read = read_week(in, target, false, &after, rows);
    memcpy(target->exchange.counted_kind, counted, sizeof counted);
    drop_reviewed(target);
    kithp_alloc_free(target->allocator, rows);
    return read;
}
