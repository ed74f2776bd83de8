/* SPDX-License-Identifier: MIT */
/* Events from an Arrow stream: some batches at a time, which are added by one call, or by few where they are large. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/versioned.h"
#include "engine/arrow_rows.h"
#include "exports/row.h"

enum {
    ENOUGH = 2 << 20,    /* rows of a group: so many are worth what it takes to begin and to end */
    SLICE_MOST = 4 << 20 /* rows that are added before the refused ones among them are told */
};

/* One call of kith_engine_add_arrow(). */
struct run {
    kith_engine *engine;
    const kith_arrow *input;
    const char *name;
    kith_added *added;
    kith_error *error;
    struct kithp_arrow_stream stream;
    struct kithp_arrow_group *group;
    struct kithp_arrow_rows rows;
    uint8_t *reasons; /* of a slice's rows; NULL where nobody is told */
    size_t capacity;
    bool ended; /* the stream has no more batches, or fails */
};

static kith_status fail_stream(const struct kithp_arrow_fault *fault, const char *name, kith_error *error)
{
    struct kithp_place place = {.file = name, .line = fault->row, .field = kith_text_of(fault->field)};
    return kithp_fail(error, fault->status, &place, "%s", fault->words);
}

static kith_status fail_cancelled(const struct run *run)
{
    return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
}

/* ---- rejects ---- */

static enum kithp_field field_of(uint32_t reason)
{
    switch (reason) {
    case KITH_REASON_MEMBER:
        return KITHP_MEMBER;
    case KITH_REASON_TARGET:
        return KITHP_TARGET;
    case KITH_REASON_KIND:
        return KITHP_KIND;
    case KITH_REASON_QUANTITY:
        return KITHP_QUANTITY;
    default:
        return KITHP_TIME;
    }
}

static bool tell_reject(const struct run *run, const struct kithp_arrow_batch *batch, uint64_t row, uint32_t reason)
{
    enum kithp_field field = field_of(reason);
    char room[KITHP_ARROW_SHOWN_ROOM];
    kith_reject told = {
        .size = sizeof told,
        .reason = reason,
        .line = batch->before + row + 1,
        .file = kith_text_of(run->name),
        .column = kith_text_of(run->stream.headers[field]),
    };
    if (run->stream.there[field])
        told.value = kithp_arrow_show(&batch->columns[field], &run->engine->figures.calendar, (int64_t)row, room);
    /* Cut as of an export. */
    if (told.value.length > KITHP_ROW_VALUE_ROOM)
        told.value.length = KITHP_ROW_VALUE_ROOM;
    return run->input->reject(run->input->reject_context, &told) == 0;
}

/* The refused of so many rows of the group from `begin` on. False where that is to be the end. */
static bool tell_rejects(const struct run *run, uint64_t begin, uint64_t count)
{
    const struct kithp_arrow_batch *batch = run->group->batches;
    uint64_t batch_begin = 0;
    for (uint64_t i = 0; run->reasons && i < count; i++) {
        uint32_t reason = run->reasons[i];
        if (reason == KITH_REASON_NONE || reason == KITH_REASON_SKIPPED)
            continue;
        for (; begin + i - batch_begin >= (uint64_t)batch->array.length; batch++)
            batch_begin += (uint64_t)batch->array.length;
        if (!tell_reject(run, batch, begin + i - batch_begin, reason))
            return false;
    }
    return true;
}

/* ---- groups of batches ---- */

static void count_slice(kith_added *sum, const kith_added *more)
{
    sum->read += more->read;
    sum->taken += more->taken;
    sum->rejected += more->rejected;
    sum->skipped += more->skipped;
    for (unsigned reason = 0; reason < KITH_REASONS; reason++)
        sum->rejected_by_reason[reason] += more->rejected_by_reason[reason];
}

static kith_status add_slice(struct run *run, uint64_t begin, uint64_t count)
{
    if (run->input->reject && !kithp_alloc_grow(&run->engine->allocator, (void **)&run->reasons, &run->capacity,
                                                (size_t)count, sizeof *run->reasons))
        return kithp_fail_memory(run->error);
    kith_added own = {.reasons = run->reasons};
    struct kithp_add_call call = {.count = count, .done = run->added->read, .added = &own, .error = run->error};
    kithp_arrow_rows_set(&run->rows, begin, &call);
    kith_status status = kithp_add_all(&call);
    count_slice(run->added, &own);
    if (own.rejected > 0 && !tell_rejects(run, begin, own.read) && status == KITH_OK)
        return fail_cancelled(run);
    return status;
}

static kith_status add_group(struct run *run)
{
    kith_status status = KITH_OK;
    uint64_t rows = run->group->rows;
    kithp_arrow_rows_rewind(&run->rows);
    for (uint64_t begin = 0; begin < rows && status == KITH_OK; begin += SLICE_MOST)
        status = add_slice(run, begin, rows - begin < SLICE_MOST ? rows - begin : SLICE_MOST);
    return status;
}

static void release_group(struct kithp_arrow_group *group)
{
    while (group->count > 0)
        kithp_arrow_batch_release(&group->batches[--group->count]);
    group->rows = 0;
}

/* Gathers batches; those there are where the stream ends or fails are to be added as well. */
static kith_status gather(struct run *run)
{
    struct kithp_arrow_group *group = run->group;
    const size_t most = sizeof group->batches / sizeof *group->batches;
    while (!run->ended && group->count < most && group->rows < ENOUGH) {
        struct kithp_arrow_batch *batch = &group->batches[group->count];
        if (kithp_engine_progress(run->engine, run->added->read, 0))
            return fail_cancelled(run);
        run->ended = !kithp_arrow_stream_next(&run->stream, batch);
        if (run->ended)
            break;
        group->rows += (uint64_t)batch->array.length;
        if (batch->array.length > 0)
            group->count++;
        else
            kithp_arrow_batch_release(batch);
    }
    return KITH_OK;
}

/* ---- the whole ---- */

/* Whether the columns that name members are what the engine knows them by. */
static kith_status check_members(const struct run *run)
{
    static const enum kithp_field fields[] = {KITHP_MEMBER, KITHP_TARGET};
    bool named = run->engine->members.named;
    for (unsigned i = 0; i < 2; i++) {
        const struct kithp_arrow_type *type = kithp_arrow_column_type(&run->stream.columns[fields[i]]);
        if (!run->stream.there[fields[i]] || type->sort == KITHP_ARROW_NOTHING || kithp_arrow_is_text(type) == named)
            continue;
        struct kithp_place place = {.file = run->name, .field = kith_text_of(run->stream.headers[fields[i]])};
        return kithp_fail(run->error, KITH_BAD_EXPORT, &place,
                          named ? "expected text, as the engine knows its members by name"
                                : "expected whole numbers, as the engine knows its members by number");
    }
    return KITH_OK;
}

static kith_status add_groups(struct run *run)
{
    kith_status status = KITH_OK;
    while (status == KITH_OK && !run->ended) {
        status = gather(run);
        if (status == KITH_OK)
            status = add_group(run);
        release_group(run->group);
    }
    bool failed = status == KITH_OK && run->stream.fault.status != KITH_OK;
    return failed ? fail_stream(&run->stream.fault, run->name, run->error) : status;
}

static kith_status add_stream(struct run *run)
{
    kith_engine *engine = run->engine;
    if (!kithp_arrow_stream_find(&run->stream))
        return fail_stream(&run->stream.fault, run->name, run->error);
    kith_status status = check_members(run);
    if (status != KITH_OK)
        return status;
    run->group = kithp_alloc_cleared(&engine->allocator, 1, sizeof *run->group);
    if (!run->group)
        return kithp_fail_memory(run->error);
    kithp_arrow_rows_init(&run->rows, engine, &run->stream, run->group);
    kithp_tally_begin_sealing(&engine->tally, engine->options.threads > 1);
    status = add_groups(run);
    kithp_tally_end_sealing(&engine->tally);
    kithp_arrow_rows_free(&run->rows);
    kithp_alloc_free(&engine->allocator, run->reasons);
    kithp_alloc_free(&engine->allocator, run->group);
    return status;
}

static kith_status check_call(const kith_engine *engine, const kith_arrow *input, const kith_added *added,
                              kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (input->reserved != 0)
        return kithp_fail_argument(error, "input.reserved", "expected 0");
    return added ? kithp_versioned_check(added, sizeof *added, "added", error) : KITH_OK;
}

/* What is to be read. On failure its stream has been released as well, if it could be read so far. */
static kith_status read_input(kith_arrow *read, const kith_arrow *input, kith_error *error)
{
    kith_status status = kithp_versioned_read(read, sizeof *read, input, sizeof *read, "input", error);
    if (status == KITH_OK && !read->stream)
        return kithp_fail_argument(error, "input.stream", "must not be NULL");
    if (status == KITH_UNSUPPORTED && input->stream && input->stream->release)
        input->stream->release(input->stream);
    return status;
}

static const char *name_of(const kith_arrow *input)
{
    return input->name ? input->name : "arrow";
}

kith_status kith_engine_add_arrow(kith_engine *engine, const kith_arrow *input, kith_added *added, kith_error *error)
{
    kith_arrow read;
    kith_status status = read_input(&read, input, error);
    if (status != KITH_OK)
        return status;
    kith_added own = {.reasons = NULL};
    struct run run = {.engine = engine, .input = &read, .name = name_of(&read), .added = &own, .error = error};
    kithp_arrow_stream_begin(&run.stream, &read);
    status = check_call(engine, &read, added, error);
    if (status == KITH_OK) {
        status = add_stream(&run);
        if (added)
            kithp_versioned_write(added, &own, sizeof own);
    }
    kithp_arrow_stream_end(&run.stream);
    return status;
}

/* By what a stream names its members; of those that are all null, targets tell. */
static uint32_t members_of(const struct kithp_arrow_stream *stream)
{
    const struct kithp_arrow_type *type = kithp_arrow_column_type(&stream->columns[KITHP_MEMBER]);
    if (type->sort == KITHP_ARROW_NOTHING && stream->there[KITHP_TARGET])
        type = kithp_arrow_column_type(&stream->columns[KITHP_TARGET]);
    return kithp_arrow_is_number(type) ? KITH_NUMBERED : KITH_NAMED;
}

kith_status kith_arrow_get_members(const kith_arrow *input, uint32_t *members, kith_error *error)
{
    kith_arrow read;
    kith_status status = kithp_versioned_read(&read, sizeof read, input, sizeof read, "input", error);
    if (status != KITH_OK)
        return status;
    if (!read.stream)
        return kithp_fail_argument(error, "input.stream", "must not be NULL");
    if (read.reserved != 0)
        return kithp_fail_argument(error, "input.reserved", "expected 0");
    if (!members)
        return kithp_fail_argument(error, "members", "must not be NULL");
    struct kithp_arrow_stream stream;
    kithp_arrow_stream_begin(&stream, &read);
    bool found = kithp_arrow_stream_find(&stream);
    kithp_arrow_stream_give_back(&stream, read.stream);
    if (!found)
        return fail_stream(&stream.fault, name_of(&read), error);
    *members = members_of(&stream);
    return KITH_OK;
}
