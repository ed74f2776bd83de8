/* SPDX-License-Identifier: MIT */
/* Explanations of members of whom the application has decided something. */
#include "snapshot_support.h"

static kith_engine *engine_of_ana(void)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 1);
    return engine;
}

static void set(kith_engine *engine, uint32_t pinned, uint32_t tier, uint32_t counts)
{
    kith_member_settings settings = {.size = sizeof settings, .pinned = pinned, .tier = tier, .counts = counts};
    assert_int_equal(kith_engine_set_member(engine, 1, &settings, NULL), KITH_OK);
}

static kith_explanation explain(const kith_engine *engine, int64_t as_of)
{
    kith_explanation explanation = {.size = sizeof explanation};
    assert_int_equal(kith_engine_explain(engine, 1, as_of, &explanation, NULL), KITH_OK);
    return explanation;
}

/* To those whose tier is pinned, the rules of tiers do not apply. */
static void explain_misses_nothing_of_a_pinned_member(void **state)
{
    (void)state;
    kith_engine *engine = engine_of_ana();
    set(engine, 1, 2, KITH_LEFT_OUT);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    kith_explanation now = explain(engine, KITH_LAST_REVIEW);
    assert_int_equal(now.tier, 2);
    assert_int_equal(now.pinned, 1);
    assert_int_equal(now.left_out, 1);
    assert_int_equal(now.next_tier, KITH_NO_TIER);
    assert_int_equal(now.keep_tier, KITH_NO_TIER);
    assert_int_equal(now.promote_at + now.keep_at, 0);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        assert_int_equal(now.dimensions[d].to_rise + now.dimensions[d].to_keep, 0);
    kith_engine_free(engine);
}

static void assert_shown(const kith_engine *engine, int64_t as_of, uint32_t expected)
{
    kith_explanation explanation = explain(engine, as_of);
    assert_int_equal(explanation.pinned, expected);
    assert_int_equal(explanation.left_out, expected);
    kith_standing_row row = {.size = sizeof row};
    assert_int_equal(kith_engine_get_standing(engine, 1, as_of, &row, NULL), KITH_OK);
    assert_int_equal(row.pinned, expected);
    assert_int_equal(row.left_out, expected);
}

/* A review is explained by what was set when it was made, whatever has been set since; a snapshot keeps that. */
static void explain_goes_by_the_settings_of_the_review(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_of_ana();
    for (uint32_t week = 1, was = 0; week <= 4; week++, was = !was) {
        int64_t now = MONDAY + week * WEEK;
        kith_review_free(review_until(engine, now));
        assert_shown(engine, KITH_LAST_REVIEW, was);
        kith_explanation before = explain(engine, KITH_LAST_REVIEW);
        set(engine, !was, was ? 0 : 2, was ? KITH_COUNTED : KITH_LEFT_OUT);
        kith_explanation after = explain(engine, KITH_LAST_REVIEW);
        assert_memory_equal(&after, &before, sizeof after);
        assert_shown(engine, now, !was);
        engine = restart(engine, &options);
        assert_shown(engine, KITH_LAST_REVIEW, was);
        assert_shown(engine, now, !was);
    }
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explain_misses_nothing_of_a_pinned_member),
        cmocka_unit_test(explain_goes_by_the_settings_of_the_review),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
