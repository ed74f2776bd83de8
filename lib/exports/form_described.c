/* SPDX-License-Identifier: MIT */
/* CSV by a description, whose paths are headers. */
#include "base/text.h"
#include "exports/form.h"

/* ---- columns ---- */

static bool is_column(const struct kithp_source_part *part, uint32_t path)
{
    return part->sort == KITHP_SOURCE_PATH && part->path == path;
}

/* Whether rows are of no use without a column: an event's first three fields have nothing else, or rows are chosen by
 * it. */
static bool is_required(const kith_source *source, uint32_t path)
{
    static const enum kithp_field needed[] = {KITHP_TIME, KITHP_MEMBER, KITHP_KIND};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const struct kithp_source_value *value = &source->events[0].values[needed[i]];
        if (value->part_count == 1 && is_column(value->parts, path))
            return true;
    }
    for (uint32_t i = 0; i < source->test_count; i++)
        if (is_column(&source->tests[i].field, path))
            return true;
    return false;
}

static size_t find_column(const struct kithp_header *header, kith_text name)
{
    for (size_t i = 0; i < header->count; i++)
        if (kithp_text_equal(header->names[i], name))
            return i;
    return KITHP_NO_COLUMN;
}

static enum kithp_header_fault find_columns(struct kithp_reader *reader, kith_text *column)
{
    const kith_source *source = reader->reading.source;
    struct kithp_form_described *form = &reader->described;
    const struct kithp_header *header = &form->header;
    enum kithp_header_fault fault = kithp_columns_check(reader->allocator, header->names, header->count, column);
    for (uint32_t i = 0; i < source->row.count && fault == KITHP_HEADER_FINE; i++) {
        form->places[i] = find_column(header, source->row.paths[i].path);
        if (form->places[i] != KITHP_NO_COLUMN || !is_required(source, i))
            continue;
        *column = source->row.paths[i].path;
        fault = KITHP_HEADER_MISSING;
    }
    return fault;
}

/* Whether rows have ids: a column that they are read from is there. */
static bool has_ids(const struct kithp_reader *reader)
{
    const struct kithp_source_value *value = &reader->reading.source->events[0].values[KITHP_ID];
    for (uint32_t i = 0; i < value->part_count; i++)
        if (reader->described.places[value->parts[i].path] != KITHP_NO_COLUMN)
            return true;
    return false;
}

static size_t begin(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    struct kithp_header *header = &reader->described.header;
    *header = (struct kithp_header){.delimiter = reader->reading.source->delimiter};
    kithp_events_begin(&reader->events, true);
    struct kithp_csv_row row = kithp_header_read(reader, batch, &at, header);
    if (batch->status != KITH_OK)
        return at;
    kith_text column = kithp_reader_no_field;
    kithp_header_fail(reader, batch, header, find_columns(reader, &column), column);
    if (batch->status != KITH_OK)
        return at;
    reader->has_ids = has_ids(reader);
    return kithp_header_end(reader, batch, at, header, &row);
}

static void free_form(struct kithp_reader *reader)
{
    kithp_header_free(reader->allocator, &reader->described.header);
}

/* ---- rows ---- */

/* The row's fields, as the values of the paths. */
static void set_values(struct kithp_reader *reader)
{
    const struct kithp_form_described *form = &reader->described;
    struct kithp_json_value *values = reader->events.fields.row;
    for (uint32_t i = 0; i < reader->reading.source->row.count; i++) {
        size_t place = form->places[i];
        values[i] = (struct kithp_json_value){.type = KITHP_JSON_MISSING};
        if (place == KITHP_NO_COLUMN)
            continue;
        const struct kithp_csv_field *field = &form->header.fields[place];
        values[i] =
            (struct kithp_json_value){.text = field->text, .type = KITHP_JSON_STRING, .escaped = field->escaped};
    }
}

static bool refuse_row(struct kithp_batch *batch, uint32_t reason, struct kithp_batch_row *row)
{
    if (!kithp_batch_reserve(batch, 0, 1))
        return false;
    struct kithp_reject *reject = &batch->rejects[batch->reject_count];
    kithp_row_fault_begin(&reject->fault);
    reject->fault.reason = reason;
    reject->column = NULL;
    row->rejects = 1;
    return true;
}

static void take_row(struct kithp_reader *reader, struct kithp_batch *batch, enum kithp_csv_outcome outcome,
                     const struct kithp_csv_row *given)
{
    struct kithp_batch_row row = {.line = reader->line, .text = given->text, .begin = reader->end};
    bool fine;
    kithp_header_end_row(reader, given);
    row.end = reader->end;
    if (outcome == KITHP_CSV_QUOTE) {
        fine = refuse_row(batch, KITH_REASON_QUOTE, &row);
    } else if (outcome == KITHP_CSV_LONG || given->field_count != reader->described.header.count) {
        fine = refuse_row(batch, KITH_REASON_FIELDS, &row);
    } else {
        set_values(reader);
        fine = kithp_events_read(&reader->events, batch, &row);
    }
    if (!fine || !kithp_batch_add_row(batch, &row))
        kithp_reader_fail_memory(reader, batch);
}

static void read_rows(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    struct kithp_header *header = &reader->described.header;
    while (batch->status == KITH_OK) {
        struct kithp_csv_row row;
        enum kithp_csv_outcome outcome = kithp_header_next(reader, batch, &at, header, &row);
        if (outcome == KITHP_CSV_END)
            return;
        if (outcome == KITHP_CSV_MORE)
            continue;
        take_row(reader, batch, outcome, &row);
        at += row.consumed;
        if (kithp_reader_is_full(reader, batch, at))
            return;
    }
}

const struct kithp_form kithp_form_described = {begin, read_rows, free_form};
