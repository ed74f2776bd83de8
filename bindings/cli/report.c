/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "findings.h"
#include "message.h"
#include "number.h"
#include "report_tiers.h"
#include "report_update.h"
#include "state.h"
#include "terminal.h"
#include "text.h"

enum {
    MOST_EXPORTS = 10,
    MOST_KINDS = 10,
    NAME_COLUMNS = 30,
    KIND_COLUMNS = 60,
    TIER_COLUMNS = 20,
    DAY_SECONDS = 86400
};
enum { REMARK_COLUMN = 63, LINE_COLUMNS = 80 }; /* where remarks on an export begin, and lines end */

void cli_report_count(uint64_t count, const char *one, const char *many)
{
    char number[CLI_NUMBER_SIZE];
    printf("%s %s", cli_number_count(number, count), count == 1 ? one : many);
}

const char *cli_report_day(const struct cli_run *run, int64_t time, char *out)
{
    int64_t local = time + run->policy_info.utc_offset;
    return cli_number_day(out, (local - (local % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS) / DAY_SECONDS);
}

/* A path, or its last component where there is not the room. */
static void print_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash && cli_text_columns(kith_text_of(path)) > NAME_COLUMNS) {
        fputs("\u2026", stdout);
        cli_text_print_fitted(stdout, kith_text_of(slash), NAME_COLUMNS - 1);
    } else {
        cli_text_print_fitted(stdout, kith_text_of(path), NAME_COLUMNS);
    }
}

/* "3 refused", behind those that stand there or, where there is not the room, on a line of its own. */
static void print_words(int *column, const char *words)
{
    int width = (int)strlen(words) + 2;
    if (*column + width > LINE_COLUMNS) {
        printf("\n%*s", NAME_COLUMNS, "");
        *column = NAME_COLUMNS;
    }
    printf("  %s", words);
    *column += width;
}

static void print_remark(int *column, uint64_t count, const char *words)
{
    char number[CLI_NUMBER_SIZE];
    char remark[2 * CLI_NUMBER_SIZE];
    if (count == 0)
        return;
    snprintf(remark, sizeof remark, "%s %s", cli_number_count(number, count), words);
    print_words(column, remark);
}

static void print_export(const struct cli_input *input)
{
    char number[CLI_NUMBER_SIZE];
    fputs("  ", stdout);
    print_path(input->path);
    printf(" %14s rows", cli_number_count(number, input->rows));
    printf(" %10s", input->sized ? cli_number_bytes(number, input->size) : "");
    int column = REMARK_COLUMN;
    print_remark(&column, input->rejected, "refused");
    print_remark(&column, input->skipped, "left out");
    print_remark(&column, input->ignored, "ignored");
    print_remark(&column, input->late, "late");
    if (input->novelty != CLI_NEW)
        print_words(&column, input->novelty == CLI_GROWN ? "has grown" : "read before");
    putchar('\n');
}

/* A path within so many columns, or its last component where there is not the room. Returns how many it took. */
static int print_short(const char *path, int columns)
{
    const char *slash = strrchr(path, '/');
    bool is_long = slash && cli_text_columns(kith_text_of(path)) > columns;
    return cli_text_print_cut(stdout, kith_text_of(is_long ? slash + 1 : path), columns);
}

/* Which policy a description goes with. */
static const char *policy_words(const struct cli_run *run)
{
    if (run->arguments->policy)
        return run->arguments->policy;
    if (run->state && !run->state->begun)
        return "the policy of the state";
    return run->policy_is_ready ? "its policy" : "the default policy";
}

static void print_description(const struct cli_run *run)
{
    static const char read_by[] = "  read by the source description ";
    static const char under[] = ", under ";
    const char *policy = policy_words(run);
    int room = LINE_COLUMNS - (int)strlen(read_by) - 1;
    fputs(read_by, stdout);
    room -= print_short(run->description.name, room) + (int)strlen(under) - 1;
    bool fits = cli_text_columns(kith_text_of(policy)) <= room;
    fputs(fits ? under : ",\n  under ", stdout);
    print_short(policy, LINE_COLUMNS - (int)strlen(under));
    putchar('\n');
}

static void print_reading(const struct cli_run *run, const struct cli_paint *paint)
{
    char number[CLI_NUMBER_SIZE];
    int count = run->input_count;
    uint64_t rows = 0;
    for (int i = 0; i < count; i++)
        rows += run->inputs[i].rows;
    printf("%sRead%s ", paint->strong, paint->off);
    cli_report_count(rows, "row", "rows");
    fputs(" of ", stdout);
    cli_report_count((uint64_t)count, "export", "exports");
    putchar('\n');
    for (int i = 0; i < count && i < MOST_EXPORTS; i++)
        print_export(&run->inputs[i]);
    if (count > MOST_EXPORTS)
        printf("  and %s more, listed in summary.json\n", cli_number_count(number, (uint64_t)(count - MOST_EXPORTS)));
    if (run->description.name)
        print_description(run);
}

/* It is as it should be, but whoever counts rows wants to know. */
static void print_skipped(const struct cli_run *run)
{
    uint64_t skipped = cli_run_skipped(run);
    if (skipped == 0)
        return;
    fputs("  ", stdout);
    cli_report_count(skipped, "row was left out, as its id was", "rows were left out, as their id was");
    puts(" there already");
}

static void print_ignored(const struct cli_run *run)
{
    uint64_t ignored = cli_run_ignored(run);
    if (ignored == 0)
        return;
    fputs("  ", stdout);
    cli_report_count(ignored, "row was ignored", "rows were ignored");
    puts(", as the source description says");
}

static void print_events(const struct cli_run *run)
{
    char first[CLI_NUMBER_SIZE];
    char last[CLI_NUMBER_SIZE];
    const kith_engine_info *info = &run->engine_info;
    fputs("  ", stdout);
    cli_report_count(info->taken, "event", "events");
    fputs(" of ", stdout);
    cli_report_count(info->members, "member", "members");
    if (info->taken)
        printf(", %s to %s", cli_report_day(run, info->first_event, first),
               cli_report_day(run, info->last_event, last));
    putchar('\n');
}

static void print_weeks(const struct cli_run *run)
{
    char last[CLI_NUMBER_SIZE];
    const kith_review_info *review = &run->review_info;
    if (review->weeks == 0)
        return;
    fputs("  ", stdout);
    cli_report_count(review->weeks, "week", "weeks");
    printf(" reviewed, the last begins on %s\n", cli_number_day(last, review->last_week));
}

static void print_no_week(const struct cli_run *run)
{
    if (run->engine_info.taken == 0)
        puts("\nThere was no event to review, so the tables hold their headers alone.");
    else
        printf("\nNo week of these events was over when %s began, so the tables hold their\nheaders alone. "
               "A later --until DAY, or none, takes more weeks in.\n",
               run->arguments->until);
}

static void print_unknown_kinds(const struct cli_rejects *rejects)
{
    char number[CLI_NUMBER_SIZE];
    const struct cli_kind *most[MOST_KINDS];
    int shown = cli_kinds_most_frequent(&rejects->unknown_kinds, most, MOST_KINDS);
    uint64_t others = rejects->by_reason[KITH_REASON_KIND];
    for (int i = 0; i < shown; i++) {
        printf("    %14s  ", cli_number_count(number, most[i]->count));
        cli_text_print_cut(stdout, kith_text_of(most[i]->name), KIND_COLUMNS);
        putchar('\n');
        others -= most[i]->count;
    }
    if (others)
        printf("    %14s  others\n", cli_number_count(number, others));
}

/* Who brings an export of another sort is told where to begin. */
static bool is_of_another_sort(const struct cli_run *run)
{
    const struct cli_rejects *rejects = &run->rejects;
    return rejects->total - rejects->by_reason[KITH_REASON_LATE] - rejects->by_reason[KITH_REASON_FUTURE] > run->taken;
}

static void advise(const struct cli_run *run, const struct cli_paint *paint)
{
    if (!is_of_another_sort(run))
        return;
    printf("\n%sNote:%s %s. 'kith inspect', with the same%s", paint->strong, paint->off,
           run->taken == 0 ? "no row could be used" : "more rows were refused than taken",
           run->description.name ? "\nexports and --source, tells what their fields are and what is wrong with them.\n"
                                 : "\nexports, tells what their fields are, and writes a description of them for\n"
                                   "--source.\n");
}

static void print_rejects(const struct cli_run *run, const struct cli_paint *paint)
{
    char number[CLI_NUMBER_SIZE];
    const struct cli_rejects *rejects = &run->rejects;
    if (rejects->total == 0)
        return;
    printf("\n%sRefused%s ", paint->strong, paint->off);
    cli_report_count(rejects->total, "row", "rows");
    fputs(", listed in ", stdout);
    cli_text_print(stdout, kith_text_of(run->arguments->out));
    printf("/%s\n", cli_file_name(CLI_REJECTS));
    for (uint32_t reason = KITH_REASON_NONE + 1; reason < KITH_REASONS; reason++) {
        if (rejects->by_reason[reason] == 0)
            continue;
        printf("  %-8s %13s  %s\n", kith_reason_name(reason), cli_number_count(number, rejects->by_reason[reason]),
               cli_reason_words(reason));
        if (reason == KITH_REASON_KIND)
            print_unknown_kinds(rejects);
    }
    advise(run, paint);
}

static void warn_incomplete(const struct cli_run *run, const struct cli_paint *paint)
{
    char day[CLI_NUMBER_SIZE];
    char span[CLI_NUMBER_SIZE];
    int64_t missing = cli_run_missing(run, run->engine_info.last_event);
    if (missing == 0)
        return;
    cli_number_day(day, run->review_info.last_week);
    printf("\n%sNote:%s the last event lies %s before the end of the week of\n%s. That week may be incomplete: "
           "--until %s leaves it out.\n",
           paint->strong, paint->off, cli_number_span(span, missing), day, day);
}

static void warn_upside_down(const struct cli_run *run, const struct cli_findings *findings,
                             const struct cli_paint *paint)
{
    char number[CLI_NUMBER_SIZE];
    char about[CLI_NUMBER_SIZE];
    uint32_t most;
    kith_tier tier = {.size = sizeof tier};
    if (!cli_findings_upside_down(findings, &most) || kith_policy_get_tier(run->policy, most, &tier, NULL) != KITH_OK)
        return;
    printf("\n%sNote:%s the pyramid stands on its head. Of the members that acted in the last\nfour weeks, %s of %s "
           "stand on ",
           paint->strong, paint->off, cli_number_count(number, findings->tiers[most].about),
           cli_number_count(about, findings->about));
    cli_text_print_cut(stdout, kith_text_of(tier.name), TIER_COLUMNS);
    puts(", more than on\nany other tier. 'kith calibrate' finds figures of the policy that fit this\ncommunity.");
}

static void print_tables(const struct cli_run *run, const struct cli_paint *paint)
{
    char number[CLI_NUMBER_SIZE];
    printf("\n%sTables%s in ", paint->strong, paint->off);
    cli_text_print(stdout, kith_text_of(run->arguments->out));
    putchar('\n');
    for (int file = 0; file < CLI_TABLES; file++) {
        if (!run->tables[file])
            continue;
        printf("  %-14s %14s %s\n", cli_file_name((enum cli_file)file), cli_number_count(number, run->rows[file]),
               run->rows[file] == 1 ? "row" : "rows");
    }
    printf("\n%.2f s, %s events a second\n", run->seconds, cli_number_count(number, (uint64_t)cli_run_rate(run)));
}

/* The parts that need a week that has been reviewed. */
static bool print_review(const struct cli_run *run, const struct cli_paint *paint, kith_error *error)
{
    struct cli_findings findings;
    if (!cli_report_find(run, &findings, error))
        return false;
    cli_report_pyramid(run, &findings, paint);
    cli_report_risers(run, &findings, paint);
    cli_report_watch(run, &findings, paint);
    print_rejects(run, paint);
    warn_incomplete(run, paint);
    warn_upside_down(run, &findings, paint);
    return true;
}

int cli_report(const struct cli_run *run, int status)
{
    struct cli_paint paint = cli_terminal_paint();
    kith_error error = {.size = sizeof error};
    if (run->arguments->quiet) {
        cli_rejects_warn(&run->rejects, run->arguments->out);
        return status;
    }
    print_reading(run, &paint);
    if (run->state)
        cli_report_update_events(run);
    else
        print_events(run);
    print_skipped(run);
    print_ignored(run);
    print_weeks(run);
    if (run->review_info.weeks == 0) {
        if (run->state)
            cli_report_update_no_week(run);
        else
            print_no_week(run);
        print_rejects(run, &paint);
    } else if (!print_review(run, &paint, &error)) {
        return cli_fail_with(&error);
    }
    if (run->state)
        cli_report_update_notes(run, &paint);
    print_tables(run, &paint);
    return cli_close_stdout(status);
}
