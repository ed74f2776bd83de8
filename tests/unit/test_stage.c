/* SPDX-License-Identifier: MIT */
#include "review/stage.h"

#include "support.h"

/* A situation in which every stage's rule but `new` applies; each test takes one away after the other. */
struct situation {
    bool is_first;
    bool returned;
    uint32_t active_days;
    bool acted;
    bool on_leave;
    bool dormant;
    uint8_t stage;
};

static void stage_first_rule_that_applies_decides(void **state)
{
    (void)state;
    /* core_days is 15 */
    const struct situation situations[] = {
        {true, true, 28, true, true, true, KITH_STAGE_NEW},
        {true, false, 0, false, false, false, KITH_STAGE_NEW},
        {false, true, 28, true, true, true, KITH_STAGE_RETURNED},
        {false, false, 28, true, true, true, KITH_STAGE_CORE},
        {false, false, 15, false, true, true, KITH_STAGE_CORE},
        {false, false, 14, true, true, true, KITH_STAGE_ACTIVE},
        {false, false, 14, false, true, true, KITH_STAGE_AWAY},
        {false, false, 14, false, false, true, KITH_STAGE_DORMANT},
        {false, false, 14, false, false, false, KITH_STAGE_SILENT},
        {false, false, 0, false, false, false, KITH_STAGE_SILENT},
    };
    for (size_t i = 0; i < sizeof situations / sizeof *situations; i++) {
        const struct situation *at = &situations[i];
        struct kithp_carried member = {.weeks_known = at->is_first ? 0 : 1};
        member.flags = (uint8_t)((at->returned ? KITH_FLAG_RETURNED : 0) | (at->dormant ? KITH_FLAG_DORMANT : 0));
        struct kithp_circumstances now = {.active_days = at->active_days, .acted = at->acted, .on_leave = at->on_leave};
        uint8_t stage = kithp_stage_review(&kithp_policy_defaults, &now, &member);
        if (stage != at->stage)
            fail_msg("situation %zu: stage %u in place of %u", i, stage, at->stage);
    }
}

static void stage_core_days_are_those_of_the_policy(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    struct kithp_carried member = {.weeks_known = 9};
    for (uint32_t core_days = 1; core_days <= 28; core_days++) {
        figures.core_days = core_days;
        struct kithp_circumstances now = {.acted = true, .active_days = core_days};
        assert_int_equal(kithp_stage_review(&figures, &now, &member), KITH_STAGE_CORE);
        now.active_days--;
        assert_int_equal(kithp_stage_review(&figures, &now, &member), KITH_STAGE_ACTIVE);
    }
}

/* Flags of other names do not decide a stage. */
static void stage_other_flags_do_not_matter(void **state)
{
    (void)state;
    struct kithp_carried member = {.weeks_known = 255};
    struct kithp_circumstances now = {.acted = false};
    member.flags = KITH_FLAG_SILENT | KITH_FLAG_DROP | KITH_FLAG_STALLED | KITH_FLAG_AT_RISK;
    assert_int_equal(kithp_stage_review(&kithp_policy_defaults, &now, &member), KITH_STAGE_SILENT);
    now.acted = true;
    assert_int_equal(kithp_stage_review(&kithp_policy_defaults, &now, &member), KITH_STAGE_ACTIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stage_first_rule_that_applies_decides),
        cmocka_unit_test(stage_core_days_are_those_of_the_policy),
        cmocka_unit_test(stage_other_flags_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
