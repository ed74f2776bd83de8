/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/chunks.h"
#include "base/parallel.h"

static const uint32_t counts[] = {0,
                                  1,
                                  KITHP_CHUNK_ITEMS - 1,
                                  KITHP_CHUNK_ITEMS,
                                  KITHP_CHUNK_ITEMS + 1,
                                  5 * KITHP_CHUNK_ITEMS,
                                  7 * KITHP_CHUNK_ITEMS + 3,
                                  200 * KITHP_CHUNK_ITEMS + 1};
static const uint32_t threads[] = {0, 1, 2, 3, 7, 64, 65, 1000};
enum { COUNTS = sizeof counts / sizeof *counts, THREADS = sizeof threads / sizeof *threads };

/* What each range was given; a thread writes to its own range alone. */
struct log {
    uint32_t begins[KITHP_PARALLEL_MOST];
    uint32_t ends[KITHP_PARALLEL_MOST];
    unsigned calls[KITHP_PARALLEL_MOST];
    pthread_t by[KITHP_PARALLEL_MOST];
    unsigned char *done; /* per item */
};

static void note(void *context, uint32_t range, uint32_t begin, uint32_t end)
{
    struct log *log = context;
    if (range >= KITHP_PARALLEL_MOST)
        abort();
    log->begins[range] = begin;
    log->ends[range] = end;
    log->calls[range]++;
    log->by[range] = pthread_self();
    for (uint32_t item = begin; item < end; item++)
        log->done[item]++;
}

static void parallel_ranges_are_several_a_thread_as_far_as_chunks_allow(void **state)
{
    (void)state;
    assert_int_equal(kithp_parallel_ranges(4, 0), 1);
    assert_int_equal(kithp_parallel_ranges(0, 100000), 1);
    assert_int_equal(kithp_parallel_ranges(1, 100000), 1);
    assert_int_equal(kithp_parallel_ranges(4, KITHP_CHUNK_ITEMS), 1);
    assert_int_equal(kithp_parallel_ranges(4, KITHP_CHUNK_ITEMS + 1), 2);
    assert_int_equal(kithp_parallel_ranges(4, 5 * KITHP_CHUNK_ITEMS), 5);
    assert_int_equal(kithp_parallel_ranges(4, 100 * KITHP_CHUNK_ITEMS), 16);
    assert_int_equal(kithp_parallel_ranges(1000, 1000 * KITHP_CHUNK_ITEMS), KITHP_PARALLEL_MOST);
    /* The number of items that there can be at most must not wrap on its way to chunks. */
    assert_int_equal(kithp_parallel_ranges(4, UINT32_MAX), 16);
    assert_int_equal(kithp_parallel_ranges(UINT32_MAX, UINT32_MAX), KITHP_PARALLEL_MOST);
}

static void parallel_run_does_every_item_once_and_in_order(void **state)
{
    (void)state;
    for (size_t c = 0; c < COUNTS; c++) {
        for (size_t t = 0; t < THREADS; t++) {
            struct log log = {.done = calloc(counts[c] + 1, 1)};
            assert_non_null(log.done);
            kithp_parallel_run(threads[t], counts[c], note, &log);
            uint32_t ranges = kithp_parallel_ranges(threads[t], counts[c]);
            uint32_t at = 0;
            for (uint32_t range = 0; range < KITHP_PARALLEL_MOST; range++) {
                assert_int_equal(log.calls[range], range < ranges);
                if (range >= ranges)
                    continue;
                assert_int_equal(log.begins[range], at);
                at = log.ends[range];
                /* No two threads write to one chunk, and none is idle. */
                assert_true(at % KITHP_CHUNK_ITEMS == 0 || at == counts[c]);
                assert_true(at > log.begins[range] || counts[c] == 0);
            }
            assert_int_equal(at, counts[c]);
            for (uint32_t item = 0; item < counts[c]; item++)
                assert_int_equal(log.done[item], 1);
            free(log.done);
        }
    }
}

/* Pieces of which the first wait until all threads are at work: one thread alone would wait for ever. */
struct meeting {
    pthread_barrier_t barrier;
    uint32_t threads;
    atomic_uint done[100];
};

static void meet(void *context, uint32_t piece)
{
    struct meeting *meeting = context;
    if (piece < meeting->threads)
        pthread_barrier_wait(&meeting->barrier);
    atomic_fetch_add(&meeting->done[piece], 1);
}

static void parallel_pieces_are_done_once_each_by_all_threads(void **state)
{
    (void)state;
    for (uint32_t used = 1; used <= 8; used++) {
        for (uint32_t pieces = used; pieces <= 100; pieces += 33) {
            struct meeting meeting = {.threads = used};
            assert_int_equal(pthread_barrier_init(&meeting.barrier, NULL, used), 0);
            kithp_parallel_pieces(used, pieces, meet, &meeting);
            for (uint32_t i = 0; i < 100; i++)
                assert_int_equal(atomic_load(&meeting.done[i]), i < pieces);
            pthread_barrier_destroy(&meeting.barrier);
        }
    }
}

static void parallel_pieces_may_be_none(void **state)
{
    (void)state;
    struct meeting meeting = {.threads = 0};
    kithp_parallel_pieces(4, 0, meet, &meeting);
    assert_int_equal(atomic_load(&meeting.done[0]), 0);
    kithp_parallel_pieces(0, 1, meet, &meeting);
    assert_int_equal(atomic_load(&meeting.done[0]), 1);
}

static void parallel_run_of_one_thread_stays_with_the_caller(void **state)
{
    (void)state;
    enum { COUNT = 9 * KITHP_CHUNK_ITEMS };
    struct log log = {.done = calloc(COUNT, 1)};
    assert_non_null(log.done);
    kithp_parallel_run(1, COUNT, note, &log);
    assert_true(pthread_equal(log.by[0], pthread_self()));
    assert_int_equal(log.ends[0], COUNT);
    free(log.done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parallel_ranges_are_several_a_thread_as_far_as_chunks_allow),
        cmocka_unit_test(parallel_run_does_every_item_once_and_in_order),
        cmocka_unit_test(parallel_pieces_are_done_once_each_by_all_threads),
        cmocka_unit_test(parallel_pieces_may_be_none),
        cmocka_unit_test(parallel_run_of_one_thread_stays_with_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
