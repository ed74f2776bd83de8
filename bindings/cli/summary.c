/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "message.h"
#include "number.h"
#include "state.h"
#include "stream.h"
#include "text.h"

/* A path may be any bytes; JSON may not. */
enum { PATH_SIZE = 4096 };

/*
 * Each of the functions below gives a new JSON value, or NULL where there was not enough memory; a NULL put into an
 * object makes that NULL in turn, so one check at the end is enough.
 */
static json_t *put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *count_json(uint64_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *path_json(const char *path)
{
    char clean[PATH_SIZE];
    return path ? json_string(cli_text_copy_utf8(clean, sizeof clean, kith_text_of(path))) : json_null();
}

static json_t *time_json(int64_t time)
{
    char text[CLI_NUMBER_SIZE];
    return time == KITH_NO_TIME ? json_null() : json_string(cli_number_time(text, time));
}

static json_t *policy_json(const struct cli_run *run)
{
    char digest[17];
    snprintf(digest, sizeof digest, "%016" PRIx64, run->policy_info.digest);
    json_t *policy = put(json_object(), "file", path_json(run->arguments->policy));
    return put(policy, "digest", json_string(digest));
}

static json_t *novelty_json(enum cli_novelty novelty)
{
    static const char *const names[] = {"new", "grown", "read before"};
    return json_string(names[novelty]);
}

static json_t *input_json(const struct cli_run *run, const struct cli_input *input)
{
    json_t *object = put(json_object(), "file", path_json(input->path));
    object = put(object, "bytes", input->sized ? count_json(input->size) : json_null());
    object = put(object, "rows", count_json(input->rows));
    object = put(object, "events", count_json(input->events));
    object = put(object, "rejected", count_json(input->rejected));
    object = put(object, "skipped", count_json(input->skipped));
    if (!run->state)
        return object;
    object = put(object, "late", count_json(input->late));
    return put(object, "novelty", novelty_json(input->novelty));
}

static json_t *inputs_json(const struct cli_run *run)
{
    json_t *inputs = json_array();
    for (int i = 0; i < run->arguments->export_count; i++) {
        if (json_array_append_new(inputs, input_json(run, &run->inputs[i])) != 0) {
            json_decref(inputs);
            return NULL;
        }
    }
    return inputs;
}

static json_t *events_json(const struct cli_run *run)
{
    json_t *events = put(json_object(), "taken", count_json(run->taken));
    events = put(events, "skipped", count_json(cli_run_skipped(run)));
    events = put(events, "first", time_json(run->engine_info.first_event));
    return put(events, "last", time_json(run->engine_info.last_event));
}

static json_t *rejects_json(const struct cli_rejects *rejects)
{
    json_t *reasons = json_object();
    for (uint32_t reason = KITH_REASON_NONE + 1; reason < KITH_REASONS; reason++)
        reasons = put(reasons, kith_reason_name(reason), count_json(rejects->by_reason[reason]));
    json_t *kinds = json_object();
    for (int i = 0; i < rejects->unknown_kinds.count; i++)
        kinds = put(kinds, rejects->unknown_kinds.items[i].name, count_json(rejects->unknown_kinds.items[i].count));

    json_t *object = put(json_object(), "total", count_json(rejects->total));
    object = put(object, "by_reason", reasons);
    object = put(object, "unknown_kinds", kinds);
    return put(object, "other_unknown_kinds", count_json(rejects->unknown_kinds.others));
}

static json_t *weeks_json(const kith_review_info *review)
{
    char text[CLI_NUMBER_SIZE];
    bool any = review->weeks > 0;
    json_t *weeks =
        put(json_object(), "first", any ? json_string(cli_number_day(text, review->first_week)) : json_null());
    weeks = put(weeks, "last", any ? json_string(cli_number_day(text, review->last_week)) : json_null());
    return put(weeks, "count", count_json(review->weeks));
}

static json_t *tables_json(const struct cli_run *run)
{
    json_t *tables = json_object();
    for (int file = 0; file < CLI_SUMMARY; file++) {
        if (run->output.written[file])
            tables = put(tables, cli_file_name((enum cli_file)file), count_json(run->rows[file]));
    }
    return tables;
}

static json_t *state_json(const struct cli_run *run)
{
    const struct cli_state *state = run->state;
    json_t *object = put(json_object(), "file", path_json(state->path));
    object = put(object, "begun", json_boolean(state->begun));
    object = put(object, "overlapping", json_boolean(run->arguments->overlapping));
    object = put(object, "policy_changed", json_boolean(state->policy_changed));
    /* Without an event no week has been reviewed, whatever is closed. */
    bool any = run->engine_info.last_event != KITH_NO_TIME;
    object = put(object, "reviewed_until", any ? time_json(run->engine_info.reviewed_until) : json_null());
    object = put(object, "exports", count_json(state->record.count));
    return put(object, "bytes", count_json(state->bytes));
}

static json_t *run_json(const struct cli_run *run)
{
    int64_t milliseconds = (int64_t)(run->seconds * 1000 + 0.5);
    json_t *object = put(json_object(), "started", time_json(run->started));
    object = put(object, "seconds", json_real((double)milliseconds / 1000));
    return put(object, "events_per_second", count_json((uint64_t)cli_run_rate(run)));
}

static json_t *summary_json(const struct cli_run *run)
{
    json_t *summary = put(json_object(), "version", json_string(kith_version()));
    if (run->state)
        summary = put(summary, "state", state_json(run));
    summary = put(summary, "policy", policy_json(run));
    summary = put(summary, "inputs", inputs_json(run));
    summary = put(summary, "events", events_json(run));
    summary = put(summary, "members", count_json(run->engine_info.members));
    summary = put(summary, "rejects", rejects_json(&run->rejects));
    summary = put(summary, "weeks", weeks_json(&run->review_info));
    summary = put(summary, "tables", tables_json(run));
    return put(summary, "run", run_json(run));
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
    char *text = summary ? json_dumps(summary, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(summary);
    if (!text)
        return cli_fail(CLI_IO, "not enough memory");
    int status = write_text(&run->output, text);
    free(text);
    return status;
}
