/* SPDX-License-Identifier: MIT */
/*
 * Sealed weeks in a temporary file that fails: it cannot be made, is full, is gone, or does not hold what was written.
 * The call says which file it was, changes nothing that can be seen, and works when the fault is over. The calls that
 * spill.c makes go through the functions below.
 */
#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "engine/add_block.h"
#include "sealed_support.h"

enum { PEOPLE = 40, WEEKS = 6, ACTS = 400 };

/* ---- calls of the system ---- */

enum call { NO_CALL, MAKE, UNLINK, WRITE, READ };

static struct {
    enum call fails; /* each of this sort, from the `at`th on, counted from 1 */
    unsigned at;
    int fault; /* 0: the call does less than it was asked to; a read gives other bytes */
    unsigned calls;
    bool halves;     /* writes and reads do half of what they are asked to */
    bool interrupts; /* every second call is interrupted */
    unsigned interrupted;
} io;

static bool fails(enum call call)
{
    if (io.fails != call || ++io.calls < io.at)
        return false;
    errno = io.fault;
    return true;
}

static bool is_interrupted(void)
{
    errno = EINTR;
    return io.interrupts && io.interrupted++ % 2 == 0;
}

int __real_mkostemp(char *path, int flags);
int __real_mkostemp64(char *path, int flags);
int __real_unlink(const char *path);
ssize_t __real_pwrite(int file, const void *bytes, size_t length, off_t offset);
ssize_t __real_pwrite64(int file, const void *bytes, size_t length, off_t offset);
ssize_t __real_pread(int file, void *bytes, size_t length, off_t offset);
ssize_t __real_pread64(int file, void *bytes, size_t length, off_t offset);

int __wrap_mkostemp(char *path, int flags);
int __wrap_mkostemp64(char *path, int flags);
int __wrap_unlink(const char *path);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t length, off_t offset);
ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset);
ssize_t __wrap_pread(int file, void *bytes, size_t length, off_t offset);
ssize_t __wrap_pread64(int file, void *bytes, size_t length, off_t offset);

int __wrap_mkostemp(char *path, int flags)
{
    return fails(MAKE) ? -1 : __real_mkostemp(path, flags);
}

int __wrap_mkostemp64(char *path, int flags)
{
    return fails(MAKE) ? -1 : __real_mkostemp64(path, flags);
}

int __wrap_unlink(const char *path)
{
    int outcome = __real_unlink(path);
    return fails(UNLINK) ? -1 : outcome;
}

static ssize_t write_some(int file, const void *bytes, size_t length, off_t offset)
{
    if (is_interrupted())
        return -1;
    if (fails(WRITE)) {
        ssize_t part = __real_pwrite(file, bytes, length / 2, offset);
        assert_true(part >= 0);
        return io.fault ? (errno = io.fault, -1) : 0;
    }
    return __real_pwrite(file, bytes, io.halves && length > 1 ? length / 2 : length, offset);
}

ssize_t __wrap_pwrite(int file, const void *bytes, size_t length, off_t offset)
{
    return write_some(file, bytes, length, offset);
}

ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset)
{
    return write_some(file, bytes, length, offset);
}

static ssize_t read_some(int file, void *bytes, size_t length, off_t offset)
{
    if (is_interrupted())
        return -1;
    bool failing = fails(READ);
    if (failing && io.fault)
        return -1;
    ssize_t got = __real_pread(file, bytes, io.halves && length > 1 ? length / 2 : length, offset);
    if (failing && got > 0)
        ((unsigned char *)bytes)[got / 2] ^= 1;
    return got;
}

ssize_t __wrap_pread(int file, void *bytes, size_t length, off_t offset)
{
    return read_some(file, bytes, length, offset);
}

ssize_t __wrap_pread64(int file, void *bytes, size_t length, off_t offset)
{
    return read_some(file, bytes, length, offset);
}

static void fail_from(enum call call, unsigned at, int fault)
{
    memset(&io, 0, sizeof io);
    io.fails = call;
    io.at = at;
    io.fault = fault;
}

/* ---- engines ---- */

static struct act acts[ACTS];

static kith_engine *filled(enum sealing sealing, size_t count)
{
    make_acts(acts, ACTS, PEOPLE, WEEKS, 12);
    kith_engine *engine = numbered_engine(small_policy, NULL, 1);
    for (size_t i = 0; i < count; i++) {
        add_act(engine, &acts[i], false);
        if (sealing != NO_SEALING && i % 100 == 99)
            seal(engine, sealing);
    }
    return engine;
}

static struct gathered expected_bytes(size_t count)
{
    kith_engine *plain = filled(NO_SEALING, count);
    struct gathered bytes = bytes_of(plain);
    kith_engine_free(plain);
    return bytes;
}

static void assert_engine(kith_engine *engine, const struct gathered *expected, const char *when)
{
    struct gathered now = bytes_of(engine);
    assert_same_bytes(&now, expected, when);
    gathered_free(&now);
}

/* ---- tests ---- */

static kith_status add_one(kith_engine *engine, kith_error *error)
{
    kith_event event = {.size = sizeof event,
                        .time = MONDAY,
                        .kind = 0,
                        .quantity = 1,
                        .member = 77,
                        .sequence = 9,
                        .source = TEXT("queue")};
    set_sealing(engine, IN_A_FILE);
    kith_status status = kith_engine_add_event(engine, &event, error);
    set_sealing(engine, NO_SEALING);
    return status;
}

static kith_status add_many(kith_engine *engine, kith_error *error, uint64_t *read)
{
    int64_t times[600];
    uint64_t members[600];
    uint32_t kinds[600];
    for (unsigned i = 0; i < 600; i++) {
        times[i] = MONDAY + i;
        members[i] = 1 + i % 30;
        kinds[i] = 0;
    }
    kith_events events = {.size = sizeof events,
                          .count = 600 - *read,
                          .time = times + *read,
                          .kind = kinds + *read,
                          .member = members + *read};
    kith_added added = {.size = sizeof added};
    set_sealing(engine, IN_A_FILE);
    kith_status status = kith_engine_add(engine, &events, &added, error);
    set_sealing(engine, NO_SEALING);
    *read += added.read;
    return status;
}

static void sealed_file_that_cannot_be_made_or_written(void **state)
{
    (void)state;
    static const struct {
        enum call call;
        int fault;
        int told;
    } faults[] = {{MAKE, EACCES, EACCES},  {MAKE, EMFILE, EMFILE}, {UNLINK, EPERM, EPERM},
                  {WRITE, ENOSPC, ENOSPC}, {WRITE, EIO, EIO},      {WRITE, 0, ENOSPC}};
    struct gathered before = expected_bytes(ACTS);
    for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++) {
        kith_engine *engine = filled(NO_SEALING, ACTS);
        for (unsigned time = 0; time < 3; time++) {
            kith_error error = NO_ERROR;
            fail_from(faults[i].call, 1, faults[i].fault);
            assert_status(add_one(engine, &error), KITH_INPUT_OUTPUT, &error);
            assert_non_null(strstr(error.message, "/kith-"));
            assert_non_null(strstr(error.message, strerror(faults[i].told)));
            fail_from(NO_CALL, 0, 0);
            /* The event was not taken, nor its number; what was sealed in vain is in memory. */
            assert_engine(engine, &before, "after a fault");
        }
        kith_error error = NO_ERROR;
        assert_status(add_one(engine, &error), KITH_OK, &error);
        kith_engine_free(engine);
    }
    gathered_free(&before);
}

/* Some of the events are taken, and which they are is told. */
static void sealed_file_is_full_while_many_are_added(void **state)
{
    (void)state;
    kith_engine *plain = filled(NO_SEALING, ACTS);
    uint64_t read = 0;
    kith_error error = NO_ERROR;
    assert_status(add_many(plain, &error, &read), KITH_OK, &error);
    struct gathered expected = bytes_of(plain);
    kith_engine_free(plain);
    for (unsigned at = 2; at < 10; at++) {
        kith_engine *engine = filled(IN_A_FILE, ACTS);
        read = 0;
        fail_from(WRITE, at, ENOSPC);
        kith_status status = add_many(engine, &error, &read);
        fail_from(NO_CALL, 0, 0);
        if (status != KITH_OK) {
            assert_status(status, KITH_INPUT_OUTPUT, &error);
            assert_true(read < 600 && read % KITHP_ADD_BLOCK == 0);
            assert_status(add_many(engine, &error, &read), KITH_OK, &error);
        }
        assert_int_equal(read, 600);
        /* Sums, and in which order members became known, are those of the plain one. */
        assert_engine(engine, &expected, "after the rest was added");
        kith_engine_free(engine);
    }
    gathered_free(&expected);
}

static kith_status use(kith_engine *engine, unsigned which, kith_error *error)
{
    kith_review *review = NULL;
    kith_standing_row row = {.size = sizeof row};
    kith_snapshot *snapshot = NULL;
    struct gathered bytes = {0};
    kith_status status;
    switch (which) {
    case 0:
        status = kith_engine_get_standing(engine, 1, MONDAY + WEEKS * WEEK - 1, &row, error);
        break;
    case 1:
        status = kith_engine_forget(engine, 4, error);
        break;
    case 2:
        status = kith_engine_merge(engine, 5, 6, error);
        break;
    case 3:
        status = kith_engine_freeze(engine, TEXT(""), &snapshot, error);
        if (status == KITH_OK)
            status = kith_snapshot_write(snapshot, gather, &bytes, error);
        kith_snapshot_free(snapshot);
        break;
    default:
        status = kith_engine_review(engine, MONDAY + WEEKS * WEEK, &review, error);
        break;
    }
    gathered_free(&bytes);
    kith_review_free(review);
    return status;
}

enum { USES = 5, REVIEW = 4 };

static void sealed_file_that_cannot_be_read(void **state)
{
    (void)state;
    struct gathered before = expected_bytes(ACTS);
    for (unsigned which = 0; which < USES; which++) {
        kith_engine *plain = filled(NO_SEALING, ACTS);
        kith_error error = NO_ERROR;
        assert_status(use(plain, which, &error), KITH_OK, &error);
        struct gathered after = bytes_of(plain);
        kith_engine_free(plain);
        unsigned failures = 0;
        for (unsigned at = 1;; at++) {
            kith_engine *engine = filled(IN_A_FILE, ACTS);
            fail_from(READ, at, at % 2 ? EIO : 0);
            error = NO_ERROR;
            kith_status status = use(engine, which, &error);
            fail_from(NO_CALL, 0, 0);
            if (status != KITH_OK) {
                assert_status(status, KITH_INPUT_OUTPUT, &error);
                assert_non_null(strstr(error.message, "/kith-"));
                assert_non_null(strstr(error.message, at % 2 ? "cannot be read" : "does not hold"));
                failures++;
                if (which != REVIEW)
                    assert_engine(engine, &before, "after a fault");
                assert_status(use(engine, which, &error), KITH_OK, &error);
            }
            assert_engine(engine, &after, "at last");
            kith_engine_free(engine);
            if (status == KITH_OK)
                break;
        }
        assert_true(failures > 3);
        gathered_free(&after);
    }
    gathered_free(&before);
}

/* A snapshot of sealed weeks that is saved says which file it was: not its own. */
static void sealed_file_fails_a_save(void **state)
{
    (void)state;
    kith_engine *engine = filled(IN_A_FILE, ACTS);
    kith_snapshot *snapshot = freeze(engine, "");
    char path[] = "/tmp/kith-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    fail_from(READ, 1, EIO);
    kith_error error = NO_ERROR;
    assert_status(kith_snapshot_save(snapshot, path, &error), KITH_INPUT_OUTPUT, &error);
    fail_from(NO_CALL, 0, 0);
    assert_non_null(strstr(error.message, "the temporary file cannot be read"));
    assert_status(kith_snapshot_save(snapshot, path, &error), KITH_OK, &error);
    unlink(path);
    kith_snapshot_free(snapshot);
    kith_engine_free(engine);
}

static void sealed_file_works_by_halves_and_interrupted(void **state)
{
    (void)state;
    struct gathered expected = expected_bytes(ACTS);
    memset(&io, 0, sizeof io);
    io.halves = io.interrupts = true;
    kith_engine *engine = filled(IN_A_FILE, ACTS);
    assert_engine(engine, &expected, "by halves");
    memset(&io, 0, sizeof io);
    kith_engine_free(engine);
    gathered_free(&expected);
}

/* The file has no name, is in the folder that is asked for, and begins anew where nothing of it is needed any more. */
static void sealed_file_leaves_nothing(void **state)
{
    (void)state;
    char folder[] = "/tmp/kith-folder-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *was = getenv("TMPDIR");
    char *kept = was ? strdup(was) : NULL;
    setenv("TMPDIR", folder, 1);
    kith_engine *engine = filled(IN_A_FILE, ACTS);
    assert_non_null(engine->tally.sealing.spill);
    DIR *open = opendir(folder);
    for (const struct dirent *entry; (entry = readdir(open));)
        assert_int_equal(entry->d_name[0], '.');
    closedir(open);
    assert_true(kithp_spill_begin(engine->tally.sealing.spill) > 0);
    kith_error error = NO_ERROR;
    assert_status(kith_engine_drop_open(engine, &error), KITH_OK, &error);
    assert_int_equal(kithp_spill_begin(engine->tally.sealing.spill), 0);
    kith_engine_free(engine);
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    free(kept);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_file_that_cannot_be_made_or_written),
        cmocka_unit_test(sealed_file_is_full_while_many_are_added),
        cmocka_unit_test(sealed_file_that_cannot_be_read),
        cmocka_unit_test(sealed_file_fails_a_save),
        cmocka_unit_test(sealed_file_works_by_halves_and_interrupted),
        cmocka_unit_test(sealed_file_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
