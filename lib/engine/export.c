/* SPDX-License-Identifier: MIT */
/* Events from exports: read in batches, named members looked up, tallied. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/export.h"
#include "exports/pipeline.h"

enum { MAX_ROW_LEAST = KITHP_ROW_BEGINNING, MAX_ROW_MOST = 1 << 30 };

static void turn_to(struct kithp_export_run *run, uint64_t number)
{
    struct kithp_export_part *part = &run->parts[number];
    if (number > run->number)
        run->bytes_before += run->bytes_done;
    run->number = number;
    run->input = &part->input;
    run->name = part->name;
    run->columns = &part->columns;
    run->added = &part->added;
    run->bytes_done = run->bytes_total = 0;
}

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
    if (input->max_row > 0 && (input->max_row < MAX_ROW_LEAST || input->max_row > MAX_ROW_MOST))
        return kithp_fail_argument(error, "input.max_row", "expected 0, or 4096 to 1073741824 bytes");
    return check_source(input, error);
}

/* ---- the whole ---- */

static bool is_cancelled_waiting(void *given)
{
    return kithp_export_is_cancelled(given);
}

static kith_status fail_opening(const char *name, int fault, kith_error *error)
{
    struct kithp_place place = {.file = name};
    return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "cannot be read: %s", kithp_errno_words(fault).text);
}

static struct kithp_reading reading_of(const struct kithp_export_run *run, const struct kithp_export_part *part)
{
    return (struct kithp_reading){
        .rules = &run->rules,
        .members = &run->engine->members,
        .source = part->input.source,
        .columns = &part->columns,
        .name = part->name,
        .begin = {part->input.begin_offset, part->input.begin_line},
        .row_most = part->input.max_row,
        .text_most = part->input.max_bytes,
    };
}

/* Lets a batch go by the lines of the whole export, and takes it. */
static kith_status take_of_piece(struct kithp_export_run *run, struct kithp_batch *batch)
{
    kithp_batch_move_down(batch, run->lines);
    if (batch->last)
        run->lines += batch->lines;
    return kithp_export_take_batch(run, batch);
}

/* Takes all batches of the exports from the one that is taken on, or of its pieces. */
static kith_status take_batches(struct kithp_export_run *run, const struct kithp_pipeline_exports *exports,
                                unsigned lanes)
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
        if (run->pieces == 0 && first + number != run->number)
            turn_to(run, first + number);
        status = run->pieces > 0 ? take_of_piece(run, batch) : kithp_export_take_batch(run, batch);
        last = batch->last && number + 1 == exports->count;
        kithp_pipeline_give_back(&pipeline);
    }
    kithp_pipeline_stop(&pipeline);
    return status;
}

/* A reader of its own for a thread, which takes over the input. NULL with error in full where it cannot be opened. */
static struct kithp_reader *make_reader(const struct kithp_export_run *run, const struct kithp_reading *reading,
                                        struct kithp_input *input, kith_error *error)
{
    const kith_allocator *allocator = &run->engine->allocator;
    struct kithp_reader *reader = kithp_alloc_array(allocator, 1, sizeof *reader);
    if (!reader) {
        kithp_input_close(input);
        kithp_fail_memory(error);
        return NULL;
    }
    if (kithp_reader_open(reader, allocator, reading, input, error) == KITH_OK)
        return reader;
    kithp_reader_close(reader);
    kithp_alloc_free(allocator, reader);
    return NULL;
}

static void close_reader(void *context, struct kithp_reader *reader)
{
    const struct kithp_export_run *run = context;
    kithp_reader_close(reader);
    kithp_alloc_free(&run->engine->allocator, reader);
}

/* ---- pieces of one export ---- */

/* The last of them has what is left, and what is added meanwhile. */
static uint64_t count_pieces(const struct kithp_export_run *run, const struct kithp_reader *whole)
{
    if (run->engine->options.threads < 2 || !kithp_reader_has_pieces(whole))
        return 1;
    return whole->stream.input.total / run->engine->piece_bytes;
}

/* By a thread of the pipeline. */
static struct kithp_reader *open_piece(void *context, uint64_t number, kith_error *error)
{
    const struct kithp_export_run *run = context;
    const struct kithp_export_part *part = &run->parts[run->number];
    struct kithp_reading reading = reading_of(run, part);
    uint64_t size = run->engine->piece_bytes;
    reading.piece.begin = number * size;
    reading.piece.end = number + 1 < run->pieces ? reading.piece.begin + size : UINT64_MAX;
    struct kithp_input input;
    kithp_input_open_part(&input, &run->whole->stream.input, kithp_piece_text(&reading.piece));
    return make_reader(run, &reading, &input, error);
}

static kith_status read_pieces(struct kithp_export_run *run, const struct kithp_reader *whole, uint64_t count)
{
    const struct kithp_pipeline_exports pieces = {count, open_piece, close_reader, run};
    run->whole = whole;
    run->pieces = count;
    run->lines = 0;
    kith_status status = take_batches(run, &pieces, run->engine->options.threads);
    run->pieces = 0;
    return status;
}

/* ---- one export ---- */

static kith_status open_input(const struct kithp_export_run *run, struct kithp_input *input)
{
    if (run->input->read) {
        kithp_input_open_callback(input, run->input->read, run->input->read_context);
        return KITH_OK;
    }
    int fault;
    /* Opening a pipe waits for its writer; a signal is the caller's chance to give up. */
    while ((fault = kithp_input_open(input, run->input->path)) == EINTR)
        if (kithp_export_is_cancelled(run))
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

static kith_status read_one(struct kithp_export_run *run)
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
    uint64_t pieces = status == KITH_OK ? count_pieces(run, &reader) : 0;
    if (pieces > 1)
        status = read_pieces(run, &reader, pieces);
    else if (status == KITH_OK)
        status = take_batches(run, &exports, run->engine->options.threads > 1);
    kithp_reader_close(&reader);
    return status;
}

/* ---- several of them ---- */

/* Whether all are plain files, which need not be waited for; then how large they are. */
static bool are_plain_files(struct kithp_export_run *run)
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
    const struct kithp_export_run *run = context;
    const struct kithp_export_part *part = &run->parts[number];
    struct kithp_input input;
    int fault;
    while ((fault = kithp_input_open(&input, part->input.path)) == EINTR) {
    }
    if (fault != 0) {
        fail_opening(part->name, fault, error);
        return NULL;
    }
    struct kithp_reading reading = reading_of(run, part);
    return make_reader(run, &reading, &input, error);
}

static kith_status read_one_by_one(struct kithp_export_run *run)
{
    kith_status status = KITH_OK;
    for (uint64_t i = 0; i < run->count && status == KITH_OK; i++) {
        turn_to(run, i);
        status = read_one(run);
    }
    return status;
}

static kith_status read_parts(struct kithp_export_run *run)
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

static kith_status run_parts(struct kithp_export_run *run)
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

static kith_status read_part(const kith_export *input, kith_added *added, struct kithp_export_part *part,
                             kith_error *error)
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
static kith_status part_at(const kith_export *inputs, kith_added *added, uint64_t number,
                           struct kithp_export_part *part, kith_error *error)
{
    const kith_export *input = struct_at(inputs, inputs->size, number);
    kith_added *its = added ? (kith_added *)struct_at(added, added->size, number) : NULL;
    if (input->size != inputs->size)
        return kithp_fail_argument(error, "input.size", "must be the same for all of them");
    if (its && its->size != added->size)
        return kithp_fail_argument(error, "added.size", "must be the same for all of them");
    return read_part(input, its, part, error);
}

static void tell_added(kith_added *added, uint64_t number, const struct kithp_export_part *part)
{
    if (added)
        kithp_versioned_write((void *)struct_at(added, added->size, number), &part->added, sizeof part->added);
}

static kith_status run_all(struct kithp_export_run *run, const kith_export *inputs, kith_added *added, uint64_t *done)
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
static kith_status fail_all(const struct kithp_export_run *run, const kith_export *inputs, kith_added *added)
{
    struct kithp_export_part part;
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
    struct kithp_export_part one;
    struct kithp_export_run run = {.engine = engine, .count = count, .error = error};
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
