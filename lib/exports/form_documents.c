/* SPDX-License-Identifier: MIT */
/* JSON documents that hold rows in an array. */
#include "exports/form.h"

/* The description's paths of what stands around rows. */
static void begin_rows(struct kithp_reader *reader, struct kithp_batch *batch)
{
    struct kithp_form_json *json = &reader->json;
    const kith_source *source = reader->events.source;
    kith_text paths[KITHP_SOURCE_PATHS_MOST];
    for (uint32_t i = 0; i < source->document.count; i++)
        paths[i] = source->document.paths[i].path;
    struct kithp_json_rows_rules rules = {.rows = source->rows,
                                          .paths = paths,
                                          .path_count = source->document.count,
                                          .row_most = reader->reading.row_most,
                                          .several = true};
    struct kithp_json_path_fault fault;
    switch (kithp_json_rows_init(&json->rows, reader->allocator, &rules, &fault)) {
    case KITHP_JSON_TREE_FINE:
        json->has_rows = true;
        reader->events.fields.document = kithp_json_rows_document(&json->rows);
        break;
    case KITHP_JSON_TREE_FAULT:
        kithp_form_json_fail_path(reader, batch,
                                  fault.path < source->document.count ? &source->document.paths[fault.path] : NULL,
                                  fault.words);
        break;
    case KITHP_JSON_TREE_NO_MEMORY:
        kithp_reader_fail_memory(reader, batch);
        break;
    }
}

static size_t begin(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    kithp_form_json_begin(reader, batch);
    if (batch->status == KITH_OK && reader->reading.begin.offset > 0)
        kithp_reader_fail(reader, batch, KITH_UNSUPPORTED, kithp_reader_no_field,
                          "is a JSON document, which is read from its beginning alone");
    if (batch->status == KITH_OK)
        begin_rows(reader, batch);
    /* The mark is looked for by who reads rows. */
    reader->offset = 0;
    (void)at;
    return 0;
}

static void free_form(struct kithp_reader *reader)
{
    if (reader->json.has_rows)
        kithp_json_rows_free(&reader->json.rows);
    reader->json.has_rows = false;
}

/* ---- rows ---- */

static void fail_behind(struct kithp_reader *reader, struct kithp_batch *batch, const struct kithp_json_row *row)
{
    reader->line = row->line;
    kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, reader->events.source->document.paths[row->path].text,
                      "stands behind the document's rows, which need it before them");
}

/* What was found; false where the text is used up, be it with a fault. */
static bool take(struct kithp_reader *reader, struct kithp_batch *batch, enum kithp_json_rows_outcome outcome,
                 const struct kithp_json_row *row, size_t at)
{
    struct kithp_row_end end = {reader->offset, reader->line};
    /* Whatever comes behind it, its own end is behind it. */
    if (reader->json.long_row.is_open && outcome != KITHP_JSON_ROWS_MORE && outcome != KITHP_JSON_ROWS_FAULT)
        kithp_form_json_end_long(reader, batch, end);
    if (batch->status != KITH_OK)
        return false;
    switch (outcome) {
    case KITHP_JSON_ROWS_ROW:
        kithp_form_json_take(reader, batch, row->line, row->text, end);
        return true;
    case KITHP_JSON_ROWS_LONG:
        kithp_long_row_begin(&reader->json.long_row, row->line, row->text);
        return true;
    case KITHP_JSON_ROWS_BEHIND:
        fail_behind(reader, batch, row);
        return false;
    case KITHP_JSON_ROWS_FAULT:
        reader->line = row->line;
        kithp_reader_fail(reader, batch, KITH_BAD_EXPORT, kithp_reader_no_field, row->fault.words);
        return false;
    case KITHP_JSON_ROWS_MORE:
        return kithp_reader_more(reader, batch, at);
    case KITHP_JSON_ROWS_END:
        return false;
    }
    return false;
}

static void read_rows(struct kithp_reader *reader, struct kithp_batch *batch, size_t at)
{
    struct kithp_json_rows *rows = &reader->json.rows;
    enum kithp_json_rows_outcome outcome;
    struct kithp_json_row row;
    /* What was kept lies in another batch. */
    kithp_fields_forget_document(&reader->events.fields);
    do {
        outcome = kithp_json_rows_read(rows, &reader->events.paths.row, kithp_reader_text(batch, at),
                                       kithp_reader_is_at_end(reader), reader->events.fields.row, &row);
        at += row.consumed;
        reader->offset += row.consumed;
        reader->line = rows->line;
        if (rows->changed)
            kithp_fields_forget_document(&reader->events.fields);
        rows->changed = false;
    } while (take(reader, batch, outcome, &row, at) && !kithp_reader_is_full(reader, batch, at));
}

const struct kithp_form kithp_form_documents = {begin, read_rows, free_form};
