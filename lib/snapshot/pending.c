/* SPDX-License-Identifier: MIT */
/*
 * A review that failed or was cancelled: what the weeks that it has closed have brought, so that it can go on after it
 * was loaded and hand all of it out.
 */
#include <string.h>

#include "base/alloc.h"
#include "review/score.h"
#include "snapshot/snapshot.h"

enum { ROWS_A_PART = 16384, SCORE_MOST = KITHP_SCORE_WHOLE - 1 };

/* A row as parts have it. */
struct row {
    uint32_t week;
    struct kithp_review_row is;
};

static const struct kithp_pack_field columns_of_changes[] = {
    KITHP_PACK_FIELD(row, is.score), KITHP_PACK_FIELD(row, is.from), KITHP_PACK_FIELD(row, is.to),
    KITHP_PACK_FIELD(row, is.reason)};
static const struct kithp_pack_field columns_of_flags[] = {KITHP_PACK_FIELD(row, is.flags)};
static const struct kithp_pack_field columns_of_history[] = {
    KITHP_PACK_FIELD(row, is.score),         KITHP_PACK_FIELD(row, is.dimensions[0]),
    KITHP_PACK_FIELD(row, is.dimensions[1]), KITHP_PACK_FIELD(row, is.dimensions[2]),
    KITHP_PACK_FIELD(row, is.tier),          KITHP_PACK_FIELD(row, is.stage),
    KITHP_PACK_FIELD(row, is.flags)};

static const struct {
    const struct kithp_pack_field *columns;
    size_t count;
} columns_of[KITHP_LISTS] = {
    [KITHP_LIST_CHANGES] = {columns_of_changes, sizeof columns_of_changes / sizeof *columns_of_changes},
    [KITHP_LIST_FLAGS] = {columns_of_flags, sizeof columns_of_flags / sizeof *columns_of_flags},
    [KITHP_LIST_HISTORY] = {columns_of_history, sizeof columns_of_history / sizeof *columns_of_history},
};

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

/* Writes the rows that have been gathered as a part; week and member are those of the last row before. */
static void write_part(const struct row *rows, size_t count, enum kithp_list_kind kind, uint32_t *week,
                       uint32_t *member, struct kithp_parts_out *out)
{
    struct kithp_packer *packer = &out->packer;
    for (size_t i = 0; i < count; *week = rows[i++].week)
        kithp_pack_number(packer, rows[i].week - *week);
    for (size_t i = 0; i < count; *member = rows[i++].is.member)
        kithp_pack_signed(packer, (int64_t)rows[i].is.member - *member);
    kithp_pack_columns(packer, columns_of[kind].columns, columns_of[kind].count, rows, sizeof *rows, count);
    kithp_parts_write(out, "PROW");
}

/* rows has room for ROWS_A_PART. */
static void write_rows(const kith_review *review, enum kithp_list_kind kind, struct row *rows,
                       struct kithp_parts_out *out)
{
    uint32_t last_week = 0, last_member = 0;
    size_t count = 0;
    for (uint32_t week = 0; week < review->week_count; week++) {
        struct kithp_list_reader reader = kithp_review_read(review, kind, week);
        while (kithp_list_next(&reader, kind, &rows[count].is)) {
            rows[count++].week = week;
            if (count < ROWS_A_PART)
                continue;
            write_part(rows, count, kind, &last_week, &last_member, out);
            count = 0;
        }
    }
    if (count > 0)
        write_part(rows, count, kind, &last_week, &last_member, out);
}

void kithp_snapshot_write_pending(const kith_snapshot *snapshot, struct kithp_parts_out *out)
{
    const kith_review *review = snapshot->pending;
    if (!review)
        return;
    kithp_pack_number(&out->packer, review->tables);
    kithp_pack_number(&out->packer, review->week_count);
    for (unsigned i = 0; i < KITHP_LISTS; i++)
        kithp_pack_number(&out->packer, review->lists[i].count);
    kithp_parts_write(out, "PEND");
    write_weeks(review, out);
    struct row *rows = kithp_alloc_array(out->allocator, ROWS_A_PART, sizeof *rows);
    if (!rows && out->status == KITH_OK)
        out->status = KITH_NO_MEMORY;
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS && rows; kind++)
        write_rows(review, kind, rows, out);
    kithp_alloc_free(out->allocator, rows);
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
            *week = (struct kithp_review_week){0};
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

static const char *check_row(const struct row *row, const struct row *last, const struct kithp_snapshot_target *target,
                             size_t weeks)
{
    const struct kithp_review_row *is = &row->is;
    uint32_t tiers = target->exchange.from.tier_count;
    if (row->week >= weeks)
        return "expected a week of the review";
    if (is->member >= target->head.states || kithp_members_resolve(target->members, is->member) != is->member)
        return "expected a member that was reviewed";
    if (last && row->week == last->week && is->member <= last->is.member)
        return "expected each member but once a week, in order";
    if (is->score > SCORE_MOST || is->dimensions[0] > SCORE_MOST || is->dimensions[1] > SCORE_MOST ||
        is->dimensions[2] > SCORE_MOST)
        return "expected a score up to 99.99";
    if (is->tier >= tiers || is->from >= tiers || is->to >= tiers || is->reason > KITH_CHANGE_PINNED)
        return "expected tiers of the policy";
    return is->stage < KITH_STAGES && is->flags <= KITHP_FLAGS_ALL ? NULL : "expected flags and a stage";
}

/* Week and member of the rows of a part. */
static void read_places(struct kithp_unpacker *unpacker, struct row *rows, uint32_t count, uint32_t *week,
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
        rows[i].is.member = *member;
    }
}

/* Rows of one list as they come, part by part. */
struct coming {
    kith_review *review;
    enum kithp_list_kind kind;
    struct row *rows; /* those of a part, behind the last of the part before */
    uint32_t week;    /* whose rows are coming */
};

/* Puts checked rows behind those there are; each part makes a segment of its own, or one a week. */
static bool take_rows(struct coming *coming, const struct row *rows, uint32_t count)
{
    kith_review *review = coming->review;
    struct kithp_list *list = &review->lists[coming->kind];
    for (uint32_t i = 0; i < count;) {
        uint32_t end = i;
        while (end < count && rows[end].week == rows[i].week)
            end++;
        if (!kithp_list_reserve(list, coming->kind, &review->allocator, end - i, 1))
            return false;
        for (; coming->week < rows[i].week; coming->week++)
            review->weeks[coming->week].ends[coming->kind] = list->used;
        struct kithp_segment segment = kithp_segment_at(kithp_list_room(list, coming->kind, 0, 0));
        for (; i < end; i++)
            kithp_segment_add(&segment, coming->kind, &rows[i].is);
        kithp_list_close(list, &segment);
    }
    return true;
}

static bool read_part(struct kithp_parts_in *in, struct kithp_snapshot_target *target, struct coming *coming,
                      uint32_t count, bool is_first)
{
    struct row *rows = coming->rows + 1;
    uint32_t week = is_first ? 0 : coming->rows->week, member = is_first ? 0 : coming->rows->is.member;
    memset(rows, 0, count * sizeof *rows);
    read_places(&in->unpacker, rows, count, &week, &member);
    kithp_unpack_columns(&in->unpacker, columns_of[coming->kind].columns, columns_of[coming->kind].count, rows,
                         sizeof *rows, count);
    for (uint32_t i = 0; i < count && !in->unpacker.fault; i++) {
        const struct row *last = i > 0 || !is_first ? &rows[i] - 1 : NULL;
        in->unpacker.fault = check_row(&rows[i], last, target, coming->review->week_count);
        if (in->unpacker.fault)
            break;
        if (coming->kind == KITHP_LIST_HISTORY)
            rows[i].is.tier = exchange_tier(&target->exchange, rows[i].is.tier);
        if (coming->kind != KITHP_LIST_CHANGES)
            continue;
        rows[i].is.from = exchange_tier(&target->exchange, rows[i].is.from);
        rows[i].is.to = exchange_tier(&target->exchange, rows[i].is.to);
    }
    if (!kithp_parts_done(in))
        return false;
    if (!take_rows(coming, rows, count))
        return kithp_parts_no_memory(in);
    coming->rows[0] = rows[count - 1];
    return true;
}

static bool read_rows(struct kithp_parts_in *in, struct kithp_snapshot_target *target, struct coming *coming,
                      uint64_t count)
{
    kith_review *review = coming->review;
    for (uint64_t first = 0, step; first < count; first += step) {
        step = count - first < ROWS_A_PART ? count - first : ROWS_A_PART;
        if (!kithp_parts_next(in, "PROW") || !read_part(in, target, coming, (uint32_t)step, first == 0))
            return false;
    }
    for (; coming->week < review->week_count; coming->week++)
        review->weeks[coming->week].ends[coming->kind] = review->lists[coming->kind].used;
    return true;
}

static bool read_lists(struct kithp_parts_in *in, struct kithp_snapshot_target *target, kith_review *review,
                       const uint64_t counts[KITHP_LISTS])
{
    struct row *rows = kithp_alloc_array(&review->allocator, ROWS_A_PART + 1, sizeof *rows);
    bool read = rows || kithp_parts_no_memory(in);
    for (enum kithp_list_kind kind = 0; kind < KITHP_LISTS && read; kind++) {
        struct coming coming = {.review = review, .kind = kind, .rows = rows};
        read = read_rows(in, target, &coming, counts[kind]);
    }
    kithp_alloc_free(&review->allocator, rows);
    return read;
}

bool kithp_snapshot_read_pending(struct kithp_parts_in *in, struct kithp_snapshot_target *target)
{
    if (!target->head.has_pending)
        return true;
    if (!kithp_parts_next(in, "PEND"))
        return false;
    struct kithp_unpacker *unpacker = &in->unpacker;
    uint32_t tables = (uint32_t)kithp_unpack_number(unpacker, KITHP_TABLES_ALL, "expected tables of a review");
    uint32_t weeks = (uint32_t)kithp_unpack_number(unpacker, UINT32_MAX - 1, "expected fewer weeks");
    uint64_t counts[KITHP_LISTS];
    for (unsigned i = 0; i < KITHP_LISTS; i++)
        counts[i] = kithp_unpack_number(unpacker, SIZE_MAX / 2, "expected fewer rows");
    if ((tables & ~(uint32_t)KITHP_TABLES_ALL) || tables == 0)
        kithp_unpack_fault(unpacker, "expected tables of a review");
    if ((!(tables & KITH_CHANGES) && counts[KITHP_LIST_CHANGES] > 0) ||
        (!(tables & KITH_FLAGS) && counts[KITHP_LIST_FLAGS] > 0) ||
        (!(tables & KITH_HISTORY) && counts[KITHP_LIST_HISTORY] > 0))
        kithp_unpack_fault(unpacker, "expected rows of tables that the review has");
    if (!kithp_parts_done(in))
        return false;
    kith_review *review = *target->pending = kithp_review_new(target->allocator, &target->exchange.to, tables);
    if (!review)
        return kithp_parts_no_memory(in);
    return read_weeks(in, target, review, weeks) && read_lists(in, target, review, counts);
}
