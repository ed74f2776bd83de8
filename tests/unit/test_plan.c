/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "tally/plan.h"

/* Monday, 5 January 2026, 00:00 UTC. */
#define MONDAY INT64_C(1767571200)
#define WEEK INT64_C(604800)

enum { PLAIN, PAIRED, SILENT_KIND, KINDS };

struct fixture {
    struct kithp_figures figures;
    struct kithp_slots slots;
    struct kithp_plan plan;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    fixture.figures.kind_count = KINDS;
    static const kith_credit plain = {1, KITH_CONTENT, 1000, 0, 0}, limited = {1, KITH_INTERACTION, 2000, 0, 10};
    fixture.figures.kinds[PLAIN] = (struct kithp_kind){.name = "plain", .gives = plain, .receives = plain};
    fixture.figures.kinds[PAIRED] = (struct kithp_kind){.name = "paired", .gives = limited};
    fixture.figures.kinds[SILENT_KIND] = (struct kithp_kind){.name = "silent"};
    kithp_slots_init(&fixture.slots, &fixture.figures);
    *state = &fixture;
    return 0;
}

static void make(struct fixture *fixture, const struct kithp_event *events, size_t count)
{
    kithp_plan_make(&fixture->plan, &fixture->slots, &fixture->figures.calendar, events, count);
}

static void plan_of_nothing_has_no_steps(void **state)
{
    struct fixture *fixture = *state;
    make(fixture, NULL, 0);
    assert_int_equal(fixture->plan.count, 0);
    assert_int_equal(fixture->plan.events, 0);
}

/*
 * Each event as the model has it: activity of the member, and credit for both unless they are one; but what is limited
 * by `each` is not for a touch to add.
 */
static void check_touches(const struct fixture *fixture, const struct kithp_event *event,
                          const struct kithp_touch **next, int64_t week)
{
    int64_t second = event->time - (MONDAY + week * WEEK);
    const struct kithp_kind_slots *kind = &fixture->slots.kinds[event->kind];
    bool credits = event->member != event->target;
    if (event->member != KITHP_NOBODY) {
        const struct kithp_touch *touch = (*next)++;
        assert_int_equal(touch->member, event->member);
        assert_int_equal(touch->second, second);
        assert_int_equal(touch->quantity, event->quantity);
        assert_int_equal(touch->days, 1 << second / KITHP_SECONDS_A_DAY);
        assert_int_equal(touch->slot, credits && event->kind != PAIRED ? kind->gives : KITHP_SLOT_NONE);
    }
    if (event->target != KITHP_NOBODY) {
        const struct kithp_touch *touch = (*next)++;
        assert_int_equal(touch->member, event->target);
        assert_int_equal(touch->second, second);
        assert_int_equal(touch->days, 0);
        assert_int_equal(touch->slot, credits ? kind->receives : KITHP_SLOT_NONE);
    }
}

static struct kithp_event random_event(uint64_t *luck, int64_t *week)
{
    /* Weeks that stay, come back and end at their last second. */
    if (chance_below(luck, 4) == 0)
        *week = chance_below(luck, 3);
    uint32_t second = chance_below(luck, 8) == 0 ? (uint32_t)WEEK - 1 : chance_below(luck, (uint32_t)WEEK);
    uint32_t target = chance_below(luck, 4);
    struct kithp_event event = {
        .time = MONDAY + *week * WEEK + second,
        .member = chance_below(luck, 4),
        .target = target == 3 ? KITHP_NOBODY : target,
        .quantity = 1 + chance_below(luck, 9),
        .kind = chance_below(luck, KINDS + 1),
    };
    if (event.kind == KINDS)
        event.kind = KITHP_KIND_LEAVE;
    if (event.target != KITHP_NOBODY && event.member == 3)
        event.member = KITHP_NOBODY;
    return event;
}

static unsigned what_is_done(const struct kithp_event *event)
{
    if (event->kind == KITHP_KIND_LEAVE)
        return event->member == KITHP_NOBODY ? 0 : KITHP_DEED_LEAVE;
    if (event->kind != PAIRED || event->member == event->target)
        return 0;
    if (event->target == KITHP_NOBODY)
        return KITHP_DEED_GIVES;
    return event->member == KITHP_NOBODY ? KITHP_DEED_RECEIVES : KITHP_DEED_PAIR;
}

static void plan_lists_each_event_in_turn(void **state)
{
    struct fixture *fixture = *state;
    const struct kithp_plan *plan = &fixture->plan;
    uint64_t luck = 11;
    for (unsigned round = 0; round < 300; round++) {
        struct kithp_event events[KITHP_TALLY_BLOCK];
        int64_t weeks[KITHP_TALLY_BLOCK], week = 0, first = INT64_MAX, last = 0;
        size_t count = 1 + chance_below(&luck, KITHP_TALLY_BLOCK), at = 0;
        for (size_t i = 0; i < count; i++) {
            events[i] = random_event(&luck, &week);
            weeks[i] = week;
            first = events[i].time < first ? events[i].time : first;
            last = events[i].time > last ? events[i].time : last;
        }
        make(fixture, events, count);
        assert_int_equal(plan->events, count);
        assert_int_equal(plan->first, first);
        assert_int_equal(plan->last, last);
        for (size_t i = 0; i < plan->count; i++) {
            const struct kithp_steps *steps = &plan->steps[i];
            const struct kithp_touch *touch = steps->touches;
            const struct kithp_deed *deed = steps->deeds;
            assert_int_equal(steps->week, kithp_calendar_week(&fixture->figures.calendar, events[at].time));
            for (size_t begin = at; at < count && weeks[at] == weeks[begin]; at++) {
                unsigned what = what_is_done(&events[at]);
                if (what != 0) {
                    assert_int_equal(deed->kind, events[at].kind);
                    assert_int_equal(deed->what, what);
                    assert_ptr_equal(steps->touches + deed->touch, touch);
                    deed++;
                }
                check_touches(fixture, &events[at], &touch, weeks[at]);
            }
            assert_int_equal(touch - steps->touches, steps->touch_count);
            assert_int_equal(deed - steps->deeds, steps->deed_count);
        }
        assert_int_equal(at, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plan_of_nothing_has_no_steps, set_up),
        cmocka_unit_test_setup(plan_lists_each_event_in_turn, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
