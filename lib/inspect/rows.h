/* SPDX-License-Identifier: MIT */
/* From an export's text to its rows, of which each field is looked at. */
#ifndef KITHP_INSPECT_ROWS_H
#define KITHP_INSPECT_ROWS_H

#include "base/error.h"
#include "exports/json.h"
#include "inspect/paths.h"
#include "inspect/sample.h"

/* How long a row may be that is looked at. */
enum { KITHP_INSPECT_ROW_MOST = 8 << 20 };

struct kithp_inspect_rows {
    struct kithp_inspect_fields *fields;
    struct kithp_sample *sample;
    char delimiter;      /* of CSV; 0 to find it */
    kith_text rows_path; /* of a JSON document; empty to find it */
    uint32_t single; /* KITH_FORMAT_…: what a single object is, which might be a row or a document; ANY to find out */
    bool headless;   /* the header of a CSV looks like data */
    uint64_t rows;
    uint64_t refused;
    char *scratch; /* for values whose escapes are resolved, and for rows_path where it was found */
    size_t scratch_room;
    char found_path[KITHP_INSPECT_PATH_ROOM];
    kith_status status; /* of what failed */
    char words[256];    /* likewise */
    uint64_t line;      /* likewise, where it is known */
};

/* These read to the end of what is looked at. False where that failed: then status and words say why. */
bool kithp_inspect_csv(struct kithp_inspect_rows *rows);
bool kithp_inspect_lines(struct kithp_inspect_rows *rows);
bool kithp_inspect_document(struct kithp_inspect_rows *rows);

/* KITH_FORMAT_…: what the text is that the sample begins with, of which some must be there. */
uint32_t kithp_inspect_format(struct kithp_inspect_rows *rows);

/* ---- what these share ---- */

bool kithp_inspect_fail(struct kithp_inspect_rows *rows, kith_status status, const char *words, ...) KITHP_FORMAT(3, 4);
bool kithp_inspect_fail_memory(struct kithp_inspect_rows *rows);

/* Adds to the sample's text. Sets more to false at its end. */
bool kithp_inspect_more(struct kithp_inspect_rows *rows, bool *more);

/* Looks at a row of JSON, or at any value as that of a field. */
bool kithp_inspect_json_row(struct kithp_inspect_rows *rows, const struct kithp_json_value *value);
bool kithp_inspect_json_value(struct kithp_inspect_rows *rows, uint32_t field, const struct kithp_json_value *value);

/* Where the rows of a JSON document are, of which a beginning is there; an empty text where there are none. */
struct kithp_inspect_found {
    char *path; /* where it is written, with room for found_path */
    size_t length;
    uint64_t objects; /* elements that could be rows */
    uint64_t bytes;   /* of them */
    uint64_t begin;   /* of the array */
    uint64_t end;     /* of what was looked at, up to a fault if there is one */
};
void kithp_inspect_find_rows(kith_text text, char *path, size_t room, struct kithp_inspect_found *found);

#endif
