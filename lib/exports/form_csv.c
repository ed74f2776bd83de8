/* SPDX-License-Identifier: MIT */
/* CSV by the caller's names of columns: most rows are read quickly (quick.h), the others one by one. */
#include <string.h>

#include "exports/form.h"

static size_t begin(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    struct kithp_form_csv *csv = &reader->csv;
    *csv = (struct kithp_form_csv){.columns = *reader->reading.columns};
    csv->header.delimiter = csv->columns.delimiter;
    if (!kithp_quick_init(&csv->quick, reader->allocator, reader->reading.rules, &csv->columns)) {
        kithp_reader_fail_memory(reader, batch);
        return at;
    }
    csv->quick.way = reader->way;
    csv->tried = KITHP_TALLY_BLOCK;
    struct kithp_csv_row row = kithp_header_read(reader, batch, &at, &csv->header);
    csv->columns.delimiter = csv->header.delimiter;
    if (batch->status != KITH_OK)
        return at;
    kith_text column = kithp_reader_no_field;
    enum kithp_header_fault fault =
        kithp_columns_find(&csv->columns, reader->allocator, csv->header.names, csv->header.count, &column);
    kithp_header_fail(reader, batch, &csv->header, fault, column);
    if (batch->status != KITH_OK)
        return at;
    reader->has_ids = csv->columns.places[KITHP_ID] != KITHP_NO_COLUMN;
    return kithp_header_end(reader, batch, at, &csv->header, &row);
}

static void free_form(struct kithp_reader *reader)
{
    kithp_quick_free(&reader->csv.quick);
    kithp_header_free(reader->allocator, &reader->csv.header);
}

/* ---- rows ---- */

static void take_row(struct kithp_reader *reader, struct kithp_batch *batch, enum kithp_csv_outcome outcome,
                     const struct kithp_csv_row *row)
{
    const struct kithp_columns *columns = &reader->csv.columns;
    if (!kithp_batch_reserve(batch, 1, 1)) {
        kithp_reader_fail_memory(reader, batch);
        return;
    }
    struct kithp_batch_row taken = {.line = reader->line, .text = row->text, .begin = reader->end};
    struct kithp_reject *reject = &batch->rejects[batch->reject_count];
    struct kithp_row_fault *fault = &reject->fault;
    kithp_row_fault_begin(fault);
    if (outcome == KITHP_CSV_QUOTE)
        fault->reason = KITH_REASON_QUOTE;
    else if (outcome == KITHP_CSV_LONG || row->field_count != columns->count)
        fault->reason = KITH_REASON_FIELDS;
    else
        kithp_row_read(reader->reading.rules, columns, reader->csv.header.fields, &batch->events[batch->event_count],
                       &taken.id, fault);
    kithp_header_end_row(reader, row);
    taken.end = reader->end;
    taken.events = fault->reason == KITH_REASON_NONE;
    taken.rejects = !taken.events;
    reject->column = fault->field == KITHP_FIELDS ? NULL : columns->headers[fault->field];
    /* There is room for it. */
    (void)kithp_batch_add_row(batch, &taken);
}

/* Takes as many rows as can be read quickly. Returns where the next one begins. */
static size_t take_quick_rows(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    struct kithp_quick *quick = &reader->csv.quick;
    size_t most, *tried = &reader->csv.tried;
    while ((most = kithp_quick_look(quick, kithp_reader_text(batch, 0), at)) > 0) {
        size_t room = batch->room > 0 ? batch->room : KITHP_TALLY_BLOCK;
        if (most > room)
            most = room;
        if (most > *tried)
            most = *tried;
        if (!kithp_batch_reserve(batch, most, 0)) {
            kithp_reader_fail_memory(reader, batch);
            return at;
        }
        struct kithp_row_end end = {reader->offset, reader->line};
        kith_text *ids = batch->has_ids ? &batch->ids[batch->event_count] : NULL;
        size_t rows = kithp_quick_read(quick, batch->text, most, &end, &batch->events[batch->event_count], ids);
        if (rows < most)
            *tried = rows > 0 ? rows : 1;
        else if (*tried < KITHP_TALLY_BLOCK)
            *tried *= 2;
        if (rows == 0)
            return at;
        at += (size_t)(end.offset - reader->offset);
        reader->offset = end.offset;
        reader->line = end.line;
        reader->end = end;
        kithp_batch_add(batch, rows, end);
        if (rows < most)
            return at;
    }
    return at;
}

static void read_rows(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    struct kithp_header *header = &reader->csv.header;
    kithp_quick_begin(&reader->csv.quick);
    while (batch->status == KITH_OK) {
        struct kithp_csv_row row;
        if (!header->long_row.is_open)
            at = take_quick_rows(reader, batch, at);
        if (batch->status != KITH_OK)
            return;
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

const struct kithp_form kithp_form_csv = {begin, read_rows, free_form};
