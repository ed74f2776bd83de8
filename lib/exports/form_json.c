/* SPDX-License-Identifier: MIT */
#include "exports/form_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "exports/form.h"

/* ---- paths ---- */

/* Whoever wrote the path: the caller, or the description's author. */
void kithp_form_json_fail_path(struct kithp_reader *reader, struct kithp_batch *batch,
                               const struct kithp_source_path *path, const char *words)
{
    const kith_source *source = reader->reading.source;
    kith_text text = path ? path->text : kithp_reader_no_field;
    struct kithp_place place = {.field = KITHP_TEXT("input"), .value = text};
    if (source)
        place = (struct kithp_place){
            .file = source->name, .line = path ? path->line : 0, .column = path ? path->column : 0, .value = text};
    batch->error = (kith_error){.size = sizeof batch->error};
    batch->status = kithp_fail(&batch->error, source ? KITH_BAD_SOURCE : KITH_BAD_ARGUMENT, &place,
                               "is no path of JSON: %s", words);
}

void kithp_form_json_begin(struct kithp_reader *reader, struct kithp_batch *batch)
{
    struct kithp_form_json *json = &reader->json;
    struct kithp_events *events = &reader->events;
    json->long_row.is_open = json->has_rows = false;
    if (!reader->reading.source) {
        batch->error = (kith_error){.size = sizeof batch->error};
        kithp_implied_init(&json->implied, reader->reading.columns);
        batch->status =
            kithp_events_init(events, reader->allocator, reader->reading.rules, &json->implied.source, &batch->error);
    }
    if (batch->status != KITH_OK)
        return;
    struct kithp_paths_fault fault;
    switch (kithp_paths_init(&events->paths, reader->allocator, events->source, reader->way, &fault)) {
    case KITHP_JSON_TREE_FINE:
        break;
    case KITHP_JSON_TREE_FAULT:
        kithp_form_json_fail_path(reader, batch, fault.path, fault.words);
        break;
    case KITHP_JSON_TREE_NO_MEMORY:
        kithp_reader_fail_memory(reader, batch);
        break;
    }
    kithp_events_begin(events, false);
    reader->has_ids = kithp_events_have_ids(events);
}

/* ---- rows ---- */

void kithp_form_json_refuse(struct kithp_reader *reader, struct kithp_batch *batch, uint64_t line, kith_text text,
                            const struct kithp_json_fault *fault, struct kithp_row_end end)
{
    if (!kithp_batch_reserve(batch, 0, 1)) {
        kithp_reader_fail_memory(reader, batch);
        return;
    }
    struct kithp_reject *reject = &batch->rejects[batch->reject_count];
    kithp_row_fault_set(&reject->fault, KITH_REASON_JSON, KITHP_FIELDS, kith_text_of(fault->words));
    reject->fault.at = fault->offset + 1;
    reject->column = NULL;
    struct kithp_batch_row row = {.line = line, .text = text, .begin = reader->end, .end = end, .rejects = 1};
    /* There is room for it. */
    (void)kithp_batch_add_row(batch, &row);
    reader->end = end;
}

static void refuse_too_many(struct kithp_reader *reader, struct kithp_batch *batch, uint64_t line, kith_text text,
                            struct kithp_row_end end)
{
    struct kithp_json_fault fault = {.offset = 0};
    snprintf(fault.words, sizeof fault.words, "expected at most %d events", KITHP_EVENTS_MOST);
    kithp_form_json_refuse(reader, batch, line, text, &fault, end);
}

void kithp_form_json_take(struct kithp_reader *reader, struct kithp_batch *batch, uint64_t line, kith_text text,
                          struct kithp_row_end end)
{
    struct kithp_batch_row row;
    row.line = line;
    row.text = text;
    row.begin = reader->end;
    row.end = end;
    bool fine = kithp_events_read(&reader->events, batch, &row);
    if (fine && reader->events.too_many)
        refuse_too_many(reader, batch, line, text, end);
    else if (!fine || !kithp_batch_add_row(batch, &row))
        kithp_reader_fail_memory(reader, batch);
    else
        reader->end = end;
}

/* ---- rows that are too long ---- */

void kithp_form_json_end_long(struct kithp_reader *reader, struct kithp_batch *batch, struct kithp_row_end end)
{
    struct kithp_long_row *row = &reader->json.long_row;
    uint64_t most = reader->reading.row_most;
    struct kithp_json_fault fault = {.offset = most};
    kith_text beginning;
    snprintf(fault.words, sizeof fault.words, "expected at most %" PRIu64 " bytes", most);
    if (kithp_long_row_end(row, &batch->kept, &beginning))
        kithp_form_json_refuse(reader, batch, row->line, beginning, &fault, end);
    else
        kithp_reader_fail_memory(reader, batch);
}
