/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "message.h"
#include "text.h"

/*
 * How many closed exports are kept, for the sake of a short list of late rows; and how many may be there in all: one
 * takes up to 130 bytes of the mebibyte that a position may have.
 */
enum { USUAL = 1000, MOST = 8000 };

/* The later one has the descriptions of sources: where there are none, an earlier version of kith can read it. */
enum { FORM_VERSION = 2, FORM_WITHOUT_SOURCES = 1 };

static const char program[] = "kith update";
static const char no_memory[] = "not enough memory";

/* ---- reading ---- */

static bool read_count(const json_t *value, uint64_t *count)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *count = (uint64_t)json_integer_value(value);
    return true;
}

/* Null where there is none. */
static bool read_time(const json_t *value, int64_t *time)
{
    uint64_t seconds;
    if (json_is_null(value)) {
        *time = KITH_NO_TIME;
        return true;
    }
    if (!read_count(value, &seconds))
        return false;
    *time = (int64_t)seconds;
    return true;
}

static bool read_policy(const json_t *value, uint64_t *digest)
{
    const char *text = json_string_value(value);
    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return false;
    *digest = strtoull(text, NULL, 16);
    return true;
}

static bool read_known(const json_t *value, struct cli_known *known)
{
    const char *digest = json_string_value(json_object_get(value, "digest"));
    return json_object_size(value) == 5 && digest && cli_digest_parse(digest, &known->digest) &&
           read_count(json_object_get(value, "size"), &known->size) &&
           read_count(json_object_get(value, "end_offset"), &known->end_offset) &&
           read_count(json_object_get(value, "end_line"), &known->end_line) &&
           read_count(json_object_get(value, "last_event"), &known->last_event) && known->size > 0 &&
           known->end_offset > 0 && known->end_line > 0;
}

/* NULL, or what is wrong with the record. */
static const char *read_exports(struct cli_record *record, const json_t *exports)
{
    size_t index;
    json_t *value;
    if (!json_is_array(exports) || json_array_size(exports) > MOST)
        return "expected a list of exports";
    json_array_foreach(exports, index, value)
    {
        struct cli_known known;
        if (!read_known(value, &known))
            return "expected an export with its size, digest, end and last event";
        size_t before = record->count;
        if (!cli_record_add(record, &known))
            return no_memory;
        if (record->count == before)
            return "an export stands there twice";
    }
    return NULL;
}

/* NULL, or what is wrong with the descriptions. */
static const char *read_sources(struct cli_record *record, json_t *sources)
{
    const char *name;
    json_t *value;
    if (!json_is_object(sources) || json_object_size(sources) > CLI_KNOWN_SOURCES)
        return "expected the descriptions of sources";
    json_object_foreach(sources, name, value)
    {
        struct cli_known_source *source = &record->sources[record->source_count++];
        const char *digest = json_string_value(value);
        size_t length = strlen(name);
        if (length >= sizeof source->name || !digest || !cli_digest_parse(digest, &source->digest))
            return "expected the name of a source description and its digest";
        memcpy(source->name, name, length + 1);
    }
    return NULL;
}

static const char *read_record(struct cli_record *record, const json_t *root)
{
    uint64_t version = 0;
    bool has_version = read_count(json_object_get(root, "version"), &version);
    bool has_sources = has_version && version > FORM_WITHOUT_SOURCES;
    if (json_object_size(root) != (has_sources ? 6 : 5))
        return has_sources ? "expected its six parts" : "expected its five parts";
    record->has_policy = read_policy(json_object_get(root, "policy"), &record->policy);
    if (!record->has_policy)
        return "expected the digest of a policy";
    if (!read_time(json_object_get(root, "overlapped"), &record->overlapped))
        return "expected the time up to which exports overlapped";
    const char *words = has_sources ? read_sources(record, json_object_get(root, "sources")) : NULL;
    return words ? words : read_exports(record, json_object_get(root, "exports"));
}

static int fail_damaged(const char *state, const char *words)
{
    return cli_fail(
        CLI_IO, "%s: this state is damaged: put a copy of it back, or " CLI_BEGIN_ANEW " (its record of exports: %s)",
        state, words);
}

/* Whether it is a record, and of a form known here. */
static int check_form(const json_t *root, const char *state)
{
    const char *writer = json_string_value(json_object_get(root, "program"));
    if (!writer || strcmp(writer, program) != 0)
        return cli_fail(CLI_IO,
                        "%s: was saved by another program, and is no state of 'kith update': it holds no "
                        "record of exports",
                        state);
    uint64_t version;
    if (!read_count(json_object_get(root, "version"), &version) || version == 0)
        return fail_damaged(state, "expected the version of its form");
    if (version > FORM_VERSION)
        return cli_fail(CLI_IO,
                        "%s: its record of exports has form %" PRIu64
                        ", and this version of kith knows forms up to %d: use "
                        "a later one, such as that which wrote it",
                        state, version, FORM_VERSION);
    return CLI_DONE;
}

int cli_record_read(struct cli_record *record, kith_text text, const char *state)
{
    *record = (struct cli_record){.overlapped = KITH_NO_TIME};
    if (text.length == 0)
        return CLI_DONE;
    json_error_t fault;
    json_t *root = json_loadb(text.data, (size_t)text.length, JSON_REJECT_DUPLICATES, &fault);
    if (!root && json_error_code(&fault) == json_error_out_of_memory)
        return cli_fail(CLI_IO, "%s", no_memory);
    if (!root)
        return fail_damaged(state, *fault.text ? fault.text : "expected a record");
    int status = check_form(root, state);
    const char *words = status ? NULL : read_record(record, root);
    json_decref(root);
    if (words)
        status = words == no_memory ? cli_fail(CLI_IO, "%s", no_memory) : fail_damaged(state, words);
    return status;
}

/* ---- writing ---- */

static json_t *time_json(int64_t time)
{
    return time == KITH_NO_TIME ? json_null() : json_integer((json_int_t)time);
}

static json_t *known_json(const struct cli_known *known)
{
    char digest[CLI_DIGEST_TEXT];
    return json_pack("{s:I, s:s, s:I, s:I, s:I}", "size", (json_int_t)known->size, "digest",
                     cli_digest_text(digest, &known->digest), "end_offset", (json_int_t)known->end_offset, "end_line",
                     (json_int_t)known->end_line, "last_event", (json_int_t)known->last_event);
}

static json_t *exports_json(const struct cli_record *record)
{
    json_t *exports = json_array();
    for (size_t i = 0; i < record->count; i++) {
        if (json_array_append_new(exports, known_json(&record->items[i])) != 0) {
            json_decref(exports);
            return NULL;
        }
    }
    return exports;
}

static json_t *sources_json(const struct cli_record *record)
{
    char digest[CLI_DIGEST_TEXT];
    json_t *sources = json_object();
    for (size_t i = 0; i < record->source_count; i++) {
        const struct cli_known_source *source = &record->sources[i];
        sources = cli_json_put(sources, source->name, json_string(cli_digest_text(digest, &source->digest)));
    }
    return sources;
}

char *cli_record_write(const struct cli_record *record)
{
    char policy[17];
    snprintf(policy, sizeof policy, "%016" PRIx64, record->policy);
    int version = record->source_count > 0 ? FORM_VERSION : FORM_WITHOUT_SOURCES;
    json_t *root = json_pack("{s:s, s:i, s:s, s:o, s:o}", "program", program, "version", version, "policy", policy,
                             "overlapped", time_json(record->overlapped), "exports", exports_json(record));
    if (record->source_count > 0)
        root = cli_json_put(root, "sources", sources_json(record));
    char *text = cli_json_text(root, JSON_COMPACT);
    json_decref(root);
    return text;
}

/* ---- in memory ---- */

static void move_to_end(struct cli_record *record, size_t index)
{
    struct cli_known moved = record->items[index];
    memmove(&record->items[index], &record->items[index + 1], (record->count - index - 1) * sizeof moved);
    record->items[record->count - 1] = moved;
}

static bool make_room(struct cli_record *record)
{
    if (record->count < record->capacity)
        return true;
    size_t capacity = record->capacity ? 2 * record->capacity : 16;
    struct cli_known *items = realloc(record->items, capacity * sizeof *items);
    if (!items)
        return false;
    record->items = items;
    record->capacity = capacity;
    return true;
}

bool cli_record_add(struct cli_record *record, const struct cli_known *known)
{
    for (size_t i = 0; i < record->count; i++) {
        if (record->items[i].size == known->size && cli_digest_equal(&record->items[i].digest, &known->digest)) {
            move_to_end(record, i);
            return true;
        }
    }
    if (!make_room(record))
        return false;
    record->items[record->count++] = *known;
    return true;
}

static int compare_sizes(const void *a, const void *b)
{
    const struct cli_known *const *first = a;
    const struct cli_known *const *second = b;
    return ((*first)->size > (*second)->size) - ((*first)->size < (*second)->size);
}

const struct cli_known **cli_record_by_size(const struct cli_record *record)
{
    const struct cli_known **sorted = malloc((record->count + 1) * sizeof *sorted);
    for (size_t i = 0; sorted && i < record->count; i++)
        sorted[i] = &record->items[i];
    if (sorted)
        qsort(sorted, record->count, sizeof *sorted, compare_sizes);
    return sorted;
}

bool cli_record_tidy(struct cli_record *record, int64_t reviewed_until)
{
    size_t kept = 0;
    size_t spare = record->count > USUAL ? record->count - USUAL : 0;
    for (size_t i = 0; i < record->count; i++) {
        if (i < spare && (int64_t)record->items[i].last_event < reviewed_until)
            continue;
        record->items[kept++] = record->items[i];
    }
    record->count = kept;
    return record->count <= MOST;
}

/* Takes one out. */
static struct cli_known_source take_source(struct cli_record *record, size_t index)
{
    struct cli_known_source *sources = record->sources;
    struct cli_known_source taken = sources[index];
    memmove(&sources[index], &sources[index + 1], (record->source_count - index - 1) * sizeof taken);
    record->source_count--;
    return taken;
}

bool cli_record_use_source(struct cli_record *record, const char *name, const struct cli_digest *digest)
{
    bool differs = false;
    struct cli_known_source used = {.digest = *digest};
    cli_text_copy_utf8(used.name, sizeof used.name, kith_text_of(name));
    for (size_t i = 0; i < record->source_count; i++) {
        if (strcmp(record->sources[i].name, used.name) != 0)
            continue;
        struct cli_known_source before = take_source(record, i);
        differs = !cli_digest_equal(&before.digest, digest);
        break;
    }
    if (record->source_count == CLI_KNOWN_SOURCES)
        take_source(record, 0);
    record->sources[record->source_count++] = used;
    return differs;
}

void cli_record_clear(struct cli_record *record)
{
    record->count = 0;
}

void cli_record_free(struct cli_record *record)
{
    free(record->items);
    *record = (struct cli_record){.overlapped = KITH_NO_TIME};
}
