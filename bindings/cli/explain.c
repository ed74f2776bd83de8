/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "help.h"
#include "interrupt.h"
#include "message.h"
#include "number.h"
#include "reading.h"
#include "report.h"

enum { HINTS_MOST = 3, HINT_SIZE = 1024 };

/* The latest moment that can be asked about: the last second of the year 9998. */
static const int64_t latest_moment = INT64_C(253370764799);

static const struct option known_options[] = {
    {"policy", required_argument, NULL, CLI_OPTION_POLICY},
    {"state", required_argument, NULL, CLI_OPTION_STATE},
    {"until", required_argument, NULL, CLI_OPTION_UNTIL},
    {"as-of", required_argument, NULL, CLI_OPTION_AS_OF},
    {"source", required_argument, NULL, CLI_OPTION_SOURCE},
    {"column", required_argument, NULL, CLI_OPTION_COLUMN},
    {"delimiter", required_argument, NULL, CLI_OPTION_DELIMITER},
    {"threads", required_argument, NULL, CLI_OPTION_THREADS},
    {"memory", required_argument, NULL, CLI_OPTION_MEMORY},
    {"json", no_argument, NULL, CLI_OPTION_JSON},
    {"help", no_argument, NULL, CLI_OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Whoever gives the export first has a file for a member, and the member for a file that is not there. */
static int check_order(const struct cli_arguments *arguments, const char *member)
{
    if (!is_file(member))
        return CLI_DONE;
    if (arguments->export_count == 0)
        return cli_fail_usage(arguments->command, "no member is given: '%s' is a file", member);
    for (int i = 0; i < arguments->export_count; i++) {
        const char *other = arguments->exports[i];
        if (*other && strcmp(other, "-") != 0 && access(other, F_OK) != 0)
            return cli_fail_usage(arguments->command,
                                  "'%s' is a file and '%s' is none: the member comes first, and then the exports, as "
                                  "in: kith explain %s %s",
                                  member, other, other, member);
    }
    return CLI_DONE;
}

/* Takes the member from before the exports. */
static int take_member(struct cli_arguments *arguments, const char **member)
{
    if (arguments->export_count == 0)
        return cli_fail_usage(arguments->command, "no member is given");
    *member = *arguments->exports++;
    arguments->export_count--;
    if (**member == '\0')
        return cli_fail_usage(arguments->command, "a member needs a name, not ''");
    if (!arguments->state) {
        int status = check_order(arguments, *member);
        return status ? status : cli_arguments_check_exports(arguments);
    }
    if (arguments->source)
        return cli_fail_usage(arguments->command,
                              "--state takes the place of exports, and --source says how to read them");
    if (arguments->export_count > 0)
        return cli_fail_usage(arguments->command, "--state takes the place of exports, and '%s' is given, too",
                              *arguments->exports);
    return CLI_DONE;
}

static int make_engine(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {
        .size = sizeof options,
        .members = KITH_NAMED,
        .tables = KITH_STANDINGS,
        .threads = run->arguments->threads,
        .memory = run->arguments->memory,
        .progress = cli_progress_step,
        .progress_context = &run->progress,
    };
    kith_status status = kith_engine_new(run->policy, &options, &run->engine, &error);
    return status == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

static int read_exports(struct cli_run *run)
{
    int (*const steps[])(struct cli_run *) = {cli_reading_load_source, cli_reading_load_policy, cli_reading_read_days,
                                              cli_reading_look_at_inputs, make_engine};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int status = steps[i](run);
        if (status)
            return status;
    }
    cli_progress_begin(&run->progress, false, run->inputs, run->input_count);
    int status = cli_reading_read_exports(run);
    return status ? status : cli_reading_find_end(run);
}

/* Of a week that has been reviewed, no day but its last can be told: that is the review. */
static int read_days(struct cli_run *run)
{
    char day[CLI_NUMBER_SIZE];
    const struct cli_arguments *arguments = run->arguments;
    int status = cli_reading_read_days(run);
    if (!status)
        status = cli_reading_get_info(run);
    if (status || !arguments->as_of || run->as_of >= run->engine_info.reviewed_until)
        return status;
    return cli_fail_usage(arguments->command,
                          "--as-of %s lies in a week that has been reviewed: days from %s on can be explained, and "
                          "without --as-of the last review is",
                          arguments->as_of, cli_report_day(run, run->engine_info.reviewed_until, day));
}

/* The engine as it was kept. Without a policy of its own, the run goes by the one that was kept with it. */
static int load_state(struct cli_run *run)
{
    kith_error error = {.size = sizeof error};
    int status = run->arguments->policy ? cli_reading_load_policy(run) : CLI_DONE;
    cli_progress_begin(&run->progress, false, NULL, 0);
    if (!status)
        status = cli_explain_load(run);
    if (status)
        return status;
    run->policy_info.size = sizeof run->policy_info;
    if (!run->policy && (kith_engine_get_policy(run->engine, NULL, &run->policy, &error) != KITH_OK ||
                         kith_policy_get_info(run->policy, &run->policy_info, &error) != KITH_OK))
        return cli_fail_with(&error);
    status = read_days(run);
    /* What was kept has been reviewed as far as it was meant to be, unless a day asks for more. */
    if (!run->arguments->until)
        run->review_until = KITH_NO_TIME;
    return status;
}

/* Reviews what is over, and keeps the standings: they know everybody's name. */
static int review(struct cli_run *run)
{
    kith_review *review = NULL;
    kith_error error = {.size = sizeof error};
    cli_progress_enter(&run->progress, CLI_REVIEWING);
    kith_status status = kith_engine_review(run->engine, run->review_until, &review, &error);
    cli_progress_clear(&run->progress);
    if (status == KITH_OK)
        status = kith_review_get_table(review, KITH_STANDINGS, &run->tables[CLI_STANDINGS], &error);
    kith_review_free(review);
    if (status == KITH_OK)
        status = kith_engine_get_info(run->engine, &run->engine_info, &error);
    if (status == KITH_OK)
        return CLI_DONE;
    return cli_interrupted() ? CLI_IO : cli_fail_with(&error);
}

/* ---- a name that nobody has ---- */

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Whether one is the beginning of the other, whatever the case of ASCII letters. */
static bool resembles(kith_text name, const char *given)
{
    size_t length = strlen(given);
    size_t shorter = length < name.length ? length : (size_t)name.length;
    for (size_t i = 0; i < shorter; i++)
        if (lower(name.data[i]) != lower(given[i]))
            return false;
    return shorter > 0;
}

/* Appends a name, where there is room for all of it. */
static bool add_hint(char *hints, int count, kith_text name)
{
    size_t used = strlen(hints);
    if (used + name.length + 8 >= HINT_SIZE)
        return false;
    snprintf(hints + used, HINT_SIZE - used, "%s'%.*s'", count > 0 ? ", " : "", (int)name.length, name.data);
    return true;
}

static int fail_unknown(const struct cli_run *run, const char *member)
{
    char hints[HINT_SIZE] = "";
    int count = 0;
    const kith_table *standings = run->tables[CLI_STANDINGS];
    for (uint64_t i = 0; i < kith_table_rows(standings) && count < HINTS_MOST; i++) {
        kith_standing_row row = {.size = sizeof row};
        if (kith_table_get_row(standings, i, &row, NULL) == KITH_OK && resembles(row.member, member))
            count += add_hint(hints, count, row.member);
    }
    if (count > 0)
        return cli_fail(CLI_IO, "there is no member '%s'; there is %s", member, hints);
    return cli_fail(CLI_IO, "there is no member '%s'", member);
}

/* ---- what is to be told ---- */

/*
 * The moment to look at behind the last review: the one asked for, or the end of the week that follows it. Where
 * nothing has been reviewed, it is the end of the week of the last event.
 */
static bool next_moment(const struct cli_run *run, int64_t *moment)
{
    *moment = run->as_of;
    if (run->arguments->as_of)
        return true;
    kith_week week = {.size = sizeof week};
    const kith_engine_info *info = &run->engine_info;
    int64_t begin = info->reviewed_until > info->first_event ? info->reviewed_until : info->last_event;
    if (kith_policy_get_week(run->policy, begin, &week, NULL) != KITH_OK)
        return false;
    *moment = week.end - 1;
    return *moment <= latest_moment;
}

/* Where the member is not known at that moment, there is nothing to explain, which is no fault yet. */
static int explain_at(const struct cli_run *run, uint64_t id, int64_t as_of, kith_explanation *explanation, bool *known)
{
    kith_error error = {.size = sizeof error};
    explanation->size = sizeof *explanation;
    kith_status status = kith_engine_explain(run->engine, id, as_of, explanation, &error);
    *known = status == KITH_OK;
    if (status == KITH_OTHER_POLICY)
        cli_fail(CLI_DONE, "the last review went by another policy, so it is not explained; the next one will be");
    bool told = status == KITH_OK || status == KITH_UNKNOWN_MEMBER || status == KITH_OTHER_POLICY;
    return told ? CLI_DONE : cli_fail_with(&error);
}

static int explain_member(const struct cli_run *run, const char *member, struct cli_explained *explained)
{
    uint64_t id = 0;
    int64_t moment = 0;
    kith_error error = {.size = sizeof error};
    explained->run = run;
    kith_status found = kith_engine_find_id(run->engine, kith_text_of(member), &id, &error);
    if (found == KITH_UNKNOWN_MEMBER)
        return fail_unknown(run, member);
    if (found != KITH_OK)
        return run->arguments->state ? cli_fail(CLI_IO, "%s: %s", run->arguments->state, error.message)
                                     : cli_fail_with(&error);
    int status = explain_at(run, id, KITH_LAST_REVIEW, &explained->last, &explained->has_last);
    if (!status && next_moment(run, &moment))
        status = explain_at(run, id, moment, &explained->next, &explained->has_next);
    if (status || explained->has_last || explained->has_next)
        return status;
    return cli_fail(CLI_IO, "'%s' is not known yet: no event that is looked at names them", member);
}

static int print(const struct cli_explained *explained)
{
    const struct cli_run *run = explained->run;
    int status = run->arguments->json ? cli_explain_print_json(explained) : cli_explain_print_text(explained);
    if (status)
        return status;
    if (run->rejects.total > 0)
        status = CLI_REFUSED;
    return cli_close_stdout(status);
}

int cli_explain(int argc, char **argv)
{
    struct cli_arguments arguments;
    const char *member = NULL;
    int status = cli_arguments_read(&arguments, "kith explain", known_options, argc, argv);
    if (status)
        return status;
    if (arguments.help)
        return cli_help_explain();
    status = take_member(&arguments, &member);
    if (status)
        return status;
    if (!cli_interrupt_catch())
        return cli_fail(CLI_IO, "%s", strerror(errno));

    struct cli_run run = {.arguments = &arguments, .started = time(NULL), .started_clock = cli_progress_clock()};
    struct cli_explained explained = {.has_last = false};
    status = arguments.state ? load_state(&run) : read_exports(&run);
    if (!status)
        status = review(&run);
    if (!status)
        status = explain_member(&run, member, &explained);
    cli_interrupt_end(); /* nothing is written that a signal could leave half done */
    if (!status) {
        cli_rejects_warn(&run.rejects, NULL);
        status = print(&explained);
    }
    cli_run_end(&run);
    return status;
}
