/* SPDX-License-Identifier: MIT */
/* Carried states: as many as there are members, and nothing left of one that is gone. */
#include "review/carried.h"

#include "support.h"

enum { WEEKS = 5 };

static void carried_states_are_as_many_as_asked_for(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_figures figures = {.drop_baseline_weeks = WEEKS};
    struct kithp_carried_states all;
    kithp_carried_init(&all, &memory.allocator, &figures, NULL);
    static const uint32_t asked[] = {0, 1, 3, 3, 2, 5000, 9000, 8999};
    uint32_t most = 0;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_true(kithp_carried_extend(&all, asked[i]));
        most = asked[i] > most ? asked[i] : most;
        assert_int_equal(all.states.count, most);
        assert_int_equal(all.baselines.count, most);
    }
    for (uint32_t i = 0; i < most; i++) {
        assert_true(kithp_carried_of(&all, i)->joined == KITH_NO_TIME);
        assert_true(kithp_carried_of(&all, i)->last_seen == KITH_NO_TIME);
        assert_int_equal(kithp_carried_of(&all, i)->risk, KITHP_NO_RISK);
    }
    kithp_carried_free(&all);
    assert_int_equal(memory.live, 0);
}

/* Of a member that is forgotten, nothing may be found in memory. */
static void carried_state_that_is_reset_is_gone(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_figures figures = {.drop_baseline_weeks = WEEKS};
    struct kithp_carried_states all;
    kithp_carried_init(&all, &memory.allocator, &figures, NULL);
    assert_true(kithp_carried_extend(&all, 3));
    for (uint32_t i = 0; i < 3; i++) {
        memset(kithp_carried_of(&all, i), 0x5A, sizeof(struct kithp_carried));
        memset(kithp_carried_baseline(&all, i), 0x5A, WEEKS * sizeof(uint32_t));
    }
    kithp_carried_reset(&all, 1);
    for (uint32_t i = 0; i < 3; i++) {
        const struct kithp_carried *carried = kithp_carried_of(&all, i);
        for (unsigned week = 0; week < WEEKS; week++)
            assert_int_equal(kithp_carried_baseline(&all, i)[week], i == 1 ? 0 : 0x5A5A5A5A);
        if (i != 1) {
            assert_int_equal(carried->score, 0x5A5A);
            continue;
        }
        assert_true(carried->joined == KITH_NO_TIME && carried->last_seen == KITH_NO_TIME);
        assert_int_equal(carried->risk, KITHP_NO_RISK);
        assert_int_equal(carried->score, 0);
        assert_int_equal(carried->acted, 0);
        assert_int_equal(carried->before.baseline, 0);
    }
    kithp_carried_free(&all);
    assert_int_equal(memory.live, 0);
}

static void carried_states_without_memory_are_as_they_were(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_figures figures = {.drop_baseline_weeks = WEEKS};
    struct kithp_carried_states all;
    kithp_carried_init(&all, &memory.allocator, &figures, NULL);
    assert_true(kithp_carried_extend(&all, 10));
    uint64_t failures = 0;
    for (bool extended = false; !extended; failures++) {
        memory_fail_after(&memory, failures);
        extended = kithp_carried_extend(&all, 20000);
        assert_int_equal(all.states.count, extended ? 20000 : 10);
        assert_int_equal(all.baselines.count, extended ? 20000 : 10);
    }
    assert_true(failures > 2);
    memory_fail_never(&memory);
    kithp_carried_free(&all);
    assert_int_equal(memory.live, 0);
}

static void fill(struct kithp_carried_states *all, uint32_t member, uint16_t with)
{
    kithp_carried_of(all, member)->score = with;
    kithp_carried_baseline(all, member)[WEEKS - 1] = with;
}

static void assert_filled(const struct kithp_carried_states *all, uint32_t member, uint16_t with)
{
    assert_int_equal(kithp_carried_of(all, member)->score, with);
    assert_int_equal(kithp_carried_baseline(all, member)[WEEKS - 1], with);
}

/* What is changed after it was shared, and made one's own, stays as it was in the copy; so it does without memory. */
static void carried_copy_does_not_change_with_the_original(void **state)
{
    (void)state;
    enum { MEMBERS = 10000 };
    for (unsigned of_all = 0; of_all < 2; of_all++) {
        struct memory memory;
        memory_init(&memory);
        struct kithp_figures figures = {.drop_baseline_weeks = WEEKS};
        struct kithp_carried_states all, copy;
        kithp_carried_init(&all, &memory.allocator, &figures, NULL);
        assert_true(kithp_carried_extend(&all, MEMBERS));
        for (uint32_t i = 0; i < MEMBERS; i++)
            fill(&all, i, 7);
        uint64_t failures = 0;
        for (bool shared = false; !shared; failures++) {
            kithp_carried_init(&copy, &memory.allocator, &figures, NULL);
            memory_fail_after(&memory, failures);
            shared = kithp_carried_share(&copy, &all);
            if (!shared)
                kithp_carried_free(&copy);
        }
        assert_true(failures > 2);
        failures = 0;
        for (bool owned = false; !owned; failures++) {
            memory_fail_after(&memory, failures);
            owned = of_all ? kithp_carried_own_all(&all) : kithp_carried_own(&all, MEMBERS - 1);
        }
        assert_true(failures > 2);
        memory_fail_never(&memory);
        for (uint32_t i = of_all ? 0 : MEMBERS - 1; i < MEMBERS; i++)
            fill(&all, i, 9);
        for (uint32_t i = 0; i < MEMBERS; i++)
            assert_filled(&copy, i, 7);
        assert_filled(&all, MEMBERS - 1, 9);
        assert_filled(&all, 0, of_all ? 9 : 7);
        kithp_carried_free(&copy);
        kithp_carried_free(&all);
        assert_int_equal(memory.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carried_states_are_as_many_as_asked_for),
        cmocka_unit_test(carried_state_that_is_reset_is_gone),
        cmocka_unit_test(carried_states_without_memory_are_as_they_were),
        cmocka_unit_test(carried_copy_does_not_change_with_the_original),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
