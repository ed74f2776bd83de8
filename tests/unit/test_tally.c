/* SPDX-License-Identifier: MIT */
#include "tally/tally.h"

#include "engine_support.h"

enum { POST, LIKE, KINDS };

struct fixture {
    struct memory memory;
    struct kithp_figures figures;
    struct kithp_tally tally;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    memory_init(&fixture.memory);
    fixture.figures = kithp_policy_defaults;
    fixture.figures.kind_count = KINDS;
    fixture.figures.kinds[POST] = (struct kithp_kind){.name = "post", .gives = {1, KITH_CONTENT, 1000, 0, 0}};
    fixture.figures.kinds[LIKE] = (struct kithp_kind){
        .name = "like", .gives = {1, KITH_INTERACTION, 1000, 0, 5}, .receives = {1, KITH_CONTENT, 1000, 0, 5}};
    kithp_tally_init(&fixture.tally, &fixture.memory.allocator, &fixture.figures);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    kithp_tally_free(&fixture->tally);
    return fixture->memory.live == 0 ? 0 : -1;
}

static struct kithp_event post(int64_t time, uint32_t member, uint32_t quantity)
{
    return (struct kithp_event){time, member, KITHP_NOBODY, quantity, POST};
}

static void add(struct fixture *fixture, int64_t time, uint32_t member, uint32_t quantity)
{
    struct kithp_event event = post(time, member, quantity);
    assert_true(kithp_tally_add_one(&fixture->tally, &event));
}

/* Posts of a member in a week; -1 where it has no row, -2 where the week is not open. */
static int64_t posts(const struct fixture *fixture, int64_t number, uint32_t member)
{
    const struct kithp_week *week = kithp_tally_find(&fixture->tally, number);
    if (!week)
        return -2;
    const struct kithp_cell *row = kithp_week_row(week, member);
    if (!row)
        return -1;
    for (const struct kithp_cell *cell = row; cell; cell = kithp_week_next_cell(week, cell))
        for (unsigned i = 0; i < cell->used; i++)
            if (cell->slots[i] == fixture->tally.slots.kinds[POST].gives)
                return cell->quantities[i];
    return 0;
}

static bool add_block(struct fixture *fixture, const struct kithp_event *events, size_t count)
{
    struct kithp_plan plan;
    kithp_plan_make(&plan, &fixture->tally.slots, &fixture->figures.calendar, events, count);
    return kithp_tally_add(&fixture->tally, &plan);
}

static void tally_empty_has_no_week(void **state)
{
    struct fixture *fixture = *state;
    assert_null(kithp_tally_first(&fixture->tally));
    assert_null(kithp_tally_find(&fixture->tally, 0));
    kithp_tally_close(&fixture->tally, 5000);
    assert_true(add_block(fixture, NULL, 0));
    assert_null(kithp_tally_first(&fixture->tally));
    assert_int_equal(fixture->memory.calls, 0);
}

static void tally_weeks_open_in_any_order(void **state)
{
    struct fixture *fixture = *state;
    const int weeks[] = {5, 2, 9, 0, 7, 2, 5, 1};
    for (uint32_t i = 0; i < 8; i++)
        add(fixture, MONDAY + weeks[i] * WEEK, i, i + 1);
    assert_int_equal(kithp_tally_first(&fixture->tally)->number, MONDAY_WEEK);
    assert_int_equal(fixture->tally.week_count, 6);
    for (size_t i = 1; i < fixture->tally.week_count; i++)
        assert_true(fixture->tally.weeks[i - 1]->number < fixture->tally.weeks[i]->number);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(posts(fixture, MONDAY_WEEK + weeks[i], i), i + 1);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 2, 0), -1);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 3, 0), -2);
    assert_int_equal(posts(fixture, MONDAY_WEEK - 1, 0), -2);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 10, 0), -2);
}

static void tally_week_changes_at_its_last_second(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, MONDAY + WEEK - 1, 0, 1);
    add(fixture, MONDAY + WEEK, 0, 2);
    add(fixture, MONDAY, 0, 4);
    add(fixture, MONDAY - 1, 0, 8);
    assert_int_equal(posts(fixture, MONDAY_WEEK - 1, 0), 8);
    assert_int_equal(posts(fixture, MONDAY_WEEK, 0), 5);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 1, 0), 2);
}

static void tally_earliest_and_latest_times_have_weeks(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, 0, 0, 1);
    add(fixture, KITHP_TIME_MOST, 0, 2);
    /* 1 January 1970 was a Thursday: floor((0 + 3) / 7). The end of 9998 is day 2932531: floor(2932534 / 7). */
    assert_int_equal(posts(fixture, 0, 0), 1);
    assert_int_equal(posts(fixture, 418933, 0), 2);
}

static void tally_closing_frees_all_up_to_a_week(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < 6; i++)
        add(fixture, MONDAY + 2 * i * WEEK, 0, i + 1);
    kithp_tally_close(&fixture->tally, MONDAY_WEEK - 1);
    assert_int_equal(fixture->tally.week_count, 6);
    kithp_tally_close(&fixture->tally, MONDAY_WEEK + 4);
    assert_int_equal(fixture->tally.week_count, 3);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 4, 0), -2);
    assert_int_equal(kithp_tally_first(&fixture->tally)->number, MONDAY_WEEK + 6);
    kithp_tally_close(&fixture->tally, MONDAY_WEEK + 7);
    assert_int_equal(kithp_tally_first(&fixture->tally)->number, MONDAY_WEEK + 8);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 10, 0), 6);
    kithp_tally_close(&fixture->tally, INT32_MAX);
    assert_null(kithp_tally_first(&fixture->tally));
}

/* The week of the last event is remembered: not past its closing. */
static void tally_goes_on_after_closing_the_last_used_week(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, MONDAY + WEEK, 1, 10);
    add(fixture, MONDAY, 0, 1);
    kithp_tally_close(&fixture->tally, MONDAY_WEEK);
    add(fixture, MONDAY + WEEK, 1, 20);
    add(fixture, MONDAY + 2 * WEEK, 1, 5);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 1, 1), 30);
    assert_int_equal(posts(fixture, MONDAY_WEEK + 2, 1), 5);
    assert_int_equal(posts(fixture, MONDAY_WEEK, 0), -2);
}

static void tally_block_spans_weeks_and_members(void **state)
{
    struct fixture *fixture = *state;
    struct kithp_event events[KITHP_TALLY_BLOCK];
    for (uint32_t i = 0; i < KITHP_TALLY_BLOCK; i++)
        events[i] = post(MONDAY + i % 3 * WEEK, i % 5, 1);
    assert_true(add_block(fixture, events, KITHP_TALLY_BLOCK));
    /* 256 = 17 x 15 + 1, and each pair of week and member comes once in fifteen; the last event is the first again. */
    for (uint32_t week = 0; week < 3; week++)
        for (uint32_t member = 0; member < 5; member++)
            assert_int_equal(posts(fixture, MONDAY_WEEK + week, member), week + member == 0 ? 18 : 17);
    for (size_t i = 0; i < fixture->tally.week_count; i++)
        assert_int_equal(fixture->tally.weeks[i]->reserved_cells, 0);
}

/* A block of events that all meet in two rows, each in a slot of its own: every cell that it needs was reserved. */
static void tally_block_into_one_row_has_room(void **state)
{
    struct fixture *fixture = *state;
    fixture->figures.kind_count = KITHP_KINDS_MOST;
    for (unsigned i = 0; i < KITHP_KINDS_MOST; i++)
        fixture->figures.kinds[i] = fixture->figures.kinds[LIKE];
    kithp_slots_init(&fixture->tally.slots, &fixture->figures);
    struct kithp_event events[KITHP_TALLY_BLOCK];
    /* Four, twice, of which five count. */
    for (uint32_t i = 0; i < KITHP_TALLY_BLOCK; i++)
        events[i] = (struct kithp_event){MONDAY, i % 2, 1 - i % 2, 4, i / 2 % KITHP_KINDS_MOST};
    assert_true(add_block(fixture, events, KITHP_TALLY_BLOCK));
    const struct kithp_week *week = kithp_tally_find(&fixture->tally, MONDAY_WEEK);
    for (uint32_t member = 0; member < 2; member++) {
        unsigned slots = 0;
        for (const struct kithp_cell *cell = kithp_week_row(week, member); cell;
             cell = kithp_week_next_cell(week, cell)) {
            for (unsigned i = 0; i < cell->used; i++)
                assert_int_equal(cell->quantities[i], fixture->tally.slots.slots[cell->slots[i]].is_over ? 3 : 5);
            slots += cell->used;
        }
        assert_int_equal(slots, 256);
    }
}

/* Likes of one member by so many others, one each, in a week. */
static void add_likes(struct fixture *fixture, int64_t week, uint32_t count)
{
    struct kithp_event events[KITHP_TALLY_BLOCK];
    for (uint32_t done = 0, step; done < count; done += step) {
        step = count - done < KITHP_TALLY_BLOCK ? count - done : KITHP_TALLY_BLOCK;
        for (uint32_t i = 0; i < step; i++)
            events[i] = (struct kithp_event){MONDAY + week * WEEK, 1 + done + i, 0, 1, LIKE};
        assert_true(add_block(fixture, events, step));
    }
}

static uint32_t segments(const struct fixture *fixture, int64_t week)
{
    return kithp_tally_find(&fixture->tally, MONDAY_WEEK + week)->pairs.segments;
}

/* A week has room for the pairs of the one before from its first event on; a small one between leaves nothing of that.
 */
static void tally_expects_as_many_pairs_as_in_the_new_week_before(void **state)
{
    struct fixture *fixture = *state;
    enum { MANY = 20000 };
    add_likes(fixture, 0, MANY);
    add_likes(fixture, 1, 1);
    assert_in_range(segments(fixture, 1), MANY / KITHP_MAP_PLACES, 4 * MANY / KITHP_MAP_PLACES);
    add_likes(fixture, 2, 1);
    assert_int_equal(segments(fixture, 2), 1);
    for (int64_t week = 3; week < 10; week++) {
        add_likes(fixture, 0, MANY);
        add_likes(fixture, week, 1);
        assert_int_equal(segments(fixture, week), 1);
    }
}

/* The memory that was taken for pairs to come is given back where an event needs it. */
static void tally_room_for_pairs_to_come_fails_no_event(void **state)
{
    (void)state;
    for (uint64_t fail = 0;; fail++) {
        void *fixture_state;
        assert_int_equal(set_up(&fixture_state), 0);
        struct fixture *fixture = fixture_state;
        add_likes(fixture, 0, 20000);
        uint64_t calls = fixture->memory.calls;
        fixture->memory.fail_at = calls + fail + 3; /* behind those of the week itself */
        const struct kithp_event event = {MONDAY + WEEK, 1, 0, 1, LIKE};
        assert_true(add_block(fixture, &event, 1));
        bool failed = fixture->memory.calls >= fixture->memory.fail_at;
        memory_fail_never(&fixture->memory);
        const struct kithp_week *week = kithp_tally_find(&fixture->tally, MONDAY_WEEK + 1);
        assert_int_equal(week->pairs.count, 1);
        add_likes(fixture, 1, 5000);
        assert_int_equal(week->pairs.count, 5000);
        assert_int_equal(tear_down(&fixture_state), 0);
        if (!failed)
            return;
    }
}

static void tally_under_a_limit_expects_no_pairs(void **state)
{
    struct fixture *fixture = *state;
    fixture->tally.sealing.limit = UINT64_C(1) << 30;
    add_likes(fixture, 0, 20000);
    add_likes(fixture, 1, 1);
    assert_int_equal(segments(fixture, 1), 1);
}

static void tally_failed_allocation_adds_none_of_the_block(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, MONDAY, 0, 1);
    add(fixture, MONDAY + WEEK, 1, 1);
    struct kithp_event events[KITHP_TALLY_BLOCK];
    for (uint32_t i = 0; i < KITHP_TALLY_BLOCK; i++)
        events[i] = post(MONDAY + i % 4 * WEEK, i * 100, 1);
    unsigned failures = 0;
    for (uint64_t n = 0;; n++) {
        memory_fail_after(&fixture->memory, n);
        bool added = add_block(fixture, events, KITHP_TALLY_BLOCK);
        memory_fail_never(&fixture->memory);
        if (added)
            break;
        failures++;
        /* Nor is a week left open in which nothing happened. */
        assert_int_equal(fixture->tally.week_count, 2);
        assert_int_equal(posts(fixture, MONDAY_WEEK, 0), 1);
        assert_int_equal(posts(fixture, MONDAY_WEEK + 1, 1), 1);
        for (uint32_t i = 1; i < KITHP_TALLY_BLOCK; i++)
            assert_true(posts(fixture, MONDAY_WEEK + i % 4, i * 100) < 0);
        for (size_t i = 0; i < fixture->tally.week_count; i++)
            assert_int_equal(fixture->tally.weeks[i]->reserved_cells, 0);
    }
    assert_true(failures > 10);
    assert_int_equal(posts(fixture, MONDAY_WEEK, 0), 2);
    for (uint32_t i = 1; i < KITHP_TALLY_BLOCK; i++)
        assert_int_equal(posts(fixture, MONDAY_WEEK + i % 4, i * 100), 1);
}

/* A failed event into a week of its own, then others: of the last week used, and of one before all. */
static void tally_goes_on_after_a_failure_in_a_new_week(void **state)
{
    struct fixture *fixture = *state;
    struct kithp_event event = post(MONDAY + 3 * WEEK, 2, 1);
    for (uint64_t n = 0;; n++) {
        add(fixture, MONDAY + WEEK, 0, 1);
        memory_fail_after(&fixture->memory, n);
        bool added = kithp_tally_add_one(&fixture->tally, &event);
        memory_fail_never(&fixture->memory);
        add(fixture, MONDAY + WEEK, 0, 1);
        assert_int_equal(posts(fixture, MONDAY_WEEK + 1, 0), 2 * ((int64_t)n + 1));
        assert_int_equal(posts(fixture, MONDAY_WEEK + 3, 2), added ? 1 : -2);
        if (added)
            break;
        assert_int_equal(fixture->tally.week_count, 1);
        assert_int_equal(kithp_tally_first(&fixture->tally)->number, MONDAY_WEEK + 1);
    }
    add(fixture, MONDAY, 0, 1);
    assert_int_equal(kithp_tally_first(&fixture->tally)->number, MONDAY_WEEK);
}

#define WITH_TALLY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TALLY(tally_empty_has_no_week),
        WITH_TALLY(tally_weeks_open_in_any_order),
        WITH_TALLY(tally_week_changes_at_its_last_second),
        WITH_TALLY(tally_earliest_and_latest_times_have_weeks),
        WITH_TALLY(tally_closing_frees_all_up_to_a_week),
        WITH_TALLY(tally_goes_on_after_closing_the_last_used_week),
        WITH_TALLY(tally_block_spans_weeks_and_members),
        WITH_TALLY(tally_block_into_one_row_has_room),
        WITH_TALLY(tally_expects_as_many_pairs_as_in_the_new_week_before),
        cmocka_unit_test(tally_room_for_pairs_to_come_fails_no_event),
        WITH_TALLY(tally_under_a_limit_expects_no_pairs),
        WITH_TALLY(tally_failed_allocation_adds_none_of_the_block),
        WITH_TALLY(tally_goes_on_after_a_failure_in_a_new_week),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
