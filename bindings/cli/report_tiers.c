/* SPDX-License-Identifier: MIT */
#include "report_tiers.h"

#include <stdio.h>

#include "number.h"
#include "text.h"

enum { NAME_COLUMNS = 16, BAR_COLUMNS = 24, COUNT_COLUMNS = 11, MEMBER_COLUMNS = 24, STEP_COLUMNS = 34 };

bool cli_report_find(const struct cli_run *run, struct cli_findings *findings, kith_error *error)
{
    const struct cli_findings_source source = {
        .engine = run->engine,
        .standings = run->tables[CLI_STANDINGS],
        .changes = run->tables[CLI_CHANGES],
        .weeks = run->tables[CLI_WEEKS],
        .tier_count = run->policy_info.tiers,
        .week = run->review_info.last_week,
    };
    return cli_findings_make(findings, &source, error);
}

static kith_text tier_name(const struct cli_run *run, uint32_t index)
{
    kith_tier tier = {.size = sizeof tier};
    if (kith_policy_get_tier(run->policy, index, &tier, NULL) != KITH_OK)
        return kith_text_of("?");
    return kith_text_of(tier.name);
}

/* A bar of so many eighths of a column, padded to BAR_COLUMNS. */
static void print_bar(uint64_t eighths)
{
    static const char *const parts[] = {"", "\u258F", "\u258E", "\u258D", "\u258C", "\u258B", "\u258A", "\u2589"};
    int full = (int)(eighths / 8);
    for (int i = 0; i < full; i++)
        fputs("\u2588", stdout);
    fputs(parts[eighths % 8], stdout);
    printf("%*s", BAR_COLUMNS - full - (eighths % 8 != 0), "");
}

/* Length of a tier's bar: the largest tier has a whole one, and one member is enough to be seen. */
static uint64_t bar_length(uint64_t members, uint64_t largest)
{
    if (members == 0)
        return 0;
    uint64_t length = (uint64_t)((double)members / (double)largest * BAR_COLUMNS * 8);
    return length > 0 ? length : 1;
}

static void print_moves(const struct cli_tier_finding *tier, const struct cli_paint *paint)
{
    char number[CLI_NUMBER_SIZE];
    if (tier->rose)
        printf("  %s+%s%s", paint->good, cli_number_count(number, tier->rose), paint->off);
    if (tier->fell)
        printf("%s%s-%s%s", tier->rose ? " " : "  ", paint->bad, cli_number_count(number, tier->fell), paint->off);
}

void cli_report_pyramid(const struct cli_run *run, const struct cli_findings *findings, const struct cli_paint *paint)
{
    char number[CLI_NUMBER_SIZE];
    uint64_t largest = 0;
    for (uint32_t i = 0; i < findings->tier_count; i++)
        if (findings->tiers[i].members > largest)
            largest = findings->tiers[i].members;

    printf("\n%sTiers%s, with last week's rises (+) and falls (-)\n", paint->strong, paint->off);
    for (uint32_t i = findings->tier_count; i > 0; i--) {
        const struct cli_tier_finding *tier = &findings->tiers[i - 1];
        fputs("  ", stdout);
        cli_text_print_fitted(stdout, tier_name(run, i - 1), NAME_COLUMNS);
        putchar(' ');
        print_bar(bar_length(tier->members, largest));
        printf(" %*s", COUNT_COLUMNS, cli_number_count(number, tier->members));
        printf(" %6s", cli_number_percent(number, tier->members, findings->members));
        print_moves(tier, paint);
        putchar('\n');
    }
}

static void print_riser(const struct cli_run *run, const kith_change_row *row)
{
    static const char *const reasons[] = {"promoted", "skipped", "dormant", "demoted", "pinned"};
    char score[CLI_NUMBER_SIZE];
    kith_text from = tier_name(run, row->from);
    kith_text to = tier_name(run, row->to);
    int room = (STEP_COLUMNS - 4) / 2; /* " -> " between the two */
    int from_columns = cli_text_columns(from) < room ? cli_text_columns(from) : room;
    fputs("  ", stdout);
    cli_text_print_fitted(stdout, row->member, MEMBER_COLUMNS);
    fputs("  ", stdout);
    cli_text_print_fitted(stdout, from, from_columns);
    fputs(" -> ", stdout);
    cli_text_print_fitted(stdout, to, STEP_COLUMNS - 4 - from_columns);
    printf("  %5s  %s\n", cli_number_score(score, row->score),
           row->reason <= KITH_CHANGE_PINNED ? reasons[row->reason] : "");
}

void cli_report_risers(const struct cli_run *run, const struct cli_findings *findings, const struct cli_paint *paint)
{
    char number[CLI_NUMBER_SIZE];
    if (findings->risers == 0) {
        printf("\n%sNobody rose%s last week.\n", paint->strong, paint->off);
        return;
    }
    printf("\n%sRose furthest%s last week", paint->strong, paint->off);
    if (findings->risers > (uint64_t)findings->furthest_count)
        printf(" (%d of %s that rose)", findings->furthest_count, cli_number_count(number, findings->risers));
    putchar('\n');
    for (int i = 0; i < findings->furthest_count; i++)
        print_riser(run, &findings->furthest[i]);
}

static void print_watch_row(kith_text name, const struct cli_tier_finding *tier)
{
    char number[CLI_NUMBER_SIZE];
    fputs("  ", stdout);
    cli_text_print_fitted(stdout, name, NAME_COLUMNS);
    printf(" %*s", COUNT_COLUMNS, cli_number_count(number, tier->members));
    for (int flag = 0; flag < CLI_WATCHED; flag++)
        printf(" %*s", COUNT_COLUMNS, cli_number_count(number, tier->watched[flag]));
    putchar('\n');
}

void cli_report_watch(const struct cli_run *run, const struct cli_findings *findings, const struct cli_paint *paint)
{
    static const char *const heads[] = {"members", "silent", "dormant", "dropping", "at risk"};
    struct cli_tier_finding all = {0};
    printf("\n%s%-*s%s", paint->strong, NAME_COLUMNS + 2, "Slipping away", paint->off);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        printf(" %*s", COUNT_COLUMNS, heads[i]);
    putchar('\n');
    for (uint32_t i = findings->tier_count; i > 0; i--) {
        const struct cli_tier_finding *tier = &findings->tiers[i - 1];
        print_watch_row(tier_name(run, i - 1), tier);
        all.members += tier->members;
        for (int flag = 0; flag < CLI_WATCHED; flag++)
            all.watched[flag] += tier->watched[flag];
    }
    print_watch_row(kith_text_of("all"), &all);
}
