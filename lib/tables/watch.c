/* SPDX-License-Identifier: MIT */
#include "tables/watch.h"

#include "tables/labels.h"
#include "tables/table.h"

enum column { MEMBER, TIER, SCORE, FLAGS, SILENT_DAYS, LAST_SEEN, RISK, ALIKE, LOST };

static void add_columns(kith_table *table, bool named)
{
    kithp_table_add_column(table, "member", named ? KITH_COLUMN_TEXT : KITH_COLUMN_ID);
    kithp_table_add_labels(table, "tier", KITH_COLUMN_LABEL, table->tier_labels, table->tier_count);
    kithp_table_add_column(table, "score", KITH_COLUMN_SCORE);
    kithp_table_add_labels(table, "flags", KITH_COLUMN_FLAGS, kithp_flag_labels, KITHP_FLAG_COUNT);
    kithp_table_add_column(table, "silent_days", KITH_COLUMN_COUNT);
    kithp_table_add_column(table, "last_seen", KITH_COLUMN_TIME);
    kithp_table_add_column(table, "risk", KITH_COLUMN_SCORE);
    kithp_table_add_column(table, "alike", KITH_COLUMN_COUNT);
    kithp_table_add_column(table, "lost", KITH_COLUMN_COUNT);
}

static void push_row(kith_table *table, const struct kithp_members *members, const struct kithp_watched *watched)
{
    struct kithp_column *columns = table->columns;
    const struct kithp_standing *standing = &watched->standing;
    if (members->named)
        kithp_column_push_text(&columns[MEMBER], kithp_members_name(members, standing->member));
    else
        kithp_column_push(&columns[MEMBER], (int64_t)kithp_members_id(members, standing->member));
    kithp_column_push(&columns[TIER], standing->tier);
    kithp_column_push(&columns[SCORE], standing->score);
    kithp_column_push(&columns[FLAGS], standing->flags);
    kithp_column_push(&columns[SILENT_DAYS], standing->silent_days);
    kithp_column_push(&columns[LAST_SEEN], standing->last_seen);
    kithp_column_push(&columns[RISK], standing->risk);
    kithp_column_push(&columns[ALIKE], (int64_t)watched->alike.n);
    kithp_column_push(&columns[LOST], (int64_t)watched->alike.y);
}

kith_table *kithp_watch_table(const kith_allocator *allocator, const struct kithp_figures *figures,
                              const struct kithp_members *members, const struct kithp_watched *watched, size_t count)
{
    kith_table *table = kithp_table_new(allocator, KITH_WATCH);
    if (!table)
        return NULL;
    kithp_table_set_tiers(table, figures->tiers, figures->tier_count);
    add_columns(table, members->named);
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += kithp_members_name(members, watched[i].standing.member).length;
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (!kithp_column_reserve(allocator, &table->columns[i], count, bytes)) {
            kith_table_free(table);
            return NULL;
        }
    }
    for (size_t i = 0; i < count; i++)
        push_row(table, members, &watched[i]);
    return table;
}
