/* SPDX-License-Identifier: MIT */
/* Explanations are put into words if they can be, whatever a caller hands over. */
#include "explanation_support.h"

/* ---- arguments ---- */

/* A struct of a caller who knows more of it than this library. */
struct larger_explanation {
    kith_explanation known;
    uint64_t unknown;
};

struct larger_options {
    kith_explanation_options known;
    uint64_t unknown;
};

static void assert_refused(const kith_explanation *explanation, const kith_policy *policy,
                           const kith_explanation_options *options, kith_status expected, const char *field)
{
    struct gathered text = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_explanation_write(explanation, policy, options, gather, &text, &error), expected, &error);
    assert_string_equal(error.field, field);
    assert_int_equal(text.calls, 0);
    assert_int_equal(kith_explanation_write(explanation, policy, options, gather, &text, NULL), expected);
}

static void explanation_check_refuses_arguments_that_cannot_be_used(void **state)
{
    (void)state;
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    const kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    const kith_explanation_options usual = {.size = sizeof usual};
    kith_error error = NO_ERROR;
    assert_refused(NULL, policy, NULL, KITH_BAD_ARGUMENT, "explanation");
    assert_refused(&ana, NULL, NULL, KITH_BAD_ARGUMENT, "policy");
    assert_int_equal(kith_explanation_write(&ana, policy, NULL, NULL, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "write");

    kith_explanation changed = ana;
    changed.size = sizeof changed - 8;
    assert_refused(&changed, policy, NULL, KITH_BAD_ARGUMENT, "explanation");
    kith_explanation_options options = usual;
    options.size = 0;
    assert_refused(&ana, policy, &options, KITH_BAD_ARGUMENT, "options");
    options = usual;
    options.rules = KITH_WITHOUT_RULES + 1;
    assert_refused(&ana, policy, &options, KITH_BAD_ARGUMENT, "options.rules");
    options = usual;
    options.at_end = 2;
    assert_refused(&ana, policy, &options, KITH_BAD_ARGUMENT, "options.at_end");

    struct larger_explanation larger = {.known = ana};
    struct larger_options larger_options = {.known = usual};
    larger.known.size = sizeof larger;
    larger_options.known.size = sizeof larger_options;
    free(words_of(&larger.known, policy, &larger_options.known));
    larger.unknown = 1;
    assert_refused(&larger.known, policy, NULL, KITH_UNSUPPORTED, "explanation");
    larger_options.unknown = 1;
    assert_refused(&ana, policy, &larger_options.known, KITH_UNSUPPORTED, "options");
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* ---- another policy ---- */

/* The default policy with something put in place of something else. */
static kith_policy *policy_with(const char *from, const char *to)
{
    kith_policy *policy = policy_of(NULL);
    struct gathered whole = {0}, changed = {0};
    assert_int_equal(kith_policy_write(policy, gather, &whole, NULL), KITH_OK);
    kith_policy_free(policy);
    const char *at = strstr(whole.bytes, from);
    if (!at)
        fail_msg("the default policy has no '%s'", from);
    gather(&changed, whole.bytes, (size_t)(at - whole.bytes));
    gather(&changed, to, strlen(to));
    gather(&changed, at + strlen(from), strlen(at + strlen(from)));
    policy = policy_of(changed.bytes);
    gathered_free(&whole);
    gathered_free(&changed);
    return policy;
}

/* Of a policy with other figures the words would say what no review went by. */
static void explanation_check_refuses_another_policy(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"content = 0.4\ninteraction = 0.3", "content = 0.5\ninteraction = 0.2"},
        {"interaction = 60", "interaction = 61"},
        {"community = 40", "community = 41"},
        {"grace_weeks = 2", "grace_weeks = 3"},
        {"silent_days = 7", "silent_days = 8"},
        {"dormant_days = 28", "dormant_days = 29"},
        {"drop_percent = 50", "drop_percent = 51"},
        {"drop_baseline_weeks = 4", "drop_baseline_weeks = 5"},
        {"drop_min_per_week = 2", "drop_min_per_week = 3"},
        {"core_days = 15", "core_days = 16"},
        {"risk_percent = 50", "risk_percent = 51"},
        {"promote_at = 15", "promote_at = 16"},
        {"keep_at = 4", "keep_at = 3"},
        {"min_supporters = 3", "min_supporters = 4"},
        {"min_supporters = 3", "min_supporters = 3\nmin_active_days = 1"},
        {"content 20 cap 3", "content 21 cap 3"},
        {"content 20 cap 3", "content 20 cap 2"},
        {"content 20 cap 3", "content 20"},
        {"content 20 cap 3", "community 20 cap 3"},
        {"content 1 cap 500 each 10", "content 1 cap 500"},
    };
    kith_engine *engine = village();
    kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        kith_policy *other = policy_with(changes[i][0], changes[i][1]);
        struct gathered text = {0};
        kith_error error = NO_ERROR;
        if (kith_explanation_write(&ana, other, NULL, gather, &text, &error) != KITH_BAD_ARGUMENT)
            fail_msg("%s was not noticed", changes[i][0]);
        assert_string_equal(error.message, "policy: is not the one that the explanation went by");
        assert_int_equal(text.calls, 0);
        kith_policy_free(other);
    }
    kith_policy *tiny = policy_of("[tier one]\n[tier two]\npromote_at = 1\n[kind only]\ngives = content 1\n");
    assert_int_equal(kith_explanation_write(&ana, tiny, NULL, gather, NULL, NULL), KITH_BAD_ARGUMENT);
    kith_policy_free(tiny);
    kith_engine_free(engine);
}

/* ---- whatever a caller may fill in ---- */

/* One field, as many bytes as it has; what it may not hold. */
struct bad_value {
    const char *field;
    size_t offset;
    size_t width;
    uint64_t value;
};

#define BAD(name, member, value)                                                                                       \
    {                                                                                                                  \
        "explanation." name, offsetof(kith_explanation, member), sizeof(((kith_explanation *)0)->member),              \
            (uint64_t)(value)                                                                                          \
    }

static void explanation_check_refuses_values_that_no_review_gives(void **state)
{
    (void)state;
    static const struct bad_value values[] = {
        BAD("week", week, -8),
        BAD("week", week, INT32_MAX),
        BAD("as_of_day", as_of_day, MONDAY_DAY - 1),
        BAD("as_of_day", as_of_day, MONDAY_DAY + 7),
        BAD("score", score, -1),
        BAD("score", score, 10000),
        BAD("stage", stage, KITH_STAGES),
        BAD("flags", flags, 1 << 6),
        BAD("tier", tier, 4),
        BAD("tier", tier, KITH_NO_TIER),
        BAD("tier_before", tier_before, 4),
        BAD("reason", reason, KITH_CHANGE_PINNED + 1),
        BAD("next_tier", next_tier, 1),
        BAD("next_tier", next_tier, KITH_NO_TIER),
        BAD("next_tier", pinned, 1),
        BAD("keep_tier", keep_tier, 0),
        BAD("keep_tier", keep_tier, KITH_NO_TIER),
        BAD("active_days", active_days, 29),
        BAD("silent_days", silent_days, -1),
        BAD("last_seen", last_seen, -1),
        BAD("last_seen", last_seen, INT64_C(253370764800)),
        BAD("leave_end", leave_end, -1),
        BAD("baseline", baseline, UINT64_MAX),
        BAD("baseline", baseline, INT64_MAX),
        BAD("baseline_weeks", baseline_weeks, 27),
        BAD("baseline_weeks", flags, KITH_FLAG_DROP),
        BAD("risk", flags, KITH_FLAG_AT_RISK),
        BAD("risk", risk, -2),
        BAD("risk", risk, 10001),
        BAD("pattern", pattern, 256),
        BAD("age", age, 8),
        BAD("all", all, UINT64_MAX),
        BAD("all_lost", all_lost, 1),
        BAD("similar", similar, 1),
        BAD("similar_lost", similar_lost, 1),
        BAD("alike", alike, 1),
        BAD("lost", lost, 1),
        BAD("member", member.length, 256),
        BAD("member", member.length, UINT64_MAX),
        BAD("member", member.data, 0),
        BAD("slot_count", slot_count, KITH_SLOTS_MOST + 1),
        BAD("slot_count", slot_count, UINT64_MAX),
        BAD("slots.kind", slots[1].kind, 64),
        BAD("slots.kind", slots[1].kind, UINT32_MAX),
        BAD("slots.role", slots[1].role, 2),
        BAD("slots.each", slots[1].each, UINT32_MAX),
        BAD("slots.counted", slots[1].counted, UINT32_MAX),
        BAD("slots.points", slots[1].points, INT64_MIN),
        BAD("slots.points", slots[1].points, INT64_MAX),
        BAD("dimensions.carried_over", dimensions[2].carried_over, -1),
        BAD("dimensions.earned", dimensions[2].earned, INT64_MIN),
        BAD("dimensions.remembered", dimensions[2].remembered, INT64_MAX),
        BAD("dimensions.to_rise", dimensions[2].to_rise, -1),
        BAD("dimensions.to_keep", dimensions[2].to_keep, INT64_MIN),
        BAD("dimensions.score", dimensions[2].score, 10000),
    };
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    const kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        kith_explanation changed = ana;
        /* All machines that this is tested on have the low bytes first. */
        memcpy((char *)&changed + values[i].offset, &values[i].value, values[i].width);
        assert_refused(&changed, policy, NULL, KITH_BAD_ARGUMENT, values[i].field);
    }
    kith_explanation no_pattern = ana;
    no_pattern.risk = 0;
    no_pattern.pattern = 0;
    assert_refused(&no_pattern, policy, NULL, KITH_BAD_ARGUMENT, "explanation.pattern");
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* Changes some bytes, or a whole word to the ends of what it can hold; not where the name lies. */
static void spoil(kith_explanation *explanation, uint64_t *seed)
{
    static const uint64_t ends[] = {
        0, 1, UINT64_MAX, INT64_MAX, (uint64_t)1 << 63, UINT32_MAX, INT32_MAX, (uint64_t)1 << 31, 7, 255, 9999};
    for (uint32_t more = 1 + chance_below(seed, 4); more > 0; more--) {
        size_t width = chance_below(seed, 2) ? 8 : 4;
        /* Most of the struct is slots, of which few are filled. */
        size_t within = chance_below(seed, 4) ? offsetof(kith_explanation, slots[3]) : sizeof *explanation;
        size_t offset = sizeof explanation->size + chance_below(seed, (uint32_t)(within / 4 - 2)) * 4;
        uint64_t value = chance_below(seed, 4) ? ends[chance_below(seed, sizeof ends / sizeof *ends)] : chance(seed);
        const char *name = explanation->member.data;
        memcpy((char *)explanation + offset, &value, width);
        explanation->member.data = name;
        if (explanation->member.length <= 255 && explanation->member.length > 3)
            explanation->member.length = 3;
    }
}

static void explanation_check_takes_or_refuses_whatever_it_is_given(void **state)
{
    (void)state;
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    uint64_t seed = 5, taken = 0, refused = 0;
    for (uint64_t i = 0; i < tries(100000); i++) {
        kith_explanation spoilt = explained(engine, 1 + i % 3, i % 2 ? MONDAY + WEEK : KITH_LAST_REVIEW);
        struct gathered text = {0};
        if (i % 64 == 0) {
            const kith_text name = spoilt.member;
            for (size_t at = 0; at < sizeof spoilt; at++)
                ((unsigned char *)&spoilt)[at] = (unsigned char)chance(&seed);
            spoilt.size = sizeof spoilt;
            spoilt.member = name;
        }
        spoil(&spoilt, &seed);
        kith_error error = NO_ERROR;
        kith_status status = kith_explanation_write(&spoilt, policy, NULL, gather, &text, &error);
        assert_true(status == KITH_OK || (status == KITH_BAD_ARGUMENT && text.calls == 0 && error.field[0]));
        taken += status == KITH_OK;
        refused += status != KITH_OK;
        gathered_free(&text);
    }
    assert_true(taken > tries(100000) / 20);
    assert_true(refused > tries(100000) / 20);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explanation_check_refuses_arguments_that_cannot_be_used),
        cmocka_unit_test(explanation_check_refuses_another_policy),
        cmocka_unit_test(explanation_check_refuses_values_that_no_review_gives),
        cmocka_unit_test(explanation_check_takes_or_refuses_whatever_it_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
