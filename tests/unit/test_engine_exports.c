/* SPDX-License-Identifier: MIT */
/* Several exports in one call: what comes of them is what one call for each gives, however many threads read them. */
#include <kith/kith.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine_support.h"
#include "gzip_support.h"

/* ---- a folder of exports ---- */

enum { FILES = 40, NAME_ROOM = 64 };

struct folder {
    char path[NAME_ROOM];
    char files[FILES][2 * NAME_ROOM];
};

/* Rows of one file: some large, most small, some without any; every fifth has ids, some of which come again. */
static struct gathered rows_of(unsigned file, uint64_t *seed)
{
    static const char *const kinds[] = {"post", "like", "comment", "login", "dance"};
    static const unsigned sizes[] = {0, 3, 40, 700, 12000};
    struct gathered text = {0};
    bool has_ids = file % 5 == 4;
    const char *head = has_ids ? "id,time,member,kind,target\n" : "time,kind,target,member\n";
    gather(&text, head, strlen(head));
    char row[160];
    for (unsigned i = 0; i < sizes[chance_below(seed, 5)]; i++) {
        long long time = (long long)(MONDAY + chance_below(seed, 6 * 604800));
        /* Members whom only one file knows, and such that all know. */
        unsigned member = chance_below(seed, 300), other = chance_below(seed, 2) ? file * 1000 + member : member;
        const char *kind = kinds[chance_below(seed, chance_below(seed, 200) ? 4 : 5)];
        int length = has_ids ? snprintf(row, sizeof row, "%u,%lld,m%u,%s,m%u\n", chance_below(seed, 9000), time, other,
                                        kind, member)
                             : snprintf(row, sizeof row, "%lld,%s,m%u,m%u\n", time, kind, member, other);
        gather(&text, row, (size_t)length);
    }
    return text;
}

static void write_file(const char *path, const struct gathered *bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->bytes, 1, bytes->length, file), bytes->length);
    assert_int_equal(fclose(file), 0);
}

static struct folder make_folder(void)
{
    struct folder folder;
    snprintf(folder.path, sizeof folder.path, "exports.XXXXXX");
    assert_non_null(mkdtemp(folder.path));
    uint64_t seed = 17;
    for (unsigned i = 0; i < FILES; i++) {
        struct gathered text = rows_of(i, &seed), packed = {0};
        snprintf(folder.files[i], sizeof folder.files[i], "%s/%02u.csv", folder.path, i);
        if (i % 3 == 0)
            gather_gzip(&packed, text.bytes, text.length, 6, Z_DEFAULT_STRATEGY, NULL);
        write_file(folder.files[i], i % 3 == 0 ? &packed : &text);
        gathered_free(&text);
        gathered_free(&packed);
    }
    return folder;
}

static void remove_folder(const struct folder *folder)
{
    for (unsigned i = 0; i < FILES; i++)
        unlink(folder->files[i]);
    assert_int_equal(rmdir(folder->path), 0);
}

/* ---- adding them ---- */

struct sum {
    kith_engine *engine;
    kith_table *rejects;
    unsigned headers;
    uint64_t stop_at; /* the reject that asks to stop, from 1; 0 for none */
    kith_added added[FILES];
    kith_status status;
    uint64_t done;
    kith_error error;
};

static int count_header(void *context, const kith_text *columns, uint64_t count)
{
    struct sum *sum = context;
    assert_int_equal(count, sum->headers % 5 == 4 ? 5 : 4);
    assert_text_equal(columns[0], sum->headers % 5 == 4 ? "id" : "time");
    sum->headers++;
    return 0;
}

static int take_reject(void *context, const kith_reject *reject)
{
    struct sum *sum = context;
    assert_int_equal(kith_rejects_add(sum->rejects, reject), 0);
    return sum->stop_at > 0 && kith_table_rows(sum->rejects) == sum->stop_at;
}

static void sum_begin(struct sum *sum, const kith_engine_options *options)
{
    *sum = (struct sum){.error = NO_ERROR};
    sum->engine = engine_with(options);
    assert_int_equal(kith_rejects_new(NULL, &sum->rejects, NULL), KITH_OK);
    for (unsigned i = 0; i < FILES; i++)
        sum->added[i] = (kith_added){.size = sizeof *sum->added};
}

static void sum_free(struct sum *sum)
{
    kith_table_free(sum->rejects);
    kith_engine_free(sum->engine);
}

static void describe(struct sum *sum, const struct folder *folder, kith_export inputs[FILES])
{
    for (unsigned i = 0; i < FILES; i++) {
        inputs[i] = (kith_export){.size = sizeof *inputs, .path = folder->files[i]};
        inputs[i].reject = take_reject;
        inputs[i].header = count_header;
        inputs[i].reject_context = inputs[i].header_context = sum;
    }
}

static void add_together(struct sum *sum, const struct folder *folder)
{
    kith_export inputs[FILES];
    describe(sum, folder, inputs);
    sum->status = kith_engine_add_exports(sum->engine, inputs, FILES, sum->added, &sum->done, &sum->error);
}

static void add_one_by_one(struct sum *sum, const struct folder *folder)
{
    kith_export inputs[FILES];
    describe(sum, folder, inputs);
    for (sum->done = 0; sum->done < FILES; sum->done++) {
        sum->status = kith_engine_add_export(sum->engine, &inputs[sum->done], &sum->added[sum->done], &sum->error);
        if (sum->status != KITH_OK)
            return;
    }
}

static void assert_same_sum(struct sum *actual, struct sum *expected)
{
    assert_status(actual->status, expected->status, &actual->error);
    assert_int_equal(actual->done, expected->done);
    assert_int_equal(actual->headers, expected->headers);
    assert_string_equal(actual->error.message, expected->error.message);
    for (unsigned i = 0; i < FILES; i++)
        assert_memory_equal(&actual->added[i], &expected->added[i], sizeof *actual->added);
    char *rejects = csv_of_table(actual->rejects, KITH_CSV_HEADER);
    char *expected_rejects = csv_of_table(expected->rejects, KITH_CSV_HEADER);
    assert_same_text(rejects, expected_rejects, "rejects");
    free(rejects);
    free(expected_rejects);
    kith_engine_info info = {.size = sizeof info}, expected_info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(actual->engine, &info, NULL), KITH_OK);
    assert_int_equal(kith_engine_get_info(expected->engine, &expected_info, NULL), KITH_OK);
    assert_memory_equal(&info, &expected_info, sizeof info);
    kith_review *review = review_until(actual->engine, MONDAY + 6 * WEEK);
    kith_review *expected_review = review_until(expected->engine, MONDAY + 6 * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    struct tables expected_tables = tables_of(expected_review, KITH_CSV_HEADER);
    assert_same_tables(&tables, &expected_tables, "together");
    tables_free(&tables);
    tables_free(&expected_tables);
    kith_review_free(review);
    kith_review_free(expected_review);
}

/* With one thread, the exports one by one; with several, all together. */
static void check_same(const struct folder *folder, uint64_t stop_at)
{
    static const uint32_t threads[] = {1, 2, 3, 8};
    for (unsigned i = 0; i < 4; i++) {
        struct sum sum, expected;
        kith_engine_options options = all_tables(KITH_NAMED);
        options.threads = 1;
        sum_begin(&expected, &options);
        options.threads = threads[i];
        sum_begin(&sum, &options);
        sum.stop_at = expected.stop_at = stop_at;
        add_one_by_one(&expected, folder);
        add_together(&sum, folder);
        assert_same_sum(&sum, &expected);
        sum_free(&sum);
        sum_free(&expected);
    }
}

static void exports_together_are_as_one_by_one(void **state)
{
    (void)state;
    struct folder folder = make_folder();
    check_same(&folder, 0);
    /* Stopped in one of the first, and in one of the last. */
    check_same(&folder, 1);
    check_same(&folder, 120);
    remove_folder(&folder);
}

static void exports_behind_one_that_fails_are_left(void **state)
{
    (void)state;
    static const char *const broken[] = {NULL, "", "time,member\n1,a\n", "\x1f\x8b\x08"};
    for (unsigned place = 0; place < FILES; place += 13) {
        for (unsigned i = 0; i < sizeof broken / sizeof *broken; i++) {
            struct folder folder = make_folder();
            struct gathered text = {0};
            unlink(folder.files[place]);
            if (broken[i]) {
                gather(&text, broken[i], strlen(broken[i]));
                write_file(folder.files[place], &text);
            }
            check_same(&folder, 0);
            gathered_free(&text);
            remove_folder(&folder);
        }
    }
}

/* Where one was to be gone on with, and cannot be opened, it is still to be gone on with from there. */
static void exports_that_cannot_be_opened_are_still_where_they_were(void **state)
{
    (void)state;
    static const char description[] = "[event]\ntime = time\nmember = member\nkind = kind\n[kinds]\na = no_such_kind\n";
    kith_source *source;
    assert_int_equal(kith_source_parse(kith_text_of(description), NULL, NULL, &source, NULL), KITH_OK);
    struct folder folder = make_folder();
    for (uint32_t threads = 1; threads <= 3; threads++) {
        struct sum sum;
        kith_engine_options options = all_tables(KITH_NAMED);
        options.threads = threads;
        sum_begin(&sum, &options);
        kith_export inputs[2];
        for (unsigned i = 0; i < 2; i++)
            inputs[i] = (kith_export){.size = sizeof *inputs, .path = folder.files[i]};
        inputs[1].source = source;
        inputs[1].begin_offset = 35;
        inputs[1].begin_line = 3;
        sum.status = kith_engine_add_exports(sum.engine, inputs, 2, sum.added, &sum.done, &sum.error);
        assert_status(sum.status, KITH_BAD_SOURCE, &sum.error);
        assert_int_equal(sum.done, 1);
        assert_int_equal(sum.added[1].end_offset, 35);
        assert_int_equal(sum.added[1].end_line, 3);
        sum_free(&sum);
    }
    kith_source_free(source);
    remove_folder(&folder);
}

/* One that must be waited for is read where the others have been, and the others as they come. */
static void exports_that_are_no_files_are_read_in_turn(void **state)
{
    (void)state;
    struct folder folder = make_folder();
    static const char text[] = "time,member,kind\n2026-03-03,zoe,post\n2026-03-04,zoe,dance\n";
    struct sum sums[2];
    for (unsigned i = 0; i < 2; i++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        options.threads = 1 + 3 * i;
        sum_begin(&sums[i], &options);
        kith_export inputs[FILES];
        describe(&sums[i], &folder, inputs);
        struct bytes_source source = {.bytes = text, .length = sizeof text - 1, .step = 1};
        inputs[7] = (kith_export){.size = sizeof *inputs, .read = read_bytes, .read_context = &source};
        for (unsigned k = 0; k < FILES; k++)
            inputs[k].header = NULL;
        sums[i].status = kith_engine_add_exports(sums[i].engine, inputs, FILES, sums[i].added, &sums[i].done, NULL);
        assert_int_equal(sums[i].added[7].taken, 1);
        assert_int_equal(sums[i].added[7].rejected, 1);
    }
    assert_same_sum(&sums[1], &sums[0]);
    sum_free(&sums[0]);
    sum_free(&sums[1]);
    remove_folder(&folder);
}

static int note_progress(void *context, uint64_t done, uint64_t total)
{
    uint64_t *noted = context;
    assert_true(done >= noted[0] && done <= total);
    noted[0] = done;
    noted[1] = total;
    return 0;
}

static void exports_tell_progress_of_all(void **state)
{
    (void)state;
    struct folder folder = make_folder();
    uint64_t size = 0;
    for (unsigned i = 0; i < FILES; i++) {
        struct stat about;
        assert_int_equal(stat(folder.files[i], &about), 0);
        size += (uint64_t)about.st_size;
    }
    for (uint32_t threads = 1; threads < 4; threads++) {
        uint64_t noted[2] = {0, 0};
        kith_engine_options options = all_tables(KITH_NAMED);
        options.threads = threads;
        options.progress = note_progress;
        options.progress_context = noted;
        struct sum sum;
        sum_begin(&sum, &options);
        add_together(&sum, &folder);
        assert_status(sum.status, KITH_OK, &sum.error);
        assert_int_equal(noted[0], size);
        assert_int_equal(noted[1], size);
        sum_free(&sum);
    }
    remove_folder(&folder);
}

/* Without memory somewhere: what was taken is the beginning, which can be gone on with. */
static void exports_can_be_gone_on_with_when_memory_fails(void **state)
{
    (void)state;
    struct folder folder = make_folder();
    uint64_t seed = 5;
    for (uint64_t i = 0; i < tries(40); i++) {
        struct memory memory;
        memory_init(&memory);
        kith_engine_options options = all_tables(KITH_NAMED);
        options.threads = 1 + (uint32_t)(i % 3);
        options.allocator = &memory.allocator;
        struct sum sum, expected;
        sum_begin(&sum, &options);
        options.allocator = NULL;
        options.threads = 1;
        sum_begin(&expected, &options);
        add_one_by_one(&expected, &folder);
        memory_fail_after(&memory, chance_below(&seed, 600));
        memory.fail_on = chance_below(&seed, 2);
        add_together(&sum, &folder);
        memory_fail_never(&memory);
        if (sum.status == KITH_OK) {
            assert_same_sum(&sum, &expected);
        } else {
            assert_int_equal(sum.status, KITH_NO_MEMORY);
            for (uint64_t k = 0; k < FILES; k++) {
                assert_true(sum.added[k].read <= expected.added[k].read);
                assert_true(k >= sum.done || sum.added[k].read == expected.added[k].read);
                assert_true(k <= sum.done || sum.added[k].read == 0);
            }
        }
        sum_free(&sum);
        sum_free(&expected);
        assert_int_equal(memory.live, 0);
    }
    remove_folder(&folder);
}

static void exports_arguments_are_checked(void **state)
{
    (void)state;
    struct sum sum;
    kith_engine_options options = all_tables(KITH_NAMED);
    sum_begin(&sum, &options);
    kith_export inputs[2] = {{.size = sizeof *inputs, .path = "a"}, {.size = sizeof *inputs}};
    uint64_t done = 9;
    assert_int_equal(kith_engine_add_exports(sum.engine, NULL, 0, NULL, &done, NULL), KITH_OK);
    assert_int_equal(done, 0);
    assert_int_equal(kith_engine_add_exports(sum.engine, NULL, 1, NULL, NULL, NULL), KITH_BAD_ARGUMENT);
    /* The second has no path: nothing is read. */
    assert_int_equal(kith_engine_add_exports(sum.engine, inputs, 2, NULL, NULL, NULL), KITH_BAD_ARGUMENT);
    inputs[1].path = "b";
    inputs[1].size -= 8;
    assert_int_equal(kith_engine_add_exports(sum.engine, inputs, 2, NULL, NULL, &sum.error), KITH_BAD_ARGUMENT);
    assert_string_equal(sum.error.field, "input.size");
    inputs[1].size = inputs[0].size;
    kith_added added[2] = {{.size = sizeof *added}, {.size = sizeof *added - 8}};
    assert_int_equal(kith_engine_add_exports(sum.engine, inputs, 2, added, NULL, &sum.error), KITH_BAD_ARGUMENT);
    assert_string_equal(sum.error.field, "added.size");
    sum_free(&sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exports_together_are_as_one_by_one),
        cmocka_unit_test(exports_behind_one_that_fails_are_left),
        cmocka_unit_test(exports_that_cannot_be_opened_are_still_where_they_were),
        cmocka_unit_test(exports_that_are_no_files_are_read_in_turn),
        cmocka_unit_test(exports_tell_progress_of_all),
        cmocka_unit_test(exports_can_be_gone_on_with_when_memory_fails),
        cmocka_unit_test(exports_arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
