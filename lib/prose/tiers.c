/* SPDX-License-Identifier: MIT */
/* What it takes to keep the tier and to rise, and what of it is missing. */
#include <inttypes.h>
#include <stdio.h>

#include "prose/telling.h"

static int64_t missing_of(const struct kithp_telling *telling, uint32_t dimension, bool to_keep)
{
    const kith_explained_dimension *of = &telling->of->dimensions[dimension];
    return to_keep ? of->to_keep : of->to_rise;
}

/* "12.5 more points of content alone would do, or 9 of interaction". Returns how many dimensions would. */
static unsigned tell_possible(const struct kithp_telling *telling, bool to_keep)
{
    unsigned possible = 0;
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++) {
        int64_t missing = missing_of(telling, d, to_keep);
        if (missing == KITH_OUT_OF_REACH)
            continue;
        if (possible > 0)
            kithp_page_string(telling->page, ", or ");
        kithp_telling_points(telling, missing);
        if (possible++ == 0)
            kithp_page_say(telling->page, " more point%s of %s alone %s", missing == 1000 ? "" : "s",
                           kithp_policy_dimensions[d], kithp_telling_either(telling, "would have done", "would do"));
        else
            kithp_page_say(telling->page, " of %s", kithp_policy_dimensions[d]);
    }
    return possible;
}

/* "; community alone cannot" */
static void tell_impossible(const struct kithp_telling *telling, bool to_keep)
{
    unsigned impossible = 0;
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++)
        if (missing_of(telling, d, to_keep) == KITH_OUT_OF_REACH)
            kithp_page_say(telling->page, "%s%s", impossible++ > 0 ? " and " : "; ", kithp_policy_dimensions[d]);
    if (impossible > 0)
        kithp_page_string(telling->page, kithp_telling_either(telling, " alone could not", " alone cannot"));
}

static void tell_missing(const struct kithp_telling *telling, bool to_keep)
{
    if (tell_possible(telling, to_keep) > 0)
        tell_impossible(telling, to_keep);
    else
        kithp_page_string(telling->page, kithp_telling_either(telling, "no dimension alone could have made up for it",
                                                              "no dimension alone can make up for it"));
}

/* ---- to keep the tier ---- */

void kithp_telling_tell_keep(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->keep_tier == KITH_NO_TIER)
        return;
    bool lost = of->tier < of->keep_tier;
    kithp_telling_heading(
        telling, lost ? kithp_telling_either(telling, "What would have kept the tier", "What would keep the tier")
                      : "To keep the tier");
    kithp_page_string(telling->page, "The tier ");
    kithp_telling_tier(telling, of->keep_tier);
    kithp_page_string(telling->page, " is kept with a score of ");
    kithp_telling_score(telling, of->keep_at);
    if (of->score >= of->keep_at) {
        kithp_page_string(telling->page, ", which is there");
    } else {
        kithp_page_string(telling->page, ", ");
        kithp_telling_score(telling, of->keep_at - of->score);
        kithp_page_string(telling->page, " more than there is: ");
        tell_missing(telling, true);
    }
    kithp_page_string(telling->page, ".");
    if (of->weeks_below > 0)
        kithp_page_say(telling->page, " This is week %" PRIu32 " below; %" PRIu32 " in a row cost the tier.",
                       of->weeks_below, of->grace_weeks);
    if (lost && of->reason == KITH_CHANGE_DORMANT)
        kithp_page_string(telling->page, kithp_telling_either(telling, " It would have taken an act of their own, too.",
                                                              " It takes an act of their own, too."));
    kithp_page_end_line(telling->page);
}

/* ---- to rise ---- */

/* What the tier above asks for. Who fell keeps the one that was lost in reach, so that it is the one above that. */
static void tell_terms(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    kithp_page_string(telling->page, "The tier above");
    if (of->keep_tier != KITH_NO_TIER && of->keep_tier != of->tier) {
        kithp_page_string(telling->page, " ");
        kithp_telling_tier(telling, of->keep_tier);
        kithp_page_string(telling->page, kithp_telling_either(telling, ", which was lost", ", which would be lost"));
    }
    kithp_page_string(telling->page, ", ");
    kithp_telling_tier(telling, of->next_tier);
    kithp_page_string(telling->page, ", takes a score of ");
    kithp_telling_score(telling, of->promote_at);
    if (of->min_active_days > 0) {
        kithp_page_string(telling->page, ", ");
        kithp_telling_count(telling, of->min_active_days, "day");
        kithp_page_string(telling->page, " with an act of their own in four weeks");
    }
    if (of->min_supporters > 0) {
        kithp_page_string(telling->page, ", ");
        kithp_telling_count(telling, of->min_supporters, "supporter");
        kithp_page_string(telling->page, " (members whose acts give them points) in one of the last four weeks");
    }
    kithp_page_string(telling->page, ", and an act of their own in the week.");
    kithp_page_end_line(telling->page);
}

static void tell_missing_score(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->score >= of->promote_at)
        return;
    kithp_page_begin_item(telling->page);
    kithp_page_string(telling->page, "score: ");
    kithp_telling_score(telling, of->promote_at - of->score);
    kithp_page_string(telling->page, " short; ");
    tell_missing(telling, false);
    kithp_page_string(telling->page, ".");
    kithp_page_end_line(telling->page);
}

/* "- supporters: 2 of 3." */
static void tell_missing_count(const struct kithp_telling *telling, const char *what, uint32_t count, uint32_t needed)
{
    if (count >= needed)
        return;
    kithp_page_begin_item(telling->page);
    kithp_page_say(telling->page, "%s: %" PRIu32 " of %" PRIu32 ".", what, count, needed);
    kithp_page_end_line(telling->page);
}

static void tell_missing_act(const struct kithp_telling *telling)
{
    if (telling->of->acted)
        return;
    kithp_page_begin_item(telling->page);
    kithp_page_say(telling->page, "an act of their own: there %s none this week.",
                   kithp_telling_either(telling, "was", "is"));
    kithp_page_end_line(telling->page);
}

void kithp_telling_tell_rise(const struct kithp_telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->pinned)
        return;
    kithp_telling_heading(telling,
                          kithp_telling_either(telling, "What was missing to rise", "What is missing to rise"));
    if (of->next_tier == KITH_NO_TIER) {
        kithp_page_string(telling->page, "There is no tier above ");
        kithp_telling_tier(telling, of->keep_tier);
        kithp_page_string(telling->page, ".");
        kithp_page_end_line(telling->page);
        return;
    }
    tell_terms(telling);
    tell_missing_score(telling);
    tell_missing_count(telling, "days with an act of their own", of->active_days, of->min_active_days);
    tell_missing_count(telling, "supporters", of->supporters, of->min_supporters);
    tell_missing_act(telling);
}
