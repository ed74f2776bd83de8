/* SPDX-License-Identifier: MIT */
/* What the words say is what the figures say: the text of explanations of every sort is taken to pieces again. */
#include <time.h>

#include "community_support.h"
#include "policy/policy.h"

static const char *const dimensions[KITH_DIMENSIONS] = {"content", "interaction", "community"};

/* Numbers of the text have up to five decimals: all are compared as so many hundred thousandths. */
enum { ONE = 100000, HUNDREDTH = 1000, THOUSANDTH = 100 };

/* ---- reading ---- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The number at the start of the text, which must be one, and goes on behind it. */
static int64_t take_number(const char **text)
{
    const char *at = *text;
    bool negative = *at == '-';
    at += negative;
    if (!is_digit(*at))
        fail_msg("no number: %.60s", *text);
    int64_t number = 0, unit = ONE;
    for (; is_digit(*at) || (*at == ',' && is_digit(at[1])); at++)
        number = *at == ',' ? number : 10 * number + (*at - '0');
    number *= ONE;
    if (*at == '.' && is_digit(at[1]))
        for (at++; is_digit(*at); at++)
            number += (*at - '0') * (unit /= 10);
    *text = at;
    return negative ? -number : number;
}

static bool take(const char **text, const char *words)
{
    bool is_there = strncmp(*text, words, strlen(words)) == 0;
    *text += is_there ? strlen(words) : 0;
    return is_there;
}

static void must_take(const char **text, const char *words)
{
    if (!take(text, words))
        fail_msg("'%s' is missing: %.60s", words, *text);
}

/* Where the text goes on behind words that must be there. */
static const char *behind(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    if (!at)
        fail_msg("'%s' is missing:\n%s", words, text);
    return at + strlen(words);
}

static int64_t number_behind(const char *text, const char *words)
{
    text = behind(text, words);
    return take_number(&text);
}

static bool has(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}

/* The number in the next cell of a row. */
static int64_t take_cell(const char **text)
{
    while (**text == ' ')
        ++*text;
    return take_number(text);
}

static const char *day_text(char *out, int64_t day)
{
    time_t moment = (time_t)(day * DAY);
    struct tm parts;
    assert_non_null(gmtime_r(&moment, &parts));
    assert_true(strftime(out, 32, "%Y-%m-%d", &parts) > 0);
    return out;
}

/* ---- what each part must say ---- */

static void must_have_day(const char *text, const char *words, int64_t day)
{
    char expected[32];
    const char *at = behind(text, words);
    must_take(&at, day_text(expected, day));
}

static void check_title(const char *text, const kith_explanation *e)
{
    char expected[128], days[2][32];
    day_text(days[0], e->week);
    day_text(days[1], e->as_of_day);
    if (e->provisional)
        snprintf(expected, sizeof expected, "The week of %s, which is open, as on %s%s\n", days[0], days[1],
                 e->as_of_day == e->week + 6 ? ", its last day" : "");
    else
        snprintf(expected, sizeof expected, "Review of the week of %s\n", days[0]);
    assert_memory_equal(text, expected, strlen(expected));
}

static void check_standing(const char *text, const struct kithp_figures *policy, const kith_explanation *e)
{
    char named[256];
    snprintf(named, sizeof named, " %.*s in tier %s, with a score of ", (int)e->member.length, e->member.data,
             policy->tiers[e->tier].name);
    assert_int_equal(number_behind(text, named), (int64_t)e->score * HUNDREDTH);
    bool rose = has(text, "They rose from ") || has(text, "They would rise from ");
    bool fell = has(text, "They fell from ") || has(text, "They would fall from ");
    assert_int_equal(rose, e->changed && e->tier > e->tier_before && e->reason != KITH_CHANGE_PINNED);
    assert_int_equal(fell, e->changed && e->tier < e->tier_before && e->reason != KITH_CHANGE_PINNED);
    assert_int_equal(has(text, "The tier was set for them"), e->changed && e->reason == KITH_CHANGE_PINNED);
    assert_int_equal(has(text, ", past a tier between."), e->changed && e->reason == KITH_CHANGE_SKIPPED);
    if (e->changed) {
        snprintf(named, sizeof named, "%s%s", e->reason == KITH_CHANGE_PINNED ? "; before, it was " : " from ",
                 policy->tiers[e->tier_before].name);
        assert_true(has(text, named));
    }
    if (e->changed && e->reason == KITH_CHANGE_DEMOTED) {
        const char *at = behind(text, policy->tiers[e->tier_before].name);
        must_take(&at, ", for ");
        assert_int_equal(take_number(&at), (int64_t)e->grace_weeks * ONE);
        must_take(&at, e->grace_weeks == 1 ? " week below " : " weeks in a row below ");
    }
    if (e->changed && e->reason == KITH_CHANGE_DORMANT) {
        assert_int_equal(number_behind(text, ", for silence: "), e->silent_days * ONE);
        assert_int_equal(number_behind(text, "each week from day "), (int64_t)e->dormant_limit * ONE);
    }
    assert_int_equal(has(text, "They are on leave until "), e->on_leave);
    if (e->on_leave)
        must_have_day(text, "They are on leave until ", e->leave_end);
    assert_int_equal(has(text, "Their tier is pinned to "), e->pinned);
    assert_int_equal(has(text, "They are left out of "), e->left_out);
}

static void check_stage(const char *text, const kith_explanation *e)
{
    static const struct {
        const char *name;
        const char *words;
    } stages[KITH_STAGES] = {
        [KITH_STAGE_NEW] = {"new", "this is their first week."},
        [KITH_STAGE_RETURNED] = {"returned", "they are back after a long silence."},
        [KITH_STAGE_CORE] = {"core", "they acted on "},
        [KITH_STAGE_ACTIVE] = {"active", "they acted this week."},
        [KITH_STAGE_AWAY] = {"away", "they are on leave."},
        [KITH_STAGE_SILENT] = {"silent", "they did not act this week."},
        [KITH_STAGE_DORMANT] = {"dormant", "they did not act this week."},
    };
    const char *at = behind(text, " Their stage is ");
    must_take(&at, stages[e->stage].name);
    must_take(&at, ": ");
    must_take(&at, stages[e->stage].words);
    if (e->stage != KITH_STAGE_CORE)
        return;
    assert_int_equal(take_number(&at), (int64_t)e->active_days * ONE);
    must_take(&at, e->active_days == 1 ? " day of the last 28, and " : " days of the last 28, and ");
    assert_int_equal(take_number(&at), (int64_t)e->core_days * ONE);
}

static void check_slot(const char **at, const struct kithp_figures *policy, const kith_explained_slot *slot)
{
    must_take(at, "    ");
    must_take(at, policy->kinds[slot->kind].name);
    while (**at == ' ')
        ++*at;
    must_take(at, slot->role == KITH_GIVES ? "done" : "received");
    assert_int_equal(take_cell(at), (int64_t)slot->quantity * ONE);
    assert_int_equal(take_cell(at), (int64_t)slot->counted * ONE);
    assert_int_equal(take_cell(at), (int64_t)slot->unit * THOUSANDTH);
    assert_int_equal(take_cell(at), slot->points * THOUSANDTH);
    must_take(at, "\n");
}

static void check_limit(const char **at, const struct kithp_figures *policy, const kith_explained_slot *slot)
{
    if (slot->counted == slot->quantity)
        return;
    const struct kithp_kind *kind = &policy->kinds[slot->kind];
    const kith_credit *credit = slot->role == KITH_GIVES ? &kind->gives : &kind->receives;
    must_take(at, "- ");
    assert_int_equal(take_number(at), (int64_t)slot->counted * ONE);
    must_take(at, " of ");
    assert_int_equal(take_number(at), (int64_t)slot->quantity * ONE);
    must_take(at, " ");
    must_take(at, kind->name);
    must_take(at, slot->role == KITH_GIVES ? " done counted:" : " received counted:");
    bool by_each = take(at, " with any one other member at most ");
    assert_int_equal(by_each, slot->each != slot->quantity);
    if (by_each) {
        assert_int_equal(take_number(at), (int64_t)credit->each * ONE);
        must_take(at, " a week, which leaves ");
        assert_int_equal(take_number(at), (int64_t)slot->each * ONE);
        take(at, "; and");
    }
    bool by_cap = take(at, " in all at most ");
    assert_int_equal(by_cap, slot->counted != slot->each);
    if (by_cap) {
        assert_int_equal(take_number(at), (int64_t)credit->cap * ONE);
        must_take(at, " a week");
    }
    must_take(at, ".\n");
}

static void check_points(const char *text, const struct kithp_figures *policy, const kith_explanation *e)
{
    const char *at = behind(text, "\n\nWhat was done this week\n");
    if (e->slot_count == 0) {
        must_take(&at, "Nothing ");
        return;
    }
    at = strchr(at, '\n') + 1;
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++) {
        bool begun = false;
        for (uint64_t i = 0; i < e->slot_count; i++) {
            if (e->slots[i].dimension != d)
                continue;
            if (!begun) {
                must_take(&at, "  ");
                must_take(&at, dimensions[d]);
                assert_int_equal(take_cell(&at), e->dimensions[d].earned * THOUSANDTH);
                must_take(&at, "\n");
            }
            begun = true;
            check_slot(&at, policy, &e->slots[i]);
        }
    }
    for (uint64_t i = 0; i < e->slot_count; i++)
        check_limit(&at, policy, &e->slots[i]);
    must_take(&at, "\nFrom points to the score\n");
}

static void check_score(const char *text, const kith_explanation *e, bool with_rules)
{
    int64_t sum = 0;
    const char *at = behind(text, "\n\nFrom points to the score\n");
    at = strchr(at, '\n') + 1;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        const kith_explained_dimension *of = &e->dimensions[d];
        must_take(&at, "  ");
        must_take(&at, dimensions[d]);
        assert_int_equal(take_cell(&at), of->carried_over * THOUSANDTH);
        assert_int_equal(take_cell(&at), of->earned * THOUSANDTH);
        assert_int_equal(take_cell(&at), of->remembered * THOUSANDTH);
        assert_int_equal(take_cell(&at), (int64_t)of->score * HUNDREDTH);
        assert_int_equal(take_cell(&at), (int64_t)of->weight * THOUSANDTH);
        /* Hundredths times thousandths are hundred thousandths. */
        assert_int_equal(take_cell(&at), (int64_t)of->weight * of->score);
        must_take(&at, "\n");
        sum += (int64_t)of->weight * of->score;
    }
    must_take(&at, "  together");
    assert_int_equal(take_cell(&at), sum);
    must_take(&at, "\nRounded down, that is the score of ");
    assert_int_equal(take_number(&at), (int64_t)e->score * HUNDREDTH);
    must_take(&at, with_rules ? ". Of the points of earlier weeks " : ".\n");
    if (!with_rules)
        return;
    assert_int_equal(number_behind(at, "of 100 with "), e->dimensions[0].half_points * THOUSANDTH);
    assert_int_equal(number_behind(at, "points of content, "), e->dimensions[1].half_points * THOUSANDTH);
    assert_int_equal(number_behind(at, "of interaction or "), e->dimensions[2].half_points * THOUSANDTH);
}

static unsigned take_dimension(const char **at)
{
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        if (take(at, dimensions[d]))
            return d;
    fail_msg("no dimension: %.60s", *at);
    return 0;
}

/* "12.5 more points of content alone would do, or 9 of interaction; community alone cannot." */
static void check_missing(const char *at, const kith_explanation *e, bool to_keep)
{
    int64_t expected[KITH_DIMENSIONS], told[KITH_DIMENSIONS] = {-1, -1, -1};
    bool reachable = false;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        expected[d] = to_keep ? e->dimensions[d].to_keep : e->dimensions[d].to_rise;
        reachable = reachable || expected[d] != KITH_OUT_OF_REACH;
    }
    if (!reachable) {
        must_take(&at, "no dimension alone ");
        return;
    }
    do {
        int64_t points = take_number(&at);
        if (take(&at, " more point"))
            assert_int_equal(take(&at, "s"), points != ONE);
        must_take(&at, " of ");
        told[take_dimension(&at)] = points;
        take(&at, e->provisional ? " alone would do" : " alone would have done");
    } while (take(&at, ", or "));
    for (bool more = take(&at, "; "); more; more = take(&at, " and ")) {
        unsigned d = take_dimension(&at);
        assert_int_equal(told[d], -1);
        told[d] = INT64_MAX;
    }
    take(&at, e->provisional ? " alone cannot" : " alone could not");
    must_take(&at, ".");
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(told[d], expected[d] == KITH_OUT_OF_REACH ? INT64_MAX : expected[d] * THOUSANDTH);
}

static void check_keep(const char *text, const struct kithp_figures *policy, const kith_explanation *e)
{
    assert_int_equal(has(text, " is kept with a score of "), e->keep_tier != KITH_NO_TIER);
    if (e->keep_tier == KITH_NO_TIER)
        return;
    char words[128];
    snprintf(words, sizeof words, "\nThe tier %s is kept with a score of ", policy->tiers[e->keep_tier].name);
    const char *at = behind(text, words);
    assert_int_equal(take_number(&at), (int64_t)e->keep_at * HUNDREDTH);
    must_take(&at, ", ");
    assert_int_equal(take(&at, "which is there."), e->score >= e->keep_at);
    if (e->score < e->keep_at) {
        assert_int_equal(take_number(&at), (int64_t)(e->keep_at - e->score) * HUNDREDTH);
        must_take(&at, " more than there is: ");
        check_missing(at, e, true);
    }
    assert_int_equal(has(text, " This is week "), e->weeks_below > 0);
    if (e->weeks_below > 0) {
        assert_int_equal(number_behind(text, " This is week "), (int64_t)e->weeks_below * ONE);
        assert_int_equal(number_behind(text, " below; "), (int64_t)e->grace_weeks * ONE);
    }
}

/* A line of a list, "- supporters: 2 of 3.", where less is there than needed. */
static void check_missing_count(const char *text, const char *words, uint32_t count, uint32_t needed)
{
    assert_int_equal(has(text, words), count < needed);
    if (count >= needed)
        return;
    const char *at = behind(text, words);
    assert_int_equal(take_number(&at), (int64_t)count * ONE);
    must_take(&at, " of ");
    assert_int_equal(take_number(&at), (int64_t)needed * ONE);
}

static void check_rise(const char *text, const struct kithp_figures *policy, const kith_explanation *e)
{
    assert_int_equal(has(text, " missing to rise\n"), !e->pinned);
    assert_int_equal(has(text, "There is no tier above "), !e->pinned && e->next_tier == KITH_NO_TIER);
    check_missing_count(text, "\n- days with an act of their own: ", e->active_days, e->min_active_days);
    check_missing_count(text, "\n- supporters: ", e->supporters, e->min_supporters);
    assert_int_equal(has(text, "\n- score: "), e->score < e->promote_at);
    assert_int_equal(has(text, "\n- an act of their own: "), e->next_tier != KITH_NO_TIER && !e->acted);
    if (e->next_tier == KITH_NO_TIER)
        return;
    char words[128];
    if (e->keep_tier != KITH_NO_TIER && e->keep_tier != e->tier) {
        snprintf(words, sizeof words, "The tier above %s, which ", policy->tiers[e->keep_tier].name);
        assert_true(has(text, words));
    } else {
        assert_true(has(text, "The tier above, "));
    }
    snprintf(words, sizeof words, ", %s, takes a score of ", policy->tiers[e->next_tier].name);
    assert_int_equal(number_behind(text, words), (int64_t)e->promote_at * HUNDREDTH);
    if (e->score < e->promote_at) {
        const char *at = behind(text, "\n- score: ");
        assert_int_equal(take_number(&at), (int64_t)(e->promote_at - e->score) * HUNDREDTH);
        must_take(&at, " short; ");
        check_missing(at, e, false);
    }
}

/* The day of the last own event on the community's clock, and that of a leave's end where silence runs from it. */
static void check_silence(const char *text, const struct kithp_figures *policy, const kith_explanation *e)
{
    assert_int_equal(has(text, " since others first named them"), e->last_seen == KITH_NO_TIME);
    if (e->last_seen == KITH_NO_TIME)
        return;
    int64_t last = (e->last_seen + policy->calendar.utc_offset) / DAY;
    must_have_day(text, " without an act of their own, the last on ", last);
    bool by_leave = e->as_of_day - last != e->silent_days;
    assert_int_equal(has(text, " and their leave over on "), by_leave);
    if (by_leave)
        must_have_day(text, " and their leave over on ", e->leave_end);
}

static void check_at_risk(const char *at, const kith_explanation *e)
{
    assert_int_equal(take_number(&at), (int64_t)e->risk * HUNDREDTH);
    must_take(&at, " in 100; the policy warns from ");
    assert_int_equal(take_number(&at), (int64_t)e->risk_percent * ONE);
}

static void check_flags(const char *text, const struct kithp_figures *policy, const kith_explanation *e)
{
    static const char *const names[] = {"silent", "dormant", "drop", "stalled", "returned", "at_risk"};
    const char *at = behind(text, "\n\nFlags\n");
    for (unsigned bit = 0; bit < 6; bit++) {
        char words[32];
        snprintf(words, sizeof words, "\n- %s: ", names[bit]);
        assert_int_equal(has(at - 1, words), e->flags >> bit & 1);
    }
    assert_int_equal(has(at, "None is up.\n"), e->flags == 0);
    if (e->flags & KITH_FLAG_SILENT) {
        assert_int_equal(number_behind(at, "- silent: "), e->silent_days * ONE);
        assert_int_equal(number_behind(at, "; the policy warns from "), (int64_t)e->silent_limit * ONE);
        check_silence(at, policy, e);
    }
    if (e->flags & KITH_FLAG_DORMANT) {
        assert_int_equal(number_behind(at, "- dormant: that is "), (int64_t)e->dormant_limit * ONE);
        assert_int_equal(has(at, ", of which each week costs a tier.\n"), e->keep_tier != KITH_NO_TIER);
    }
    if (e->flags & KITH_FLAG_DROP) {
        assert_int_equal(number_behind(at, "interactions fell to "), (int64_t)e->interactions * ONE);
        int64_t mean = number_behind(at, ", from ");
        assert_int_equal(mean, (int64_t)(e->baseline * 100 / e->baseline_weeks) * HUNDREDTH);
        assert_int_equal(number_behind(at, " on average over "), (int64_t)e->baseline_weeks * ONE);
        assert_int_equal(number_behind(at, "they fall by "), (int64_t)e->drop_percent * ONE);
    }
    if (e->flags & KITH_FLAG_AT_RISK)
        check_at_risk(behind(at, "- at_risk: the risk that they do not come back is "), e);
}

static void check_outcomes(const char *text, const char *words, uint64_t known, uint64_t lost)
{
    const char *at = behind(text, words);
    assert_int_equal(take_cell(&at), (int64_t)known * ONE);
    assert_int_equal(take_cell(&at), (int64_t)lost * ONE);
    if (known > 0) {
        int64_t share = take_cell(&at) / ONE;
        assert_true(2 * (int64_t)known * share <= (int64_t)(200 * lost + known));
        assert_true(2 * (int64_t)known * (share + 1) > (int64_t)(200 * lost + known));
    }
    must_take(&at, "\n");
}

static void check_risk(const char *text, const kith_explanation *e)
{
    assert_int_equal(has(text, "\n\nThe risk that they do not come back\n"), e->risk >= 0);
    if (e->risk < 0)
        return;
    const char *at = behind(text, "\n\nThe risk that they do not come back\n");
    uint32_t active = 0, silent = 0;
    for (uint32_t weeks = e->pattern; weeks; weeks >>= 1)
        active += weeks & 1;
    for (uint32_t weeks = e->pattern; !(weeks & 1); weeks >>= 1)
        silent++;
    assert_int_equal(number_behind(at, "they acted in "), (int64_t)active * ONE);
    assert_int_equal(has(at, ", last "), silent > 0);
    if (silent > 0)
        assert_int_equal(number_behind(at, ", last "), (int64_t)silent * ONE);
    assert_int_equal(has(at, "this is their first week"), e->age == 0);
    assert_int_equal(has(at, "for 8 weeks or more"), e->age == 7);
    if (e->age > 0 && e->age < 7)
        assert_int_equal(number_behind(at, "their first week is "), (int64_t)e->age * ONE);
    assert_int_equal(has(at, "Nobody was in just this situation"), e->alike == 0);
    if (e->alike > 0) {
        const char *alike = behind(at, ". Of ");
        assert_int_equal(take_number(&alike), (int64_t)e->alike * ONE);
        must_take(&alike, e->alike == 1 ? " member in the same " : " members in the same ");
    }
    assert_int_equal(number_behind(at, ", the risk is "), (int64_t)e->risk * HUNDREDTH);
    check_outcomes(at, "  in the same situation", e->alike, e->lost);
    check_outcomes(at, "  silent for as long, active in as many weeks", e->similar, e->similar_lost);
    check_outcomes(at, "  in any situation", e->all, e->all_lost);
}

/* ---- communities made up ---- */

struct told {
    uint64_t texts;
    uint64_t changed[KITH_CHANGE_PINNED + 1];
    uint64_t stages[KITH_STAGES];
    uint64_t flags[6];
    uint64_t with_risk;
    uint64_t pinned;
    uint64_t on_leave;
};

static void check(const kith_policy *policy, const kith_explanation *e, uint32_t rules, struct told *told)
{
    struct gathered text = {0};
    kith_error error = NO_ERROR;
    kith_explanation_options options = {.size = sizeof options, .columns = KITH_UNBROKEN, .rules = rules};
    assert_status(kith_explanation_write(e, policy, &options, gather, &text, &error), KITH_OK, &error);
    check_title(text.bytes, e);
    check_standing(text.bytes, &policy->figures, e);
    check_stage(text.bytes, e);
    check_points(text.bytes, &policy->figures, e);
    check_score(text.bytes, e, rules == KITH_WITH_RULES);
    check_keep(text.bytes, &policy->figures, e);
    check_rise(text.bytes, &policy->figures, e);
    check_flags(text.bytes, &policy->figures, e);
    check_risk(text.bytes, e);
    gathered_free(&text);
    told->texts++;
    told->changed[e->reason] += e->changed;
    told->stages[e->stage]++;
    for (unsigned bit = 0; bit < 6; bit++)
        told->flags[bit] += e->flags >> bit & 1;
    told->with_risk += e->risk >= 0;
    told->pinned += e->pinned;
    told->on_leave += e->on_leave;
}

static void check_everybody(const kith_engine *engine, const kith_policy *policy, int64_t as_of, uint64_t *seed,
                            struct told *told)
{
    for (uint64_t id = 1; id <= PEOPLE; id++) {
        kith_explanation e = {.size = sizeof e};
        if (kith_engine_explain(engine, id, as_of, &e, NULL) == KITH_OK)
            check(policy, &e, chance_below(seed, 2), told);
    }
}

/* A pin now and then, and its end; a member that is left out; two that are one. */
static void decide(kith_engine *engine, uint64_t *seed)
{
    uint64_t member = 1 + chance_below(seed, PEOPLE), other = 1 + chance_below(seed, PEOPLE);
    kith_member_settings settings = {.size = sizeof settings};
    settings.pinned = chance_below(seed, 2);
    settings.tier = settings.pinned ? chance_below(seed, 5) : 0;
    settings.counts = chance_below(seed, 3);
    kith_status status = kith_engine_set_member(engine, member, &settings, NULL);
    assert_true(status == KITH_OK || status == KITH_UNKNOWN_MEMBER);
    if (chance_below(seed, 12) == 0) {
        status = kith_engine_merge(engine, member, other, NULL);
        assert_true(status == KITH_OK || status == KITH_UNKNOWN_MEMBER || status == KITH_BAD_ARGUMENT);
    }
}

static void check_community(uint64_t seed, struct told *told)
{
    enum { WEEKS = 20, EVENTS_A_WEEK = 70 };
    char text[4096];
    kith_engine *engine = NULL;
    draw_policy(text, sizeof text, &seed);
    kith_policy *policy = policy_of(text);
    kith_engine_options options = all_tables(KITH_NAMED);
    assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
    kith_week week = {.size = sizeof week};
    assert_int_equal(kith_policy_get_week(policy, MONDAY, &week, NULL), KITH_OK);
    for (unsigned i = 0; i < WEEKS; i++) {
        int64_t begin = week.begin + i * WEEK;
        for (unsigned n = chance_below(&seed, 6) ? chance_below(&seed, EVENTS_A_WEEK) : 0; n > 0; n--) {
            struct drawn drawn;
            kith_error error = NO_ERROR;
            draw_event(&drawn, begin, &seed);
            assert_status(kith_engine_add_event(engine, &drawn.event, &error), KITH_OK, &error);
        }
        decide(engine, &seed);
        check_everybody(engine, policy, begin + chance_below(&seed, (uint32_t)WEEK), &seed, told);
        check_everybody(engine, policy, begin + WEEK - 1, &seed, told);
        kith_review_free(review_until(engine, begin + WEEK));
        check_everybody(engine, policy, KITH_LAST_REVIEW, &seed, told);
    }
    kith_engine_free(engine);
    kith_policy_free(policy);
}

static void explanation_words_say_what_the_figures_say(void **state)
{
    (void)state;
    struct told told = {.texts = 0};
    uint64_t policies = tries(40);
    for (uint64_t seed = 1; seed <= policies; seed++)
        check_community(seed, &told);
    assert_true(told.texts > 500 * policies);
    /* All that there is to say was said. */
    if (policies < 40)
        return;
    for (unsigned i = 0; i <= KITH_CHANGE_PINNED; i++)
        assert_true(told.changed[i] > 20);
    for (unsigned i = 0; i < KITH_STAGES; i++)
        assert_true(told.stages[i] > 20);
    for (unsigned i = 0; i < 6; i++)
        assert_true(told.flags[i] > 20);
    assert_true(told.with_risk > 1000);
    assert_true(told.pinned > 100);
    assert_true(told.on_leave > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explanation_words_say_what_the_figures_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
