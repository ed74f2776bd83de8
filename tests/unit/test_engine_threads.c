/* SPDX-License-Identifier: MIT */
/* An export that one thread inflates, one reads, one finds names in and one applies: all is as if one had done it all.
 */
#include "engine_support.h"
#include "gzip_support.h"

enum { ROWS = 30000, PEOPLE = 6000, REFUSED_EVERY = 997, COUNTS = 3 };

static const uint32_t thread_counts[COUNTS] = {1, 2, 4};

static struct gathered text, packed;
static uint64_t known_by[ROWS + 1]; /* how many people are in the rows before */
static bool seen[PEOPLE];

/* ---- threads that cannot be had ---- */

static uint32_t creations, refused_creation; /* from 1; 0 for none */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context);

static pthread_mutex_t creation_lock = PTHREAD_MUTEX_INITIALIZER;

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context)
{
    pthread_mutex_lock(&creation_lock);
    bool refused = ++creations == refused_creation;
    pthread_mutex_unlock(&creation_lock);
    return refused ? 11 : __real_pthread_create(thread, attributes, run, context);
}

/* ---- rows ---- */

static uint64_t see(uint32_t member)
{
    bool is_new = !seen[member];
    seen[member] = true;
    return is_new;
}

/* The names of some are long. */
static int print_name(char *name, uint32_t member)
{
    return sprintf(name, member % 3 ? "m%u" : "a member of a longer name, %u", member);
}

/* Rows of people who become more and more, some of which are refused; those have names of their own. The first are the
 same however many there are. */
static void gather_rows(struct gathered *rows, uint32_t count)
{
    static const char *const kinds[] = {"post", "like", "comment", "login", "help"};
    uint64_t seed = 3;
    memset(seen, 0, sizeof seen);
    gather(rows, "time,member,kind,target,key\n", 28);
    for (uint32_t i = 0; i < count; i++) {
        char line[256], names[2][64];
        uint32_t member = chance_below(&seed, 1 + i * PEOPLE / ROWS), target = chance_below(&seed, PEOPLE);
        bool refused = i % REFUSED_EVERY == 5, targeted = i % 2;
        print_name(names[0], member);
        print_name(names[1], target);
        known_by[i + 1] = known_by[i];
        if (!refused)
            known_by[i + 1] += see(member) + (targeted ? see(target) : 0);
        gather(rows, line,
               (size_t)sprintf(line, "%lld,\"%s%s\",%s,\"%s\",%u\n", (long long)(MONDAY + i % (3 * WEEK)),
                               refused ? "refused " : "", names[0], refused ? "nonsense" : kinds[i % 5],
                               targeted ? names[1] : "", i));
    }
}

static int generate(void **state)
{
    (void)state;
    gather_rows(&text, ROWS);
    gather_gzip(&packed, text.bytes, text.length, 6, Z_DEFAULT_STRATEGY, NULL);
    return 0;
}

static int let_go(void **state)
{
    (void)state;
    gathered_free(&text);
    gathered_free(&packed);
    return 0;
}

/* ---- an engine, and all that it was told ---- */

struct reading {
    kith_engine *engine;
    kith_engine_info info;
    kith_status status;
    kith_error error;
    kith_added added;
    uint64_t refused_lines; /* a sum that hangs on their order */
    uint64_t refused;
    uint64_t cancel_at;     /* the refused row at which to stop; 0 for none */
    uint64_t progress_left; /* calls until then, likewise */
    uint64_t last_done;
};

static int note_refused(void *context, const kith_reject *reject)
{
    struct reading *reading = context;
    reading->refused_lines = reading->refused_lines * 31 + reject->line;
    return ++reading->refused == reading->cancel_at;
}

static int note_progress(void *context, uint64_t done, uint64_t total)
{
    struct reading *reading = context;
    assert_true(total == 0 || done <= total);
    assert_true(done >= reading->last_done);
    reading->last_done = done;
    return reading->progress_left > 0 && --reading->progress_left == 0;
}

static void begin(struct reading *reading, uint32_t threads, const kith_allocator *allocator)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = threads;
    options.allocator = allocator;
    options.progress = note_progress;
    options.progress_context = reading;
    reading->engine = engine_with(&options);
}

static void end(struct reading *reading)
{
    kith_engine_free(reading->engine);
}

/* Goes on behind what was read before. Ids of events are in the column of this name, or nowhere. */
static void read_on(struct reading *reading, const void *bytes, size_t length, const char *ids)
{
    struct bytes_source source = {.bytes = bytes, .length = length, .step = 50000};
    kith_export input = {.size = sizeof input,
                         .read = read_bytes,
                         .read_context = &source,
                         .event_id = ids,
                         .reject = note_refused,
                         .reject_context = reading,
                         .begin_offset = reading->added.end_offset,
                         .begin_line = reading->added.end_line};
    reading->added = (kith_added){.size = sizeof reading->added};
    reading->error = NO_ERROR;
    reading->last_done = 0;
    reading->status = kith_engine_add_export(reading->engine, &input, &reading->added, &reading->error);
    reading->info = (kith_engine_info){.size = sizeof reading->info};
    assert_int_equal(kith_engine_get_info(reading->engine, &reading->info, NULL), KITH_OK);
}

static void assert_same_reading(const struct reading *actual, const struct reading *expected)
{
    assert_status(actual->status, expected->status, &actual->error);
    assert_string_equal(actual->error.message, expected->error.message);
    assert_int_equal(actual->error.line, expected->error.line);
    assert_memory_equal(&actual->added, &expected->added, sizeof actual->added);
    assert_memory_equal(&actual->info, &expected->info, sizeof actual->info);
    assert_int_equal(actual->refused, expected->refused);
    assert_int_equal(actual->refused_lines, expected->refused_lines);
}

static struct tables tables_until_the_end(struct reading *reading)
{
    reading->last_done = 0;
    kith_review *review = review_until(reading->engine, MONDAY + 4 * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    return tables;
}

static void assert_same_review(struct reading *actual, struct reading *expected)
{
    struct tables left = tables_until_the_end(actual), right = tables_until_the_end(expected);
    assert_same_tables(&left, &right, "threads");
    tables_free(&left);
    tables_free(&right);
}

/* ---- tests ---- */

static void threads_bring_what_one_brings(void **state)
{
    (void)state;
    struct reading expected = {0};
    begin(&expected, 1, NULL);
    read_on(&expected, text.bytes, text.length, NULL);
    assert_status(expected.status, KITH_OK, &expected.error);
    assert_int_equal(expected.added.read, ROWS);
    assert_true(expected.added.rejected > ROWS / REFUSED_EVERY / 2);
    assert_int_equal(expected.info.members, known_by[ROWS]);
    struct tables tables = tables_until_the_end(&expected);
    for (uint32_t i = 0; i < 2 * COUNTS; i++) {
        const struct gathered *bytes = i % 2 ? &packed : &text;
        struct reading reading = {0};
        begin(&reading, thread_counts[i / 2], NULL);
        read_on(&reading, bytes->bytes, bytes->length, NULL);
        assert_same_reading(&reading, &expected);
        struct tables own = tables_until_the_end(&reading);
        assert_same_tables(&own, &tables, "threads");
        tables_free(&own);
        end(&reading);
    }
    tables_free(&tables);
    end(&expected);
}

/* Whichever of the threads cannot be had, the others do what it would have done. */
static void threads_that_cannot_be_had_are_done_without(void **state)
{
    (void)state;
    struct reading expected = {0};
    begin(&expected, 1, NULL);
    read_on(&expected, packed.bytes, packed.length, NULL);
    uint32_t most = 1;
    for (uint32_t refused = 1; refused <= most; refused++) {
        struct reading reading = {0};
        begin(&reading, 2, NULL);
        creations = 0;
        refused_creation = refused;
        read_on(&reading, packed.bytes, packed.length, NULL);
        refused_creation = 0;
        most = creations > most ? creations : most;
        assert_same_reading(&reading, &expected);
        end(&reading);
    }
    assert_int_equal(most, 3);
    end(&expected);
}

/* What damage leaves of the rows, and the line it is told at. */
static void threads_are_told_of_damage_at_the_same_line(void **state)
{
    (void)state;
    enum { FEW = 40, PLACES = 40 };
    struct gathered few = {0}, small = {0};
    unsigned cuts_in_rows = 0;
    gather_rows(&few, FEW);
    gather_gzip(&small, few.bytes, few.length, 6, Z_DEFAULT_STRATEGY, NULL);
    gathered_free(&few);
    for (int large = 0; large < 2; large++) {
        struct gathered *bytes = large ? &packed : &small;
        size_t step = large ? bytes->length / PLACES : 1;
        for (size_t at = 2 + step; at < bytes->length; at += step) {
            struct reading expected = {0};
            char before = bytes->bytes[at];
            bytes->bytes[at] = (char)(before ^ (at % 2 ? 0x10 : 0xFF));
            size_t length = at % 3 ? bytes->length : at;
            begin(&expected, 1, NULL);
            read_on(&expected, bytes->bytes, length, NULL);
            for (uint32_t i = 1; i < COUNTS; i++) {
                struct reading reading = {0};
                begin(&reading, thread_counts[i], NULL);
                read_on(&reading, bytes->bytes, length, NULL);
                assert_same_reading(&reading, &expected);
                end(&reading);
            }
            /* What is damaged may look like text for a while. */
            if (at % 3 == 0 && expected.added.read > 0) {
                assert_int_equal(expected.status, KITH_BAD_EXPORT);
                assert_int_equal(expected.error.line, expected.added.read + 2);
                assert_int_equal(expected.info.members, known_by[expected.added.read]);
                cuts_in_rows++;
            }
            end(&expected);
            bytes->bytes[at] = before;
        }
    }
    gathered_free(&small);
    assert_true(cuts_in_rows > PLACES / 5);
}

/* Others may be ahead with names by then; those of rows that were not taken must not stay. */
static void threads_cancelled_know_nobody_ahead(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < COUNTS; i++) {
        struct reading expected = {0};
        begin(&expected, 1, NULL);
        read_on(&expected, packed.bytes, packed.length, NULL);
        struct reading reading = {.cancel_at = 1};
        begin(&reading, thread_counts[i], NULL);
        uint64_t read = 0;
        for (;;) {
            reading.progress_left = reading.cancel_at % 2 ? 0 : 1 + reading.cancel_at % 3;
            read_on(&reading, packed.bytes, packed.length, NULL);
            read += reading.added.read;
            assert_int_equal(reading.info.members, known_by[read]);
            if (reading.status == KITH_OK)
                break;
            assert_status(reading.status, KITH_CANCELLED, &reading.error);
            reading.cancel_at = reading.refused + 1 + reading.cancel_at % 5;
        }
        assert_int_equal(read, ROWS);
        assert_int_equal(reading.refused_lines, expected.refused_lines);
        assert_memory_equal(&reading.info, &expected.info, sizeof expected.info);
        assert_same_review(&reading, &expected);
        end(&reading);
        end(&expected);
    }
}

static void threads_out_of_memory_know_nobody_ahead(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct reading expected = {0}, reading = {0};
    begin(&expected, 1, NULL);
    read_on(&expected, packed.bytes, packed.length, NULL);
    begin(&reading, 2, &memory.allocator);
    uint64_t read = 0, failures = 0;
    for (uint64_t n = 1;; n++) {
        memory_fail_after(&memory, n);
        read_on(&reading, packed.bytes, packed.length, NULL);
        memory_fail_never(&memory);
        read += reading.added.read;
        assert_int_equal(reading.info.members, known_by[read]);
        assert_int_equal(reading.info.taken + reading.info.rejected, read);
        if (reading.status == KITH_OK)
            break;
        assert_status(reading.status, KITH_NO_MEMORY, &reading.error);
        failures++;
    }
    assert_true(failures > 5);
    assert_int_equal(read, ROWS);
    assert_memory_equal(&reading.info, &expected.info, sizeof expected.info);
    assert_same_review(&reading, &expected);
    end(&reading);
    end(&expected);
    assert_int_equal(memory.live, 0);
}

/* Of events that were taken before, by their ids, nobody becomes known. */
static void threads_leave_out_events_whose_ids_are_known(void **state)
{
    (void)state;
    static const char more[] =
        "time,member,kind,target,key\n1772409600,somebody new,post,,7\n1772409600,m1,post,,new\n";
    for (uint32_t i = 0; i < COUNTS; i++) {
        struct reading reading = {0};
        begin(&reading, thread_counts[i], NULL);
        read_on(&reading, text.bytes, text.length, "key");
        assert_int_equal(reading.info.members, known_by[ROWS]);
        reading.added = (kith_added){0};
        read_on(&reading, packed.bytes, packed.length, "key");
        assert_int_equal(reading.added.skipped + reading.added.rejected, ROWS);
        reading.added = (kith_added){0};
        read_on(&reading, more, sizeof more - 1, "key");
        assert_int_equal(reading.added.skipped, 1);
        assert_int_equal(reading.added.taken, 1);
        assert_int_equal(reading.info.members, known_by[ROWS]);
        end(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_bring_what_one_brings),
        cmocka_unit_test(threads_that_cannot_be_had_are_done_without),
        cmocka_unit_test(threads_are_told_of_damage_at_the_same_line),
        cmocka_unit_test(threads_cancelled_know_nobody_ahead),
        cmocka_unit_test(threads_out_of_memory_know_nobody_ahead),
        cmocka_unit_test(threads_leave_out_events_whose_ids_are_known),
    };
    return cmocka_run_group_tests(tests, generate, let_go);
}
