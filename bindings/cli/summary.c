/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "message.h"
#include "report_tiers.h"
#include "state.h"
#include "stream.h"

static json_t *novelty_json(enum cli_novelty novelty)
{
    static const char *const names[] = {"new", "grown", "read before"};
    return json_string(names[novelty]);
}

static json_t *input_json(const struct cli_run *run, const struct cli_input *input)
{
    json_t *object = cli_json_put(json_object(), "file", cli_json_path(input->path));
    object = cli_json_put(object, "bytes", input->sized ? cli_json_count(input->size) : json_null());
    object = cli_json_put(object, "rows", cli_json_count(input->rows));
    object = cli_json_put(object, "events", cli_json_count(input->events));
    object = cli_json_put(object, "rejected", cli_json_count(input->rejected));
    object = cli_json_put(object, "skipped", cli_json_count(input->skipped));
    object = cli_json_put(object, "ignored", cli_json_count(input->ignored));
    if (!run->state)
        return object;
    object = cli_json_put(object, "late", cli_json_count(input->late));
    return cli_json_put(object, "novelty", novelty_json(input->novelty));
}

static json_t *inputs_json(const struct cli_run *run)
{
    json_t *inputs = json_array();
    for (int i = 0; i < run->input_count; i++)
        inputs = cli_json_append(inputs, input_json(run, &run->inputs[i]));
    return inputs;
}

static json_t *events_json(const struct cli_run *run)
{
    json_t *events = cli_json_put(json_object(), "taken", cli_json_count(run->taken));
    events = cli_json_put(events, "skipped", cli_json_count(cli_run_skipped(run)));
    events = cli_json_put(events, "ignored", cli_json_count(cli_run_ignored(run)));
    events = cli_json_put(events, "first", cli_json_time(run->engine_info.first_event));
    return cli_json_put(events, "last", cli_json_time(run->engine_info.last_event));
}

static json_t *rejects_json(const struct cli_rejects *rejects)
{
    json_t *reasons = json_object();
    for (uint32_t reason = KITH_REASON_NONE + 1; reason < KITH_REASONS; reason++)
        reasons = cli_json_put(reasons, kith_reason_name(reason), cli_json_count(rejects->by_reason[reason]));
    json_t *kinds = json_object();
    for (int i = 0; i < rejects->unknown_kinds.count; i++)
        kinds = cli_json_put(kinds, rejects->unknown_kinds.items[i].name,
                             cli_json_count(rejects->unknown_kinds.items[i].count));

    json_t *object = cli_json_put(json_object(), "total", cli_json_count(rejects->total));
    object = cli_json_put(object, "by_reason", reasons);
    object = cli_json_put(object, "unknown_kinds", kinds);
    return cli_json_put(object, "other_unknown_kinds", cli_json_count(rejects->unknown_kinds.others));
}

static json_t *weeks_json(const kith_review_info *review)
{
    bool any = review->weeks > 0;
    json_t *weeks = cli_json_put(json_object(), "first", any ? cli_json_day(review->first_week) : json_null());
    weeks = cli_json_put(weeks, "last", any ? cli_json_day(review->last_week) : json_null());
    return cli_json_put(weeks, "count", cli_json_count(review->weeks));
}

/* null where the pyramid stands as it should, or nobody can tell. */
static json_t *upside_down_json(const struct cli_run *run)
{
    struct cli_findings findings;
    uint32_t most;
    kith_tier tier = {.size = sizeof tier};
    if (run->review_info.weeks == 0 || !cli_report_find(run, &findings, NULL) ||
        !cli_findings_upside_down(&findings, &most) || kith_policy_get_tier(run->policy, most, &tier, NULL) != KITH_OK)
        return json_null();
    json_t *object = cli_json_put(json_object(), "tier", json_string(tier.name));
    object = cli_json_put(object, "members", cli_json_count(findings.tiers[most].about));
    object = cli_json_put(object, "of", cli_json_count(findings.about));
    return cli_json_put(object, "advice", json_string("kith calibrate"));
}

static json_t *tables_json(const struct cli_run *run)
{
    json_t *tables = json_object();
    for (int file = 0; file < CLI_SUMMARY; file++) {
        if (run->output.written[file])
            tables = cli_json_put(tables, cli_file_name((enum cli_file)file), cli_json_count(run->rows[file]));
    }
    return tables;
}

static json_t *state_json(const struct cli_run *run)
{
    const struct cli_state *state = run->state;
    json_t *object = cli_json_put(json_object(), "file", cli_json_path(state->path));
    object = cli_json_put(object, "begun", json_boolean(state->begun));
    object = cli_json_put(object, "overlapping", json_boolean(run->arguments->overlapping));
    object = cli_json_put(object, "policy_changed", json_boolean(state->policy_changed));
    object = cli_json_put(object, "source_changed", json_boolean(state->source_changed));
    /* Without an event no week has been reviewed, whatever is closed. */
    bool any = run->engine_info.last_event != KITH_NO_TIME;
    object = cli_json_put(object, "reviewed_until", any ? cli_json_time(run->engine_info.reviewed_until) : json_null());
    object = cli_json_put(object, "exports", cli_json_count(state->record.count));
    return cli_json_put(object, "bytes", cli_json_count(state->bytes));
}

static json_t *run_json(const struct cli_run *run)
{
    int64_t milliseconds = (int64_t)(run->seconds * 1000 + 0.5);
    json_t *object = cli_json_put(json_object(), "started", cli_json_time(run->started));
    object = cli_json_put(object, "seconds", json_real((double)milliseconds / 1000));
    return cli_json_put(object, "events_per_second", cli_json_count((uint64_t)cli_run_rate(run)));
}

static json_t *summary_json(const struct cli_run *run)
{
    json_t *summary = cli_json_put(json_object(), "version", json_string(kith_version()));
    if (run->state)
        summary = cli_json_put(summary, "state", state_json(run));
    summary = cli_json_put(summary, "policy", cli_json_policy(run));
    summary = cli_json_put(summary, "source", cli_json_source(run));
    summary = cli_json_put(summary, "inputs", inputs_json(run));
    summary = cli_json_put(summary, "events", events_json(run));
    summary = cli_json_put(summary, "members", cli_json_count(run->engine_info.members));
    summary = cli_json_put(summary, "rejects", rejects_json(&run->rejects));
    summary = cli_json_put(summary, "weeks", weeks_json(&run->review_info));
    summary = cli_json_put(summary, "upside_down", upside_down_json(run));
    summary = cli_json_put(summary, "tables", tables_json(run));
    summary = cli_json_put(summary, "spreadsheet", json_boolean(run->arguments->spreadsheet));
    return cli_json_put(summary, "run", run_json(run));
}

static int write_text(struct cli_output *output, const char *text)
{
    struct cli_stream stream;
    int status = cli_stream_open(&stream, output, CLI_SUMMARY);
    if (status)
        return status;
    if (cli_stream_write(&stream, text, strlen(text)) == 0 && cli_stream_write(&stream, "\n", 1) == 0)
        return cli_stream_finish(&stream);
    status = cli_stream_fail(&stream);
    cli_stream_drop(&stream);
    return status;
}

int cli_summary_write(struct cli_run *run)
{
    json_t *summary = summary_json(run);
    /* Not piece by piece: jansson passes over a key that could not be written. */
    char *text = cli_json_text(summary, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(summary);
    if (!text)
        return cli_fail(CLI_IO, "not enough memory");
    int status = write_text(&run->output, text);
    free(text);
    return status;
}
