/* SPDX-License-Identifier: MIT */
#include "review/risk.h"

#include "support.h"

/* More than a test's stack should hold. */
static struct kithp_risk_counts counts;
static struct kithp_risk_week week_counts;

static int clear(void **state)
{
    (void)state;
    memset(&counts, 0, sizeof counts);
    return 0;
}

static uint64_t sum_of_places(const struct kithp_risk_counts *of)
{
    uint64_t sum = of->all.n;
    for (unsigned z = 0; z < KITHP_RISK_WEEKS; z++)
        for (unsigned c = 0; c <= KITHP_RISK_WEEKS; c++)
            sum += of->by_silence[z][c].n;
    for (unsigned pattern = 0; pattern < KITHP_RISK_PATTERNS; pattern++)
        for (unsigned age = 0; age < KITHP_RISK_WEEKS; age++)
            sum += of->by_pattern[pattern][age].n;
    return sum;
}

/* ---- learning ---- */

/* The outcome of one member, in a week of its own. */
static void count(const struct kithp_carried *member)
{
    memset(&week_counts, 0, sizeof week_counts);
    kithp_risk_count(member, &week_counts);
    kithp_risk_add_week(&counts, &week_counts);
}

/* In the lower eight bits the weeks since, in the upper ones the pattern that a member had eight weeks ago. */
#define ACTED(then, since) ((uint16_t)((then) << 8 | (since)))

static void risk_member_known_for_less_teaches_nothing(void **state)
{
    (void)state;
    for (uint8_t weeks = 0; weeks < 8; weeks++) {
        struct kithp_carried member = {.weeks_known = weeks, .acted = ACTED(0xFF, 0xFF)};
        count(&member);
    }
    assert_int_equal(sum_of_places(&counts), 0);
}

static void risk_member_left_out_teaches_nothing_and_has_none(void **state)
{
    (void)state;
    struct kithp_carried member = {.weeks_known = 20, .acted = ACTED(0xFF, 0xFF), .left_out = true};
    count(&member);
    assert_int_equal(sum_of_places(&counts), 0);
    counts.all = (struct kithp_outcomes){.y = 100, .n = 100};
    assert_int_equal(kithp_risk_of(&member, &counts), KITHP_NO_RISK);
    member.left_out = false;
    assert_true(kithp_risk_of(&member, &counts) > 0);
}

static void risk_that_is_none_rests_on_nobody(void **state)
{
    (void)state;
    static struct kithp_risk_counts outcomes;
    memset(&outcomes, 0x11, sizeof outcomes);
    struct kithp_carried none = {.acted = 1, .weeks_known = 3, .risk = KITHP_NO_RISK};
    struct kithp_outcomes alike = kithp_risk_alike(&none, &outcomes), similar = kithp_risk_similar(&none, &outcomes);
    assert_int_equal(alike.y | alike.n | similar.y | similar.n, 0);
    none.risk = 0;
    alike = kithp_risk_alike(&none, &outcomes);
    similar = kithp_risk_similar(&none, &outcomes);
    assert_true(alike.y > 0 && alike.n > 0 && similar.y > 0 && similar.n > 0);
}

static void risk_outcome_goes_to_three_counts(void **state)
{
    (void)state;
    /* Known for eight weeks: u was its first, where it acted; age 0, z 0, c 1. Gone since. */
    struct kithp_carried member = {.weeks_known = 8, .acted = ACTED(0x01, 0x00)};
    count(&member);
    assert_int_equal(counts.all.n, 1);
    assert_int_equal(counts.all.y, 1);
    assert_int_equal(counts.by_silence[0][1].n, 1);
    assert_int_equal(counts.by_silence[0][1].y, 1);
    assert_int_equal(counts.by_pattern[0x01][0].n, 1);
    assert_int_equal(counts.by_pattern[0x01][0].y, 1);
    assert_int_equal(sum_of_places(&counts), 3);
}

static void risk_situation_is_that_of_eight_weeks_ago(void **state)
{
    (void)state;
    const struct {
        uint8_t weeks_known;
        uint16_t pattern;
        unsigned age, z, c;
    } cases[] = {
        {8, 0x01, 0, 0, 1},  {9, 0x03, 1, 0, 2},  {11, 0x0C, 3, 2, 2},  {14, 0x40, 6, 6, 1},
        {15, 0x81, 7, 0, 2}, {16, 0x80, 7, 7, 1}, {255, 0xFF, 7, 0, 8}, {100, 0xAA, 7, 1, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clear(NULL);
        struct kithp_carried member = {.weeks_known = cases[i].weeks_known, .acted = ACTED(cases[i].pattern, 0x10)};
        count(&member);
        assert_int_equal(counts.all.n, 1);
        assert_int_equal(counts.by_silence[cases[i].z][cases[i].c].n, 1);
        assert_int_equal(counts.by_pattern[cases[i].pattern][cases[i].age].n, 1);
        assert_int_equal(sum_of_places(&counts), 3);
        assert_int_equal(counts.all.y + counts.by_silence[cases[i].z][cases[i].c].y, 0);
    }
}

static void risk_any_act_of_the_eight_weeks_is_a_return(void **state)
{
    (void)state;
    for (unsigned week = 0; week < 8; week++) {
        struct kithp_carried member = {.weeks_known = 20, .acted = ACTED(0x01, 1U << week)};
        count(&member);
    }
    assert_int_equal(counts.all.n, 8);
    assert_int_equal(counts.all.y, 0);
}

static void risk_member_gone_then_teaches_nothing(void **state)
{
    (void)state;
    struct kithp_carried member = {.weeks_known = 20, .acted = ACTED(0x00, 0xFF)};
    count(&member);
    assert_int_equal(sum_of_places(&counts), 0);
}

static void risk_leave_in_any_week_since_teaches_nothing(void **state)
{
    (void)state;
    for (unsigned week = 0; week < 16; week++) {
        clear(NULL);
        struct kithp_carried member = {
            .weeks_known = 20, .acted = ACTED(0x01, 0x00), .on_leave = (uint16_t)(1U << week)};
        count(&member);
        /* Weeks u to w are nine: 0 to 8 weeks ago. */
        assert_int_equal(counts.all.n, week > 8);
    }
}

static void risk_counts_add_up_in_every_place(void **state)
{
    (void)state;
    memset(&week_counts, 0, sizeof week_counts);
    for (unsigned pattern = 1; pattern < 256; pattern++) {
        for (uint8_t age = 0; age < 8; age++) {
            struct kithp_carried member = {.weeks_known = (uint8_t)(8 + age), .acted = ACTED(pattern, pattern & 1)};
            kithp_risk_count(&member, &week_counts);
        }
    }
    kithp_risk_add_week(&counts, &week_counts);
    kithp_risk_add_week(&counts, &week_counts);
    assert_int_equal(counts.all.n, 2 * 255 * 8);
    assert_int_equal(counts.all.y, 2 * 127 * 8);
    for (unsigned pattern = 1; pattern < 256; pattern++) {
        for (unsigned age = 0; age < 8; age++) {
            assert_int_equal(counts.by_pattern[pattern][age].n, 2);
            assert_int_equal(counts.by_pattern[pattern][age].y, pattern & 1 ? 0 : 2);
        }
    }
    /* Of the patterns with five bits set, the lowest being bit 2: four of the five above it, C(5, 4) = 5. */
    assert_int_equal(counts.by_silence[2][5].n, 0 + 2 * 8 * 5);
    assert_int_equal(counts.by_silence[2][5].y, 2 * 8 * 5);
    assert_int_equal(counts.by_silence[0][8].n, 2 * 8);
    assert_int_equal(counts.by_silence[0][8].y, 0);
}

/* ---- risk ---- */

static void risk_example_is_as_documented(void **state)
{
    (void)state;
    counts.all = (struct kithp_outcomes){27, 100};
    counts.by_silence[0][8] = (struct kithp_outcomes){9, 12};
    counts.by_pattern[0xFF][7] = (struct kithp_outcomes){9, 12};
    struct kithp_carried member = {.weeks_known = 9, .acted = 0x1FF};
    assert_int_equal(kithp_risk_of(&member, &counts), 5642);
}

static void risk_is_known_from_100_outcomes_on(void **state)
{
    (void)state;
    struct kithp_carried member = {.weeks_known = 3, .acted = 0x0001};
    counts.all = (struct kithp_outcomes){50, 99};
    assert_int_equal(kithp_risk_of(&member, &counts), KITHP_NO_RISK);
    /* floor(10000 x 51 / 102), and nothing else is known to move it */
    counts.all.n = 100;
    assert_int_equal(kithp_risk_of(&member, &counts), 5000);
}

static void risk_is_of_those_not_gone_and_not_on_leave(void **state)
{
    (void)state;
    counts.all = (struct kithp_outcomes){50, 100};
    struct kithp_carried member = {.weeks_known = 20, .acted = 0xFF00};
    assert_int_equal(kithp_risk_of(&member, &counts), KITHP_NO_RISK);
    member.acted = 0xFF80;
    assert_int_equal(kithp_risk_of(&member, &counts), 5000);
    member.on_leave = 1;
    assert_int_equal(kithp_risk_of(&member, &counts), KITHP_NO_RISK);
    member.on_leave = 0xFFFE;
    assert_int_equal(kithp_risk_of(&member, &counts), 5000);
}

static void risk_leans_on_the_wider_group(void **state)
{
    (void)state;
    /* Five weeks known: age 5, pattern 100110, z 1, c 3. */
    struct kithp_carried member = {.weeks_known = 5, .acted = 0x26};
    counts.all = (struct kithp_outcomes){0, 1000};
    /* g = floor(10000 / 1002) = 9 */
    assert_int_equal(kithp_risk_of(&member, &counts), 9);
    counts.by_silence[1][3] = (struct kithp_outcomes){3, 7};
    /* q = floor((30000 + 180) / 27) = 1117; risk = floor(20 x 1117 / 20) */
    assert_int_equal(kithp_risk_of(&member, &counts), 1117);
    counts.by_pattern[0x26][5] = (struct kithp_outcomes){2, 3};
    /* floor((20000 + 20 x 1117) / 23) = floor(42340 / 23) = 1840 */
    assert_int_equal(kithp_risk_of(&member, &counts), 1840);
    /* Neighbours are none of its business. */
    counts.by_pattern[0x26][4] = counts.by_pattern[0x27][5] = (struct kithp_outcomes){1000, 1000};
    counts.by_silence[1][4] = counts.by_silence[0][3] = counts.by_silence[2][3] = (struct kithp_outcomes){1000, 1000};
    assert_int_equal(kithp_risk_of(&member, &counts), 1840);
}

static void risk_age_stops_at_seven(void **state)
{
    (void)state;
    counts.all = (struct kithp_outcomes){50, 100};
    counts.by_pattern[0x01][7] = (struct kithp_outcomes){0, 80};
    struct kithp_carried member = {.weeks_known = 6, .acted = 0x01};
    assert_int_equal(kithp_risk_of(&member, &counts), 5000);
    /* floor(20 x 5000 / 100) */
    member.weeks_known = 7;
    assert_int_equal(kithp_risk_of(&member, &counts), 1000);
    member.weeks_known = 255;
    assert_int_equal(kithp_risk_of(&member, &counts), 1000);
}

static void risk_never_reaches_the_whole(void **state)
{
    (void)state;
    const uint64_t many = UINT64_C(1) << 40;
    struct kithp_carried member = {.weeks_known = 20, .acted = 0x80};
    counts.all = counts.by_silence[7][1] = counts.by_pattern[0x80][7] = (struct kithp_outcomes){many, many};
    assert_int_equal(kithp_risk_of(&member, &counts), 9999);
    counts.all.y = counts.by_silence[7][1].y = counts.by_pattern[0x80][7].y = 0;
    assert_int_equal(kithp_risk_of(&member, &counts), 0);
}

#define FROM_NOTHING(test) cmocka_unit_test_setup(test, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FROM_NOTHING(risk_member_known_for_less_teaches_nothing),
        FROM_NOTHING(risk_member_left_out_teaches_nothing_and_has_none),
        cmocka_unit_test(risk_that_is_none_rests_on_nobody),
        FROM_NOTHING(risk_outcome_goes_to_three_counts),
        FROM_NOTHING(risk_situation_is_that_of_eight_weeks_ago),
        FROM_NOTHING(risk_any_act_of_the_eight_weeks_is_a_return),
        FROM_NOTHING(risk_member_gone_then_teaches_nothing),
        FROM_NOTHING(risk_leave_in_any_week_since_teaches_nothing),
        FROM_NOTHING(risk_counts_add_up_in_every_place),
        FROM_NOTHING(risk_example_is_as_documented),
        FROM_NOTHING(risk_is_known_from_100_outcomes_on),
        FROM_NOTHING(risk_is_of_those_not_gone_and_not_on_leave),
        FROM_NOTHING(risk_leans_on_the_wider_group),
        FROM_NOTHING(risk_age_stops_at_seven),
        FROM_NOTHING(risk_never_reaches_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
