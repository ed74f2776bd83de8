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

/* A row that can be used. Names lie in the row's text; they are empty where there is nobody. */
struct kithp_row_event {
    int64_t time;
    const char *member;
    const char *target;
    uint64_t member_key; /* by which members are looked up; left to the reader */
    uint64_t target_key;
    uint32_t quantity;
    uint8_t kind;
    uint8_t member_length;
    uint8_t target_length;
};

static inline kith_text kithp_row_member(const struct kithp_row_event *event)
{
    return (kith_text){event->member, event->member_length};
}

static inline kith_text kithp_row_target(const struct kithp_row_event *event)
{
    return (kith_text){event->target, event->target_length};
}

enum { KITHP_ROW_VALUE_ROOM = 256 };

struct kithp_row_fault {
    uint32_t reason;        /* KITH_REASON_…, or KITH_REASON_NONE where the row can be used */
    enum kithp_field field; /* the one at fault, KITHP_FIELDS where none is */
    uint64_t at;            /* of JSON: byte of the row at which it is, from 1; else 0 */
    size_t value_length;
    char value[KITHP_ROW_VALUE_ROOM]; /* its value, cut where it is longer; of JSON, what was expected */
};

/* One that says nothing yet. */
static inline void kithp_row_fault_begin(struct kithp_row_fault *fault)
{
    fault->reason = KITH_REASON_NONE;
    fault->field = KITHP_FIELDS;
    fault->at = 0;
    fault->value_length = 0;
}

/* Nothing stands for 1. False where it is no quantity that an event can have. */
bool kithp_row_read_quantity(kith_text text, uint32_t *quantity);

/* Why a field is of no use, with its value. */
void kithp_row_fault_set(struct kithp_row_fault *fault, uint32_t reason, enum kithp_field field, kith_text value);

/*
 * Reads an event from a row with as many fields as the header, and its id: any bytes in the row's text, none where it
 * has none. Where names or id hold doubled quotes, the row's text is changed to hold them single, but only if the row
 * can be used.
 */
void kithp_row_read(const struct kithp_row_rules *rules, const struct kithp_columns *columns,
                    const struct kithp_csv_field *fields, struct kithp_row_event *event, kith_text *id,
                    struct kithp_row_fault *fault);

#endif
