/* SPDX-License-Identifier: MIT */
/* Input that keeps a call waiting, such as a pipe: progress is asked all the same, and can stop it. */
#include <fcntl.h>
#include <unistd.h>

#include "engine_support.h"

/* ---- a pipe that brings some bytes, and then neither more nor its end ---- */

struct slow {
    int ends[2];
    char path[32];
};

static struct slow slow_with(const char *bytes)
{
    struct slow slow;
    assert_int_equal(pipe(slow.ends), 0);
    snprintf(slow.path, sizeof slow.path, "/dev/fd/%d", slow.ends[0]);
    size_t length = strlen(bytes);
    assert_int_equal(write(slow.ends[1], bytes, length), (ssize_t)length);
    return slow;
}

static void slow_close(const struct slow *slow)
{
    close(slow->ends[0]);
    close(slow->ends[1]);
}

/* ---- progress that loses its patience ---- */

struct patience {
    uint64_t calls;
    uint64_t ends_at; /* the call that stops */
};

static int ask(void *context, uint64_t done, uint64_t total)
{
    struct patience *patience = context;
    (void)done;
    /* How much will come of a pipe, nobody knows. */
    assert_int_equal(total, 0);
    return ++patience->calls >= patience->ends_at;
}

static kith_engine_options impatient(struct patience *patience, uint32_t threads)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = threads;
    options.progress = ask;
    options.progress_context = patience;
    return options;
}

static uint64_t taken_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info.taken;
}

/* ---- exports ---- */

static void export_that_keeps_waiting_is_cancelled(void **state)
{
    (void)state;
    static const char *const beginnings[] = {"", "time,member", "time,member,kind\n1772409600,ana,like\n"};
    static const uint32_t threads[] = {1, 2, 4};
    for (unsigned i = 0; i < 9; i++) {
        struct slow slow = slow_with(beginnings[i / 3]);
        struct patience patience = {.ends_at = 3};
        kith_engine_options options = impatient(&patience, threads[i % 3]);
        kith_engine *engine = engine_with(&options);
        kith_export input = {.size = sizeof input, .path = slow.path};
        kith_added added = {.size = sizeof added};
        kith_error error = NO_ERROR;
        assert_status(kith_engine_add_export(engine, &input, &added, &error), KITH_CANCELLED, &error);
        /* Once it has said so, it is not asked again. */
        assert_int_equal(patience.calls, patience.ends_at);
        assert_int_equal(added.taken, taken_of(engine));

        /* The rest comes; what was taken is not taken again, as the application goes on behind it. */
        slow_close(&slow);
        const char *whole = "time,member,kind\n1772409600,ana,like\n1772409601,ben,like\n";
        struct slow again = slow_with(whole);
        close(again.ends[1]);
        patience = (struct patience){.ends_at = UINT64_MAX};
        input.path = again.path;
        input.begin_offset = added.end_offset;
        input.begin_line = added.end_line;
        assert_status(kith_engine_add_export(engine, &input, NULL, &error), KITH_OK, &error);
        assert_int_equal(taken_of(engine), 2);
        close(again.ends[0]);
        kith_engine_free(engine);
    }
}

static void exports_that_keep_waiting_are_cancelled(void **state)
{
    (void)state;
    for (uint32_t threads = 1; threads <= 4; threads++) {
        struct slow first = slow_with("time,member,kind\n1772409600,ana,like\n"), second = slow_with("");
        struct patience patience = {.ends_at = 2};
        kith_engine_options options = impatient(&patience, threads);
        kith_engine *engine = engine_with(&options);
        kith_export inputs[] = {{.size = sizeof *inputs, .path = first.path},
                                {.size = sizeof *inputs, .path = second.path}};
        kith_added added[] = {{.size = sizeof *added}, {.size = sizeof *added}};
        kith_error error = NO_ERROR;
        assert_status(kith_engine_add_exports(engine, inputs, 2, added, NULL, &error), KITH_CANCELLED, &error);
        assert_int_equal(added[0].taken + added[1].taken, taken_of(engine));
        slow_close(&first);
        slow_close(&second);
        kith_engine_free(engine);
    }
}

/* ---- snapshots, inspections ---- */

static void snapshot_that_keeps_waiting_is_cancelled(void **state)
{
    (void)state;
    kith_engine_options plain = all_tables(KITH_NAMED);
    kith_engine *first = engine_with(&plain);
    kith_snapshot *snapshot = NULL;
    assert_int_equal(kith_engine_freeze(first, (kith_text){NULL, 0}, &snapshot, NULL), KITH_OK);
    struct gathered bytes = {0};
    assert_int_equal(kith_snapshot_write(snapshot, gather, &bytes, NULL), KITH_OK);
    for (uint64_t ends_at = 1; ends_at <= 3; ends_at++) {
        struct slow slow = slow_with("");
        /* All but the last byte. */
        assert_int_equal(write(slow.ends[1], bytes.bytes, bytes.length - 1), (ssize_t)bytes.length - 1);
        struct patience patience = {.ends_at = ends_at};
        kith_engine_options options = impatient(&patience, 1);
        kith_load load = {.size = sizeof load, .path = slow.path, .options = &options};
        kith_engine *engine = NULL;
        kith_error error = NO_ERROR;
        assert_status(kith_engine_load(&load, &engine, &error), KITH_CANCELLED, &error);
        assert_null(engine);
        assert_int_equal(patience.calls, ends_at);
        slow_close(&slow);
    }
    gathered_free(&bytes);
    kith_snapshot_free(snapshot);
    kith_engine_free(first);
}

static void inspection_that_keeps_waiting_is_cancelled(void **state)
{
    (void)state;
    static const char *const beginnings[] = {"", "time,member", "time,member,kind\n1772409600,ana,like\n"};
    for (unsigned i = 0; i < 3; i++) {
        struct slow slow = slow_with(beginnings[i]);
        struct patience patience = {.ends_at = 3};
        kith_inspection_options options = {.size = sizeof options, .progress = ask, .progress_context = &patience};
        kith_inspection *inspection = NULL;
        assert_int_equal(kith_inspection_new(&options, &inspection, NULL), KITH_OK);
        kith_export input = {.size = sizeof input, .path = slow.path};
        kith_error error = NO_ERROR;
        assert_status(kith_inspection_add(inspection, &input, &error), KITH_CANCELLED, &error);
        assert_int_equal(patience.calls, patience.ends_at);
        slow_close(&slow);
        kith_inspection_free(inspection);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(export_that_keeps_waiting_is_cancelled),
        cmocka_unit_test(exports_that_keep_waiting_are_cancelled),
        cmocka_unit_test(snapshot_that_keeps_waiting_is_cancelled),
        cmocka_unit_test(inspection_that_keeps_waiting_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
