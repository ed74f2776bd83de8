/* SPDX-License-Identifier: MIT */
#include "tables/table.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/versioned.h"

kith_table *kithp_table_new(const kith_allocator *allocator, uint32_t which)
{
    kith_table *table = kithp_alloc_cleared(allocator, 1, sizeof *table);
    if (!table)
        return NULL;
    table->allocator = *allocator;
    atomic_init(&table->holders, 1);
    table->which = which;
    return table;
}

void kithp_table_set_tiers(kith_table *table, const struct kithp_tier *tiers, uint32_t count)
{
    table->tier_count = count;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(table->tier_names[i], tiers[i].name, sizeof table->tier_names[i]);
        table->tier_labels[i] = table->tier_names[i];
    }
}

struct kithp_column *kithp_table_add_column(kith_table *table, const char *name, uint32_t type)
{
    struct kithp_column *column = &table->columns[table->column_count++];
    column->type = type;
    snprintf(column->name, sizeof column->name, "%s", name);
    return column;
}

struct kithp_column *kithp_table_add_labels(kith_table *table, const char *name, uint32_t type,
                                            const char *const *labels, size_t label_count)
{
    struct kithp_column *column = kithp_table_add_column(table, name, type);
    column->labels = labels;
    column->label_count = label_count;
    return column;
}

kith_table *kithp_table_hold(kith_table *table)
{
    atomic_fetch_add_explicit(&table->holders, 1, memory_order_relaxed);
    return table;
}

void kith_table_free(kith_table *table)
{
    if (!table || atomic_fetch_sub_explicit(&table->holders, 1, memory_order_acq_rel) != 1)
        return;
    kith_allocator allocator = table->allocator;
    for (uint32_t i = 0; i < table->column_count; i++)
        kithp_column_free(&allocator, &table->columns[i]);
    kithp_alloc_free(&allocator, table);
}

uint64_t kith_table_rows(const kith_table *table)
{
    return table && table->column_count > 0 ? table->columns[0].count : 0;
}

uint32_t kith_table_columns(const kith_table *table)
{
    return table ? table->column_count : 0;
}

kith_status kith_table_get_column(const kith_table *table, uint32_t index, kith_column *column, kith_error *error)
{
    if (!table)
        return kithp_fail_argument(error, "table", "must not be NULL");
    if (index >= table->column_count)
        return kithp_fail_argument(error, "index", "is past the last column");
    kith_status status = kithp_versioned_check(column, sizeof *column, "column", error);
    if (status != KITH_OK)
        return status;
    const struct kithp_column *given = &table->columns[index];
    kith_column own = {
        .type = given->type,
        .name = given->name,
        .count = given->count,
        .values = given->values,
        .offsets = given->offsets,
        .labels = given->labels,
        .label_count = given->label_count,
    };
    kithp_versioned_write(column, &own, sizeof own);
    return KITH_OK;
}
