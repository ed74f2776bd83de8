/* SPDX-License-Identifier: MIT */
/*
 * One large export of lines, read in pieces by several threads: what comes of it is what one thread gives that reads it
 * whole, wherever pieces begin and end.
 */
#include "engine/engine.h"

#include <errno.h>
#include <kith/kith.h>
#include <stdatomic.h>
#include <unistd.h>

#include "engine_support.h"

enum { ROW_MOST = 4096 };

/* Lines as an export may have them, good and bad; and their ends. */
static void gather_line(struct gathered *text, uint64_t *seed)
{
    char line[160];
    unsigned member = chance_below(seed, 40), day = chance_below(seed, 28) + 1;
    int length =
        snprintf(line, sizeof line, "{\"time\":\"2026-03-%02u\",\"member\":\"m%u\",\"kind\":\"%s\",\"target\":\"m%u\"}",
                 day, member, chance_below(seed, 9) ? "post" : "dance", member / 2);
    switch (chance_below(seed, 12)) {
    case 0: /* cut off */
        length = (int)chance_below(seed, (uint32_t)length);
        break;
    case 1: /* blank */
        length = snprintf(line, sizeof line, "%s", chance_below(seed, 2) ? "" : " \t ");
        break;
    case 2: /* longer than rows may be */
        for (unsigned i = chance_below(seed, 20); i == 0;)
            for (i = 0; i < 3 * ROW_MOST / (unsigned)length; i++)
                gather(text, line, (size_t)length);
        break;
    }
    gather(text, line, (size_t)length);
    gather(text, "\r\n", chance_below(seed, 5) ? 0 : 1);
    gather(text, "\n", 1);
}

static struct gathered lines_of(uint64_t seed, unsigned count)
{
    struct gathered text = {0};
    /* The first line says that it is JSON. */
    gather(&text, "\xEF\xBB\xBF", chance_below(&seed, 2) ? 3 : 0);
    static const char first[] = "{\"time\":\"2026-03-01\",\"member\":\"m0\",\"kind\":\"post\"}\n";
    gather(&text, first, sizeof first - 1);
    for (unsigned i = 0; i < count; i++)
        gather_line(&text, &seed);
    /* The last one has no end, now and then. */
    text.length -= chance_below(&seed, 2);
    return text;
}

/* ---- reading ---- */

struct outcome {
    kith_status status;
    kith_error error;
    kith_added added;
    kith_table *rejects;
    uint64_t stop_at; /* the reject that asks to stop, from 1; 0 for none */
    bool is_reading;
    uint64_t done; /* as progress of reading had it */
    kith_engine_info info;
    struct tables tables; /* of a review afterwards */
};

static int take_reject(void *context, const kith_reject *reject)
{
    struct outcome *outcome = context;
    assert_int_equal(kith_rejects_add(outcome->rejects, reject), 0);
    return kith_table_rows(outcome->rejects) == outcome->stop_at;
}

static int take_progress(void *context, uint64_t done, uint64_t total)
{
    struct outcome *outcome = context;
    /* The review has its own. */
    if (!outcome->is_reading)
        return 0;
    assert_in_range(done, outcome->done, total);
    outcome->done = done;
    return 0;
}

struct way {
    uint32_t threads;
    uint64_t piece_bytes;
    uint64_t max_bytes;
    uint64_t stop_at;
    struct memory *memory;
};

static struct outcome read_lines(const char *path, struct way way)
{
    struct outcome outcome = {.error = NO_ERROR, .stop_at = way.stop_at};
    outcome.added.size = sizeof outcome.added;
    outcome.info.size = sizeof outcome.info;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = way.threads;
    options.progress = take_progress;
    options.progress_context = &outcome;
    options.allocator = way.memory ? &way.memory->allocator : NULL;
    kith_engine *engine = engine_with(&options);
    engine->piece_bytes = way.piece_bytes;
    assert_int_equal(kith_rejects_new(NULL, &outcome.rejects, NULL), KITH_OK);
    const kith_export export = {
        .size = sizeof export,
        .path = path,
        .reject = take_reject,
        .reject_context = &outcome,
        .max_row = ROW_MOST,
        .max_bytes = way.max_bytes,
    };
    outcome.is_reading = true;
    outcome.status = kith_engine_add_export(engine, &export, &outcome.added, &outcome.error);
    outcome.is_reading = false;
    if (way.memory)
        memory_fail_never(way.memory);
    assert_int_equal(kith_engine_get_info(engine, &outcome.info, NULL), KITH_OK);
    kith_review *review = review_until(engine, MONDAY + 6 * WEEK);
    outcome.tables = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    kith_engine_free(engine);
    return outcome;
}

static void outcome_free(struct outcome *outcome)
{
    kith_table_free(outcome->rejects);
    tables_free(&outcome->tables);
}

static void assert_same_outcome(const struct outcome *actual, const struct outcome *expected)
{
    assert_status(actual->status, expected->status, &actual->error);
    assert_string_equal(actual->error.message, expected->error.message);
    assert_int_equal(actual->error.line, expected->error.line);
    assert_memory_equal(&actual->added, &expected->added, sizeof actual->added);
    char *rejects = csv_of_table(actual->rejects, KITH_CSV_HEADER);
    char *expected_rejects = csv_of_table(expected->rejects, KITH_CSV_HEADER);
    assert_same_text(rejects, expected_rejects, "rejects");
    free(rejects);
    free(expected_rejects);
    assert_memory_equal(&actual->info, &expected->info, sizeof actual->info);
    assert_same_tables(&actual->tables, &expected->tables, "read in pieces");
}

/* ---- a disk that fails ---- */

static struct {
    off_t broken_at; /* from this byte on, nothing can be read; 0 for all of it */
    size_t most;     /* bytes that one call gives; 0 for all that it is asked for */
    bool interrupts; /* every second call is interrupted */
    atomic_uint calls;
} disk;

ssize_t __real_read(int file, void *bytes, size_t length);
ssize_t __real_pread(int file, void *bytes, size_t length, off_t offset);
ssize_t __wrap_read(int file, void *bytes, size_t length);
ssize_t __wrap_pread(int file, void *bytes, size_t length, off_t offset);
ssize_t __wrap_pread64(int file, void *bytes, size_t length, off_t offset);

/* How many bytes of those asked for are given; -1 with errno for none. */
static ssize_t room_for(size_t length, off_t offset)
{
    if (disk.interrupts && disk.calls++ % 2 == 0) {
        errno = EINTR;
        return -1;
    }
    if (disk.broken_at > 0 && offset >= disk.broken_at) {
        errno = EIO;
        return -1;
    }
    if (disk.broken_at > 0 && (off_t)length > disk.broken_at - offset)
        length = (size_t)(disk.broken_at - offset);
    return (ssize_t)(disk.most > 0 && length > disk.most ? disk.most : length);
}

ssize_t __wrap_read(int file, void *bytes, size_t length)
{
    off_t offset = lseek(file, 0, SEEK_CUR);
    ssize_t room = offset < 0 ? (ssize_t)length : room_for(length, offset);
    return room < 0 ? -1 : __real_read(file, bytes, (size_t)room);
}

ssize_t __wrap_pread(int file, void *bytes, size_t length, off_t offset)
{
    ssize_t room = room_for(length, offset);
    return room < 0 ? -1 : __real_pread(file, bytes, (size_t)room, offset);
}

ssize_t __wrap_pread64(int file, void *bytes, size_t length, off_t offset)
{
    return __wrap_pread(file, bytes, length, offset);
}

/* ---- files ---- */

struct file {
    char path[32];
};

static struct file file_of(const struct gathered *text)
{
    struct file file = {"lines.XXXXXX"};
    int descriptor = mkstemp(file.path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text->bytes, text->length), text->length);
    assert_int_equal(close(descriptor), 0);
    return file;
}

static void check_pieces(const struct gathered *text, struct way way)
{
    static const uint64_t sizes[] = {1, 2, 7, 61, 64, 300, 1000, 5000, 20000};
    struct file file = file_of(text);
    way.threads = 1;
    struct outcome expected = read_lines(file.path, way);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (text->length / sizes[i] > 1500)
            continue;
        way.threads = 2 + i % 3;
        way.piece_bytes = sizes[i];
        struct outcome actual = read_lines(file.path, way);
        assert_same_outcome(&actual, &expected);
        outcome_free(&actual);
    }
    outcome_free(&expected);
    unlink(file.path);
}

/* ---- tests ---- */

static void pieces_are_as_the_whole(void **state)
{
    (void)state;
    static const unsigned counts[] = {0, 1, 2, 30, 500};
    for (uint64_t seed = 1; seed <= tries(15); seed++) {
        struct gathered text = lines_of(seed, counts[seed % 5]);
        check_pieces(&text, (struct way){.piece_bytes = 1});
        gathered_free(&text);
    }
}

/* Whoever asks to stop is told where it stopped, in the lines of the whole. */
static void pieces_are_stopped_where_the_whole_is(void **state)
{
    (void)state;
    struct gathered text = lines_of(3, 300);
    static const uint64_t stops[] = {1, 2, 17, 40};
    for (unsigned i = 0; i < sizeof stops / sizeof *stops; i++)
        check_pieces(&text, (struct way){.stop_at = stops[i]});
    gathered_free(&text);
}

/* The fault of a text with too many bytes is told with its line. */
static void pieces_end_where_the_text_may(void **state)
{
    (void)state;
    struct gathered text = lines_of(4, 100);
    for (uint64_t most = 1; most < text.length; most += 397)
        check_pieces(&text, (struct way){.max_bytes = most});
    gathered_free(&text);
}

/* One line of many pieces; lines that end where pieces do; and bytes like those that gzip begins with, there. */
static void pieces_without_lines_are_passed_over(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "\n", "\n{\"time\":1}\n", "\n\x1F\x8B\x08\n", "\n\xEF\xBB\xBF{}\n"};
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct gathered text = {0};
        gather(&text, "{\"a\":\"", 6);
        for (unsigned k = 0; k < 500; k++)
            gather(&text, "0123456789", 10);
        gather(&text, "\"}", 2);
        gather(&text, ends[i], strlen(ends[i]));
        check_pieces(&text, (struct way){.piece_bytes = 1});
        gathered_free(&text);
    }
}

/* Where the disk fails, the rows before are taken, and the line is told. */
static void pieces_end_where_the_disk_fails(void **state)
{
    (void)state;
    struct gathered text = lines_of(7, 60);
    for (off_t at = 3; at < (off_t)text.length; at += 613) {
        disk.broken_at = at;
        check_pieces(&text, (struct way){.piece_bytes = 1});
    }
    disk.broken_at = 0;
    gathered_free(&text);
}

static void pieces_of_a_slow_disk_are_the_same(void **state)
{
    (void)state;
    struct gathered text = lines_of(8, 60);
    disk.interrupts = true;
    for (disk.most = 1; disk.most < 100; disk.most *= 7)
        check_pieces(&text, (struct way){.piece_bytes = 1});
    disk.most = 0;
    disk.interrupts = false;
    gathered_free(&text);
}

/* Without memory somewhere: what was taken is the beginning, and is counted. */
static void pieces_are_the_beginning_where_memory_fails(void **state)
{
    (void)state;
    struct gathered text = lines_of(9, 400);
    struct file file = file_of(&text);
    struct outcome whole = read_lines(file.path, (struct way){.threads = 1});
    uint64_t seed = 11, failed = 0;
    for (uint64_t i = 0; i < tries(100); i++) {
        struct memory memory;
        memory_init(&memory);
        struct way way = {.threads = 2 + i % 2, .piece_bytes = 500, .memory = &memory};
        /* Making the engine takes some. */
        memory_fail_after(&memory, 40 + chance_below(&seed, 300));
        memory.fail_on = chance_below(&seed, 2);
        struct outcome outcome = read_lines(file.path, way);
        if (outcome.status == KITH_OK) {
            assert_same_outcome(&outcome, &whole);
        } else {
            assert_int_equal(outcome.status, KITH_NO_MEMORY);
            assert_true(outcome.added.read <= whole.added.read);
            assert_true(outcome.added.end_offset <= whole.added.end_offset);
            assert_int_equal(kith_table_rows(outcome.rejects), outcome.added.rejected);
            failed++;
        }
        outcome_free(&outcome);
        assert_int_equal(memory.live, 0);
    }
    assert_true(failed > 0);
    outcome_free(&whole);
    unlink(file.path);
    gathered_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_as_the_whole),
        cmocka_unit_test(pieces_are_stopped_where_the_whole_is),
        cmocka_unit_test(pieces_end_where_the_text_may),
        cmocka_unit_test(pieces_without_lines_are_passed_over),
        cmocka_unit_test(pieces_end_where_the_disk_fails),
        cmocka_unit_test(pieces_of_a_slow_disk_are_the_same),
        cmocka_unit_test(pieces_are_the_beginning_where_memory_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
