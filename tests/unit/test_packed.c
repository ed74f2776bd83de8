/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

#include <time.h>
#include <unistd.h>

#include "exports/packed.h"

/* The scout steps back for nobody, as it is waited for. */
int __wrap_nice(int more);

int __wrap_nice(int more)
{
    (void)more;
    return 0;
}

/* ---- large files of gzip ---- */

enum { LENGTH = 12000000 };

struct large {
    char *text;
    struct gathered packed;
    char path[200];
};

/* So many members, one behind the other; of text that shrinks to a third. */
static void make_large_by(struct large *large, size_t members, uint64_t luck)
{
    *large = (struct large){.text = malloc(LENGTH)};
    assert_non_null(large->text);
    invent_lines(large->text, LENGTH, luck);
    for (size_t i = 0; i < LENGTH; i++)
        if (i % 100 < 40)
            large->text[i] = "etaoinshrdlu,\n"[chance_below(&luck, 14)];
    for (size_t i = 0; i < members; i++)
        gather_gzip(&large->packed, large->text + LENGTH / members * i, LENGTH / members, 1, Z_DEFAULT_STRATEGY, NULL);
    make_file(large->path, sizeof large->path, large->packed.bytes, large->packed.length);
}

static void make_large(struct large *large, size_t members)
{
    make_large_by(large, members, 4);
}

static void free_large(struct large *large)
{
    unlink(large->path);
    gathered_free(&large->packed);
    free(large->text);
}

/* What is read of it, with memory that must all come back. */
struct reading {
    struct memory memory;
    struct kithp_input input;
    struct kithp_supply supply;
    struct kithp_packed packed;
    uint64_t done;
};

static void begin_reading(struct reading *reading, const char *path, enum kithp_inflate_way way)
{
    reading->done = 0;
    memory_init(&reading->memory);
    assert_int_equal(kithp_input_open(&reading->input, path), 0);
    assert_true(kithp_supply_init(&reading->supply, &reading->memory.allocator, &reading->input));
    assert_int_equal(kithp_supply_fill(&reading->supply), 0);
    assert_true(kithp_packed_init(&reading->packed, &reading->memory.allocator, &reading->supply, way));
}

static void end_reading(struct reading *reading)
{
    kithp_packed_end_ahead(&reading->packed);
    kithp_packed_free(&reading->packed);
    kithp_supply_free(&reading->supply, &reading->memory.allocator);
    kithp_input_close(&reading->input);
    assert_int_equal(reading->memory.live, 0);
}

/* Takes a piece, which must be what comes behind `at` bytes of the text. Returns its length; at the end, the fault. */
static size_t take(struct reading *reading, const char *text, size_t at, size_t piece, struct kithp_fault *fault)
{
    static char buffer[1 << 20];
    uint64_t done;
    assert_true(piece <= sizeof buffer);
    size_t given = kithp_packed_take(&reading->packed, buffer, piece, &done, fault);
    assert_true(given <= piece && given <= LENGTH - at);
    assert_in_range(done, reading->done, reading->input.total);
    reading->done = done;
    assert_memory_equal(buffer, text + at, given);
    return given;
}

static size_t take_all(struct reading *reading, const char *text, size_t piece, struct kithp_fault *fault)
{
    size_t at = 0, given;
    do {
        given = take(reading, text, at, piece, fault);
        at += given;
    } while (given > 0);
    return at;
}

/* ---- stretches ---- */

/* Inflating stands still until the scout is ahead, unless that has come to the end. */
static void wait_for_scout(struct kithp_scout *scout)
{
    const struct timespec little = {.tv_nsec = 1000000};
    for (int i = 0; i < 60000; i++) {
        pthread_mutex_lock(&scout->mutex);
        bool ready = scout->ended;
        for (size_t k = 0; k < KITHP_SCOUT_STRETCHES; k++)
            ready = ready || scout->uses[k] == KITHP_SCOUT_READY;
        pthread_mutex_unlock(&scout->mutex);
        if (ready)
            return;
        nanosleep(&little, NULL);
    }
    fail_msg("no stretch was found within a minute");
}

/* No thread inflates, so that it is known when there is a stretch to come upon. */
static void begin_scouted_reading(struct reading *reading, const char *path, enum kithp_inflate_way way)
{
    begin_reading(reading, path, way);
    struct kithp_packed *packed = &reading->packed;
    packed->has_scout = kithp_scout_begin(&packed->scout, &reading->memory.allocator, &reading->input);
    assert_true(packed->has_scout);
    assert_true(kithp_inflater_init(&packed->inflater, &reading->memory.allocator, way));
}

static size_t take_behind_scout(struct reading *reading, const char *text, size_t at, size_t piece,
                                struct kithp_fault *fault)
{
    wait_for_scout(&reading->packed.scout);
    return take(reading, text, at, piece, fault);
}

static void stretches_of_a_large_file_are_passed_over_and_inflated_when_taken(void **state)
{
    (void)state;
    struct large large;
    make_large(&large, 1);
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
        if (!kithp_inflate_can(way))
            continue;
        struct reading reading;
        begin_scouted_reading(&reading, large.path, way);
        struct kithp_fault fault;
        size_t at = 0, given;
        do {
            given = take_behind_scout(&reading, large.text, at, way ? 70001 : 1 << 20, &fault);
            at += given;
        } while (given > 0);
        assert_int_equal(fault.status, KITH_OK);
        assert_int_equal(at, LENGTH);
        assert_true(reading.packed.scout.passed_over > 2 * KITHP_STRETCH_STEP);
        end_reading(&reading);
    }
    free_large(&large);
}

/* The bit behind the first stretch that is come upon, and how much text there is before it. */
static uint64_t end_of_first_stretch(const struct large *large, size_t *before)
{
    struct reading reading;
    begin_scouted_reading(&reading, large->path, kithp_inflate_best());
    struct kithp_fault fault;
    const struct kithp_stretch *stretch;
    *before = 0;
    do {
        size_t given = take_behind_scout(&reading, large->text, *before, 1 << 18, &fault);
        assert_true(given > 0);
        stretch = kithp_ahead_front(&reading.packed.ahead)->stretch;
        *before += given;
    } while (!stretch);
    uint64_t end = 8 * stretch->at + stretch->end;
    while (kithp_ahead_front(&reading.packed.ahead)->stretch == stretch && reading.packed.taken < stretch->text_length)
        *before += take_behind_scout(&reading, large->text, *before, 1 << 18, &fault);
    end_reading(&reading);
    return end;
}

/* A header that is none, in the byte in which the stretch ends: whoever inflates the stretch can see it. */
static void damage_behind_a_stretch_is_told_behind_its_text(void **state)
{
    (void)state;
    struct large large;
    uint64_t end = 0, luck = 0;
    size_t before;
    while (true) {
        make_large_by(&large, 1, luck++);
        end = end_of_first_stretch(&large, &before);
        if (end % 8 > 0 && end % 8 <= 5)
            break;
        free_large(&large);
    }
    char path[200];
    large.packed.bytes[end / 8] = (char)(large.packed.bytes[end / 8] | 7 << end % 8);
    make_file(path, sizeof path, large.packed.bytes, large.packed.length);
    for (int scouted = 0; scouted < 2; scouted++) {
        struct reading reading;
        if (scouted)
            begin_scouted_reading(&reading, path, kithp_inflate_best());
        else
            begin_reading(&reading, path, kithp_inflate_best());
        struct kithp_fault fault;
        size_t at = 0, given;
        do {
            given = scouted ? take_behind_scout(&reading, large.text, at, 1 << 18, &fault)
                            : take(&reading, large.text, at, 1 << 18, &fault);
            at += given;
        } while (given > 0);
        assert_int_equal(fault.status, KITH_BAD_EXPORT);
        assert_string_equal(fault.detail, KITHP_GZIP_INVALID);
        assert_int_equal(at, before);
        assert_true(!scouted || reading.packed.scout.passed_over > 0);
        end_reading(&reading);
    }
    unlink(path);
    free_large(&large);
}

static void large_files_are_read_by_threads(void **state)
{
    (void)state;
    static const size_t members[] = {1, 1, 3, 500, 20000};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct large large;
        make_large(&large, members[i]);
        for (size_t piece = 30000; piece < 1000000; piece *= 9) {
            struct reading reading;
            begin_reading(&reading, large.path, kithp_inflate_best());
            kithp_packed_begin_ahead(&reading.packed);
            assert_true(reading.packed.has_scout && reading.packed.ahead.threaded);
            struct kithp_fault fault;
            assert_int_equal(take_all(&reading, large.text, piece, &fault), LENGTH / members[i] * members[i]);
            assert_int_equal(fault.status, KITH_OK);
            end_reading(&reading);
        }
        free_large(&large);
    }
}

static void large_files_are_closed_at_any_time(void **state)
{
    (void)state;
    struct large large;
    make_large(&large, 1);
    for (size_t pieces = 0; pieces < 40; pieces += 3) {
        struct reading reading;
        begin_reading(&reading, large.path, kithp_inflate_best());
        kithp_packed_begin_ahead(&reading.packed);
        struct kithp_fault fault;
        size_t at = 0;
        for (size_t i = 0; i < pieces; i++)
            at += take(&reading, large.text, at, 200000, &fault);
        end_reading(&reading);
    }
    free_large(&large);
}

enum { LENGTH_MOST = 2 * LENGTH }; /* damaged data may be more text than it was */

/* Text that is read up to a fault. */
struct outcome {
    char *text;
    size_t length;
    struct kithp_fault fault;
    uint64_t passed_over;
};

static struct outcome read_up_to_a_fault(const char *path, enum kithp_inflate_way way, bool scouted)
{
    struct outcome outcome = {.text = malloc(LENGTH_MOST)};
    assert_non_null(outcome.text);
    struct reading reading;
    if (scouted)
        begin_scouted_reading(&reading, path, way);
    else
        begin_reading(&reading, path, way);
    uint64_t done;
    size_t given;
    do {
        if (scouted)
            wait_for_scout(&reading.packed.scout);
        given = kithp_packed_take(&reading.packed, outcome.text + outcome.length, LENGTH_MOST - outcome.length, &done,
                                  &outcome.fault);
        outcome.length += given;
    } while (given > 0);
    outcome.passed_over = scouted ? reading.packed.scout.passed_over : 0;
    end_reading(&reading);
    return outcome;
}

/* Returns how much was passed over. ISA-L has no good text in the last bytes before a copy that it cannot make. */
static uint64_t compare_damaged(const char *path, enum kithp_inflate_way way)
{
    enum { COPY_MOST = 258 };
    struct outcome plain = read_up_to_a_fault(path, way, false), scouted = read_up_to_a_fault(path, way, true);
    assert_int_equal(plain.fault.status, KITH_BAD_EXPORT);
    assert_int_equal(scouted.fault.status, KITH_BAD_EXPORT);
    assert_string_equal(plain.fault.detail, scouted.fault.detail);
    assert_int_equal(plain.length, scouted.length);
    assert_in_range(plain.length, COPY_MOST, LENGTH_MOST - 1);
    assert_memory_equal(plain.text, scouted.text, plain.length - (way == KITHP_INFLATE_ISAL ? COPY_MOST : 0));
    free(plain.text);
    free(scouted.text);
    return scouted.passed_over;
}

/* What comes before a fault, and what is told of it, does not hang on what was found ahead. */
static void large_files_that_are_damaged_give_the_same_however_they_are_read(void **state)
{
    (void)state;
    enum { PLACES = 12 };
    struct large large;
    make_large(&large, 2);
    for (size_t i = 1; i <= PLACES; i++) {
        size_t at = large.packed.length * i / PLACES - (i < PLACES ? 0 : 5);
        char before = large.packed.bytes[at], path[200];
        large.packed.bytes[at] = (char)~before;
        make_file(path, sizeof path, large.packed.bytes, i % 4 ? large.packed.length : at);
        for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++)
            if (kithp_inflate_can(way))
                assert_true(compare_damaged(path, way) > 0 || at < large.packed.length / 2);
        large.packed.bytes[at] = before;
        unlink(path);
    }
    free_large(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stretches_of_a_large_file_are_passed_over_and_inflated_when_taken),
        cmocka_unit_test(damage_behind_a_stretch_is_told_behind_its_text),
        cmocka_unit_test(large_files_are_read_by_threads),
        cmocka_unit_test(large_files_are_closed_at_any_time),
        cmocka_unit_test(large_files_that_are_damaged_give_the_same_however_they_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
