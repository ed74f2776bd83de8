/* SPDX-License-Identifier: MIT */
/* Why a member stands where it does. */
#include "review/explain.h"

#include "base/error.h"
#include "base/versioned.h"
#include "engine/engine.h"
#include "review/provisional.h"

/* What a review of a week went by; rows are kept of the week reviewed last, and of those that are open. */
static struct kithp_member_week week_of(const kith_engine *engine, int64_t number)
{
    struct kithp_member_week of = kithp_sweep_week_of(&engine->sweep, &engine->tally, number);
    of.week = kithp_tally_rows(&engine->tally, number);
    return of;
}

static void explain(const kith_engine *engine, const struct kithp_member_week *of, uint32_t member,
                    const struct kithp_carried *state, kith_explanation *explanation)
{
    struct kithp_row_room room;
    struct kithp_row row;
    kithp_explain(of, kithp_week_get_row(of->week, member, &room, &row), &engine->sweep.risk, state, explanation);
    explanation->id = kithp_members_id(&engine->members, member);
    explanation->member = kithp_members_name(&engine->members, member);
}

static bool explain_reviewed(const kith_engine *engine, uint32_t member, kith_explanation *explanation)
{
    const struct kithp_carried *state = kithp_engine_reviewed(engine, member);
    if (!state)
        return false;
    struct kithp_member_week of = week_of(engine, engine->sweep.last_week);
    explain(engine, &of, member, state, explanation);
    return true;
}

static bool explain_provisional(const kith_engine *engine, uint32_t member, int64_t as_of,
                                kith_explanation *explanation)
{
    struct kithp_carried state;
    if (!kithp_provisional_review(&engine->sweep, &engine->tally, member, as_of, &state))
        return false;
    const struct kithp_calendar *calendar = &engine->figures.calendar;
    struct kithp_member_week of = week_of(engine, kithp_calendar_week(calendar, as_of));
    of.last_day = kithp_calendar_day(calendar, as_of);
    explain(engine, &of, member, &state, explanation);
    explanation->provisional = 1;
    return true;
}

kith_status kith_engine_explain(const kith_engine *engine, uint64_t member, int64_t as_of,
                                kith_explanation *explanation, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    uint32_t index;
    if (!kithp_engine_find_member(engine, member, &index))
        return kithp_fail(error, KITH_UNKNOWN_MEMBER, NULL, "there is no such member");
    kith_status status = as_of == KITH_LAST_REVIEW ? KITH_OK : kithp_engine_check_as_of(engine, as_of, error);
    if (status == KITH_OK)
        status = kithp_versioned_check(explanation, sizeof *explanation, "explanation", error);
    if (status != KITH_OK)
        return status;
    if (as_of == KITH_LAST_REVIEW && !engine->explains)
        return kithp_fail(error, KITH_OTHER_POLICY, NULL, "the last review went by another policy");
    status = as_of == KITH_LAST_REVIEW ? kithp_engine_keep_reviewed(engine, error)
                                       : kithp_engine_restore(engine, as_of, error);
    if (status != KITH_OK)
        return status;
    kith_explanation own;
    bool known = as_of == KITH_LAST_REVIEW ? explain_reviewed(engine, index, &own)
                                           : explain_provisional(engine, index, as_of, &own);
    if (!known)
        return kithp_engine_fail_not_there(as_of, error);
    kithp_versioned_write(explanation, &own, sizeof own);
    return KITH_OK;
}
