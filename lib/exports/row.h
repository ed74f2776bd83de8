/* SPDX-License-Identifier: MIT */
/* From the fields of a row to an event, or to the reason why it is refused. */
#ifndef KITHP_EXPORTS_ROW_H
#define KITHP_EXPORTS_ROW_H

#include "base/hash.h"
#include "base/index.h"
#include "exports/columns.h"
#include "exports/kinds.h"
#include "policy/policy.h"

/* Rules that hold for all rows of an export. */
struct kithp_row_rules {
    const struct kithp_figures *figures;
    struct kithp_hash_key key;
    struct kithp_index kinds; /* by name */
    struct kithp_kinds names; /* the same, for names that lie in a longer text */
    int64_t earliest;         /* a time before is late */
    int64_t latest;           /* a time after is future */
};

/* figures must outlive the rules. False where there is no memory. */
bool kithp_row_rules_init(struct kithp_row_rules *rules, const kith_allocator *allocator,
                          const struct kithp_figures *figures, int64_t earliest, int64_t latest);
void kithp_row_rules_free(struct kithp_row_rules *rules);

/* Where a row ends in the text of its export, line end and all. */
struct kithp_row_end {
    uint64_t offset;
    uint64_t line; /* on which the row behind it would start */
};

/* A row that can be used. Names and id lie in the row's text; names are empty where there is nobody. */
struct kithp_row_event {
    int64_t time;
    kith_text member;
    kith_text target;
    uint32_t kind;
    uint32_t quantity;
    kith_text id;             /* any bytes; empty where there is none */
    struct kithp_row_end end; /* left to the reader */
};

enum { KITHP_ROW_VALUE_ROOM = 256 };

struct kithp_row_fault {
    uint32_t reason;        /* KITH_REASON_…, or KITH_REASON_NONE where the row can be used */
    enum kithp_field field; /* the one at fault, KITHP_FIELDS where none is */
    size_t value_length;
    char value[KITHP_ROW_VALUE_ROOM]; /* its value, cut where it is longer */
};

/*
 * Reads an event from a row with as many fields as the header. Where names or id hold doubled quotes, the row's text is
 * changed to hold them single, but only if the row can be used.
 */
void kithp_row_read(const struct kithp_row_rules *rules, const struct kithp_columns *columns,
                    const struct kithp_csv_field *fields, struct kithp_row_event *event, struct kithp_row_fault *fault);

#endif
