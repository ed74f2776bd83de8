/* SPDX-License-Identifier: MIT */
/*
 * A review that failed or was cancelled: what the weeks that it has closed have brought, so that it can go on after it
 * was loaded and hand all of it out.
 */
#include <string.h>

#include "base/alloc.h"
#include "snapshot/snapshot.h"

enum {
    TABLES_ALL = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY,
    ROWS_A_PART = 16384,
    SCORE_MOST = 9999,
    FLAGS_ALL = 63
};

static const struct kithp_column row_columns[] = {
    KITHP_COLUMN(kithp_review_row, score),
    KITHP_COLUMN(kithp_review_row, dimensions[0]),
    KITHP_COLUMN(kithp_review_row, dimensions[1]),
    KITHP_COLUMN(kithp_review_row, dimensions[2]),
    KITHP_COLUMN(kithp_review_row, tier),
    KITHP_COLUMN(kithp_review_row, stage),
    KITHP_COLUMN(kithp_review_row, flags),
    KITHP_COLUMN(kithp_review_row, from),
    KITHP_COLUMN(kithp_review_row, to),
    KITHP_COLUMN(kithp_review_row, reason),
};
enum { ROW_COLUMNS = sizeof row_columns / sizeof *row_columns };

/* ---- writing ---- */

static void write_week(struct kithp_packer *packer, const struct kithp_review_week *week)
{
    kithp_pack_signed(packer, week->first_day);
    kithp_pack_number(packer, week->members);
    kithp_pack_number(packer, week->active_members);
    kithp_pack_number(packer, week->score_sum);
    for (unsigned i = 0; i < KITH_STAGES; i++)
        kithp_pack_number(packer, week->stages[i]);
    for (unsigned i = 0; i < KITHP_TIERS_MOST; i++)
        kithp_pack_number(packer, week->tiers[i]);
}

static void write_weeks(const kith_review *review, struct kithp_parts_out *out)
{
    uint32_t count = (uint32_t)review->week_count;
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, KITHP_PART_ITEMS);
        for (uint32_t i = first; i < first + step; i++)
            write_week(&out->packer, &review->weeks[i]);
        kithp_parts_write(out, "PWKS");
    }
}

static void write_rows(const struct kithp_review_rows *list, struct kithp_parts_out *out)
{
    struct kithp_packer *packer = &out->packer;
    uint32_t week = 0, member = 0;
    for (size_t first = 0, step; first < list->count; first += step) {
        step = list->count - first < ROWS_A_PART ? list->count - first : ROWS_A_PART;
        const struct kithp_review_row *rows = list->rows + first;
        for (size_t i = 0; i < step; week = rows[i++].week)
            kithp_pack_number(packer, rows[i].week - week);
        for (size_t i = 0; i < step; member = rows[i++].member)
            kithp_pack_signed(packer, (int64_t)rows[i].member - member);
        kithp_pack_columns(packer, row_columns, ROW_COLUMNS, rows, sizeof *rows, step);
        kithp_parts_write(out, "PROW");
    }
}

void kithp_snapshot_write_pending(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    const kith_review *review = snapshot->pending;
    if (!review)
        return;
    kithp_pack_number(&out->packer, review->tables);
    kithp_pack_number(&out->packer, review->week_count);
    kithp_pack_number(&out->packer, review->changes.count);
    kithp_pack_number(&out->packer, review->flags.count);
    kithp_pack_number(&out->packer, review->history.count);
    kithp_parts_write(out, "PEND");
    write_weeks(review, out);
    write_rows(&review->changes, out);
    write_rows(&review->flags, out);
    write_rows(&review->history, out);
}

/* ---- reading ---- */

static void read_week(struct kithp_unpacker *unpacker, const struct kithp_snapshot_target *target,
                      struct kithp_review_week *week)
{
    uint32_t members = target->head.members;
    int64_t first_day = kithp_unpack_signed(unpacker);
    week->members = (uint32_t)kithp_unpack_number(unpacker, members, "expected no more members than there are");
    members = week->members;
    week->active_members = (uint32_t)kithp_unpack_number(unpacker, members, "expected fewer members");
    week->score_sum = kithp_unpack_number(unpacker, (uint64_t)SCORE_MOST * members, "expected a smaller sum");
    uint64_t in_stages = 0, in_tiers = 0;
    for (unsigned i = 0; i < KITH_STAGES; i++) {
        week->stages[i] = (uint32_t)kithp_unpack_number(unpacker, members, "expected fewer members");
        in_stages += week->stages[i];
    }
    for (unsigned i = 0; i < KITHP_TIERS_MOST; i++) {
        week->tiers[i] = (uint32_t)kithp_unpack_number(unpacker, members, "expected fewer members");
        in_tiers += i < target->exchange.from.tier_count ? week->tiers[i] : 0;
    }
    if (in_stages != members || in_tiers != members)
        kithp_unpack_fault(unpacker, "expected stages and tiers of all members");
    const struct kithp_calendar *calendar = &target->exchange.from.calendar;
    int64_t last_day = kithp_calendar_first_day(calendar, target->head.closed_week);
    int64_t week_start = kithp_calendar_first_day(calendar, 0);
    if (first_day > last_day || first_day < kithp_calendar_first_day(calendar, kithp_calendar_week(calendar, 0)) ||
        (first_day - week_start) % KITHP_DAYS_A_WEEK != 0)
        kithp_unpack_fault(unpacker, "expected the first day of a week that was reviewed");
    week->first_day = unpacker->fault ? 0 : (int32_t)first_day;
}

/* Counts of tiers go where their tiers have gone; those of a tier that is gone are none. */
static void exchange_week(struct kithp_exchange *exchange, struct kithp_review_week *week)
{
    if (exchange->is_same)
        return;
    uint32_t counts[KITHP_TIERS_MOST];
    memcpy(counts, week->tiers, sizeof counts);
    memset(week->tiers, 0, sizeof week->tiers);
    for (uint32_t i = 0; i < exchange->from.tier_count; i++) {
        if (exchange->tier[i] >= 0)
            week->tiers[exchange->tier[i]] = counts[i];
        else if (counts[i] > 0)
            exchange->reported_tier[i] = true;
    }
}

static bool read_weeks(struct kithp_parts_in *in, struct kithp_snapshot_target *target, kith_review *review,
                       uint32_t count)
{
    for (uint32_t first = 0, step; first < count; first += step) {
        step = kithp_snapshot_step(first, count, KITHP_PART_ITEMS);
        if (!kithp_parts_next(in, "PWKS"))
            return false;
        if (!kithp_alloc_grow(&review->allocator, (void **)&review->weeks, &review->week_capacity, (size_t)first + step,
                              sizeof *review->weeks))
            return kithp_parts_no_memory(in);
        for (uint32_t i = first; i < first + step && !in->unpacker.fault; i++) {
            struct kithp_review_week *week = &review->weeks[i];
            read_week(&in->unpacker, target, week);
            if (i > 0 && week->first_day <= week[-1].first_day)
                kithp_unpack_fault(&in->unpacker, "expected weeks in order");
            exchange_week(&target->exchange, week);
        }
        if (!kithp_parts_done(in))
            return false;
        review->week_count = (size_t)first + step;
    }
    return true;
}

static uint8_t exchange_tier(struct kithp_exchange *exchange, uint8_t tier)
{
    if (exchange->tier[tier] < 0)
        exchange->reported_tier[tier] = true;
    return kithp_exchange_tier(exchange, tier);
}

static const char *check_row(const struct kithp_review_row *row, const struct kithp_snapshot_target *target,
                             size_t weeks)
{
    uint32_t tiers = target->exchange.from.tier_count;
    if (row->week >= weeks)
        return "expected a week of the review";
    if (row->member >= target->head.states || kithp_members_resolve(target->members, row->member) != row->member)
        return "expected a member that was reviewed";
    if (row->score > SCORE_MOST || row->dimensions[0] > SCORE_MOST || row->dimensions[1] > SCORE_MOST ||
        row->dimensions[2] > SCORE_MOST)
        return "expected a score up to 99.99";
    if (row->tier >= tiers || row->from >= tiers || row->to >= tiers || row->reason > KITH_CHANGE_PINNED)
        return "expected tiers of the policy";
    return row->stage < KITH_STAGES && row->flags <= FLAGS_ALL ? NULL : "expected flags and a stage";
}

/* Week and member of the rows of a part. */
static void read_places(struct kithp_unpacker *unpacker, struct kithp_review_row *rows, uint32_t count, uint32_t *week,
                        uint32_t *member)
{
    for (uint32_t i = 0; i < count; i++) {
        *week += (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX - *week, "expected a week");
        rows[i].week = *week;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t next = *member + (uint64_t)kithp_unpack_signed(unpacker);
        if (next >= UINT32_MAX)
            kithp_unpack_fault(unpacker, "expected a member");
        *member = unpacker->fault ? 0 : (uint32_t)next;
        rows[i].member = *member;
    }
}

static bool read_rows(struct kithp_parts_in *in, struct kithp_snapshot_target *target, kith_review *review,
                      struct kithp_review_rows *list, uint64_t count)
{
    uint32_t week = 0, member = 0;
    while (list->count < count) {
        uint32_t step = count - list->count < ROWS_A_PART ? (uint32_t)(count - list->count) : ROWS_A_PART;
        if (!kithp_parts_next(in, "PROW"))
            return false;
        if (!kithp_alloc_grow(&review->allocator, (void **)&list->rows, &list->capacity, list->count + step,
                              sizeof *list->rows))
            return kithp_parts_no_memory(in);
        struct kithp_review_row *rows = list->rows + list->count;
        memset(rows, 0, step * sizeof *rows);
        read_places(&in->unpacker, rows, step, &week, &member);
        kithp_unpack_columns(&in->unpacker, row_columns, ROW_COLUMNS, rows, sizeof *rows, step);
        for (uint32_t i = 0; i < step && !in->unpacker.fault; i++) {
            in->unpacker.fault = check_row(&rows[i], target, review->week_count);
            if (in->unpacker.fault)
                break;
            rows[i].tier = exchange_tier(&target->exchange, rows[i].tier);
            rows[i].from = exchange_tier(&target->exchange, rows[i].from);
            rows[i].to = exchange_tier(&target->exchange, rows[i].to);
        }
        if (!kithp_parts_done(in))
            return false;
        list->count += step;
    }
    return true;
}

bool kithp_snapshot_read_pending(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    if (!target->head.has_pending)
        return true;
    if (!kithp_parts_next(in, "PEND"))
        return false;
    struct kithp_unpacker *unpacker = &in->unpacker;
    uint32_t tables = (uint32_t)kithp_unpack_number(unpacker, TABLES_ALL, "expected tables of a review");
    uint32_t weeks = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX - 1, "expected fewer weeks");
    uint64_t changes = kithp_unpack_number(unpacker, SIZE_MAX / 2, "expected fewer rows");
    uint64_t flags = kithp_unpack_number(unpacker, SIZE_MAX / 2, "expected fewer rows");
    uint64_t history = kithp_unpack_number(unpacker, SIZE_MAX / 2, "expected fewer rows");
    if ((tables & ~(uint32_t)TABLES_ALL) || tables == 0)
        kithp_unpack_fault(unpacker, "expected tables of a review");
    if ((!(tables & KITH_CHANGES) && changes > 0) || (!(tables & KITH_FLAGS) && flags > 0) ||
        (!(tables & KITH_HISTORY) && history > 0))
        kithp_unpack_fault(unpacker, "expected rows of tables that the review has");
    if (!kithp_parts_done(in))
        return false;
    kith_review *review = *target->pending = kithp_review_new(target->allocator, &target->exchange.to, tables);
    if (!review)
        return kithp_parts_no_memory(in);
    return read_weeks(in, target, review, weeks) && read_rows(in, target, review, &review->changes, changes) &&
           read_rows(in, target, review, &review->flags, flags) &&
           read_rows(in, target, review, &review->history, history);
}
