/* SPDX-License-Identifier: MIT */
#include "tally/run.h"

#include <string.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "tally/sorted_pairs.h"

/*
 * What a row's second byte says: how many slots follow, or that their number does; and which of the other values are
 * there. Most rows of a quiet member are of one act: its second and day are those of the first, and need no bytes.
 */
enum {
    HEAD_SLOTS = 0x0F,
    HEAD_SLOTS_FOLLOW = 0x0F,
    HEAD_ACTED = 0x10,
    HEAD_ONE_ACT = 0x20,
    HEAD_LEAVE = 0x40,
    HEAD_SUPPORTERS = 0x80
};

/* No row takes more: a slot with its quantity takes seven bytes at most. */
enum { ROW_MOST = 64 + 7 * KITHP_SLOTS_MOST };

/* ---- writing ---- */

struct writer {
    struct kithp_run *run;
    struct kithp_packer packer; /* the next block */
    uint32_t member;            /* behind that of the last row */
    struct kithp_pair pair;     /* the last */
};

/* Adds what is in the packer as a block. */
static void end_block(struct writer *writer)
{
    struct kithp_run *run = writer->run;
    struct kithp_packer *packer = &writer->packer;
    if (packer->failed || packer->used == 0)
        return;
    packer->failed = !kithp_alloc_grow(packer->allocator, (void **)&run->blocks, &run->block_capacity,
                                       run->block_count + 1, sizeof *run->blocks);
    if (packer->failed)
        return;
    struct kithp_run_block *block = &run->blocks[run->block_count];
    *block = (struct kithp_run_block){.length = (uint32_t)packer->used};
    block->bytes = kithp_alloc_array(packer->allocator, packer->used, 1);
    packer->failed = !block->bytes;
    if (packer->failed)
        return;
    memcpy(block->bytes, packer->bytes, packer->used);
    run->block_count++;
    run->bytes += packer->used;
    packer->used = 0;
}

static void end_block_if_full(struct writer *writer)
{
    if (writer->packer.used > KITHP_RUN_BLOCK - ROW_MOST)
        end_block(writer);
}

static void write_byte(struct writer *writer, unsigned value)
{
    unsigned char byte = (unsigned char)value;
    kithp_pack_bytes(&writer->packer, &byte, 1);
}

/* Whether first, last and days say no more than the moment of one act. */
static bool is_one_act(const struct kithp_cell *row)
{
    return row->last == row->first + 1 && row->days == 1U << row->first / KITHP_SECONDS_A_DAY;
}

static unsigned count_slots(const struct kithp_week *week, const struct kithp_cell *row)
{
    unsigned count = 0;
    for (const struct kithp_cell *cell = row; cell; cell = kithp_week_next_cell(week, cell))
        for (unsigned i = 0; i < cell->used; i++)
            count += cell->quantities[i] > 0;
    return count;
}

static void write_slots(struct writer *writer, const struct kithp_week *week, const struct kithp_cell *row)
{
    for (const struct kithp_cell *cell = row; cell; cell = kithp_week_next_cell(week, cell)) {
        for (unsigned i = 0; i < cell->used; i++) {
            uint32_t quantity = cell->quantities[i];
            if (quantity == 0)
                continue;
            write_byte(writer, cell->slots[i]);
            kithp_pack_number(&writer->packer, quantity);
            if (quantity > writer->run->largest_quantity)
                writer->run->largest_quantity = quantity;
        }
    }
}

static void write_row(struct writer *writer, const struct kithp_week *week, uint32_t member,
                      const struct kithp_cell *row)
{
    struct kithp_packer *packer = &writer->packer;
    bool one_act = is_one_act(row), acted = row->last > 0 && !one_act;
    unsigned slots = count_slots(week, row);
    kithp_pack_number(packer, member - writer->member);
    write_byte(writer, (slots < HEAD_SLOTS_FOLLOW ? slots : HEAD_SLOTS_FOLLOW) | (acted ? HEAD_ACTED : 0U) |
                           (one_act ? HEAD_ONE_ACT : 0U) | (row->leave_end > 0 ? HEAD_LEAVE : 0U) |
                           (row->supporters > 0 ? HEAD_SUPPORTERS : 0U));
    if (slots >= HEAD_SLOTS_FOLLOW)
        kithp_pack_number(packer, slots);
    kithp_pack_number(packer, row->first);
    if (acted) {
        kithp_pack_number(packer, row->last - row->first);
        write_byte(writer, row->days);
    }
    if (row->leave_end > 0)
        kithp_pack_number(packer, row->leave_end);
    if (row->supporters > 0)
        kithp_pack_number(packer, row->supporters);
    if (row->supporters > writer->run->largest_supporters)
        writer->run->largest_supporters = row->supporters;
    write_slots(writer, week, row);
    writer->member = member + 1;
    end_block_if_full(writer);
}

static void write_pairs(void *context, const struct kithp_pair *pairs, size_t count)
{
    struct writer *writer = context;
    for (size_t i = 0; i < count; i++) {
        const struct kithp_pair *pair = &pairs[i];
        bool same = pair->actor == writer->pair.actor;
        kithp_pack_number(&writer->packer, pair->actor - writer->pair.actor);
        kithp_pack_number(&writer->packer, pair->target - (same ? writer->pair.target : 0));
        kithp_pack_number(&writer->packer, pair->kind);
        kithp_pack_number(&writer->packer, pair->quantity);
        writer->pair = *pair;
        end_block_if_full(writer);
    }
}

static bool write_all(struct writer *writer, const struct kithp_week *week)
{
    for (uint32_t member = 0; (member = kithp_week_next_member(week, member)) != KITHP_NOBODY; member++)
        write_row(writer, week, member, kithp_week_row(week, member));
    end_block(writer);
    writer->run->row_blocks = writer->run->block_count;
    if (writer->packer.failed ||
        !kithp_sorted_pairs(writer->packer.allocator, week, kithp_week_members(week), write_pairs, writer))
        return false;
    end_block(writer);
    return !writer->packer.failed;
}

static struct kithp_run *new_run(const kith_allocator *allocator)
{
    struct kithp_run *run = kithp_alloc_cleared(allocator, 1, sizeof *run);
    if (run)
        atomic_init(&run->holders, 1);
    return run;
}

struct kithp_run *kithp_run_of(const kith_allocator *allocator, const struct kithp_week *week)
{
    struct writer writer = {.run = new_run(allocator)};
    if (!writer.run)
        return NULL;
    kithp_packer_init(&writer.packer, allocator);
    bool written = write_all(&writer, week);
    kithp_packer_free(&writer.packer);
    if (written)
        return writer.run;
    kithp_run_drop(writer.run, allocator);
    return NULL;
}

/* ---- holding ---- */

void kithp_run_hold(struct kithp_run *run)
{
    atomic_fetch_add_explicit(&run->holders, 1, memory_order_relaxed);
}

void kithp_run_drop(struct kithp_run *run, const kith_allocator *allocator)
{
    if (!run || atomic_fetch_sub_explicit(&run->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < run->block_count; i++)
        kithp_alloc_free(allocator, run->blocks[i].bytes);
    kithp_alloc_free(allocator, run->blocks);
    kithp_spill_drop(run->spill, allocator);
    kithp_alloc_free(allocator, run);
}

static uint32_t checksum_of(const void *bytes, uint32_t length)
{
    return (uint32_t)crc32(0, bytes, length);
}

static kith_status put_blocks(const struct kithp_run *run, struct kithp_spill *spill, struct kithp_run *copy,
                              kith_error *error)
{
    uint64_t begin = kithp_spill_begin(spill), offset = begin;
    for (size_t i = 0; i < run->block_count; i++) {
        const struct kithp_run_block *block = &run->blocks[i];
        copy->blocks[i] = (struct kithp_run_block){
            .offset = offset,
            .length = block->length,
            .checksum = checksum_of(block->bytes, block->length),
        };
        kith_status status = kithp_spill_put(spill, block->bytes, block->length, error);
        if (status != KITH_OK) {
            kithp_spill_go_back(spill, begin);
            return status;
        }
        offset += block->length;
    }
    return KITH_OK;
}

kith_status kithp_run_spill(const struct kithp_run *run, struct kithp_spill *spill, const kith_allocator *allocator,
                            struct kithp_run **spilled, kith_error *error)
{
    struct kithp_run *copy = new_run(allocator);
    struct kithp_run_block *blocks = kithp_alloc_cleared(allocator, run->block_count, sizeof *blocks);
    if (!copy || !blocks) {
        kithp_alloc_free(allocator, blocks);
        kithp_alloc_free(allocator, copy);
        return kithp_fail_memory(error);
    }
    copy->blocks = blocks;
    copy->block_count = copy->block_capacity = run->block_count;
    copy->row_blocks = run->row_blocks;
    copy->bytes = run->bytes;
    copy->largest_quantity = run->largest_quantity;
    copy->largest_supporters = run->largest_supporters;
    kith_status status = put_blocks(run, spill, copy, error);
    if (status == KITH_OK) {
        kithp_spill_hold(spill);
        copy->spill = spill;
        *spilled = copy;
    } else {
        kithp_run_drop(copy, allocator);
    }
    return status;
}

/* ---- reading ---- */

static void begin(struct kithp_run_reader *reader, const struct kithp_run *run, const kith_allocator *allocator,
                  kith_error *error)
{
    *reader = (struct kithp_run_reader){.run = run, .allocator = allocator, .error = error};
}

void kithp_run_read_rows(struct kithp_run_reader *reader, const struct kithp_run *run, const kith_allocator *allocator,
                         kith_error *error)
{
    begin(reader, run, allocator, error);
    reader->end = run->row_blocks;
}

void kithp_run_read_pairs(struct kithp_run_reader *reader, const struct kithp_run *run, const kith_allocator *allocator,
                          kith_error *error)
{
    begin(reader, run, allocator, error);
    reader->block = run->row_blocks;
    reader->end = run->block_count;
}

void kithp_run_reader_end(struct kithp_run_reader *reader)
{
    kithp_alloc_free(reader->allocator, reader->buffer);
    reader->buffer = NULL;
}

static kith_status read_block(struct kithp_run_reader *reader, const struct kithp_run_block *block)
{
    const struct kithp_spill *spill = reader->run->spill;
    if (!reader->buffer)
        reader->buffer = kithp_alloc_array(reader->allocator, KITHP_RUN_BLOCK, 1);
    if (!reader->buffer)
        return kithp_fail_memory(reader->error);
    kith_status status = kithp_spill_get(spill, block->offset, reader->buffer, block->length, reader->error);
    if (status == KITH_OK && checksum_of(reader->buffer, block->length) != block->checksum)
        status = kithp_spill_fail_changed(spill, reader->error);
    return status;
}

/* Sees to it that there is something to unpack. False at the end, and where reading fails. */
static bool has_more(struct kithp_run_reader *reader)
{
    if (reader->unpacker.at < reader->unpacker.end)
        return true;
    if (reader->status != KITH_OK || reader->block == reader->end)
        return false;
    const struct kithp_run_block *block = &reader->run->blocks[reader->block++];
    if (!block->bytes)
        reader->status = read_block(reader, block);
    if (reader->status != KITH_OK)
        return false;
    reader->unpacker = kithp_unpacker_of(block->bytes ? block->bytes : reader->buffer, block->length);
    return true;
}

static uint32_t get(struct kithp_run_reader *reader)
{
    return (uint32_t)kithp_unpack_number(&reader->unpacker, UINT32_MAX, "expected a smaller number");
}

static uint8_t get_byte(struct kithp_run_reader *reader)
{
    return *reader->unpacker.at++;
}

/* Bytes are those that were written, as checksums have it, so that they need no questions. */
bool kithp_run_next_row(struct kithp_run_reader *reader, struct kithp_run_row *row)
{
    if (!has_more(reader))
        return false;
    row->member = reader->member + get(reader);
    reader->member = row->member + 1;
    unsigned head = get_byte(reader);
    row->count = head & HEAD_SLOTS;
    if (row->count == HEAD_SLOTS_FOLLOW)
        row->count = get(reader);
    row->head = (struct kithp_cell){.first = get(reader)};
    if (head & HEAD_ONE_ACT) {
        row->head.last = row->head.first + 1;
        row->head.days = (uint8_t)(1U << row->head.first / KITHP_SECONDS_A_DAY);
    } else if (head & HEAD_ACTED) {
        row->head.last = row->head.first + get(reader);
        row->head.days = get_byte(reader);
    }
    if (head & HEAD_LEAVE)
        row->head.leave_end = get(reader);
    if (head & HEAD_SUPPORTERS)
        row->head.supporters = (uint16_t)get(reader);
    for (size_t i = 0; i < row->count; i++) {
        row->slots[i] = get_byte(reader);
        row->quantities[i] = get(reader);
    }
    return true;
}

bool kithp_run_next_pair(struct kithp_run_reader *reader)
{
    if (!has_more(reader))
        return false;
    struct kithp_pair *pair = &reader->pair;
    uint32_t more = get(reader);
    pair->actor += more;
    pair->target = get(reader) + (more == 0 ? pair->target : 0);
    pair->kind = get(reader);
    pair->quantity = get(reader);
    return true;
}
