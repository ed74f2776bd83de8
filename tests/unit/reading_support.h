/* SPDX-License-Identifier: MIT */
/* Reading a whole export by a description, and telling what came of it as text. */
#ifndef KITH_TESTS_READING_SUPPORT_H
#define KITH_TESTS_READING_SUPPORT_H

#include "support.h"

#include "exports/reader.h"

/* A text that is given in pieces. */
struct pieces {
    kith_text text;
    size_t at;
    size_t step;  /* bytes that a call gives at most */
    size_t fails; /* a call from this byte on fails; SIZE_MAX for none */
};

int64_t give_piece(void *context, void *buffer, size_t capacity);

/*
 * What came of an export, in its order, a line each:
 *
 *   + 86400 like x2 ana>ben #id     an event; "#" and its row's id where it has one, "~" where it goes on with the row
 *   - 3 kind type=dance             a reject: line, reason, column and value; "&" before it where it follows events
 *   - 3 json 17 expected a value    of what is no JSON, the byte and what was expected
 *   ! 2                             events left out; "& !" where they follow events
 */
struct told {
    kith_status status;
    kith_error error;
    struct gathered text;
    struct gathered rows; /* of the rejects, as they stood, with a line feed behind each */
    struct kithp_row_end end;
    uint64_t done;
    size_t batches;
};

struct reading {
    const char *description; /* NULL for none */
    kith_export names;       /* without one */
    struct kithp_row_end begin;
    enum kithp_scan_way way;
};

/* As usual: by a description, from the beginning, in the best way. */
struct reading reading_by(const char *description);

/* Under the default policy and no limits of time. */
struct told read_pieces(const struct reading *reading, struct pieces pieces, struct memory *memory);
struct told read_whole(const char *description, kith_text text, size_t step);
void told_free(struct told *told);

static inline const char *told_text(const struct gathered *text)
{
    return text->bytes ? text->bytes : "";
}

/* However the text comes: byte by byte, by the few, and at once. */
void assert_told(const char *description, kith_text text, const char *expected);

/* The same of an export that ends with a fault, after what is expected. */
void assert_told_and_failed(const char *description, kith_text text, const char *expected, kith_status status,
                            const char *message);

#endif
