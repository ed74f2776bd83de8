/* SPDX-License-Identifier: MIT */
/* An array that two threads add, one of them reading and the other applying: all is as if one had done both. */
#include <kith/kith.h>

#include <pthread.h>

#include "engine_support.h"

enum { EVENTS = 50000, PEOPLE = 9000 };

static struct plain_event events[EVENTS];
static uint8_t reasons[2][EVENTS];

/* Most are good; some have a kind, a time or a quantity that is not, or nobody in them. */
static int generate(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned i = 0; i < EVENTS; i++) {
        uint32_t fault = chance_below(&seed, 100);
        events[i] = (struct plain_event){
            .time = fault == 0 ? -1 : MONDAY + i / (EVENTS / 3) * WEEK + chance_below(&seed, 604800),
            .member = fault == 1 ? 0 : 1 + chance_below(&seed, 1 + i * (PEOPLE - 1) / EVENTS),
            .target = fault == 1 || chance_below(&seed, 2) ? 0 : 1 + chance_below(&seed, PEOPLE),
            .kind = fault == 2 ? 99 : chance_below(&seed, 26),
            .quantity = fault == 3 ? 0 : 1 + chance_below(&seed, 3),
        };
    }
    return 0;
}

static kith_status add_from(kith_engine *engine, uint64_t first, uint8_t *why, kith_added *added)
{
    kith_events given = events_of(&events[first], EVENTS - first);
    *added = (kith_added){.size = sizeof *added, .reasons = why};
    return kith_engine_add(engine, &given, added, NULL);
}

static void assert_same_info_of(const kith_engine *a, const kith_engine *b)
{
    kith_engine_info x = {.size = sizeof x}, y = {.size = sizeof y};
    assert_int_equal(kith_engine_get_info(a, &x, NULL), KITH_OK);
    assert_int_equal(kith_engine_get_info(b, &y, NULL), KITH_OK);
    assert_memory_equal(&x, &y, sizeof x);
}

static void assert_same_review(kith_engine *a, kith_engine *b)
{
    kith_review *left = review_until(a, MONDAY + 4 * WEEK), *right = review_until(b, MONDAY + 4 * WEEK);
    struct tables x = tables_of(left, KITH_CSV_HEADER), y = tables_of(right, KITH_CSV_HEADER);
    assert_same_tables(&x, &y, "two threads");
    tables_free(&x);
    tables_free(&y);
    kith_review_free(left);
    kith_review_free(right);
}

static kith_engine *engine_of(uint32_t threads, const kith_allocator *allocator)
{
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.threads = threads;
    options.allocator = allocator;
    return engine_with(&options);
}

static void two_bring_what_one_brings(void **state)
{
    (void)state;
    kith_engine *one = engine_of(1, NULL), *two = engine_of(2, NULL);
    kith_added of_one, of_two;
    assert_int_equal(add_from(one, 0, reasons[0], &of_one), KITH_OK);
    assert_int_equal(add_from(two, 0, reasons[1], &of_two), KITH_OK);
    assert_true(of_one.rejected > 1000 && of_one.read == EVENTS);
    of_one.reasons = of_two.reasons = NULL;
    assert_memory_equal(&of_one, &of_two, sizeof of_one);
    assert_memory_equal(reasons[0], reasons[1], EVENTS);
    assert_same_info_of(one, two);
    assert_same_review(one, two);
    kith_engine_free(one);
    kith_engine_free(two);
}

/* Memory runs out again and again, in either thread: what counts as read has been added, and nothing else is known. */
static void two_out_of_memory_go_on_where_they_stopped(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_engine *one = engine_of(1, NULL), *two = engine_of(2, &memory.allocator);
    kith_added added;
    assert_int_equal(add_from(one, 0, NULL, &added), KITH_OK);
    uint64_t first = 0;
    unsigned failures = 0;
    for (uint64_t n = 1;; n++) {
        memory_fail_after(&memory, n);
        kith_status status = add_from(two, first, NULL, &added);
        memory_fail_never(&memory);
        first += added.read;
        if (status == KITH_OK)
            break;
        assert_int_equal(status, KITH_NO_MEMORY);
        failures++;
        kith_engine_info info = {.size = sizeof info};
        assert_int_equal(kith_engine_get_info(two, &info, NULL), KITH_OK);
        assert_true(info.taken + info.rejected == first);
    }
    assert_true(failures > 3);
    assert_int_equal(first, EVENTS);
    assert_same_info_of(one, two);
    assert_same_review(one, two);
    kith_engine_free(one);
    kith_engine_free(two);
    assert_int_equal(memory.live, 0);
}

static int stop_once(void *context, uint64_t done, uint64_t total)
{
    unsigned *left = context;
    assert_true(done <= total);
    return done > 0 && *left > 0 && --*left == 0;
}

static void two_cancelled_go_on_where_they_stopped(void **state)
{
    (void)state;
    unsigned left = 1;
    kith_engine *one = engine_of(1, NULL);
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.threads = 2;
    options.progress = stop_once;
    options.progress_context = &left;
    kith_engine *two = engine_with(&options);
    kith_added added;
    assert_int_equal(add_from(one, 0, NULL, &added), KITH_OK);
    assert_int_equal(add_from(two, 0, NULL, &added), KITH_CANCELLED);
    assert_true(added.read > 0 && added.read < EVENTS);
    assert_int_equal(add_from(two, added.read, NULL, &added), KITH_OK);
    assert_same_info_of(one, two);
    assert_same_review(one, two);
    kith_engine_free(one);
    kith_engine_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_bring_what_one_brings),
        cmocka_unit_test(two_out_of_memory_go_on_where_they_stopped),
        cmocka_unit_test(two_cancelled_go_on_where_they_stopped),
    };
    return cmocka_run_group_tests(tests, generate, NULL);
}
