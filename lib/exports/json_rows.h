/* SPDX-License-Identifier: MIT */
/*
 * Rows of a JSON document: the elements of an array in it, each given as a whole while the document never is.
 *
 * The document comes as the reader of exports has it: as a text that holds what was not used before, to which more is
 * added if a row does not end in it. What lies around rows is used as it comes, however little there is of it; a row
 * stays in the text until all of it is there. No byte is looked at slowly twice.
 */
#ifndef KITHP_EXPORTS_JSON_ROWS_H
#define KITHP_EXPORTS_JSON_ROWS_H

#include "exports/json.h"

/* How many bytes the values may have that are wanted of a document around its rows. */
enum { KITHP_JSON_ROWS_KEPT_MOST = 1 << 16 };

struct kithp_json_rows_rules {
    kith_text rows;         /* where they are: the array's path with [] behind it, "[]" for a document that is one */
    const kith_text *paths; /* what is wanted of the document around them; one less than KITHP_JSON_PATHS_MOST */
    size_t path_count;
    uint64_t row_most; /* bytes of a row */
    bool several;      /* documents may follow one another, with blanks between them or none */
};

enum kithp_json_rows_outcome {
    KITHP_JSON_ROWS_ROW,
    KITHP_JSON_ROWS_LONG,   /* a row is too long: its beginning is given. More rows may come, if its end is found */
    KITHP_JSON_ROWS_BEHIND, /* something wanted of the document stands behind its rows; reading may go on without it */
    KITHP_JSON_ROWS_FAULT,  /* the document cannot be read on */
    KITHP_JSON_ROWS_MORE,   /* there must be more text */
    KITHP_JSON_ROWS_END
};

struct kithp_json_row {
    size_t consumed;               /* bytes of the text, which are not to be given again; a row is among them */
    kith_text text;                /* of a row, as it stands; of one too long, as many bytes as a row may have */
    uint64_t line;                 /* of the row, the value behind the rows, or the fault; from 1 */
    size_t path;                   /* which one leads to the value behind the rows */
    struct kithp_json_fault fault; /* its offset is where the row, value or fault is; words are those of a fault */
};

/* An array or object that is open around the rows. */
struct kithp_json_level {
    uint32_t node;
    uint64_t element; /* of an array, the next one */
    size_t begin;     /* in what is kept of the document */
};

struct kithp_json_rows {
    const kith_allocator *allocator;
    struct kithp_json_tree around; /* what is wanted of the document; the last path is that of its rows */
    uint32_t rows_node;
    uint32_t path_count; /* without that one */
    uint64_t row_most;
    bool several;
    struct kithp_json_value *values; /* of the paths, as far as they have been met in the document */
    bool changed;                    /* since whoever looks at values has set this to false */

    struct kithp_json_check check;                             /* of all that has been looked at */
    uint64_t offset;                                           /* of the text that is given next */
    uint64_t line;                                             /* likewise */
    struct kithp_json_level levels[KITHP_JSON_NAMES_MOST + 2]; /* by how many are open */
    char *name; /* of the member that is read, as it stands, with quotes */
    size_t name_length;
    size_t name_room;
    uint32_t member; /* the node to which the name leads */
    uint32_t value;  /* that of the value that is read, or begins */
    bool begun;      /* a value has been looked at of which no byte was taken */
    char *kept;
    size_t kept_length;
    size_t value_begin; /* of the value that is read, in there */
    uint32_t keeping;   /* how many values within one another are being kept */

    uint32_t rows_depth; /* how many arrays and objects are open where rows are */
    bool in_rows;
    bool behind_rows;
    bool in_row;
    bool in_long_row;
    uint64_t row_begin;
};

/* The path that is wrong may be that of the rows: it is counted behind the others. All of the rules is copied. */
enum kithp_json_tree_outcome kithp_json_rows_init(struct kithp_json_rows *rows, const kith_allocator *allocator,
                                                  const struct kithp_json_rows_rules *rules,
                                                  struct kithp_json_path_fault *fault);
void kithp_json_rows_free(struct kithp_json_rows *rows);

/*
 * Reads to the next row, whose values are found by `tree`, or whatever else is to be told. The text begins with what
 * was not consumed of the one before, wherever that lies now; KITHP_JSON_BEHIND bytes behind it must be there to be
 * read. at_end tells that nothing comes behind it. Not to be called again after a fault or the end.
 */
enum kithp_json_rows_outcome kithp_json_rows_read(struct kithp_json_rows *rows, const struct kithp_json_tree *tree,
                                                  kith_text text, bool at_end, struct kithp_json_value *values,
                                                  struct kithp_json_row *row);

/* What is known of the document so far, one value a path, until the next one begins. */
static inline const struct kithp_json_value *kithp_json_rows_document(const struct kithp_json_rows *rows)
{
    return rows->values;
}

#endif
