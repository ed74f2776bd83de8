/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "calibrated.h"
#include "message.h"
#include "number.h"
#include "prose.h"
#include "terminal.h"
#include "text.h"

enum { NAME_COLUMNS = 32, COLUMNS = 12 };

struct page {
    FILE *stream;
    const struct cli_calibrated *calibrated;
    struct cli_paint paint;
};

static const char *tier_name(const struct page *page, uint32_t index)
{
    kith_tier tier = {.size = sizeof tier};
    return kith_policy_get_tier(page->calibrated->run->policy, index, &tier, NULL) == KITH_OK ? tier.name : "?";
}

static const char *first_day(const struct page *page, uint32_t week, char *out)
{
    return cli_number_day(out, cli_calibrated_day(page->calibrated, week));
}

/* "26 reviews, of the weeks of 2025-09-01 to 2026-02-23" */
static void print_window(const struct page *page, struct cli_window window)
{
    char day[CLI_NUMBER_SIZE];
    fprintf(page->stream, "%" PRIu32 " reviews, of the weeks of %s to ", window.count,
            first_day(page, window.first, day));
    fputs(first_day(page, window.first + window.count - 1, day), page->stream);
}

/* ---- what it goes by ---- */

static void print_basis(const struct page *page)
{
    char number[CLI_NUMBER_SIZE];
    const struct cli_calibration *found = &page->calibrated->found;
    const kith_engine_info *info = &page->calibrated->history.info;
    bool cut;
    int64_t last = cli_calibrated_last_day(page->calibrated, &cut);
    fprintf(page->stream, "%sCalibrated%s on ", page->paint.strong, page->paint.off);
    fprintf(page->stream, "%s events", cli_number_count(number, info->taken));
    fprintf(page->stream, " of %s members%s", cli_number_count(number, info->members), cut ? ", up to " : "");
    fprintf(page->stream, "%s: on ", cut ? cli_number_day(number, last) : "");
    print_window(page, found->window);
    fprintf(page->stream, ". %s members on average had acted in the four weeks before; shares are of them.\n",
            cli_calibrated_mean(number, found->measure->members, found->window.count));
}

/* ---- shares ---- */

static void print_head(const struct page *page, const char *title, const char *const columns[3])
{
    fprintf(page->stream, "\n  %-*s", NAME_COLUMNS, title);
    for (int i = 0; i < 3; i++)
        fprintf(page->stream, "%*s", COLUMNS, columns[i]);
    fputc('\n', page->stream);
}

static void print_name(const struct page *page, const char *name)
{
    fputs("  ", page->stream);
    cli_text_print_fitted(page->stream, kith_text_of(name), NAME_COLUMNS);
}

static void print_share(const struct page *page, uint32_t share)
{
    char number[CLI_NUMBER_SIZE];
    fprintf(page->stream, "%*s%%", COLUMNS - 1, cli_calibrated_percent(number, share));
}

static void print_wished(const struct page *page, uint32_t tier)
{
    char number[CLI_NUMBER_SIZE];
    const struct cli_share *share = &page->calibrated->shares.tiers[tier];
    if (tier == 0 || share->kept)
        fprintf(page->stream, "%*s", COLUMNS, tier == 0 ? "the rest" : "as it is");
    else
        fprintf(page->stream, "%*s%%", COLUMNS - 1, cli_calibrated_wished(number, share->wished));
}

/* What was measured in one window and in another, or before and after. */
struct sides {
    const struct cli_measure *measures[2];
    uint32_t reviews[2];
};

static void print_shares(const struct page *page, const struct sides *sides)
{
    char number[CLI_NUMBER_SIZE];
    for (uint32_t tier = page->calibrated->shares.count; tier-- > 0;) {
        print_name(page, tier_name(page, tier));
        print_wished(page, tier);
        print_share(page, sides->measures[0]->shares[tier]);
        print_share(page, sides->measures[1]->shares[tier]);
        fputc('\n', page->stream);
    }
    print_name(page, "changes of tier a week");
    fprintf(page->stream, "%*s", COLUMNS, "");
    for (int i = 0; i < 2; i++)
        fprintf(page->stream, "%*s", COLUMNS,
                cli_calibrated_mean(number, sides->measures[i]->changes, sides->reviews[i]));
    fputc('\n', page->stream);
}

static void print_found(const struct page *page)
{
    static const char *const columns[] = {"wished", "before", "after"};
    const struct cli_calibration *found = &page->calibrated->found;
    const struct sides sides = {{found->measure_before, found->measure}, {found->window.count, found->window.count}};
    print_head(page, "Share of each tier", columns);
    print_shares(page, &sides);
}

/* ---- figures ---- */

static void print_figure(const struct page *page, const char *name, int64_t before, int64_t after, unsigned decimals)
{
    char number[CLI_NUMBER_SIZE];
    print_name(page, name);
    fprintf(page->stream, "%*s%*s", COLUMNS, "", COLUMNS, cli_figure(number, before, decimals));
    fprintf(page->stream, "%*s\n", COLUMNS, cli_figure(number, after, decimals));
}

static void print_figures(const struct page *page)
{
    static const char *const columns[] = {"", "before", "after"};
    char name[128];
    const struct cli_figures *before = &page->calibrated->found.before;
    const struct cli_figures *after = &page->calibrated->found.figures;
    print_head(page, "Figures", columns);
    for (int i = 0; i < KITH_DIMENSIONS; i++) {
        snprintf(name, sizeof name, "half_points %s", cli_dimension_name(i));
        print_figure(page, name, before->half_points[i], after->half_points[i], 3);
    }
    for (uint32_t tier = after->tiers; tier-- > 1;) {
        snprintf(name, sizeof name, "promote_at %s", tier_name(page, tier));
        print_figure(page, name, before->promote_at[tier], after->promote_at[tier], 2);
        snprintf(name, sizeof name, "keep_at %s", tier_name(page, tier));
        print_figure(page, name, before->keep_at[tier], after->keep_at[tier], 2);
    }
}

/* ---- what it had not seen ---- */

static void print_check(const struct page *page)
{
    static const char *const columns[] = {"wished", "seen", "unseen"};
    const struct cli_calibrated *calibrated = page->calibrated;
    const struct sides sides = {{calibrated->early.measure, calibrated->unseen},
                                {calibrated->early.window.count, calibrated->later.count}};
    if (!calibrated->checked) {
        fprintf(page->stream, "\nThere is too little history to see what figures found in one half of it give in the "
                              "other.\n");
        return;
    }
    fprintf(page->stream, "\n%sChecked%s on what it had not seen: figures found in the same way on ",
            page->paint.strong, page->paint.off);
    print_window(page, calibrated->early.window);
    fputs(", give in the ", page->stream);
    print_window(page, calibrated->later);
    fputs(":\n", page->stream);
    print_head(page, "Share of each tier", columns);
    print_shares(page, &sides);
}

/* ---- what a person should know ---- */

/* As `kith score` says of its last week. */
static void print_incomplete(const struct page *page)
{
    char span[CLI_NUMBER_SIZE], day[CLI_NUMBER_SIZE];
    const struct cli_run *run = page->calibrated->run;
    int64_t missing = cli_run_missing(run, page->calibrated->history.info.last_event);
    if (missing == 0)
        return;
    first_day(page, page->calibrated->history.weeks - 1, day);
    fprintf(page->stream, "- The last event lies %s before the end of the week of %s, which may be incomplete: ",
            cli_number_span(span, missing), day);
    fprintf(page->stream, "--until %s leaves it out.\n", day);
}

/* Where a share is off by less than a tenth, the table says enough. */
static void print_fit(const struct page *page, uint32_t tier)
{
    char wished[CLI_NUMBER_SIZE];
    char reached[CLI_NUMBER_SIZE];
    const struct cli_calibration *found = &page->calibrated->found;
    const struct cli_figures *figures = &found->figures;
    uint32_t share = found->measure->shares[tier];
    uint32_t wish = page->calibrated->shares.tiers[tier].wished;
    uint32_t off = share > wish ? share - wish : wish - share;
    if (found->fits[tier] <= CLI_FIT_REACHED || (found->fits[tier] == CLI_FIT_NEAREST && off <= wish / 10))
        return;
    fputs("- ", page->stream);
    cli_text_print(page->stream, kith_text_of(tier_name(page, tier)));
    fprintf(page->stream, " holds %s%% where ", cli_calibrated_percent(reached, found->measure->shares[tier]));
    fprintf(page->stream,
            "%s%% are wished: ", cli_calibrated_percent(wished, page->calibrated->shares.tiers[tier].wished));
    switch (found->fits[tier]) {
    case CLI_FIT_SUPPORTERS:
        fprintf(page->stream, "whatever the threshold, too few have the %" PRIu32 " supporters of min_supporters.\n",
                figures->min_supporters[tier]);
        return;
    case CLI_FIT_DAYS:
        fprintf(page->stream, "whatever the threshold, too few have the %" PRIu32 " days of min_active_days.\n",
                figures->min_active_days[tier]);
        return;
    case CLI_FIT_BOTH:
        fprintf(page->stream,
                "whatever the threshold, too few have both the %" PRIu32
                " supporters of min_supporters and the %" PRIu32 " days of min_active_days.\n",
                figures->min_supporters[tier], figures->min_active_days[tier]);
        return;
    case CLI_FIT_TOO_FEW:
        fputs("even the lowest threshold lets no more in.\n", page->stream);
        return;
    default:
        fputs("no other threshold, to half a point, comes nearer.\n", page->stream);
        return;
    }
}

static void print_few_points(const struct page *page)
{
    for (int i = 0; i < KITH_DIMENSIONS; i++)
        if (page->calibrated->found.few_points[i])
            fprintf(page->stream, "- half_points of %s are as they were: fewer than one in 20 have any points there.\n",
                    cli_dimension_name(i));
}

static void print_few_members(const struct page *page)
{
    char number[CLI_NUMBER_SIZE];
    char share[CLI_NUMBER_SIZE];
    const struct cli_calibration *found = &page->calibrated->found;
    uint64_t members = found->measure->members;
    if (members >= (uint64_t)CLI_CALIBRATED_MEMBERS * found->window.count)
        return;
    fprintf(page->stream, "- Of %s members on average, shares say little: one more or less is %s%%.\n",
            cli_calibrated_mean(number, members, found->window.count),
            cli_calibrated_percent(share, (uint32_t)((uint64_t)CLI_WHOLE_SHARE * found->window.count / members)));
}

static void print_notes(const struct page *page)
{
    for (uint32_t tier = page->calibrated->shares.count; tier-- > 1;)
        print_fit(page, tier);
    if (page->calibrated->shares.keeps)
        fputs("- half_points are as they were, or a tier that stays as it is would mean something else.\n",
              page->stream);
    print_few_points(page);
    print_few_members(page);
    print_incomplete(page);
}

int cli_report_calibrated(const struct cli_calibrated *calibrated, FILE *stream)
{
    static const struct cli_paint plain = {"", "", "", ""};
    struct cli_prose prose;
    int status = cli_prose_begin(&prose);
    if (status)
        return status;
    struct page page = {prose.stream, calibrated, stream == stdout ? cli_terminal_paint() : plain};
    print_basis(&page);
    print_found(&page);
    print_figures(&page);
    print_check(&page);
    fputc('\n', page.stream);
    print_notes(&page);
    fprintf(page.stream, "%u sets of figures were tried.\n", calibrated->run->progress.trials);
    return cli_prose_print(&prose, stream);
}
