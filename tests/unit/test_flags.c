/* SPDX-License-Identifier: MIT */
#include "review/flags.h"

#include "support.h"

enum { NO_FLAG = 0, S = KITH_FLAG_SILENT, D = KITH_FLAG_DORMANT, DROP = KITH_FLAG_DROP, STALLED = KITH_FLAG_STALLED };

/* silent 7 days, dormant 28, drop 50 percent against 4 weeks of 2 each */
static const struct kithp_figures *const usual = &kithp_policy_defaults;

/* A member that joined long ago and has acted on many days. */
static struct kithp_carried old_member(void)
{
    return (struct kithp_carried){.joined = 0, .own_days = 2};
}

static const uint32_t no_baseline[KITHP_BASELINE_MOST];

static unsigned flags_with(const struct kithp_figures *figures, const struct kithp_circumstances *now,
                           const struct kithp_carried *member, const uint32_t *baseline)
{
    return kithp_flags_review(figures, now, member, member->baseline_weeks, kithp_flags_baseline(member, baseline));
}

static unsigned flags_of(const struct kithp_circumstances *now, const struct kithp_carried *member)
{
    return flags_with(usual, now, member, no_baseline);
}

static void flags_silent_and_dormant_rise_at_their_days(void **state)
{
    (void)state;
    const struct {
        int64_t silent_days;
        unsigned flags;
    } cases[] = {{0, NO_FLAG}, {6, NO_FLAG}, {7, S}, {27, S}, {28, S | D}, {3000, S | D}};
    struct kithp_carried member = old_member();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_circumstances now = {.last_day = 20000, .silent_days = cases[i].silent_days};
        assert_int_equal(flags_of(&now, &member), cases[i].flags);
    }
}

static void flags_silent_and_dormant_may_fall_together(void **state)
{
    (void)state;
    struct kithp_figures figures = *usual;
    figures.silent_days = figures.dormant_days = 10;
    struct kithp_carried member = old_member();
    struct kithp_circumstances now = {.last_day = 20000, .silent_days = 9};
    assert_int_equal(flags_with(&figures, &now, &member, no_baseline), NO_FLAG);
    now.silent_days = 10;
    assert_int_equal(flags_with(&figures, &now, &member, no_baseline), S | D);
}

static void flags_stalled_is_of_silent_newcomers(void **state)
{
    (void)state;
    enum { JOINED = 20514 };
    const struct {
        const char *words;
        int64_t days_since; /* last day of the week less day of joined */
        int64_t silent_days;
        uint8_t own_days;
        unsigned flags;
    } cases[] = {
        {"one day, silent", 7, 7, 1, S | STALLED},
        {"no day of its own", 7, 7, 0, S | STALLED},
        {"two days", 7, 7, 2, S},
        {"not silent yet", 6, 6, 1, NO_FLAG},
        {"last day of it", 27, 27, 1, S | STALLED},
        {"a day later", 28, 27, 1, S},
        {"dormant as well", 28, 28, 0, S | D},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kithp_carried member = {.joined = JOINED * INT64_C(86400) + 86399, .own_days = cases[i].own_days};
        struct kithp_circumstances now = {.last_day = JOINED + cases[i].days_since,
                                          .silent_days = cases[i].silent_days};
        if (flags_of(&now, &member) != cases[i].flags)
            fail_msg("%s: %u", cases[i].words, flags_of(&now, &member));
    }
}

/* On a clock an hour ahead, 23:30 UTC belongs to the next day. */
static void flags_stalled_goes_by_the_communitys_day(void **state)
{
    (void)state;
    struct kithp_figures figures = *usual;
    struct kithp_carried member = {.joined = 20514 * INT64_C(86400) + 84600, .own_days = 1};
    struct kithp_circumstances now = {.last_day = 20514 + 28, .silent_days = 27};
    assert_int_equal(flags_with(&figures, &now, &member, no_baseline), S);
    figures.calendar.utc_offset = 3600;
    assert_int_equal(flags_with(&figures, &now, &member, no_baseline), S | STALLED);
}

static void flags_returned_needs_an_act_after_dormant(void **state)
{
    (void)state;
    struct kithp_carried member = old_member();
    for (unsigned bits = 0; bits < 4; bits++) {
        struct kithp_circumstances now = {.last_day = 20000, .acted = bits & 1, .was_dormant = bits & 2};
        assert_int_equal(flags_of(&now, &member), bits == 3 ? KITH_FLAG_RETURNED : NO_FLAG);
    }
}

static void flags_on_leave_are_none_but_returned(void **state)
{
    (void)state;
    struct kithp_carried member = {.joined = 19999 * INT64_C(86400), .baseline_weeks = 4};
    const uint32_t baseline[] = {50, 50, 50, 50};
    struct kithp_circumstances now = {.last_day = 20000, .silent_days = 99};
    assert_int_equal(flags_with(usual, &now, &member, baseline), S | D | DROP | STALLED);
    now.on_leave = true;
    assert_int_equal(flags_with(usual, &now, &member, baseline), NO_FLAG);
    now.acted = now.was_dormant = true;
    assert_int_equal(flags_with(usual, &now, &member, baseline), KITH_FLAG_RETURNED);
}

/* ---- drop ---- */

static bool drops(const struct kithp_figures *figures, uint8_t weeks, const uint32_t *baseline, uint32_t interactions)
{
    struct kithp_carried member = old_member();
    member.baseline_weeks = weeks;
    struct kithp_circumstances now = {.last_day = 20000, .acted = true, .interactions = interactions};
    unsigned flags = flags_with(figures, &now, &member, baseline);
    assert_int_equal(flags & ~(unsigned)DROP, 0);
    return flags == DROP;
}

/* The weeks of Kim in docs/model.md. */
static void flags_drop_examples_are_as_documented(void **state)
{
    (void)state;
    assert_false(drops(usual, 4, (const uint32_t[]){6, 4, 5, 5}, 4));
    assert_true(drops(usual, 4, (const uint32_t[]){4, 5, 5, 4}, 2));
    assert_false(drops(usual, 4, (const uint32_t[]){5, 5, 4, 2}, 3));
    assert_true(drops(usual, 4, (const uint32_t[]){5, 4, 2, 3}, 1));
    assert_true(drops(usual, 4, (const uint32_t[]){8, 8, 8, 8}, 4));
    assert_false(drops(usual, 4, (const uint32_t[]){8, 8, 8, 8}, 5));
}

static void flags_drop_needs_enough_weeks_behind(void **state)
{
    (void)state;
    const uint32_t baseline[] = {40, 40, 40, 40};
    assert_false(drops(usual, 3, baseline, 0));
    assert_true(drops(usual, 4, baseline, 0));
}

static void flags_drop_needs_a_mean_of_the_least(void **state)
{
    (void)state;
    assert_false(drops(usual, 4, (const uint32_t[]){2, 2, 2, 1}, 0));
    assert_true(drops(usual, 4, (const uint32_t[]){2, 2, 2, 2}, 0));
    assert_true(drops(usual, 4, (const uint32_t[]){8, 0, 0, 0}, 0));
}

/* With drop_min_per_week 0, somebody who never interacted has nothing to drop from. */
static void flags_drop_from_nothing_is_none(void **state)
{
    (void)state;
    struct kithp_figures figures = *usual;
    figures.drop_min_per_week = 0;
    assert_false(drops(&figures, 4, (const uint32_t[]){0, 0, 0, 0}, 0));
    assert_true(drops(&figures, 4, (const uint32_t[]){1, 0, 0, 0}, 0));
    assert_false(drops(&figures, 4, (const uint32_t[]){1, 0, 0, 0}, 1));
}

static void flags_drop_percent_is_met_exactly(void **state)
{
    (void)state;
    struct kithp_figures figures = *usual;
    figures.drop_baseline_weeks = 2;
    /* B = 100: a fall by p percent of the mean of 50 is 50 - p / 2 or less. */
    const uint32_t baseline[] = {30, 70};
    figures.drop_percent = 1;
    assert_false(drops(&figures, 2, baseline, 50));
    assert_true(drops(&figures, 2, baseline, 49));
    figures.drop_percent = 30;
    assert_true(drops(&figures, 2, baseline, 35));
    assert_false(drops(&figures, 2, baseline, 36));
    figures.drop_percent = 100;
    assert_true(drops(&figures, 2, baseline, 0));
    assert_false(drops(&figures, 2, baseline, 1));
}

static void flags_drop_of_the_largest_does_not_overflow(void **state)
{
    (void)state;
    struct kithp_figures figures = *usual;
    figures.drop_baseline_weeks = KITHP_BASELINE_MOST;
    uint32_t baseline[KITHP_BASELINE_MOST];
    for (unsigned i = 0; i < KITHP_BASELINE_MOST; i++)
        baseline[i] = UINT32_MAX;
    assert_true(drops(&figures, KITHP_BASELINE_MOST, baseline, UINT32_MAX / 2));
    assert_false(drops(&figures, KITHP_BASELINE_MOST, baseline, UINT32_MAX / 2 + 1));
    assert_false(drops(&figures, KITHP_BASELINE_MOST, baseline, UINT32_MAX));
}

/* ---- baseline ---- */

static void flags_baseline_keeps_the_latest_weeks(void **state)
{
    (void)state;
    struct kithp_figures figures = *usual;
    figures.drop_baseline_weeks = 3;
    struct kithp_carried member = old_member();
    uint32_t baseline[3] = {0};
    for (uint32_t week = 1; week <= 5; week++) {
        struct kithp_circumstances now = {.interactions = week * 10};
        kithp_flags_extend_baseline(&figures, &now, &member, baseline);
        assert_int_equal(member.baseline_weeks, week < 3 ? week : 3);
    }
    assert_int_equal(baseline[0] + baseline[1] + baseline[2], 30 + 40 + 50);
}

static void flags_baseline_leaves_out_weeks_of_leave(void **state)
{
    (void)state;
    struct kithp_carried member = old_member();
    uint32_t baseline[4] = {0};
    struct kithp_circumstances now = {.interactions = 10, .on_leave = true};
    kithp_flags_extend_baseline(usual, &now, &member, baseline);
    assert_int_equal(member.baseline_weeks, 0);
    assert_int_equal(baseline[0], 0);
    now.on_leave = false;
    kithp_flags_extend_baseline(usual, &now, &member, baseline);
    now.on_leave = true;
    now.interactions = 99;
    kithp_flags_extend_baseline(usual, &now, &member, baseline);
    assert_int_equal(member.baseline_weeks, 1);
    assert_int_equal(baseline[0] + baseline[1] + baseline[2] + baseline[3], 10);
}

static void flags_baseline_of_one_week_is_the_last(void **state)
{
    (void)state;
    struct kithp_figures figures = *usual;
    figures.drop_baseline_weeks = 1;
    struct kithp_carried member = old_member();
    uint32_t baseline[2] = {0, 4711};
    for (uint32_t week = 1; week <= 3; week++) {
        struct kithp_circumstances now = {.interactions = week};
        kithp_flags_extend_baseline(&figures, &now, &member, baseline);
        assert_int_equal(baseline[0], week);
    }
    assert_int_equal(member.baseline_weeks, 1);
    assert_int_equal(baseline[1], 4711);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_silent_and_dormant_rise_at_their_days),
        cmocka_unit_test(flags_silent_and_dormant_may_fall_together),
        cmocka_unit_test(flags_stalled_is_of_silent_newcomers),
        cmocka_unit_test(flags_stalled_goes_by_the_communitys_day),
        cmocka_unit_test(flags_returned_needs_an_act_after_dormant),
        cmocka_unit_test(flags_on_leave_are_none_but_returned),
        cmocka_unit_test(flags_drop_examples_are_as_documented),
        cmocka_unit_test(flags_drop_needs_enough_weeks_behind),
        cmocka_unit_test(flags_drop_needs_a_mean_of_the_least),
        cmocka_unit_test(flags_drop_from_nothing_is_none),
        cmocka_unit_test(flags_drop_percent_is_met_exactly),
        cmocka_unit_test(flags_drop_of_the_largest_does_not_overflow),
        cmocka_unit_test(flags_baseline_keeps_the_latest_weeks),
        cmocka_unit_test(flags_baseline_leaves_out_weeks_of_leave),
        cmocka_unit_test(flags_baseline_of_one_week_is_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
