/* SPDX-License-Identifier: MIT */
/* The engine's handle: making, freeing and asking it. */
#include "engine/engine.h"

#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/versioned.h"
#include "policy/write.h"

enum {
    TABLES_USUAL = KITHP_TABLES_ALL & ~KITH_HISTORY,
    MAX_WEEKS_USUAL = 5200,
    FUTURE_USUAL = 86400,
    MEMORY_LEAST = 1 << 20,
    /* Little is read twice of it, and what it gives has room in the batches of the thread that reads it. */
    PIECE_BYTES = 1 << 23
};

static int64_t system_now(void *context)
{
    (void)context;
    return (int64_t)time(NULL);
}

kith_status kithp_engine_read_options(const kith_engine_options *given, kith_engine_options *options,
                                      kith_allocator *allocator, kith_error *error)
{
    memset(options, 0, sizeof *options);
    if (given) {
        kith_status status = kithp_versioned_read(options, sizeof *options, given, sizeof *options, "options", error);
        if (status != KITH_OK)
            return status;
    }
    if (options->tables & ~(uint32_t)KITHP_TABLES_ALL)
        return kithp_fail_argument(error, "options.tables", "asks for a table that no review has");
    if (options->threads > KITHP_PARALLEL_MOST)
        return kithp_fail_argument(error, "options.threads", "expected 64 at most");
    if (options->reserved != 0)
        return kithp_fail_argument(error, "options.reserved", "expected 0");
    if (options->memory > 0 && options->memory < MEMORY_LEAST)
        return kithp_fail_argument(error, "options.memory", "expected 0, or 1048576 bytes at least");
    if (!kithp_alloc_init(allocator, options->allocator))
        return kithp_fail_argument(error, "options.allocator", "expected malloc, realloc and free");
    if (options->tables == 0)
        options->tables = TABLES_USUAL;
    if (options->threads == 0)
        options->threads = 1;
    if (options->max_weeks == 0)
        options->max_weeks = MAX_WEEKS_USUAL;
    if (options->future == 0)
        options->future = FUTURE_USUAL;
    if (!options->now)
        options->now = system_now;
    options->allocator = NULL;
    return KITH_OK;
}

kith_engine *kithp_engine_make(const struct kithp_figures *figures, const kith_engine_options *options,
                               const kith_allocator *allocator)
{
    kith_engine *made = kithp_alloc_cleared(allocator, 1, sizeof *made);
    if (!made)
        return NULL;
    made->allocator = *allocator;
    made->options = *options;
    made->figures = *figures;
    made->policy_digest = kithp_policy_digest(&made->figures);
    made->piece_bytes = PIECE_BYTES;
    made->first_event = made->last_event = KITH_NO_TIME;
    kithp_members_init(&made->members, &made->allocator, options->members == KITH_NAMED);
    kithp_order_init(&made->order, &made->allocator);
    kithp_tally_init(&made->tally, &made->allocator, &made->figures);
    made->tally.sealing.limit = options->memory;
    kithp_ids_init(&made->ids, &made->allocator);
    kithp_sequences_init(&made->sequences, &made->allocator);
    made->explains = true;
    if (!kithp_sweep_init(&made->sweep, &made->allocator, &made->figures, &made->members, options->threads)) {
        kith_engine_free(made);
        return NULL;
    }
    return made;
}

void kithp_engine_limit_members(kith_engine *engine)
{
    uint64_t most = engine->options.max_members;
    if (most > 0 && most < KITHP_MEMBERS_MOST)
        engine->members.most = (uint32_t)most;
}

kith_status kith_engine_new(const kith_policy *policy, const kith_engine_options *options, kith_engine **engine,
                            kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    kith_engine_options read;
    kith_allocator allocator;
    kith_status status = kithp_engine_read_options(options, &read, &allocator, error);
    if (status != KITH_OK)
        return status;
    if (read.members != KITH_NAMED && read.members != KITH_NUMBERED)
        return kithp_fail_argument(error, "options.members", "expected KITH_NAMED or KITH_NUMBERED");
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    kith_engine *made = kithp_engine_make(&policy->figures, &read, &allocator);
    if (!made)
        return kithp_fail_memory(error);
    kithp_engine_limit_members(made);
    *engine = made;
    return KITH_OK;
}

void kith_engine_free(kith_engine *engine)
{
    if (!engine)
        return;
    kith_review_free(engine->pending);
    kithp_sweep_free(&engine->sweep);
    kithp_sequences_free(&engine->sequences);
    kithp_ids_free(&engine->ids);
    kithp_tally_free(&engine->tally);
    kithp_alloc_free(&engine->allocator, engine->position);
    kithp_order_free(&engine->order);
    kithp_members_free(&engine->members);
    kith_allocator allocator = engine->allocator;
    kithp_alloc_free(&allocator, engine);
}

int64_t kithp_engine_earliest(const kith_engine *engine)
{
    return engine->closed ? kithp_calendar_begin(&engine->figures.calendar, engine->closed_week + 1) : INT64_MIN;
}

int64_t kithp_engine_latest(const kith_engine *engine)
{
    if (engine->options.future < 0)
        return INT64_MAX;
    int64_t now = engine->options.now(engine->options.now_context);
    return now > INT64_MAX - engine->options.future ? INT64_MAX : now + engine->options.future;
}

static void count_taken(kith_engine *engine, int64_t first, int64_t last, size_t count)
{
    /* KITH_NO_TIME is before all times: of the first, it must not stay the least. */
    if (engine->first_event == KITH_NO_TIME || engine->first_event > first)
        engine->first_event = first;
    if (engine->last_event < last)
        engine->last_event = last;
    engine->totals.taken += count;
}

bool kithp_engine_take(kith_engine *engine, const struct kithp_plan *plan)
{
    if (!kithp_tally_add(&engine->tally, plan))
        return false;
    if (plan->events > 0)
        count_taken(engine, plan->first, plan->last, plan->events);
    return true;
}

bool kithp_engine_take_one(kith_engine *engine, const struct kithp_event *event)
{
    if (!kithp_tally_add_one(&engine->tally, event))
        return false;
    count_taken(engine, event->time, event->time, 1);
    return true;
}

void kithp_engine_count_reject(kith_engine *engine, uint32_t reason)
{
    engine->totals.rejected++;
    engine->totals.late += reason == KITH_REASON_LATE;
    engine->totals.future += reason == KITH_REASON_FUTURE;
}

kith_status kithp_engine_fail_member(const kith_engine *engine, kith_error *error)
{
    return kithp_engine_fail_found(engine, kithp_members_are_full(&engine->members), error);
}

kith_status kithp_engine_fail_found(const kith_engine *engine, bool full, kith_error *error)
{
    if (!full)
        return kithp_fail_memory(error);
    return kithp_fail(error, KITH_NO_MEMORY, NULL, "expected at most %lu members", (unsigned long)engine->members.most);
}

kith_status kithp_engine_give_up(kith_engine *engine, struct kithp_engine_mark before, kith_error *error)
{
    kith_status status = kithp_engine_fail_member(engine, error);
    kithp_members_truncate(&engine->members, before.members);
    kithp_ids_truncate(&engine->ids, before.ids);
    return status;
}

bool kithp_engine_progress(const kith_engine *engine, uint64_t done, uint64_t total)
{
    const kith_engine_options *options = &engine->options;
    return options->progress && options->progress(options->progress_context, done, total) != 0;
}

bool kithp_engine_index_of(const kith_engine *engine, uint64_t id, uint32_t *index)
{
    /* Ids of named members are their indexes plus one, so that 0 is nobody's. */
    if (id == 0 || id > kithp_members_count(&engine->members))
        return false;
    *index = kithp_members_resolve(&engine->members, (uint32_t)(id - 1));
    return *index != KITHP_NOBODY;
}

static int64_t first_open(const kith_engine *engine)
{
    const struct kithp_week *week = kithp_tally_first(&engine->tally);
    return week ? week->begin + week->first : KITH_NO_TIME;
}

kith_status kith_engine_get_info(const kith_engine *engine, kith_engine_info *info, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    kith_status status = kithp_versioned_check(info, sizeof *info, "info", error);
    if (status != KITH_OK)
        return status;
    kith_engine_info own = {
        .open_weeks = (uint32_t)engine->tally.week_count,
        .members = kithp_members_living(&engine->members),
        .taken = engine->totals.taken,
        .first_event = engine->first_event,
        .last_event = engine->last_event,
        .reviewed_until = engine->closed ? kithp_engine_earliest(engine) : KITH_NO_TIME,
        .first_open = first_open(engine),
        .rejected = engine->totals.rejected,
        .late = engine->totals.late,
        .future = engine->totals.future,
        .skipped = engine->totals.skipped,
        .ignored = engine->totals.ignored,
        .policy_digest = engine->policy_digest,
        .known_by = engine->members.named ? KITH_NAMED : KITH_NUMBERED,
    };
    kithp_versioned_write(info, &own, sizeof own);
    return KITH_OK;
}

kith_status kith_engine_get_sequence(const kith_engine *engine, kith_text source, uint64_t *sequence, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!kithp_sequences_is_source(source))
        return kithp_fail_argument(error, "source", "expected 1 to 255 bytes of UTF-8");
    if (!sequence)
        return kithp_fail_argument(error, "sequence", "must not be NULL");
    const struct kithp_sequence *found = kithp_sequences_find(&engine->sequences, source);
    *sequence = found ? kithp_sequence_last(found) : 0;
    return KITH_OK;
}

kith_status kith_engine_drop_open(kith_engine *engine, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    /* Their numbers are dealt with: added anew, they would be skipped, and lost. */
    if (engine->sequences.count > 0)
        return kithp_fail_argument(error, "engine", "has taken events with a sequence, which could not be added anew");
    kithp_tally_drop(&engine->tally);
    kithp_ids_drop(&engine->ids);
    return KITH_OK;
}

static bool is_name(kith_text name)
{
    return name.data && name.length > 0 && name.length <= KITHP_MEMBER_NAME_MOST && kithp_text_is_utf8(name);
}

kith_status kith_engine_get_ids(kith_engine *engine, const kith_text *names, uint64_t count, uint64_t *ids,
                                kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!engine->members.named)
        return kithp_fail_argument(error, "engine", "its members have ids of the application's, no names");
    if (count > 0 && (!names || !ids))
        return kithp_fail_argument(error, names ? "ids" : "names", "must not be NULL");
    for (uint64_t i = 0; i < count; i++) {
        if (!is_name(names[i])) {
            struct kithp_place place = {.field = KITHP_TEXT("names"), .value = names[i]};
            return kithp_fail(error, KITH_BAD_ARGUMENT, &place, "expected 1 to 255 bytes of UTF-8");
        }
    }
    /* All of them first, so that ids is as it was where memory runs out. */
    uint32_t index;
    for (uint64_t i = 0; i < count; i++)
        if (!kithp_members_find_name(&engine->members, names[i], &index))
            return kithp_engine_fail_member(engine, error);
    for (uint64_t i = 0; i < count; i++) {
        /* It is known by now: this cannot fail. */
        (void)kithp_members_find_name(&engine->members, names[i], &index);
        ids[i] = (uint64_t)index + 1;
    }
    return KITH_OK;
}
