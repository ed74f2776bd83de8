/* SPDX-License-Identifier: MIT */
#include "review/tier.h"

#include "support.h"

enum { NEWCOMER, ACTIVE, VETERAN, MENTOR };

/* grace 2 weeks, dormant after 28 days */
static const struct kithp_tier tiers[] = {
    {.name = "newcomer"},
    {.name = "active", .promote_at = 500, .keep_at = 400},
    {.name = "veteran", .promote_at = 1500, .keep_at = 1200, .min_active_days = 5},
    {.name = "mentor", .promote_at = 3000, .keep_at = 2400, .min_active_days = 2, .min_supporters = 8},
};

/* What a member was, what its week was like, and what then becomes of it. */
struct situation {
    const char *words;
    /* before */
    uint8_t tier;
    uint8_t weeks_below;
    uint8_t pinned; /* plus one */
    /* the week; acted, not on leave and not silent unless said otherwise */
    uint16_t score;
    bool rested;
    bool on_leave;
    uint32_t active_days;
    uint32_t supporters;
    int64_t silent_days;
    /* after */
    uint8_t then;
    uint8_t weeks_below_then;
    bool changed;
    uint8_t reason;
};

static void review(const struct kithp_figures *figures, const struct situation *situation)
{
    struct kithp_carried member = {.tier = situation->tier,
                                   .weeks_below = situation->weeks_below,
                                   .pinned = situation->pinned,
                                   .score = situation->score};
    struct kithp_circumstances now = {
        .acted = !situation->rested,
        .on_leave = situation->on_leave,
        .active_days = situation->active_days,
        .supporters = situation->supporters,
        .silent_days = situation->silent_days,
    };
    struct kithp_tier_change change = kithp_tier_review(figures, &now, &member);
    if (member.tier != situation->then || member.weeks_below != situation->weeks_below_then)
        fail_msg("%s: tier %u, %u weeks below in place of %u, %u", situation->words, member.tier, member.weeks_below,
                 situation->then, situation->weeks_below_then);
    if (change.changed != situation->changed)
        fail_msg("%s: changed is %d", situation->words, change.changed);
    if (!change.changed)
        return;
    assert_int_equal(change.from, situation->tier);
    assert_int_equal(change.to, situation->then);
    if (change.reason != situation->reason)
        fail_msg("%s: reason %u in place of %u", situation->words, change.reason, situation->reason);
}

static void review_all(const struct situation *situations, size_t count)
{
    struct kithp_figures figures = kithp_policy_defaults;
    memcpy(figures.tiers, tiers, sizeof tiers);
    figures.tier_count = 4;
    for (size_t i = 0; i < count; i++)
        review(&figures, &situations[i]);
}

#define REVIEW_ALL(situations) review_all(situations, sizeof(situations) / sizeof *(situations))

#define PROMOTED .changed = true, .reason = KITH_CHANGE_PROMOTED
#define SKIPPED .changed = true, .reason = KITH_CHANGE_SKIPPED
#define DORMANT .changed = true, .reason = KITH_CHANGE_DORMANT
#define PINNED .changed = true, .reason = KITH_CHANGE_PINNED
#define DEMOTED .changed = true, .reason = KITH_CHANGE_DEMOTED

static void tier_rises_at_its_thresholds(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"score just below", .score = 499, .then = NEWCOMER},
        {"score just enough", .score = 500, .then = ACTIVE, PROMOTED},
        {"one tier up", .tier = ACTIVE, .score = 1500, .active_days = 5, .then = VETERAN, PROMOTED},
        {"a day short", .tier = ACTIVE, .score = 1500, .active_days = 4, .then = ACTIVE},
        {"days without score", .tier = ACTIVE, .score = 1499, .active_days = 28, .then = ACTIVE},
        {"supporters enough", .tier = VETERAN, .score = 3000, .active_days = 2, .supporters = 8, .then = MENTOR,
         PROMOTED},
        {"a supporter short", .tier = VETERAN, .score = 3000, .active_days = 28, .supporters = 7, .then = VETERAN},
        {"score short for mentor", .tier = VETERAN, .score = 2999, .active_days = 9, .supporters = 99, .then = VETERAN},
        {"highest tier already", .tier = MENTOR, .score = 9999, .active_days = 28, .supporters = 99, .then = MENTOR},
    };
    REVIEW_ALL(situations);
}

static void tier_passes_over_others_where_it_can(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"two up", .score = 1500, .active_days = 5, .then = VETERAN, SKIPPED},
        {"three up, though not fit for the second", .score = 3000, .active_days = 2, .supporters = 8, .then = MENTOR,
         SKIPPED},
        {"two up from active", .tier = ACTIVE, .score = 3000, .active_days = 2, .supporters = 8, .then = MENTOR,
         SKIPPED},
        {"score for the top, days for none of the upper", .score = 9999, .active_days = 1, .supporters = 99,
         .then = ACTIVE, PROMOTED},
    };
    REVIEW_ALL(situations);
}

static void tier_rises_only_in_a_week_with_an_own_event(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"rested", .score = 3000, .active_days = 28, .supporters = 99, .rested = true, .then = NEWCOMER},
        {"acted", .score = 3000, .active_days = 28, .supporters = 99, .then = MENTOR, SKIPPED},
        {"acted on leave", .score = 500, .on_leave = true, .then = ACTIVE, PROMOTED},
        {"acted though long silent by its days", .score = 500, .silent_days = 40, .then = ACTIVE, PROMOTED},
    };
    REVIEW_ALL(situations);
}

static void tier_rise_restarts_the_weeks_below(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"rise", .tier = ACTIVE, .weeks_below = 1, .score = 1500, .active_days = 5, .then = VETERAN,
         .weeks_below_then = 0, PROMOTED},
    };
    REVIEW_ALL(situations);
}

static void tier_is_kept_on_leave(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"would be dormant", .tier = MENTOR, .rested = true, .on_leave = true, .silent_days = 99, .then = MENTOR},
        {"would be demoted", .tier = ACTIVE, .weeks_below = 1, .on_leave = true, .then = ACTIVE, .weeks_below_then = 1},
        {"would start anew", .tier = ACTIVE, .weeks_below = 1, .score = 450, .on_leave = true, .then = ACTIVE,
         .weeks_below_then = 1},
    };
    REVIEW_ALL(situations);
}

static void tier_falls_once_dormant(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"27 days", .tier = MENTOR, .score = 9999, .rested = true, .silent_days = 27, .then = MENTOR},
        {"28 days", .tier = MENTOR, .score = 9999, .rested = true, .silent_days = 28, .then = VETERAN, DORMANT},
        {"no lower than the lowest", .tier = NEWCOMER, .rested = true, .silent_days = 400, .then = NEWCOMER},
        {"restarts the count", .tier = VETERAN, .weeks_below = 1, .score = 0, .rested = true, .silent_days = 28,
         .then = ACTIVE, .weeks_below_then = 0, DORMANT},
        {"comes before demoted", .tier = ACTIVE, .weeks_below = 1, .score = 0, .rested = true, .silent_days = 28,
         .then = NEWCOMER, .weeks_below_then = 0, DORMANT},
    };
    REVIEW_ALL(situations);
}

static void tier_falls_after_weeks_below(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"keep_at is enough", .tier = ACTIVE, .score = 400, .then = ACTIVE},
        {"first week below", .tier = ACTIVE, .score = 399, .then = ACTIVE, .weeks_below_then = 1},
        {"second week below", .tier = ACTIVE, .weeks_below = 1, .score = 399, .then = NEWCOMER, DEMOTED},
        {"one tier alone", .tier = MENTOR, .weeks_below = 1, .score = 0, .then = VETERAN, DEMOTED},
        {"its own keep_at", .tier = VETERAN, .score = 1199, .then = VETERAN, .weeks_below_then = 1},
        {"keeping asks for neither days nor supporters", .tier = MENTOR, .score = 2400, .then = MENTOR},
        {"a good week starts the count anew", .tier = ACTIVE, .weeks_below = 1, .score = 400, .then = ACTIVE},
        {"rested all the same", .tier = ACTIVE, .weeks_below = 1, .score = 399, .rested = true, .silent_days = 9,
         .then = NEWCOMER, DEMOTED},
        {"nothing below the lowest", .tier = NEWCOMER, .score = 0, .then = NEWCOMER},
    };
    REVIEW_ALL(situations);
}

static void tier_that_is_pinned_is_taken_whatever_the_week_was_like(void **state)
{
    (void)state;
    const struct situation situations[] = {
        {"up without score", .pinned = MENTOR + 1, .rested = true, .then = MENTOR, PINNED},
        {"down with score", .tier = MENTOR, .pinned = NEWCOMER + 1, .score = 9999, .active_days = 28, .supporters = 99,
         .then = NEWCOMER, PINNED},
        {"kept where it would rise", .tier = ACTIVE, .pinned = ACTIVE + 1, .score = 9999, .active_days = 28,
         .supporters = 99, .then = ACTIVE},
        {"kept where it would fall, dormant", .tier = MENTOR, .pinned = MENTOR + 1, .rested = true, .silent_days = 99,
         .then = MENTOR},
        {"no week below is counted", .tier = ACTIVE, .pinned = ACTIVE + 1, .score = 0, .then = ACTIVE},
        {"and those there were are none any more", .tier = ACTIVE, .weeks_below = 1, .pinned = ACTIVE + 1, .score = 0,
         .then = ACTIVE, .weeks_below_then = 0},
        {"on leave, too", .tier = ACTIVE, .weeks_below = 1, .pinned = VETERAN + 1, .rested = true, .on_leave = true,
         .then = VETERAN, PINNED},
    };
    REVIEW_ALL(situations);
}

/* Once it is not, it has its grace weeks like anybody else in that tier. */
static void tier_no_longer_pinned_goes_on_from_there(void **state)
{
    (void)state;
    struct kithp_carried member = {.tier = NEWCOMER, .pinned = MENTOR + 1};
    struct kithp_circumstances now = {.acted = true};
    struct kithp_figures figures = kithp_policy_defaults;
    assert_true(kithp_tier_review(&figures, &now, &member).changed);
    assert_false(kithp_tier_review(&figures, &now, &member).changed);
    member.pinned = 0;
    assert_false(kithp_tier_review(&figures, &now, &member).changed);
    assert_int_equal(member.weeks_below, 1);
    struct kithp_tier_change change = kithp_tier_review(&figures, &now, &member);
    assert_true(change.changed);
    assert_int_equal(change.reason, KITH_CHANGE_DEMOTED);
    assert_int_equal(member.tier, VETERAN);
}

static void tier_grace_weeks_are_those_of_the_policy(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    const uint32_t graces[] = {1, 3, 52};
    for (unsigned i = 0; i < 3; i++) {
        figures.grace_weeks = graces[i];
        struct kithp_carried member = {.tier = 1, .score = 0};
        struct kithp_circumstances now = {.acted = true};
        for (uint32_t week = 1; week <= graces[i]; week++) {
            struct kithp_tier_change change = kithp_tier_review(&figures, &now, &member);
            assert_int_equal(change.changed, week == graces[i]);
            assert_int_equal(member.weeks_below, week == graces[i] ? 0 : week);
        }
        assert_int_equal(member.tier, 0);
    }
}

/* docs/model.md: a mentor falls silent, and comes down a tier a week however high the score. */
static void tier_dormant_mentor_comes_down_step_by_step(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    struct kithp_carried member = {.tier = MENTOR, .score = 5544};
    struct kithp_circumstances now = {.silent_days = 31};
    const uint8_t expected[] = {VETERAN, ACTIVE, NEWCOMER, NEWCOMER};
    for (unsigned week = 0; week < 4; week++, now.silent_days += 7) {
        struct kithp_tier_change change = kithp_tier_review(&figures, &now, &member);
        assert_int_equal(member.tier, expected[week]);
        assert_int_equal(change.changed, week < 3);
    }
}

static void tier_sixteen_are_climbed_in_one_step(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    figures.tier_count = 16;
    for (int i = 1; i < 16; i++)
        figures.tiers[i] = (struct kithp_tier){.name = "tier", .promote_at = 100 * i, .keep_at = 100 * i};
    struct situation top = {"to the top", .score = 1500, .then = 15, SKIPPED};
    review(&figures, &top);
    struct situation below = {"to the last but one", .score = 1499, .then = 14, SKIPPED};
    review(&figures, &below);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tier_rises_at_its_thresholds),
        cmocka_unit_test(tier_passes_over_others_where_it_can),
        cmocka_unit_test(tier_rises_only_in_a_week_with_an_own_event),
        cmocka_unit_test(tier_rise_restarts_the_weeks_below),
        cmocka_unit_test(tier_is_kept_on_leave),
        cmocka_unit_test(tier_falls_once_dormant),
        cmocka_unit_test(tier_falls_after_weeks_below),
        cmocka_unit_test(tier_that_is_pinned_is_taken_whatever_the_week_was_like),
        cmocka_unit_test(tier_no_longer_pinned_goes_on_from_there),
        cmocka_unit_test(tier_grace_weeks_are_those_of_the_policy),
        cmocka_unit_test(tier_dormant_mentor_comes_down_step_by_step),
        cmocka_unit_test(tier_sixteen_are_climbed_in_one_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
