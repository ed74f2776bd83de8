/* SPDX-License-Identifier: MIT */
#include "review/score.h"

#include "policy/carry.h"
#include "support.h"
#include "tally/week.h"

#define MOST (INT64_C(1) << 40)

/* ---- memory and the score of a dimension ---- */

static void score_remembered_points_fade(void **state)
{
    (void)state;
    /* The article of docs/model.md, half-life four weeks. */
    const int64_t weeks[] = {20000, 16817, 14141, 11891, 9999};
    for (unsigned i = 1; i < 5; i++)
        assert_int_equal(kithp_score_remember(weeks[i - 1], 55109, 0), weeks[i]);
    assert_int_equal(kithp_score_remember(20000, 55109, 5000), 21817);
    assert_int_equal(kithp_score_remember(20000, 0, 300), 300);
    assert_int_equal(kithp_score_remember(1, 65535, 0), 0);
}

static void score_remembered_points_stay_in_their_range(void **state)
{
    (void)state;
    assert_int_equal(kithp_score_remember(25000, 55109, -750000), 0);
    /* floor(25000 x 55109 / 65536) = 21022 */
    assert_int_equal(kithp_score_remember(25000, 55109, -21022), 0);
    assert_int_equal(kithp_score_remember(25000, 55109, -21021), 1);
    assert_true(kithp_score_remember(0, 55109, MOST) == MOST);
    assert_true(kithp_score_remember(0, 55109, MOST - 1) == MOST - 1);
    assert_true(kithp_score_remember(MOST, 65449, 128 * MOST) == MOST);
    assert_int_equal(kithp_score_remember(MOST, 65449, -128 * MOST), 0);
    /* The clamp comes after the sum. */
    assert_true(kithp_score_remember(MOST, 32768, MOST / 2 - 1) == MOST - 1);
    assert_true(kithp_score_remember(MOST, 32768, MOST / 2 + 1) == MOST);
}

static void score_dimension_rises_towards_but_not_to_100(void **state)
{
    (void)state;
    assert_int_equal(kithp_score_dimension(0, 120000), 0);
    assert_int_equal(kithp_score_dimension(20000, 120000), 1428);
    assert_int_equal(kithp_score_dimension(120000, 120000), 5000);
    assert_int_equal(kithp_score_dimension(119999, 120000), 4999);
    assert_int_equal(kithp_score_dimension(420000, 120000), 7777);
    assert_int_equal(kithp_score_dimension(MOST, 1), 9999);
    assert_int_equal(kithp_score_dimension(9999, 1), 9999);
    assert_int_equal(kithp_score_dimension(9998, 1), 9998);
    /* floor(10000 x 2^40 / (2^40 + 10^9)), the largest of either */
    assert_int_equal(kithp_score_dimension(MOST, 1000000000), 9990);
}

/* 9999 less the smallest part that there is: as a double, that is 9999. */
static void score_dimension_is_rounded_down_where_a_double_is_not(void **state)
{
    (void)state;
    for (int64_t half = 109951163; half < 109951163 + 1000; half++)
        assert_int_equal(kithp_score_dimension(9999 * half - 1, half), 9998);
    assert_int_equal(kithp_score_dimension(9999 * INT64_C(109951163), 109951163), 9999);
}

/* ---- points of a week ---- */

struct fixture {
    struct memory memory;
    struct kithp_figures figures;
    struct kithp_slots slots;
    struct kithp_week *week;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    memory_init(&fixture.memory);
    fixture.figures = kithp_policy_defaults;
    fixture.figures.kind_count = 0;
    fixture.week =
        kithp_week_new(&fixture.memory.allocator, &fixture.figures.calendar, (struct kithp_hash_key){3, 4}, 2931);
    assert_non_null(fixture.week);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    kithp_week_free(fixture->week);
    return fixture->memory.live == 0 ? 0 : -1;
}

/* All kinds must be there before the first event. */
static void add_kind(struct fixture *fixture, kith_credit gives, kith_credit receives)
{
    fixture->figures.kinds[fixture->figures.kind_count++] =
        (struct kithp_kind){.name = "kind", .gives = gives, .receives = receives};
    kithp_slots_init(&fixture->slots, &fixture->figures);
}

static void add_event(struct fixture *fixture, uint32_t member, uint32_t kind, uint32_t target, uint32_t quantity)
{
    struct kithp_event event = {fixture->week->begin, member, target, quantity, kind};
    struct kithp_touch touches[2];
    struct kithp_deed deed;
    struct kithp_steps steps;
    (void)kithp_plan_week(&fixture->slots, fixture->week->begin, &event, 1, touches, &deed, &steps);
    uint32_t *entries[2];
    uint64_t pair;
    const struct kithp_reach reach = {entries, &pair};
    assert_true(kithp_week_reach(fixture->week, &steps, &reach));
    assert_true(kithp_week_place(fixture->week, &steps, &reach));
    kithp_week_apply(fixture->week, &fixture->slots, &steps, &reach);
    kithp_week_settle(fixture->week);
}

static struct kithp_earned earned_by(const struct fixture *fixture, uint32_t member)
{
    struct kithp_row_room room;
    struct kithp_row row;
    assert_non_null(kithp_week_get_row(fixture->week, member, &room, &row));
    return kithp_score_earned(&fixture->slots, &row);
}

static const kith_credit nothing;

static void score_nothing_is_earned_without_a_row(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, (kith_credit){1, KITH_CONTENT, 1000, 0, 0}, nothing);
    struct kithp_earned earned = kithp_score_earned(&fixture->slots, NULL);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(earned.points[d], 0);
    assert_int_equal(earned.interactions, 0);
}

/* Against plain division: numbers of all lengths, and those at which a quotient turns. */
static void score_dimension_is_the_quotient(void **state)
{
    (void)state;
    uint64_t luck = 9;
    for (unsigned i = 0; i < 300000; i++) {
        int64_t half = 1 + (int64_t)(chance(&luck) % 1000000000 >> chance_below(&luck, 30));
        int64_t remembered = (int64_t)(chance(&luck) % ((uint64_t)MOST + 1) >> chance_below(&luck, 41));
        if (i % 2) {
            int64_t score = chance_below(&luck, 10000);
            remembered = score * half / (10000 - score) + (int64_t)chance_below(&luck, 3) - 1;
        }
        if (remembered < 0 || remembered > MOST)
            continue;
        if (kithp_score_dimension(remembered, half) != 10000 * remembered / (remembered + half))
            fail_msg("%lld against %lld", (long long)remembered, (long long)half);
    }
    assert_int_equal(kithp_score_dimension(-1, 1), 0);
    assert_int_equal(kithp_score_dimension(INT64_MIN, 1000), 0);
    assert_int_equal(kithp_score_dimension(INT64_MAX, 1000000000), 9990);
}

static void score_points_are_summed_by_dimension(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, (kith_credit){1, KITH_CONTENT, 1000, 0, 0}, (kith_credit){1, KITH_COMMUNITY, 7, 0, 0});
    add_kind(fixture, (kith_credit){1, KITH_CONTENT, 250, 0, 0}, (kith_credit){1, KITH_COMMUNITY, -3, 0, 0});
    add_kind(fixture, (kith_credit){1, KITH_INTERACTION, 11, 0, 0}, nothing);
    for (uint32_t kind = 0; kind < 3; kind++)
        add_event(fixture, 0, kind, 1, kind + 2);
    struct kithp_earned gave = earned_by(fixture, 0), got = earned_by(fixture, 1);
    assert_int_equal(gave.points[KITH_CONTENT], 2 * 1000 + 3 * 250);
    assert_int_equal(gave.points[KITH_INTERACTION], 4 * 11);
    assert_int_equal(gave.points[KITH_COMMUNITY], 0);
    assert_int_equal(got.points[KITH_CONTENT], 0);
    assert_int_equal(got.points[KITH_COMMUNITY], 2 * 7 - 3 * 3);
}

static void score_cap_limits_the_quantity(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, (kith_credit){1, KITH_CONTENT, 1000, 3, 0}, nothing);
    const int64_t expected[] = {1000, 2000, 3000, 3000, 3000};
    for (unsigned i = 0; i < 5; i++) {
        add_event(fixture, 0, 0, KITHP_NOBODY, 1);
        assert_int_equal(earned_by(fixture, 0).points[KITH_CONTENT], expected[i]);
    }
}

static void score_cap_of_a_penalty_limits_it_too(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, nothing, (kith_credit){1, KITH_CONTENT, -15000, 2, 0});
    add_event(fixture, 1, 0, 0, 50);
    assert_int_equal(earned_by(fixture, 0).points[KITH_CONTENT], -30000);
}

/* docs/model.md: 1 000 likes for one friend count 10; for five friends 50, and `cap 30` leaves 30. */
static void score_cap_comes_after_each(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, (kith_credit){1, KITH_INTERACTION, 1000, 30, 10}, (kith_credit){1, KITH_CONTENT, 1000, 500, 10});
    add_event(fixture, 0, 0, 1, 1000);
    assert_int_equal(earned_by(fixture, 0).points[KITH_INTERACTION], 10000);
    assert_int_equal(earned_by(fixture, 1).points[KITH_CONTENT], 10000);
    add_event(fixture, 0, 0, 2, 1000);
    assert_int_equal(earned_by(fixture, 0).points[KITH_INTERACTION], 20000);
    for (uint32_t target = 3; target <= 5; target++)
        add_event(fixture, 0, 0, target, 1000);
    assert_int_equal(earned_by(fixture, 0).points[KITH_INTERACTION], 30000);
    add_event(fixture, KITHP_NOBODY, 0, 1, 1000);
    assert_int_equal(earned_by(fixture, 1).points[KITH_CONTENT], 500000);
}

static void score_points_of_a_slot_stop_at_2_to_the_40(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, (kith_credit){1, KITH_CONTENT, 1000000000, 0, 0}, nothing);
    add_kind(fixture, (kith_credit){1, KITH_CONTENT, -1000000000, 0, 0}, nothing);
    add_kind(fixture, (kith_credit){1, KITH_COMMUNITY, 1000000000, 0, 0}, nothing);
    add_kind(fixture, (kith_credit){1, KITH_COMMUNITY, 1000000000, 0, 0}, nothing);
    /* 2^40 is 1 099 511 627 776: 1 099 units stay below it, 1 100 do not. */
    add_event(fixture, 0, 0, KITHP_NOBODY, 1099);
    assert_true(earned_by(fixture, 0).points[KITH_CONTENT] == INT64_C(1099000000000));
    add_event(fixture, 0, 0, KITHP_NOBODY, 1);
    assert_true(earned_by(fixture, 0).points[KITH_CONTENT] == MOST);
    for (unsigned i = 0; i < 5; i++)
        add_event(fixture, 0, 0, KITHP_NOBODY, 1000000000);
    assert_true(earned_by(fixture, 0).points[KITH_CONTENT] == MOST);
    add_event(fixture, 0, 1, KITHP_NOBODY, 1000000000);
    assert_int_equal(earned_by(fixture, 0).points[KITH_CONTENT], 0);
    add_event(fixture, 1, 1, KITHP_NOBODY, 1000000000);
    assert_true(earned_by(fixture, 1).points[KITH_CONTENT] == -MOST);
    /* Slots are clamped one by one, not their sum. */
    add_event(fixture, 2, 2, KITHP_NOBODY, 1000000000);
    add_event(fixture, 2, 3, KITHP_NOBODY, 1000000000);
    assert_true(earned_by(fixture, 2).points[KITH_COMMUNITY] == 2 * MOST);
}

static void score_interactions_know_no_limit_and_no_points(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, (kith_credit){1, KITH_INTERACTION, 1000, 2, 1}, (kith_credit){1, KITH_INTERACTION, 1000, 0, 0});
    add_kind(fixture, (kith_credit){1, KITH_INTERACTION, 0, 0, 0}, nothing);
    add_kind(fixture, (kith_credit){1, KITH_INTERACTION, -5, 0, 0}, nothing);
    add_kind(fixture, (kith_credit){1, KITH_CONTENT, 1000, 0, 0}, nothing);
    add_event(fixture, 0, 0, 1, 30);
    add_event(fixture, 0, 1, KITHP_NOBODY, 400);
    add_event(fixture, 0, 2, 1, 5000);
    add_event(fixture, 0, 3, 1, 60000);
    assert_int_equal(earned_by(fixture, 0).interactions, 5430);
    /* What was received is none, nor is what is aimed at oneself. */
    assert_int_equal(earned_by(fixture, 1).interactions, 0);
    add_event(fixture, 0, 1, 0, 700000);
    assert_int_equal(earned_by(fixture, 0).interactions, 5430);
}

static void score_interactions_stop_at_the_largest(void **state)
{
    struct fixture *fixture = *state;
    add_kind(fixture, (kith_credit){1, KITH_INTERACTION, 1, 0, 0}, nothing);
    add_kind(fixture, (kith_credit){1, KITH_INTERACTION, 1, 0, 0}, nothing);
    for (unsigned i = 0; i < 3; i++) {
        add_event(fixture, 0, 0, KITHP_NOBODY, 1000000000);
        add_event(fixture, 0, 1, KITHP_NOBODY, 1000000000);
    }
    assert_true(earned_by(fixture, 0).interactions == UINT32_MAX);
}

static void score_slots_behind_the_first_cell_count(void **state)
{
    struct fixture *fixture = *state;
    enum { COUNT = 3 * KITHP_CELL_SLOTS + 1 };
    for (unsigned i = 0; i < COUNT; i++)
        add_kind(fixture, (kith_credit){1, KITH_INTERACTION, 1000, 0, 0}, nothing);
    for (uint32_t i = 0; i < COUNT; i++)
        add_event(fixture, 0, i, KITHP_NOBODY, 1);
    assert_int_equal(earned_by(fixture, 0).points[KITH_INTERACTION], 1000 * COUNT);
    assert_int_equal(earned_by(fixture, 0).interactions, COUNT);
}

/* ---- the whole ---- */

static void score_of_the_worked_example(void **state)
{
    (void)state;
    const struct {
        int64_t remembered;
        uint16_t content;
        uint16_t score;
    } weeks[] = {{20000, 1428, 571}, {16817, 1229, 491}, {14141, 1054, 421}, {11891, 901, 360}, {9999, 769, 307}};
    struct kithp_carried member = {.joined = 0};
    for (unsigned i = 0; i < 5; i++) {
        struct kithp_earned earned = {{i == 0 ? 20000 : 0, 0, 0}, 0};
        kithp_score_review(&kithp_policy_defaults, kithp_carry_of(400), &earned, &member);
        assert_int_equal(member.remembered[KITH_CONTENT], weeks[i].remembered);
        assert_int_equal(member.dimensions[KITH_CONTENT], weeks[i].content);
        assert_int_equal(member.dimensions[KITH_INTERACTION], 0);
        assert_int_equal(member.score, weeks[i].score);
    }
}

static void score_dimensions_have_their_own_figures(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    figures.weights[KITH_CONTENT] = 500;
    figures.weights[KITH_INTERACTION] = 300;
    figures.weights[KITH_COMMUNITY] = 200;
    struct kithp_carried member = {.remembered = {120000, 60000, 40000}};
    struct kithp_earned earned = {{0, 60000, 120000}, 9};
    /* carry 65536 / 2: content 60000 / 180000, interaction 90000 / 150000, community 140000 / 180000 */
    kithp_score_review(&figures, 32768, &earned, &member);
    assert_int_equal(member.dimensions[KITH_CONTENT], 3333);
    assert_int_equal(member.dimensions[KITH_INTERACTION], 6000);
    assert_int_equal(member.dimensions[KITH_COMMUNITY], 7777);
    /* floor((500 x 3333 + 300 x 6000 + 200 x 7777) / 1000) = floor(5021.9) */
    assert_int_equal(member.score, 5021);
}

/* Three parts of 0.4 to 0.6 make 1; each rounded down alone would make 0. */
static void score_weighted_sum_is_divided_once(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        figures.half_points[d] = 9999;
    struct kithp_carried member = {.joined = 0};
    struct kithp_earned earned = {{1, 1, 1}, 0};
    kithp_score_review(&figures, 0, &earned, &member);
    assert_int_equal(member.dimensions[KITH_CONTENT], 1);
    assert_int_equal(member.score, 1);
}

#define WITH_WEEK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_remembered_points_fade),
        cmocka_unit_test(score_remembered_points_stay_in_their_range),
        cmocka_unit_test(score_dimension_rises_towards_but_not_to_100),
        cmocka_unit_test(score_dimension_is_rounded_down_where_a_double_is_not),
        cmocka_unit_test(score_dimension_is_the_quotient),
        WITH_WEEK(score_nothing_is_earned_without_a_row),
        WITH_WEEK(score_points_are_summed_by_dimension),
        WITH_WEEK(score_cap_limits_the_quantity),
        WITH_WEEK(score_cap_of_a_penalty_limits_it_too),
        WITH_WEEK(score_cap_comes_after_each),
        WITH_WEEK(score_points_of_a_slot_stop_at_2_to_the_40),
        WITH_WEEK(score_interactions_know_no_limit_and_no_points),
        WITH_WEEK(score_interactions_stop_at_the_largest),
        WITH_WEEK(score_slots_behind_the_first_cell_count),
        cmocka_unit_test(score_of_the_worked_example),
        cmocka_unit_test(score_dimensions_have_their_own_figures),
        cmocka_unit_test(score_weighted_sum_is_divided_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
