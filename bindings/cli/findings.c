/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include <string.h>

#include "left_out.h"

static const uint32_t watched_flags[CLI_WATCHED] = {KITH_FLAG_SILENT, KITH_FLAG_DORMANT, KITH_FLAG_DROP,
                                                    KITH_FLAG_AT_RISK};

static void count_standing(struct cli_findings *findings, const kith_standing_row *row)
{
    struct cli_tier_finding *tier = &findings->tiers[row->tier];
    findings->members++;
    tier->members++;
    findings->about += row->active_days > 0;
    tier->about += row->active_days > 0;
    for (int flag = 0; flag < CLI_WATCHED; flag++)
        tier->watched[flag] += (row->flags & watched_flags[flag]) != 0;
}

static bool count_standings(struct cli_findings *findings, const struct cli_findings_source *source, bool left_out,
                            kith_error *error)
{
    kith_standing_row row = {.size = sizeof row};
    for (uint64_t i = 0; i < kith_table_rows(source->standings); i++) {
        if (kith_table_get_row(source->standings, i, &row, error) != KITH_OK)
            return false;
        if (!left_out || !cli_left_out_is(source->engine, row.member))
            count_standing(findings, &row);
    }
    return true;
}

static int compare_text(kith_text a, kith_text b)
{
    size_t common = (size_t)(a.length < b.length ? a.length : b.length);
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* Past more tiers, to a higher score; then by name, so that the same input gives the same report. */
static bool rose_further(const kith_change_row *a, const kith_change_row *b)
{
    uint32_t steps_a = a->to - a->from;
    uint32_t steps_b = b->to - b->from;
    if (steps_a != steps_b)
        return steps_a > steps_b;
    if (a->score != b->score)
        return a->score > b->score;
    return compare_text(a->member, b->member) < 0;
}

static void rank_riser(struct cli_findings *findings, const kith_change_row *row)
{
    int at = findings->furthest_count;
    if (at < CLI_MOST_RISERS)
        findings->furthest_count++;
    else if (rose_further(row, &findings->furthest[at - 1]))
        at--;
    else
        return;
    while (at > 0 && rose_further(row, &findings->furthest[at - 1])) {
        findings->furthest[at] = findings->furthest[at - 1];
        at--;
    }
    findings->furthest[at] = *row;
}

/* Changes are in order of their weeks, so those of the last week are the last rows. */
static bool count_changes(struct cli_findings *findings, const struct cli_findings_source *source, bool left_out,
                          kith_error *error)
{
    kith_change_row row = {.size = sizeof row};
    for (uint64_t i = kith_table_rows(source->changes); i > 0; i--) {
        if (kith_table_get_row(source->changes, i - 1, &row, error) != KITH_OK)
            return false;
        if (row.week != source->week)
            return true;
        if (left_out && cli_left_out_is(source->engine, row.member))
            continue;
        if (row.to < row.from) {
            findings->tiers[row.from].fell++;
            continue;
        }
        findings->tiers[row.to].rose++;
        findings->risers++;
        rank_riser(findings, &row);
    }
    return true;
}

bool cli_findings_make(struct cli_findings *findings, const struct cli_findings_source *source, kith_error *error)
{
    *findings = (struct cli_findings){.tier_count = source->tier_count};
    bool left_out = cli_left_out_any(source->standings, source->weeks);
    return count_standings(findings, source, left_out, error) && count_changes(findings, source, left_out, error);
}

bool cli_findings_upside_down(const struct cli_findings *findings, uint32_t *tier)
{
    uint32_t most = 0;
    bool shared = false;
    for (uint32_t i = 1; i < findings->tier_count; i++) {
        if (findings->tiers[i].about > findings->tiers[most].about) {
            most = i;
            shared = false;
        } else if (findings->tiers[i].about == findings->tiers[most].about) {
            shared = true;
        }
    }
    *tier = most;
    bool is_upper = most >= 2 || most == findings->tier_count - 1;
    return findings->about >= CLI_FEWEST_ABOUT && is_upper && !shared;
}
