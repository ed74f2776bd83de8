/* SPDX-License-Identifier: MIT */
#include "tally/rows.h"

#include "support.h"
#include "tally/sealed.h"

enum { MEMBERS = 200000, ROWS = 6000 };

/* A row as the test has it, in a form of its own. */
struct plain {
    uint32_t member;
    uint32_t first;
    uint32_t last;
    uint32_t leave_end;
    uint16_t supporters;
    uint8_t days;
    uint32_t quantities[KITHP_SLOTS_MOST]; /* by slot */
};

static struct plain rows[ROWS];

/* Up to any number of bits, few as often as many. */
static uint32_t number(uint64_t *seed, unsigned bits)
{
    return (uint32_t)(chance(seed) >> (64 - 1 - chance_below(seed, bits)));
}

static void make_acts(uint64_t *seed, struct plain *row)
{
    row->first = chance_below(seed, 7 * KITHP_SECONDS_A_DAY);
    switch (chance_below(seed, 3)) {
    case 0: /* named by others alone */
        break;
    case 1: /* one act */
        row->last = row->first + 1;
        row->days = (uint8_t)(1U << row->first / KITHP_SECONDS_A_DAY);
        break;
    default:
        row->last = row->first + 1 + chance_below(seed, 7 * KITHP_SECONDS_A_DAY - row->first);
        row->days = (uint8_t)(1 + chance_below(seed, 127));
        break;
    }
}

static void make_rows(uint64_t *seed)
{
    uint32_t member = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        struct plain *row = &rows[i];
        memset(row, 0, sizeof *row);
        /* Some close together, some with pages of nobody between. */
        member += 1 + (chance_below(seed, 50) == 0 ? chance_below(seed, 1500) : chance_below(seed, 3));
        row->member = member;
        make_acts(seed, row);
        row->leave_end = chance_below(seed, 20) == 0 ? number(seed, 32) : 0;
        row->supporters = chance_below(seed, 3) == 0 ? (uint16_t)number(seed, 16) : 0;
        uint32_t slots = chance_below(seed, 40) == 0 ? chance_below(seed, 80) : chance_below(seed, 6);
        for (uint32_t j = 0; j < slots; j++)
            row->quantities[chance_below(seed, KITHP_SLOTS_MOST)] = 1 + number(seed, 31);
    }
    assert_true(member < MEMBERS);
}

static void put_in(struct kithp_week *week)
{
    for (unsigned i = 0; i < ROWS; i++) {
        const struct plain *plain = &rows[i];
        struct kithp_row_room room;
        struct kithp_row row = {
            .member = plain->member,
            .first = plain->first,
            .last = plain->last,
            .leave_end = plain->leave_end,
            .supporters = plain->supporters,
            .days = plain->days,
            .slots = room.slots,
            .quantities = room.quantities,
        };
        for (uint32_t slot = 0; slot < KITHP_SLOTS_MOST; slot++) {
            if (plain->quantities[slot] == 0)
                continue;
            room.slots[row.count] = (uint8_t)slot;
            room.quantities[row.count++] = plain->quantities[slot];
        }
        assert_true(kithp_week_restore_row(week, &row));
    }
}

static void assert_row(const struct kithp_row *row, const struct plain *plain)
{
    assert_int_equal(row->member, plain->member);
    assert_int_equal(row->first, plain->first);
    assert_int_equal(row->last, plain->last);
    assert_int_equal(row->leave_end, plain->leave_end);
    assert_int_equal(row->supporters, plain->supporters);
    assert_int_equal(row->days, plain->days);
    uint32_t slots = 0;
    for (uint32_t slot = 0; slot < KITHP_SLOTS_MOST; slot++)
        slots += plain->quantities[slot] > 0;
    assert_int_equal(row->count, slots);
    for (uint32_t i = 0; i < row->count; i++)
        assert_int_equal(row->quantities[i], plain->quantities[row->slots[i]]);
}

static void assert_rows_from(const struct kithp_week *week, uint32_t member)
{
    static struct kithp_rows given;
    assert_true(kithp_rows_can_be_read(week));
    kithp_rows_begin(&given, week, member);
    for (unsigned i = 0; i < ROWS; i++) {
        if (rows[i].member < member)
            continue;
        assert_true(kithp_rows_next(&given));
        assert_row(&given.row, &rows[i]);
    }
    assert_false(kithp_rows_next(&given));
    assert_false(kithp_rows_next(&given));
}

static void assert_all_rows(const struct kithp_week *week, uint64_t *seed)
{
    assert_rows_from(week, 0);
    assert_rows_from(week, MEMBERS);
    assert_rows_from(week, rows[ROWS - 1].member + 1);
    for (unsigned i = 0; i < tries(100); i++) {
        assert_rows_from(week, chance_below(seed, MEMBERS));
        assert_rows_from(week, rows[chance_below(seed, ROWS)].member);
    }
}

static struct kithp_week *new_week(struct memory *memory)
{
    static const struct kithp_calendar utc;
    return kithp_week_new(&memory->allocator, &utc, (struct kithp_hash_key){1, 2}, 2931);
}

static void rows_are_the_same_from_cells_and_from_a_run(void **state)
{
    (void)state;
    uint64_t seed = 20261121;
    struct memory memory;
    memory_init(&memory);
    for (unsigned i = 0; i < 3; i++) {
        make_rows(&seed);
        struct kithp_week *week = new_week(&memory);
        put_in(week);
        assert_null(week->sealed);
        assert_all_rows(week, &seed);
        assert_true(kithp_sealed_add(week));
        /* Several blocks, or beginning in the midst would show nothing. */
        assert_true(week->sealed->runs[0]->row_blocks > 1);
        assert_all_rows(week, &seed);
        kithp_week_free(week);
    }
    assert_int_equal(memory.live, 0);
}

static void rows_of_a_run_and_of_what_came_since_are_put_together_first(void **state)
{
    (void)state;
    uint64_t seed = 4711;
    struct memory memory;
    memory_init(&memory);
    make_rows(&seed);
    struct kithp_week *week = new_week(&memory);
    put_in(week);
    assert_true(kithp_sealed_add(week));
    const struct kithp_row late = {.member = rows[ROWS - 1].member + 300, .first = 5};
    assert_true(kithp_week_restore_row(week, &late));
    assert_false(kithp_rows_can_be_read(week));
    static struct kithp_rows given;
    kithp_rows_begin_in_cells(&given, week, 0);
    assert_true(kithp_rows_next(&given));
    assert_int_equal(given.row.member, late.member);
    assert_false(kithp_rows_next(&given));
    assert_true(kithp_sealed_add(week));
    assert_int_equal(week->sealed->count, 2);
    assert_false(kithp_rows_can_be_read(week));
    kithp_week_free(week);
    assert_int_equal(memory.live, 0);
}

static void rows_of_no_week_are_none(void **state)
{
    (void)state;
    static struct kithp_rows given;
    kithp_rows_begin(&given, NULL, 0);
    assert_false(kithp_rows_next(&given));
    struct memory memory;
    memory_init(&memory);
    struct kithp_week *week = new_week(&memory);
    assert_true(kithp_rows_can_be_read(week));
    kithp_rows_begin(&given, week, 0);
    assert_false(kithp_rows_next(&given));
    kithp_week_free(week);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_same_from_cells_and_from_a_run),
        cmocka_unit_test(rows_of_a_run_and_of_what_came_since_are_put_together_first),
        cmocka_unit_test(rows_of_no_week_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
