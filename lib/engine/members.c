/* SPDX-License-Identifier: MIT */
/* What an application decides about a member: settings, forgetting, and two accounts that are one person's. */
#include "base/error.h"
#include "base/versioned.h"
#include "engine/engine.h"
#include "review/merge.h"
#include "tally/accounts.h"

static kith_status fail_unknown(kith_error *error, const char *field)
{
    struct kithp_place place = {.field = kith_text_of(field)};
    return kithp_fail(error, KITH_UNKNOWN_MEMBER, &place, "there is no such member");
}

/* ---- settings ---- */

static kith_status check_settings(const kith_engine *engine, const kith_member_settings *settings, kith_error *error)
{
    if (settings->pinned > 1)
        return kithp_fail_argument(error, "settings.pinned", "expected 0 or 1");
    if (settings->tier >= engine->figures.tier_count)
        return kithp_fail_argument(error, "settings.tier", "is past the last tier");
    if (settings->tier > 0 && !settings->pinned)
        return kithp_fail_argument(error, "settings.tier", "expected 0 where no tier is pinned");
    if (settings->counts > KITH_COUNTED)
        return kithp_fail_argument(error, "settings.counts", "expected KITH_BY_POLICY, KITH_LEFT_OUT or KITH_COUNTED");
    return KITH_OK;
}

/* The index of a member, with a state; a number not known yet becomes known. False where there is no memory. */
static bool take_member(kith_engine *engine, uint64_t id, uint32_t *index)
{
    uint32_t members = kithp_members_count(&engine->members);
    if (!kithp_engine_find_member(engine, id, index) && !kithp_members_find_id(&engine->members, id, index))
        return false;
    if (kithp_carried_make(&engine->sweep.carried, *index))
        return true;
    kithp_members_truncate(&engine->members, members);
    return false;
}

kith_status kith_engine_set_member(kith_engine *engine, uint64_t member, const kith_member_settings *settings,
                                   kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    kith_member_settings read;
    kith_status status = kithp_versioned_read(&read, sizeof read, settings, sizeof read, "settings", error);
    if (status == KITH_OK)
        status = check_settings(engine, &read, error);
    if (status != KITH_OK)
        return status;
    uint32_t index;
    if (engine->members.named && !kithp_engine_find_member(engine, member, &index))
        return fail_unknown(error, "member");
    if (!take_member(engine, member, &index))
        return kithp_engine_fail_member(engine, error);
    struct kithp_carried *state = kithp_carried_of(&engine->sweep.carried, index);
    state->pinned = read.pinned ? (uint8_t)(read.tier + 1) : 0;
    state->counts = (uint8_t)read.counts;
    state->left_out = kithp_carried_leaves_out(&engine->sweep.carried, index, state->counts);
    return KITH_OK;
}

kith_status kith_engine_get_member(const kith_engine *engine, uint64_t member, kith_member_settings *settings,
                                   kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    uint32_t index;
    if (!kithp_engine_find_member(engine, member, &index))
        return fail_unknown(error, "member");
    kith_status status = kithp_versioned_check(settings, sizeof *settings, "settings", error);
    if (status != KITH_OK)
        return status;
    kith_member_settings own = {.counts = KITH_BY_POLICY};
    if (index < engine->sweep.carried.states.count) {
        const struct kithp_carried *state = kithp_carried_of(&engine->sweep.carried, index);
        own.pinned = state->pinned > 0;
        own.tier = state->pinned > 0 ? state->pinned - 1U : 0;
        own.counts = state->counts;
    }
    kithp_versioned_write(settings, &own, sizeof own);
    return KITH_OK;
}

/* ---- members that end ---- */

/* The index stands for nobody of its own any more: it leaves the order of tables, and rows not handed out yet. */
static void end_member(kith_engine *engine, uint32_t index)
{
    kithp_order_remove(&engine->order, index);
    if (engine->pending)
        kithp_review_drop_member(engine->pending, index);
}

static bool own_state(kith_engine *engine, uint32_t index)
{
    struct kithp_carried_states *carried = &engine->sweep.carried;
    return index >= carried->states.count || kithp_carried_own(carried, index);
}

/* All the memory that forgetting takes. False where there is none: nothing that can be seen was changed. */
static bool prepare_forget(kith_engine *engine, uint32_t index)
{
    return kithp_members_reserve_link(&engine->members) && own_state(engine, index) &&
           kithp_accounts_own(&engine->tally);
}

kith_status kith_engine_forget(kith_engine *engine, uint64_t member, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    uint32_t index;
    if (!kithp_engine_find_member(engine, member, &index))
        return fail_unknown(error, "member");
    kith_status status = kithp_engine_keep_reviewed(engine, error);
    if (status == KITH_OK)
        status = kithp_accounts_prepare_sealed_forget(&engine->tally, index, error);
    if (status != KITH_OK)
        return status;
    if (!prepare_forget(engine, index)) {
        kithp_accounts_revert_sealed(&engine->tally);
        return kithp_fail_memory(error);
    }
    end_member(engine, index);
    kithp_accounts_forget(&engine->tally, index);
    if (index < engine->sweep.carried.states.count)
        kithp_carried_reset(&engine->sweep.carried, index);
    kithp_members_forget(&engine->members, index);
    return KITH_OK;
}

/*
 * All the memory that a merge takes. False where there is none: nothing that can be seen was changed. A state that has
 * to be made comes last, as a snapshot would have it.
 */
static bool prepare_merge(kith_engine *engine, uint32_t from, uint32_t into)
{
    struct kithp_carried_states *carried = &engine->sweep.carried;
    return kithp_members_reserve_link(&engine->members) && own_state(engine, from) && own_state(engine, into) &&
           kithp_accounts_own(&engine->tally) && kithp_accounts_prepare(&engine->tally, from, into) &&
           (from >= carried->states.count || kithp_carried_extend(carried, into + 1));
}

static void merge(kith_engine *engine, uint32_t from, uint32_t into)
{
    end_member(engine, from);
    kithp_accounts_merge(&engine->tally, from, into);
    const struct kithp_tally *tally = &engine->tally;
    const struct kithp_week *reviewed = tally->reviewed;
    struct kithp_merge_review last = {
        .slots = &tally->slots,
        .week = reviewed && reviewed->number == engine->sweep.last_week ? reviewed : NULL,
        .explains = engine->explains,
    };
    kithp_merge_states(&engine->sweep, &last, from, into);
    kithp_members_merge(&engine->members, from, into);
}

kith_status kith_engine_merge(kith_engine *engine, uint64_t from, uint64_t into, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    uint32_t ends, goes_on;
    if (!kithp_engine_find_member(engine, from, &ends))
        return fail_unknown(error, "from");
    if (!kithp_engine_find_member(engine, into, &goes_on))
        return fail_unknown(error, "into");
    if (ends == goes_on)
        return kithp_fail_argument(error, "into", "is the same member as from");
    kith_status status = kithp_engine_keep_reviewed(engine, error);
    if (status == KITH_OK)
        status = kithp_accounts_prepare_sealed_merge(&engine->tally, ends, goes_on, error);
    if (status != KITH_OK)
        return status;
    if (!prepare_merge(engine, ends, goes_on)) {
        kithp_accounts_revert_sealed(&engine->tally);
        return kithp_fail_memory(error);
    }
    merge(engine, ends, goes_on);
    return KITH_OK;
}
