/* SPDX-License-Identifier: MIT */
/* Events from an export: read in batches, named members looked up, tallied. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/engine.h"
#include "exports/names.h"
#include "exports/pipeline.h"

/* One call of kith_engine_add_export(). */
struct run {
    kith_engine *engine;
    const kith_export *input;
    const char *name;
    const struct kithp_columns *columns;
    kith_added *added;
    kith_error *error;
    struct kithp_engine_mark known; /* by what was taken */
    bool row_is_known;              /* the last row of the blocks taken was, by its id */
    uint64_t bytes_done;
    uint64_t bytes_total;
};

/* How a row is read stands in one place: with a description, nowhere else. */
static kith_status check_source(const kith_export *input, kith_error *error)
{
    const char *const names[] = {input->time,   input->member,   input->kind,
                                 input->target, input->quantity, input->event_id};
    static const char *const fields[] = {"input.time",   "input.member",   "input.kind",
                                         "input.target", "input.quantity", "input.event_id"};
    if (!input->source)
        return KITH_OK;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i])
            return kithp_fail_argument(error, fields[i], "must be NULL where there is a source description");
    if (input->delimiter != 0)
        return kithp_fail_argument(error, "input.delimiter", "must be 0 where there is a source description");
    return KITH_OK;
}

static kith_status check_input(const kith_export *input, kith_error *error)
{
    if (!input->path && !input->read)
        return kithp_fail_argument(error, "input.path", "expected a path, or a function to read from");
    if (input->path && input->read)
        return kithp_fail_argument(error, "input.path", "must be NULL where there is a function to read from");
    uint32_t delimiter = input->delimiter;
    if (delimiter > 0x7F || delimiter == '"' || delimiter == '\n' || delimiter == '\r')
        return kithp_fail_argument(error, "input.delimiter",
                                   "expected an ASCII character other than a quote or a line "
                                   "end");
    if ((input->begin_offset > 0) != (input->begin_line > 0))
        return kithp_fail_argument(error, input->begin_line > 0 ? "input.begin_offset" : "input.begin_line",
                                   "must not be 0 where the other is not");
    return check_source(input, error);
}

static kith_text last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return kith_text_of(slash ? slash + 1 : path);
}

/* ---- a batch ---- */

/* What became of a block's events. */
struct outcome {
    size_t taken;
    size_t skipped; /* rows */
};

static void set_end(struct run *run, struct kithp_row_end end)
{
    run->added->end_offset = end.offset;
    run->added->end_line = end.line;
}

/* What becomes of an event by the id of its row, which is looked at once. */
static enum kithp_id_outcome look_at_id(struct run *run, const struct kithp_batch *batch, size_t index,
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
static bool find_block(struct run *run, const struct kithp_batch *batch, size_t begin, size_t count,
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

static void count_block(struct run *run, const struct kithp_block *block, const struct outcome *outcome)
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
static kith_status take_block(struct run *run, const struct kithp_batch *batch, size_t begin, size_t number)
{
    kith_engine *engine = run->engine;
    const struct kithp_block *block = &batch->blocks[number];
    size_t count = block->end - begin;
    struct outcome outcome = {.taken = 0};
    struct kithp_event own[KITHP_TALLY_BLOCK];
    kith_status status = kithp_tally_settle(&engine->tally, run->error);
    if (status != KITH_OK)
        return status;
    if (batch->finds ? number >= batch->found_blocks : !find_block(run, batch, begin, count, own, &outcome))
        return kithp_fail_memory(run->error);
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

static void count_reject(struct run *run, const struct kithp_reject *reject)
{
    run->added->read++;
    run->added->rejected++;
    run->added->rejected_by_reason[reject->fault.reason]++;
    kithp_engine_count_reject(run->engine, reject->fault.reason);
    set_end(run, reject->end);
}

/* True where the caller asks to stop. */
static bool tell_reject(const struct run *run, const struct kithp_reject *reject)
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
static kith_status take_rejects(struct run *run, const struct kithp_batch *batch, size_t blocks, size_t *next)
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
static kith_status take_rows(struct run *run, const struct kithp_batch *batch)
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

static bool is_stopped_by_header(const struct run *run, const struct kithp_batch *batch)
{
    const kith_export *input = run->input;
    return batch->header && input->header &&
           input->header(input->header_context, batch->header, batch->header_count) != 0;
}

static kith_status take_batch(struct run *run, const struct kithp_batch *batch)
{
    if (is_stopped_by_header(run, batch))
        return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    kith_status status = take_rows(run, batch);
    if (status != KITH_OK)
        return status;
    set_end(run, batch->end);
    run->bytes_done = batch->bytes_done;
    run->bytes_total = batch->bytes_total;
    /* Who asked to stop is not asked again. */
    if (batch->status != KITH_CANCELLED && kithp_engine_progress(run->engine, batch->bytes_done, batch->bytes_total))
        return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    if (batch->status != KITH_OK && run->error)
        kithp_versioned_write(run->error, &batch->error, sizeof batch->error);
    return batch->status;
}

/* ---- the whole ---- */

static bool is_cancelled_waiting(void *given)
{
    const struct run *run = given;
    return kithp_engine_progress(run->engine, run->bytes_done, run->bytes_total);
}

static kith_status take_batches(struct run *run, struct kithp_reader *reader)
{
    struct kithp_pipeline pipeline;
    kith_engine *engine = run->engine;
    run->known = kithp_engine_mark(engine);
    kithp_pipeline_start(&pipeline, reader, &engine->members, engine->options.threads > 1, is_cancelled_waiting, run);
    kith_status status = KITH_OK;
    bool last = false;
    while (status == KITH_OK && !last) {
        struct kithp_batch *batch = kithp_pipeline_next(&pipeline);
        if (!batch) {
            status = kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
            break;
        }
        status = take_batch(run, batch);
        last = batch->last;
        kithp_pipeline_give_back(&pipeline);
    }
    kithp_pipeline_stop(&pipeline);
    /* What became known for the sake of events that were not taken; why not has been told. */
    if (status != KITH_OK)
        (void)kithp_engine_give_up(engine, run->known, NULL);
    return status;
}

static kith_status open_input(const struct run *run, struct kithp_input *input)
{
    if (run->input->read) {
        kithp_input_open_callback(input, run->input->read, run->input->read_context);
        return KITH_OK;
    }
    int fault;
    /* Opening a pipe waits for its writer; a signal is the caller's chance to give up. */
    while ((fault = kithp_input_open(input, run->input->path)) == EINTR)
        if (kithp_engine_progress(run->engine, 0, 0))
            return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    if (fault == 0)
        return KITH_OK;
    struct kithp_place place = {.file = run->name};
    return kithp_fail(run->error, KITH_INPUT_OUTPUT, &place, "cannot be read: %s", strerror(fault));
}

static kith_status read_export(struct run *run)
{
    kith_engine *engine = run->engine;
    struct kithp_input input;
    kith_status status = open_input(run, &input);
    if (status != KITH_OK)
        return status;
    /* What kind of text it is shows from its first bytes, which may be long in coming. */
    input.waiting = is_cancelled_waiting;
    input.waiting_context = run;
    struct kithp_row_rules rules;
    if (!kithp_row_rules_init(&rules, &engine->allocator, &engine->figures, kithp_engine_earliest(engine),
                              kithp_engine_latest(engine))) {
        kithp_input_close(&input);
        return kithp_fail_memory(run->error);
    }
    struct kithp_reader reader;
    struct kithp_reading reading = {
        .rules = &rules,
        .members = &engine->members,
        .source = run->input->source,
        .columns = run->columns,
        .name = run->name,
        .begin = {run->input->begin_offset, run->input->begin_line},
    };
    status = kithp_reader_open(&reader, &engine->allocator, &reading, &input, run->error);
    if (status == KITH_OK)
        status = take_batches(run, &reader);
    kithp_reader_close(&reader);
    kithp_row_rules_free(&rules);
    return status;
}

kith_status kith_engine_add_export(kith_engine *engine, const kith_export *input, kith_added *added, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!engine->members.named)
        return kithp_fail_argument(error, "engine", "exports hold names, and its members have none");
    kith_export read;
    kith_status status = kithp_versioned_read(&read, sizeof read, input, sizeof read, "input", error);
    if (status == KITH_OK)
        status = check_input(&read, error);
    if (status == KITH_OK && added)
        status = kithp_versioned_check(added, sizeof *added, "added", error);
    if (status != KITH_OK)
        return status;

    struct kithp_columns columns;
    enum kithp_field clash[2];
    if (!kithp_columns_init(&columns, &read, clash)) {
        struct kithp_place place = {.field = KITHP_TEXT("input"), .value = kith_text_of(columns.headers[clash[1]])};
        return kithp_fail(error, KITH_BAD_ARGUMENT, &place, "two fields are to come from the same column");
    }
    kith_added own = {
        .reasons = added ? added->reasons : NULL,
        .end_offset = read.begin_offset,
        .end_line = read.begin_line,
    };
    struct run run = {.engine = engine, .input = &read, .columns = &columns, .added = &own, .error = error};
    run.name = read.name ? read.name : read.path ? read.path : "-";
    kithp_tally_begin_sealing(&engine->tally, engine->options.threads > 1);
    status = read_export(&run);
    kithp_tally_end_sealing(&engine->tally);
    if (added)
        kithp_versioned_write(added, &own, sizeof own);
    return status;
}
