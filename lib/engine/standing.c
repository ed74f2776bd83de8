/* SPDX-License-Identifier: MIT */
/* Between reviews: where a member stands, and who is slipping away. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/sort.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/engine.h"
#include "review/provisional.h"
#include "tables/watch.h"

kith_status kith_engine_find_id(const kith_engine *engine, kith_text name, uint64_t *id, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (!engine->members.named)
        return kithp_fail_argument(error, "engine", "its members have ids of the application's, no names");
    if (!id)
        return kithp_fail_argument(error, "id", "must not be NULL");
    uint32_t index;
    if (!kithp_members_look_up_name(&engine->members, name, &index)) {
        struct kithp_place place = {.field = KITHP_TEXT("name"), .value = name};
        return kithp_fail(error, KITH_UNKNOWN_MEMBER, &place, "there is no such member");
    }
    *id = (uint64_t)index + 1;
    return KITH_OK;
}

bool kithp_engine_find_member(const kith_engine *engine, uint64_t id, uint32_t *index)
{
    return engine->members.named ? kithp_engine_index_of(engine, id, index)
                                 : kithp_members_look_up_id(&engine->members, id, index);
}

kith_status kithp_engine_check_as_of(const kith_engine *engine, int64_t as_of, kith_error *error)
{
    if (as_of < 0 || as_of > KITHP_TIME_MOST)
        return kithp_fail_argument(error, "as_of", "expected Unix seconds from 0 to 253370764799");
    if (as_of < kithp_engine_earliest(engine))
        return kithp_fail_argument(error, "as_of", "lies in a week that has been reviewed");
    const struct kithp_week *open = kithp_tally_first(&engine->tally);
    if (!engine->sweep.begun && !open)
        return KITH_OK;
    int64_t first = engine->sweep.begun ? engine->sweep.last_week + 1 : open->number;
    int64_t weeks = kithp_calendar_week(&engine->figures.calendar, as_of) - first + 1;
    if (weeks <= (int64_t)engine->options.max_weeks)
        return KITH_OK;
    return kithp_fail(error, KITH_TOO_MANY_WEEKS, NULL, "%lld weeks are open up to then, more than the %u allowed",
                      (long long)weeks, engine->options.max_weeks);
}

kith_status kithp_engine_restore(const kith_engine *engine, int64_t as_of, kith_error *error)
{
    /* No engine is constant but to the caller, to whom it is as it was. */
    struct kithp_tally *tally = (struct kithp_tally *)(uintptr_t)&engine->tally;
    return kithp_tally_restore(tally, kithp_calendar_week(&engine->figures.calendar, as_of), error);
}

kith_status kithp_engine_keep_reviewed(const kith_engine *engine, kith_error *error)
{
    struct kithp_tally *tally = (struct kithp_tally *)(uintptr_t)&engine->tally;
    return kithp_tally_keep_reviewed(tally) ? KITH_OK : kithp_fail_memory(error);
}

const struct kithp_carried *kithp_engine_reviewed(const kith_engine *engine, uint32_t member)
{
    const struct kithp_sweep *sweep = &engine->sweep;
    if (member >= sweep->carried.states.count)
        return NULL;
    const struct kithp_carried *state = kithp_carried_of(&sweep->carried, member);
    return state->joined == KITH_NO_TIME ? NULL : state;
}

/* The last day of the week reviewed last. */
static int64_t last_reviewed_day(const kith_engine *engine)
{
    return kithp_calendar_first_day(&engine->figures.calendar, engine->sweep.last_week) + KITHP_DAYS_A_WEEK - 1;
}

/* The standing that a review as of a moment would give. False where the member would have none. */
static bool provisional_standing(const kith_engine *engine, uint32_t member, int64_t as_of, struct kithp_watched *found)
{
    struct kithp_carried state;
    if (!kithp_provisional_review(&engine->sweep, &engine->tally, member, as_of, &state))
        return false;
    const struct kithp_calendar *calendar = &engine->figures.calendar;
    found->standing = kithp_standing_of(calendar, &state, kithp_calendar_day(calendar, as_of), member);
    found->alike = kithp_risk_alike(&state, &engine->sweep.risk);
    return true;
}

static kith_standing_row row_of(const kith_engine *engine, const struct kithp_carried *state, int64_t last_day,
                                uint32_t member)
{
    struct kithp_standing of = kithp_standing_of(&engine->figures.calendar, state, last_day, member);
    const struct kithp_standing *standing = &of;
    kith_standing_row row = {
        .score = standing->score,
        .risk = standing->risk,
        .tier = standing->tier,
        .stage = standing->stage,
        .flags = standing->flags,
        .active_days = standing->active_days,
        .silent_days = standing->silent_days,
        .joined = standing->joined,
        .last_seen = standing->last_seen,
        .id = kithp_members_id(&engine->members, standing->member),
        .member = kithp_members_name(&engine->members, standing->member),
        .on_leave = state->on_leave & 1U,
        .leave_end = state->leave_end > 0 ? (int32_t)(state->leave_end - 1) : 0,
        .pinned = state->before.pinned,
        .left_out = state->before.left_out,
    };
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        row.dimensions[d] = standing->dimensions[d];
    return row;
}

kith_status kithp_engine_fail_not_there(int64_t as_of, kith_error *error)
{
    return kithp_fail(error, KITH_UNKNOWN_MEMBER, NULL,
                      as_of == KITH_LAST_REVIEW ? "no week that names the member has been reviewed yet"
                                                : "no event up to then names the member");
}

kith_status kith_engine_get_standing(const kith_engine *engine, uint64_t member, int64_t as_of,
                                     kith_standing_row *standing, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    uint32_t index;
    if (!kithp_engine_find_member(engine, member, &index))
        return kithp_fail(error, KITH_UNKNOWN_MEMBER, NULL, "there is no such member");
    kith_status status = as_of == KITH_LAST_REVIEW ? KITH_OK : kithp_engine_check_as_of(engine, as_of, error);
    if (status == KITH_OK)
        status = kithp_versioned_check(standing, sizeof *standing, "standing", error);
    if (status == KITH_OK && as_of != KITH_LAST_REVIEW)
        status = kithp_engine_restore(engine, as_of, error);
    if (status != KITH_OK)
        return status;
    struct kithp_carried provisional;
    const struct kithp_carried *state = &provisional;
    int64_t last_day;
    if (as_of == KITH_LAST_REVIEW) {
        state = kithp_engine_reviewed(engine, index);
        last_day = last_reviewed_day(engine);
    } else {
        if (!kithp_provisional_review(&engine->sweep, &engine->tally, index, as_of, &provisional))
            state = NULL;
        last_day = kithp_calendar_day(&engine->figures.calendar, as_of);
    }
    if (!state)
        return kithp_engine_fail_not_there(as_of, error);
    kith_standing_row own = row_of(engine, state, last_day, index);
    kithp_versioned_write(standing, &own, sizeof own);
    return KITH_OK;
}

/* ---- whom to write to ---- */

struct watch {
    struct kithp_watched *members;
    size_t count;
    size_t capacity;
};

/* Nobody writes to a bot. */
static bool is_left_out(const kith_engine *engine, uint32_t member)
{
    const struct kithp_carried_states *all = &engine->sweep.carried;
    return member < all->states.count ? kithp_carried_of(all, member)->left_out
                                      : kithp_carried_leaves_out(all, member, KITH_BY_POLICY);
}

/* In the order of tables; the sorting that follows keeps it among equals. */
static bool gather(kith_engine *engine, int64_t as_of, struct watch *watch)
{
    const unsigned watched = KITH_FLAG_SILENT | KITH_FLAG_DORMANT | KITH_FLAG_AT_RISK;
    if (!kithp_order_update(&engine->order, &engine->members))
        return false;
    for (size_t i = 0; i < engine->order.count; i++) {
        struct kithp_watched found;
        if (is_left_out(engine, engine->order.sorted[i]))
            continue;
        if (!provisional_standing(engine, engine->order.sorted[i], as_of, &found) || !(found.standing.flags & watched))
            continue;
        if (!kithp_alloc_grow(&engine->allocator, (void **)&watch->members, &watch->capacity, watch->count + 1,
                              sizeof *watch->members))
            return false;
        watch->members[watch->count++] = found;
    }
    return true;
}

/* Highest tier, then highest score first. */
static bool is_before(const void *context, const void *a, const void *b)
{
    (void)context;
    const struct kithp_standing *left = &((const struct kithp_watched *)a)->standing;
    const struct kithp_standing *right = &((const struct kithp_watched *)b)->standing;
    return left->tier != right->tier ? left->tier > right->tier : left->score > right->score;
}

static kith_table *sorted_table(const kith_engine *engine, struct watch *watch)
{
    struct kithp_watched *spare = kithp_alloc_array(&engine->allocator, watch->count, sizeof *spare);
    if (!spare)
        return NULL;
    const struct kithp_watched *sorted =
        kithp_sort(watch->members, spare, watch->count, sizeof *spare, is_before, NULL);
    kith_table *table = kithp_watch_table(&engine->allocator, &engine->figures, &engine->members, sorted, watch->count);
    kithp_alloc_free(&engine->allocator, spare);
    return table;
}

kith_status kith_engine_get_watch(kith_engine *engine, int64_t as_of, kith_table **table, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    kith_status status = kithp_engine_check_as_of(engine, as_of, error);
    if (status != KITH_OK)
        return status;
    if (!table)
        return kithp_fail_argument(error, "table", "must not be NULL");
    status = kithp_engine_restore(engine, as_of, error);
    if (status != KITH_OK)
        return status;
    struct watch watch = {NULL, 0, 0};
    kith_table *made = NULL;
    if (gather(engine, as_of, &watch))
        made = sorted_table(engine, &watch);
    kithp_alloc_free(&engine->allocator, watch.members);
    if (!made)
        return kithp_fail_memory(error);
    *table = made;
    return KITH_OK;
}
