/* SPDX-License-Identifier: MIT */
/* Which flags are up, and why; and the risk, with what it rests on. */
#include <inttypes.h>
#include <stdio.h>

#include "base/calendar.h"
#include "prose/amount.h"
#include "prose/telling.h"

enum { RISK_INDENT = 2, GROUP_COLUMNS = 44, COUNT_COLUMNS = 14, SHARE_COLUMNS = 6, SITUATION_WEEKS = 8 };

/* ---- flags ---- */

static void tell_silence(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    kithp_telling_count(telling, (uint64_t)of->silent_days, "day");
    if (of->last_seen == KITH_NO_TIME) {
        kithp_page_string(telling->page, " since others first named them, and no act of their own yet");
        return;
    }
    int64_t day = kithp_calendar_day(&telling->policy->calendar, of->last_seen);
    kithp_page_string(telling->page, " without an act of their own, the last on ");
    kithp_telling_day(telling, day);
    /* Silence runs from the day before a leave ends. */
    if (of->leave_end - 1 > day) {
        kithp_page_string(telling->page, " and their leave over on ");
        kithp_telling_day(telling, of->leave_end);
    }
}

static void tell_silent(const struct kithp_telling *telling)
{
    kithp_page_string(telling->page, "silent: ");
    tell_silence(telling);
    kithp_page_say(telling->page, "; the policy warns from %" PRIu32 ".", telling->of->silent_limit);
}

static void tell_dormant(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    kithp_page_say(telling->page, "dormant: that is %" PRIu32 " days or more%s.", of->dormant_limit,
                   of->keep_tier == KITH_NO_TIER ? "" : ", of which each week costs a tier");
}

static void tell_drop(const struct kithp_telling *telling)
{
    char number[KITHP_AMOUNT_ROOM];
    const kith_explanation *of = telling->of;
    kithp_page_say(telling->page, "drop: interactions fell to %s, from ", kithp_amount_count(number, of->interactions));
    /* The mean in hundredths, rounded down. */
    kithp_telling_points(telling, (int64_t)(of->baseline * 100 / of->baseline_weeks * 10));
    kithp_page_string(telling->page, " a week on average over ");
    kithp_telling_count(telling, of->baseline_weeks, "week");
    kithp_page_say(telling->page, "; the policy warns where they fall by %" PRIu32 " in 100.", of->drop_percent);
}

static void tell_stalled(const struct kithp_telling *telling)
{
    kithp_page_say(telling->page, "stalled: they are new, %s, and then stayed away.",
                   telling->of->own_days > 0 ? "acted on a single day" : "have not acted yet");
}

static void tell_returned(const struct kithp_telling *telling)
{
    kithp_page_string(telling->page, "returned: they acted again, after they had been dormant at the review before.");
}

static void tell_at_risk(const struct kithp_telling *telling)
{
    kithp_page_string(telling->page, "at_risk: the risk that they do not come back is ");
    kithp_telling_score(telling, telling->of->risk);
    kithp_page_say(telling->page, " in 100; the policy warns from %" PRIu32 ".", telling->of->risk_percent);
}

void kithp_telling_tell_flags(const struct kithp_telling *telling)
{
    static const struct {
        uint32_t flag;
        void (*tell)(const struct kithp_telling *telling);
    } flags[] = {
        {KITH_FLAG_SILENT, tell_silent},   {KITH_FLAG_DORMANT, tell_dormant},   {KITH_FLAG_DROP, tell_drop},
        {KITH_FLAG_STALLED, tell_stalled}, {KITH_FLAG_RETURNED, tell_returned}, {KITH_FLAG_AT_RISK, tell_at_risk},
    };
    kithp_telling_heading(telling, "Flags");
    if (telling->of->flags == 0) {
        kithp_page_string(telling->page, "None is up.");
        kithp_page_end_line(telling->page);
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (!(telling->of->flags & flags[i].flag))
            continue;
        kithp_page_begin_item(telling->page);
        flags[i].tell(telling);
        kithp_page_end_line(telling->page);
    }
}

/* ---- risk ---- */

/* In percent, rounded to the nearest. */
static uint64_t share(uint64_t lost, uint64_t known)
{
    return (100 * lost + known / 2) / known;
}

static void tell_situation(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    uint32_t active = 0, silent = 0;
    for (uint32_t i = 0; i < SITUATION_WEEKS; i++)
        active += of->pattern >> i & 1;
    while (!(of->pattern >> silent & 1))
        silent++;
    kithp_page_say(telling->page, "Their situation: they acted in %" PRIu32 " of the last %d weeks", active,
                   SITUATION_WEEKS);
    if (silent > 0) {
        kithp_page_string(telling->page, ", last ");
        kithp_telling_count(telling, silent, "week");
        kithp_page_string(telling->page, " ago");
    }
    if (of->age == 0)
        kithp_page_string(telling->page, ", and this is their first week.");
    else if (of->age < SITUATION_WEEKS - 1)
        kithp_page_say(telling->page, ", and their first week is %" PRIu32 " back.", of->age);
    else
        kithp_page_say(telling->page, ", and have been here for %d weeks or more.", SITUATION_WEEKS);
}

static void tell_alike(const struct kithp_telling *telling)
{
    char number[KITHP_AMOUNT_ROOM];
    const kith_explanation *of = telling->of;
    if (of->alike == 0) {
        kithp_page_string(telling->page, " Nobody was in just this situation before.");
        return;
    }
    kithp_page_say(telling->page, " Of %s member%s in the same situation before, ",
                   kithp_amount_count(number, of->alike), of->alike == 1 ? "" : "s");
    kithp_page_say(telling->page,
                   "%" PRIu64 " in 100 had no act of their own in the eight weeks after: they were lost.",
                   share(of->lost, of->alike));
}

static void tell_outcomes(const struct kithp_telling *telling, const char *who, uint64_t known, uint64_t lost)
{
    char number[KITHP_AMOUNT_ROOM];
    kithp_page_begin_row(telling->page, RISK_INDENT);
    kithp_page_left(telling->page, kith_text_of(who), GROUP_COLUMNS);
    kithp_page_right(telling->page, kithp_amount_count(number, known), COUNT_COLUMNS);
    kithp_page_right(telling->page, kithp_amount_count(number, lost), COUNT_COLUMNS);
    if (known > 0)
        kithp_page_right(telling->page, kithp_amount_count(number, share(lost, known)), SHARE_COLUMNS);
    kithp_page_end_line(telling->page);
}

static void tell_all_outcomes(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    kithp_page_begin_row(telling->page, RISK_INDENT + GROUP_COLUMNS);
    kithp_page_right(telling->page, "known", COUNT_COLUMNS);
    kithp_page_right(telling->page, "lost", COUNT_COLUMNS);
    kithp_page_right(telling->page, "%", SHARE_COLUMNS);
    kithp_page_end_line(telling->page);
    tell_outcomes(telling, "in the same situation", of->alike, of->lost);
    tell_outcomes(telling, "silent for as long, active in as many weeks", of->similar, of->similar_lost);
    tell_outcomes(telling, "in any situation", of->all, of->all_lost);
}

void kithp_telling_tell_risk(const struct kithp_telling *telling)
{
    if (telling->of->risk < 0)
        return;
    kithp_telling_heading(telling, "The risk that they do not come back");
    tell_situation(telling);
    tell_alike(telling);
    kithp_page_string(telling->page, " As those in similar situations count too, the more so the fewer were in just "
                                     "this one, the risk is ");
    kithp_telling_score(telling, telling->of->risk);
    kithp_page_string(telling->page, " in 100.");
    kithp_page_end_line(telling->page);
    tell_all_outcomes(telling);
}
