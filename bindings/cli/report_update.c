/* SPDX-License-Identifier: MIT */
#include "report_update.h"

#include <stdio.h>

#include "number.h"
#include "report.h"
#include "state.h"
#include "text.h"

void cli_report_update_events(const struct cli_run *run)
{
    char day[CLI_NUMBER_SIZE];
    const kith_engine_info *info = &run->engine_info;
    fputs("  ", stdout);
    cli_report_count(run->taken, "event", "events");
    fputs(" taken; ", stdout);
    cli_report_count(info->members, "member", "members");
    fputs(" by now", stdout);
    if (info->last_event != KITH_NO_TIME)
        printf(", the last event on %s", cli_report_day(run, info->last_event, day));
    putchar('\n');
}

void cli_report_update_no_week(const struct cli_run *run)
{
    char day[CLI_NUMBER_SIZE];
    if (run->engine_info.last_event == KITH_NO_TIME) {
        puts("\nThere was no event to review, so the tables hold their headers alone.");
        return;
    }
    printf("\nNo further week was over on %s, so changes.csv, flags.csv and weeks.csv\n"
           "hold their headers alone, and standings.csv %s.\n",
           cli_report_day(run, run->review_until, day),
           run->tables[CLI_STANDINGS] && kith_table_rows(run->tables[CLI_STANDINGS]) > 0
               ? "is as of the last review"
               : "too, as nothing was reviewed yet");
}

/* Late rows, and how many of them were in exports not met before. */
static uint64_t count_late(const struct cli_run *run, uint64_t *of_new)
{
    uint64_t late = 0;
    *of_new = 0;
    for (int i = 0; i < run->input_count; i++) {
        late += run->inputs[i].late;
        *of_new += run->inputs[i].novelty == CLI_NEW ? run->inputs[i].late : 0;
    }
    return late;
}

static void print_late(const struct cli_run *run, const struct cli_paint *paint)
{
    uint64_t of_new;
    uint64_t late = count_late(run, &of_new);
    if (late == 0)
        return;
    printf("\n%sLate%s ", paint->strong, paint->off);
    cli_report_count(late, "row", "rows");
    puts(" in weeks reviewed before: too late to count");
    if (of_new && !run->arguments->overlapping && cli_run_skipped(run) == 0)
        printf("%sNote:%s an export that repeats what an earlier one held counts twice in the weeks\n"
               "still open, unless its rows have ids or all are read with --overlapping.\n",
               paint->strong, paint->off);
}

void cli_report_update_notes(const struct cli_run *run, const struct cli_paint *paint)
{
    char bytes[CLI_NUMBER_SIZE];
    const struct cli_state *state = run->state;
    print_late(run, paint);
    if (state->policy_changed)
        printf("\n%sNote:%s the policy is another one than that of the last run.\n", paint->strong, paint->off);
    if (state->source_changed)
        printf(
            "\n%sNote:%s the source description says other things than when it was used last.\nExports that were read "
            "then count as they were read.\n",
            paint->strong, paint->off);
    printf("\n%sState%s in ", paint->strong, paint->off);
    cli_text_print(stdout, kith_text_of(state->path));
    printf(", %s%s\n", cli_number_bytes(bytes, state->bytes), state->begun ? ", begun by this run" : "");
}
