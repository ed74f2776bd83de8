/* SPDX-License-Identifier: MIT */
#include "tally/week.h"

#include "base/number.h"
#include "support.h"

/* Kinds of the policy that these tests use. */
enum { POST, LIKE, FAVORITE, REMOVED, LEAVE, LOGIN, NOTE, INDIFFERENT, KINDS };

enum { LIKES_EACH = 10, NOTES_EACH = 3 };

static const struct kithp_kind kinds[KINDS] = {
    [POST] = {.name = "post", .gives = {1, KITH_CONTENT, 10000, 0, 0}},
    [LIKE] = {.name = "like",
              .gives = {1, KITH_INTERACTION, 1000, 30, LIKES_EACH},
              .receives = {1, KITH_CONTENT, 1000, 500, LIKES_EACH}},
    [FAVORITE] = {.name = "favorite",
                  .gives = {1, KITH_INTERACTION, 1000, 0, 0},
                  .receives = {1, KITH_CONTENT, 2000, 0, 0}},
    [REMOVED] = {.name = "removed", .receives = {1, KITH_CONTENT, -15000, 0, 0}},
    [LEAVE] = {.name = "leave", .leave = true},
    [LOGIN] = {.name = "login"},
    [NOTE] = {.name = "note",
              .gives = {1, KITH_COMMUNITY, 1000, 0, 0},
              .receives = {1, KITH_COMMUNITY, 500, 0, NOTES_EACH}},
    [INDIFFERENT] = {.name = "indifferent", .receives = {1, KITH_CONTENT, 0, 0, 0}},
};

enum { ANA, BEN, CAM, DEE };

#define NOBODY KITHP_NOBODY

/* Monday, 2 March 2026, 00:00 UTC. */
#define BEGIN INT64_C(1772409600)
enum { WEEK_NUMBER = 2931, FIRST_DAY = 20514 };

static const struct kithp_hash_key key = {1, 2};

struct fixture {
    struct memory memory;
    struct kithp_figures figures;
    struct kithp_slots slots;
    struct kithp_week *week;
};

static void open_week(struct fixture *fixture, uint32_t min_supporters)
{
    memory_init(&fixture->memory);
    fixture->figures = kithp_policy_defaults;
    fixture->figures.tier_count = 2;
    fixture->figures.tiers[1].min_supporters = min_supporters;
    fixture->figures.kind_count = KINDS;
    memcpy(fixture->figures.kinds, kinds, sizeof kinds);
    kithp_slots_init(&fixture->slots, &fixture->figures);
    fixture->week = kithp_week_new(&fixture->memory.allocator, &fixture->figures.calendar, key, WEEK_NUMBER);
    assert_non_null(fixture->week);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    open_week(&fixture, 3);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    kithp_week_free(fixture->week);
    return fixture->memory.live == 0 ? 0 : -1;
}

static bool try_event(struct fixture *fixture, const struct kithp_event *event)
{
    struct kithp_touch touches[2];
    struct kithp_deed deed;
    struct kithp_steps steps;
    assert_int_equal(kithp_plan_week(&fixture->slots, fixture->week->begin, event, 1, touches, &deed, &steps), 1);
    uint32_t *entries[2];
    uint64_t pair;
    const struct kithp_reach reach = {entries, &pair};
    bool placed = kithp_week_reach(fixture->week, &steps, &reach) && kithp_week_place(fixture->week, &steps, &reach);
    if (placed)
        kithp_week_apply(fixture->week, &fixture->slots, &steps, &reach);
    kithp_week_settle(fixture->week);
    return placed;
}

static void add(struct fixture *fixture, int64_t second, uint32_t member, uint32_t kind, uint32_t target,
                uint32_t quantity)
{
    struct kithp_event event = {BEGIN + second, member, target, quantity, kind};
    assert_true(try_event(fixture, &event));
}

static const struct kithp_cell *row_of(const struct fixture *fixture, uint32_t member)
{
    const struct kithp_cell *row = kithp_week_row(fixture->week, member);
    assert_non_null(row);
    return row;
}

/* A row's quantity of a slot, 0 where it has none; fails where the slot has two places. */
static uint32_t quantity(const struct fixture *fixture, uint32_t member, int16_t slot)
{
    const struct kithp_cell *cell = kithp_week_row(fixture->week, member);
    uint32_t found = 0;
    unsigned places = 0;
    for (; cell; cell = kithp_week_next_cell(fixture->week, cell)) {
        assert_in_range(cell->used, 0, KITHP_CELL_SLOTS);
        for (unsigned i = 0; i < cell->used; i++) {
            if (cell->slots[i] == slot) {
                found = cell->quantities[i];
                places++;
            }
        }
    }
    assert_in_range(places, 0, 1);
    return found;
}

static uint32_t given_counted(const struct fixture *fixture, uint32_t member, uint32_t kind)
{
    return quantity(fixture, member, fixture->slots.kinds[kind].gives);
}

static uint32_t given(const struct fixture *fixture, uint32_t member, uint32_t kind)
{
    return kithp_number_add_stop(given_counted(fixture, member, kind),
                                 quantity(fixture, member, fixture->slots.kinds[kind].gives_over));
}

static uint32_t received_counted(const struct fixture *fixture, uint32_t member, uint32_t kind)
{
    return quantity(fixture, member, fixture->slots.kinds[kind].receives);
}

static uint32_t received(const struct fixture *fixture, uint32_t member, uint32_t kind)
{
    return kithp_number_add_stop(received_counted(fixture, member, kind),
                                 quantity(fixture, member, fixture->slots.kinds[kind].receives_over));
}

/* ---- rows and days ---- */

static void week_begins_where_the_calendar_says(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(fixture->week->number, WEEK_NUMBER);
    assert_int_equal(fixture->week->begin, BEGIN);
    assert_int_equal(fixture->week->first_day, FIRST_DAY);
    assert_null(kithp_week_row(fixture->week, ANA));
}

static void week_row_is_of_those_named_alone(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, BEN, LIKE, DEE, 1);
    assert_null(kithp_week_row(fixture->week, ANA));
    assert_non_null(kithp_week_row(fixture->week, BEN));
    assert_null(kithp_week_row(fixture->week, CAM));
    assert_non_null(kithp_week_row(fixture->week, DEE));
    assert_null(kithp_week_row(fixture->week, 255));
    assert_null(kithp_week_row(fixture->week, 256));
    assert_null(kithp_week_row(fixture->week, 4000000));
}

static void week_first_is_of_any_event_last_of_own_alone(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 500, ANA, LOGIN, NOBODY, 1);
    add(fixture, 100, BEN, LIKE, ANA, 1);
    add(fixture, 300, ANA, LOGIN, NOBODY, 1);
    add(fixture, 900, BEN, LIKE, ANA, 1);
    assert_int_equal(row_of(fixture, ANA)->first, 100);
    assert_int_equal(row_of(fixture, ANA)->last, 500 + 1);
    assert_int_equal(row_of(fixture, BEN)->first, 100);
    assert_int_equal(row_of(fixture, BEN)->last, 900 + 1);
}

static void week_target_alone_has_no_own_event(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, BEN, LIKE, ANA, 1);
    assert_int_equal(row_of(fixture, ANA)->first, 0);
    assert_int_equal(row_of(fixture, ANA)->last, 0);
    assert_int_equal(row_of(fixture, ANA)->days, 0);
    assert_int_equal(row_of(fixture, BEN)->last, 1);
    assert_int_equal(row_of(fixture, BEN)->days, 1);
}

static void week_days_change_at_midnight(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 86399, ANA, LOGIN, NOBODY, 1);
    assert_int_equal(row_of(fixture, ANA)->days, 0x01);
    add(fixture, 86400, ANA, LOGIN, NOBODY, 1);
    assert_int_equal(row_of(fixture, ANA)->days, 0x03);
    add(fixture, 7 * 86400 - 1, ANA, LOGIN, NOBODY, 1);
    assert_int_equal(row_of(fixture, ANA)->days, 0x43);
    add(fixture, 6 * 86400 - 1, ANA, LOGIN, NOBODY, 1);
    assert_int_equal(row_of(fixture, ANA)->days, 0x63);
}

/* The community's clock is two hours ahead: its Monday begins at 22:00 UTC on Sunday. */
static void week_days_go_by_the_communitys_clock(void **state)
{
    (void)state;
    struct fixture fixture;
    open_week(&fixture, 0);
    kithp_week_free(fixture.week);
    fixture.figures.calendar.utc_offset = 7200;
    fixture.week = kithp_week_new(&fixture.memory.allocator, &fixture.figures.calendar, key, WEEK_NUMBER);
    assert_int_equal(fixture.week->begin, BEGIN - 7200);
    add(&fixture, -7200, ANA, LOGIN, NOBODY, 1);
    assert_int_equal(row_of(&fixture, ANA)->days, 0x01);
    assert_int_equal(row_of(&fixture, ANA)->first, 0);
    add(&fixture, 86400 - 7200, ANA, LOGIN, NOBODY, 1);
    assert_int_equal(row_of(&fixture, ANA)->days, 0x03);
    kithp_week_free(fixture.week);
    assert_int_equal(fixture.memory.live, 0);
}

static void week_rows_of_members_far_apart_are_their_own(void **state)
{
    struct fixture *fixture = *state;
    const uint32_t members[] = {0, 255, 256, 257, 70000, 1000003};
    for (uint32_t i = 0; i < 6; i++)
        add(fixture, i, members[i], POST, NOBODY, i + 1);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(given(fixture, members[i], POST), i + 1);
        assert_int_equal(row_of(fixture, members[i])->first, i);
    }
    assert_null(kithp_week_row(fixture->week, 1000002));
}

/* More rows than a chunk has cells. */
static void week_10000_rows_keep_what_they_have(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 10000; i++)
            add(fixture, i, i, POST, NOBODY, i + 1);
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(given(fixture, i, POST), 2 * (i + 1));
}

/* ---- quantities ---- */

static void week_quantities_add_up_by_kind_and_role(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, ANA, POST, NOBODY, 2);
    add(fixture, 0, ANA, POST, BEN, 3);
    add(fixture, 0, ANA, FAVORITE, BEN, 4);
    add(fixture, 0, BEN, FAVORITE, ANA, 5);
    add(fixture, 0, CAM, FAVORITE, ANA, 6);
    assert_int_equal(given(fixture, ANA, POST), 5);
    assert_int_equal(given(fixture, ANA, FAVORITE), 4);
    assert_int_equal(received(fixture, ANA, FAVORITE), 11);
    assert_int_equal(given(fixture, BEN, FAVORITE), 5);
    assert_int_equal(received(fixture, BEN, FAVORITE), 4);
    assert_int_equal(given(fixture, BEN, POST), 0);
}

static void week_quantity_stops_at_the_largest(void **state)
{
    struct fixture *fixture = *state;
    for (unsigned i = 0; i < 4; i++)
        add(fixture, 0, ANA, POST, NOBODY, 1000000000);
    assert_true(given(fixture, ANA, POST) == UINT32_C(4000000000));
    add(fixture, 0, ANA, POST, NOBODY, 294967294);
    assert_true(given(fixture, ANA, POST) == UINT32_MAX - 1);
    add(fixture, 0, ANA, POST, NOBODY, 1);
    assert_true(given(fixture, ANA, POST) == UINT32_MAX);
    add(fixture, 0, ANA, POST, NOBODY, 1000000000);
    assert_true(given(fixture, ANA, POST) == UINT32_MAX);
}

static void week_more_slots_than_a_cell_holds_go_on_in_others(void **state)
{
    (void)state;
    enum { MANY_KINDS = 64, EACH = 2 };
    struct fixture fixture;
    open_week(&fixture, 0);
    fixture.figures.kind_count = MANY_KINDS;
    for (unsigned i = 0; i < MANY_KINDS; i++)
        fixture.figures.kinds[i] = (struct kithp_kind){
            .name = "kind", .gives = {1, KITH_CONTENT, 1, 0, EACH}, .receives = {1, KITH_CONTENT, 1, 0, EACH}};
    kithp_slots_init(&fixture.slots, &fixture.figures);
    /* Twice, and both ways: all 256 slots of either row are in use, and are found again. */
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t kind = 0; kind < MANY_KINDS; kind++) {
            add(&fixture, 0, ANA, kind, BEN, kind + 1);
            add(&fixture, 0, BEN, kind, ANA, 100 + kind);
        }
    }
    for (uint32_t kind = 0; kind < MANY_KINDS; kind++) {
        assert_int_equal(given(&fixture, ANA, kind), 2 * (kind + 1));
        assert_int_equal(received(&fixture, BEN, kind), 2 * (kind + 1));
        assert_int_equal(given(&fixture, BEN, kind), 2 * (100 + kind));
        assert_int_equal(received(&fixture, ANA, kind), 2 * (100 + kind));
        assert_int_equal(given_counted(&fixture, ANA, kind), EACH);
        assert_int_equal(received_counted(&fixture, ANA, kind), EACH);
        assert_int_equal(given_counted(&fixture, BEN, kind), EACH);
        assert_int_equal(received_counted(&fixture, BEN, kind), EACH);
    }
    unsigned cells = 0;
    for (const struct kithp_cell *cell = row_of(&fixture, ANA); cell; cell = kithp_week_next_cell(fixture.week, cell))
        cells++;
    assert_int_equal(cells, 256 / KITHP_CELL_SLOTS);
    kithp_week_free(fixture.week);
    assert_int_equal(fixture.memory.live, 0);
}

/* ---- each ---- */

static void week_each_limits_what_counts_with_any_one_member(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, ANA, LIKE, BEN, 7);
    assert_int_equal(given_counted(fixture, ANA, LIKE), 7);
    add(fixture, 0, ANA, LIKE, BEN, 3);
    assert_int_equal(given_counted(fixture, ANA, LIKE), 10);
    add(fixture, 0, ANA, LIKE, BEN, 1);
    assert_int_equal(given_counted(fixture, ANA, LIKE), 10);
    assert_int_equal(given(fixture, ANA, LIKE), 11);
    assert_int_equal(received(fixture, BEN, LIKE), 11);
    assert_int_equal(received_counted(fixture, BEN, LIKE), 10);
}

/* The example of docs/model.md: five members liked 1 000 times each leave 50; `cap` is looked at later. */
static void week_each_counts_every_member_anew(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t target = 1; target <= 5; target++)
        add(fixture, 0, ANA, LIKE, target, 1000);
    assert_int_equal(given(fixture, ANA, LIKE), 5000);
    assert_int_equal(given_counted(fixture, ANA, LIKE), 50);
    for (uint32_t target = 1; target <= 5; target++)
        assert_int_equal(received_counted(fixture, target, LIKE), 10);
}

static void week_each_goes_by_direction(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, ANA, LIKE, BEN, 10);
    add(fixture, 0, BEN, LIKE, ANA, 4);
    assert_int_equal(given_counted(fixture, BEN, LIKE), 4);
    assert_int_equal(received_counted(fixture, ANA, LIKE), 4);
    assert_int_equal(given_counted(fixture, ANA, LIKE), 10);
}

static void week_each_goes_by_kind(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, ANA, LIKE, BEN, 10);
    add(fixture, 0, ANA, NOTE, BEN, 2);
    assert_int_equal(received_counted(fixture, BEN, NOTE), 2);
    add(fixture, 0, ANA, NOTE, BEN, 2);
    assert_int_equal(received_counted(fixture, BEN, NOTE), NOTES_EACH);
    /* What is given has no such limit for this kind. */
    assert_int_equal(given(fixture, ANA, NOTE), 4);
    assert_int_equal(fixture->slots.kinds[NOTE].gives_over, KITHP_SLOT_NONE);
}

static void week_each_does_not_bind_acts_without_another(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, NOBODY, LIKE, BEN, 1000);
    add(fixture, 0, ANA, LIKE, NOBODY, 1000);
    assert_int_equal(received_counted(fixture, BEN, LIKE), 1000);
    assert_int_equal(given_counted(fixture, ANA, LIKE), 1000);
    add(fixture, 0, ANA, LIKE, BEN, 1000);
    assert_int_equal(received_counted(fixture, BEN, LIKE), 1010);
    assert_int_equal(given_counted(fixture, ANA, LIKE), 1010);
}

static void week_pair_and_counted_stop_at_the_largest(void **state)
{
    (void)state;
    struct fixture fixture;
    open_week(&fixture, 0);
    /* A limit above what five events bring, so that the pair itself must stop. */
    fixture.figures.kinds[LIKE].gives.each = 1000000000;
    fixture.figures.kinds[LIKE].receives.each = 1000000000;
    kithp_slots_init(&fixture.slots, &fixture.figures);
    for (unsigned i = 0; i < 6; i++)
        add(&fixture, 0, ANA, LIKE, BEN, 1000000000);
    assert_true(given(&fixture, ANA, LIKE) == UINT32_MAX);
    assert_int_equal(given_counted(&fixture, ANA, LIKE), 1000000000);
    assert_int_equal(fixture.week->pairs.count, 1);
    uint64_t pair = kithp_pair_key(ANA, BEN);
    assert_true(kithp_map_find(&fixture.week->pairs, kithp_map_hash(&fixture.week->pairs, pair), pair)->value ==
                UINT32_MAX);
    for (uint32_t target = 2; target <= 4; target++)
        add(&fixture, 0, ANA, LIKE, target, 1000000000);
    assert_true(given_counted(&fixture, ANA, LIKE) == UINT32_C(4000000000));
    add(&fixture, 0, ANA, LIKE, 5, 1000000000);
    assert_true(given_counted(&fixture, ANA, LIKE) == UINT32_MAX);
    /* With no other member too. */
    for (unsigned i = 0; i < 5; i++)
        add(&fixture, 0, NOBODY, LIKE, 9, 1000000000);
    assert_true(received_counted(&fixture, 9, LIKE) == UINT32_MAX);
    kithp_week_free(fixture.week);
    assert_int_equal(fixture.memory.live, 0);
}

static void week_pairs_are_kept_only_where_needed(void **state)
{
    (void)state;
    struct fixture fixture;
    open_week(&fixture, 0);
    add(&fixture, 0, ANA, FAVORITE, BEN, 1);
    add(&fixture, 0, ANA, POST, BEN, 1);
    assert_int_equal(fixture.week->pairs.count, 0);
    add(&fixture, 0, ANA, LIKE, BEN, 1);
    add(&fixture, 1, ANA, LIKE, BEN, 1);
    assert_int_equal(fixture.week->pairs.count, 1);
    kithp_week_free(fixture.week);
    assert_int_equal(fixture.memory.live, 0);
}

/* ---- supporters ---- */

static void week_supporter_counts_once_through_all_kinds(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, BEN, LIKE, ANA, 5);
    assert_int_equal(row_of(fixture, ANA)->supporters, 1);
    add(fixture, 0, BEN, LIKE, ANA, 5);
    add(fixture, 0, BEN, FAVORITE, ANA, 1);
    add(fixture, 0, BEN, NOTE, ANA, 1);
    assert_int_equal(row_of(fixture, ANA)->supporters, 1);
    add(fixture, 0, CAM, NOTE, ANA, 1000);
    assert_int_equal(row_of(fixture, ANA)->supporters, 2);
    assert_int_equal(row_of(fixture, BEN)->supporters, 0);
}

/* `cap` and `each` limit points, not people. */
static void week_supporters_are_not_limited_by_each(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t member = 1; member <= 1000; member++)
        add(fixture, 0, member, LIKE, ANA, 1);
    assert_int_equal(row_of(fixture, ANA)->supporters, 1000);
}

static void week_support_needs_positive_points(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, BEN, REMOVED, ANA, 1);
    add(fixture, 0, BEN, INDIFFERENT, ANA, 1);
    add(fixture, 0, BEN, POST, ANA, 1);
    add(fixture, 0, BEN, LOGIN, ANA, 1);
    add(fixture, 0, NOBODY, REMOVED, ANA, 7);
    assert_int_equal(row_of(fixture, ANA)->supporters, 0);
    /* Having removed something before makes nobody less of a supporter. */
    add(fixture, 0, BEN, LIKE, ANA, 1);
    assert_int_equal(row_of(fixture, ANA)->supporters, 1);
}

static void week_anonymous_support_counts_by_quantity(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, NOBODY, LIKE, ANA, 4);
    add(fixture, 0, NOBODY, FAVORITE, ANA, 3);
    add(fixture, 0, BEN, LIKE, ANA, 100);
    assert_int_equal(row_of(fixture, ANA)->supporters, 8);
}

static void week_supporters_stop_at_65535(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, NOBODY, LIKE, ANA, 65534);
    assert_int_equal(row_of(fixture, ANA)->supporters, 65534);
    add(fixture, 0, BEN, LIKE, ANA, 1);
    assert_int_equal(row_of(fixture, ANA)->supporters, 65535);
    add(fixture, 0, CAM, LIKE, ANA, 1);
    assert_int_equal(row_of(fixture, ANA)->supporters, 65535);
    add(fixture, 0, NOBODY, LIKE, BEN, 1000000000);
    assert_int_equal(row_of(fixture, BEN)->supporters, 65535);
}

/* ---- leave, self-directed and anonymous acts ---- */

static void week_leave_ends_with_the_latest_notice(void **state)
{
    struct fixture *fixture = *state;
    /* Monday for 45 days, Tuesday for 10, Wednesday for 43: they end 45, 11 and 45 days after Monday. */
    add(fixture, 0, ANA, LEAVE, NOBODY, 45);
    assert_int_equal(row_of(fixture, ANA)->leave_end, FIRST_DAY + 45 + 1);
    add(fixture, 86400, ANA, LEAVE, NOBODY, 10);
    add(fixture, 2 * 86400, ANA, LEAVE, NOBODY, 43);
    assert_int_equal(row_of(fixture, ANA)->leave_end, FIRST_DAY + 45 + 1);
    add(fixture, 7 * 86400 - 1, ANA, LEAVE, NOBODY, 40);
    assert_int_equal(row_of(fixture, ANA)->leave_end, FIRST_DAY + 46 + 1);
    assert_int_equal(row_of(fixture, ANA)->days, 0x47);
}

static void week_leave_is_of_the_one_who_acts(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, ANA, LEAVE, BEN, 10);
    add(fixture, 0, NOBODY, LEAVE, CAM, 10);
    add(fixture, 0, DEE, LOGIN, NOBODY, 10);
    assert_int_equal(row_of(fixture, ANA)->leave_end, FIRST_DAY + 10 + 1);
    assert_int_equal(row_of(fixture, BEN)->leave_end, 0);
    assert_int_equal(row_of(fixture, CAM)->leave_end, 0);
    assert_int_equal(row_of(fixture, DEE)->leave_end, 0);
    add(fixture, 0, BEN, LEAVE, BEN, 3);
    assert_int_equal(row_of(fixture, BEN)->leave_end, FIRST_DAY + 3 + 1);
}

static void week_longest_leave_does_not_overflow(void **state)
{
    (void)state;
    struct fixture fixture;
    open_week(&fixture, 0);
    kithp_week_free(fixture.week);
    /* The first week of all on a clock west of UTC begins in 1969; the last in 9998. */
    fixture.figures.calendar.utc_offset = -14 * 3600;
    fixture.week = kithp_week_new(&fixture.memory.allocator, &fixture.figures.calendar, key, 0);
    assert_int_equal(fixture.week->first_day, -3);
    add(&fixture, -BEGIN, ANA, LEAVE, NOBODY, 1);
    /* Second 0 is 10:00 on 31 December 1969 there, day -1: the leave ends on day 0. */
    assert_int_equal(row_of(&fixture, ANA)->leave_end, 0 + 1);
    kithp_week_free(fixture.week);
    fixture.week = kithp_week_new(&fixture.memory.allocator, &fixture.figures.calendar, key, 418929);
    int64_t begin = fixture.week->begin;
    add(&fixture, begin - BEGIN, ANA, LEAVE, NOBODY, 1000000000);
    assert_int_equal(row_of(&fixture, ANA)->leave_end, 7 * 418929 - 3 + 1000000000 + 1);
    kithp_week_free(fixture.week);
    assert_int_equal(fixture.memory.live, 0);
}

static void week_self_directed_act_is_activity_without_credit(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 90000, ANA, LIKE, ANA, 5);
    add(fixture, 90001, ANA, POST, ANA, 5);
    const struct kithp_cell *row = row_of(fixture, ANA);
    assert_int_equal(row->first, 90000);
    assert_int_equal(row->last, 90001 + 1);
    assert_int_equal(row->days, 0x02);
    assert_int_equal(row->used, 0);
    assert_int_equal(row->supporters, 0);
    assert_int_equal(fixture->week->pairs.count, 0);
}

static void week_anonymous_act_credits_the_target_alone(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 90000, NOBODY, FAVORITE, BEN, 5);
    assert_int_equal(received(fixture, BEN, FAVORITE), 5);
    assert_int_equal(row_of(fixture, BEN)->first, 90000);
    assert_int_equal(row_of(fixture, BEN)->last, 0);
    assert_int_equal(row_of(fixture, BEN)->days, 0);
    assert_int_equal(given(fixture, BEN, FAVORITE), 0);
    assert_int_equal(fixture->week->cells.count, 1);
}

/* ---- the whole: against a slow count, in any order ---- */

enum { MEMBERS = 12, EVENTS = 1500 };

static void random_events(struct kithp_event *events, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++) {
        struct kithp_event *event = &events[i];
        event->time = BEGIN + chance_below(&seed, 7 * 86400);
        event->member = chance_below(&seed, 8) ? chance_below(&seed, MEMBERS) : NOBODY;
        event->target = event->member == NOBODY || chance_below(&seed, 4) ? chance_below(&seed, MEMBERS) : NOBODY;
        event->quantity = chance_below(&seed, 20) ? 1 + chance_below(&seed, 5) : 900000000;
        event->kind = chance_below(&seed, KINDS);
    }
}

static uint32_t stop(uint64_t sum)
{
    return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

/* What counts of a slot: from the events themselves, once for each other member. */
static uint32_t slow_counted(const struct kithp_event *events, size_t count, uint32_t member, uint32_t kind, bool gives,
                             uint32_t each)
{
    uint64_t with[MEMBERS] = {0}, alone = 0, sum;
    for (size_t i = 0; i < count; i++) {
        uint32_t self = gives ? events[i].member : events[i].target;
        uint32_t other = gives ? events[i].target : events[i].member;
        if (events[i].kind != kind || self != member || other == member)
            continue;
        *(other == NOBODY ? &alone : &with[other]) += events[i].quantity;
    }
    sum = stop(alone);
    for (unsigned i = 0; i < MEMBERS; i++)
        sum += each > 0 && with[i] > each ? each : with[i];
    return stop(sum);
}

static uint32_t slow_supporters(const struct kithp_event *events, size_t count, uint32_t member)
{
    bool seen[MEMBERS] = {false};
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (events[i].target != member || events[i].member == member || kinds[events[i].kind].receives.points <= 0)
            continue;
        if (events[i].member == NOBODY)
            sum += events[i].quantity;
        else if (!seen[events[i].member]) {
            seen[events[i].member] = true;
            sum++;
        }
    }
    return sum < 65535 ? (uint32_t)sum : 65535;
}

static void assert_slow_count(const struct fixture *fixture, const struct kithp_event *events, size_t count)
{
    for (uint32_t member = 0; member < MEMBERS; member++) {
        uint32_t first = UINT32_MAX, last = 0, days = 0, leave_end = 0;
        for (size_t i = 0; i < count; i++) {
            uint32_t second = (uint32_t)(events[i].time - BEGIN);
            if ((events[i].member == member || events[i].target == member) && second < first)
                first = second;
            if (events[i].member != member)
                continue;
            if (second + 1 > last)
                last = second + 1;
            days |= 1U << second / 86400;
            uint32_t end = FIRST_DAY + second / 86400 + events[i].quantity + 1;
            if (events[i].kind == LEAVE && end > leave_end)
                leave_end = end;
        }
        const struct kithp_cell *row = row_of(fixture, member);
        assert_int_equal(row->first, first);
        assert_int_equal(row->last, last);
        assert_int_equal(row->days, days);
        assert_int_equal(row->leave_end, leave_end);
        assert_int_equal(row->supporters, slow_supporters(events, count, member));
        for (uint32_t kind = 0; kind < KINDS; kind++) {
            const struct kithp_kind *of = &kinds[kind];
            uint32_t gives = of->gives.given ? slow_counted(events, count, member, kind, true, 0) : 0;
            uint32_t receives = of->receives.given ? slow_counted(events, count, member, kind, false, 0) : 0;
            assert_int_equal(given(fixture, member, kind), gives);
            assert_int_equal(received(fixture, member, kind), receives);
            if (of->gives.each > 0)
                assert_int_equal(given_counted(fixture, member, kind),
                                 slow_counted(events, count, member, kind, true, of->gives.each));
            if (of->receives.each > 0)
                assert_int_equal(received_counted(fixture, member, kind),
                                 slow_counted(events, count, member, kind, false, of->receives.each));
        }
    }
}

static void week_of_any_order_is_what_a_slow_count_says(void **state)
{
    (void)state;
    static struct kithp_event events[EVENTS];
    random_events(events, EVENTS, 3);
    uint64_t seed = 5;
    for (unsigned round = 0; round < 6; round++) {
        struct fixture fixture;
        open_week(&fixture, 1);
        for (size_t i = 0; i < EVENTS; i++)
            assert_true(try_event(&fixture, &events[i]));
        assert_slow_count(&fixture, events, EVENTS);
        kithp_week_free(fixture.week);
        assert_int_equal(fixture.memory.live, 0);
        for (size_t i = EVENTS; i > 1; i--) {
            size_t other = chance_below(&seed, (uint32_t)i);
            struct kithp_event moved = events[i - 1];
            events[i - 1] = events[other];
            events[other] = moved;
        }
    }
}

/* Each place that fails for want of memory leaves no trace: neither in the rows, nor in what is counted at last. */
static void week_failed_allocation_leaves_no_trace(void **state)
{
    (void)state;
    static struct kithp_event events[EVENTS];
    random_events(events, EVENTS, 17);
    struct fixture fixture;
    open_week(&fixture, 1);
    unsigned failures = 0;
    for (size_t i = 0; i < EVENTS; i++) {
        for (uint64_t n = 0;; n++) {
            memory_fail_after(&fixture.memory, n);
            bool added = try_event(&fixture, &events[i]);
            memory_fail_never(&fixture.memory);
            if (added)
                break;
            failures++;
            bool seen = false;
            for (size_t j = 0; j < i && events[i].member != NOBODY; j++)
                seen = seen || events[j].member == events[i].member || events[j].target == events[i].member;
            if (!seen && events[i].member != NOBODY)
                assert_null(kithp_week_row(fixture.week, events[i].member));
        }
    }
    assert_true(failures > 5);
    assert_slow_count(&fixture, events, EVENTS);
    kithp_week_free(fixture.week);
    assert_int_equal(fixture.memory.live, 0);
}

static void week_new_without_memory_is_null(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    memory_fail_after(&memory, 0);
    assert_null(kithp_week_new(&memory.allocator, &kithp_policy_defaults.calendar, key, 0));
    assert_int_equal(memory.live, 0);
    kithp_week_free(NULL);
}

#define WITH_WEEK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WEEK(week_begins_where_the_calendar_says),
        WITH_WEEK(week_row_is_of_those_named_alone),
        WITH_WEEK(week_first_is_of_any_event_last_of_own_alone),
        WITH_WEEK(week_target_alone_has_no_own_event),
        WITH_WEEK(week_days_change_at_midnight),
        cmocka_unit_test(week_days_go_by_the_communitys_clock),
        WITH_WEEK(week_rows_of_members_far_apart_are_their_own),
        WITH_WEEK(week_10000_rows_keep_what_they_have),
        WITH_WEEK(week_quantities_add_up_by_kind_and_role),
        WITH_WEEK(week_quantity_stops_at_the_largest),
        cmocka_unit_test(week_more_slots_than_a_cell_holds_go_on_in_others),
        WITH_WEEK(week_each_limits_what_counts_with_any_one_member),
        WITH_WEEK(week_each_counts_every_member_anew),
        WITH_WEEK(week_each_goes_by_direction),
        WITH_WEEK(week_each_goes_by_kind),
        WITH_WEEK(week_each_does_not_bind_acts_without_another),
        cmocka_unit_test(week_pair_and_counted_stop_at_the_largest),
        cmocka_unit_test(week_pairs_are_kept_only_where_needed),
        WITH_WEEK(week_supporter_counts_once_through_all_kinds),
        WITH_WEEK(week_supporters_are_not_limited_by_each),
        WITH_WEEK(week_support_needs_positive_points),
        WITH_WEEK(week_anonymous_support_counts_by_quantity),
        WITH_WEEK(week_supporters_stop_at_65535),
        WITH_WEEK(week_leave_ends_with_the_latest_notice),
        WITH_WEEK(week_leave_is_of_the_one_who_acts),
        cmocka_unit_test(week_longest_leave_does_not_overflow),
        WITH_WEEK(week_self_directed_act_is_activity_without_credit),
        WITH_WEEK(week_anonymous_act_credits_the_target_alone),
        cmocka_unit_test(week_of_any_order_is_what_a_slow_count_says),
        cmocka_unit_test(week_failed_allocation_leaves_no_trace),
        cmocka_unit_test(week_new_without_memory_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
