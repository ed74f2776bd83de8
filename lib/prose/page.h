/* SPDX-License-Identifier: MIT */
/*
 * Text for a person to read: words that are put into lines of a page as they come, and rows of tables that stand as
 * they are. Words are never cut: one that is wider than the page stands on a line of its own.
 */
#ifndef KITHP_PROSE_PAGE_H
#define KITHP_PROSE_PAGE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/writer.h"

/* Columns of a page unless said otherwise, and those that its tables take whatever is said. */
enum { KITHP_PAGE_COLUMNS = 80 };

struct kithp_page {
    struct kithp_writer *writer;
    const char *strong; /* stands before a heading; takes no columns */
    const char *off;    /* stands behind it */
    uint64_t columns;
    uint64_t column; /* of the line, its last word not counted */
    bool in_item;    /* the line goes on under its first word */
    bool in_row;     /* the line stands as it is */
    bool is_apart;   /* the row ends with a space so far */
    bool goes_on;    /* the last word goes on one whose beginning has been written, as there was no room for it */
    size_t used;     /* of the last word, which is not written before it ends */
    uint64_t word_columns;
    char word[512];
};

/* columns: UINT64_MAX for lines that are not broken */
void kithp_page_begin(struct kithp_page *page, struct kithp_writer *writer, uint64_t columns);

/* Words of ASCII, with a space between two of them; what is put next goes on with the last. */
void kithp_page_string(struct kithp_page *page, const char *words);

/* Likewise; what is formatted is short. */
void kithp_page_say(struct kithp_page *page, const char *words, ...) KITHP_FORMAT(2, 3);

/* A stranger's text within so many columns: cut and ended with an ellipsis if need be. Returns how many it took. */
uint64_t kithp_page_name(struct kithp_page *page, kith_text name, uint64_t columns);

void kithp_page_end_line(struct kithp_page *page);

/* A heading is begun, filled and ended, which ends its line. */
void kithp_page_begin_heading(struct kithp_page *page);
void kithp_page_end_heading(struct kithp_page *page);

/* Begins a line with "- ", of a list: it goes on two columns further in. */
void kithp_page_begin_item(struct kithp_page *page);

/* Begins a row of a table, so many columns in. kithp_page_end_line() ends it. */
void kithp_page_begin_row(struct kithp_page *page, unsigned indent);

/*
 * Cells of a row, filled up with spaces behind and before. A right one stands apart from what is before it also
 * where it fills its columns, and then moves those behind it.
 */
void kithp_page_left(struct kithp_page *page, kith_text text, unsigned columns);
void kithp_page_right(struct kithp_page *page, const char *ascii, unsigned columns);

#endif
