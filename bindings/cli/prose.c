/* SPDX-License-Identifier: MIT */
#include "prose.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "text.h"

int cli_prose_begin(struct cli_prose *prose)
{
    *prose = (struct cli_prose){NULL, NULL, 0};
    prose->stream = open_memstream(&prose->text, &prose->length);
    return prose->stream ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}

static size_t word_length(const char *text, size_t length)
{
    const char *space = memchr(text, ' ', length);
    return space ? (size_t)(space - text) : length;
}

/* Words are never cut: one that is wider than the page stands on a line of its own. */
static void print_wrapped(FILE *out, const char *line, size_t length)
{
    const char *hang = length > 1 && line[0] == '-' && line[1] == ' ' ? "  " : "";
    int column = 0;
    while (length > 0) {
        size_t word = word_length(line, length);
        int columns = cli_text_columns((kith_text){line, word});
        if (column > 0 && column + 1 + columns > CLI_PAGE_COLUMNS) {
            fprintf(out, "\n%s", hang);
            column = (int)strlen(hang);
        } else if (column > 0) {
            fputc(' ', out);
            column++;
        }
        fwrite(line, 1, word, out);
        column += columns;
        word += word < length; /* the space behind it */
        line += word;
        length -= word;
    }
}

static void print_line(FILE *out, const char *line, size_t length)
{
    bool verbatim = length > 0 && (line[0] == ' ' || line[0] == '\033');
    if (verbatim)
        fwrite(line, 1, length, out);
    else
        print_wrapped(out, line, length);
    fputc('\n', out);
}

int cli_prose_print(struct cli_prose *prose, FILE *out)
{
    bool written = !ferror(prose->stream);
    written = fclose(prose->stream) == 0 && written;
    size_t at = 0;
    while (written && at < prose->length) {
        const char *end = memchr(prose->text + at, '\n', prose->length - at);
        size_t length = end ? (size_t)(end - (prose->text + at)) : prose->length - at;
        print_line(out, prose->text + at, length);
        at += length + 1;
    }
    free(prose->text);
    return written ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}
