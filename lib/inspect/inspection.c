/* SPDX-License-Identifier: MIT */
/* The inspection's handle: making, freeing and asking it, and looking at exports. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "inspect/rows.h"
#include "inspect/view.h"

enum { BYTES_USUAL = 64 << 20, BYTES_LEAST = 1 << 20 };

struct kith_inspection {
    kith_allocator allocator;
    kith_inspection_options options;
    struct kithp_inspect_fields fields;
    struct kithp_view_exports exports; /* those looked at, also where that failed half way */
    char *rows_path;                   /* what exports have there */
    bool has_view;
    struct kithp_view view; /* made when the last export was added */
};

/* ---- the handle ---- */

static kith_status read_options(const kith_inspection_options *given, kith_inspection_options *read,
                                kith_allocator *allocator, kith_error *error)
{
    memset(read, 0, sizeof *read);
    kith_status status = KITH_OK;
    if (given)
        status = kithp_versioned_read(read, sizeof *read, given, sizeof *read, "options", error);
    if (status != KITH_OK)
        return status;
    if (read->reserved != 0)
        return kithp_fail_argument(error, "options.reserved", "expected 0");
    if (read->bytes > 0 && read->bytes < BYTES_LEAST)
        return kithp_fail_argument(error, "options.bytes", "expected 0, or 1048576 at least");
    if (!kithp_alloc_init(allocator, read->allocator))
        return kithp_fail_argument(error, "options.allocator", "expected malloc, realloc and free");
    if (read->bytes == 0)
        read->bytes = BYTES_USUAL;
    return KITH_OK;
}

kith_status kith_inspection_new(const kith_inspection_options *options, kith_inspection **inspection, kith_error *error)
{
    kith_inspection_options read;
    kith_allocator allocator;
    kith_status status = read_options(options, &read, &allocator, error);
    if (status != KITH_OK)
        return status;
    if (!inspection)
        return kithp_fail_argument(error, "inspection", "must not be NULL");
    kith_inspection *made = kithp_alloc_cleared(&allocator, 1, sizeof *made);
    if (!made)
        return kithp_fail_memory(error);
    made->allocator = allocator;
    made->options = read;
    made->exports.is_whole = true;
    if (!kithp_inspect_fields_init(&made->fields, &made->allocator)) {
        kith_inspection_free(made);
        return kithp_fail_memory(error);
    }
    *inspection = made;
    return KITH_OK;
}

void kith_inspection_free(kith_inspection *inspection)
{
    if (!inspection)
        return;
    if (inspection->has_view)
        kithp_view_free(&inspection->view);
    kithp_inspect_fields_free(&inspection->fields);
    kith_allocator allocator = inspection->allocator;
    kithp_alloc_free(&allocator, inspection->rows_path);
    kithp_alloc_free(&allocator, inspection);
}

/* ---- looking at an export ---- */

/* One call of kith_inspection_add(). */
struct run {
    kith_inspection *inspection;
    const kith_export *input;
    struct kithp_view_exports before; /* what the inspection knew of exports */
    const char *name;
    struct kithp_sample sample;
    struct kithp_inspect_rows rows;
    uint32_t format;
    kith_error *error;
};

static kith_status check_input(const kith_export *input, kith_error *error)
{
    if (!input->path && !input->read)
        return kithp_fail_argument(error, "input.path", "expected a path, or a function to read from");
    if (input->path && input->read)
        return kithp_fail_argument(error, "input.path", "must be NULL where there is a function to read from");
    uint32_t delimiter = input->delimiter;
    if (delimiter > 0x7F || delimiter == '"' || delimiter == '\n' || delimiter == '\r')
        return kithp_fail_argument(error, "input.delimiter",
                                   "expected an ASCII character other than a quote or a line end");
    if (input->source && delimiter)
        return kithp_fail_argument(error, "input.delimiter", "expected 0: the source description says it");
    if (input->time || input->member || input->kind || input->target || input->quantity || input->event_id)
        return kithp_fail_argument(error, "input",
                                   "expected no names of columns: which there are is what is looked for");
    if (input->begin_offset || input->begin_line)
        return kithp_fail_argument(error, "input.begin_offset", "expected 0");
    return KITH_OK;
}

static kith_status fail(const struct run *run, kith_status status, const char *words)
{
    if (status == KITH_CANCELLED)
        return kithp_fail(run->error, status, NULL, "cancelled");
    if (status == KITH_NO_MEMORY)
        return kithp_fail_memory(run->error);
    struct kithp_place place = {.file = run->name, .line = run->rows.line};
    return kithp_fail(run->error, status, &place, "%s", words);
}

static bool is_cancelled_waiting(void *given)
{
    const struct run *run = given;
    const kith_inspection_options *options = &run->inspection->options;
    return options->progress && options->progress(options->progress_context, run->sample.looked_at, 0) != 0;
}

static kith_status open_input(struct run *run, struct kithp_input *input)
{
    if (run->input->read) {
        kithp_input_open_callback(input, run->input->read, run->input->read_context);
        return KITH_OK;
    }
    int fault;
    while ((fault = kithp_input_open(input, run->input->path)) == EINTR)
        if (is_cancelled_waiting(run))
            return fail(run, KITH_CANCELLED, "");
    struct kithp_place place = {.file = run->name};
    if (fault)
        return kithp_fail(run->error, KITH_INPUT_OUTPUT, &place, "cannot be read: %s", kithp_errno_words(fault).text);
    input->waiting = is_cancelled_waiting;
    input->waiting_context = run;
    return KITH_OK;
}

/* Whether the name says that each line is a row. */
static bool is_named_as_lines(const char *name)
{
    static const char *const endings[] = {".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (length >= ending && memcmp(name + length - ending, endings[i], ending) == 0)
            return true;
    }
    return false;
}

static const char *format_name(uint32_t format)
{
    static const char *const names[] = {
        [KITH_FORMAT_CSV] = "CSV", [KITH_FORMAT_NDJSON] = "NDJSON", [KITH_FORMAT_JSON] = "a JSON document"};
    return names[format];
}

/* The format, from the content or as the description has it; the same as that of those before. */
static bool find_format(struct run *run)
{
    const kith_source *source = run->input->source;
    uint32_t before = run->inspection->exports.format;
    run->format = kithp_inspect_format(&run->rows);
    if (run->format == KITH_FORMAT_ANY)
        return false;
    if (source && source->format != KITH_FORMAT_ANY)
        run->format = source->format;
    if (before == KITH_FORMAT_ANY || before == run->format)
        return true;
    return kithp_inspect_fail(&run->rows, KITH_BAD_EXPORT, "is %s, and those before are %s", format_name(run->format),
                              format_name(before));
}

static bool read_rows(struct run *run)
{
    switch (run->format) {
    case KITH_FORMAT_CSV:
        return kithp_inspect_csv(&run->rows);
    case KITH_FORMAT_NDJSON:
        return kithp_inspect_lines(&run->rows);
    default:
        return kithp_inspect_document(&run->rows);
    }
}

static bool keep_rows_path(struct run *run)
{
    kith_inspection *inspection = run->inspection;
    kith_text path = run->rows.rows_path;
    if (inspection->rows_path || path.length == 0)
        return true;
    inspection->rows_path = kithp_alloc_array(&inspection->allocator, path.length, 1);
    if (!inspection->rows_path)
        return kithp_inspect_fail_memory(&run->rows);
    memcpy(inspection->rows_path, path.data, path.length);
    inspection->exports.rows_path = (kith_text){inspection->rows_path, path.length};
    return true;
}

/* What was looked at counts, also where that failed. */
static void count(struct run *run, bool done)
{
    struct kithp_view_exports *exports = &run->inspection->exports;
    uint64_t total = run->sample.stream.is_gzip ? 0 : run->sample.stream.input.total;
    exports->rows += run->rows.rows;
    exports->refused += run->rows.refused;
    exports->bytes += run->sample.looked_at;
    run->inspection->fields.rows = exports->rows;
    if (!done)
        return;
    bool is_first = exports->count++ == 0;
    exports->format = run->format;
    exports->delimiter = run->rows.delimiter;
    exports->is_gzip = run->sample.stream.is_gzip;
    exports->is_whole = exports->is_whole && run->sample.is_whole;
    exports->headless = exports->headless || run->rows.headless;
    exports->bytes_total = total > 0 && (is_first || exports->bytes_total > 0) ? exports->bytes_total + total : 0;
}

/* An export that nothing can be told of was not added: no more than its rows count. */
static void count_back(struct run *run)
{
    kith_inspection *inspection = run->inspection;
    struct kithp_view_exports looked_at = inspection->exports;
    inspection->exports = run->before;
    inspection->exports.rows = looked_at.rows;
    inspection->exports.refused = looked_at.refused;
    inspection->exports.bytes = looked_at.bytes;
    if (run->before.rows_path.length == 0) {
        kithp_alloc_free(&inspection->allocator, inspection->rows_path);
        inspection->rows_path = NULL;
    }
}

static kith_status look(struct run *run)
{
    const kith_source *source = run->input->source;
    struct kithp_inspect_rows *rows = &run->rows;
    rows->fields = &run->inspection->fields;
    rows->sample = &run->sample;
    rows->delimiter = source ? source->delimiter : (char)run->input->delimiter;
    rows->single = is_named_as_lines(run->name) ? KITH_FORMAT_NDJSON : run->inspection->exports.format;
    if (source && source->format == KITH_FORMAT_JSON)
        rows->rows_path = source->rows;
    else
        rows->rows_path = run->inspection->exports.rows_path;
    run->sample.progress = run->inspection->options.progress;
    run->sample.progress_context = run->inspection->options.progress_context;
    bool done = find_format(run) && read_rows(run) && keep_rows_path(run);
    count(run, done);
    kithp_alloc_free(&run->inspection->allocator, rows->scratch);
    return done ? KITH_OK : fail(run, rows->status, rows->words);
}

static kith_status renew_view(kith_inspection *inspection, kith_error *error)
{
    struct kithp_view view;
    if (!kithp_view_make(&view, &inspection->allocator, &inspection->fields, &inspection->exports))
        return kithp_fail_memory(error);
    if (inspection->has_view)
        kithp_view_free(&inspection->view);
    inspection->view = view;
    inspection->has_view = true;
    return KITH_OK;
}

static kith_status add(struct run *run)
{
    struct kithp_input input;
    kith_status status = open_input(run, &input);
    if (status != KITH_OK)
        return status;
    if (kithp_sample_open(&run->sample, &run->inspection->allocator, &input, run->inspection->options.bytes))
        status = look(run);
    else
        status = fail(run, run->sample.status, run->sample.words);
    kithp_sample_close(&run->sample);
    if (status == KITH_OK) {
        status = renew_view(run->inspection, run->error);
        if (status != KITH_OK)
            count_back(run);
    }
    return status;
}

kith_status kith_inspection_add(kith_inspection *inspection, const kith_export *input, kith_error *error)
{
    if (!inspection)
        return kithp_fail_argument(error, "inspection", "must not be NULL");
    kith_export read;
    kith_status status = kithp_versioned_read(&read, sizeof read, input, sizeof read, "input", error);
    if (status == KITH_OK)
        status = check_input(&read, error);
    if (status != KITH_OK)
        return status;
    /* It is too large for a stack that may be small. */
    struct run *run = kithp_alloc_cleared(&inspection->allocator, 1, sizeof *run);
    if (!run)
        return kithp_fail_memory(error);
    run->inspection = inspection;
    run->before = inspection->exports;
    run->input = &read;
    run->name = read.name ? read.name : read.path ? read.path : "-";
    run->error = error;
    status = add(run);
    kithp_alloc_free(&inspection->allocator, run);
    return status;
}

/* ---- asking ---- */

kith_status kith_inspection_get_info(const kith_inspection *inspection, kith_inspection_info *info, kith_error *error)
{
    if (!inspection)
        return kithp_fail_argument(error, "inspection", "must not be NULL");
    kith_status status = kithp_versioned_check(info, sizeof *info, "info", error);
    if (status != KITH_OK)
        return status;
    kith_inspection_info none = {.whole = 1, .first_time = KITH_NO_TIME, .last_time = KITH_NO_TIME};
    kithp_versioned_write(info, inspection->has_view ? &inspection->view.info : &none, sizeof none);
    return KITH_OK;
}

kith_status kith_inspection_get_field(const kith_inspection *inspection, uint32_t index, kith_inspected_field *field,
                                      kith_error *error)
{
    if (!inspection)
        return kithp_fail_argument(error, "inspection", "must not be NULL");
    if (!inspection->has_view || index >= inspection->view.info.fields)
        return kithp_fail_argument(error, "index", "is past the last field");
    kith_status status = kithp_versioned_check(field, sizeof *field, "field", error);
    if (status == KITH_OK)
        kithp_versioned_write(field, &inspection->view.fields[index], sizeof *field);
    return status;
}

kith_status kith_inspection_get_kind(const kith_inspection *inspection, uint32_t index, kith_inspected_kind *kind,
                                     kith_error *error)
{
    if (!inspection)
        return kithp_fail_argument(error, "inspection", "must not be NULL");
    if (!inspection->has_view || index >= inspection->view.info.kinds)
        return kithp_fail_argument(error, "index", "is past the last kind");
    kith_status status = kithp_versioned_check(kind, sizeof *kind, "kind", error);
    if (status == KITH_OK)
        kithp_versioned_write(kind, &inspection->view.kinds[index], sizeof *kind);
    return status;
}

kith_status kith_inspection_get_fit(const kith_inspection *inspection, uint32_t index, kith_inspected_fit *fit,
                                    kith_error *error)
{
    if (!inspection)
        return kithp_fail_argument(error, "inspection", "must not be NULL");
    if (!inspection->has_view || index >= inspection->view.info.fits)
        return kithp_fail_argument(error, "index", "is past the last description that fits");
    kith_status status = kithp_versioned_check(fit, sizeof *fit, "fit", error);
    if (status == KITH_OK)
        kithp_versioned_write(fit, &inspection->view.fits[index], sizeof *fit);
    return status;
}

kith_status kith_inspection_write_source(const kith_inspection *inspection, kith_write_fn write, void *context,
                                         kith_error *error)
{
    if (!inspection)
        return kithp_fail_argument(error, "inspection", "must not be NULL");
    if (!write)
        return kithp_fail_argument(error, "write", "must not be NULL");
    if (!inspection->has_view)
        return kithp_fail_argument(error, "inspection", "has seen no export");
    if (!kithp_view_describe(&inspection->view, write, context))
        return kithp_fail(error, KITH_INPUT_OUTPUT, NULL, "the source description could not be written");
    return KITH_OK;
}
