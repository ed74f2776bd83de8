/* SPDX-License-Identifier: MIT */
/* Making an engine, its options, ids of names, and what it says of itself. */
#include <kith/kith.h>

#include "engine_support.h"

/* ---- options ---- */

static void engine_new_takes_no_options(void **state)
{
    (void)state;
    kith_policy *policy = policy_of(NULL);
    kith_engine *engine = NULL;
    assert_int_equal(kith_engine_new(policy, NULL, &engine, NULL), KITH_OK);
    assert_non_null(engine);
    /* The policy was copied. */
    kith_policy_free(policy);
    add_named(engine, MONDAY, "ana", "article", "", 1);
    kith_review *review = review_until(engine, MONDAY + WEEK);
    kith_review_info info = {.size = sizeof info};
    assert_int_equal(kith_review_get_info(review, &info, NULL), KITH_OK);
    assert_int_equal(info.tables, KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void engine_new_bad_option_makes_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_allocator lacks_malloc = memory.allocator, lacks_realloc = memory.allocator, lacks_free = memory.allocator;
    lacks_malloc.malloc = NULL;
    lacks_realloc.realloc = NULL;
    lacks_free.free = NULL;
    const struct {
        kith_engine_options options;
        const char *field;
    } cases[] = {
        {{.members = 2}, "options.members"},
        {{.members = UINT32_MAX}, "options.members"},
        {{.tables = KITH_REJECTS}, "options.tables"},
        {{.tables = KITH_STANDINGS | 64}, "options.tables"},
        {{.memory = 1}, "options.memory"},
        {{.memory = (1 << 20) - 1}, "options.memory"},
        {{.threads = 65}, "options.threads"},
        {{.threads = UINT32_MAX}, "options.threads"},
        {{.reserved = 1}, "options.reserved"},
        {{.allocator = &lacks_malloc}, "options.allocator"},
        {{.allocator = &lacks_realloc}, "options.allocator"},
        {{.allocator = &lacks_free}, "options.allocator"},
    };
    kith_policy *policy = policy_of(NULL);
    kith_engine *const untouched = (kith_engine *)&memory;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine_options options = cases[i].options;
        options.size = sizeof options;
        kith_engine *engine = untouched;
        kith_error error = NO_ERROR;
        assert_status(kith_engine_new(policy, &options, &engine, &error), KITH_BAD_ARGUMENT, &error);
        assert_int_equal(error.status, KITH_BAD_ARGUMENT);
        assert_string_equal(error.field, cases[i].field);
        assert_ptr_equal(engine, untouched);
    }
    assert_int_equal(memory.calls, 0);
    kith_policy_free(policy);
}

static void engine_new_bad_argument_makes_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_policy *policy = policy_of(NULL);
    kith_engine *const untouched = (kith_engine *)&memory;
    kith_engine *engine = untouched;
    kith_engine_options options = {.size = sizeof options, .allocator = &memory.allocator};
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_new(NULL, &options, &engine, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "policy");
    assert_int_equal(kith_engine_new(policy, &options, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    const uint32_t sizes[] = {0, 4, sizeof options - 1};
    for (unsigned i = 0; i < 3; i++) {
        options.size = sizes[i];
        assert_int_equal(kith_engine_new(policy, &options, &engine, &error), KITH_BAD_ARGUMENT);
        assert_string_equal(error.field, "options");
    }
    assert_ptr_equal(engine, untouched);
    assert_int_equal(memory.calls, 0);
    kith_policy_free(policy);
}

static void engine_new_takes_the_ends_of_every_option(void **state)
{
    (void)state;
    const kith_engine_options cases[] = {
        {.members = KITH_NUMBERED}, {.threads = 64},       {.threads = 1},        {.max_weeks = 1},
        {.max_weeks = UINT32_MAX},  {.future = INT64_MAX}, {.future = INT64_MIN}, {.tables = KITH_HISTORY},
    };
    kith_policy *policy = policy_of(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct memory memory;
        memory_init(&memory);
        kith_engine_options options = cases[i];
        options.size = sizeof options;
        /* The allocator is copied, not kept. */
        kith_allocator allocator = memory.allocator;
        options.allocator = &allocator;
        kith_engine *engine = NULL;
        kith_error error = NO_ERROR;
        assert_status(kith_engine_new(policy, &options, &engine, &error), KITH_OK, &error);
        memset(&allocator, 0, sizeof allocator);
        assert_true(memory.live > 0);
        kith_review *review = review_until(engine, MONDAY);
        kith_review_free(review);
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
    }
    kith_policy_free(policy);
}

static void engine_free_takes_null(void **state)
{
    (void)state;
    kith_engine_free(NULL);
    kith_review_free(NULL);
    kith_policy_free(NULL);
}

/* ---- structs of another version ---- */

static void engine_larger_options_work_while_the_rest_is_zero(void **state)
{
    (void)state;
    struct {
        kith_engine_options known;
        uint32_t later[4];
    } options = {.known = all_tables(KITH_NAMED)};
    options.known.size = sizeof options;
    kith_policy *policy = policy_of(NULL);
    kith_engine *engine = NULL;
    assert_int_equal(kith_engine_new(policy, &options.known, &engine, NULL), KITH_OK);
    kith_engine_free(engine);
    kith_engine *const untouched = (kith_engine *)&options;
    for (unsigned i = 0; i < 4; i++) {
        memset(options.later, 0, sizeof options.later);
        options.later[i] = i == 3 ? UINT32_C(0x01000000) : 1;
        engine = untouched;
        kith_error error = NO_ERROR;
        assert_int_equal(kith_engine_new(policy, &options.known, &engine, &error), KITH_UNSUPPORTED);
        assert_int_equal(error.status, KITH_UNSUPPORTED);
        assert_string_equal(error.field, "options");
        assert_ptr_equal(engine, untouched);
    }
    kith_policy_free(policy);
}

/* ---- info ---- */

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_get_info(engine, &info, &error), KITH_OK, &error);
    assert_int_equal(info.size, sizeof info);
    return info;
}

static void engine_info_of_a_new_one_is_empty(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_engine_info info = info_of(engine);
    assert_int_equal(info.open_weeks, 0);
    assert_int_equal(info.members, 0);
    assert_int_equal(info.taken, 0);
    assert_true(info.first_event == KITH_NO_TIME);
    assert_true(info.last_event == KITH_NO_TIME);
    assert_true(info.reviewed_until == KITH_NO_TIME);
    kith_engine_free(engine);
}

static void engine_info_follows_events_and_reviews(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY + 5, "ana", "like", "ben", 1);
    kith_engine_info info = info_of(engine);
    assert_int_equal(info.open_weeks, 1);
    assert_int_equal(info.members, 2);
    assert_int_equal(info.first_event, MONDAY + 5);
    assert_int_equal(info.last_event, MONDAY + 5);
    add_named(engine, MONDAY + 2 * WEEK, "cam", "post", "", 1);
    add_named(engine, MONDAY + 1, "ana", "post", "", 1);
    info = info_of(engine);
    assert_int_equal(info.open_weeks, 2);
    assert_int_equal(info.members, 3);
    assert_int_equal(info.taken, 3);
    assert_int_equal(info.first_event, MONDAY + 1);
    assert_int_equal(info.last_event, MONDAY + 2 * WEEK);
    /* In the middle of the second week: the first alone is over. */
    kith_review_free(review_until(engine, MONDAY + WEEK + 3 * DAY));
    info = info_of(engine);
    assert_int_equal(info.open_weeks, 1);
    assert_int_equal(info.reviewed_until, MONDAY + WEEK);
    assert_int_equal(info.taken, 3);
    assert_int_equal(info.members, 3);
    assert_int_equal(info.first_event, MONDAY + 1);
    kith_engine_free(engine);
}

static void engine_info_of_time_0_is_told_from_none(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, 0, "ana", "post", "", 1);
    kith_engine_info info = info_of(engine);
    assert_int_equal(info.first_event, 0);
    assert_int_equal(info.last_event, 0);
    kith_engine_free(engine);
}

static void engine_info_bad_argument_leaves_it_as_it_was(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_engine_info info, before;
    memset(&info, 0x5A, sizeof info);
    info.size = sizeof info;
    before = info;
    assert_int_equal(kith_engine_get_info(NULL, &info, NULL), KITH_BAD_ARGUMENT);
    assert_memory_equal(&info, &before, sizeof info);
    info.size = before.size = sizeof info - 1;
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_BAD_ARGUMENT);
    assert_memory_equal(&info, &before, sizeof info);
    assert_int_equal(kith_engine_get_info(engine, NULL, NULL), KITH_BAD_ARGUMENT);
    struct {
        kith_engine_info known;
        uint64_t later;
    } larger = {.later = 4711};
    larger.known.size = sizeof larger;
    assert_int_equal(kith_engine_get_info(engine, &larger.known, NULL), KITH_OK);
    assert_int_equal(larger.known.size, sizeof larger);
    assert_int_equal(larger.later, 4711);
    kith_engine_free(engine);
}

/* ---- ids of names ---- */

static void engine_ids_are_one_a_name(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ben", "login", "", 1);
    const kith_text names[] = {TEXT("ana"), TEXT("ben"), TEXT("ana"), TEXT("an\0a"), TEXT("\xC3\xA4")};
    uint64_t ids[5] = {0};
    assert_int_equal(kith_engine_get_ids(engine, names, 5, ids, NULL), KITH_OK);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_not_equal(ids[i], 0);
        for (unsigned j = 0; j < i; j++)
            assert_int_equal(ids[i] == ids[j], i == 2 && j == 0);
    }
    uint64_t again[2];
    assert_int_equal(kith_engine_get_ids(engine, names + 3, 2, again, NULL), KITH_OK);
    assert_true(again[0] == ids[3] && again[1] == ids[4]);
    assert_int_equal(info_of(engine).members, 4);
    kith_engine_free(engine);
}

static void engine_ids_alone_put_nobody_in_a_table(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "login", "", 1);
    kith_text name = TEXT("nobody yet");
    uint64_t id;
    assert_int_equal(kith_engine_get_ids(engine, &name, 1, &id, NULL), KITH_OK);
    kith_review *review = review_until(engine, MONDAY + WEEK);
    struct tables tables = tables_of(review, KITH_CSV_NO_HEADER);
    for (unsigned i = 0; i < TABLES; i++)
        assert_null(strstr(tables.csv[i], "nobody yet"));
    assert_string_equal(tables.csv[3], "2026-03-02,1,1,0.00,1,0,0,0,0,0,0,1,0,0,0\n");
    tables_free(&tables);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void engine_ids_bad_name_takes_none(void **state)
{
    (void)state;
    char longest[256];
    memset(longest, 'x', sizeof longest);
    const kith_text bad[] = {TEXT(""),      {longest, 256},   TEXT("\xFF"),
                             TEXT("a\xC3"), TEXT("\xC0\x80"), TEXT("\xED\xA0\x80")};
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const kith_text names[] = {TEXT("good"), bad[i]};
        uint64_t ids[2] = {11, 12};
        kith_error error = NO_ERROR;
        assert_status(kith_engine_get_ids(engine, names, 2, ids, &error), KITH_BAD_ARGUMENT, &error);
        assert_string_equal(error.field, "names");
        assert_true(ids[0] == 11 && ids[1] == 12);
        assert_int_equal(info_of(engine).members, 0);
    }
    kith_text name = {longest, 255};
    uint64_t id = 0;
    assert_int_equal(kith_engine_get_ids(engine, &name, 1, &id, NULL), KITH_OK);
    assert_int_not_equal(id, 0);
    kith_engine_free(engine);
}

static void engine_ids_bad_argument_leaves_them_as_they_were(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_text name = TEXT("ana");
    uint64_t id = 4711;
    assert_int_equal(kith_engine_get_ids(NULL, &name, 1, &id, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_ids(engine, NULL, 1, &id, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_ids(engine, &name, 1, NULL, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(id, 4711);
    assert_int_equal(kith_engine_get_ids(engine, NULL, 0, NULL, NULL), KITH_OK);
    assert_int_equal(info_of(engine).members, 0);
    kith_engine_free(engine);
    options.members = KITH_NUMBERED;
    engine = engine_with(&options);
    assert_int_equal(kith_engine_get_ids(engine, &name, 1, &id, NULL), KITH_BAD_ARGUMENT);
    assert_int_equal(id, 4711);
    assert_int_equal(info_of(engine).members, 0);
    kith_engine_free(engine);
}

/* ---- names of constants ---- */

static void engine_statuses_and_reasons_have_names(void **state)
{
    (void)state;
    assert_string_equal(kith_status_name(KITH_OK), "KITH_OK");
    assert_string_equal(kith_status_name(KITH_TOO_MANY_WEEKS), "KITH_TOO_MANY_WEEKS");
    assert_string_equal(kith_status_name(KITH_UNKNOWN_MEMBER), "KITH_UNKNOWN_MEMBER");
    assert_string_equal(kith_status_name(-1), "unknown");
    assert_string_equal(kith_status_name(16), "unknown");
    assert_string_equal(kith_reason_name(KITH_REASON_NONE), "");
    assert_string_equal(kith_reason_name(KITH_REASON_FUTURE), "future");
    assert_string_equal(kith_reason_name(KITH_REASONS), "unknown");
    assert_string_equal(kith_version(), KITH_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engine_new_takes_no_options),
        cmocka_unit_test(engine_new_bad_option_makes_nothing),
        cmocka_unit_test(engine_new_bad_argument_makes_nothing),
        cmocka_unit_test(engine_new_takes_the_ends_of_every_option),
        cmocka_unit_test(engine_free_takes_null),
        cmocka_unit_test(engine_larger_options_work_while_the_rest_is_zero),
        cmocka_unit_test(engine_info_of_a_new_one_is_empty),
        cmocka_unit_test(engine_info_follows_events_and_reviews),
        cmocka_unit_test(engine_info_of_time_0_is_told_from_none),
        cmocka_unit_test(engine_info_bad_argument_leaves_it_as_it_was),
        cmocka_unit_test(engine_ids_are_one_a_name),
        cmocka_unit_test(engine_ids_alone_put_nobody_in_a_table),
        cmocka_unit_test(engine_ids_bad_name_takes_none),
        cmocka_unit_test(engine_ids_bad_argument_leaves_them_as_they_were),
        cmocka_unit_test(engine_statuses_and_reasons_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
