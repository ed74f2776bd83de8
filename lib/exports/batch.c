/* SPDX-License-Identifier: MIT */
#include "exports/batch.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "exports/long_row.h"

const char kithp_batch_same_row[1] = "";

void kithp_batch_begin(struct kithp_batch *batch, const kith_allocator *allocator, const struct kithp_members *members)
{
    batch->allocator = allocator;
    batch->members = members;
    kithp_arena_free(&batch->kept);
    kithp_arena_init(&batch->kept, allocator);
    batch->event_count = batch->block_count = batch->reject_count = batch->room = 0;
    batch->has_ids = false;
    batch->header_count = 0;
    batch->status = KITH_OK;
}

void kithp_batch_free(const kith_allocator *allocator, struct kithp_batch *batch)
{
    kithp_arena_free(&batch->kept);
    kithp_alloc_free(allocator, batch->text);
    kithp_alloc_free(allocator, batch->events);
    kithp_alloc_free(allocator, batch->ids);
    kithp_alloc_free(allocator, batch->found);
    kithp_alloc_free(allocator, batch->blocks);
    kithp_alloc_free(allocator, batch->rejects);
    kithp_alloc_free(allocator, batch->header);
    *batch = (struct kithp_batch){.text = NULL};
}

void kithp_batch_fail(struct kithp_batch *batch, const kith_error *error)
{
    kithp_batch_begin(batch, batch->allocator, batch->members);
    batch->end = (struct kithp_row_end){0, 0};
    batch->bytes_done = batch->bytes_total = batch->lines = 0;
    batch->last = true;
    batch->status = error->status;
    batch->error = *error;
}

/* Room for so many more blocks than the one that there is room for. */
static bool grow_blocks(struct kithp_batch *batch, size_t blocks)
{
    return kithp_alloc_grow(batch->allocator, (void **)&batch->blocks, &batch->block_capacity,
                            batch->block_count + blocks + 1, sizeof *batch->blocks);
}

bool kithp_batch_grow(struct kithp_batch *batch, size_t events, size_t rejects)
{
    const kith_allocator *allocator = batch->allocator;
    size_t needed = batch->event_count + events;
    return kithp_alloc_grow(allocator, (void **)&batch->events, &batch->event_capacity, needed,
                            sizeof *batch->events) &&
           (!batch->has_ids ||
            kithp_alloc_grow(allocator, (void **)&batch->ids, &batch->id_capacity, needed, sizeof *batch->ids)) &&
           kithp_alloc_grow(allocator, (void **)&batch->rejects, &batch->reject_capacity, batch->reject_count + rejects,
                            sizeof *batch->rejects) &&
           grow_blocks(batch, 0);
}

/* ---- blocks ---- */

/* The last block, or another where that one is over or has no room for so many. */
static struct kithp_block *block_for(struct kithp_batch *batch, size_t count)
{
    if (batch->room == 0 || batch->room < count) {
        batch->blocks[batch->block_count++] = (struct kithp_block){.end = batch->event_count};
        batch->room = KITHP_TALLY_BLOCK;
    }
    batch->room -= count;
    return &batch->blocks[batch->block_count - 1];
}

static uint64_t key_of(const struct kithp_batch *batch, kith_text name)
{
    return name.length > 0 ? kithp_members_key_of_name(batch->members, name) : 0;
}

void kithp_batch_add(struct kithp_batch *batch, size_t count, struct kithp_row_end end)
{
    struct kithp_row_event *events = &batch->events[batch->event_count];
    for (size_t i = 0; i < count && batch->members; i++) {
        events[i].member_key = key_of(batch, kithp_row_member(&events[i]));
        events[i].target_key = key_of(batch, kithp_row_target(&events[i]));
    }
    struct kithp_block *block = block_for(batch, count);
    batch->event_count += count;
    block->end = batch->event_count;
    block->row_end = end;
}

/* ---- rows that give several ---- */

/* In as many blocks as they take; where they are several, the row is whole in the last alone. */
static bool add_row_events(struct kithp_batch *batch, const struct kithp_batch_row *row)
{
    for (size_t i = 0; i < row->events && batch->has_ids; i++)
        batch->ids[batch->event_count + i] = i == 0 ? row->id : (kith_text){kithp_batch_same_row, 0};
    for (size_t left = row->events; left > 0;) {
        size_t count = left < KITHP_TALLY_BLOCK ? left : KITHP_TALLY_BLOCK;
        if (!kithp_batch_reserve(batch, left, row->rejects))
            return false;
        left -= count;
        kithp_batch_add(batch, count, left > 0 ? row->begin : row->end);
    }
    return true;
}

static bool add_ignored(struct kithp_batch *batch, const struct kithp_batch_row *row)
{
    if (!kithp_batch_reserve(batch, 0, row->rejects))
        return false;
    struct kithp_block *block = block_for(batch, 0);
    block->row_end = row->end;
    if (row->events == 0 || !batch->has_ids) {
        block->ignored += row->ignored;
        return true;
    }
    block->follows = row->ignored;
    batch->room = 0;
    return true;
}

/* A row is told whole once: with each of its events, there would be more to write than anybody has read. */
static void add_reject(struct kithp_batch *batch, const struct kithp_batch_row *row, bool first)
{
    struct kithp_reject *reject = &batch->rejects[batch->reject_count++];
    reject->line = row->line;
    reject->row = first ? row->text : kithp_long_row_cut(row->text);
    reject->blocks_before = batch->block_count;
    reject->follows = row->events > 0;
    reject->end = row->end;
    batch->room = 0;
}

bool kithp_batch_add_row(struct kithp_batch *batch, const struct kithp_batch_row *row)
{
    if (!add_row_events(batch, row))
        return false;
    if (row->ignored > 0 && !add_ignored(batch, row))
        return false;
    for (size_t i = 0; i < row->rejects; i++)
        add_reject(batch, row, i == 0);
    return true;
}

/* ---- many texts in one ---- */

static size_t bytes_of_texts(const kith_text *texts, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += (size_t)texts[i].length;
    return bytes;
}

/* Rejects of one row have the same text, the first of them the most. */
static bool is_of_row_before(const struct kithp_batch *batch, size_t reject)
{
    return reject > 0 && batch->rejects[reject].row.data == batch->rejects[reject - 1].row.data &&
           batch->rejects[reject].row.length <= batch->rejects[reject - 1].row.length;
}

size_t kithp_batch_text_bytes(const struct kithp_batch *batch)
{
    size_t bytes = bytes_of_texts(batch->header, batch->header_count);
    for (size_t i = 0; i < batch->event_count; i++)
        bytes += (size_t)batch->events[i].member_length + batch->events[i].target_length;
    for (size_t i = 0; i < batch->reject_count; i++)
        bytes += is_of_row_before(batch, i) ? 0 : (size_t)batch->rejects[i].row.length;
    return bytes + (batch->has_ids ? bytes_of_texts(batch->ids, batch->event_count) : 0);
}

bool kithp_batch_is_large(const struct kithp_batch *batch)
{
    const size_t usual = (size_t)12 << 20;
    size_t event = sizeof *batch->events + sizeof *batch->found + (batch->has_ids ? sizeof *batch->ids : 0);
    return batch->text_length + batch->kept.taken + batch->event_count * event +
               batch->reject_count * sizeof *batch->rejects + batch->block_count * sizeof *batch->blocks +
               batch->header_count * sizeof *batch->header >
           usual;
}

/* There is room. */
static const char *copy(char **room, const char *bytes, size_t length)
{
    char *copied = *room;
    if (length > 0)
        memcpy(copied, bytes, length);
    *room += length;
    return copied;
}

static kith_text copy_text(char **room, kith_text text)
{
    return (kith_text){copy(room, text.data, (size_t)text.length), text.length};
}

static void gather_events(struct kithp_batch *batch, const struct kithp_batch *next, char **room)
{
    for (size_t i = 0; i < next->event_count; i++) {
        struct kithp_row_event *event = &batch->events[batch->event_count + i];
        *event = next->events[i];
        event->member = copy(room, event->member, event->member_length);
        event->target = copy(room, event->target, event->target_length);
        if (next->has_ids)
            batch->ids[batch->event_count + i] =
                kithp_batch_goes_on(next->ids[i]) ? next->ids[i] : copy_text(room, next->ids[i]);
    }
}

static void gather_rejects(struct kithp_batch *batch, const struct kithp_batch *next, char **room)
{
    for (size_t i = 0; i < next->reject_count; i++) {
        struct kithp_reject *reject = &batch->rejects[batch->reject_count++];
        *reject = next->rejects[i];
        if (is_of_row_before(next, i))
            reject->row.data = (reject - 1)->row.data;
        else
            reject->row = copy_text(room, reject->row);
        reject->blocks_before += batch->block_count;
    }
}

static void gather_blocks(struct kithp_batch *batch, const struct kithp_batch *next)
{
    for (size_t i = 0; i < next->block_count; i++) {
        struct kithp_block *block = &batch->blocks[batch->block_count++];
        *block = next->blocks[i];
        block->end += batch->event_count;
    }
    batch->event_count += next->event_count;
    batch->room = 0;
}

static void gather_header(struct kithp_batch *batch, const struct kithp_batch *next, char **room)
{
    for (size_t i = 0; i < next->header_count; i++)
        batch->header[batch->header_count++] = copy_text(room, next->header[i]);
}

static bool reserve_for(struct kithp_batch *batch, const struct kithp_batch *next)
{
    /* One more, so that blocks without an event have an array to stand at the end of, too. */
    return kithp_batch_grow(batch, next->event_count + 1, next->reject_count) &&
           grow_blocks(batch, next->block_count) &&
           kithp_alloc_grow(batch->allocator, (void **)&batch->header, &batch->header_capacity,
                            batch->header_count + next->header_count, sizeof *batch->header);
}

bool kithp_batch_gather(struct kithp_batch *batch, const struct kithp_batch *next)
{
    bool had_ids = batch->has_ids;
    batch->has_ids = next->has_ids;
    char *room = reserve_for(batch, next) ? (char *)kithp_arena_take(&batch->kept, kithp_batch_text_bytes(next)) : NULL;
    if (!room) {
        batch->has_ids = had_ids;
        return false;
    }
    gather_header(batch, next, &room);
    gather_rejects(batch, next, &room);
    gather_events(batch, next, &room);
    gather_blocks(batch, next);
    batch->end = next->end;
    batch->lines = next->lines;
    batch->bytes_done = next->bytes_done;
    batch->bytes_total = next->bytes_total;
    batch->last = next->last;
    batch->status = next->status;
    batch->error = next->error;
    return true;
}

void kithp_batch_move_down(struct kithp_batch *batch, uint64_t lines)
{
    for (size_t i = 0; i < batch->block_count; i++)
        batch->blocks[i].row_end.line += lines;
    for (size_t i = 0; i < batch->reject_count; i++) {
        batch->rejects[i].line += lines;
        batch->rejects[i].end.line += lines;
    }
    batch->end.line += lines;
    if (batch->status != KITH_OK)
        kithp_error_move_down(&batch->error, lines);
}
