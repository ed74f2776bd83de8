/* SPDX-License-Identifier: MIT */
#include "tally/slots.h"

#include "support.h"

/* A policy of one kind and two tiers; the upper one asks for supporters if told so. */
static struct kithp_figures one_kind(kith_credit gives, kith_credit receives, uint32_t min_supporters)
{
    struct kithp_figures figures = kithp_policy_defaults;
    figures.tier_count = 2;
    figures.tiers[1].min_supporters = min_supporters;
    figures.kind_count = 1;
    figures.kinds[0] = (struct kithp_kind){.name = "act", .gives = gives, .receives = receives};
    return figures;
}

static const kith_credit nothing;
static const kith_credit plain = {1, KITH_CONTENT, 1000, 0, 0};
static const kith_credit limited = {1, KITH_INTERACTION, 2000, 0, 10};

static void slots_kind_without_credit_has_none(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(nothing, nothing, 3);
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    const struct kithp_kind_slots *kind = &slots.kinds[0];
    assert_int_equal(slots.count, 0);
    assert_int_equal(kind->gives, KITHP_SLOT_NONE);
    assert_int_equal(kind->gives_over, KITHP_SLOT_NONE);
    assert_int_equal(kind->receives, KITHP_SLOT_NONE);
    assert_int_equal(kind->receives_over, KITHP_SLOT_NONE);
    assert_false(kind->supports || kind->pairs || kind->leave);
}

static void slots_plain_credit_has_one_slot_with_points(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(plain, plain, 0);
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    const struct kithp_kind_slots *kind = &slots.kinds[0];
    assert_int_equal(slots.count, 2);
    assert_int_not_equal(kind->gives, kind->receives);
    assert_int_equal(kind->gives_over, KITHP_SLOT_NONE);
    assert_int_equal(kind->receives_over, KITHP_SLOT_NONE);
    assert_int_not_equal(slots.slots[kind->gives].points, 0);
    assert_int_not_equal(slots.slots[kind->receives].points, 0);
    assert_ptr_equal(slots.slots[kind->gives].credit, &figures.kinds[0].gives);
    assert_ptr_equal(slots.slots[kind->receives].credit, &figures.kinds[0].receives);
    assert_int_equal(slots.slots[kind->gives].twin, KITHP_SLOT_NONE);
    assert_int_equal(slots.slots[kind->receives].twin, KITHP_SLOT_NONE);
    assert_false(kind->pairs);
}

static void slots_what_is_over_each_has_a_slot_without_points(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(limited, nothing, 0);
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    const struct kithp_kind_slots *kind = &slots.kinds[0];
    assert_int_equal(slots.count, 2);
    assert_int_not_equal(kind->gives, kind->gives_over);
    assert_int_not_equal(slots.slots[kind->gives].points, 0);
    assert_int_equal(slots.slots[kind->gives_over].points, 0);
    assert_false(slots.slots[kind->gives].is_over);
    assert_true(slots.slots[kind->gives_over].is_over);
    assert_int_equal(slots.slots[kind->gives].twin, kind->gives_over);
    assert_int_equal(slots.slots[kind->gives_over].twin, kind->gives);
    assert_true(slots.slots[kind->gives].is_interaction);
    assert_true(slots.slots[kind->gives_over].is_interaction);
    assert_true(kind->pairs);
}

static void slots_each_on_receives_alone_needs_pairs(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(plain, limited, 0);
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    assert_int_equal(slots.count, 3);
    assert_true(slots.kinds[0].pairs);
    assert_false(slots.kinds[0].supports);
}

/* Only what a member gives is its own interaction. */
static void slots_received_interaction_is_none_of_the_members_own(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(plain, limited, 0);
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    for (uint32_t i = 0; i < slots.count; i++)
        assert_false(slots.slots[i].is_interaction);
}

static void slots_interaction_without_points_is_one(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind((kith_credit){1, KITH_INTERACTION, 0, 0, 0}, nothing, 0);
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    assert_true(slots.slots[slots.kinds[0].gives].is_interaction);
}

static void slots_supporters_are_counted_where_a_tier_asks(void **state)
{
    (void)state;
    const struct {
        int32_t points;
        uint32_t min_supporters;
        bool supports;
    } cases[] = {{1, 1, true}, {1, 0, false}, {0, 1, false}, {-1, 1, false}, {1, 65535, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_credit receives = {1, KITH_CONTENT, cases[i].points, 0, 0};
        struct kithp_figures figures = one_kind(plain, receives, cases[i].min_supporters);
        struct kithp_slots slots;
        kithp_slots_init(&slots, &figures);
        assert_int_equal(slots.kinds[0].supports, cases[i].supports);
        assert_int_equal(slots.kinds[0].pairs, cases[i].supports);
    }
}

static void slots_giving_is_no_support(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(plain, nothing, 5);
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    assert_false(slots.kinds[0].supports);
}

static void slots_leave_is_taken_over(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(nothing, nothing, 0);
    figures.kinds[0].leave = true;
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    assert_true(slots.kinds[0].leave);
}

/* 64 kinds with `each` on both sides: every slot has a number of its own that fits a byte. */
static void slots_largest_policy_fits(void **state)
{
    (void)state;
    struct kithp_figures figures = one_kind(limited, limited, 1);
    figures.kind_count = KITHP_KINDS_MOST;
    for (unsigned i = 0; i < KITHP_KINDS_MOST; i++)
        figures.kinds[i] = figures.kinds[0];
    struct kithp_slots slots;
    kithp_slots_init(&slots, &figures);
    assert_int_equal(slots.count, 256);
    bool seen[256] = {false};
    for (unsigned i = 0; i < KITHP_KINDS_MOST; i++) {
        const struct kithp_kind_slots *kind = &slots.kinds[i];
        const int16_t numbers[] = {kind->gives, kind->gives_over, kind->receives, kind->receives_over};
        for (unsigned j = 0; j < 4; j++) {
            assert_in_range(numbers[j], 0, 255);
            assert_false(seen[numbers[j]]);
            seen[numbers[j]] = true;
            assert_int_equal(slots.slots[numbers[j]].kind, i);
        }
    }
}

static void slots_notice_of_leave_is_a_kind_of_every_policy(void **state)
{
    (void)state;
    struct kithp_figures figures = kithp_policy_defaults;
    for (figures.kind_count = 1; figures.kind_count <= KITHP_KINDS_MOST; figures.kind_count += 63) {
        struct kithp_slots slots;
        memset(&slots, 0xA5, sizeof slots);
        kithp_slots_init(&slots, &figures);
        const struct kithp_kind_slots *kind = &slots.kinds[KITHP_KIND_LEAVE];
        assert_true(kind->leave);
        assert_false(kind->supports || kind->pairs);
        assert_int_equal(kind->gives, KITHP_SLOT_NONE);
        assert_int_equal(kind->gives_over, KITHP_SLOT_NONE);
        assert_int_equal(kind->receives, KITHP_SLOT_NONE);
        assert_int_equal(kind->receives_over, KITHP_SLOT_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_kind_without_credit_has_none),
        cmocka_unit_test(slots_notice_of_leave_is_a_kind_of_every_policy),
        cmocka_unit_test(slots_plain_credit_has_one_slot_with_points),
        cmocka_unit_test(slots_what_is_over_each_has_a_slot_without_points),
        cmocka_unit_test(slots_each_on_receives_alone_needs_pairs),
        cmocka_unit_test(slots_received_interaction_is_none_of_the_members_own),
        cmocka_unit_test(slots_interaction_without_points_is_one),
        cmocka_unit_test(slots_supporters_are_counted_where_a_tier_asks),
        cmocka_unit_test(slots_giving_is_no_support),
        cmocka_unit_test(slots_leave_is_taken_over),
        cmocka_unit_test(slots_largest_policy_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
