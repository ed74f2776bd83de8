/* SPDX-License-Identifier: MIT */
/* An explanation in words, to be read out to the member. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "explain.h"
#include "explain_tables.h"
#include "names.h"
#include "number.h"
#include "prose.h"
#include "terminal.h"
#include "text.h"

enum { NAME_COLUMNS = 40, SITUATION_WEEKS = 8, DAY_SECONDS = 86400, WEEK_DAYS = 7 };

/* One of the two weeks that are told of. */
struct telling {
    FILE *out;
    const struct cli_run *run;
    const kith_explanation *of;
    struct cli_paint paint;
};

/* ---- words ---- */

static void put_name(const struct telling *telling, kith_text name)
{
    cli_text_print_cut(telling->out, name, NAME_COLUMNS);
}

static void put_tier(const struct telling *telling, uint32_t tier)
{
    put_name(telling, kith_text_of(cli_name_tier(telling->run->policy, tier)));
}

static void put_points(const struct telling *telling, int64_t points)
{
    char number[CLI_NUMBER_SIZE];
    fputs(cli_number_points(number, points), telling->out);
}

static void put_score(const struct telling *telling, int32_t score)
{
    char number[CLI_NUMBER_SIZE];
    fputs(cli_number_score(number, score), telling->out);
}

static void put_day(const struct telling *telling, int64_t day)
{
    char text[CLI_NUMBER_SIZE];
    fputs(cli_number_day(text, day), telling->out);
}

/* "1 day", "2 days" */
static void put_count(const struct telling *telling, uint64_t count, const char *one)
{
    char number[CLI_NUMBER_SIZE];
    fprintf(telling->out, "%s %s%s", cli_number_count(number, count), one, count == 1 ? "" : "s");
}

/* What a week brought, or would bring. */
static const char *either(const struct telling *telling, const char *reviewed, const char *open)
{
    return telling->of->provisional ? open : reviewed;
}

static void put_heading(const struct telling *telling, const char *words)
{
    fprintf(telling->out, "\n%s%s%s\n", telling->paint.strong, words, telling->paint.off);
}

/* ---- where the member stands ---- */

static void tell_change(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    if (!of->changed)
        return;
    bool rose = of->reason == KITH_CHANGE_PROMOTED || of->reason == KITH_CHANGE_SKIPPED;
    if (of->reason == KITH_CHANGE_PINNED)
        fputs(" The tier was set for them; before, it was ", telling->out);
    else if (rose)
        fputs(either(telling, " They rose from ", " They would rise from "), telling->out);
    else
        fputs(either(telling, " They fell from ", " They would fall from "), telling->out);
    put_tier(telling, of->tier_before);
    if (of->reason == KITH_CHANGE_SKIPPED)
        fputs(", past a tier between", telling->out);
    if (of->reason == KITH_CHANGE_DORMANT) {
        fputs(", for silence: ", telling->out);
        put_count(telling, (uint64_t)of->silent_days, "day");
        fprintf(telling->out, " without an act of their own, where each week from day %" PRIu32 " on costs a tier",
                of->dormant_limit);
    }
    if (of->reason == KITH_CHANGE_DEMOTED) {
        fputs(", for ", telling->out);
        put_count(telling, of->grace_weeks, "week");
        fputs(of->grace_weeks == 1 ? " below the score that keeps it" : " in a row below the score that keeps it",
              telling->out);
    }
    fputc('.', telling->out);
}

static void tell_stage(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    fprintf(telling->out, " Their stage is %s: ", cli_name_stage(of->stage));
    switch (of->stage) {
    case KITH_STAGE_NEW:
        fputs("this is their first week.", telling->out);
        break;
    case KITH_STAGE_RETURNED:
        fputs("they are back after a long silence.", telling->out);
        break;
    case KITH_STAGE_CORE:
        fputs("they acted on ", telling->out);
        put_count(telling, of->active_days, "day");
        fprintf(telling->out, " of the last 28, and %" PRIu32 " are enough.", of->core_days);
        break;
    case KITH_STAGE_ACTIVE:
        fputs("they acted this week.", telling->out);
        break;
    case KITH_STAGE_AWAY:
        fputs("they are on leave.", telling->out);
        break;
    default:
        fputs("they did not act this week.", telling->out);
        break;
    }
    fputc('\n', telling->out);
}

static void tell_standing(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->provisional && !telling->run->arguments->as_of)
        fputs("If nothing more came, the review of this week would find ", telling->out);
    else
        fputs(either(telling, "It finds ", "If this week closed now, its review would find "), telling->out);
    put_name(telling, of->member);
    fputs(" in tier ", telling->out);
    put_tier(telling, of->tier);
    fputs(", with a score of ", telling->out);
    put_score(telling, of->score);
    fputs(" of 100.", telling->out);
    tell_change(telling);
    tell_stage(telling);
}

static void tell_leave(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    if (!of->on_leave)
        return;
    fputs("They are on leave until ", telling->out);
    put_day(telling, of->leave_end);
    fputs(". In a week of leave no tier is lost, and no flag is raised but the one for their return.\n", telling->out);
}

static void tell_decisions(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->pinned) {
        fputs("Their tier is pinned to ", telling->out);
        put_tier(telling, of->tier);
        fputs(", so that no score moves it.\n", telling->out);
    }
    if (of->left_out)
        fputs("They are left out of the means and numbers of members, and have no risk.\n", telling->out);
}

/* ---- the score ---- */

static void tell_points(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    put_heading(telling, "What was done this week");
    if (of->slot_count == 0)
        fputs(either(telling, "Nothing that counts for points.\n", "Nothing so far that counts for points.\n"),
              telling->out);
    else
        cli_explain_slots(telling->out, telling->run->policy, of);
}

/* How points turn into a score; said once. */
static void tell_rules(const struct telling *telling)
{
    const kith_explained_dimension *dimensions = telling->of->dimensions;
    fputs("Of the points of earlier weeks a part is carried over, so that old ones fade. A dimension scores 50 of 100 "
          "with ",
          telling->out);
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++) {
        put_points(telling, dimensions[d].half_points);
        fprintf(telling->out, "%s %s%s", d == 0 ? " remembered points of" : " of", cli_name_dimension(d),
                d == 0   ? ", "
                : d == 1 ? " or "
                         : "");
    }
    fputs(", and more with more.\n", telling->out);
}

static void tell_score(const struct telling *telling, bool with_rules)
{
    put_heading(telling, "From points to the score");
    cli_explain_score(telling->out, telling->of);
    fputs("Rounded down, that is the score of ", telling->out);
    put_score(telling, telling->of->score);
    fputs(". ", telling->out);
    if (with_rules)
        tell_rules(telling);
    else
        fputc('\n', telling->out);
}

/* ---- what is missing ---- */

static int64_t missing_of(const kith_explanation *of, uint32_t dimension, bool to_keep)
{
    return to_keep ? of->dimensions[dimension].to_keep : of->dimensions[dimension].to_rise;
}

/* "12.5 more points of content alone would do, or 9 of interaction; community alone cannot" */
static void tell_missing(const struct telling *telling, bool to_keep)
{
    unsigned possible = 0, impossible = 0;
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++) {
        int64_t missing = missing_of(telling->of, d, to_keep);
        if (missing == KITH_OUT_OF_REACH)
            continue;
        fputs(possible > 0 ? ", or " : "", telling->out);
        put_points(telling, missing);
        if (possible++ == 0)
            fprintf(telling->out, " more point%s of %s alone %s", missing == 1000 ? "" : "s", cli_name_dimension(d),
                    either(telling, "would have done", "would do"));
        else
            fprintf(telling->out, " of %s", cli_name_dimension(d));
    }
    if (possible == 0)
        fputs(either(telling, "no dimension alone could have made up for it", "no dimension alone can make up for it"),
              telling->out);
    for (uint32_t d = 0; d < KITH_DIMENSIONS && possible > 0; d++) {
        if (missing_of(telling->of, d, to_keep) != KITH_OUT_OF_REACH)
            continue;
        fprintf(telling->out, "%s%s", impossible++ > 0 ? " and " : "; ", cli_name_dimension(d));
    }
    if (impossible > 0)
        fputs(either(telling, " alone could not", " alone cannot"), telling->out);
}

/* What the tier above asks for. Who fell keeps the one that was lost in reach, so that it is the one above that. */
static void tell_terms(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    fputs("The tier above", telling->out);
    if (of->keep_tier != KITH_NO_TIER && of->keep_tier != of->tier) {
        fputc(' ', telling->out);
        put_tier(telling, of->keep_tier);
        fputs(either(telling, ", which was lost", ", which would be lost"), telling->out);
    }
    fputs(", ", telling->out);
    put_tier(telling, of->next_tier);
    fputs(", takes a score of ", telling->out);
    put_score(telling, of->promote_at);
    if (of->min_active_days > 0) {
        fputs(", ", telling->out);
        put_count(telling, of->min_active_days, "day");
        fputs(" with an act of their own in four weeks", telling->out);
    }
    if (of->min_supporters > 0) {
        fputs(", ", telling->out);
        put_count(telling, of->min_supporters, "supporter");
        fputs(" (members whose acts give them points) in one of the last four weeks", telling->out);
    }
    fputs(", and an act of their own in the week.", telling->out);
}

static void tell_rise(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->pinned)
        return;
    put_heading(telling, either(telling, "What was missing to rise", "What is missing to rise"));
    if (of->next_tier == KITH_NO_TIER) {
        fputs("There is no tier above ", telling->out);
        put_tier(telling, of->keep_tier);
        fputs(".\n", telling->out);
        return;
    }
    tell_terms(telling);
    fputc('\n', telling->out);
    if (of->score < of->promote_at) {
        fputs("- score: ", telling->out);
        put_score(telling, of->promote_at - of->score);
        fputs(" short; ", telling->out);
        tell_missing(telling, false);
        fputs(".\n", telling->out);
    }
    if (of->active_days < of->min_active_days)
        fprintf(telling->out, "- days with an act of their own: %" PRIu32 " of %" PRIu32 ".\n", of->active_days,
                of->min_active_days);
    if (of->supporters < of->min_supporters)
        fprintf(telling->out, "- supporters: %" PRIu32 " of %" PRIu32 ".\n", of->supporters, of->min_supporters);
    if (!of->acted)
        fprintf(telling->out, "- an act of their own: there %s none this week.\n", either(telling, "was", "is"));
}

static void tell_keep(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    if (of->keep_tier == KITH_NO_TIER)
        return;
    bool lost = of->tier < of->keep_tier;
    put_heading(telling, lost ? either(telling, "What would have kept the tier", "What would keep the tier")
                              : "To keep the tier");
    fputs("The tier ", telling->out);
    put_tier(telling, of->keep_tier);
    fputs(" is kept with a score of ", telling->out);
    put_score(telling, of->keep_at);
    fputs(", ", telling->out);
    if (of->score >= of->keep_at) {
        fputs("which is there", telling->out);
    } else {
        put_score(telling, of->keep_at - of->score);
        fputs(" more than there is: ", telling->out);
        tell_missing(telling, true);
    }
    fputc('.', telling->out);
    if (of->weeks_below > 0)
        fprintf(telling->out, " This is week %" PRIu32 " below; %" PRIu32 " in a row cost the tier.", of->weeks_below,
                of->grace_weeks);
    if (lost && of->reason == KITH_CHANGE_DORMANT)
        fputs(either(telling, " It would have taken an act of their own, too.", " It takes an act of their own, too."),
              telling->out);
    fputc('\n', telling->out);
}

/* ---- flags ---- */

static void tell_silence(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    put_count(telling, (uint64_t)of->silent_days, "day");
    if (of->last_seen == KITH_NO_TIME) {
        fputs(" since others first named them, and no act of their own yet", telling->out);
        return;
    }
    fputs(" without an act of their own, the last ", telling->out);
    int64_t local = of->last_seen + telling->run->policy_info.utc_offset;
    int64_t day = (local - (local % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS) / DAY_SECONDS;
    fputs("on ", telling->out);
    put_day(telling, day);
    /* Silence runs from the day before a leave ends. */
    if (of->leave_end - 1 > day) {
        fputs(" and their leave over on ", telling->out);
        put_day(telling, of->leave_end);
    }
}

static void tell_silent(const struct telling *telling)
{
    fputs("- silent: ", telling->out);
    tell_silence(telling);
    fprintf(telling->out, "; the policy warns from %" PRIu32 ".\n", telling->of->silent_limit);
}

static void tell_dormant(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    fprintf(telling->out, "- dormant: that is %" PRIu32 " days or more", of->dormant_limit);
    fputs(of->keep_tier == KITH_NO_TIER ? ".\n" : ", of which each week costs a tier.\n", telling->out);
}

/* Hundredths of a quotient, rounded down. */
static void put_mean(const struct telling *telling, uint64_t sum, uint64_t weeks)
{
    uint64_t hundredths = sum * 100 / weeks;
    put_points(telling, (int64_t)hundredths * 10);
}

static void tell_drop(const struct telling *telling)
{
    char number[CLI_NUMBER_SIZE];
    const kith_explanation *of = telling->of;
    fprintf(telling->out, "- drop: interactions fell to %s, from ", cli_number_count(number, of->interactions));
    put_mean(telling, of->baseline, of->baseline_weeks);
    fputs(" a week on average over ", telling->out);
    put_count(telling, of->baseline_weeks, "week");
    fprintf(telling->out, "; the policy warns where they fall by %" PRIu32 " in 100.\n", of->drop_percent);
}

static void tell_stalled(const struct telling *telling)
{
    fprintf(telling->out, "- stalled: they are new, %s, and then stayed away.\n",
            telling->of->own_days > 0 ? "acted on a single day" : "have not acted yet");
}

static void tell_at_risk(const struct telling *telling)
{
    fputs("- at_risk: the risk that they do not come back is ", telling->out);
    put_score(telling, telling->of->risk);
    fprintf(telling->out, " in 100; the policy warns from %" PRIu32 ".\n", telling->of->risk_percent);
}

static void tell_flags(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    put_heading(telling, "Flags");
    if (of->flags == 0)
        fputs("None is up.\n", telling->out);
    if (of->flags & KITH_FLAG_SILENT)
        tell_silent(telling);
    if (of->flags & KITH_FLAG_DORMANT)
        tell_dormant(telling);
    if (of->flags & KITH_FLAG_DROP)
        tell_drop(telling);
    if (of->flags & KITH_FLAG_STALLED)
        tell_stalled(telling);
    if (of->flags & KITH_FLAG_RETURNED)
        fputs("- returned: they acted again, after they had been dormant at the review before.\n", telling->out);
    if (of->flags & KITH_FLAG_AT_RISK)
        tell_at_risk(telling);
}

/* ---- risk ---- */

static void tell_situation(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    uint32_t active = 0, silent = 0;
    for (uint32_t i = 0; i < SITUATION_WEEKS; i++)
        active += of->pattern >> i & 1;
    while (!(of->pattern >> silent & 1))
        silent++;
    fprintf(telling->out, "Their situation: they acted in %" PRIu32 " of the last %d weeks", active, SITUATION_WEEKS);
    if (silent > 0) {
        fputs(", last ", telling->out);
        put_count(telling, silent, "week");
        fputs(" ago", telling->out);
    }
    if (of->age == 0)
        fputs(", and this is their first week.", telling->out);
    else if (of->age < SITUATION_WEEKS - 1)
        fprintf(telling->out, ", and their first week is %" PRIu32 " back.", of->age);
    else
        fprintf(telling->out, ", and have been here for %d weeks or more.", SITUATION_WEEKS);
}

static void tell_risk(const struct telling *telling)
{
    char number[CLI_NUMBER_SIZE];
    const kith_explanation *of = telling->of;
    if (of->risk < 0)
        return;
    put_heading(telling, "The risk that they do not come back");
    tell_situation(telling);
    if (of->alike > 0) {
        fprintf(telling->out, " Of %s ", cli_number_count(number, of->alike));
        fprintf(telling->out, "member%s in the same situation before, ", of->alike == 1 ? "" : "s");
        fprintf(telling->out, "%" PRIu64 " in 100 had no act of their own in the eight weeks after: they were lost.",
                (100 * of->lost + of->alike / 2) / of->alike);
    } else {
        fputs(" Nobody was in just this situation before.", telling->out);
    }
    fputs(" As those in similar situations count too, the more so the fewer were in just this one, the risk is ",
          telling->out);
    put_score(telling, of->risk);
    fputs(" in 100.\n", telling->out);
    cli_explain_outcomes(telling->out, of);
}

/* ---- all of it ---- */

static void tell_title(const struct telling *telling)
{
    const kith_explanation *of = telling->of;
    fputs(telling->paint.strong, telling->out);
    fputs(of->provisional ? "The week of " : "Review of the week of ", telling->out);
    put_day(telling, of->week);
    if (of->provisional) {
        fputs(", which is open, as on ", telling->out);
        put_day(telling, of->as_of_day);
        if (of->as_of_day == of->week + WEEK_DAYS - 1)
            fputs(", its last day", telling->out);
    }
    fprintf(telling->out, "%s\n", telling->paint.off);
}

static void tell_week(const struct telling *telling, bool with_rules)
{
    tell_title(telling);
    tell_standing(telling);
    tell_leave(telling);
    tell_decisions(telling);
    tell_points(telling);
    tell_score(telling, with_rules);
    tell_keep(telling);
    tell_rise(telling);
    tell_flags(telling);
    tell_risk(telling);
}

int cli_explain_print_text(const struct cli_explained *explained)
{
    struct cli_prose prose;
    int status = cli_prose_begin(&prose);
    if (status)
        return status;
    struct telling telling = {.out = prose.stream, .run = explained->run, .paint = cli_terminal_paint()};
    if (explained->has_last) {
        telling.of = &explained->last;
        tell_week(&telling, true);
    }
    if (explained->has_last && explained->has_next)
        fputc('\n', telling.out);
    if (explained->has_next) {
        telling.of = &explained->next;
        tell_week(&telling, !explained->has_last);
    }
    return cli_prose_print(&prose);
}
