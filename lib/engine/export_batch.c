/* SPDX-License-Identifier: MIT */
/* What a batch of an export holds, given to the engine. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/export.h"
#include "exports/names.h"

bool kithp_export_is_cancelled(const struct kithp_export_run *run)
{
    uint64_t total = run->count == 1 ? run->bytes_total : run->bytes_of_all;
    return kithp_engine_progress(run->engine, run->bytes_before + run->bytes_done, total);
}

static kith_text last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return kith_text_of(slash ? slash + 1 : path);
}

/* What became of a block's events. */
struct outcome {
    size_t taken;
    size_t skipped; /* rows */
};

static void set_end(struct kithp_export_run *run, struct kithp_row_end end)
{
    run->added->end_offset = end.offset;
    run->added->end_line = end.line;
}

/* What becomes of an event by the id of its row, which is looked at once. */
static enum kithp_id_outcome look_at_id(struct kithp_export_run *run, const struct kithp_batch *batch, size_t index,
                                        struct outcome *outcome)
{
    kith_text id = batch->ids[index];
    if (kithp_batch_goes_on(id))
        return run->row_is_known ? KITHP_ID_KNOWN : KITHP_ID_TAKEN;
    enum kithp_id_outcome found = kithp_engine_take_id(run->engine, id, batch->events[index].time);
    run->row_is_known = found == KITHP_ID_KNOWN;
    outcome->skipped += run->row_is_known;
    return found;
}

/* Finds the names in a block's rows, but for those that are known by their ids. False where there is no memory. */
static bool find_block(struct kithp_export_run *run, const struct kithp_batch *batch, size_t begin, size_t count,
                       struct kithp_event *events, struct outcome *outcome)
{
    kith_engine *engine = run->engine;
    const struct kithp_row_event *rows = &batch->events[begin];
    kithp_names_look_ahead(&engine->members, rows, count);
    for (size_t i = 0; i < count; i++) {
        enum kithp_id_outcome found = batch->has_ids ? look_at_id(run, batch, begin + i, outcome) : KITHP_ID_TAKEN;
        if (found == KITHP_ID_KNOWN)
            continue;
        if (found == KITHP_ID_NO_MEMORY || !kithp_names_find(&engine->members, &rows[i], &events[outcome->taken]))
            return false;
        outcome->taken++;
    }
    return true;
}

static void count_block(struct kithp_export_run *run, const struct kithp_block *block, const struct outcome *outcome)
{
    struct kithp_totals *totals = &run->engine->totals;
    kith_added *added = run->added;
    uint64_t ignored = block->ignored + (run->row_is_known ? 0 : block->follows);
    totals->skipped += outcome->skipped;
    totals->ignored += ignored;
    added->read += outcome->taken + outcome->skipped + ignored;
    added->taken += outcome->taken;
    added->skipped += outcome->skipped;
    added->ignored += ignored;
    set_end(run, block->row_end);
}

/* The events of a batch from `begin` to the end of a block. Where that fails, take_batches() sees to what is known. */
static kith_status take_block(struct kithp_export_run *run, const struct kithp_batch *batch, size_t begin,
                              size_t number)
{
    kith_engine *engine = run->engine;
    const struct kithp_block *block = &batch->blocks[number];
    size_t count = block->end - begin;
    struct outcome outcome = {.taken = 0};
    struct kithp_event own[KITHP_TALLY_BLOCK];
    kith_status status = kithp_tally_settle(&engine->tally, run->error);
    if (status != KITH_OK)
        return status;
    if (batch->finds && number >= batch->found_blocks)
        return kithp_engine_fail_found(engine, batch->found_full, run->error);
    if (!batch->finds && !find_block(run, batch, begin, count, own, &outcome))
        return kithp_engine_fail_member(engine, run->error);
    if (batch->finds)
        outcome.taken = count;
    struct kithp_plan plan;
    kithp_engine_plan(engine, &plan, batch->finds ? &batch->found[begin] : own, outcome.taken);
    if (!kithp_engine_take(engine, &plan))
        return kithp_fail_memory(run->error);
    /* Another thread may be ahead with the names of blocks to come. */
    run->known.members = batch->finds ? block->members : kithp_members_count(&engine->members);
    run->known.ids = kithp_ids_count(&engine->ids);
    count_block(run, block, &outcome);
    return KITH_OK;
}

static void count_reject(struct kithp_export_run *run, const struct kithp_reject *reject)
{
    run->added->read++;
    run->added->rejected++;
    run->added->rejected_by_reason[reject->fault.reason]++;
    kithp_engine_count_reject(run->engine, reject->fault.reason);
    set_end(run, reject->end);
}

/* True where the caller asks to stop. */
static bool tell_reject(const struct kithp_export_run *run, const struct kithp_reject *reject)
{
    bool has_words = reject->fault.reason == KITH_REASON_JSON;
    kith_text value = {reject->fault.value, reject->fault.value_length}, none = {NULL, 0};
    kith_reject told = {
        .size = sizeof told,
        .reason = reject->fault.reason,
        .line = reject->line,
        .file = last_component(run->name),
        .column = kith_text_of(reject->column),
        .value = has_words ? none : value,
        .row = reject->row,
        .at = reject->fault.at,
        .words = has_words ? value : none,
    };
    return run->input->reject && run->input->reject(run->input->reject_context, &told) != 0;
}

/*
 * Those that stand behind so many blocks, from one on. A row that gives several is dealt with as a whole: once the
 * caller asks to stop, its others are counted, and not told.
 */
static kith_status take_rejects(struct kithp_export_run *run, const struct kithp_batch *batch, size_t blocks,
                                size_t *next)
{
    bool stops = false;
    uint64_t stopped = 0;
    for (; *next < batch->reject_count && batch->rejects[*next].blocks_before == blocks; ++*next) {
        const struct kithp_reject *reject = &batch->rejects[*next];
        if (stops && reject->end.offset != stopped)
            break;
        if (reject->follows && run->row_is_known)
            continue;
        count_reject(run, reject);
        stops = stops || tell_reject(run, reject);
        stopped = reject->end.offset;
    }
    return stops ? kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled") : KITH_OK;
}

/* In the order of the file, so that what is dealt with is always its beginning. */
static kith_status take_rows(struct kithp_export_run *run, const struct kithp_batch *batch)
{
    size_t begin = 0, reject = 0;
    kith_status status = take_rejects(run, batch, 0, &reject);
    for (size_t i = 0; i < batch->block_count && status == KITH_OK; i++) {
        status = take_block(run, batch, begin, i);
        begin = batch->blocks[i].end;
        if (status == KITH_OK)
            status = take_rejects(run, batch, i + 1, &reject);
    }
    return status;
}

static bool is_stopped_by_header(const struct kithp_export_run *run, const struct kithp_batch *batch)
{
    const kith_export *input = run->input;
    return batch->header_count > 0 && input->header &&
           input->header(input->header_context, batch->header, batch->header_count) != 0;
}

kith_status kithp_export_take_batch(struct kithp_export_run *run, const struct kithp_batch *batch)
{
    if (is_stopped_by_header(run, batch))
        return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    kith_status status = take_rows(run, batch);
    if (status != KITH_OK)
        return status;
    /* What cannot be opened has not come to any end, nor has a piece in which no line begins. */
    if (batch->end.offset > run->added->end_offset)
        set_end(run, batch->end);
    /* A piece is read a little beyond its end. */
    if (batch->bytes_done > run->bytes_done)
        run->bytes_done = batch->bytes_done;
    if (batch->bytes_total > 0)
        run->bytes_total = batch->bytes_total;
    /* Who asked to stop is not asked again. */
    if (batch->status != KITH_CANCELLED && kithp_export_is_cancelled(run))
        return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    if (batch->status != KITH_OK && run->error)
        kithp_versioned_write(run->error, &batch->error, sizeof batch->error);
    return batch->status;
}
