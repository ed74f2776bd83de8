/* SPDX-License-Identifier: MIT */
/* What `kith inspect` found, as JSON. */
#include "inspected.h"
#include "json.h"
#include "message.h"
#include "names.h"
#include "text.h"

enum { TEXT_SIZE = 32768 };

static json_t *text_json(kith_text text)
{
    char clean[TEXT_SIZE];
    return json_string(cli_text_copy_utf8(clean, sizeof clean, text));
}

/* null for an empty text. */
static json_t *text_or_null(kith_text text)
{
    return text.length > 0 ? text_json(text) : json_null();
}

/* ---- the exports ---- */

static json_t *paths_json(const struct cli_inspected *inspected)
{
    json_t *array = json_array();
    for (int i = 0; i < inspected->path_count; i++)
        array = cli_json_append(array, cli_json_path(inspected->paths[i]));
    return array;
}

static json_t *exports_json(const struct cli_inspected *inspected, json_t *object)
{
    const kith_inspection_info *info = &inspected->info;
    char delimiter[] = {(char)info->delimiter, '\0'};
    object = cli_json_put(object, "exports", paths_json(inspected));
    object = cli_json_put(object, "files", json_integer(inspected->file_count));
    object = cli_json_put(object, "format", json_string(cli_name_format(info->format)));
    object = cli_json_put(object, "delimiter", info->delimiter ? json_string(delimiter) : json_null());
    object = cli_json_put(object, "rows_path", text_or_null(info->rows_path));
    object = cli_json_put(object, "gzip", json_boolean(info->gzip));
    object = cli_json_put(object, "headless", json_boolean(info->headless));
    object = cli_json_put(object, "rows", cli_json_count(info->rows));
    object = cli_json_put(object, "not_rows", cli_json_count(info->refused));
    object = cli_json_put(object, "whole", json_boolean(info->whole));
    object = cli_json_put(object, "bytes", cli_json_count(info->bytes));
    object = cli_json_put(object, "bytes_total", info->bytes_total ? cli_json_count(info->bytes_total) : json_null());
    object = cli_json_put(object, "members", cli_json_count(info->members));
    object = cli_json_put(object, "members_about", json_boolean(info->about));
    object = cli_json_put(object, "first", cli_json_time(info->first_time));
    return cli_json_put(object, "last", cli_json_time(info->last_time));
}

/* ---- fields and kinds ---- */

static json_t *examples_json(const kith_inspected_field *field)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < field->example_count; i++)
        array = cli_json_append(array, text_json(field->examples[i]));
    return array;
}

static json_t *field_json(const kith_inspected_field *field)
{
    const char *role = cli_name_field(field->field);
    json_t *object = cli_json_put(json_object(), "path", text_json(field->path));
    object = cli_json_put(object, "type", json_string(cli_name_type(field->type)));
    object = cli_json_put(object, "times", text_or_null(field->times));
    object = cli_json_put(object, "there", cli_json_count(field->there));
    object = cli_json_put(object, "of", cli_json_count(field->of));
    object = cli_json_put(object, "distinct", cli_json_count(field->distinct));
    object = cli_json_put(object, "distinct_about", json_boolean(field->about));
    object = cli_json_put(object, "field", *role ? json_string(role) : json_null());
    object = cli_json_put(object, "why", text_or_null(field->why));
    object = cli_json_put(object, "of_document", json_boolean(field->documents));
    return cli_json_put(object, "examples", examples_json(field));
}

static json_t *fields_json(const struct cli_inspected *inspected)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < inspected->info.fields; i++) {
        kith_inspected_field field = {.size = sizeof field};
        if (kith_inspection_get_field(inspected->inspection, i, &field, NULL) == KITH_OK)
            array = cli_json_append(array, field_json(&field));
    }
    return array;
}

static json_t *kinds_json(const struct cli_inspected *inspected)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < inspected->info.kinds; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        if (kith_inspection_get_kind(inspected->inspection, i, &kind, NULL) != KITH_OK)
            continue;
        json_t *object = cli_json_put(json_object(), "name", text_json(kind.name));
        object = cli_json_put(object, "rows", cli_json_count(kind.count));
        array = cli_json_append(array, cli_json_put(object, "kind", text_or_null(kind.kind)));
    }
    return array;
}

/* ---- descriptions ---- */

static json_t *fits_json(const struct cli_inspected *inspected)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < inspected->info.fits; i++) {
        kith_inspected_fit fit = {.size = sizeof fit};
        kith_ready_source ready = {.size = sizeof ready};
        if (kith_inspection_get_fit(inspected->inspection, i, &fit, NULL) != KITH_OK ||
            kith_source_get_ready(fit.ready, &ready, NULL) != KITH_OK)
            continue;
        json_t *object = cli_json_put(json_object(), "name", json_string(ready.name));
        object = cli_json_put(object, "paths", cli_json_count(fit.wanted));
        object = cli_json_put(object, "found", cli_json_count(fit.found));
        array = cli_json_append(array, cli_json_put(object, "has_all_it_needs", json_boolean(fit.fits)));
    }
    return array;
}

static json_t *guess_json(const struct cli_inspected *inspected)
{
    kith_text text = {inspected->text, inspected->text_length};
    json_t *object = cli_json_put(json_object(), "complete", json_boolean(inspected->info.complete));
    object = cli_json_put(object, "one_kind", text_or_null(inspected->info.one_kind));
    object = cli_json_put(object, "other_times", text_or_null(inspected->info.other_times));
    return cli_json_put(object, "text", json_stringn(text.data, text.length));
}

/* ---- reading ---- */

static json_t *trouble_json(const struct cli_trouble *trouble)
{
    const struct cli_first_reject *first = &trouble->first;
    json_t *object = cli_json_put(json_object(), "reason", json_string(kith_reason_name(first->reason)));
    object = cli_json_put(object, "column", first->column[0] ? json_string(first->column) : json_null());
    object = cli_json_put(object, "rows", cli_json_count(trouble->count));
    object = cli_json_put(object, "file", json_string(first->file));
    object = cli_json_put(object, "line", cli_json_count(first->line));
    object = cli_json_put(object, "value", first->column[0] ? json_string(first->value) : json_null());
    return cli_json_put(object, "expected", first->at ? json_string(first->words) : json_null());
}

static json_t *reading_json(const struct cli_inspected *inspected)
{
    const struct cli_trial_reading *reading = &inspected->reading;
    const struct cli_arguments *arguments = inspected->run->arguments;
    if (!inspected->has_reading)
        return json_null();
    const char *source = arguments->source ? arguments->source : inspected->has_ready ? inspected->ready.name : NULL;
    json_t *object = cli_json_put(json_object(), "source", cli_json_path(source));
    object = cli_json_put(object, "guessed", json_boolean(!source && !inspected->is_plain));
    object = cli_json_put(object, "policy", cli_json_path(arguments->policy));
    object = cli_json_put(object, "read", cli_json_count(reading->added.read));
    object = cli_json_put(object, "taken", cli_json_count(reading->added.taken));
    object = cli_json_put(object, "ignored", cli_json_count(reading->added.ignored));
    object = cli_json_put(object, "skipped", cli_json_count(reading->added.skipped));
    object = cli_json_put(object, "rejected", cli_json_count(reading->added.rejected));
    object = cli_json_put(object, "members", cli_json_count(reading->info.members));
    object = cli_json_put(object, "first", cli_json_time(reading->info.first_event));
    object = cli_json_put(object, "last", cli_json_time(reading->info.last_event));
    json_t *troubles = json_array();
    for (int i = 0; i < reading->trouble_count; i++)
        troubles = cli_json_append(troubles, trouble_json(&reading->troubles[i]));
    object = cli_json_put(object, "rejects", troubles);
    return cli_json_put(object, "fault", text_or_null(kith_text_of(reading->error.message)));
}

int cli_inspected_print_json(const struct cli_inspected *inspected)
{
    json_t *json = cli_json_put(json_object(), "version", json_string(kith_version()));
    json = exports_json(inspected, json);
    json = cli_json_put(json, "fields", fields_json(inspected));
    json = cli_json_put(json, "kinds", kinds_json(inspected));
    json = cli_json_put(json, "guess", guess_json(inspected));
    json = cli_json_put(json, "ready", fits_json(inspected));
    json = cli_json_put(json, "fits", inspected->has_ready ? json_string(inspected->ready.name) : json_null());
    json = cli_json_put(json, "reading", reading_json(inspected));
    if (!json)
        return cli_fail(CLI_IO, "not enough memory");
    /* A fault of writing shows when standard output is closed. */
    (void)json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
    return CLI_DONE;
}
