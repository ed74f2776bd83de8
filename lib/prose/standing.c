/* SPDX-License-Identifier: MIT */
/* Which week is told of, and where the member stands in it. */
#include <inttypes.h>
#include <stdio.h>

#include "prose/telling.h"
#include "tables/labels.h"

static void tell_title(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    kithp_page_begin_heading(telling->page);
    kithp_page_string(telling->page, kithp_telling_either(telling, "Review of the week of ", "The week of "));
    kithp_telling_day(telling, of->week);
    if (of->provisional) {
        kithp_page_string(telling->page, ", which is open, as on ");
        kithp_telling_day(telling, of->as_of_day);
        if (of->as_of_day == of->week + KITHP_DAYS_A_WEEK - 1)
            kithp_page_string(telling->page, ", its last day");
    }
    kithp_page_end_heading(telling->page);
}

/* By name; who is known by number alone is "member 77". */
static void tell_who(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->member.length > 0)
        kithp_page_name(telling->page, of->member, KITHP_TELLING_NAME_COLUMNS);
    else
        kithp_page_say(telling->page, "member %" PRIu64, of->id);
}

static void tell_silent_change(const struct kithp_telling *telling)
{
    kithp_page_string(telling->page, ", for silence: ");
    kithp_telling_count(telling, (uint64_t)telling->of->silent_days, "day");
    kithp_page_say(telling->page, " without an act of their own, where each week from day %" PRIu32 " on costs a tier",
                   telling->of->dormant_limit);
}

static void tell_demotion(const struct kithp_telling *telling)
{
    bool once = telling->of->grace_weeks == 1;
    kithp_page_string(telling->page, ", for ");
    kithp_telling_count(telling, telling->of->grace_weeks, "week");
    kithp_page_string(telling->page,
                      once ? " below the score that keeps it" : " in a row below the score that keeps it");
}

static void tell_change(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    if (!of->changed)
        return;
    bool rose = of->reason == KITH_CHANGE_PROMOTED || of->reason == KITH_CHANGE_SKIPPED;
    if (of->reason == KITH_CHANGE_PINNED)
        kithp_page_string(telling->page, " The tier was set for them; before, it was ");
    else if (rose)
        kithp_page_string(telling->page, kithp_telling_either(telling, " They rose from ", " They would rise from "));
    else
        kithp_page_string(telling->page, kithp_telling_either(telling, " They fell from ", " They would fall from "));
    kithp_telling_tier(telling, of->tier_before);
    if (of->reason == KITH_CHANGE_SKIPPED)
        kithp_page_string(telling->page, ", past a tier between");
    if (of->reason == KITH_CHANGE_DORMANT)
        tell_silent_change(telling);
    if (of->reason == KITH_CHANGE_DEMOTED)
        tell_demotion(telling);
    kithp_page_string(telling->page, ".");
}

static void tell_stage(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    kithp_page_say(telling->page, " Their stage is %s: ", kithp_stage_labels[of->stage]);
    switch (of->stage) {
    case KITH_STAGE_NEW:
        kithp_page_string(telling->page, "this is their first week.");
        break;
    case KITH_STAGE_RETURNED:
        kithp_page_string(telling->page, "they are back after a long silence.");
        break;
    case KITH_STAGE_CORE:
        kithp_page_string(telling->page, "they acted on ");
        kithp_telling_count(telling, of->active_days, "day");
        kithp_page_say(telling->page, " of the last 28, and %" PRIu32 " are enough.", of->core_days);
        break;
    case KITH_STAGE_ACTIVE:
        kithp_page_string(telling->page, "they acted this week.");
        break;
    case KITH_STAGE_AWAY:
        kithp_page_string(telling->page, "they are on leave.");
        break;
    default:
        kithp_page_string(telling->page, "they did not act this week.");
        break;
    }
}

static void tell_where(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->provisional && telling->at_end)
        kithp_page_string(telling->page, "If nothing more came, the review of this week would find ");
    else
        kithp_page_string(telling->page, kithp_telling_either(telling, "It finds ",
                                                              "If this week closed now, its review would find "));
    tell_who(telling);
    kithp_page_string(telling->page, " in tier ");
    kithp_telling_tier(telling, of->tier);
    kithp_page_string(telling->page, ", with a score of ");
    kithp_telling_score(telling, of->score);
    kithp_page_string(telling->page, " of 100.");
    tell_change(telling);
    tell_stage(telling);
    kithp_page_end_line(telling->page);
}

static void tell_leave(const struct kithp_telling *telling)
{
    if (!telling->of->on_leave)
        return;
    kithp_page_string(telling->page, "They are on leave until ");
    kithp_telling_day(telling, telling->of->leave_end);
    kithp_page_string(telling->page, ". In a week of leave no tier is lost, and no flag is raised but the one for "
                                     "their return.");
    kithp_page_end_line(telling->page);
}

/* What the application has decided about the member. */
static void tell_decisions(const struct kithp_telling *telling)
{
    if (telling->of->pinned) {
        kithp_page_string(telling->page, "Their tier is pinned to ");
        kithp_telling_tier(telling, telling->of->tier);
        kithp_page_string(telling->page, ", so that no score moves it.");
        kithp_page_end_line(telling->page);
    }
    if (telling->of->left_out) {
        kithp_page_string(telling->page, "They are left out of the means and numbers of members, and have no risk.");
        kithp_page_end_line(telling->page);
    }
}

void kithp_telling_tell_standing(const struct kithp_telling *telling)
{
    tell_title(telling);
    tell_where(telling);
    tell_leave(telling);
    tell_decisions(telling);
}
