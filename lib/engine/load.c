/* SPDX-License-Identifier: MIT */
/* From a snapshot to an engine; and what an engine that was loaded can be asked. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/versioned.h"
#include "engine/engine.h"
#include "exports/input.h"
#include "snapshot/snapshot.h"

/* ---- reading bytes ---- */

/* The bytes of a snapshot, and who is told how far it has been read. */
struct input {
    struct kithp_input bytes;
    const kith_engine_options *options;
    uint64_t told; /* bytes, when progress was told last */
};

static int64_t tell(struct input *input)
{
    const kith_engine_options *options = input->options;
    input->told = input->bytes.done;
    bool stops =
        options->progress && options->progress(options->progress_context, input->bytes.done, input->bytes.total) != 0;
    return stops ? -ECANCELED : 0;
}

static bool tell_waiting(void *context)
{
    return tell(context) != 0;
}

static int64_t read_input(void *context, void *buffer, size_t capacity)
{
    enum { BYTES_BETWEEN_PROGRESS = 1 << 20 };
    struct input *input = context;
    if ((input->told == 0 || input->bytes.done - input->told >= BYTES_BETWEEN_PROGRESS) && tell(input) < 0)
        return -ECANCELED;
    return kithp_input_read(&input->bytes, buffer, capacity);
}

static kith_status open_input(const kith_load *load, struct input *input, kith_error *error)
{
    struct kithp_input *bytes = &input->bytes;
    if (load->read) {
        kithp_input_open_callback(bytes, load->read, load->read_context);
        return KITH_OK;
    }
    /* No file is standard input by its name. */
    int fault;
    while ((fault = kithp_input_open(bytes, strcmp(load->path, "-") == 0 ? "./-" : load->path)) == EINTR)
        if (tell(input) != 0)
            return kithp_fail(error, KITH_CANCELLED, NULL, "cancelled");
    if (fault != 0) {
        struct kithp_place place = {.file = load->name};
        return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "cannot be opened: %s", kithp_errno_words(fault).text);
    }
    bytes->waiting = tell_waiting;
    bytes->waiting_context = input;
    return KITH_OK;
}

/* ---- making the engine ---- */

/* A week that was closed when nobody was known yet, on another community's clock: the last that is over no later. */
static int64_t exchange_week(const struct kithp_exchange *exchange, int64_t week)
{
    int64_t end = kithp_calendar_begin(&exchange->from.calendar, week + 1);
    return kithp_calendar_week(&exchange->to.calendar, end) - 1;
}

static kith_status check_calendar(const struct kithp_snapshot_target *target, const char *file, kith_error *error)
{
    if (target->head.first_event == KITH_NO_TIME)
        return KITH_OK;
    return kithp_exchange_check_calendar(&target->exchange, file, error);
}

static void take_head(kith_engine *engine, const struct kithp_snapshot_target *target)
{
    const struct kithp_snapshot_head *head = &target->head;
    engine->closed = head->closed;
    engine->closed_week = head->closed ? exchange_week(&target->exchange, head->closed_week) : 0;
    engine->explains = head->explains && target->exchange.is_same;
    engine->totals = head->totals;
    engine->first_event = head->first_event;
    engine->last_event = head->last_event;
    engine->sweep.begun = head->begun;
    engine->sweep.last_week = head->last_week;
    engine->sweep.reached = head->states;
}

static void aim_at(struct kithp_snapshot_target *target, kith_engine *engine)
{
    target->allocator = &engine->allocator;
    target->members = &engine->members;
    target->sweep = &engine->sweep;
    target->tally = &engine->tally;
    target->ids = &engine->ids;
    target->sequences = &engine->sequences;
    target->pending = &engine->pending;
}

static bool read_rest(struct kithp_parts_in *in, struct kithp_snapshot_target *target, kith_engine *engine)
{
    return kithp_snapshot_read_position(in, &engine->position, &engine->position_length) &&
           kithp_snapshot_read_members(in, target) && kithp_snapshot_read_states(in, target) &&
           kithp_snapshot_read_risk(in, target) && kithp_snapshot_read_weeks(in, target) &&
           kithp_snapshot_read_ids(in, target) && kithp_snapshot_read_sequences(in, target) &&
           kithp_snapshot_read_pending(in, target) && kithp_parts_end(in);
}

/* All that a load works with. */
struct loading {
    const kith_load *load;
    kith_engine_options options; /* read */
    kith_allocator allocator;
    struct kithp_parts_in in;
    struct kithp_snapshot_target *target;
    kith_engine *engine;
    kith_error *error;
};

/* An application that counts on names must not be handed ids, nor the other way round. */
static kith_status check_members(const struct loading *loading)
{
    const kith_engine_options *asked = loading->load->options;
    uint32_t members = loading->target->head.named ? KITH_NAMED : KITH_NUMBERED;
    if (!asked || loading->options.members == members)
        return KITH_OK;
    return kithp_fail_argument(loading->error, "options.members",
                               members == KITH_NAMED ? "the snapshot's members have names: expected KITH_NAMED"
                                                     : "the snapshot's members have ids: expected KITH_NUMBERED");
}

/* Reads the first parts, which say what engine is to be made. */
static kith_status begin(struct loading *loading)
{
    struct kithp_snapshot_target *target = loading->target;
    struct kithp_parts_in *in = &loading->in;
    struct kithp_figures figures;
    if (!kithp_snapshot_read_policy(in, &figures) || !kithp_snapshot_read_head(in, &figures.calendar, &target->head))
        return in->status;
    const kith_policy *other = loading->load->policy;
    kithp_exchange_init(&target->exchange, &figures, other ? &other->figures : &figures);
    kith_status status = check_calendar(target, in->file, loading->error);
    if (status == KITH_OK)
        status = check_members(loading);
    if (status != KITH_OK)
        return status;
    loading->options.members = target->head.named ? KITH_NAMED : KITH_NUMBERED;
    loading->engine = kithp_engine_make(&target->exchange.to, &loading->options, &loading->allocator);
    return loading->engine ? KITH_OK : kithp_fail_memory(loading->error);
}

static kith_status load_all(struct loading *loading)
{
    struct kithp_snapshot_target *target = loading->target;
    kith_status status = begin(loading);
    if (status != KITH_OK)
        return status;
    aim_at(target, loading->engine);
    if (!read_rest(&loading->in, target, loading->engine))
        return loading->in.status;
    status = kithp_exchange_judge(&target->exchange, loading->in.file, loading->error);
    if (status == KITH_OK)
        take_head(loading->engine, target);
    return status;
}

static kith_status load_input(struct loading *loading, struct input *input)
{
    loading->target = kithp_alloc_cleared(&loading->allocator, 1, sizeof *loading->target);
    if (!loading->target)
        return kithp_fail_memory(loading->error);
    kith_status status = KITH_OK;
    if (!kithp_parts_open(&loading->in, &loading->allocator, read_input, input, loading->load->name, loading->error))
        status = loading->in.status;
    if (status == KITH_OK)
        status = load_all(loading);
    kithp_parts_in_free(&loading->in);
    kithp_alloc_free(&loading->allocator, loading->target);
    if (status == KITH_OK && tell(input) < 0)
        status = kithp_fail(loading->error, KITH_CANCELLED, NULL, "cancelled");
    return status;
}

static kith_status check_load(const kith_load *load, kith_error *error)
{
    if (load->reserved != 0)
        return kithp_fail_argument(error, "input.reserved", "expected 0");
    if (!load->path && !load->read)
        return kithp_fail_argument(error, "input.path", "must not be NULL where read is");
    if (load->path && load->read)
        return kithp_fail_argument(error, "input.read", "must be NULL where there is a path");
    return KITH_OK;
}

kith_status kith_engine_load(const kith_load *input, kith_engine **engine, kith_error *error)
{
    kith_load read;
    kith_status status = kithp_versioned_read(&read, sizeof read, input, sizeof read, "input", error);
    if (status == KITH_OK)
        status = check_load(&read, error);
    struct loading loading = {.load = &read, .error = error};
    if (status == KITH_OK)
        status = kithp_engine_read_options(read.options, &loading.options, &loading.allocator, error);
    if (status != KITH_OK)
        return status;
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!read.name)
        read.name = read.path ? read.path : "snapshot";
    struct input given = {.options = &loading.options};
    status = open_input(&read, &given, error);
    if (status != KITH_OK)
        return status;
    status = load_input(&loading, &given);
    kithp_input_close(&given.bytes);
    if (status != KITH_OK) {
        kith_engine_free(loading.engine);
        return status;
    }
    kithp_engine_limit_members(loading.engine);
    *engine = loading.engine;
    return KITH_OK;
}

kith_status kith_engine_get_position(const kith_engine *engine, kith_text *position, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!position)
        return kithp_fail_argument(error, "position", "must not be NULL");
    *position = (kith_text){engine->position, engine->position_length};
    return KITH_OK;
}

kith_status kith_engine_get_policy(const kith_engine *engine, const kith_allocator *allocator, kith_policy **policy,
                                   kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    kith_allocator used;
    if (!kithp_alloc_init(&used, allocator))
        return kithp_fail_argument(error, "allocator", "expected malloc, realloc and free");
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    kith_policy *made = kithp_alloc_array(&used, 1, sizeof *made);
    if (!made)
        return kithp_fail_memory(error);
    made->allocator = used;
    made->figures = engine->figures;
    *policy = made;
    return KITH_OK;
}
