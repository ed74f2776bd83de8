/* SPDX-License-Identifier: MIT */
/* The examples that settle what the model leaves open: every folder of tests/vectors, byte for byte. */
#include <dirent.h>

#include <kith/kith.h>

#include "engine_support.h"

enum { VECTORS_LEAST = 11, PATH_ROOM = 512 };

static bool is_there(const char *path)
{
    char whole[1024];
    snprintf(whole, sizeof whole, "%s/%s", TESTS_DIR, path);
    FILE *file = fopen(whole, "rb");
    if (file)
        fclose(file);
    return file != NULL;
}

static kith_policy *policy_of_vector(const char *vector)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "vectors/%s/policy.ini", vector);
    if (!is_there(path))
        return policy_of(NULL);
    struct gathered text = file_of_tests(path);
    kith_policy *policy = policy_of(text.bytes);
    gathered_free(&text);
    return policy;
}

static void assert_file(const char *vector, const char *table, const char *actual)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "vectors/%s/expected/%s.csv", vector, table);
    struct gathered file = file_of_tests(path);
    assert_same_text(actual, file.bytes ? file.bytes : "", path);
    assert_int_equal(strlen(actual), file.length);
    gathered_free(&file);
}

/* A batch job's end: that of the week in which the last event lies. */
static int64_t end_of(const kith_engine *engine, const kith_policy *policy)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    kith_week week = {.size = sizeof week};
    assert_int_equal(kith_policy_get_week(policy, info.last_event, &week, NULL), KITH_OK);
    return week.end;
}

static void check_vector(const char *vector, uint32_t threads, bool by_path)
{
    kith_policy *policy = policy_of_vector(vector);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = threads;
    kith_engine *engine = NULL;
    kith_table *rejects = NULL;
    assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
    assert_int_equal(kith_rejects_new(NULL, &rejects, NULL), KITH_OK);

    char path[PATH_ROOM], whole[2 * PATH_ROOM];
    snprintf(path, sizeof path, "vectors/%s/events.csv", vector);
    snprintf(whole, sizeof whole, "%s/%s", TESTS_DIR, path);
    struct gathered text = file_of_tests(path);
    struct bytes_source source = {.bytes = text.bytes, .length = text.length, .step = 13, .odd = 1};
    kith_export input = {.size = sizeof input, .reject = kith_rejects_add, .reject_context = rejects};
    if (by_path)
        input.path = whole;
    else {
        input.read = read_bytes;
        input.read_context = &source;
        input.name = whole;
    }
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_export(engine, &input, NULL, &error), KITH_OK, &error);
    gathered_free(&text);

    kith_review *review = review_until(engine, end_of(engine, policy));
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    for (unsigned i = 0; i < TABLES; i++) {
        snprintf(path, sizeof path, "vectors/%s/expected/%s.csv", vector, table_names[i]);
        if (table_bits[i] != KITH_HISTORY || is_there(path))
            assert_file(vector, table_names[i], tables.csv[i]);
    }
    snprintf(path, sizeof path, "vectors/%s/expected/rejects.csv", vector);
    assert_int_equal(kith_table_rows(rejects) > 0, is_there(path));
    if (is_there(path)) {
        char *csv = csv_of_table(rejects, KITH_CSV_HEADER);
        assert_file(vector, "rejects", csv);
        free(csv);
    }
    tables_free(&tables);
    kith_review_free(review);
    kith_table_free(rejects);
    kith_engine_free(engine);
    kith_policy_free(policy);
}

static void check_all(uint32_t threads, bool by_path)
{
    DIR *folder = opendir(TESTS_DIR "/vectors");
    assert_non_null(folder);
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[PATH_ROOM];
        snprintf(path, sizeof path, "vectors/%s/events.csv", entry->d_name);
        if (entry->d_name[0] == '.' || !is_there(path))
            continue;
        check_vector(entry->d_name, threads, by_path);
        count++;
    }
    closedir(folder);
    assert_true(count >= VECTORS_LEAST);
}

static void vectors_by_path_give_what_is_expected(void **state)
{
    (void)state;
    check_all(1, true);
}

static void vectors_with_threads_give_what_is_expected(void **state)
{
    (void)state;
    check_all(3, true);
}

static void vectors_from_a_callback_give_what_is_expected(void **state)
{
    (void)state;
    check_all(1, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_by_path_give_what_is_expected),
        cmocka_unit_test(vectors_with_threads_give_what_is_expected),
        cmocka_unit_test(vectors_from_a_callback_give_what_is_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
