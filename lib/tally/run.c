/* SPDX-License-Identifier: MIT */
#include "tally/run.h"

#include <string.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pack.h"
#include "tally/rows.h"
#include "tally/sorted_pairs.h"

/* No row takes more: a slot with its quantity takes seven bytes at most. */
enum { ROW_MOST = 64 + 7 * KITHP_SLOTS_MOST };

/* ---- writing ---- */

struct writer {
    const kith_allocator *allocator;
    struct kithp_run *run;
    unsigned char *bytes; /* the next block: KITHP_RUN_BLOCK of them */
    unsigned char *at;
    uint32_t first_member;  /* behind that of the last row before the block */
    uint32_t member;        /* behind that of the last row */
    struct kithp_pair pair; /* the last */
    bool failed;            /* there was no memory */
};

/* Adds what has been written as a block. */
static void end_block(struct writer *writer)
{
    struct kithp_run *run = writer->run;
    size_t length = (size_t)(writer->at - writer->bytes);
    if (writer->failed || length == 0)
        return;
    writer->at = writer->bytes;
    writer->failed = !kithp_alloc_grow(writer->allocator, (void **)&run->blocks, &run->block_capacity,
                                       run->block_count + 1, sizeof *run->blocks);
    if (writer->failed)
        return;
    struct kithp_run_block *block = &run->blocks[run->block_count];
    *block = (struct kithp_run_block){.length = (uint32_t)length, .member = writer->first_member};
    block->bytes = kithp_alloc_array(writer->allocator, length + KITHP_RUN_SLACK, 1);
    writer->failed = !block->bytes;
    if (writer->failed)
        return;
    memcpy(block->bytes, writer->bytes, length);
    memset(block->bytes + length, 0, KITHP_RUN_SLACK);
    run->block_count++;
    run->bytes += length;
    writer->first_member = writer->member;
}

/* What is written next has room, whatever it is. */
static void end_block_if_full(struct writer *writer)
{
    if (writer->at - writer->bytes > KITHP_RUN_BLOCK - ROW_MOST)
        end_block(writer);
}

/* Whether first, last and days say no more than the moment of one act. */
static bool is_one_act(const struct kithp_row *row)
{
    return (row->last == row->first + 1) & (row->days == 1U << row->first / KITHP_SECONDS_A_DAY);
}

/* Of a row in cells: all of the first are looked at, so that no jump hangs on how many of them are in use. */
static unsigned count_slots(const struct kithp_row *row)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < KITHP_CELL_SLOTS; i++)
        count += row->quantities[i] > 0;
    for (uint32_t i = KITHP_CELL_SLOTS; i < row->count; i++)
        count += row->quantities[i] > 0;
    return count;
}

static unsigned char *put_second(unsigned char *out, uint32_t second)
{
    for (unsigned i = 0; i < KITHP_RUN_SECOND; i++)
        *out++ = (unsigned char)(second >> 8 * i);
    return out;
}

static unsigned char *write_slots(struct kithp_run *run, const struct kithp_row *row, unsigned char *out)
{
    uint32_t largest = run->largest_quantity;
    for (uint32_t i = 0; i < row->count; i++) {
        uint32_t quantity = row->quantities[i];
        if (quantity == 0)
            continue;
        *out++ = row->slots[i];
        out = kithp_pack_put(out, quantity);
        largest = quantity > largest ? quantity : largest;
    }
    run->largest_quantity = largest;
    return out;
}

static void write_row(struct writer *writer, const struct kithp_row *row)
{
    /* Without a jump for acts and supporters, which a row has or has not: what is not there is overwritten. */
    unsigned one_act = is_one_act(row), acted = (row->last > 0) & !one_act, supporters = row->supporters > 0;
    unsigned slots = count_slots(row);
    unsigned char *out = kithp_pack_put(writer->at, row->member - writer->member);
    *out++ = (unsigned char)((slots < KITHP_HEAD_SLOTS_FOLLOW ? slots : KITHP_HEAD_SLOTS_FOLLOW) |
                             acted * KITHP_HEAD_ACTED | one_act * KITHP_HEAD_ONE_ACT |
                             supporters * KITHP_HEAD_SUPPORTERS | (row->leave_end > 0 ? KITHP_HEAD_LEAVE : 0U));
    if (slots >= KITHP_HEAD_SLOTS_FOLLOW)
        out = kithp_pack_put(out, slots);
    out = put_second(out, row->first);
    *put_second(out, row->last) = row->days;
    out += acted * (size_t)(KITHP_RUN_SECOND + 1);
    if (row->leave_end > 0)
        out = kithp_pack_put(out, row->leave_end);
    out += supporters * (size_t)(kithp_pack_put(out, row->supporters) - out);
    if (row->supporters > writer->run->largest_supporters)
        writer->run->largest_supporters = row->supporters;
    writer->at = write_slots(writer->run, row, out);
    writer->member = row->member + 1;
    end_block_if_full(writer);
}

static void write_pairs(void *context, const struct kithp_pair *pairs, size_t count)
{
    struct writer *writer = context;
    for (size_t i = 0; i < count; i++) {
        const struct kithp_pair *pair = &pairs[i];
        bool same = pair->actor == writer->pair.actor;
        unsigned char *out = kithp_pack_put(writer->at, pair->actor - writer->pair.actor);
        out = kithp_pack_put(out, pair->target - (same ? writer->pair.target : 0));
        out = kithp_pack_put(out, pair->kind);
        writer->at = kithp_pack_put(out, pair->quantity);
        writer->pair = *pair;
        end_block_if_full(writer);
    }
}

static bool write_all(struct writer *writer, const struct kithp_week *week)
{
    struct kithp_rows rows;
    kithp_rows_begin_in_cells(&rows, week, 0);
    while (kithp_rows_next(&rows))
        write_row(writer, &rows.row);
    end_block(writer);
    writer->run->row_blocks = writer->run->block_count;
    writer->run->members = writer->member;
    if (writer->failed || !kithp_sorted_pairs(writer->allocator, week, kithp_week_members(week), write_pairs, writer))
        return false;
    end_block(writer);
    return !writer->failed;
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
    struct writer writer = {.allocator = allocator, .run = new_run(allocator)};
    writer.bytes = writer.at = kithp_alloc_array(allocator, KITHP_RUN_BLOCK, 1);
    bool written = writer.run && writer.bytes && write_all(&writer, week);
    kithp_alloc_free(allocator, writer.bytes);
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
            .member = block->member,
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
    copy->members = run->members;
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

void kithp_run_read_rows_from(struct kithp_run_reader *reader, const struct kithp_run *run, uint32_t member)
{
    kithp_run_read_rows(reader, run, NULL, NULL);
    /* The last block that begins with this member or one before it; what it has of others is passed over. */
    size_t low = 0, high = run->row_blocks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->blocks[middle].member <= member)
            low = middle + 1;
        else
            high = middle;
    }
    reader->block = low > 0 ? low - 1 : 0;
    reader->from = member;
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
        reader->buffer = kithp_alloc_array(reader->allocator, KITHP_RUN_BLOCK + KITHP_RUN_SLACK, 1);
    if (!reader->buffer)
        return kithp_fail_memory(reader->error);
    kith_status status = kithp_spill_get(spill, block->offset, reader->buffer, block->length, reader->error);
    if (status == KITH_OK && checksum_of(reader->buffer, block->length) != block->checksum)
        status = kithp_spill_fail_changed(spill, reader->error);
    return status;
}

bool kithp_run_next_block(struct kithp_run_reader *reader)
{
    if (reader->status != KITH_OK || reader->block == reader->end)
        return false;
    const struct kithp_run_block *block = &reader->run->blocks[reader->block++];
    if (!block->bytes)
        reader->status = read_block(reader, block);
    if (reader->status != KITH_OK)
        return false;
    reader->at = block->bytes ? block->bytes : reader->buffer;
    reader->block_end = reader->at + block->length;
    reader->member = block->member;
    return true;
}

bool kithp_run_next_pair(struct kithp_run_reader *reader)
{
    if (reader->at == reader->block_end && !kithp_run_next_block(reader))
        return false;
    struct kithp_pair *pair = &reader->pair;
    uint32_t more = (uint32_t)kithp_unpack_put(&reader->at);
    pair->actor += more;
    pair->target = (uint32_t)kithp_unpack_put(&reader->at) + (more == 0 ? pair->target : 0);
    pair->kind = (uint32_t)kithp_unpack_put(&reader->at);
    pair->quantity = (uint32_t)kithp_unpack_put(&reader->at);
    return true;
}
