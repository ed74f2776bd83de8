/* SPDX-License-Identifier: MIT */
#include "left_out.h"

bool cli_left_out_any(const kith_table *standings, const kith_table *weeks)
{
    kith_week_row week = {.size = sizeof week};
    uint64_t count = kith_table_rows(weeks);
    return count == 0 || kith_table_get_row(weeks, count - 1, &week, NULL) != KITH_OK ||
           (uint64_t)week.members != kith_table_rows(standings);
}

bool cli_left_out_is(const kith_engine *engine, kith_text member)
{
    uint64_t id;
    kith_standing_row row = {.size = sizeof row};
    return kith_engine_find_id(engine, member, &id, NULL) == KITH_OK &&
           kith_engine_get_standing(engine, id, KITH_LAST_REVIEW, &row, NULL) == KITH_OK && row.left_out;
}
