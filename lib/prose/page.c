/* SPDX-License-Identifier: MIT */
#include "prose/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "prose/glyph.h"

static const char ellipsis[] = "\xE2\x80\xA6";

enum { SAID_ROOM = 256, ITEM_COLUMNS = 2 };

void kithp_page_begin(struct kithp_page *page, struct kithp_writer *writer, uint64_t columns)
{
    *page = (struct kithp_page){.writer = writer, .strong = "", .off = "", .columns = columns};
}

/* Where the next word goes: behind the last one, or on a line of its own. */
static void make_place(struct kithp_page *page)
{
    if (page->goes_on || page->column == 0)
        return;
    if (page->column + 1 + page->word_columns <= page->columns) {
        kithp_writer_string(page->writer, " ");
        page->column++;
        return;
    }
    kithp_writer_string(page->writer, page->in_item ? "\n  " : "\n");
    page->column = page->in_item ? ITEM_COLUMNS : 0;
}

/* Writes the last word, as far as it is there. */
static void place_word(struct kithp_page *page)
{
    make_place(page);
    kithp_writer_bytes(page->writer, page->word, page->used);
    page->column += page->word_columns;
    page->used = 0;
    page->word_columns = 0;
}

static void end_word(struct kithp_page *page)
{
    place_word(page);
    page->goes_on = false;
}

/* Goes on with the last word, or with the row. */
static void put(struct kithp_page *page, const char *bytes, size_t length, size_t columns)
{
    if (page->in_row) {
        kithp_writer_bytes(page->writer, bytes, length);
        page->is_apart = bytes[length - 1] == ' ';
        return;
    }
    if (length > sizeof page->word - page->used) {
        place_word(page);
        page->goes_on = true;
    }
    memcpy(page->word + page->used, bytes, length);
    page->used += length;
    page->word_columns += columns;
}

/* One character, which may be the space between two words. */
static void put_character(struct kithp_page *page, const char *bytes, size_t length, size_t columns)
{
    if (*bytes == ' ' && !page->in_row)
        end_word(page);
    else
        put(page, bytes, length, columns);
}

void kithp_page_string(struct kithp_page *page, const char *words)
{
    for (; *words; words++)
        put_character(page, words, 1, 1);
}

void kithp_page_say(struct kithp_page *page, const char *words, ...)
{
    char said[SAID_ROOM];
    va_list arguments;
    va_start(arguments, words);
    vsnprintf(said, sizeof said, words, arguments);
    va_end(arguments);
    kithp_page_string(page, said);
}

uint64_t kithp_page_name(struct kithp_page *page, kith_text name, uint64_t columns)
{
    uint64_t wanted = kithp_glyph_columns(name), used = 0;
    bool cut = wanted > columns;
    uint64_t room = cut ? columns - 1 : wanted; /* the ellipsis takes a column */
    while (name.length > 0) {
        struct kithp_glyph glyph;
        kithp_glyph_take(&name, &glyph);
        if (used + glyph.columns > room)
            break;
        put_character(page, glyph.bytes, glyph.length, glyph.columns);
        used += glyph.columns;
    }
    if (!cut)
        return used;
    put(page, ellipsis, sizeof ellipsis - 1, 1);
    return used + 1;
}

void kithp_page_end_line(struct kithp_page *page)
{
    /* The space behind the last word of a line is not written. */
    if (page->used > 0)
        end_word(page);
    kithp_writer_string(page->writer, "\n");
    page->column = 0;
    page->in_item = false;
    page->in_row = false;
    page->goes_on = false;
}

void kithp_page_begin_heading(struct kithp_page *page)
{
    kithp_writer_string(page->writer, page->strong);
}

void kithp_page_end_heading(struct kithp_page *page)
{
    end_word(page);
    kithp_writer_string(page->writer, page->off);
    kithp_page_end_line(page);
}

void kithp_page_begin_item(struct kithp_page *page)
{
    page->in_item = true;
    kithp_page_string(page, "- ");
}

static void fill(struct kithp_page *page, uint64_t columns)
{
    for (; columns > 0; columns--)
        put(page, " ", 1, 1);
}

void kithp_page_begin_row(struct kithp_page *page, unsigned indent)
{
    page->in_row = true;
    fill(page, indent);
}

void kithp_page_left(struct kithp_page *page, kith_text text, unsigned columns)
{
    fill(page, columns - kithp_page_name(page, text, columns));
}

void kithp_page_right(struct kithp_page *page, const char *ascii, unsigned columns)
{
    size_t length = strlen(ascii);
    fill(page, length < columns ? columns - length : !page->is_apart);
    put(page, ascii, length, length);
}
