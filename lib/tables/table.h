/* SPDX-License-Identifier: MIT */
/* A table: columns of one length. */
#ifndef KITHP_TABLES_TABLE_H
#define KITHP_TABLES_TABLE_H

#include <stdatomic.h>

#include "policy/policy.h"
#include "tables/column.h"

enum { KITHP_COLUMNS_MOST = 4 + KITH_STAGES + KITHP_TIERS_MOST }; /* KITH_WEEKS has the most */

struct kith_table {
    kith_allocator allocator;
    atomic_uint holders; /* whoever frees it last does */
    uint32_t which;      /* KITH_STANDINGS … */
    uint32_t column_count;
    struct kithp_column columns[KITHP_COLUMNS_MOST];
    size_t tier_count;
    char tier_names[KITHP_TIERS_MOST][KITHP_NAME_MOST + 1];
    const char *tier_labels[KITHP_TIERS_MOST]; /* to tier_names */
};

/* A table without columns; NULL where there is no memory. */
kith_table *kithp_table_new(const kith_allocator *allocator, uint32_t which);

/* One more is to free it; any thread may. Returns the table. */
kith_table *kithp_table_hold(kith_table *table);

/* A copy of a table of rejects, whose text is UTF-8 throughout; NULL where there is no memory. */
kith_table *kithp_rejects_copy(const kith_table *table);

/* Its names become the labels of tiers. */
void kithp_table_set_tiers(kith_table *table, const struct kithp_tier *tiers, uint32_t count);

/* Adds an empty column. name is copied; labels, of a label or flag column, must live as long as the table. */
struct kithp_column *kithp_table_add_column(kith_table *table, const char *name, uint32_t type);
struct kithp_column *kithp_table_add_labels(kith_table *table, const char *name, uint32_t type,
                                            const char *const *labels, size_t label_count);

#endif
