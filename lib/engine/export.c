/* SPDX-License-Identifier: MIT */
/* Events from exports: read in batches, named members looked up, tallied. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/engine.h"
#include "exports/names.h"
#include "exports/pipeline.h"

/* An export of a call, and what became of it. */
struct part {
    kith_export input;
    const char *name;
    struct kithp_columns columns;
    kith_added added;
};

/* One call of kith_engine_add_exports(). */
struct run {
    kith_engine *engine;
    struct kithp_row_rules rules;
    struct part *parts;
    uint64_t count;
    uint64_t number; /* of the part that is taken, which has: */
    const kith_export *input;
    const char *name;
    const struct kithp_columns *columns;
    kith_added *added;
    kith_error *error;
    struct kithp_engine_mark known; /* by what was taken */
    uint64_t bytes_before;          /* of the parts before */
    uint64_t bytes_done;            /* of this one */
    uint64_t bytes_total;
    uint64_t bytes_of_all; /* or 0 where that is not known */
};

static void turn_to(struct run *run, uint64_t number)
{
    struct part *part = &run->parts[number];
    if (number > run->number)
        run->bytes_before += run->bytes_done;
    run->number = number;
    run->input = &part->input;
    run->name = part->name;
    run->columns = &part->columns;
    run->added = &part->added;
    run->bytes_done = run->bytes_total = 0;
}

/* True where the caller asks to stop. */
static bool is_cancelled(const struct run *run)
{
    uint64_t total = run->count == 1 ? run->bytes_total : run->bytes_of_all;
    return kithp_engine_progress(run->engine, run->bytes_before + run->bytes_done, total);
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
    return KITH_OK;
}

static kith_text last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return kith_text_of(slash ? slash + 1 : path);
}

/* ---- a batch ---- */

static void set_end(struct run *run, struct kithp_row_end end)
{
    run->added->end_offset = end.offset;
    run->added->end_line = end.line;
}

/* Finds the names in a block's rows, but for those that are known by their ids. False where there is no memory. */
static bool find_block(struct run *run, const struct kithp_batch *batch, size_t begin, size_t count,
                       struct kithp_event *events, size_t *taken)
{
    kith_engine *engine = run->engine;
    const struct kithp_row_event *rows = &batch->events[begin];
    *taken = 0;
    kithp_names_look_ahead(&engine->members, rows, count);
    for (size_t i = 0; i < count; i++) {
        enum kithp_id_outcome outcome =
            batch->has_ids ? kithp_engine_take_id(engine, batch->ids[begin + i], rows[i].time) : KITHP_ID_TAKEN;
        if (outcome == KITHP_ID_KNOWN)
            continue;
        if (outcome == KITHP_ID_NO_MEMORY || !kithp_names_find(&engine->members, &rows[i], &events[*taken]))
            return false;
        ++*taken;
    }
    return true;
}

/* The events of a batch from `begin` to the end of a block. Where that fails, take_batches() sees to what is known. */
static kith_status take_block(struct run *run, const struct kithp_batch *batch, size_t begin, size_t number)
{
    kith_engine *engine = run->engine;
    const struct kithp_block *block = &batch->blocks[number];
    size_t count = block->end - begin, taken = count;
    struct kithp_event own[KITHP_TALLY_BLOCK];
    kith_status status = kithp_tally_settle(&engine->tally, run->error);
    if (status != KITH_OK)
        return status;
    if (batch->finds ? number >= batch->found_blocks : !find_block(run, batch, begin, count, own, &taken))
        return kithp_fail_memory(run->error);
    struct kithp_plan plan;
    kithp_engine_plan(engine, &plan, batch->finds ? &batch->found[begin] : own, taken);
    if (!kithp_engine_take(engine, &plan))
        return kithp_fail_memory(run->error);
    /* Another thread may be ahead with the names of blocks to come. */
    run->known.members = batch->finds ? block->members : kithp_members_count(&engine->members);
    run->known.ids = kithp_ids_count(&engine->ids);
    engine->totals.skipped += count - taken;
    run->added->read += count;
    run->added->taken += taken;
    run->added->skipped += count - taken;
    set_end(run, block->row_end);
    return KITH_OK;
}

static kith_status take_reject(struct run *run, const struct kithp_reject *reject)
{
    bool has_words = reject->fault.reason == KITH_REASON_JSON;
    kith_text value = {reject->fault.value, reject->fault.value_length}, none = {NULL, 0};
    run->added->read++;
    run->added->rejected++;
    run->added->rejected_by_reason[reject->fault.reason]++;
    kithp_engine_count_reject(run->engine, reject->fault.reason);
    set_end(run, reject->end);
    if (!run->input->reject)
        return KITH_OK;
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
    if (run->input->reject(run->input->reject_context, &told) != 0)
        return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    return KITH_OK;
}

/* Those that stand behind so many blocks, from one on. */
static kith_status take_rejects(struct run *run, const struct kithp_batch *batch, size_t blocks, size_t *reject)
{
    kith_status status = KITH_OK;
    while (status == KITH_OK && *reject < batch->reject_count && batch->rejects[*reject].blocks_before == blocks)
        status = take_reject(run, &batch->rejects[(*reject)++]);
    return status;
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
    return batch->header_count > 0 && input->header &&
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
    if (batch->status != KITH_CANCELLED && is_cancelled(run))
        return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    if (batch->status != KITH_OK && run->error)
        kithp_versioned_write(run->error, &batch->error, sizeof batch->error);
    return batch->status;
}

/* ---- the whole ---- */

static bool is_cancelled_waiting(void *given)
{
    return is_cancelled(given);
}

static kith_status fail_opening(const char *name, int fault, kith_error *error)
{
    struct kithp_place place = {.file = name};
    return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "cannot be read: %s", strerror(fault));
}

static struct kithp_reading reading_of(const struct run *run, const struct part *part)
{
    return (struct kithp_reading){
        .rules = &run->rules,
        .members = &run->engine->members,
        .columns = &part->columns,
        .name = part->name,
        .begin = {part->input.begin_offset, part->input.begin_line},
    };
}

/* Takes all batches of the exports from the one that is taken on. */
static kith_status take_batches(struct run *run, const struct kithp_pipeline_exports *exports, unsigned lanes)
{
    struct kithp_pipeline pipeline;
    kith_engine *engine = run->engine;
    const uint64_t first = run->number;
    kithp_pipeline_start(&pipeline, &engine->allocator, exports, lanes, &engine->members, is_cancelled_waiting, run);
    kith_status status = KITH_OK;
    bool last = false;
    while (status == KITH_OK && !last) {
        uint64_t number;
        struct kithp_batch *batch = kithp_pipeline_next(&pipeline, &number);
        if (!batch) {
            status = kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
            break;
        }
        if (first + number != run->number)
            turn_to(run, first + number);
        status = take_batch(run, batch);
        last = batch->last && number + 1 == exports->count;
        kithp_pipeline_give_back(&pipeline);
    }
    kithp_pipeline_stop(&pipeline);
    return status;
}

/* ---- one export ---- */

static kith_status open_input(const struct run *run, struct kithp_input *input)
{
    if (run->input->read) {
        kithp_input_open_callback(input, run->input->read, run->input->read_context);
        return KITH_OK;
    }
    int fault;
    /* Opening a pipe waits for its writer; a signal is the caller's chance to give up. */
    while ((fault = kithp_input_open(input, run->input->path)) == EINTR)
        if (is_cancelled(run))
            return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    return fault == 0 ? KITH_OK : fail_opening(run->name, fault, run->error);
}

/* It was opened by this thread, as it may have to be waited for, and is closed by it. */
static struct kithp_reader *use_reader(void *context, uint64_t number, kith_error *error)
{
    (void)number;
    (void)error;
    return context;
}

static void keep_reader(void *context, struct kithp_reader *reader)
{
    (void)context;
    (void)reader;
}

static kith_status read_one(struct run *run)
{
    struct kithp_input input;
    kith_status status = open_input(run, &input);
    if (status != KITH_OK)
        return status;
    /* What kind of text it is shows from its first bytes, which may be long in coming. */
    input.waiting = is_cancelled_waiting;
    input.waiting_context = run;
    struct kithp_reader reader;
    struct kithp_reading reading = reading_of(run, &run->parts[run->number]);
    status = kithp_reader_open(&reader, &run->engine->allocator, &reading, &input, run->error);
    const struct kithp_pipeline_exports exports = {1, use_reader, keep_reader, &reader};
    if (status == KITH_OK)
        status = take_batches(run, &exports, run->engine->options.threads > 1);
    kithp_reader_close(&reader);
    return status;
}

/* ---- several of them ---- */

/* Whether all are plain files, which need not be waited for; then how large they are. */
static bool are_plain_files(struct run *run)
{
    for (uint64_t i = 0; i < run->count; i++) {
        struct stat about;
        const char *path = run->parts[i].input.path;
        if (!path || strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
            return false;
        run->bytes_of_all += (uint64_t)about.st_size;
    }
    return true;
}

/* By a thread of the pipeline. */
static struct kithp_reader *open_reader(void *context, uint64_t number, kith_error *error)
{
    const struct run *run = context;
    const struct part *part = &run->parts[number];
    const kith_allocator *allocator = &run->engine->allocator;
    struct kithp_input input;
    int fault;
    while ((fault = kithp_input_open(&input, part->input.path)) == EINTR) {
    }
    if (fault != 0) {
        fail_opening(part->name, fault, error);
        return NULL;
    }
    struct kithp_reader *reader = kithp_alloc_array(allocator, 1, sizeof *reader);
    struct kithp_reading reading = reading_of(run, part);
    if (!reader) {
        kithp_input_close(&input);
        kithp_fail_memory(error);
        return NULL;
    }
    if (kithp_reader_open(reader, allocator, &reading, &input, error) == KITH_OK)
        return reader;
    kithp_reader_close(reader);
    kithp_alloc_free(allocator, reader);
    return NULL;
}

static void close_reader(void *context, struct kithp_reader *reader)
{
    const struct run *run = context;
    kithp_reader_close(reader);
    kithp_alloc_free(&run->engine->allocator, reader);
}

static kith_status read_one_by_one(struct run *run)
{
    kith_status status = KITH_OK;
    for (uint64_t i = 0; i < run->count && status == KITH_OK; i++) {
        turn_to(run, i);
        status = read_one(run);
    }
    return status;
}

static kith_status read_parts(struct run *run)
{
    unsigned threads = run->engine->options.threads;
    bool plain = run->count > 1 && are_plain_files(run);
    if (!plain)
        run->bytes_of_all = 0;
    if (!plain || threads < 2)
        return read_one_by_one(run);
    const struct kithp_pipeline_exports exports = {run->count, open_reader, close_reader, run};
    turn_to(run, 0);
    return take_batches(run, &exports, threads);
}

/* ---- the call ---- */

static kith_status run_parts(struct run *run)
{
    kith_engine *engine = run->engine;
    if (!kithp_row_rules_init(&run->rules, &engine->allocator, &engine->figures, kithp_engine_earliest(engine),
                              kithp_engine_latest(engine)))
        return kithp_fail_memory(run->error);
    run->known = kithp_engine_mark(engine);
    kithp_tally_begin_sealing(&engine->tally, engine->options.threads > 1);
    kith_status status = read_parts(run);
    kithp_tally_end_sealing(&engine->tally);
    kithp_row_rules_free(&run->rules);
    /* What became known for the sake of events that were not taken; why not has been told. */
    if (status != KITH_OK)
        (void)kithp_engine_give_up(engine, run->known, NULL);
    return status;
}

/* The caller's structs lie side by side, in the size that they have by the caller's version. */
static const void *struct_at(const void *structs, uint32_t size, uint64_t number)
{
    return (const char *)structs + number * size;
}

static kith_status read_part(const kith_export *input, kith_added *added, struct part *part, kith_error *error)
{
    kith_status status =
        kithp_versioned_read(&part->input, sizeof part->input, input, sizeof part->input, "input", error);
    if (status == KITH_OK)
        status = check_input(&part->input, error);
    if (status == KITH_OK && added)
        status = kithp_versioned_check(added, sizeof *added, "added", error);
    if (status != KITH_OK)
        return status;
    enum kithp_field clash[2];
    if (!kithp_columns_init(&part->columns, &part->input, clash)) {
        kith_text value = kith_text_of(part->columns.headers[clash[1]]);
        struct kithp_place place = {.field = KITHP_TEXT("input"), .value = value};
        return kithp_fail(error, KITH_BAD_ARGUMENT, &place, "two fields are to come from the same column");
    }
    const kith_export *own = &part->input;
    part->name = own->name ? own->name : own->path ? own->path : "-";
    part->added = (kith_added){
        .reasons = added ? added->reasons : NULL,
        .end_offset = own->begin_offset,
        .end_line = own->begin_line,
    };
    return KITH_OK;
}

/* Checks the caller's struct of an export, and makes its part of that. */
static kith_status part_at(const kith_export *inputs, kith_added *added, uint64_t number, struct part *part,
                           kith_error *error)
{
    const kith_export *input = struct_at(inputs, inputs->size, number);
    kith_added *its = added ? (kith_added *)struct_at(added, added->size, number) : NULL;
    if (input->size != inputs->size)
        return kithp_fail_argument(error, "input.size", "must be the same for all of them");
    if (its && its->size != added->size)
        return kithp_fail_argument(error, "added.size", "must be the same for all of them");
    return read_part(input, its, part, error);
}

static void tell_added(kith_added *added, uint64_t number, const struct part *part)
{
    if (added)
        kithp_versioned_write((void *)struct_at(added, added->size, number), &part->added, sizeof part->added);
}

static kith_status run_all(struct run *run, const kith_export *inputs, kith_added *added, uint64_t *done)
{
    kith_status status = KITH_OK;
    for (uint64_t i = 0; i < run->count && status == KITH_OK; i++)
        status = part_at(inputs, added, i, &run->parts[i], run->error);
    if (status != KITH_OK)
        return status;
    status = run_parts(run);
    for (uint64_t i = 0; i < run->count; i++)
        tell_added(added, i, &run->parts[i]);
    *done = status == KITH_OK ? run->count : run->number;
    return status;
}

/* There is no memory for the parts: what became of each is nothing. */
static kith_status fail_all(const struct run *run, const kith_export *inputs, kith_added *added)
{
    struct part part;
    for (uint64_t i = 0; i < run->count; i++) {
        kith_status status = part_at(inputs, added, i, &part, run->error);
        if (status != KITH_OK)
            return status;
    }
    for (uint64_t i = 0; i < run->count && part_at(inputs, added, i, &part, NULL) == KITH_OK; i++)
        tell_added(added, i, &part);
    return kithp_fail_memory(run->error);
}

kith_status kith_engine_add_exports(kith_engine *engine, const kith_export *inputs, uint64_t count, kith_added *added,
                                    uint64_t *done, kith_error *error)
{
    uint64_t own_done = 0;
    if (done)
        *done = 0;
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!engine->members.named)
        return kithp_fail_argument(error, "engine", "exports hold names, and its members have none");
    if (count == 0)
        return KITH_OK;
    if (!inputs)
        return kithp_fail_argument(error, "input", "must not be NULL");
    struct part one;
    struct run run = {.engine = engine, .count = count, .error = error};
    run.parts = count == 1 ? &one : kithp_alloc_array(&engine->allocator, (size_t)count, sizeof *run.parts);
    kith_status status = run.parts ? run_all(&run, inputs, added, &own_done) : fail_all(&run, inputs, added);
    if (run.parts != &one)
        kithp_alloc_free(&engine->allocator, run.parts);
    if (done)
        *done = own_done;
    return status;
}

kith_status kith_engine_add_export(kith_engine *engine, const kith_export *input, kith_added *added, kith_error *error)
{
    return kith_engine_add_exports(engine, input, 1, added, NULL, error);
}
