/* SPDX-License-Identifier: MIT */
#include "review/activity.h"

#include "support.h"

/* Week 2931 begins on Monday, 2 March 2026, day 20514; UTC. */
enum { FIRST_WEEK = 2931, FIRST_DAY = 20514 };
#define BEGIN INT64_C(1772409600)
#define DAY INT64_C(86400)

/* A member under review, from week to week. */
struct life {
    struct kithp_carried member;
    struct kithp_circumstances now;
    int64_t next_week;
};

static struct life new_life(void)
{
    return (struct life){.member = {.joined = KITH_NO_TIME, .last_seen = KITH_NO_TIME}, .next_week = FIRST_WEEK};
}

/* Reviews the next week; NULL for one in which nothing names the member. */
static const struct kithp_circumstances *review(struct life *life, const struct kithp_row *row)
{
    static const struct kithp_figures figures;
    int64_t first_day = FIRST_DAY + (life->next_week - FIRST_WEEK) * 7;
    const struct kithp_member_week of = {
        .figures = &figures,
        .number = life->next_week,
        .begin = BEGIN + (life->next_week - FIRST_WEEK) * 7 * DAY,
        .first_day = first_day,
        .last_day = first_day + 6,
    };
    kithp_activity_review(&of, row, &life->member, &life->now);
    life->next_week++;
    return &life->now;
}

/* A row with own events on these days, the last of them in the last second of the last of these days. */
static struct kithp_row row_on(uint8_t days)
{
    struct kithp_row row = {.days = days};
    for (unsigned day = 0; day < 7; day++)
        if (days >> day & 1)
            row.last = (day + 1) * 86400;
    return row;
}

static void activity_week_has_its_days(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row row = row_on(0x01);
    review(&life, &row);
    assert_int_equal(life.now.first_day, FIRST_DAY);
    assert_int_equal(life.now.last_day, FIRST_DAY + 6);
    review(&life, NULL);
    assert_int_equal(life.now.first_day, FIRST_DAY + 7);
}

static void activity_joined_is_the_first_event_of_the_first_week(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row row = {.first = 4711};
    review(&life, &row);
    assert_int_equal(life.member.joined, BEGIN + 4711);
    assert_true(life.member.last_seen == KITH_NO_TIME);
    assert_false(life.now.acted);
    row.first = 3;
    row.last = 100;
    row.days = 1;
    review(&life, &row);
    assert_int_equal(life.member.joined, BEGIN + 4711);
    assert_int_equal(life.member.last_seen, BEGIN + 7 * DAY + 99);
    assert_true(life.now.acted);
}

static void activity_last_seen_is_of_own_events_alone(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row own = row_on(0x01), named = {.first = 5};
    review(&life, &own);
    int64_t seen = life.member.last_seen;
    assert_int_equal(seen, BEGIN + DAY - 1);
    review(&life, &named);
    review(&life, NULL);
    assert_int_equal(life.member.last_seen, seen);
    assert_false(life.now.acted);
    /* The bits of the three weeks, the latest lowest. */
    assert_int_equal(life.member.acted, 0x4);
}

static void activity_active_days_look_back_over_four_weeks(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row three = row_on(0x45), one = row_on(0x08), all = row_on(0x7F);
    assert_int_equal(review(&life, &three)->active_days, 3);
    assert_int_equal(review(&life, &one)->active_days, 4);
    assert_int_equal(review(&life, NULL)->active_days, 4);
    assert_int_equal(review(&life, NULL)->active_days, 4);
    assert_int_equal(review(&life, NULL)->active_days, 1);
    assert_int_equal(review(&life, NULL)->active_days, 0);
    for (uint32_t week = 1; week <= 6; week++)
        assert_int_equal(review(&life, &all)->active_days, week < 4 ? 7 * week : 28);
    assert_int_equal(kithp_activity_active_days(&life.member), 28);
}

static void activity_supporters_are_the_most_of_four_weeks(void **state)
{
    (void)state;
    struct life life = new_life();
    const uint16_t weeks[] = {5, 3, 9, 0, 1, 2, 0, 0, 65535, 0};
    const uint32_t expected[] = {5, 5, 9, 9, 9, 9, 2, 2, 65535, 65535};
    for (unsigned i = 0; i < 10; i++) {
        struct kithp_row row = {.supporters = weeks[i]};
        assert_int_equal(review(&life, &row)->supporters, expected[i]);
    }
    review(&life, NULL);
    review(&life, NULL);
    assert_int_equal(review(&life, NULL)->supporters, 0);
}

static void activity_own_days_stop_at_two(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row named = {.first = 5}, one = row_on(0x10), many = row_on(0x7F);
    review(&life, &named);
    assert_int_equal(life.member.own_days, 0);
    review(&life, &one);
    assert_int_equal(life.member.own_days, 1);
    review(&life, NULL);
    assert_int_equal(life.member.own_days, 1);
    review(&life, &one);
    assert_int_equal(life.member.own_days, 2);
    review(&life, &many);
    assert_int_equal(life.member.own_days, 2);
    struct life other = new_life();
    review(&other, &many);
    assert_int_equal(other.member.own_days, 2);
}

static void activity_silent_days_run_from_the_last_own_event(void **state)
{
    (void)state;
    /* A member seen on a Sunday has 0 at that week's review and 7 at the next; seen on a Monday 6 and 13. */
    struct life sunday = new_life(), monday = new_life();
    struct kithp_row last = row_on(0x40), first = row_on(0x01);
    assert_int_equal(review(&sunday, &last)->silent_days, 0);
    assert_int_equal(review(&sunday, NULL)->silent_days, 7);
    assert_int_equal(review(&sunday, NULL)->silent_days, 14);
    assert_int_equal(review(&monday, &first)->silent_days, 6);
    assert_int_equal(review(&monday, NULL)->silent_days, 13);
}

static void activity_silent_days_run_from_joined_without_own_event(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row row = {.first = 2 * 86400};
    assert_int_equal(review(&life, &row)->silent_days, 4);
    row.first = 6 * 86400;
    assert_int_equal(review(&life, &row)->silent_days, 11);
}

static void activity_silent_days_go_by_the_communitys_day(void **state)
{
    (void)state;
    struct kithp_carried member = {.joined = 0, .last_seen = BEGIN + DAY - 1};
    struct kithp_calendar calendar = {0, 0};
    assert_int_equal(kithp_activity_silent_days(&calendar, &member, FIRST_DAY + 6), 6);
    calendar.utc_offset = 1;
    assert_int_equal(kithp_activity_silent_days(&calendar, &member, FIRST_DAY + 6), 5);
    calendar.utc_offset = -86400 / 2;
    assert_int_equal(kithp_activity_silent_days(&calendar, &member, FIRST_DAY + 6), 6);
    member.last_seen = BEGIN;
    assert_int_equal(kithp_activity_silent_days(&calendar, &member, FIRST_DAY + 6), 7);
}

/* The week of 1 January 1970 begins three days before, where days are negative: no leave is none there, too. */
static void activity_of_the_first_week_of_all_knows_of_leave(void **state)
{
    (void)state;
    static const struct kithp_figures figures;
    const struct kithp_member_week of = {
        .figures = &figures, .number = 0, .begin = -3 * DAY, .first_day = -3, .last_day = 3};
    struct kithp_row row = {.first = 3 * 86400, .last = 3 * 86400 + 1, .days = 0x08};
    for (unsigned leave = 0; leave < 2; leave++) {
        struct life life = new_life();
        row.leave_end = leave; /* 0: none; 1: until day 0 */
        kithp_activity_review(&of, &row, &life.member, &life.now);
        assert_int_equal(life.member.last_seen, 0);
        assert_int_equal(life.now.on_leave, leave);
        assert_int_equal(life.now.silent_days, 3);
    }
}

/* leave_end is kept as the day plus one. */
static void activity_leave_lasts_while_it_ends_after_the_first_day(void **state)
{
    (void)state;
    const struct {
        int32_t end; /* days from the first day of the second week */
        bool on_leave;
    } cases[] = {{-1, false}, {0, false}, {1, true}, {7, true}, {400, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct life life = new_life();
        struct kithp_row row = row_on(0x01);
        row.leave_end = (uint32_t)(FIRST_DAY + 7 + cases[i].end + 1);
        assert_true(review(&life, &row)->on_leave);
        assert_int_equal(review(&life, NULL)->on_leave, cases[i].on_leave);
        assert_int_equal(life.member.on_leave, cases[i].on_leave ? 0x3 : 0x2);
    }
    struct life never = new_life();
    struct kithp_row row = row_on(0x01);
    assert_false(review(&never, &row)->on_leave);
}

static void activity_leave_ends_with_the_latest_notice_of_all_weeks(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row longer = row_on(0x01), shorter = row_on(0x01);
    longer.leave_end = FIRST_DAY + 30 + 1;
    shorter.leave_end = FIRST_DAY + 20 + 1;
    review(&life, &longer);
    review(&life, &shorter);
    assert_int_equal(life.member.leave_end, FIRST_DAY + 30 + 1);
    for (unsigned week = 2; week < 5; week++)
        assert_true(review(&life, NULL)->on_leave);
    /* The sixth week begins on day 35. */
    assert_false(review(&life, NULL)->on_leave);
}

/* Ren in docs/model.md: 45 days from a Monday; 4 days silent at the review of the last week of leave, then 11. */
static void activity_silence_runs_from_the_day_before_a_leave_ends(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row notice = row_on(0x01);
    notice.leave_end = FIRST_DAY + 45 + 1;
    assert_int_equal(review(&life, &notice)->silent_days, 0);
    for (unsigned week = 1; week < 6; week++) {
        assert_int_equal(review(&life, NULL)->silent_days, 0);
        assert_true(life.now.on_leave);
    }
    assert_int_equal(review(&life, NULL)->silent_days, 4);
    assert_true(life.now.on_leave);
    assert_int_equal(review(&life, NULL)->silent_days, 11);
    assert_false(life.now.on_leave);
    /* An act after the leave counts again. */
    struct kithp_row back = row_on(0x20);
    assert_int_equal(review(&life, &back)->silent_days, 1);
}

static void activity_act_behind_a_leaves_end_comes_first(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row row = row_on(0x11);
    /* A leave that ended on Wednesday; seen on Friday. */
    row.leave_end = FIRST_DAY + 2 + 1;
    assert_int_equal(review(&life, &row)->silent_days, 2);
}

static void activity_dormant_flag_is_of_the_review_before(void **state)
{
    (void)state;
    struct life life = new_life();
    struct kithp_row row = row_on(0x01);
    review(&life, &row);
    assert_false(life.now.was_dormant);
    life.member.flags = KITH_FLAG_SILENT | KITH_FLAG_DORMANT;
    review(&life, NULL);
    assert_true(life.now.was_dormant);
    life.member.flags = KITH_FLAG_SILENT;
    review(&life, NULL);
    assert_false(life.now.was_dormant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activity_week_has_its_days),
        cmocka_unit_test(activity_joined_is_the_first_event_of_the_first_week),
        cmocka_unit_test(activity_last_seen_is_of_own_events_alone),
        cmocka_unit_test(activity_active_days_look_back_over_four_weeks),
        cmocka_unit_test(activity_supporters_are_the_most_of_four_weeks),
        cmocka_unit_test(activity_own_days_stop_at_two),
        cmocka_unit_test(activity_silent_days_run_from_the_last_own_event),
        cmocka_unit_test(activity_silent_days_run_from_joined_without_own_event),
        cmocka_unit_test(activity_silent_days_go_by_the_communitys_day),
        cmocka_unit_test(activity_of_the_first_week_of_all_knows_of_leave),
        cmocka_unit_test(activity_leave_lasts_while_it_ends_after_the_first_day),
        cmocka_unit_test(activity_leave_ends_with_the_latest_notice_of_all_weeks),
        cmocka_unit_test(activity_silence_runs_from_the_day_before_a_leave_ends),
        cmocka_unit_test(activity_act_behind_a_leaves_end_comes_first),
        cmocka_unit_test(activity_dormant_flag_is_of_the_review_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
