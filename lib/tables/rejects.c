/* SPDX-License-Identifier: MIT */
/* The table of rows that were refused, which grows row by row. */
#include <inttypes.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "tables/table.h"

enum { WORDS_MOST = 120, PLACE_ROOM = WORDS_MOST + 40 };
enum { FILE_COLUMN, LINE_COLUMN, COLUMN_COLUMN, REASON_COLUMN, ROW_COLUMN };

/* Without rows. NULL where there is no memory. */
static kith_table *make_table(const kith_allocator *allocator)
{
    kith_table *made = kithp_table_new(allocator, KITH_REJECTS);
    if (!made)
        return NULL;
    kithp_table_add_column(made, "file", KITH_COLUMN_TEXT);
    kithp_table_add_column(made, "line", KITH_COLUMN_COUNT);
    kithp_table_add_column(made, "column", KITH_COLUMN_TEXT);
    kithp_table_add_labels(made, "reason", KITH_COLUMN_LABEL, kithp_reason_names, KITH_REASONS);
    kithp_table_add_column(made, "row", KITH_COLUMN_TEXT);
    /* An empty table of text still has its first offset. */
    for (uint32_t i = 0; i < made->column_count; i++) {
        if (!kithp_column_reserve(allocator, &made->columns[i], 1, 1)) {
            kith_table_free(made);
            return NULL;
        }
    }
    return made;
}

/* Rows, and names of files, are bytes of any kind, each by itself: what two of them make together is not looked at. */
static void make_text(struct kithp_column *column)
{
    for (size_t row = 0; column->type == KITH_COLUMN_TEXT && row < column->count; row++)
        kithp_text_make_utf8((char *)column->values + column->offsets[row],
                             (size_t)kithp_column_text(column, row).length);
}

kith_table *kithp_rejects_copy(const kith_table *table)
{
    kith_table *copy = make_table(&table->allocator);
    for (uint32_t i = 0; copy && i < copy->column_count; i++) {
        if (kithp_column_append(&copy->allocator, &copy->columns[i], &table->columns[i]))
            continue;
        kith_table_free(copy);
        copy = NULL;
    }
    if (!copy)
        return NULL;
    for (uint32_t i = 0; i < copy->column_count; i++)
        make_text(&copy->columns[i]);
    return copy;
}

kith_status kith_rejects_new(const kith_allocator *allocator, kith_table **table, kith_error *error)
{
    kith_allocator own;
    if (!kithp_alloc_init(&own, allocator))
        return kithp_fail_argument(error, "allocator", "expected malloc, realloc and free");
    if (!table)
        return kithp_fail_argument(error, "table", "must not be NULL");
    kith_table *made = make_table(&own);
    if (!made)
        return kithp_fail_memory(error);
    *table = made;
    return KITH_OK;
}

/* A fault of JSON is in no column: the byte at which it is, and what was expected there, take the place of one. */
static kith_text column_of(const kith_reject *reject, char *room)
{
    if (reject->column.length > 0 || reject->at == 0)
        return reject->column;
    int words = reject->words.length < WORDS_MOST ? (int)reject->words.length : WORDS_MOST;
    snprintf(room, PLACE_ROOM, "byte %" PRIu64 "%s%.*s", reject->at, words ? ": " : "", words,
             words ? reject->words.data : "");
    kithp_text_trim_partial(room);
    return kith_text_of(room);
}

int kith_rejects_add(void *table, const kith_reject *reject)
{
    kith_table *rejects = table;
    if (!rejects || rejects->which != KITH_REJECTS)
        return 1;
    kith_reject own;
    if (kithp_versioned_read(&own, sizeof own, reject, sizeof own, "reject", NULL) != KITH_OK)
        return 1;
    if (own.reason >= KITH_REASONS)
        return 1;
    char room[PLACE_ROOM];
    kith_text column = column_of(&own, room);
    const size_t bytes[] = {own.file.length, 0, column.length, 0, own.row.length};
    struct kithp_column *columns = rejects->columns;
    for (uint32_t i = 0; i < rejects->column_count; i++)
        if (!kithp_column_reserve(&rejects->allocator, &columns[i], 1, bytes[i]))
            return 1;
    kithp_column_push_text(&columns[FILE_COLUMN], own.file);
    kithp_column_push(&columns[LINE_COLUMN], (int64_t)own.line);
    kithp_column_push_text(&columns[COLUMN_COLUMN], column);
    kithp_column_push(&columns[REASON_COLUMN], own.reason);
    kithp_column_push_text(&columns[ROW_COLUMN], own.row);
    return 0;
}
